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
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from itertools import product
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

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
    Image.open(io.BytesIO(taken)).convert("RGB").save(HERE / f"{name}.webp", quality=55, method=6)


def look(language: str, engine: str, axe: str) -> list[str]:
    """Take the pictures of one language; the rows of the report."""
    found = []
    with (
        TemporaryDirectory() as folder,
        serving(Path(folder), "--timeout", "3000") as server,
        chromium() as browser,
        visiting(browser, server.url) as visit,
    ):
        page = visit("/" if language == "en" else f"/{language}/", 1600)
        fill_all(page, SAMPLE.read_text(encoding="utf-8"), engine)
        for (scheme, width), view in product(LOOKS, VIEWS):
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": 900})
            show(page, view)
            name = f"{view}-{language}-{width}-{scheme}"
            with shown_first(page, view):
                picture(page, name, width)
                found.append(row(name, violations(page, axe)))
    return found


@contextmanager
def shown_first(page: Page, view: str) -> Iterator[None]:
    """In a brief, the first sentence and its Arabic are lit."""
    page.mouse.move(1, 1)
    if view == "evaluate":  # the frame is painted by a process of its own
        page.wait_for_timeout(2000)
    first = page.locator(".mj-brief li .mj-n").first
    if view == "brief":
        first.click()
    page.evaluate("window.scrollTo(0, 0)")
    yield
    if view == "brief":
        first.click()


def row(name: str, broken: list[dict[str, Any]]) -> str:
    """What axe found in one look; the nodes are printed."""
    for rule in broken:
        for node in rule["nodes"]:
            print(name, rule["id"], node["html"][:200], node["failureSummary"], flush=True)
    impacts = Counter(rule["impact"] for rule in broken for _ in rule["nodes"])
    rules = ", ".join(sorted({f"{rule['id']} ({rule['impact']})" for rule in broken})) or "–"
    serious = impacts["critical"] + impacts["serious"]
    print(name, serious, impacts.total(), flush=True)
    return f"| [{name}](pictures/{name}.webp) | {serious} | {impacts.total() - serious} | {rules} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--engine", default="embedded", help="what makes the brief; gloss makes the rest"
    )
    engine: str = parser.parse_args().engine
    with TemporaryDirectory() as folder:
        axe = axe_source(Path(folder))
    if not axe:
        sys.exit(f"There is no {AXE} to be had from npm.")
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        looks = [pool.submit(look, language, engine, axe) for language in LANGUAGES]
        rows = [line for found in looks for line in found.result()]
    REPORT.write_text(
        f"# Accessibility\n\nWhat {AXE} finds in each tab with something in it: all of its rules. "
        "Written by\n`make pictures`, which takes the pictures, too. Report and plots of the "
        "Evaluate tab are in a\nframe where no script runs, so that axe sees the frame only.\n\n"
        "| tab, language, width, theme | serious or critical | other | rules broken |\n"
        "| --- | ---: | ---: | --- |\n" + "\n".join(rows) + "\n",
        encoding="utf-8",
    )
    if any(line.split(" | ")[1] != "0" for line in rows):
        sys.exit("Something serious was found.")


if __name__ == "__main__":
    main()
