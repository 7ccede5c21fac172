"""Models that read Arabic and write an English summary of it at once, such as CrossSum.

Bhattacharjee et al., "CrossSum: Beyond English-Centric Cross-Lingual Summarization for
1,500+ Language Pairs", ACL 2023: mT5, trained on articles of up to 512 tokens and summaries
of about a sentence. So a long article is read in windows, one sentence or so from each.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from summarizer.arabic import split_clauses, split_sentences
from summarizer.engines import hub
from summarizer.engines.base import Draft, Hypothesis, Progress
from summarizer.engines.rerank import Candidate
from summarizer.engines.seq2seq import Seq2Seq
from summarizer.errors import EngineError
from summarizer.warning import MujazWarning

WINDOW = 512  # tokens, as in training
MAX_NEW_TOKENS = 84  # as in its evaluation
BEAM = 5
NO_REPEAT = 3
MAX_WINDOWS = 24  # of an article; what is after them is not read, and said

_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"“])")


@dataclass
class CrossSumEngine:
    """Writes briefs with a direct summariser; it can't translate.

    Args:
        model: Short name, hub id or folder.
        name: As in the registry.
        fast: Greedy decoding.
        glossary: Arabic → English; such a model can't be told it, the English is checked.
        threads: See `Seq2Seq`.
    """

    model: str = "crosssum"
    name: str = "crosssum"
    fast: bool = False
    glossary: Mapping[str, str] = field(default_factory=dict)
    threads: int = 0
    is_known_word: None = None

    @property
    def settings(self) -> dict[str, object]:
        """What decides the brief, beside the model."""
        return {"fast": self.fast, "beam": BEAM, "window": WINDOW, "glossary": dict(self.glossary)}

    @property
    def revision(self) -> str:
        """That of the model's files, and how they are run."""
        return self.seq2seq.revision

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader of the result should know about the engine."""
        return self.seq2seq.notes(self.glossary)

    @cached_property
    def seq2seq(self) -> Seq2Seq:
        """The model, found now."""
        return Seq2Seq(hub.find(self.model), self.threads, translates=False)

    def prepare(self, progress: Progress | None = None) -> None:
        """Find, convert if need be, and load; raises EngineError if that can't be done."""
        self.seq2seq.prepare(progress)

    def translate(
        self,
        segments: Sequence[str],  # noqa: ARG002
        progress: Progress | None = None,  # noqa: ARG002
    ) -> list[Hypothesis]:
        """It can't; raises EngineError."""
        raise EngineError(
            f"{self.name} writes briefs and does not translate.",
            hint="For a translation take another engine: mujaz models.",
        )

    def write(
        self,
        title: str,
        paragraphs: Sequence[str],
        words: int,  # noqa: ARG002
        sentences: int,
        progress: Progress | None = None,
    ) -> Draft:
        """See `Writer.write`; the headline is what it makes of the article's beginning."""
        pieces = [part for text in paragraphs for part in self._parts(text)]
        top = self._windows([*([title] if title else []), *pieces], 1)[0]
        windows = self._windows(pieces, max(1, sentences)) if sentences else []
        read, left = windows[:MAX_WINDOWS], windows[MAX_WINDOWS:]
        told = (lambda done: progress("writing", done, len(read) + 1)) if progress else None
        found = self.seq2seq.generate(
            [top, *read],
            beam=1 if self.fast else BEAM,
            no_repeat=NO_REPEAT,
            limit=MAX_NEW_TOKENS,
            progress=told,
        )
        headline, *others = [_best(some) for some in found]
        said = [sentence for text in others for sentence in _END.split(text) if sentence]
        first = _END.split(headline)[0]
        kept = [s for s in dict.fromkeys(said) if s != first]
        warnings = []
        if left:
            message = f"The last {len(left)} of {len(windows)} parts of the article were not read."
            warnings.append(MujazWarning("long", message))
        return Draft(first, tuple(kept), tuple(warnings))

    def _windows(self, pieces: Sequence[str], wanted: int) -> list[str]:
        """The article in parts of near equal length: `wanted`, or more if they don't fit."""
        sizes = [len(self.seq2seq.encode(piece)) for piece in pieces]
        room = min(WINDOW, max(1, -(-sum(sizes) // wanted)) + max(sizes) // 2)
        windows: list[list[str]] = []
        used = room + 1
        for piece, size in zip(pieces, sizes, strict=True):
            if used + size > room:
                windows.append([])
                used = 0
            windows[-1].append(piece)
            used += size
        return [" ".join(window) for window in windows]

    def _parts(self, paragraph: str) -> list[str]:
        """Its sentences; one that is longer than a window is cut at clauses."""
        found = []
        for sentence in split_sentences(paragraph):
            size = len(self.seq2seq.encode(sentence))
            limit = len(sentence) if size <= WINDOW else len(sentence) * WINDOW // (size * 2)
            found += [p.strip() for p in split_clauses(sentence, max(20, limit)) if p.strip()]
        return found


def _best(candidates: Sequence[Candidate]) -> str:
    """The likeliest that is not stuck; else the likeliest, cut off at the limit or not."""
    return next((c.text for c in candidates if not c.is_stuck), candidates[0].text)
