"""What engines that run through CTranslate2 have in common."""

from __future__ import annotations

import ctypes
import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any


def batches(lengths: Sequence[int], most: Callable[[int], int]) -> Iterator[list[int]]:
    """Numbers of inputs of the same length together, longest first.

    Only of the same length: of others CTranslate2 reads the shortest length at once and the
    rest token by token, which is slow, or pads them; either rounds otherwise, so that what an
    input becomes would depend on its neighbours.

    Args:
        lengths: Tokens of each input.
        most: How many inputs of a length fit into a batch; 1 or more.
    """
    by_length: dict[int, list[int]] = defaultdict(list)
    for at, length in enumerate(lengths):
        by_length[length].append(at)
    for length, some in sorted(by_length.items(), reverse=True):
        for start in range(0, len(some), most(length)):
            yield some[start : start + most(length)]


def wait(promise: Any) -> Any:
    """The result; unlike its own `result()` this lets Ctrl-C through."""
    while not promise.done():
        time.sleep(0.005)
    return promise.result()


def cores() -> int:
    """The cores that this process may use; `OMP_NUM_THREADS` may allow fewer."""
    allowed = os.environ.get("OMP_NUM_THREADS", "")
    if allowed.isdecimal() and int(allowed) > 0:
        return min(int(allowed), _cores())
    return _cores()


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def one_heap() -> None:
    """Let all threads take memory from one place; to be called before there are any.

    glibc gives each thread heaps of 64 MB. The buffers of a batch, some megabytes each and larger
    with each token, leave holes in them: a peak is then up to twice what is in use.
    """
    _libc("mallopt", -8, 1)  # M_ARENA_MAX


def give_back_memory() -> None:
    """Let the system have what batches left free, hundreds of megabytes in a run of many."""
    _libc("malloc_trim", 0)


def _libc(name: str, *arguments: int) -> None:
    """Call a function of glibc; where there is another library, nothing happens."""
    with suppress(AttributeError, OSError, TypeError):
        getattr(ctypes.CDLL(None), name)(*map(ctypes.c_long, arguments))
