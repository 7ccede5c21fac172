"""Any OpenAI-compatible endpoint: vLLM, llama.cpp's server, Ollama, or a hosted one.

`OPENAI_BASE_URL` says where (such as http://localhost:8000/v1) and `OPENAI_API_KEY` is the
key; it is read when it is sent and stands nowhere else. `MUJAZ_TOKEN_BUDGET` is the most
tokens that one process may use, `MUJAZ_CONCURRENCY` how many requests it has at once.
"""

from __future__ import annotations

import email.utils
import ipaddress
import json
import os
import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

import httpx

from summarizer.engines.instruct import Message
from summarizer.errors import BudgetError, EngineError, ReplyError

ATTEMPTS = 5
FIRST_WAIT, LONGEST_WAIT = 0.5, 60.0  # seconds before another try
MAX_BYTES = 2_000_000  # of one reply, with all that is around its words
CHARS_PER_TOKEN = 3  # where the server does not count; Arabic has about 3, English 4
RETRIED = frozenset({408, 409, 429, 500, 502, 503, 504, 529})
# What not every server knows; left out when it says so.
OPTIONAL = ("response_format", "stream_options", "seed", "temperature")
HOSTED = "https://api.openai.com/v1"


class _Retry(Exception):
    """Worth another try; `after` is how long the server wants us to wait, in seconds."""

    def __init__(self, why: str, after: float | None = None) -> None:
        super().__init__(why)
        self.after = after


class _Refused(Exception):
    """The server does not understand the request."""


@dataclass
class Endpoint:
    """A chat model behind HTTP; temperature 0 and a seed, streamed.

    Args:
        model: As the server calls it.
        url: Of its API, up to "/v1".
        budget: Tokens of prompts and answers together, at most; 0 is no limit.
        concurrency: Requests at once.
        timeout: Seconds without a byte after which a request is given up and tried again.
        deadline: Seconds for one whole answer.
        sleep: Waits; tests put their own here.
    """

    model: str
    url: str = HOSTED
    budget: int = 0
    concurrency: int = 4
    timeout: float = 60.0
    deadline: float = 600.0
    sleep: Callable[[float], None] = time.sleep
    spent: int = 0
    _client: httpx.Client = field(init=False, repr=False)
    _left_out: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def __post_init__(self) -> None:
        try:
            found = httpx.URL(self.url)
        except httpx.InvalidURL as error:
            raise EngineError(f"{self.url!r} is no address: {error}.", hint=_HINT) from error
        if found.scheme not in ("http", "https") or not found.host:
            raise EngineError(f"{self.url!r} is no address of an endpoint.", hint=_HINT)
        if found.userinfo:
            raise EngineError(
                "The endpoint's address has a password in it.", hint="Use OPENAI_API_KEY."
            )
        if _key() and found.scheme == "http" and not _is_local(found.host):
            raise EngineError(
                f"The key in OPENAI_API_KEY would go to {found.host} unencrypted.",
                hint="Use https, or unset OPENAI_API_KEY if the server needs none.",
            )
        pool = httpx.Limits(max_connections=self.concurrency)
        self._client = httpx.Client(timeout=httpx.Timeout(self.timeout, pool=None), limits=pool)

    @classmethod
    def of_environment(cls, model: str) -> Endpoint:
        """As the environment says; raises EngineError where it doesn't."""
        url = os.environ.get("OPENAI_BASE_URL")
        if not url and not _key():
            raise EngineError("Nobody said where the endpoint is.", hint=_HINT)
        return cls(
            model,
            (url or HOSTED).rstrip("/"),
            budget=_number("MUJAZ_TOKEN_BUDGET", 0),
            concurrency=max(1, _number("MUJAZ_CONCURRENCY", 4)),
        )

    @property
    def revision(self) -> str:
        """Where and which model; what the server makes of the name, nobody can see."""
        return f"{self.model} at {self._host}"

    @property
    def notes(self) -> tuple[str, ...]:
        """Where the article went, and what the server doesn't do."""
        where = f"Made with {self.model} at {self._host}: the article was sent there."
        lost = sorted(self._left_out & {"seed", "temperature"})
        again = f"The server takes no {' and no '.join(lost)}: another run may say something else."
        return (where, again) if lost else (where,)

    @property
    def _host(self) -> str:
        found = httpx.URL(self.url)
        return found.host + (f":{found.port}" if found.port else "")

    def prepare(self) -> None:
        """Nothing: the first request shows whether the server is there."""

    def complete(
        self,
        messages: Sequence[Message],
        *,
        limit: int,
        schema: Mapping[str, Any] | None = None,
        told: Callable[[int], None] | None = None,
    ) -> str:
        """See `Chat`; what fails on the way is tried again, up to `ATTEMPTS` times."""
        prompt = sum(len(message["content"]) for message in messages) // CHARS_PER_TOKEN
        request = self._request(messages, limit, schema)
        failures = 0
        guessed: set[str] = set()  # what the server may not know, though it didn't say so
        while True:
            reserved = self._reserve(prompt + limit)
            used = prompt  # also of a request that fails: the server has read it
            sent = self._known(request, guessed)
            try:
                text, counted = self._once(sent, told)
                used = counted or prompt + len(text) // CHARS_PER_TOKEN
                self._left_out |= guessed
                return _masked(_mended(text))
            except _Refused as refused:
                self._leave_out(sent, str(refused), guessed)
            except _Retry as failure:
                failures += 1
                if failures == ATTEMPTS:
                    raise EngineError(
                        f"{self.model} at {self._host} gave no answer in {ATTEMPTS} tries; "
                        f"at last: {failure}.",
                        hint="Is the server up? OPENAI_BASE_URL says where it is looked for.",
                    ) from failure
                self._wait(failures, failure)
            finally:
                self._settle(reserved, used)

    # --- one request ----------------------------------------------------------------

    def _request(
        self, messages: Sequence[Message], limit: int, schema: Mapping[str, Any] | None
    ) -> dict[str, Any]:
        form = {"name": "answer", "strict": True, "schema": dict(schema or {})}
        return {
            "model": self.model,
            "messages": list(messages),
            "max_tokens": limit,
            "temperature": 0,
            "seed": 0,
            "stream": True,
            "stream_options": {"include_usage": True},
            **({"response_format": {"type": "json_schema", "json_schema": form}} if schema else {}),
        }

    def _known(self, request: Mapping[str, Any], guessed: Set[str]) -> dict[str, Any]:
        """The request without what the server doesn't know, or may not."""
        unknown = self._left_out | guessed
        known = {name: value for name, value in request.items() if name not in unknown}
        if "max_tokens" in self._left_out:
            known["max_completion_tokens"] = request["max_tokens"]
        return known

    def _leave_out(self, sent: Mapping[str, Any], said: str, guessed: set[str]) -> None:
        """Learn from a refusal what to leave out; raises EngineError if there is nothing.

        What the server names is left out from now on; what is `guessed`, once that has helped.
        """
        named = {name for name in (*OPTIONAL, "max_tokens") if name in sent and name in said}
        unnamed = {"response_format", "stream_options"}.intersection(sent)
        if not (named or unnamed):
            raise EngineError(
                f"{self.model} at {self._host} refused the request: {said}",
                hint="Is the model's name right? The server knows which it has.",
            )
        if named:
            self._left_out |= named
        else:
            guessed |= unnamed

    def _once(
        self, request: dict[str, Any], told: Callable[[int], None] | None
    ) -> tuple[str, int | None]:
        """The words of one reply, and the tokens that the server counted."""
        until = time.monotonic() + self.deadline
        key = _key()
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        try:
            with self._client.stream(
                "POST", f"{self.url}/chat/completions", json=request, headers=headers
            ) as response:
                if response.status_code != httpx.codes.OK:
                    self._raise_for(response)
                if "event-stream" not in response.headers.get("content-type", ""):
                    return _whole(b"".join(_bounded(response, until)))
                return _streamed(_lines(_bounded(response, until)), told)
        except httpx.TimeoutException as error:
            raise _Retry(f"no byte for {self.timeout:.0f} seconds") from error
        except httpx.HTTPError as error:
            raise _Retry(_clean(str(error) or type(error).__name__)) from error

    def _raise_for(self, response: httpx.Response) -> None:
        said = _clean(b"".join(_bounded(response, time.monotonic() + 10)).decode(errors="replace"))
        status = response.status_code
        if status in RETRIED:
            after = _seconds(response.headers.get("retry-after", ""))
            raise _Retry(f"status {status}: {said}", after)
        if status in (400, 422):
            raise _Refused(said)
        hint = "Is OPENAI_API_KEY right?" if status in (401, 403) else _HINT
        raise EngineError(f"{self.model} at {self._host}: status {status}: {said}", hint=hint)

    def _wait(self, attempt: int, failure: _Retry) -> None:
        if failure.after is not None and failure.after > LONGEST_WAIT:
            raise EngineError(
                f"{self._host} wants us to wait {failure.after:.0f} seconds ({failure}).",
                hint="Try again then.",
            )
        wait = FIRST_WAIT * 2 ** (attempt - 1) * random.uniform(0.5, 1.5)  # noqa: S311
        # After the time that the server asked for, not all requests at the same moment.
        self.sleep((failure.after or 0.0) + min(wait, LONGEST_WAIT))

    # --- the budget -----------------------------------------------------------------

    def _reserve(self, tokens: int) -> int:
        with self._lock:
            if self.budget and self.spent + tokens > self.budget:
                raise BudgetError(
                    f"The budget of {self.budget:,} tokens is spent: {self.spent:,} are used, "
                    f"and {tokens:,} more could be.",
                    hint="MUJAZ_TOKEN_BUDGET sets it; 0 is no limit.",
                )
            self.spent += tokens
        return tokens

    def _settle(self, reserved: int, used: int) -> None:
        with self._lock:
            self.spent += used - reserved


_HINT = "Set OPENAI_BASE_URL, such as http://localhost:8000/v1, and OPENAI_API_KEY if it wants one."


def _key() -> str:
    """The key; raises EngineError where it can't be sent, which a message of httpx would show."""
    key = os.environ.get("OPENAI_API_KEY", "").strip()
    if not (key.isascii() and (key.isprintable() or not key)):
        raise EngineError(
            "OPENAI_API_KEY has characters that no key has.", hint="Was it copied whole?"
        )
    return key


def _masked(said: str) -> str:
    """What a server said, without our key."""
    key = _key()
    return said.replace(key, "***") if key else said


def _mended(text: str) -> str:
    """Characters that came in two halves put together; a half alone is no character."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _clean(said: str) -> str:
    """What a server said, for a message: short, one line, without our key."""
    return " ".join(_masked(said).split())[:300]


def _number(name: str, default: int) -> int:
    value = os.environ.get(name, "")
    if not value:
        return default
    if not value.isdecimal():
        raise EngineError(f"{name} is {value!r}, not a number.")
    return int(value)


def _is_local(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def _seconds(retry_after: str) -> float | None:
    """A Retry-After header: seconds, or a date (RFC 9110, section 10.2.3)."""
    try:
        return max(0.0, float(retry_after))
    except ValueError:
        pass
    try:
        return max(0.0, email.utils.parsedate_to_datetime(retry_after).timestamp() - time.time())
    except (ValueError, TypeError):
        return None


def _bounded(response: httpx.Response, until: float) -> Iterator[bytes]:
    """The bytes of a reply; an endless one ends in an error."""
    size = 0
    for chunk in response.iter_bytes():
        size += len(chunk)
        if size > MAX_BYTES:
            raise ReplyError(
                f"A reply of {response.url.host} is over {MAX_BYTES:,} bytes and was not read on.",
                hint="The server does not keep to max_tokens, or is no chat endpoint.",
            )
        if time.monotonic() > until:
            raise _Retry("the reply took too long")
        yield chunk


def _lines(chunks: Iterator[bytes]) -> Iterator[str]:
    rest = b""
    for chunk in chunks:
        *whole, rest = (rest + chunk).split(b"\n")
        yield from (line.decode(errors="replace").strip() for line in whole)
    yield rest.decode(errors="replace").strip()


def _streamed(lines: Iterator[str], told: Callable[[int], None] | None) -> tuple[str, int | None]:
    """Put a stream of server-sent events together; one that breaks off is worth a retry."""
    parts: list[str] = []
    tokens: int | None = None
    ended = False
    for line in lines:
        if not line.startswith("data:"):
            continue
        data = line[5:].strip()
        if data == "[DONE]":
            ended = True
            break
        event = _json(data)
        if "error" in event:
            raise _Retry(_clean(json.dumps(event["error"])))
        tokens = _counted(event) or tokens
        try:
            for choice in event.get("choices") or []:
                parts.append(str((choice.get("delta") or {}).get("content") or ""))
                ended = ended or bool(choice.get("finish_reason"))
        except (AttributeError, TypeError) as error:
            raise _Retry("the reply is no chat completion") from error
        if told:
            told(len(parts))
    if not ended:
        raise _Retry("the reply broke off")
    return "".join(parts), tokens


def _whole(body: bytes) -> tuple[str, int | None]:
    """The reply of a server that doesn't stream."""
    event = _json(body.decode(errors="replace"))
    try:
        text = event["choices"][0]["message"]["content"] or ""
    except (KeyError, IndexError, TypeError) as error:
        raise _Retry("the reply is no chat completion") from error
    return str(text), _counted(event)


def _counted(event: Mapping[str, Any]) -> int | None:
    """The tokens of a request as the server counts them, if it does."""
    usage = event.get("usage")
    tokens = usage.get("total_tokens") if isinstance(usage, dict) else None
    return tokens if isinstance(tokens, int) else None


def _json(data: str) -> dict[str, Any]:
    try:
        event = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise _Retry("the reply is not JSON") from error
    if not isinstance(event, dict):
        raise _Retry("the reply is no JSON object")
    return event
