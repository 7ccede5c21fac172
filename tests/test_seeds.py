"""The sample articles: each is read clean, with all of its noise named."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from summarizer import read_file

SEEDS = Path(__file__).parent.parent / "seeds"
FURNITURE = ("اقرأ", "إقرأ", "شارك", "تابعنا", "قد يعجبك", "جميع الحقوق", "صورة:", "الأكثر قراءة")
ENDS = (".", ".”", ".»", "”.", "».")
READ = {  # file: title's beginning, date, paragraphs, removed by reason
    "01-politics-wire.txt": ("الأردن ومصر", None, 12, {"slogan": 1, "byline": 1, "related": 2}),
    "02-local-news.txt": (
        "أهالي حي النخيل",
        "2024-11-14",
        10,
        {"nav": 1, "byline": 1, "date-line": 1, "share": 4, "caption": 1, "related": 2}
        | {"tags": 1, "copyright": 1},
    ),
    "03-sports.txt": (
        "الفتح يقلب",
        "2024-11-09",
        11,
        {"byline": 1, "date-line": 1, "caption": 1, "related": 3, "promo": 1},
    ),
    "04-economy.txt": (
        "التضخم في مصر",
        "2024-07-10",
        12,
        {"byline": 1, "date-line": 1, "related": 1, "share": 1, "counter": 1},
    ),
    "05-court.txt": ("محكمة في بيروت", None, 12, {"byline": 1, "related": 2, "share": 1}),
    "06-science.txt": (
        "باحثون يكتشفون",
        None,
        11,
        {"nav": 1, "byline": 2, "counter": 1, "caption": 1, "related": 3},
    ),
    "07-weather.html": ("عاصفة رملية تغلق", "2024-05-23", 8, None),
}


@pytest.mark.parametrize("name", READ)
def test_a_seed_is_read_clean(name: str) -> None:
    title, published, paragraphs, removed = READ[name]
    article = read_file(SEEDS / name)
    assert article.title.startswith(title)
    assert (article.published or "")[:10] == (published or "")
    assert len(article.paragraphs) == paragraphs
    assert not [p for p in article.paragraphs if p.startswith(FURNITURE) or not p.endswith(ENDS)]
    if removed is not None:
        assert Counter(part.reason for part in article.removed) == removed


def test_every_seed_is_tested() -> None:
    assert {file.name for file in SEEDS.glob("0*")} == set(READ)


def test_the_misplaced_full_stop_is_put_right() -> None:
    assert "عام 2031." in read_file(SEEDS / "01-politics-wire.txt").text
