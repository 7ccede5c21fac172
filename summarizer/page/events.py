"""What the tabs have in common: what the operator decided, how events run, who asks."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

import gradio as gr

from summarizer.engines import entry

HIDDEN: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
# All events start at once; it is the desk that lets them work one by one.
STREAM: dict[str, Any] = HIDDEN | {"concurrency_limit": None, "trigger_mode": "once"}
BUILT_IN = ("embedded", "lead", "gloss", "echo")


@dataclass(frozen=True, slots=True)
class Options:
    """What whoever starts the page decides.

    Attributes:
        engine: The engine that is chosen at first.
        allow_urls: Whether visitors may have pages fetched.
        root_path: Prefix of all paths where a proxy serves the page, such as "/mujaz", or "".
    """

    engine: str = "embedded"
    allow_urls: bool = False
    root_path: str = ""

    @property
    def engines(self) -> tuple[str, ...]:
        """What a visitor may choose: the operator's engine, and those that are built in.

        The others load files, fetch models or spend tokens at the visitor's word.
        """
        return tuple(dict.fromkeys((self.engine, *BUILT_IN)))

    @property
    def choices(self) -> list[tuple[str, str]]:
        """What is shown of each of `engines`, and its name."""
        return [(f"{name}: {entry(name).what}", name) for name in self.engines]


def user_of(request: gr.Request) -> str:
    return request.client.host if request.client else "local"


def session_of(request: gr.Request, tab: str) -> str:
    """Whose work a Stop button ends: that of this visitor, in this tab of the page."""
    return f"{request.session_hash or uuid.uuid4().hex} {tab}"
