"""All of a lent GPU's minutes: all weights are trained.

    python -m training.lease PARCEL --out DIR --minutes 9

works with what `training.parcel` packed, and in that time
 1. trains all weights of the linear layers on, with dropout and the other noise of
    `model.Noise`;
 2. trains on from there a few times in other orders, and takes the mean (model soups);
 3. writes the difference from the base in pieces with hashes.
The same on a CPU with ``--limit 50`` is the rehearsal.
"""

from __future__ import annotations

import argparse
import copy
import json
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sacrebleu
import torch

from summarizer.engines import difference, tokenizer
from training import model as models
from training import parcel
from training.data import Example, length, pass_over
from training.train import Budget, Position, Trainer, train

# --- the steps ----------------------------------------------------------------------


@dataclass
class Lease:
    """What all steps share.

    Attributes:
        args: The command line.
        texts: Of the parcel.
        precision: Of the frozen weights and the activations.
        log: Receives a line for everything that happened.
    """

    args: argparse.Namespace
    texts: parcel.Texts
    precision: models.Precision
    log: Path

    def __post_init__(self) -> None:
        """Start the clock, load the base model."""
        self.started = time.monotonic()
        self.base = parcel.load_base(self.args.parcel)
        self.start = self.trained(self.args.parcel, dither=True)

    @property
    def left(self) -> float:
        """Seconds until the end, less what writing takes."""
        return self.started + self.args.minutes * 60 - self.args.writing - time.monotonic()

    def trained(self, pieces: Path, dither: bool = False) -> Any:
        """The base model with the difference that lies in pieces in a folder."""
        with tempfile.TemporaryDirectory() as scratch:
            parcel.join(pieces, Path(scratch))
            return models.add_training(copy.deepcopy(self.base), Path(scratch), dither)

    def fresh(self, dropout: float = 0.0) -> Any:
        """The model as it is at the start, with all its linear weights trainable."""
        model = models.all_weights(copy.deepcopy(self.start).to(self.args.device), dropout)
        self.precision.apply(model)
        if self.args.compile:
            models.compile_layers(model)
        return model

    def say(self, **event: Any) -> None:
        """Print and log."""
        event = {"at": round(time.monotonic() - self.started, 1), **event}
        print(json.dumps(event), flush=True)
        with self.log.open("a") as file:
            file.write(json.dumps(event) + "\n")

    def learn(
        self,
        model: Any,
        seconds: float,
        peak: float,
        seed: int,
        noise: models.Noise,
    ) -> None:
        """Train `model` for so long, the learning rate falling to zero."""
        torch.manual_seed(seed)
        budget = Budget(minutes=max(seconds, 1) / 60)
        run = Trainer(model.train(), self.precision, peak, budget, "", Position(), noise)
        losses: list[float] = []

        def after(loss: float) -> None:
            losses.append(loss)
            if run.at.step % 200 == 0:
                self.say(step=run.at.step, epoch=run.at.number, loss=sum(losses[-100:]) / 100)

        def plan(number: int) -> list[list[Example]]:
            return pass_over(self.texts.training, number, self.args.batch_tokens, seed)

        train(run, plan, after)
        model.eval()
        self.say(
            steps=run.at.step,
            passes=round(run.at.number + run.at.batch / max(1, len(plan(run.at.number))), 2),
            tokens=run.at.tokens,
            pace=round(run.at.tokens / run.at.seconds),
            loss=round(sum(losses[-100:]) / len(losses[-100:]), 4),
            peak=peak,
        )

    def measure(self, model: Any, what: str, sentences: int = 0) -> None:
        """Loss on the validation sets, and BLEU and chrF++ of a greedy search on some."""
        decode = tokenizer.load(self.args.parcel / parcel.TOKENIZER).decode
        for name, examples in self.texts.validation.items():
            figures = {"loss": models.mean_loss(model, examples, self.precision)}
            if some := examples[:sentences]:
                ours = [decode(ids).strip() for ids in models.greedy(model, some, self.precision)]
                theirs = [decode(example.target[:-1]).strip() for example in some]
                figures["bleu"] = sacrebleu.corpus_bleu(ours, [theirs]).score
                figures["chrf"] = sacrebleu.corpus_chrf(ours, [theirs], word_order=2).score
            self.say(model=what, set=name, **{k: round(v, 4) for k, v in figures.items()})


def learning(model: Any) -> dict[str, Any]:
    """The parameters of a model that learn."""
    return {name: p for name, p in model.named_parameters() if p.requires_grad}


# --- the command --------------------------------------------------------------------


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description="Spend the minutes of a lent GPU.")
    add = parser.add_argument
    add("parcel", type=Path)
    add("--out", type=Path, required=True)
    add("--minutes", type=float, required=True, help="of all steps, loading and writing included")
    add("--branches", type=int, default=3, help="runs from the first one's end, for the mean")
    add("--branch", type=float, default=0.1, help="share of the time for each of them")
    add("--lr", type=float, default=2e-4)
    add("--batch-tokens", type=int, default=16_000, help="padding counted")
    add("--dropout", type=float, default=0.1)
    add("--hidden", type=float, default=0.05)
    add("--smoothing", type=float, default=0.1)
    add("--agreement", type=float, default=1.0)
    add("--writing", type=float, default=40, help="seconds kept for measuring and writing")
    add("--compile", action="store_true", help="torch.compile: slow to begin, then faster steps")
    add("--probe", type=float, nargs="*", help="learning rates to compare instead, --seconds each")
    add("--seconds", type=float, default=15)
    add("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    add("--limit", type=int, help="of pairs, for a rehearsal")
    return parser.parse_args()


def probe(lease: Lease, noise: models.Noise) -> None:
    """Compare learning rates over a few seconds each."""
    for rate in lease.args.probe:
        model = lease.fresh(lease.args.dropout)
        lease.learn(model, lease.args.seconds, rate, 1, noise)
        lease.measure(model, f"rate {rate}")


def spend(lease: Lease, noise: models.Noise) -> None:
    """All three steps."""
    args = lease.args
    model = lease.fresh(args.dropout)
    lease.measure(model, "start")
    later = args.minutes * 60 * args.branches * args.branch
    lease.learn(model, lease.left - later, args.lr, 1, noise)
    lease.measure(model, "all weights")
    if args.branches:
        average_of_branches(lease, model, noise)
        lease.measure(model, "mean", 200)
    write(models.learned(lease.base, model.to("cpu")), args.out / "trained")
    written = lease.trained(args.out / "trained").to(args.device)
    lease.measure(written, "as written", 200)


def write(differences: dict[str, Any], folder: Path) -> None:
    """Write differences from the base in pieces, with their listing."""
    shutil.rmtree(folder, ignore_errors=True)
    difference.write(differences, folder)
    parcel.write_pieces(folder / difference.FILE)
    parcel.seal(folder)


def average_of_branches(lease: Lease, model: Any, noise: models.Noise) -> None:
    """Train on from `model` in other orders, and make it the mean of where that leads."""
    args = lease.args
    start = {name: p.detach().clone() for name, p in learning(model).items()}
    total = {name: torch.zeros_like(p) for name, p in start.items()}
    for branch in range(args.branches):
        for name, parameter in learning(model).items():
            parameter.data.copy_(start[name])
        lease.learn(model, args.minutes * 60 * args.branch, args.lr / 2, 2 + branch, noise)
        lease.measure(model, f"branch {branch}")
        for name, parameter in learning(model).items():
            total[name] += parameter.detach() / args.branches
    for name, parameter in learning(model).items():
        parameter.data.copy_(total[name])


def main() -> None:
    """Do what the command line says."""
    args = arguments()
    args.out.mkdir(parents=True, exist_ok=True)
    parcel.check(args.parcel)
    texts = parcel.Texts.read(args.parcel, args.limit)
    precision = models.Precision("bf16" if args.device == "cuda" else "fp32")
    lease = Lease(args, texts, precision, args.out / "log.jsonl")
    lease.say(examples=len(texts.training), tokens=sum(map(length, texts.training)))
    noise = models.Noise(args.hidden, args.smoothing, args.agreement)
    (probe if args.probe else spend)(lease, noise)


if __name__ == "__main__":
    main()
