"""Rendering: nothing of an article or a model becomes markup, and no doubt is lost."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html
from markdown_it import MarkdownIt
from markdown_it.token import Token

from summarizer.errors import UsageError
from summarizer.render import FORMATS, format_of_path, to_html, to_json, to_markdown, to_text
from summarizer.result import Brief, EngineRef, Evidence, Line, SourceRef, Translation
from summarizer.warning import MujazWarning, Span

ATTACKS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\"'><svg/onload=alert(1)>",
    "![x](http://evil.example/a.png)",
    "[a](javascript:alert(1))",
    "<http://evil.example>",
    "see http://evil.example or www.evil.example",
    "[a]: http://evil.example",
    "&lt;b&gt; &#60;i&#62; &amp;",
    "</p></div></section><h1>x</h1>",
    "-->]]></style></title>",
    "# *a* _b_ `c` ~~d~~ $e$ | f",
    "- 1. + a",
    "12) a",
    "---",
    "===",
    "~~~",
    "back\\slash\\",
    "a\n\n# b\n\n    c\n> d\r\n- e",
    "\u202eevil\u202c \u2067x\u2069\u2069 \u200f!",
    "\x1b[31mred\x1b[0m \x9b0m \x00 \ufffe",
    "%s %(a)s {} {0}",
    "{{ x }} {% raw %}",
)
any_text = st.sampled_from(ATTACKS) | st.text(
    alphabet=st.sampled_from("ab1 \n\t<>&\"'`*_[]()!#-+=|~\\:/.@${}اب،\u202e\u2069\u200f\x1b\x00é")
    | st.characters(),
    max_size=40,
)
spans = st.none() | st.builds(
    lambda a, b: Span(min(a, b), max(a, b)),
    st.integers(-2, 45),
    st.integers(-2, 45),
)
warnings = st.lists(
    st.builds(
        MujazWarning,
        any_text,
        any_text,
        st.sampled_from(("note", "warning", "serious")),
        spans,
        spans,
    ),
    max_size=3,
).map(tuple)
evidence = st.lists(
    st.builds(Evidence, any_text, st.integers(0, 9), st.integers(0, 9)), max_size=2
).map(tuple)
lines = st.builds(
    Line, any_text, evidence, st.none() | st.floats(-1, 1), warnings, translated=st.booleans()
)
engines = st.builds(EngineRef, any_text, any_text, any_text)
sources = st.builds(
    SourceRef,
    *(any_text, st.none() | any_text, any_text, any_text),
    *(st.none() | any_text, st.none() | any_text, any_text),
)
about = {
    "language": st.just("ar"),
    "engine": engines,
    "source": sources,
    "warnings": warnings,
    "removed": st.dictionaries(st.sampled_from(("ad", "share")) | any_text, st.integers(0, 9)),
    "timing": st.dictionaries(any_text, st.floats(0, 9)),
}
briefs = st.builds(
    Brief, lines, st.lists(lines, max_size=3).map(tuple), length=st.just("brief"), **about
)
translations = st.builds(
    Translation,
    st.none() | lines,
    st.lists(st.lists(lines, max_size=3).map(tuple), max_size=3).map(tuple),
    **about,
)
results = briefs | translations
some = settings(max_examples=200, deadline=None)

ARABIC = "أصيب 25 راكبا في طنطا."
PLAIN = Brief(
    Line("Crash in Tanta", (Evidence("حادث في طنطا", 0, 12, "title"),)),
    (Line("In Tanta, 35 passengers were injured.", (Evidence(ARABIC, 0, len(ARABIC)),), 0.9),),
    "brief",
    "ar",
    EngineRef("embedded", "3f9c2a1b", "a81d77e0"),
    SourceRef(
        "1", "https://news.example/a?b=1&c=2", "news.example", "حادث", None, "2024-05-14", "0"
    ),
    removed={"share": 2, "new reason": 1},
)


def with_line(**changes: object) -> Brief:
    """The plain brief, with its one sentence changed."""
    return replace(PLAIN, sentences=(replace(PLAIN.sentences[0], **changes),))  # type: ignore[arg-type]


def shown(text: str) -> str:
    """A text as a reader can see it: what is not safe to show is replaced, spaces are one."""
    controls = "\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069"
    not_text = "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    return " ".join(re.sub(f"[{controls}{not_text}]", "\ufffd", text.replace("\r", " ")).split())


def texts_of(result: Brief | Translation) -> Iterator[str]:
    """Every text that a reader must find in each format."""
    yield from (warning.message for warning in result.all_warnings())
    for line in result.lines:
        yield line.text
        if line.translated or line.text != line.source:
            yield from (part.text for part in line.evidence)
    yield from (result.engine.name, result.engine.revision, result.source.title)
    yield from (value for value in (result.source.url, result.source.byline) if value)


# --- HTML ----------------------------------------------------------------------------


def words(text: str) -> set[str]:
    return set(text.split())


OURS = words(
    "html head meta title style body section div a span h1 p bdi b mark ol ul li footer dl dt dd"
)
ATTRIBUTES = words(
    "lang dir charset http-equiv content name class id href rel title data-n aria-label"
)


def parse(page: str) -> lxml_html.HtmlElement:
    return lxml_html.document_fromstring(
        page.encode(), parser=lxml_html.HTMLParser(encoding="utf-8")
    )


@given(results)
@some
def test_a_page_has_our_elements_only_and_every_text(result: Brief | Translation) -> None:
    tree = parse(to_html(result))
    elements = list(tree.iter())
    assert {str(e.tag) for e in elements} <= OURS
    assert {str(name) for e in elements for name in e.attrib} <= ATTRIBUTES
    rows = len(result.sentences if isinstance(result, Brief) else result.paragraphs)
    assert len(tree.findall(".//section")) == rows + (result.top is not None)
    assert len(tree.findall(".//h1")) == 1
    assert len(tree.findall(".//style")) == len(tree.findall(".//title")) == 1
    text = shown(tree.body.text_content())
    assert [t for t in texts_of(result) if shown(t) not in text] == []


@given(results)
@some
def test_links_stay_on_the_page_and_arrive(result: Brief | Translation) -> None:
    tree = parse(to_html(result))
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    inner = [h[1:] for h in tree.xpath("//a/@href") if h.startswith("#")]
    assert set(inner) <= set(ids)
    assert {i for i in ids if i[0] == "e"} <= set(inner)
    outer = [h for h in tree.xpath("//a/@href") if not h.startswith("#")]
    assert outer in ([], [result.source.url])
    assert all(h.lower().startswith(("http://", "https://")) for h in outer)


def marks(page: str, side: str) -> tuple[str, list[bool]]:
    """The text of one side of the first row after the headline, and which of it is marked."""
    text, flags = "", []
    for piece in parse(page).xpath(f"//*[@id='{side}1']//p//text()"):
        inside = piece.getparent().tag == "mark" and not piece.is_tail
        text += piece
        flags += [inside] * len(piece)
    return text, flags


@given(st.lists(spans.filter(bool), max_size=4), st.text("ab <&اب", min_size=1, max_size=30))
@example([Span(0, 5), Span(3, 8), Span(4, 5)], "<b>&amp; ab")
@some
def test_marks_cover_what_is_doubted_and_no_more(doubted: list[Span], text: str) -> None:
    said = tuple(MujazWarning("x", f"m{i}", "note", s) for i, s in enumerate(doubted))
    page = to_html(with_line(text=text, warnings=said))
    expected = [any(s.start <= i < s.end for s in doubted) for i in range(len(text))]
    assert marks(page, "s") == (text, expected)
    titles = "".join(parse(page).xpath("//mark/@title"))
    for doubt, span in zip(said, doubted, strict=True):
        if max(span.start, 0) < min(span.end, len(text)):
            assert doubt.message in titles


@given(
    st.lists(st.text("اب <&", min_size=1, max_size=9), min_size=1, max_size=3), spans.filter(bool)
)
@some
def test_marks_in_the_arabic_count_in_the_joined_source(parts: list[str], doubted: Span) -> None:
    found = tuple(Evidence(part, 0, 0) for part in parts)
    line = Line("x", found, warnings=(MujazWarning("x", "m", source_span=doubted),))
    flags = [doubted.start <= i < doubted.end for i in range(len(line.source))]
    edges = [sum(len(p) + 1 for p in parts[:i]) - 1 for i in range(1, len(parts))]
    text, marked = marks(to_html(replace(PLAIN, sentences=(line,))), "e")
    assert text == line.source
    for i, (is_marked, expected) in enumerate(zip(marked, flags, strict=True)):
        assert is_marked == (expected and i not in edges)  # the space that joins is ours


def test_overlapping_doubts_are_each_numbered_once_and_listed() -> None:
    page = to_html(
        with_line(
            text="abcdefgh",
            warnings=(
                MujazWarning("x", "first", "note", Span(0, 5)),
                MujazWarning("x", "second", "serious", Span(3, 8)),
                MujazWarning("x", "nowhere", "warning"),
            ),
        )
    )
    tree = parse(page)
    found = [(m.text, m.get("class"), m.get("title"), m.get("data-n")) for m in tree.iter("mark")]
    assert found == [
        ("abc", "note", "first", None),
        ("de", "serious", "first | second", "1"),
        ("fgh", "serious", "second", "2"),
    ]
    listed = [item.text_content() for item in tree.xpath("//ol/li")]
    assert listed == ["Note: first", "Serious: second", "Warning: nowhere"]


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_mark_carries_its_message_as_text(attack: str) -> None:
    doubt = MujazWarning("x", attack, "warning", Span(0, 5))
    tree = parse(to_html(with_line(warnings=(doubt,))))
    assert [shown(mark.get("title")) for mark in tree.iter("mark")] == [shown(attack)]
    assert {str(element.tag) for element in tree.iter()} <= OURS


def test_doubts_are_counted_through_a_paragraph() -> None:
    found = (Evidence("أب", 0, 2),)
    first = Line("ab", found, warnings=(MujazWarning("x", "one", "note", Span(0, 2)),))
    both = MujazWarning("x", "two", "note", Span(0, 2), Span(0, 1))
    second = Line("cd", found, warnings=(both,))
    result = Translation(None, ((first, second),), "ar", PLAIN.engine, PLAIN.source)
    tree = parse(to_html(result))
    found_marks = [(m.text, m.get("title"), m.get("data-n")) for m in tree.iter("mark")]
    assert found_marks == [("ab", "one", "1"), ("cd", "two", "2"), ("أ", "two", "2")]


def test_the_page_asks_nobody_for_anything() -> None:
    page = to_html(PLAIN)
    policy = parse(page).xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    assert not re.search(r"@import|url\(|\bsrc=", page)


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "file:///etc/passwd", "https://a b", 'https://a/"onclick="x', "//a"],
)
@pytest.mark.parametrize("render", [to_html, to_markdown])
def test_only_web_addresses_are_links(url: str, render: Callable[[Brief], str]) -> None:
    written = render(replace(PLAIN, source=replace(PLAIN.source, url=url)))
    page = written if render is to_html else MarkdownIt().render(written)
    tree = parse(page)
    assert not [h for h in tree.xpath("//a/@href") if not h.startswith("#")]
    assert url in tree.text_content()


@pytest.mark.parametrize("render", [to_html, to_markdown, to_text])
def test_what_was_not_translated_says_so(render: Callable[[Brief], str]) -> None:
    written = render(with_line(text=ARABIC, translated=False))
    assert "not translated" in written.lower()
    assert ARABIC in written


def test_what_has_no_evidence_says_so_and_links_nowhere() -> None:
    result = with_line(evidence=())
    assert "No evidence" in to_text(result)
    assert "No evidence" in to_markdown(result)
    assert "No evidence" in parse(to_html(result)).body.text_content()
    assert "#e1" not in to_html(result)


# --- Markdown ------------------------------------------------------------------------


def flat_tokens(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from flat_tokens(token.children or [])


@given(results)
@some
def test_markdown_holds_our_markup_only_and_every_text(result: Brief | Translation) -> None:
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    tokens = list(flat_tokens(parser.parse(to_markdown(result))))
    kinds = {re.sub("_(open|close)$", "", token.type) for token in tokens}
    assert kinds <= words(
        "heading paragraph inline text text_special strong em hr link blockquote list_item "
        "bullet_list ordered_list"
    )
    links = [token.attrs["href"] for token in tokens if token.type == "link_open"]
    assert len(links) <= 1
    assert not links or result.source.url
    assert sum(token.type == "heading_open" for token in tokens) == (result.top is not None)
    assert sum(token.type == "hr" for token in tokens) == 1
    numbered = sum(token.type == "ordered_list_open" for token in tokens)
    assert numbered == (isinstance(result, Brief) and bool(result.sentences))
    text = " ".join(
        "".join(child.content for child in token.children or [])
        for token in tokens
        if token.type == "inline"
    )
    assert [t for t in texts_of(result) if shown(t) not in text] == []


@pytest.mark.parametrize("attack", ATTACKS)
def test_markdown_breaks_the_bare_links_that_github_makes(attack: str) -> None:
    written = to_markdown(with_line(text=attack))
    first = next(part for part in written.split("\n") if part.startswith("1. "))
    assert "http://" not in first
    assert "www." not in first


def test_markdown_of_a_paragraph_that_begins_like_a_list_is_a_paragraph() -> None:
    line = PLAIN.sentences[0]
    paragraphs = tuple(
        (replace(line, text=t),) for t in ("2024. A year", "- a", "+ b", "# c", "> d")
    )
    result = Translation(PLAIN.top, paragraphs, "ar", PLAIN.engine, PLAIN.source)
    kinds = [t.type for t in MarkdownIt().parse(to_markdown(result)) if t.level == 0]
    assert kinds.count("paragraph_open") == len(paragraphs)


# --- text, JSON, names ---------------------------------------------------------------


@given(results, st.none() | st.integers(1, 100))
@some
def test_text_has_everything_and_commands_no_terminal(
    result: Brief | Translation, width: int | None
) -> None:
    written = to_text(result, width=width)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", written)
    assert written.count("\u2067") + written.count("\u2068") == written.count("\u2069")
    if width is None:
        assert [t for t in texts_of(result) if shown(t) not in written] == []
    written.encode()


def test_text_as_a_reader_sees_it() -> None:
    doubts = (
        MujazWarning("number", 'The English says "35".', "serious"),
        MujazWarning("name", "A name is missing.", "note"),
    )
    late = MujazWarning("date", "No date.", "warning")
    result = replace(with_line(warnings=doubts), warnings=(late, late))
    assert to_text(result) == (
        "Crash in Tanta\n"
        "    \u2067حادث في طنطا\u2069\n\n"
        "1. In Tanta, 35 passengers were injured.\n"
        '     ! serious: The English says "35".\n'
        "     - note: A name is missing.\n"
        f"       \u2067{ARABIC}\u2069\n\n"
        "About the whole article:\n"
        "  ! warning: No date. (2 times)\n\n"
        "Source: news.example\n"
        "Title: \u2068حادث\u2069\n"
        "Published: 2024-05-14\n"
        "Address: https://news.example/a?b=1&c=2\n"
        "Translated by: embedded, revision 3f9c2a1b, settings a81d77e0\n"
        "Left out: share button (2); new reason (1)\n"
    )
    assert ARABIC not in to_text(result, evidence=False)
    assert ARABIC not in to_markdown(result, evidence=False)
    lengths = [len(line) for line in to_text(result, width=40).split("\n")]
    assert max(lengths) <= 42  # two marks of direction have no width


def test_what_the_article_says_in_between_is_told() -> None:
    far = (Evidence("أ", 0, 1), Evidence("ب", 40, 41))
    near = (Evidence("أ", 0, 1), Evidence("ب", 2, 3))
    assert "أ … ب" in to_text(with_line(evidence=far))
    assert "أ ب" in to_text(with_line(evidence=near))


@given(results)
@some
def test_json_comes_back_as_it_was(result: Brief | Translation) -> None:
    written = to_json(result)
    written.encode()
    assert json.loads(written) == json.loads(json.dumps(result.to_dict()))
    assert to_json(result) == written


def test_json_is_readable_and_has_the_timing() -> None:
    written = to_json(replace(PLAIN, timing={"read": 0.5}))
    assert ARABIC in written
    assert '\n "headline": "Crash in Tanta",' in written
    assert json.loads(written)["timing"] == {"read": 0.5}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.txt", "text"),
        ("b/A.MD", "markdown"),
        ("a.b.json", "json"),
        ("a.html", "html"),
        ("a.htm", "html"),
    ],
)
def test_the_format_is_told_by_the_name(name: str, expected: str) -> None:
    assert format_of_path(name) == expected
    assert FORMATS[expected](PLAIN).endswith("\n")


@pytest.mark.parametrize("name", ["a.pdf", "a", ".json", ""])
def test_a_name_that_tells_no_format_is_an_error_with_a_way_out(name: str) -> None:
    with pytest.raises(UsageError) as error:
        format_of_path(name)
    assert ".md" in error.value.hint
