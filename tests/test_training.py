"""The training recipe: what is trained on, what has a loss, and that a rerun goes on exactly."""

from __future__ import annotations

import gzip
import json
import shutil
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import transformers
from sacrebleu.metrics.bleu import BLEU

from summarizer.engines import build, difference, tokenizer
from summarizer.engines.lexicon import Lexicon
from training import average, data, evaluate, lease, model, names, parcel, train, words
from training.data import Example, HeldOut, Pair

FP32 = model.Precision("fp32")


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Threads that wait for each other over tiny tensors take a hundred times longer."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def pair(
    arabic: str = "أعلنت الحكومة ذلك", english: str = "The government said so", file: str = "x"
) -> Pair:
    return Pair(arabic, english, file)


class Letters:
    """A tokenizer of letters."""

    def encode(self, text: str) -> list[int]:
        return [ord(letter) for letter in text]


def examples(count: int = 12) -> list[Example]:
    """Prompts of 4 to 9 tokens, targets of 2 to 4."""
    return [
        Example([2] + [5 + (i * 7 + j) % 40 for j in range(3 + i % 6)], [9 + i, 7, 1][i % 2 :])
        for i in range(count)
    ]


def tiny(adapter: Path | None = None) -> Any:
    """A random Gemma 3 of two layers with a LoRA adapter."""
    return model.with_adapter(bare(), adapter, rank=4)


def bare() -> Any:
    """A random Gemma 3 of two layers."""
    torch.manual_seed(0)
    config = transformers.Gemma3TextConfig(
        vocab_size=64,
        hidden_size=16,
        intermediate_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=1,
        head_dim=8,
        pad_token_id=0,
        eos_token_id=1,
        bos_token_id=2,
    )
    return transformers.Gemma3ForCausalLM(config)


def trainer(epochs: int, adapter: Path | None = None) -> train.Trainer:
    budget = train.Budget(epochs=epochs)
    return train.Trainer(tiny(adapter), FP32, 1e-2, budget, "data", train.Position())


def plan(number: int) -> list[list[Example]]:
    return data.pass_over(examples(), number, max_tokens=40, seed=3)


# --- data ---------------------------------------------------------------------------


def test_an_example_is_the_engines_input_and_ends() -> None:
    prompt, target, weight = data.make_example(pair(file="tatoeba"), "announce", Letters())
    text = "".join(map(chr, prompt[1:]))
    assert text == "Arabic: أعلنت الحكومة ذلك\nWords: announce\n\n\n\n\n\nEnglish:"
    assert len(prompt) == 56  # the newlines make it a multiple of 8
    assert prompt[0] == tokenizer.BOS_ID
    assert "".join(map(chr, target[:-1])) == " The government said so"
    assert target[-1] == data.EOS
    assert weight == 0.4


def test_the_pieces_of_an_example_are_tokenised_apart() -> None:
    class Pieces:
        seen: list[str] = []  # noqa: RUF012

        def encode(self, text: str) -> list[int]:
            self.seen.append(text)
            return [5]

    data.make_example(pair("نص", "text"), "text", Pieces())
    assert Pieces.seen == ["Arabic: ", "نص\nWords: text", "\nEnglish:", "\n", " text"]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (pair(arabic=""), "length"),
        (pair(english="word " * 121), "length"),
        (pair(english="Fine."), "ratio"),
        (pair(arabic="all of it is English"), "script"),
        (pair(english="قالت الحكومة ذلك"), "script"),
        (pair(file="tatoeba"), "too short"),
    ],
)
def test_a_bad_pair_has_a_fault(bad: Pair, reason: str) -> None:
    bad = bad._replace(arabic=bad.arabic * 4) if reason == "ratio" else bad
    assert data.fault(bad) == reason


def test_a_good_pair_has_none() -> None:
    assert data.fault(pair()) is None
    assert data.fault(pair("ارتفع الناتج 3.5% عام ٢٠١٦", "GDP rose 3.5% in 2016")) is None


def test_duplicates_are_dropped_and_counted() -> None:
    kept, dropped = data.keep([pair(), pair(arabic="أَعلنت الحكومة، ذلك")], HeldOut([]))
    assert kept == [pair()]
    assert dropped == {("x", "duplicate"): 1}


def test_figures_tell_sentences_apart() -> None:
    kept, _ = data.keep(
        [pair("قتل ١٢ شخصا", "12 died"), pair("قتل ٣٤ شخصا", "34 died")], HeldOut([])
    )
    assert len(kept) == 2


HELD = "Scientists from Stanford announced the invention of a new diagnostic tool on Monday."


@pytest.mark.parametrize(
    ("sentence", "held"),
    [
        (HELD, True),
        (HELD.upper().rstrip("."), True),
        ("On Monday scientists from Stanford announced the invention of a new tool.", True),
        ("The government announced a new tax on Monday.", False),
        ("Monday", False),
        ("", False),
    ],
)
def test_near_copies_of_held_out_text_are_found(sentence: str, held: bool) -> None:
    assert HeldOut([HELD]).has(sentence) is held


def test_held_out_files_are_read_in_all_their_forms(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text("doc\tar\ten\n1\tنص أول هنا\tone\n", encoding="utf-8")
    (tmp_path / "b.jsonl").write_text('{"id": 1, "text": "نص ثان هنا"}\n', encoding="utf-8")
    (tmp_path / "c.tsv.gz").write_bytes(gzip.compress("نص ثالث هنا\tthree\n".encode()))
    held = HeldOut.of_files(tmp_path.iterdir(), [pair("نص رابع هنا")])
    assert all(held.has(f"نص {which} هنا") for which in ("أول", "ثان", "ثالث", "رابع"))
    assert not held.has("نص خامس هنا")


def test_validation_is_never_trained_on(tmp_path: Path) -> None:
    lines = "".join(f"جملة رقم {i}\tsentence number {i}\n" for i in range(205))
    for name in ("floresdev", "other"):
        (tmp_path / f"{name}.tsv.gz").write_bytes(gzip.compress(lines.encode()))
    training, validation = data.read_folder(tmp_path)
    kept, dropped = data.keep(training, HeldOut.of_files([], validation))
    assert len(validation) == 200
    assert not {p.arabic for p in kept} & {p.arabic for p in validation}
    assert dropped["other", "held out"] == 200


def test_other_pairs_than_ours_are_validated_with_a_tenth_of_them(tmp_path: Path) -> None:
    lines = [f"جملة رقم {i}\tsentence number {i}\n" for i in range(30)]
    (tmp_path / "mine.tsv").write_text("".join(lines), encoding="utf-8")
    training, validation = data.read_folder(tmp_path)
    assert len(training) == 27
    assert [pair.english for pair in validation] == [f"sentence number {i}" for i in (27, 28, 29)]


def test_a_folder_without_pairs_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        data.read_folder(tmp_path / "nothing")
    assert stopped.value.code == 2
    assert str(tmp_path / "nothing") in capsys.readouterr().err


# --- batches ------------------------------------------------------------------------


def test_batches_hold_every_example_once_within_the_limit() -> None:
    made = list(data.batches(examples(50), max_tokens=40))
    assert sorted(e for batch in made for e in batch) == sorted(examples(50))
    assert all(len(batch) * max(map(data.length, batch)) <= 40 for batch in made)


def test_a_pass_is_the_same_each_time_and_not_the_same_as_another() -> None:
    assert plan(0) == plan(0)
    assert plan(0) != plan(1)


def test_weights_say_in_how_many_passes_an_example_is() -> None:
    some = [e._replace(weight=0.4) for e in examples(50)] + examples(1)
    passes = [data.pass_over(some, n, 40, seed=1) for n in range(5)]
    seen = [e for made in passes for batch in made for e in batch]
    assert all(seen.count(e) == (5 if e.weight == 1 else 2) for e in some)


# --- the loss -----------------------------------------------------------------------


def test_only_the_target_and_its_end_are_labels() -> None:
    tokens, labels = model.collate([Example([2, 5, 6], [7, 1]), Example([2], [8, 9, 1])])
    assert tokens.tolist() == [[2, 5, 6, 7, 1], [2, 8, 9, 1, 0]]
    no = model.IGNORED
    assert labels.tolist() == [[no, no, 7, 1, no], [8, 9, 1, no, no]]


def test_padding_changes_no_loss() -> None:
    net = tiny().eval()
    together = model.mean_loss(net, examples(), FP32)
    total, count = 0.0, 0
    for prompt, target, _ in examples():  # one by one, by the library's own loss
        labels = torch.tensor([[model.IGNORED] * len(prompt) + target])
        out = net(input_ids=torch.tensor([prompt + target]), labels=labels)
        total, count = total + float(out.loss.detach()) * len(target), count + len(target)
    assert together == pytest.approx(total / count, rel=1e-5)


def test_greedy_is_what_one_by_one_argmax_gives() -> None:
    net = tiny().eval()
    for ours, example in zip(model.greedy(net, examples(3), FP32), examples(3), strict=True):
        ids = list(example.prompt)
        for _ in range(5):
            ids.append(int(net(input_ids=torch.tensor([ids])).logits[0, -1].argmax()))
        expected = ids[len(example.prompt) :]
        assert ours[:5] == expected or data.EOS in expected or data.PAD in expected


# --- the run ------------------------------------------------------------------------


def checkpoint_in(run: Path) -> Path:
    found = train.last_checkpoint(run)
    assert found
    return found


def weights(of: train.Trainer) -> dict[str, torch.Tensor]:
    return {name: p.detach() for name, p in of.model.named_parameters() if p.requires_grad}


def test_training_lowers_the_loss_and_changes_the_adapter_alone() -> None:
    run = trainer(epochs=3)
    frozen = {n: p.clone() for n, p in run.model.named_parameters() if not p.requires_grad}
    before = model.mean_loss(run.model, examples(), FP32)
    train.train(run, plan, lambda _: None)
    assert model.mean_loss(run.model, examples(), FP32) < before
    assert all(torch.equal(p, frozen[n]) for n, p in run.model.named_parameters() if n in frozen)
    assert run.at.progress == 1
    assert (run.at.number, run.at.batch) == (3, 0)


def test_a_run_resumed_from_a_checkpoint_ends_with_the_same_weights(tmp_path: Path) -> None:
    class Stop(Exception): ...

    def stop_at_7(_: float) -> None:
        if broken.at.step == 7:
            train.save_checkpoint(tmp_path, broken)
            raise Stop

    whole, broken = trainer(epochs=3), trainer(epochs=3)
    train.train(whole, plan, lambda _: None)
    with pytest.raises(Stop):
        train.train(broken, plan, stop_at_7)

    checkpoint = checkpoint_in(tmp_path)
    resumed = trainer(epochs=3, adapter=checkpoint)
    train.resume(resumed, checkpoint)
    assert resumed.at.step == 7
    train.train(resumed, plan, lambda _: None)
    assert resumed.at.tokens == whole.at.tokens
    for name, weight in weights(whole).items():
        assert torch.equal(weight, weights(resumed)[name]), name


def test_a_checkpoint_of_other_data_is_refused(tmp_path: Path) -> None:
    train.save_checkpoint(tmp_path, trainer(epochs=1))
    other = trainer(epochs=1)
    other.data = "other data"
    with pytest.raises(SystemExit, match="other data"):
        train.resume(other, checkpoint_in(tmp_path))


def test_only_the_last_two_checkpoints_stay(tmp_path: Path) -> None:
    run = trainer(epochs=1)
    for run.at.step in (9, 10, 100):
        train.save_checkpoint(tmp_path, run)
    assert sorted(f.name for f in tmp_path.iterdir()) == ["step-000010", "step-000100"]
    assert checkpoint_in(tmp_path).name == "step-000100"


def test_the_rate_rises_and_falls_to_zero() -> None:
    rates = [train.learning_rate(1.0, progress / 100) for progress in range(101)]
    assert max(rates) == pytest.approx(1, abs=0.02)
    assert 0 < rates[0] < 0.05
    assert rates[-1] == 0
    assert rates[5:] == sorted(rates[5:], reverse=True)


def run_through(budget: train.Budget, pause_at: int = -1, pause: float = 0) -> list[float]:
    """Progress after each step of 6 seconds, with a pause of the whole process."""
    at, now, seen = train.Position(), 0.0, []
    while at.progress < 1:
        now += 6 + (pause if at.step == pause_at else 0)
        at.progress = budget.advance(at, 6, 10, now)
        at.seconds += 6
        at.step += 1
        at.number, at.batch = divmod(at.step, 10)
        seen.append(at.progress)
    return seen


def test_progress_is_even() -> None:
    even = [pytest.approx((step + 1) / 20) for step in range(20)]
    assert run_through(train.Budget(minutes=2)) == even
    assert run_through(train.Budget(until=120)) == even
    assert run_through(train.Budget(epochs=2)) == even


def test_a_pause_costs_minutes_nothing_and_hastens_the_end_of_a_run_with_an_hour() -> None:
    assert len(run_through(train.Budget(minutes=2), 5, pause=60)) == 20
    hastened = run_through(train.Budget(until=120), 5, pause=60)
    assert len(hastened) == 10
    assert hastened[-1] == 1


def test_a_stopped_process_is_noticed() -> None:
    watch = train.Stopwatch()
    assert [watch.counted(2.0, 1000) for _ in range(5)] == [2.0] * 5
    assert watch.counted(3.0, 1000) == 3.0
    assert watch.counted(600.0, 1000) == 2.0


def test_a_time_of_day_is_ahead() -> None:
    assert 0 < train.a_time("00:00") - time.time() <= 86_400


# --- evaluation ---------------------------------------------------------------------


def test_pairs_are_read_with_and_without_a_header(tmp_path: Path) -> None:
    (tmp_path / "with.tsv").write_text("doc\tar\ten\n1\tنص\ttext\n", encoding="utf-8")
    (tmp_path / "without.tsv").write_text("نص\ttext\n", encoding="utf-8")
    assert evaluate.read_pairs(str(tmp_path / "with.tsv"), tmp_path) == [pair("نص", "text", "with")]
    assert data.read_file(tmp_path / "without.tsv") == [pair("نص", "text", "without")]


def test_arabic_letters_are_seen() -> None:
    assert evaluate.has_arabic("He said وزير")
    assert not evaluate.has_arabic("He said “no” — 5٪")


def test_a_score_has_an_interval_and_a_signature() -> None:
    texts = [f"This is the sentence number {i} of this text" for i in range(20)]
    score = evaluate.score(BLEU(), texts[:10] + ["no"] * 10, texts)
    assert 0 < score.value < 100
    assert score.interval > 0
    assert "bs:1000" in score.signature


def test_hypotheses_are_kept_and_not_made_again(tmp_path: Path) -> None:
    kept = tmp_path / "gloss.json"
    pairs = [pair(), pair("وصل الوزير إلى القاهرة.", "The minister arrived in Cairo.")]
    first, pace = evaluate.hypotheses("gloss", pairs, [], kept)
    assert pace > 0
    kept.write_text(kept.read_text().replace(first[0], "as it was kept"))
    assert evaluate.hypotheses("gloss", pairs, [], kept)[0] == ["as it was kept", first[1]]
    assert evaluate.hypotheses("gloss", pairs[:1], [], kept)[0] == first[:1]


def test_every_figure_is_of_all_segments() -> None:
    paid = pair("دفع ثلاثة آلاف دولار", "He paid three thousand dollars")
    pairs = [pair(english="The government said so today")] * 8 + [paid, pair()]
    ours = ["The government said so today"] * 8 + ["He paid four thousand dollars", ""]
    result = evaluate.measure("x", "y", pairs, ours, 0.0)
    assert (result.segments, result.empty, result.numbers) == (10, 1, 0.0)
    assert result.serious == 0.2


def test_what_others_published_stands_under_our_figures() -> None:
    pairs = [pair(english="The government said so today")] * 3
    ours = ["The government said so today"] * 3
    result = evaluate.measure("x", "flores200-devtest", pairs, ours, 0.0)
    head, us, _, *published = evaluate.beside([result]).splitlines()
    assert head.split() == ["flores200-devtest,", "3", "segments", "BLEU", "chrF++"]
    assert us.split() == ["x", "100.0", "100.0"]
    assert "  M2M100 418M                            29.2   55.5" in published
    assert len(evaluate.beside([replace(result, data="mine")]).splitlines()) == 2


# --- words --------------------------------------------------------------------------


def test_words_are_learned_from_where_they_stand() -> None:
    lexicon = Lexicon(build.ensure_model().lexicon)
    pairs = [
        (["وزير", "خطة"], ["minister", "plan"]),
        (["وزير", "زلزال"], ["minister", "earthquake"]),
        (["خطة", "زلزال"], ["plan", "earthquake"]),
    ] * 4
    table = words.believed(words.align(pairs, lexicon), lexicon)
    assert {stem: [row.lemma for row in rows] for stem, rows in table.items()} == {
        "وزير": ["minister"],
        "خطة": ["plan"],
        "زلزال": ["earthquake"],
    }


def test_what_was_seen_once_is_not_believed() -> None:
    lexicon = Lexicon(build.ensure_model().lexicon)
    rows = [words.Row("زمردان", "Zumurdan", 0.9, 1.6), words.Row("خطة", "plan", 0.9, 1.6)]
    assert list(words.believed(rows, lexicon)) == ["زمردان"]  # of the other the lexicon knows more


@pytest.mark.parametrize(("sure", "shown"), [(0.5, ["scheme", "plan"]), (0.9, ["scheme"])])
def test_the_lexicon_has_a_say_in_what_is_left_open(sure: float, shown: list[str]) -> None:
    lexicon = Lexicon(build.ensure_model().lexicon)
    rows = [words.Row("خطة", "scheme", sure, 9.0)]
    assert words.meanings(rows, words.English({}, {}), lexicon) == shown


def test_words_are_stems_or_as_written() -> None:
    lexicon = Lexicon(build.ensure_model().lexicon)
    found = words.keys("وقالت الحكومات في بياناتها", lexicon, {"وقالت"})
    assert found == ["=وقالت", "حكومة", "بيان"]


def test_a_noun_keeps_its_feminine_ending() -> None:
    lexicon = Lexicon(build.ensure_model().lexicon)
    stems = [lexicon.stem(word) for word in ("الخطة", "خطته", "وخطتان", "الخط", "كبيرة")]
    assert stems == ["خطة", "خطة", "خطة", "خط", "كبير"]


def test_spellings_are_those_inside_sentences(tmp_path: Path) -> None:
    conllu = tmp_path / "lemmas.conllu.gz"
    conllu.write_bytes(gzip.compress(b"1\tLaws\tlaw\tNOUN\n"))
    english = words.English.of(conllu, ["Laws of the US on Monday", "On Monday"])
    assert [english.lemma(word) for word in ("Laws", "US", "us", "Monday's")] == [
        "law",
        "US",
        "us",
        "monday",
    ]
    assert english.written["monday"] == "Monday"
    assert "law" not in english.written


# --- the mean of trainings ----------------------------------------------------------


def test_the_pairs_see_what_is_wrong_with_the_tables_of_names() -> None:
    pairs = [
        Pair("زار الوزير باريس", "The minister visited Paris.", "x"),
        Pair("زار الوزير باريس", "The minister visited the capital.", "x"),
        Pair("زار الوزير المدينة", "The minister visited Tunis.", "x"),
    ]
    seen = names.look(pairs)
    assert (seen.demanded, seen.missing) == ({"Paris": 2}, {"Paris": 1})
    assert seen.invented == {"Tunis": 1}
    assert "3 pairs: 2 names of the tables, 1 of them different; the English has 50.0%" in str(seen)


def test_a_mean_is_weighted() -> None:
    one, two = {"x": torch.tensor([[1.0, 2.0]])}, {"x": torch.tensor([[5.0, 6.0]])}
    assert average.mean([one, two], [0.25, 0.75])["x"].tolist() == [[4.0, 5.0]]


def test_trainings_of_other_weights_are_refused() -> None:
    with pytest.raises(ValueError, match="same weights"):
        average.mean([{"x": torch.ones(1)}, {"y": torch.ones(1)}], [0.5, 0.5])


# --- a lent GPU ---------------------------------------------------------------------


def test_hidden_words_are_of_the_prompt_alone() -> None:
    tokens, labels = model.collate(examples())
    hidden = model._hide(tokens, labels, 1.0) == tokenizer.UNK_ID
    for row, (prompt, _, _) in zip(hidden, examples(), strict=True):
        shown = len(prompt) - 1  # the last one predicts the first of the target
        assert row.tolist() == [False] + [True] * (shown - 1) + [False] * (len(row) - shown)


def test_two_readings_without_dropout_agree() -> None:
    net = model.all_weights(bare()).train()
    once, count = model.loss_of(net, examples(), FP32)
    twice, same = model.loss_of(net, examples(), FP32, model.Noise(agreement=5.0))
    assert (float(twice), same) == (pytest.approx(float(once), rel=1e-5), count)


def test_two_readings_with_dropout_do_not() -> None:
    net = model.all_weights(bare(), dropout=0.3).train()
    torch.manual_seed(0)
    without, _ = model.loss_of(net, examples(), FP32, model.Noise(agreement=1e-9))
    torch.manual_seed(0)
    with_it, _ = model.loss_of(net, examples(), FP32, model.Noise(agreement=5.0))
    assert float(with_it) > float(without)
    assert model.mean_loss(net.eval(), examples(), FP32) == model.mean_loss(net, examples(), FP32)


def test_all_weights_are_those_an_adapter_can_hold() -> None:
    whole, adapted = model.all_weights(bare()), tiny()
    names = {name.removesuffix(".weight") for name in lease.learning(whole)}
    layers = {name.split(".lora_")[0] for name in lease.learning(adapted)}
    assert {f"base_model.model.{name}" for name in names} == layers
    assert set(model.learned(bare(), whole)) == set(lease.learning(whole))


def test_what_all_weights_learned_is_kept(tmp_path: Path) -> None:
    base, net = bare(), model.all_weights(bare())
    run = train.Trainer(net, FP32, 1e-2, train.Budget(epochs=9), "", train.Position())
    train.train(run, plan, lambda _: None)
    lease.write(model.learned(base, net), tmp_path / "pieces")
    parcel.join(tmp_path / "pieces", tmp_path / "trained")
    loaded = model.add_training(bare(), tmp_path / "trained")
    learned = model.mean_loss(net, examples(), FP32)
    assert model.mean_loss(loaded, examples(), FP32) == pytest.approx(learned, abs=0.1)
    assert learned < model.mean_loss(base, examples(), FP32) - 0.2


def test_a_runs_result_is_its_start_and_its_adapter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model, "base_model", lambda start=None: started(start, dither=True))
    torch.manual_seed(1)
    first = {name: 0.1 * torch.randn_like(w) for name, w in model.learned(bare(), bare()).items()}
    difference.write(first, tmp_path / "start")
    run = trainer(epochs=2)
    train.train(run, plan, lambda _: None)
    train.save_checkpoint(tmp_path, run)
    train.write_result(tmp_path / "start", tmp_path)
    merged = model.merge_adapter(
        started(tmp_path / "start", dither=True), train.last_checkpoint(tmp_path)
    )
    both = difference.read(tmp_path / "trained")
    for name, matrix in model.learned(bare(), merged).items():
        assert (both[name] - matrix).norm() < 0.25 * matrix.norm()


def started(trained: Path | None, dither: bool = False) -> Any:
    return model.add_training(bare(), trained, dither) if trained else bare()


def test_pieces_are_small_and_make_the_whole_again(tmp_path: Path) -> None:
    (tmp_path / "x.bin").write_bytes(bytes(range(250)))
    parcel.write_pieces(tmp_path / "x.bin", 100)
    parcel.seal(tmp_path)
    assert [len(f.read_bytes()) for f in sorted(tmp_path.glob("x.*"))] == [100, 100, 50]
    assert parcel.read_pieces(tmp_path / "x.bin") == bytes(range(250))
    parcel.check(tmp_path)
    (tmp_path / "x.bin.001").write_bytes(b"damaged")
    (tmp_path / "x.bin.002").unlink()
    with pytest.raises(SystemExit, match=r"x\.bin\.001, x\.bin\.002"):
        parcel.check(tmp_path)


def test_a_parcel_has_the_base_model_bit_by_bit(tmp_path: Path) -> None:
    base = build.open_base(tmp_path)
    parcel.pack_base(base, tmp_path)
    packed = {tensor.name: tensor for tensor in parcel.tensors(tmp_path)}
    kept = tokenizer.read_kept_tokens()
    for tensor in base.tensors:
        ours = packed.pop(tensor.name)
        expected = tensor.data[kept] if tensor.name == "token_embd.weight" else tensor.data
        assert np.array_equal(ours.data, expected), tensor.name
        assert ours.tensor_type == tensor.tensor_type
    assert not packed


def test_what_is_learned_from_comes_back_as_it_went(tmp_path: Path) -> None:
    parcel.Texts(examples(), {"valid": examples(3)}).write(tmp_path / parcel.TEXTS)
    texts = parcel.Texts.read(tmp_path, 5)
    assert (texts.training, texts.validation) == (examples(5), {"valid": examples(3)})


def test_a_lease_is_spent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packed, out = tmp_path / "parcel", tmp_path / "out"
    packed.mkdir()
    parcel.Texts(examples(), {"valid": examples(3)}).write(packed / parcel.TEXTS)
    shutil.copy(build.ensure_model().tokenizer, packed / parcel.TOKENIZER)
    nothing = {name: 0 * weight for name, weight in model.learned(bare(), bare()).items()}
    lease.write(nothing, tmp_path / "start")
    shutil.copy(tmp_path / "start" / f"{difference.FILE}.000", packed)
    parcel.seal(packed)
    monkeypatch.setattr(parcel, "load_base", lambda _: bare())
    asked = f"lease {packed} --out {out} --minutes 0.1 --writing 0 --lr 1e-2 --device cpu"
    monkeypatch.setattr(sys, "argv", asked.split())
    lease.main()
    parcel.join(out / "trained", out / "whole")
    loaded = model.add_training(bare(), out / "whole")
    before = model.mean_loss(bare(), examples(), FP32)
    assert model.mean_loss(loaded, examples(), FP32) < before - 0.1
    told = [json.loads(line) for line in (out / "log.jsonl").read_text().splitlines()]
    measured = [line["model"] for line in told if "model" in line]
    assert measured == ["start", "all weights", "branch 0", "branch 1", "branch 2", "mean",
                        "as written"]  # fmt: skip
