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


_MONTHS = "January February March April May June July August September October November December"
_HIJRI_MONTHS = (
    "Muharram", "Safar", "Rabi al-Awwal", "Rabi al-Thani", "Jumada al-Ula", "Jumada al-Akhira",
    "Rajab", "Shaaban", "Ramadan", "Shawwal", "Dhu al-Qadah", "Dhu al-Hijjah",
)  # fmt: skip
_WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"
_PARTS = {2: "half", 4: "quarter"}
_ORDINALS = ("first", "second", "third", "fourth")
_LARGE = {10**12: "trillion", 10**9: "billion", 10**6: "million"}


def in_english(quantity: Quantity) -> str:
    """A quantity for an English reader: "12,500", "1.5 million", "35%", "March"."""
    value = quantity.value
    if quantity.kind == "month":
        names = _HIJRI_MONTHS if value > 12 else _MONTHS.split()
        return names[int(value) % 100 - 1]
    if quantity.kind == "weekday":
        return _WEEKDAYS.split()[int(value) - 1]
    if quantity.kind == "part":
        return f"the {_ORDINALS[int(value) % 10 - 1]} {_PARTS[int(value) // 10]}"
    if quantity.kind == "score":
        return f"{int(value) // 1000}-{int(value) % 1000}"
    if quantity.kind == "time":
        return f"{int(value) // 60 or 12}:{int(value) % 60:02}"
    return _plain(quantity) + ("%" if quantity.kind == "percent" else "")


def _plain(quantity: Quantity) -> str:
    """The digits of a number, a year without a comma, with a word for the millions, or 2/3."""
    value = quantity.value
    for size, name in _LARGE.items():
        if value >= size and (value * 1000 / size).denominator == 1:
            return f"{float(value / size):,.15g} {name}"
    year = quantity.kind == "number" and 1000 <= value < 2200
    is_decimal = (value * 10**9).denominator == 1
    if year or quantity.kind == "fraction" or (value < 1 and not is_decimal):
        return str(value)
    return f"{float(value):,.15g}"
