"""`mujaz app`: the page."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer


def app(
    host: Annotated[
        str, typer.Option(help="Address to listen on; 0.0.0.0 for the whole network.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)] = 7860,
    engine: Annotated[str, typer.Option(help="The engine that is chosen at first.")] = "embedded",
    allow_urls: Annotated[
        bool, typer.Option("--allow-urls", help="Let visitors have web pages fetched.")
    ] = False,
    root_path: Annotated[
        str, typer.Option(help="Path prefix that a proxy serves it under, such as /mujaz.")
    ] = "",
    timeout: Annotated[float, typer.Option(help="Seconds that a request may work.", min=1)] = 300,
    data: Annotated[
        Path | None, typer.Option(help="Where runs of feeds are kept, for seven days.")
    ] = None,
    per_user: Annotated[int, typer.Option(help="Requests at once from one address.", min=1)] = 3,
) -> None:
    """Open the page in a browser. With MUJAZ_PASSWORD set it asks for user mujaz and that."""
    from platformdirs import user_data_path

    from summarizer.cli_models import announce
    from summarizer.errors import UsageError

    announce(engine)  # a mistake is told before Gradio is loaded
    root_path = root_path.rstrip("/")
    if root_path and not root_path.startswith("/"):
        raise UsageError(f"{root_path} is no path prefix.", hint="It starts with a slash.")

    from summarizer.page.desk import Desk
    from summarizer.page.events import Options
    from summarizer.page.feeds import Feeds
    from summarizer.page.server import make_app, serve

    desk = Desk(timeout, per_user)
    options = Options(engine, allow_urls, root_path)
    feeds = Feeds(data or user_data_path("mujaz") / "feeds")
    page = make_app(options, desk, feeds, os.environ.get("MUJAZ_PASSWORD") or None)
    typer.echo(f"Mujaz is at http://{host}:{port}{root_path}/ (Ctrl-C ends it)", err=True)
    serve(page, host, port)
