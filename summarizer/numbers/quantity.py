"""What is found in a text: a number, or something that is counted like one."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from summarizer.warning import Span

Kind = Literal[
    "number", "fraction", "percent", "ordinal", "time", "decade", "vague", "month", "weekday",
    "part", "score",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number, or something that is counted like one, found in a text.

    Attributes:
        value: Exact. A percentage in hundredths (35 % is 35), a time in minutes after
            twelve, a month 1–12 (Hijri 101–112), a weekday 1–7 from Monday, something
            vague its power of ten ("dozens" is 10), the second quarter or half of something
            42 or 22, a score of 3-2 or 2-3 is 3002.
        kind: What it counts; months, weekdays and vague ones are compared by kind.
        span: Where in the text, in characters.
        soft: It may justify a number on the other side, but is not itself demanded there:
            "one", duals, halves, ordinals up to third, other readings of the same words.
        text: The words themselves.
    """

    value: Fraction
    kind: Kind
    span: Span
    soft: bool
    text: str
