"""Words that have run together, cut."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.article import read_text
from summarizer.spacing import MOST, with_spaces

GLUED = "قال وزيرالخارجيةالأردني إن المحادثاتستستأنفالأسبوعالمقبل في عمان."
APART = "قال وزير الخارجية الأردني إن المحادثات ستستأنف الأسبوع المقبل في عمان."


def test_glued_words_are_cut_and_it_is_said() -> None:
    article = read_text(f"الأردن يستأنف المحادثات\n\n{GLUED}")
    assert article.text == APART
    (warning,) = [w for w in article.warnings if w.code == "spacing"]
    assert '"وزيرالخارجيةالأردني"' in warning.message
    assert "2 runs" in warning.message


def test_a_text_with_spaces_stays_as_it_is() -> None:
    assert with_spaces(APART) == (APART, [], [])


@pytest.mark.parametrize(
    "word", ["الكهرومغناطيسية", "بالاسوبرامانيان", "والإسلاموفوبيا", "وبالاستراتيجيات", "كوستيانتينيفكا"]
)
def test_a_long_word_is_no_two(word: str) -> None:
    assert with_spaces(f"قرأت عن {word} أمس") == (f"قرأت عن {word} أمس", [], [])


def test_short_ones_are_only_cut_beside_long_ones() -> None:
    short = "منالعقوبات"
    assert with_spaces(f"خففت الحكومة {short} أمس")[1] == []
    beside = f"خففت الحكومة {short} المفروضةعلىالمصارفالوطنية أمس"
    assert with_spaces(beside)[0] == "خففت الحكومة من العقوبات المفروضة على المصارف الوطنية أمس"


def test_a_name_among_glued_words_is_kept_whole() -> None:
    text = "صرح وزيرالماليةتشيسيكيديبأنالعجزيتراجع"
    assert with_spaces(text)[0] == "صرح وزير المالية تشيسيكيدي بأن العجز يتراجع"


def test_what_cannot_be_cut_is_said() -> None:
    article = read_text(f"عنوان الخبر هنا\n\n{APART}\n\nقرأ {'ظضغ' * 10} أمس.")
    (warning,) = [w for w in article.warnings if w.code == "spacing"]
    assert warning.severity == "serious"


@given(st.text("ابتثجحخدذرزسشصضطظعغفقكلمنهوية ، .x1\n", max_size=80))
def test_nothing_but_spaces_is_added(text: str) -> None:
    done, cut, _ = with_spaces(text)
    assert done.replace(" ", "") == text.replace(" ", "")
    assert (done == text) == (not cut)
    assert all(re.sub(r"\s", "", run) in re.sub(r"\s", "", text) for run in cut)


def test_time_is_linear() -> None:
    def taken(letters: int) -> float:
        start = time.perf_counter()
        with_spaces("وزيرالخارجيةالأردني" * (letters // 19))
        return time.perf_counter() - start

    taken(1_000)
    assert taken(MOST - 100) < 40 * max(taken(MOST // 10), 1e-4)
    assert taken(10 * MOST) < max(taken(MOST - 100), 1e-2)  # not looked at
