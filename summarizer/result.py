"""What comes out: a `Brief`, or a full `Translation`, both made of `Line`s with evidence.

Frozen, and with one stable JSON form (`to_dict`; `SCHEMA_VERSION` changes when it does).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from summarizer.warning import MujazWarning

SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True)
class Evidence:
    """The Arabic that a line rests on.

    Attributes:
        text: The source sentence.
        start: Its first character in the cleaned article (`Article.text`), or in its title.
        end: One past its last.
        of: Which of the two: "text" or "title".
    """

    text: str
    start: int
    end: int
    of: Literal["text", "title"] = "text"


@dataclass(frozen=True, slots=True)
class Line:
    """One English sentence, or the headline, and what it rests on.

    Attributes:
        text: The English.
        evidence: The Arabic behind it, in the article's order.
        similarity: Cosine of source and English under multilingual-e5-small (passage with
            passage; unrelated pairs are below 0.81), or None where it was not measured.
        warnings: Every doubt about this line.
        translated: False where the engine failed and `text` is the source itself.
    """

    text: str
    evidence: tuple[Evidence, ...]
    similarity: float | None = None
    warnings: tuple[MujazWarning, ...] = ()
    translated: bool = True

    @property
    def source(self) -> str:
        """The Arabic behind the line, joined."""
        return " ".join(part.text for part in self.evidence)


@dataclass(frozen=True, slots=True)
class EngineRef:
    """Which engine made it: name, revision (a hash of all it is made from), settings hash."""

    name: str
    revision: str
    settings: str


@dataclass(frozen=True, slots=True)
class SourceRef:
    """The article: id, URL and title if known, date (ISO 8601), sha256 of its cleaned text."""

    id: str
    url: str | None
    name: str
    title: str
    byline: str | None
    published: str | None
    sha256: str


@dataclass(frozen=True, slots=True)
class Brief:
    """A headline and a few sentences in English, each with the Arabic that it rests on.

    Attributes:
        top: The headline with its evidence and warnings; `headline` is its text.
        sentences: In the article's order.
        length: "headline", "brief", "detailed", or "N words".
        language: ISO 639-1 code of the source.
        engine: Which engine, at which revision, with which settings.
        source: Which article.
        warnings: Doubts about the whole: about reading, limits, the choice.
        removed: How many pieces of page furniture were dropped, by reason.
        timing: Seconds spent, by stage.
    """

    top: Line
    sentences: tuple[Line, ...]
    length: str
    language: str
    engine: EngineRef
    source: SourceRef
    warnings: tuple[MujazWarning, ...] = ()
    removed: Mapping[str, int] = field(default_factory=dict)
    timing: Mapping[str, float] = field(default_factory=dict)

    @property
    def headline(self) -> str:
        """The English headline."""
        return self.top.text

    @property
    def text(self) -> str:
        """The English sentences, joined to one paragraph."""
        return " ".join(line.text for line in self.sentences)

    @property
    def lines(self) -> tuple[Line, ...]:
        """The headline and the sentences."""
        return (self.top, *self.sentences)

    @property
    def words(self) -> int:
        """English words in the sentences (the headline is not counted)."""
        return len(self.text.split())

    def all_warnings(self) -> Iterator[MujazWarning]:
        """Every doubt, about the whole first, then line by line."""
        yield from self.warnings
        for line in self.lines:
            yield from line.warnings

    def to_dict(self) -> dict[str, Any]:
        """The stable JSON form."""
        top = asdict(self.top)
        return {
            "schema_version": SCHEMA_VERSION,
            "headline": top.pop("text"),
            "headline_detail": top,
            **_rest(self),
        }

    @classmethod
    def from_dict(cls, made: Mapping[str, Any]) -> Brief:
        """The brief of which `to_dict` made this; a missing `timing` is an empty one."""
        return cls(
            top=_line({"text": made["headline"], **made["headline_detail"]}),
            sentences=tuple(map(_line, made["sentences"])),
            length=made["length"],
            **_common(made),
        )


@dataclass(frozen=True, slots=True)
class Translation:
    """The whole article in English, paragraph by paragraph.

    Attributes:
        top: The headline; None where the article has none.
        paragraphs: The lines of each paragraph; nothing is left out.
        language: As in `Brief`.
        engine: As in `Brief`.
        source: As in `Brief`.
        warnings: As in `Brief`.
        removed: As in `Brief`.
        timing: As in `Brief`.
    """

    top: Line | None
    paragraphs: tuple[tuple[Line, ...], ...]
    language: str
    engine: EngineRef
    source: SourceRef
    warnings: tuple[MujazWarning, ...] = ()
    removed: Mapping[str, int] = field(default_factory=dict)
    timing: Mapping[str, float] = field(default_factory=dict)

    @property
    def lines(self) -> tuple[Line, ...]:
        """The headline, if any, and every line of every paragraph."""
        body = tuple(line for paragraph in self.paragraphs for line in paragraph)
        return (self.top, *body) if self.top else body

    def all_warnings(self) -> Iterator[MujazWarning]:
        """Every doubt, about the whole first, then line by line."""
        yield from self.warnings
        for line in self.lines:
            yield from line.warnings

    def to_dict(self) -> dict[str, Any]:
        """The stable JSON form."""
        top = asdict(self.top) if self.top else None
        return {
            "schema_version": SCHEMA_VERSION,
            "headline": top.pop("text") if top else None,
            "headline_detail": top,
            **_rest(self),
        }

    @classmethod
    def from_dict(cls, made: Mapping[str, Any]) -> Translation:
        """The translation of which `to_dict` made this; a missing `timing` is an empty one."""
        detail = made["headline_detail"]
        return cls(
            top=_line({"text": made["headline"], **detail}) if detail else None,
            paragraphs=tuple(tuple(map(_line, lines)) for lines in made["paragraphs"]),
            **_common(made),
        )


def _rest(result: Brief | Translation) -> dict[str, Any]:
    """Every field but the headline; mappings of any kind become plain ones."""
    plain = replace(result, removed=dict(result.removed), timing=dict(result.timing))
    return {name: value for name, value in asdict(plain).items() if name != "top"}


def _common(made: Mapping[str, Any]) -> dict[str, Any]:
    """What both results have, from their JSON form."""
    return {
        "language": made["language"],
        "engine": EngineRef(**made["engine"]),
        "source": SourceRef(**made["source"]),
        "warnings": tuple(map(MujazWarning.from_dict, made["warnings"])),
        "removed": dict(made["removed"]),
        "timing": dict(made.get("timing", {})),
    }


def _line(made: Mapping[str, Any]) -> Line:
    evidence = tuple(Evidence(**part) for part in made["evidence"])
    warnings = tuple(map(MujazWarning.from_dict, made["warnings"]))
    return Line(made["text"], evidence, made["similarity"], warnings, made["translated"])
