"""How far the network's outputs are from what a batch says."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from tests.bench.training.reader.batches import Batch, Pair

WEIGHTS = {"span": 1.0, "list": 1.0, "point": 0.3, "says": 1.0}
FAR = -1e4


def losses(batch: Batch, spans: list[Tensor], relevance: Tensor, says: Tensor) -> dict[str, Tensor]:
    """The mean loss of each kind that the batch has."""
    found: dict[str, list[tuple[Tensor, float]]] = {name: [] for name in WEIGHTS}
    number = 0
    for group in batch.groups:
        count = len(group.pairs)
        for offset, pair in enumerate(group.pairs):
            if pair.starts is not None:
                found["span"].append((_span(spans[number + offset], pair), pair.weight))
        own = relevance[number : number + count]
        if group.relevant is not None and count > 1:
            target = torch.tensor([group.relevant], device=own.device)
            found["list"].append((functional.cross_entropy(own[None], target), 1.0))
        if group.answers is not None:
            target = torch.zeros(count, device=own.device)
            target[0] = group.answers
            found["point"].append((functional.binary_cross_entropy_with_logits(own, target), 1.0))
        if group.says is not None:
            target = torch.tensor([group.says], device=own.device)
            found["says"].append((functional.cross_entropy(says[number][None], target), 1.0))
        number += count
    return {
        name: torch.stack([loss * weight for loss, weight in each]).sum()
        / sum(weight for _, weight in each)
        for name, each in found.items()
        if each
    }


def total(parts: dict[str, Tensor]) -> Tensor:
    return torch.stack([WEIGHTS[name] * loss for name, loss in parts.items()]).sum()


def masked(spans: Tensor, passage: int) -> Tensor:
    """The outputs with all tokens out of reach but the first (none) and the passage's; (n, 2)."""
    mask = torch.full((len(spans), 1), FAR, device=spans.device)
    mask[0] = 0.0
    mask[passage:-1] = 0.0
    return spans + mask


def _span(spans: Tensor, pair: Pair) -> Tensor:
    odds = functional.log_softmax(masked(spans, pair.passage), 0)
    start = torch.logsumexp(odds[pair.starts, 0], 0)
    end = torch.logsumexp(odds[pair.ends, 1], 0)
    return -(start + end) / 2
