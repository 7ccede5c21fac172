"""What the page costs, as ratios in one run: `python -m bench.page`, on a quiet machine.

It starts the page, opens it in Chromium, and makes one brief by the embedded engine, in turn in
the browser and by the same call from Python in this process; both have their model loaded.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from playwright.sync_api import Page

from summarizer.brief import summarize
from tests.page_driver import (
    SEED,
    WATER,
    choose_engine,
    chromium,
    clear,
    make_brief,
    put,
    serving,
    visiting,
)

WATCH = """() => {
  window.first = window.last = null;
  new MutationObserver(() => {
    const has = (what) => document.querySelector(what);
    if (has(".mj-brief li")) window.first ??= performance.now();
    if (has("#mj-made .mj-tools")) window.last ??= performance.now();
  }).observe(document.querySelector("#mj-made"), {childList: true, subtree: true});
  document.querySelector("#mj-run").click();
  window.began = performance.now();
}"""


@dataclass(frozen=True)
class Cost:
    """Seconds: of the call from Python, of the page, and until its first sentence is there."""

    python: float
    page: float
    first: float

    def __str__(self) -> str:
        return (
            f"Python {self.python:.2f} s, page {self.page:.2f} s "
            f"({self.page / self.python - 1:+.1%}), first sentence after {self.first:.2f} s "
            f"({self.first / self.page:.0%} of the whole)"
        )


def warm_up(page: Page, length: str = "detailed") -> None:
    """Choose the engine, and have both sides load the model."""
    choose_engine(page, "embedded", length)
    make_brief(page, WATER)
    in_python(WATER, length)


def in_python(text: str, length: str = "detailed") -> float:
    """Seconds of the call that the page makes."""
    began = time.monotonic()
    summarize(text, length=length, engine="embedded", on_line=lambda _: None)
    return time.monotonic() - began


def in_page(page: Page, text: str) -> tuple[float, float]:
    """Seconds from the press of the button to the first sentence and to the end."""
    clear(page)
    put(page, text)
    page.evaluate(WATCH)
    page.wait_for_function("window.last", timeout=600_000)
    first, last = (page.evaluate(f"(window.{x} - window.began) / 1000") for x in ("first", "last"))
    return first, last


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=3, help="rounds; the medians count")
    times: int = parser.parse_args().times
    text = SEED.read_text(encoding="utf-8")
    costs = []
    with (
        TemporaryDirectory() as folder,
        serving(Path(folder)) as server,
        chromium() as browser,
        visiting(browser, server.url) as visit,
    ):
        page = visit()
        warm_up(page)
        for _ in range(times):
            python = in_python(text)
            first, last = in_page(page, text)
            costs.append(Cost(python, last, first))
            print(costs[-1], flush=True)
    print("Median:", Cost(*(median(getattr(c, x) for c in costs) for x in Cost.__annotations__)))


if __name__ == "__main__":
    main()
