"""What numbers come to with the words around them: decades in years, the ends of ranges."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from summarizer.numbers.reading import Reading

DASHES = ("-", "–", "/")
_BETWEEN = {"و", "أو", "إلى", "الى", "-", "–", "and", "or", "to", "to about"}


def note_measures(reading: Reading, at: int, pairs: list[Fraction], unit: int) -> None:
    """Note what the noun at word `at` may come to: عقد ونصف العقد is 1.5 and 15.

    Args:
        reading: Where to note it, always as soft.
        at: The place of a noun, such as "decade".
        pairs: The numbers that the word holds itself: 2 for a dual.
        unit: How many smaller ones make one of it.
    """
    start, ends = reading.word(at).span.start, reading.word(at - 1).span.end
    numbers = [q for q in reading.found if q.kind in ("number", "fraction")]
    counts = [q.value for q in numbers if q.span.end == ends and 0 <= start - ends < 8]
    dozens = bool(counts) and reading.word(at).bare == "dozen"
    counts = counts or pairs or [Fraction(1)]
    next_start = reading.word(at + 1).span.start
    after = [q for q in numbers if q.span.start == next_start]
    more = [q.value for q in after if 0 < q.value < 1]
    sums = [count + fraction for count in counts for fraction in more]
    for part in after:
        if "ونصف" in part.text and 1 < part.value < counts[0]:  # ملياري يورو ونصف المليار
            reading.soften(ends - 1, ends)
            reading.soften(*part.span)
            reading.add(range(at, at + 1), counts[0] + part.value)
    if more or dozens:  # nobody has to repeat the 5 of "5 degrees and 8 tenths"
        reading.soften(ends - 1, ends)
    for value in sorted({*pairs, *sums, *(n * unit for n in (*counts, *sums) if unit > 1)}):
        reading.add(range(at, at + 1), value, soft=True)


def note_ranges(reading: Reading) -> None:
    """The 3 of "three to four million" may be three million, the 25 of "2024-25" is 2025."""
    scales = {w.span.end: w.item.value for w in reading.words if w.item and w.item.role == "scale"}
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
