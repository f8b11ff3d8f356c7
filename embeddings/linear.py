"""Linear maps in the numbers that the processor computes fast: y = x Wᵀ + b.

Whatever they compute in, x and y are float32, but for `low`, whose result is only multiplied on.

Int8: a channel's inputs go to 0..255 by a step and an offset of its own, and a row of weights to
-127..127. With x = step (q - offset), W x is (W step) q minus a constant, which joins the bias: so
the product itself needs no more than integers, and one factor for each row. The steps are those
that were seen on sample texts (embeddings.ranges), not those of the text at hand: a text has the
same vector whatever stands beside it. A channel with a wide range gets a part of that range moved
into its weights, as in SmoothQuant (Xiao et al., 2023).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor
from torch.nn import functional

# How much of a channel's range stays with its inputs; the rest goes to its weights. Best of
# 0.5 to 1.0 in the mean cosine to float32.
SMOOTHING = 0.75
# Of the hidden layer's 1,536 channels so many reach far out (one to 25, most to 2): they have a
# step of their own. With one step for all the cosine to float32 is 0.996 and not 0.999.
FAR = 64
LOWEST_GELU = -0.17
_EXPECTED_TOKENS = 2048  # of a batch; only a hint for how weights are laid out


@dataclass(frozen=True, slots=True)
class LinearWeights:
    """Of one linear map: shapes (out, in) and (out,)."""

    weight: Tensor
    bias: Tensor


@dataclass(frozen=True, slots=True)
class Range:
    """The least and the greatest input of each channel that was seen; shape (in,)."""

    low: Tensor
    high: Tensor


class Linear(Protocol):
    """x has shape (tokens, in)."""

    def low(self, x: Tensor) -> Tensor:
        """x Wᵀ + b in the numbers that are fast here."""

    def plus(self, x: Tensor, residual: Tensor) -> Tensor:
        """x Wᵀ + b + residual; the residual may be overwritten."""


class Feed(Protocol):
    """Two linear maps with a GELU between them, and a residual."""

    def __call__(self, x: Tensor) -> Tensor: ...


class FloatLinear:
    """In float32 or bfloat16."""

    def __init__(self, weights: LinearWeights, dtype: torch.dtype) -> None:
        self.weight, self.bias = weights.weight.to(dtype), weights.bias.to(dtype)

    def low(self, x: Tensor) -> Tensor:
        return functional.linear(x.to(self.weight.dtype), self.weight, self.bias)

    def plus(self, x: Tensor, residual: Tensor) -> Tensor:
        return residual.add_(self.low(x))


class FloatFeed:
    """In float32 or bfloat16."""

    def __init__(self, up: LinearWeights, down: LinearWeights, dtype: torch.dtype) -> None:
        self.up, self.down = FloatLinear(up, dtype), FloatLinear(down, dtype)

    def __call__(self, x: Tensor) -> Tensor:
        return self.down.plus(functional.gelu(self.up.low(x)), x)


class Int8Linear:
    """Whole numbers times whole numbers, by oneDNN."""

    def __init__(self, weights: LinearWeights, steps: Tensor, offsets: Tensor) -> None:
        """`steps` and `offsets` of the input channels: x = step (q - offset)."""
        scaled = weights.weight * steps
        self.row_steps = scaled.abs().amax(1).clamp(min=1e-12) / 127
        rounded = torch.round(scaled / self.row_steps[:, None])
        self.bias = weights.bias - (rounded @ offsets) * self.row_steps
        self.row_offsets = torch.zeros(len(rounded), dtype=torch.int32)
        shape = [_EXPECTED_TOKENS, rounded.shape[1]]
        self.weight = torch.ops.onednn.qlinear_prepack(rounded.to(torch.int8), shape)
        self.inverse_steps, self.rounding_offsets = 1 / steps, offsets + 0.5

    @classmethod
    def smoothed(cls, weights: LinearWeights, seen: Range) -> Int8Linear:
        return cls(weights, *smoothed(weights, seen))

    def whole(self, x: Tensor) -> Tensor:
        """x in 0..255, rounded: half is in the offset already, and conversion cuts off."""
        return torch.addcmul(self.rounding_offsets, x, self.inverse_steps).clamp_(0, 255).byte()

    def low(self, x: Tensor) -> Tensor:
        return self._product(self.whole(x), torch.bfloat16)

    def hidden(self, q: Tensor, step: float, offset: int) -> Tensor:
        """GELU of the product, as whole numbers of one step: no pass over it in float32."""
        return self._product(q, torch.uint8, step, offset, "gelu")

    def plus(self, x: Tensor, residual: Tensor) -> Tensor:
        return self.plus_whole(self.whole(x), residual)

    def plus_whole(self, q: Tensor, residual: Tensor) -> Tensor:
        """The same for inputs that are whole numbers already."""
        found: Tensor = torch.ops.onednn.qlinear_pointwise.binary(
            *(q, 1.0, 0, self.weight, self.row_steps, self.row_offsets, residual, self.bias),
            *(1.0, 0, torch.float32, 1.0, 0, "sum", 1.0, "none", [], ""),
        )
        return found

    def _product(
        self, q: Tensor, dtype: torch.dtype, step: float = 1.0, offset: int = 0, post: str = "none"
    ) -> Tensor:
        found: Tensor = torch.ops.onednn.qlinear_pointwise(
            *(q, 1.0, 0, self.weight, self.row_steps, self.row_offsets, self.bias),
            *(step, offset, dtype, post, [], "none"),
        )
        return found


class Int8Feed:
    """Whole numbers all the way; the hidden channels in two parts, those far out apart."""

    def __init__(self, up: LinearWeights, down: LinearWeights, seen: Range, hidden: Range) -> None:
        far = torch.argsort(hidden.high)[-FAR:]
        near = torch.argsort(hidden.high)[:-FAR]
        self.steps, self.offsets = smoothed(up, seen)
        self.parts = [
            self._part(up, down, hidden, near, bias=True),
            self._part(up, down, hidden, far, bias=False),
        ]

    def _part(
        self, up: LinearWeights, down: LinearWeights, hidden: Range, own: Tensor, *, bias: bool
    ) -> _Part:
        step = (float(hidden.high[own].max()) - LOWEST_GELU) / 255
        offset = round(-LOWEST_GELU / step)
        ones = torch.ones(len(own))
        return _Part(
            Int8Linear(LinearWeights(up.weight[own], up.bias[own]), self.steps, self.offsets),
            Int8Linear(
                LinearWeights(down.weight[:, own], down.bias * bias), ones * step, ones * offset
            ),
            step,
            offset,
        )

    def __call__(self, x: Tensor) -> Tensor:
        q = self.parts[0].up.whole(x)
        for part in self.parts:
            x = part.down.plus_whole(part.up.hidden(q, part.step, part.offset), x)
        return x


@dataclass(frozen=True, slots=True)
class _Part:
    """Some of the hidden channels, in whole numbers of one step."""

    up: Int8Linear
    down: Int8Linear
    step: float
    offset: int


def smoothed(weights: LinearWeights, seen: Range) -> tuple[Tensor, Tensor]:
    """Step and offset of each input channel."""
    width = (seen.high - seen.low).clamp(min=1e-3)
    largest = weights.weight.abs().amax(0).clamp(min=1e-4)
    balance = width**SMOOTHING / largest ** (1 - SMOOTHING)
    steps = balance * (width / balance).max() / 255
    return steps, 127.5 - (seen.low + seen.high) / 2 / steps
