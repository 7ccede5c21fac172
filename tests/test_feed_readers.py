"""Reading feeds: every kind, and everything that feeds get wrong."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from summarizer.article import MAX_BYTES
from summarizer.errors import InputError, UsageError
from summarizer.feed.entries import Entry, entry_of, iso_date, plain
from summarizer.feed.readers import open_source
from summarizer.feed.run import mentions

FEEDS = Path(__file__).parent / "feeds"
TITLE, TEXT = "البرلمان يقر قانون المياه", "أقر البرلمان أمس قانونا جديدا للمياه."


def entries(data: bytes | str, kind: str = "") -> list[Entry]:
    raw = data.encode() if isinstance(data, str) else data
    return list(open_source("-", kind=kind, stdin=io.BytesIO(raw)).entries)


def codes(entry: Entry) -> set[str]:
    return {warning.code for warning in entry.warnings}


def test_every_kind_of_bad_entry() -> None:
    found = {e.id: e for e in open_source(FEEDS / "bad.xml").entries}
    assert found["full"].text.count("\n") == 1
    assert "نص كامل" in found["full"].text
    assert "ملخص" not in found["full"].text
    assert codes(found["date"]) == {"date-unreadable"}
    assert "title-markup" in codes(found["markup"])
    assert "<" not in found["markup"].title
    assert codes(found["script"]) == {"link-unusable"}
    assert found["script"].url is None
    assert found["empty"].text == ""
    made = next(e for e in found.values() if "id-made" in codes(e))
    assert made.id.startswith("sha256:")


def test_rss_in_windows_1256_that_says_utf_8() -> None:
    item = f"<item><title>{TITLE}</title><description>{TEXT} في من على</description></item>"
    start = "<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel>"
    xml = f"{start}{item}</channel></rss>"
    source = open_source("-", stdin=io.BytesIO(xml.encode("windows-1256")))
    (entry,) = source.entries
    assert entry.title == TITLE
    assert "windows-1256" in source.notes[0]


def test_entities_do_not_explode() -> None:
    bomb = "<!DOCTYPE rss [<!ENTITY a 'aaaaaaaaaa'>" + "".join(
        f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(9)
    )
    item = f"<item><title>{TITLE} &j;</title></item>"
    xml = f"{bomb}]><rss version='2.0'><channel>{item}</channel></rss>"
    assert all(len(e.title) < 1000 for e in entries(xml, "feed"))


def test_json_feed_and_json_lines() -> None:
    item = {
        "id": 7,
        "title": TITLE,
        "content_html": f"<p>{TEXT}</p><p>سطر</p>",
        "date_published": "2026-11-01T10:00:00+03:00",
        "authors": [{"name": "سامر"}],
    }
    version = "https://jsonfeed.org/version/1.1"
    (one,) = entries(json.dumps({"version": version, "title": "ص", "items": [item]}))
    (other,) = entries(json.dumps(item) + "\n")
    assert (one.id, one.text, one.published) == ("7", f"{TEXT}\nسطر", "2026-11-01T07:00:00+00:00")
    assert (one.outlet, one.byline) == ("ص", "سامر")
    assert other.content == one.content


def test_bad_lines_are_entries_with_errors() -> None:
    lines = [
        f'{{"title": "{TITLE}"}}',
        '{"title": ',
        "[1]",
        '{"x": 1}',
        "",
        '{"text": "' + TEXT + '"}',
    ]
    found = entries("\n".join(lines), "jsonl")
    assert [bool(e.error) for e in found] == [False, True, True, True, False]


def test_csv_with_quotes_newlines_and_semicolons() -> None:
    first = f'1;"{TITLE}";"سطر ""أول""\nسطر ثان";2026-11-02'
    table = f"\ufeffid;title;text;published\n{first}\n2;{TITLE};{TEXT};\n"
    one, two = entries(table)
    assert one.text == 'سطر "أول"\nسطر ثان'
    assert (one.published, two.published) == ("2026-11-02", None)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_row_or_line_that_is_too_long_is_an_entry_with_an_error(encoding: str) -> None:
    long = "ا" * (MAX_BYTES + 1)
    table = f"id,text\n1,{TEXT}\n2,{long}\n3,{TEXT}\n".encode(encoding)
    one, error, three = entries(table, "csv")
    assert (one.id, three.id, three.text) == ("1", "3", TEXT)
    assert (error.id, f"over {MAX_BYTES:,} bytes" in error.error) == ("row 3", True)
    listed = entries(f"https://a.example/1\n{long}\nhttps://a.example/2\n".encode(encoding), "list")
    assert [bool(e.error) for e in listed] == [False, True, False]
    with pytest.raises(InputError, match="over 5,000,000 bytes"):
        entries(f"{long}\n1,{TEXT}\n".encode(encoding), "csv")


def test_a_csv_row_with_more_cells_than_columns_is_not_cut() -> None:
    row = f"1,{TITLE},قال الوزير إن الخطة جاهزة, وإن التنفيذ يبدأ غدا"
    cut, fine = entries(f"id,title,text\n{row}\n2,{TITLE},{TEXT},, \n", "csv")
    assert "4 cells for 3 columns" in cut.error
    assert (fine.id, fine.text, fine.error) == ("2", TEXT, "")


def test_csv_in_utf_16_and_json_lines_in_windows_1256() -> None:
    assert entries(f"title,text\n{TITLE},{TEXT}\n".encode("utf-16"), "csv")[0].title == TITLE
    line = json.dumps({"title": TITLE}, ensure_ascii=False).encode("windows-1256")
    assert entries(line, "jsonl")[0].title == TITLE


def test_folder_and_list(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"{TITLE}\n\n{TEXT}")
    (tmp_path / "b.html").write_text(f"<html><body><h1>{TITLE}</h1><p>{TEXT}</p></body></html>")
    (tmp_path / "c.png").write_bytes(b"x")
    assert [e.id for e in open_source(tmp_path).entries] == ["a.txt", "b.html"]
    listing = tmp_path / "all.txt"
    listing.write_text("a.txt\n# none\nmissing.txt\nhttps://example.org/x\n")
    one, missing, page = open_source(listing).entries
    assert one.article().title == TITLE
    assert "missing.txt" in missing.error
    assert page.url == "https://example.org/x"


SITEMAPS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:i="http://image.example"'


def test_a_sitemap_names_pages_and_their_pictures_are_none() -> None:
    picture = "<i:image><i:loc>https://a.example/1.jpg</i:loc></i:image>"
    pages = f"<url>{picture}<loc> https://a.example/1 </loc><lastmod>2026-11-01</lastmod></url>"
    pages += "<url><loc>https://a.example/2</loc></url>"
    found = entries(f"<urlset {SITEMAPS}>{pages}</urlset>")
    assert [(e.url, e.published) for e in found] == [
        ("https://a.example/1", "2026-11-01"), ("https://a.example/2", None),
    ]  # fmt: skip


def test_an_entry_without_a_link_is_not_blamed_for_one() -> None:
    atom = "<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>urn:1</id></entry></feed>"
    rss = "<rss version='2.0'><channel><item><guid>urn:1</guid></item></channel></rss>"
    for text in (atom, rss):
        (entry,) = open_source("https://n.example/f", data=text.encode()).entries
        assert (entry.id, entry.url, entry.warnings) == ("urn:1", None, ())


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_feed_in_utf_16_is_read(encoding: str) -> None:
    rss = "\ufeff<?xml version='1.0' encoding='utf-16'?><rss version='2.0'><channel><item>"
    rss += "<title>أقر البرلمان</title></item></channel></rss>"
    (entry,) = open_source("https://n.example/f", data=rss.encode(encoding)).entries
    assert entry.title == "أقر البرلمان"


def test_a_sitemap_in_utf_16_is_no_list_of_files() -> None:
    sitemap = "<?xml version='1.0' encoding='utf-16'?>"
    sitemap += f"<urlset {SITEMAPS}><url><loc>https://a.example/1</loc></url></urlset>"
    (entry,) = entries(sitemap.encode("utf-16"))
    assert (entry.url, entry.error) == ("https://a.example/1", "")


def test_a_long_json_line_in_utf_16_is_no_json_feed() -> None:
    line = json.dumps({"title": TITLE, "text": TEXT * 100}) + "\n"
    assert [entry.title for entry in entries((line * 2).encode("utf-16"))] == [TITLE] * 2


def test_files_of_other_kinds_in_a_folder_are_counted(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    for name in ("a.txt", "b.docx", "c", "sub/d.txt", "sub/e.pdf", ".x", ".git/f", ".git/g.txt"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("أقر البرلمان القانون.", encoding="utf-8")
    (folder / "link").symlink_to(tmp_path)
    source = open_source(folder)
    assert [entry.id for entry in source.entries] == ["a.txt", "sub/d.txt"]
    assert source.notes == ["Files of other kinds, not read: 4."]


def test_a_sitemap_of_sitemaps_is_refused_and_the_way_out_named() -> None:
    one = "<sitemap><loc>https://a.example/news.xml</loc></sitemap>"
    with pytest.raises(InputError, match="names sitemaps") as raised:
        entries(f"<sitemapindex {SITEMAPS}>{one}</sitemapindex>")
    assert "https://a.example/news.xml" in raised.value.hint


@pytest.mark.parametrize("data", [b"", b"\x89PNG\r\n\x1a\n123", "قصة بلا شكل".encode()])
def test_what_is_no_feed_is_said(data: bytes) -> None:
    with pytest.raises(InputError):
        entries(data)


@pytest.mark.parametrize("kind", ["folder", "xlsx"])
def test_a_kind_that_it_cannot_be(kind: str) -> None:
    with pytest.raises(UsageError, match=kind):
        entries(TITLE, kind)


def test_words_are_found_with_their_prefixes() -> None:
    entry = entry_of(title="زيارة لمصر وبالقاهرة")
    assert mentions(entry, ["مصر"])
    assert mentions(entry, ["القاهرة"])
    assert not mentions(entry, ["صر"])


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_title_and_text_make_an_entry(text: str) -> None:
    entry = entry_of(title=text, text=text, date=text, url=text, id=text)
    assert Entry.from_json(entry.to_json()) == entry
    entry.content.encode()


@settings(deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40)))
def test_json_lines_lose_no_line(texts: list[str]) -> None:
    lines = "\n".join(json.dumps({"id": str(n), "title": "x" + t}) for n, t in enumerate(texts))
    assert [e.id for e in entries(lines, "jsonl")] == [str(n) for n in range(len(texts))]


@example(b"\r\x00", "csv")
@settings(deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["feed", "jsonfeed", "jsonl", "csv", "list"]))
def test_no_bytes_break_a_reader(data: bytes, kind: str) -> None:
    try:
        for entry in entries(data, kind):
            entry.to_json().encode()
    except InputError:
        pass


@settings(deadline=None)
@given(st.text(max_size=200))
def test_markup_and_dates_never_raise(text: str) -> None:
    plain(f"<p>{text}</p>")
    iso_date(text)
