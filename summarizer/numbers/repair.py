"""Putting the source's number where a hypothesis has another, if there is no doubt which."""

from __future__ import annotations

import re
from typing import NamedTuple

from summarizer.numbers.arabic import arabic_quantities
from summarizer.numbers.compare import compare_quantities
from summarizer.numbers.english import english_quantities
from summarizer.numbers.quantity import Quantity, in_english
from summarizer.warning import Span

_PART_OF_MORE = re.compile(
    r"(?i)\b(?:one|two|three|four|five|six|seven|eight|nine|ten|\d+)(?: and| to|-| or)? ?$"
)
_REPLACED = ("number", "percent", "month", "weekday")


class Repair(NamedTuple):
    """A hypothesis with one number put right.

    Attributes:
        text: The hypothesis after the repair.
        span: Where in it the new number stands, in characters.
        wrong: What stood there.
        right: What the source has.
    """

    text: str
    span: Span
    wrong: Quantity
    right: Quantity


def repair(source: str, hypothesis: str) -> Repair | None:
    """The hypothesis with its one invented number replaced by the one that is missing.

    None unless exactly one number was invented and exactly one left out, of the same kind and
    in the same place among their like: then the model almost surely read the one as the other.

    Args:
        source: Arabic text.
        hypothesis: Its English translation.
    """
    compared = compare_quantities(source, hypothesis)
    if sorted(problem for _, problem in compared) != ["invented", "missing"]:
        return None
    (wrong, _), (right, _) = compared  # the invented one comes first
    islamic = right.kind == "month" and right.value > 12
    if wrong.kind != right.kind or wrong.kind not in _REPLACED or islamic:
        return None
    if _place(wrong, english_quantities(hypothesis)) != _place(right, arabic_quantities(source)):
        return None  # "40 killed, 15 hurt" for 25 killed, 40 hurt
    if _PART_OF_MORE.search(hypothesis[: wrong.span.start]):
        return None  # "one and two children" for 21
    new = in_english(right).removesuffix("%")  # the sign, or the word, is outside of the span
    start, end = wrong.span
    if hypothesis[end:].startswith("-year"):  # an age is told in many ways
        return None
    if article := re.search(r"(?i)\ban? $", hypothesis[:start]):  # a hundred
        start = article.start()
    text = hypothesis[:start] + new + hypothesis[end:]
    made = Repair(text, Span(start, start + len(new)), wrong, right)
    return None if compare_quantities(source, text) else made


def _place(quantity: Quantity, found: list[Quantity]) -> int:
    """How many of its kind stand before it."""
    before = (q for q in found if q.kind == quantity.kind and not q.soft)
    return sum(q.span < quantity.span for q in before)
