"""Speed and memory of feeds: `python -m bench.feed`, or `make bench-feed`.

Every run is a `mujaz feed` process of its own over a new journal, as a person would start it,
so starting up is in all of them. The articles are sentences of `seeds/`, varied with a seed:
other numbers, another opening. No sentence comes twice, else what is batched would only be
what repeats. All translating is done by the built-in model, greedily (`--fast`); only the
entries that are read streaming are not translated but echoed. Two processes need two free
cores, or their ratio says nothing.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from bench.run import MB, PEAK, ROOT, Texts, Transformers, commit, machine, say, seconds
from bench.run import Size as RunSize
from summarizer.article import read_text
from summarizer.engines import build
from summarizer.engines.embedded import EmbeddedEngine

DOCUMENTS = {"table": ROOT / "docs" / "feed.md", "cost": ROOT / "docs" / "scale.md"}
BEGIN, END = "<!-- bench: written by `make bench-feed` -->", "<!-- /bench -->"
SENTENCES = 12  # of each article
OPENINGS = (
    "", "وفي سياق متصل، ", "ومن جهة أخرى، ", "وبحسب مصادر مطلعة، ", "وفي تصريح صحفي، ",
    "وعلى صعيد آخر، ", "وكما ذكرت الوكالة، ", "وفي وقت سابق، ", "ووفق ما أعلن أمس، ",
    "وفي تطور لافت، ",
)  # fmt: skip
ADDED = ("اليوم", "أمس", "أيضا", "لاحقا", "مجددا", "حاليا")


@dataclass(frozen=True)
class Size:
    """How much is measured; the default takes about a quarter of an hour on two cores.

    Attributes:
        articles: Of the feed.
        apart: Of these, done article by article.
        plain: Of these, done the plain way, every sentence of them.
        streamed: Entries that are read streaming.
    """

    articles: int = 200
    apart: int = 30
    plain: int = 2
    streamed: int = 20_000


@dataclass(frozen=True)
class Measure:
    """A ratio, and what it comes from; as `bench.run.Measure`."""

    key: str
    what: str
    value: float
    target: float
    at_most: bool
    detail: dict[str, float]

    @property
    def met(self) -> bool:
        """Whether the target is met."""
        return self.value <= self.target if self.at_most else self.value >= self.target

    def row(self) -> str:
        """Of the table."""
        bound = f"{'at most' if self.at_most else 'at least'} {self.target:g}"
        said = ", ".join(f"{name} {value:,.4g}" for name, value in self.detail.items())
        met = "yes" if self.met else "**no**"
        return f"| {self.what} | {self.value:.2f} | {bound} | {met} | {said} |"


# --- what is measured on ------------------------------------------------------------


def articles(count: int, seed: int = 5) -> Iterator[dict[str, str]]:
    """So many articles with ids, no two sentences of them the same."""
    dice, texts = random.Random(seed), Texts(RunSize())  # noqa: S311 - not for secrets
    seen: set[str] = set()

    def varied(text: str) -> str:
        numbers = re.sub(r"\d", lambda _: str(dice.randint(1, 9)), text)
        made = dice.choice(OPENINGS) + numbers
        while made in seen:
            made = f"{made.rstrip('.')} {dice.choice(ADDED)}."
        seen.add(made)
        return made

    for number in range(count):
        body = [varied(text) for text in dice.sample(texts.sentences, SENTENCES)]
        title = varied(dice.choice(texts.articles).title)
        yield {"id": f"a{number}", "title": title, "text": "\n".join(body)}


def write(file: Path, made: Sequence[dict[str, str]]) -> Path:
    """As JSON lines."""
    lines = (json.dumps(article, ensure_ascii=False) + "\n" for article in made)
    file.write_text("".join(lines), encoding="utf-8")
    return file


# --- runs ---------------------------------------------------------------------------


class Ran(NamedTuple):
    """Seconds, and the peak resident memory of the driver or its largest worker, in MB."""

    seconds: float
    peak: float


def feed(source: Path, *options: str) -> Ran:
    """One `mujaz feed`, from the start of its process to its end."""
    with tempfile.TemporaryDirectory() as scratch:
        command = [sys.executable, "-m", "summarizer.cli", "feed", str(source), "-q",
                   "--journal", f"{scratch}/journal", "--no-group", *options]  # fmt: skip
        say(" ".join(["mujaz feed", source.name, *options]))
        ran = subprocess.run(  # noqa: S603
            [sys.executable, "-c", PEAK, *command], cwd=ROOT, check=True, capture_output=True,
            text=True,
        )  # fmt: skip
    peak, taken = json.loads(ran.stdout)
    return Ran(taken, peak * (1 if sys.platform == "darwin" else 1024) / MB)


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


# --- measures -----------------------------------------------------------------------


def measure(size: Size, folder: Path) -> Iterator[Measure]:
    """The ratios of the issue, in its order."""
    made = list(articles(size.articles))
    source = write(folder / "feed.jsonl", made)
    together = feed(source, "--fast", "--window", str(size.articles))
    each = together.seconds / size.articles

    few = write(folder / "few.jsonl", made[: size.apart])
    apart = feed(few, "--fast", "--window", "1").seconds / size.apart
    usual = feed(few, "--fast").seconds / size.apart
    yield Measure(
        "batching",
        f"articles an hour, briefs: batches across {size.articles} articles "
        f"against article by article ({size.apart} of them)",
        apart / each, 2.0, at_most=False,
        detail={"together, an hour": 3600 / each, "apart, an hour": 3600 / apart,
                "in windows of 32, an hour": 3600 / usual},
    )  # fmt: skip

    headlines = ("--fast", "--length", "headline")
    one, two = (feed(source, *headlines, "--workers", workers) for workers in "12")
    yield Measure(
        "workers",
        f"articles an hour, headlines of {size.articles}: two processes of one thread against one",
        one.seconds / two.seconds, 1.7, at_most=False,
        detail={"one, s": one.seconds, "two, s": two.seconds},
    )  # fmt: skip

    say("the plain way")
    generate = seconds(plain_way(made[: size.plain])) / size.plain
    yield Measure(
        "plain",
        "articles an hour: briefs, batched, against the whole article sentence by sentence with "
        f"transformers' `generate` in float32 ({size.plain} of them, without starting up)",
        generate / each, 15.0, at_most=False,
        detail={"briefs, s an article": each, "plain, s an article": generate},
    )  # fmt: skip

    quarter = write(folder / "quarter.jsonl", made[: max(1, size.articles // 4)])
    before = feed(quarter, *headlines, "--workers", "1").peak
    yield Measure(
        "memory",
        f"peak memory, headlines: after {size.articles} articles against after a quarter of them",
        one.peak / before, 1.1, at_most=True,
        detail={"all, MB": one.peak, "a quarter, MB": before},
    )  # fmt: skip

    tenth, whole = (_streaming(folder, number) for number in (size.streamed // 10, size.streamed))
    yield Measure(
        "streaming",
        f"peak memory, engine `echo`: {size.streamed:,} entries against a tenth of them",
        whole.peak / tenth.peak, 1.1, at_most=True,
        detail={"all, MB": whole.peak, "a tenth, MB": tenth.peak, "all, s": whole.seconds},
    )  # fmt: skip


def _streaming(folder: Path, entries: int) -> Ran:
    """Entries that are long enough to be seen if they were held: 20,000 have over 60 MB."""
    text = "\n".join(Texts(RunSize()).sentences[:SENTENCES])
    file = folder / f"{entries}.jsonl"
    with file.open("w", encoding="utf-8") as lines:
        for number in range(entries):
            entry = {"id": str(number), "title": f"خبر رقم {number}", "text": text}
            lines.write(json.dumps(entry, ensure_ascii=False) + "\n")
    return feed(file, "--engine", "echo", "--length", "headline", "--window", "200")


# --- report -------------------------------------------------------------------------


def as_markdown(report: dict[str, Any], measures: Sequence[Measure]) -> str:
    """The table, with what it was measured on."""
    where = report["machine"]
    return "\n".join(
        [
            f"{where['cpu']}, {where['cores']} cores, load {where['load_average'][:1]} before; "
            f"commit `{report['commit']}`, model `{report['model']}`, {report['date']}. "
            f"Built-in model, `--fast`, except where it says `echo`.",
            "",
            "| what | measured | target | met | from |",
            "| --- | ---: | ---: | --- | --- |",
            *(one.row() for one in measures),
        ]
    )


def cost(an_hour: float, cores: int) -> str:
    """What a million articles a day need, if one machine of so many cores does so many an hour."""
    each = 3600 * cores / an_hour
    hours = each * 1e6 / 3600
    return (
        f"Measured: {each:.1f} seconds of a core an article (brief, `--fast`, windows of 200, "
        f"starting up included).\nA million a day: {each * 1e6 / 86400:,.0f} cores, busy all day; "
        f"{hours:,.0f} core hours; {0.02 * hours:,.0f} to {0.04 * hours:,.0f} dollars."
    )


def write_document(document: Path, made: str) -> None:
    """Put it between the marks."""
    before, rest = document.read_text(encoding="utf-8").split(BEGIN, 1)
    after = rest.split(END, 1)[1]
    document.write_text(f"{before}{BEGIN}\n\n{made}\n\n{END}{after}", encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, write the report and the table, print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.feed", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a few articles, to see that it runs")
    parser.add_argument("--out", type=Path, default=ROOT / "bench" / "feed_report.json")
    options = parser.parse_args(arguments)
    size = Size(8, 4, 1, 200) if options.quick else Size()
    build.ensure_model()
    report: dict[str, Any] = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit(),
        "model": build.revision(),
        "machine": machine(),  # its load before ours
        "size": asdict(size),
    }
    with tempfile.TemporaryDirectory() as scratch:
        measures = list(measure(size, Path(scratch)))
    report["measures"] = [{**asdict(one), "met": one.met} for one in measures]
    options.out.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", "utf-8")
    an_hour = measures[0].detail["together, an hour"]
    made = {
        "table": as_markdown(report, measures),
        "cost": cost(an_hour, report["machine"]["cores"]),
    }
    for name, text in made.items():
        if not options.quick:
            write_document(DOCUMENTS[name], text)
        print(f"{text}\n")


if __name__ == "__main__":
    main()
