"""Several engines at once: of each segment the hypothesis is kept that re-ranking prefers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from summarizer.engines import rerank
from summarizer.engines.base import Engine, Hypothesis, Progress
from summarizer.engines.rerank import Candidate
from summarizer.names import KnownWord
from summarizer.warning import MujazWarning


@dataclass
class Ensemble:
    """Translates with every engine and keeps, segment by segment, one of their hypotheses.

    How likely an engine finds its own words does not count: engines differ in what they mean
    by it. Similarity and the checks decide; of equals the first engine's is kept.

    Args:
        engines: At least two.
        glossary: As the engines have it; hypotheses that follow it are preferred.
        name: Those of the engines, with commas.
    """

    engines: Sequence[Engine]
    glossary: Mapping[str, str] = field(default_factory=dict)
    name: str = ""

    def __post_init__(self) -> None:
        self.name = ",".join(engine.name for engine in self.engines)

    @property
    def revision(self) -> str:
        """Those of the engines."""
        return ",".join(engine.revision for engine in self.engines)

    @property
    def settings(self) -> dict[str, object]:
        """Those of the engines."""
        return {str(at): dict(engine.settings) for at, engine in enumerate(self.engines)}

    @property
    def is_known_word(self) -> KnownWord | None:
        """Of the first engine that has a dictionary."""
        found = (engine.is_known_word for engine in self.engines)
        return next((known for known in found if known), None)

    @property
    def notes(self) -> tuple[str, ...]:
        """What the engines have to say."""
        return tuple(note for e in self.engines for note in getattr(e, "notes", ()))

    def prepare(self, progress: Progress | None = None) -> None:
        """Prepare all of them."""
        for engine in self.engines:
            engine.prepare(progress)

    def translate(
        self, segments: Sequence[str], progress: Progress | None = None
    ) -> list[Hypothesis]:
        """One hypothesis for each segment; a note says whose it is."""
        distinct = list(dict.fromkeys(segments))
        by_engine = [engine.translate(distinct, progress) for engine in self.engines]
        choices = dict(zip(distinct, zip(*by_engine, strict=True), strict=True))
        candidates = {
            segment: [Candidate(h.text) for h in some if h.translated]
            for segment, some in choices.items()
        }
        best = rerank.best({s: some for s, some in candidates.items() if some}, self.glossary)
        kept = {s: self._kept(some, best.get(s)) for s, some in choices.items()}
        return [kept[segment] for segment in segments]

    def _kept(self, some: Sequence[Hypothesis], best: tuple[Candidate, float] | None) -> Hypothesis:
        if best is None:  # no engine translated it
            return some[0]
        candidate, similarity = best
        at = next(n for n, h in enumerate(some) if h.translated and h.text == candidate.text)
        message = f"This is from {self.engines[at].name}, of {self.name}."
        note = MujazWarning("kept", message, "note")
        return replace(some[at], similarity=similarity, warnings=(*some[at].warnings, note))
