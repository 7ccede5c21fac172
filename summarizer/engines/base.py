"""What an engine is: anything that turns Arabic segments into English hypotheses."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from summarizer.names import KnownWord
from summarizer.warning import MujazWarning

__all__ = ["CODES", "Draft", "Engine", "Hypothesis", "Progress", "Writer", "settings_hash"]

CODES: Mapping[str, str] = {  # every warning of an engine
    "failed": "the engine gave nothing for a segment; the Arabic stands in its place",
    "not-arabic": "the segment has no Arabic in it and stands as it was",
    "cut-off": "the English reached the length limit of the model and stops in the middle",
    "repaired": "a number that the engine got wrong was replaced by the one of the source",
    "long": "the engine read only the first part of a long article",
    "repeated": "the engine said a sentence more than once; it stands once",
    "kept": "which engine of several this English is from",
}

Progress = Callable[[str, int, int], None]
"""Called with (what is being done, units done, units in all)."""


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """English for one segment.

    Attributes:
        text: The English; the source itself where the engine failed, never empty.
        similarity: Cosine of source and English under multilingual-e5-small, if the engine
            measured it on the way.
        warnings: What the engine itself has to say; codes in `CODES`.
        translated: False where `text` is the source.
    """

    text: str
    similarity: float | None = None
    warnings: tuple[MujazWarning, ...] = ()
    translated: bool = True


class Engine(Protocol):
    """A translation engine; it knows nothing of articles.

    Attributes:
        name: As in the registry.
        revision: Changes when the same segment may get another hypothesis.
        settings: What the caller chose, for the settings hash of a brief.
        is_known_word: Whether a dictionary of the engine knows an Arabic word; None where
            it has no dictionary.
    """

    name: str

    @property
    def revision(self) -> str: ...

    @property
    def settings(self) -> Mapping[str, object]: ...

    @property
    def is_known_word(self) -> KnownWord | None: ...

    def prepare(self, progress: Progress | None = None) -> None:
        """Build or load what the engine needs, if anything; raises EngineError if it can't."""
        ...

    def translate(
        self, segments: Sequence[str], progress: Progress | None = None
    ) -> list[Hypothesis]:
        """One hypothesis for each segment, in order; the same for the same segment, always.

        Raises:
            EngineError: The engine cannot work at all. One segment that fails is no error:
                its hypothesis says so.
        """
        ...


@dataclass(frozen=True, slots=True)
class Draft:
    """A brief as an engine wrote it, before anything is checked.

    Attributes:
        headline: One line of English.
        sentences: English sentences, in the order in which they are to be read.
        warnings: What the engine itself has to say about the whole.
    """

    headline: str
    sentences: tuple[str, ...]
    warnings: tuple[MujazWarning, ...] = ()


@runtime_checkable
class Writer(Protocol):
    """An engine that can also read a whole article and write the brief itself.

    What it writes is not believed: `brief` looks for the evidence of each sentence.
    """

    def write(
        self,
        title: str,
        paragraphs: Sequence[str],
        words: int,
        sentences: int,
        progress: Progress | None = None,
    ) -> Draft:
        """Write a headline and about `sentences` sentences of `words` English words in all.

        Args:
            title: The Arabic headline, or "".
            paragraphs: The Arabic text.
            words: The limit; what is over it is dropped later, sentence by sentence.
            sentences: As many as the brief may have; 0 for a headline alone.
            progress: See `Progress`.

        Raises:
            EngineError: The engine cannot work, or what it wrote cannot be read.
        """
        ...


def settings_hash(settings: Mapping[str, object]) -> str:
    """The first 12 hex digits of the SHA-256 of the settings as sorted JSON."""
    listing = json.dumps(settings, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(listing.encode()).hexdigest()[:12]
