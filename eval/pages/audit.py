"""How real pages are read: `python -m eval.pages.audit [--shared ../shared/eval]`.

Reads every article of `native/*.jsonl` and every page of `html/`, and writes what was removed,
by outlet and reason, and what a person judged of some of them (`judged.jsonl`), into the
README beside this file. Of the pages nothing but counts and ids is kept. The exit status is
1 where an article with text in it is refused, or a page in another language is read.
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
EMPTY = ("ahdath:204", "ahdath:478")  # no text in the data; the caption of a picture alone
BEGIN, END = "<!-- audit: begin -->\n", "<!-- audit: end -->"


@dataclass
class Outlet:
    """What came of one outlet's pages."""

    read: int = 0
    headline_only: int = 0
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
    errors: dict[str, InputError] = {}
    for name, id, found in articles(shared):
        if isinstance(found, Article):
            outlets[name].read += 1
            outlets[name].headline_only += _headline_only(found)
            outlets[name].removed.update(part.reason for part in found.removed)
        else:
            outlets[name].refused[type(found).__name__] += 1
            errors[id] = found
    total = Outlet()
    for outlet in outlets.values():
        total.read += outlet.read
        total.headline_only += outlet.headline_only
        total.refused += outlet.refused
        total.removed += outlet.removed
    yield "| outlet | read | of these a headline only | refused | removed |"
    yield "| --- | --- | --- | --- | --- |"
    for name, outlet in [*sorted(outlets.items()), ("**all**", total)]:
        yield (f"| {name} | {outlet.read} | {outlet.headline_only or '–'} "
               f"| {_counts(outlet.refused)} | {_counts(outlet.removed)} |")  # fmt: skip
    yield f"\nRead: {total.read}. Refused: {total.refused.total()}.\n"
    yield "| Arabic article that is refused | error | the message, after the name |"
    yield "| --- | --- | --- |"
    yield from (_error(id, error) for id, error in errors.items())
    yield "\n| page that is not Arabic | error | the message, after the name |"
    yield "| --- | --- | --- |"
    yield from (_error(page, found) for page, found in negatives(shared))
    yield from _judged()


def _headline_only(article: Article) -> bool:
    return any(warning.code == "headline-only" for warning in article.warnings)


def _error(id: str, found: Article | InputError) -> str:
    """A row on what was refused: our messages name the input and quote nothing of it."""
    if isinstance(found, Article):
        return f"| {id} | READ | |"
    return f"| {id} | {type(found).__name__} | {found.message.removeprefix(id).strip()} |"


def wrong(shared: Path) -> list[str]:
    """What should not be: an article with text refused, another language read."""
    refused = [id for _, id, found in articles(shared) if type(found) is not Article]
    read = [page for page, found in negatives(shared) if isinstance(found, Article)]
    return [*(f"{id}: refused" for id in refused if id not in EMPTY), *(f"{p}: read" for p in read)]


def _judged() -> Iterator[str]:
    lines = (HERE / "judged.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    yield f"\nJudged by reading: {len(rows)} pages.\n"
    yield "| page | furniture left in | wrongly removed | note |"
    yield "| --- | --- | --- | --- |"
    for row in rows:
        yield f"| {row['id']} | {row['left_in']} | {row['wrongly_removed']} | {row['note']} |"
    left, lost = (sum(row[key] for row in rows) for key in ("left_in", "wrongly_removed"))
    clean = sum(not row["left_in"] and not row["wrongly_removed"] for row in rows)
    yield f"| **all** | {left} | {lost} | {clean} of {len(rows)} pages have neither |"


def _counts(counter: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counter.items())) or "–"


def main() -> int:
    """Print the report and put it into the README; 1 where something is wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, default=Path("../shared/eval"))
    shared = parser.parse_args().shared
    if not (shared / "native").is_dir():
        print(f"{shared} has no folder `native`: the pages lie outside this repository.")
        return 2
    report = "\n".join(table(shared)) + "\n"
    print(report)
    readme = HERE / "README.md"
    before, _, rest = readme.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    readme.write_text(f"{before}{BEGIN}{report}{END}{after}", encoding="utf-8")
    problems = wrong(shared)
    for problem in problems:
        print(f"WRONG {problem}")
    return 1 if problems else 0


if __name__ == "__main__":
    raise SystemExit(main())
