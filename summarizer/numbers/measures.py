"""What numbers come to with the words around them: decades in years, the ends of ranges."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise

from summarizer.numbers.quantity import Quantity
from summarizer.numbers.reading import Reading

DASHES = ("-", "–", "/")
_BETWEEN = {"و", "أو", "إلى", "الى", "-", "–", "and", "or", "to", "to about"}


def counts_before(reading: Reading, at: int) -> list[Fraction]:
    """The readings of the number that counts the noun at word `at`; a dual counts nothing."""
    before, start = reading.word(at - 1), reading.word(at).span.start
    ending = [q.value for q in _numbers(reading) if q.span.end == before.span.end]
    near = 0 <= start - before.span.end < 8
    return [value for value in ending if near and (before.item or value.denominator > 1)]


def _numbers(reading: Reading) -> list[Quantity]:
    return [q for q in reading.found if q.kind in ("number", "fraction")]


def note_measures(
    reading: Reading,
    at: int,
    pairs: list[Fraction],
    unit: int,
    parts: Mapping[str, int] | None = None,
    *,
    sure: bool = False,
) -> None:
    """Note what the noun at word `at` may come to: عقد ونصف العقد is 1.5 and 15.

    Args:
        reading: Where to note it.
        at: The place of a noun, such as "decade".
        pairs: The numbers that the word holds itself: 2 for a dual.
        unit: How many smaller ones make one of it.
        parts: How many of its parts, by their nouns, make one: of a metre 100 centimetres.
        sure: Whether a fraction after it is surely of one more, so that the sum is demanded.
    """
    ends = reading.word(at - 1).span.end
    counts = counts_before(reading, at)
    dozens = bool(counts) and reading.word(at).bare == "dozen"
    counts = counts or pairs or [Fraction(1)]
    next_start = reading.word(at + 1).span.start
    after = [q for q in _numbers(reading) if q.span.start == next_start]
    more = [q.value for q in after if 0 < q.value < 1]
    for part in after:
        if "ونصف" in part.text and 1 < part.value < counts[0]:  # ملياري يورو ونصف المليار
            reading.soften(ends - 1, ends)
            reading.soften(*part.span)
            reading.add(range(at, at + 1), counts[0] + part.value)
        made_of = (parts or {}).get(_word_after(reading, part), 1)
        if 1 <= part.value < made_of:  # بمتر وعشرين سنتيمترا
            reading.soften(*part.span)
            more.append(part.value / made_of)
    sums = [count + fraction for count in counts for fraction in more]
    if more or dozens:  # nobody has to repeat the 5 of "5 degrees and 8 tenths"
        reading.soften(ends - 1, ends)
    for value in sorted({*pairs, *sums, *(n * unit for n in (*counts, *sums, *more) if unit > 1)}):
        reading.add(range(at, at + 1), value, soft=not (sure and value in sums))


def _word_after(reading: Reading, quantity: Quantity) -> str:
    following = (w.bare for w in reading.words if w.span.start >= quantity.span.end)
    return next(following, "")


def note_ranges(reading: Reading) -> None:
    """The 3 of "three to four million" may be three million, the 25 of "2024-25" is 2025."""
    scales = _scale_ends(reading)
    last_word = {word.span.end: at for at, word in enumerate(reading.words)}
    numbers = sorted((q for q in reading.found if q.kind == "number"), key=lambda q: q.span)
    for low, high in pairwise(numbers):
        between = reading.text[low.span.end : high.span.start].strip(" $€£\u00a0")
        between += "و" if high.text.startswith("و") else ""
        scale = scales.get(high.span.end)
        if scale and low.value < 1000 and between in _BETWEEN and low.span.end not in scales:
            part, value = low, low.value * scale
        elif between in DASHES and 1000 <= low.value < 2200 and low.value % 100 < high.value < 100:
            part, value = high, low.value // 100 * 100 + high.value
        else:
            continue
        at = last_word[part.span.end]
        reading.soften(*part.span)
        reading.add(range(at, at + 1), value, soft=True)


def note_shared_scales(reading: Reading) -> None:
    """The 90 of ألمانيا بـ220 مليونا وكندا بـ90 may be 90 million."""
    scales = _scale_ends(reading)
    numbers = sorted((q for q in reading.found if q.kind == "number"), key=lambda q: q.span)
    for told, short in pairwise(numbers):
        scale = None if short.span.end in scales else scales.get(told.span.end)
        counts_nothing = re.match(r"\s*(?:[^\w\s]|$)", reading.text[short.span.end :])
        alike = _follows_bi(reading, told) and _follows_bi(reading, short)
        if scale and alike and counts_nothing and short.value < 1000:
            reading.soften(*short.span)
            reading.add(reading.within(*short.span), short.value * scale, soft=True)


def _follows_bi(reading: Reading, quantity: Quantity) -> bool:
    before = reading.text[: quantity.span.start].split()[-1:]
    return quantity.text.startswith("ب") or before in (["ب"], ["ب\u0640"])


def _scale_ends(reading: Reading) -> dict[int, Fraction]:
    """Where the thousands and millions of a text end, with their values."""
    return {w.span.end: w.item.value for w in reading.words if w.item and w.item.role == "scale"}
