"""BERTScore and COMET: what the formula and the package say, asked for, kept, never fetched."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
import transformers
from tokenizers import BertWordPieceTokenizer, ByteLevelBPETokenizer
from typer.testing import CliRunner

from summarizer import cli_eval
from summarizer.engines.seq2seq import quiet
from summarizer.errors import EngineError, InputError, UsageError
from summarizer.evaluation import neural
from summarizer.evaluation.compare import compare, write_comparison
from summarizer.evaluation.data import Dataset, Item, Reference
from summarizer.evaluation.neural import bertscore, comet, write_segments
from summarizer.evaluation.report import report
from summarizer.evaluation.score import Scores, read_predictions, score

SIZE: dict[str, Any] = {
    "hidden_size": 32,
    "num_hidden_layers": 3,
    "num_attention_heads": 2,
    "intermediate_size": 64,
    "initializer_range": 0.4,  # large, or all vectors would be alike
}
OURS = ["Minister said that the price of bread rose.", "", "  Rain fell in Cairo ", "It rose."]
THEIRS = [
    ["The price of bread has risen, said the minister.", "Bread costs more."],
    ["Nobody came to the match.", "The match had no spectators."],
    ["In Cairo rain fell on Monday.", "There was rain."],
    ["Fell.", "A long reference about bread, rain and the minister of the price of bread."],
]
ITEMS = tuple(
    Item(str(n), "", (f"قال الوزير  {n} إن\nالسعر",), tuple(Reference("", (t,)) for t in both))
    for n, both in enumerate(THEIRS)
)
SEGMENTS = Dataset("segments", ITEMS, segments=True)


@pytest.fixture(scope="module", params=["bert", "roberta"])
def encoder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return encoder_of(request.param, tmp_path_factory.mktemp("t5-scibert"))  # misleads bert-score


@pytest.fixture(scope="module")
def bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return encoder_of("bert", tmp_path_factory.mktemp("plain"))


def encoder_of(kind: str, parent: Path) -> Path:
    """A tiny encoder of random weights, with a tokenizer of its kind."""
    folder = parent / kind
    folder.mkdir()
    texts = [*OURS, *(text for both in THEIRS for text in both)]
    settings = {"model_max_length": 40}
    if kind == "bert":
        words = BertWordPieceTokenizer()
        words.train_from_iterator(texts, vocab_size=300, min_frequency=1)
        settings |= {"tokenizer_class": "BertTokenizer"}
    else:
        words = ByteLevelBPETokenizer()
        marks = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
        words.train_from_iterator(texts, vocab_size=400, min_frequency=1, special_tokens=marks)
        settings |= {"tokenizer_class": "RobertaTokenizer"}
    words.save_model(str(folder))
    (folder / "tokenizer_config.json").write_text(json.dumps(settings))
    torch.manual_seed(0)
    rows = words.get_vocab_size()
    made = {
        "bert": lambda: transformers.BertModel(transformers.BertConfig(vocab_size=rows, **SIZE)),
        "roberta": lambda: transformers.RobertaModel(
            transformers.RobertaConfig(vocab_size=rows, **SIZE)
        ),
    }[kind]()
    with quiet():
        made.save_pretrained(folder)
    return folder


def predictions(folder: Path, texts: list[str] = OURS, name: str = "good") -> Path:
    file = folder / "predictions" / f"{name}.jsonl"
    file.parent.mkdir(parents=True, exist_ok=True)
    rows = ({"id": str(n), "text": text, "system": name} for n, text in enumerate(texts))
    file.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return file


def scored(folder: Path, *asked: neural.Asked, texts: list[str] = OURS, **more: Any) -> Scores:
    file = predictions(folder, texts, **more)
    return score(SEGMENTS, file, folder / "scores" / file.name, asked=asked)


def by_formula(folder: Path, layer: int, ours: str, theirs: str) -> float:
    """Zhang et al. 2020, section 3: mean of the best cosines, over the tokens of one side.

    The marks at both ends have no part in the mean, but as in the package, a token may match one.
    """
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    model = transformers.AutoModel.from_pretrained(folder).eval()
    space = " " if "roberta" in folder.name else ""  # the first word is like any other

    def vectors(text: str) -> Any:
        given = tokenizer(space + text.strip(), return_tensors="pt", truncation=True)
        with torch.no_grad():
            found = model(**given, output_hidden_states=True).hidden_states[layer][0]
        return found / found.norm(dim=1, keepdim=True)

    near = vectors(ours) @ vectors(theirs).T
    precision, recall = near.amax(1)[1:-1].mean(), near.amax(0)[1:-1].mean()
    return float(2 * precision * recall / (precision + recall))


def no_network(*_: object) -> None:
    raise AssertionError("the network was asked")


# --- BERTScore ----------------------------------------------------------------------


def test_bertscore_is_the_formula(
    encoder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket.socket, "connect", no_network)
    monkeypatch.setattr(socket, "getaddrinfo", no_network)
    made = scored(tmp_path, bertscore(str(encoder), 2))
    for n, row in enumerate(made.rows):
        wanted = [by_formula(encoder, 2, OURS[n], text) if OURS[n] else 0.0 for text in THEIRS[n]]
        assert row["stats"]["bertscore"] == pytest.approx([max(wanted), 1], abs=2e-6)
    assert len({row["values"]["bertscore"] for row in made.rows}) == 4
    signature = made.head["signatures"]["bertscore"]
    assert signature.startswith(f"bertscore|f1|model:{encoder.name}@")
    assert "|layer:2|idf:no|rescaled:no|multi:max|version:0.3.13|transformers:" in signature


def test_bertscore_is_that_of_the_package(bert: Path, tmp_path: Path) -> None:
    import bert_score

    made = scored(tmp_path, bertscore(str(bert), 3))
    there = [n for n, text in enumerate(OURS) if text]  # on an empty text it fails
    with quiet():
        found = bert_score.score(
            [OURS[n] for n in there], [THEIRS[n] for n in there], model_type=str(bert),
            num_layers=3, device="cpu",
        )[2]  # fmt: skip
    ours = [made.rows[n]["stats"]["bertscore"][0] for n in there]
    assert ours == pytest.approx(found.tolist(), abs=1e-6)


def test_what_is_cut_and_what_has_no_reference_is_said(bert: Path, tmp_path: Path) -> None:
    items = (*ITEMS[:3], replace(ITEMS[3], references=()))
    file = predictions(tmp_path, ["rain " * 60, "", "Rain.", "Rain."])
    asked = bertscore(str(bert), 2)
    made = score(replace(SEGMENTS, items=items), file, tmp_path / "s.jsonl", asked=[asked])
    assert "BERTScore: texts cut at 40 tokens: 1." in made.notes
    assert made.rows[3]["stats"]["bertscore"] is None
    assert made.head["undefined"]["bertscore"] == 1
    bare = replace(SEGMENTS, items=tuple(replace(item, references=()) for item in ITEMS))
    with pytest.raises(InputError, match="segments has none"):
        score(bare, file, tmp_path / "s.jsonl", asked=[asked])


def test_it_is_kept_until_it_would_differ(bert: Path, tmp_path: Path) -> None:
    first = scored(tmp_path, bertscore(str(bert), 2))

    def again(*_: object) -> Any:
        raise AssertionError("measured again")

    same = replace(bertscore(str(bert), 2), measure=again)
    assert scored(tmp_path, same).sha256 == first.sha256
    assert scored(tmp_path).sha256 == first.sha256  # not asked for, not lost
    file = tmp_path / "comet.json"
    file.write_text(json.dumps({"good.txt": comet_rows()}))
    both = scored(tmp_path, comet(file, "x"), same)
    assert [row["stats"]["bertscore"] for row in both.rows] == [
        row["stats"]["bertscore"] for row in first.rows
    ]
    assert both.metrics.index("bertscore") == both.metrics.index("comet") - 1
    other = scored(tmp_path, bertscore(str(bert), 1))
    assert other.table("bertscore").tolist() != first.table("bertscore").tolist()
    assert "comet" in other.metrics
    assert "bertscore" not in scored(tmp_path, texts=["Other."] * 4).metrics


def test_what_cannot_be_is_refused(
    bert: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MUJAZ_CACHE", str(tmp_path / "cache"))
    with pytest.raises(EngineError, match=r"cache/models/roberta-large has no config.json") as told:
        bertscore("roberta-large")
    assert "mujaz models pull roberta-large" in told.value.hint
    with pytest.raises(UsageError, match="none/such is no folder"):
        bertscore(f"{tmp_path}/none/such")
    with pytest.raises(UsageError, match="lists no layer for bert"):
        bertscore(str(bert))
    with pytest.raises(UsageError, match="no layer 4"):
        bertscore(str(bert), 4)
    named = bert.rename(bert.with_name("distilbert-base-uncased-distilled-squad"))
    with pytest.raises(UsageError, match="no layer 4"):  # bert-score's, for that name
        bertscore(str(named))
    named.rename(bert)
    config = json.loads((bert / "config.json").read_text()) | {"is_encoder_decoder": True}
    (tmp_path / "config.json").write_text(json.dumps(config))
    (tmp_path / "model.safetensors").write_bytes(b"")
    with pytest.raises(UsageError, match="an encoder alone"):
        bertscore(str(tmp_path), 1)
    monkeypatch.setattr(neural, "find_spec", lambda _: None)
    with pytest.raises(UsageError, match="needs bert-score") as told:
        bertscore(str(bert), 2)
    assert told.value.hint == "pip install 'mujaz[bertscore]'"


def test_systems_are_compared_by_one_model_and_the_report_has_it(
    bert: Path, tmp_path: Path
) -> None:
    good, bad = (
        scored(tmp_path, bertscore(str(bert), 2), texts=texts, name=name)
        for texts, name in ((OURS, "good"), (["Water."] * 4, "bad"))
    )
    rows = compare([good, bad], "bad", resamples=200)
    row = next(row for row in rows if (row["system"], row["metric"]) == ("good", "bertscore"))
    assert row["p_holm"] is not None
    assert row["value"] == pytest.approx(good.table("bertscore")[:, 0].mean())
    write_comparison(rows, tmp_path / "comparison.jsonl")
    page, text = report([good, bad], tmp_path / "comparison.jsonl")
    assert "| BERTScore ↑ |" in text
    assert f"| {row['value']:.3f} = #{rows.index(row) + 1} |" in text
    assert good.head["signatures"]["bertscore"] in page
    assert "| COMET | not asked for: mujaz eval score --comet FILE |" in text
    other = scored(tmp_path, bertscore(str(bert), 1), texts=["Water."] * 4, name="bad")
    with pytest.raises(InputError, match=r"BERTScore of .*layer:1"):
        compare([good, other])


# --- COMET --------------------------------------------------------------------------


def comet_rows() -> list[dict[str, Any]]:
    """As `comet-score` of unbabel-comet 2.2.7 writes them: stripped lines, a score each."""
    return [
        {
            "src": " ".join(item.text.split()),
            "mt": " ".join(text.split()),
            "ref": item.references[0].text,
            "COMET": 0.5 + n / 10,
        }
        for n, (item, text) in enumerate(zip(ITEMS, OURS, strict=True))
    ]


def test_comet_scores_from_elsewhere_are_read(tmp_path: Path) -> None:
    file = predictions(tmp_path)
    found = read_predictions(file, SEGMENTS)[0]
    command = write_segments(
        SEGMENTS, [("good", [found[item.id] for item in ITEMS])], tmp_path / "comet"
    )
    place = tmp_path / "comet"
    assert command == (
        f"comet-score -s {place}/source -t {place}/good.txt -r {place}/reference "
        f"--to_json {place}/comet.json"
    )
    parts = {"src": "source", "mt": "good.txt", "ref": "reference"}
    written = {key: (place / name).read_text("utf-8").split("\n")[:-1]
               for key, name in parts.items()}  # fmt: skip
    rows = [dict(zip(written, some, strict=True)) for some in zip(*written.values(), strict=True)]
    assert rows == [{k: row[k] for k in ("src", "mt", "ref")} for row in comet_rows()]
    file = tmp_path / "comet.json"
    file.write_text(json.dumps({f"{tmp_path}/comet/good.txt": comet_rows()}))
    made = scored(tmp_path, comet(file, "Unbabel/wmt22-comet-da, unbabel-comet 2.2.7"))
    assert [row["values"]["comet"] for row in made.rows] == pytest.approx([0.5, 0.6, 0.7, 0.8])
    assert made.head["signatures"]["comet"] == (
        "comet|model:Unbabel/wmt22-comet-da, unbabel-comet 2.2.7|multi:first|"
        "by comet-score, elsewhere"
    )


def swapped(rows: list[Any]) -> list[Any]:
    return [rows[1], rows[0], *rows[2:]]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (swapped, 'segment 1 has another "src"'),
        (lambda r: [*r[:3], {**r[3], "mt": "It fell."}], 'segment 4 has another "mt"'),
        (lambda r: [*r[:3], {**r[3], "ref": ""}], 'segment 4 has another "ref"'),
        (lambda r: r[:3], "not of these 4 segments"),
        (lambda r: [*r[:3], {**r[3], "COMET": float("nan")}], "NaN"),
        (lambda r: [*r[:3], {**r[3], "COMET": None}], "segment 4 has no score"),
        (lambda r: [*r[:3], "x"], "segment 4 has no score"),
        (lambda r: {"0": r}, "not of these 4 segments"),
    ],
)
def test_scores_of_other_texts_are_refused(
    change: Callable[[list[Any]], object], words: str, tmp_path: Path
) -> None:
    file = tmp_path / "comet.json"
    file.write_text(json.dumps({"good.txt": change(comet_rows())}))
    with pytest.raises(InputError, match=words):
        scored(tmp_path, comet(file, "x"))
    assert not [*tmp_path.glob("scores/*")]


def test_comet_needs_its_file_its_model_and_segments(tmp_path: Path) -> None:
    file = tmp_path / "comet.json"
    with pytest.raises(InputError, match="cannot be read"):
        comet(file, "x")
    with pytest.raises(UsageError, match="does not say which model"):
        comet(file, " ")
    for text, words in (("{", "is not JSON"), ("[]", "not what comet-score writes")):
        file.write_text(text)
        with pytest.raises(InputError, match=words):
            comet(file, "x")
    file.write_text(json.dumps({"better.txt": comet_rows()}))
    with pytest.raises(InputError, match="no scores of good; of better"):
        scored(tmp_path, comet(file, "x"))
    articles = replace(SEGMENTS, segments=False)
    with pytest.raises(InputError, match="COMET is of translated segments"):
        score(articles, predictions(tmp_path), tmp_path / "s.jsonl", asked=[comet(file, "x")])


# --- the command line ---------------------------------------------------------------


def test_both_on_the_command_line(bert: Path, tmp_path: Path) -> None:
    pairs, out = tmp_path / "pairs.tsv", tmp_path / "run"
    pairs.write_text("doc\tar\ten\n1\tقال الوزير ذلك أمس\tThe minister said that yesterday.\n")

    def mujaz(*args: object) -> str:
        done = CliRunner().invoke(cli_eval.app, list(map(str, args)), catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return str(done.output)

    mujaz("predict", pairs, "-o", out, "-s", "echo")
    assert mujaz("export", pairs, "-o", out).startswith("comet-score -s")
    parts = {"src": "source", "mt": "echo.txt", "ref": "reference"}
    row: dict[str, object] = {
        key: (out / "comet" / name).read_text("utf-8").strip() for key, name in parts.items()
    }
    (out / "comet/comet.json").write_text(json.dumps({"comet/echo.txt": [{**row, "COMET": 0.25}]}))
    mujaz("score", pairs, "-o", out, "--bertscore", bert, "--bertscore-layer", 2,
          "--comet", out / "comet/comet.json", "--comet-model", "x")  # fmt: skip
    mujaz("compare", out, "--resamples", 100)
    mujaz("report", out)
    text = (out / "report.md").read_text("utf-8")
    assert "BERTScore ↑" in text
    assert "0.250 #" in text
    assert "bert-score, if asked for: mujaz eval score --bertscore MODEL" in mujaz("metrics")
    with pytest.raises(UsageError, match="--bertscore-layer goes with"):
        mujaz("score", pairs, "-o", out, "--bertscore-layer", 2)
