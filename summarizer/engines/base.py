"""What an engine is: anything that turns Arabic segments into English hypotheses."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from summarizer.names import KnownWord
from summarizer.warning import MujazWarning

__all__ = ["CODES", "Engine", "Hypothesis", "Progress", "settings_hash"]

CODES: Mapping[str, str] = {  # every warning of an engine
    "failed": "the engine gave nothing for a segment; the Arabic stands in its place",
    "not-arabic": "the segment has no Arabic in it and stands as it was",
    "cut-off": "the English reached the length limit of the model and stops in the middle",
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


def settings_hash(settings: Mapping[str, object]) -> str:
    """The first 12 hex digits of the SHA-256 of the settings as sorted JSON."""
    listing = json.dumps(settings, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(listing.encode()).hexdigest()[:12]
