"""The desk of the page: turns, limits, stopping; no browser and no model."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from summarizer.errors import InputError, MujazError, ServingError
from summarizer.page import blocks
from summarizer.page import desk as desk_module
from summarizer.page.desk import Desk, Doing, Done, Made, Stopped, Told, Waiting
from summarizer.page.events import Options
from summarizer.page.feeds import Feeds
from summarizer.result import Line

SECRET = "نص الخبر السري"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_module, "TICK", 0.05)


def working() -> int:
    return sum(thread.name == "mujaz-job" for thread in threading.enumerate())


def wait_for(what: Any, seconds: float = 10.0) -> None:
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.01)


def flat(told: Iterator[list[Told]]) -> list[Told]:
    return [item for batch in told for item in batch]


def endless(progress: Any, _on_line: Any) -> None:
    for n in range(10**9):
        time.sleep(0.005)
        progress("translating", n, 10**9)


def test_a_job_tells_progress_lines_and_result_in_order() -> None:
    def work(progress: Any, on_line: Any) -> str:
        progress("translating", 0, 2)
        on_line(Line("one", ()))
        on_line(Line("two", ()))
        return "result"

    told = flat(Desk().run("a", "1", work))
    assert [item.line.text for item in told if isinstance(item, Made)] == ["one", "two"]
    assert told[-1] == Done("result")
    assert any(isinstance(item, Doing) and item.what == "translating" for item in told)


def test_jobs_wait_for_their_turn_and_are_told_so() -> None:
    desk, order = Desk(per_user=9), []
    first = desk.run("a", "1", endless)
    next(first)
    second = desk.run("b", "2", lambda *_: order.append("second"))
    assert next(second) == [Waiting(1)]
    third = desk.run("c", "3", lambda *_: order.append("third"))
    assert next(third) == [Waiting(2)]
    desk.stop("1")
    with pytest.raises(Stopped):
        flat(first)
    flat(second)
    flat(third)
    assert order == ["second", "third"]


def test_stop_ends_the_thread_and_frees_the_desk() -> None:
    desk = Desk()
    told = desk.run("a", "mine", endless)
    next(told)
    next(told)
    assert working() == 1
    desk.stop("of somebody else")
    next(told)
    desk.stop("mine")
    with pytest.raises(Stopped):
        flat(told)
    wait_for(lambda: working() == 0)
    wait_for(lambda: desk.load == 0)


def test_a_waiting_job_can_be_stopped() -> None:
    desk = Desk()
    first, second = desk.run("a", "1", endless), desk.run("a", "2", endless)
    next(first)
    next(second)
    desk.stop("2")
    with pytest.raises(Stopped):
        flat(second)
    assert desk.load == 1
    first.close()
    wait_for(lambda: desk.load == 0)


def test_a_closed_listener_ends_its_job() -> None:  # what a reload comes to
    desk = Desk()
    told = desk.run("a", "1", endless)
    next(told)
    told.close()
    wait_for(lambda: working() == 0 and desk.load == 0)


def test_a_job_that_nobody_hears_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_module, "UNHEARD", 0.2)
    desk = Desk()
    told = desk.run("a", "1", endless)
    next(told)
    waiting = desk.run("a", "2", endless)
    next(waiting)
    time.sleep(0.3)  # neither is closed, neither is asked for more
    wait_for(lambda: working() == 0)
    assert flat(desk.run("b", "3", lambda *_: "mine"))[-1] == Done("mine")
    with pytest.raises(Stopped):
        flat(waiting)


def test_a_user_has_so_many_jobs_and_all_have_so_many() -> None:
    desk = Desk(per_user=2, waiting=3)
    jobs = [desk.run("a", "1", endless), desk.run("a", "1", endless)]
    for job in jobs:
        next(job)
    with pytest.raises(ServingError, match="your limit here, which is 2"):
        next(desk.run("a", "1", endless))
    jobs.append(desk.run("b", "2", endless))
    next(jobs[-1])
    with pytest.raises(ServingError, match="3 requests are waiting"):
        next(desk.run("c", "3", endless))
    for job in jobs:
        job.close()
    wait_for(lambda: desk.load == 0)


def test_a_job_has_so_much_time() -> None:
    desk = Desk(timeout=0.3)
    began = time.monotonic()
    with pytest.raises(ServingError, match=r"longer than 0\.3 seconds"):
        flat(desk.run("a", "1", endless))
    assert time.monotonic() - began < 5
    wait_for(lambda: working() == 0)


def test_lines_before_an_error_are_told() -> None:
    def work(_progress: Any, on_line: Any) -> None:
        on_line(Line("one", ()))
        raise InputError("bad")

    told = Desk().run("a", "1", work)
    assert isinstance(next(told)[0], Doing)
    (made,) = next(told)
    assert isinstance(made, Made)
    with pytest.raises(InputError, match="bad"):
        next(told)


def test_a_bug_is_logged_without_the_article(caplog: pytest.LogCaptureFixture) -> None:
    def work(*_: Any) -> None:
        raise KeyError(SECRET)

    with caplog.at_level(logging.DEBUG), pytest.raises(MujazError, match="went wrong") as caught:
        flat(Desk().run("a", "1", work))
    assert "KeyError" in caplog.text
    assert "test_page_desk.py" in caplog.text
    assert SECRET not in caplog.text + str(caught.value)


def test_a_bug_in_reading_is_told_without_the_article(
    caplog: pytest.LogCaptureFixture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise KeyError(SECRET)

    monkeypatch.setattr(blocks, "read_file", broken)
    monkeypatch.setattr(Feeds, "begin", broken)
    visitor = SimpleNamespace(client=None)
    page = blocks.build("en", Options(engine="echo"), Desk(), Feeds(tmp_path / "runs"))
    does = {getattr(f.fn, "__name__", ""): f.fn for f in page.fns.values()}
    upload = tmp_path / "a.txt"
    for what in ("open_file", "begin"):
        upload.write_text("x")
        more = ("echo", "brief", "all", "", visitor) if what == "begin" else ()
        told = does[what](str(upload), *more)
        assert "went wrong" in str(told)
        assert SECRET not in str(told) + caplog.text
        assert not upload.exists()
    assert caplog.text.count("KeyError at") == 2
