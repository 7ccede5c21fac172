"""Scores of matches in both languages: three goals to two, 3-2, بثلاثة أهداف لهدفين."""

from __future__ import annotations

from collections.abc import Iterator

from summarizer.numbers.arabic_forms import lookup, shortest
from summarizer.numbers.arabic_tables import GOALS, SOFT_WORDS
from summarizer.numbers.measures import DASHES
from summarizer.numbers.quantity import Quantity
from summarizer.numbers.reading import Reading

_NOTHING = ("nil", "love")


def note_arabic_scores(reading: Reading) -> None:
    """Note بثلاثة أهداف لهدفين, بثلاثية نظيفة, بهدف دون رد, 3-2 and بهدف لمثله as scores."""
    for at in range(len(reading.words)):
        first = _arabic_goals(reading, at, _up_to(reading, at))
        if first is None:
            continue
        for end in (at + 1, at + 2):  # a noun or "واحد" may stand between
            second = _against(reading, end, first)
            if second is not None:
                _note(reading, range(at, end + 1), first, second)
                break


def _arabic_goals(reading: Reading, at: int, goals: int | None) -> int | None:
    """How many goals, points or sets word `at` counts, if it counts any.

    Args:
        reading: Where the word stands.
        at: Its place.
        goals: The number there, if there is one.
    """
    word = reading.word(at)
    if goals is None:
        goals = lookup(word.bare, GOALS)
    return SOFT_WORDS.get(shortest(word.bare)) if goals is None else goals


def _against(reading: Reading, at: int, first: int) -> int | None:
    """The other side's goals, if word `at` begins to tell them."""
    word = reading.word(at)
    between = reading.text[reading.word(at - 1).span.end : word.span.start].strip()
    if word.bare == "من":  # من دون رد
        at += 1
        word = reading.word(at)
    after = reading.word(at + 1)
    unanswered = word.bare in ("دون", "بدون", "بلا") and after.bare in ("رد", "مقابل")
    if unanswered or word.bare in ("نظيف", "نظيفه", "نظيفين", "وحيد", "يتيم"):
        return 0
    if word.bare in ("لمثله", "لمثلها", "لمثلهما", "لكل"):
        return first
    if word.bare == "مقابل":
        return 0 if after.bare == "لا" else _arabic_goals(reading, at + 1, _from(reading, at + 1))
    if word.bare.startswith("ل") or (between in DASHES and word.text[:1].isdecimal()):
        return _arabic_goals(reading, at, _from(reading, at))
    return None


def note_english_scores(reading: Reading) -> None:
    """Note "3-2", "three goals to two", "one-nil" and "2-all" as scores."""
    for at, word in enumerate(reading.words):
        first = 0 if word.bare in _NOTHING else _up_to(reading, at)
        after = reading.word(at + 1)
        middle = reading.text[word.span.end : after.span.start].strip()
        counts = after.bare in _NOTHING or _from(reading, at + 1) is not None
        goals_to = reading.word(at + 2).bare == "to" and not counts
        end = at + 3 if goals_to else at + 2 if after.bare == "to" else at + 1
        last = reading.word(end).bare
        second = first if last == "all" else 0 if last in _NOTHING else _from(reading, end)
        if first is None or second is None:
            continue
        if end > at + 1 or middle in ("-", "–") or last in ("nil", "all"):
            _note(reading, range(at, end + 1), first, second)


def _up_to(reading: Reading, at: int) -> int | None:
    """The whole number that ends with word `at`: of أحد عشر it is عشر that has it."""
    end = reading.word(at).span.end
    return next((int(q.value) for q in _whole_numbers(reading) if q.span.end == end), None)


def _from(reading: Reading, at: int) -> int | None:
    """The whole number that begins with word `at`."""
    start = reading.word(at).span.start
    return next((int(q.value) for q in _whole_numbers(reading) if q.span.start == start), None)


def _whole_numbers(reading: Reading) -> Iterator[Quantity]:
    found = (q for q in reading.found if q.kind in ("number", "percent"))
    return (q for q in found if q.value.denominator == 1)


def _note(reading: Reading, where: range, first: int, second: int) -> None:
    """Note a score in the words at `where`; whose goals come first says nothing."""
    word = reading.word(where[0])
    starts = [q.span.start for q in _whole_numbers(reading) if q.span.end == word.span.end]
    if starts:  # the أحد of أحد عشر
        where = reading.within(min(starts), reading.word(where[-1]).span.end)
    if max(first, second) < 1000:
        reading.add(where, 1000 * max(first, second) + min(first, second), "score", soft=True)
