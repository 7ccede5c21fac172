"""What the page does with a feed that was sent: folders, zips, limits, stopping."""

from __future__ import annotations

import json
import os
import time
import zipfile
from pathlib import Path

import pytest

from summarizer.errors import InputError, ServingError, TooLargeError
from summarizer.page import feeds as feeds_module
from summarizer.page.feeds import Feeds, Run

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
    assert set(run.files) == set(feeds_module.OUTPUTS)
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
    stopped = finished(feeds, name)
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


def test_old_runs_are_forgotten(tmp_path: Path) -> None:
    for name, days in (("old", 8), ("new", 1)):
        (tmp_path / name).mkdir()
        then = time.time() - days * 86400
        os.utime(tmp_path / name, (then, then))
    Feeds(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["new"]
