"""The evaluation set: our linter, our layout, the loaders of what others use."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from summarizer.errors import InputError
from summarizer.evaluation.data import read_half, read_item
from summarizer.evaluation.lint import lint, write_checksums

FIXTURES = Path(__file__).parent / "eval_fixtures"
Change = Callable[[dict[str, Any]], Any]


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return Path(copytree(FIXTURES / "own", tmp_path / "own"))


def change(own: Path, how: Change) -> None:
    file = own / "dev" / "politics-01.json"
    raw = json.loads(file.read_text(encoding="utf-8"))
    how(raw)
    file.write_text(json.dumps(raw, ensure_ascii=False), encoding="utf-8")


def errors(own: Path) -> list[str]:
    short = "Arabic words; 250 to 700"  # the fixtures are tiny
    found = [finding.message for finding in lint(own) if finding.severity == "error"]
    return [message for message in found if short not in message]


def doubts(own: Path) -> list[str]:
    found = [finding.message for finding in lint(own) if finding.severity == "doubt"]
    return [message for message in found if "no checksums yet" not in message]


def test_a_sound_set_has_neither_errors_nor_doubts_but_its_size(own: Path) -> None:
    assert errors(own) == []
    assert doubts(own) == []
    assert len(lint(own)) == 4  # two that are short, two without checksums


@pytest.mark.parametrize(
    ("how", "words"),
    [
        (lambda raw: raw.update(id="politics-7"), "is not KIND-01"),
        (lambda raw: raw.update(id="politics-04"), "belongs to test"),
        (lambda raw: raw.update(kind="sports"), "not that of the id"),
        (lambda raw: raw.update(noise="loud"), 'noise "loud"'),
        (lambda raw: raw.update(title="Water"), "title is not one line of Arabic"),
        (lambda raw: raw["paragraphs"].append(raw["paragraphs"][0]), "2 times"),
        (lambda raw: raw["references"].pop(), "references are agency"),
        (lambda raw: raw["references"][0]["sentences"].pop(), "1 sentences"),
        (lambda raw: raw["references"][0]["sentences"].append("A " * 80 + "."), "words; 80"),
        (lambda raw: raw["references"][0].update(headline="قانون"), "Arabic in the English"),
        (lambda raw: raw["facts"][0].update(evidence="لا يوجد"), "stands in no paragraph"),
        (lambda raw: raw["facts"][0].update(weight=4), "weight 4"),
        (lambda raw: raw["facts"][0].update(text="The fine is 700 dinars."), "not in the source"),
        (lambda raw: raw["facts"].pop(), "5 facts"),
        (lambda raw: raw["numbers"][0].update(source="٩٩"), "does not stand in the source"),
        (lambda raw: raw["names"][0].update(accepted=[]), "no accepted form"),
        (lambda raw: raw["names"].clear(), "no names"),
    ],
)
def test_each_broken_rule_is_an_error(own: Path, how: Change, words: str) -> None:
    change(own, how)
    assert any(words in message for message in errors(own)), errors(own)


@pytest.mark.parametrize(
    ("how", "words"),
    [
        (lambda raw: raw["numbers"].pop(1), 'no entry for "خمسة آلاف"'),
        (lambda raw: raw["numbers"][1].update(accepted=["500 dinars"]), "the same as"),
        (
            lambda raw: raw["references"][0]["sentences"].append("It cost 90 million dinars."),
            "number that the source does not have",
        ),
        (
            lambda raw: raw["references"][0]["sentences"].append("They voted in Baghdad."),
            '"Baghdad" is a name that the source lacks',
        ),
    ],
)
def test_what_rules_can_only_suspect_is_a_doubt(own: Path, how: Change, words: str) -> None:
    change(own, how)
    assert any(words in message for message in doubts(own)), doubts(own)


@pytest.mark.parametrize(
    ("how", "words"),
    [
        (lambda raw: raw.pop("facts"), 'lacks "facts"'),
        (lambda raw: raw.update(tilte="x"), "unknown keys: tilte"),
        (lambda raw: raw["facts"][1].update(weight="2"), 'facts[1]: "weight" has to be'),
        (lambda raw: raw.update(paragraphs=[1]), "list of texts"),
    ],
)
def test_another_layout_names_file_and_key(own: Path, how: Change, words: str) -> None:
    change(own, how)
    with pytest.raises(InputError) as caught:
        read_half(own / "dev")
    assert "politics-01.json" in caught.value.message
    assert words in caught.value.message
    assert any(words in message for message in errors(own))


def test_two_articles_alike_are_an_error(own: Path) -> None:
    file = own / "dev" / "politics-01.json"
    raw = json.loads(file.read_text(encoding="utf-8"))
    other = file.with_name("politics-02.json")
    other.write_text(json.dumps({**raw, "id": "politics-02"}, ensure_ascii=False), encoding="utf-8")
    assert any("phrases are those of dev/politics-02" in message for message in errors(own))


def test_checksums_find_what_was_changed_added_and_removed(own: Path) -> None:
    write_checksums(own)
    assert errors(own) == []
    checked = subprocess.run(["sha256sum", "-c", "dev.sha256"], cwd=own, check=False)
    assert checked.returncode == 0
    change(own, lambda raw: raw.update(noise="feed"))
    assert any("changed, added or removed" in message for message in errors(own))
    (own / "dev.sha256").write_bytes(b"\xff nonsense\n")
    assert any("changed, added or removed" in message for message in errors(own))


def test_the_version_follows_every_part_that_counts(own: Path) -> None:
    before, item = read_half(own / "dev").version, read_item(own / "dev/politics-01.json")
    change(own, lambda raw: raw["facts"][0].update(weight=2))
    after, changed = read_half(own / "dev").version, read_item(own / "dev/politics-01.json")
    assert before != after
    assert item.article_hash == changed.article_hash
    assert item.answer_hash != changed.answer_hash


def test_the_command_says_what_is_wrong_and_how_much(own: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "eval.lint"]
    done = subprocess.run([*command, str(own)], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "60 Arabic words" in done.stdout
    assert "2 errors, 2 doubts" in done.stderr
    done = subprocess.run([*command, str(tmp_path)], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "neither dev nor test" in done.stderr
