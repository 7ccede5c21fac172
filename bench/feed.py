"""Speed and memory of feeds: `python -m bench.feed`, or `make bench-feed`.

All ratios are of runs in this process's own children, one after another, on the same articles:
the sentences of `seeds/`, put together anew with a seed, so that no two articles are the same.
Start-up is in all of them. Two processes need two free cores, or their ratio says nothing.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.run import PEAK, ROOT, Texts, Transformers, commit, machine, say, seconds
from bench.run import Size as RunSize
from summarizer.article import read_text
from summarizer.brief import summarize
from summarizer.engines import build
from summarizer.engines.embedded import EmbeddedEngine
from summarizer.feed import Options, run_feed

TARGETS = {"batching": 2.0, "workers": 1.7, "plain": 15.0, "memory": 1.10, "streaming": 1.10}
SENTENCES = 12  # of each article


def articles(count: int, seed: int = 5) -> list[dict[str, str]]:
    """So many different articles, with ids."""
    dice, texts = random.Random(seed), Texts(RunSize())  # noqa: S311 - not for secrets
    made = []
    for number in range(count):
        body = dice.sample(texts.sentences, SENTENCES)
        title = dice.choice(texts.articles).title
        made.append({"id": f"a{number}", "title": title, "text": "\n".join(body)})
    return made


def write(file: Path, made: Sequence[dict[str, str]]) -> Path:
    """As JSON lines."""
    lines = (json.dumps(article, ensure_ascii=False) + "\n" for article in made)
    file.write_text("".join(lines), encoding="utf-8")
    return file


def feed_seconds(source: Path, folder: Path, options: Options) -> float:
    """How long a run over a new journal takes."""
    journal = folder / f"{len(list(folder.iterdir()))}.journal"
    return seconds(lambda: run_feed(source, journal, options=options))


def one_by_one(made: Sequence[dict[str, str]]) -> None:
    """Article by article, with the same engine."""
    for article in made:
        summarize(read_text(article["text"], title=article["title"]), fast=True)


def plain_way(made: Sequence[dict[str, str]]) -> Callable[[], None]:
    """transformers' `generate`, every sentence of every article, one at a time."""
    engine = EmbeddedEngine(fast=True)
    engine.prepare()
    with tempfile.TemporaryDirectory() as scratch:
        other = Transformers(build.merged_model(Path(scratch)))

    def run() -> None:
        for article in made:
            read = read_text(article["text"], title=article["title"])
            for text in (read.title, *(sentence.text for sentence in read.sentences())):
                prompt = [engine._tokenizer.piece_to_id(p) for p in engine._prompt(text)]
                other.generate([prompt], 1)

    return run


def peak(source: Path, journal: Path, *more: str) -> float:
    """Peak resident memory of `mujaz feed` and its worker, the larger, in bytes."""
    command = [sys.executable, "-m", "summarizer.cli", "feed", str(source), "-q",
               "--journal", str(journal), *more]  # fmt: skip
    ran = subprocess.run(  # noqa: S603
        [sys.executable, "-c", PEAK, *command], cwd=ROOT, check=True, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    return float(json.loads(ran.stdout)[0]) * (1 if sys.platform == "darwin" else 1024)


def measure(count: int, plain: int, streamed: int) -> dict[str, Any]:
    """The ratios, with what they come from."""
    build.ensure_model()
    made = articles(count)
    fast = {"fast": True, "group": False}
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "journals"
        folder.mkdir()
        source = write(Path(scratch) / "feed.jsonl", made)
        few = write(Path(scratch) / "few.jsonl", made[: max(1, count // 4)])
        say("together")
        together = feed_seconds(source, folder, Options(**fast))
        say("article by article")
        alone = seconds(lambda: one_by_one(made))
        say("one process")
        one = feed_seconds(source, folder, Options(**fast, workers=1))
        say("two processes")
        two = feed_seconds(source, folder, Options(**fast, workers=2))
        say("memory")
        quarter = peak(few, folder / "few", "--fast")
        whole = peak(source, folder / "whole", "--fast")
        say("streaming")
        small = [{"id": str(n), "title": f"{made[0]['title']} {n}"} for n in range(streamed)]
        streaming = [
            peak(write(Path(scratch) / "s.jsonl", some), folder / f"s{len(some)}", "--engine",
                 "echo", "--length", "headline", "--no-group")
            for some in (small[: streamed // 10], small)
        ]  # fmt: skip
    say("the plain way")
    sample = made[:plain]
    generate = seconds(plain_way(sample)) / plain
    return {
        "batching": ratio("batching", alone / together, alone_s=alone, together_s=together),
        "workers": ratio("workers", one / two, one_s=one, two_s=two),
        "plain": ratio("plain", generate * count / together, articles=plain, each_s=generate),
        "memory": ratio("memory", whole / quarter, quarter_mb=quarter / 1e6, whole_mb=whole / 1e6),
        "streaming": ratio(
            "streaming", streaming[1] / streaming[0], entries=streamed,
            tenth_mb=streaming[0] / 1e6, whole_mb=streaming[1] / 1e6,
        ),
    }  # fmt: skip


def ratio(name: str, value: float, **detail: float) -> dict[str, Any]:
    """As the report has it."""
    target, most = TARGETS[name], name in {"memory", "streaming"}
    return {
        "value": round(value, 3),
        "target": f"{'at most' if most else 'at least'} {target:g}",
        "met": value <= target if most else value >= target,
        "detail": {key: round(number, 2) for key, number in detail.items()},
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, write the report, print the ratios."""
    parser = argparse.ArgumentParser(prog="python -m bench.feed", description=__doc__)
    parser.add_argument("--articles", type=int, default=200)
    parser.add_argument("--plain", type=int, default=4, help="articles done the plain way")
    parser.add_argument("--streamed", type=int, default=20_000, help="entries read streaming")
    parser.add_argument("--out", type=Path, default=ROOT / "bench" / "feed_report.json")
    options = parser.parse_args(arguments)
    where = machine()
    ratios = measure(options.articles, options.plain, options.streamed)
    report = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit(),
        "machine": where,
        "articles": options.articles,
        "engine": "embedded, --fast",
        "ratios": ratios,
    }
    options.out.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", "utf-8")
    for name, found in ratios.items():
        print(f"{name:10} {found['value']:6.2f}  {found['target']:14} met: {found['met']}")


if __name__ == "__main__":
    main()
