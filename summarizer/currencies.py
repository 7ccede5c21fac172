"""Whether a sum in the English has a currency that the Arabic does not name.

"$5 billion" for خمسة مليارات is right in an article about dollars, and 50 times too much in one of
Egyptian pounds. Of 72,467 human translations 5 say a currency that their sentence leaves out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from summarizer.numbers import bare
from summarizer.warning import MujazWarning, Span

_NUMBER = r"(?<![\w.,])(?!(?:19|20)\d\d )\d[\d,.]*"  # no year
_AMOUNT = rf"(?:{_NUMBER}(?: ?(?:thousand|[mbt]r?illion|bn|m))?|(?:thousand|[mbt]r?illion))"
_SIGN = r" ?\d[\d,.]*(?: ?(?:thousand|[mbt]r?illion|bn|m)\b)?"
_KIND = r"[ -](?:(?!the\b)[\w.]+ )?"  # Canadian, Egyptian
_CLITICS = r"(?<!\w)[وف]?(?:[بلك]?ال|لل|[بلك])?"
_ARABIC = {  # bare; what is called a pound is a ليرة in some countries
    "dollars": r"دولار|\$|usd|سنت",
    "euros": f"{_CLITICS}[يا]ورو(?!ب)|€|سنت",
    "pounds": f"{_CLITICS}(?:جنيه|باوند|لير[هات]|رطل|ارطال|كيلو|كغ)|استرليني|£",
    "riyals": f"{_CLITICS}ريال(?! مدريد)",
    "dinars": "دينار|دنانير",
    "dirhams": "درهم|دراهم",
    "liras": f"{_CLITICS}لير[هات]",
    "yen": rf"{_CLITICS}ينا?(?!\w)",
    "yuan": f"{_CLITICS}يوان",
    "roubles": "روبل",
}
_ENGLISH = {
    "dollars": rf"\${_SIGN}|{_AMOUNT}{_KIND}dollars?\b",
    "euros": rf"€{_SIGN}|{_AMOUNT}{_KIND}euros?\b",
    "pounds": rf"£{_SIGN}|{_AMOUNT}{_KIND}pounds?\b",
    "riyals": rf"{_AMOUNT}{_KIND}(?:riyals?|rials?)\b",
    "dinars": rf"{_AMOUNT}{_KIND}dinars?\b",
    "dirhams": rf"{_AMOUNT}{_KIND}dirhams?\b",
    "liras": rf"{_AMOUNT}{_KIND}liras?\b",
    "yen": rf"{_AMOUNT}{_KIND}yen\b",
    "yuan": rf"{_AMOUNT}{_KIND}yuan\b",
    "roubles": rf"{_AMOUNT}{_KIND}r(?:o?u)bles?\b",
}
_IN_ARABIC = {name: re.compile(words) for name, words in _ARABIC.items()}
_IN_ENGLISH = {name: re.compile(words, re.IGNORECASE) for name, words in _ENGLISH.items()}


def invented_currencies(source: str, hypothesis: str) -> Iterator[MujazWarning]:
    """A doubt for each currency that only the English names.

    Args:
        source: Arabic text.
        hypothesis: Its English translation.
    """
    arabic = bare(source).lower()
    for name, words in _IN_ENGLISH.items():
        found = words.search(hypothesis)
        if found and not _IN_ARABIC[name].search(arabic):
            message = f'The English says "{found[0]}"; the Arabic sentence names no {name}.'
            yield MujazWarning("number", message, "warning", Span(*found.span()))
