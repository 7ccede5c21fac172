"""`mujaz eval`: thin, over `summarizer.evaluation`.

Exit status: 0; 1 the set has errors or a floor is broken; 2 bad input, output or usage.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

WORSE = 1

app = typer.Typer(
    help="How good an engine is, whether it is better than another, and where it fails.",
    no_args_is_help=True,
)

Data = Annotated[Path, typer.Argument(help="The set, e.g. eval/data/dev.", metavar="DATA")]
Out = Annotated[Path, typer.Option("-o", "--out", help="The folder of this evaluation.")]
Run = Annotated[Path, typer.Argument(help="The folder of an evaluation.", metavar="RUN")]
Form = Annotated[str, typer.Option("--format", help="Of the set; see `mujaz eval formats`.")]
First = Annotated[int, typer.Option("--first", help="Only so many items; 0 is all.", min=0)]
Resamples = Annotated[int, typer.Option(min=100, help="Of bootstrap and randomisation.")]


@app.callback()
def needs(context: typer.Context) -> None:
    """How good an engine is, whether it is better than another, and where it fails."""
    from importlib.util import find_spec

    from summarizer.errors import UsageError

    packages = ("matplotlib", "rouge_score", "sacrebleu")
    missing = [package for package in packages if not find_spec(package)]
    if missing and context.invoked_subcommand not in ("lint", "formats"):
        raise UsageError(
            f"The evaluation needs {', '.join(missing)}.", hint="pip install 'mujaz[eval]'"
        )


@app.command()
def predict(
    data: Data,
    system: Annotated[
        list[str], typer.Option("-s", "--system", help="[CHOICE@]ENGINE[:fast]; several times.")
    ],
    out: Out,
    cache: Annotated[
        Path | None,
        typer.Option(help="Where translations are kept; default: in the folder of --out."),
    ] = None,
    length: Annotated[str, typer.Option(help="brief or detailed.")] = "brief",
    form: Form = "",
    first: First = 0,
) -> None:
    """Make the predictions of systems; what is there already is kept."""
    from summarizer.brief import limit_of
    from summarizer.evaluation.predict import predict as made_by
    from summarizer.evaluation.systems import system_of

    limit_of(length)
    systems = [system_of(name) for name in system]  # a mistake is told before any work
    dataset = _dataset(data, form, first)
    for one in systems:
        made = made_by(
            dataset,
            one,
            out / "predictions" / f"{one.file}.jsonl",
            cache=cache or out / "translations.jsonl",
            length=length,
            progress=_tell(),
        )
        _say(f"{made.path}: {made.made} made, {made.kept} kept", *made.notes)


@app.command()
def score(
    data: Data,
    out: Out,
    predictions: Annotated[
        list[Path] | None,
        typer.Option("-p", "--predictions", help="Files; default: all of RUN/predictions."),
    ] = None,
    missing_as_empty: Annotated[
        bool, typer.Option("--missing-as-empty", help="Count missing predictions as empty ones.")
    ] = False,
    bert: Annotated[
        str, typer.Option("--bertscore", help="Also BERTScore: a model's folder, or its name.")
    ] = "",
    bert_layer: Annotated[
        int, typer.Option("--bertscore-layer", help="0: the one bert-score lists.", min=0)
    ] = 0,
    comet_file: Annotated[
        Path | None,
        typer.Option(
            "--comet", help="Also COMET: what comet-score wrote, see `mujaz eval export`."
        ),
    ] = None,
    comet_model: Annotated[
        str, typer.Option(help="What COMET is quoted with: checkpoint, version.")
    ] = "",
    form: Form = "",
    first: First = 0,
) -> None:
    """Score predictions, article by article."""
    from summarizer.errors import UsageError
    from summarizer.evaluation.neural import bertscore, comet
    from summarizer.evaluation.score import score as scored

    if (bert_layer and not bert) or (comet_model and not comet_file):
        raise UsageError("--bertscore-layer goes with --bertscore, --comet-model with --comet.")
    asked = [bertscore(bert, bert_layer)] if bert else []
    asked += [comet(comet_file, comet_model)] if comet_file else []
    dataset = _dataset(data, form, first)
    files = predictions or _files(out / "predictions", "mujaz eval predict")
    if len({file.name for file in files}) < len(files):
        raise UsageError(
            "Two files of predictions have the same name: so would their scores.",
            hint="Rename one; scores are written to RUN/scores/NAME.",
        )
    for file in files:
        target = out / "scores" / file.name
        made = scored(dataset, file, target, missing_as_empty=missing_as_empty, asked=asked)
        _say(f"{target}: {made.head['items']} items", *made.notes)


@app.command()
def export(data: Data, out: Out, form: Form = "", first: First = 0) -> None:
    """Write the segments and translations of RUN into RUN/comet, as COMET's own command wants."""
    from summarizer.evaluation.neural import write_segments
    from summarizer.evaluation.score import read_predictions

    dataset = _dataset(data, form, first)
    systems = []
    for file in _files(out / "predictions", "mujaz eval predict"):
        found = read_predictions(file, dataset)[0]
        systems.append((file.stem, [found[item.id] for item in dataset.items]))
    typer.echo(write_segments(dataset, systems, out / "comet"))


@app.command()
def compare(
    run: Run,
    baseline: Annotated[str, typer.Option(help="The system that others are tested against.")] = "",
    resamples: Resamples = 10_000,
) -> None:
    """Intervals and tests, into RUN/comparison.jsonl."""
    from summarizer.evaluation.compare import compare as compared
    from summarizer.evaluation.compare import write_comparison

    rows = compared(_scores(run), baseline, resamples)
    write_comparison(rows, run / "comparison.jsonl")
    _say(f"{run / 'comparison.jsonl'}: {len(rows) - 1} figures, against {rows[0]['system']}")


@app.command()
def report(
    run: Run,
    no_texts: Annotated[
        bool, typer.Option("--no-texts", help="Quote nothing of the set: it may not be passed on.")
    ] = False,
) -> None:
    """RUN/report.html and RUN/report.md, from scores and comparison."""
    from summarizer.evaluation.report import report as written
    from summarizer.files import write_whole

    page, text = written(_scores(run), run / "comparison.jsonl", texts=not no_texts)
    for name, content in (("report.html", page), ("report.md", text)):
        write_whole(run / name, content)
        _say(f"{run / name}")


@app.command()
def gate(
    scores: Annotated[Path, typer.Argument(help="A file of scores.")],
    floors: Annotated[Path, typer.Option(help="What is pinned.")] = Path("eval/gate.json"),
    pin: Annotated[bool, typer.Option("--pin", help="Make these scores the floors.")] = False,
) -> None:
    """Exit 1 if a metric is below its pinned floor by more than noise."""
    from summarizer.evaluation.gate import check
    from summarizer.evaluation.gate import pin as pinned
    from summarizer.evaluation.score import read_scores

    found = read_scores(scores)
    if pin:
        pinned(found, floors)
        _say(f"{floors}: pinned")
        return
    checked = check(found, floors)
    for one in checked:
        typer.echo(str(one))
    if any(one.failed for one in checked):
        raise typer.Exit(WORSE)


@app.command()
def lint(
    folder: Annotated[Path, typer.Argument(help="The set: a folder with dev and test.")] = Path(
        "eval/data"
    ),
    write_checksums: Annotated[
        bool, typer.Option("--write-checksums", help="Write dev.sha256 and test.sha256 anew.")
    ] = False,
    no_doubts: Annotated[bool, typer.Option("--no-doubts", help="Errors only.")] = False,
) -> None:
    """Check our evaluation set; exit status 1 if it has errors."""
    from summarizer.evaluation import lint as linter

    if write_checksums:
        for file in linter.write_checksums(folder):
            _say(f"{file}")
    found = linter.lint(folder)
    errors = [finding for finding in found if finding.severity == "error"]
    for finding in errors if no_doubts else found:
        typer.echo(str(finding))
    _say(f"{len(errors)} errors, {len(found) - len(errors)} doubts")
    if errors:
        raise typer.Exit(WORSE)


@app.command()
def agreement(
    judged: Annotated[list[Path], typer.Argument(help="JSONL: fact, hypothesis, match.")],
    judge: Annotated[str, typer.Option(help="An engine that decides instead of our rule.")] = "",
    wrong: Annotated[bool, typer.Option("--wrong", help="List the pairs that differ.")] = False,
) -> None:
    """How often our matching of facts, or a model's, decides as the reader of the pairs did."""
    from summarizer.evaluation.facts import agreement as ours
    from summarizer.evaluation.facts import read_judged
    from summarizer.evaluation.judge import judge_facts, judge_of

    pairs = [pair for file in judged for pair in read_judged(file)]
    found, left = judge_facts(pairs, judge_of(judge)) if judge else (ours(pairs), 0)
    if left:
        _say(f"{left} of {len(pairs)} pairs got no answer that could be used.")
    if found is None:
        raise typer.Exit(WORSE)
    typer.echo(
        f"pairs {found.pairs}, accuracy {found.accuracy:.3f}, kappa {found.kappa:.3f}, "
        f"precision {found.precision:.3f}, recall {found.recall:.3f}"
    )
    for pair in found.wrong if wrong else ():
        typer.echo(f"judged {pair['match']}: {pair['fact']} | {pair['hypothesis']}")


@app.command()
def judge(
    data: Data,
    first_file: Annotated[Path, typer.Argument(help="Predictions of a system.")],
    second_file: Annotated[Path, typer.Argument(help="Predictions of another.")],
    engine: Annotated[str, typer.Option(help="A chat model; see `mujaz models`.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="JSONL, a line a verdict.")],
    form: Form = "",
) -> None:
    """Let a model say which of two systems' briefs is better; each pair in both orders."""
    from summarizer.evaluation.judge import judge_of, judge_pairs, known_verdicts
    from summarizer.evaluation.score import read_predictions

    dataset = _dataset(data, form)
    (one, notes, _), (other, more, _) = (
        read_predictions(file, dataset) for file in (first_file, second_file)
    )
    _say(*(f"{first_file}: {note}" for note in notes))
    _say(*(f"{second_file}: {note}" for note in more))
    known_verdicts(out)  # a mistake is told before the judge is loaded
    found = judge_pairs(dataset, one, other, judge_of(engine), out)
    typer.echo(
        f"first better {found.first}, second better {found.second}, neither {found.neither}, "
        f"turned with the order {found.turned}, no usable answer {found.unusable}; "
        f"sign test of first against second: p {found.p:.3f}"
    )


@app.command()
def metrics() -> None:
    """List the metrics: formula and signature."""
    from summarizer.evaluation.metrics import METRICS, signature_of

    for name, metric in METRICS.items():
        typer.echo(f"{name:15} {metric.what}\n{'':15} {signature_of(name, 1)}")


@app.command()
def formats() -> None:
    """List the formats of sets: layout, and where to get the sets."""
    from summarizer.evaluation.formats import FORMATS

    for name, form in FORMATS.items():
        typer.echo(f"{name:11} {form.layout}\n{'':11} {form.get}")


def _dataset(path: Path, form: str, first: int = 0) -> Any:
    from summarizer.evaluation.formats import read_dataset

    dataset = read_dataset(path, form)
    return dataset.first(first) if first else dataset


def _files(folder: Path, how: str) -> list[Path]:
    from summarizer.errors import InputError

    found = sorted(folder.glob("*.jsonl"))
    if not found:
        raise InputError(f"{folder} has no files in it.", hint=f"Make them: `{how}`.")
    return found


def _scores(run: Path) -> Any:
    """All scores of a run."""
    from summarizer.evaluation.score import read_scores

    return [read_scores(file) for file in _files(run / "scores", "mujaz eval score")]


def _say(*lines: str) -> None:
    for line in lines:
        typer.echo(line, err=True)


def _tell() -> Callable[[str, int, int], None] | None:
    """A line that counts, on a terminal."""
    if not sys.stderr.isatty():
        return None
    return lambda what, done, total: print(f"\r{what} {done}/{total}", end="", file=sys.stderr)
