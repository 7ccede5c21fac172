"""What is made from a journal: JSON lines, a folder of Markdown, an HTML digest, RSS, Atom.

The same journal makes the same bytes: no clock is read. Every file is written whole or not at
all, and one that would say the same as before is left alone.
"""

from __future__ import annotations

import filecmp
import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import httpx

from summarizer.errors import OutputError, UsageError
from summarizer.feed.entries import is_web
from summarizer.feed.journal import Item, Journal
from summarizer.feed.readers import ARTICLE_SUFFIXES
from summarizer.feed.stories import Selection, Story, select
from summarizer.feed.work import Options
from summarizer.render import escape_markdown, to_markdown
from summarizer.result import Brief, Translation

SUFFIXES: Mapping[str, str] = {
    ".jsonl": "jsonl", ".html": "digest", ".htm": "digest", ".rss": "rss", ".xml": "rss",
    ".atom": "atom", "": "folder",
}  # fmt: skip
_OURS = re.compile(r"\d{5,}-[0-9a-f]{8}\.md|index\.md|\..*\.part")


def kind_of(output: Path) -> str:
    """What an output is by its name; a name without a suffix is a folder.

    Raises:
        UsageError: The suffix is none that we write.
    """
    if output.is_dir():
        return "folder"
    try:
        return SUFFIXES[output.suffix.lower()]
    except KeyError:
        raise UsageError(
            f"Cannot tell from its name what to write into {output}.",
            hint="End it in .jsonl, .html, .rss or .atom, or name a folder for Markdown.",
        ) from None


def _grouped(chosen: Selection) -> list[str]:
    """Why the outputs have fewer entries than there are briefs."""
    briefs, stories = sum(map(len, chosen.groups)), len(chosen.groups)
    if briefs == stories:
        return []
    what = "1 story" if stories == 1 else f"{stories} stories"
    return [f"{briefs} briefs are {what}; copies are named as sources (or: --no-group)."]


def check_outputs(outputs: Sequence[Path], needed: Sequence[str | Path] = ()) -> None:
    """Find before the work is done what would lose it.

    Args:
        outputs: Files and folders to write.
        needed: The journal and the source, which no output may take the place of.

    Raises:
        OutputError: An output can't be written.
        UsageError: Two are the same, one is of no kind that we write, or one would replace what
            is needed or be an article of the next run.
    """
    if len({output.absolute() for output in outputs}) < len(outputs):
        raise UsageError("Two outputs have the same name.")
    places = set(map(os.path.realpath, needed))
    for place in (*outputs, *map(Path, needed)):
        _check_unread(place, places)
    for output in outputs:
        if str(output) == "-":
            raise UsageError(
                "A feed is not written to standard output: a killed run could not go on.",
                hint="Name a file, such as -o briefs.jsonl.",
            )
        if os.path.realpath(output) in places:
            raise UsageError(
                f"{output} is the source or the journal; writing it would destroy that.",
                hint="Name another output.",
            )
        folder = output if kind_of(output) == "folder" and output.exists() else output.parent
        if kind_of(output) == "folder" and output.is_file():
            raise OutputError(f"{output} is a file.", hint="Name a folder, or end it in .jsonl.")
        if not folder.is_dir():
            raise OutputError(f"There is no folder {folder}.", hint="Make it first.")
        _try_to_write(folder, output)
        if output.is_file() and not os.access(output, os.W_OK):
            raise OutputError(f"{output} may not be written.", hint="Name another one.")


def _check_unread(place: Path, needed: Set[str]) -> None:
    """Refuse what the next run would brief: a folder is read with everything in it."""
    real = Path(os.path.realpath(place.parent), place.name)  # a link is replaced, not followed
    if real.suffix.lower() in ARTICLE_SUFFIXES and needed & set(map(str, real.parents)):
        raise UsageError(
            f"{place} lies in the source; the next run would read it as an article.",
            hint="Name another place, or end it in .jsonl, .rss or .atom.",
        )


def _try_to_write(folder: Path, output: Path) -> None:
    """Really try: root may do what the rights forbid, but not write where all is read-only."""
    probe = folder / f".{output.name}.part"
    try:
        if not os.access(folder, os.W_OK):
            raise OSError(0, "the folder is read-only")
        probe.open("ab").close()
        probe.unlink()
    except OSError as error:
        raise OutputError(
            f"{output} may not be written: {error.strerror}.", hint="Name another place."
        ) from error


def write_outputs(
    journal: Journal,
    outputs: Sequence[str | Path],
    options: Options | None = None,
    *,
    run: int | None = None,
    reading: int | None = None,
) -> list[str]:
    """Write every output from what the journal says now.

    Args:
        journal: Open, for reading at least.
        outputs: Files and folders; their names say what they are.
        options: Those about what is written; see `stories.select`.
        run: As `stories.select`.
        reading: As `stories.select`.

    Returns:
        What a person should know, such as that a file has not everything in it.

    Raises:
        OutputError: One could not be written; those before it are.
        UsageError: A name is of no kind that we write.
    """
    if not outputs:
        return []
    from summarizer.feed.atom import write_atom
    from summarizer.feed.digest import write_digest
    from summarizer.feed.rss import write_rss

    writers: Mapping[str, Callable[[Path, Selection], list[str]]] = {
        "jsonl": _write_jsonl,
        "folder": _write_folder,
        "digest": write_digest,
        "rss": write_rss,
        "atom": write_atom,
    }
    chosen = select(journal, options or Options(), run, reading)
    notes = _grouped(chosen)
    for output in map(Path, outputs):
        notes += writers[kind_of(output)](output, chosen)
    return notes


@contextmanager
def whole(path: Path) -> Iterator[IO[bytes]]:
    """A file to write that takes its place when all of it is on the disk.

    What was left by a run that was killed is overwritten: the journal's lock sees to it that
    there is one writer.
    """
    unfinished = path.with_name(f".{path.name}.part")
    try:
        with unfinished.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if path.is_file() and filecmp.cmp(unfinished, path, shallow=False):
            unfinished.unlink()
        else:
            unfinished.replace(path)
    except OSError as error:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise OutputError(
            f"{path} cannot be written: {error.strerror}.",
            hint="Nothing is lost; the same command writes it once that is mended.",
        ) from error


def encoded(text: str) -> bytes:
    """UTF-8; half a surrogate pair, which has no UTF-8, as its escape."""
    return text.encode("utf-8", "backslashreplace")


def web_address(url: str | None) -> str | None:
    """The address in ASCII, as all formats can carry it; None if it is not of the web."""
    if not url or not is_web(url):
        return None
    try:
        found = str(httpx.URL(url))
    except (httpx.InvalidURL, UnicodeError, ValueError):
        return None
    return re.sub(r"[<>\"'()\\^`{|}\s]", lambda m: f"%{ord(m[0]):02X}", found)


def name_of(item: Item) -> str:
    """What to call the outlet of an item."""
    return item.outlet or item.key


# --- JSON lines ---------------------------------------------------------------------


def _write_jsonl(path: Path, chosen: Selection) -> list[str]:
    """A line a story: its brief in the stable JSON form, and `sources`, who tells it."""
    with whole(path) as file:
        for story in chosen.stories():
            made = {**(story.lead.brief or {}), "sources": [_source(i) for i in story.sources]}
            if story.lead.translation:
                made["translation"] = story.lead.translation
            file.write(encoded(json.dumps(made, ensure_ascii=False) + "\n"))
    return []


def _source(item: Item) -> dict[str, str | None]:
    return {
        "id": item.key,
        "url": item.url,
        "title": item.title,
        "outlet": item.outlet,
        "published": item.published,
    }


# --- a folder of Markdown -----------------------------------------------------------


def _write_folder(folder: Path, chosen: Selection) -> list[str]:
    """A file a story and an index; files that an earlier run wrote and this one didn't go."""
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise OutputError(f"{folder} cannot be made: {error.strerror}.") from error
    written = {"index.md"}
    with whole(folder / "index.md") as index:
        index.write(b"# News in English\n")
        day = None
        for story in chosen.stories(chosen.newest_first()):
            name = f"{story.lead.number:05}-{_digest(story.lead.key)}.md"
            brief = Brief.from_dict(story.lead.brief or {})
            with whole(folder / name) as file:
                file.write(encoded(_markdown(story, brief)))
            written.add(name)
            if day != (day := day_of(story.lead)):
                index.write(encoded(f"\n## {day}\n\n"))
            outlets = ", ".join(dict.fromkeys(map(name_of, story.sources)))
            headline = escape_markdown(brief.headline)
            index.write(encoded(f"- [{headline}]({name}) ({escape_markdown(outlets)})\n"))
        if chosen.failed:
            index.write(b"\n## Without a brief\n\n")
        for item in chosen.failed:
            title = escape_markdown(item.title or item.key)
            index.write(encoded(f"- {title}: {escape_markdown(item.error)}\n"))
    with suppress(OSError):
        for path in folder.iterdir():
            if path.name not in written and _OURS.fullmatch(path.name):
                path.unlink()
    return []


def _markdown(story: Story, brief: Brief) -> str:
    text = to_markdown(brief)
    if story.others:
        places = (web_address(item.url) for item in story.others)
        links = (
            f"{escape_markdown(name_of(item))} {f'<{place}>' if place else ''}".strip()
            for item, place in zip(story.others, places, strict=True)
        )
        text += f"- **Also told by:** {'; '.join(links)}\n"
    if story.lead.translation:
        text += f"\n---\n\n{to_markdown(Translation.from_dict(story.lead.translation))}"
    return text


def day_of(item: Item) -> str:
    """The day that an item is listed under: that of its date, in UTC where it has a zone."""
    return item.published[:10] if item.published else "Without a date"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]
