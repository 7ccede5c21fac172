"""The model's input: an Arabic sentence, and its English gloss word by word.

    وأعلنت الحكومة أنها سترفع أسعار الوقود.
    and announce/declare | government/administration | that it | will promote/lift | …

The idea is that of Pourdamghani et al., "Translating Translationese" (ACL 2019): the
lexicon says what, the model says it in English. The model is trained on exactly this
form; a change here wants a new training.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.metadata import version
from pathlib import Path

from summarizer import names
from summarizer.arabic import to_ascii_digits
from summarizer.engines import build
from summarizer.engines.lexicon import Lexicon
from summarizer.names import with_english_names
from summarizer.numbers import with_figures, with_hijri_dates

_DATA = Path(__file__).parent / "data"
FUNCTION_WORDS = _DATA / "function_words.tsv"
LEARNED = _DATA / "learned.tsv"  # by `training.words`
PHRASES = _DATA / "phrases.tsv"
WITHIN = 2.2  # a second meaning is shown if it scores within this of the best

_LETTERS = "\u0621-\u064a\u064b-\u065f\u0670\u0671\u0640پچژگڤ"
_TOKEN = re.compile(
    rf"(?P<arabic>[{_LETTERS}]+)"
    r"|(?P<verbatim>\d+(?:[.,٫٬:/-]\d+)*\s?[%٪]?|[^\W\d_]+(?:['’.-][^\W\d_]+)*)"
    r"|(?P<mark>[^\w\s])"
)
_MARKS = str.maketrans("،؛؟«»“”„‟", ',;?""""""')
_OPENING = "«“("
_DIACRITICS = re.compile("[\u064b-\u065f\u0670\u0640]")


class Glosser:
    """Glosses sentences with a lexicon, a romaniser for what it lacks, and a glossary.

    Args:
        lexicon: The Buckwalter index.
        glossary: Arabic → English; its entries win over everything else. Entries of
            several words are matched as a whole.
    """

    def __init__(self, lexicon: Lexicon, glossary: Mapping[str, str] | None = None) -> None:
        self._lexicon = lexicon
        self._phrases: dict[tuple[str, ...], str] = {}
        for arabic, english in (*_phrases(), *(glossary or {}).items()):
            if words := tuple(map(_key, _TOKEN.finditer(arabic))):
                self._phrases[words] = english
        self._longest = max(map(len, self._phrases), default=0)

    def gloss(self, sentence: str) -> str:
        """One entry a word, in order, joined by ``" | "``; punctuation joins the entry before."""
        entries: list[str] = []
        tokens = list(_TOKEN.finditer(sentence))
        at = 0
        while at < len(tokens):
            taken, english = self._phrase_at(tokens, at)
            token = tokens[at]
            if taken:
                entries.append(english)
                at += taken
                continue
            if token["arabic"]:
                entries.append(self.word(token[0]))
            elif token["verbatim"]:
                entries.append(to_ascii_digits(re.sub(r"\s", "", token[0])))
            elif entries:
                entries[-1] += (" " if _opens(sentence, token) else "") + token[0].translate(_MARKS)
            at += 1
        return " | ".join(entries)

    def word(self, word: str) -> str:
        """The gloss of one Arabic word: its likeliest meanings joined by ``/``.

        What the pairs say it means (three at most; in this form, else in any), else what the
        lexicon says (two), else its letters.
        """
        bare = _bare(word)
        if bare in function_words():
            return function_words()[bare]
        readings = self._lexicon.readings(bare)
        learned = _learned().get(as_written(bare)) or _learned().get(self._lexicon.stem(bare))
        if not readings:
            return "/".join(learned or ()) or romanise(bare)
        best = readings[0]
        near = [r.gloss for r in readings[:2] if best.score - r.score <= WITHIN]
        return " ".join(filter(None, (best.prefix, best.possessive, "/".join(learned or near))))

    def _phrase_at(self, tokens: list[re.Match[str]], at: int) -> tuple[int, str]:
        """How many tokens from `at` make a glossary entry, and its English; (0, "") if none.

        A proclitic و ف ب ل ك on the first word is allowed for, and kept as a word.
        """
        for size in range(min(self._longest, len(tokens) - at), 0, -1):
            words = tuple(map(_key, tokens[at : at + size]))
            if words in self._phrases:
                return size, self._phrases[words]
            if words[0].startswith("لل"):
                words = ("لال" + words[0][2:], *words[1:])
            rest = (words[0][1:], *words[1:])
            proclitic = {"و": "and", "ف": "so", "ب": "with", "ل": "to", "ك": "as"}.get(words[0][:1])
            if proclitic and rest in self._phrases:
                return size, f"{proclitic} {self._phrases[rest]}"
        return 0, ""


def shown(sentence: str, glossary: Mapping[str, str] | None = None) -> str:
    """The sentence as the model sees it, with what it shall copy: figures, dates and English names.

    The glossary comes first: its terms may have numbers in them.
    """
    return with_figures(with_hijri_dates(with_english_names(sentence, glossary or {})))


def arabic_words(text: str) -> list[str]:
    """The Arabic words of a text, without vowel signs."""
    return [_bare(token[0]) for token in _TOKEN.finditer(text) if token["arabic"]]


def _key(token: re.Match[str]) -> str:
    """A token as terms are compared: قناة 12 is no other قناة."""
    return to_ascii_digits(_bare(token[0]).strip().lower())


def _bare(word: str) -> str:
    return _DIACRITICS.sub("", word)


def _opens(sentence: str, token: re.Match[str]) -> bool:
    if token[0] in _OPENING:
        return True
    before, after = sentence[: token.start()][-1:], sentence[token.end() :][:1]
    return token[0] == '"' and (not before or before.isspace()) and not after.isspace()


@lru_cache(maxsize=1)
def revision() -> str:
    """The first 12 hex digits of a hash of all that a gloss depends on."""
    digest = hashlib.sha256(build.revision().encode())
    for file in (Path(__file__), FUNCTION_WORDS, LEARNED, PHRASES, *names.FILES):
        digest.update(file.read_bytes())
    digest.update(version("arabic-name-romanizer").encode())
    return digest.hexdigest()[:12]


@cache
def function_words() -> dict[str, str]:
    """Glosses of the commonest words, which win over the lexicon's."""
    return dict(_rows(FUNCTION_WORDS))


@cache
def _phrases() -> tuple[tuple[str, str], ...]:
    return tuple((arabic, english) for arabic, english in _rows(PHRASES))


def as_written(word: str) -> str:
    """The key of a word's own row in the learned table, beside those of stems."""
    return f"={word}"


@cache
def _learned() -> dict[str, list[str]]:
    return {key: english for key, *english in _rows(LEARNED)}


def _rows(table: Path) -> list[list[str]]:
    lines = table.read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


@lru_cache(maxsize=20_000)
def romanise(word: str) -> str:
    """A name in Latin letters, as its bearers mostly spell it."""
    from arabic_name_romanizer import transliterate

    return str(transliterate(word))
