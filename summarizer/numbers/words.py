"""What a reader makes of a token: a word, and its item if it is a number word."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal, NamedTuple

from summarizer.warning import Span

Role = Literal["unit", "teen", "ten", "hundreds", "hundred", "scale", "digits", "fraction"]


class Item(NamedTuple):
    """What a number word adds to a number, or does to it."""

    role: Role
    value: Fraction
    times: int = 1  # 2 for a dual such as مليونان
    plural: bool = False  # آلاف, "millions": vague unless something counts them
    joined: bool = False  # by "and"


class Word(NamedTuple):
    """A token: the raw text, its bare form, and its item if it is a number word."""

    text: str
    bare: str
    span: Span
    item: Item | None = None


NO_WORD = Word("", "", Span(-1, -1))


def listed(words: str) -> list[str]:
    """The words of a table that is written as text."""
    return words.split()
