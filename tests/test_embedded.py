"""The embedded engine with the real model: windows, loops, failures, determinism."""

from __future__ import annotations

import re

import pytest

from summarizer.engines import decoding, embedded, rerank
from summarizer.engines.base import Hypothesis
from summarizer.engines.embedded import MAX_PROMPT, EmbeddedEngine, _batches
from summarizer.engines.gloss import shown
from summarizer.engines.rerank import Candidate
from summarizer.warning import MujazWarning, Span

SENTENCES = [
    "أعلنت وزارة الصحة اليوم أن عدد المصابين ارتفع إلى 120 شخصا.",
    "وقال رئيس الوزراء إن الحكومة لن ترفع الضرائب هذا العام.",
    "فاز الفريق بثلاثة أهداف مقابل هدف واحد.",
]
LONG = (
    "وافق مجلس الوزراء على خطة جديدة لتطوير الموانئ في المدن الساحلية، وخصص مبالغ لبناء أرصفة "
    "حديثة ومخازن كبيرة للحبوب، وطلب من وزارة النقل إعداد دراسة عن أثر المشروع في البيئة، فيما "
    "رحبت غرفة التجارة بالقرار الذي انتظرته طويلا، لكن صيادين من أهالي المنطقة عبروا عن خشيتهم "
    "من فقدان أرزاقهم، وطالبوا بتعويضات عادلة قبل أن تبدأ الشركات أعمال الحفر، كما دعت جمعيات "
    "أهلية إلى حماية الشواطئ والطيور المهاجرة التي تعبر المنطقة في الخريف، في حين أكد محافظ "
    "الإقليم أن الحكومة ستستمع إلى الجميع وأنها لن تبدأ العمل قبل الاتفاق مع السكان"
)


@pytest.fixture(scope="module")
def engine() -> EmbeddedEngine:
    made = EmbeddedEngine(fast=True)
    made.prepare()
    return made


def test_segments_are_translated_in_order(engine: EmbeddedEngine) -> None:
    found = engine.translate(SENTENCES)
    assert [h.translated for h in found] == [True] * 3
    assert "120" in found[0].text
    assert re.search("government|prime|tax", found[1].text, re.IGNORECASE)
    assert re.search("goal|three|3", found[2].text, re.IGNORECASE)
    assert all(h.similarity and h.similarity > 0.8 for h in found)


def test_a_segment_alone_and_among_others_is_the_same(engine: EmbeddedEngine) -> None:
    together = engine.translate(SENTENCES)
    assert [engine.translate([s])[0] for s in SENTENCES] == together


def test_n_best_is_at_least_as_near_to_the_source(engine: EmbeddedEngine) -> None:
    slow = EmbeddedEngine()
    near = [h.similarity or 0 for h in slow.translate(SENTENCES)]
    fast = [h.similarity or 0 for h in engine.translate(SENTENCES)]
    assert sum(near) >= sum(fast) - 0.01
    assert slow.settings != engine.settings


def test_what_has_no_arabic_is_its_own_translation(engine: EmbeddedEngine) -> None:
    assert [h.text for h in engine.translate(["2024", "BBC News", "…"])] == [
        "2024",
        "BBC News",
        "…",
    ]


def test_no_arabic_letter_is_ever_made(engine: EmbeddedEngine) -> None:
    odd = ["شارك عبر", "اقرأ المزيد", "كتبه: أ.ف.ب", "هاشتاغ #القدس_عاصمة"]
    for found in engine.translate(odd):
        assert found.text
        if found.translated:
            assert not re.search("[\u0621-\u064a]", found.text)


def test_a_long_sentence_is_cut_at_clauses_and_loses_nothing(engine: EmbeddedEngine) -> None:
    pieces = engine._pieces(LONG)
    assert len(pieces) > 1
    assert " ".join(pieces).split() == LONG.split()
    assert all(len(engine._prompt(piece)) <= MAX_PROMPT for piece in pieces)
    text = engine.translate([LONG])[0].text
    assert len(text.split()) > len(LONG.split()) / 3


def test_one_word_without_end_is_no_trap(engine: EmbeddedEngine) -> None:
    assert engine.translate(["سلام" * 400])[0].text


def test_the_glossary_is_shown_to_the_model_and_in_the_settings() -> None:
    engine = EmbeddedEngine(fast=True, glossary={"زمردان": "Zumurdan City"})
    assert "Zumurdan City" in engine._glosser.gloss("وصل الوفد إلى زمردان اليوم")
    channel = EmbeddedEngine(glossary={"قناة 12": "Channel 12"})._glosser
    assert "Channel 12" in channel.gloss("قالت قناة 12 ذلك")
    assert "Channel 12" not in channel.gloss("أغلقت قناة السويس")
    assert engine.settings["glossary"] == {"زمردان": "Zumurdan City"}


def test_dates_of_the_hijra_are_shown_in_english() -> None:
    assert shown("في 10 ذي الحجة 1447هـ") == "في 10 Dhu al-Hijjah 1447 AH"
    assert shown("في ربيع الآخر عام ١٤٤٧ ه.") == "في Rabi al-Thani عام ١٤٤٧ AH."
    assert (
        shown("في 1 محرم قال محرم فؤاد هذا في 12 هضبة")
        == "في 1 Muharram قال محرم فؤاد هذا في 12 هضبة"
    )


def test_engines_with_other_glossaries_share_the_model(engine: EmbeddedEngine) -> None:
    assert EmbeddedEngine(glossary={"زمردان": "Zumurdan"})._generator is engine._generator


def test_a_loop_is_decoded_again_and_the_better_one_kept(
    engine: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    decoded: list[int] = []

    def decode(prompts, candidates, progress=None, *, beam=1, repetition_penalty=1.0):  # type: ignore[no-untyped-def]
        decoded.append(len(prompts))
        loop = "the state of " * 20
        text = loop if repetition_penalty == 1.0 else "The team won by three goals to one."
        for piece in prompts:
            candidates.setdefault(piece, []).append(Candidate(text.strip(), -1.0, True))

    monkeypatch.setattr(engine, "_decode", decode)
    assert engine.translate(SENTENCES[2:])[0].text == "The team won by three goals to one."
    assert decoded == [1, 1, 1]


def test_an_engine_that_says_nothing_is_not_silent(
    engine: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def decode(prompts, candidates, *_args, **_kwargs):  # type: ignore[no-untyped-def]
        for piece in prompts:
            candidates.setdefault(piece, []).append(Candidate("", -1.0, True))

    monkeypatch.setattr(engine, "_decode", decode)
    found = engine.translate(SENTENCES[:1])[0]
    assert found.text == SENTENCES[0]
    assert not found.translated
    assert [w.code for w in found.warnings] == ["failed"]


def test_batches_hold_every_prompt_once_and_only_equal_lengths() -> None:
    prompts = {str(n): ["x"] * (40 * (n % 7) + 10) for n in range(100)}
    made = list(_batches(prompts, 4))
    assert sorted(key for batch in made for key in batch) == sorted(prompts)
    for batch in made:
        assert len({len(prompts[key]) for key in batch}) == 1
        assert len(batch) <= embedded._together(len(prompts[batch[0]]), 4)


@pytest.mark.parametrize(
    ("length", "beam", "prompts"), [(24, 1, 16), (120, 1, 7), (120, 4, 2), (256, 4, 1), (80, 8, 2)]
)
def test_long_prompts_and_wide_searches_make_small_batches(
    length: int, beam: int, prompts: int
) -> None:
    assert embedded._together(length, beam) == prompts


def test_memory_is_given_back_once_a_call(
    engine: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[None] = []
    monkeypatch.setattr(decoding, "give_back_memory", lambda: given.append(None))
    engine.translate(SENTENCES[:2])
    assert len(given) == 1


@pytest.mark.parametrize("error", [AttributeError, OSError, TypeError])  # musl, macOS, Windows
def test_a_system_without_glibc_is_no_error(
    error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(_name: None) -> None:
        raise error

    monkeypatch.setattr(decoding.ctypes, "CDLL", none)
    decoding.one_heap()
    decoding.give_back_memory()


def test_clauses_are_joined_to_one_sentence_and_their_warnings_move_along() -> None:
    doubt = MujazWarning("number", "…", "serious", Span(4, 6), Span(1, 2))
    parts = [Hypothesis("He paid 5 dollars,"), Hypothesis("And 12 euros.", None, (doubt,))]
    whole = rerank.joined("…", parts)
    assert whole.text == "He paid 5 dollars, and 12 euros."
    (moved,) = whole.warnings
    assert moved.span
    assert whole.text[moved.span.start : moved.span.end] == "12"
    assert moved.source_span is None


def test_a_sentence_after_a_full_stop_keeps_its_capital() -> None:
    parts = [Hypothesis("He left."), Hypothesis("But she stayed,"), Hypothesis("Paris says.")]
    assert rerank.joined("…", parts).text == "He left. But she stayed, Paris says."
