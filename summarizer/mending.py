"""What copying does to Arabic, undone: bytes read as other letters, letters in visual order, words
that have run together."""

from __future__ import annotations

import gzip
import math
import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from summarizer.arabic import normalise

__all__ = ["in_reading_order", "misread", "read_again", "with_spaces"]

WORDS = Path(__file__).with_name("words.txt.gz")  # made by `training.common`, commonest first
RUN = re.compile("[\u0621-\u064a]+")
LONGEST = 13  # letters of a word that a run is cut into
# Where there is no run of so many letters nothing is cut: of Arabic words one in 100,000 is as
# long, mostly foreign names. Where there is, shorter ones that are no known words are looked at.
GLUED, SUSPECT = 16, 7
CERTAIN = 20  # no word is as long: such a run is cut even if a word in it is unknown
MOST = 10_000  # letters; what is longer is no text
# Of a cut: minus the log-likelihood (nats) of its words, for each letter, at most. Chosen on runs
# of three to six words of our validation pairs, glued: of those over 16 letters the first takes
# 71 %, and 92 % of these are cut where they should be; over 20 the second 98 %, 80 % right.
LIKELY, LIKELY_ENOUGH = 2.5, 3.5


# --- words that have run together ---------------------------------------------------


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


# --- letters in visual order --------------------------------------------------------

# Latin words with the spaces between them; each number for itself.
_LEFT_TO_RIGHT = re.compile(
    r"[A-Za-z](?:[^\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\n]*[A-Za-z\d])?"
    r"|\d+(?:[.,:/٫٬-]\d+)*[%٪]?"
)
_STOPS = (".", "؟", "!")
_MIRRORED = str.maketrans("()[]", ")(][")
FEW = 10  # words say nothing yet
BEGINNING = 20_000  # characters say it of the rest


def in_reading_order(text: str) -> str | None:
    """A text whose letters stand from left to right, as they look, the right way round; else None.

    Such text comes out of PDFs, and of programs that know nothing of Arabic. Lines are turned, or,
    where the words are in order, each word; figures and Latin letters stay as they are.

    Args:
        text: As it came: cleaning moves its punctuation.
    """
    words = RUN.findall(normalise(text[:BEGINNING]))
    forwards, backwards = _known(words), _known(word[::-1] for word in words)
    if len(words) < FEW or backwards < max(2 * forwards, len(words) // 3):
        return None
    lines = text.split("\n")
    ends = [line.split() for line in lines if line.strip()]
    first, last = (sum(line[at].startswith(_STOPS) for line in ends) for at in (0, -1))
    return "\n".join(_by_word(line) if last > first else _turned(line) for line in lines)


def _known(words: Iterable[str]) -> int:
    return sum(word in _costs() for word in words)


def _turned(line: str) -> str:
    """A line from right to left; what reads from left to right in it stays."""
    turned = _LEFT_TO_RIGHT.sub(lambda run: run[0][::-1], line)[::-1]
    opened, closed = turned.find("("), turned.find(")")
    return turned.translate(_MIRRORED) if closed != -1 and closed < opened else turned


def _by_word(line: str) -> str:
    return re.sub(r"\S+", lambda word: _turned(word[0]), line)


# --- bytes read as other letters ----------------------------------------------------

_MISREAD = (("cp1252", "utf-8"), ("cp1256", "utf-8"), ("cp1252", "cp1256"))
# The last bytes of ف and ” are no letters in cp1252, so that they are the ones that get lost.
_LOST = (
    (re.compile(rb"\xd9(?:\xff|(?![\x80-\xbf]))"), b"\xd9\x81"),
    (re.compile(rb"\xe2\x80(?:\xff|(?![\x80-\xbf]))"), b"\xe2\x80\x9d"),
)


def misread(text: str) -> tuple[str, str] | None:
    """How a text like "Ø§Ù„" or "ÇáÃÑÏä" came about: bytes that were read in a wrong encoding.

    Args:
        text: As it came: cleaning takes some of these letters away.

    Returns:
        The encoding that it was read in, and its own; None if it isn't such a text.
    """
    beginning = text[:BEGINNING]
    if _known(RUN.findall(beginning)) * 3 > len(RUN.findall(beginning)) > 0:
        return None
    for wrong, right in _MISREAD:
        words = RUN.findall(normalise(read_again(beginning, wrong, right)))
        if len(words) >= FEW and _known(words) * 2 > len(words):
            return wrong, right
    return None


def read_again(text: str, wrong: str, right: str) -> str:
    """Each line's bytes read in the right encoding; a line that can't be of these stays.

    A character that was lost on the way stands as U+FFFD.
    """
    return "\n".join(_line_read_again(line, wrong, right) for line in text.split("\n"))


def _line_read_again(line: str, wrong: str, right: str) -> str:
    try:
        data = b"".join(_byte(letter, wrong) for letter in line)
    except UnicodeEncodeError:
        return line
    if (wrong, right) == ("cp1252", "utf-8"):
        for lost, whole in _LOST:
            data = lost.sub(whole, data)
    return data.decode(right, "replace")


def _byte(letter: str, encoding: str) -> bytes:
    """As browsers do: what the encoding has no letter for is its number."""
    if letter == "\ufffd":  # was lost; 0xff is in no UTF-8
        return b"\xff"
    try:
        return letter.encode(encoding)
    except UnicodeEncodeError:
        return letter.encode("latin-1")
