"""The harness: predictions, scores, comparison, report, gate, judge; whole, right, resumable."""

from __future__ import annotations

import csv
import json
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from markdown_it import MarkdownIt
from typer.testing import CliRunner

from summarizer import cli_eval, prompts
from summarizer.article import MAX_BYTES
from summarizer.brief import LENGTHS
from summarizer.engines.base import Hypothesis, Progress
from summarizer.engines.embedded import EmbeddedEngine
from summarizer.engines.rerank import Candidate
from summarizer.errors import EngineError, InputError, OutputError, UsageError
from summarizer.evaluation import judge
from summarizer.evaluation import score as score_module
from summarizer.evaluation.ablations import ABLATIONS
from summarizer.evaluation.compare import compare, write_comparison
from summarizer.evaluation.data import Dataset, Fact, Forms, Item, Reference, read_half
from summarizer.evaluation.facts import agreement, read_judged, said
from summarizer.evaluation.formats import FORMATS, read_dataset
from summarizer.evaluation.gate import check, pin
from summarizer.evaluation.metrics import METRICS, Prediction, Said, _standing_in, measure, value_of
from summarizer.evaluation.predict import predict
from summarizer.evaluation.report import report
from summarizer.evaluation.score import read_predictions, read_scores, score
from summarizer.evaluation.systems import Kept, chooser_of, system_of

BRIEF = LENGTHS["brief"]
FIXTURES = Path(__file__).parent / "eval_fixtures"
OWN = FIXTURES / "own" / "dev"


@dataclass
class Scripted:
    """English by a table, else numbered words; counts what it was asked."""

    table: Mapping[str, str] = field(default_factory=dict)
    name: str = "scripted"
    revision: str = "1"
    settings: Mapping[str, object] = field(default_factory=dict)
    is_known_word: None = None
    asked: list[str] = field(default_factory=list)

    def prepare(self, progress: Progress | None = None) -> None:
        pass

    def translate(
        self, segments: Sequence[str], progress: Progress | None = None
    ) -> list[Hypothesis]:
        self.asked += segments
        return [
            Hypothesis(self.table.get(s, f"Segment of {len(s)} letters."), 0.9) for s in segments
        ]


def run(
    dataset: Dataset, name: str, folder: Path, engine: Scripted | None = None
) -> tuple[Path, Scripted, Any]:
    scripted = engine or Scripted()
    path = folder / "predictions" / f"{system_of(name).file}.jsonl"
    made = predict(
        dataset,
        system_of(name),
        path,
        cache=folder / "translations.jsonl",
        load=lambda _name, _options: scripted,
    )
    return path, scripted, made


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


@pytest.fixture
def own() -> Dataset:
    return read_half(OWN)


# --- systems and predictions --------------------------------------------------------


def test_every_system_has_a_name_and_others_are_refused() -> None:
    assert system_of("embedded").choice == "brief"
    assert system_of("embedded:fast").fast
    assert system_of("lead-3@gloss").first == 3
    assert system_of("oracle@gloss").choice == "oracle"
    assert system_of("translated@embedded:fast").choice == "translated"
    assert system_of("lead@embedded:likeliest").ablation == "embedded:likeliest"
    for wrong in (
        "gloss:likeliest",
        "nothing",
        "lead-0@gloss",
        "best@gloss",
        "gloss:slow",
        "oracle@",
    ):
        with pytest.raises(UsageError, match="no system"):
            system_of(wrong)


def test_an_ablation_lacks_what_it_says_and_is_never_taken_for_the_engine() -> None:
    engine = EmbeddedEngine()
    likeliest, glossless = (ABLATIONS[f"embedded:{x}"]() for x in ("likeliest", "glossless"))
    some = {
        "أقر البرلمان القانون.": [Candidate("A fish.", -0.1), Candidate("The law passed.", -0.2)]
    }
    assert [e._best(some).popitem()[1].text for e in (engine, likeliest)] == [
        "The law passed.", "A fish.",
    ]  # fmt: skip
    assert not likeliest._is_bad(*some, Candidate(""))
    with_gloss, without = (" ".join(e._prompt("كتاب")) for e in (engine, glossless))
    assert "Words" in with_gloss
    assert "Words" not in without
    for attribute in ("revision", "settings"):
        kinds = {str(getattr(e, attribute)) for e in (engine, likeliest, glossless)}
        assert len(kinds) > 1
        assert str(getattr(engine, attribute)) not in {
            str(getattr(e, attribute)) for e in (likeliest, glossless)
        }


def test_baselines_say_what_their_names_say(own: Dataset, tmp_path: Path) -> None:
    one = own.items[0]
    first = one.paragraphs[0].split(". ")[0] + "."
    (three,) = lines(run(own, "lead-3@gloss", tmp_path)[0])
    assert len(three["sentences"]) == 3
    assert three["lines"][1]["evidence"] == first
    (headline,) = lines(run(own, "headline@gloss", tmp_path)[0])
    assert headline["headline"]
    assert headline["sentences"] == []
    (copy,) = lines(run(own, "copy", tmp_path, Scripted({first: first}))[0])
    assert copy["sentences"][0]
    (empty,) = lines(run(own, "empty", tmp_path)[0])
    assert (empty["headline"], empty["sentences"]) == ("", [])
    drawn = [lines(run(own, "random@gloss", tmp_path / folder)[0])[0]["lines"] for folder in "ab"]
    assert drawn[0] == drawn[1]


def test_the_oracle_is_a_ceiling() -> None:
    sentences = ["وصل الوفد إلى عمان.", "وقال الوزير إن الاتفاق وقع.", "وكان الجو صحوا."]
    facts = (Fact("The deal was signed.", 3, sentences[1]), Fact("It arrived.", 1, sentences[0]))
    item = Item("x", "", tuple(sentences), facts=facts)
    order = chooser_of(system_of("oracle@gloss"), item, BRIEF, list)("خبر", sentences)
    assert order == [1, 0, 2]
    by_rouge = replace(item, references=(Reference("", ("A deal was signed by the minister.",)),))
    english = ["The group arrived.", "The deal was signed by him.", "It was sunny."]
    order = chooser_of(system_of("oracle-rouge@gloss"), by_rouge, BRIEF, lambda _: english)(
        "", sentences
    )
    assert order[0] == 1
    with pytest.raises(UsageError, match="knows nothing"):
        chooser_of(system_of("oracle@gloss"), replace(item, facts=()), BRIEF, list)("", sentences)


@pytest.mark.parametrize(
    ("length", "expected"), [("brief", {3, 4, 5}), ("detailed", {*range(3, 10)})]
)
def test_the_oracle_fills_the_pipelines_own_limit(
    length: str, expected: set[int], tmp_path: Path
) -> None:
    """22 + 22 + 15 Arabic words (29.7 + 29.7 + 20.25 English ones, each but the last rounded)
    fit into 80 if 15 is not the last. A longer brief has room for all that tells something."""
    sizes = (30, 30, 30, 22, 22, 15, 14, 16, 17, 18)
    texts = [f"قال الوزير {name} إن الاتفاق" + " جديد" * (size - 6) + " وقع."
             for name, size in zip("ابتثجحخدذر", sizes, strict=True)]  # fmt: skip
    facts = [
        Fact("x", weight, s) for weight, s in zip((3, 3, 3, 2, 1, 1, 1), texts[3:], strict=True)
    ]
    item = Item("x", "خبر", (" ".join(texts),), facts=tuple(facts))
    predict(Dataset("x", (item,)), system_of("oracle@gloss"), tmp_path / "p.jsonl",
            cache=tmp_path / "t.jsonl", length=length, load=lambda *_: Scripted())  # fmt: skip
    (row,) = lines(tmp_path / "p.jsonl")
    assert {texts.index(line["evidence"]) for line in row["lines"][1:]} == expected


def test_an_oracle_is_asked_again_when_the_answer_has_changed(own: Dataset, tmp_path: Path) -> None:
    changed = replace(own, items=(replace(own.items[0], facts=own.items[0].facts[::-1]),))
    for name, made_anew in (("oracle@gloss", 1), ("gloss", 0)):
        path, *_ = run(own, name, tmp_path)
        if made_anew:
            with pytest.raises(InputError, match='the answer of "politics-01" has changed'):
                read_predictions(path, changed)
        assert run(changed, name, tmp_path)[2].made == made_anew


def test_what_cannot_be_written_is_told_before_the_work(
    own: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def work(*_: object) -> Any:
        raise AssertionError

    monkeypatch.setattr(judge, "judge_of", work)
    monkeypatch.setattr(score_module, "measure", work)
    monkeypatch.setattr(Scripted, "prepare", work)
    made = predictions(tmp_path, {"id": own.items[0].id, "text": "A law."})
    whole = made.read_bytes()
    with pytest.raises(OutputError, match="cannot be made"):
        predict(own, system_of("gloss"), made / "p.jsonl", cache=tmp_path / "t", load=work)
    with pytest.raises(OutputError, match="cannot be made"):
        predict(own, system_of("gloss"), tmp_path / "p.jsonl", cache=made / "t",
                load=lambda *_: Scripted())  # fmt: skip
    with pytest.raises(OutputError, match="cannot be made"):
        score(own, made, made / "scores.jsonl")
    for out in (tmp_path / "none" / "v.jsonl", tmp_path):
        command = ["judge", OWN, made, made, "--engine", "x", "-o", out]
        with pytest.raises(OutputError, match="cannot be written"):
            CliRunner().invoke(cli_eval.app, list(map(str, command)), catch_exceptions=False)
    assert made.read_bytes() == whole


@pytest.mark.parametrize("text", ["notes\nof mine", '{"id": "a"}\n', '{"id": "a"}\n{"id": "b'])
def test_a_file_of_something_else_is_not_taken_for_translations(text: str, tmp_path: Path) -> None:
    file = tmp_path / "mine.txt"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"mine\.txt"):
        Kept(Scripted(), file)
    assert file.read_text(encoding="utf-8") == text


def test_a_slice_keeps_what_is_there_of_the_rest(tmp_path: Path) -> None:
    dataset = read_dataset(FIXTURES / "parallel.tsv")
    path, engine, _ = run(dataset, "gloss", tmp_path)
    whole = lines(path)
    _, _, made = run(dataset.first(1), "gloss", tmp_path, engine)
    assert (made.made, made.kept, made.notes) == (0, 1, ())
    assert lines(path) == whole
    assert [*read_predictions(path, dataset.first(1))[0]] == [dataset.items[0].id]
    for arguments in (["predict", "-s", "gloss"], ["score"]):
        command = [*arguments, str(OWN), "-o", str(tmp_path), "--first", "-3"]
        assert CliRunner().invoke(cli_eval.app, command).exit_code == 2


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    files = [tmp_path / folder / "x.jsonl" for folder in "ab"]
    arguments = [arg for file in files for arg in ("-p", str(file))]
    with pytest.raises(UsageError, match="the same name"):
        CliRunner().invoke(
            cli_eval.app, ["score", str(OWN), "-o", str(tmp_path), *arguments],
            catch_exceptions=False,
        )  # fmt: skip


def test_a_prediction_has_all_hashes_and_is_not_made_twice(own: Dataset, tmp_path: Path) -> None:
    path, engine, made = run(own, "gloss", tmp_path)
    (row,) = lines(path)
    assert made.made == 1
    assert row["article"] == own.items[0].article_hash
    assert all(row[key] for key in ("revision", "settings", "code", "engine"))
    asked = len(engine.asked)
    _, _, again = run(own, "gloss", tmp_path, engine)
    assert (again.made, again.kept) == (0, 1)
    assert len(engine.asked) == asked
    changed = replace(own, items=(replace(own.items[0], title="عنوان آخر للخبر"),))
    _, _, anew = run(changed, "gloss", tmp_path, engine)
    assert anew.made == 1
    assert "made anew" in anew.notes[0]
    assert len(engine.asked) == asked + 1  # the headline; the sentences were known


def test_systems_share_the_translations(own: Dataset, tmp_path: Path) -> None:
    engine = Scripted()
    for name in ("gloss", "lead-3@gloss", "random@gloss", "oracle@gloss", "headline@gloss"):
        run(own, name, tmp_path, engine)
    assert len(engine.asked) == len(set(engine.asked))
    assert all("seconds" in row for row in lines(tmp_path / "translations.jsonl"))


class Costly(Scripted):
    """Takes a while and ten tokens for each segment, and says so, as an endpoint does."""

    @property
    def chat(self) -> SimpleNamespace:
        return SimpleNamespace(spent=10 * len(self.asked))

    def translate(
        self, segments: Sequence[str], progress: Progress | None = None
    ) -> list[Hypothesis]:
        time.sleep(0.05)
        return super().translate(segments)


def test_a_sentence_that_is_asked_for_twice_costs_once(own: Dataset, tmp_path: Path) -> None:
    path, engine, _ = run(own, "translated@gloss", tmp_path, Costly())
    kept = lines(tmp_path / "translations.jsonl")
    assert len(engine.asked) == len(kept) > 3
    assert lines(path)[0]["tokens"] == sum(row["tokens"] for row in kept)
    again = Kept(Costly(), tmp_path / "kept.jsonl")
    again.translate(["نص", "نص"])
    once = again.seconds
    again.translate(["نص"])
    assert (again.seconds, again.tokens, once >= 0.05) == (once, 10, True)
    again.count_anew()
    again.translate(["نص"])
    assert (again.seconds, again.tokens) == (once, 10)


def test_memory_is_known_of_segments_that_were_translated_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("summarizer.evaluation.predict._LOADED", set())
    dataset = read_dataset(FIXTURES / "parallel.tsv")
    assert all(row["peak_mb"] > 1 for row in lines(run(dataset, "gloss", tmp_path)[0]))
    remembered = lines(run(dataset, "gloss:fast", tmp_path)[0])
    assert [row["peak_mb"] for row in remembered] == [None] * 3
    both = run(dataset, "gloss", tmp_path / "both", Scripted(name="another"))[0]
    assert [row["peak_mb"] for row in lines(both)] == [None] * 3


def test_a_line_separator_in_a_text_ends_no_line_of_a_file(tmp_path: Path) -> None:
    arabic, english = ["قال\u2028الوزير", "نعم"], ["The minister\x0csaid.", "Yes."]
    pairs = ["\t".join(pair) for pair in zip(arabic, english, strict=True)]
    for name, texts in (("p.ar", arabic), ("p.en", english), ("p.tsv", pairs)):
        (tmp_path / name).write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")
    dataset = read_dataset(tmp_path / "p.tsv")
    assert dataset.items == read_dataset(tmp_path / "p.ar").items
    assert [item.text for item in dataset.items] == arabic
    for name, made, asked in (("gloss", 2, 2), ("gloss", 0, 0), ("gloss:fast", 2, 0)):
        said = Scripted({dataset.items[0].text: "He\u2028said."})
        _, engine, done = run(dataset, name, tmp_path, said)
        assert (done.made, len(engine.asked), done.notes) == (made, asked, ())


def test_an_article_that_cannot_be_read_is_a_line_that_says_so(tmp_path: Path) -> None:
    dataset = Dataset("x", (Item("latin", "", ("This is not Arabic at all.",)),))
    path, _, _ = run(dataset, "gloss", tmp_path)
    assert "not Arabic" in lines(path)[0]["error"]
    found, notes, _ = read_predictions(path, dataset)
    assert len(found) == 1
    assert "1 prediction is failed, counted as empty." in notes


KILLED = """
import sys, time
from pathlib import Path
sys.path.insert(0, {tests!r})
from test_eval import Scripted, run
from summarizer.evaluation.formats import read_dataset

class Slow(Scripted):
    def translate(self, segments, progress=None):
        time.sleep(0.3)
        return super().translate(segments)

run(read_dataset(Path({data!r})), "gloss", Path({out!r}), Slow())
"""


def test_killed_in_the_middle_it_goes_on_and_loses_nothing(tmp_path: Path) -> None:
    data = tmp_path / "many.tsv"
    rows = [f"هذه هي الجملة رقم {n} من النص.\tThis is sentence {n}.\n" for n in range(2, 62)]
    data.write_text("".join(rows), encoding="utf-8")
    script = KILLED.format(tests=str(Path(__file__).parent), data=str(data), out=str(tmp_path))
    process = subprocess.Popen([sys.executable, "-c", script])
    path = tmp_path / "predictions" / "gloss.jsonl"
    until = time.monotonic() + 120
    while time.monotonic() < until and not (path.exists() and len(lines_so_far(path)) >= 3):
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    done = lines_so_far(path)
    assert 3 <= len(done) < 60
    with path.open("a", encoding="utf-8") as file:
        file.write('{"id": "many:7", "senten')  # as a kill in the middle of a line leaves it
    with pytest.raises(InputError, match="cut off in the middle"):
        read_predictions(path, read_dataset(data))
    _, engine, made = run(read_dataset(data), "gloss", tmp_path)
    assert made.kept >= 3
    assert any("not whole" in note for note in made.notes)
    assert len(engine.asked) <= 60 - len(done)
    assert [row["id"] for row in lines(path)] == [f"many:{n}" for n in range(1, 61)]


def lines_so_far(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def test_segments_are_translated_whole_and_nothing_is_chosen(tmp_path: Path) -> None:
    dataset = read_dataset(FIXTURES / "parallel.tsv")
    path, engine, _ = run(dataset, "gloss", tmp_path)
    assert [row["lines"][0]["evidence"] for row in lines(path)] == engine.asked
    with pytest.raises(UsageError, match="nothing for lead-3@gloss to choose"):
        run(dataset, "lead-3@gloss", tmp_path)


# --- loaders ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "form", "items", "references"),
    [
        ("own/dev", "", 1, 2),
        ("crosssum.jsonl", "", 2, 1),
        ("wikilingua.jsonl", "", 1, 1),
        ("global-voices", "gv-crowd", 1, 1),
        ("global-voices", "gv-snippet", 1, 1),
        ("multiling", "", 1, 2),
        ("plain.jsonl", "", 3, 1),
        ("headline.jsonl", "", 1, 1),
        ("plain.csv", "", 1, 1),
        ("parallel.tsv", "", 3, 1),
        ("wmt.ar", "", 2, 1),
    ],
)
def test_each_set_is_read(path: str, form: str, items: int, references: int) -> None:
    dataset = read_dataset(FIXTURES / path, form)
    assert len(dataset.items) == items
    assert len(dataset.items[0].references) == references
    assert all(item.paragraphs for item in dataset.items)


def test_a_row_without_text_is_refused_and_a_folder_of_files_is_one_set(tmp_path: Path) -> None:
    for name in "ab":
        row = {"id": name, "source_ar": "أقر البرلمان القانون."}
        (tmp_path / f"{name}.jsonl").write_text(json.dumps(row) + "\n")
    assert [item.kind for item in read_dataset(tmp_path).items] == ["a", "b"]
    (tmp_path / "c.jsonl").write_text('{"id": "c", "title": "خبر", "text": ""}\n')
    assert read_dataset(tmp_path).notes == (
        "1 articles have no text; the headline, if any, stands in; see c.",
    )
    (tmp_path / "c.jsonl").write_text('{"id": "c", "title": "خبر", "body": "نص"}\n')
    with pytest.raises(InputError, match="line 1 lacks text"):
        read_dataset(tmp_path)


def test_choosing_after_translating_sees_the_english() -> None:
    item = Item("x", "", ("ا ب.", "ت ث.", "ج د."))
    asked: list[str] = []

    def english(some: Sequence[str]) -> list[str]:
        asked.extend(some)
        return ["The deal was signed.", "It rained.", "They met in Paris."][: len(some)]

    order = chooser_of(system_of("translated@gloss"), item, BRIEF, english)("", [*item.paragraphs])
    assert asked == [*item.paragraphs]
    assert sorted(order) == [0, 1, 2]


def test_what_a_loader_leaves_out_is_said_and_documents_are_groups() -> None:
    assert "other pairs of languages" in read_dataset(FIXTURES / "wikilingua.jsonl").notes[0]
    assert "not there in Arabic" in read_dataset(FIXTURES / "global-voices", "gv-crowd").notes[0]
    groups = [item.group for item in read_dataset(FIXTURES / "parallel.tsv").items]
    assert groups == ["d.1", "d.1", "d.2"]
    (headline,) = read_dataset(FIXTURES / "headline.jsonl").items
    assert headline.title == ""  # its English is the answer


@pytest.mark.parametrize("form", FORMATS)
def test_a_missing_set_says_where_to_get_it(form: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist") as caught:
        read_dataset(tmp_path / "none", form)
    assert caught.value.hint == FORMATS[form].get


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"id": "a", "text": "نص", "reference": "هذا ملخص عربي"}\n', "not English"),
        ('{"id": "a", "text": "نص", "reference": "议会周一通过了一项新的水法。"}\n', "not English"),
        ('{"id": "a", "text": "نص"}\n{"id": "a", "text": "نص"}\n', '"a" twice'),
        ('{"id": "a", "text": "نص"}\n{"id": "b", "te', "line 2 is cut off"),
        ('{"id": "a", "text": "نص", "score": NaN}\n', "NaN is not a number"),
        ('{"id": "a", "text": "نص", "reference": 3}\n', "reference has to be"),
        ("\n", "no items"),
    ],
)
def test_a_bad_set_is_refused(text: str, words: str, tmp_path: Path) -> None:
    file = tmp_path / "set.jsonl"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=re.escape(words)):
        read_dataset(file)


NOT_UTF8 = "قال الوزير".encode("cp1256")


@pytest.mark.parametrize(
    ("path", "form", "file"),
    [
        ("plain.csv", "", "plain.csv"),
        ("parallel.tsv", "", "parallel.tsv"),
        ("plain.jsonl", "", "plain.jsonl"),
        ("wmt.ar", "", "wmt.ar"),
        ("wmt.ar", "", "wmt.en"),
        ("wmt.ar", "", "wmt.docs"),
        ("multiling", "", "multiling/SourceTexts/M0001.arabic"),
        ("multiling", "", "multiling/ModelSummaries/English/M000.B.250"),
        ("global-voices", "gv-crowd", "global-voices/normalized/ar/qanun-almiyah.md"),
    ],
)
def test_a_set_that_is_not_utf8_is_refused(path: str, form: str, file: str, tmp_path: Path) -> None:
    shutil.copytree(FIXTURES, tmp_path, dirs_exist_ok=True)
    (tmp_path / file).write_bytes(NOT_UTF8)
    with pytest.raises(InputError, match=f"{file} is not UTF-8"):
        read_dataset(tmp_path / path, form)


@pytest.mark.parametrize("content", ['{"title": "x"}', '["x"]', "7"])
def test_a_set_that_is_no_list_is_refused(content: str, tmp_path: Path) -> None:
    (tmp_path / "gv_crowd.json").write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match="no list of articles"):
        read_dataset(tmp_path, "gv-crowd")


def test_a_translation_that_is_not_there_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.ar").write_text("نعم\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"a\.en cannot be read"):
        read_dataset(tmp_path / "a.ar", "lines")


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("b,قال الوزير, وإن التنفيذ يبدأ غدا", "row 2 has more cells than the table has columns"),
        (f"b,{'ا' * (MAX_BYTES + 1)}", "row 2 is no row of a table: field larger"),
    ],
    ids=["a comma in the text", "too long"],
)
def test_a_row_that_is_no_row_of_a_table_is_refused(row: str, words: str, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text(f"id,text\na,نص,\n{row}\n", encoding="utf-8")
    with pytest.raises(InputError, match=words):
        read_dataset(table)


def test_an_article_in_a_table_may_be_as_long_as_any(tmp_path: Path) -> None:
    csv.field_size_limit(131_072)  # as Python sets it; another test may have raised it
    table, text = tmp_path / "t.csv", "نص " * 50_000
    table.write_text(f"id,text\na,{text}\n", encoding="utf-8")
    assert read_dataset(table).items[0].text == text.strip()


def test_a_row_with_an_empty_side_is_refused(tmp_path: Path) -> None:
    pairs = tmp_path / "pairs.tsv"
    pairs.write_text("doc\tar\ten\n1\tقال الوزير\t \n", encoding="utf-8")
    with pytest.raises(InputError, match="row 1 lacks its Arabic or its English"):
        read_dataset(pairs)


@pytest.mark.parametrize(
    ("reference", "note"),
    [
        ("Le ministre a dit que les deux pays ont signé un accord hier soir.", "another language"),
        ("Les deux pays signent le traité.", "another language"),
        ("El ministro dijo que he visto los dos países.", "another language"),
        ("Menteri mengatakan bahwa kedua negara menandatangani perjanjian. " * 5, "0 of 35 words"),
        ("The minister said that both countries had signed an agreement.", ""),
        ("Rain lashes Rio de Janeiro, Ravens beat Texans 33-16, Lamar Jackson throws four "
         "touchdowns, says la liga coach", ""),
        ("Deux pays signent.", ""),  # too short to tell
    ],
)  # fmt: skip
def test_a_reference_in_another_language_is_told(reference: str, note: str, tmp_path: Path) -> None:
    pairs = tmp_path / "pairs.tsv"
    pairs.write_text(f"doc\tar\ten\n1\tقال الوزير\t{reference}\n", encoding="utf-8")
    notes = " ".join(read_dataset(pairs).notes)
    assert (note in notes) if note else not notes


# --- bad predictions ----------------------------------------------------------------

ITEMS = Dataset(
    "three",
    tuple(Item(i, "", ("أقر البرلمان القانون.",), (Reference("", ("The law passed.",)),))
          for i in "abc"),
)  # fmt: skip


def predictions(folder: Path, *rows: object) -> Path:
    file = folder / "p.jsonl"
    file.write_text("".join(f"{r if isinstance(r, str) else json.dumps(r)}\n" for r in rows))
    return file


def simple(id: str, text: str = "The law passed.", **more: object) -> dict[str, object]:
    return {"id": id, "text": text, **more}


def with_line(**wrong: object) -> dict[str, Any]:
    line = {"text": "The law passed.", "evidence": "أقر", "similarity": 0.9, "translated": True}
    return simple("a", lines=[{**line, "warnings": [], **wrong}])


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([simple("a"), simple("b")], "lacks 1 of 3 items: c"),
        ([simple("a"), simple("b"), simple("c"), simple("d")], '"d" is not in three'),
        ([simple("a"), simple("a", "Other."), simple("b"), simple("c")], "twice, with different"),
        ([simple("a", article="0" * 16), simple("b"), simple("c")], '"a" has changed since'),
        ([simple("a"), simple("b"), '{"id": "c", "text": "x", "seconds": NaN}'], "NaN"),
        ([simple("a"), {"id": "b"}], 'lacks "sentences"'),
        ([simple("a", system="x"), simple("b", system="y"), simple("c")], "several systems"),
        (["[1]"], "not a JSON object"),
        ([simple("a", lines=5), simple("b"), simple("c")], '"lines" or "warnings" are not as'),
        ([simple("a", seconds="2"), simple("b"), simple("c")], '"seconds" is no number'),
        ([simple("a", tokens=-2), simple("b"), simple("c")], '"tokens" is no number'),
        ([simple("a", seconds=True), simple("b"), simple("c")], '"seconds" is no number'),
        (['{"id": "a", "text": "x", "seconds": 1e999}'], '"seconds" is no number'),
        (['{"id": "a", "text": "x \\ud800"}'], 'lacks "sentences"'),
        ([simple("a", warnings=[{"severity": "grave"}])], '"lines" or "warnings" are not as'),
        ([with_line(text=5)], '"lines" or "warnings" are not as'),
        ([with_line(evidence=None)], '"lines" or "warnings" are not as'),
        ([with_line(similarity="high")], '"lines" or "warnings" are not as'),
        ([with_line(similarity=7)], '"lines" or "warnings" are not as'),
        ([with_line(translated="yes")], '"lines" or "warnings" are not as'),
        ([with_line(warnings=[{"severity": "grave"}])], '"lines" or "warnings" are not as'),
        ([with_line(text="Another.")], "are of other texts"),
        ([simple("a", "One.\nTwo.", lines=with_line()["lines"])], "are of other texts"),
    ],
)
def test_predictions_that_do_not_fit_are_refused(
    rows: list[object], words: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=re.escape(words)):
        score(ITEMS, predictions(tmp_path, *rows), tmp_path / "scores.jsonl")
    assert not (tmp_path / "scores.jsonl").exists()


def test_a_headline_from_elsewhere_gets_evidence_and_empty_sentences_are_none(
    tmp_path: Path,
) -> None:
    rows = [with_line(), {"id": "b", "headline": "The parliament passed the law.", "sentences": []},
            {"id": "c", "sentences": [" ", "The law passed."], "headline": " "}]  # fmt: skip
    made = score(ITEMS, predictions(tmp_path, *rows), tmp_path / "scores.jsonl")
    assert [len(row["lines"]) for row in made.rows] == [1, 1, 1]
    assert made.rows[1]["stats"]["similarity"][0] > 0.8
    facts = (Fact("It did.", 3, "أقر البرلمان القانون."),)
    item = replace(ITEMS.items[0], paragraphs=("نص",), facts=facts)
    found = measure([item, replace(item, paragraphs=())], [Prediction("a", "Hm.", (), ())] * 2)
    assert [one.stats["faithful"][1] for one in found if one.stats["faithful"]] == [1, 1]


def test_what_is_odd_is_counted_and_said_and_order_means_nothing(tmp_path: Path) -> None:
    rows = [simple("c", "أقر البرلمان القانون."), simple("a"), simple("a")]
    file = predictions(tmp_path, *rows)
    made = score(ITEMS, file, tmp_path / "scores.jsonl", missing_as_empty=True)
    notes = " ".join(made.head["notes"])
    for words in ("1 prediction is missing", "1 prediction is there twice", "1 prediction is in "
                  "Arabic", "without a hash", "1 prediction is empty"):  # fmt: skip
        assert words in notes
    assert [row["id"] for row in made.rows] == ["a", "b", "c"]
    assert [row["values"]["rouge1"] for row in made.rows] == [100, 0, 0]
    assert made.head["undefined"]["fact_recall"] == 3


def test_a_foreign_headline_is_told(tmp_path: Path) -> None:
    rows = [
        simple("a"),
        simple("b", headline="أقر البرلمان القانون"),
        simple("c", "议会通过了法律。"),
    ]
    notes = read_predictions(predictions(tmp_path, *rows), ITEMS)[1]
    assert "2 predictions are in Arabic or other foreign letters." in notes


def test_no_metric_skips_an_item_unseen(tmp_path: Path) -> None:
    half = replace(ITEMS, items=(*ITEMS.items[:2], replace(ITEMS.items[2], references=())))
    made = score(half, predictions(tmp_path, *map(simple, "abc")), tmp_path / "scores.jsonl")
    for name in METRICS:
        without = sum(row["stats"][name] is None for row in made.rows)
        assert without == made.head["undefined"].get(name, 0)
    assert made.head["undefined"]["bleu"] == 1
    rows = compare([made], resamples=200)
    assert next(row for row in rows if row["metric"] == "bleu")["undefined"] == 1


def test_nothing_to_divide_by_is_undefined_and_nothing_said_is_not_faithful(
    tmp_path: Path,
) -> None:
    rows = [simple("a"), simple("b", ""), simple("c")]
    made = score(ITEMS, predictions(tmp_path, *rows), tmp_path / "scores.jsonl")
    assert made.rows[1]["stats"]["faithful"] == [0, 1]
    undefined = made.head["undefined"]
    assert undefined["similarity"] == undefined["untranslated"] == 1
    assert undefined["names"] == 3
    assert "names" not in made.metrics
    for name in set(made.metrics) - {"bleu", "chrf", "ter"}:
        assert all(row["stats"][name] is None or row["stats"][name][1] for row in made.rows), name


def test_resamples_without_a_value_are_counted(tmp_path: Path) -> None:
    items = tuple(replace(ITEMS.items[0], id=f"i{n}") for n in range(6))
    found = []
    for name, defined in (("one", 1), ("all", 6)):
        rows = [simple(i.id, "The law passed." * (n < defined), system=name)
                for n, i in enumerate(items)]  # fmt: skip
        target = tmp_path / "scores" / f"{name}.jsonl"
        found.append(score(replace(ITEMS, items=items), predictions(tmp_path, *rows), target))
    rows = compare(found, "all", resamples=1000)
    row = next(r for r in rows if (r["system"], r["metric"]) == ("one", "similarity"))
    assert row["undefined"] == 5
    assert row["lost"] == row["difference_lost"] == pytest.approx(1000 * (5 / 6) ** 6, rel=0.2)
    write_comparison(rows, tmp_path / "comparison.jsonl")
    text = report(found, tmp_path / "comparison.jsonl")[1]
    assert f"without {row['lost']} resamples, undefined on 5" in text


def test_half_a_file_of_scores_is_refused(tmp_path: Path) -> None:
    made = score(ITEMS, predictions(tmp_path, *map(simple, "abc")), tmp_path / "scores.jsonl")
    whole = made.path.read_text(encoding="utf-8")
    made.path.write_text("\n".join(whole.splitlines()[:-1]) + "\n", encoding="utf-8")
    with pytest.raises(InputError, match="2 of its 3 items"):
        read_scores(made.path)
    made.path.write_text(whole[:-30], encoding="utf-8")
    with pytest.raises(InputError, match="cut off"):
        read_scores(made.path)


# --- equal to the libraries' command lines ------------------------------------------

OURS = [
    "The parliament passed a new law on water on Monday.",
    "The team won the match by two goals to nil .",
    "",
    "A fine of 5,000 dinars, said the minister; nobody paid.",
]
THEIRS = [
    ["Parliament passed a new water law on Monday.", "The water law has passed."],
    ["The team won 2-0 on Friday night.", "They won by two goals to nil."],
    ["The level of the dams fell by 35%.", "Dams fell by 35 percent."],
    ["The minister said the fine is 5,000 dinars.", "Fines reach 5,000 dinars."],
]


def scored(folder: Path) -> Any:
    items = tuple(
        Item(str(n), "", ("نص",), tuple(Reference("", (text,)) for text in both))
        for n, both in enumerate(THEIRS)
    )
    rows = [{"id": str(n), "sentences": [text] if text else []} for n, text in enumerate(OURS)]
    return score(Dataset("x", items), predictions(folder, *rows), folder / "scores.jsonl")


def test_bleu_chrf_and_ter_are_those_of_sacrebleu_to_the_last_digit(tmp_path: Path) -> None:
    (tmp_path / "ours").write_text("".join(f"{text}\n" for text in OURS))
    for n in (0, 1):
        (tmp_path / f"ref{n}").write_text("".join(f"{both[n]}\n" for both in THEIRS))
    command = [sys.executable, "-m", "sacrebleu", "ref0", "ref1", "-i", "ours", "-w", "15",
               "-m", "bleu", "chrf", "ter", "--chrf-word-order", "2"]  # fmt: skip
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    theirs = {row["name"]: row for row in json.loads(done.stdout)}
    made = scored(tmp_path)
    for name, title in (("bleu", "BLEU"), ("chrf", "chrF2++"), ("ter", "TER")):
        ours = float(value_of(name, made.table(name).sum(axis=0)[None])[0])
        assert round(ours, 15 - 2) == round(theirs[title]["score"], 15 - 2), name
        assert made.head["signatures"][name] == theirs[title]["signature"], name


def test_rouge_is_that_of_rouge_score_to_the_last_digit(tmp_path: Path) -> None:
    made = scored(tmp_path)
    best: dict[str, list[float]] = {}
    for n in (0, 1):  # its command line has one reference: the better one is ours
        (tmp_path / "t.txt").write_text("\n".join(both[n] for both in THEIRS))
        (tmp_path / "p.txt").write_text("\n".join(OURS))
        command = [sys.executable, "-m", "rouge_score.rouge", "--target_filepattern=t.txt",
                   "--prediction_filepattern=p.txt", "--output_filename=o.csv", "--use_stemmer",
                   "--noaggregate", "--rouge_types=rouge1,rouge2,rougeLsum"]  # fmt: skip
        subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)
        with (tmp_path / "o.csv").open() as file:
            rows = list(csv.DictReader(file))
        for name in ("rouge1", "rouge2", "rougeLsum"):
            values = [float(row[f"{name}-F"]) for row in rows]
            best[name] = [max(pair) for pair in zip(best.get(name, values), values, strict=True)]
    for name, values in best.items():
        assert [row["stats"][name][0] for row in made.rows] == pytest.approx(values, abs=1e-6)
        assert made.head["signatures"][name].startswith(f"{name}|f1|stemmer:yes")


# --- our own metrics ----------------------------------------------------------------


def test_our_metrics_by_hand(own: Dataset) -> None:
    item = own.items[0]
    first, second = item.facts[0].evidence, item.facts[2].evidence
    prediction = Prediction(
        item.id,
        "",
        ("The Tunisian parliament passed a new water law on Monday after three days.",
         "He said violators will pay a fine of up to 500 dinars."),
        (Said("The Tunisian parliament passed a new water law on Monday after three days.", first,
              0.9),
         Said("He said violators will pay a fine of up to 500 dinars.", second, 0.9, "serious")),
        2.0,
    )  # fmt: skip
    (found,) = measure([item], [prediction])
    stats = {name: stats for name, stats in found.stats.items() if stats is not None}
    assert found.said == [True, False, False, False, False, False]  # 500 is not 5,000
    assert stats["fact_recall"] == [3 / 11, 1]
    assert stats["chosen"] == [5 / 11, 1]
    assert stats["conveyed"] == [3, 5]
    assert stats["fact_precision"] == [1, 2]
    assert stats["faithful"] == [1, 2]
    assert stats["numbers"] == [2, 4]  # Monday and three of these, 5,000 lost, 500 invented
    assert stats["names"] == [1, 1]
    assert stats["speed"] == [25, 2]
    assert [line["severity"] for line in found.lines] == ["", "serious"]


def test_a_headline_alone_is_compared_as_it_is() -> None:
    (found,) = measure(ITEMS.items[:1], [Prediction("a", "The law passed.", (), ())])
    assert found.stats["rouge1"] == [1, 1]
    assert found.stats["length_ratio"] == [3, 3]
    (empty,) = measure(ITEMS.items[:1], [Prediction("a", "", (), ())])
    assert (empty.stats["rouge1"], empty.stats["length_ratio"]) == ([0, 1], [0, 3])


@pytest.mark.parametrize(
    ("source", "arabic", "stands"),
    [
        ("المغرب", "وصل إلى المغرب.", True),
        ("المغرب", "والمغرب، وبالمغرب", True),
        ("المغرب", "قدم للمغرب", True),
        ("المغرب", "السلطات المغربية", False),
        ("مصر", "مصرف لبنان", False),
        ("وزارة الصحة", "لوزارة الصحة", True),
        ("٢٣", "عام ٢٠٢٣", False),
        ("٢٣", "نحو ٢٣٫٥ أو 23", False),
        ("23", "بـ23، وال23", True),
        ("5", "1.5 أو 1,5", False),
    ],
)
def test_a_listed_form_stands_in_the_arabic_as_words(
    source: str, arabic: str, stands: bool
) -> None:
    assert bool(_standing_in(arabic, [Forms(source, ("x",))])) == stands


def test_sentences_from_elsewhere_get_the_nearest_evidence(own: Dataset) -> None:
    text = "Opposition deputies refused to vote on the fourth article of the law."
    (found,) = measure(own.items, [Prediction(own.items[0].id, "", (text,), ())])
    assert found.lines[0]["facts"] >= 1
    assert found.said[3]


def test_a_fact_needs_its_numbers_and_its_negation() -> None:
    facts = ["Violators will pay 5,000 dinars.", "The government did not announce a date."]
    texts = ["Violators are to pay 5,000 dinars.", "Violators are to pay 500 dinars.",
             "The government announced a date.", "The government announced no date."]  # fmt: skip
    first, second = said(facts, texts)
    assert first[0]
    assert second[2:] == [False, True]
    assert not said(facts, ["Violators are to pay 500 dinars."])[0][0]


def test_agreement_with_people_is_counted(tmp_path: Path) -> None:
    pairs = [
        {"fact": "The law passed.", "hypothesis": "The law passed.", "match": True},
        {"fact": "The law passed.", "hypothesis": "Rain fell in the north.", "match": False},
        {"fact": "Nine people died.", "hypothesis": "Nine people died.", "match": False},
        {"fact": "Nine people died.", "hypothesis": "Ten people died.", "match": False},
    ]
    found = agreement(pairs)
    assert (found.accuracy, found.precision, found.recall, found.kappa) == (0.75, 0.5, 1, 0.5)
    assert found.wrong == (pairs[2],)
    file = tmp_path / "judged.jsonl"
    file.write_text('{"fact": "x", "hypothesis": "y", "match": "yes"}\n')
    with pytest.raises(InputError, match='line 1: "match" is not bool'):
        read_judged(file)


# --- compare, report, gate, judge ---------------------------------------------------


@pytest.fixture
def compared(tmp_path: Path) -> tuple[Path, list[Any]]:
    items = tuple(
        replace(ITEMS.items[0], id=f"i{n}", kind="politics" if n % 2 else "sports")
        for n in range(12)
    )
    dataset = replace(ITEMS, items=items)
    found = []
    for name, texts in (("good", ["The law passed."]), ("bad", ["A law.", "Rain fell."])):
        rows = [simple(f"i{n}", texts[n % len(texts)], system=name) for n in range(12)]
        file = predictions(tmp_path, *rows)
        found.append(score(dataset, file, tmp_path / "scores" / f"{name}.jsonl"))
    rows = compare(found, "bad", resamples=500)
    write_comparison(rows, tmp_path / "comparison.jsonl")
    return tmp_path, found


def test_a_comparison_marks_what_differs(compared: tuple[Path, list[Any]]) -> None:
    rows = lines(compared[0] / "comparison.jsonl")
    at = {(r["system"], r["metric"], r["stratum"]): r for r in rows}
    rouge = at["good", "rouge1", "all"]
    assert rouge["verdict"] == "better"
    assert rouge["low"] <= rouge["value"] <= rouge["high"]
    assert rouge["p"] <= rouge["p_holm"] < 0.05
    assert at["good", "empty", "all"]["verdict"] == "not shown to differ"
    assert at["good", "rouge1", "kind: sports"]["groups"] == 6
    with pytest.raises(InputError, match="no scores of 'x'"):
        compare(compared[1], "x")
    other = replace(compared[1][0], head={**compared[1][0].head, "version": "0"})
    with pytest.raises(InputError, match="same version of the set"):
        compare([compared[1][1], other])
    other = replace(compared[1][0], head={**compared[1][0].head, "scored_by": "0"})
    for refused in (
        lambda: compare([compared[1][1], other]),
        lambda: report([compared[1][1], other], compared[0] / "comparison.jsonl"),
    ):
        with pytest.raises(InputError, match="scored by other code or libraries"):
            refused()


def test_every_figure_of_a_report_is_in_its_line(compared: tuple[Path, list[Any]]) -> None:
    folder, found = compared
    page, text = report(found, folder / "comparison.jsonl")
    rows = lines(folder / "comparison.jsonl")
    bounds = r"(?: \([-+\d.]+ to [-+\d.]+\))?(?:, undefined on \d+| p [<\d. ]+)?(?: [▲▼◆=])?"
    cells = re.findall(rf"([-+]?[\d.]+){bounds} #(\d+)", text)
    assert len(cells) > 25
    for shown, number in cells:
        row = rows[int(number) - 1]
        wanted = row["difference"] if shown[0] in "-+" else row["value"]
        assert float(shown) == pytest.approx(wanted, abs=0.06)
        assert (folder / row["from"]).exists()
    assert {int(n) for n in re.findall(r"#(\d+)", text)} == {int(n) for _, n in cells}
    assert page.count("<svg") >= 2
    assert not re.search(r'(?:src|href)="(?!#)', page)  # nothing is loaded
    assert report(found, folder / "comparison.jsonl") == (page, text)
    assert "Rain fell." in text
    assert not any(
        "Rain fell." in it for it in report(found, folder / "comparison.jsonl", texts=False)
    )
    file = found[0].path
    file.write_text(file.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    with pytest.raises(InputError, match="other scores than are there now"):
        report(found, folder / "comparison.jsonl")


def reported(folder: Path, name: str, text: str) -> tuple[str, str]:
    """The report, as HTML and Markdown, on a system that says one thing of every article."""
    file = predictions(folder, *(simple(id, text, system=name) for id in "abc"))
    found = [score(ITEMS, file, folder / "scores" / "x.jsonl")]
    write_comparison(compare(found, resamples=200), folder / "comparison.jsonl")
    return report(found, folder / "comparison.jsonl")


def test_a_name_with_dollars_is_no_formula(tmp_path: Path) -> None:
    page = reported(tmp_path, "a$b_{$c", "The law passed.")[0]
    assert "a$b_{$c" in "".join(re.findall("<svg.*?</svg>", page, re.DOTALL))


def test_nothing_that_is_quoted_is_markdown(tmp_path: Path) -> None:
    name, text = "<b>x</b>", "<img src=x onerror=alert(1)> [a](javascript:alert(1)) *b* c\\| d|e"
    written = reported(tmp_path, name, text)[1]
    parser = MarkdownIt("commonmark", {"html": True}).enable("table")
    tokens = parser.parse(written)
    inside = [child for token in tokens for child in token.children or []]
    assert {child.type for child in inside} <= {"text", "text_special"}
    cells = ["".join(child.content for child in token.children or []) for token in tokens]
    assert {name, text, f"Where {name} fails"} <= {*cells}


def test_a_report_says_what_a_choice_is_worth_and_what_is_not_measured(tmp_path: Path) -> None:
    items = tuple(replace(ITEMS.items[0], id=f"i{n}") for n in range(8))
    found = []
    for name, text in (("embedded", "The law passed."), ("embedded:likeliest", "A law.")):
        file = predictions(tmp_path, *(simple(i.id, text, system=name) for i in items))
        target = tmp_path / "scores" / f"{system_of(name).file}.jsonl"
        found.append(score(replace(ITEMS, items=items), file, target))
    comparison = tmp_path / "comparison.jsonl"
    write_comparison(compare(found, "embedded", resamples=200), comparison)
    text = report(found, comparison)[1]
    choice = next(line for line in text.splitlines() if line.startswith("| re-ranking"))
    gained = re.match(r" \+([\d.]+) .*▲ #(\d+)", choice.split("|")[3])
    assert gained
    row = lines(comparison)[int(gained[2]) - 1]
    assert (row["system"], row["verdict"]) == ("embedded:likeliest", "worse")
    assert float(gained[1]) == pytest.approx(-row["difference"], abs=0.06)
    assert "| fact recall, fact precision, chosen, conveyed | the set lists no facts |" in text


def test_what_decides_a_figure_is_in_the_hash_of_the_scoring_code(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hashed: list[Path] = []
    monkeypatch.setattr(score_module, "code_hash", hashed.extend)
    score_module._scored_by.__wrapped__()
    wanted = {"systems.py", "metrics.py", "facts.py", "checks.py", "names.py", "places.tsv"}
    wanted |= {"negation.py", "opposites.py", "compare.py"}
    assert wanted <= {file.name for file in hashed}


def test_scores_that_would_be_the_same_are_kept(tmp_path: Path) -> None:
    file = predictions(tmp_path, *map(simple, "abc"))
    made = score(ITEMS, file, tmp_path / "scores.jsonl")
    made.path.write_text(made.path.read_text("utf-8").replace('"words": 3', '"words": 99'), "utf-8")
    assert score(ITEMS, file, made.path).rows[0]["words"] == 99
    predictions(tmp_path, *(simple(id, "A law.") for id in "abc"))
    assert score(ITEMS, file, made.path).rows[0]["words"] == 2


def test_the_gate_lets_noise_pass_and_stops_what_is_worse(
    compared: tuple[Path, list[Any]], tmp_path: Path
) -> None:
    good, bad = compared[1]
    floors = tmp_path / "gate.json"
    with pytest.raises(InputError, match="no floors"):
        check(good, floors)
    pin(good, floors)
    assert not any(one.failed for one in check(good, floors))
    worse = replace(bad, head={**bad.head, "system": "good"})
    assert {"rouge2", "chrf"} <= {one.metric for one in check(worse, floors) if one.failed}
    one_worse = replace(worse, rows=(bad.rows[0], *good.rows[1:]))
    assert not any(one.failed for one in check(one_worse, floors))  # one article is noise
    silent = [{**row, "stats": {**row["stats"], "faithful": None}} for row in good.rows[1:]]
    unknown = [c for c in check(replace(good, rows=(good.rows[0], *silent)), floors) if c.failed]
    assert [str(one).split()[:2] for one in unknown] == [["NaN", "faithful"]]
    with pytest.raises(UsageError, match="guards good"):
        check(bad, floors)
    with pytest.raises(InputError, match="pin anew"):
        check(replace(good, head={**good.head, "version": "0"}), floors)
    with pytest.raises(InputError, match="pinned with figures by other code"):
        check(replace(good, head={**good.head, "scored_by": "0"}), floors)


def test_a_judge_is_asked_in_both_orders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def fair(prompt: str) -> str:
        asked.append(prompt)
        better = "first" if prompt.index("GOOD") < prompt.index("BAD") else "second"
        return json.dumps({"better": better})

    one = {i.id: Prediction(i.id, "", ("GOOD",), ()) for i in ITEMS.items}
    other = {i.id: Prediction(i.id, "", ("BAD",), ()) for i in ITEMS.items}
    out = tmp_path / "verdicts.jsonl"
    found = judge.judge_pairs(ITEMS, one, other, judge.Judge(fair, "fair 1"), out)
    assert (found.first, found.second, len(asked)) == (3, 0, 6)
    assert found.p == 0.25
    out.write_bytes(out.read_bytes() + b'{"id": "c", "ke')  # killed in the middle of a line
    judge.judge_pairs(ITEMS, one, other, judge.Judge(fair, "fair 1"), out)
    assert len(asked) == 6  # nothing is asked twice
    judge.judge_pairs(ITEMS, one, other, judge.Judge(fair, "fair 2"), out)
    assert len(asked) == 12  # but another judge, or by another prompt, is
    text = (prompts.FOLDER / "judge-pair.md").read_text(encoding="utf-8")
    (tmp_path / "judge-pair.md").write_text(f"{text}\nDecide.\n", encoding="utf-8")
    monkeypatch.setenv("MUJAZ_PROMPTS", str(tmp_path))
    judge.judge_pairs(ITEMS, one, other, judge.Judge(fair, "fair 2"), out)
    assert len(asked) == 18
    biased = judge.Judge(lambda _: '{"better": "first"}', "biased")
    assert judge.judge_pairs(ITEMS, one, other, biased, tmp_path / "b").turned == 3
    silly = judge.Judge(lambda _: "Hm.", "silly")
    assert judge.judge_pairs(ITEMS, one, other, silly, tmp_path / "c").unusable == 3
    pairs = [{"fact": "x", "hypothesis": "y", "match": True}] * 3
    agreed, left = judge.judge_facts(pairs, judge.Judge(lambda _: '{"says": true}', "yes"))
    assert agreed is not None
    assert (agreed.accuracy, left) == (1, 0)
    assert judge.judge_facts(pairs, silly) == (None, 3)
    with pytest.raises(EngineError, match="cannot judge"):
        judge.judge_of("echo")


@pytest.mark.parametrize(
    "text", ["[]", "notes\nof mine", '{"id": "a"}\n', '{"key": 1, "verdict": 2}\n']
)
def test_a_file_of_something_else_is_not_taken_for_verdicts(text: str, tmp_path: Path) -> None:
    out = tmp_path / "mine.txt"
    out.write_text(text, encoding="utf-8")
    briefs = {i.id: Prediction(i.id, "", ("x",), ()) for i in ITEMS.items}
    with pytest.raises(InputError, match="not a file of verdicts"):
        judge.judge_pairs(ITEMS, briefs, briefs, judge.Judge(str, "x"), out)
    assert out.read_text(encoding="utf-8") == text


def test_notes_on_predictions_are_told_before_judging(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = predictions(tmp_path, {"id": "politics-01", "sentences": []})
    monkeypatch.setattr(judge, "judge_of", lambda _: judge.Judge(lambda _: "Hm.", "x"))
    command = ["judge", OWN, file, file, "--engine", "x", "-o", tmp_path / "v.jsonl"]
    done = CliRunner().invoke(cli_eval.app, list(map(str, command)), catch_exceptions=False)
    assert "1 prediction is empty." in done.output
    assert "no usable answer 1; sign test of first against second: p 1.000" in done.output


def test_from_articles_to_a_report_on_the_command_line(tmp_path: Path) -> None:
    out = tmp_path / "run"

    def mujaz(*args: object) -> Any:
        return CliRunner().invoke(cli_eval.app, list(map(str, args)), catch_exceptions=False)

    assert mujaz("predict", OWN, "-o", out, "-s", "gloss", "-s", "copy").exit_code == 0
    assert mujaz("score", OWN, "-o", out).exit_code == 0
    done = mujaz("compare", out, "--baseline", "copy", "--resamples", 200)
    assert done.exit_code == 0, done.output
    assert mujaz("report", out).exit_code == 0
    assert "fact recall" in (out / "report.html").read_text(encoding="utf-8")
    floors = tmp_path / "gate.json"
    assert mujaz("gate", out / "scores/gloss.jsonl", "--floors", floors, "--pin").exit_code == 0
    passed = mujaz("gate", out / "scores/gloss.jsonl", "--floors", floors)
    assert passed.exit_code == 0
    assert "ok    fact_recall" in passed.stdout
    pinned = json.loads(floors.read_text(encoding="utf-8"))
    pinned["tables"]["names"] = [[99, 99]]
    floors.write_text(json.dumps(pinned), encoding="utf-8")
    assert mujaz("gate", out / "scores/gloss.jsonl", "--floors", floors).exit_code == 1
    command = [sys.executable, "-m", "summarizer.cli", "eval", "score", "none", "-o", str(out)]
    refused = subprocess.run(command, capture_output=True, text=True, check=False)
    assert refused.returncode == 2
    assert "does not exist" in refused.stderr
    assert "Traceback" not in refused.stderr
