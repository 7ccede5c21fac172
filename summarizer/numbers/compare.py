"""Whether the quantities of a source and of its hypothesis agree."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Literal

from summarizer.numbers.arabic import arabic_quantities
from summarizer.numbers.english import english_quantities
from summarizer.numbers.quantity import Kind, Quantity

Problem = Literal["invented", "missing"]

# Told in many ways ("after the break" is the second half), so a fault only where each text
# has one that the other has not.
_CONTRASTED: tuple[Kind, ...] = ("score", "part", "fraction")
_COUNTED: tuple[Kind, ...] = ("number", "percent", "fraction")
_THE_SAME = re.compile("مثل(?:ه|ها|هم|هما|هن)\\b|مماثل|نفسه|ذاته")  # "12 killed and 12 injured"
_JOINED = re.compile(r"(?:[^\W\d]|\d-)$")  # the number in "G20", in "50-50"


def compare_quantities(source: str, hypothesis: str) -> list[tuple[Quantity, Problem]]:
    """What the English invented, in its order, then what it left out, in the source's.

    Args:
        source: Arabic text.
        hypothesis: Its English translation.
    """
    arabic, english = arabic_quantities(source), english_quantities(hypothesis)
    missing: list[Quantity] = []
    invented: list[Quantity] = []
    for kind in _CONTRASTED:
        unsaid = _unmatched((q for q in arabic if q.kind == kind), english)
        unasked = _unmatched((q for q in english if q.kind == kind), arabic)
        if unsaid and unasked:
            missing, invented = missing + unsaid, invented + unasked
    missing += _outside(missing, _unmatched(_demanded(arabic), english))
    invented += _outside(invented, _unmatched(_demanded(english), arabic))
    return [
        *((q, "invented") for q in sorted(invented, key=lambda q: q.span)),
        *((q, "missing") for q in sorted(missing, key=lambda q: q.span)),
    ]


def repeated_quantities(source: str, hypothesis: str) -> list[tuple[Quantity, int, int]]:
    """Numbers that the English says more often than the Arabic, which has them.

    A person hardly ever repeats a figure (1 of 26,000 human translations here); a model does where
    it has lost the thread: "Davis, 45, told her 45-year-old son".

    Args:
        source: Arabic text.
        hypothesis: Its English translation.

    Returns:
        The last place of each in the English, how often it is there, and how often in the Arabic.
        None below ten: "two" is said of many things.
    """
    if _THE_SAME.search(source):
        return []
    told = [
        q
        for q in english_quantities(hypothesis)
        if q.kind in _COUNTED
        and not q.soft
        and q.value >= 10
        and not _JOINED.search(hypothesis[: q.span.start])
    ]
    times = Counter((q.kind, q.value) for q in told)
    asked = Counter(_on_the_clock(q) if q.kind == "time" else q.value
                    for q in arabic_quantities(source))  # fmt: skip
    last = {(q.kind, q.value): q for q in told}
    return [(q, times[at], n) for at, q in last.items() if 0 < (n := asked[q.value]) < times[at]]


def _unmatched(asked: Iterable[Quantity], other: list[Quantity]) -> list[Quantity]:
    return [q for q in asked if not any(_agree(q, candidate) for candidate in other)]


def _outside(told: list[Quantity], found: list[Quantity]) -> list[Quantity]:
    """What is found, less the parts of what was told, such as the 3 of "3-2"."""
    return [q for q in found if not any(t.span[0] <= q.span[0] < t.span[1] for t in told)]


def _demanded(found: list[Quantity]) -> Iterator[Quantity]:
    seen = set()
    for q in found:
        trivial = q.value in (0, 1) and q.kind in ("number", "ordinal")  # a singular, "no", "nil"
        if not q.soft and not trivial and (q.kind, q.value) not in seen:
            seen.add((q.kind, q.value))
            yield q


def _agree(a: Quantity, b: Quantity) -> bool:
    kinds = {"number" if q.kind == "fraction" else q.kind for q in (a, b)}
    if kinds & {"month", "weekday", "part", "score"}:
        return a.kind == b.kind and a.value == b.value
    if "vague" in kinds:
        return _agree_vaguely(a, b)
    if "time" in kinds:
        return _on_the_clock(a) == _on_the_clock(b)
    if "decade" in kinds and min(a.value, b.value) < 100:  # "1990s" and التسعينيات
        return a.value % 100 == b.value % 100
    if kinds == {"number", "percent"} and a.value != b.value:  # "half" and "50 %"
        return _share(a) == _share(b)
    return a.value == b.value


def _agree_vaguely(a: Quantity, b: Quantity) -> bool:
    """ "hundreds" is said of 100 to 999; two vague ones have to be the same."""
    if a.kind == b.kind:
        return a.value == b.value
    vague, exact = (a, b) if a.kind == "vague" else (b, a)
    return vague.value <= exact.value < 10 * vague.value


def _on_the_clock(q: Quantity) -> Fraction:
    # Whole hours only: "half past nine" is two numbers in both languages.
    return Fraction(q.value // 60 if q.kind == "time" else q.value) % 12


def _share(q: Quantity) -> Fraction:
    return q.value / 100 if q.kind == "percent" else q.value
