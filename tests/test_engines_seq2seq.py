"""Translation models of others: tiny ones of every architecture, through the real code."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import torch
from sacrebleu.metrics import CHRF

from summarizer import cli, read_file, summarize, translate
from summarizer.engines import entry, hub, load, seq2seq
from summarizer.engines.base import Hypothesis, Progress, Writer
from summarizer.engines.direct import CrossSumEngine
from summarizer.engines.ensemble import Ensemble
from summarizer.engines.seq2seq import Seq2Seq, Seq2SeqEngine
from summarizer.errors import EngineError
from summarizer.feed import Journal
from tests import tiny_models
from tests.tiny_models import PAIRS

SEEDS = Path(__file__).parents[1] / "seeds"
SOURCES = [arabic for arabic, _ in PAIRS[:5]]
CLUES = {  # the token that asks for English, and what stands before the source
    "marian": (None, ""),
    "m2m100": ("__en__", ""),
    "nllb": ("eng_Latn", ""),
    "mbart": ("en_XX", ""),
    "mbart25": ("en_XX", ""),
    "t5": (None, "translate Arabic to English: "),
    "madlad": (None, "<2en> "),
    "mt5": (None, ""),
}


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("cache")
        patch.setenv("MUJAZ_CACHE", str(folder))
        patch.setattr(seq2seq, "MAX_NEW_TOKENS", 12)  # random models never end by themselves
        yield folder


@pytest.fixture(scope="module")
def marian_made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_models.make("marian", tmp_path_factory.mktemp("made") / "marian")


@pytest.fixture
def marian(marian_made: Path, tmp_path: Path) -> Path:
    """A tiny model that a test may spoil."""
    return shutil.copytree(marian_made, tmp_path / "marian")


@pytest.fixture(scope="module", params=CLUES)
def model(
    request: pytest.FixtureRequest, cache: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Path]:
    folder = tmp_path_factory.mktemp("models") / request.param
    return request.param, tiny_models.make(request.param, folder)


def test_every_architecture_translates_in_int8_and_in_transformers(
    model: tuple[str, Path],
) -> None:
    kind, folder = model
    engine = Seq2SeqEngine(str(folder))
    engine.prepare()
    assert engine.seq2seq.backend.what == "CTranslate2 int8 on cpu"
    assert (engine.seq2seq.target, engine.seq2seq.prefix) == CLUES[kind]
    told = {"m2m100": "__ar__", "nllb": "arb_Arab", "mbart": "ar_AR"}.get(kind)
    read = engine.seq2seq.tokenizer.convert_ids_to_tokens(engine.seq2seq.encode(SOURCES[0]))
    assert not told or told in read
    found = engine.translate(SOURCES)
    assert len(found) == len(SOURCES)
    assert all(h.text and not h.text.startswith(CLUES[kind][0] or "<") for h in found)
    together = engine.seq2seq.generate(SOURCES, limit=12)
    assert [engine.seq2seq.generate([source], limit=12)[0] for source in SOURCES] == together
    slow = Seq2SeqEngine(str(folder), portable=True)
    assert slow.seq2seq.backend.what == "transformers float32 on cpu"
    again = slow.seq2seq.generate(SOURCES, limit=6)
    assert slow.seq2seq.generate(SOURCES[:1], limit=6)[0] == again[0]
    assert slow.revision != engine.revision


def test_a_conversion_in_float32_says_what_transformers_says(
    model: tuple[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So what int8 changes is rounding, and nothing of the model was misread."""
    kind, folder = model
    monkeypatch.setenv("MUJAZ_CACHE", str(tmp_path))
    convert = seq2seq._convert
    monkeypatch.setattr(seq2seq, "_convert", lambda model, made: convert(model, made, "float32"))
    stored = hub.find(str(folder))
    exact = Seq2Seq(stored).generate(SOURCES[:6], beam=1, limit=8)
    known = Seq2Seq(stored, portable=True).generate(SOURCES[:6], beam=1, limit=8)
    for one, other in zip(exact, known, strict=True):  # the language counts as a word for one
        assert one[0].text.startswith(other[0].text)
        assert one[0].text
    assert len({some[0].text for some in exact}) > 1  # the source matters
    if not CLUES[kind][0]:  # where the language counts as a word, the means are of other lengths
        ours = Seq2Seq(stored).generate(SOURCES[:2], beam=4, limit=8)
        theirs = Seq2Seq(stored, portable=True).generate(SOURCES[:2], beam=4, limit=8)
        for one, other in zip(ours, theirs, strict=True):
            assert one[0].text == other[0].text
            assert [c.log_prob for c in one] == pytest.approx([c.log_prob for c in other], abs=1e-3)


# --- quality passes through ---------------------------------------------------------


def train(folder: Path, pairs: list[tuple[str, ...]], seconds: float = 60.0) -> None:
    """Train a tiny Marian until it knows these pairs by heart, a minute at most."""
    names = tiny_models.marian_tokenizer(folder)
    torch.manual_seed(0)
    model = tiny_models.marian_model(
        len(names),
        d_model=128,
        encoder_attention_heads=4,
        decoder_attention_heads=4,
        encoder_ffn_dim=256,
        decoder_ffn_dim=256,
        init_std=0.05,
        dropout=0.0,
    )
    with seq2seq.quiet():
        from transformers import AutoTokenizer

        tokenizer = AutoTokenizer.from_pretrained(folder)
        batch = tokenizer(
            [arabic for arabic, _ in pairs],
            text_target=[english for _, english in pairs],
            return_tensors="pt",
            padding=True,
        )
    batch["labels"][batch["labels"] == tokenizer.pad_token_id] = -100
    steps = torch.optim.Adam(model.parameters(), lr=2e-3)
    until = time.monotonic() + seconds
    loss = torch.tensor(9.0)
    while loss > 0.01 and time.monotonic() < until:
        loss = model(**batch).loss
        steps.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        steps.step()
    tiny_models._save(model, folder)


@pytest.fixture(scope="module")
def trained(cache: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    folder = tmp_path_factory.mktemp("trained") / "marian"
    pairs = sorted(PAIRS, key=lambda pair: len(pair[0]))[40:52]
    train(folder, pairs)
    return folder, pairs


def test_what_a_model_has_learned_passes_through_the_conversion(
    trained: tuple[Path, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, pairs = trained
    monkeypatch.setattr(seq2seq, "MAX_NEW_TOKENS", 64)
    references = [[english for _, english in pairs]]
    for options in ({"fast": True}, {"fast": True, "portable": True}):
        engine = Seq2SeqEngine(str(folder), **options)  # type: ignore[arg-type]
        found = engine.translate([arabic for arabic, _ in pairs])
        score = CHRF(word_order=2).corpus_score([h.text for h in found], references).score
        assert score > 90, (options, score)
        assert all(h.translated and not h.warnings for h in found)


def test_a_trained_model_in_the_whole_pipeline(
    trained: tuple[Path, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, pairs = trained
    monkeypatch.setattr(seq2seq, "MAX_NEW_TOKENS", 64)
    text = "\n\n".join(arabic for arabic, _ in pairs[:6])
    told: list[tuple[str, int, int]] = []
    made = translate(
        text,
        engine=Seq2SeqEngine(str(folder), glossary={"مصر": "Egypt"}),
        progress=lambda *step: told.append(step),
    )
    english = " ".join(line.text for line in made.lines)
    assert sum(reference in english for _, reference in pairs[:6]) >= 4
    notes = " ".join(w.message for w in made.warnings if w.code == "engine")
    assert "int8 on cpu" in notes
    assert "cannot be told the glossary" in notes
    assert told[-1][1] == told[-1][2]


def test_of_several_engines_the_better_is_kept_and_named(
    trained: tuple[Path, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Wrong:
        name, revision, settings, is_known_word = "wrong", "1", {}, None

        def prepare(self, progress: Progress | None = None) -> None:
            pass

        def translate(
            self, segments: list[str], progress: Progress | None = None
        ) -> list[Hypothesis]:
            return [Hypothesis("The committee postponed its picnic to 1978.") for _ in segments]

    folder, pairs = trained
    monkeypatch.setattr(seq2seq, "MAX_NEW_TOKENS", 64)
    good = Seq2SeqEngine(str(folder), name="good")
    both = Ensemble([Wrong(), good])  # type: ignore[list-item]
    found = both.translate([arabic for arabic, _ in pairs])
    assert sum("from good" in h.warnings[-1].message for h in found) >= len(pairs) - 1
    assert both.name == "wrong,good"
    assert load("echo,gloss").name == "echo,gloss"
    with pytest.raises(EngineError, match="nope"):
        load("echo,nope")


# --- texts that are not easy --------------------------------------------------------


def test_a_real_article_goes_through_with_all_it_has(cache: Path, marian: Path) -> None:
    article = read_file(SEEDS / "08-wire-cables.txt")
    engine = Seq2SeqEngine(str(marian), fast=True)
    made = summarize(article, engine=engine)
    assert made.engine.name == "seq2seq"
    assert all(line.warnings for line in made.lines)  # it is nonsense, and that is seen
    odd = ["", "2024", "BBC News", "سلام" * 400, SOURCES[0] * 30]
    found = engine.translate(odd)
    assert [h.text for h in found[:3]] == odd[:3]
    assert all(h.text for h in found[3:])
    assert max(len(engine.seq2seq.encode(p)) for p in engine._pieces(odd[4])) <= seq2seq.MAX_SOURCE


def test_a_direct_summariser_reads_in_windows_and_writes(cache: Path, tmp_path: Path) -> None:
    folder = tiny_models.make("mt5", tmp_path / "mt5")
    engine = load(f"crosssum:{folder}")
    assert isinstance(engine, Writer)
    assert isinstance(engine, CrossSumEngine)
    article = read_file(SEEDS / "01-politics-wire.txt")
    made = summarize(article, engine=engine)
    assert made.engine.name == "crosssum:mt5"
    assert made.words <= 80
    assert all(line.evidence for line in made.lines)
    assert all(line.warnings for line in made.lines)  # it is nonsense, and that is seen
    pieces = [part for text in article.paragraphs for part in engine._parts(text)]
    for wanted in (1, 4, 10):
        windows = engine._windows(pieces, wanted)
        assert " ".join(windows).split() == article.text.split()
        assert all(len(engine.seq2seq.encode(window)) <= 512 for window in windows)
    endless = ["كلمة " * 3000]
    parts = engine._parts(endless[0])
    assert max(len(engine.seq2seq.encode(part)) for part in parts) <= 512
    with pytest.raises(EngineError, match="does not translate"):
        translate(article, engine=engine)


def test_what_does_not_convert_runs_in_transformers(
    cache: Path, marian: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ctranslate2.converters.transformers._MODEL_LOADERS", {})
    engine = Seq2SeqEngine(str(marian))
    assert "transformers float32" in engine.revision
    assert "transformers float32 on cpu" in engine.notes[0]


# --- files --------------------------------------------------------------------------


def test_a_model_that_is_not_here_names_the_folder(cache: Path) -> None:
    for name in ("opus", "nllb:1.3B", "owner/model"):
        with pytest.raises(EngineError) as caught:
            load(name).prepare()
        assert str(cache / "models") in caught.value.hint
        assert f"mujaz models pull {name}" in caught.value.hint


def test_weights_that_could_run_code_are_refused(cache: Path, marian: Path) -> None:
    (marian / "model.safetensors").rename(marian / "pytorch_model.bin")
    with pytest.raises(EngineError, match="can run code"):
        load(str(marian)).prepare()


def test_a_broken_model_is_told(cache: Path, marian: Path) -> None:
    folder = marian
    (folder / "model.safetensors").write_bytes(b"not a model")
    with pytest.raises(EngineError, match="cannot be read"):
        load(str(folder)).prepare()
    (folder / "config.json").write_text("{", encoding="utf-8")
    with pytest.raises(EngineError, match="cannot be read"):
        load(str(folder)).prepare()


def test_a_model_of_other_files_than_it_says_is_told(cache: Path, marian: Path) -> None:
    config = json.loads((marian / "config.json").read_text(encoding="utf-8"))
    (marian / "config.json").write_text(json.dumps({**config, "d_model": 48}), encoding="utf-8")
    with pytest.raises(EngineError, match="cannot be read"):
        load(str(marian)).prepare()
    (marian / "model.safetensors").rename(marian / "other.safetensors")
    with pytest.raises(EngineError, match="cannot be read"):
        load(str(marian)).prepare()


def test_a_conversion_is_made_once_and_again_when_it_is_broken(cache: Path, marian: Path) -> None:
    stored = hub.find(str(marian))
    folder = seq2seq.convert(stored)
    first = (folder / "model.bin").stat().st_mtime_ns
    assert seq2seq.convert(stored) == folder
    assert (folder / "model.bin").stat().st_mtime_ns == first
    (folder / "model.bin").write_bytes(b"half")
    seq2seq.convert(stored)
    assert (folder / "model.bin").stat().st_size > 1000
    assert not list(folder.parent.glob(".making-*"))


def test_another_file_is_another_revision(cache: Path, marian: Path) -> None:
    folder = marian
    before = hub.find(str(folder)).revision
    assert hub.find(str(folder)).revision == before
    (folder / "README.md").write_text("---\nlicense: mit\n---\n", encoding="utf-8")
    assert hub.find(str(folder)).revision == before
    assert hub.find(str(folder)).licence == "mit"
    weights = bytearray((folder / "model.safetensors").read_bytes())
    weights[-1] ^= 1
    (folder / "model.safetensors").write_bytes(weights)
    assert hub.find(str(folder)).revision != before


def test_licences_are_said_before_use(cache: Path, marian: Path) -> None:
    ids = ("nllb", "opus,nllb:1.3B", "facebook/nllb-200-3.3B", "opus:facebook/nllb-200-3.3B")
    for name in (*ids, "nllb:1.3B,opus", "crosssum:csebuetnlp/mT5_m2o_english_crossSum"):
        assert "CC BY-NC" in entry(name).notice, name
    for name in ("opus", "seq2seq:Helsinki-NLP/opus-mt-ar-en", str(marian)):
        assert not entry(name).notice, name
    (marian / "README.md").write_text("---\nlicense: cc-by-nc-4.0\n---\n", encoding="utf-8")
    assert "cc-by-nc-4.0" in entry(str(marian)).notice
    assert "cc-by-nc-4.0" in entry(f"opus:{marian}").licence


def test_a_folder_that_is_called_like_a_known_model_is_not_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "opus").mkdir()
    assert hub.place_of("opus") == hub.place_of("Helsinki-NLP/opus-mt-ar-en")
    assert hub.place_of("./opus") == Path("opus")
    with pytest.raises(EngineError, match="no engine ''"):
        entry("echo,")


def test_every_way_in_says_the_licence_first(
    tmp_path: Path, here: Callable[..., tuple[Any, str, str]]
) -> None:
    article, feed = str(SEEDS / "01-politics-wire.txt"), tmp_path / "feed.jsonl"
    feed.write_text(json.dumps({"text": SOURCES[0]}), encoding="utf-8")
    out = str(tmp_path / "out.jsonl")
    for command in (["brief", article], ["translate", article], ["feed", str(feed), "-o", out]):
        status, _, said = here(*command, "--engine", "nllb")
        assert status == 2
        assert said.index("CC BY-NC 4.0") < said.index("is not here")
    with Journal(tmp_path / "old.journal", write=True) as journal:
        journal.begin(str(feed), {"engine": "nllb"})
    status, _, said = here("feed", "retry-failed", str(tmp_path / "old.journal"))
    assert status == 2
    assert said.index("CC BY-NC 4.0") < said.index("is not here")


def test_an_ensemble_may_begin_with_an_engine_that_has_a_model(marian: Path) -> None:
    assert "best of nllb:1.3B, opus" in entry("nllb:1.3B,opus").what
    with_comma = marian.rename(marian.with_name("a,b"))
    assert "best of" not in entry(f"opus:{with_comma}").what
    assert "best of" not in entry(str(with_comma)).what


def test_a_download_that_broke_off_is_told_when_the_model_is_used(
    tmp_path: Path, marian: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MUJAZ_CACHE", str(tmp_path))
    place = shutil.copytree(marian, tmp_path / "models" / "a--b")
    rest = place / ".cache" / "huggingface" / "download" / "model.x.incomplete"
    rest.parent.mkdir(parents=True)
    rest.touch()
    with pytest.raises(EngineError, match="broke off") as caught:
        load("a/b").prepare()
    assert "models pull a/b" in caught.value.hint


# --- a hub --------------------------------------------------------------------------

COMMIT = "1234567890" * 4
BREAK = 11 << 20  # bytes; huggingface_hub keeps what it has in steps of 10 MiB


@contextmanager
def hub_of(folder: Path, breaks: bool = False, starts: list[int] | None = None) -> Iterator[str]:
    """The parts of a hub's HTTP interface that a pull uses; `breaks` once, in the big file.

    `starts` gets where each file was read from.
    """
    broken = [breaks]

    class Hub(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: Any) -> None:
            pass

        def do_HEAD(self) -> None:
            self._file(False)

        def do_GET(self) -> None:
            if "/resolve/" in self.path:
                self._file(True)
                return
            made: Any = {"id": "tiny/marian", "sha": COMMIT}
            if "/tree/" in self.path:
                made = [
                    {"type": "file", "path": f.name, "size": f.stat().st_size, "oid": "0"}
                    for f in folder.iterdir()
                ]
            body = json.dumps(made).encode()
            self._head(200, len(body), "application/json")
            self.wfile.write(body)

        def _file(self, with_body: bool) -> None:
            data = (folder / self.path.rpartition("/")[2]).read_bytes()
            start = int(self.headers.get("Range", "bytes=0-")[6:].partition("-")[0])
            part = data[start:]
            self._head(206 if start else 200, len(part), etag=sha256(data).hexdigest())
            if with_body and starts is not None:
                starts.append(start)
            if with_body and broken[0] and len(part) > BREAK:
                broken[0] = False
                self.wfile.write(part[:BREAK])
                self.close_connection = True
            elif with_body:
                self.wfile.write(part)

        def _head(self, status: int, size: int, kind: str = "x/y", etag: str = "") -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(size))
            self.send_header("X-Repo-Commit", COMMIT)
            self.send_header("ETag", f'"{etag}"')
            self.end_headers()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def mujaz(cache: Path, *args: object, mirror: str = "http://127.0.0.1:9") -> Any:
    return subprocess.run(
        [sys.executable, "-m", "summarizer.cli", *map(str, args)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        cwd=SEEDS.parent,
        env={
            "MUJAZ_CACHE": str(cache),
            "HF_ENDPOINT": mirror,
            "HF_HOME": str(cache / "hf"),
            "HF_HUB_DISABLE_XET": "1",
            "PATH": "",
        },
    )


@pytest.fixture
def here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[Any, str, str]]:
    """Runs the command line in this process; its exit status and what it said."""
    monkeypatch.setenv("MUJAZ_CACHE", str(tmp_path / "cache"))

    def run(*args: str) -> tuple[Any, str, str]:
        monkeypatch.setattr(sys, "argv", ["mujaz", *args])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return (ended.value.code or 0, *capsys.readouterr())

    return run


def test_pull_show_convert_verify_remove(
    tmp_path: Path, marian: Path, here: Callable[..., tuple[Any, str, str]]
) -> None:
    cache = tmp_path / "cache"
    (marian / "README.md").write_text("---\nlicense: apache-2.0\n---\n", encoding="utf-8")
    (marian / "pytorch_model.bin").write_bytes(b"pickle")
    (marian / "large.txt").write_bytes(b"x" * (BREAK + 1))
    left = cache / "models/tiny--marian/.cache/huggingface/download/a.incomplete"
    left.parent.mkdir(parents=True)  # of a pull that was killed
    left.touch()
    starts: list[int] = []
    with hub_of(marian, breaks=True, starts=starts) as mirror:
        done = mujaz(cache, "models", "pull", "tiny/marian", mirror=mirror)
        assert done.returncode == 0, done.stderr
        assert 10 << 20 in starts  # it went on where the connection broke
        (cache / "models/tiny--marian/vocab.json").unlink()
        starts.clear()
        done = mujaz(cache, "models", "pull", "tiny/marian", mirror=mirror)
        assert starts == [0]  # the one file that was missing
    assert not left.exists()
    assert COMMIT in done.stdout
    assert "apache-2.0" in done.stderr
    place = cache / "models" / "tiny--marian"
    assert (place / "model.safetensors").read_bytes() == (marian / "model.safetensors").read_bytes()
    assert not (place / "pytorch_model.bin").exists()
    _, shown, _ = here("models", "show", "tiny/marian")
    assert COMMIT in shown
    assert "apache-2.0" in shown
    assert sha256((place / "config.json").read_bytes()).hexdigest() in shown
    assert here("models", "convert", "tiny/marian")[0] == 0
    listed = json.loads(here("models", "list", "--json")[1])
    assert "seq2seq:tiny/marian" in {row["name"] for row in listed}
    assert here("models", "verify", "tiny/marian")[0] == 0
    weights = (place / "model.safetensors").read_bytes()
    (place / "model.safetensors").write_bytes(weights[:-1] + bytes([weights[-1] ^ 1]))
    status, _, said = here("models", "verify", "tiny/marian")
    assert status == 2
    assert "model.safetensors" in said
    (place / hub.RECORD).write_text("half of", encoding="utf-8")
    assert here("models", "show", "tiny/marian")[0] == 0
    (cache / "ct2" / "tiny--marian-other-123456789012").mkdir()  # of another model
    assert here("models", "remove", "tiny/marian")[0] == 0
    assert not place.exists()
    assert [one.name for one in (cache / "ct2").glob("*/")] == ["tiny--marian-other-123456789012"]


@pytest.mark.parametrize("name", ["..", ".", "", "../models", "a/b/c", "/", "-x"])
def test_no_name_deletes_more_than_a_model(
    name: str, tmp_path: Path, here: Callable[..., tuple[Any, str, str]]
) -> None:
    kept = tmp_path / "cache" / "models" / "a--b" / "config.json"
    kept.parent.mkdir(parents=True)
    kept.touch()
    assert here("models", "remove", "--", name)[0] == 2
    assert kept.exists()


@pytest.mark.parametrize("command", ["show", "pull", "convert", "verify", "remove"])
def test_an_engine_without_a_model_of_a_hub_is_told(
    command: str, here: Callable[..., tuple[Any, str, str]]
) -> None:
    for name in ("embedded", "echo", "openai"):
        status, _, said = here("models", command, name)
        assert status == 2
        assert f"The engine {name} has no model of a hub." in said


def test_what_was_made_of_a_folder_goes_and_the_folder_stays(
    marian: Path, here: Callable[..., tuple[Any, str, str]]
) -> None:
    made = Path(here("models", "convert", str(marian))[1].split(", ")[0])
    assert made.is_dir()
    assert here("models", "remove", str(marian))[0] == 0
    assert not made.exists()
    assert (marian / "config.json").exists()
    assert here("models", "remove", str(marian))[0] == 2


def test_a_pull_without_a_network_and_an_unknown_commit_are_told(
    tmp_path: Path, marian: Path
) -> None:
    done = mujaz(tmp_path, "models", "pull", "opus")
    assert done.returncode == 2
    assert "cannot be pulled" in done.stderr
    assert "Traceback" not in done.stderr
    with hub_of(marian) as mirror:
        done = mujaz(tmp_path, "models", "pull", "opus", mirror=mirror)
    assert done.returncode == 2
    assert "Mujaz knows 0a22ca0f" in done.stderr
    done = mujaz(tmp_path, "models", "pull", str(marian))
    assert done.returncode == 2
    assert "is a folder: there is nothing to pull" in done.stderr
