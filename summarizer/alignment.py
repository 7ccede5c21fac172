"""Where each sentence that an engine wrote itself comes from, and what is doubtful about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from summarizer.checks import SIMILARITY_DOUBTFUL, penalty
from summarizer.injection import command_in, links_in, not_english
from summarizer.result import Evidence, Line
from summarizer.warning import MujazWarning, Span

CODES: Mapping[str, str] = {  # every warning of this module
    "no-evidence": "nothing in the article means what a written sentence means",
    "obeyed": "the Arabic behind a written sentence is a command to a language model",
    "link": "the English has an address that the article does not have",
    "not-english": "a written sentence is not English",
}

NEAREST, MOST_EVIDENCE = 5, 3  # sentences looked at, and named

Doubts = Callable[[str, str, float], Sequence[MujazWarning]]
"""(source, English, their similarity) → what the checks say."""


def aligned(texts: Sequence[str], pieces: Sequence[Evidence], doubts: Doubts) -> list[Line]:
    """A line for each text, with the pieces of the article that it rests on.

    The piece that is nearest in meaning (`embeddings`) is evidence. Another of the nearest is,
    too, if with it the checks have less to doubt: a sentence may be made of two. What is too
    far from all of them gets a warning; the nearest stands there for comparison.
    """
    from summarizer.embeddings import embed

    rows = embed([*(piece.text for piece in pieces), *texts])
    sources, written = rows[: len(pieces)], rows[len(pieces) :]
    whole = "\n".join(piece.text for piece in pieces)
    lines = []
    for text, row in zip(texts, written, strict=True):
        near = sources @ row
        order = sorted(range(len(pieces)), key=lambda at: (-round(float(near[at]), 4), at))
        best = round(float(near[order[0]]), 4)
        chosen, found = _supporting(text, [pieces[at] for at in order[:NEAREST]], best, doubts)
        found += _suspicions(text, chosen, whole)
        if best < SIMILARITY_DOUBTFUL or not any(map(str.isalpha, text)):
            found = [w for w in found if w.code != "similarity"]
            message = "Nothing in the article means this; the nearest of its sentences is shown."
            found.append(MujazWarning("no-evidence", message, "serious", Span(0, len(text))))
        lines.append(Line(text, tuple(chosen), best, tuple(found)))
    return lines


def _supporting(
    text: str, nearest: Sequence[Evidence], similarity: float, doubts: Doubts
) -> tuple[list[Evidence], list[MujazWarning]]:
    """The pieces that explain a text best, in the article's order, and what stays doubtful."""

    def order(some: list[Evidence]) -> list[Evidence]:
        return sorted(some, key=lambda piece: (piece.of == "text", piece.start))

    def invented(some: list[Evidence]) -> list[MujazWarning]:
        joined = " ".join(piece.text for piece in order(some))
        return [w for w in doubts(joined, text, similarity) if w.span is not None]

    chosen = [nearest[0]]
    found = invented(chosen)
    for piece in nearest[1:]:
        more = invented([*chosen, piece])
        if len(chosen) < MOST_EVIDENCE and penalty(more) < penalty(found):
            chosen, found = [*chosen, piece], more
    return order(chosen), [*_lost(text, nearest[0], similarity, doubts), *found]


def _lost(text: str, nearest: Evidence, similarity: float, doubts: Doubts) -> list[MujazWarning]:
    """What the nearest piece has and a text may not lose, though it is free to be shorter."""
    found = doubts(nearest.text, text, similarity)
    return [w for w in found if w.span is None and w.severity == "serious" and w.code != "length"]


def _suspicions(text: str, chosen: Sequence[Evidence], whole: str) -> list[MujazWarning]:
    """Signs that the engine obeyed the article instead of reporting it."""
    found = []
    everything = Span(0, len(text))
    command = next((said for piece in chosen if (said := command_in(piece.text))), None)
    if command:
        message = f'The Arabic behind this speaks to a language model ("{command}").'
        found.append(MujazWarning("obeyed", message, "serious", everything))
    for span in links_in(text, whole):
        message = f'The article does not have the address "{text[span.start : span.end]}".'
        found.append(MujazWarning("link", message, "serious", span))
    if not_english(text):
        message = "This is not English."
        found.append(MujazWarning("not-english", message, "serious", everything))
    return found
