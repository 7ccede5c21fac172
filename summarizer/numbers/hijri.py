"""Dates of the Hijra as English writes them, for a model that knows too few of them."""

from __future__ import annotations

import re

_MONTHS = {
    "محرم": "Muharram", "صفر": "Safar", "رجب": "Rajab", "شعبان": "Shaban", "شوال": "Shawwal",
    "ربيع الأول": "Rabi al-Awwal", "ربيع الثاني": "Rabi al-Thani", "ربيع الآخر": "Rabi al-Thani",
    "جمادى الأولى": "Jumada al-Awwal", "جمادى الثانية": "Jumada al-Thani",
    "جمادى الآخرة": "Jumada al-Thani", "ذو القعدة": "Dhu al-Qadah", "ذي القعدة": "Dhu al-Qadah",
    "ذو الحجة": "Dhu al-Hijjah", "ذي الحجة": "Dhu al-Hijjah",
}  # fmt: skip
# One word is a man's name, too, and so is a month only after its day.
_MONTH = re.compile(
    r"(?<![\w\u0640])(?:"
    + "|".join(name if " " in name else rf"(?<=\d\s){name}" for name in _MONTHS)
    + r")(?!\w)"
)
_YEAR = re.compile(r"(?<!\d)([0-9٠-٩]{3,4})\s?(?:ه\u0640?|هجرية?)(?![\w\u0640])")


def with_hijri_dates(text: str) -> str:
    """The text with the months and the year's mark of the Hijra in English.

    10 ذي الحجة 1447هـ becomes 10 Dhu al-Hijjah 1447 AH. Else the model reads ربيع as spring, and
    the lone ه as a five or as initials of its own.

    Args:
        text: Arabic.
    """
    return _YEAR.sub(r"\1 AH", _MONTH.sub(lambda month: _MONTHS[month[0]], text))
