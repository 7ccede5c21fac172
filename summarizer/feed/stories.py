"""Which items of a journal are written, and which of them are one story told by several outlets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from summarizer.arabic import match_key
from summarizer.feed.journal import Item, Journal
from summarizer.feed.work import Options

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Cosine of headline and beginning from which two outlets tell one story. Of the 14 seeds, edited as
# an agency's clients do it, 40 of 42 are above; two different seeds reach 0.89 at most.
NEAR = 0.97
NEAR_DAYS = 3  # and these are not further apart


@dataclass(frozen=True, slots=True)
class Story:
    """What one entry of an output is about.

    Attributes:
        lead: The item whose brief stands for it: the first that was seen.
        others: Its copies in other outlets, without briefs.
    """

    lead: Item
    others: tuple[Item, ...] = ()

    @property
    def sources(self) -> tuple[Item, ...]:
        """All who tell it."""
        return (self.lead, *self.others)


@dataclass(frozen=True)
class Selection:
    """The stories of a journal that are to be written; they are loaded one by one.

    Attributes:
        journal: Where they are.
        groups: Numbers of the items of each story, lead first, in the order of the leads.
        failed: What could not be briefed.
    """

    journal: Journal
    groups: tuple[tuple[int, ...], ...]
    failed: tuple[Item, ...]

    def stories(self, groups: Sequence[Sequence[int]] | None = None) -> Iterator[Story]:
        """The stories, or those of some groups, in that order."""
        for numbers in self.groups if groups is None else groups:
            lead, *others = map(self.journal.item, numbers)
            yield Story(lead, tuple(replace(o, brief=None, translation=None) for o in others))

    def newest_first(self) -> list[tuple[int, ...]]:
        """The groups by the date of their leads, the undated last."""
        dates = {item.number: item.published or "" for item in self.journal.items(state="done")}
        return sorted(self.groups, key=lambda group: (dates[group[0]], -group[0]), reverse=True)


def select(journal: Journal, options: Options, run: int | None, reading: int | None) -> Selection:
    """What the outputs of a run have in them.

    Args:
        journal: Made by the run.
        options: `only_new`, `since`, `match`, `group` and whether there is a `limit` count.
        run: For `only_new`; None is the last.
        reading: Of the source; with a filter only what it had is written. None writes all.
    """
    filtered = bool(options.since or options.limit or options.match)
    seen = reading if filtered else None
    if options.only_new and run is None:
        last = journal.last_run()
        run = last[0] if last else None
    run = run if options.only_new else None
    chosen = [
        replace(item, brief=None, translation=None)
        for item in journal.items(state="done", run=run, seen=seen, results=bool(options.match))
        if _matches(item, options.match)
    ]
    groups = _grouped(journal, chosen) if options.group else [[item.number] for item in chosen]
    failed = journal.items(state="failed", run=run, seen=seen)
    return Selection(journal, tuple(map(tuple, groups)), tuple(failed))


def is_english(words: Sequence[str]) -> bool:
    """Whether these are words to look for in the briefs."""
    return any(word.isascii() for word in words)


def _matches(item: Item, words: Sequence[str]) -> bool:
    """Whether an English word stands in the brief; Arabic ones were looked for in the source."""
    if not words or not is_english(words) or not item.brief:
        return True
    lines = [item.brief["headline"], *(line["text"] for line in item.brief["sentences"])]
    text = f" {match_key(' '.join([item.title, *lines]))} "
    return any(f" {match_key(word)} " in text for word in words)


# --- copies -------------------------------------------------------------------------


def _grouped(journal: Journal, items: Sequence[Item]) -> list[list[int]]:
    """Put every item with the nearest story before it, or let it begin one.

    Leader clustering in the order of the numbers, so that a later item never changes which
    story an earlier one belongs to. Two items of one outlet are one story only if they say
    the same word for word: an outlet's weather report of today is no copy of yesterday's.
    """
    import numpy as np

    groups: list[list[Item]] = []
    leaders: NDArray[np.float32] | None = None
    vectors = dict(journal.vectors()) if len(items) > 1 else {}
    for item in items:
        raw = vectors.get(item.number)
        vector = None if raw is None else np.frombuffer(raw, dtype=np.float32)
        at = None if vector is None else _nearest(journal, item, vector, groups, leaders)
        if at is not None:
            groups[at].append(item)
            continue
        leaders = _with_row(leaders, len(groups), vector)
        groups.append([item])
    return [[item.number for item in group] for group in groups]


def _nearest(
    journal: Journal,
    item: Item,
    vector: NDArray[np.float32],
    groups: Sequence[Sequence[Item]],
    leaders: NDArray[np.float32] | None,
) -> int | None:
    if leaders is None:
        return None
    near = leaders[: len(groups)] @ vector
    candidates = [int(at) for at in (near >= NEAR).nonzero()[0]]
    for at in sorted(candidates, key=lambda at: (-float(near[at]), at)):
        if all(_may_be_one(journal, item, other) for other in groups[at]):
            return at
    return None


def _may_be_one(journal: Journal, one: Item, other: Item) -> bool:
    if one.outlet == other.outlet:  # those that nobody knows count as one
        return journal.content_of(one.number) == journal.content_of(other.number)
    days = [date.fromisoformat(item.published[:10]) for item in (one, other) if item.published]
    return len(days) < 2 or abs((days[0] - days[1]).days) <= NEAR_DAYS


def _with_row(rows: Any, count: int, vector: NDArray[np.float32] | None) -> Any:
    """The rows with one more, zeros where there is none; grows by doubling."""
    import numpy as np

    if vector is None and rows is None:
        return None
    size = len(vector) if vector is not None else rows.shape[1]
    if rows is None or count >= len(rows):
        grown = np.zeros((max(64, 2 * (count + 1)), size), dtype=np.float32)
        if rows is not None:
            grown[: len(rows)] = rows
        rows = grown
    if vector is not None:
        rows[count] = vector
    return rows
