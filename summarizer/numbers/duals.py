"""Arabic duals: which nouns may be two of something, and whether ألفا is two thousand."""

from __future__ import annotations

import re

from summarizer.numbers.arabic_tables import COUNTED, NOT_COUNTED, NOT_DUAL
from summarizer.numbers.reading import Reading
from summarizer.numbers.words import Word

_DUAL = re.compile(r"[ء-ي]{3,}(?:ان|ين|يه|يها|يهم)|[ء-ي]{2,}(?:تا|تي|تيه|تيها)|[ء-ي]+هما|طنين")
_DUAL_OF_THE = re.compile("[ء-ي]{2,}[^هنميكذ]ا|(?!ال)[ء-ي]{3,}ي")


def may_be_dual(word: Word, after: Word) -> bool:
    """Whether a noun may be two of something: هدفين, ضفتي, طفليها, but not الدولية."""
    number = word.item is not None and word.item.times != 2
    if number or word.bare in NOT_DUAL or word.text.endswith("ية"):
        return False
    of_the = after.bare.startswith("ال") and not word.text.endswith("ى")  # مستوى العالم
    if of_the and _DUAL_OF_THE.fullmatch(word.bare):
        return True  # رئيسا البلدين, طرفي النزاع
    return bool(_DUAL.fullmatch(word.bare)) or word.text.endswith("ي\u0652")


def dual_or_accusative(reading: Reading, at: int) -> bool | None:
    """Whether ألفا, مليونا, مليارا at word `at` is two of them, or one; None if unclear.

    It is two only right before the noun that it counts (مليونا دولار), and one before
    everything else, such as a preposition or an adverb (مليونا تقريبا).
    """
    noun = reading.word(at + 1)
    if reading.word(at).text.endswith(("ً", "ًا", "اً")):
        return False
    if not noun.bare or not reading.touching(at + 1) or noun.bare[0].isdecimal():
        return False
    if noun.bare in COUNTED:
        return True
    if noun.bare in NOT_COUNTED or noun.bare.startswith("ال") or noun.bare.endswith("ا"):
        return False
    return None if noun.bare[0] in "بلكفويتنس" else True
