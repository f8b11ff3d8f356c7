"""Linear maps in the numbers that the processor computes fast: y = x Wᵀ + b.

With a residual added the result is float32; without, it is in the numbers that are computed in.

Int8: a channel's inputs go to 0..255 by a step and an offset of its own, and a row of weights to
-127..127. With x = step (q - offset), W x is (W step) q minus a constant, which joins the bias: so
the product itself needs no more than integers, and one factor for each row. The steps are those
that follow from sample texts (embeddings.minilm.ranges), not those of the text at hand: a text has
the same vector whatever stands beside it.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import cache

import torch
from torch import Tensor, nn
from torch.nn import functional

from embeddings.minilm.ranges import Range, smoothed

# How many of the hidden layer's 1,536 channels reach far out (one to 25, most to 2): they have a
# step of their own. With one step for all the cosine to float32 is 0.996 and not 0.999.
FAR = 64
LOWEST_GELU = -0.17
_EXPECTED_TOKENS = 2048  # of a batch; only a hint for how weights are laid out


@dataclass(frozen=True, slots=True)
class LinearWeights:
    """The weights of one linear map: shapes (out, in) and (out,)."""

    weight: Tensor
    bias: Tensor


log = logging.getLogger(__name__)
# What oneDNN's operator calls a list of numbers.
_Numbers = list[complex | float | int | None]


class FloatLinear(nn.Module):
    """A linear map in float32 or bfloat16."""

    def __init__(self, weights: LinearWeights, dtype: torch.dtype) -> None:
        super().__init__()
        self.weight, self.bias = weights.weight.to(dtype), weights.bias.to(dtype)

    def forward(self, x: Tensor) -> Tensor:
        return functional.linear(x.to(self.weight.dtype), self.weight, self.bias)

    def plus(self, x: Tensor, residual: Tensor) -> Tensor:
        """x Wᵀ + b + residual, in float32."""
        return residual + self(x)


class FloatFeed(nn.Module):
    """Two linear maps with a GELU between them, and a residual; in float32 or bfloat16."""

    def __init__(self, up: nn.Module, down: nn.Module) -> None:
        super().__init__()
        self.up, self.down = up, down

    def forward(self, x: Tensor) -> Tensor:
        return self.down.plus(functional.gelu(self.up(x)), x)  # type: ignore[operator]


class Int8Linear(nn.Module):
    """A linear map of whole numbers times whole numbers, by oneDNN."""

    def __init__(
        self,
        weights: LinearWeights,
        steps: Tensor,
        offsets: Tensor,
        dtype: torch.dtype = torch.bfloat16,
    ) -> None:
        """`steps` and `offsets` of the input channels: x = step (q - offset); gives `dtype`."""
        super().__init__()
        self.dtype = dtype
        scaled = weights.weight * steps
        self.row_steps = scaled.abs().amax(1).clamp(min=1e-12) / 127
        rounded = torch.round(scaled / self.row_steps[:, None])
        self.bias = weights.bias - (rounded @ offsets) * self.row_steps
        self.row_offsets = torch.zeros(len(rounded), dtype=torch.int32)
        shape = [_EXPECTED_TOKENS, rounded.shape[1]]
        self.weight = torch.ops.onednn.qlinear_prepack(rounded.to(torch.int8), shape)
        self.inverse_steps, self.rounding_offsets = 1 / steps, offsets + 0.5

    def whole(self, x: Tensor) -> Tensor:
        """x in 0..255, rounded: half is in the offset already, and conversion cuts off."""
        moved = torch.addcmul(self.rounding_offsets, x, self.inverse_steps)
        # By way of int16, which vectors are converted to: straight to uint8 takes twice as long.
        return moved.clamp_(0, 255).to(torch.int16).to(torch.uint8)

    def forward(self, x: Tensor) -> Tensor:
        """x Wᵀ + b, in the numbers that were asked for."""
        return self.product(self.whole(x), self.dtype, 1.0, 0, "none")

    def plus(self, x: Tensor, residual: Tensor) -> Tensor:
        """x Wᵀ + b + residual, in float32; the residual may be overwritten."""
        return self.plus_whole(self.whole(x), residual)

    def plus_whole(self, q: Tensor, residual: Tensor) -> Tensor:
        """x Wᵀ + b + residual, for inputs that are whole numbers already."""
        # fmt: off
        return torch.ops.onednn.qlinear_pointwise(
            q, 1.0, 0, self.weight, self.row_steps, self.row_offsets, residual, self.bias,
            1.0, 0, torch.float32, 1.0, 0, "sum", 1.0, "none", torch.jit.annotate(_Numbers, []), "",
        )
        # fmt: on

    def product(self, q: Tensor, dtype: torch.dtype, step: float, offset: int, then: str) -> Tensor:
        """The product of whole numbers, given out in whole numbers of a step, or in floats."""
        # fmt: off
        return torch.ops.onednn.qlinear_pointwise(
            q, 1.0, 0, self.weight, self.row_steps, self.row_offsets, self.bias,
            step, offset, dtype, then, torch.jit.annotate(_Numbers, []), "none",
        )
        # fmt: on


class _Part(nn.Module):
    """A feed-forward block of some hidden channels, in whole numbers of one step."""

    def __init__(self, up: Int8Linear, down: LinearWeights, highest: float) -> None:
        super().__init__()
        self.up = up
        self.step = (highest - LOWEST_GELU) / 255
        self.offset = round(-LOWEST_GELU / self.step)
        ones = torch.ones(down.weight.shape[1])
        self.down = Int8Linear(down, ones * self.step, ones * self.offset)

    def forward(self, q: Tensor, residual: Tensor) -> Tensor:
        # GELU of the product as whole numbers: no pass over the hidden layer in float32.
        hidden = self.up.product(q, torch.uint8, self.step, self.offset, "gelu")
        return self.down.plus_whole(hidden, residual)


class Int8Feed(nn.Module):
    """A feed-forward block in whole numbers all the way, the channels far out in a part apart."""

    def __init__(self, up: LinearWeights, down: LinearWeights, seen: Range, hidden: Range) -> None:
        super().__init__()
        steps, offsets = smoothed(up.weight, seen)
        order = torch.argsort(hidden.high)

        def part(own: Tensor, bias: Tensor) -> _Part:
            rows = LinearWeights(up.weight[own], up.bias[own])
            columns = LinearWeights(down.weight[:, own], bias)
            return _Part(Int8Linear(rows, steps, offsets), columns, float(hidden.high[own].max()))

        self.near = part(order[:-FAR], down.bias)
        self.far = part(order[-FAR:], torch.zeros_like(down.bias))

    def forward(self, x: Tensor) -> Tensor:
        q = self.near.up.whole(x)
        return self.far(q, self.near(q, x))


def int8_linear(
    weights: LinearWeights, seen: Range, dtype: torch.dtype = torch.bfloat16
) -> Int8Linear:
    """A linear map whose steps and offsets follow from the ranges that were seen."""
    return Int8Linear(weights, *smoothed(weights.weight, seen), dtype)


@cache
def has_int8() -> bool:
    """Whether oneDNN's operators are there and still say what they said.

    They are private to torch: a version without them, or with other arguments, computes in floats.
    """
    weights = LinearWeights(torch.tensor([[127.0, -2.0], [3.0, 127.0]]), torch.tensor([0.5, -1.0]))
    x = torch.tensor([[3.0, 5.0]])
    expected = [372.0, 644.0, 372.5, 644.0]
    found: object
    try:
        linear = Int8Linear(weights, torch.ones(2), torch.zeros(2))
        found = [*linear(x)[0].tolist(), *linear.plus(x, torch.ones(1, 2))[0].tolist()]
    except Exception as error:  # AttributeError, RuntimeError, TypeError: whatever has changed
        found = error
    if found != expected:
        log.warning("this torch does not compute int8 as expected, so floats are used: %r", found)
    return found == expected
