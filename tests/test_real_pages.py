"""Real pages, where `../shared` has them: every outlet's first article becomes a brief."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.pages.audit import articles
from summarizer import summarize
from summarizer.article import Article
from summarizer.result import Brief

SHARED = Path(__file__).parent.parent.parent / "shared" / "eval"
pytestmark = pytest.mark.skipif(not SHARED.exists(), reason="no ../shared: real pages NOT tested")


def first_of_each_outlet() -> dict[str, Article]:
    found: dict[str, Article] = {}
    for outlet, _id, article in articles(SHARED):
        if isinstance(article, Article):
            found.setdefault(outlet, article)
    return found


def test_every_outlet_gives_a_brief_with_true_evidence() -> None:
    found = first_of_each_outlet()
    assert len(found) >= 15
    for outlet, article in found.items():
        brief: Brief = summarize(article, engine="gloss")
        assert brief.headline, outlet
        assert brief.words <= 80, outlet
        assert brief.sentences or {w.code for w in brief.warnings} & {
            "headline-only",
            "over-limit",
            "short-article",
        }, outlet
        for line in brief.sentences:
            part = line.evidence[0]
            assert article.text[part.start : part.end] == part.text, outlet
