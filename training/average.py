"""The mean of several trainings: what each adds to the weights, averaged.

    python -m training.average --out DIR TRAINED TRAINED... [--weights 1 1]

Models that were trained from the same start and went different ways are often better averaged
than each alone (Wortsman et al., "Model soups", ICML 2022).
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path

from torch import Tensor

from summarizer.engines import difference


def mean(differences: Sequence[Mapping[str, Tensor]], shares: Sequence[float]) -> dict[str, Tensor]:
    """The weighted mean of differences from the same base, over the same weights.

    Raises:
        ValueError: They are not over the same weights.
    """
    if any(one.keys() != differences[0].keys() for one in differences):
        raise ValueError("These are not differences of the same weights.")
    made: dict[str, Tensor] = {}
    for share, one in zip(shares, differences, strict=True):
        for name, matrix in one.items():
            made[name] = made[name] + share * matrix if name in made else share * matrix
    return made


def main() -> None:
    """Write the mean as the command line says."""
    parser = argparse.ArgumentParser(description="The mean of several trainings.")
    add = parser.add_argument
    add("folders", type=Path, nargs="+", metavar="TRAINED", help="folders of a difference")
    add("--weights", type=float, nargs="+", help="how much each counts; default: the same")
    add("--out", type=Path, required=True)
    args = parser.parse_args()
    weights = args.weights or [1.0] * len(args.folders)
    if len(weights) != len(args.folders):
        parser.error("as many weights as folders")
    shares = [weight / sum(weights) for weight in weights]
    difference.write(mean([difference.read(folder) for folder in args.folders], shares), args.out)


if __name__ == "__main__":
    main()
