"""All of a lent GPU's minutes: all weights are trained, and what they learned becomes an adapter.

    python -m training.lease PARCEL --out DIR --minutes 9

works with what `training.parcel` packed, and in that time
 1. trains all weights of the base model's linear layers, with dropout and the other noise of
    `model.Noise`;
 2. trains on from there a few times in other orders, and takes the mean (model soups);
 3. cuts the difference from the base to a LoRA adapter, which costs a good part of it, and
    trains that adapter on, which brings most of it back;
 4. writes it in pieces with hashes.
The same on a CPU with ``--limit 50`` is the rehearsal.
"""

from __future__ import annotations

import argparse
import copy
import json
import shutil
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import sacrebleu
import torch
from safetensors.torch import save_file
from torch import Tensor

from summarizer.engines import build, tokenizer
from training import model as models
from training import parcel
from training.data import Example, length, pass_over
from training.train import Budget, Position, Trainer, train

SCALE = 2.0  # alpha / rank of every adapter here


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
        self.base = parcel.load_base(self.args.parcel).to(self.args.device)

    @property
    def left(self) -> float:
        """Seconds until the end, less what writing takes."""
        return self.started + self.args.minutes * 60 - self.args.writing - time.monotonic()

    def fresh(self, dropout: float = 0.0) -> Any:
        """The base model with all its linear weights trainable."""
        model = models.all_weights(copy.deepcopy(self.base), dropout)
        self.precision.apply(model)
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


# --- the difference as an adapter ---------------------------------------------------


def difference(base: Any, model: Any, rank: int) -> dict[str, Tensor]:
    """The nearest adapter of that rank to what `model` has learned since it was `base`."""
    before = dict(base.named_parameters())
    made = {}
    for name, weight in trained(model).items():
        learned = (weight - before[name]).detach() / SCALE
        made |= dict(zip(parts(name), low_rank(learned, rank), strict=True))
    return made


def parts(name: str) -> tuple[str, str]:
    """The names of an adapter's two matrices for a layer's weight, as `peft` has them."""
    stem = f"base_model.model.{name.removesuffix('.weight')}"
    return f"{stem}.lora_A.weight", f"{stem}.lora_B.weight"


def trained(model: Any) -> dict[str, Any]:
    """The parameters of a model that learn."""
    return {name: p for name, p in model.named_parameters() if p.requires_grad}


def low_rank(difference: Tensor, rank: int) -> tuple[Tensor, Tensor]:
    """(down, up) whose product is the matrix of that rank nearest to `difference`.

    By its right singular vectors, the eigenvectors of DᵀD: fast, and exact enough in float32.
    """
    _, vectors = torch.linalg.eigh(difference.T @ difference)
    down = vectors[:, -rank:].T
    return down, difference @ down.T


def write(weights: dict[str, Tensor], rank: int, folder: Path) -> None:
    """Write an adapter in `peft` format, in pieces, with its listing."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    config = json.loads((build.ADAPTER / parcel.CONFIG).read_text())
    config |= {"r": rank, "lora_alpha": round(SCALE * rank)}
    (folder / parcel.CONFIG).write_text(json.dumps(config, indent=2) + "\n")
    rounded = {n: w.detach().to("cpu", torch.bfloat16).contiguous() for n, w in weights.items()}
    save_file(rounded, folder / parcel.WEIGHTS, metadata={"format": "pt"})
    parcel.write_pieces(folder / parcel.WEIGHTS)
    parcel.seal(folder)


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
    add("--adapter", type=float, default=0.1, help="share of the time for the adapter alone")
    add("--lr", type=float, default=2e-4)
    add("--batch-tokens", type=int, default=16_000, help="padding counted")
    add("--dropout", type=float, default=0.1)
    add("--hidden", type=float, default=0.05)
    add("--smoothing", type=float, default=0.1)
    add("--agreement", type=float, default=1.0)
    add("--rank", type=int, default=80)
    add("--adapter-lr", type=float, default=3e-4)
    add("--writing", type=float, default=40, help="seconds kept for measuring and writing")
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
    """All four steps."""
    args = lease.args
    later = args.minutes * 60 * (args.branches * args.branch + args.adapter)
    model = lease.fresh(args.dropout)
    lease.learn(model, lease.left - later, args.lr, 1, noise)
    lease.measure(model, "all weights")
    if args.branches:
        average_of_branches(lease, model, noise)
        lease.measure(model, "mean", 200)
    write(difference(lease.base, model, args.rank), args.rank, args.out / "adapter")
    parcel.join(args.out / "adapter", args.out / "cut")
    adapter = models.with_adapter(lease.base, args.out / "cut", args.rank).to(args.device)
    shutil.rmtree(args.out / "cut")
    lease.precision.apply(adapter)
    lease.measure(adapter.eval(), f"cut to rank {args.rank}")
    # Read once and without dropout: there is no time to learn anything by heart.
    lease.learn(adapter, lease.left, args.adapter_lr, 9, replace(noise, agreement=0.0))
    lease.measure(adapter, "adapter", 200)
    weights = {n.replace(".default", ""): p for n, p in trained(adapter).items()}
    write(weights, args.rank, args.out / "adapter")


def average_of_branches(lease: Lease, model: Any, noise: models.Noise) -> None:
    """Train on from `model` in other orders, and make it the mean of where that leads."""
    args = lease.args
    start = {name: p.detach().clone() for name, p in trained(model).items()}
    total = {name: torch.zeros_like(p) for name, p in start.items()}
    for branch in range(args.branches):
        for name, parameter in trained(model).items():
            parameter.data.copy_(start[name])
        lease.learn(model, args.minutes * 60 * args.branch, args.lr / 2, 2 + branch, noise)
        lease.measure(model, f"branch {branch}")
        for name, parameter in trained(model).items():
            total[name] += parameter.detach() / args.branches
    for name, parameter in trained(model).items():
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
