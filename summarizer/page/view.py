"""Results as HTML for the page. Every string from an article or an engine is escaped here.

`page.js` links what has the same `data-key`, a line of English and its evidence; keeps open what
has a `data-name`; and announces each new `data-phase`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from summarizer.article import Article
from summarizer.engines import ENGINES
from summarizer.errors import MujazError
from summarizer.feed import Item
from summarizer.furniture import REASONS, Removed
from summarizer.page.desk import Doing, Told, Waiting
from summarizer.page.feeds import Run
from summarizer.page.words import LANGUAGES, Words
from summarizer.render import FORMATS, clean, flat, isolated, marked, parts
from summarizer.result import Brief, Line, Translation
from summarizer.warning import SEVERITIES, MujazWarning, Span

MOST_ROWS = 100  # of a feed
Pieces = Mapping[tuple[str, int], tuple[int, str]]
"""HTML that takes the place of characters: (title or text, first character) → (end, HTML)."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line where it stands, with its number, if any."""

    line: Line
    n: int | None = None

    @property
    def key(self) -> str:
        """Links the line with its evidence, and stays while lines are still put in before it."""
        if self.n is None:
            return "headline"
        evidence = self.line.evidence
        return f"{evidence[0].of}-{evidence[0].start}" if evidence else f"line-{self.n}"


def rows(lines: Iterable[Line]) -> list[Row]:
    """The lines of a brief under way: headline first, then in the article's order."""
    headline, *rest = lines
    rest.sort(key=lambda line: line.evidence[0].start if line.evidence else 0)
    return [Row(headline), *(Row(line, n) for n, line in enumerate(rest, 1))]


def brief(lines: Sequence[Row], words: Words, made: Brief | None = None) -> str:
    """The brief, or as much of it as there is."""
    top, *rest = lines
    items = "".join(f"<li {_linked(row)}>{_line(row, 'p', words)}</li>" for row in rest)
    return (
        f'<article class="mj-brief" lang="en" dir="ltr">'
        f"<header {_linked(top)}>{_line(top, 'h2', words)}</header>"
        f"<ol>{items}</ol></article>"
        f'<p class="mj-verdict">{escape(words["hint"])}</p>'
        f"{_ending(made, words) if made else ''}"
    )


def translation(
    article: Article, lines: Sequence[Line], words: Words, made: Translation | None = None
) -> str:
    """The article paragraph by paragraph, the English beside the Arabic, as far as it is made."""
    of = {(e.of, e.start): line for line in lines for e in line.evidence}
    blocks = []
    if article.title:
        blocks.append(_pair("h2", article.title, ("title", 0), [of.get(("title", 0))], words))
    texts: list[list[Line | None]] = [[] for _ in article.paragraphs]
    for sentence in article.sentences():
        texts[sentence.paragraph].append(of.get(("text", sentence.start)))
    blocks += [
        _pair("p", paragraph, ("text", start), found, words)
        for paragraph, start, found in zip(article.paragraphs, article.starts, texts, strict=True)
    ]
    return (
        f'<article class="mj-translation">{"".join(blocks)}</article>'
        f"{_ending(made, words) if made else ''}"
    )


def article(source: Article, lines: Sequence[Row], words: Words) -> str:
    """The cleaned article, with what stands behind a line marked, and what was cleaned away."""
    pieces: Pieces = {
        (part.of, part.start): (part.end, _piece(row, part.text, spans, words))
        for row in lines
        for _, part, spans in parts([row.line])
    }
    title = _with_pieces(source.title, 0, "title", pieces)
    paragraphs = [
        f"<p>{_with_pieces(paragraph, start, 'text', pieces)}</p>"
        for paragraph, start in zip(source.paragraphs, source.starts, strict=True)
    ]
    facts = [escape(flat(fact)) for fact in (source.byline, source.published) if fact]
    meta = " · ".join(f"<bdi>{fact}</bdi>" for fact in facts)
    return (
        f'<section class="mj-article" aria-label="{escape(words["pane-article"])}">'
        f'<div lang="ar" dir="rtl">{f"<h2>{title}</h2>" if title else ""}'
        f"{f'<p class=mj-meta>{meta}</p>' if meta else ''}{''.join(paragraphs)}</div>"
        f"{_removed(source.removed, words)}</section>"
    )


def status(told: Told, words: Words) -> str:
    """How far it is: words, and a bar where there is something to count."""
    if isinstance(told, Waiting):
        return _status(words["waiting"].format(before=told.before), bar=_BUSY)
    assert isinstance(told, Doing)
    what = words.get(f"what.{told.what}", told.what)
    if not told.total:
        return _status(f"{what} …", _seconds(told.seconds, words), _BUSY, what)
    said = words["doing-of"].format(what=what, done=told.done, total=told.total)
    bar = f'<progress value="{told.done}" max="{told.total}"></progress>'
    return _status(said, _seconds(told.seconds, words), bar, what)


def message(text: str, aside: str = "") -> str:
    """A line of text where the status stands."""
    return _status(text, aside)


def was_read(article: Article, words: Words) -> str:
    """That an article was read; its name may be in another language than what is said of it."""
    said = words["read"].format(
        name=isolated(flat(article.source.name)),
        paragraphs=len(article.paragraphs),
        run=words["run"],
    )
    return message(said)


def error(problem: MujazError, words: Words) -> str:
    """What went wrong and the way out."""
    hint = _english("p", problem.hint) if problem.hint else ""
    return (
        f'<div class="mj-error" role="alert"><b>{escape(words["error"])}</b>'
        f"{_english('p', problem.message)}{hint}</div>"
    )


def about(words: Words, states: Mapping[str, str], engine: str) -> str:
    """The engine in use, its licence, quality and weaknesses; then the other engines."""
    weak = "".join(f"<li>{escape(w)}</li>" for w in words["about-weaknesses"].split("\n"))
    others = "".join(
        f"<details><summary><code>{escape(name)}</code></summary>{_engine(name, words, states)}"
        "</details>"
        for name in ENGINES
        if name != engine
    )
    return (
        f'<div class="mj-about"><h2>{escape(words["about-engine"])}: '
        f"<code>{escape(engine)}</code></h2>{_engine(engine, words, states)}"
        f"<p><b>{escape(words['about-use'])}</b></p>"
        f"<h2>{escape(words['about-weak'])}</h2><ul>{weak}</ul>"
        f"<h2>{escape(words['about-privacy'])}</h2><p>{escape(words['about-private'])}</p>"
        f"<h2>{escape(words['about-engines'])}</h2>{others}"
        f"<h2>{escape(words['about-api'])}</h2><p>{escape(words['about-api-how'])}</p></div>"
    )


def feed_status(run: Run, name: str, root_path: str, words: Words) -> str:
    """How far a run is, the link that finds it again, and its files."""
    count = Counter(item.state for item in run.items)
    said = words["feed-progress"].format(
        done=count["done"], failed=count["failed"], waiting=count["waiting"]
    )
    if run.is_active and not run.items:
        said = words["feed-stopping" if run.is_stopping else "feed-waiting"]
        head = _status(said, bar=_BUSY)
    elif run.is_active:
        through = len(run.items) - run.waiting
        bar = f'<progress value="{through}" max="{len(run.items)}"></progress>'
        stopping = words["feed-stopping"] if run.is_stopping else ""
        head = _status(said, stopping, bar, stopping or words["starting"])
    else:
        is_finished = run.files and not run.waiting
        head = _status(said, words["feed-finished" if is_finished else "feed-unfinished"])
    path = f"{root_path}/{'' if words['language'] == 'en' else words['language'] + '/'}"
    link = f"{escape(path)}?feed={escape(name)}"
    files = "".join(
        f'<a dir="auto" href="{escape(root_path)}/feeds/{escape(name)}/{file}" download>'
        f"{escape(words[f'feed-{file}'])}</a> "
        for file in run.files
    )
    return (
        f'{error(run.problem, words) if run.problem else ""}{head}<p class="mj-links">'
        f'{escape(words["feed-link"])}<a dir="ltr" href="{link}">{link}</a></p>'
        + (f'<p class="mj-links">{escape(words["feed-downloads"])} {files}</p>' if files else "")
    )


def feed(items: Sequence[Item], wanted: str, find: str, words: Words) -> str:
    """A table of the articles that are wanted: headline, brief to unfold, or why it failed."""
    found = [item for item in items if _is_wanted(item, wanted, find)]
    if not found:
        return _none(words["feed-none"]) if items else ""
    body = "".join(_feed_row(item, words) for item in found[:MOST_ROWS])
    rest = words["feed-more"].format(n=len(found) - MOST_ROWS)
    return (
        f'<table class="mj-feed"><thead><tr><th scope="col">{escape(words["feed-item"])}</th>'
        f'<th scope="col">{escape(words["feed-brief"])}</th></tr></thead><tbody>{body}</tbody>'
        f"</table>{_none(rest) if len(found) > MOST_ROWS else ''}"
    )


# --- parts --------------------------------------------------------------------------


def _none(text: str, where: str = "") -> str:
    return f'<p class="mj-none" {where}>{escape(text)}</p>'


def _own(words: Words) -> str:
    """Attributes for words of the interface that stand in a text of another language."""
    language = words["language"]
    return f'lang="{language}" dir="{LANGUAGES[language]}"'


def _english(tag: str, text: str) -> str:
    """What the pipeline says: English, from left to right even if an Arabic name begins it."""
    text = _ARABIC.sub(r"<bdi>\g<0></bdi>", escape(flat(text)))
    return f'<{tag} lang="en" dir="ltr">{text}</{tag}>'


_ARABIC = re.compile("[\u0600-\u06ff]+(?:[ 0-9]+[\u0600-\u06ff]+)*")


def _is_wanted(item: Item, wanted: str, find: str) -> bool:
    brief = Brief.from_dict(item.brief) if item.brief else None
    if wanted == "doubted":
        doubts = brief.all_warnings() if brief else ()
        is_wanted = any(w.severity == "serious" for w in doubts)
    else:
        is_wanted = wanted in ("all", item.state)
    text = f"{item.title} {item.error} " + (f"{brief.headline} {brief.text}" if brief else "")
    return is_wanted and all(word in text.casefold() for word in (find or "").casefold().split())


def _feed_row(item: Item, words: Words) -> str:
    brief = Brief.from_dict(item.brief) if item.brief else None
    title = escape(flat(item.title or (brief.source.title if brief else "") or item.key))
    facts = " · ".join(escape(flat(fact)) for fact in (item.outlet, item.published) if fact)
    first = f'<bdi lang="ar" dir="auto">{title}</bdi><small><bdi>{facts}</bdi></small>'
    if brief:
        made = rows(brief.lines)
        lines = "".join(
            f'<li class="mj-line"><span class="mj-n">{row.n}</span>{_said(row, "p", words)}</li>'
            for row in made[1:]
        )
        top = made[0].line
        second = (
            f'<details lang="en" dir="ltr" data-name="item {escape(item.key)}">'
            f"<summary>{escape(clean(top.text))}</summary>"
            f'{_doubts("ul", top.warnings, words)}<ol class="mj-opened">{lines}</ol></details>'
        )
    elif item.state == "failed":
        second = f'<div class="mj-failed">{_english("p", f"{item.error} {item.hint}")}</div>'
    else:
        second = "…"
    return f"<tr><td>{first}</td><td>{second}</td></tr>"


_BUSY = "<progress></progress>"


def _status(text: str, aside: str = "", bar: str = "", phase: str = "") -> str:
    """Screen readers are told the `phase`, when it is another; it is the text where that stays."""
    label = f' aria-label="{escape(text)}"'
    bar = bar.replace("<progress", f"<progress{label}", 1)
    return (
        f'<div class="mj-status" data-phase="{escape(phase or text)}">'
        f"<p><span>{escape(text)}</span> <small>{escape(aside)}</small></p>"
        f"{bar}</div>"
    )


def _seconds(seconds: float, words: Words) -> str:
    return words["seconds"].format(seconds=round(seconds)) if seconds >= 1 else ""


def _linked(row: Row) -> str:
    return f'class="mj-line" data-key="{row.key}"'


def _line(row: Row, tag: str, words: Words) -> str:
    """A button that shows the evidence, and what is said."""
    name = words["show-evidence" if row.n else "show-evidence-headline"].format(n=row.n)
    sign = str(row.n) if row.n else "↔"
    return f"{_number(sign, name, words)}{_said(row, tag, words)}"


def _number(sign: str, name: str, words: Words) -> str:
    """Without a direction: its margins are those of the text around it."""
    return (
        f'<button type="button" class="mj-n" lang="{words["language"]}" aria-pressed="false" '
        f'aria-label="{escape(name)}">{sign}</button>'
    )


def _untranslated(text: str, words: Words) -> str:
    return (
        f'<b class="mj-raw" {_own(words)}>{escape(words["not-translated"])}</b> '
        f'<bdi lang="ar" dir="rtl">{text}</bdi>'
    )


def _said(row: Row, tag: str, words: Words) -> str:
    """A line of English with its doubts, and its Arabic, which is hidden where it stands aside."""
    line, doubts = row.line, row.line.warnings
    spans = [(n, w.span) for n, w in enumerate(doubts, 1) if w.span]
    text = marked(line.text, spans, doubts)
    if not line.translated:
        text = _untranslated(text, words)
    found = " … ".join(f"<bdi>{escape(clean(part.text))}</bdi>" for part in line.evidence)
    beneath = (
        f'<p class="mj-beneath" lang="ar" dir="rtl">{found}</p>'
        if found
        else _none(words["no-evidence"], _own(words))
    )
    return f"<div><{tag}>{text}</{tag}>{_doubts('ol', doubts, words)}{beneath}</div>"


def _doubts(tag: str, doubts: Iterable[MujazWarning], words: Words) -> str:
    items = "".join(f"<li>{_doubt(w, words)}</li>" for w in doubts)
    return f'<{tag} class="mj-doubts" {_own(words)}>{items}</{tag}>' if items else ""


def _doubt(doubt: MujazWarning, words: Words) -> str:
    meaning = words.get(f"code.{doubt.code}", "")
    first = f"{escape(meaning)} " if meaning else ""
    return (
        f'<b class="{doubt.severity}">{escape(words[doubt.severity])}:</b> {first}'
        f"{_english('bdi', doubt.message)}"
    )


def _piece(row: Row, text: str, spans: Sequence[tuple[int, Span]], words: Words) -> str:
    """A piece of evidence in the article, with the number of its line."""
    name = words["show-english" if row.n else "show-english-headline"].format(n=row.n)
    number = _number(str(row.n or "↔"), name, words)
    text = marked(text, spans, row.line.warnings)
    return f'<span class="mj-evidence" data-key="{row.key}">{number}{text}</span>'


def _with_pieces(text: str, offset: int, of: str, pieces: Pieces) -> str:
    """Escaped text in which the pieces that start in it stand in place of their characters."""
    out, at = [], 0
    for (where, start), (end, piece) in sorted(pieces.items(), key=lambda item: item[0][1]):
        left = start - offset
        if where == of and at <= left < len(text):
            out += [escape(clean(text[at:left])), piece]
            at = end - offset
    return "".join([*out, escape(clean(text[at:]))])


def _pair(
    tag: str, arabic: str, where: tuple[str, int], lines: Sequence[Line | None], words: Words
) -> str:
    """A paragraph that begins `where` it does in the article, and its English beside it."""
    made = [line for line in lines if line]
    doubts = [w for line in made for w in line.warnings]
    number, said = 1, []
    for line in made:
        spans = [(n, w.span) for n, w in enumerate(line.warnings, number) if w.span]
        number += len(line.warnings)
        text = marked(line.text, spans, doubts)
        said.append(text if line.translated else _untranslated(text, words))
    if len(made) < len(lines):
        said.append("…")
    listed = _doubts("ol", doubts, words)
    pieces: Pieces = {
        (part.of, part.start): (part.end, marked(part.text, spans, doubts))
        for _, part, spans in parts(made)
    }
    source = _with_pieces(arabic, where[1], where[0], pieces)
    return (
        f'<section><div lang="en" dir="ltr"><{tag}>{" ".join(said)}</{tag}>{listed}</div>'
        f'<div lang="ar" dir="rtl"><{tag}>{source}</{tag}></div></section>'
    )


def _removed(removed: Sequence[Removed], words: Words) -> str:
    if not removed:
        return _none(words["nothing-removed"])
    items = "".join(
        f"<li><b>{escape(words.get(f'reason.{part.reason}', REASONS.get(part.reason, '')))}</b> "
        f'<bdi lang="ar" dir="rtl">{escape(flat(part.text))}</bdi></li>'
        for part in removed
    )
    summary = escape(words["removed"].format(n=len(removed)))
    return (
        f'<details class="mj-removed" data-name="removed"><summary>{summary}</summary>'
        f"<ul>{items}</ul></details>"
    )


def _ending(made: Brief | Translation, words: Words) -> str:
    """Under a finished result: doubts about the whole, what made it, ways to take it along."""
    tally = Counter(w.severity for w in made.all_warnings())
    counts = ", ".join(f"{tally[s]} × {words[s]}" for s in reversed(SEVERITIES) if tally[s])
    verdict = words["doubts"].format(counts=counts) if counts else words["no-doubts"]
    whole = _doubts("ul", _once(made.warnings), words)
    if whole:
        whole = f'<div class="mj-whole"><b>{escape(words["about-all"])}</b>{whole}</div>'
    names = (f"<bdi>{escape(name)}</bdi>" for name in (made.engine.name, made.engine.revision))
    engine = escape(words["made-with"]).format(
        **dict(zip(("engine", "revision"), names, strict=True))
    )
    return (
        f'<p class="mj-verdict">{escape(words["by-machine"])} {escape(verdict)}</p>'
        f'{whole}<p class="mj-verdict">{engine}</p>{_tools(made, words)}'
    )


def _once(doubts: Iterable[MujazWarning]) -> Iterator[MujazWarning]:
    yield from {(w.code, w.message): w for w in doubts}.values()


def _tools(made: Brief | Translation, words: Words) -> str:
    """Buttons with the text that each is about; `page.js` copies it or offers it as a file."""
    tools = (
        ("copy-text", "text"),
        ("copy-markdown", "markdown"),
        ("copy-json", "json"),
        ("download-html", "html"),
    )
    items = "".join(
        f'<button type="button" data-do="{key}">{escape(words[key])}</button>'
        f"<span hidden>{escape(_storable(FORMATS[form](made)))}</span>"
        for key, form in tools
    )
    said = f'data-copied="{escape(words["copied"])}" data-failed="{escape(words["copy-failed"])}"'
    return f'<div class="mj-tools" {said}>{items}<span role="status"></span></div>'


def _storable(text: str) -> str:
    """A lone surrogate can't be sent as UTF-8."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _engine(name: str, words: Words, states: Mapping[str, str]) -> str:
    entry = ENGINES[name]
    state = states.get(name, "")
    facts = (
        ("about-what", entry.what),
        ("about-size", entry.size),
        ("about-licence", entry.licence),
        ("about-quality", entry.quality),
        ("about-get", entry.get),
        ("about-notice", entry.notice),
    )
    listed = "".join(
        f"<div><dt>{escape(words[key])}</dt>{_english('dd', value)}</div>"
        for key, value in facts
        if value
    )
    if state:
        listed += f"<div><dt>{escape(words['about-state'])}</dt><dd>{escape(state)}</dd></div>"
    return f"<dl>{listed}</dl>"
