"""The page over HTTP: one address for each language, limits, a password, a health check.

`/` is the English page and the API, `/ar/` the Arabic page, `/health` says that it is up.
"""

from __future__ import annotations

import base64
import hmac
import json
import os
from collections.abc import Awaitable, Callable, MutableMapping
from importlib.metadata import version
from typing import Any

from summarizer.article import MAX_BYTES
from summarizer.errors import InputError
from summarizer.page.blocks import build
from summarizer.page.desk import Desk
from summarizer.page.events import Options
from summarizer.page.feeds import Feeds
from summarizer.page.words import LANGUAGES, asset

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

import fastapi
import gradio as gr
import uvicorn
from fastapi.responses import FileResponse, JSONResponse

MAX_REQUEST = 6 * MAX_BYTES  # bytes; an article has a lower limit, which is told in words

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

# Gradio's own scripts need the unsafe ones; nothing is loaded from, or sent to, anywhere else.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; worker-src 'self' blob:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)


def make_app(
    options: Options, desk: Desk, feeds: Feeds, password: str | None = None
) -> fastapi.FastAPI:
    """The whole of it as an ASGI application."""
    app = fastapi.FastAPI(
        root_path=options.root_path, docs_url=None, redoc_url=None, openapi_url=None
    )

    @app.get("/health")
    def health() -> dict[str, Any]:
        return {"status": "ok", "version": version("mujaz"), "jobs": desk.load}

    @app.get("/feeds/{name}/{file}")
    def output(name: str, file: str) -> Any:
        try:
            return FileResponse(feeds.file(name, file), filename=file)
        except InputError as error:
            return JSONResponse({"detail": error.message}, status_code=404)

    app.add_middleware(Guard, password=password)
    for language in ("ar", "en"):  # the longer path first
        path = "/" if language == "en" else f"/{language}"
        gr.mount_gradio_app(
            app,
            build(language, options, desk, feeds),
            path=path,
            root_path=f"{options.root_path}{path}".rstrip("/") or None,
            footer_links=[],
            run_history=False,
            show_error=False,
            max_file_size=MAX_REQUEST,
            ssr_mode=False,
            enable_monitoring=False,
            pwa=False,
            mcp_server=False,
            theme=_theme(),
            css=asset("page.css"),
            head=_head(language),
        )
    return app


def serve(app: fastapi.FastAPI, host: str, port: int) -> None:
    """Serve until Ctrl-C; no request is logged."""
    uvicorn.run(app, host=host, port=port, log_level="warning", access_log=False,
                timeout_graceful_shutdown=2)  # fmt: skip


def _head(language: str) -> str:
    settings = {"lang": language, "dir": LANGUAGES[language]}
    return (
        f"<script>Object.assign(document.documentElement, {json.dumps(settings)});</script>"
        f"<script>{asset('page.js')}</script>"
    )


def _theme() -> gr.themes.Base:
    """Paper and ink; no font is fetched."""
    sans = ("system-ui", "Segoe UI", "Noto Sans", "Noto Sans Arabic", "sans-serif")
    theme = gr.themes.Base(
        primary_hue="red", neutral_hue="stone", radius_size="sm", font=sans,
        font_mono=("ui-monospace", "monospace"),
    )  # fmt: skip
    paired = {
        "body_background_fill": "--mj-back",
        "background_fill_primary": "--mj-paper",
        "background_fill_secondary": "--mj-back",
        "block_background_fill": "--mj-back",
        "block_title_text_color": "--mj-ink",
        "block_label_text_color": "--mj-ink",
        "block_info_text_color": "--mj-soft",
        "body_text_color": "--mj-ink",
        "body_text_color_subdued": "--mj-soft",
        "border_color_primary": "--mj-rule",
        "input_background_fill": "--mj-paper",
        "input_border_color": "--mj-soft",
        "input_placeholder_color": "--mj-soft",
        "button_primary_background_fill": "--mj-accent",
        "button_primary_background_fill_hover": "--mj-accent",
        "button_primary_text_color": "--mj-accent-ink",
        "button_secondary_background_fill": "--mj-paper",
        "button_secondary_text_color": "--mj-ink",
        "button_cancel_background_fill": "--mj-paper",
        "button_cancel_text_color": "--mj-ink",
    }
    colours = {key + dark: f"var({name})" for key, name in paired.items() for dark in ("", "_dark")}
    return theme.set(
        block_border_width="0px", block_padding="0px", color_accent="var(--mj-accent)", **colours
    )


class Guard:
    """Before anything is parsed: the password, the size; and headers on every answer."""

    def __init__(self, app: App, password: str | None = None) -> None:
        self.app = app
        self.login = password and base64.b64encode(f"mujaz:{password}".encode())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        headers = dict(scope["headers"])
        if not self._may_enter(scope, headers):
            asks = (b"www-authenticate", b'Basic realm="Mujaz", charset="UTF-8"')
            return await _refuse(send, 401, "A password is needed.", asks)
        said = headers.get(b"content-length", b"0")
        if not said.isdigit() or int(said) > MAX_REQUEST:
            return await _refuse(send, 413, _TOO_LARGE)
        return await self._pass_on(scope, receive, send)

    def _may_enter(self, scope: Scope, headers: dict[bytes, bytes]) -> bool:
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        if not self.login or path == "/health":
            return True
        given = headers.get(b"authorization", b"")
        return hmac.compare_digest(given, b"Basic " + self.login)

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        size, is_over, is_answered = 0, False, False

        async def count() -> MutableMapping[str, Any]:
            nonlocal size, is_over
            message = await receive()
            size += len(message.get("body", b""))
            is_over = size > MAX_REQUEST
            if is_over:
                raise _TooLarge
            return message

        async def answer(message: MutableMapping[str, Any]) -> None:
            nonlocal is_answered
            if is_over and not is_answered:  # whatever the application makes of it
                is_answered = True
                await _refuse(send, 413, _TOO_LARGE)
            if is_over:
                return
            is_answered = True
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *HEADERS]
            await send(message)

        try:
            await self.app(scope, count, answer)
        except _TooLarge:
            if not is_answered:
                await _refuse(send, 413, _TOO_LARGE)


class _TooLarge(Exception):
    pass


_TOO_LARGE = f"This is over {MAX_REQUEST:,} bytes; Mujaz reads articles up to {MAX_BYTES:,}."


async def _refuse(send: Send, status: int, message: str, *headers: tuple[bytes, bytes]) -> None:
    body = json.dumps({"detail": message}).encode()
    kind = (b"content-type", b"application/json")
    await send(
        {"type": "http.response.start", "status": status, "headers": [kind, *headers, *HEADERS]}
    )
    await send({"type": "http.response.body", "body": body})
