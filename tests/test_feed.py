"""The feed as a person meets it: real processes, kills, a real disk that is full."""

from __future__ import annotations

import json
import os
import random
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import feedparser
import pytest
from lxml import etree

from summarizer.feed import Journal, Options, run_feed
from summarizer.feed.pool import Processes
from summarizer.feed.work import Worker
from tests.in_process import Here

FEEDS = Path(__file__).parent / "feeds"
KILLS = 40
OUTPUTS = ("briefs.jsonl", "briefs.html", "briefs.rss", "briefs.atom", "folder")


def command(source: object, folder: Path, *more: str) -> list[str]:
    outputs = [part for name in OUTPUTS for part in ("-o", str(folder / name))]
    return [sys.executable, "-m", "summarizer.cli", "feed", str(source), *outputs, *QUICK, *more]


QUICK = ("--engine", "echo", "--length", "headline", "--no-group", "--workers", "1")


def feed(file: Path, count: int) -> Path:
    """JSON lines: articles, and among them what can't be briefed."""
    with file.open("w", encoding="utf-8") as lines:
        for n in range(count):
            title = f"الحكومة تعلن الخطة رقم {n} لتطوير الطرق"
            text = f"أعلنت الحكومة أمس الخطة رقم {n} لتطوير الطرق في المدينة."
            entry = {"id": f"a{n}", "title": title, "text": text,
                     "url": f"https://news{n % 3}.example/{n}",
                     "published": f"2026-11-{1 + n % 24:02}T10:00:00Z"}  # fmt: skip
            if n % 50 == 7:
                entry |= {"title": "An English story", "text": "It is not Arabic at all."}
            lines.write(json.dumps(entry, ensure_ascii=False) + "\n")
    return file


def everything(folder: Path) -> dict[str, bytes]:
    """Every output, and every file that shouldn't be there."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".journal" not in path.name
    }


def run(args: list[str], **more: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        args, capture_output=True, text=True, timeout=300, check=False, **more  # type: ignore[call-overload, no-any-return]
    )  # fmt: skip


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("summarizer.feed.run.Processes", Here)


def finished(journal: Path) -> int:
    """How many items are done or failed, as another process sees it."""
    if not journal.exists():
        return 0
    with closing(sqlite3.connect(journal, timeout=30)) as db:
        if not db.execute("SELECT count(*) FROM sqlite_master WHERE name = 'item'").fetchone()[0]:
            return 0
        return int(db.execute("SELECT count(*) FROM item WHERE state != 'waiting'").fetchone()[0])


def test_killed_forty_times_it_ends_as_if_undisturbed(tmp_path: Path) -> None:
    source = feed(tmp_path / "feed.jsonl", 400)
    (tmp_path / "calm").mkdir()
    (tmp_path / "killed").mkdir()
    assert run(command(source, tmp_path / "calm", "--window", "4")).returncode == 4
    dice, journal = random.Random(5), tmp_path / "killed" / "briefs.journal"
    killed_at: list[int] = []
    while len(killed_at) < KILLS:
        args = command(source, tmp_path / "killed", "--window", "4")
        before, more = finished(journal), dice.randrange(15)
        with subprocess.Popen(args, stderr=subprocess.DEVNULL) as process:
            if dice.random() < 0.3:  # while it starts
                time.sleep(dice.uniform(0, 1))
            else:  # while it works: a little after it has done some more
                while process.poll() is None and finished(journal) - before < more:
                    time.sleep(0.002)
                time.sleep(dice.uniform(0, 0.01))
            process.kill()
            if process.wait() == -signal.SIGKILL:
                killed_at.append(finished(journal))
    # Killed after all was done and written, it has nothing more to do, and no failures of its own.
    with closing(sqlite3.connect(journal)) as db:
        (over,) = db.execute("SELECT count(*) FROM run WHERE finished = 1").fetchone()
    last = run(command(source, tmp_path / "killed", "--window", "4"))
    assert last.returncode == (0 if over else 4)
    assert everything(tmp_path / "killed") == everything(tmp_path / "calm")
    assert len(set(killed_at)) > KILLS / 3, "the kills did not fall while it worked"
    with sqlite3.connect(tmp_path / "killed" / "briefs.journal") as db:
        attempts = db.execute("SELECT attempts, count(*) FROM item GROUP BY attempts").fetchall()
    assert attempts == [(1, 400)], "a finished item was done again"


def test_ctrl_c_finishes_what_is_in_hand_and_says_how_to_go_on(tmp_path: Path) -> None:
    source = feed(tmp_path / "feed.jsonl", 6000)
    args = command(source, tmp_path, "--window", "4")
    with subprocess.Popen(args, stderr=subprocess.PIPE, text=True) as process:
        while not (tmp_path / "briefs.journal").exists():
            time.sleep(0.05)
        time.sleep(1.5)
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=120)
    assert process.returncode == 130
    assert "The same command goes on" in told
    assert "Traceback" not in told
    with Journal(tmp_path / "briefs.journal") as journal:
        counts = journal.counts()
    assert counts["waiting"] or sum(counts.values()) < 6000


def test_two_runs_on_one_journal(tmp_path: Path) -> None:
    source = feed(tmp_path / "feed.jsonl", 5)
    with Journal(tmp_path / "briefs.journal", write=True):
        done = run(command(source, tmp_path))
    assert done.returncode == 2
    assert "Another run is using the journal" in done.stderr


def test_a_journal_that_another_program_locked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, here: None
) -> None:
    monkeypatch.setattr("summarizer.feed.journal.BUSY_S", 0.1)
    source = feed(tmp_path / "feed.jsonl", 5)
    options = Options(engine="echo", length="headline", group=False)
    run_feed(source, tmp_path / "j", options=options)
    with sqlite3.connect(tmp_path / "j") as db:
        db.execute("BEGIN EXCLUSIVE")
        with pytest.raises(Exception, match="another program has locked it"):
            run_feed(source, tmp_path / "j", options=options)


def test_what_is_no_journal(tmp_path: Path) -> None:
    source = feed(tmp_path / "feed.jsonl", 5)
    (tmp_path / "briefs.journal").write_text("these are my notes, keep them\n" * 50)
    done = run(command(source, tmp_path))
    assert done.returncode == 2
    assert "no journal" in done.stderr
    assert (tmp_path / "briefs.journal").read_text().startswith("these are my notes")


def test_a_full_disk_loses_nothing(tmp_path: Path) -> None:
    source = feed(tmp_path / "feed.jsonl", 300)

    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))

    done = run(command(source, tmp_path), preexec_fn=little_room)
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert run(command(source, tmp_path)).returncode == 4
    assert len((tmp_path / "briefs.jsonl").read_bytes().splitlines()) == 294
    assert not list(tmp_path.glob(".*.part"))


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting needs root")
def test_output_on_a_read_only_disk(tmp_path: Path) -> None:
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "ro,size=1m", "tmpfs", str(place)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no mounting here")
    try:
        source = feed(tmp_path / "feed.jsonl", 5)
        done = run([*command(source, tmp_path), "-o", str(place / "x.jsonl")])
    finally:
        subprocess.run(["umount", str(place)], check=True)
    assert done.returncode == 2
    assert "x.jsonl may not be written" in done.stderr


def test_the_rss_is_valid_and_readers_can_follow_it(tmp_path: Path, here: None) -> None:
    source, options = feed(tmp_path / "f.jsonl", 60), Options(
        engine="echo", length="headline", group=False
    )  # fmt: skip
    out = tmp_path / "out.rss"
    report = run_feed(source, tmp_path / "j", [out], options)
    schema = etree.RelaxNG(etree.parse(FEEDS / "rss.rng"))
    schema.assertValid(etree.parse(out))
    read = feedparser.parse(out.read_bytes())
    assert not read.bozo
    assert len(read.entries) == report.done == 58
    assert {e.link for e in read.entries} >= {"https://news0.example/0"}
    dates = [e.published_parsed for e in read.entries]
    assert dates == sorted(dates, reverse=True)
    before = out.stat().st_mtime_ns
    again = run_feed(source, tmp_path / "j", [out], options)
    assert again.made == 0
    assert out.stat().st_mtime_ns == before, "nothing changed, and it was written"


def test_an_item_that_changed_keeps_its_guid(tmp_path: Path, here: None) -> None:
    source, options = feed(tmp_path / "f.jsonl", 3), Options(
        engine="echo", length="headline", group=False
    )  # fmt: skip
    out = tmp_path / "out.rss"
    run_feed(source, tmp_path / "j", [out], options)
    before = {e.id: e.title for e in feedparser.parse(out.read_bytes()).entries}
    source.write_text(source.read_text().replace("الخطة رقم 1", "الخطة رقم 900"))
    report = run_feed(source, tmp_path / "j", [out], options)
    after = {e.id: e.title for e in feedparser.parse(out.read_bytes()).entries}
    assert before.keys() == after.keys()
    assert report.read == {"known": 2, "changed": 1, "left out": 0}
    assert sum(before[key] != after[key] for key in before) == 1


def test_one_bad_item_does_not_stop_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    from summarizer.feed import work
    from summarizer.feed.entries import entry_of
    from summarizer.feed.journal import Task

    real = work.summarize_all

    def moody(articles, **options):  # type: ignore[no-untyped-def]
        if any("٧" in article.title for article in articles):
            raise ZeroDivisionError("seven")
        return real(articles, **options)

    monkeypatch.setattr(work, "summarize_all", moody)
    worker = Worker(Options(engine="echo", length="headline", group=False))
    tasks = [
        Task(n, entry_of(id=str(n), title=f"الحكومة تعلن الخطة {sign} للطرق"))
        for n, sign in enumerate("٥٦٧٨")
    ]
    outcomes = worker(tasks)
    assert [bool(one.error) for one in outcomes] == [False, False, True, False]
    assert "ZeroDivisionError" in outcomes[2].error


def test_a_worker_that_dies_loses_nothing(tmp_path: Path) -> None:
    source = feed(tmp_path / "f.jsonl", 40)
    options = Options(engine="echo", length="headline", group=False, workers=2, window=4)
    killed = []
    give = Processes.give

    def give_and_kill(self: Processes, tasks: object) -> None:
        give(self, tasks)  # type: ignore[arg-type]
        if not killed:
            worker = next(w for w in self._workers if w.tasks)
            killed.append(worker.process.pid)
            os.kill(worker.process.pid, signal.SIGKILL)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Processes, "give", give_and_kill)
        report = run_feed(source, tmp_path / "j", options=options)
    assert killed
    assert (report.done, len(report.failed)) == (39, 1)


def test_failures_are_listed_and_tried_again_when_asked(tmp_path: Path) -> None:
    source = feed(tmp_path / "f.jsonl", 10)
    assert run(command(source, tmp_path)).returncode == 4
    said = run([sys.executable, "-m", "summarizer.cli", "feed", "status", "--json",
                str(tmp_path / "briefs.jsonl")])  # fmt: skip
    known = json.loads(said.stdout)
    assert (known["done"], known["failed"], known["finished"]) == (9, 1, True)
    assert "not Arabic" in known["failures"][0]["error"]
    again = run([sys.executable, "-m", "summarizer.cli", "feed", "retry-failed",
                 str(tmp_path / "briefs.jsonl")])  # fmt: skip
    assert again.returncode == 4
    assert "1 again" in again.stderr


@pytest.mark.parametrize("outlet", [{}, {"outlet": "البوصلة"}])
def test_what_an_outlet_reports_each_day_is_no_copy(
    tmp_path: Path, here: None, outlet: dict[str, str]
) -> None:
    gold = "ارتفع سعر الذهب في المعاملات الفورية اليوم إلى {} دولارا للأوقية مع تراجع الدولار."
    rows = [
        {"id": f"g{n}", "title": "أسعار الذهب ترتفع", "text": gold.format(price), **outlet}
        for n, price in enumerate(("4012.5", "4056.7", "4056.7"))
    ]
    (tmp_path / "f.jsonl").write_text("\n".join(map(json.dumps, rows)))
    report = run_feed(
        tmp_path / "f.jsonl", tmp_path / "j", [tmp_path / "o.jsonl"], Options(engine="echo")
    )
    assert len((tmp_path / "o.jsonl").read_text(encoding="utf-8").splitlines()) == 2
    assert "3 briefs are 2 stories" in " ".join(report.notes)


def test_the_same_file_twice_in_a_folder_is_one_story(tmp_path: Path, here: None) -> None:
    gold = "أسعار الذهب ترتفع\n\nارتفع سعر الذهب في المعاملات الفورية اليوم إلى {} دولارا للأوقية."
    (tmp_path / "in" / "sub").mkdir(parents=True)
    out, told = tmp_path / "o.jsonl", []
    for name, price in (("a", "4012.5"), ("sub/b", "4012.5"), ("c", "4056.7")):
        (tmp_path / "in" / f"{name}.txt").write_text(gold.format(price), encoding="utf-8")
        report = run_feed(tmp_path / "in", tmp_path / "j", [out], Options(engine="echo"))
        told.append((len(out.read_text(encoding="utf-8").splitlines()), *report.notes))
    way_out = "copies are named as sources (or: --no-group)."
    copies = (f"2 briefs are 1 story; {way_out}", f"3 briefs are 2 stories; {way_out}")
    assert told == [(1,), (1, copies[0]), (2, copies[1])]


def test_ten_copies_of_a_story_are_one_entry_with_ten_sources(tmp_path: Path, here: None) -> None:
    title = "البرلمان يقر قانونا جديدا للمياه بعد نقاش طويل"
    text = "أقر البرلمان أمس الاثنين قانونا جديدا للمياه بعد نقاش استمر ثلاثة أيام."
    entries = [
        {"id": f"c{n}", "title": title, "text": f"وكالات: {text}" if n % 2 else text,
         "url": f"https://outlet{n}.example/water"} for n in range(10)
    ]  # fmt: skip
    entries.append({"id": "other", "title": "المنتخب يفوز بكأس القارة", "text": "فاز المنتخب أمس."})
    source = tmp_path / "f.jsonl"
    source.write_text("\n".join(json.dumps(entry) for entry in entries))
    options = Options(engine="echo", length="headline")
    run_feed(source, tmp_path / "j", [tmp_path / "o.jsonl"], options)
    told = [json.loads(line) for line in (tmp_path / "o.jsonl").read_text().splitlines()]
    assert [len(story["sources"]) for story in told] == [10, 1]
