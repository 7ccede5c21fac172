"""The same work on a Ray cluster of two, one of which is killed in the middle."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("ray", reason="pip install 'mujaz[ray]'")

# In a process of its own: Ray keeps threads and children until its process ends.
SCRIPT = """
import json, os, signal, sys, threading, time
import psutil
from summarizer.feed import Journal, Options, run_feed

killed = []

def kill_one():
    while not killed:  # on a busy machine the actors take minutes to come; the run's end ends this
        for child in psutil.Process().children(recursive=True):
            try:
                line = " ".join(child.cmdline())
            except psutil.Error:
                continue
            if "RayWorker" in line or "MapWorker" in line:
                time.sleep(1)
                try:
                    os.kill(child.pid, signal.SIGKILL)
                except ProcessLookupError:
                    continue
                killed.append(line)
                return
        time.sleep(0.05)

if __name__ == "__main__":
    threading.Thread(target=kill_one, daemon=True).start()
    options = Options(
        engine="echo", length="headline", group=False, ray="local", workers=2, window=8
    )
    report = run_feed(sys.argv[1], sys.argv[2], [sys.argv[3]], options)
    print(json.dumps([report.done, len(report.failed), report.waiting, len(killed)]))
"""


def test_an_actor_that_is_killed_loses_nothing(tmp_path: Path) -> None:
    lines = (
        json.dumps({"id": str(n), "title": f"الحكومة تعلن الخطة رقم {n} للطرق"}) for n in range(400)
    )
    (tmp_path / "feed.jsonl").write_text("\n".join(lines))
    (tmp_path / "script.py").write_text(SCRIPT)
    args = [str(tmp_path / name) for name in ("feed.jsonl", "j", "out.jsonl")]
    root = Path(__file__).parents[1]
    done = subprocess.run(
        [sys.executable, str(tmp_path / "script.py"), *args],
        capture_output=True, text=True, timeout=280, check=False,
        env={**os.environ, "PYTHONPATH": str(root)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    assert json.loads(done.stdout.splitlines()[-1]) == [400, 0, 0, 1]
    found = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert [brief["source"]["id"] for brief in found] == [str(n) for n in range(400)]
