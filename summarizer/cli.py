"""The command line: thin, over `brief`, `engines` and `render`.

The result goes to standard output or `-o`, everything else to standard error. Exit status:
0; 2 bad input or usage; 3 a serious warning and `--strict`; 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import errno
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import typer

from summarizer import cli_app, cli_eval, cli_feed, cli_models
from summarizer.errors import MujazError, OutputError, UsageError

SERIOUS, INTERRUPTED = 3, 130

app = typer.Typer(
    help="Arabic news in, a short English brief out, with the evidence.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


app.add_typer(cli_eval.app, name="eval")
app.add_typer(cli_feed.app, name="feed")
app.add_typer(cli_models.models, name="models")
app.command("app")(cli_app.app)


class Length(StrEnum):
    """How long a brief is."""

    headline = "headline"
    brief = "brief"
    detailed = "detailed"


class Format(StrEnum):
    """What a result is written as."""

    text = "text"
    markdown = "markdown"
    html = "html"
    json = "json"


Source = Annotated[
    str, typer.Argument(help="A text or HTML file, - for standard input, or a URL.", metavar="FILE")
]
EngineName = Annotated[str, typer.Option("--engine", help="See `mujaz models`.")]
Fast = Annotated[bool, typer.Option("--fast", help="Speed before quality: greedy decoding.")]
GlossaryFile = Annotated[
    Path | None,
    typer.Option("--glossary", help="Names and terms: lines of Arabic, a tab, English."),
]
Output = Annotated[
    Path | None, typer.Option("-o", "--output", help="Write here; .txt .md .html .json say how.")
]
As = Annotated[Format | None, typer.Option("--format", help="Default: text, or as -o says.")]
Json = Annotated[bool, typer.Option("--json", help="The same as --format json.")]
AllowUrl = Annotated[bool, typer.Option("--allow-url", help="Let FILE be a URL and fetch it.")]
Strict = Annotated[bool, typer.Option("--strict", help="Exit 3 if a warning is serious.")]
Quiet = Annotated[bool, typer.Option("-q", "--quiet", help="No progress.")]


@app.command()
def brief(
    source: Source,
    length: Annotated[Length, typer.Option(help="80 words at most, or 200.")] = Length.brief,
    words: Annotated[int | None, typer.Option(help="At most so many words instead.")] = None,
    engine: EngineName = "embedded",
    fast: Fast = False,
    glossary: GlossaryFile = None,
    output: Output = None,
    form: As = None,
    json: Json = False,
    allow_url: AllowUrl = False,
    strict: Strict = False,
    quiet: Quiet = False,
) -> None:
    """Brief an Arabic article in English, with the Arabic behind each sentence."""
    from summarizer.brief import limit_of, summarize

    limit_of(length.value, words)  # a mistake is told before the model is loaded
    write = _writer(source, output, form, json)
    article, names = _read(source, allow_url, engine), _glossary(glossary)
    with _progress(quiet) as progress:
        made = summarize(
            article,
            length=length.value,
            words=words,
            engine=engine,
            fast=fast,
            glossary=names,
            progress=progress,
        )
    write(made)
    _end(made, strict)


@app.command()
def translate(
    source: Source,
    engine: EngineName = "embedded",
    fast: Fast = False,
    glossary: GlossaryFile = None,
    output: Output = None,
    form: As = None,
    json: Json = False,
    allow_url: AllowUrl = False,
    strict: Strict = False,
    quiet: Quiet = False,
) -> None:
    """Translate a whole Arabic article, paragraph by paragraph."""
    from summarizer.brief import translate as translated

    write = _writer(source, output, form, json)
    article, names = _read(source, allow_url, engine), _glossary(glossary)
    with _progress(quiet) as progress:
        made = translated(article, engine=engine, fast=fast, glossary=names, progress=progress)
    write(made)
    _end(made, strict)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"mujaz {version('mujaz')}")
        raise typer.Exit


@app.callback()
def common(
    _version_wanted: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which.")
    ] = False,
) -> None:
    """Arabic news in, a short English brief out, with the evidence."""


# --- in and out ---------------------------------------------------------------------


def _read(source: str, allow_url: bool, engine: str) -> Any:
    from summarizer.article import read_any

    cli_models.announce(engine)  # a mistake is told before anything is read
    if not source:
        raise UsageError("FILE is empty.", hint="Name a file, or - for standard input.")
    return read_any(source, allow_url=allow_url)


def _glossary(path: Path | None) -> Mapping[str, str] | None:
    from summarizer.glossary import read_glossary

    return read_glossary(path) if path else None


def _writer(
    source: str, output: Path | None, form: Format | None, json: bool
) -> Callable[[Any], None]:
    """How the result will be written; raises UsageError or OutputError now where it can't be."""
    from summarizer.render import FORMATS, format_of_path, to_text

    if json and form not in (None, Format.json):
        raise UsageError(f"--json and --format {form.value} do not fit together.")
    chosen = "json" if json else form.value if form else None
    if output is not None:
        _check_output(source, output)
        render = FORMATS[chosen or format_of_path(output)]
        return lambda made: _write_file(output, render(made))
    if (chosen or "text") == "text" and sys.stdout and sys.stdout.isatty():
        columns = shutil.get_terminal_size().columns
        return lambda made: _write_out(to_text(made, width=columns))
    return lambda made: _write_out(FORMATS[chosen or "text"](made))


def _check_output(source: str, output: Path) -> None:
    """Find before the work is done what would lose it."""
    if output.is_dir():
        raise OutputError(f"{output} is a folder.", hint="Name a file in it.")
    if not output.parent.is_dir():
        raise OutputError(f"There is no folder {output.parent}.", hint="Make it first.")
    if not os.access(output if output.exists() else output.parent, os.W_OK):
        raise OutputError(f"{output} may not be written.", hint="Name another file.")
    if output.exists() and Path(source).exists() and output.samefile(source):
        raise OutputError(f"{output} is the article itself.", hint="Name another file.")


def _write_file(output: Path, text: str) -> None:
    from summarizer.files import write_whole

    write_whole(output, text)
    typer.echo(f"{output}", err=True)


def _write_out(text: str) -> None:
    if sys.stdout is None:
        raise OutputError("Standard output is closed.", hint="Use -o FILE.")
    try:
        typer.echo(text, nl=False)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(f"Standard output cannot be written: {error.strerror}.") from error


def _end(made: Any, strict: bool) -> None:
    if strict and any(warning.severity == "serious" for warning in made.all_warnings()):
        raise typer.Exit(SERIOUS)


@contextmanager
def _progress(quiet: bool) -> Iterator[Callable[[str, int, int], None]]:
    """A bar for each thing that is done, on standard error, on a terminal."""
    from rich.console import Console
    from rich.progress import Progress, TaskID

    console = Console(stderr=True)
    hidden = quiet or not console.is_terminal
    tasks: dict[str, TaskID] = {}
    with Progress(console=console, transient=True, disable=hidden) as bars:

        def tell(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=total)
            bars.update(tasks[what], completed=done, total=total)

        yield tell


def main() -> None:
    """Run the command line; every error that is the person's to mend ends without traceback."""
    try:
        status = app(standalone_mode=False)
    except MujazError as error:
        typer.echo(f"mujaz: {error.message}", err=True)
        if error.hint:
            typer.echo(f"       {error.hint}", err=True)
        status = error.exit_status
    except (KeyboardInterrupt, typer.Abort):
        status = INTERRUPTED
    except typer.TyperException as error:  # usage
        show = getattr(error, "show", None)
        if show:
            show()
        else:
            typer.echo(error.format_message(), err=True)
        status = error.exit_code
    except BrokenPipeError:  # `mujaz … | head`: nobody is left to write to
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 0
    except OSError as error:
        if error.errno != errno.ENAMETOOLONG:  # wherever a name is first looked at
            raise
        typer.echo(f"mujaz: No file can have so long a name: {error.filename}", err=True)
        status = 2
    if status == INTERRUPTED:  # Ctrl-C: typer makes a status of it
        typer.echo("mujaz: stopped.", err=True)
        os._exit(INTERRUPTED)  # without waiting for what the model still has in hand
    raise SystemExit(status)


if __name__ == "__main__":
    main()
