"""Pictures of every tab, and what axe-core finds in it: `make pictures`.

Each tab with something in it, in both languages of the interface, light and dark, 1600 and 360
pixels wide. Writes the pictures and `docs/accessibility.md`; fails where axe finds something
serious.
"""

from __future__ import annotations

import argparse
import io
import sys
from collections import Counter
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Page

from tests.page_driver import (
    AXE,
    ROOT,
    VIEWS,
    axe_source,
    chromium,
    fill_all,
    serving,
    show,
    violations,
    visiting,
)

HERE = Path(__file__).parent
REPORT = HERE.parent / "accessibility.md"
SAMPLE = ROOT / "seeds/01-politics-wire.txt"
HEIGHTS = {1600: 1300, 360: 1500}  # pixels; what is below is cut off
LANGUAGES, SCHEMES = ("en", "ar"), ("light", "dark")
LOOKS = list(product(SCHEMES, HEIGHTS))


def picture(page: Page, name: str, width: int) -> None:
    """What is to be seen from the top, as WebP."""
    height = min(HEIGHTS[width], page.evaluate("document.documentElement.scrollHeight"))
    clip = {"x": 0, "y": 0, "width": width, "height": height}
    taken = page.screenshot(full_page=True, clip=clip, animations="disabled")
    Image.open(io.BytesIO(taken)).convert("RGB").save(HERE / f"{name}.webp", quality=70, method=6)


def look(page: Page, language: str, axe: str) -> list[str]:
    """Take the pictures of one language; the rows of the report."""
    found = []
    for scheme, width in LOOKS:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        for view in VIEWS:
            show(page, view)
            page.mouse.move(1, 1)
            if view == "brief":  # the first sentence with its Arabic
                page.locator(".mj-brief li .mj-n").first.click()
            if page.evaluate("window.scrollY"):
                page.evaluate("window.scrollTo(0, 0)")
            name = f"{view}-{language}-{width}-{scheme}"
            picture(page, name, width)
            broken = violations(page, axe)
            impacts = Counter(v["impact"] for v in broken for _ in v["nodes"])
            rules = ", ".join(sorted({f"{v['id']} ({v['impact']})" for v in broken})) or "–"
            serious = impacts["critical"] + impacts["serious"]
            cells = (f"[{name}](pictures/{name}.webp)", serious, impacts.total() - serious, rules)
            found.append(f"| {' | '.join(map(str, cells))} |")
            print(found[-1], flush=True)
            if view == "brief":  # let go of it
                page.locator(".mj-brief li .mj-n").first.click()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--engine", default="embedded", help="what makes the brief; gloss makes the rest"
    )
    engine: str = parser.parse_args().engine
    rows = []
    with TemporaryDirectory() as folder:
        axe = axe_source(Path(folder))
        if not axe:
            sys.exit(f"There is no {AXE} to be had from npm.")
        place = Path(folder)
        with (
            serving(place, "--timeout", "3000") as server,
            chromium() as browser,
            visiting(browser, server.url) as visit,
        ):
            for language in LANGUAGES:
                page = visit("/" if language == "en" else f"/{language}/", 1600)
                fill_all(page, SAMPLE.read_text(encoding="utf-8"), engine)
                rows += look(page, language, axe)
    REPORT.write_text(
        f"# Accessibility\n\nWhat {AXE} finds in each tab with something in it: all of its rules. "
        "Written by\n`make pictures`, which takes the pictures, too. Report and plots of the "
        "Evaluate tab are in a\nframe where no script runs, so that axe sees the frame only.\n\n"
        "| tab, language, width, theme | serious or critical | other | rules broken |\n"
        "| --- | ---: | ---: | --- |\n" + "\n".join(rows) + "\n",
        encoding="utf-8",
    )
    if any(row.split(" | ")[1] != "0" for row in rows):
        sys.exit("Something serious was found.")


if __name__ == "__main__":
    main()
