"""Numbers, dates and their words in Arabic and in English, and whether they agree.

Both languages are read into the same `Quantity`, so that "مليونان", "٢٬٠٠٠٬٠٠٠" and
"2 million" are one value. Words become items (unit, ten, hundred, scale, …), `_total`
adds the items up, and what is left is what the two languages do differently: the names
of months and days, Arabic's duals, English's "dozens". Nothing here needs a model.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import Literal, NamedTuple, TypeVar

from summarizer.warning import Span

Kind = Literal[
    "number", "fraction", "percent", "ordinal", "time", "decade", "vague", "month", "weekday",
    "part", "score",
]  # fmt: skip
Problem = Literal["invented", "missing"]
T = TypeVar("T")


def _listed(words: str) -> list[str]:
    return words.split()


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


# --- comparing ----------------------------------------------------------------------


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


# Told in many ways ("after the break" is the second half), so a fault only where each text
# has one that the other has not.
_CONTRASTED: tuple[Kind, ...] = ("score", "part", "fraction")


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


# --- adding up number words ---------------------------------------------------------

Role = Literal["unit", "teen", "ten", "hundreds", "hundred", "scale", "digits", "fraction"]


class _Item(NamedTuple):
    role: Role
    value: Fraction
    times: int = 1  # 2 for a dual such as مليونان
    plural: bool = False  # آلاف, "millions": vague unless something counts them
    joined: bool = False  # by "and"


_FLOOR = {"unit": 1, "teen": 1, "ten": 10, "hundreds": 100, "digits": 1}


class _Total:
    """A running number: closed thousands and millions, and the group being read."""

    def __init__(self, *, needs_and: bool) -> None:
        self.needs_and = needs_and  # Arabic adds with و only; English also without "and"
        self.closed = Fraction(0)
        self.group: Fraction | None = None
        self.scale: Fraction | None = None
        self.previous: _Item | None = None

    @property
    def value(self) -> Fraction:
        return self.closed + (self.group or 0)

    def take(self, item: _Item) -> bool:
        """Add an item if it continues the number; False, and unchanged, if not."""
        if item.role == "scale":
            taken = self._take_scale(item)
        elif item.role == "fraction":
            taken = self._take_fraction(item)
        else:
            taken = self._multiply(item) or self._add(item)
        if taken:
            self.previous = item
        return taken

    def _take_scale(self, item: _Item) -> bool:
        before = self.previous
        smaller = self.scale is None or item.value < self.scale
        if self.group is not None and not item.joined and smaller:
            self.closed += self.group * item.value  # "twelve thousand"
        elif self.group is None and (before is None or item.joined) and smaller:
            self.closed += item.times * item.value  # "a thousand", "مليون وألف"
        elif before and before.role == "fraction" and item.value == self.scale:
            return True  # مليون ونصف المليون: the second one says nothing new
        elif before and before.role == "scale" and not item.joined and item.value > before.value:
            self.closed *= item.value  # "a thousand billion"
        else:
            return False
        self.group, self.scale = None, item.value
        return True

    def _take_fraction(self, item: _Item) -> bool:
        if self.previous is None:
            self.group = item.value  # "half a million"
        elif not item.joined or self.previous.role == "fraction":
            return False
        elif self.group is not None:
            self.group += item.value  # "two and a half"
        else:
            self.closed += item.value * (self.scale or 1)  # مليون ونصف
        return True

    def _multiply(self, item: _Item) -> bool:
        """خمسة عشر and "five hundred", where the second word works on the first."""
        before = self.previous
        if before is None or before.role != "unit" or item.joined or self.group is None:
            return False
        if item.role == "hundred":
            self.group += 99 * before.value
        elif item.role == "teen" and item.value == 10 and self.needs_and:
            self.group += 10
        else:
            return False
        return True

    def _add(self, item: _Item) -> bool:
        before = self.previous
        if before is not None:
            if self.needs_and and not item.joined:
                return False
            if before.role in ("fraction", "digits") or item.role == "hundred" == before.role:
                return False
            if self.group is not None and not self._fits_below(before, item):
                return False
            if self.group is None and self.scale is not None and item.value >= self.scale:
                return False
        self.group = (self.group or Fraction(0)) + item.value
        return True

    def _fits_below(self, before: _Item, item: _Item) -> bool:
        if item.role == "digits":
            return False
        if self.needs_and and before.role == "unit" and item.role == "ten":
            return 0 < before.value < 10  # ثلاثة وعشرون
        return item.value < _FLOOR.get(before.role, 100)


class _Word(NamedTuple):
    """A token: the raw text, its bare form, and its item if it is a number word."""

    text: str
    bare: str
    span: Span
    item: _Item | None = None


_NO_WORD = _Word("", "", Span(-1, -1))


class _Reading:
    """A text as words, and what has been found in it so far; no word is used twice."""

    def __init__(self, text: str, words: list[_Word]) -> None:
        self.text = text
        self.found = [*_clock(text), *_short_date(text)]
        clock = [q.span for q in self.found if q.kind == "time"]
        self.words = [w for w in words if not any(s.start <= w.span.start < s.end for s in clock)]
        self.used: set[int] = set()

    def free(self) -> Iterator[tuple[int, _Word]]:
        """The words that nothing has been read from, with their places."""
        for at, word in enumerate(self.words):
            if at not in self.used:
                yield at, word

    def word(self, at: int) -> _Word:
        return self.words[at] if 0 <= at < len(self.words) else _NO_WORD

    def add(
        self, where: range, value: Fraction | int, kind: Kind = "number", *, soft: bool = False
    ) -> None:
        """Note a quantity found in the words at `where`."""
        span = Span(self.words[where[0]].span.start, self.words[where[-1]].span.end)
        text = self.text[span.start : span.end]
        self.found.append(Quantity(Fraction(value), kind, span, soft, text))
        self.used.update(where)

    def longest(self, at: int, *, needs_and: bool) -> tuple[_Total, int]:
        """The longest number that starts at word `at`; also where it ends."""
        total, end = _Total(needs_and=needs_and), at
        closed = total, 0  # up to the last thousand or million
        while (item := self.word(end).item) and end not in self.used:
            if end > at and not self.touching(end):
                break
            if not total.take(item):
                # ملياري وثلاثة مليارات: the three belongs to what comes after it.
                next_ones = item.role == "scale" and not item.joined and closed[1] > 0
                return closed if next_ones else (total, end)
            end += 1
            if item.role == "scale":
                closed = copy(total), end
        return total, end

    def touching(self, at: int) -> bool:
        """Whether nothing but a space, a hyphen or "and a" parts word `at` from the last."""
        between = self.text[self.word(at - 1).span.end : self.word(at).span.start]
        return between.strip(" \u00a0\u202f-‑") in ("", "and a", "and", "a", "of a", "و")

    def glued(self, at: int) -> bool:
        """Whether word `at` follows the one before without a space, as in "19th"."""
        return self.word(at).span.start == self.word(at - 1).span.end

    def add_score(self, where: range, first: int, second: int) -> None:
        """Note a score in the words at `where`; whose goals come first says nothing."""
        if max(first, second) < 1000:
            self.add(where, 1000 * max(first, second) + min(first, second), "score", soft=True)

    def soften(self, start: int, end: int) -> None:
        """Demand no more what has any of the characters from start to end."""
        self.found = [
            replace(q, soft=True) if q.span.start < end and start < q.span.end else q
            for q in self.found
        ]

    def quantities(self) -> list[Quantity]:
        return sorted(self.found, key=lambda q: (q.span, q.soft))


_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٫٬،", "01234567890123456789.,,")
_NUMERAL = r"[0-9٠-٩۰-۹]+(?:[.,٫٬،\u00a0\u202f][0-9٠-٩۰-۹]+)*"


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


def _short_date(text: str) -> Iterator[Quantity]:
    """5/3/2023 may be the third or the fifth month: both are justified."""
    for match in re.finditer(
        r"\b(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})\b", text.translate(_DIGITS)
    ):
        for part in match.group(1, 2):
            if 1 <= int(part) <= 12:
                span = Span(*match.span())
                yield Quantity(Fraction(int(part)), "month", span, True, match.group())


def _clock(text: str) -> Iterator[Quantity]:
    for match in re.finditer(r"\b([0-2]?\d):([0-5]\d)\b", text.translate(_DIGITS)):
        value = Fraction((int(match[1]) * 60 + int(match[2])) % 720)
        yield Quantity(value, "time", Span(*match.span()), False, match.group())


# --- Arabic: words as data ----------------------------------------------------------

_MARKS = re.compile("[\u0610-\u061a\u064b-\u065f\u0670\u0640]")  # tashkeel and tatweel
_LETTERS = str.maketrans("أإآٱىةؤئ", "ااااىهوي")


def bare(word: str) -> str:
    """An Arabic word as it is compared: no marks, one alif, ة as ه, hamza on its seat.

    Final ى becomes ي, since newspapers mix the two.
    """
    return _MARKS.sub("", word).translate(_LETTERS).replace("ى", "ي")


@lru_cache(maxsize=50_000)
def clitic_forms(word: str) -> tuple[tuple[str, bool], ...]:
    """A bare word with ever more of its clitics taken off, and whether a و went with them.

    والقاهره comes whole, then as القاهره and قاهره. Nothing knows whether a first letter is
    a clitic, so every reader tries the forms in this order and takes the first that fits.
    """
    return tuple(_clitic_forms(word))


def _clitic_forms(word: str) -> Iterator[tuple[str, bool]]:
    for conjunction in ("", "و", "ف"):
        rest, joined = word[len(conjunction) :], conjunction == "و"
        if not word.startswith(conjunction) or (conjunction and len(rest) < 2):
            continue
        yield rest, joined
        if rest.startswith("لل") and len(rest) > 4:
            yield "ال" + rest[2:], joined
            yield rest[2:], joined
        for preposition in ("", "ب", "ل", "ك"):
            core = rest[len(preposition) :]
            if rest.startswith(preposition) and len(core) > 2:
                if preposition:
                    yield core, joined
                if core.startswith("ال") and len(core) > 4:
                    yield core[2:], joined


def _forms(table: str, role: Role) -> dict[str, _Item]:
    """Rows of "value: forms" as items by bare form."""
    items = {}
    for row in table.strip().splitlines():
        value, forms = row.split(":")
        for form in forms.split():
            items[bare(form)] = _Item(role, Fraction(value.strip()))
    return items


_UNITS = """
1: واحد واحدا واحدة أحد إحدى
2: اثنان اثنين اثنتان اثنتين اثنا اثني اثنتا اثنتي إثنان إثنين
3: ثلاث ثلاثة ثلاثا
4: أربع أربعة أربعا
5: خمس خمسة خمسا
6: ست ستة ستا الست
7: سبع سبعة سبعا
8: ثمان ثماني ثمانية ثمانيا
9: تسع تسعة تسعا
"""
_TEENS = "10: عشر عشرة عشرا"
_TENS = """
20: عشرون عشرين
30: ثلاثون ثلاثين
40: أربعون أربعين
50: خمسون خمسين
60: ستون ستين
70: سبعون سبعين
80: ثمانون ثمانين
90: تسعون تسعين
"""
_HUNDRED = "100: مئة مائة مية مئه"
_HUNDREDS = "200: مئتان مئتين مئتا مئتي مائتان مائتين مائتا مائتي ميتين\n" + "\n".join(
    f"{n}00: " + " ".join(stem + hundred for stem in stems.split() for hundred in ("مئة", "مائة"))
    for n, stems in enumerate(
        ("ثلاث ثلاثة", "أربع أربعة", "خمس خمسة", "ست ستة", "سبع سبعة", "ثمان ثماني", "تسع تسعة"), 3
    )
)
_NEEDS_HAMZA = frozenset(_listed("ميه ميتا ميتي ميتان ميتين"))  # bare forms
_SCALES = (  # value, stem, plural
    (10**3, "ألف", "آلاف"),
    (10**6, "مليون", "ملايين"),
    (10**9, "مليار", "مليارات"),
    (10**9, "بليون", "بلايين"),
    (10**12, "تريليون", "تريليونات"),
    (10**12, "ترليون", "ترليونات"),
)
_FRACTIONS = """
1/2: نصف نصفا نصفه نصفها نصفهم
1/3: ثلث ثلثه ثلثها ثلثهم
1/4: ربع ربعا ربعه ربعها ربعهم
1/5: خمسها خمسهم
1/6: سدس
2/3: ثلثا ثلثي ثلثان ثلثين
"""
_GOALS = {
    "هدف": 1, "هدفين": 2, "هدفان": 2, "مجموعه": 1, "مجموعتين": 2, "شوط": 1, "شوطين": 2,
    "نقطه": 1, "نقطتين": 2,
}  # fmt: skip
_PART_NOUNS = {"الربع": 4, "الربعين": 4, "الربعان": 4, "النصف": 2, "الشوط": 2, "الشوطين": 2}
_PARTS = {"اثلاث": 3, "ارباع": 4, "اخماس": 5, "اسداس": 6, "اسباع": 7, "اثمان": 8, "اعشار": 10}


def _scale_items() -> dict[str, _Item]:
    items = {}
    for value, stem, plural in _SCALES:
        scale = Fraction(value)
        items[bare(stem)] = items[bare(stem + "ا")] = _Item("scale", scale)
        items[bare(plural)] = _Item("scale", scale, plural=True)
        for dual in ("ان", "ين", "ي"):
            items[bare(stem + dual)] = _Item("scale", scale, times=2)
    return items


_ARABIC_ITEMS: dict[str, _Item] = {
    **_forms(_UNITS, "unit"),
    **_forms(_TEENS, "teen"),
    **_forms(_TENS, "ten"),
    **_forms(_HUNDRED, "hundred"),
    **_forms(_HUNDREDS, "hundreds"),
    **_forms(_FRACTIONS, "fraction"),
    **_scale_items(),
}

_ORDINALS = {
    form: value
    for value, stem in enumerate(_listed("حادي ثاني ثالث رابع خامس سادس سابع ثامن تاسع عاشر"), 1)
    for form in (stem, stem + "ه", stem + "ا")
} | {"اول": 1, "اولي": 1, "ثان": 2}  # bare forms; حادي only in "الحادي عشر"

_VAGUE = {"عشرات": 10, "ميات": 100}  # bare forms
_SOFT_WORDS = {  # scores, multiples, pairs: they justify a number, nobody has to repeat them
    "ثنايي": 2, "ثناييه": 2, "ثلاثي": 3, "ثلاثيه": 3, "رباعي": 4, "رباعيه": 4, "خماسي": 5,
    "خماسيه": 5, "سداسي": 6, "سداسيه": 6, "سباعي": 7, "سباعيه": 7, "ضعف": 2, "ضعفا": 2,
    "ضعفي": 2, "ضعفين": 2, "تضاعف": 2, "تضاعفت": 2, "يتضاعف": 2, "مضاعفه": 2, "كلا": 2, "كلتا": 2,
    "كلاهما": 2, "كليهما": 2, "زوج": 2, "توام": 2, "صفر": 0, "هما": 2,
}  # fmt: skip
_DECADES = {
    stem + ending: 10 * n
    for n, stem in enumerate(_listed("عشرين ثلاثين اربعين خمسين ستين سبعين ثمانين تسعين"), 2)
    for ending in ("يات", "ات", "ي", "يه")
}

_MONTHS = """
1: يناير جانفي كانون_الثاني
2: فبراير فيفري شباط
3: مارس? آذار
4: أبريل إبريل أفريل نيسان
5: مايو أيار ماي?
6: يونيو يونيه جوان? حزيران
7: يوليو يوليه جويلية تموز
8: أغسطس أوت? آب
9: سبتمبر أيلول
10: أكتوبر تشرين_الأول
11: نوفمبر تشرين_الثاني
12: ديسمبر كانون_الأول
101: محرم?
102: صفر?
103: ربيع_الأول?
104: ربيع_الثاني? ربيع_الآخر?
105: جمادى_الأولى?
106: جمادى_الثانية? جمادى_الآخرة?
107: رجب?
108: شعبان?
109: رمضان?
110: شوال
111: ذو_القعدة? ذي_القعدة?
112: ذو_الحجة? ذي_الحجة?
"""  # with ? where it is another word or a man's name too, or English has many spellings
_WEEKDAYS = {
    "الاثنين": 1, "الثلاثاء": 2, "الاربعاء": 3, "الخميس": 4, "الجمعه": 5, "السبت": 6, "الاحد": 7,
}  # fmt: skip
_SMALLER = {  # how many smaller ones a unit of time has: half an hour is 30 minutes
    10: "عقد عقدا عقدين عقدان عقود",
    100: "قرن قرنا قرنين قرنان قرون",
    60: "ساعة ساعتين ساعتان ساعات دقيقة دقيقتين دقائق",
    24: "يوم يوما يومين يومان أيام",
    7: "أسبوع أسبوعا أسبوعين أسبوعان أسابيع",
    12: "سنة سنتين سنتان سنوات عام عاما عامين عامان أعوام",
}
_UNIT_OF_TIME = {bare(form): n for n, forms in _SMALLER.items() for form in forms.split()}
# What ألفا and مليونا may count, where the first letter could also be a clitic or a verb's.
_COUNTED = frozenset(
    _listed(
        """
        برميل بطاقه بلده بناء بيت بريطاني لاجي ليره لتر لاعب لقاح كيلومتر كيلوغرام كيلو كيلوواط
        كتاب كلمه فدان فرد فلسطيني فرنك فرصه فرنسي وحده وظيفه ولد يورو يوم ياباني تونسي تلميذ
        تذكره توقيع نازح نسمه ناخب نسخه ناشط نقطه سنه سيده سايح سجين سوري سوداني ساعه سعودي
        سياره سفينه سهم سلعه
        """
    )
)
_NOT_COUNTED = frozenset(
    _listed(
        """
        من في علي عن الي مع حتي خلال منذ بعد قبل ثم او ام اي بين عبر ضد عند حول تحت فوق امام
        هذا هذه ذلك تلك كل قد لم لن لا ان انه الا غير اكثر اقل امس غدا هم هو هي عام شهر كما حين
        حيث اذ مقابل مقارنه بسبب بينهم بينها منهم منها
        """
    )
)
_NOT_DUAL = _listed(
    """
    التي الذين الذي بين حين كان لبنان ايران السودان باكستان افغانستان البرلمان الان فان لان وان
    عندما حتي متي الحين اين مكان زمان اثنان اثنين الاثنين السكان سكان نيسان انسان ياتي تاتي
    الاتي موتي شتي لدي لديه لديها لديهم اليه اليها اليهم عليه عليها عليهم فيه فيها فيهم حيان
    """
)
_DUAL = re.compile(r"[ء-ي]{3,}(?:ان|ين|يه|يها|يهم)|[ء-ي]{2,}(?:تا|تي|تيه|تيها)|[ء-ي]+هما")
_DUAL_IN_ALIF = re.compile("[ء-ي]{2,}[^هنميكذ]ا")


# Names with a number, a month or a day in them: nobody has to repeat it in English.
_NAMES = {
    tuple(bare(word) for word in name.split())
    for name in """
بئر السبع|عين السبع|باب السبع|مدينة الخمس|شارع الستين|شارع الأربعين|شارع الثلاثين|شارع الخمسين
حي الأربعين|حي السبعين|ميدان السبعين|ميدان الأربعين|ست الحسن|ست الشام|ست الكل|الست أم كلثوم
الربع الخالي|المية ومية|ألف ليلة|خميس مشيط|سوق الأحد|سوق الاثنين|سوق الثلاثاء|سوق الأربعاء
سوق الخميس|سوق الجمعة|سوق السبت|وست هام|وست بروميتش|مايو كلينك|شركة نيسان|سيارات نيسان
رينو ونيسان|رينو نيسان|تويوتا ونيسان|هوندا ونيسان|نيسان موتور
    """.replace("\n", "|").split("|")
    if name.strip()
}  # fmt: skip


def _month_table() -> dict[str, tuple[int, bool]]:
    table = {}
    for row in _MONTHS.strip().splitlines():
        value, forms = row.split(":")
        for form in forms.split():
            table[bare(form.rstrip("?")).replace("_", " ")] = (int(value), form.endswith("?"))
    return table


_MONTH_OF = _month_table()

# --- Arabic: reading ----------------------------------------------------------------

_ARABIC_TOKEN = re.compile(_NUMERAL + r"|[\u0621-\u063a\u0641-\u0652\u0670\u0671\u0640]+|[%٪]")


def arabic_quantities(text: str) -> list[Quantity]:
    """Every number, date part and dual in an Arabic text, in the order of the text.

    Args:
        text: Arabic; digits of either set, words in any case form, with clitics.
    """
    reading = _Reading(text, _arabic_words(text))
    _arabic_dates(reading)
    _arabic_ordinals(reading)
    _arabic_numbers(reading)
    _note_ranges(reading)
    _arabic_scores(reading)
    for at, word in enumerate(reading.words):
        core = _core(word.bare)
        pairs = [Fraction(2)] if _may_be_dual(word, reading.word(at + 1)) else []
        pairs += [Fraction(_SOFT_WORDS[core])] if core in _SOFT_WORDS else []
        unit = _first(word.bare, _UNIT_OF_TIME) or 1
        _note_measures(reading, at, pairs, unit)
        _arabic_parts(reading, at)
        _arabic_century(reading, at)
        for name in _NAMES:
            if _stands_at(reading, at, name):
                reading.soften(word.span.start, reading.word(at + len(name) - 1).span.end)
    return reading.quantities()


def _arabic_scores(reading: _Reading) -> None:
    """Note بثلاثة أهداف لهدفين, بثلاثية نظيفة, بهدف دون رد, 3-2 and بهدف لمثله as scores."""
    for at, word in enumerate(reading.words):
        first = _goals(word)
        if first is None:
            continue
        for end in (at + 1, at + 2):  # a noun or "واحد" may stand between
            second = _against(reading, end, first)
            if second is not None:
                reading.add_score(range(at, end + 1), first, second)
                break


def _goals(word: _Word) -> int | None:
    """How many goals, points or sets a word counts, if it counts any."""
    if word.item and word.item.role in ("unit", "digits", "teen", "ten"):
        return int(word.item.value) if word.item.value.denominator == 1 else None
    goals = _first(word.bare, _GOALS)
    return _SOFT_WORDS.get(_core(word.bare)) if goals is None else goals


def _against(reading: _Reading, at: int, first: int) -> int | None:
    """The other side's goals, if word `at` begins to tell them."""
    word, after = reading.word(at), reading.word(at + 1)
    between = reading.text[reading.word(at - 1).span.end : word.span.start].strip()
    if word.bare == "من":  # من دون رد
        word, after = after, reading.word(at + 2)
    unanswered = word.bare in ("دون", "بدون", "بلا") and after.bare in ("رد", "مقابل")
    if unanswered or word.bare in ("نظيف", "نظيفه", "نظيفين", "وحيد", "يتيم"):
        return 0
    if word.bare in ("لمثله", "لمثلها", "لمثلهما", "لكل"):
        return first
    if word.bare == "مقابل":
        return 0 if after.bare == "لا" else _goals(after)
    if word.bare.startswith("ل") or (between in _DASHES and word.text[:1].isdecimal()):
        return _goals(word)
    return None


def _arabic_parts(reading: _Reading, at: int) -> None:
    """Note الربع الثاني or الشوط الأول at word `at`, and النصف; more may follow with و."""
    parts = _first(reading.word(at).bare, _PART_NOUNS)
    at += 1 + (_core(reading.word(at + 1).bare) in ("مالي", "سنوي"))
    while parts and reading.word(at).bare:
        word = reading.word(at)
        ordinal = parts if _core(word.bare) == "اخير" else _first(word.bare, _ORDINALS)
        if not ordinal or ordinal > parts or not clitic_forms(word.bare):
            break
        reading.add(range(at, at + 1), 10 * parts + ordinal, "part", soft=True)
        if parts == 4 and _core(word.bare) != "اخير":
            reading.soften(word.span.start, word.span.end)
        at += 1
        parts = parts if reading.word(at).bare.startswith("و") else 0


def _arabic_century(reading: _Reading, at: int) -> None:
    """Note what century and decade the word at `at` means: القرن الماضي, ثلاثينيات القرن …."""
    core, noun = _core(reading.word(at).bare), at
    decade = _DECADES.get(core)
    while decade and (
        _core(reading.word(noun).bare) in _DECADES or reading.word(noun).bare == "من"
    ):
        noun += 1
    century = None
    if _core(reading.word(noun).bare) == "قرن":
        after = reading.word(noun + 1)
        named = {"ماضي": 20, "حالي": 21}.get(_core(after.bare))
        counted = [
            int(q.value)
            for q in reading.found
            if q.span.start == after.span.start and 0 < q.value < 30
        ]
        century = named or next(iter(counted), None)
    if decade is not None:
        value = decade + 100 * (century - 1) if century else decade
        reading.add(range(at, at + 1), value, "decade", soft=True)
        if century:  # nobody has to say "the 1970s of the 20th century"
            reading.soften(reading.word(noun + 1).span.start, reading.word(noun + 1).span.end)
    elif century:
        reading.add(range(at, at + 1), 100 * (century - 1), "decade", soft=True)
        reading.add(range(at, at + 1), century, "ordinal", soft=True)


def _stands_at(reading: _Reading, at: int, name: tuple[str, ...]) -> bool:
    """Whether a name stands at word `at`, its first word perhaps with clitics."""
    here = tuple(word.bare for word in reading.words[at : at + len(name)])
    return here[1:] == name[1:] and any(form == name[0] for form, _ in clitic_forms(here[0]))


def _may_be_dual(word: _Word, after: _Word) -> bool:
    """Whether a noun may be two of something: هدفين, ضفتي, طفليها, but not الدولية."""
    number = word.item is not None and word.item.times != 2
    if number or word.bare in _NOT_DUAL or word.text.endswith("ية"):
        return False
    if after.bare.startswith("ال") and _DUAL_IN_ALIF.fullmatch(word.bare):
        return True  # رئيسا البلدين
    return bool(_DUAL.fullmatch(word.bare)) or word.text.endswith("ي\u0652")


def _first(word: str, table: Mapping[str, T]) -> T | None:
    """What a table has for the word with as few clitics taken off as will do."""
    return next((table[form] for form, _ in clitic_forms(word) if form in table), None)


def _core(word: str) -> str:
    return min((form for form, _ in clitic_forms(word)), key=len)


def _arabic_words(text: str) -> list[_Word]:
    words: list[_Word] = []
    for match in _ARABIC_TOKEN.finditer(text):
        raw, span = match.group(), Span(*match.span())
        if raw[0].isdecimal():
            joined = bool(words) and words[-1].bare == "و" and words[-1].span.end == span.start
            digits = _Item("digits", numeral_values(raw)[0], joined=joined)
            words.append(_Word(raw, raw, span, digits))
            if joined:  # the و of "و200" is no word of its own
                del words[-2]
        elif bare(raw) in ("الميه", "المايه") and words and words[-1].bare == "في":
            words[-1] = _Word("%", "%", Span(words[-1].span.start, span.end))
        elif re.fullmatch("[%٪]|بالم(?:ي|اي)ه", bare(raw)):
            words.append(_Word("%", "%", span))
        else:
            item = _arabic_item(raw)
            if item and words and words[-1].bare == "و":  # و with a space after it
                item = item._replace(joined=True)
                del words[-1]
            words.append(_Word(raw, bare(raw), span, item))
    return words


def _arabic_item(raw: str) -> _Item | None:
    word = bare(raw)
    for form, joined in clitic_forms(word):
        if form in _ARABIC_ITEMS and not _only_looks_like(form, word, raw):
            # واحد is also و with أحد, as in مئة وأحد عشر.
            return _ARABIC_ITEMS[form]._replace(joined=joined or form.startswith("و"))
    return None


def _only_looks_like(form: str, word: str, raw: str) -> bool:
    """Whether a word is something else than the number that its bare form may be.

    Args:
        form: The number, without clitics.
        word: The word in its bare form.
        raw: The word as it is written.
    """
    if form in _NEEDS_HAMZA and "ئ" not in raw:  # ميتا is Meta, كمية a quantity
        return form != "ميه" or word.lstrip("و") != form
    if form == "الف":  # ألّف is a verb
        return "\u0651" in raw
    # A dual before its noun takes no article: الألفي is an adjective.
    dual = form in _ARABIC_ITEMS and _ARABIC_ITEMS[form].times == 2 and form.endswith("ي")
    return dual and "ال" in word[: -len(form)]


def is_number_word(word: str) -> bool:
    """Whether a bare Arabic word is a number, an ordinal, a month or a day."""
    tables: tuple[Mapping[str, object], ...] = (_ARABIC_ITEMS, _ORDINALS, _MONTH_OF, _WEEKDAYS)
    return any(_first(word, table) is not None for table in (*tables, _VAGUE, _DECADES))


def _arabic_dates(reading: _Reading) -> None:
    for at, word in reading.free():
        after = reading.word(at + 1)
        two = _first(f"{word.bare} {after.bare}", _MONTH_OF)
        month = _first(word.bare, _MONTH_OF)
        day = _first(word.bare, _WEEKDAYS)
        both = day == 1 and (after.bare == "معا" or reading.word(at - 1).bare in ("بين", "هذين"))
        eleven = after.item and after.item.role == "teen"  # الأحد عشر
        if two:
            reading.add(range(at, at + 2), two[0], "month", soft=two[1])
        elif month and not (month[0] == 8 and word.bare.endswith("اب") and "آ" not in word.text):
            reading.add(range(at, at + 1), month[0], "month", soft=month[1])
        elif both:  # بين الاثنين is "between the two"
            reading.add(range(at, at + 1), 2, soft=True)
        elif day and not eleven:
            reading.add(range(at, at + 1), day, "weekday")


def _arabic_ordinals(reading: _Reading) -> None:
    for at, word in reading.free():
        value = _first(word.bare, _ORDINALS)
        if value is None:
            continue
        after = reading.word(at + 1).item
        where = range(at, at + 1)
        if after and after.role == "teen" and not after.joined:  # الثامن عشر
            value, where = value + 10, range(at, at + 2)
        elif after and after.role == "ten" and after.joined and value < 10:  # الحادي والعشرين
            value, where = value + int(after.value), range(at, at + 2)
        reading.add(where, value, "ordinal", soft=value <= 3)


def _arabic_numbers(reading: _Reading) -> None:
    for at, word in reading.free():
        vague = _first(word.bare, _VAGUE)
        if vague:
            scale = reading.word(at + 1).item
            many = scale is not None and scale.plural  # عشرات الآلاف
            value = vague * (scale.value if scale and many else 1)
            reading.add(range(at, at + 1 + many), value, "vague", soft=True)
        elif word.item and word.item.plural:  # آلاف الأشخاص
            reading.add(range(at, at + 1), word.item.value, "vague", soft=True)
        elif word.item:
            total, end = reading.longest(at, needs_and=True)
            _arabic_number(reading, range(at, max(end, at + 1)), word.item, total.value)


def _arabic_number(reading: _Reading, where: range, first: _Item, value: Fraction) -> None:
    word, after, alone = reading.word(where[0]), reading.word(where[-1] + 1), len(where) == 1
    percent = "%" in (after.bare, reading.word(where[0] - 1).bare)
    soft = alone and (first.role == "fraction" or value <= 1 or word.bare.endswith("الست"))
    parts = _PARTS.get(_core(after.bare)) if after.bare else None
    if parts:  # ثمانية أعشار
        soft = True
        reading.add(range(where[0], where[-1] + 2), value / parts, soft=True)
    if alone and first.role == "scale" and word.bare.endswith(("فا", "ونا", "ارا")):
        two = _dual_or_accusative(reading, where[0])
        soft = two is None or first.value == 1000  # ألفا is also "alpha"
        if two is None:
            reading.add(where, 2 * value, soft=True)
        value *= 2 if two else 1
    if first.role == "digits":
        soft = soft or _in_a_name(reading.text, word.span.start)
        for other in numeral_values(word.text)[1:]:
            reading.add(where, other, soft=True)
    kind: Kind = "percent" if percent else "number"
    counted = _first(after.bare, _ORDINALS) or "نهاي" in after.bare  # الربع الثاني, نصف النهائي
    if alone and soft and first.role == "fraction" and not counted:
        kind = "fraction"
    reading.add(where, value, kind, soft=soft and not percent)


def _dual_or_accusative(reading: _Reading, at: int) -> bool | None:
    """Whether ألفا, مليونا, مليارا at word `at` is two of them, or one; None if unclear.

    It is two only right before the noun that it counts (مليونا دولار), and one before
    everything else, such as a preposition or an adverb (مليونا تقريبا).
    """
    noun = reading.word(at + 1)
    if reading.word(at).text.endswith(("ً", "ًا", "اً")):
        return False
    if not noun.bare or not reading.touching(at + 1) or noun.bare[0].isdecimal():
        return False
    if noun.bare in _COUNTED:
        return True
    if noun.bare in _NOT_COUNTED or noun.bare.startswith("ال") or noun.bare.endswith("ا"):
        return False
    return None if noun.bare[0] in "بلكفويتنس" else True


def _in_a_name(text: str, start: int) -> bool:
    """Whether letters lead up to the digit at `start`: كوفيد-19, "G20"."""
    return bool(re.search(r"[^\W\d_][-‑]?$", text[max(0, start - 2) : start])) and not (
        text[:start].endswith("و")
    )


def _note_measures(reading: _Reading, at: int, pairs: list[Fraction], unit: int) -> None:
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
    more = [q.value for q in numbers if q.span.start == next_start and 0 < q.value < 1]
    sums = [count + fraction for count in counts for fraction in more]
    if more or dozens:  # nobody has to repeat the 5 of "5 degrees and 8 tenths"
        reading.soften(ends - 1, ends)
    for value in sorted({*pairs, *sums, *(n * unit for n in (*counts, *sums) if unit > 1)}):
        reading.add(range(at, at + 1), value, soft=True)


def _note_ranges(reading: _Reading) -> None:
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
        elif between in _DASHES and 1000 <= low.value < 2200 and low.value % 100 < high.value < 100:
            part, value = high, low.value // 100 * 100 + high.value
        else:
            continue
        at = last_word[part.span.end]
        reading.soften(*part.span)
        reading.add(range(at, at + 1), value, soft=True)


_DASHES = ("-", "–", "/")
_BETWEEN = {"و", "أو", "إلى", "الى", "-", "–", "and", "or", "to", "to about"}

# --- English: words as data ---------------------------------------------------------

_ENGLISH_SMALL = _listed(
    """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
    fifteen sixteen seventeen eighteen nineteen
    """
)
_ENGLISH_TENS = _listed("twenty thirty forty fifty sixty seventy eighty ninety")
_ENGLISH_SCALES = {
    "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12,
    "bn": 10**9, "mn": 10**6, "tn": 10**12,
}  # fmt: skip
_ENGLISH_ITEMS: dict[str, _Item] = {
    **{w: _Item("unit" if n < 10 else "teen", Fraction(n)) for n, w in enumerate(_ENGLISH_SMALL)},
    **{w: _Item("ten", Fraction(10 * n)) for n, w in enumerate(_ENGLISH_TENS, 2)},
    "hundred": _Item("hundred", Fraction(100)),
    "half": _Item("fraction", Fraction(1, 2)),
    "quarter": _Item("fraction", Fraction(1, 4)),
    "semi": _Item("fraction", Fraction(1, 2)),
    **{w: _Item("scale", Fraction(v)) for w, v in _ENGLISH_SCALES.items()},
    **{w + "s": _Item("scale", Fraction(v), plural=True) for w, v in _ENGLISH_SCALES.items()},
}
_ENGLISH_ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7,
    "eighth": 8, "ninth": 9, "tenth": 10, "eleventh": 11, "twelfth": 12,
    **{f"{word}th": n for n, word in enumerate(_ENGLISH_SMALL) if n > 12},
    **{f"{word[:-1]}ieth": 10 * n for n, word in enumerate(_ENGLISH_TENS, 2)},
    "hundredth": 100, "thousandth": 1000,
}  # fmt: skip
_ENGLISH_PARTS = {"half": 2, "halves": 2, "quarter": 4, "quarters": 4}
_ENGLISH_VAGUE = {"tens": 10, "dozens": 10, "scores": 10, "hundreds": 100}
_ENGLISH_SOFT = {
    "once": 1, "single": 1, "twice": 2, "both": 2, "pair": 2, "couple": 2, "twin": 2, "twins": 2,
    "double": 2, "doubled": 2, "doubles": 2, "doubling": 2, "brace": 2, "triple": 3, "tripled": 3,
    "treble": 3, "trebled": 3, "thrice": 3, "hat": 3, "quadrupled": 4, "dozen": 12, "no": 0,
    "nil": 0, "duo": 2, "trio": 3, "fortnight": 14, "unanimously": 100, "each": 2, "nought": 0,
}  # fmt: skip
_ENGLISH_SMALLER = {
    "decade": 10, "decades": 10, "century": 100, "centuries": 100, "hour": 60, "hours": 60,
    "minute": 60, "minutes": 60, "day": 24, "days": 24, "week": 7, "weeks": 7, "year": 12,
    "years": 12, "dozen": 12,
}  # fmt: skip
_ENGLISH_DECADES = {
    word[:-1] + "ies": 10 * n for n, word in enumerate(_ENGLISH_TENS, 2) if word != "ten"
}
_ENGLISH_MONTHS = {
    "january": 1, "jan": 1, "february": 2, "feb": 2, "march": 3, "april": 4, "apr": 4, "may": 5,
    "june": 6, "july": 7, "august": 8, "aug": 8, "september": 9, "sept": 9, "sep": 9,
    "october": 10, "oct": 10, "november": 11, "nov": 11, "december": 12, "dec": 12,
    "muharram": 101, "safar": 102, "rajab": 107, "shaaban": 108, "sha'ban": 108, "ramadan": 109,
    "shawwal": 110,
}  # fmt: skip
_ENGLISH_WEEKDAYS = {
    "monday": 1, "tuesday": 2, "wednesday": 3, "thursday": 4, "friday": 5, "saturday": 6,
    "sunday": 7,
}  # fmt: skip
_UNIT_SUFFIX = _listed("s m g c f km kg cm mm mph kph mg kw mw gw ft hr min sec th st nd rd")
_MONEY_SUFFIX = {"k": 10**3, "m": 10**6, "b": 10**9}
_BEFORE_A_MONTH = _listed(
    """
    in of on last next since until till by early late mid this from to between through during
    before after th st nd rd
    """
)

# --- English: reading ---------------------------------------------------------------

_ENGLISH_TOKEN = re.compile(r"\d+(?:[,.\u00a0\u202f]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)?|%")


def english_quantities(text: str) -> list[Quantity]:
    """Every number, date part and number word in an English text, in its order.

    Args:
        text: English, numbers in digits or words.
    """
    reading = _Reading(text, _english_words(text))
    _english_dates(reading)
    _english_ordinals(reading)
    _english_numbers(reading)
    _note_ranges(reading)
    _english_scores(reading)
    for at, word in enumerate(reading.words):
        pairs = [Fraction(_ENGLISH_SOFT[word.bare])] if word.bare in _ENGLISH_SOFT else []
        if reading.word(at + 1).bare in ("final", "finals"):  # the last eight, the last four
            pairs += [Fraction(n) for n in [{"quarter": 8, "semi": 4}.get(word.bare)] if n]
        _note_measures(reading, at, pairs, _ENGLISH_SMALLER.get(word.bare, 1))
        fold = _ENGLISH_ITEMS.get(word.bare.removesuffix("fold"))
        if fold and word.bare.endswith("fold"):
            reading.add(range(at, at + 1), fold.value)
        if word.bare in _ENGLISH_DECADES:
            reading.add(range(at, at + 1), _ENGLISH_DECADES[word.bare], "decade", soft=True)
        _english_parts(reading, at)
        _english_century(reading, at)
    return reading.quantities()


def _english_scores(reading: _Reading) -> None:
    """Note "3-2", "three goals to two", "one-nil" and "2-all" as scores."""
    for at, word in enumerate(reading.words):
        first = _english_goals(word)
        after = reading.word(at + 1)
        middle = reading.text[word.span.end : after.span.start].strip()
        goals_to = reading.word(at + 2).bare == "to" and _english_goals(after) is None
        end = at + 3 if goals_to else at + 2 if after.bare == "to" else at + 1
        second = first if reading.word(end).bare == "all" else _english_goals(reading.word(end))
        if first is None or second is None:
            continue
        if end > at + 1 or middle in ("-", "–") or reading.word(end).bare in ("nil", "all"):
            reading.add_score(range(at, end + 1), first, second)


def _english_goals(word: _Word) -> int | None:
    if word.item and word.item.role in ("unit", "digits", "teen", "ten"):
        return int(word.item.value) if word.item.value.denominator == 1 else None
    return 0 if word.bare in ("nil", "love") else None


def _english_parts(reading: _Reading, at: int) -> None:
    """Note "second quarter", "Q2" or "first half" at word `at`; "last" may be the last."""
    word, after = reading.word(at), reading.word(at + 1)
    parts = {"q": 4, "h": 2}.get(word.bare)
    if parts and after.item and after.item.value in range(1, parts + 1) and reading.glued(at + 1):
        reading.add(range(at, at + 2), 10 * parts + after.item.value, "part", soft=True)
    parts = _ENGLISH_PARTS.get(word.bare)
    before = at - 1
    if reading.word(before).bare in ("fiscal", "financial"):
        before -= 1
    while parts and (ordinal := _english_part(reading, before, parts)):
        reading.add(range(before, at + 1), 10 * parts + ordinal, "part", soft=True)
        reading.soften(reading.word(before).span.start, word.span.end)
        before -= 1


def _english_part(reading: _Reading, at: int, parts: int) -> int:
    """Which of its halves or quarters word `at` means; 0 for none."""
    word = reading.word(at)
    if word.bare in ("last", "final"):
        return parts
    ends = {q.span.end: int(q.value) for q in reading.found if q.kind == "ordinal"}
    ordinal = ends.get(word.span.end, 0)
    return ordinal if ordinal <= parts else 0


def _english_century(reading: _Reading, at: int) -> None:
    """Note "last century", the 19th that "1800s" may mean, and the 6 of "Mohammed VI"."""
    word, after = reading.word(at), reading.word(at + 1)
    century = {"last": 20, "past": 20, "this": 21, "current": 21}.get(word.bare)
    if century and after.bare == "century":
        reading.add(range(at, at + 2), century, "ordinal", soft=True)
    if word.item and word.item.value in range(1000, 2100, 100) and after.bare == "s":
        reading.add(range(at, at + 1), word.item.value / 100 + 1, "ordinal", soft=True)
    named = at > 0 and reading.word(at - 1).text[0].isupper()
    if word.text and named and _ROMAN.fullmatch(word.text):
        reading.add(range(at, at + 1), _roman(word.text), "ordinal", soft=True)


_ROMAN = re.compile("(?=[IVXL])(?:XL|L?X{0,3})(?:IX|IV|V?I{0,3})")


def _roman(numeral: str) -> int:
    """The value of a Roman numeral below 90."""
    values = [{"I": 1, "V": 5, "X": 10, "L": 50}[letter] for letter in numeral]
    after = [*values[1:], 0]
    return sum(-v if v < following else v for v, following in zip(values, after, strict=True))


def _english_words(text: str) -> list[_Word]:
    """The words less "a", "an" and "and", which only join numbers."""
    words: list[_Word] = []
    joined = False
    for match in _ENGLISH_TOKEN.finditer(text):
        raw, span = match.group(), Span(*match.span())
        low = re.sub("['’]s?$", "", raw.lower())
        if low in ("a", "an", "and"):
            joined = joined or low == "and"
            continue
        item = _ENGLISH_ITEMS.get(low)
        if raw[0].isdecimal():
            item = _Item("digits", numeral_values(raw)[0])
        words.append(_Word(raw, low, span, item and item._replace(joined=joined)))
        joined = False
    return words


def _english_dates(reading: _Reading) -> None:
    for at, word in reading.free():
        month = _ENGLISH_MONTHS.get(word.bare)
        day = _ENGLISH_WEEKDAYS.get(word.bare.removesuffix("s"))
        hour = word.item and word.item.role == "digits" and 1 <= word.item.value <= 12
        if month and word.text[0].isupper():
            soft = word.bare in ("may", "march") and not _in_a_date(reading, at)
            reading.add(range(at, at + 1), month, "month", soft=soft)
        elif day:
            reading.add(range(at, at + 1), day, "weekday")
        elif hour and word.item and re.match(r"\s?[ap]\.?m\b", reading.text[word.span.end :]):
            reading.add(range(at, at + 1), word.item.value * 60 % 720, "time")


def _in_a_date(reading: _Reading, at: int) -> bool:
    """Whether May or March, at word `at`, has a day, a year or "in" beside it."""
    before, after = reading.word(at - 1), reading.word(at + 1)
    if any(w.item and w.item.role == "digits" for w in (before, after)):
        return True
    return before.bare in _BEFORE_A_MONTH


def _english_ordinals(reading: _Reading) -> None:
    for at, word in reading.free():
        before, after = reading.word(at - 1), reading.word(at + 1)
        value = _ENGLISH_ORDINALS.get(word.bare.removesuffix("s"))
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
        elif word.bare in _ENGLISH_ORDINALS:
            reading.add(range(at, at + 1), value, "ordinal", soft=value <= 3)
            if value > 2 and _A_SHARE.fullmatch(_around(reading, at)):
                reading.add(range(at, at + 1), Fraction(1, value), "fraction", soft=True)


_A_SHARE = re.compile(r"(?i).*\ba \w+(?: of\b|\W*$| (?:more|less|higher|lower)\b).*")


def _around(reading: _Reading, at: int) -> str:
    """Word `at` with two characters before it and six after it, to see "a third of"."""
    span = reading.word(at).span
    return reading.text[max(0, span.start - 2) : span.end + 8]


def _english_numbers(reading: _Reading) -> None:
    for at, word in reading.free():
        of_them = reading.word(at + 1).bare == "of"
        scale = reading.word(at + 2).item if of_them else None
        many_of = word.bare in _ENGLISH_VAGUE and (word.bare != "scores" or of_them)
        if many_of or (word.item and word.item.plural):
            value = word.item.value if word.item else Fraction(_ENGLISH_VAGUE[word.bare])
            many = scale if scale and scale.plural else None  # "tens of thousands"
            end = at + 3 if many else at + 1
            reading.add(range(at, end), value * (many.value if many else 1), "vague")
        elif word.item:
            total, end = reading.longest(at, needs_and=False)
            _english_number(reading, range(at, max(end, at + 1)), word.item, total.value)


_NO_SHARE = _listed("final finals finalist finalists time way back century")


def _nearest(reading: _Reading, at: int) -> str:
    """The word before word `at`, an "of" passed over, as in "a couple of thousand"."""
    before = reading.word(at - 1)
    return reading.word(at - 2).bare if before.bare == "of" else before.bare


def _english_number(reading: _Reading, where: range, first: _Item, value: Fraction) -> None:
    at, after, alone = where[0], reading.word(where[-1] + 1), len(where) == 1
    suffix = after.bare if after.bare and reading.glued(where[-1] + 1) else ""
    kind: Kind = "number"
    soft = alone and (first.role == "fraction" or value <= 1)
    said = reading.word(at - 1).bare
    whole = (
        said in _ENGLISH_ORDINALS or said in ("last", "final", "other") or after.bare in _NO_SHARE
    )
    if alone and soft and first.role == "fraction" and not whole:
        kind = "fraction"
    if after.bare in ("%", "percent", "pct") or (
        after.bare == "per" and reading.word(where[-1] + 2).bare == "cent"
    ):
        kind, soft = "percent", False
    elif first.role == "digits" and alone:
        if suffix in _MONEY_SUFFIX:  # "5m" is millions or metres
            reading.add(range(at, at + 2), value * _MONEY_SUFFIX[suffix], soft=True)
        if suffix == "s":
            kind = "decade"
        soft = (bool(suffix) and suffix not in _UNIT_SUFFIX) or _in_a_name(
            reading.text, reading.word(at).span.start
        )
    elif _nearest(reading, at) in ("several", "few", "many", "couple"):
        kind = "vague"
    reading.add(where, value, kind, soft=soft)
