"""The Evaluate tab: the harness's own report, in a frame where nothing runs."""

from __future__ import annotations

import pytest

from summarizer.errors import UsageError
from summarizer.page.evaluate_tab import _framed, report_of
from summarizer.page.words import words


def test_a_report_is_framed_so_that_nothing_runs() -> None:  # a real one: test_page.py
    page = "<!doctype html><title>x</title><p onclick='x'>\"</p><script>window.ran = 1</script>"
    framed = _framed(page, words("en"))
    assert framed.startswith('<iframe class="mj-frame" sandbox title=')
    assert framed.count("<") == 2  # the frame; all of the page is escaped


def test_nothing_chosen_is_told() -> None:
    with pytest.raises(UsageError, match="No system"):
        report_of([], 2, lambda *_: None)
