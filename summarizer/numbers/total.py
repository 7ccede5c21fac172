"""Adding up number words: items come one by one, and a total takes those that continue it."""

from __future__ import annotations

from fractions import Fraction

from summarizer.numbers.words import Item

_FLOOR = {"unit": 1, "teen": 1, "ten": 10, "hundreds": 100, "digits": 1}


class Total:
    """A running number: closed thousands and millions, and the group being read."""

    def __init__(self, *, needs_and: bool) -> None:
        self.needs_and = needs_and  # Arabic adds with و only; English also without "and"
        self.closed = Fraction(0)
        self.group: Fraction | None = None
        self.scale: Fraction | None = None
        self.previous: Item | None = None

    @property
    def value(self) -> Fraction:
        return self.closed + (self.group or 0)

    def take(self, item: Item) -> bool:
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

    def _take_scale(self, item: Item) -> bool:
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

    def _take_fraction(self, item: Item) -> bool:
        if self.previous is None:
            self.group = item.value  # "half a million"
        elif not item.joined or self.previous.role == "fraction":
            return False
        elif self.group is not None:
            self.group += item.value  # "two and a half"
        else:
            self.closed += item.value * (self.scale or 1)  # مليون ونصف
        return True

    def _multiply(self, item: Item) -> bool:
        """خمسة عشر, "five hundred", "twelve hundred": the second word works on the first."""
        before = self.previous
        if before is None or item.joined or self.group is None:
            return False
        if before.role == "teen" and item.role == "hundred" and not self.needs_and:
            self.group *= 100  # "twelve hundred"
        elif before.role != "unit":
            return False
        elif item.role == "hundred":
            self.group += 99 * before.value
        elif item.role == "teen" and item.value == 10 and self.needs_and:
            self.group += 10
        else:
            return False
        return True

    def _add(self, item: Item) -> bool:
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

    def _fits_below(self, before: Item, item: Item) -> bool:
        if item.role == "digits":
            return False
        if self.needs_and and before.role == "unit" and item.role == "ten":
            return 0 < before.value < 10  # ثلاثة وعشرون
        return item.value < _FLOOR.get(before.role, 100)
