"""The same feed as Atom 1.0 (RFC 4287), for readers that go by `updated`.

No clock is read here either. `updated` is the original's date and a second more for each time
that the brief was made anew or another outlet joined, so it changes when the entry does, and only
then. It goes back where an outlet leaves the story, or the original gets an earlier date. Atom
wants such a date of every entry; an undated one gets that of 1970, and no `published`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from summarizer.feed.outputs import name_of, web_address, whole
from summarizer.feed.rss import ABOUT, MOST, TITLE, date_of, description, guid, left_out, put
from summarizer.feed.stories import Selection, Story
from summarizer.render import flat
from summarizer.result import Brief

NAMESPACE = "http://www.w3.org/2005/Atom"
_UNDATED = datetime(1970, 1, 1, tzinfo=UTC)


def write_atom(path: Path, chosen: Selection) -> list[str]:
    """Write the feed; the note says so if it hasn't all entries in it."""
    from lxml import etree

    groups = chosen.newest_first()
    with (
        whole(path) as file,
        etree.xmlfile(file, encoding="utf-8") as xml,
    ):
        xml.write_declaration()
        # What stands in it without a prefix is of its namespace.
        with xml.element(f"{{{NAMESPACE}}}feed", nsmap={None: NAMESPACE}):
            for name, value in _about(chosen, groups[:MOST]):
                put(xml, name, value)
            with xml.element("author"):
                put(xml, "name", "Mujaz")
            for story in chosen.stories(groups[:MOST]):
                with xml.element("entry"):
                    _entry(xml, story)
    return left_out(path, groups)


def _about(chosen: Selection, groups: list[tuple[int, ...]]) -> Iterator[tuple[str, str]]:
    first = next(chosen.journal.items(), None)  # of all time, so that the id never changes
    yield "id", guid(f"feed of {first.key}" if first else "feed")
    yield "title", TITLE
    yield "subtitle", ABOUT
    yield "updated", max(map(updated, chosen.stories(groups)), default=_UNDATED).isoformat()
    yield "generator", "Mujaz"


def _entry(xml: Any, story: Story) -> None:
    brief = Brief.from_dict(story.lead.brief or {})
    put(xml, "id", guid(story.lead.key))
    put(xml, "title", flat(brief.headline))
    for number, item in enumerate(story.sources):
        if address := web_address(item.url):
            rel = "related" if number else "alternate"
            put(xml, "link", rel=rel, href=address, title=flat(name_of(item)))
    put(xml, "updated", updated(story).isoformat())
    if date := date_of(story.lead.published):
        put(xml, "published", date.isoformat())
    put(xml, "content", "".join(description(story, brief)), type="html")


def updated(story: Story) -> datetime:
    """When the entry changed last, as far as that can be said without a clock; see above."""
    date = date_of(story.lead.published) or _UNDATED
    changes = sum(1 + item.changes for item in story.sources) - 1
    try:
        return date + timedelta(seconds=changes)
    except OverflowError:  # some feeds write the end of the year 9999 where they mean "always"
        return date
