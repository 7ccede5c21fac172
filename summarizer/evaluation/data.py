"""One layout for everything that is evaluated on, and the reader of our own set.

Our set is a folder `eval/data` with the halves `dev` and `test`, one JSON file an article;
its layout is in `eval/data/README.md`. What others use is read by `formats.py` into the same
`Item`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from summarizer.errors import InputError

__all__ = ["Dataset", "Fact", "Forms", "Item", "Reference", "read_half", "read_item"]

HALVES = ("dev", "test")


@dataclass(frozen=True, slots=True)
class Reference:
    """A brief to compare with: its headline ("" if none), its text, in which manner it is."""

    headline: str
    sentences: tuple[str, ...]
    style: str = ""

    @property
    def text(self) -> str:
        """The sentences as one paragraph; the headline, where there is nothing else."""
        return " ".join(self.sentences) or self.headline


@dataclass(frozen=True, slots=True)
class Fact:
    """Something a brief must (weight 3), should (2) or may (1) say, and the Arabic behind it."""

    text: str
    weight: int
    evidence: str


@dataclass(frozen=True, slots=True)
class Forms:
    """A number or name as the Arabic has it, and English forms that would do."""

    source: str
    accepted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """An article to evaluate on. For parallel text it is one segment: a paragraph of its own.

    Attributes:
        id: Unique within its set.
        title: The Arabic headline, or "".
        paragraphs: The Arabic body.
        references: May be empty.
        facts: May be empty, as `numbers` and `names`.
        kind: Of the article, for strata; "" where unknown.
        noise: "clean" or "feed"; "" where unknown.
        group: What is resampled together: the document of a segment, else the id.
    """

    id: str
    title: str
    paragraphs: tuple[str, ...]
    references: tuple[Reference, ...] = ()
    facts: tuple[Fact, ...] = ()
    numbers: tuple[Forms, ...] = ()
    names: tuple[Forms, ...] = ()
    kind: str = ""
    noise: str = ""
    group: str = ""

    @property
    def text(self) -> str:
        """The body, an empty line between paragraphs."""
        return "\n\n".join(self.paragraphs)

    @property
    def words(self) -> int:
        """Arabic words of the body."""
        return len(self.text.split())

    @property
    def article_hash(self) -> str:
        """First 16 hex digits of the SHA-256 of what an engine is shown."""
        return _digest([self.title, *self.paragraphs])

    @property
    def answer_hash(self) -> str:
        """The same of what a prediction is compared with."""
        parts = asdict(self)
        return _digest([parts[key] for key in ("references", "facts", "numbers", "names")])


@dataclass(frozen=True, slots=True)
class Dataset:
    """Items with a name for people.

    Attributes:
        name: Of the set.
        items: What is evaluated on.
        segments: Whether each item is one segment to translate.
        notes: What its reader has to say about it.
        rest: Items that are set aside: predictions of them are neither made nor scored, but
            those that are there are kept.
    """

    name: str
    items: tuple[Item, ...]
    segments: bool = False
    notes: tuple[str, ...] = ()
    rest: tuple[Item, ...] = ()

    def first(self, count: int) -> Dataset:
        """Only so many items; the others are set aside."""
        return replace(self, items=self.items[:count], rest=(*self.items[count:], *self.rest))

    @property
    def version(self) -> str:
        """Changes with any item: first 12 hex digits of a SHA-256."""
        return _digest([[i.id, i.article_hash, i.answer_hash] for i in self.items])[:12]


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=False).encode()).hexdigest()[:16]


# --- our own set --------------------------------------------------------------------


def read_half(folder: Path) -> Dataset:
    """One half of our set: every `*.json` of a folder, in the order of their names.

    Raises:
        InputError: The folder is missing or empty, or a file of it is not in the layout.
    """
    files = sorted(folder.glob("*.json"))
    if not files:
        raise InputError(
            f"{folder} has no articles in it.", hint="The set's layout: eval/data/README.md."
        )
    return Dataset(f"mujaz-{folder.name}", tuple(read_item(file) for file in files))


def read_item(path: Path) -> Item:
    """One article of our set; raises InputError, naming file and key, if the layout is wrong."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise InputError(f"{path} is not JSON in UTF-8: {error}.") from error
    return item_of(raw, str(path))


def item_of(raw: object, name: str) -> Item:
    """An item from the JSON of our layout; `name` is what messages call it."""
    layout = Layout(raw, name)
    layout.only("id kind noise title paragraphs references facts numbers names")
    return Item(
        id=layout.text("id"),
        title=layout.text("title"),
        paragraphs=layout.texts("paragraphs"),
        references=tuple(
            Reference(part.text("headline"), part.texts("sentences"), part.text("style"))
            for part in layout.parts("references", "style headline sentences")
        ),
        facts=tuple(
            Fact(part.text("text"), part.whole("weight"), part.text("evidence"))
            for part in layout.parts("facts", "text weight evidence")
        ),
        numbers=_forms(layout, "numbers"),
        names=_forms(layout, "names"),
        kind=layout.text("kind"),
        noise=layout.text("noise"),
    )


def _forms(layout: Layout, key: str) -> tuple[Forms, ...]:
    parts = layout.parts(key, "source accepted")
    return tuple(Forms(part.text("source"), part.texts("accepted")) for part in parts)


class Layout:
    """A JSON object whose every wrong key or type is an InputError that names the place."""

    def __init__(self, raw: object, name: str) -> None:
        if not isinstance(raw, dict):
            raise InputError(f"{name} is not a JSON object.")
        self.raw: Mapping[str, Any] = raw
        self.name = name

    def only(self, keys: str) -> None:
        """Refuse keys that the layout does not have: a misspelt one would be lost unseen."""
        if unknown := sorted(set(self.raw) - set(keys.split())):
            raise InputError(
                f"{self.name} has unknown keys: {', '.join(unknown)}.", hint=f"Known: {keys}."
            )

    def text(self, key: str, default: str | None = None) -> str:
        return str(self._of(key, str, default))

    def whole(self, key: str) -> int:
        return int(self._of(key, int))

    def texts(self, key: str) -> tuple[str, ...]:
        values = self._of(key, list)
        if not all(isinstance(value, str) for value in values):
            raise InputError(f'{self.name}: "{key}" has to be a list of texts.')
        return tuple(values)

    def parts(self, key: str, keys: str) -> Sequence[Layout]:
        values = self._of(key, list)
        parts = [Layout(value, f"{self.name}: {key}[{n}]") for n, value in enumerate(values)]
        for part in parts:
            part.only(keys)
        return parts

    def _of(self, key: str, kind: type, default: object = None) -> Any:
        value = self.raw.get(key, default)
        if value is None:
            raise InputError(f'{self.name} lacks "{key}".')
        if not isinstance(value, kind) or isinstance(value, bool):
            raise InputError(f'{self.name}: "{key}" has to be {_KINDS[kind]}.')
        return value


_KINDS = {str: "text", int: "a whole number", list: "a list"}
