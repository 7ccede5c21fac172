"""Spaces put back between Arabic words that have run together, as copies of PDFs have them."""

from __future__ import annotations

import gzip
import math
import re
from functools import lru_cache
from pathlib import Path

__all__ = ["with_spaces"]

WORDS = Path(__file__).with_name("words.txt.gz")  # made by `training.spacing`
RUN = re.compile("[\u0621-\u064a]+")
LONGEST = 13  # letters of a word that a run is cut into
# Where there is no run of so many letters nothing is cut: of Arabic words one in 100,000 is as
# long, mostly foreign names. Where there is, shorter ones that are no known words are looked at.
GLUED, SUSPECT = 16, 7
CERTAIN = 20  # no word is as long: such a run is cut even if a word in it is unknown
MOST = 10_000  # letters; what is longer is no text
# Of a cut: minus the log-likelihood (nats) of its words, for each letter, at most. Chosen on runs of
# three to six words of our validation pairs, glued: of those over 16 letters the first takes 71 %,
# and 92 % of these are cut where they should be; of those over 20 the second takes 98 %, 80 % right.
LIKELY, LIKELY_ENOUGH = 2.5, 3.5


def with_spaces(text: str) -> tuple[str, list[str], list[str]]:
    """The text with glued words cut; the runs that were cut, as they stood; those that couldn't be.

    Each cut is the likeliest under a unigram model (P. Norvig, "Natural Language Corpus Data", in
    Beautiful Data, 2009).

    Args:
        text: Arabic, normalised.
    """
    runs = RUN.findall(text)
    if not any(len(run) >= CERTAIN or (len(run) >= GLUED and _cut(run)) for run in runs):
        return text, [], []
    cut: list[str] = []

    def spaced(match: re.Match[str]) -> str:
        words = _cut(match[0])
        if words:
            cut.append(match[0])
        return " ".join(words) or match[0]

    done = RUN.sub(spaced, text)
    return done, cut, [run for run in RUN.findall(done) if len(run) >= CERTAIN]


def _cut(run: str) -> list[str]:
    """The likeliest words of a run; none where it is one word, or not likely enough."""
    costs = _costs()
    if not SUSPECT <= len(run) <= MOST or run in costs:
        return []
    certain = len(run) >= CERTAIN
    best: list[tuple[float, int]] = [(0.0, 0)]  # up to each letter: cost, start of the last word
    for end in range(1, len(run) + 1):
        starts = range(max(0, end - LONGEST), end)
        best.append(
            min((best[at][0] + costs.get(run[at:end], _unknown(end - at, certain)), at)
                for at in starts)
        )  # fmt: skip
    if best[-1][0] > (LIKELY_ENOUGH if certain else LIKELY) * len(run):
        return []
    words, end = [], len(run)
    while end:
        words.append(run[best[end][1] : end])
        end = best[end][1]
    return words[::-1] if len(words) > 1 else []


def _unknown(letters: int, allowed: bool) -> float:
    """The cost of a word that is not in the list: a name, as a rule."""
    return 18 + 3 * letters if allowed and letters > 3 else math.inf


@lru_cache(maxsize=1)
def _costs() -> dict[str, float]:
    """Minus the log-likelihood of each word, by its rank (Zipf's law)."""
    words = gzip.decompress(WORDS.read_bytes()).decode().split("\n")
    every = math.log(sum(1 / rank for rank in range(1, len(words) + 1)))
    return {word: every + math.log(rank) for rank, word in enumerate(words, 1)}
