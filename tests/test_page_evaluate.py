"""The Evaluate tab: the harness's own report, in a frame where nothing runs."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from summarizer.errors import UsageError
from summarizer.page import evaluate_tab
from summarizer.page.blocks import build
from summarizer.page.desk import Desk, Done
from summarizer.page.evaluate_tab import _framed, report_of
from summarizer.page.events import Options, session_of
from summarizer.page.feeds import Feeds
from summarizer.page.words import words

VISITOR: Any = SimpleNamespace(client=None, session_hash="me")


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk that gives a job half a second; evaluating takes for ever."""

    def endless(_systems: Any, _first: int, progress: Any) -> None:
        while True:
            time.sleep(0.01)
            progress("scoring", 0, 0)

    monkeypatch.setattr(evaluate_tab, "report_of", endless)
    return Desk(timeout=0.5)


def functions(desk: Desk, folder: Path, name: str) -> list[Callable[..., Any]]:
    """What the page has its events do, by name."""
    page = build("en", Options(engine="echo"), desk, Feeds(folder))
    return [f.fn for f in page.fns.values() if f.fn and getattr(f.fn, "__name__", "") == name]


def test_a_report_is_framed_so_that_nothing_runs() -> None:  # a real one: test_page.py
    page = "<!doctype html><title>x</title><p onclick='x'>\"</p><script>window.ran = 1</script>"
    framed = _framed(page, words("en"))
    assert framed.startswith('<iframe class="mj-frame" sandbox title=')
    assert framed.count("<") == 2  # the frame; all of the page is escaped


def test_nothing_chosen_is_told() -> None:
    with pytest.raises(UsageError, match="No system"):
        report_of([], 2, lambda *_: None)


def test_stop_on_the_brief_tab_leaves_an_evaluation_alone(desk: Desk, tmp_path: Path) -> None:
    (evaluate,) = functions(desk, tmp_path, "evaluate")
    stop_brief, stop_evaluate = functions(desk, tmp_path, "stop_all")
    run = evaluate(["echo"], 2, VISITOR)
    next(run)
    next(run)
    stop_brief(VISITOR)
    assert "Stopped" not in next(run)[0]
    stop_evaluate(VISITOR)
    assert "Stopped" in list(run)[-1][0]


def test_stop_on_the_evaluate_tab_leaves_a_brief_alone(desk: Desk, tmp_path: Path) -> None:
    _, stop_evaluate = functions(desk, tmp_path, "stop_all")
    brief = desk.run("me", session_of(VISITOR, "brief"), lambda *_: time.sleep(0.2))
    next(brief)
    stop_evaluate(VISITOR)
    assert list(brief)[-1][-1] == Done(None)


def test_an_evaluation_that_takes_too_long_is_told_its_own_way_out(
    desk: Desk, tmp_path: Path
) -> None:
    (evaluate,) = functions(desk, tmp_path, "evaluate")
    said = list(evaluate(["echo"], 2, VISITOR))[-1][0]
    assert "longer than 0.5 seconds" in said
    assert "fewer articles" in said
    assert "shorter" not in said
