"""How far the network's outputs are from what a batch says, or from what a teacher says of it."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from tests.bench.training.reader.batches import UNKNOWN, Tensors
from tests.bench.training.reader.network import Outputs

WEIGHTS = {"span": 1.0, "list": 1.0, "point": 0.3, "says": 1.0}
FAR = -1e4
MOST_PAIRS = 12  # of a group


def losses(batch: Tensors, found: Outputs) -> dict[str, Tensor]:
    """The mean loss of each kind; 0 of a kind that the batch has none of."""
    listed, truth = batch.relevant != UNKNOWN, batch.answers != UNKNOWN
    relevance = _listed(batch, found.relevance)
    answers = torch.zeros_like(found.relevance)
    answers[batch.first] = batch.answers.clamp(min=0)
    point = functional.binary_cross_entropy_with_logits(found.relevance, answers, reduction="none")
    points = torch.zeros_like(batch.answers).index_add(0, batch.group, point) / batch.sizes
    stated = batch.says != UNKNOWN
    return {
        "span": _mean(_span(batch, found.spans), batch.weights),
        "list": _mean(_entropy(relevance, batch.relevant.clamp(min=0)), listed),
        "point": _mean(points, truth),
        "says": _mean(_entropy(found.says[batch.first], batch.says.clamp(min=0)), stated),
    }


def taught(batch: Tensors, found: Outputs, teacher: Outputs) -> dict[str, Tensor]:
    """How far what was found is from what a teacher found: cross-entropies with its shares."""
    everywhere = torch.ones_like(batch.weights)
    told = (batch.weights > 0) | (batch.says[batch.group] == UNKNOWN)
    own, shown = spans_of(batch, found.spans), spans_of(batch, teacher.spans)
    relevance = _soft(_listed(batch, found.relevance), _listed(batch, teacher.relevance), 1)
    point = functional.binary_cross_entropy_with_logits(
        found.relevance, torch.sigmoid(teacher.relevance), reduction="none"
    )
    says = _soft(found.says[batch.first], teacher.says[batch.first], 1)
    return {
        "span": _mean(_soft(own, shown, 1).mean(-1), told),
        "list": _mean(relevance, batch.sizes > 1),
        "point": _mean(point, everywhere),
        "says": _mean(says, batch.says != UNKNOWN),
    }


def total(parts: dict[str, Tensor]) -> Tensor:
    """The weighted sum."""
    return torch.stack([WEIGHTS[name] * loss for name, loss in parts.items()]).sum()


def spans_of(batch: Tensors, spans: Tensor) -> Tensor:
    """Starts and ends of each pair, FAR where none can be; (P, longest, 2)."""
    return batch.layout.grid(spans.masked_fill(~batch.open[:, None], FAR), FAR)


def _span(batch: Tensors, spans: Tensor) -> Tensor:
    """The negative logarithm of all right tokens' share, the mean of start and end; (P,)."""
    reached = spans_of(batch, spans)
    right = batch.layout.grid(spans.masked_fill(~batch.right, FAR), FAR)
    return (torch.logsumexp(reached, 1) - torch.logsumexp(right, 1)).mean(-1)


def _listed(batch: Tensors, relevance: Tensor) -> Tensor:
    """The relevance of each group's pairs, FAR behind the last; (G, largest)."""
    # Groups are small: so many places are enough, and asking how many would stop a GPU.
    grid = relevance.new_full((len(batch.first), MOST_PAIRS), FAR)
    return grid.index_put((batch.group, batch.place), relevance)


def _entropy(values: Tensor, right: Tensor) -> Tensor:
    return functional.cross_entropy(values, right, reduction="none")


def _soft(values: Tensor, teacher: Tensor, dim: int) -> Tensor:
    shares = torch.softmax(teacher, dim)
    return -(shares * torch.log_softmax(values, dim)).sum(dim)


def _mean(values: Tensor, weights: Tensor) -> Tensor:
    return (values * weights).sum() / weights.sum().clamp(min=1e-6)
