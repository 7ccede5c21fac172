"""Reading English: tokens, then dates, ordinals and numbers, then what they may also mean."""

from __future__ import annotations

import re
from fractions import Fraction

from summarizer.numbers.english_tables import (
    BEFORE_A_MONTH,
    HIJRI_MONTHS,
    ITEMS,
    LARGER,
    MAYBE_MONTHS,
    MONEY_SUFFIX,
    MONTHS,
    NO_SHARE,
    ORDINALS,
    SMALLER,
    SOFT_WORDS,
    UNIT_SUFFIX,
    VAGUE,
    WEEKDAYS,
)
from summarizer.numbers.measures import counts_before, note_measures, note_ranges
from summarizer.numbers.numerals import numeral_values
from summarizer.numbers.periods import note_english_century, note_english_parts
from summarizer.numbers.quantity import Kind, Quantity
from summarizer.numbers.reading import Reading
from summarizer.numbers.scores import note_english_scores
from summarizer.numbers.words import Item, Word
from summarizer.warning import Span

_TOKEN = re.compile(r"\d+(?:[,.\u00a0\u202f]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)?|%")
_A_SHARE = re.compile(r"(?i).*\ba \w+(?: of\b|\W*$| (?:more|less|higher|lower)\b).*")
_HIJRI_SLIP = re.compile(r"\d\s?H$")  # a model's "1447 H5" for 1447هـ; no name like "G20"
_ROMAN = re.compile("(?=[IVXL])(?:XL|L?X{0,3})(?:IX|IV|V?I{0,3})")


def english_quantities(text: str) -> list[Quantity]:
    """Every number, date part and number word in an English text, in its order.

    Args:
        text: English, numbers in digits or words.
    """
    reading = Reading(text, _words(text))
    _note_spelt_months(reading)
    _note_dates(reading)
    _note_ordinals(reading)
    _note_numbers(reading)
    note_ranges(reading)
    note_english_scores(reading)
    for at, word in enumerate(reading.words):
        pairs = [Fraction(SOFT_WORDS[word.bare])] if word.bare in SOFT_WORDS else []
        if reading.word(at + 1).bare in ("final", "finals"):  # the last eight, the last four
            pairs += [Fraction(n) for n in [{"quarter": 8, "semi": 4}.get(word.bare)] if n]
        note_measures(reading, at, pairs, SMALLER.get(word.bare, 1))
        _note_larger(reading, at)
        fold = ITEMS.get(word.bare.removesuffix("fold"))
        if fold and word.bare.endswith("fold"):
            reading.add(range(at, at + 1), fold.value)
        note_english_parts(reading, at)
        note_english_century(reading, at)
        _note_roman(reading, at)
    return reading.quantities()


def _words(text: str) -> list[Word]:
    """The words less "a", "an" and "and", which only join numbers."""
    words: list[Word] = []
    joined = False
    for match in _TOKEN.finditer(text):
        raw, span = match.group(), Span(*match.span())
        low = re.sub("['’]s?$", "", raw.lower())
        if low in ("a", "an", "and"):
            joined = joined or low == "and"
            continue
        item = ITEMS.get(low)
        if raw[0].isdecimal():
            item = Item("digits", numeral_values(raw)[0])
        words.append(Word(raw, low, span, item and item._replace(joined=joined or item.joined)))
        joined = False
    return words


def _note_spelt_months(reading: Reading) -> None:
    for months, soft in ((HIJRI_MONTHS, False), (MAYBE_MONTHS, True)):
        for month, pattern in months.items():
            for match in re.finditer(rf"\b{pattern}\b", reading.text):
                if where := reading.within(*match.span()):
                    reading.add(where, month, "month", soft=soft)


def _note_dates(reading: Reading) -> None:
    for at, word in reading.free():
        month = MONTHS.get(word.bare)
        day = WEEKDAYS.get(word.bare.removesuffix("s"))
        hour = word.item and word.item.role == "digits" and 1 <= word.item.value <= 12
        if month and word.text[0].isupper():
            soft = word.bare in ("may", "march") and not _in_a_date(reading, at)
            reading.add(range(at, at + 1), month, "month", soft=soft)
        elif day:
            reading.add(range(at, at + 1), day, "weekday")
        elif hour and word.item and re.match(r"\s?[ap]\.?m\b", reading.text[word.span.end :]):
            reading.add(range(at, at + 1), word.item.value * 60 % 720, "time")


def _in_a_date(reading: Reading, at: int) -> bool:
    """Whether May or March, at word `at`, has a day, a year or "in" beside it."""
    before, after = reading.word(at - 1), reading.word(at + 1)
    if any(w.item and w.item.role == "digits" for w in (before, after)):
        return True
    return before.bare in BEFORE_A_MONTH


def _note_ordinals(reading: Reading) -> None:
    for at, word in reading.free():
        before, after = reading.word(at - 1), reading.word(at + 1)
        value = ORDINALS.get(word.bare.removesuffix("s")) if word.bare != "seconds" else None
        if before.bare == "three" and word.bare in ("quarter", "quarters"):
            value = 4
        counted = before.item and before.item.value < 100 and reading.touching(at)
        if word.item and after.bare in ("st", "nd", "rd", "th") and reading.glued(at + 1):
            reading.add(range(at, at + 2), word.item.value, "ordinal", soft=word.item.value <= 3)
        elif value is None:
            continue
        elif before.item and counted and before.item.role == "ten" and value < 10:  # twenty-first
            reading.add(range(at - 1, at + 1), before.item.value + value, "ordinal")
        elif before.item and counted and value > 2 and before.item.value < value:  # two-thirds
            reading.add(range(at - 1, at + 1), before.item.value / value)
        elif word.bare in ORDINALS:
            share = value > 2 and _A_SHARE.fullmatch(_around(reading, at))
            reading.add(range(at, at + 1), value, "ordinal", soft=bool(share) or value <= 3)
            if share:
                reading.add(range(at, at + 1), Fraction(1, value), "fraction", soft=True)


def _around(reading: Reading, at: int) -> str:
    """Word `at` with two characters before it and six after it, to see "a third of"."""
    span = reading.word(at).span
    return reading.text[max(0, span.start - 2) : span.end + 8]


def _note_numbers(reading: Reading) -> None:
    for at, word in reading.free():
        of_them = reading.word(at + 1).bare == "of"
        scale = reading.word(at + 2).item if of_them else None
        many_of = word.bare in VAGUE and (word.bare != "scores" or of_them)
        if many_of or (word.item and word.item.plural):
            value = word.item.value if word.item else Fraction(VAGUE[word.bare])
            many = scale if scale and scale.plural else None  # "tens of thousands"
            end = at + 3 if many else at + 1
            reading.add(range(at, end), value * (many.value if many else 1), "vague")
        elif word.item:
            total, end = reading.longest(at, needs_and=False)
            _note_number(reading, range(at, max(end, at + 1)), word.item, total.value)


def _note_number(reading: Reading, where: range, first: Item, value: Fraction) -> None:
    at, end, alone = where[0], where[-1] + 1, len(where) == 1
    start = reading.word(at).span.start
    kind: Kind = "number"
    soft = alone and (first.role == "fraction" or value <= 1)
    if _is_percent(reading, end):
        kind, soft = "percent", False
    elif first.role == "digits" and alone:
        suffix = reading.word(end).bare if reading.glued(end) else ""
        if suffix in MONEY_SUFFIX and _is_money(reading, at):
            reading.add(range(at, at + 2), value * MONEY_SUFFIX[suffix], kind)
            return
        if suffix in MONEY_SUFFIX:  # "5m" is millions or metres
            reading.add(range(at, at + 2), value * MONEY_SUFFIX[suffix], soft=True)
        kind = "decade" if suffix == "s" else "number"
        name = reading.in_a_name(at) and not _HIJRI_SLIP.search(reading.text, 0, start)
        soft = (bool(suffix) and suffix not in UNIT_SUFFIX) or name
    elif _nearest(reading, at) in ("several", "few", "many", "couple"):
        kind = "vague"
    elif first.role == "fraction" and alone and not _is_counted(reading, at):
        kind = "fraction"
    reading.add(where, value, kind, soft=soft)


def _note_larger(reading: Reading, at: int) -> None:
    """Note the 1.5 hours of "90 minutes" and of "an hour and 30 minutes"."""
    for count in counts_before(reading, at):
        for size in LARGER.get(reading.word(at).bare, ()):
            value = count / size
            if value == Fraction(1, 2):
                value += next(iter(counts_before(reading, at - 2)), 1)
            if value > 1 and value.denominator == 2:
                reading.add(range(at, at + 1), value, soft=True)


def _is_money(reading: Reading, at: int) -> bool:
    """Whether a currency sign stands before the figure at word `at`: "£5m" is no length."""
    return reading.text[: reading.word(at).span.start].endswith(("$", "£", "€"))


def _is_percent(reading: Reading, at: int) -> bool:
    """Whether "%", "percent" or "per cent" stands at word `at`."""
    word, after = reading.word(at), reading.word(at + 1)
    return word.bare in ("%", "percent", "pct") or (word.bare == "per" and after.bare == "cent")


def _is_counted(reading: Reading, at: int) -> bool:
    """Whether the half or quarter at word `at` is one of a row: "second half", "quarter-final"."""
    before, after = reading.word(at - 1).bare, reading.word(at + 1).bare
    return before in ORDINALS or before in ("last", "final", "other") or after in NO_SHARE


def _nearest(reading: Reading, at: int) -> str:
    """The word before word `at`, an "of" passed over, as in "a couple of thousand"."""
    before = reading.word(at - 1)
    return reading.word(at - 2).bare if before.bare == "of" else before.bare


def _note_roman(reading: Reading, at: int) -> None:
    """Note the 6 of "Mohammed VI"."""
    word, before = reading.word(at), reading.word(at - 1)
    if before.text[:1].isupper() and _ROMAN.fullmatch(word.text):
        reading.add(range(at, at + 1), _roman(word.text), "ordinal", soft=True)


def _roman(numeral: str) -> int:
    """The value of a Roman numeral below 90."""
    values = [{"I": 1, "V": 5, "X": 10, "L": 50}[letter] for letter in numeral]
    after = [*values[1:], 0]
    return sum(-v if v < following else v for v, following in zip(values, after, strict=True))
