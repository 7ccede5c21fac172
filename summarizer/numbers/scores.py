"""Scores of matches in both languages: three goals to two, 3-2, بثلاثة أهداف لهدفين."""

from __future__ import annotations

from summarizer.numbers.arabic_forms import lookup, shortest
from summarizer.numbers.arabic_tables import GOALS, SOFT_WORDS
from summarizer.numbers.measures import DASHES
from summarizer.numbers.reading import Reading
from summarizer.numbers.words import Word


def note_arabic_scores(reading: Reading) -> None:
    """Note بثلاثة أهداف لهدفين, بثلاثية نظيفة, بهدف دون رد, 3-2 and بهدف لمثله as scores."""
    for at, word in enumerate(reading.words):
        first = _arabic_goals(word)
        if first is None:
            continue
        for end in (at + 1, at + 2):  # a noun or "واحد" may stand between
            second = _against(reading, end, first)
            if second is not None:
                _note(reading, range(at, end + 1), first, second)
                break


def _arabic_goals(word: Word) -> int | None:
    """How many goals, points or sets a word counts, if it counts any."""
    goals = _count(word)
    if goals is None:
        goals = lookup(word.bare, GOALS)
    return SOFT_WORDS.get(shortest(word.bare)) if goals is None else goals


def _against(reading: Reading, at: int, first: int) -> int | None:
    """The other side's goals, if word `at` begins to tell them."""
    word, after = reading.word(at), reading.word(at + 1)
    between = reading.text[reading.word(at - 1).span.end : word.span.start].strip()
    if word.bare == "من":  # من دون رد
        word, after = after, reading.word(at + 2)
    unanswered = word.bare in ("دون", "بدون", "بلا") and after.bare in ("رد", "مقابل")
    if unanswered or word.bare in ("نظيف", "نظيفه", "نظيفين", "وحيد", "يتيم"):
        return 0
    if word.bare in ("لمثله", "لمثلها", "لمثلهما", "لكل"):
        return first
    if word.bare == "مقابل":
        return 0 if after.bare == "لا" else _arabic_goals(after)
    if word.bare.startswith("ل") or (between in DASHES and word.text[:1].isdecimal()):
        return _arabic_goals(word)
    return None


def note_english_scores(reading: Reading) -> None:
    """Note "3-2", "three goals to two", "one-nil" and "2-all" as scores."""
    for at, word in enumerate(reading.words):
        first = _english_goals(word)
        after = reading.word(at + 1)
        middle = reading.text[word.span.end : after.span.start].strip()
        goals_to = reading.word(at + 2).bare == "to" and _english_goals(after) is None
        end = at + 3 if goals_to else at + 2 if after.bare == "to" else at + 1
        second = first if reading.word(end).bare == "all" else _english_goals(reading.word(end))
        if first is None or second is None:
            continue
        if end > at + 1 or middle in ("-", "–") or reading.word(end).bare in ("nil", "all"):
            _note(reading, range(at, end + 1), first, second)


def _english_goals(word: Word) -> int | None:
    return 0 if word.bare in ("nil", "love") else _count(word)


def _count(word: Word) -> int | None:
    """The whole number that a word may be, if it is below a hundred or in digits."""
    if word.item and word.item.role in ("unit", "digits", "teen", "ten"):
        return int(word.item.value) if word.item.value.denominator == 1 else None
    return None


def _note(reading: Reading, where: range, first: int, second: int) -> None:
    """Note a score in the words at `where`; whose goals come first says nothing."""
    if max(first, second) < 1000:
        reading.add(where, 1000 * max(first, second) + min(first, second), "score", soft=True)
