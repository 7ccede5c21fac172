"""What the page does with a feed that was sent: folders, zips, limits, stopping."""

from __future__ import annotations

import json
import os
import time
import tracemalloc
import zipfile
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from summarizer.errors import InputError, ServingError, TooLargeError
from summarizer.page import feeds as feeds_module
from summarizer.page.feeds import Feeds, Run
from summarizer.page.words import LANGUAGES, words

WATER = """البرلمان يقر قانونا جديدا للمياه بعد نقاش طويل

أقر البرلمان أمس الاثنين قانونا جديدا للمياه بعد نقاش استمر ثلاثة أيام.
"""


def finished(feeds: Feeds, name: str) -> Run:
    until = time.monotonic() + 240
    while (run := feeds.see(name)).is_active:
        assert time.monotonic() < until
        time.sleep(0.1)
    return run


def zipped(path: Path, members: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return path


def test_a_zip_of_articles_whose_names_lead_astray(tmp_path: Path) -> None:
    names = ("a.txt", "../../out.txt", "/etc/out.txt", "b/a.txt", "picture.png")
    upload = zipped(tmp_path / "up.zip", dict.fromkeys(names, WATER))
    feeds = Feeds(tmp_path / "runs")
    name = feeds.begin("me", upload, "echo", "brief")
    run = finished(feeds, name)
    assert run.problem is None
    assert len(run.items) == 4
    assert {item.state for item in run.items} == {"done"}
    assert {Path(file).suffix for file in run.files} == {".jsonl", ".html", ".rss", ".atom", ".zip"}
    assert all(f"feed-{file}" in words(language) for file in run.files for language in LANGUAGES)
    assert not upload.exists()
    assert {path.name for path in tmp_path.iterdir()} == {"runs"}
    with pytest.raises(InputError):
        feeds.file(name, "run.json")
    for strange in ("", ".", "..", "../runs", name + "x"):
        with pytest.raises(InputError):
            feeds.see(strange)


def test_zips_that_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    feeds = Feeds(tmp_path / "runs")
    with pytest.raises(InputError, match="no article"):
        feeds.begin("me", zipped(tmp_path / "1.zip", {"a.png": "x"}), "echo", "brief")
    monkeypatch.setattr(feeds_module, "MOST_BYTES", 100)
    with pytest.raises(TooLargeError):
        feeds.begin("me", zipped(tmp_path / "2.zip", {"a.txt": "x" * 101}), "echo", "brief")
    assert not list((tmp_path / "runs").iterdir())


def damaged(path: Path, *, at: int, by: bytes, method: int = zipfile.ZIP_DEFLATED) -> Path:
    """A zip of one article with bytes of it changed: after its name, or before that in the index.

    Without any, it was packed by `method`.
    """
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("a.txt", WATER * 20)
    data = bytearray(path.read_bytes())
    at += data.index(b"a.txt") if at >= 0 else data.rindex(b"a.txt")
    data[at : at + len(by)] = by
    path.write_bytes(data)
    return path


def test_a_damaged_zip_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    feeds = Feeds(tmp_path / "runs")
    cut = zipped(tmp_path / "cut.zip", {"a.txt": WATER})
    cut.write_bytes(b"PK" + cut.read_bytes()[40:])  # its directory points before its beginning
    for upload in (
        cut,
        damaged(tmp_path / "check.zip", at=-30, by=b"\0\0\0\0"),
        damaged(tmp_path / "zlib.zip", at=5, by=b"\xff" * 30),
        damaged(tmp_path / "locked.zip", at=-38, by=b"\1"),
        damaged(tmp_path / "rare.zip", at=0, by=b"", method=zipfile.ZIP_BZIP2),
    ):
        assert zipfile.is_zipfile(upload)
        with pytest.raises(InputError, match=rf"{upload.name} can't be unpacked"):
            feeds.begin("me", upload, "echo", "brief")
        assert not upload.exists()
        assert not list((tmp_path / "runs").iterdir())
    feeds.begin("me", zipped(tmp_path / "good.zip", {"a.txt": WATER}), "echo", "brief")


def test_a_zip_that_lies_about_its_size_is_not_unpacked_whole(tmp_path: Path) -> None:
    upload = tmp_path / "bomb.zip"
    with zipfile.ZipFile(upload, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", bytes(50_000_000))
    size = (50_000_000).to_bytes(4, "little")
    upload.write_bytes(upload.read_bytes().replace(size, (9).to_bytes(4, "little")))
    tracemalloc.start()
    with pytest.raises(InputError, match="bomb"):
        Feeds(tmp_path / "runs").begin("me", upload, "echo", "brief")
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 5_000_000


def test_whatever_goes_wrong_leaves_no_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    feeds = Feeds(tmp_path / "runs")
    with monkeypatch.context() as broken:
        broken.setattr(feeds_module, "_taken", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            feeds.begin("me", tmp_path / "a.jsonl", "echo", "brief")
    assert not list((tmp_path / "runs").iterdir())
    feeds.begin("me", zipped(tmp_path / "good.zip", {"a.txt": WATER}), "echo", "brief")


@pytest.mark.parametrize(
    "first", ["{secret}", "file://{secret}", "run.json", "https://a.example/", WATER, ""]
)
def test_no_feed_names_files_of_the_server(tmp_path: Path, first: str) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(WATER)
    upload = tmp_path / "list.txt"
    sitemap = f"<urlset><url><loc>{secret}</loc></url></urlset>"
    for text in (f"{first.format(secret=secret)}\n{secret}\n", sitemap):
        upload.write_text(text)
        feeds = Feeds(tmp_path / "runs")
        with pytest.raises(InputError, match=r"^list.txt is no feed that this page reads"):
            feeds.begin("me", upload, "echo", "brief")
        assert not list((tmp_path / "runs").iterdir())


def test_limits_come_before_unpacking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    feeds, unpacked = Feeds(tmp_path / "runs"), feeds_module._unpacked
    upload = zipped(tmp_path / "a.zip", {"a.txt": WATER})

    def and_again(archive: Path, folder: Path) -> Path:  # the same visitor, at the same time
        with pytest.raises(ServingError, match="already"):
            feeds.begin("me", upload, "echo", "brief")
        return unpacked(archive, folder)

    monkeypatch.setattr(feeds_module, "_unpacked", and_again)
    feeds.begin("me", upload, "echo", "brief")


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[Event]:
    """Runs work until this is set."""
    release = Event()
    monkeypatch.setattr(feeds_module, "run_feed", lambda *_, **__: release.wait(60))
    yield release
    release.set()


def a_feed(path: Path) -> Path:
    path.write_text("{}")
    return path


def test_a_run_that_is_stopped_while_it_waits_frees_its_visitor(
    tmp_path: Path, held: Event
) -> None:
    feeds = Feeds(tmp_path / "runs")
    feeds.begin("first", a_feed(tmp_path / "1.jsonl"), "echo", "brief")
    waits = feeds.begin("second", a_feed(tmp_path / "2.jsonl"), "echo", "brief")
    feeds.stop(waits)
    assert not feeds.see(waits).is_active
    feeds.begin("second", a_feed(tmp_path / "3.jsonl"), "echo", "brief")
    feeds.go_on("third", waits)
    for n in (4, 5):
        feeds.begin(f"{n}th", a_feed(tmp_path / f"{n}.jsonl"), "echo", "brief")
    with pytest.raises(ServingError, match="5 feeds here, waiting or working"):
        feeds.begin("6th", a_feed(tmp_path / "6.jsonl"), "echo", "brief")
    held.set()
    finished(feeds, waits)


def test_a_user_has_one_run_and_may_stop_it_and_go_on(tmp_path: Path) -> None:
    feeds = Feeds(tmp_path / "runs")
    upload = tmp_path / "long.jsonl"
    rows = ({"id": str(n), "title": f"{WATER.split(chr(10), maxsplit=1)[0]} {n}", "text": WATER}
            for n in range(24))  # fmt: skip
    upload.write_text("".join(json.dumps(row) + "\n" for row in rows))
    name = feeds.begin("me", upload, "echo", "brief")
    other = tmp_path / "other.jsonl"
    other.write_text("{}")
    with pytest.raises(ServingError, match="already"):
        feeds.begin("me", other, "echo", "brief")
    feeds.stop(name)
    assert feeds.see(name).is_stopping  # it has articles in hand, and says so
    stopped = finished(feeds, name)
    assert not stopped.is_stopping
    assert len([item for item in stopped.items if item.state == "done"]) < 24
    again = Feeds(tmp_path / "runs")  # as after a restart of the server
    again.go_on("me", name)
    whole = finished(again, name)
    assert whole.problem is None
    assert len([item for item in whole.items if item.state == "done"]) == 24


def test_a_bug_in_a_run_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError(WATER)

    monkeypatch.setattr(feeds_module, "run_feed", broken)
    upload = tmp_path / "a.jsonl"
    upload.write_text("{}")
    feeds = Feeds(tmp_path / "runs")
    problem = finished(feeds, feeds.begin("me", upload, "echo", "brief")).problem
    assert problem
    assert "went wrong" in problem.message


def test_old_runs_are_forgotten_while_the_server_runs(tmp_path: Path, held: Event) -> None:
    feeds = Feeds(tmp_path / "runs")
    works = feeds.begin("me", a_feed(tmp_path / "1.jsonl"), "echo", "brief")
    waits = feeds.begin("you", a_feed(tmp_path / "2.jsonl"), "echo", "brief")

    def aged(name: str, days: int) -> str:
        (tmp_path / "runs" / name).mkdir(exist_ok=True)
        then = time.time() - days * 86400
        os.utime(tmp_path / "runs" / name, (then, then))
        return name

    kept = {aged(works, 8), aged(waits, 8), aged("new", 1)}
    aged("old", 8)
    feeds.sweep()
    assert {path.name for path in (tmp_path / "runs").iterdir()} == kept
    aged("old", 8)
    feeds.begin("her", a_feed(tmp_path / "3.jsonl"), "echo", "brief")
    assert not (tmp_path / "runs/old").exists()


def test_old_runs_are_forgotten_on_a_server_that_nobody_uses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds_module, "SWEEP_SECONDS", 0.05)
    Feeds(tmp_path)
    (tmp_path / "old").mkdir()
    os.utime(tmp_path / "old", (0, 0))
    until = time.monotonic() + 10
    while (tmp_path / "old").exists():
        assert time.monotonic() < until
        time.sleep(0.05)
