"""Measure translation as the engine does it: trainings, and baselines beside them.

    python -m training.evaluate --data ../shared/eval/flores200-devtest.tsv
    python -m training.evaluate --system embedded gloss base DIR --data FILE... --out DIR

A system is `embedded` (the engine as it is), `gloss` (no model), `base` (the model without
training, four examples in the prompt) or the folder of a training: its difference, or a LoRA
adapter of the base model. `embedded:fast` and ``DIR:fast`` decode greedily. Hypotheses are
kept in ``--out`` and not made again while the system and the segments are the same.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import ctranslate2
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF

from summarizer.arabic import ARABIC_LETTER
from summarizer.checks import check, is_repetitive
from summarizer.embeddings import similarities
from summarizer.engines import build, tokenizer
from summarizer.engines.base import Engine
from summarizer.engines.baselines import GlossEngine
from summarizer.engines.embedded import EmbeddedEngine
from summarizer.numbers import arabic_quantities
from training import model as models
from training.data import Example, Pair, make_examples, read_file, read_folder

RESAMPLINGS = 1000
AT_ONCE = 128  # segments between two savings
EXAMPLES = 4  # in the prompt of `base`, from the pairs that we train on

# BLEU and chrF++ of others, as Helsinki-NLP's OPUS-MT-leaderboard and External-MT-leaderboard
# give them for the whole of a set (score files, Arabic to English, sacreBLEU).
PUBLISHED = {
    "flores200-devtest": {
        "opus-mt-tc-big-ar-en": (42.8, 65.4),
        "NLLB-200 3.3B": (41.3, 64.3),
        "NLLB-200 distilled 600M": (37.6, 60.9),
        "M2M100 1.2B": (29.6, 54.5),
        "M2M100 418M": (29.2, 55.5),
        "mbart-ar-en (akhooli)": (22.9, 49.6),
    }
}


@dataclass(frozen=True)
class Score:
    """A metric's value with the half-width of its 95 % interval and its signature."""

    value: float
    interval: float
    signature: str


@dataclass(frozen=True)
class Result:
    """What one system does on one set of pairs.

    Attributes:
        system: As asked for.
        data: The name of the set.
        segments: Pairs measured.
        bleu: sacreBLEU's BLEU, 0 to 100.
        chrf: chrF++, 0 to 100.
        similarity: Mean cosine of source and hypothesis (multilingual-e5-small).
        numbers: Share of the segments with a number, a date or a quantity in the source
            about which the number check has nothing to say.
        serious: Share of segments with a serious warning.
        words_per_second: English words made, all threads together.
        length_ratio: Words of ours per word of the reference.
        loops: Hypotheses that repeat themselves.
        arabic: Hypotheses with Arabic letters in them.
        empty: Hypotheses without text, or segments that were not translated.
    """

    system: str
    data: str
    segments: int
    bleu: Score
    chrf: Score
    similarity: float
    numbers: float
    serious: float
    words_per_second: float
    length_ratio: float
    loops: int
    arabic: int
    empty: int


# --- the systems --------------------------------------------------------------------

Translate = Callable[[Sequence[str]], list[str]]


@contextmanager
def system(name: str, training: Sequence[Pair]) -> Iterator[tuple[Translate, str]]:
    """What translates segments, by its name, and the revision of what it does."""
    model, _, how = name.partition(":")
    fast = how == "fast"
    if model == "base":
        with built(None) as files:
            yield _few_shot(files, training), f"base {build.revision()}"
    elif model == "gloss":
        engine: Engine = GlossEngine()
        yield _by(engine), engine.revision
    elif model == "embedded":
        engine = EmbeddedEngine(fast)
        yield _by(engine), f"{engine.revision} {fast}"
    else:
        (file,) = Path(model).glob("*.safetensors")
        weights = file.read_bytes()
        with built(Path(model)) as files:
            engine = EmbeddedEngine(fast, model=files)
            digest = hashlib.sha256(weights + engine.revision.encode()).hexdigest()[:12]
            yield _by(engine), f"{digest} {fast}"


def _by(engine: Engine) -> Translate:
    return lambda segments: [h.text if h.translated else "" for h in engine.translate(segments)]


@contextmanager
def built(trained: Path | None) -> Iterator[build.ModelFiles]:
    """The engine's model with other training, or with none, in a temporary folder."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        model: Any = build.merged_model(folder, made=folder, trained=None)
        build.convert(models.add_training(model, trained) if trained else model, folder)
        shutil.copy(build.ensure_model().lexicon, folder / "lexicon.sqlite")
        yield build.ModelFiles(folder, "measured")


def _few_shot(files: build.ModelFiles, training: Sequence[Pair]) -> Translate:
    """The base model, greedily, after four short pairs of the training data."""
    generator = ctranslate2.Generator(str(files.folder), inter_threads=2, intra_threads=1)
    encoder = tokenizer.load(files.tokenizer)
    shown = [pair for pair in training if 8 <= len(pair.english.split()) <= 20][:EXAMPLES]
    before = "".join(f"Arabic: {pair.arabic}\nEnglish: {pair.english}\n\n" for pair in shown)

    def one(segment: str) -> Any:
        prompt = encoder.encode(f"{before}Arabic: {segment}\nEnglish:", out_type=str)
        return generator.generate_batch(
            [[tokenizer.BOS, *prompt]],
            asynchronous=True,
            max_length=150,
            sampling_topk=1,
            include_prompt_in_result=False,
            end_token=["\n", "\n\n", tokenizer.EOS],
        )[0]

    def translate(segments: Sequence[str]) -> list[str]:
        promised = [one(segment) for segment in segments]
        return [encoder.decode(p.result().sequences_ids[0]).strip() for p in promised]

    return translate


def loss(trained: Path, pairs: Sequence[Pair]) -> float:
    """Mean loss of the int8 model per target token, in nats."""
    with built(trained) as files:
        generator = ctranslate2.Generator(str(files.folder), inter_threads=2, intra_threads=1)
        encoder = tokenizer.load(files.tokenizer)
        examples: list[Example] = make_examples(pairs)
        lines = [encoder.id_to_piece(example.prompt + example.target) for example in examples]
        # One at a time: CTranslate2 4 can't score Gemma 3 with padding ("Length mask has …").
        scores = generator.score_batch(lines, max_batch_size=1)
    targets: list[float] = []
    for example, line in zip(examples, scores, strict=True):
        targets += line.log_probs[-len(example.target) :]
    return -float(sum(targets)) / len(targets)


# --- the figures --------------------------------------------------------------------


def score(metric: BLEU | CHRF, ours: list[str], theirs: list[str]) -> Score:
    """A corpus score with its bootstrap interval."""
    result: Any = metric.corpus_score(ours, [theirs], n_bootstrap=RESAMPLINGS)
    return Score(float(result.score), float(result._ci), str(metric.get_signature()))


def has_arabic(text: str) -> bool:
    """Whether an Arabic letter is left in a translation."""
    return bool(ARABIC_LETTER.search(text))


def measure(name: str, data: str, pairs: Sequence[Pair], ours: list[str], pace: float) -> Result:
    """All figures of the hypotheses `ours` of `pairs`."""
    theirs, sources = [pair.english for pair in pairs], [pair.arabic for pair in pairs]
    near = similarities(sources, ours)
    lexicon = GlossEngine()
    doubts = [
        check(source, text, similarity=cosine, is_known_word=lexicon.is_known_word)
        for source, text, cosine in zip(sources, ours, near, strict=True)
    ]
    numbered = [n for n, source in enumerate(sources) if arabic_quantities(source)]
    right = [n for n in numbered if all(w.code != "number" for w in doubts[n])]
    return Result(
        system=name,
        data=data,
        segments=len(pairs),
        bleu=score(BLEU(), ours, theirs),
        chrf=score(CHRF(word_order=2), ours, theirs),
        similarity=float(sum(near)) / len(near),
        numbers=len(right) / max(1, len(numbered)),
        serious=sum(any(w.severity == "serious" for w in some) for some in doubts) / len(pairs),
        words_per_second=pace,
        length_ratio=sum(len(t.split()) for t in ours) / sum(len(t.split()) for t in theirs),
        loops=sum(bool(is_repetitive(text)) for text in ours),
        arabic=sum(map(has_arabic, ours)),
        empty=sum(not text for text in ours),
    )


def hypotheses(
    name: str, pairs: Sequence[Pair], training: Sequence[Pair], kept: Path | None
) -> tuple[list[str], float]:
    """The hypotheses of a system, and English words a second; goes on with what is kept."""
    sources = [pair.arabic for pair in pairs]
    ours: list[str] = []
    seconds = 0.0
    with system(name, training) as (translate, revision):
        if kept and kept.exists():
            old = json.loads(kept.read_text(encoding="utf-8"))
            if old["revision"] == revision and old["sources"] == sources:
                ours, seconds = old["hypotheses"], old["seconds"]
        while len(ours) < len(sources):
            begun = time.perf_counter()
            ours += translate(sources[len(ours) : len(ours) + AT_ONCE])
            seconds += time.perf_counter() - begun
            if kept:
                state = {"revision": revision, "seconds": seconds, "sources": sources}
                kept.parent.mkdir(parents=True, exist_ok=True)
                kept.write_text(json.dumps({**state, "hypotheses": ours}, ensure_ascii=False))
    return ours, sum(len(text.split()) for text in ours) / seconds


def show(result: Result) -> str:
    """The figures as lines for a person."""
    lines = [f"{result.system} on {result.data}, {result.segments:,} segments"]
    for name, metric in (("BLEU", result.bleu), ("chrF++", result.chrf)):
        lines.append(f"  {name:15} {metric.value:.1f} ± {metric.interval:.1f}  {metric.signature}")
    lines += [
        f"  similarity      {result.similarity:.4f}",
        f"  numbers agree   {result.numbers:.1%} of the segments that have some",
        f"  serious warning {result.serious:.1%} of the segments",
        f"  length ratio    {result.length_ratio:.2f}",
        f"  speed           {result.words_per_second:.1f} English words/s",
        f"  loops {result.loops}, with Arabic letters {result.arabic}, empty {result.empty}",
    ]
    return "\n".join(lines)


def beside(results: Sequence[Result]) -> str:
    """The systems of one set of pairs as a table, and under them what others published."""
    data = results[0].data
    lines = [f"{f'{data}, {results[0].segments:,} segments':40} BLEU  chrF++"]
    lines += [f"  {r.system:38} {r.bleu.value:4.1f}  {r.chrf.value:5.1f}" for r in results]
    if published := PUBLISHED.get(data):
        lines.append("  published for the whole set (OPUS-MT-leaderboard, Helsinki-NLP):")
        lines += [f"  {name:38} {b:4.1f}  {c:5.1f}" for name, (b, c) in published.items()]
    return "\n".join(lines)


# --- the command --------------------------------------------------------------------


def read_pairs(data: str, folder: Path) -> list[Pair]:
    """The validation pairs of `folder` for ``floresdev-valid``, else those of a file."""
    return read_folder(folder)[1] if data == "floresdev-valid" else read_file(Path(data))


def main() -> None:
    """Measure as the command line says."""
    parser = argparse.ArgumentParser(description="Measure the translation of systems.")
    add = parser.add_argument
    add("--system", nargs="+", default=["embedded"], help="see above")
    add("--data", nargs="+", default=["floresdev-valid"], help="files of pairs, or floresdev-valid")
    add("--folder", type=Path, default=Path("../shared/train"), help="where the training pairs are")
    add("--first", type=int, help="measure only so many segments of each")
    add("--loss", action="store_true", help="the loss of trainings, too")
    add("--out", type=Path, help="keep hypotheses and figures in this folder")
    args = parser.parse_args()
    training = read_folder(args.folder)[0] if "base" in args.system else []
    for data in args.data:
        pairs = read_pairs(data, args.folder)[: args.first]
        results = []
        for name in args.system:
            label = f"{Path(data).stem}.{name.strip('./').replace('/', '_').replace(':', '-')}"
            kept = args.out / f"{label}.hypotheses.json" if args.out else None
            ours, pace = hypotheses(name, pairs, training, kept)
            result = measure(name, Path(data).stem, pairs, ours, pace)
            results.append(result)
            print(show(result), flush=True)
            if args.loss and name not in ("base", "gloss"):
                model = name.partition(":")[0]
                folder = build.TRAINED if model == "embedded" else Path(model)
                print(f"  loss            {loss(folder, pairs):.4f} nats per target token (int8)")
            if args.out:
                figures = json.dumps(asdict(result), indent=1)
                (args.out / f"{label}.json").write_text(figures + "\n", encoding="utf-8")
        print(beside(results), flush=True)


if __name__ == "__main__":
    main()
