"""Fetch one page or feed from the public web, and nothing else.

http(s) only. Every address that a host name resolves to is checked, and the connection
goes to the address that was checked, so a second answer of the name server changes
nothing. Redirects are followed by hand, each checked the same way. Size, time and the
number of redirects are bounded. Proxies and credentials are not used.
"""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import httpx

from summarizer.errors import FetchError

MAX_REDIRECTS = 5
CONTENT_TYPES = frozenset({"text/html", "text/plain", "application/xhtml+xml"})
FEED_TYPES = CONTENT_TYPES | {
    "application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/xml",
    "text/xml", "application/feed+json", "application/json", "application/x-ndjson",
    "application/jsonl", "text/csv",
}  # fmt: skip

Resolver = Callable[[str, int], Sequence[str]]

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_HEADERS = {
    "User-Agent": "mujaz/0.1 (news summariser)",
    "Accept": "text/html,application/xhtml+xml,text/plain;q=0.9",
    "Accept-Encoding": "identity",  # what is not compressed cannot unpack into gigabytes
}


class Fetched(NamedTuple):
    """What came back: the bytes, the URL after redirects, the Content-Type header."""

    data: bytes
    final_url: str
    content_type: str


class Validators(NamedTuple):
    """What a server wants to hear to say that nothing has changed (RFC 9110, section 13)."""

    etag: str = ""
    last_modified: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """For the next request."""
        named = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in named.items() if value}


@dataclass(frozen=True, slots=True)
class _Request:
    """What is the same for every hop of a request."""

    max_bytes: int
    deadline: float
    resolver: Resolver
    allow_private: frozenset[str]
    types: frozenset[str] = CONTENT_TYPES
    known: Validators | None = None  # None: an answer that nothing has changed is an error


class _Answer(NamedTuple):
    """What came back; nothing where it is as it was known."""

    fetched: Fetched | None
    validators: Validators


def shown(url: str) -> str:
    """A URL as messages may name it: no credentials, no query, no fragment."""
    try:
        parts = httpx.URL(url)
    except (httpx.InvalidURL, ValueError, TypeError):
        return "the URL"
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{parts.host}{port}{parts.path}" if parts.host else "the URL"


def resolve(host: str, port: int) -> list[str]:
    """Ask the system for the addresses of a host; also reads 127.1, 0x7f000001 and such.

    Raises:
        OSError: There is no such host.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(info[4][0]) for info in found))


def fetch(
    url: str,
    *,
    max_bytes: int = 5_000_000,
    timeout: float = 20.0,
    resolver: Resolver = resolve,
    allow_private: frozenset[str] = frozenset(),
) -> Fetched:
    """Fetch a page.

    Args:
        url: An http or https URL without user name and password.
        max_bytes: The most bytes that the page may have.
        timeout: Seconds for everything together: names, connections, redirects, reading.
        resolver: Turns a host and a port into addresses.
        allow_private: Addresses that may be fetched though they are not public; for tests.

    Raises:
        FetchError: The URL cannot or must not be fetched, or took too long or too much.
    """
    request = _Request(max_bytes, time.monotonic() + timeout, resolver, allow_private)
    fetched = _in_time(url, request, timeout).fetched
    assert fetched is not None  # nothing was known, so nothing can be as it was
    return fetched


def fetch_feed(
    url: str,
    known: Validators,
    *,
    max_bytes: int = 50_000_000,
    timeout: float = 60.0,
    resolver: Resolver = resolve,
    allow_private: frozenset[str] = frozenset(),
) -> tuple[Fetched | None, Validators]:
    """Fetch a feed unless it is as it was; arguments and errors as `fetch`.

    Args:
        url: As `fetch`.
        known: What this returned the last time.
        max_bytes: As `fetch`.
        timeout: As `fetch`.
        resolver: As `fetch`.
        allow_private: As `fetch`.

    Returns:
        The feed, or None if it has not changed; what to give the next time.
    """
    deadline = time.monotonic() + timeout
    request = _Request(max_bytes, deadline, resolver, allow_private, FEED_TYPES, known)
    return _in_time(url, request, timeout)


def _in_time(url: str, request: _Request, timeout: float) -> _Answer:
    found: list[_Answer | Exception] = []

    def work() -> None:
        try:
            found.append(_follow(url, request))
        except Exception as error:  # handed to the caller's thread below
            found.append(error)

    # A thread, because neither a name server nor a server that sends a header byte a
    # second can be given a limit in total. One that hangs is left behind.
    thread = threading.Thread(target=work, name="mujaz-fetch", daemon=True)
    thread.start()
    thread.join(timeout)
    if not found:
        message = f"{shown(url)} did not answer within {timeout:g} seconds."
        raise FetchError(message, hint="Try again later.", passing=True)
    if isinstance(found[0], Exception):
        raise found[0]
    return found[0]


def _follow(url: str, request: _Request) -> _Answer:
    for _ in range(MAX_REDIRECTS + 1):
        target = _checked_url(url)
        address = _public_address(target, request.resolver, request.allow_private)
        result = _get(target, address, request)
        if not isinstance(result, str):
            return result
        url = result
    raise FetchError(f"{shown(url)} is redirected more than {MAX_REDIRECTS} times.")


def _checked_url(url: str) -> httpx.URL:
    try:
        target = httpx.URL(url)
    except (httpx.InvalidURL, ValueError, TypeError):
        raise FetchError("That is not a URL.", hint="It should start with https://.") from None
    if target.scheme not in {"http", "https"} or not target.host:
        message = f"{shown(url)} is not an http or https URL."
        raise FetchError(message, hint="Name a file by its path, without file://.")
    if target.userinfo:
        message = f"{shown(url)} carries a user name or password; Mujaz sends none."
        raise FetchError(message, hint="Leave them out.")
    return target


def _public_address(target: httpx.URL, resolver: Resolver, allow: frozenset[str]) -> str:
    """The address to connect to; all that the name resolves to must be public."""
    port = target.port or (443 if target.scheme == "https" else 80)
    try:
        addresses = resolver(target.host, port)
    except (OSError, UnicodeError) as error:
        message = f"There is no host {target.host}."
        raise FetchError(message, hint="Check the URL.", passing=True) from error
    if not addresses:
        raise FetchError(f"There is no host {target.host}.", hint="Check the URL.")
    for address in addresses:
        if address not in allow and not is_public(address):
            message = f"{shown(str(target))} is at {address}, which is not a public address."
            raise FetchError(message, hint="Save the page and name the file.")
    return addresses[0]


def is_public(address: str) -> bool:
    """Whether an IP address is on the public internet, also behind IPv6 wrappings of IPv4."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
        if ip in _NAT64:
            inner.append(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
        if any(part is not None and not is_public(str(part)) for part in inner):
            return False
        if ip.ipv4_mapped or ip in _NAT64:
            return True
    return ip.is_global and not (
        ip.is_multicast or ip.is_reserved or ip.is_unspecified or ip.is_loopback
        or ip.is_link_local or ip.is_private
    )  # fmt: skip


def _get(target: httpx.URL, address: str, request: _Request) -> _Answer | str:
    """One request to one checked address.

    Returns:
        What came back, or the URL that it is redirected to.
    """
    name = shown(str(target))
    known = request.known.headers if request.known else {}
    options = {
        "headers": {**_HEADERS, **known, "Host": target.netloc.decode("ascii")},
        "extensions": {"sni_hostname": target.raw_host.decode("ascii").strip("[]")},
    }
    left = max(0.1, request.deadline - time.monotonic())
    try:
        with (
            httpx.Client(trust_env=False, timeout=left, follow_redirects=False) as client,
            client.stream("GET", target.copy_with(host=address), **options) as response,  # type: ignore[arg-type]
        ):
            if response.has_redirect_location:
                return str(target.join(response.headers["location"]))
            if known and request.known and response.status_code == httpx.codes.NOT_MODIFIED:
                return _Answer(None, request.known)
            content_type = _accepted(response, name, request)
            data = _read(response, name, request.max_bytes, request.deadline)
            told = Validators(*(response.headers.get(h, "") for h in ("etag", "last-modified")))
            return _Answer(Fetched(data, str(target), content_type), told)
    except httpx.TimeoutException:
        raise FetchError(f"{name} took too long.", hint="Try again later.", passing=True) from None
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        message = f"{name} could not be fetched: {type(error).__name__}."
        raise FetchError(message, passing=isinstance(error, httpx.TransportError)) from error


def _accepted(response: httpx.Response, name: str, request: _Request) -> str:
    """Check the head of a response before any of its body is read."""
    if response.status_code != httpx.codes.OK:
        message = f"{name} answered {response.status_code} {response.reason_phrase}."
        overloaded = response.status_code == httpx.codes.TOO_MANY_REQUESTS
        raise FetchError(message, passing=overloaded or response.is_server_error)
    content_type = response.headers.get("content-type", "")
    kind = content_type.split(";")[0].strip().lower()
    if kind not in request.types:
        raise FetchError(f"{name} is {kind or 'of no stated type'}, not a page of text.")
    if response.headers.get("content-encoding", "identity").lower() != "identity":
        raise FetchError(f"{name} comes compressed, which was not asked for.")
    length = response.headers.get("content-length", "")
    if length.isdecimal() and int(length) > request.max_bytes:
        limit = f"the limit is {request.max_bytes:,}"
        raise FetchError(f"{name} has {int(length):,} bytes; {limit}.")
    return str(content_type)


def _read(response: httpx.Response, name: str, max_bytes: int, deadline: float) -> bytes:
    data = bytearray()
    for chunk in response.iter_raw():
        data += chunk
        if len(data) > max_bytes:
            raise FetchError(f"{name} has more than {max_bytes:,} bytes.")
        if time.monotonic() > deadline:
            raise FetchError(f"{name} took too long.", hint="Try again later.", passing=True)
    return bytes(data)
