"""What copying does to Arabic, undone: bytes read as other letters, letters in visual order, words
that have run together."""

from __future__ import annotations

import gzip
import math
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from summarizer.arabic import normalise

__all__ = ["in_reading_order", "misread", "read_again", "with_spaces"]

WORDS = Path(__file__).with_name("words.txt.gz")  # made by `training.common`, commonest first
RUN = re.compile("[\u0621-\u064a]+")
_DRAWN_OUT = re.compile(r"(.)\1{2,}")
LONGEST = 13  # letters of a word that a run is cut into
# Where there is no run of so many letters nothing is cut: of Arabic words one in 100,000 is as
# long, mostly foreign names. Where there is, shorter ones that are no known words are looked at.
GLUED, SUSPECT = 16, 7
CERTAIN = 20  # no word is as long: such a run is cut even if a word in it is unknown
MOST = 10_000  # letters of a run, and twenty times as many in all: what is longer is left
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
    if not any(_is_certain(run) or (len(run) >= GLUED and _cut(run)) for run in runs):
        return text, [], []
    cut: list[str] = []
    left = 20 * MOST

    def spaced(match: re.Match[str]) -> str:
        nonlocal left
        left -= len(match[0])
        words = _cut(match[0]) if left > 0 else ()
        cut.extend([match[0]] if words else [])
        return " ".join(words) or match[0]

    done = RUN.sub(spaced, text)
    return done, cut, [run for run in RUN.findall(done) if _is_certain(run)]


def _is_certain(run: str) -> bool:
    """Whether no word can be as long; a letter may be drawn out, in a cheer."""
    return len(run) >= CERTAIN and len(_DRAWN_OUT.sub(r"\1", run)) >= CERTAIN


@lru_cache(maxsize=1_000)
def _cut(run: str) -> tuple[str, ...]:
    """The likeliest words of a run; none where it is one word, or not likely enough."""
    costs = _costs()
    if not SUSPECT <= len(run) <= MOST or run in costs:
        return ()
    certain = _is_certain(run)
    best: list[tuple[float, int]] = [(0.0, 0)]  # up to each letter: cost, start of the last word
    for end in range(1, len(run) + 1):
        starts = range(max(0, end - LONGEST), end)
        best.append(
            min((best[at][0] + costs.get(run[at:end], _unknown(end - at, certain)), at)
                for at in starts)
        )  # fmt: skip
    if best[-1][0] > (LIKELY_ENOUGH if certain else LIKELY) * len(run):
        return ()
    words, end = [], len(run)
    while end:
        words.append(run[best[end][1] : end])
        end = best[end][1]
    return tuple(words[::-1]) if len(words) > 1 else ()


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

_ARABIC = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff"
# Latin words with the spaces and brackets between them; each number for itself, also in "3-1":
# the bidirectional algorithm (Unicode, UAX #9) turns that round among Arabic letters.
_LEFT_TO_RIGHT = re.compile(
    rf"[A-Za-z](?:[^{_ARABIC}\n()]*(?:\([^{_ARABIC}\n()]*\)|[A-Za-z\d]))*"
    r"|\d+(?:[.,:/٫٬]\d+)*[%٪]?"
)
_STOPS = (".", "؟", "!")
_PAIR = re.compile(r"\([^()\n]*\)|«[^«»\n]*»")
_TURNED_PAIR = re.compile(r"\)[^()\n]*\(|»[^«»\n]*«")
_MIRRORED = str.maketrans("()[]{}«»", ")(][}{»«")
FEW = 10  # words say nothing yet


def in_reading_order(text: str) -> str | None:
    """A text whose letters stand from left to right, as they look, the right way round; else None.

    Such text comes out of PDFs, and of programs that know nothing of Arabic. Lines are turned, or,
    where the words are in order, each word; lines that are right, figures and Latin letters stay.

    Args:
        text: As it came: cleaning moves its punctuation.
    """
    lines = text.split("\n")
    counted = [_both_ways(line) for line in lines]
    wrong = [words >= 3 and back >= max(2 * there, words / 3) for words, there, back in counted]
    if sum(words for (words, *_), bad in zip(counted, wrong, strict=True) if bad) < FEW:
        return None
    right = sum(there > back for _, there, back in counted)
    if sum(wrong) > right:  # what speaks for nothing, a short line, goes with the rest
        wrong = [back >= there for _, there, back in counted]
    bad_ends = [
        line.split() for line, bad in zip(lines, wrong, strict=True) if bad and line.strip()
    ]
    first, last = (sum(line[at].startswith(_STOPS) for line in bad_ends) for at in (0, -1))
    turn = _by_word if last > first else _turned
    turned = [turn(line) if bad else line for line, bad in zip(lines, wrong, strict=True)]
    made = "\n".join(line for line, bad in zip(turned, wrong, strict=True) if bad)
    if len(_TURNED_PAIR.findall(made)) > len(_PAIR.findall(made)):
        turned = [
            line.translate(_MIRRORED) if bad else line
            for line, bad in zip(turned, wrong, strict=True)
        ]
    return "\n".join(turned)


def _both_ways(line: str) -> tuple[int, int, int]:
    """The Arabic words of a line, how many of them are known, and how many from behind."""
    words = RUN.findall(normalise(line))
    return len(words), _known(words), _known(word[::-1] for word in words)


def _known(words: Iterable[str]) -> int:
    return sum(word in _costs() for word in words)


def _turned(line: str) -> str:
    """A line from right to left; what reads from left to right in it stays."""
    return _LEFT_TO_RIGHT.sub(lambda run: run[0][::-1], line)[::-1]


def _by_word(line: str) -> str:
    return re.sub(r"\S+", lambda word: _turned(word[0]), line)


# --- bytes read as other letters ----------------------------------------------------

_MISREAD = (("cp1252", "utf-8"), ("cp1256", "utf-8"), ("cp1252", "cp1256"))
BEGINNING = 20_000  # characters say it of the rest
SURE = 4  # words
# Bytes that have no letter in cp1252 get lost: the last one of ف or of a vowel sign, of ” or of a
# mark of direction. And that of ٠ becomes a space.
_FA, _QUOTE = "\ue000", "\ue001"
_LOST = (
    (re.compile(rb"\xd9(?:\xff|(?![\x80-\xbf]))"), _FA.encode()),
    (re.compile(rb"\xe2\x80(?:\xff|(?![\x80-\xbf]))"), _QUOTE.encode()),
)
_LOST_ZEROS = re.compile(rb"(?<=\xd9[\xa1-\xa9])(?:\xd9 )+")
_WORD = re.compile(f"[\u0621-\u0652{_FA}]+")
_QUOTES = re.compile(f"[“”{_QUOTE}]")
_VOWEL_SIGN = re.compile("[\u064b-\u0652]")


def misread(text: str) -> tuple[str, str] | None:
    """How a text like "Ø§Ù„" or "ÇáÃÑÏä" came about: bytes that were read in a wrong encoding.

    Args:
        text: As it came: cleaning takes some of these letters away.

    Returns:
        The encoding that it was read in, and its own; None if it isn't such a text.
    """
    for wrong, right in _MISREAD:
        words = RUN.findall(normalise("\n".join(_beginning(text, wrong, right))))
        if SURE <= _known(words) > len(words) / 2:
            return wrong, right
    return None


def _beginning(text: str, wrong: str, right: str) -> Iterator[str]:
    """The first stretches that aren't ASCII, read again."""
    left = BEGINNING
    for found in _stretches(wrong).finditer(text):
        if left <= 0:
            return
        if not found[0].isascii():
            first = next(at for at, letter in enumerate(found[0]) if not letter.isascii())
            yield _stretch_read_again(found[0][first:][:left], wrong, right)
            left -= len(found[0])


def read_again(text: str, wrong: str, right: str) -> tuple[str, int]:
    """The text with the bytes read in the right encoding; what isn't of these stays.

    Returns:
        The text, and how many of its letters were lost and guessed. One that can't be guessed
        stands as U+FFFD.
    """
    whole = _stretches(wrong).sub(
        lambda found: _stretch_read_again(found[0], wrong, right) or found[0], text
    )
    guessed = whole.count(_FA) + whole.count(_QUOTE)
    if _VOWEL_SIGN.search(whole):
        whole = _WORD.sub(lambda word: _fa_or_vowel(word[0]), whole)
    whole = whole.replace(_FA, "ف")
    return "\n".join(map(_with_quotes, whole.split("\n"))), guessed


@lru_cache(maxsize=4)
def _stretches(encoding: str) -> re.Pattern[str]:
    """Letters that bytes can become in an encoding, and what stands for a lost one."""
    letters = "".join(_bytes(encoding)).replace("\n", "")
    return re.compile(f"[{re.escape(letters)}]+")


@lru_cache(maxsize=4)
def _bytes(encoding: str) -> dict[str, bytes]:
    """The byte of each letter, and of what stands for one: its number (in browsers), U+FFFD."""
    byte = {chr(number): bytes([number]) for number in range(256)}
    byte |= {one.decode(encoding, "ignore"): one for one in [*byte.values()]}
    return {letter: one for letter, one in byte.items() if letter} | {"\ufffd": b"\xff"}


def _stretch_read_again(stretch: str, wrong: str, right: str) -> str:
    """What the bytes are in the right encoding; "" if that is no Arabic."""
    if stretch.isascii():
        return ""
    data = b"".join(map(_bytes(wrong).__getitem__, stretch))
    if (wrong, right) == ("cp1252", "utf-8"):
        data = _LOST_ZEROS.sub(lambda zeros: b"\xd9\xa0" * (len(zeros[0]) // 2), data)
        for lost, sign in _LOST:
            data = lost.sub(sign, data)
    text = data.decode(right, "replace")
    return text if sum(map(len, RUN.findall(text))) > 4 * text.count("\ufffd") else ""


def _fa_or_vowel(word: str) -> str:
    """A word of a text with vowel signs; what it has lost is a ف if that makes it a known one."""
    if _FA not in word:
        return word
    with_fa = word.replace(_FA, "ف")
    return with_fa if normalise(with_fa) in _costs() else word.replace(_FA, "")


def _with_quotes(line: str) -> str:
    """A lost ” where a “ is open; else it was a mark of direction."""
    is_open = False

    def told(mark: re.Match[str]) -> str:
        nonlocal is_open
        was, is_open = is_open, mark[0] == "“"
        return mark[0] if mark[0] != _QUOTE else "”" * was

    return _QUOTES.sub(told, line)
