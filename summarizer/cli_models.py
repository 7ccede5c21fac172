"""`mujaz models`: which engines there are, and the model files that some of them need."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from summarizer.errors import EngineError, UsageError

models = typer.Typer(help="List the engines; fetch, convert, check and remove models.")

Json = Annotated[bool, typer.Option("--json", help="As JSON.")]
Name = Annotated[
    str,
    typer.Argument(help="A name of the list, OWNER/NAME of a hub, or a folder.", metavar="NAME"),
]


def announce(engine: str) -> None:
    """Say what there is to know before an engine is used; raises EngineError if there is none."""
    from summarizer.engines import entry

    if notice := entry(engine).notice:
        typer.echo(f"mujaz: {notice}", err=True)


def _checked(name: str) -> str:
    """The name of a model; raises UsageError where it is that of an engine without one."""
    from summarizer.engines import ENGINES, hub

    if name in ENGINES and name not in hub.KNOWN:
        raise UsageError(
            f"The engine {name} has no model of a hub.",
            hint="It is built at the first use; `mujaz models` says where it is."
            if ENGINES[name].needs_model
            else f"To use it: {ENGINES[name].get}.",
        )
    return name


@models.callback(invoke_without_command=True)
def every(context: typer.Context, json: Json = False) -> None:
    """List the engines; fetch, convert, check and remove models."""
    if context.invoked_subcommand is None:
        _list(json)


@models.command("list")
def listing(json: Json = False) -> None:
    """List the engines: what each is, its size, licence and measured quality."""
    _list(json)


@models.command()
def show(name: Name) -> None:
    """Show one model: its folder, size on disk, licence, commit and hashes."""
    from summarizer.engines import hub

    known, model = hub.known(_checked(name)), hub.find(name)
    converted = hub.converted_folder(model)
    rows = {
        "model": known.id,
        "licence": model.licence or "not stated",
        "folder": str(model.folder),
        "on disk": _megabytes(hub.folder_size(model.folder)),
        "commit": model.commit or "not pulled by Mujaz",
        "revision": model.revision,
        "converted": f"{converted}, {_megabytes(hub.folder_size(converted))}"
        if converted.is_dir()
        else "not yet",
    }
    for key, text in rows.items():
        typer.echo(f"{key:10} {text}")
    for file, sha256 in sorted(model.files.items()):
        typer.echo(f"{sha256}  {file}")


@models.command()
def pull(
    name: Name,
    revision: Annotated[
        str | None, typer.Option(help="Another commit, branch or refs/pr/N than the pinned one.")
    ] = None,
) -> None:
    """Fetch a model from the hub into the cache, or the rest of one; HF_ENDPOINT is a mirror."""
    from summarizer.engines import hub

    licence = hub.known(_checked(name)).licence
    typer.echo(f"Licence: {licence or 'see its card, which comes with it'}", err=True)
    model = hub.pull(name, revision)
    if not licence:
        typer.echo(f"Licence, as its card says: {model.licence or 'not stated'}", err=True)
    typer.echo(f"{model.folder}, commit {model.commit}, {_megabytes(model.size)}")


@models.command()
def convert(name: Name) -> None:
    """Convert a translation model for CTranslate2 now; else the first use does it."""
    from summarizer.engines import hub, seq2seq

    try:
        folder = seq2seq.convert(hub.find(_checked(name)))
    except seq2seq.NotConvertible as reason:
        raise EngineError(
            f"CTranslate2 cannot convert {name}: {reason}",
            hint="If its files are whole, it runs in transformers.",
        ) from reason
    typer.echo(f"{folder}, {_megabytes(hub.folder_size(folder))}")


@models.command()
def verify(name: Name) -> None:
    """Read every file of a model and compare its hash with what was pulled."""
    from summarizer.engines import hub

    if not (hub.place_of(_checked(name)) / hub.RECORD).is_file():
        hub.find(name)  # says where it should be, or sees it for the first time
    wrong = hub.verify(name)
    if wrong:
        raise EngineError(
            f"Changed, missing or new in {hub.place_of(name)}: {', '.join(wrong)}.",
            hint=f"mujaz models pull {name} fetches what is missing.",
        )
    typer.echo(f"{hub.place_of(name)}: whole")


@models.command()
def remove(name: Name) -> None:
    """Delete a model in the cache and what was converted from it; of a folder only that."""
    from summarizer.engines import hub

    for folder in hub.remove(_checked(name)):
        typer.echo(f"removed {folder}")


def _list(json: bool) -> None:
    rows = list(_rows())
    if json:
        import json as form

        typer.echo(form.dumps(rows, indent=1, ensure_ascii=False))
        return
    for row in rows:
        typer.echo(f"{row.pop('name')}")
        for key, text in row.items():
            typer.echo(f"  {key:8} {text}")
    typer.echo("\nLicences and terms of every part: NOTICE in the repository.")


def _rows() -> Iterator[dict[str, Any]]:
    """The engines, then the models in the cache that are none of them."""
    from dataclasses import asdict

    from summarizer.engines import ENGINES, hub
    from summarizer.engines.build import find_model

    built = find_model()
    here = {model.name: model for model in hub.stored()}
    for name, entry in ENGINES.items():
        if entry.needs_model:
            state = f"built: {built.folder}" if built else "not built yet"
        elif name in hub.KNOWN:
            found = here.pop(hub.KNOWN[name].id, None)
            state = f"here: {_place(found.folder)}" if found else "not here"
        else:
            state = "ready" if name == "echo" else "needs a model's name"
        texts = {k: v for k, v in asdict(entry).items() if isinstance(v, str) and v}
        yield {"name": name, **texts, "state": state}
    for name, model in here.items():
        licence = model.licence or "not stated"
        yield {"name": f"seq2seq:{name}", "licence": licence, "state": _place(model.folder)}


def _place(folder: Path) -> str:
    from summarizer.engines.hub import folder_size

    return f"{folder}, {_megabytes(folder_size(folder))}"


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:,.0f} MB"
