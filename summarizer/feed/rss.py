"""An English RSS 2.0 feed of the briefs (https://www.rssboard.org/rss-specification).

Guids are made of the entries' ids and stay when a brief is made anew; links lead to the
originals. No clock is read: `pubDate` is the original's date, `lastBuildDate` the latest of
these, so the file changes only when an entry does.
"""

from __future__ import annotations

import hashlib
import html
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from summarizer.feed.journal import Item
from summarizer.feed.outputs import name_of, web_address, whole
from summarizer.feed.stories import Selection, Story
from summarizer.render import flat
from summarizer.result import Brief, Line

TITLE = "News from Arabic, in English"
MOST = 500  # entries, the newest; readers fetch the whole file every time
ABOUT = (
    "Short English briefs of Arabic news, translated by machine. The links lead to the originals."
)


def write_rss(path: Path, chosen: Selection) -> list[str]:
    """Write the feed; the note says so if it hasn't all entries in it."""
    from lxml import etree

    groups = chosen.newest_first()
    leads = [chosen.journal.item(group[0]) for group in groups[:1]]
    with (
        whole(path) as file,
        etree.xmlfile(file, encoding="utf-8") as xml,
    ):
        xml.write_declaration()
        with xml.element("rss", version="2.0"), xml.element("channel"):
            for name, value in _channel(leads):
                put(xml, name, value)
            for story in chosen.stories(groups[:MOST]):
                with xml.element("item"):
                    _item(xml, story)
    return left_out(path, groups)


def left_out(path: Path, groups: list[tuple[int, ...]]) -> list[str]:
    """The note about what a feed has no room for."""
    left = len(groups) - MOST
    return [f"{path} has the newest {MOST} entries; {left} older ones are not in it."] * (left > 0)


def _channel(newest: list[Item]) -> Iterator[tuple[str, str]]:
    yield "title", TITLE
    yield "link", next(filter(None, map(_home, newest)), "urn:mujaz:feed")
    yield "description", ABOUT
    yield "language", "en"
    for item in newest:
        if date := rfc_date(item.published):
            yield "lastBuildDate", date
    yield "generator", "Mujaz"


def _home(item: Item) -> str | None:
    """The site of an item."""
    address = web_address(item.url)
    if not address:
        return None
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}/"


def _item(xml: Any, story: Story) -> None:
    brief = Brief.from_dict(story.lead.brief or {})
    put(xml, "title", flat(brief.headline))
    if address := web_address(story.lead.url):
        put(xml, "link", address)
    put(xml, "description", "".join(description(story, brief)))
    put(xml, "guid", guid(story.lead.key), isPermaLink="false")
    if date := rfc_date(story.lead.published):
        put(xml, "pubDate", date)


def description(story: Story, brief: Brief) -> Iterator[str]:
    """What a reader shows: HTML, escaped once more when it is put into the XML."""
    for line in brief.sentences:
        yield f"<p>{_said(line)}</p>"
    doubts = [w.message for w in brief.all_warnings() if w.severity != "note"]
    if doubts:
        yield f"<p>To be checked:</p><ul>{''.join(f'<li>{_text(d)}</li>' for d in doubts)}</ul>"
    yield "<p>Source: " if len(story.sources) == 1 else "<p>Sources: "
    for number, item in enumerate(story.sources):
        address, name = web_address(item.url), _text(name_of(item))
        yield "; " if number else ""
        yield f'<a href="{html.escape(address)}">{name}</a>' if address else name
    yield ". Translated by machine.</p>"


def _said(line: Line) -> str:
    if line.translated:
        return _text(line.text)
    return f'Not translated: <span lang="ar" dir="rtl">{_text(line.text)}</span>'


def _text(text: str) -> str:
    return html.escape(flat(text))


def put(xml: Any, name: str, text: str = "", /, **attributes: str) -> None:
    """Write an element with nothing but text in it."""
    with xml.element(name, attributes):
        xml.write(text)


def guid(key: str) -> str:
    """The entry's id in the feed: the same for the same id, whatever becomes of the brief."""
    return f"urn:mujaz:{hashlib.sha256(key.encode()).hexdigest()[:32]}"


def rfc_date(published: str | None) -> str | None:
    """An ISO date as RFC 822 wants it, or None."""
    found = date_of(published)
    return format_datetime(found) if found else None


def date_of(published: str | None) -> datetime | None:
    """An ISO date with its zone; a date without a time is midnight, UTC."""
    if not published:
        return None
    try:
        found = datetime.fromisoformat(published)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
