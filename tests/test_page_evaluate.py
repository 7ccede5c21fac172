"""The Evaluate tab: the harness's own report, in a frame where nothing runs."""

from __future__ import annotations

import pytest

from summarizer.errors import UsageError
from summarizer.page.evaluate_tab import _framed, report_of
from summarizer.page.words import words


def test_the_report_of_a_few_articles_is_framed_so_that_nothing_runs() -> None:
    told: list[tuple[str, int, int]] = []
    page = report_of(["echo"], 2, lambda *how: told.append(how))
    assert ("echo", 1, 2) in told
    assert page.lower().startswith("<!doctype html>")
    assert "<svg" in page
    framed = _framed(page, words("en"))
    assert framed.startswith('<iframe class="mj-frame" sandbox title=')
    assert framed.count("<") == 2  # the frame; all of the page is escaped


def test_nothing_chosen_is_told() -> None:
    with pytest.raises(UsageError, match="No system"):
        report_of([], 2, lambda *_: None)
