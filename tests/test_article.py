"""Reading: every input ends in a clean article or in an error that says why."""

from __future__ import annotations

import hashlib
import io
import json
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer import article as reading
from summarizer.arabic import normalise
from summarizer.article import (
    Article,
    parse_date,
    read_any,
    read_bytes,
    read_file,
    read_html,
    read_text,
)
from summarizer.errors import (
    EmptyArticleError,
    InputError,
    MujazError,
    NotArabicError,
    TooLargeError,
)
from summarizer.fetch import Fetched
from summarizer.furniture import REASONS, classify, protected

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared" / "eval"

TITLE = "وزير الزراعة يفتتح سدا جديدا في محافظة الشمال"
LEAD = "افتتح وزير الزراعة سليم عواد أمس الثلاثاء سدا جديدا في محافظة الشمال بكلفة عشرين مليونا."
NEXT = "وقال الوزير خلال حفل الافتتاح إن السد سيروي نحو ثلاثة آلاف هكتار من الأراضي الزراعية."
LAST = "وأضاف أن العمل في السد استغرق أربعة أعوام، وأن أهالي القرى القريبة شاركوا في بنائه."
BODY = (LEAD, NEXT, LAST)


def outcome(read: Callable[[], Article]) -> str:
    """The name of the input, from the article or from the message of the error."""
    try:
        article = read()
    except InputError as error:
        return error.message
    assert article.paragraphs
    return article.source.name


def lines(*parts: str) -> str:
    return "\n\n".join(parts)


def reasons(article: Article) -> dict[str, str]:
    return {part.text: part.reason for part in article.removed}


def codes(article: Article) -> set[str]:
    return {warning.code for warning in article.warnings}


# --- the plain case -----------------------------------------------------------------


def test_a_noisy_page() -> None:
    page = lines(
        "صوت الشمال الحر",
        TITLE,
        "متابعات // وكالة الشمال للأنباء //",
        "الثلاثاء 14 أيار/مايو 2024 - 09:30 مساء",
        "شارك على فيسبوك تويتر واتساب",
        LEAD,
        "اقرأ أيضا: أمطار غزيرة في الجنوب",
        NEXT,
        "إعلان",
        LAST,
        "#زراعة #سدود",
        "جميع الحقوق محفوظة © صوت الشمال 2024",
        "قد يعجبك أيضا",
        "أسعار القمح ترتفع في الأسواق",
        "مهرجان للتمور في الواحة",
    )
    article = read_text(page, name="page.txt")
    assert article.title == TITLE
    assert article.paragraphs == BODY
    assert article.byline == "متابعات // وكالة الشمال للأنباء"
    assert article.published == "2024-05-14"
    assert not article.warnings
    assert list(reasons(article).values()) == [
        "slogan", "byline", "date-line", "share", "related", "ad", "tags", "copyright",
        "related", "related", "related",
    ]  # fmt: skip
    assert article.source.name == "page.txt"
    assert article.source.sha256 == hashlib.sha256(article.text.encode()).hexdigest()
    assert article.source.id == article.source.sha256[:16]


def test_sentences_have_offsets_in_the_text() -> None:
    article = read_text(lines(TITLE, f"{LEAD} {NEXT}", LAST))
    sentences = article.sentences()
    assert [s.text for s in sentences] == list(BODY)
    assert [s.paragraph for s in sentences] == [0, 0, 1]
    assert all(article.text[s.start : s.end] == s.text for s in sentences)


def test_what_the_caller_knows_wins() -> None:
    article = read_text(lines(*BODY), title=TITLE, byline="سعاد", published="2024-05-14T10:00:00Z",
                        url="https://example.org/1", id="7")  # fmt: skip
    assert article.title == TITLE
    assert (article.byline, article.published) == ("سعاد", "2024-05-14T10:00:00Z")
    assert (article.source.id, article.source.url) == ("7", "https://example.org/1")


def test_no_headline_is_noted() -> None:
    article = read_text(lines(*BODY))
    assert article.title == ""
    assert codes(article) == {"title-missing"}


def test_a_headline_alone_is_read() -> None:
    article = read_text(TITLE)
    assert article.title == TITLE
    assert article.paragraphs == (TITLE,)
    assert codes(article) == {"headline-only"}


# --- furniture ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("القاهرة - وكالات", "byline"),
        ("كتب: محمود سالم", "byline"),
        ("بقلم سعاد يوسف", "byline"),
        ("(أ ف ب)", "byline"),
        ("--(بترا)", "byline"),
        ("نشر في: ١٤ مارس ٢٠٢٥، الساعة ٩:٣٠ صباحا", "date-line"),
        ("5 رمضان 1445 هـ الموافق 15 مارس 2024 م", "date-line"),
        ("الرياض، 14 ربيع الآخر 1447هـ الموافق 6 أكتوبر 2025م، واس", "date-line"),
        ("منذ ساعتين", "date-line"),
        ("اليوم اليوم أمس", "date-line"),
        ("طباعة", "share"),
        ("شارك هذا الخبر عبر واتساب", "share"),
        ("الصورة: لقطة من الحفل", "caption"),
        ("تصوير: سامي حداد", "caption"),
        ("أرشيفية", "caption"),
        ("جانب من حفل الافتتاح (رويترز)", "caption"),
        ("جانب من حفل الافتتاح (تصوير: سامي حداد)", "caption"),
        ("حفل الافتتاح - أرشيفية", "caption"),
        ("اقرأ المزيد", "related"),
        ("شاهد أيضا: جولة في السد", "related"),
        ("مواضيع ذات صلة", "related"),
        ("كلمات دلالية: السد، الزراعة", "tags"),
        ("#السد #الزراعة", "tags"),
        ("الرئيسية > أخبار > محليات", "nav"),
        ("أخبار محلية", "nav"),
        ("إعلان", "ad"),
        ("التعليقات", "comments"),
        ("أضف تعليقا", "comments"),
        ("عدد المشاهدات: 1,204", "counter"),
        ("3 دقائق للقراءة", "counter"),
        ("جميع الحقوق محفوظة 2024", "copyright"),
        ("تابعونا على تلغرام", "promo"),
        ("اشترك في النشرة البريدية", "promo"),
        ("// انتهى //", "mark"),
        ("***", "mark"),
        (LEAD, None),
        (TITLE, None),
        ("مرحلة ثانية", None),
        ("وتابع الوزير جولته في المحافظة على الرغم من المطر وزار القرى القريبة كلها.", None),
        ("إعلان نتائج الانتخابات في الشمال", None),
        ("تحرير المدينة بعد معارك استمرت شهرا", None),
        ("كتب جديدة في المعرض", None),
        ("رويترز: الحكومة تدرس رفع الأسعار في الشتاء", None),
        ("• ري الأراضي مرتين في الأسبوع", None),
        ("حرب 6 أكتوبر 1973", None),
    ],
)
def test_classify(line: str, reason: str | None) -> None:
    assert classify(normalise(line)) == reason
    assert reason is None or reason in REASONS


def test_links_glued_to_a_line_are_cut() -> None:
    glued = f"{LEAD} اقرأ أيضا: أمطار غزيرة في الجنوب"
    article = read_text(lines(TITLE, glued, NEXT, f"{LAST} تابع صوت الشمال على: فيسبوك"))
    assert article.paragraphs == BODY
    assert set(reasons(article).values()) == {"related", "promo"}


def test_time_stamps_of_other_stories_are_cut() -> None:
    stamped = f"{LEAD} اليوم 12:47 اليوم 09:10 {NEXT} اليوم 2 أيلول عاد الوزير. 3 أيلول 4 أيلول"
    article = read_text(lines(TITLE, stamped))
    assert article.paragraphs == (f"{LEAD} {NEXT} اليوم 2 أيلول عاد الوزير.",)
    assert set(reasons(article).values()) == {"related"}


def test_a_block_in_the_middle_ends_where_prose_resumes() -> None:
    block = ("مواضيع ذات صلة", "أمطار غزيرة في الجنوب", "مهرجان للتمور في الواحة")
    article = read_text(lines(TITLE, LEAD, *block, NEXT, LAST))
    assert article.paragraphs == BODY
    assert reasons(article) == dict.fromkeys(block, "related")


def test_a_dateline_is_the_byline() -> None:
    article = read_text(lines(TITLE, f"طرابلس (رويترز) - {LEAD}", NEXT))
    assert article.paragraphs == (LEAD, NEXT)
    assert article.byline == "طرابلس (رويترز)"


@pytest.mark.parametrize(
    "dateline", ["جدة- ", "القدس المحتلة- ", "واس- جدة: ", "سامي حداد- الشمال- جدة: "]
)
def test_a_glued_dash_ends_a_dateline(dateline: str) -> None:
    article = read_text(lines(TITLE, f"{dateline}{LEAD}", NEXT))
    assert article.paragraphs == (LEAD, NEXT)


@pytest.mark.parametrize(
    "dateline", ["طرابلس (وكالات) ", "صوت الشمال / طرابلس / ", "طرابلس (ليبيا) - وال: "]
)
def test_a_dateline_may_run_into_its_sentence(dateline: str) -> None:
    article = read_text(lines(TITLE, f"{dateline}{LEAD}", NEXT))
    assert article.paragraphs == (LEAD, NEXT)
    assert article.byline == dateline.strip(" :/")


def test_a_spaced_dash_may_open_an_aside() -> None:
    lead = "السد الجديد - وهو الثالث في محافظة الشمال - كلف عشرين مليونا من الدنانير."
    assert read_text(lines(TITLE, lead, NEXT)).paragraphs == (lead, NEXT)


def test_a_slogan_with_words_of_the_article_is_not_the_headline() -> None:
    article = read_text(lines("محافظة الشمال.. أخبار الزراعة", TITLE, "جدة // سامي حداد //", *BODY))
    assert article.title == TITLE
    assert article.byline == "جدة // سامي حداد"
    assert article.paragraphs == BODY


def test_repetitions_are_removed() -> None:
    article = read_text(lines(TITLE, LEAD, TITLE, NEXT, LEAD, LAST))
    assert article.paragraphs == BODY
    assert list(reasons(article).values()) == ["duplicate", "duplicate"]


def test_labels_and_emoji_are_cut_and_counted() -> None:
    article = read_text(lines(f"🔴 عاجل | {TITLE}", f"📌 {LEAD} 👇🏼", f"✅ {NEXT}"))
    assert article.title == TITLE
    assert article.paragraphs == (LEAD, NEXT)
    assert [(r.text, r.reason) for r in article.removed] == [
        ("🔴", "mark"), ("عاجل |", "nav"), ("📌", "mark"), ("👇🏼", "mark"), ("✅", "mark"),
    ]  # fmt: skip
    for label in ("عاجل..", "#عاجل |", "عاجل 🔴 |", "عاجل/", "عاجل | بالفيديو..", "خاص |"):
        assert read_text(LEAD, title=f"{label} {TITLE}").title == TITLE
    assert read_text(lines(TITLE, LEAD, "📌 تابعونا على تويتر", NEXT)).paragraphs == (LEAD, NEXT)


@pytest.mark.parametrize(
    "title",
    [
        "عاجلا أم آجلا ستعود المياه إلى مجاريها",
        "خاص بالنساء: سباق في الرباط",
        "تحديث نظام الضرائب: ماذا تغير",
    ],
)
def test_words_that_are_no_label_stay(title: str) -> None:
    assert read_text(LEAD, title=title).title == title


def test_lists_and_subheadings_stay() -> None:
    body = (LEAD, "أهداف المشروع", "• ري الأراضي الزراعية القريبة", "• توليد الكهرباء", NEXT)
    assert read_text(lines(TITLE, *body)).paragraphs == body


words = st.sampled_from(
    [TITLE, *BODY, "اقرأ أيضا", "إعلان", "الرئيسية > أخبار", "14 مارس 2024", "واس - جدة", "سلا",
     "جميع الحقوق محفوظة", "عنوان آخر قصير", "«قال» نعم ..", "SHAMAL.INFO", "***", "ـ", "متابعة",
     f"{LEAD} تابعونا على: تويتر", f"(رويترز) - {NEXT}", "• بند", "#وسم"]
)  # fmt: skip


@given(st.lists(words, min_size=1, max_size=9))
@settings(max_examples=300, deadline=None)
def test_nothing_vanishes(parts: list[str]) -> None:
    text = "\n".join(parts)
    try:
        article = read_text(text)
    except (EmptyArticleError, NotArabicError):
        return
    headline_only = article.paragraphs == (article.title,) and "headline-only" in codes(article)
    places = [article.title, *(() if headline_only else article.paragraphs),
              *(part.text for part in article.removed)]  # fmt: skip
    found = sorted("".join("".join(places).split()))
    assert found == sorted("".join(normalise(text).split()))
    assert all(part.reason in REASONS for part in article.removed)
    sentences = [p for p in parts if protected(normalise(p)) and p in BODY]
    assert set(sentences) <= set(article.paragraphs)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("12 أيار/مايو 2024", "2024-05-12"),
        ("الجمعة 3 يناير 2025", "2025-01-03"),
        ("١٤ مارس ٢٠٢٥", "2025-03-14"),
        ("نشر في 2024-05-12", "2024-05-12"),
        ("2024-05-12T08:30:00+03:00", "2024-05-12T08:30:00+03:00"),
        ("25 نيسان / أبريل 2021 09:22", "2021-04-25"),
        ("3 من كانون الثاني 2023", "2023-01-03"),
        ("31/12/2023", "2023-12-31"),
        ("2023/8/3", "2023-08-03"),
        ("9 August 2016", "2016-08-09"),
        ("July 4, 2021", "2021-07-04"),
        ("الأحد ٢٥ جمادى الأولى ١٤٤٧هـ - ١٦ نوفمبر ٢٠٢٥م", "2025-11-16"),
        ("14/5/1447هـ الموافق 5/11/2025م", "2025-11-05"),
        ("5 رمضان 1445", None),
        ("25/5/1447", None),
        ("31 فبراير 2024", None),
        ("2024-13-45", None),
        ("أمس", None),
    ],
)
def test_parse_date(text: str, iso: str | None) -> None:
    assert parse_date(text) == iso


# --- bytes and files ----------------------------------------------------------------

PLAIN = lines(TITLE, *BODY)


@pytest.mark.parametrize(
    ("encoding", "warned"),
    [
        ("utf-8", set()),
        ("utf-8-sig", set()),
        ("utf-16", set()),
        ("utf-16-le", {"encoding-guessed"}),
        ("utf-16-be", {"encoding-guessed"}),
        ("windows-1256", {"encoding-guessed"}),
        ("iso-8859-6", {"encoding-guessed"}),
    ],
)
def test_encodings(encoding: str, warned: set[str]) -> None:
    article = read_bytes(PLAIN.encode(encoding), name="a.txt")
    assert article.paragraphs == BODY
    assert codes(article) == warned


def test_damaged_bytes_are_counted() -> None:
    data = PLAIN.encode().replace("السد".encode(), "السد".encode() + b"\xff\xfe")
    article = read_bytes(data, name="a.txt")
    assert codes(article) == {"encoding-damaged"}
    assert "places are not valid UTF-8" in article.warnings[0].message


def test_html_states_its_encoding() -> None:
    html = f"<html><head><meta charset=windows-1256><title>{TITLE}</title></head><body>"
    html += "".join(f"<p>{paragraph}</p>" for paragraph in BODY) + "</body></html>"
    article = read_bytes(html.encode("windows-1256"), name="a.html")
    assert article.paragraphs == BODY
    assert "encoding-guessed" not in codes(article)


def test_an_encoding_that_is_none_is_guessed() -> None:
    html = f"<html><head><meta charset=undefined></head><body><p>{BODY[0]}</p></body></html>"
    article = read_bytes(html.encode("windows-1256"), name="a.html")
    assert article.paragraphs == BODY[:1]
    assert "encoding-guessed" in codes(article)


def a_zip() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("a.txt", PLAIN)
    return held.getvalue()


@pytest.mark.parametrize(
    ("data", "error", "says"),
    [
        (b"", EmptyArticleError, "no text"),
        (b" \n\t ", EmptyArticleError, "no text"),
        ("123 ٤٥٦ 7.8".encode(), EmptyArticleError, "digits and no words"),
        (a_zip(), InputError, "notes.txt is a ZIP archive, not text"),
        (b"%PDF-1.7 ...", InputError, "a PDF document"),
        (b"\x89PNG\r\n\x1a\n", InputError, "a PNG image"),
        (bytes(range(256)) * 20, InputError, "binary data"),
        (b"The minister said that the plan is good for all of us.", NotArabicError, "English"),
        ("رئیس جمهور گفت که این تصمیم برای مردم است".encode(), NotArabicError, "Persian"),
        ("وزیر اعظم نے کہا ہے کہ یہ فیصلہ عوام کے لیے ہے".encode(), NotArabicError, "Urdu"),
        ("إعلان\nطباعة\nالرئيسية".encode(), EmptyArticleError, "share button"),
        (("كلمة " * 1_200_000).encode(), TooLargeError, "5,000,000"),
        (b"caf\xe9 d\xe9j\xe0 vu \xe0 la carte", NotArabicError, "not Arabic"),
        (b"<html></html>", EmptyArticleError, ""),
        (b"<!doctype html>", EmptyArticleError, ""),
    ],
)
def test_what_cannot_be_read(data: bytes, error: type[MujazError], says: str) -> None:
    with pytest.raises(error) as caught:
        read_bytes(data, name="notes.txt")
    assert says in caught.value.message
    assert "notes.txt" in caught.value.message


def test_files(tmp_path: Path) -> None:
    path = tmp_path / "خبر.txt"
    path.write_text(PLAIN, encoding="utf-8")
    assert read_file(path).source.name == "خبر.txt"
    assert read_any(str(path)).paragraphs == BODY
    for missing, says in ((tmp_path / "no", "does not exist"), (tmp_path, "is a folder")):
        with pytest.raises(InputError, match=says):
            read_file(missing)


def test_standard_input_and_urls() -> None:
    assert read_any("-", stdin=io.BytesIO(PLAIN.encode())).paragraphs == BODY
    assert read_any("-", stdin=io.StringIO(PLAIN)).paragraphs == BODY
    with pytest.raises(InputError, match="fetching is off"):
        read_any("https://user:secret@example.org/a?token=1")


def test_a_url_is_fetched_where_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    data = f"<html><title>{TITLE}</title><p>{'</p><p>'.join(BODY)}</p>".encode("windows-1256")

    def fetch(url: str, *, max_bytes: int) -> Fetched:
        return Fetched(data, f"{url}?session=1", "text/html; charset=windows-1256")

    monkeypatch.setattr("summarizer.fetch.fetch", fetch)
    article = read_any("https://example.org/1", allow_url=True)
    assert article.paragraphs == BODY
    assert article.source.name == "https://example.org/1"
    assert article.source.url == "https://example.org/1?session=1"


html_parts = st.sampled_from(
    ["<p>", "</p>", "<div>", "</div>", "<br>", "<table><tr><td>", "<a href='x'>", "<!--", "-->",
     "<h1>", "</h1>", "<script>", "</script>", "<svg>", "<![CDATA[", "&#0;", "&amp", "\x00",
     "<?xml version='1.0' encoding='utf-8'?>", "<meta charset=utf-16>", "<html>", "<body>",
     "<template>", "<title>", "</title>", "<article>", "\ud800", *BODY]
)  # fmt: skip


@given(st.binary(max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_bytes_end_in_an_article_or_an_error(data: bytes) -> None:
    assert "a.txt" in outcome(lambda: read_bytes(data, name="a.txt"))


@given(st.lists(html_parts, max_size=25).map("".join))
@settings(max_examples=200, deadline=None)
def test_any_html_ends_in_an_article_or_an_error(html: str) -> None:
    assert "a.html" in outcome(lambda: read_html(html, name="a.html"))


# --- size ---------------------------------------------------------------------------


def test_a_sentence_of_5000_words_and_no_end() -> None:
    sentence = " ".join(["كلمة"] * 5_000)
    article = read_text(f"{TITLE}\n{sentence}")
    assert article.paragraphs == (sentence,)
    assert len(article.sentences()) == 1


def test_a_long_article_is_cut_and_says_so() -> None:
    paragraphs = [f"{LEAD[:-1]} رقم {number}." for number in range(2_000)]
    article = read_text(lines(TITLE, *paragraphs))
    assert sum(len(p.split()) for p in article.paragraphs) <= reading.MAX_WORDS
    cut = [part.text for part in article.removed if part.reason == "cut"]
    assert [*article.paragraphs, *cut] == paragraphs
    assert f"last {len(cut)} paragraphs" in article.warnings[0].message
    one = read_text(f"{TITLE}\n" + " ".join(paragraphs))
    assert codes(one) == {"cut"}


def page(body: str) -> str:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in BODY)
    return f"<html><head><title>{TITLE}</title></head><body>{body}{text}</body></html>"


@pytest.mark.parametrize(
    "html",
    [
        page("<div>" * 100_000),
        page("<div>" * 1_500),
        page("<x>" * 90_000),
        page("<p>" * 1_000_000),
        page(f'<div data-x="{"a" * 4_000_000}"></div>'),
        "<!DOCTYPE html [" + "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 20))
        + "]>" + page("&a19;"),
        page("<!--" * 50_000),
        page("&lt;" * 1_000_000),
        "<html>" + "<table><tr><td>" * 30_000,
    ],
    ids=["deep", "1500", "unknown", "million", "attribute", "entities", "comments", "escapes",
         "tables"],
)  # fmt: skip
def test_html_bombs_end_in_seconds(html: str) -> None:
    start = time.monotonic()
    assert "bomb" in outcome(lambda: read_html(html, name="bomb"))
    assert time.monotonic() - start < 20


# --- HTML ---------------------------------------------------------------------------

SITE = f"""<!doctype html><html lang="ar"><head><title>{TITLE} | صوت الشمال</title>
<meta property="og:title" content="{TITLE} | صوت الشمال">
<meta property="og:site_name" content="صوت الشمال">
<meta name="author" content="سعاد يوسف">
<meta property="article:published_time" content="2024-05-14T09:30:00+03:00"></head><body>
<nav><a href="/">الرئيسية</a><a href="/news">أخبار</a></nav>
<article><h1>{TITLE}</h1><p>{LEAD}</p><p>اقرأ أيضا: أمطار غزيرة في الجنوب</p><p>{NEXT}</p>
<script>alert("x")</script><p>{LAST}</p></article>
<footer>جميع الحقوق محفوظة</footer></body></html>"""


def test_a_page() -> None:
    article = read_html(SITE, name="page.html", url="https://north.example/1")
    assert article.title == TITLE
    assert article.paragraphs == BODY
    assert article.byline == "سعاد يوسف"
    assert article.published is not None
    assert article.published.startswith("2024-05-14")
    assert article.source.url == "https://north.example/1"
    assert {"slogan", "related"} <= set(reasons(article).values())
    assert codes(article) == {"page"}
    assert read_text(SITE).paragraphs == BODY


# --- real pages, where this checkout has them beside it -------------------------------

native = sorted((SHARED / "native").glob("*.jsonl"))
pages = sorted((SHARED / "html").glob("*.html"))
negatives = sorted((SHARED / "html" / "not_arabic_negatives").glob("*.html"))


@pytest.mark.skipif(not native, reason="no ../shared beside this checkout")
@pytest.mark.parametrize("path", native, ids=lambda path: path.stem)
def test_real_articles(path: Path) -> None:
    for line in path.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        text = "\n".join(record.get("paragraphs") or [record.get("source_ar") or ""])
        try:
            article = read_text(text, name=record["id"], title=record.get("title", ""))
        except EmptyArticleError:
            assert len(text.split()) < 12, record["id"]
            continue
        assert all(article.text[s.start : s.end] == s.text for s in article.sentences())
        gone = [p.text for p in article.removed if protected(p.text) and classify(p.text) is None]
        assert not gone or all(p.reason == "duplicate" for p in article.removed if p.text in gone)


@pytest.mark.skipif(not pages, reason="no ../shared beside this checkout")
def test_real_pages() -> None:
    for path in pages:
        article = read_file(path)
        assert len(article.title.split()) >= 5, path.name
        assert len(article.paragraphs) >= 2, path.name
    for path in negatives:
        with pytest.raises(NotArabicError):
            read_file(path)
