"""How good a network is on what was left out of training: what is chosen by, and never reported."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from tests.bench.training.reader.batches import Batch, Group, Maker, Tensors, batches
from tests.bench.training.reader.examples import Example
from tests.bench.training.reader.losses import MOST_PAIRS, spans_of
from tests.bench.training.reader.network import Network
from tests.bench.training.reader.train import outputs, tokenizer

AT_MOST, TOKENS = 500, 40_000
LONGEST = 30
Floats = NDArray[np.float64]


class Validation:
    """So many examples of each source at most, ready on a device."""

    def __init__(self, examples: Iterable[Example], device: str) -> None:
        seen: Counter[str] = Counter()
        chosen = []
        for example in examples:
            seen[example.source] += 1
            if seen[example.source] <= AT_MOST:
                chosen.append(example)
        made = list(batches(chosen, Maker(tokenizer()), TOKENS))
        self._batches: list[tuple[Batch, Tensors]] = [(b, b.tensors().to(device)) for b in made]

    def of(self, network: Network) -> dict[str, float]:
        """Shares of right ones, and areas under ROC, by what is asked and of which source."""
        network.eval()
        found: dict[str, list[tuple[float, float]]] = defaultdict(list)
        for batch, tensors in self._batches:
            for group, spans, relevance, says in _outputs(network, batch, tensors):
                for name, value in _judged(group, spans, relevance, says):
                    found[name].append(value)
        return {name: _figure(name, found[name]) for name in sorted(found)}


def _outputs(
    network: Network, batch: Batch, tensors: Tensors
) -> Iterator[tuple[Group, list[Floats], Floats, Floats]]:
    with torch.inference_mode():
        made = outputs(network, tensors)
        spans = spans_of(tensors, made.spans).double().cpu().numpy()
    relevance, says = (each.double().cpu().numpy() for each in (made.relevance, made.says))
    at = 0
    for group in batch.groups:
        count = len(group.pairs)
        sizes = [len(pair.tokens) for pair in group.pairs]
        own = [spans[at + n, :size] for n, size in enumerate(sizes)]
        yield group, own, relevance[at : at + count], says[at]
        at += count


def _judged(
    group: Group, spans: Sequence[Floats], relevance: Floats, says: Floats
) -> Iterator[tuple[str, tuple[float, float]]]:
    """Names with a score and what is true; of shares the score is 1 or 0."""
    own, source = group.pairs[0], group.source.partition("/")[0]
    start, end, margin = _best(spans[0], own.passage)
    if own.starts and own.starts != [0] and own.ends and len(own.starts) < 4:
        yield f"words {source}", (float(start in own.starts and end in own.ends), 1.0)
    if group.source == "squad2_reading" and own.starts:
        yield "deceptive", (margin, float(own.starts != [0]))
    if group.source.endswith("/altered"):
        yield "altered", (margin, 0.0)
    elif own.starts and own.starts != [0] and group.says is None:
        yield "altered", (margin, 1.0)
    if group.relevant is not None and 2 < len(spans) <= MOST_PAIRS:
        margins = [_best(each, p.passage)[2] for each, p in zip(spans, group.pairs, strict=True)]
        yield f"first {source}", (float(relevance.argmax() == group.relevant), 1.0)
        both = relevance + 0.2 * np.array(margins)
        yield f"first by both {source}", (float(both.argmax() == group.relevant), 1.0)
    if group.says is not None:
        yield f"says {source}", (float(says.argmax() == group.says), 1.0)
        if group.says < 2:
            yield f"supports {source}", (says[0] - says[1], float(group.says == 0))


def _best(spans: Floats, passage: int) -> tuple[int, int, float]:
    """The first and last token of the best words, and how much better they are than none."""
    starts, ends = spans[passage:-1, 0], spans[passage:-1, 1]
    apart = np.arange(len(ends))[None, :] - np.arange(len(starts))[:, None]
    sums = np.where((apart >= 0) & (apart < LONGEST), starts[:, None] + ends[None, :], -np.inf)
    first, last = np.unravel_index(int(sums.argmax()), sums.shape)
    return passage + int(first), passage + int(last), float(sums.max() - spans[0].sum())


def _figure(name: str, values: Sequence[tuple[float, float]]) -> float:
    scores, true = np.array(values).T
    if name.startswith(("deceptive", "altered", "supports")):
        return round(float(roc_auc_score(true, scores)), 4)
    return round(float(scores.mean()), 4)
