"""Engines that are not meant to be good: what a real one has to beat."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from summarizer.engines.base import Hypothesis, Progress
from summarizer.engines.build import ensure_model
from summarizer.engines.gloss import Glosser, revision
from summarizer.engines.lexicon import Lexicon


@dataclass
class EchoEngine:
    """Gives the source back: shows what was chosen, and what a copy scores."""

    name: str = "echo"
    revision: str = "1"
    settings: Mapping[str, object] = field(default_factory=dict)
    is_known_word: None = None

    def prepare(self, progress: Progress | None = None) -> None:
        """Nothing is needed."""

    def translate(
        self, segments: Sequence[str], progress: Progress | None = None
    ) -> list[Hypothesis]:
        """Each segment as it is."""
        if progress:
            progress("copying", len(segments), len(segments))
        return [Hypothesis(segment, translated=False) for segment in segments]


@dataclass
class GlossEngine:
    """The first meaning of every word, in the order of the Arabic."""

    glossary: Mapping[str, str] = field(default_factory=dict)
    name: str = "gloss"

    @property
    def settings(self) -> dict[str, object]:
        """The glossary is all there is to choose."""
        return {"glossary": dict(self.glossary)}

    @property
    def revision(self) -> str:
        """That of the lexicon and of the code that glosses."""
        return revision()

    def prepare(self, progress: Progress | None = None) -> None:
        """Build the lexicon's index, with the model, if the cache lacks it."""
        ensure_model(progress)

    @cached_property
    def _glosser(self) -> tuple[Glosser, Lexicon]:
        lexicon = Lexicon(ensure_model().lexicon)
        return Glosser(lexicon, self.glossary), lexicon

    def is_known_word(self, word: str) -> bool:
        """Whether the lexicon has a reading of an Arabic word."""
        return self._glosser[1].knows(word)

    def translate(
        self, segments: Sequence[str], progress: Progress | None = None
    ) -> list[Hypothesis]:
        """The gloss of each segment without its second meanings."""
        found = []
        for number, segment in enumerate(segments, 1):
            words = self._glosser[0].gloss(segment).split(" | ")
            text = " ".join(re.sub(r"/[^\s,.;?!]+", "", word) for word in words)
            found.append(Hypothesis(text or segment, translated=bool(text)))
            if progress:
                progress("glossing", number, len(segments))
        return found
