"""The state of a reader: its words, and what it has found in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import copy
from dataclasses import replace
from fractions import Fraction

from summarizer.numbers.numerals import clock_times, short_dates
from summarizer.numbers.quantity import Kind, Quantity
from summarizer.numbers.total import Total
from summarizer.numbers.words import NO_WORD, Word
from summarizer.warning import Span


class Reading:
    """A text as words, and what has been found in it so far; no word is used twice."""

    def __init__(self, text: str, words: list[Word]) -> None:
        self.text = text
        self._dates = list(short_dates(text))
        self.found = [*clock_times(text), *self._dates]
        clock = [q.span for q in self.found if q.kind == "time"]
        self.words = [w for w in words if not any(s.start <= w.span.start < s.end for s in clock)]
        self.used: set[int] = set()

    def free(self) -> Iterator[tuple[int, Word]]:
        """The words that nothing has been read from, with their places."""
        for at, word in enumerate(self.words):
            if at not in self.used:
                yield at, word

    def word(self, at: int) -> Word:
        """The word at a place; an empty one before the first and after the last."""
        return self.words[at] if 0 <= at < len(self.words) else NO_WORD

    def within(self, start: int, end: int) -> range:
        """The places of the words that begin between two characters."""
        places = [at for at, word in enumerate(self.words) if start <= word.span.start < end]
        return range(places[0], places[-1] + 1) if places else range(0)

    def add(
        self, where: range, value: Fraction | int, kind: Kind = "number", *, soft: bool = False
    ) -> None:
        """Note a quantity found in the words at `where`."""
        span = Span(self.words[where[0]].span.start, self.words[where[-1]].span.end)
        text = self.text[span.start : span.end]
        # 5/3/2023: neither is demanded as a figure, since one of them is told as a month.
        soft = soft or (
            value <= 12 and any(d.span.start <= span.start < d.span.end for d in self._dates)
        )
        self.found.append(Quantity(Fraction(value), kind, span, soft, text))
        self.used.update(where)

    def longest(self, at: int, *, needs_and: bool) -> tuple[Total, int]:
        """The longest number that starts at word `at`; also where it ends."""
        total, end = Total(needs_and=needs_and), at
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
        """Whether nothing but spaces, hyphens or "and a" part word `at` from the last."""
        between = self.text[self.word(at - 1).span.end : self.word(at).span.start]
        between = re.sub("[ \u00a0\u202f\u2011-]+", " ", between).strip()
        return between in ("", "and a", "and", "a", "of a", "و")

    def glued(self, at: int) -> bool:
        """Whether word `at` follows the one before without a space, as in "19th"."""
        return self.word(at).span.start == self.word(at - 1).span.end

    def in_a_name(self, at: int) -> bool:
        """Whether letters lead up to the digits of word `at`: كوفيد-19, "G20"; و, بـ, الـ don't."""
        before = self.text[: self.word(at).span.start]
        if re.search(r"(?:^|\W)(?=\w)[وف]?[بكل]?(?:ال|ل)?\u0640*$", before):
            return False
        return bool(re.search(r"[^\W\d_][-‑]?$", before[-2:]))

    def soften(self, start: int, end: int) -> None:
        """Demand no more what has any of the characters from start to end."""
        self.found = [
            replace(q, soft=True) if q.span.start < end and start < q.span.end else q
            for q in self.found
        ]

    def quantities(self) -> list[Quantity]:
        """All that was found, in the order of the text."""
        return sorted(self.found, key=lambda q: (q.span, q.soft))
