"""Which sentences of an article are worth saying, best first.

A chooser is a function from an article's headline and sentences to an order. `salient` is
the default; `lead` is the baseline that is hard to beat on news.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from summarizer.arabic import match_key, word_keys

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Chooser = Callable[[str, Sequence[str]], list[int]]
"""(headline or "", sentences in order) → indices of all sentences, best first."""

# How much each view of a sentence counts; each is scaled to 0–1 within the article.
POSITION, HEADLINE, CENTRE = 1.0, 0.3, 0.2
REDUNDANCY = 0.45  # weight of the likeness to what is chosen already (MMR's 1 - λ)
TWIN = 0.7  # of a sentence's words stand in another one: it says nothing new, and comes last
TWIN_WORDS = 7  # that a sentence has or is taken to have; of a few words all may be common ones
DEPENDENT, FRAGMENT, OVERLONG = 0.25, 0.4, 0.2  # taken off

# "He added": without the sentence before it, nobody knows who.
_DEPENDENT = re.compile(
    r"و?(?:اضاف|اضافت|تابع|تابعت|اردف|اردفت|استطرد|زاد|لفت|لفتت|اشار|اشارت|نوه|شدد|شددت|استدرك"
    r"|كما|كذلك|لذلك|لكنه|لكنها|لكن|الا|هو|هي|هم|هذا|هذه|ذلك|بدوره|بدورها|من جهته|من جهتها"
    r"|جا ذلك|في المقابل|ايضا)\b"
)
LAST = 10.0  # more than any other view of a sentence can make up for
_SHORTEST, _LONGEST = 5, 55  # words


def lead(_headline: str, sentences: Sequence[str]) -> list[int]:
    """The order of the article: the first sentences are the brief."""
    return list(range(len(sentences)))


def salient(headline: str, sentences: Sequence[str]) -> list[int]:
    """By place, likeness to the headline and to the whole, and what is not yet said.

    Maximal marginal relevance (Carbonell and Goldstein, SIGIR 1998) over embeddings
    (`embeddings.embed`): each next sentence has the highest
    ``(1 - REDUNDANCY) · relevance - REDUNDANCY · likeness to the nearest chosen one``.
    The same input gives the same order; ties go to the earlier sentence.
    """
    if len(sentences) < 2:
        return list(range(len(sentences)))
    import numpy as np

    from summarizer.embeddings import embed

    rows = embed([*sentences, headline or sentences[0]])
    sentence_rows, headline_row = rows[:-1], rows[-1]
    centre = sentence_rows.mean(axis=0)
    relevance = (
        POSITION / np.sqrt(1 + np.arange(len(sentences)))
        + HEADLINE * _scaled(sentence_rows @ headline_row)
        + CENTRE * _scaled(sentence_rows @ centre)
        - np.array([_handicap(sentence) for sentence in sentences])
    )
    likeness = _scaled((sentence_rows @ sentence_rows.T).ravel()).reshape(len(sentences), -1)
    return _mmr(relevance, likeness + LAST * _twins(sentences))


def _mmr(relevance: NDArray[np.float64], likeness: NDArray[np.float64]) -> list[int]:
    import numpy as np

    order: list[int] = []
    nearest = np.zeros(len(relevance))
    left = list(range(len(relevance)))
    while left:
        worth = (1 - REDUNDANCY) * relevance - REDUNDANCY * nearest
        best = max(left, key=lambda at: (round(float(worth[at]), 6), -at))
        order.append(best)
        left.remove(best)
        nearest = np.maximum(nearest, likeness[best])
    return order


def _twins(sentences: Sequence[str]) -> NDArray[np.float64]:
    """1 where the second sentence is nearly all in the first, chosen one: a deck, then the lead."""
    import numpy as np

    words = [set(word_keys(sentence)) for sentence in sentences]
    shared = [[len(a & b) / max(len(b), TWIN_WORDS) for b in words] for a in words]
    return np.asarray(np.array(shared) >= TWIN, dtype=np.float64)


def _scaled(values: NDArray[Any]) -> NDArray[np.float64]:
    """Stretched to 0–1: e5's cosines all lie between 0.7 and 1."""
    import numpy as np

    low, high = float(values.min()), float(values.max())
    return np.asarray((values - low) / (high - low) if high > low else values * 0, dtype=np.float64)


def _handicap(sentence: str) -> float:
    words = len(sentence.split())
    alone = bool(_DEPENDENT.match(match_key(sentence))) or sentence.endswith(("؟", "?"))
    return (
        DEPENDENT * alone
        + FRAGMENT * (words < _SHORTEST or not sentence.rstrip("”»\"' ").endswith((".", "!", "؟")))
        + OVERLONG * (words > _LONGEST)
    )
