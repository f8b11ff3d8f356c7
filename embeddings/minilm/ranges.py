"""How far the inputs of each linear map reach, channel by channel, and int8's steps from that.

The ranges were seen on sample texts and are part of the package: `ranges.npz`, which
`python -m tests.bench.training.ranges` writes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

FILE = Path(__file__).with_name("ranges.npz")
# How much of a channel's range stays with its inputs; the rest goes to its weights. Best of
# 0.5 to 1.0 in the mean cosine to float32.
SMOOTHING = 0.75


@dataclass(frozen=True, slots=True)
class Range:
    """The least and the greatest input of each channel that was seen; shape (in,)."""

    low: Tensor
    high: Tensor


# A map is named by its layer and what it does: (0, "up").
Ranges = Mapping[tuple[int, str], Range]


def load_ranges(file: Path = FILE) -> Ranges:
    """The ranges of a model's maps: the default encoder's, or those in `file`."""
    with np.load(file, allow_pickle=False) as arrays:
        return {
            (int(name.split(".")[0]), name.split(".")[1]): Range(
                *torch.from_numpy(arrays[name].astype(np.float32))
            )
            for name in arrays.files
        }


def smoothed(weight: Tensor, seen: Range) -> tuple[Tensor, Tensor]:
    """The step and the offset of each input channel of a map.

    A channel with a wide range gets a part of that range moved into its weights, as in SmoothQuant
    (Xiao et al., 2023).
    """
    width = (seen.high - seen.low).clamp(min=1e-3)
    largest = weight.abs().amax(0).clamp(min=1e-4)
    balance = width**SMOOTHING / largest ** (1 - SMOOTHING)
    steps = balance * (width / balance).max() / 255
    return steps, 127.5 - (seen.low + seen.high) / 2 / steps
