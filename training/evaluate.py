"""Measure an adapter as the engine runs it: merged, int8, greedy.

    python -m training.evaluate --adapter DIR --data floresdev-valid
    python -m training.evaluate --adapter DIR --data pairs.tsv --write out.tsv

BLEU and chrF++ are sacreBLEU's, with signature and its bootstrap's 95 % interval (1,000
resamplings of segments); the loss is that of the int8 model.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import ctranslate2
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF

from summarizer.engines import build, tokenizer
from training.data import Example, Pair, make_examples, read_file, read_folder

MAX_NEW_TOKENS = 150
RESAMPLINGS = 1000


@dataclass(frozen=True)
class Score:
    """A metric's value with the half-width of its 95 % interval and its signature."""

    value: float
    interval: float
    signature: str


@dataclass(frozen=True)
class Result:
    """What one adapter does on one set of pairs.

    Attributes:
        segments: Pairs measured.
        bleu: sacreBLEU's BLEU, 0 to 100.
        chrf: chrF++, 0 to 100.
        loss: Of the int8 model, nats per target token.
        tokens_per_second: Target tokens made, all threads together.
        length_ratio: Words of ours per word of the reference.
        loops: Hypotheses that repeat themselves, or didn't end.
        arabic: Hypotheses with Arabic letters in them.
        empty: Hypotheses without text.
    """

    segments: int
    bleu: Score
    chrf: Score
    loss: float
    tokens_per_second: float
    length_ratio: float
    loops: int
    arabic: int
    empty: int


# --- the engine ---------------------------------------------------------------------


@contextmanager
def int8_model(adapter: Path) -> Iterator[tuple[ctranslate2.Generator, Any]]:
    """The engine's model with another adapter: (generator, tokenizer), in a temporary folder."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        base, kept = build.open_base(folder), tokenizer.read_kept_tokens()
        vocabulary = build.base_vocabulary(base).keep(kept)
        (folder / "tokenizer.model").write_bytes(vocabulary.to_sentencepiece())
        merged = build.merge_adapter(build.load_base(base, kept), adapter)
        build._convert(merged, folder)
        yield ctranslate2.Generator(scratch), tokenizer.load(folder / "tokenizer.model")


def translate(
    generator: ctranslate2.Generator, encoder: Any, examples: Sequence[Example]
) -> tuple[list[str], list[bool], float]:
    """Greedy hypotheses, whether each came to its end, and tokens a second."""
    prompts = [encoder.id_to_piece(example.prompt) for example in examples]
    start = time.perf_counter()
    results = generator.generate_batch(
        prompts,
        max_length=MAX_NEW_TOKENS,
        sampling_topk=1,
        include_prompt_in_result=False,
        end_token=tokenizer.EOS,
        max_batch_size=2000,
        batch_type="tokens",
    )
    seconds = time.perf_counter() - start
    made = [result.sequences_ids[0] for result in results]
    ended = [len(ids) < MAX_NEW_TOKENS for ids in made]
    return [encoder.decode(ids).strip() for ids in made], ended, sum(map(len, made)) / seconds


def loss(generator: ctranslate2.Generator, encoder: Any, examples: Sequence[Example]) -> float:
    """Mean loss per target token, in nats."""
    lines = [encoder.id_to_piece(example.prompt + example.target) for example in examples]
    # One at a time: CTranslate2 4 can't score Gemma 3 with padding ("Length mask has size …").
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


def is_loop(text: str) -> bool:
    """Whether one to six words stand three or more times in a row, six words or more in all."""
    repeats = re.finditer(r"\b(\w+(?:\W+\w+){0,5}?)(?:\W+\1\b){2,}", text.lower())
    return any(len(repeat[0].split()) >= 6 for repeat in repeats)


def has_arabic(text: str) -> bool:
    """Whether an Arabic letter is left in a translation."""
    return bool(re.search("[\u0621-\u064a\u0671-\u06d3]", text))


def evaluate(adapter: Path, pairs: Sequence[Pair]) -> tuple[Result, list[str]]:
    """All figures of an adapter on `pairs`, and its hypotheses."""
    with int8_model(adapter) as (generator, encoder):
        examples = make_examples(pairs)
        ours, ended, pace = translate(generator, encoder, examples)
        nats = loss(generator, encoder, examples)
    theirs = [pair.english for pair in pairs]
    result = Result(
        segments=len(pairs),
        bleu=score(BLEU(), ours, theirs),
        chrf=score(CHRF(word_order=2), ours, theirs),
        loss=nats,
        tokens_per_second=pace,
        length_ratio=sum(len(t.split()) for t in ours) / sum(len(t.split()) for t in theirs),
        loops=sum(is_loop(text) or not end for text, end in zip(ours, ended, strict=True)),
        arabic=sum(map(has_arabic, ours)),
        empty=sum(not text for text in ours),
    )
    return result, ours


def show(result: Result) -> str:
    """The figures as lines for a person."""
    lines = [f"segments      {result.segments:,}"]
    for name, metric in (("BLEU", result.bleu), ("chrF++", result.chrf)):
        lines.append(f"{name:13} {metric.value:.1f} ± {metric.interval:.1f}   {metric.signature}")
    lines += [
        f"loss          {result.loss:.3f} nats per target token (int8)",
        f"speed         {result.tokens_per_second:.0f} tokens/s",
        f"length ratio  {result.length_ratio:.2f}",
        f"loops {result.loops}, with Arabic letters {result.arabic}, empty {result.empty}",
    ]
    return "\n".join(lines)


# --- the command --------------------------------------------------------------------


def read_pairs(data: str, folder: Path) -> list[Pair]:
    """The validation pairs of `folder` for ``floresdev-valid``, else those of a file."""
    return read_folder(folder)[1] if data == "floresdev-valid" else read_file(Path(data))


def main() -> None:
    """Measure as the command line says."""
    parser = argparse.ArgumentParser(description="Measure an adapter of the embedded model.")
    add = parser.add_argument
    add("--adapter", type=Path, default=build.ADAPTER, help="peft folder; default: the engine's")
    add("--data", default="floresdev-valid", help="a .tsv or .tsv.gz of pairs, or floresdev-valid")
    add("--folder", type=Path, default=Path("../shared/train"), help="where floresdev is")
    add("--first", type=int, help="measure only so many")
    add("--write", type=Path, help="write source, hypothesis, reference here")
    add("--json", type=Path, help="write the figures here")
    args = parser.parse_args()
    pairs = read_pairs(args.data, args.folder)[: args.first]
    result, ours = evaluate(args.adapter, pairs)
    print(show(result))
    if args.json:
        args.json.write_text(json.dumps(asdict(result), indent=1) + "\n", encoding="utf-8")
    if args.write:
        rows = (f"{p.arabic}\t{text}\t{p.english}\n" for p, text in zip(pairs, ours, strict=True))
        args.write.write_text("".join(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
