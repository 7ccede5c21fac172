"""Quarters and halves, decades and centuries: what of time is told by its place in a row."""

from __future__ import annotations

from summarizer.numbers import arabic_tables as arabic
from summarizer.numbers import english_tables as english
from summarizer.numbers.arabic_forms import lookup, shortest
from summarizer.numbers.reading import Reading


def note_arabic_parts(reading: Reading, at: int) -> None:
    """Note الربع الثاني or الشوط الأول at word `at`, and النصف; more may follow with و."""
    parts = lookup(reading.word(at).bare, arabic.PART_NOUNS)
    at += 1 + (shortest(reading.word(at + 1).bare) in ("مالي", "سنوي"))
    while parts and reading.word(at).bare:
        word = reading.word(at)
        ordinal = parts if shortest(word.bare) == "اخير" else lookup(word.bare, arabic.ORDINALS)
        if not ordinal or ordinal > parts:
            break
        reading.add(range(at, at + 1), 10 * parts + ordinal, "part", soft=True)
        if parts == 4 and shortest(word.bare) != "اخير":
            reading.soften(word.span.start, word.span.end)
        at += 1
        parts = parts if reading.word(at).bare.startswith("و") else 0


def note_arabic_century(reading: Reading, at: int) -> None:
    """Note what century and decade the word at `at` means: القرن الماضي, ثلاثينيات القرن …."""
    decade, noun = arabic.DECADES.get(shortest(reading.word(at).bare)), at
    while decade and (
        shortest(reading.word(noun).bare) in arabic.DECADES or reading.word(noun).bare == "من"
    ):
        noun += 1
    century = _arabic_century(reading, noun)
    if decade is not None:
        value = decade + 100 * (century - 1) if century else decade
        reading.add(range(at, at + 1), value, "decade", soft=True)
        if century:  # nobody has to say "the 1970s of the 20th century"
            reading.soften(*reading.word(noun + 1).span)
    elif century:
        reading.add(range(at, at + 1), 100 * (century - 1), "decade", soft=True)
        reading.add(range(at, at + 1), century, "ordinal", soft=True)


def _arabic_century(reading: Reading, at: int) -> int | None:
    """Which century word `at` and the one after it name, if they do."""
    if shortest(reading.word(at).bare) != "قرن":
        return None
    after = reading.word(at + 1)
    named = {"ماضي": 20, "حالي": 21}.get(shortest(after.bare))
    counted = (
        int(q.value) for q in reading.found if q.span.start == after.span.start and 0 < q.value < 30
    )
    return named or next(counted, None)


def note_english_parts(reading: Reading, at: int) -> None:
    """Note "second quarter", "Q2" or "first half" at word `at`; "last" may be the last."""
    word, after = reading.word(at), reading.word(at + 1)
    parts = {"q": 4, "h": 2}.get(word.bare)
    if parts and after.item and after.item.value in range(1, parts + 1) and reading.glued(at + 1):
        reading.add(range(at, at + 2), 10 * parts + after.item.value, "part", soft=True)
    parts = english.PARTS.get(word.bare)
    before = at - 1
    if reading.word(before).bare in ("fiscal", "financial"):
        before -= 1
    while parts and (ordinal := _english_part(reading, before, parts)):
        reading.add(range(before, at + 1), 10 * parts + ordinal, "part", soft=True)
        reading.soften(reading.word(before).span.start, word.span.end)
        before -= 1


def _english_part(reading: Reading, at: int, parts: int) -> int:
    """Which of its halves or quarters word `at` means; 0 for none."""
    word = reading.word(at)
    if word.bare in ("last", "final"):
        return parts
    ends = {q.span.end: int(q.value) for q in reading.found if q.kind == "ordinal"}
    ordinal = ends.get(word.span.end, 0)
    return ordinal if ordinal <= parts else 0


def note_english_century(reading: Reading, at: int) -> None:
    """Note "nineties", "last century", and the 19th that "1800s" may mean."""
    word, after = reading.word(at), reading.word(at + 1)
    if word.bare in english.DECADES:
        reading.add(range(at, at + 1), english.DECADES[word.bare], "decade", soft=True)
    century = {"last": 20, "past": 20, "this": 21, "current": 21}.get(word.bare)
    if century and after.bare == "century":
        reading.add(range(at, at + 2), century, "ordinal", soft=True)
    if word.item and word.item.value in range(1000, 2100, 100) and after.bare == "s":
        reading.add(range(at, at + 1), word.item.value / 100 + 1, "ordinal", soft=True)
