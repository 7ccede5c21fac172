"""Whether a text says a fact: the pyramid method without its human matcher.

Nenkova and Passonneau (HLT-NAACL 2004) let people match content units. Here a fact is said by
a text if one of its sentences is near to it in meaning and shares its words,

    ½ · scaled(cosine) + ½ · recall ≥ THRESHOLD,

where the cosine is that of multilingual-e5-small, scaled from `COSINES` to 0-1, and recall the
share of the fact's content words (stemmed, names by sound) that the sentence has; if every
number of the fact stands in the text; and if the sentence has a negation where the fact has one.

How often this decides as a reader does is measured by `agreement` on judged pairs (`mujaz eval
agreement`); their one reader is Claude, an AI model. The threshold and the rule for negation
were set on `judged-1` and `judged-2`; the totals of `judged-3` were seen meanwhile, so it is
no clean test. What the rule cannot see: another verb, swapped roles, another name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from summarizer.errors import InputError
from summarizer.evaluation.formats import read_jsonl
from summarizer.names import english_sound
from summarizer.numbers import english_quantities

__all__ = ["VERSION", "Agreement", "agreement", "agreement_of", "read_judged", "said"]

VERSION = 2
COSINES = (0.80, 0.95)  # scaled to 0 and 1: unrelated sentences are at 0.80, paraphrases at 0.95
THRESHOLD = 0.35

_NEGATION = re.compile(
    r"\b(?:not|no|never|neither|nor|none|nobody|nothing|without|cannot|unable|den(?:y|ies|ied|ial)"
    r"|refus\w+|reject\w*|declin\w+|fail(?:ed|s|ure)?|unless|rul(?:ed|es|ing) out|lack\w*|yet to"
    r"|far from|dismiss\w*|oppos\w+|against)\b|n['’]t\b",
    re.IGNORECASE,
)
_STOP = frozenset(
    """a an the and or but of in on at to for from by with as is are was were be been being it its
    this that these those he she they his her their them will would has have had do does did not no
    who which what when where there than then after before over into about more most said says say
    also only up out all one two""".split()  # noqa: SIM905
)


def said(facts: Sequence[str], sentences: Sequence[str]) -> list[list[bool]]:
    """For each fact, for each sentence of a text, whether that sentence says it."""
    if not facts or not sentences:
        return [[False] * len(sentences) for _ in facts]
    cosines = _rows(facts) @ _rows(sentences).T
    numbers = {value for sentence in sentences for value in _numbers(sentence)}
    return [
        [
            _numbers(fact) <= numbers
            and not (_NEGATION.search(fact) and not _NEGATION.search(sentence))
            and _points(float(cosine), fact, sentence) >= THRESHOLD
            for cosine, sentence in zip(row, sentences, strict=True)
        ]
        for fact, row in zip(facts, cosines, strict=True)
    ]


def _points(cosine: float, fact: str, sentence: str) -> float:
    low, high = COSINES
    scaled = min(1.0, max(0.0, (cosine - low) / (high - low)))
    return 0.5 * scaled + 0.5 * _recall(fact, sentence)


def _recall(fact: str, sentence: str) -> float:
    wanted, there = _content(fact), _content(sentence)
    return sum(word in there for word in wanted) / len(wanted) if wanted else 0.0


@cache
def _content(text: str) -> frozenset[str]:
    """Stems of the content words; a name (a capital inside) by its consonants."""
    words = re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)?", text)
    stem = _stemmer().stem
    kept = [word for word in words if word.lower() not in _STOP and len(word) > 1]
    return frozenset(
        f"={english_sound(word)}"
        if word[0].isupper() and english_sound(word)
        else stem(word.lower())
        for word in kept
    ) | frozenset(stem(word.lower()) for word in kept if word[0].isupper())


@cache
def _stemmer() -> Any:
    from nltk.stem.porter import PorterStemmer

    return PorterStemmer()


@cache
def _numbers(text: str) -> frozenset[tuple[str, Any]]:
    return frozenset(
        (q.kind, q.value) for q in english_quantities(text) if not q.soft and q.kind != "vague"
    )


_EMBEDDED: dict[str, Any] = {}


def _rows(texts: Sequence[str]) -> Any:
    """Embeddings, each text once in a process: the same facts meet every system."""
    import numpy as np

    from summarizer.embeddings import embed

    new = [text for text in dict.fromkeys(texts) if text not in _EMBEDDED]
    if new:
        _EMBEDDED.update(zip(new, embed(new), strict=True))
    return np.stack([_EMBEDDED[text] for text in texts])


# --- agreement with people ----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Agreement:
    """How our decisions and the reader's agree; `wrong` are the pairs where they don't."""

    pairs: int
    both: int
    ours_only: int
    theirs_only: int
    wrong: tuple[Mapping[str, Any], ...]

    @property
    def accuracy(self) -> float:
        """Share of pairs with the same decision."""
        return 1 - (self.ours_only + self.theirs_only) / self.pairs

    @property
    def precision(self) -> float:
        """Share of what we match that the reader matched."""
        return self.both / max(1, self.both + self.ours_only)

    @property
    def recall(self) -> float:
        """Share of what the reader matched that we match."""
        return self.both / max(1, self.both + self.theirs_only)

    @property
    def kappa(self) -> float:
        """Cohen's κ (1960): agreement beyond chance."""
        ours, theirs = self.both + self.ours_only, self.both + self.theirs_only
        n = self.pairs
        chance = (ours * theirs + (n - ours) * (n - theirs)) / n**2
        return (self.accuracy - chance) / (1 - chance) if chance < 1 else 1.0


def read_judged(path: Path) -> list[dict[str, Any]]:
    """Pairs of `fact`, `hypothesis` and their `match`; raises InputError, naming the line."""
    pairs = []
    for number, row in read_jsonl(path):
        types = [(key, str) for key in ("fact", "hypothesis")] + [("match", bool)]
        for key, kind in types:
            if not isinstance(row.get(key), kind):
                raise InputError(f'{path}: line {number}: "{key}" is not {kind.__name__}.')
        pairs.append(row)
    if not pairs:
        raise InputError(f"{path} has no pairs in it.")
    return pairs


def agreement(pairs: Sequence[Mapping[str, Any]]) -> Agreement:
    """Compare our matching with the reader's."""
    return agreement_of(
        [(p, any(said([p["fact"]], _sentences(p["hypothesis"]))[0])) for p in pairs]
    )


def agreement_of(decided: Sequence[tuple[Mapping[str, Any], bool]]) -> Agreement:
    """Compare decisions on judged pairs with the reader's `match`."""
    counts = Counter((decision, pair["match"]) for pair, decision in decided)
    wrong = tuple(pair for pair, decision in decided if decision != pair["match"])
    return Agreement(
        len(decided), counts[True, True], counts[True, False], counts[False, True], wrong
    )


def _sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.!?])\s+(?=[A-Z\"“])", text.strip()) if part]
