"""What the page shows: escaped, linked, in two languages. No browser, no model."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer import article, brief, checks, furniture
from summarizer.article import Article, SourceInfo, read_text
from summarizer.brief import summarize, translate
from summarizer.engines import ENGINES, base
from summarizer.engines.build import STEPS
from summarizer.errors import InputError
from summarizer.feed import Item
from summarizer.page import view
from summarizer.page.desk import Doing, Waiting
from summarizer.page.feeds import Run
from summarizer.page.words import LANGUAGES, words
from summarizer.result import Evidence, Line
from summarizer.warning import MujazWarning, Span

EN = words("en")
TEXT = """البرلمان يقر قانونا جديدا للمياه بعد نقاش طويل

أقر البرلمان أمس الاثنين قانونا جديدا للمياه بعد نقاش استمر ثلاثة أيام.

وقال وزير الري سامر حداد إن القانون يحمي الآبار الجوفية من الاستنزاف. ورفض نائب واحد القانون.

اقرأ أيضا: أسعار المياه ترتفع
"""


class Reader(HTMLParser):
    """The tags, attributes and text of some HTML; fails where tags don't nest."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text, self.open = "", list[str]()
        self.feed(html)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def line(text: str, start: int, end: int, source: str, *warnings: MujazWarning) -> Line:
    return Line(text, (Evidence(source[start:end], start, end),), warnings=warnings)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_and_every_key_has_words(language: str) -> None:
    found = words(language)
    assert {k for k in found if k in EN or "." not in k} == {*EN}
    for key in EN:
        assert sorted(re.findall(r"{\w*}", found[key])) == sorted(re.findall(r"{\w*}", EN[key]))
    said = {*STEPS, "starting"}  # and whatever else is told of progress
    for file in Path(view.__file__).parents[1].rglob("*.py"):
        said |= {*re.findall(r'\bprogress\("(.+?)"', file.read_text(encoding="utf-8"))}
    assert {"translating", "scoring"} <= said
    assert {f"what.{what}" for what in said} <= {*found}
    if language != "en":  # the pipeline speaks English itself
        codes = {*checks.CODES, *article.CODES, *brief.CODES, *base.CODES}
        reasons = {f"reason.{reason}" for reason in furniture.REASONS}
        assert {f"code.{code}" for code in codes} | reasons <= {*found}


def test_each_line_is_linked_with_its_evidence() -> None:
    source = read_text(TEXT)
    made = summarize(source, engine="echo", length="detailed")
    rows = view.rows(made.lines)
    found = Reader(view.article(source, rows, EN) + view.brief(rows, EN, made))
    keys = {"mj-line": [], "mj-evidence": []}  # type: dict[str, list[str | None]]
    for _, attrs in found.tags:
        if attrs.get("class") in keys:
            keys[str(attrs["class"])].append(attrs["data-key"])
    starts = [f"text-{sentence.start}" for sentence in source.sentences()]
    assert keys["mj-line"] == ["headline", *starts]
    assert keys["mj-evidence"] == ["headline", *starts]
    html = view.article(source, rows, EN)
    for row in rows:
        piece = re.search(rf'data-key="{row.key}">(.*?)</span>', html)
        assert piece
        shown = Reader(piece[1]).text
        assert shown[1:] == row.line.evidence[0].text  # after the number


def test_the_article_stands_there_whole_with_what_was_cleaned_away() -> None:
    source = read_text(TEXT)
    shown = Reader(view.article(source, [], EN)).text
    for paragraph in source.paragraphs:
        assert paragraph in shown
    assert "أسعار المياه ترتفع" in shown
    assert EN["removed"].format(n=1) in shown


def test_lines_stand_in_the_order_of_the_article_while_they_come() -> None:
    text = "".join(f"جملة {n} هنا. " for n in range(3))
    late, early = line("late", 20, 30, text), line("early", 0, 5, text)
    top = Line("top", (Evidence("t", 0, 1, "title"),))
    assert [row.line.text for row in view.rows([top, late, early])] == ["top", "early", "late"]


def test_names_dates_and_files_stand_apart_whatever_their_direction() -> None:
    source = replace(Article("", ("نص",), None, None, SourceInfo("i", None, "", "")),
                     byline="خالد الرشيدي", published="2024-05-23")  # fmt: skip
    shown = view.article(source, [], words("ar"))
    assert "<bdi>خالد الرشيدي</bdi> · <bdi>2024-05-23</bdi>" in shown
    done = view.feed_status(Run(files=("briefs.html",)), "name", "", words("ar"))
    assert '<a dir="auto"' in done  # else "صفحة HTML RSS Atom" is one run from left to right
    assert '<a dir="ltr" href="/ar/?feed=name">' in done


def test_a_feed_that_was_told_to_stop_says_that_it_heard() -> None:
    item = Item(1, "key", "waiting", 0, "", "", "عنوان", None, "", None, 1, 0)
    for items in ((), (item,)):
        going = view.feed_status(Run(items, True), "name", "", EN)
        stopping = view.feed_status(Run(items, True, is_stopping=True), "name", "", EN)
        assert EN["feed-stopping"] not in going
        assert EN["feed-stopping"] in stopping


def test_doubts_mark_the_words_on_both_sides() -> None:
    source = Article("", ("قتل 12 شخصا.",), None, None, SourceInfo("i", None, "n", "h"))
    doubt = MujazWarning("number", "12 became 21.", "serious", Span(0, 2), Span(4, 6))
    rows = view.rows([Line("21 killed.", (Evidence("قتل 12 شخصا.", 0, 12),), warnings=(doubt,))])
    assert '<mark class="serious" title="12 became 21." data-n="1">21</mark>' in view.brief(
        rows, EN
    )
    assert '<mark class="serious" title="12 became 21." data-n="1">12</mark>' in view.article(
        source, rows, EN
    )
    arabic = view.brief(rows, words("ar"))
    assert words("ar")["code.number"] in arabic
    assert "12 became 21." in arabic


def test_the_full_translation_marks_the_arabic_too() -> None:
    text = ("وصل وفد.", "قتل 12 شخصا.")
    source = Article("", text, None, None, SourceInfo("i", None, "n", "h"))
    doubt = MujazWarning("number", "12 became 21.", "serious", Span(0, 2), Span(4, 6))
    start = len(text[0]) + 2
    second = Line("21 killed.", (Evidence(text[1], start, start + 12),), warnings=(doubt,))
    shown = view.translation(source, [second], EN)
    assert shown.count('<mark class="serious" title="12 became 21." data-n="1">') == 2
    assert 'قتل <mark class="serious" title="12 became 21." data-n="1">12</mark> شخصا.' in shown


SAFE_TAGS = {
    "article", "section", "header", "div", "p", "span", "b", "bdi", "h2", "ol", "ul", "li", "mark",
    "button", "details", "summary", "small", "progress",
}  # fmt: skip
SAFE_ATTRIBUTES = {
    "class", "lang", "dir", "title", "hidden", "type", "role", "value", "max", "aria-label",
    "aria-pressed", "data-key", "data-name", "data-phase", "data-n", "data-do", "data-copied",
    "data-failed",
}  # fmt: skip


@given(st.text(max_size=60), st.text(max_size=60), st.data())
def test_no_text_becomes_markup(arabic: str, english: str, data: st.DataObject) -> None:
    arabic, english = f"<b onclick=x>{arabic}", f"</p><script>{english}"
    spans = st.tuples(st.integers(-3, 70), st.integers(-3, 70)).map(lambda s: Span(*sorted(s)))
    doubts = data.draw(
        st.lists(
            st.builds(MujazWarning, st.just("number"), st.text(max_size=20), span=spans,
                      source_span=spans), max_size=3)
    )  # fmt: skip
    removed = (furniture.Removed(arabic, "ad"),)
    source = Article(arabic, (arabic, english), english, arabic, SourceInfo("i", None, "n", "h"),
                     removed)  # fmt: skip
    text = source.text
    made = [
        Line(english, (Evidence(arabic, 0, len(arabic), "title"),), warnings=tuple(doubts)),
        line(english, 0, len(arabic), text, *doubts),
        Line(arabic, (), translated=False),
    ]
    rows = view.rows(made)
    whole = "".join(
        (
            view.brief(rows, EN),
            view.article(source, rows, EN),
            view.translation(source, made, EN),
            view.status(Doing(english, 1, 2, 3.0), EN),
            view.error(InputError(arabic, hint=english), EN),
        )
    )
    found = Reader(whole)
    assert {tag for tag, _ in found.tags} <= SAFE_TAGS
    assert {name for _, attrs in found.tags for name in attrs} <= SAFE_ATTRIBUTES


def test_a_finished_result_can_be_taken_along_in_four_forms() -> None:
    source = read_text(TEXT)
    for made in (summarize(source, engine="echo"), translate(source, engine="echo")):
        lines = list(made.lines)
        html = (
            view.brief(view.rows(lines), EN, made)
            if hasattr(made, "sentences")
            else view.translation(source, lines, EN, made)
        )
        found = Reader(html)
        tools = [attrs["data-do"] for tag, attrs in found.tags if "data-do" in attrs]
        assert tools == ["copy-text", "copy-markdown", "copy-json", "download-html"]
        assert '"schema_version": 1' in found.text
        assert "<!DOCTYPE html>" in found.text


def test_status_says_how_far_it_is() -> None:
    assert "translating: 3 of 5" in view.status(Doing("translating", 3, 5, 7.2), EN)
    assert 'value="3" max="5"' in view.status(Doing("translating", 3, 5, 7.2), EN)
    assert "Waiting: 2 before you" in view.status(Waiting(2), EN)


def test_screen_readers_are_not_told_every_second() -> None:
    told = (Doing("translating", 0, 0, 0.1), Doing("translating", 3, 5, 7.2))
    assert all('data-phase="translating"' in view.status(doing, EN) for doing in told)


def test_a_line_keeps_its_key_when_another_is_put_before_it() -> None:
    text = "".join(f"جملة {n} هنا. " for n in range(3))
    top, early, late = Line("top", ()), line("early", 0, 5, text), line("late", 20, 30, text)
    alone, both = view.rows([top, late]), view.rows([top, late, early])
    assert (alone[1].line, alone[1].key) == (both[2].line, both[2].key)


class Placed(Reader):
    """Each piece of text and each label, with the language and direction that it has."""

    def __init__(self, html: str, words: Mapping[str, str]) -> None:
        language = words["language"]
        self.around = [(language, LANGUAGES[language])]
        self.places: dict[str, tuple[str, str]] = {}
        super().__init__(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        super().handle_starttag(tag, attrs)
        own, (language, direction) = dict(attrs), self.around[-1]
        self.around.append((own.get("lang") or language, own.get("dir") or direction))
        self.places[own.get("aria-label") or ""] = self.around[-1]

    def handle_endtag(self, tag: str) -> None:
        super().handle_endtag(tag)
        self.around.pop()

    def handle_data(self, data: str) -> None:
        self.places[data.strip()] = self.around[-1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_of_the_interface_have_their_language_wherever_they_stand(language: str) -> None:
    w, source = words(language), read_text(TEXT)
    made = [*translate(source, engine="echo").lines]
    bare = Line("nothing behind it", ())
    raw = Line(source.title, (Evidence(source.title, 0, 5, "title"),), translated=False)
    rows = view.rows([raw, bare, *made[1:]])
    html = (
        view.brief(rows, w),
        view.article(source, rows, w),
        view.translation(source, [raw], w),
    )
    for part, keys in zip(
        html,
        (
            ("not-translated", "no-evidence", "show-evidence-headline"),
            ("show-english-headline",),
            ("not-translated",),
        ),
        strict=True,
    ):
        places = Placed(part, w).places
        for key in keys:
            assert places[w[key]][0] == language, key
            if not key.startswith("show"):  # a name that is only read out has no direction
                assert places[w[key]][1] == LANGUAGES[language], key


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_pipeline_says_is_english_from_left_to_right(language: str) -> None:
    w = words(language)
    problem = InputError("خبر.txt has no text.", hint="Open another.")
    places = Placed(view.error(problem, w), w).places
    assert places[".txt has no text."] == places["Open another."] == ("en", "ltr")
    assert "<bdi>خبر</bdi>.txt" in view.error(problem, w)
    about = Placed(view.about(w, {"embedded": w["about-built"]}, "embedded"), w).places
    assert about[ENGINES["embedded"].what] == ("en", "ltr")
    assert about[w["about-built"]] == (language, LANGUAGES[language])
    named = Article("", ("نص",), None, None, SourceInfo("i", None, "خبر.txt", "h"))
    assert "\u2068خبر.txt\u2069" in view.was_read(named, w)
