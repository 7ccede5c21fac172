"""How real pages are read: `python -m eval.pages.audit [--shared ../shared/eval]`.

Reads every article of `native/*.jsonl` and every page of `html/`, and writes what was removed,
by outlet and reason, and what a person judged of twenty of them (`judged.jsonl`), into the
README beside this file. Of the pages nothing but counts and ids is kept.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from summarizer.article import Article, read_file, read_text
from summarizer.errors import InputError

HERE = Path(__file__).parent
BEGIN, END = "<!-- audit: begin -->\n", "<!-- audit: end -->"


@dataclass
class Outlet:
    """What came of one outlet's pages."""

    read: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    removed: Counter[str] = field(default_factory=Counter)


def articles(shared: Path) -> Iterator[tuple[str, str, Article | InputError]]:
    """(outlet, id, article or the error) of every page that is Arabic."""
    for file in sorted((shared / "native").glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            item = json.loads(line)
            yield item.get("outlet") or file.stem, item["id"], _read_item(item)
    for page in sorted((shared / "html").glob("*.html")):
        yield "(HTML pages)", page.name, _read_page(page)


def negatives(shared: Path) -> Iterator[tuple[str, Article | InputError]]:
    """(file, the error that is wanted) of every page that is not Arabic."""
    for page in sorted((shared / "html" / "not_arabic_negatives").iterdir()):
        yield page.name, _read_page(page)


def _read_item(item: dict[str, Any]) -> Article | InputError:
    try:
        text = "\n\n".join(item.get("paragraphs") or [item["source_ar"]])
        return read_text(text, title=item.get("title") or "", name=item["id"], url=item.get("url"))
    except InputError as error:
        return error


def _read_page(page: Path) -> Article | InputError:
    try:
        return read_file(page)
    except InputError as error:
        return error


def table(shared: Path) -> Iterator[str]:
    """The lines of the report."""
    outlets: dict[str, Outlet] = defaultdict(Outlet)
    for outlet, _id, found in articles(shared):
        if isinstance(found, Article):
            outlets[outlet].read += 1
            outlets[outlet].removed.update(part.reason for part in found.removed)
        else:
            outlets[outlet].refused[type(found).__name__] += 1
    yield "| outlet | read | refused | removed |"
    yield "| --- | --- | --- | --- |"
    for name, outlet in sorted(outlets.items()):
        yield f"| {name} | {outlet.read} | {_counts(outlet.refused)} | {_counts(outlet.removed)} |"
    refused = sum(outlet.refused.total() for outlet in outlets.values())
    yield f"\nRead: {sum(outlet.read for outlet in outlets.values())}. Refused: {refused}.\n"
    yield "| page that is not Arabic | error |"
    yield "| --- | --- |"
    for page, found in negatives(shared):
        yield f"| {page} | {'READ' if isinstance(found, Article) else type(found).__name__} |"
    yield from _judged()


def _judged() -> Iterator[str]:
    lines = (HERE / "judged.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    yield f"\nJudged by reading: {len(rows)} pages.\n"
    yield "| page | furniture left in | wrongly removed | note |"
    yield "| --- | --- | --- | --- |"
    for row in rows:
        yield f"| {row['id']} | {row['left_in']} | {row['wrongly_removed']} | {row['note']} |"
    left, lost = (sum(row[key] for row in rows) for key in ("left_in", "wrongly_removed"))
    yield f"| all | {left} | {lost} | |"


def _counts(counter: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counter.items())) or "–"


def main() -> None:
    """Print the report and put it into the README."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, default=Path("../shared/eval"))
    report = "\n".join(table(parser.parse_args().shared)) + "\n"
    print(report)
    readme = HERE / "README.md"
    before, _, rest = readme.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    readme.write_text(f"{before}{BEGIN}{report}{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
