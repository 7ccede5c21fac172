"""Choosing: an order of all sentences, the same each time, and a sensible one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer import embeddings
from summarizer.salience import DEPENDENT, _handicap, lead, salient

HEADLINE = "فيضانات في الشمال تجبر آلاف السكان على النزوح"
FLOOD = "أجبرت فيضانات اجتاحت مدن الشمال نحو ثلاثة آلاف من السكان على النزوح من منازلهم."
SAME = "واجتاحت فيضانات مدن الشمال وأجبرت ثلاثة آلاف من السكان على النزوح من منازلهم."
HELP = "وأرسلت الحكومة فرق إنقاذ وخياما ومواد غذائية إلى القرى التي عزلتها المياه."
ASIDE = "ويحب كثير من الناس شرب الشاي في المساء مع الأصدقاء."


def test_lead_is_the_order_of_the_article() -> None:
    assert lead(HEADLINE, ["ا", "ب", "ج"]) == [0, 1, 2]


@given(st.lists(st.text(alphabet="ابتثجحخ دذرزس.،؟", max_size=40), max_size=6))
@settings(max_examples=30, deadline=None)
def test_every_sentence_is_ranked_once_and_always_alike(sentences: list[str]) -> None:
    order = salient("", sentences)
    assert sorted(order) == list(range(len(sentences)))
    assert order == salient("", sentences)


def test_what_is_said_already_comes_later() -> None:
    order = salient(HEADLINE, [FLOOD, SAME, HELP])
    assert order[0] == 0
    assert order.index(2) < order.index(1)


def test_a_lead_that_repeats_the_deck_comes_last() -> None:
    deck = "المجلس البلدي في المدينة يوقع عقدا مع شركة محلية بهدف الحصول على حافلات كهربائية جديدة"
    again = "وقع المجلس البلدي عقدا مع شركة محلية للحصول على حافلات كهربائية جديدة في المدينة."
    assert salient(deck, [deck + ".", again, HELP, ASIDE])[-1] == 1
    assert salient("", [again, deck + ".", ASIDE])[-1] == 1


def test_what_the_headline_is_about_comes_before_an_aside() -> None:
    order = salient(HEADLINE, [ASIDE, FLOOD, HELP])
    assert order[0] == 1


def test_a_sentence_that_leans_on_another_is_worth_less() -> None:
    added = "وأضاف أن فرق إنقاذ وخياما ومواد غذائية أرسلت إلى القرى التي عزلتها المياه."
    assert salient(HEADLINE, [FLOOD, added, HELP]).index(2) == 1
    assert _handicap("جاء ذلك خلال مؤتمر صحفي عقده الوزير في العاصمة أمس.") == DEPENDENT


def test_a_row_is_the_same_whatever_was_embedded_before(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["أقر البرلمان القانون.", "The law was passed.", "رفض النواب المادة."]
    monkeypatch.setattr(embeddings, "_kept", {})
    first = embeddings.embed(texts)
    assert (embeddings.embed(texts[::-1])[::-1] == first).all()  # kept
    monkeypatch.setattr(embeddings, "_kept", {})
    monkeypatch.setattr(embeddings, "_MOST_KEPT", 2)
    for count in (1, 2, 3):
        assert (embeddings.embed(texts[:count]) == first[:count]).all()
    assert embeddings.embed([]).shape == (0, 384)
