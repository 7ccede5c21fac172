"""One spelling for one name in a brief."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.result import Evidence, Line
from summarizer.spelling import spelled_alike
from summarizer.warning import MujazWarning, Span

FULL = (
    "أنهى الرئيس التونسي قيس سعيد مهام الحكومة",
    "President Kais Saied dismissed the government",
)
KNOWN = {
    "عاد",
    "الوزير",
    "إلى",
    "عمان",
    "وقال",
    "إن",
    "القرار",
    "نهائي",
    "كان",
    "غاضبا",
    "رحب",
    "أمس",
}


def line(arabic: str, english: str, *warnings: MujazWarning) -> Line:
    return Line(english, (Evidence(arabic, 0, len(arabic)),), None, warnings)


def texts(*pairs: tuple[str, str], glossary: dict[str, str] | None = None) -> list[str]:
    made = spelled_alike([line(*pair) for pair in pairs], glossary or {}, KNOWN.__contains__)
    return [one.text for one in made]


def test_a_listed_person_is_spelled_as_listed() -> None:
    second = ("لكن سعيد كان غاضبا", "But Saeed's mood was foul")
    assert texts(FULL, second) == [FULL[1], "But Saied's mood was foul"]


def test_what_stands_in_most_lines_is_taken() -> None:
    pairs = [
        ("عاد الوزير الحوامدة إلى عمان", "Minister al-Hawamdeh returned to Amman"),
        ("وقال الحوامدة إن القرار نهائي", "Hawamda said the decision was final"),
        ("رحب الحوامدة أمس", "Hawamdeh was welcoming yesterday"),
    ]
    made = spelled_alike([line(*pair) for pair in pairs], {}, KNOWN.__contains__)
    assert made[1].text == "Hawamdeh said the decision was final"
    (note,) = made[1].warnings
    assert note.code == "spelling"
    assert note.severity == "note"
    assert note.span
    assert made[1].text[note.span.start : note.span.end] == "Hawamdeh"
    assert made[0].warnings == made[2].warnings == ()


def test_where_nothing_says_which_is_right_both_stay_and_it_is_said() -> None:
    pairs = [
        ("عاد الحوامدة إلى عمان", "Hawamdeh returned to Amman"),
        ("وقال الحوامدة إن القرار نهائي", "Hawamda said the decision was final"),
    ]
    made = spelled_alike([line(*pair) for pair in pairs], {}, KNOWN.__contains__)
    assert [one.text for one in made] == [english for _, english in pairs]
    assert "one name in Arabic" in made[1].warnings[0].message


@pytest.mark.parametrize(
    ("arabic", "english"),
    [
        ("كان الطفل سعيدا", "The child Saeed was happy"),  # no such word in the Arabic
        ("لكن سعيد وسعد كانا", "But Saad was there"),  # it may be either
        ("لكن سعيد كان غاضبا", "But he was happy and angry"),
        ("لكن سعيد كان غاضبا", "But Saadawi and Saeed were angry"),
    ],
)
def test_what_may_be_another_stays(arabic: str, english: str) -> None:
    assert texts(FULL, (arabic, english))[1] == english


def test_the_glossary_has_the_last_word() -> None:
    second = ("لكن سعيد كان غاضبا", "But Saeed was angry")
    assert texts(FULL, second, glossary={"سعيد": "Saeed"})[1] == "But Saeed was angry"


def test_other_warnings_move_with_their_words() -> None:
    doubt = MujazWarning("number", "?", "warning", Span(15, 17))
    second = line("لكن سعيد كان غاضبا", "But Sayeed was 12 times angry", doubt)
    made = spelled_alike([line(*FULL), second], {}, KNOWN.__contains__)[1]
    assert made.text == "But Saied was 12 times angry"
    moved = made.warnings[0].span
    assert moved
    assert made.text[moved.start : moved.end] == "12"


@given(st.lists(st.tuples(st.text(max_size=40), st.text(max_size=40)), max_size=4))
def test_any_lines_stay_as_many_with_spans_inside(pairs: list[tuple[str, str]]) -> None:
    made = spelled_alike([line(*pair) for pair in pairs], {}, None)
    assert len(made) == len(pairs)
    for one in made:
        for warning in one.warnings:
            assert warning.span is None or 0 <= warning.span.start <= warning.span.end <= len(
                one.text
            )
