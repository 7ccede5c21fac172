"""Reading Arabic: tokens, then dates, ordinals and numbers, then what they may also mean."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache

from summarizer.numbers.arabic_forms import bare, clitic_forms, lookup, shortest
from summarizer.numbers.arabic_tables import (
    AFTER_A_MONTH,
    DAYS_IN,
    DECADES,
    FRACTION_NOUNS,
    ITEMS,
    MEASURE_PARTS,
    MONTHS,
    NAMES,
    NEEDS_HAMZA,
    NOT_COUNTED,
    ORDINALS,
    SAFAR,
    SMALLER,
    SOFT_WORDS,
    VAGUE,
    WEEKDAYS,
)
from summarizer.numbers.duals import dual_or_accusative, may_be_dual
from summarizer.numbers.measures import (
    counts_before,
    note_measures,
    note_ranges,
    note_shared_scales,
)
from summarizer.numbers.numerals import NUMERAL, numeral_values
from summarizer.numbers.periods import note_arabic_century, note_arabic_parts
from summarizer.numbers.quantity import Kind, Quantity
from summarizer.numbers.reading import Reading
from summarizer.numbers.scores import note_arabic_scores
from summarizer.numbers.words import Item, Word
from summarizer.warning import Span

_TOKEN = re.compile(NUMERAL + r"|[\u0621-\u063a\u0641-\u0652\u0670\u0671\u0640]+|[%٪]")


def arabic_quantities(text: str) -> list[Quantity]:
    """Every number, date part and dual in an Arabic text, in the order of the text.

    Args:
        text: Arabic; digits of either set, words in any case form, with clitics.
    """
    return list(_quantities(text))


@lru_cache(maxsize=256)  # the checks of each hypothesis read the same source
def _quantities(text: str) -> tuple[Quantity, ...]:
    reading = Reading(text, _words(text))
    _note_dates(reading)
    _note_ordinals(reading)
    _note_numbers(reading)
    note_ranges(reading)
    note_shared_scales(reading)
    note_arabic_scores(reading)
    for at, word in enumerate(reading.words):
        pairs = [Fraction(2)] if may_be_dual(word, reading.word(at + 1)) else []
        soft = SOFT_WORDS.get(shortest(word.bare))
        pairs += [] if soft is None else [Fraction(soft)]
        sure = _is_half_more(reading, at, counted=bool(pairs or counts_before(reading, at)))
        unit = lookup(word.bare, SMALLER) or (sure and lookup(word.bare, DAYS_IN)) or 1
        parts = lookup(word.bare, MEASURE_PARTS)
        note_measures(reading, at, pairs, unit, parts, sure=sure)
        note_arabic_parts(reading, at)
        note_arabic_century(reading, at)
        _soften_names(reading, at)
    return tuple(reading.quantities())


def _is_half_more(reading: Reading, at: int, *, counted: bool) -> bool:
    """Whether ونصف after word `at` is half of one more of it: شهر ونصف, دولارات ونصف الدولار.

    And not of something else, as in ثلاث مدارس ونصف المنازل.
    """
    word, half, after = (reading.word(at + n) for n in range(3))
    if half.bare not in ("ونصف", "نصف") or not (half.item and half.item.joined):
        return False
    roots = {_root(form) for form, _ in clitic_forms(word.bare)}
    if after.bare.startswith("ال"):
        return _root(after.bare) in roots
    time = lookup(word.bare, SMALLER) or lookup(word.bare, DAYS_IN)
    ends = not after.bare or not reading.touching(at + 2) or after.bare in NOT_COUNTED
    return bool(time) or (counted and (ends or _root(after.bare) in roots))


def _root(noun: str) -> str:
    """What singular and plural share: شهر of الشهر and أشهر."""
    return re.sub("^ال|[اويهتن]", "", noun)


def is_number_word(word: str) -> bool:
    """Whether a bare Arabic word is a number, an ordinal, a month or a day."""
    tables: tuple[Mapping[str, object], ...] = (ITEMS, ORDINALS, MONTHS, WEEKDAYS)
    return any(lookup(word, table) is not None for table in (*tables, VAGUE, DECADES))


def _soften_names(reading: Reading, at: int) -> None:
    for name in NAMES:
        if _stands_at(reading, at, name):
            end = reading.word(at + len(name) - 1).span.end
            reading.soften(reading.word(at).span.start, end)


def _stands_at(reading: Reading, at: int, name: tuple[str, ...]) -> bool:
    """Whether a name stands at word `at`, its first word perhaps with clitics."""
    here = tuple(word.bare for word in reading.words[at : at + len(name)])
    return here[1:] == name[1:] and any(form == name[0] for form, _ in clitic_forms(here[0]))


def _words(text: str) -> list[Word]:
    """The words less a و that stands alone before a number; "في المئة" is "%"."""
    words: list[Word] = []
    for match in _TOKEN.finditer(text):
        raw, span = match.group(), Span(*match.span())
        if raw[0].isdecimal():
            joined = bool(words) and words[-1].bare == "و" and words[-1].span.end == span.start
            digits = Item("digits", numeral_values(raw)[0], joined=joined)
            words.append(Word(raw, raw, span, digits))
            if joined:  # the و of "و200" is no word of its own
                del words[-2]
        elif bare(raw) in ("الميه", "المايه") and words and words[-1].bare == "في":
            words[-1] = Word("%", "%", Span(words[-1].span.start, span.end))
        elif re.fullmatch("[%٪]|بالم(?:ي|اي)ه", bare(raw)):
            words.append(Word("%", "%", span))
        else:
            item = _item(raw)
            if item and words and words[-1].bare == "و":  # و with a space after it
                item = item._replace(joined=True)
                del words[-1]
            words.append(Word(raw, bare(raw), span, item))
    return words


def _item(raw: str) -> Item | None:
    """What a word adds to a number, with as few clitics taken off as will do."""
    word = bare(raw)
    for form, joined in clitic_forms(word):
        if form in ITEMS and not _only_looks_like(form, word, raw):
            # واحد is also و with أحد, as in مئة وأحد عشر.
            return ITEMS[form]._replace(joined=joined or form.startswith("و"))
    return None


def _only_looks_like(form: str, word: str, raw: str) -> bool:
    """Whether a word is something else than the number that its bare form may be.

    Args:
        form: The number, without clitics.
        word: The word in its bare form.
        raw: The word as it is written.
    """
    if form in NEEDS_HAMZA and "ئ" not in raw:  # ميتا is Meta, كمية a quantity
        return form != "ميه" or word.lstrip("و") != form
    if form == "الف":  # ألّف is a verb
        return "\u0651" in raw
    if form == "اثني":  # and so is أثنى
        return "أ" in raw
    # A dual before its noun takes no article: الألفي is an adjective.
    dual = form in ITEMS and ITEMS[form].times == 2 and form.endswith("ي")
    return dual and "ال" in word[: -len(form)]


def _note_dates(reading: Reading) -> None:
    for at, word in reading.free():
        after = reading.word(at + 1)
        two = lookup(f"{word.bare} {after.bare}", MONTHS)
        month = lookup(word.bare, MONTHS)
        day = lookup(word.bare, WEEKDAYS)
        every = reading.word(at - 1).bare in ("كل", "يوم") and WEEKDAYS.get(f"ال{word.bare}")
        both = day == 1 and (after.bare == "معا" or reading.word(at - 1).bare in ("بين", "هذين"))
        eleven = after.item and after.item.role == "teen"  # الأحد عشر
        if two:
            _note_month(reading, range(at, at + 2), *two)
        elif month and not (month[0] == 8 and word.bare.endswith("اب") and "آ" not in word.text):
            _note_month(reading, range(at, at + 1), *month)
        elif both:  # بين الاثنين is "between the two"
            reading.add(range(at, at + 1), 2, soft=True)
        elif day and not eleven:
            reading.add(range(at, at + 1), day, "weekday")
        elif every:  # كل سبت
            reading.add(range(at, at + 1), every, "weekday", soft=True)


def _note_month(reading: Reading, where: range, month: int, unsure: bool) -> None:
    soft = unsure and not _in_a_date(reading, where, month)
    reading.add(where, month, "month", soft=soft)


def _in_a_date(reading: Reading, where: range, month: int) -> bool:
    """Whether a day, شهر, a year or الماضي stands beside what may be a month."""
    before, after = reading.word(where[0] - 1), reading.word(where[-1] + 1)
    last = 1600 if month == SAFAR else 2200  # صفر 2050 is net zero by 2050
    year = after.item and len(after.text) == 4 and 1000 <= after.item.value < last
    if reading.touching(where[-1] + 1) and (year or after.bare in AFTER_A_MONTH):
        return True
    of = before.bare == "من"
    day = month != SAFAR and _may_be_day(reading.word(where[0] - 1 - of), of=of)  # 3 صفر is 3-0
    return reading.touching(where[0]) and (day or shortest(before.bare) == "شهر")


def _may_be_day(word: Word, *, of: bool) -> bool:
    """Whether a word may be a day of the month: 5, or الخامس before من ("of")."""
    if word.item and word.item.role == "digits":
        return word.item.value in range(1, 32)
    # Without من it is often the subject of a verb: في الشوط الثاني مارس ضغطا.
    return of and (
        bool(word.item and word.item.role in ("teen", "ten"))
        or lookup(word.bare, ORDINALS) is not None
    )


def _note_ordinals(reading: Reading) -> None:
    for at, word in reading.free():
        value = lookup(word.bare, ORDINALS)
        if value is None:
            continue
        after = reading.word(at + 1).item
        where = range(at, at + 1)
        eleven = value > 1 or "حادي" in word.bare  # أول عشر عينات is ten of them
        if after and after.role == "teen" and not after.joined and eleven:  # الثامن عشر
            value, where = value + 10, range(at, at + 2)
        elif after and after.role == "ten" and after.joined and value < 10:  # الحادي والعشرين
            value, where = value + int(after.value), range(at, at + 2)
        reading.add(where, value, "ordinal", soft=value <= 3)


def _note_numbers(reading: Reading) -> None:
    for at, word in reading.free():
        vague = lookup(word.bare, VAGUE)
        if vague:
            scale = reading.word(at + 1).item
            many = scale is not None and scale.plural  # عشرات الآلاف
            value = vague * (scale.value if scale and many else 1)
            reading.add(range(at, at + 1 + many), value, "vague", soft=True)
        elif word.item and word.item.plural:  # آلاف الأشخاص
            reading.add(range(at, at + 1), word.item.value, "vague", soft=True)
        elif word.item:
            total, end = reading.longest(at, needs_and=True)
            _note_number(reading, range(at, max(end, at + 1)), word.item, total.value)


def _note_number(reading: Reading, where: range, first: Item, value: Fraction) -> None:
    word, after, alone = reading.word(where[0]), reading.word(where[-1] + 1), len(where) == 1
    percent = "%" in (after.bare, reading.word(where[0] - 1).bare)
    soft = alone and (first.role == "fraction" or value <= 1 or word.bare.endswith("الست"))
    parts = FRACTION_NOUNS.get(shortest(after.bare)) if after.bare else None
    if parts:  # ثمانية أعشار
        soft = True
        reading.add(range(where[0], where[-1] + 2), value / parts, soft=True)
    if alone and first.role == "scale" and word.bare.endswith(("فا", "ونا", "ارا")):
        two = dual_or_accusative(reading, where[0])
        soft = two is None or first.value == 1000  # ألفا is also "alpha"
        if two is None:
            reading.add(where, 2 * value, soft=True)
        value *= 2 if two else 1
    if first.role == "digits":
        soft = soft or reading.in_a_name(where[0])
        for other in numeral_values(word.text)[1:]:
            reading.add(where, other, soft=True)
    kind: Kind = "percent" if percent else "number"
    counted = lookup(after.bare, ORDINALS) or "نهاي" in after.bare  # الربع الثاني, نصف النهائي
    if alone and soft and first.role == "fraction" and not counted:
        kind = "fraction"
    reading.add(where, value, kind, soft=soft and not percent)
