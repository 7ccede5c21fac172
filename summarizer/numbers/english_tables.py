"""English number words, months, days and what goes with them, as data; keys in lower case."""

from __future__ import annotations

from fractions import Fraction

from summarizer.numbers.words import Item, listed

_SMALL = listed(
    """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
    fifteen sixteen seventeen eighteen nineteen
    """
)
_TENS = listed("twenty thirty forty fifty sixty seventy eighty ninety")
_SCALES = {
    "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12,
    "bn": 10**9, "mn": 10**6, "tn": 10**12,
}  # fmt: skip
ITEMS: dict[str, Item] = {
    **{w: Item("unit" if n < 10 else "teen", Fraction(n)) for n, w in enumerate(_SMALL)},
    **{w: Item("ten", Fraction(10 * n)) for n, w in enumerate(_TENS, 2)},
    "hundred": Item("hundred", Fraction(100)),
    "half": Item("fraction", Fraction(1, 2)),
    "quarter": Item("fraction", Fraction(1, 4)),
    "½": Item("fraction", Fraction(1, 2), joined=True),
    "semi": Item("fraction", Fraction(1, 2)),
    **{w: Item("scale", Fraction(v)) for w, v in _SCALES.items()},
    **{w + "s": Item("scale", Fraction(v), plural=True) for w, v in _SCALES.items()},
}
ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7,
    "eighth": 8, "ninth": 9, "tenth": 10, "eleventh": 11, "twelfth": 12,
    **{f"{word}th": n for n, word in enumerate(_SMALL) if n > 12},
    **{f"{word[:-1]}ieth": 10 * n for n, word in enumerate(_TENS, 2)},
    "hundredth": 100, "thousandth": 1000,
}  # fmt: skip
PARTS = {"half": 2, "halves": 2, "quarter": 4, "quarters": 4}
VAGUE = {"tens": 10, "dozens": 10, "scores": 10, "hundreds": 100}
SOFT_WORDS = {
    "once": 1, "single": 1, "twice": 2, "both": 2, "pair": 2, "couple": 2, "twin": 2, "twins": 2,
    "double": 2, "doubled": 2, "doubles": 2, "doubling": 2, "brace": 2, "triple": 3, "tripled": 3,
    "treble": 3, "trebled": 3, "thrice": 3, "hat": 3, "quadrupled": 4, "dozen": 12, "no": 0,
    "nil": 0, "duo": 2, "trio": 3, "fortnight": 14, "unanimously": 100, "each": 2, "nought": 0,
}  # fmt: skip
SMALLER = {
    "decade": 10, "decades": 10, "century": 100, "centuries": 100, "hour": 60, "hours": 60,
    "minute": 60, "minutes": 60, "day": 24, "days": 24, "week": 7, "weeks": 7, "year": 12,
    "years": 12, "dozen": 12,
}  # fmt: skip
# What the halves of larger units come to: 90 minutes are an hour and a half.
LARGER = {
    "minute": (60,), "minutes": (60,), "hour": (24,), "hours": (24,), "day": (30,), "days": (30,),
    "week": (4,), "weeks": (4,), "month": (12,), "months": (12,), "year": (10, 100),
    "years": (10, 100), "metres": (1000,), "meters": (1000,),
}  # fmt: skip
DECADES = {word[:-1] + "ies": 10 * n for n, word in enumerate(_TENS, 2)}
MONTHS = {
    "january": 1, "jan": 1, "february": 2, "feb": 2, "march": 3, "april": 4, "apr": 4, "may": 5,
    "june": 6, "july": 7, "august": 8, "aug": 8, "september": 9, "sept": 9, "sep": 9,
    "october": 10, "oct": 10, "november": 11, "nov": 11, "december": 12, "dec": 12,
}  # fmt: skip
_ARTICLE = r"\W{0,2}(?:[aeu]?(?:l|th?|s))?\W{0,2}"
_FIRST, _SECOND = (
    r"(?:aww?al|[ou]u?la|(?<=\W)i)",
    r"(?:th?an[iy](?:[iy]?ah?)?|a?akh[ia]r(?:ah?)?|(?<=\W)ii)",
)
_OWNER_OF = f"[DTZ](?i:h?[uio]u?{_ARTICLE}"
HIJRI_MONTHS = {  # as patterns, since each writer spells them in his own way
    101: "M(?i:[uo]h?arr?[ae]m)",
    102: "S(?i:afar)",
    103: f"R(?i:ab[ie]{_ARTICLE}{_FIRST})",
    104: f"R(?i:ab[ie]{_ARTICLE}{_SECOND})",
    105: f"J(?i:[uao]mm?a[dt][aih]?{_ARTICLE}{_FIRST})",
    106: f"J(?i:[uao]mm?a[dt][aih]?{_ARTICLE}{_SECOND})",
    107: "R(?i:ajab)",
    108: "S(?i:ha['’‘ʿ`]?a?ba?an)",
    109: "R(?i:amad?[dhz]?an)",
    110: "S(?i:haww?al)",
    111: f"{_OWNER_OF}[qk]['’‘ʿ`]?[aie]{{1,2}}['’‘ʿ`]?i?dah?)",
    112: f"{_OWNER_OF}h[ie]j?jj?ah?)",
}
# What may stand for a month: نيسان is Nissan too, and some call Ramadan by what it is.
MAYBE_MONTHS = {4: "Nissan", 109: "(?i:holy month|fasting month|month of fasting)"}
WEEKDAYS = {
    "monday": 1, "tuesday": 2, "wednesday": 3, "thursday": 4, "friday": 5, "saturday": 6,
    "sunday": 7,
}  # fmt: skip
UNIT_SUFFIX = listed("s m g c f km kg cm mm mph kph mg kw mw gw ft hr min sec th st nd rd")
MONEY_SUFFIX = {"k": 10**3, "m": 10**6, "b": 10**9}
BEFORE_A_MONTH = listed(
    """
    in of on last next since until till by early late mid this from to between through during
    before after th st nd rd
    """
)
NO_SHARE = listed("final finals finalist finalists time way back century")
