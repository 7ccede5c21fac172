"""One HTML page of all briefs, by day: English beside the Arabic, nothing fetched, no scripts."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from summarizer.feed.journal import Item
from summarizer.feed.outputs import day_of, encoded, name_of, web_address, whole
from summarizer.feed.stories import Selection, Story
from summarizer.render import flat, html_doubts, marked, page_head, parts
from summarizer.result import Brief, Line, Translation
from summarizer.warning import MujazWarning

_CSS = """
:root { color-scheme: light dark; --back: #fcfcfa; --ink: #1c1d1f; --soft: #5b6068; --rule: #dcdcd6;
  --link: #0b57a4; --serious: #a8201a; --warning: #8a5300; --note: #3d5a80 }
@media (prefers-color-scheme: dark) { :root { --back: #16181b; --ink: #e7e6e2; --soft: #a3a8b0;
  --rule: #34383e; --link: #8ab8f0; --serious: #ff9c94; --warning: #f0bd6a; --note: #a5c0e4 } }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 70rem; padding: 1.5rem 1rem 3rem; background: var(--back);
  color: var(--ink); font: 1.0625rem/1.55 Georgia, "Noto Serif", serif; overflow-wrap: anywhere }
h1, h2, h3, p { margin: 0; line-height: 1.3 } p { line-height: inherit }
h2 { margin: 2.5rem 0 0; font-size: 1.125rem; color: var(--soft); font-weight: 400 }
h3 { font-size: 1.25rem }
a { color: var(--link) }
nav, .facts, .w, summary, .soft { font: .875rem/1.5 system-ui, "Segoe UI", "Noto Sans", sans-serif;
  color: var(--soft) }
nav a { margin-right: .75rem }
article { border-top: 1px solid var(--rule); margin-top: .75rem; padding-top: .75rem }
.row { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 0 2rem;
  padding: .25rem 0 }
[lang=ar] { font-family: "Noto Naskh Arabic", "Geeza Pro", "Sakkal Majalla", "Segoe UI",
  "Noto Sans Arabic", "Traditional Arabic", serif; unicode-bidi: isolate }
p.ar { font-size: 1.125rem; line-height: 1.75 }
.head p.ar { font-weight: 700 }
.w { margin: .125rem 0; padding-left: 1.25rem } .w b, .w ::marker { color: var(--c) }
mark { background: none; color: inherit; text-decoration: underline 2px var(--c);
  text-underline-offset: .2em }
mark[data-n]::after { content: attr(data-n); unicode-bidi: isolate; vertical-align: super;
  color: var(--c); font: 700 .6875rem/1 system-ui, sans-serif; padding: 0 .125rem }
.serious { --c: var(--serious) } .warning { --c: var(--warning) } .note { --c: var(--note) }
@media (max-width: 40rem) { .row { grid-template-columns: minmax(0, 1fr) }
  body { padding: .75rem .75rem 2rem } }
"""
_TITLE = "Arabic news in English"


def write_digest(path: Path, chosen: Selection) -> list[str]:
    """Write the page, story by story."""
    groups = chosen.newest_first()
    dates = {item.number: day_of(item) for item in chosen.journal.items(state="done")}
    days = Counter(dates[group[0]] for group in groups)
    with whole(path) as file:
        file.write(encoded(f"{page_head(_TITLE, _CSS)}<h1>{_TITLE}</h1>\n"))
        file.write(encoded("".join(_top(days, len(chosen.failed)))))
        day = None
        for story in chosen.stories(groups):
            if day != (day := day_of(story.lead)):
                file.write(encoded(f'<h2 id="{_anchor(day)}">{_day(day)}</h2>\n'))
            file.write(encoded("".join(_story(story))))
        file.write(encoded("".join(_failures(chosen.failed))))
        file.write(b"</body>\n</html>\n")
    return []


def _top(days: Counter[str], failed: int) -> Iterator[str]:
    total = sum(days.values())
    yield f'<p class="soft">{_count(total, "story", "stories")}, translated by machine'
    yield f'; <a href="#failed">{failed} without a brief</a>.</p>\n' if failed else ".</p>\n"
    links = (f'<a href="#{_anchor(day)}">{_day(day)} ({n})</a> ' for day, n in days.items())
    yield f"<nav>{''.join(links)}</nav>\n"


def _story(story: Story) -> Iterator[str]:
    brief = Brief.from_dict(story.lead.brief or {})
    yield f'<article id="i{story.lead.number}">\n'
    yield _row((brief.top,), "h3", "row head")
    for line in brief.sentences:
        yield _row((line,), "p", "row")
    yield _doubts("ul", brief.warnings)
    yield f'<p class="facts">{"; ".join(map(_place, story.sources))}</p>\n'
    if story.lead.translation:
        whole_text = Translation.from_dict(story.lead.translation)
        yield "<details><summary>Full translation</summary>\n"
        yield from (_row(lines, "p", "row") for lines in whole_text.paragraphs)
        yield "</details>\n"
    yield "</article>\n"


def _row(lines: tuple[Line, ...], tag: str, style: str) -> str:
    """English and its Arabic side by side, doubts under the English."""
    doubts = [w for line in lines for w in line.warnings]
    number, said = 1, []
    for line in lines:
        spans = [(n, w.span) for n, w in enumerate(line.warnings, number) if w.span]
        number += len(line.warnings)
        text = marked(line.text, spans, doubts)
        if not line.translated:
            text = f'<span class="soft">not translated</span> <bdi lang="ar" dir="rtl">{text}</bdi>'
        said.append(text)
    found = "".join(
        f"{joint}<bdi>{marked(part.text, spans, doubts)}</bdi>"
        for joint, part, spans in parts(lines)
    )
    listed = _doubts("ol", doubts)
    return (
        f'<div class="{style}"><div><{tag}>{" ".join(said)}</{tag}>{listed}</div>'
        f'<p class="ar" lang="ar" dir="rtl">{found}</p></div>\n'
    )


def _doubts(tag: str, warnings: Iterable[MujazWarning]) -> str:
    return html_doubts(tag, ((w.severity, flat(w.message)) for w in warnings))


def _place(item: Item) -> str:
    name, address = f'<bdi dir="auto">{_text(name_of(item))}</bdi>', web_address(item.url)
    if address:
        name = f'<a href="{html.escape(address)}" rel="noopener noreferrer">{name}</a>'
    when = (item.published or "")[:16].replace("T", " ")
    return f"{name} {when}".strip()


def _failures(failed: Iterable[Item]) -> Iterator[str]:
    items = "".join(
        f'<li><bdi dir="auto">{_text(item.title or item.key)}</bdi>: {_text(item.error)}</li>\n'
        for item in failed
    )
    if items:
        yield f'<h2 id="failed">Without a brief</h2>\n<ul class="facts">\n{items}</ul>\n'


def _day(day: str) -> str:
    try:
        found = date.fromisoformat(day)
    except ValueError:
        return html.escape(day)
    return f"{found:%A}, {found.day} {found:%B %Y}"


def _anchor(day: str) -> str:
    return f"d{day}" if day[:1].isdigit() else "undated"


def _count(number: int, one: str, many: str) -> str:
    return f"1 {one}" if number == 1 else f"{number:,} {many}"


def _text(text: str) -> str:
    return html.escape(flat(text))
