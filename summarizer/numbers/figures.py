"""Arabic number words in figures, which a small model copies and does not have to add up."""

from __future__ import annotations

import re
from fractions import Fraction

from summarizer.numbers.arabic import arabic_quantities
from summarizer.numbers.arabic_forms import bare, clitic_forms, clitics_before
from summarizer.numbers.arabic_tables import ITEMS, ORDINALS
from summarizer.numbers.quantity import Quantity, in_english

_SCALES = {10**12: "تريليون", 10**9: "مليار", 10**6: "مليون", 10**3: "ألف"}
_MORE_THAN = 10  # what is smaller is one plain word, and an article or an adjective as often
_DIGIT = re.compile(r"\d")
_ALONE = frozenset((100, 1000, *_SCALES))  # مليون says it as well


def with_figures(text: str) -> str:
    """The text with its scores and number words above ten in figures: 21 for واحد وعشرون.

    Digits stay as they are unless words continue them (1.52 مليون for مليون و520 ألف), and
    so does all of which more than one reading is possible.

    Args:
        text: Arabic.
    """
    made, end = [], 0
    for quantity in arabic_quantities(text):
        figures = _figures(quantity)
        if figures and quantity.span.start >= end:
            made += [text[end : quantity.span.start], figures]
            end = quantity.span.end
    return "".join((*made, text[end:]))


def _figures(quantity: Quantity) -> str:
    """The quantity in figures, an empty text where it stays as it is."""
    value, words = quantity.value, quantity.text.split()
    if quantity.kind == "score" and value > 1001 and not _DIGIT.search(quantity.text):
        return f"{_prefix(words[0])}{in_english(quantity)}"
    plain = quantity.kind in ("number", "percent", "ordinal") and not quantity.soft
    if not plain or value <= _MORE_THAN or (len(words) == 1 and value in _ALONE):
        return ""
    if _DIGIT.search(quantity.text) and not any(word.startswith("و") for word in words[1:]):
        return ""
    if (value * 1000).denominator != 1 or (value >= 10**6 and value % 1000):
        return ""  # ثلث مليون
    for size, name in _SCALES.items():
        if value >= 10 * size or value >= size >= 10**6:  # 2000, but 500 ألف
            if size == 10**3 and value % size:
                break  # 13400
            return _prefix(words[0]) + _decimal(value / size) + " " + name
    return _prefix(words[0]) + _decimal(value)


def _prefix(word: str) -> str:
    """The clitics before a number, as they stand before figures: و21, لـ21."""
    plain = bare(word)
    for form, _ in clitic_forms(plain):
        if form in ITEMS or form in ORDINALS:
            return clitics_before(plain, form)
    return ""


def _decimal(value: Fraction) -> str:
    year = value < 10**4  # no comma, as in years
    return f"{float(value):.15g}" if year else f"{float(value):,.15g}"
