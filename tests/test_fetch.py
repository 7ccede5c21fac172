"""Fetching: public pages only, bounded in size and time; nothing leaves this machine."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from summarizer.errors import FetchError
from summarizer.fetch import fetch, is_public, resolve, shown

LOCAL = frozenset({"127.0.0.1"})
PAGE = "<html><body>خبر</body></html>".encode()


class Handler(BaseHTTPRequestHandler):
    """A small site: each path misbehaves in its own way."""

    seen: list[str] = []  # noqa: RUF012 - one list for all requests of a test

    def do_GET(self) -> None:
        self.seen.append(f"{self.headers['Host']} {self.path}")
        getattr(self, f"get_{self.path.split('?')[0].strip('/')}", self.get_missing)()

    def reply(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def get_missing(self) -> None:
        self.reply(404)

    def get_page(self) -> None:
        self.reply(200, PAGE, Content_Type="text/html; charset=utf-8")

    def get_image(self) -> None:
        self.reply(200, b"x", Content_Type="image/png")

    def get_untyped(self) -> None:
        self.reply(200, b"x")

    def get_packed(self) -> None:
        self.reply(200, b"x", Content_Type="text/html", Content_Encoding="gzip")

    def get_moved(self) -> None:
        self.reply(302, Location="/page")

    def get_round(self) -> None:
        self.reply(302, Location="/round")

    def get_inside(self) -> None:
        self.reply(302, Location="http://10.0.0.1/admin")

    def get_tofile(self) -> None:
        self.reply(302, Location="file:///etc/passwd")

    def get_announced(self) -> None:
        self.reply(200, b"", Content_Type="text/html", Content_Length="99999999")

    def get_endless(self) -> None:
        self.reply(200, b"x" * 200_000, Content_Type="text/html")

    def get_slow(self) -> None:
        self.reply(200, Content_Type="text/html")
        for _ in range(40):
            time.sleep(0.1)
            try:
                self.wfile.write(b"x")
                self.wfile.flush()
            except OSError:
                return

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[str]:
    Handler.seen = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_page(site: str) -> None:
    data, url, content_type = fetch(f"{site}/page", allow_private=LOCAL)
    assert data == PAGE
    assert url == f"{site}/page"
    assert content_type == "text/html; charset=utf-8"


def test_a_redirect_is_followed(site: str) -> None:
    assert fetch(f"{site}/moved", allow_private=LOCAL).final_url == f"{site}/page"


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("missing", "answered 404"),
        ("image", "image/png"),
        ("untyped", "of no stated type"),
        ("packed", "compressed"),
        ("round", "more than 5 times"),
        ("inside", "10.0.0.1, which is not a public address"),
        ("tofile", "not an http or https URL"),
        ("announced", "99,999,999 bytes"),
        ("endless", "more than 100,000 bytes"),
    ],
)
def test_refused(site: str, path: str, says: str) -> None:
    with pytest.raises(FetchError) as caught:
        fetch(f"{site}/{path}", max_bytes=100_000, allow_private=LOCAL)
    assert says in caught.value.message


def test_time_is_bounded_in_total(site: str) -> None:
    start = time.monotonic()
    with pytest.raises(FetchError, match=r"too long|did not answer"):
        fetch(f"{site}/slow", timeout=0.6, allow_private=LOCAL)
    assert time.monotonic() - start < 2


def test_a_hanging_name_server_is_left() -> None:
    def resolver(host: str, port: int) -> list[str]:
        time.sleep(3)
        return ["127.0.0.1"]

    start = time.monotonic()
    with pytest.raises(FetchError, match="did not answer"):
        fetch("http://slow.example/", timeout=0.3, resolver=resolver)
    assert time.monotonic() - start < 2


def test_the_connection_goes_to_the_checked_address(site: str) -> None:
    """The name is asked for once, and the server still sees the name."""
    asked: list[str] = []

    def resolver(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    port = site.rsplit(":", 1)[1]
    fetch(f"http://news.example:{port}/page", resolver=resolver, allow_private=LOCAL)
    assert asked == ["news.example"]
    assert Handler.seen == [f"news.example:{port} /page"]


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://0177.0.0.1/",
        "http://0.0.0.0/",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
    ],
)
def test_this_machine_is_refused(site: str, url: str) -> None:
    with pytest.raises(FetchError, match=r"not a (public address|URL)"):
        fetch(url)
    assert not Handler.seen


def test_one_private_address_among_public_ones_is_refused() -> None:
    with pytest.raises(FetchError, match="not a public address"):
        fetch("http://mixed.example/", resolver=lambda host, port: ["8.8.8.8", "192.168.1.1"])


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "ftp://example.org/a", "gopher://x/", "example.org", "", "http://",
     "http://user:secret@example.org/", "http://[::1", "javascript:alert(1)"],
)  # fmt: skip
def test_what_is_no_url_is_refused(url: str) -> None:
    with pytest.raises(FetchError) as caught:
        fetch(url, resolver=lambda host, port: pytest.fail("asked for a name"))
    assert "secret" not in str(caught.value)


def test_an_unknown_host_is_named() -> None:
    def resolver(host: str, port: int) -> list[str]:
        raise OSError("unknown")

    with pytest.raises(FetchError, match=r"There is no host nowhere\.example"):
        fetch("http://nowhere.example/", resolver=resolver)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2606:4700:4700::1111", True),
        ("::ffff:8.8.8.8", True),
        ("64:ff9b::808:808", True),
        ("10.1.2.3", False),
        ("100.64.0.1", False),
        ("172.16.0.1", False),
        ("192.168.0.1", False),
        ("224.0.0.1", False),
        ("240.0.0.1", False),
        ("255.255.255.255", False),
        ("::", False),
        ("::1", False),
        ("fe80::1", False),
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("ff02::1", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
        ("not an address", False),
    ],
)
def test_is_public(address: str, public: bool) -> None:
    assert is_public(address) is public


def test_messages_show_no_secrets() -> None:
    assert shown("https://u:p@example.org:8443/a?token=1#x") == "https://example.org:8443/a"
    assert resolve("127.0.0.1", 80) == ["127.0.0.1"]
