"""One spelling for one name in a brief."""

from __future__ import annotations

import time
from itertools import cycle, islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.names import PERSONS
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
        ("عاد الوزير البرغوثي إلى عمان", "Minister al-Barghouti returned to Amman"),
        ("وقال البرغوثي إن القرار نهائي", "Barghuthi said the decision was final"),
        ("رحب البرغوثي أمس", "Barghouti was welcoming yesterday"),
    ]
    made = spelled_alike([line(*pair) for pair in pairs], {}, KNOWN.__contains__)
    assert made[1].text == "Barghouti said the decision was final"
    (note,) = made[1].warnings
    assert note.code == "spelling"
    assert note.severity == "note"
    assert note.span
    assert made[1].text[note.span.start : note.span.end] == "Barghouti"
    assert made[0].warnings == made[2].warnings == ()


def test_where_nothing_says_which_is_right_both_stay_and_it_is_said() -> None:
    pairs = [
        ("عاد كافانو إلى عمان", "Kavan returned to Amman"),
        ("وقال كافانو إن القرار نهائي", "Kavanaugh said the decision was final"),
        ("رحب كافانو أمس", "Kavan was welcoming yesterday"),
    ]
    made = spelled_alike([line(*pair) for pair in pairs], {}, KNOWN.__contains__)
    assert [one.text for one in made] == [english for _, english in pairs]
    assert "one name in Arabic" in made[1].warnings[0].message


def test_every_listed_person_stays_as_listed() -> None:
    rows = [row.split("\t") for row in PERSONS.read_text("utf-8").splitlines() if "\t" in row]
    assert rows
    for arabic, english in rows:
        form = english.split("|")[0]
        pair = (f"قال {arabic.split('|')[0].strip('?~')} إن", f"{form} said")
        assert texts(pair) == [pair[1]]


@pytest.mark.parametrize(
    "pairs",
    [
        [
            ("قال محمد بن سلمان إن", "Mohammed bin Salman said"),
            ("سجل محمد صلاح", "Mohamed Salah scored"),
        ],
        [FULL, ("وقال سعيد العبدلي إن", "Saeed al-Abdali said")],
        [("قال حسن نصر الله إن", "Hassan Nasrallah said"), ("وصل الحسن أمس", "Alhassan arrived")],
        [("لقاء وانغ يي", "Wang Yi met"), ("وقال لي وانغ", "Wong Lee said")],
        [("قال أحمد الشرع إن", "Ahmed al-Sharaa said"), ("عاد الشرع", "Al-Sharaa returned")],
    ],
)
def test_two_persons_and_right_names_stay(pairs: list[tuple[str, str]]) -> None:
    assert texts(*pairs) == [english for _, english in pairs]


def test_a_spelling_with_an_apostrophe_is_one_word() -> None:
    pairs = [("قال أحمد الشرع إن", "Ahmed al-Sharaa said"), ("عاد الشرع", "Shara'a returned")]
    assert texts(*pairs)[1] == "Sharaa returned"


def test_time_is_linear() -> None:
    def taken(count: int) -> float:
        some = (f"{one}{other}" for one in "ابتثجحخدذر" for other in "زسشصضطظعغف")
        pairs = [line(f"قال عبدرب{name} إن", "Abdul said") for name in islice(cycle(some), count)]
        start = time.perf_counter()
        spelled_alike(pairs, {}, KNOWN.__contains__)
        return time.perf_counter() - start

    taken(120)
    assert taken(120) < 8 * taken(30)


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


def test_a_warning_about_the_old_spelling_is_gone_others_end_within() -> None:
    name = MujazWarning("name", "?", "warning", Span(4, 10))
    whole = MujazWarning("similarity", "?", "warning", Span(4, 10))
    second = line("لكن سعيد كان غاضبا", "But Sayeed", name, whole)
    made = spelled_alike([line(*FULL), second], {}, KNOWN.__contains__)[1]
    assert [w.code for w in made.warnings] == ["similarity", "spelling"]
    assert made.warnings[0].span == Span(4, 9)


ARABIC = st.lists(st.sampled_from(["قيس", "سعيد", "الحوامدة", "قال", "وللحوامدة"]), max_size=6)
ENGLISH = st.lists(
    st.sampled_from(["Saied", "Saeed", "Kais", "al-Hawamda", "Hawamdeh's", "But"]), max_size=6
)


@given(
    st.lists(st.tuples(ARABIC.map(" ".join), ENGLISH.map(" ".join), st.integers(0, 50)), max_size=5)
)
def test_any_lines_stay_as_many_with_spans_inside(pairs: list[tuple[str, str, int]]) -> None:
    doubts = (
        MujazWarning("number", "?", "note", Span(min(n, len(e)), len(e))) for _, e, n in pairs
    )
    lines = [line(a, e, doubt) for (a, e, _), doubt in zip(pairs, doubts, strict=True)]
    made = spelled_alike(lines, {}, KNOWN.__contains__)
    assert len(made) == len(pairs)
    for one in made:
        for warning in one.warnings:
            assert warning.span is None or 0 <= warning.span.start <= warning.span.end <= len(
                one.text
            )
