"""An OpenAI-compatible endpoint that plays a script, in a thread, with real sockets."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Play = Callable[["Handler", dict[str, Any]], None]


class Handler(BaseHTTPRequestHandler):
    """Answers each request with the next scene, the last one again and again."""

    protocol_version = "HTTP/1.1"
    server: Server

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        scene = self.server.record(body, dict(self.headers))
        with suppress(BrokenPipeError, ConnectionResetError):  # the client left
            scene(self, body)
        self.close_connection = True

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    # --- what scenes are made of ----------------------------------------------------

    def head(self, status: int = 200, kind: str = "text/event-stream", **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Connection", "close")
        self.end_headers()

    def event(self, data: object) -> None:
        text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
        self.wfile.write(f"data: {text}\n\n".encode())
        self.wfile.flush()

    def delta(self, text: str) -> None:
        self.event({"choices": [{"index": 0, "delta": {"content": text}}]})


@dataclass
class Server(ThreadingHTTPServer):
    """The endpoint; `seen` has every request, `headers` what came with it."""

    scenes: Sequence[Play]
    seen: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    busiest: int = 0

    def __post_init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.daemon_threads = True
        self._lock = threading.Lock()

    def record(self, body: dict[str, Any], headers: dict[str, str]) -> Play:
        with self._lock:
            self.seen.append(body)
            self.headers.append(headers)
            return self.scenes[min(len(self.seen), len(self.scenes)) - 1]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


@contextmanager
def serving(*scenes: Play) -> Iterator[Server]:
    """A server that plays these scenes, one a request."""
    server = Server(scenes)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def says(text: object, *, usage: int | None = None) -> Play:
    """A streamed reply; an object is sent as JSON."""
    words = text if isinstance(text, str) else json.dumps(text, ensure_ascii=False)

    def play(handler: Handler, _body: dict[str, Any]) -> None:
        handler.head()
        for at in range(0, len(words), 7):
            handler.delta(words[at : at + 7])
        handler.event({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
        if usage is not None:
            handler.event({"choices": [], "usage": {"total_tokens": usage}})
        handler.event("[DONE]")

    return play


def status(code: int, message: str = "no", **headers: str) -> Play:
    """An error."""

    def play(handler: Handler, _body: dict[str, Any]) -> None:
        handler.head(code, "application/json", **headers)
        handler.wfile.write(json.dumps({"error": {"message": message}}).encode())

    return play
