"""Which of several hypotheses is kept (near, likely, few doubts), and what it becomes."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from summarizer import arabic, checks, embeddings
from summarizer.checks import check, is_repetitive, penalty
from summarizer.embeddings import similarities
from summarizer.engines import decoding, e5
from summarizer.engines.base import Hypothesis
from summarizer.names import KnownWord
from summarizer.numbers import in_english, repair
from summarizer.warning import MujazWarning, Span

# Points of a hypothesis: mean log-probability of its tokens (nats), plus these.
SIMILARITY_POINTS = 20.0  # times the cosine, which moves by a few hundredths
PENALTY_POINTS = 0.5  # times `checks.penalty`
STUCK_PENALTY = 10.0
# No names, so that a clause in the middle of a sentence may begin with them in small letters.
_SMALL = frozenset(
    """
    A After Also An And As At Because Before But By During For From He Her His If In It Its Of On
    Or She So That The Their There These They This Those Through To Under When Where Which While
    Who With Without One Two Three Four Five Six Seven Eight Nine Ten
    """.split()  # noqa: SIM905
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One hypothesis of an n-best list.

    Attributes:
        text: The English.
        log_prob: Mean over its tokens, nats; 0 where nobody knows it.
        ended: False where it stopped at the length limit.
    """

    text: str
    log_prob: float = 0.0
    ended: bool = True

    @property
    def is_stuck(self) -> bool:
        """Whether it is empty, endless or goes round in circles."""
        return not self.text or not self.ended or bool(is_repetitive(self.text))


@cache
def revision() -> str:
    """The first 12 hex digits of a hash of the code that picks hypotheses and changes them."""
    modules = (sys.modules[__name__], decoding, arabic, embeddings)
    digest = hashlib.sha256(e5.revision().encode())
    for file in (*(Path(str(module.__file__)) for module in modules), *checks.FILES):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def points(
    source: str,
    candidate: Candidate,
    similarity: float,
    glossary: Mapping[str, str],
    is_known_word: KnownWord | None = None,
) -> float:
    """How good a candidate seems; the scale only ranks."""
    found = check(
        source,
        candidate.text,
        similarity=similarity,
        glossary=glossary,
        is_known_word=is_known_word,
    )
    doubts = penalty(found) + STUCK_PENALTY * candidate.is_stuck
    return candidate.log_prob + SIMILARITY_POINTS * similarity - PENALTY_POINTS * doubts


def best(
    candidates: Mapping[str, Sequence[Candidate]],
    glossary: Mapping[str, str],
    is_known_word: KnownWord | None = None,
) -> dict[str, tuple[Candidate, float]]:
    """For each source its best candidate, the first of equals, and its similarity."""
    pairs = list(dict.fromkeys((s, c.text) for s, some in candidates.items() for c in some))
    if not pairs:
        return {}
    cosines = similarities([source for source, _ in pairs], [text for _, text in pairs])
    near = dict(zip(pairs, cosines, strict=True))

    def rank(source: str, candidate: Candidate) -> float:
        return points(source, candidate, near[source, candidate.text], glossary, is_known_word)

    kept = {s: max(some, key=lambda c: rank(s, c)) for s, some in candidates.items()}
    return {source: (c, near[source, c.text]) for source, c in kept.items()}


def hypothesis(source: str, candidate: Candidate, similarity: float) -> Hypothesis:
    """What a piece becomes with its best candidate, its one wrong number put right."""
    if not candidate.text:
        return failed(source)
    cut = MujazWarning("cut-off", "The English breaks off.", "serious")
    warnings = () if candidate.ended else (cut,)
    made = repair(source, candidate.text)
    if not made:
        return Hypothesis(candidate.text, similarity, warnings)
    message = (
        f'The engine wrote "{made.wrong.text}"; {in_english(made.right)}, which the Arabic has,'
        " was put in its place."
    )
    said = MujazWarning("repaired", message, "warning", made.span, made.right.span)
    return Hypothesis(made.text, None, (*warnings, said))


def joined(segment: str, parts: Sequence[Hypothesis]) -> Hypothesis:
    """One hypothesis of the pieces'; a segment without Arabic is its own translation."""
    if not parts:
        return foreign(segment)
    if len(parts) == 1 and parts[0].translated:
        return parts[0]
    text = ""
    warnings: list[MujazWarning] = []
    for part in parts:
        start = len(text) + 1 if text else 0
        warnings += (_moved(warning, start) for warning in part.warnings)
        text += (" " if text else "") + _continuing(text, part.text)
    return Hypothesis(
        text,
        None,  # of the whole it is measured when it is checked
        tuple(warnings),
        any(part.translated for part in parts),
    )


def _continuing(before: str, part: str) -> str:
    """A part as it stands after `before`: a clause goes on with a small letter."""
    first = part.split(" ", 1)[0]
    inside = before and before[-1] not in '.?!:"”'
    return part[:1].lower() + part[1:] if inside and first in _SMALL else part


def _moved(warning: MujazWarning, by: int) -> MujazWarning:
    """A warning about a part, for the whole; where in the source it was is no longer said."""
    span = warning.span and Span(warning.span.start + by, warning.span.end + by)
    return replace(warning, span=span, source_span=None)


def failed(source: str, why: str = "the engine gave nothing for it") -> Hypothesis:
    """The hypothesis of a segment that could not be translated: the Arabic, and a warning."""
    warning = MujazWarning("failed", f"This was not translated: {why}.", "serious")
    return Hypothesis(source, None, (warning,), translated=False)


def foreign(segment: str) -> Hypothesis:
    """A segment without Arabic stands as it was; numbers alone need no word about it."""
    message = "This is not Arabic and stands as it was."
    said = any(letter.isalpha() for letter in segment)
    return Hypothesis(segment, None, (MujazWarning("not-arabic", message, "note"),) if said else ())
