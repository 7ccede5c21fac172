"""Feeds of every kind, read as a stream of entries.

RSS, Atom and JSON Feed have to be read whole before their first entry is known; their size is
bounded. Everything else is read entry by entry and never held whole. An entry that can't be
read is an entry with an `error`: it is recorded, and the next one is read.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import json
import re
import sys
from calendar import timegm
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, AnyStr

from summarizer.article import MAX_BYTES, decode
from summarizer.errors import InputError, TooLargeError, UsageError
from summarizer.feed.entries import Entry, entry_of, host_of, is_web

MAX_FEED_BYTES = 50_000_000  # of RSS, Atom, JSON Feed and sitemaps, which are read whole
KINDS = ("feed", "jsonfeed", "jsonl", "csv", "list", "folder")
ARTICLE_SUFFIXES = frozenset({".txt", ".html", ".htm", ".xhtml"})  # read in folders

# What the columns of a table and the keys of JSON may be called, the best first.
NAMES: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "guid", "uid"),
    "url": ("url", "link", "external_url"),
    "title": ("title", "headline"),
    "text": ("content_html", "html", "content_text", "text", "content", "body", "article",
             "description", "summary"),
    "date": ("published", "date_published", "published_at", "pubdate", "date", "date_modified"),
    "byline": ("byline", "author", "authors"),
    "outlet": ("outlet", "source", "site"),
}  # fmt: skip


@dataclass
class Source:
    """An open feed.

    Attributes:
        name: As messages say it.
        kind: One of `KINDS`.
        entries: To be read once; reading may raise InputError. Closing it closes the file.
        notes: What is odd about the feed as a whole; complete once `entries` is exhausted.
    """

    name: str
    kind: str
    entries: Generator[Entry, None, None]
    notes: list[str] = field(default_factory=list)


def open_source(
    source: str | Path, *, kind: str = "", stdin: IO[bytes] | None = None, data: bytes | None = None
) -> Source:
    """Open a feed.

    Args:
        source: A path, or "-" for standard input.
        kind: One of `KINDS`; "" to tell from the name and the first bytes.
        stdin: Read instead of standard input.
        data: What was fetched from `source`, which is a URL then.

    Raises:
        InputError: There is no such file, or it is nothing that we read.
        UsageError: It can't be of that kind.
    """
    if data is not None:
        return _of_stream(io.BytesIO(data), str(source), kind, Path(), str(source))
    if str(source) == "-":
        stream = stdin if stdin is not None else sys.stdin.buffer
        return _of_stream(stream, "standard input", kind, Path(), "")
    path = Path(source)
    if path.is_dir():
        if kind not in {"", "folder"}:
            raise InputError(f"{path} is a folder, not a {kind}.")
        notes: list[str] = []
        return Source(str(path), "folder", _folder(path, notes), notes)
    try:
        file = path.open("rb")
    except FileNotFoundError:
        raise InputError(f"{path} does not exist.", hint="Check the name and the folder.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{path} cannot be read: {reason}.") from error
    return _of_stream(file, path.name, kind, path.parent, "")


def kind_of(path: Path) -> str:
    """Which of `KINDS` a path is; raises InputError if it is none."""
    if path.is_dir():
        return "folder"
    with path.open("rb") as file:
        return _kind(_peek(file), path.name, path.parent)


def _of_stream(stream: IO[bytes], name: str, kind: str, base: Path, url: str) -> Source:
    """Look at the beginning, choose the reader."""
    buffered = stream if hasattr(stream, "peek") else io.BufferedReader(stream)  # type: ignore[type-var]
    head = _peek(buffered)
    kind = kind or _kind(head, name, base)
    if kind not in _READERS:
        raise UsageError(
            f"{name} cannot be read as {kind}.", hint=f"One of: {', '.join(_READERS)}."
        )
    notes: list[str] = []
    close = nullcontext() if stream is sys.stdin.buffer else buffered
    entries = _READERS[kind](buffered, _Reading(name, base, url, notes))
    return Source(name, kind, _closing(close, entries), notes)


def _peek(stream: Any) -> bytes:
    head: bytes = stream.peek(4096)[:4096]
    return head


def _closing(
    stream: AbstractContextManager[object], entries: Iterator[Entry]
) -> Generator[Entry, None, None]:
    with stream:
        yield from entries


@dataclass(frozen=True)
class _Reading:
    """What a reader has to know beside the bytes.

    Attributes:
        name: Of the source, for messages.
        base: The folder that paths in it start from.
        url: Where it was fetched, or "".
        notes: To be added to.
    """

    name: str
    base: Path
    url: str
    notes: list[str]


# --- which kind ---------------------------------------------------------------------

_UTF16 = {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}
_BLANK = codecs.BOM_UTF8 + b" \t\r\n"
_XML_ROOT = re.compile(rb"<(?:rss|(?:\w+:)?RDF|(?:\w+:)?feed|urlset|sitemapindex)[\s>]")
_SUFFIX_KINDS = {".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".tsv": "csv",
                 ".rss": "feed", ".atom": "feed"}  # fmt: skip


def _kind(head: bytes, name: str, base: Path) -> str:
    text = _as_utf8(head)
    start = text.lstrip(_BLANK)
    suffix = Path(name).suffix.lower()
    if not start:
        raise InputError(f"{name} is empty.", hint="Give it a feed.")
    if suffix in _SUFFIX_KINDS:
        return _SUFFIX_KINDS[suffix]
    if _XML_ROOT.search(text) or start.startswith(b"<?xml"):
        return "list" if re.search(rb"<(?:urlset|sitemapindex)[\s>]", text) else "feed"
    if start[:1] in b"{[":
        first_line = start.splitlines()[0].rstrip()
        whole_line = first_line.startswith(b"{") and (first_line.endswith(b"}") or len(head) > 4000)
        is_feed = b"jsonfeed.org" in text or not whole_line
        return "jsonfeed" if is_feed else "jsonl"
    if _columns(text):
        return "csv"
    first = start.splitlines()[0].decode("utf-8", "replace").strip()
    if is_web(first) or (len(first) < 1000 and "\0" not in first and (base / first).is_file()):
        return "list"
    raise InputError(
        f"{name} is no feed that Mujaz reads.",
        hint="It reads RSS, Atom, JSON Feed, JSON lines, CSV, a folder, or a list of files, "
        "a path a line; --as says which. For one article: mujaz brief.",
    )


def _as_utf8(head: bytes) -> bytes:
    return head.decode("utf-16", "ignore").encode() if head[:2] in _UTF16 else head


def _columns(head: bytes) -> bool:
    """Whether the first line names columns that we know, one of them a text or a title."""
    line = (head.splitlines() or [b""])[0].decode("utf-8-sig", "replace")
    names = {name.strip(' "').lower() for name in re.split(r"[,;\t]", line)}
    return len(names) > 1 and bool(names & {*NAMES["text"], *NAMES["title"], *NAMES["url"]})


# --- RSS and Atom -------------------------------------------------------------------

_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")  # barred from XML


def _feed(stream: IO[bytes], reading: _Reading) -> Iterator[Entry]:
    import feedparser

    text, warnings = decode(_all(stream, reading.name), reading.name)
    reading.notes.extend(warning.message for warning in warnings)
    text = re.sub(r"^\s*<\?xml[^>]{0,300}\?>", "", text.lstrip("\ufeff"))
    # From bytes in a stream only: of a string feedparser would open the file or the URL.
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": reading.url}
    found = feedparser.parse(
        io.BytesIO(_CONTROLS.sub(" ", text).encode("utf-8", "replace")), response_headers=headers
    )
    if not found.get("version") and not found.entries:
        raise InputError(f"{reading.name} is no RSS or Atom feed.", hint="Give it a feed.")
    if found.bozo:
        reason = " ".join(str(found.get("bozo_exception", "")).split())[:120]
        reading.notes.append(f"The feed is not well-formed ({reason}); what could be read was.")
    outlet = str(found.feed.get("title", ""))
    for entry in found.entries:
        yield _of_feedparser(entry, outlet)


def _of_feedparser(entry: Any, outlet: str) -> Entry:
    contents = [str(part.get("value", "")) for part in entry.get("content", ())]
    said = str(entry.get("published") or entry.get("updated") or entry.get("created") or "")
    parsed = entry.get("published_parsed") or entry.get("updated_parsed")
    link = str(entry.get("link", ""))
    if link == entry.get("id") and not is_web(link):
        link = ""  # feedparser's stopgap for an entry that has no link
    made = entry_of(
        id=str(entry.get("id", "")),
        title=str(entry.get("title", "")),
        text=max([*contents, str(entry.get("summary", ""))], key=len),
        url=link,
        date=said,
        byline=str(entry.get("author", "")),
        outlet=str(entry.get("source", {}).get("title", "") or outlet),
    )
    if made.published or not parsed:
        return made
    try:  # a date that feedparser reads and we do not
        stamp = datetime.fromtimestamp(timegm(parsed), UTC).isoformat()
    except (ValueError, TypeError, OverflowError, OSError):
        return made
    doubts = tuple(w for w in made.warnings if w.code != "date-unreadable")
    return replace(made, published=stamp, warnings=doubts)


# --- JSON ---------------------------------------------------------------------------


def _jsonfeed(stream: IO[bytes], reading: _Reading) -> Iterator[Entry]:
    text, warnings = decode(_all(stream, reading.name), reading.name)
    reading.notes.extend(warning.message for warning in warnings)
    try:
        found = json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise InputError(f"{reading.name} is not JSON: {error}.") from error
    items = found.get("items") if isinstance(found, dict) else found
    if not isinstance(items, list):
        hint = "A JSON Feed has a list of items; JSON lines have an object a line."
        raise InputError(f"{reading.name} has no items.", hint=hint)
    outlet = found.get("title", "") if isinstance(found, dict) else ""
    for number, item in enumerate(items, 1):
        yield _of_record(item, f"item {number}", str(outlet))


def _jsonl(stream: IO[bytes], reading: _Reading) -> Iterator[Entry]:
    for number, line in _lines(stream, reading):
        if line is None:
            yield _unreadable(f"line {number}", _TOO_LONG)
            continue
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield _unreadable(f"line {number}", f"This is not JSON: {error}.", line)
            continue
        yield _of_record(record, f"line {number}")


def _of_record(record: object, where: str, outlet: str = "") -> Entry:
    """An entry of the JSON object or row of a table."""
    if not isinstance(record, dict):
        return _unreadable(where, "This is no JSON object.", json.dumps(record))
    fields = {str(key).strip().lower(): value for key, value in record.items()}
    found = {}
    for name, aliases in NAMES.items():
        values = (_as_text(fields.get(alias)) for alias in aliases)
        found[name] = next((value for value in values if value.strip()), "")
    if not any(found[name] for name in ("title", "text", "url")):
        known = ", ".join(map(str, record))[:100] or "nothing"
        return _unreadable(where, f"Neither title, text nor url in it, only: {known}.", str(record))
    return entry_of(**{**found, "outlet": found["outlet"] or outlet})


def _as_text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return _as_text(value.get("name"))
    if isinstance(value, list):
        return "\n".join(filter(None, map(_as_text, value)))
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return ""


def _unreadable(where: str, why: str, said: str = "") -> Entry:
    digest = hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:12]
    why = why.encode("utf-8", "replace").decode()
    return Entry(id=f"{where}, {digest}" if said else where, title=where, error=why)


# --- tables -------------------------------------------------------------------------


def _csv(stream: IO[bytes], reading: _Reading) -> Iterator[Entry]:
    csv.field_size_limit(MAX_BYTES)
    # A line that can't be read is an error of the iterator, which goes on after it.
    lines = map(_table_line, _lines(stream, reading))
    columns, delimiter = _header(lines, reading.name)
    rows = csv.reader(lines, delimiter=delimiter)
    number = 1
    while True:
        number += 1
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield _unreadable(f"row {number}", f"This is no row of a table: {error}.")
            continue
        if any(cell.strip() for cell in row[len(columns) :]):  # the rest of a text, most likely
            why = f"The row has {len(row)} cells for {len(columns)} columns; "
            why += f"a text with {delimiter!r} in it has to be quoted."
            yield _unreadable(f"row {number}", why, delimiter.join(row))
        elif any(cell.strip() for cell in row):
            yield _of_record(dict(zip(columns, row, strict=False)), f"row {number}")


def _table_line(numbered: tuple[int, str | None]) -> str:
    _, line = numbered
    if line is None:
        raise csv.Error(f"a line of it has over {MAX_BYTES:,} bytes")
    return line.replace("\0", "")


def _header(lines: Iterator[str], name: str) -> tuple[list[str], str]:
    """The names of the columns and what stands between cells; raises InputError if it is none."""
    try:
        header = next(lines, "").lstrip("\ufeff")
        delimiter = max(",;\t", key=header.count)
        columns = next(csv.reader([header], delimiter=delimiter), [])
    except csv.Error as error:
        raise InputError(f"{name} does not begin with a row of names: {error}.") from error
    if not header.strip():
        raise InputError(f"{name} is empty.", hint="Give it a feed.")
    if not {c.strip().lower() for c in columns} & {n for names in NAMES.values() for n in names}:
        raise InputError(
            f"{name} has no column that Mujaz knows, only: {', '.join(columns)[:200]}.",
            hint="Call them id, url, title, text, published, author; title or text are needed.",
        )
    return columns, delimiter


# --- files --------------------------------------------------------------------------


def _folder(folder: Path, notes: list[str]) -> Generator[Entry, None, None]:
    try:
        # A link to a folder is not followed; it counts as a file of another kind.
        there = [path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir()]
        there = [path for path in there if not _is_hidden(path.relative_to(folder))]
        files = sorted(path for path in there if path.suffix.lower() in ARTICLE_SUFFIXES)
    except OSError as error:
        raise InputError(f"{folder} cannot be read: {error.strerror}.") from error
    if not files:
        suffixes = " ".join(sorted(ARTICLE_SUFFIXES))
        raise InputError(f"{folder} has no articles in it.", hint=f"Files of {suffixes} are read.")
    if others := len(there) - len(files):
        notes.append(f"Files of other kinds, not read: {others}.")
    for path in files:
        yield _of_file(path, path.relative_to(folder).as_posix())


def _is_hidden(path: Path) -> bool:
    """Whether it, or a folder on the way to it, is."""
    return any(part.startswith(".") for part in path.parts)


def _of_file(path: Path, id: str) -> Entry:
    id = id.encode("utf-8", "replace").decode()
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            return Entry(id, error=f"{path.name} has {size:,} bytes; the limit is {MAX_BYTES:,}.")
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        return Entry(id, error=f"{path.name} cannot be read: {reason}.")
    return Entry(id, path=str(path.absolute()), file_sha256=digest)


def _list(stream: IO[bytes], reading: _Reading) -> Iterator[Entry]:
    """A path or an address a line, or a sitemap."""
    if _as_utf8(_peek(stream)).lstrip(_BLANK).startswith(b"<"):
        yield from _sitemap(_all(stream, reading.name), reading)
        return
    for number, line in _lines(stream, reading):
        if line is None:
            yield _unreadable(f"line {number}", _TOO_LONG)
            continue
        said = line.lstrip("\ufeff").strip()
        if said and not said.startswith("#"):
            yield _of_place(said, f"line {number}", "", reading)


def _sitemap(data: bytes, reading: _Reading) -> Iterator[Entry]:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    root = etree.fromstring(data, parser)
    if root is None:
        return
    if str(root.tag).endswith("sitemapindex"):
        named = (root.findtext("{*}sitemap/{*}loc") or "").strip()[:200]
        raise InputError(
            f"{reading.name} names sitemaps, not articles.",
            hint=f"Give one of those that it names{named and f', such as {named}'}.",
        )
    # Only the page's own address: pictures and videos have one, too, deeper down.
    for number, place in enumerate(root.iterfind(".//{*}url/{*}loc"), 1):
        date = place.getparent().findtext("{*}lastmod") or ""
        yield _of_place((place.text or "").strip(), f"place {number}", date.strip(), reading)


def _of_place(said: str, where: str, date: str, reading: _Reading) -> Entry:
    if is_web(said):
        return entry_of(url=said, date=date, outlet=host_of(said))
    if reading.url:  # what comes from the web names no files of ours
        return _unreadable(where, "This is no web address.", said)
    return _of_file(reading.base / said.removeprefix("file://"), said)


# --- bytes --------------------------------------------------------------------------

_TOO_LONG = f"The line has over {MAX_BYTES:,} bytes."


def _all(stream: IO[bytes], name: str) -> bytes:
    data = stream.read(MAX_FEED_BYTES + 1)
    if len(data) > MAX_FEED_BYTES:
        hint = "JSON lines (.jsonl) and CSV are read as a stream, however large."
        raise TooLargeError(f"{name} has over {MAX_FEED_BYTES:,} bytes.", hint=hint)
    return data


def _lines(stream: IO[bytes], reading: _Reading) -> Iterator[tuple[int, str | None]]:
    """The lines with their numbers; None for one that is over the limit.

    Each is UTF-8, else windows-1256, which every byte is; UTF-16 says so by its mark.
    """
    if _peek(stream)[:2] in _UTF16:
        text = io.TextIOWrapper(stream, "utf-16", errors="replace", newline="")
        yield from enumerate(_bounded(text.readline, "\n"), 1)
        return
    guessed = 0
    for number, raw in enumerate(_bounded(stream.readline, b"\n"), 1):
        if raw is None:
            yield number, None
            continue
        try:
            yield number, raw.decode("utf-8")
        except UnicodeDecodeError:
            guessed += 1
            yield number, raw.decode("windows-1256", "replace")
    if guessed:
        what = "1 line is" if guessed == 1 else f"{guessed} lines are"
        reading.notes.append(f"{what} not UTF-8 and read as windows-1256; that is a guess.")


def _bounded(readline: Callable[[int], AnyStr], end: AnyStr) -> Iterator[AnyStr | None]:
    """The lines; None for one that is over the limit."""
    while line := readline(MAX_BYTES + 1):
        if len(line) <= MAX_BYTES:
            yield line
            continue
        while line and not line.endswith(end):  # read past the rest of it
            line = readline(MAX_BYTES)
        yield None


_READERS: Mapping[str, Callable[[Any, _Reading], Iterator[Entry]]] = {
    "feed": _feed,
    "jsonfeed": _jsonfeed,
    "jsonl": _jsonl,
    "csv": _csv,
    "list": _list,
}
