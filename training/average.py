"""The mean of several adapters: what they add to the weights, averaged.

    python -m training.average --out DIR ADAPTER ADAPTER... [--weights 1 1] [--rank 64]

Models that were trained from the same start and went different ways are often better averaged
than each alone (Wortsman et al., "Model soups", ICML 2022). The mean of B₁A₁ and B₂A₂
is [w₁B₁ w₂B₂][A₁; A₂], an adapter of the sum of the ranks; with ``--rank`` it is cut to the
nearest adapter of that rank (singular value decomposition; Eckart and Young 1936).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

Weights = dict[str, Tensor]
CONFIG, WEIGHTS = "adapter_config.json", "adapter_model.safetensors"


def mean(adapters: Sequence[Weights], shares: Sequence[float], rank: int | None) -> Weights:
    """The weighted mean of adapters of equal alpha / rank, over the same layers.

    Raises:
        ValueError: Their layers differ.
    """
    if any(adapter.keys() != adapters[0].keys() for adapter in adapters):
        raise ValueError("These adapters are not over the same layers.")
    made: Weights = {}
    for name in (name for name in adapters[0] if ".lora_A." in name):
        other = name.replace(".lora_A.", ".lora_B.")
        down = torch.cat([adapter[name].float() for adapter in adapters])
        up = torch.cat([s * a[other].float() for s, a in zip(shares, adapters, strict=True)], 1)
        made[name], made[other] = (down, up) if rank is None else cut(down, up, rank)
    return made


def cut(down: Tensor, up: Tensor, rank: int) -> tuple[Tensor, Tensor]:
    """The nearest `up` times `down` of that rank, without ever making the full product."""
    left, upper = torch.linalg.qr(up)
    right, lower = torch.linalg.qr(down.T)
    u, values, v = torch.linalg.svd(upper @ lower.T)
    root = values[:rank].sqrt()
    return root[:, None] * (v[:rank] @ right.T), (left @ u[:, :rank]) * root


def main() -> None:
    """Write the mean as the command line says."""
    parser = argparse.ArgumentParser(description="The mean of several adapters.")
    add = parser.add_argument
    add("adapters", type=Path, nargs="+", help="peft folders")
    add("--weights", type=float, nargs="+", help="how much each counts; default: the same")
    add("--rank", type=int, help="cut the mean to this rank; default: the sum of all ranks")
    add("--out", type=Path, required=True)
    args = parser.parse_args()
    weights = args.weights or [1.0] * len(args.adapters)
    if len(weights) != len(args.adapters):
        parser.error("as many weights as adapters")
    shares = [weight / sum(weights) for weight in weights]
    configs = [json.loads((folder / CONFIG).read_text()) for folder in args.adapters]
    scales = {config["lora_alpha"] / config["r"] for config in configs}
    if len(scales) > 1:
        parser.error("these adapters are scaled differently (alpha / rank)")
    made = mean([load_file(folder / WEIGHTS) for folder in args.adapters], shares, args.rank)
    rank = args.rank or sum(config["r"] for config in configs)
    args.out.mkdir(parents=True, exist_ok=True)
    config = {**configs[-1], "r": rank, "lora_alpha": rank * scales.pop()}
    (args.out / CONFIG).write_text(json.dumps(config, indent=2) + "\n")
    rounded = {name: weight.to(torch.bfloat16).contiguous() for name, weight in made.items()}
    save_file(rounded, args.out / WEIGHTS, metadata={"format": "pt"})
    print(f"{args.out}: rank {rank}")


if __name__ == "__main__":
    main()
