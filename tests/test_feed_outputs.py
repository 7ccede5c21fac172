"""What a feed's options make of its outputs, and a server's feed; no process is started."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from typing import Any

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from typer.testing import CliRunner

from summarizer.cli_feed import _progress, app
from summarizer.errors import JournalError, UsageError
from summarizer.feed import (
    Journal,
    Options,
    Report,
    Snapshot,
    retry_failed,
    run_feed,
    write_outputs,
)
from summarizer.feed.entries import entry_of
from summarizer.feed.journal import Outcome, Task
from summarizer.feed.outputs import check_outputs
from summarizer.feed.work import Worker
from tests.in_process import Here

FEEDS = Path(__file__).parent / "feeds"
QUICK = Options(engine="echo", length="headline", group=False, wait_s=0.01)
WATER, ROADS = "البرلمان يقر قانونا جديدا للمياه", "الحكومة تعلن خطة لتطوير الطرق"


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("summarizer.feed.run.Processes", Here)


def entry(id: str, title: str, day: int, **more: str) -> dict[str, str]:
    made = {"id": id, "title": title, "text": f"{title} أمس.", "url": f"https://{id}.example/x"}
    return {**made, "published": f"2026-11-{day:02}T10:00:00+03:00", **more}


def written(file: Path, entries: Sequence[dict[str, str]]) -> Path:
    file.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in entries))
    return file


def ids(output: Path) -> list[str]:
    return [json.loads(line)["source"]["id"] for line in output.read_text().splitlines()]


def with_options(folder: Path, **options: Any) -> tuple[list[str], Report]:
    """The ids in the output of a run over `folder`'s feed."""
    chosen = Options(**{"engine": "echo", "length": "headline", "group": False, **options})
    report = run_feed(folder / "f.jsonl", folder / "j", [folder / "o.jsonl"], chosen)
    return ids(folder / "o.jsonl"), report


def test_since_limit_match_and_only_new_choose_what_is_written(tmp_path: Path) -> None:
    entries = [entry("a", WATER, 1), entry("b", ROADS, 3), entry("c", f"{ROADS} في مصر", 5)]
    written(tmp_path / "f.jsonl", entries)
    assert with_options(tmp_path)[0] == ["a", "b", "c"]
    assert with_options(tmp_path, since="2026-11-03")[0] == ["b", "c"]
    assert with_options(tmp_path, limit=1)[0] == ["a"]
    found, report = with_options(tmp_path, match=("طرق", "كهرباء"))
    assert (found, report.read["left out"], report.made) == (["b", "c"], 1, 0)
    assert with_options(tmp_path, match=("طرق",), since="2026-11-04")[0] == ["c"]
    assert with_options(tmp_path, only_new=True)[0] == []
    written(tmp_path / "f.jsonl", [*entries, entry("d", f"{WATER} في العراق", 6)])
    assert with_options(tmp_path, only_new=True)[0] == ["d"]
    assert with_options(tmp_path)[0] == ["a", "b", "c", "d"]


def test_filters_look_into_the_files_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name, title, day in (("a", WATER, 1), ("b", ROADS, 3), ("c", f"{WATER} والطرق", 5)):
        text = f"{title}\n\nالأحد {day} نوفمبر 2026\n\n{title} بعد نقاش طويل في المجلس أمس.\n"
        (tmp_path / "in" / f"{name}.txt").write_text(text)
    (tmp_path / "in" / "d.txt").write_bytes(b"")

    def chosen(**options: Any) -> tuple[list[str], list[str], int]:
        how = replace(QUICK, **options)
        report = run_feed(tmp_path / "in", tmp_path / "j", [tmp_path / "o.jsonl"], how)
        with Journal(tmp_path / "j") as journal:
            failed = [item.key for item in journal.items(state="failed")]
        return ids(tmp_path / "o.jsonl"), failed, report.read["left out"]

    assert chosen(match=("طرق",)) == (["b.txt", "c.txt"], ["d.txt"], 1)
    assert chosen(since="2026-11-03") == (["b.txt", "c.txt"], ["d.txt"], 1)
    assert chosen(match=("طرق",), since="2026-11-04") == (["c.txt"], ["d.txt"], 2)


def test_english_words_are_looked_for_in_the_briefs(tmp_path: Path) -> None:
    written(tmp_path / "f.jsonl", [entry("a", WATER, 1), entry("b", ROADS, 3)])
    assert with_options(tmp_path, engine="gloss", match=("Parliament",))[0] == ["a"]
    assert with_options(tmp_path, engine="gloss", match=("no such word", "ROAD"))[0] == ["b"]


def test_what_is_retried_is_written_with_the_filters_of_its_run(tmp_path: Path) -> None:
    broken = entry("b", "An English story", 3, text="Nothing Arabic in it: الطرق")
    written(tmp_path / "f.jsonl", [entry("a", ROADS, 1), broken, entry("c", WATER, 5)])
    found, report = with_options(tmp_path, match=("طرق",), only_new=True)
    assert (found, len(report.failed)) == (["a"], 1)
    again = retry_failed(tmp_path / "j", [tmp_path / "again.jsonl"])
    assert (again.run, again.made) == (report.run, 1)
    assert ids(tmp_path / "again.jsonl") == ["a"]
    with pytest.raises(JournalError, match="no journal"):
        retry_failed(tmp_path / "k")
    assert not (tmp_path / "k").exists()


def test_a_retry_that_was_cut_short_ends_the_run_when_it_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def last() -> tuple[int, bool]:
        with Journal(tmp_path / "j") as journal:
            found = journal.last_run()
            assert found
            return found[0], found[3]

    def failing(self: Worker, tasks: Sequence[Task]) -> list[Outcome]:
        return [Outcome(task.number, error="no answer") for task in tasks]

    def killed(self: Worker, tasks: Sequence[Task]) -> list[Outcome]:
        raise KeyboardInterrupt

    written(tmp_path / "f.jsonl", [entry("a", ROADS, 1)])
    with monkeypatch.context() as patch:
        patch.setattr(Worker, "__call__", failing)
        run_feed(tmp_path / "f.jsonl", tmp_path / "j", [], QUICK)
        assert last() == (1, True)
        patch.setattr(Worker, "__call__", killed)
        with pytest.raises(KeyboardInterrupt):
            retry_failed(tmp_path / "j")
        assert last() == (1, False)
    assert retry_failed(tmp_path / "j").made == 1
    assert last() == (1, True)


def test_no_output_takes_the_place_of_source_or_journal(tmp_path: Path) -> None:
    source, journal = written(tmp_path / "f.jsonl", [entry("a", WATER, 1)]), tmp_path / "j.jsonl"
    (tmp_path / "link.jsonl").symlink_to(source)
    run_feed(source, journal, [], QUICK)
    before = source.read_bytes(), journal.read_bytes()
    for output in (source, tmp_path / "link.jsonl", journal):
        with pytest.raises(UsageError, match="would destroy"):
            run_feed(source, journal, [output], QUICK)
        with pytest.raises(UsageError, match="would destroy"):
            retry_failed(journal, [output])
    assert (source.read_bytes(), journal.read_bytes()) == before


def test_no_output_becomes_an_article_of_the_next_run(tmp_path: Path) -> None:
    source, other = tmp_path / "in", tmp_path / "other"
    (source / "sub").mkdir(parents=True)
    (source / "a.txt").write_text(f"{WATER}\n\n{WATER} بعد نقاش طويل في المجلس أمس.\n")
    other.symlink_to(source)
    for output in (source / "o.html", source / "sub" / "o.HTM", source / "a.txt", other / "o.html"):
        for journal, outputs in ((tmp_path / "j", [output]), (output, [])):
            with pytest.raises(UsageError, match="next run would read it"):
                run_feed(source, journal, outputs, QUICK)
    fine = [source / "o.jsonl", source / "o.rss", source / "folder", tmp_path / "o.html"]
    for _ in range(2):
        run_feed(source, source / "o.journal", fine, QUICK)
    with Journal(source / "o.journal") as opened:
        assert [item.key for item in opened.items()] == ["a.txt"]


def test_two_entries_of_one_id_may_change_places(tmp_path: Path) -> None:
    water = entry("x", WATER, 1)
    roads = {**entry("x", ROADS, 2), "url": "https://x.example/y"}
    written(tmp_path / "f.jsonl", [water, roads])
    first, report = with_options(tmp_path)
    assert (len(set(first)), report.made) == (2, 2)
    for entries in ([roads, water], [roads], [water, roads]):
        written(tmp_path / "f.jsonl", entries)
        again, report = with_options(tmp_path)
        assert (again, report.made, report.read["known"]) == (first, 0, len(entries))
    written(tmp_path / "f.jsonl", [roads, water])
    again, report = with_options(tmp_path, words=9)
    assert (again, report.made) == (first, 2)


def test_a_run_that_is_stopped_lets_go_of_its_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def held() -> list[str]:
        places = map(os.path.realpath, Path("/proc/self/fd").iterdir())
        return [place for place in places if place == str(source)]

    source = written(tmp_path / "f.jsonl", [entry(str(n), ROADS, 1) for n in range(300)])
    monkeypatch.setattr("summarizer.feed.run.READ_AHEAD", 5)  # and a chunk has 100
    before = set(threading.enumerate())
    asked = count()
    report = run_feed(source, tmp_path / "j", [], QUICK, stop=lambda: next(asked) > 0)
    assert report.stopped
    until = time.monotonic() + 10
    while (left := set(threading.enumerate()) - before) and time.monotonic() < until:
        time.sleep(0.02)
    assert (left, held()) == (set(), [])


def test_a_full_translation_stands_in_every_output_that_has_room(tmp_path: Path) -> None:
    text = "أعلنت الحكومة أمس خطة جديدة لتطوير الطرق.\nوقال الوزير إن العمل يبدأ غدا."
    written(tmp_path / "f.jsonl", [entry("a", ROADS, 1, text=text)])
    names = ("o.jsonl", "o.html", "folder")
    options = Options(engine="gloss", length="headline", group=False, full=True)
    run_feed(tmp_path / "f.jsonl", tmp_path / "j", [tmp_path / name for name in names], options)
    made = json.loads((tmp_path / "o.jsonl").read_text())["translation"]
    told = [line["text"] for part in made["paragraphs"] for line in part]
    assert len(told) == 2
    (markdown,) = (tmp_path / "folder").glob("0*.md")
    page = etree.HTML((tmp_path / "o.html").read_bytes())
    for line in told:
        assert line in markdown.read_text()
        assert line in "".join(page.xpath("//details//text()"))


# --- feeds for readers --------------------------------------------------------------


def atom(path: Path) -> dict[str, Any]:
    """The entries by id, once the file is valid."""
    etree.RelaxNG(etree.parse(FEEDS / "atom.rng")).assertValid(etree.parse(path))
    read = feedparser.parse(path.read_bytes())
    assert not read.bozo
    assert read.feed.updated == max(one.updated for one in read.entries)
    return {one.link: one for one in read.entries}


def test_an_atom_entry_is_updated_only_when_something_changed(tmp_path: Path) -> None:
    out, options = tmp_path / "o.atom", Options(engine="echo", length="headline")
    entries = [entry("a", WATER, 1), entry("b", ROADS, 3), entry("c", f"{ROADS} {WATER}", 5)]
    del entries[2]["published"]
    run_feed(written(tmp_path / "f.jsonl", entries), tmp_path / "j", [out], options)
    before, inode = atom(out), out.stat().st_ino
    assert [one.get("published", "")[:10] for one in before.values()] == [
        "2026-11-03", "2026-11-01", "",
    ]  # fmt: skip
    run_feed(tmp_path / "f.jsonl", tmp_path / "j", [out], options)
    assert out.stat().st_ino == inode, "nothing changed, and it was written"
    entries[0]["text"] += " وأضاف الوزير أن العمل يبدأ غدا."
    entries.append({**entries[1], "id": "copy", "url": "https://copy.example/x"})
    run_feed(written(tmp_path / "f.jsonl", entries), tmp_path / "j", [out], options)
    after = atom(out)
    assert {link: one.id for link, one in before.items()} == {
        link: one.id for link, one in after.items()
    }
    newer = {link for link in before if after[link].updated > before[link].updated}
    same = {link for link in before if after[link].updated == before[link].updated}
    assert newer == {"https://a.example/x", "https://b.example/x"}  # changed; joined by a copy
    assert same == {"https://c.example/x"}
    links = [(one.rel, one.href) for one in after["https://b.example/x"].links]
    assert links == [("alternate", "https://b.example/x"), ("related", "https://copy.example/x")]


def test_the_end_of_time_is_a_date(tmp_path: Path) -> None:
    one = entry("a", WATER, 1, published="9999-12-31T23:59:59Z")
    for more in ("", " وأضاف الوزير أن العمل يبدأ غدا."):
        written(tmp_path / "f.jsonl", [{**one, "text": one["text"] + more}])
        run_feed(tmp_path / "f.jsonl", tmp_path / "j", [tmp_path / "o.atom"], QUICK)
    assert [e.updated[:4] for e in atom(tmp_path / "o.atom").values()] == ["9999"]


@settings(max_examples=25, deadline=None)
@given(text=st.text(min_size=1, max_size=60), name=st.text(max_size=20))
def test_any_words_make_valid_feeds(
    tmp_path_factory: pytest.TempPathFactory, text: str, name: str
) -> None:
    folder = tmp_path_factory.mktemp("feed")
    one = entry_of(id=name, title=f"{WATER} {text}", outlet=name, url="https://x.example/ا")
    with Journal(folder / "j", write=True) as journal:
        run = journal.begin("-", {})
        journal.add([one], "settings", run)
        tasks = journal.take(1, 0, least=1, unseen=True)
        journal.record(Worker(QUICK)(tasks), 0, 0)
        write_outputs(journal, [folder / "o.rss", folder / "o.atom"], QUICK)
    assert len(atom(folder / "o.atom")) == 1
    etree.RelaxNG(etree.parse(FEEDS / "rss.rng")).assertValid(etree.parse(folder / "o.rss"))


# --- from a server ------------------------------------------------------------------


class Site(BaseHTTPRequestHandler):
    """A feed with an ETag, a page behind it, one that comes back, and one that is gone."""

    asked: list[tuple[str, str | None]] = []  # noqa: RUF012 - one list for all requests

    def do_GET(self) -> None:
        self.asked.append((self.path, self.headers["If-None-Match"]))
        items = "".join(f"<item><title>{ROADS} {name}</title><link>http://{self.headers['Host']}/"
                        f"{name}</link></item>" for name in ("page", "busy", "gone"))  # fmt: skip
        paths = [path for path, _ in self.asked]
        if self.path == "/feed" and self.headers["If-None-Match"] == '"1"':
            self.reply(304, "", "")
        elif self.path == "/feed":
            self.reply(200, f"<rss version='2.0'><channel>{items}</channel></rss>", "text/xml")
        elif self.path == "/gone" or (self.path == "/busy" and paths.count("/busy") < 3):
            self.reply(404 if self.path == "/gone" else 503, "", "text/html")
        else:
            page = f"<html><body><article><h1>{ROADS}</h1><p>{WATER} {self.path}.</p></article>"
            self.reply(200, page, "text/html; charset=utf-8")

    def reply(self, status: int, body: str, kind: str) -> None:
        self.send_response(status)
        self.send_header("ETag", '"1"')
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr("summarizer.fetch.is_public", lambda address: address == "127.0.0.1")
    Site.asked.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/feed"
    server.shutdown()
    server.server_close()


def test_a_feed_of_a_server_is_asked_for_only_if_it_changed(site: str, tmp_path: Path) -> None:
    place, out = tmp_path / "j", tmp_path / "o.jsonl"
    options = Options(engine="echo", length="headline", group=False, allow_url=True)
    with pytest.raises(Exception, match="fetching is off"):
        run_feed(site, place, [out], QUICK)
    first = run_feed(site, place, [out], options)
    again = run_feed(site, place, [out], options)
    assert (first.read["new"], first.notes, again.read) == (3, (), {})
    assert again.notes == ("The feed has not changed since it was fetched last.",)
    assert len(ids(out)) == 3
    longer = Options(engine="echo", words=30, group=False, allow_url=True)
    assert run_feed(site, place, [out], longer).read["again"] == 3  # what it had is needed
    assert Site.asked == [("/feed", None), ("/feed", '"1"'), ("/feed", None)]


def test_what_a_filter_left_out_is_asked_for_the_next_time(site: str, tmp_path: Path) -> None:
    def told(**more: Any) -> Report:
        return run_feed(site, tmp_path / "j", [], replace(QUICK, allow_url=True, **more))

    assert told(limit=1).read["new"] == 1
    assert told().read == {"new": 2, "known": 1, "left out": 0}
    assert told(limit=1, words=30).read["again"] == 1
    assert told().read["again"] == 1, "what was made otherwise with a filter is made as asked"
    assert told().notes == ("The feed has not changed since it was fetched last.",)


def test_words_are_looked_for_on_the_page_of_an_entry_without_text(
    site: str, tmp_path: Path
) -> None:
    pages = [site.replace("feed", name) for name in ("page", "other", "gone")]
    (tmp_path / "f.txt").write_text("\n".join(pages))

    def chosen(journal: str, word: str, **more: Any) -> tuple[list[str], list[str]]:
        out, how = tmp_path / "o.jsonl", replace(QUICK, match=(word,), **more)
        report = run_feed(tmp_path / "f.txt", tmp_path / journal, [out], how)
        return ids(out), [item.error for item in report.failed]

    found, (error,) = chosen("j", "مياه", pages=True)
    assert found == pages[:2]
    assert "/gone answered 404" in error
    assert chosen("k", "كهرباء", pages=True) == ([], [error])
    assert chosen("l", "مياه") == ([], ["The entry has neither text nor title."] * 3)


def test_linked_pages_and_what_is_tried_again(site: str, tmp_path: Path) -> None:
    options = Options(
        engine="echo", length="headline", group=False, allow_url=True, pages=True, wait_s=0.01
    )
    report = run_feed(site, tmp_path / "j", [tmp_path / "o.jsonl"], options)
    (gone,) = report.failed
    assert "/gone answered 404" in gone.error
    with Journal(tmp_path / "j") as journal:
        attempts = [item.attempts for item in journal.items()]
        briefs = [item.brief for item in journal.items(state="done", results=True)]
    assert attempts == [1, 3, 1], "a server that is busy is asked again, a dead link is not"
    assert all(brief and brief["source"]["sha256"] for brief in briefs)


def test_waits_grow_and_end(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    clock, waits, record = count(), list[float](), Journal.record

    def noted(self: Journal, outcomes: Sequence[Outcome], retries: int, due: float) -> object:
        waits.append(due - next(clock) + 1)
        return record(self, outcomes, retries, due)

    def failing(self: Worker, tasks: Sequence[Task]) -> list[Outcome]:
        return [Outcome(task.number, error="no answer", passing=True) for task in tasks]

    monkeypatch.setattr("summarizer.feed.run.now", lambda: next(clock))
    monkeypatch.setattr(Journal, "record", noted)
    monkeypatch.setattr(Worker, "__call__", failing)
    written(tmp_path / "f.jsonl", [entry("a", WATER, 1)])
    options = Options(engine="echo", length="headline", group=False, wait_s=1)
    report = run_feed(tmp_path / "f.jsonl", tmp_path / "j", [], options)
    assert waits == [1, 4, 16, 64]
    assert [(item.attempts, item.error) for item in report.failed] == [(4, "no answer")]


# --- as a person sees it ------------------------------------------------------------


def test_a_feed_with_everything_wrong_is_handled_as_the_manual_says(tmp_path: Path) -> None:
    manual = (FEEDS.parents[1] / "docs" / "feed.md").read_text(encoding="utf-8")
    shown = manual.partition("<!-- bad -->\n```\n")[2].partition("```\n<!-- /bad -->")[0]
    bad = (FEEDS / "bad.xml").read_text(encoding="utf-8")
    runs = (bad.encode("windows-1256"), bad.replace(">full<", ">renamed<").encode())
    command = [sys.executable, "-m", "summarizer.cli", "feed", "-", "-o", "bad.jsonl"]
    said = ""
    for asked, feed in zip(re.findall(r"\$ .* -o .*\n", shown), runs, strict=True):
        done = subprocess.run(
            [*command, "--engine", "echo", "--length", "headline", "--no-group"],
            cwd=tmp_path, input=feed, capture_output=True, check=False,
            env={**os.environ, "PYTHONPATH": str(FEEDS.parents[1])},
        )  # fmt: skip
        said += f"{asked}{done.stderr.decode()}$ echo $?\n{done.returncode}\n"
    assert said == shown
    codes = {w["code"] for line in (tmp_path / "bad.jsonl").read_text().splitlines()
             for w in json.loads(line)["warnings"]}  # fmt: skip
    assert codes >= {"date-unreadable", "id-made", "id-repeated", "link-unusable", "title-markup"}


@pytest.mark.skipif(not shutil.which("chromium"), reason="needs Chromium")
def test_the_digest_asks_for_nothing_and_fits_a_telephone(tmp_path: Path) -> None:
    from playwright.sync_api import sync_playwright

    out, options = tmp_path / "o.html", Options(engine="gloss", length="headline")
    run_feed(FEEDS / "news.jsonl", tmp_path / "j", [out], options)
    asked: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        page = browser.new_page(viewport={"width": 360, "height": 800})
        page.on("request", lambda request: asked.append(request.url))
        page.goto(out.as_uri())
        days = [heading.inner_text() for heading in page.locator("h2").all()]
        wide = page.evaluate("document.documentElement.scrollWidth")
        stories = page.locator("article").all()
        outlets = [story.locator(".facts a").count() for story in stories]
        arabic = page.locator("p.ar").first.evaluate("e => getComputedStyle(e).direction")
        page.set_viewport_size({"width": 1280, "height": 800})
        boxes = [page.locator(f".head >> nth=0 >> {part}").bounding_box() for part in ("h3", ".ar")]
        browser.close()
    assert asked == [out.as_uri()]
    assert days == ["Tuesday, 24 November 2026", "Monday, 23 November 2026", "Without a brief"]
    assert outlets == [2, 1, 1]
    assert wide <= 360
    assert arabic == "rtl"
    english, source = boxes
    assert english
    assert source
    assert source["x"] > english["x"] + english["width"], "the Arabic stands beside the English"


def test_a_date_that_stands_in_the_text_is_the_items(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    text = f"{WATER}\n\nالثلاثاء 24 نوفمبر 2026\n\n{WATER} بعد نقاش طويل في المجلس أمس.\n"
    (tmp_path / "in" / "a.txt").write_text(text)
    run_feed(tmp_path / "in", tmp_path / "j", [tmp_path / "o.html"], QUICK)
    assert "Tuesday, 24 November 2026" in (tmp_path / "o.html").read_text()
    with Journal(tmp_path / "j") as journal:
        assert [item.published for item in journal.items()] == ["2026-11-24"]


def test_progress_says_items_segments_rate_time_left_and_failures(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in {"FORCE_COLOR": "1", "NO_COLOR": "", "COLUMNS": "200"}.items():
        monkeypatch.setenv(name, value)
    now = Snapshot(done=2, failed=1, waiting=7, reading=True, segments=42, seconds=10, made=3,
                   retries=2)  # fmt: skip
    with _progress(quiet=False) as tell:
        tell(now)
    said = "3 of 10+ items, 42 segments, 1,080 items an hour, 0:00:23 left, 1 failed, 2 tried again"
    assert said in re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", capsys.readouterr().err)


def test_the_help_says_what_the_exit_status_means() -> None:
    said = " ".join(CliRunner().invoke(app, ["run", "--help"]).output.split())
    assert "4 if an item failed in this run;" in said


def test_standard_output_is_no_output_of_a_feed() -> None:
    with pytest.raises(UsageError, match="standard output"):
        check_outputs([Path("-")])
