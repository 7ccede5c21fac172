"""What is measured of a prediction. `METRICS` names each with its formula and version.

Every metric gives a few sums for an item (its statistics), and a value for any set of items by
adding these up. So the value on the whole set, on a stratum and on a resample all come from one
function; for BLEU, chrF++ and TER that is sacreBLEU's own, which makes them corpus metrics
as they are meant, equal to its command line.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import version
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, Literal

from summarizer.arabic import ARABIC_LETTER, normalise, split_sentences
from summarizer.checks import SIMILARITY_DOUBTFUL, check
from summarizer.evaluation import facts
from summarizer.evaluation.data import Forms, Item, Reference
from summarizer.evaluation.systems import overlaps
from summarizer.names import arabic_names, missing_names
from summarizer.numbers import arabic_quantities, compare_quantities
from summarizer.warning import SEVERITIES

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = [
    "METRICS",
    "Measured",
    "Metric",
    "Prediction",
    "Said",
    "Stats",
    "compared",
    "measure",
    "rouge_of",
    "value_of",
    "worst_of",
]

Needs = Literal["", "references", "facts"]
Stats = list[float]


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric.

    Attributes:
        title: For tables.
        what: Its formula, and where it comes from.
        needs: What an item has to have; else its value is undefined there, and counted.
        better: 1 if more is better, -1 if less is, 0 if neither.
        scale: What the ratio of its sums is multiplied by.
        library: Whose it is; "" for ours.
        version: Of ours; changes when a value would.
        asked: The option of `mujaz eval score` that it is measured by (`neural.py`); "": always.
    """

    title: str
    what: str
    needs: Needs = ""
    better: Literal[-1, 0, 1] = 1
    scale: float = 100.0
    library: Literal["", "sacrebleu", "rouge-score", "bert-score", "unbabel-comet"] = ""
    version: int = 1
    asked: str = ""


METRICS: Mapping[str, Metric] = {
    "fact_recall": Metric(
        "fact recall",
        "weight of the facts that headline or sentences say, of the weight of all facts of the "
        "article; mean over articles (Nenkova and Passonneau 2004; matching: facts.py)",
        "facts",
        version=facts.VERSION,
    ),
    "fact_precision": Metric(
        "fact precision",
        "share of the sentences that say at least one of the article's facts",
        "facts",
        version=facts.VERSION,
    ),
    "chosen": Metric(
        "chosen",
        "weight of the facts whose evidence is in the chosen Arabic, of all; mean over articles: "
        "what fact recall would be if the English were perfect",
        "facts",
    ),
    "conveyed": Metric(
        "conveyed",
        "of the weight of the facts in the chosen Arabic, the part that the English says",
        "facts",
        version=facts.VERSION,
    ),
    "rouge1": Metric("ROUGE-1", "F1 of words, best reference (Lin 2004)", "references",
                     library="rouge-score"),
    "rouge2": Metric("ROUGE-2", "F1 of pairs of words, best reference", "references",
                     library="rouge-score"),
    "rougeLsum": Metric("ROUGE-Lsum", "F1 of the union of longest common subsequences, "
                        "sentence by sentence, best reference", "references",
                        library="rouge-score"),
    "bleu": Metric("BLEU", "corpus BLEU (Papineni et al. 2002; Post 2018)", "references",
                   scale=1, library="sacrebleu"),
    "chrf": Metric("chrF++", "corpus chrF with word pairs (Popović 2017)", "references",
                   scale=1, library="sacrebleu"),
    "ter": Metric("TER", "edits for each word of the reference (Snover et al. 2006)",
                  "references", better=-1, scale=1, library="sacrebleu"),
    "bertscore": Metric("BERTScore", "F1 of token vectors, each matched with its nearest, best "
                        "reference; mean (Zhang et al. 2020)", "references", scale=1,
                        library="bert-score", asked="--bertscore MODEL"),
    "comet": Metric("COMET", "a model's estimate of a segment's quality; mean (Rei et al. 2020)",
                    scale=1, library="unbabel-comet", asked="--comet FILE"),
    "faithful": Metric(
        "faithful",
        "share of lines (headline, sentences) that their evidence supports: translated, cosine "
        f"with it at least {SIMILARITY_DOUBTFUL}, no serious warning; nothing said counts as one "
        "line that is not supported",
        version=2,
    ),
    "similarity": Metric("similarity", "mean cosine of a line and its evidence, "
                         "multilingual-e5-small", scale=1),
    "numbers": Metric(
        "numbers",
        "right, of right, lost and invented: the evidence's numbers against the English, by the "
        "set's accepted forms where it has them, else by summarizer.numbers",
        version=2,
    ),
    "names": Metric(
        "names",
        "share of the evidence's names that the English has, by the set's accepted forms where "
        "it has them, else places and titled persons by summarizer.names",
        version=2,
    ),
    "serious": Metric("serious warning", "share of predictions with a serious warning, or empty",
                      better=-1, version=2),
    "untranslated": Metric("untranslated", "share of letters that are Arabic", better=-1),
    "repetition": Metric("repetition", "share of word triples that were there before", better=-1),
    "empty": Metric("empty", "share of predictions without a word", better=-1),
    "length_ratio": Metric("length ratio", "words for each word of a reference (mean of them)",
                           "references", better=0, scale=1, version=2),
    "compression": Metric("compression", "English words for each Arabic word", better=0),
    "speed": Metric("words/s", "English words for each second of choosing, translating and "
                    "checking, of the run in which each segment was translated; depends on "
                    "the machine and on what else ran, so it is not tested", better=1, scale=1),
    "tokens": Metric("tokens", "that an endpoint reported, for each prediction", better=-1,
                     scale=1),
}  # fmt: skip


# --- predictions --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Said:
    """One line of a prediction: English, the Arabic behind it ("" if none), what was doubted."""

    text: str
    evidence: str
    similarity: float | None
    severity: str = ""
    translated: bool = True


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a system said of an item."""

    id: str
    headline: str
    sentences: tuple[str, ...]
    lines: tuple[Said, ...]
    seconds: float | None = None
    tokens: int | None = None
    peak_mb: float | None = None
    serious: bool = False

    @property
    def text(self) -> str:
        """The sentences."""
        return " ".join(self.sentences)


@dataclass(frozen=True, slots=True)
class Measured:
    """The figures of one item.

    Attributes:
        stats: Sums by metric; None where undefined, which is also where a ratio has nothing to
            divide by: the item adds nothing to it, and is counted as undefined.
        said: For each fact, whether the prediction says it.
        lines: For each line, its severest warning and, of the facts in its evidence, how
            many there are and how many its English says.
    """

    stats: dict[str, Stats | None]
    said: list[bool]
    lines: list[dict[str, Any]]


def measure(items: Sequence[Item], predictions: Sequence[Prediction]) -> list[Measured]:
    """Every metric of every item; an item without what a metric needs has None for it.

    So has every item for the metrics that are to be asked for.
    """
    pairs = list(zip(items, predictions, strict=True))
    overlap = _overlap(pairs)
    return [
        _measured(item, _aligned(item, prediction), overlap[n])
        for n, (item, prediction) in enumerate(pairs)
    ]


def _measured(item: Item, prediction: Prediction, overlap: dict[str, Stats]) -> Measured:
    stats: dict[str, Stats | None] = dict.fromkeys(METRICS)
    stats.update(overlap)
    about_facts, said, lines = _facts(item, prediction)
    stats.update(about_facts)
    stats.update(_fidelity(item, prediction))
    stats.update(_form(item, prediction))
    return Measured({name: _defined(name, sums) for name, sums in stats.items()}, said, lines)


def _defined(name: str, sums: Stats | None) -> Stats | None:
    if sums is None or METRICS[name].library == "sacrebleu":  # an empty text has a BLEU, it is 0
        return sums
    return sums if sums[1] else None


def _aligned(item: Item, prediction: Prediction) -> Prediction:
    """Give sentences from elsewhere evidence: the nearest sentence of the article."""
    texts = [text for text in (prediction.headline, *prediction.sentences) if text]
    if prediction.lines or not texts:
        return prediction
    from summarizer.embeddings import embed

    arabic = [s.strip() for p in (item.title, *item.paragraphs) for s in split_sentences(p)]
    arabic = [sentence for sentence in arabic if sentence]
    if not arabic:
        return replace(prediction, lines=tuple(Said(text, "", None) for text in texts))
    near = embed(texts) @ embed(arabic).T
    lines = []
    for text, row in zip(texts, near, strict=True):
        source, cosine = arabic[int(row.argmax())], round(float(row.max()), 4)
        worst = worst_of({w.severity for w in check(source, text, similarity=cosine)})
        lines.append(Said(text, source, cosine, worst))
    serious = prediction.serious or any(line.severity == "serious" for line in lines)
    return replace(prediction, lines=tuple(lines), serious=serious)


def worst_of(severities: Set[str]) -> str:
    """The severest of some; "" of none."""
    return next((one for one in reversed(SEVERITIES) if one in severities), "")


# --- overlap with references --------------------------------------------------------


def compared(item: Item, prediction: Prediction) -> tuple[list[str], list[list[str]]]:
    """What is compared, as sentences: ours, and each reference's; headlines with headlines.

    A brief that is a headline alone is not one that says nothing: its headline is compared.
    """
    if not any(reference.sentences for reference in item.references):
        return [prediction.headline], [[r.headline] for r in item.references]
    ours = [*prediction.sentences] or [prediction.headline]
    return ours, [[*r.sentences] for r in item.references if r.sentences]


def _overlap(pairs: Sequence[tuple[Item, Prediction]]) -> list[dict[str, Stats]]:
    """BLEU, chrF++, TER and ROUGE where there are references."""
    found: list[dict[str, Stats]] = [{} for _ in pairs]
    there = [n for n, (item, _) in enumerate(pairs) if item.references]
    texts = [compared(*pairs[n]) for n in there]
    ours = [" ".join(mine) for mine, _ in texts]
    streams = list(zip_longest(*([" ".join(r) for r in theirs] for _, theirs in texts)))
    for name, make in _SACREBLEU.items():
        if not there:
            break
        scorer = make(references=[list(stream) for stream in streams])
        rows = scorer._extract_corpus_statistics(ours, None)
        for n, row in zip(there, rows, strict=True):
            found[n][name] = [float(value) for value in row]
    for n, (mine, theirs) in zip(there, texts, strict=True):
        references = [Reference("", tuple(sentences)) for sentences in theirs]
        for name, score in rouge_of("\n".join(mine), references).items():
            found[n][name] = [score, 1.0]
    return found


def _bleu(**settings: Any) -> Any:
    from sacrebleu.metrics.bleu import BLEU

    return BLEU(**settings)


def _chrf(**settings: Any) -> Any:
    from sacrebleu.metrics.chrf import CHRF

    return CHRF(word_order=2, **settings)


def _ter(**settings: Any) -> Any:
    from sacrebleu.metrics.ter import TER

    return TER(**settings)


_SACREBLEU: Mapping[str, Callable[..., Any]] = {"bleu": _bleu, "chrf": _chrf, "ter": _ter}
_ROUGE = ("rouge1", "rouge2", "rougeLsum")


def rouge_of(text: str, references: Sequence[Reference]) -> dict[str, float]:
    """ROUGE F1 (0–1) against the best reference; a line of `text` is a sentence."""
    targets = ["\n".join(reference.sentences) for reference in references]
    scores = _rouge_scorer().score_multi(targets, text)
    return {name: float(scores[name].fmeasure) for name in _ROUGE}


@cache
def _rouge_scorer() -> Any:
    from rouge_score.rouge_scorer import RougeScorer

    return RougeScorer(list(_ROUGE), use_stemmer=True)


def signature_of(name: str, references: int) -> str:
    """What a figure has to be quoted with: versions and settings."""
    metric = METRICS[name]
    if metric.library == "sacrebleu":
        scorer = _SACREBLEU[name](references=[["x"]] * max(1, references))
        return str(scorer.get_signature())
    if metric.library == "rouge-score":
        return f"{name}|f1|stemmer:yes|tokens:a-z0-9|multi:max|version:{version('rouge-score')}"
    if metric.asked:
        return f"{metric.library}, if asked for: mujaz eval score {metric.asked}"
    return f"mujaz:{name}|v{metric.version}"


# --- facts --------------------------------------------------------------------------


def _facts(
    item: Item, prediction: Prediction
) -> tuple[dict[str, Stats], list[bool], list[dict[str, Any]]]:
    lines = prediction.lines
    held = [[n for n, f in enumerate(item.facts) if overlaps(f.evidence, line.evidence)]
            for line in lines]  # fmt: skip
    matched = facts.said([fact.text for fact in item.facts], [line.text for line in lines])
    detail = [
        {
            "severity": line.severity,
            "facts": len(held[at]),
            "said": sum(matched[n][at] for n in held[at]),
        }
        for at, line in enumerate(lines)
    ]
    said = [any(row) for row in matched]
    if not item.facts:
        return {}, said, detail
    everything = float(sum(fact.weight for fact in item.facts))
    chosen = {n for some in held for n in some}
    first = len(lines) - len(prediction.sentences)  # the headline is no sentence
    telling = [any(row[at] for row in matched) for at in range(first, len(lines))]
    chosen_weight = float(sum(item.facts[n].weight for n in chosen))
    kept = float(sum(item.facts[n].weight for n in chosen if said[n]))
    weight = float(sum(f.weight for f, yes in zip(item.facts, said, strict=True) if yes))
    stats: dict[str, Stats] = {
        "fact_recall": [weight / everything, 1.0],
        "fact_precision": [float(sum(telling)), float(len(telling))],
        "chosen": [chosen_weight / everything, 1.0],
        "conveyed": [kept, chosen_weight],
    }
    return stats, said, detail


# --- is it what the Arabic says -----------------------------------------------------


def _fidelity(item: Item, prediction: Prediction) -> dict[str, Stats]:
    lines = [line for line in prediction.lines if line.evidence]
    near = [line.similarity for line in lines if line.similarity is not None]
    supported = [
        line.translated
        and line.severity != "serious"
        and (line.similarity or 0.0) >= SIMILARITY_DOUBTFUL
        for line in lines
    ]
    numbers = [_numbers(line, item.numbers) for line in lines]
    names = [_names(line, item.names) for line in lines]
    return {
        "faithful": [float(sum(supported)), float(len(prediction.lines) or 1)],
        "similarity": [sum(near), float(len(near))],
        "numbers": [float(sum(n[0] for n in numbers)), float(sum(n[1] for n in numbers))],
        "names": [float(sum(n[0] for n in names)), float(sum(n[1] for n in names))],
        "serious": [float(prediction.serious or not (prediction.headline or prediction.text)), 1.0],
    }


def _numbers(line: Said, listed: Sequence[Forms]) -> tuple[int, int]:
    """How many numbers are right, and how many right, lost or invented."""
    compared = compare_quantities(line.evidence, line.text)
    invented = [q.text for q, problem in compared if problem == "invented"]
    there = _standing_in(line.evidence, listed)
    if not listed:
        lost = sum(problem == "missing" for _, problem in compared)
        wanted = {(q.kind, q.value) for q in arabic_quantities(line.evidence)
                  if not q.soft and q.value not in (0, 1)}  # fmt: skip
        right = max(0, len(wanted) - lost)
        return right, right + lost + len(invented)
    right = sum(_has_form(line.text, forms) or _same_number(line.text, forms) for forms in there)
    accepted = f" {' '.join(_folded(form) for forms in there for form in forms.accepted)} "
    invented = [text for text in invented if f" {_folded(text)} " not in accepted]
    return right, len(there) + len(invented)


def _same_number(english: str, forms: Forms) -> bool:
    wanted = [q for q in arabic_quantities(forms.source) if not q.soft]
    compared = compare_quantities(forms.source, english)
    return bool(wanted) and not any(problem == "missing" for _, problem in compared)


def _names(line: Said, listed: Sequence[Forms]) -> tuple[int, int]:
    if listed:
        there = _standing_in(line.evidence, listed)
        return sum(_has_form(line.text, forms) for forms in there), len(there)
    sure = ("place", "title")
    wanted = [m for m in arabic_names(line.evidence, {}) if m.why in sure and not m.soft]
    lost = [m for m in missing_names(line.evidence, line.text, {}) if m.why in sure]
    return max(0, len(wanted) - len(lost)), len(wanted)


def _standing_in(evidence: str, listed: Sequence[Forms]) -> list[Forms]:
    text = normalise(evidence)
    return [forms for forms in listed if _as_words(forms.source).search(text)]


@cache
def _as_words(source: str) -> re.Pattern[str]:
    """Finds it as words of their own, which may have "and", "in", "the" … before them: المغرب in
    بالمغرب and للمغرب, but not in المغربية; 23 not in 2023 or 23.5."""
    stem = normalise(source)
    forms = re.escape(stem)
    if stem.startswith("ال"):
        forms = f"(?:{forms}|لل{re.escape(stem[2:])})"
    before = r"(?<!\w)(?<!\d[.,٫٬])[وف]?(?:[بكل]?(?:ال)?|لل)"
    return re.compile(rf"{before}{forms}(?!\w|[.,٫٬]\d)")


def _has_form(english: str, forms: Forms) -> bool:
    text = f" {_folded(english)} "
    return any(f" {_folded(form)} " in text for form in forms.accepted)


def _folded(text: str) -> str:
    """Lower case, without accents; hyphens and apostrophes are spaces, as in al-Qadi."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    plain = re.sub(r"(?<=\d),(?=\d)", "", plain)
    plain = re.sub(r"'s\b", "", plain.replace("’", "'"))
    return " ".join(re.findall(r"\d+(?:\.\d+)?%?|[a-z]+", plain))


# --- its form -----------------------------------------------------------------------


def _form(item: Item, prediction: Prediction) -> dict[str, Stats]:
    everything = " ".join((prediction.headline, prediction.text))
    ours = prediction.text or prediction.headline
    words = len(ours.split())
    triples = Counter(zip(*(ours.lower().split()[n:] for n in range(3)), strict=False))
    letters = sum(map(str.isalpha, everything))
    stats: dict[str, Stats] = {
        "untranslated": [float(len(ARABIC_LETTER.findall(everything))), float(letters)],
        "repetition": [float(sum(n - 1 for n in triples.values())), float(triples.total())],
        "empty": [float(not everything.strip()), 1.0],
        "compression": [float(words), float(item.words)],
    }
    if item.references:
        mine, theirs = compared(item, prediction)
        lengths = [len(" ".join(sentences).split()) for sentences in theirs]
        stats["length_ratio"] = [float(len(" ".join(mine).split())), sum(lengths) / len(lengths)]
    if prediction.seconds is not None:
        stats["speed"] = [float(len(everything.split())), prediction.seconds]
    if prediction.tokens is not None:
        stats["tokens"] = [float(prediction.tokens), 1.0]
    return stats


# --- from sums to values ------------------------------------------------------------


def value_of(name: str, sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """The value for each row of sums; NaN where there is nothing to divide by."""
    import numpy as np

    metric = METRICS[name]
    if metric.library == "sacrebleu":
        scorer = _SACREBLEU[name]()
        whole = name in ("bleu", "chrf")
        rows = np.rint(sums).astype(np.int64).tolist() if whole else sums.tolist()
        return np.array([scorer._compute_score_from_stats(row).score for row in rows])
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = metric.scale * sums[:, 0] / sums[:, 1]
    return np.where(sums[:, 1] == 0, np.nan, shares)
