"""The sample articles: each is read clean, with all of its noise named."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from summarizer import read_file
from summarizer.article import read_bytes

SEEDS = Path(__file__).parent.parent / "seeds"
FURNITURE = ("اقرأ", "إقرأ", "شارك", "تابعنا", "قد يعجبك", "جميع الحقوق", "صورة:", "الأكثر قراءة")
NOWHERE = (  # wherever it stands: words that no article of ours has in its text
    "اقرأ أيضا", "شاهد أيضا", "قد يعجبك", "أخبار متعلقة", "كلمات مفتاحية", "الوسوم", "تابعوا",
    "نسخ الرابط", "واتساب", "طباعة", "إعلان\n", "أرشيفية", "تصوير:", "غيتي", "آخر تحديث", "//", "#",
    "جميع الحقوق", "عدد القراءات", "دقائق للقراءة", "اترك تعليقا", "المصدر:", "النشرة البريدية",
)  # fmt: skip
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
    "08-wire-cables.txt": (
        "خمس دول مطلة",
        None,
        16,
        {"slogan": 1, "byline": 1, "related": 1},
    ),
    "09-local-water.txt": (
        "سكان أولاد بوزيان",
        "2025-11-11",
        10,
        {"nav": 1, "byline": 1, "date-line": 1, "share": 1, "caption": 1, "related": 1}
        | {"tags": 4, "counter": 1, "comments": 1},
    ),
    "10-football-table.txt": (
        "نجم تطوان يقلب",
        "2025-11-08",
        16,
        {"slogan": 1, "byline": 1, "date-line": 1, "caption": 1, "related": 4, "share": 1},
    ),
    "11-trade-figures.txt": (
        "الصادرات السعودية",
        "2025-11-16",
        11,
        {"slogan": 1, "byline": 1, "date-line": 1, "counter": 1, "ad": 1, "related": 3}
        | {"tags": 1, "copyright": 1},
    ),
    "12-court-giza.txt": (
        "السجن المشدد",
        "2025-11-12",
        13,
        {"nav": 1, "date-line": 1, "byline": 1, "caption": 1, "related": 4, "share": 1}
        | {"promo": 1},
    ),
    "13-science-corals.txt": (
        "باحثون عمانيون",
        "2025-11-18",
        14,
        {"nav": 1, "date-line": 1, "caption": 1, "related": 1, "byline": 1, "tags": 1},
    ),
    "14-storm-lebanon.html": ("العاصفة «ربى» تضرب", "2026-01-13", 12, None),
}
LOOSE = {  # paragraphs that are a subheading or a line of a table, and have no full stop
    "10-football-table.txt": 5,
    "13-science-corals.txt": 2,
    "14-storm-lebanon.html": 1,
}


@pytest.mark.parametrize("name", READ)
def test_a_seed_is_read_clean(name: str) -> None:
    title, published, paragraphs, removed = READ[name]
    article = read_file(SEEDS / name)
    assert article.title.startswith(title)
    assert (article.published or "")[:10] == (published or "")
    assert len(article.paragraphs) == paragraphs
    assert not [p for p in article.paragraphs if p.startswith(FURNITURE)]
    assert not [phrase for phrase in NOWHERE if phrase in article.text]
    assert len([p for p in article.paragraphs if not p.endswith(ENDS)]) == LOOSE.get(name, 0)
    if removed is not None:
        assert Counter(part.reason for part in article.removed) == removed


def test_every_seed_is_tested() -> None:
    assert {file.name for file in SEEDS.iterdir()} - {"README.md"} == set(READ)


@pytest.mark.parametrize("name", READ)
def test_a_seed_is_read_the_same_every_time(name: str) -> None:
    data = (SEEDS / name).read_bytes()
    assert read_file(SEEDS / name) == read_file(SEEDS / name) == read_bytes(data, name=name)


@pytest.mark.parametrize("name", READ)
def test_the_sentences_of_a_seed_lie_in_its_text(name: str) -> None:
    article = read_file(SEEDS / name)
    sentences = article.sentences()
    assert len(sentences) >= len(article.paragraphs)
    assert all(article.text[s.start : s.end] == s.text for s in sentences)


def test_the_misplaced_full_stop_is_put_right() -> None:
    assert "عام 2031." in read_file(SEEDS / "01-politics-wire.txt").text
    assert "عام 2009. ولم" in read_file(SEEDS / "08-wire-cables.txt").text
