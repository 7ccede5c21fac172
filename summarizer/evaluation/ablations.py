"""The built-in engine with one choice of its design switched off, to see what that is worth.

embedded:likeliest   the same beam search, but its likeliest hypothesis is kept: no re-ranking
                     by similarity and checks, no second try
embedded:glossless   the model reads the Arabic without the word-by-word gloss. The model was
                     trained with one, so this shows how far it leans on the gloss; a model
                     trained without would lose less
embedded:as-written  number words and names stay Arabic in what the model reads
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from summarizer.engines.base import Hypothesis
from summarizer.engines.embedded import EmbeddedEngine
from summarizer.engines.rerank import Candidate

__all__ = ["ABLATIONS"]


class _Ablation(EmbeddedEngine):
    """Named apart in revision and settings, so that no translation is taken for the engine's."""

    @property
    def settings(self) -> dict[str, object]:
        """The engine's, and what is switched off."""
        return {**super().settings, "ablation": type(self).__name__}

    @property
    def revision(self) -> str:
        """The engine's, and of this file."""
        from summarizer.evaluation.systems import code_hash

        return f"{super().revision}-{code_hash([Path(__file__)])}"


class Likeliest(_Ablation):
    """Keeps the first of the beam."""

    def _is_bad(self, source: str, candidate: Candidate) -> bool:  # noqa: ARG002
        return False

    def _best(self, candidates: Mapping[str, list[Candidate]]) -> dict[str, Hypothesis]:
        return super()._best({piece: some[:1] for piece, some in candidates.items()})


class Glossless(_Ablation):
    """Reads the Arabic alone."""

    def _prompt(self, piece: str) -> list[str]:
        return self._tokens(self._shown(piece), None)


class AsWritten(_Ablation):
    """Reads number words and names as they stand in the article."""

    def _shown(self, piece: str) -> str:
        return piece


ABLATIONS: Mapping[str, type[EmbeddedEngine]] = {
    "embedded:likeliest": Likeliest,
    "embedded:glossless": Glossless,
    "embedded:as-written": AsWritten,
}
