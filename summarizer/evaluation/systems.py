"""What is compared: an engine with a way to choose sentences, and the baselines.

A system is named by what it does: ``[CHOICE@]ENGINE[:fast]``.

embedded            the product: sentences chosen by `salience`, n-best re-ranked
embedded:fast       the same, decoded greedily
embedded:likeliest  the same without re-ranking; embedded:glossless: without the gloss
translated@embedded the whole article translated, then sentences chosen from the English
lead@embedded       the first sentences instead, in the same limit of words
lead-3@embedded     exactly the first three sentences (1 to 9), however long
random@embedded     sentences by lot (the article is the seed), in the limit
headline@embedded   the headline alone
oracle@embedded     sentences that a person who knows the answer would choose (the ceiling)
oracle-rouge@…      the same by ROUGE of every sentence's translation; translates whole articles
copy, empty         the first Arabic sentences as they are; nothing at all

Whatever is translated is kept in one file, so that systems that choose the same sentence of
an article pay for it once.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any

from filelock import FileLock

from summarizer import engines
from summarizer.arabic import match_key
from summarizer.article import Sentence
from summarizer.brief import Limit, fitting
from summarizer.engines.base import Engine, Hypothesis, Progress, settings_hash
from summarizer.errors import EngineError, InputError, UsageError
from summarizer.evaluation.ablations import ABLATIONS
from summarizer.evaluation.data import Item
from summarizer.evaluation.formats import make_folder, read_jsonl
from summarizer.names import KnownWord
from summarizer.salience import Chooser, lead, salient
from summarizer.warning import MujazWarning

__all__ = ["Kept", "Loader", "System", "chooser_of", "overlaps", "system_of"]

Loader = Callable[[str, engines.Options], Engine]
CHOICES = ("brief", "lead", "random", "headline", "translated", "oracle", "oracle-rouge")
ALONE = ("copy", "empty")


@dataclass(frozen=True, slots=True)
class System:
    """A parsed name; `first` is N of lead-N, `ablation` one of `ABLATIONS`."""

    name: str
    choice: str
    engine: str
    fast: bool = False
    first: int = 0
    ablation: str = ""

    @property
    def knows_the_answer(self) -> bool:
        """Whether what it says depends on facts or references, too."""
        return self.choice in ("oracle", "oracle-rouge")

    @property
    def file(self) -> str:
        """The name as that of a file."""
        return re.sub(r"[^\w.@+-]", "_", self.name)


def system_of(name: str) -> System:
    """Read the name of a system; raises UsageError if there is no such thing."""
    if name in ALONE:
        return System(name, name, "echo" if name == "copy" else "")
    choice, at, rest = name.partition("@")
    numbered = re.fullmatch(r"lead-([1-9])", choice)
    if not at or not (numbered or choice in CHOICES):
        choice, rest = "brief", name
    ablation = rest if rest in ABLATIONS else ""
    engine = "embedded" if ablation else rest.removesuffix(":fast")
    try:
        engines.entry(engine or "nothing")
    except EngineError as error:
        known = ", ".join((*CHOICES, "lead-1 to lead-9"))
        raise UsageError(
            f"There is no system {name!r}: {error.message}",
            hint=f"Systems: [CHOICE@]ENGINE[:fast], {', '.join((*ALONE, *ABLATIONS))}. "
            f"Choices: {known}.",
        ) from error
    first = int(numbered[1]) if numbered and rest != name else 0
    fast = rest.endswith(":fast")
    return System(name, "lead" if first else choice, engine, fast, first, ablation)


# --- choosing -----------------------------------------------------------------------


def chooser_of(
    system: System, item: Item, limit: Limit, translate: Callable[[Sequence[str]], list[str]]
) -> Chooser:
    """The way in which a system chooses from an article.

    Args:
        system: What is asked for.
        item: The article with what a brief of it should say, for the oracles.
        limit: What the brief has to fit into, for the oracles.
        translate: English for Arabic sentences, where the choice is made in English.
    """
    if system.first:
        return lambda _, sentences: list(range(min(system.first, len(sentences))))
    ways: Mapping[str, Chooser] = {
        "lead": lead,
        "copy": lead,
        "random": lambda _, some: _shuffled(len(some), item.article_hash),
        "translated": lambda title, some: _chosen_in_english(title, some, translate),
        "oracle": lambda title, some: _oracle(title, some, item, limit),
        "oracle-rouge": lambda title, some: _oracle_by_rouge(
            translate(some), item, lambda order: _fits(title, some, limit, order)
        ),
    }
    return ways.get(system.choice) or engines.entry(system.engine).choose


def _chosen_in_english(
    title: str, sentences: Sequence[str], translate: Callable[[Sequence[str]], list[str]]
) -> list[int]:
    """`salient`, which then sees place and meaning in English; its Arabic openings do nothing."""
    english = translate([title, *sentences]) if title else ["", *translate(sentences)]
    return salient(english[0], english[1:])


def _shuffled(count: int, seed: str) -> list[int]:
    order = list(range(count))
    random.Random(seed).shuffle(order)  # noqa: S311
    return order


def overlaps(evidence: str, sentence: str) -> bool:
    """Whether a fact's evidence is (in) a sentence, or the sentence in it, spelling apart."""
    one, other = match_key(evidence), match_key(sentence)
    return bool(one and other) and (one in other or other in one)


def _fits(title: str, sentences: Sequence[str], limit: Limit, order: Sequence[int]) -> bool:
    """Whether the pipeline would take all of these, in this order, by its own estimate of the
    English; without a title the first stands in for the headline, which needs no room."""
    ranked = [Sentence(sentences[at], at, at, 0) for at in (order if title else order[1:])]
    return fitting(ranked, limit.words, limit.sentences) == ranked


def _oracle(title: str, sentences: Sequence[str], item: Item, limit: Limit) -> list[int]:
    """First the set of sentences whose facts weigh most, of all sets that fit (`_fits`).

    Where the set has no facts: the sentences nearest to a reference in meaning.
    """
    if not item.facts:
        return _nearest(sentences, item)
    told = {n for n, f in enumerate(item.facts) if overlaps(f.evidence, title)}
    of = [{n for n, f in enumerate(item.facts) if overlaps(f.evidence, s)} for s in sentences]
    words = [len(sentence.split()) for sentence in sentences]
    telling = [at for at, some in enumerate(of) if some - told]

    def worth(chosen: Iterable[int]) -> tuple[int, int]:
        picked = [*chosen]
        said = {n for at in picked for n in of[at]} - told
        return sum(item.facts[n].weight for n in said), -sum(words[at] for at in picked)

    telling.sort(key=lambda at: worth((at,)), reverse=True)
    most = limit.sentences + (not title)
    sets = sorted(
        (c for size in range(1, most + 1) for c in combinations(telling, size)),
        key=worth,
        reverse=True,
    )
    # A set fits in one order and not in another: each sentence but the last is rounded to words.
    orders = ([*(at for at in c if at != last), last] for c in sets for last in reversed(c))
    best = next((order for order in orders if _fits(title, sentences, limit, order)), [])
    return [*best, *(at for at in range(len(sentences)) if at not in best)]


def _nearest(sentences: Sequence[str], item: Item) -> list[int]:
    from summarizer.embeddings import embed

    wanted = [s for r in item.references for s in r.sentences or (r.headline,)]
    if not wanted:
        raise UsageError(f'"{item.id}" has neither facts nor references: an oracle knows nothing.')
    near = embed(sentences) @ embed(wanted).T
    order: list[int] = []
    for column in near.argmax(axis=0).tolist():  # the best for each sentence of the references
        order += [column] if column not in order else []
    rest = [int(at) for at in (-near.max(axis=1)).argsort(kind="stable") if int(at) not in order]
    return [*order, *rest]


def _oracle_by_rouge(
    english: Sequence[str], item: Item, fits: Callable[[Sequence[int]], bool]
) -> list[int]:
    """Greedily, of those that still fit, the sentence that adds most to ROUGE-2 (Lin, 2004)."""
    from summarizer.evaluation.metrics import rouge_of

    if not item.references:
        raise UsageError(f'"{item.id}" has no references: an oracle knows nothing.')
    order: list[int] = []

    def worth(at: int) -> tuple[float, int]:
        text = "\n".join(english[n] for n in sorted([*order, at]))
        return rouge_of(text, item.references)["rouge2"], -at

    def left() -> list[int]:
        return [at for at in range(len(english)) if at not in order]

    while others := [at for at in left() if fits([*order, at])]:
        order.append(max(others, key=worth))
    return [*order, *left()]


# --- translations that are kept -----------------------------------------------------


@dataclass
class Kept:
    """An engine that remembers, in a JSONL file, every segment it has translated.

    Attributes:
        inner: The engine that does the work.
        path: The file; several engines share it.
        seconds: That the segments asked for since `count_anew` took when they were translated,
            now or in an earlier run; each counts once, however often it is asked for.
        tokens: The same of tokens, where an endpoint reports them; else None.
        fresh: How many segments were translated, not remembered.

    Raises:
        InputError: The file has something else in it.
        OutputError: Its folder can't be made.
    """

    inner: Engine
    path: Path
    seconds: float = 0.0
    tokens: int | None = None
    fresh: int = 0
    _known: dict[str, dict[str, Any]] = field(default_factory=dict)
    _counted: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.name, self.is_known_word = self.inner.name, self.inner.is_known_word
        self._key = "-".join((self.name, self.revision, settings_hash(self.settings)))
        make_folder(self.path.parent)
        with self._locked():
            _cut_half_line(self.path)
            rows = [row for _, row in read_jsonl(self.path)] if self.path.exists() else []
        if not all("by" in row for row in rows):
            raise InputError(
                f"{self.path} is not a file of translations.",
                hint="Name another, or one that isn't there.",
            )
        self._known = {row["source"]: row for row in rows if row["by"] == self._key}

    name: str = ""
    is_known_word: KnownWord | None = None

    @property
    def revision(self) -> str:
        """The engine's own."""
        return self.inner.revision

    @property
    def settings(self) -> Mapping[str, object]:
        """The engine's own."""
        return self.inner.settings

    def prepare(self, progress: Progress | None = None) -> None:
        """Prepare the engine."""
        self.inner.prepare(progress)

    def count_anew(self) -> None:
        """Set seconds and tokens back."""
        self.seconds, self.tokens = 0.0, None
        self._counted.clear()

    def translate(
        self, segments: Sequence[str], progress: Progress | None = None
    ) -> list[Hypothesis]:
        """As the engine, which is asked only for what it was never asked before."""
        new = [s for s in dict.fromkeys(segments) if s not in self._known]
        if new:
            self._ask(new, progress)
        rows = [self._known[segment] for segment in {*segments} - self._counted]
        self._counted.update(segments)
        self.seconds += sum(row["seconds"] for row in rows)
        counted = [row["tokens"] for row in rows if row["tokens"] is not None]
        if counted:
            self.tokens = (self.tokens or 0) + sum(counted)
        return [_hypothesis(self._known[segment]) for segment in segments]

    def _ask(self, new: Sequence[str], progress: Progress | None) -> None:
        before, begun = tokens_used(self.inner), time.perf_counter()
        made = self.inner.translate(new, progress)
        spent, used = time.perf_counter() - begun, tokens_used(self.inner)
        tokens = used - before if used is not None and before is not None else None
        size = sum(map(len, new)) or 1
        lines = []
        for segment, hypothesis in zip(new, made, strict=True):
            part = len(segment) / size
            row = {
                "by": self._key,
                "source": segment,
                **asdict(hypothesis),
                "seconds": round(spent * part, 4),
                "tokens": None if tokens is None else round(tokens * part),
            }
            self._known[segment] = row
            lines.append(json.dumps(row, ensure_ascii=False) + "\n")
        self.fresh += len(new)
        with self._locked(), self.path.open("a", encoding="utf-8") as file:
            file.writelines(lines)

    def _locked(self) -> FileLock:
        return FileLock(f"{self.path}.lock")


def tokens_used(engine: Engine) -> int | None:
    """Tokens that an engine's endpoint has reported so far; None where there is no endpoint."""
    spent = getattr(getattr(engine, "chat", None), "spent", None)
    return spent if isinstance(spent, int) else None


def _cut_half_line(path: Path) -> None:
    """Take off what a killed run left of its last line; what isn't ours stays as it is."""
    data = path.read_bytes() if path.is_file() else b""
    half = data[data.rfind(b"\n") + 1 :]
    if half and half.startswith(b'{"by": '[: len(half)]):
        path.write_bytes(data.removesuffix(half))


def _hypothesis(row: Mapping[str, Any]) -> Hypothesis:
    warnings = tuple(map(MujazWarning.from_dict, row["warnings"]))
    return Hypothesis(row["text"], row["similarity"], warnings, row["translated"])


def code_hash(files: Sequence[Path]) -> str:
    """First 12 hex digits of the SHA-256 of some source files; a package counts whole."""
    digest = hashlib.sha256()
    for file in files:
        whole = sorted(file.parent.glob("*.py")) if file.name == "__init__.py" else [file]
        for part in whole:
            digest.update(part.read_bytes())
    return digest.hexdigest()[:12]
