"""What is written in digits of either set: numerals, times of the clock, short dates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from summarizer.numbers.quantity import Quantity
from summarizer.warning import Span

_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٫٬،", "01234567890123456789.,,")
NUMERAL = r"[0-9٠-٩۰-۹]+(?:[.,٫٬،\u00a0\u202f][0-9٠-٩۰-۹]+)*"


def numeral_values(numeral: str) -> list[Fraction]:
    """The readings of a numeral in digits of either set, likeliest first.

    Args:
        numeral: Digits with separators, such as "١٢٬٥٠٠", "1.234.567" or "3,5".
    """
    plain = re.sub("[\u00a0\u202f]", ",", numeral.translate(_DIGITS))
    if "," in plain and "." in plain:
        last = max(plain.rfind(","), plain.rfind("."))
        plain = re.sub("[.,]", "", plain[:last]) + "." + plain[last + 1 :]
    if re.fullmatch(r"\d{1,3}(,\d{3})+|\d{1,3}(\.\d{3}){2,}", plain):
        return [Fraction(re.sub("[.,]", "", plain))]
    if re.fullmatch(r"\d+[.,]\d+", plain):
        decimal = Fraction(plain.replace(",", "."))
        grouped = (
            [Fraction(plain.replace(".", ""))] if re.search(r"^\d{1,3}\.\d{3}$", plain) else []
        )
        return [decimal, *grouped]
    if plain.isdigit():
        return [Fraction(plain)]
    return [Fraction(part) for part in re.split("[.,]", plain)]  # "12.5.2023"


def short_dates(text: str) -> Iterator[Quantity]:
    """5/3/2023 may be the third or the fifth month: both are justified."""
    for match in re.finditer(
        r"\b(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})\b", text.translate(_DIGITS)
    ):
        for part in match.group(1, 2):
            if 1 <= int(part) <= 12:
                span = Span(*match.span())
                yield Quantity(Fraction(int(part)), "month", span, True, match.group())


def clock_times(text: str) -> Iterator[Quantity]:
    """Times such as 9:30 and ٢١:٤٥, in minutes after twelve."""
    for match in re.finditer(r"\b([0-2]?\d):([0-5]\d)\b", text.translate(_DIGITS)):
        value = Fraction((int(match[1]) * 60 + int(match[2])) % 720)
        yield Quantity(value, "time", Span(*match.span()), False, match.group())
