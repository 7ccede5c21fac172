"""A `Brief` or a `Translation` as text, Markdown, JSON or one HTML page.

Every string in a result is untrusted: it comes from a page or from a model. `clean` takes out
what could command a terminal or turn a line round, and each format escapes the rest.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import os
import re
import textwrap
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from summarizer.errors import UsageError
from summarizer.furniture import REASONS
from summarizer.result import Brief, Evidence, Line, Translation
from summarizer.warning import SEVERITIES, MujazWarning, Span

Result = Brief | Translation

_SIGNS = {"note": "-", "warning": "!", "serious": "!"}
_RLI, _FSI, _PDI, _RLM = "\u2067", "\u2068", "\u2069", "\u200f"
_NO_EVIDENCE = "No evidence for this in the article."
_ABOUT_ALL = "About the whole article"
# Controls (escape sequences), lone surrogates (not UTF-8), noncharacters (not HTML), and
# what turns text round or breaks out of an isolate.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\u202a-\u202e\u2066-\u2069]"
)
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_WEB = re.compile(r"https?://[^\s<>\"'`\\^{}|\ufffd]+", re.IGNORECASE)


# --- what all formats say ------------------------------------------------------------


def clean(text: str) -> str:
    """The text without characters that do something; one for one, so that spans still fit."""
    return _UNSAFE.sub("\ufffd", text.replace("\r", " "))


def flat(text: str) -> str:
    """The clean text on one line; never empty."""
    return " ".join(clean(text).split()) or "(empty)"


def isolated(text: str) -> str:
    """In characters what ``<bdi>`` is in HTML: it has its own direction and changes no other."""
    return f"{_FSI}{text}{_PDI}"


def _rows(result: Result) -> Sequence[tuple[Line, ...]]:
    """What stands beside its source: a sentence of a brief, a paragraph of a translation."""
    if isinstance(result, Brief):
        return [(line,) for line in result.sentences]
    return result.paragraphs


def parts(lines: Iterable[Line]) -> Iterator[tuple[str, Evidence, Sequence[tuple[int, Span]]]]:
    """Each piece of evidence, what joins it to the one before, and the spans within it.

    Yields:
        The joint ("" first, " … " where the article says more in between); the piece; the
        source spans, each with the number of its warning within the row, from the piece's
        start on (they may reach beyond the piece).
    """
    number = 1
    before: Evidence | None = None
    for line in lines:
        offset = 0  # source_span counts in Line.source, where one space joins the pieces
        for part in line.evidence:
            spans = [
                (n, Span(w.source_span[0] - offset, w.source_span[1] - offset))
                for n, w in enumerate(line.warnings, number)
                if w.source_span
            ]
            joint = ""
            if before:
                goes_on = part.of == before.of and part.start <= before.end + 2
                joint = " " if goes_on else " … "
            yield joint, part, spans
            offset, before = offset + len(part.text) + 1, part
        number += len(line.warnings)


def _source(lines: Iterable[Line]) -> str:
    """The Arabic behind a row, on one line, or "" where there is none."""
    return "".join(joint + flat(part.text) for joint, part, _ in parts(lines))


def _whole(warnings: Iterable[MujazWarning]) -> Iterator[tuple[str, str]]:
    """Severity and message of doubts about the whole: by code, each said once."""
    counts = Counter((w.code, w.severity, w.message) for w in warnings)
    codes = list(dict.fromkeys(code for code, *_ in counts))
    for (_, severity, message), n in sorted(counts.items(), key=lambda i: codes.index(i[0][0])):
        yield severity, flat(message) + (f" ({n} times)" if n > 1 else "")


def _facts(result: Result) -> Iterator[tuple[str, str]]:
    """The footer: where it comes from, what made it, what was left out."""
    source, engine = result.source, result.engine
    removed = (f"{REASONS.get(why, why)} ({n})" for why, n in result.removed.items() if n)
    made_by = f"{engine.name}, revision {engine.revision}, settings {engine.settings}"
    yield from (
        (label, flat(value))
        for label, value in (
            ("Source", source.name if source.name != source.url else ""),
            ("Title", source.title),
            ("By", source.byline),
            ("Published", source.published),
            ("Address", source.url),
            ("Translated by", made_by),
            ("Left out", "; ".join(removed)),
        )
        if value
    )


def to_json(result: Result) -> str:
    """The stable JSON form, timing included; `json.loads` of it equals `to_dict`."""
    text = json.dumps(result.to_dict(), ensure_ascii=False, indent=1, allow_nan=False)
    # A lone surrogate cannot be written as UTF-8, but JSON has an escape for it.
    return re.sub("[\ud800-\udfff]", lambda m: f"\\u{ord(m[0]):04x}", text) + "\n"


# --- text ----------------------------------------------------------------------------


def to_text(result: Result, *, evidence: bool = True, width: int | None = None) -> str:
    """Plain text for a terminal.

    Args:
        result: What to write.
        evidence: Whether the Arabic stands under the English.
        width: Break lines at this many columns; None leaves that to the terminal.
    """

    def put(text: str, first: str, rest: str) -> str:
        if not width:
            return first + text
        room = max(width - len(rest), 20)
        lines = textwrap.wrap(text, room, break_long_words=False, break_on_hyphens=False)
        return first + f"\n{rest}".join(lines)

    def arabic(text: str, indent: str) -> str:
        # Each line on its own: a line break ends an isolate.
        lines = put(text, indent, indent).split("\n")
        return "\n".join(f"{indent}{_RLI}{line[len(indent) :]}{_PDI}" for line in lines)

    def row(label: str, lines: Sequence[Line]) -> str:
        pad = " " * len(label)
        said = (
            flat(x.text) if x.translated else f"[not translated] {_RLI}{flat(x.text)}{_PDI}"
            for x in lines
        )
        block = [put(" ".join(said), label, pad)]
        for w in (w for line in lines for w in line.warnings):
            doubt = f"{_SIGNS[w.severity]} {w.severity}: {flat(w.message)}"
            block.append(put(doubt, f"{pad}  ", f"{pad}    "))
        shown = [line for line in lines if line.translated or line.text != line.source]
        if evidence and shown:
            found = _source(shown)
            block.append(
                arabic(found, f"{pad}    ") if found else f"{pad}    ({_NO_EVIDENCE.rstrip('.')})"
            )
        return "\n".join(block)

    blocks = [row("", (result.top,))] if result.top else []
    for n, lines in enumerate(_rows(result), 1):
        blocks.append(row(f"{n}. " if isinstance(result, Brief) else "", lines))
    if result.warnings:
        doubts = (f"{_SIGNS[how]} {how}: {what}" for how, what in _whole(result.warnings))
        blocks.append("\n".join([f"{_ABOUT_ALL}:", *(put(d, "  ", "    ") for d in doubts)]))
    facts = (
        f"{k}: {isolated(v)}" if _RIGHT_TO_LEFT.search(v) else f"{k}: {v}"
        for k, v in _facts(result)
    )
    blocks.append("\n".join(put(fact, "", "  ") for fact in facts))
    return "\n\n".join(blocks) + "\n"


# --- Markdown ------------------------------------------------------------------------

_MARKUP = re.compile(r"[\\`*_\[\]<>&|~$#@]|:(?=//)|(?<=www)\.", re.IGNORECASE)
_BLOCK = re.compile(r"^(?:(?=[-+=:])|(\d+)(?=[.)]))")  # a list or a rule, at the start only


def escape_markdown(text: str) -> str:
    """One line in which nothing is Markdown, not even GitHub's bare links."""
    return _BLOCK.sub(r"\1\\", _MARKUP.sub(r"\\\g<0>", flat(text)))


def to_markdown(result: Result, *, evidence: bool = True) -> str:
    """CommonMark without any HTML; the Arabic stands in block quotes.

    Args:
        result: What to write.
        evidence: Whether the Arabic stands under the English.
    """

    def doubts(pairs: Iterable[tuple[str, str]], pad: str = "") -> str:
        return "\n".join(f"{pad}- **{k.capitalize()}:** {escape_markdown(v)}" for k, v in pairs)

    def row(label: str, lines: Sequence[Line]) -> Iterator[str]:
        pad = "" if label.startswith("#") else " " * len(label)
        yield label + " ".join(
            ("" if x.translated else "**Not translated:** ") + escape_markdown(x.text)
            for x in lines
        )
        yield doubts(((w.severity, w.message) for line in lines for w in line.warnings), pad)
        if evidence:
            found = _source(lines)
            # GitHub and most readers set a paragraph's direction by its first strong
            # character, which the mark is even where a sentence begins with "BBC".
            yield f"{pad}> " + (_RLM + escape_markdown(found) if found else f"*{_NO_EVIDENCE}*")

    blocks = [*row("# ", (result.top,))] if result.top else []
    for n, lines in enumerate(_rows(result), 1):
        blocks += row(f"{n}. " if isinstance(result, Brief) else "", lines)
    if result.warnings:  # the words part this list from one that stands before it
        blocks += [f"{_ABOUT_ALL}:", doubts(_whole(result.warnings))]
    blocks.append("---")
    blocks.append(
        "\n".join(f"- **{k}:** {_link(v, '<{}>', escape_markdown(v))}" for k, v in _facts(result))
    )
    return "\n\n".join(filter(None, blocks)) + "\n"


def _link(value: str, form: str, otherwise: str) -> str:
    """The value in a form for links if it is a web address, else the other thing."""
    return form.format(value) if _WEB.fullmatch(value) else otherwise


# --- HTML ----------------------------------------------------------------------------

_CSS = """
:root { color-scheme: light dark; --back: #fcfcfa; --ink: #1c1d1f; --soft: #5b6068; --rule: #dcdcd6;
  --link: #0b57a4; --target: #fff3c4; --serious: #a8201a; --warning: #8a5300; --note: #3d5a80 }
@media (prefers-color-scheme: dark) { :root { --back: #16181b; --ink: #e7e6e2; --soft: #a3a8b0;
  --rule: #34383e; --link: #8ab8f0; --target: #40391d; --serious: #ff9c94; --warning: #f0bd6a;
  --note: #a5c0e4 } }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 70rem; padding: 1.5rem 1rem 3rem; background: var(--back);
  color: var(--ink); font: 1.0625rem/1.55 Georgia, "Noto Serif", serif; overflow-wrap: anywhere }
h1 { font-size: 1.75rem; line-height: 1.25; margin: 0 }
p { margin: 0; white-space: pre-line }
a { color: var(--link) }
.tally, .w, footer, .n, .raw { font-family: system-ui, "Segoe UI", "Noto Sans", sans-serif }
.tally, footer { color: var(--soft); font-size: .875rem; margin: .5rem 0 }
.row { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 0 1rem;
  border-top: 1px solid var(--rule); padding: .5rem 0 }
.head { border: 0 }
.cell { display: grid; grid-template-columns: 1.75rem minmax(0, 1fr); padding: .375rem .5rem;
  border-radius: .375rem; align-content: start }
.cell:target { background: var(--target); outline: 2px solid var(--link) }
bdi[lang=ar] { font-size: 1.1em }
.n { font-size: .875rem; line-height: 1.65rem; text-decoration: none }
.n:hover, .n:focus { text-decoration: underline }
[lang=ar] { font-family: "Noto Naskh Arabic", "Geeza Pro", "Sakkal Majalla", "Segoe UI",
  "Noto Sans Arabic", "Traditional Arabic", serif; unicode-bidi: isolate }
.ar { font-size: 1.1875rem; line-height: 1.75 }
.head .ar p { font-size: 1.375rem; font-weight: 700 }
.none { color: var(--soft); font-style: italic }
.raw { font-size: .75rem; border: 1px solid; border-radius: .25rem; padding: 0 .25rem }
mark { background: none; color: inherit; text-decoration: underline 2px var(--c);
  text-underline-offset: .2em; text-decoration-skip-ink: none }
mark[data-n]::after { content: attr(data-n); unicode-bidi: isolate; vertical-align: super;
  color: var(--c); font: 700 .6875rem/1 system-ui, sans-serif; padding: 0 .125rem }
.serious { --c: var(--serious); text-decoration-style: double }
.warning { --c: var(--warning); text-decoration-style: dashed }
.note { --c: var(--note); text-decoration-style: dotted }
.w { margin: .375rem 0; padding: 0 0 0 1.25rem; font-size: .875rem; line-height: 1.45 }
.w b, .w ::marker { color: var(--c) }
footer { border-top: 1px solid var(--rule); padding-top: .75rem }
footer div { margin: .125rem 0 }
dl, dd { margin: 0 } dt, dd { display: inline }
@media (max-width: 40rem) { .row { grid-template-columns: minmax(0, 1fr) }
  body { padding: .75rem .5rem 2rem } h1 { font-size: 1.4375rem } }
"""


def page_head(title: str, style: str) -> str:
    """A page of ours up to its body: no scripts, no requests, no style but this one.

    Args:
        title: As HTML.
        style: CSS.
    """
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"""<!DOCTYPE html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
"""


def to_html(result: Result) -> str:
    """One page without scripts or requests: the English beside the Arabic it rests on."""
    title = html.escape(flat(result.top.text if result.top else result.source.name))
    tally = Counter(w.severity for w in result.all_warnings())
    counts = [
        f"{tally[s]} {s}{'s' if tally[s] > 1 and s != 'serious' else ''}"
        for s in reversed(SEVERITIES)
        if tally[s]
    ]
    body = [
        _html_row(0, (result.top,)) if result.top else f"<h1>{title}</h1>",
        '<p class="tally">Translated by machine. '
        + (f"Doubts: {', '.join(counts)}." if counts else "The checks found nothing to doubt.")
        + "</p>",
        html_doubts("ul", _whole(result.warnings)),
        *(_html_row(n, lines) for n, lines in enumerate(_rows(result), 1)),
        "<footer><dl>",
        *(
            f'<div><dt>{k}:</dt> <dd><bdi dir="auto">{_html_value(v)}</bdi></dd></div>'
            for k, v in _facts(result)
        ),
        "</dl></footer>",
    ]
    return page_head(title, _CSS) + "\n".join(filter(None, body)) + "\n</body>\n</html>\n"


def _html_value(value: str) -> str:
    text = html.escape(value)
    return _link(value, f'<a href="{text}" rel="noopener noreferrer">{text}</a>', text)


def html_doubts(tag: str, pairs: Iterable[tuple[str, str]]) -> str:
    """A list of (severity, message), or nothing where there are none."""
    items = [
        f'<li class="{k}"><b>{k.capitalize()}:</b> <bdi dir="ltr">{html.escape(v)}</bdi></li>'
        for k, v in pairs
    ]
    return f'<{tag} class="w">{"".join(items)}</{tag}>' if items else ""


def marked(text: str, spans: Sequence[tuple[int, Span]], doubts: Sequence[MujazWarning]) -> str:
    """The escaped text with each stretch that is doubted in a <mark>.

    Where spans overlap, the text is cut at every border, since marks that overlap cannot be
    written in HTML; a stretch names all its doubts, in the style of the worst. The number of
    a doubt stands at the end of its span.

    Args:
        text: The text.
        spans: What to mark, with the number of the doubt (from 1); cut to the text.
        doubts: All doubts of the row.
    """
    text, size = clean(text), len(text)
    inside = [(n, max(0, s[0]), min(size, s[1])) for n, s in spans]
    inside = [(n, start, end) for n, start, end in inside if start < end]
    borders = sorted({0, size, *(b for _, start, end in inside for b in (start, end))})
    out = []
    for left, right in pairwise(borders):
        piece = html.escape(text[left:right])
        over = [(n, end) for n, start, end in inside if start <= left and right <= end]
        if over:
            worst = max((doubts[n - 1].severity for n, _ in over), key=SEVERITIES.index)
            title = html.escape(" | ".join(flat(doubts[n - 1].message) for n, _ in over))
            here = ", ".join(str(n) for n, end in over if end == right)
            number = f' data-n="{here}"' if here else ""
            piece = f'<mark class="{worst}" title="{title}"{number}>{piece}</mark>'
        out.append(piece)
    return "".join(out)


def _html_row(key: int, lines: Sequence[Line]) -> str:
    """English and Arabic side by side, each with a link to the other; key 0 is the headline."""
    doubts = [w for line in lines for w in line.warnings]
    number, said = 1, []
    for line in lines:
        spans = [(n, w.span) for n, w in enumerate(line.warnings, number) if w.span]
        number += len(line.warnings)
        text = marked(line.text, spans, doubts)
        said.append(
            f'<bdi dir="ltr">{text}</bdi>'
            if line.translated
            else f'<b class="raw">not translated</b> <bdi lang="ar" dir="rtl">{text}</bdi>'
        )
    found = "".join(
        f"{joint}<bdi>{marked(part.text, spans, doubts)}</bdi>"
        for joint, part, spans in parts(lines)
    )
    tag, what, sign = ("p", f"of {key}", key) if key else ("h1", "of the headline", "↔")
    there = f'<a class="n" href="#e{key}" aria-label="Arabic {what}">{sign}</a>'
    back = f'<a class="n" lang="en" href="#s{key}" aria-label="English {what}">{sign}</a>'
    if found:
        found = f'<div class="cell ar" id="e{key}" lang="ar" dir="rtl">{back}<p>{found}</p></div>'
    else:
        there = f'<span class="n">{sign}</span>'
        found = f'<div class="cell none"><span></span><p>{_NO_EVIDENCE}</p></div>'
    listed = html_doubts("ol", ((w.severity, flat(w.message)) for w in doubts))
    return (
        f'<section class="row{"" if key else " head"}">'
        f'<div class="cell" id="s{key}">{there}<div><{tag}>{" ".join(said)}</{tag}>{listed}</div>'
        f"</div>{found}</section>"
    )


FORMATS: Mapping[str, Callable[[Result], str]] = {
    "text": to_text,
    "markdown": to_markdown,
    "json": to_json,
    "html": to_html,
}
_SUFFIXES = {".txt": "text", ".md": "markdown", ".json": "json", ".html": "html", ".htm": "html"}


def format_of_path(path: str | os.PathLike[str]) -> str:
    """Which of `FORMATS` a file's name asks for.

    Raises:
        UsageError: The suffix is none that we write.
    """
    suffix = Path(path).suffix.lower()
    if suffix not in _SUFFIXES:
        raise UsageError(
            f"Cannot tell from its name in which format to write {os.fspath(path)!r}.",
            hint=f"End the name in {', '.join(_SUFFIXES)}, or name a format: {', '.join(FORMATS)}.",
        )
    return _SUFFIXES[suffix]
