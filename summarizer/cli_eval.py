"""`mujaz eval`: thin, over `summarizer.evaluation`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

WORSE = 1

app = typer.Typer(
    help="How good an engine is, whether it is better than another, and where it fails.",
    no_args_is_help=True,
)


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
            typer.echo(f"{file}", err=True)
    found = linter.lint(folder)
    errors = [finding for finding in found if finding.severity == "error"]
    for finding in errors if no_doubts else found:
        typer.echo(str(finding))
    typer.echo(f"{len(errors)} errors, {len(found) - len(errors)} doubts", err=True)
    if errors:
        raise typer.Exit(WORSE)
