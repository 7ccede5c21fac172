"""Arabic words as they are compared, and as they are without their clitics."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TypeVar

_T = TypeVar("_T")

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


def clitics_before(word: str, form: str) -> str:
    """What was taken off a bare word to come to one of its `clitic_forms`, less the article.

    As it stands before digits or Latin letters: a ب, ل or ك with a stroke to join them, as in بـ21.
    """
    end = len(word) - len(form) if word.endswith(form) else word.index("لل") + 2  # لليمن
    letters = word[:end].replace("لل", "ل").replace("ال", "")
    return letters + ("\u0640" if letters.endswith(("ب", "ل", "ك")) else "")


def lookup(word: str, table: Mapping[str, _T]) -> _T | None:
    """What a table has for the word with as few clitics taken off as will do."""
    return next((table[form] for form, _ in clitic_forms(word) if form in table), None)


def shortest(word: str) -> str:
    """A bare word with all clitics taken off that may be some."""
    return min((form for form, _ in clitic_forms(word)), key=len)
