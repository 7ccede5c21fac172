"""The command line as a person meets it: real processes, exit statuses, two streams."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

TEXT = """البرلمان يقر قانونا جديدا للمياه بعد نقاش طويل

أقر البرلمان أمس الاثنين قانونا جديدا للمياه بعد نقاش استمر ثلاثة أيام.

وقال وزير الري سامر حداد إن القانون يحمي الآبار الجوفية من الاستنزاف.

ويشمل القانون المزارع التي تزيد مساحتها على عشرين هكتارا.
"""


def mujaz(*args: object, given: str | bytes = b"") -> subprocess.CompletedProcess[bytes]:
    data = given.encode() if isinstance(given, str) else given
    command = [sys.executable, "-m", "summarizer.cli", *map(str, args)]
    return subprocess.run(command, input=data, capture_output=True, timeout=300, check=False)


@pytest.fixture
def article(tmp_path: Path) -> Path:
    file = tmp_path / "water.txt"
    file.write_text(TEXT, encoding="utf-8")
    return file


def test_brief_writes_the_brief_and_nothing_else_to_stdout(article: Path) -> None:
    done = mujaz("brief", article, "--engine", "echo", "--json")
    assert done.returncode == 0
    assert not done.stderr
    made = json.loads(done.stdout)
    assert made["schema_version"] == 1
    assert made["source"]["name"] == "water.txt"
    assert made["sentences"][0]["evidence"][0]["text"] in TEXT


def test_standard_input_and_every_output_form(article: Path, tmp_path: Path) -> None:
    for suffix, start in ((".json", "{"), (".html", "<!"), (".md", "#"), (".txt", "")):
        out = tmp_path / f"brief{suffix}"
        done = mujaz("brief", "-", "--engine", "gloss", "-o", out, given=TEXT)
        assert done.returncode == 0, done.stderr
        assert not done.stdout
        assert out.read_text(encoding="utf-8").lstrip().startswith(start)


def test_translate_keeps_every_paragraph(article: Path) -> None:
    made = json.loads(mujaz("translate", article, "--engine", "gloss", "--json").stdout)
    assert [len(paragraph) for paragraph in made["paragraphs"]] == [1, 1, 1]


def test_the_whole_way_with_the_model_and_a_glossary(article: Path, tmp_path: Path) -> None:
    names = tmp_path / "names.tsv"
    names.write_text("# people\nسامر حداد\tSamir Haddad\n", encoding="utf-8")
    done = mujaz("brief", article, "--fast", "--json", "--glossary", names)
    assert done.returncode == 0, done.stderr
    made = json.loads(done.stdout)
    assert any(word in made["headline"].lower() for word in ("parliament", "water", "law"))
    assert all(line["translated"] for line in made["sentences"])


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["brief", "missing.txt"], "missing.txt does not exist"),
        (["brief", "{file}", "--engine", "nope"], "no engine 'nope'"),
        (["brief", "{file}", "--words", "0"], "0 words"),
        (["brief", "{file}", "--length", "epic"], "epic"),
        (["brief", "{file}", "-o", "out.pdf"], "pdf"),
        (["brief", "{file}", "-o", "no/such/folder/out.md"], "no/such/folder"),
        (["brief", "{file}", "--glossary", "none.tsv"], "none.tsv"),
        (["brief", "{file}", "--json", "--format", "html"], "--json"),
        (["brief", "https://example.org/a"], "--allow-url"),
        (["brief", ""], "FILE is empty"),
        (["brief", "{file}", "-o", "{file}"], "the article itself"),
        (["brief", "{file}", "-o", "/"], "is a folder"),
        (["brief"], "FILE"),
        (["breif", "{file}"], "breif"),
    ],
)
def test_mistakes_are_told_with_status_2(article: Path, args: list[str], words: str) -> None:
    done = mujaz(*[arg.format(file=article) for arg in args])
    assert done.returncode == 2
    assert not done.stdout
    told = done.stderr.decode()
    assert words in told
    assert "Traceback" not in told


def test_a_file_may_have_the_longest_name_that_can_be(article: Path, tmp_path: Path) -> None:
    long = tmp_path / f"{'م' * 125}.txt"  # 254 bytes; a file system takes 255
    assert mujaz("brief", article, "--engine", "echo", "-o", long).returncode == 0
    assert [file.name for file in tmp_path.glob("*م*")] == [long.name]
    longer = mujaz("brief", article, "--engine", "echo", "-o", tmp_path / f"{'م' * 200}.txt")
    assert (longer.returncode, longer.stderr.count(b"Traceback")) == (2, 0)


@pytest.mark.parametrize("where", [">&-", ">/dev/full"])
def test_output_that_cannot_be_written_is_told(article: Path, where: str) -> None:
    command = f"{sys.executable} -m summarizer.cli brief {article} --engine echo {where}"
    done = subprocess.run(command, shell=True, capture_output=True, check=False)
    assert done.returncode == 2
    assert "Standard output" in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()


def test_a_reader_that_leaves_is_no_error(article: Path) -> None:
    command = f"{sys.executable} -m summarizer.cli brief {article} --engine echo | head -c 1"
    done = subprocess.run(command, shell=True, capture_output=True, check=False)
    assert not done.stderr


def test_strict_ends_with_3_after_the_brief_is_written(article: Path) -> None:
    done = mujaz("brief", article, "--engine", "echo", "--strict")
    assert done.returncode == 3
    assert "left in Arabic" in done.stdout.decode()


def test_a_bad_glossary_names_the_line(article: Path, tmp_path: Path) -> None:
    names = tmp_path / "names.tsv"
    for text, line in (("سامر حداد Samer", 1), ("أ\tA\nأ\tB\n", 2)):
        names.write_text(text, encoding="utf-8")
        done = mujaz("brief", article, "--engine", "gloss", "--glossary", names)
        assert done.returncode == 2
        assert f"line {line}" in done.stderr.decode()


def test_models_lists_every_engine_with_its_licence() -> None:
    listed = json.loads(mujaz("models", "--json").stdout)
    names = [row["name"] for row in listed]
    assert names[:4] == ["embedded", "lead", "gloss", "echo"]
    assert {"opus", "nllb", "crosssum", "instruct", "openai"} <= {*names}
    assert all(row["licence"] and row["state"] for row in listed)
    assert "Gemma" in mujaz("models").stdout.decode()


def test_ctrl_c_leaves_no_traceback(article: Path) -> None:
    distinct = (f"وقال المتحدث رقم {n} إن عدد الزوار بلغ {n * 37} هذا العام." for n in range(400))
    article.write_text(TEXT + "\n\n".join(distinct), encoding="utf-8")
    command = [sys.executable, "-m", "summarizer.cli", "translate", str(article)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        time.sleep(4)
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=120)
    assert process.returncode == 130
    assert told.decode().strip() == "mujaz: stopped."
