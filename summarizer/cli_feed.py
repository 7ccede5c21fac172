"""`mujaz feed`: thin, over `summarizer.feed`."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from summarizer.cli_models import announce
from summarizer.errors import UsageError

if TYPE_CHECKING:
    from summarizer.feed import Item, Report, Snapshot

FAILED, INTERRUPTED = 4, 130
LISTED = 20  # failures that the summary names


class _Feed(TyperGroup):
    """`mujaz feed SOURCE …` is `mujaz feed run SOURCE …`; `--ray` may stand without an address."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """See click."""
        if args and args[0] not in {*self.commands, "-h", "--help"}:
            args = ["run", *args]
        if "--ray" in args:
            at = args.index("--ray") + 1
            after = args[at] if at < len(args) else ""
            if after not in {"local", "auto"} and ":" not in after:
                args = [*args[:at], "local", *args[at:]]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=_Feed,
    help="Brief a whole feed: mujaz feed SOURCE -o OUT. Killed at any moment, the same command "
    "goes on. All options: mujaz feed run --help.",
    no_args_is_help=True,
)

Outputs = Annotated[
    list[Path] | None,
    typer.Option(
        "-o", "--output", help="Write .jsonl, .html, .rss, .atom, or a folder; may be repeated."
    ),
]
JournalFile = Annotated[
    Path | None,
    typer.Option("--journal", help="What is done; default: beside the first output."),
]
Quiet = Annotated[bool, typer.Option("-q", "--quiet", help="No progress.")]
Where = Annotated[
    Path, typer.Argument(help="The journal, or an output beside it.", metavar="JOURNAL")
]


@app.command()
def run(
    source: Annotated[
        str,
        typer.Argument(
            help="RSS, Atom, JSON Feed, .jsonl, .csv, a folder, a list of files; - or a URL.",
            metavar="SOURCE",
        ),
    ],
    output: Outputs = None,
    journal: JournalFile = None,
    kind: Annotated[
        str, typer.Option("--as", help="feed, jsonfeed, jsonl, csv, list; default: as it looks.")
    ] = "",
    length: Annotated[str, typer.Option(help="headline, brief or detailed.")] = "brief",
    words: Annotated[int | None, typer.Option(help="At most so many words instead.")] = None,
    engine: Annotated[str, typer.Option("--engine", help="See `mujaz models`.")] = "embedded",
    fast: Annotated[bool, typer.Option("--fast", help="Speed before quality.")] = False,
    glossary: Annotated[
        Path | None, typer.Option("--glossary", help="Lines of Arabic, a tab, English.")
    ] = None,
    translate: Annotated[
        str, typer.Option("--translate", help="full: the whole article, too.")
    ] = "",
    only_new: Annotated[
        bool, typer.Option("--only-new", help="Write only what is new or changed since last time.")
    ] = False,
    since: Annotated[
        str | None, typer.Option("--since", help="Leave out what is older than this date.")
    ] = None,
    limit: Annotated[int | None, typer.Option("--limit", help="At most so many entries.")] = None,
    match: Annotated[
        list[str] | None,
        typer.Option("--match", help="Only entries with this word, Arabic or English; repeatable."),
    ] = None,
    group: Annotated[
        bool, typer.Option(help="Make copies of a story in several outlets one entry.")
    ] = True,
    pages: Annotated[
        bool, typer.Option("--pages", help="Fetch the linked page where an entry has no text.")
    ] = False,
    allow_url: Annotated[bool, typer.Option("--allow-url", help="SOURCE may be a URL.")] = False,
    workers: Annotated[
        int | None, typer.Option("--workers", help="Processes of one thread each.")
    ] = None,
    window: Annotated[int, typer.Option("--window", help="Articles at a time.")] = 32,
    ray: Annotated[
        str | None,
        typer.Option("--ray", help="Work on a Ray cluster: its address, or none for a local one."),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Brief a feed, or go on with it. This is what `mujaz feed SOURCE` does.

    Exit status: 0; 2 for bad input or usage; 4 if an item failed in this run; 130 after Ctrl-C.
    """
    from summarizer.feed import Options, run_feed
    from summarizer.feed.journal import journal_of
    from summarizer.glossary import read_glossary

    if translate not in {"", "full"}:
        raise UsageError(f"--translate {translate} is unknown.", hint="Use --translate full.")
    outputs = output or []
    if not outputs and not journal:
        raise UsageError("Where to?", hint="-o briefs.jsonl, or .html, .rss, .atom, a folder.")
    options = Options(
        engine=engine,
        fast=fast,
        length=length,
        words=words,
        glossary=read_glossary(glossary) if glossary else {},
        full=translate == "full",
        pages=pages,
        allow_url=allow_url,
        kind=kind,
        workers=workers,
        window=window,
        ray=ray,
        group=group,
        since=since,
        limit=limit,
        match=tuple(match or ()),
        only_new=only_new,
    )
    place = journal or journal_of(outputs[0])
    announce(engine)
    with _stop_by_ctrl_c() as stop, _progress(quiet) as progress:
        report = run_feed(source, place, outputs, options, progress=progress, stop=stop)
    _end(report, outputs, place)


@app.command()
def status(
    where: Where, json_: Annotated[bool, typer.Option("--json", help="As JSON.")] = False
) -> None:
    """Say what a journal knows: what is done, what waits, what failed and why."""
    from summarizer.feed import Journal

    with Journal(_journal(where)) as journal:
        last = journal.last_run()
        counts = journal.counts()
        failed = list(journal.items(state="failed"))
        waiting = counts["waiting"]
    known: dict[str, Any] = {
        **{str(state): number for state, number in counts.items()},
        "runs": last[0] if last else 0,
        "source": last[1] if last else "",
        "finished": bool(last and last[3]),
        "failures": [_failure(item) for item in failed],
    }
    if json_:
        typer.echo(json.dumps(known, ensure_ascii=False, indent=1))
        return
    state = "finished" if known["finished"] else "not finished: the same command goes on"
    typer.echo(f"Source   {known['source']}")
    typer.echo(f"Run      {known['runs']}, {state}")
    typer.echo(f"Items    {counts['done']} done, {counts['failed']} failed, {waiting} waiting")
    for item in failed:
        typer.echo(_line(item))


@app.command("retry-failed")
def retry_failed(
    where: Where,
    output: Outputs = None,
    quiet: Quiet = False,
) -> None:
    """Do again what failed, as in the journal's last run, and write the outputs anew."""
    from summarizer.feed import Journal
    from summarizer.feed import retry_failed as retried

    place, outputs = _journal(where), output or []
    with Journal(place) as journal:
        if last := journal.last_run():
            announce(last[2]["engine"])
    with _stop_by_ctrl_c() as stop, _progress(quiet) as progress:
        report = retried(place, outputs, progress=progress, stop=stop)
    _end(report, outputs, place)


# --- in and out ---------------------------------------------------------------------


def _journal(where: Path) -> Path:
    """The journal that is meant; an output stands for the one beside it."""
    from summarizer.feed.journal import journal_of

    if where.suffix == ".journal" or (where.is_file() and not journal_of(where).is_file()):
        return where
    return journal_of(where)


def _failure(item: Item) -> dict[str, Any]:
    names = ("number", "key", "title", "url", "attempts", "error", "hint")
    return {name: getattr(item, name) for name in names}


def _line(item: Item) -> str:
    from summarizer.render import flat

    title = f"{flat(item.title)[:60]}: " if item.title and item.title != item.key else ""
    return f"  {item.number}  {flat(item.key)[:60]}  {title}{flat(item.error)}"


def _end(report: Report, outputs: Sequence[Path], place: Path) -> None:
    """The summary, on standard error, and the exit status."""
    say: Callable[[str], None] = lambda text: typer.echo(text, err=True)  # noqa: E731
    for note in report.notes:
        say(f"mujaz: {note}")
    counted = ", ".join(f"{number} {what}" for what, number in report.read.items() if number)
    say(f"Entries: {counted or 'none'}")
    say(f"Briefed: {report.done} ({report.made} items finished now), failed: {len(report.failed)}")
    for item in report.failed[:LISTED]:
        say(_line(item))
    if len(report.failed) > LISTED:
        say(f"  and {len(report.failed) - LISTED} more: mujaz feed status {place}")
    if report.earlier:
        say(f"Failed in earlier runs, not tried again: {report.earlier}; mujaz feed status {place}")
    for output in outputs:
        say(str(output))
    if report.stopped:
        say(f"Stopped; {report.waiting} wait. The same command goes on.")
        raise typer.Exit(INTERRUPTED)
    if report.failed:
        say(f"Once what was wrong is mended: mujaz feed retry-failed {place}")
        raise typer.Exit(FAILED)


@contextmanager
def _stop_by_ctrl_c() -> Iterator[Callable[[], bool]]:
    """The first Ctrl-C asks the run to stop, the second ends it at once."""
    asked = False

    def handle(_signal: int, _frame: object) -> None:
        nonlocal asked
        if asked:
            raise KeyboardInterrupt
        asked = True
        typer.echo("mujaz: finishing what is in hand; Ctrl-C again leaves it for later.", err=True)

    before = signal.signal(signal.SIGINT, handle)
    try:
        yield lambda: asked
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _progress(quiet: bool) -> Iterator[Callable[[Snapshot], None]]:
    """One line on a terminal: items, segments, rate, time left, failures."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    console = Console(stderr=True)
    hidden = quiet or not console.is_terminal
    with Progress(
        BarColumn(), TextColumn("{task.description}"), console=console, transient=True,
        disable=hidden,
    ) as bar:  # fmt: skip
        task = bar.add_task("reading", total=None)

        def tell(now: Snapshot) -> None:
            through = now.done + now.failed
            left = now.seconds_left
            shown = f"{through} of {through + now.waiting}{'+' if now.reading else ''} items"
            shown += f", {now.segments} segments, {now.an_hour:,.0f} items an hour"
            shown += f", {_time(left)} left" if left is not None else ""
            shown += f", {now.failed} failed" if now.failed else ""
            shown += f", {now.retries} tried again" if now.retries else ""
            bar.update(task, description=shown, completed=through, total=through + now.waiting)

        yield tell


def _time(seconds: float) -> str:
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}"
