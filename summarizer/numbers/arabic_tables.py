"""Arabic number words, months, days and what goes with them, as data.

Keys are bare forms (`arabic_forms.bare`).
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from summarizer.numbers.arabic_forms import bare
from summarizer.numbers.words import Item, Role, listed


def _rows(table: str) -> Iterator[tuple[str, str]]:
    """Each form of rows of "value: forms", with its value."""
    for row in table.strip().splitlines():
        value, forms = row.split(":")
        for form in forms.split():
            yield value, form


def _items(table: str, role: Role) -> dict[str, Item]:
    return {bare(form): Item(role, Fraction(value)) for value, form in _rows(table)}


_UNITS = """
1: واحد واحدا واحدة أحد إحدى
2: اثنان اثنين اثنتان اثنتين اثنا اثني اثنتا اثنتي إثنان إثنين
3: ثلاث ثلاثة ثلاثا
4: أربع أربعة أربعا
5: خمس خمسة خمسا
6: ست ستة ستا الست بست
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
NEEDS_HAMZA = frozenset(listed("ميه ميتا ميتي ميتان ميتين"))
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
2/3: ثلثا ثلثي ثلثان ثلثين ثلثاه ثلثاها ثلثاهم ثلثيه ثلثيها ثلثيهم
"""
GOALS = {
    "هدف": 1, "هدفين": 2, "هدفان": 2, "مجموعه": 1, "مجموعتين": 2, "شوط": 1, "شوطين": 2,
    "نقطه": 1, "نقطتين": 2,
}  # fmt: skip
PART_NOUNS = {"الربع": 4, "الربعين": 4, "الربعان": 4, "النصف": 2, "الشوط": 2, "الشوطين": 2}
_PARTS = {
    "اثلاث": 3, "ارباع": 4, "اخماس": 5, "اسداس": 6, "اسباع": 7, "اثمان": 8, "اعشار": 10,
}  # fmt: skip
FRACTION_NOUNS = {stem + of: n for stem, n in _PARTS.items() for of in ("", "ه", "ها", "هم")}


def _scale_items() -> dict[str, Item]:
    items = {}
    for value, stem, plural in _SCALES:
        scale = Fraction(value)
        items[bare(stem)] = items[bare(stem + "ا")] = Item("scale", scale)
        for ending in ("", "ا"):  # آلافا منهم
            items[bare(plural) + ending] = Item("scale", scale, plural=True)
        for dual in ("ان", "ين", "ي"):
            items[bare(stem + dual)] = Item("scale", scale, times=2)
    return items


ITEMS: dict[str, Item] = {
    **_items(_UNITS, "unit"),
    **_items(_TEENS, "teen"),
    **_items(_TENS, "ten"),
    **_items(_HUNDRED, "hundred"),
    **_items(_HUNDREDS, "hundreds"),
    **_items(_FRACTIONS, "fraction"),
    **_scale_items(),
}

ORDINALS = {
    form: value
    for value, stem in enumerate(listed("حادي ثاني ثالث رابع خامس سادس سابع ثامن تاسع عاشر"), 1)
    for form in (stem, stem + "ه", stem + "ا")
} | {"اول": 1, "اولي": 1, "ثان": 2}  # حادي only in "الحادي عشر"

VAGUE = {"عشرات": 10, "ميات": 100}
SOFT_WORDS = {  # scores, multiples, pairs: they justify a number, nobody has to repeat them
    "ثنايي": 2, "ثناييه": 2, "ثلاثي": 3, "ثلاثيه": 3, "رباعي": 4, "رباعيه": 4, "خماسي": 5,
    "خماسيه": 5, "سداسي": 6, "سداسيه": 6, "سباعي": 7, "سباعيه": 7, "ضعف": 2, "ضعفا": 2,
    "ضعفي": 2, "ضعفين": 2, "تضاعف": 2, "تضاعفت": 2, "يتضاعف": 2, "مضاعفه": 2, "كلا": 2, "كلتا": 2,
    "كلاهما": 2, "كليهما": 2, "زوج": 2, "توام": 2, "صفر": 0, "هما": 2,
}  # fmt: skip
DECADES = {
    stem + ending: 10 * n
    for n, stem in enumerate(listed("عشرين ثلاثين اربعين خمسين ستين سبعين ثمانين تسعين"), 2)
    for ending in ("يات", "ات", "ي", "يه")
}

# With ? where it is another word or a man's name too: demanded only in a date.
_MONTH_ROWS = """
1: يناير جانفي كانون_الثاني
2: فبراير فيفري شباط
3: مارس? آذار
4: أبريل إبريل أفريل نيسان?
5: مايو أيار ماي?
6: يونيو يونيه جوان? حزيران
7: يوليو يوليه يوليوز جويلية تموز
8: أغسطس غشت أوت? آب
9: سبتمبر شتنبر أيلول
10: أكتوبر تشرين_الأول
11: نوفمبر نونبر تشرين_الثاني
12: ديسمبر دجنبر كانون_الأول
101: محرم?
102: صفر?
103: ربيع_الأول?
104: ربيع_الثاني? ربيع_الآخر?
105: جمادى_الأولى? جمادى_الأول?
106: جمادى_الثانية? جمادى_الآخرة? جمادى_الثاني? جمادى_الآخر?
107: رجب?
108: شعبان?
109: رمضان? رمضاني? رمضانية?
110: شوال
111: ذو_القعدة? ذي_القعدة?
112: ذو_الحجة? ذي_الحجة?
"""
MONTH_NAMES = [  # as they are written, with the month's number; those of the Hijra from 101 on
    (form.rstrip("?").replace("_", " "), int(value)) for value, form in _rows(_MONTH_ROWS)
]
MONTHS = {  # two words where a month has two; whether it is unsure
    bare(form.rstrip("?")).replace("_", " "): (int(value), form.endswith("?"))
    for value, form in _rows(_MONTH_ROWS)
}
SAFAR = 102  # which is also zero
AFTER_A_MONTH = listed("الماضي المنصرم الجاري الحالي المقبل القادم")
WEEKDAYS = {
    "الاثنين": 1, "الثلاثاء": 2, "الاربعاء": 3, "الخميس": 4, "الجمعه": 5, "السبت": 6, "الاحد": 7,
    "الاحاد": 7,
}  # fmt: skip
_SMALLER_ROWS = """
10: عقد عقدا عقدين عقدان عقود
100: قرن قرنا قرنين قرنان قرون
60: ساعة ساعتين ساعتان ساعات دقيقة دقيقتين دقائق
24: يوم يوما يومين يومان أيام
7: أسبوع أسبوعا أسبوعين أسبوعان أسابيع
12: سنة سنتين سنتان سنوات عام عاما عامين عامان أعوام
"""
# How many smaller ones a unit of time has: half an hour is 30 minutes.
SMALLER = {bare(form): int(value) for value, form in _rows(_SMALLER_ROWS)}
# Apart, since "month" alone is no 30; a month and a half is 45 days.
DAYS_IN = dict.fromkeys(listed("شهر شهرا شهرين شهران اشهر شهور"), 30)
_CENTS = {"سنت": 100, "سنتا": 100, "سنتات": 100}
# How many of its parts a measure has, by its forms: in English a decimal tells them both.
MEASURE_PARTS = {
    form: parts
    for forms, parts in (
        ("متر مترا مترين متران امتار", dict.fromkeys(listed("سم سنتيمتر سنتيمترا سنتيمترات"), 100)),
        ("كيلومتر كيلومترا كيلومترين كيلومترات", dict.fromkeys(listed("متر مترا امتار"), 1000)),
        ("كيلوغرام كيلوغراما كيلوغرامات", dict.fromkeys(listed("غرام غراما غرامات"), 1000)),
        ("دولار دولارا دولارين دولارات يورو", _CENTS),
    )
    for form in listed(forms)
}
# What ألفا and مليونا may count, where the first letter could also be a clitic or a verb's.
COUNTED = frozenset(
    listed(
        """
        برميل بطاقه بلده بناء بيت بريطاني لاجي ليره لتر لاعب لقاح كيلومتر كيلوغرام كيلو كيلوواط
        كتاب كلمه فدان فرد فلسطيني فرنك فرصه فرنسي وحده وظيفه ولد يورو يوم ياباني تونسي تلميذ
        تذكره توقيع نازح نسمه ناخب نسخه ناشط نقطه سنه سيده سايح سجين سوري سوداني ساعه سعودي
        سياره سفينه سهم سلعه
        """
    )
)
NOT_COUNTED = frozenset(
    listed(
        """
        من في علي عن الي مع حتي خلال منذ بعد قبل ثم او ام اي بين عبر ضد عند حول تحت فوق امام
        هذا هذه ذلك تلك كل قد لم لن لا ان انه الا غير اكثر اقل امس غدا هم هو هي عام شهر كما حين
        حيث اذ مقابل مقارنه بسبب بينهم بينها منهم منها
        """
    )
)
NOT_DUAL = listed(
    """
    التي الذين الذي بين حين كان لبنان ايران السودان باكستان افغانستان البرلمان الان فان لان وان
    عندما حتي متي الحين اين مكان زمان اثنان اثنين الاثنين السكان سكان نيسان انسان ياتي تاتي
    الاتي موتي شتي حوالي التالي لدي لديه لديها لديهم اليه اليها اليهم عليه عليها عليهم فيه فيها فيهم
    حيان
    """
)

# Names with a number, a month or a day in them: nobody has to repeat it in English.
NAMES = {
    tuple(bare(word) for word in name.split())
    for name in """
بئر السبع|عين السبع|باب السبع|مدينة الخمس|شارع الستين|شارع الأربعين|شارع الثلاثين|شارع الخمسين
حي الأربعين|حي السبعين|ميدان السبعين|ميدان الأربعين|ست الحسن|ست الشام|ست الكل|الست أم كلثوم
الربع الخالي|المية ومية|ألف ليلة|خميس مشيط|سوق الأحد|سوق الاثنين|سوق الثلاثاء|سوق الأربعاء
سوق الخميس|سوق الجمعة|سوق السبت|وست هام|وست بروميتش|مايو كلينك|حركة 23 مارس
    """.replace("\n", "|").split("|")
    if name.strip()
}  # fmt: skip
