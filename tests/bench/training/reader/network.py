"""The reader as it is trained: MiniLM's layers over question and passage, and four heads.

Packed: all tokens of a batch are the rows of one matrix, and only attention looks at one pair at a
time, so no time goes into padding. Word vectors stay as they are: the package that carries them
carries the trunk's, and only what was trained is shipped.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

HEADS, EPSILON = 12, 1e-12
GRID = 8  # columns come in such steps: a GPU's kernels want them so
# Those of the trunk with which a reader of so many layers begins.
KEPT_LAYERS = {6: range(6), 4: (0, 2, 3, 5), 3: (0, 2, 5)}
HEAD_NAMES = ("span", "relevance", "says")
_WORDS = "embeddings.word_embeddings.weight"


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the tokens of pairs stand, one behind the other and in a grid of a row for each pair.

    Made once for a batch: a GPU would wait for each of these small tensors anew.
    """

    lengths: list[int]
    longest: int  # columns of the grid
    places: Tensor  # (T,), of each token in its pair
    rows: Tensor  # (T,), in the grid flattened
    first: Tensor  # (P,), each pair's first token
    real: Tensor  # (P, longest), whether there is a token

    @staticmethod
    def of(lengths: list[int]) -> Layout:
        sizes = torch.tensor(lengths)
        longest = -(-max(lengths) // GRID) * GRID
        pairs, first = torch.repeat_interleave(sizes), sizes.cumsum(0) - sizes
        places = torch.arange(len(pairs)) - first[pairs]
        real = torch.arange(longest)[None] < sizes[:, None]
        return Layout(lengths, longest, places, pairs * longest + places, first, real)

    def moved(self, move: Callable[[Tensor], Tensor]) -> Layout:
        """The same with every tensor moved."""
        tensors = (move(each) for each in (self.places, self.rows, self.first, self.real))
        return Layout(self.lengths, self.longest, *tensors)

    def grid(self, values: Tensor, fill: float) -> Tensor:
        """(T, n) -> (P, longest, n), filled behind each pair's last token."""
        shape = (len(self.lengths) * self.longest, values.shape[-1])
        grid = values.new_full(shape, fill).index_copy(0, self.rows, values)
        return grid.unflatten(0, (len(self.lengths), self.longest))


class Layer(nn.Module):
    """A transformer layer, its parts named as in the weights of BERT."""

    def __init__(self, weights: Mapping[str, Tensor]) -> None:
        super().__init__()
        for name, value in weights.items():
            self.register_parameter(name.replace(".", "_"), nn.Parameter(value.clone()))

    def map(self, name: str, x: Tensor) -> Tensor:
        return functional.linear(x, getattr(self, f"{name}_weight"), getattr(self, f"{name}_bias"))

    def norm(self, name: str, x: Tensor) -> Tensor:
        weight, bias = getattr(self, f"{name}_weight"), getattr(self, f"{name}_bias")
        return functional.layer_norm(x, weight.shape, weight, bias, EPSILON)

    def forward(self, x: Tensor, layout: Layout, dropped: float) -> Tensor:
        q, k, v = (self.map(f"attention_self_{name}", x) for name in ("query", "key", "value"))
        attend = _attend_in_grid if x.is_cuda else _attend_one_by_one
        context = self.map("attention_output_dense", attend(q, k, v, layout))
        x = self.norm("attention_output_LayerNorm", x + self._dropped(context, dropped))
        hidden = functional.gelu(self.map("intermediate_dense", x))
        hidden = self._dropped(self.map("output_dense", hidden), dropped)
        return self.norm("output_LayerNorm", x + hidden)

    def _dropped(self, x: Tensor, share: float) -> Tensor:
        return functional.dropout(x, share, self.training)


def _attend_one_by_one(q: Tensor, k: Tensor, v: Tensor, layout: Layout) -> Tensor:
    """Each pair for itself: no time goes into padding."""
    parts = zip(*(torch.split(part[None], layout.lengths, 1) for part in (q, k, v)), strict=True)
    return torch.cat([_attend(own, keys, values, None)[0] for own, keys, values in parts])


def _attend_in_grid(q: Tensor, k: Tensor, v: Tensor, layout: Layout) -> Tensor:
    """All pairs at once, the shorter ones padded: a GPU waits for few large products only."""
    q, k, v = (layout.grid(part, 0.0) for part in (q, k, v))
    mask = layout.real[:, None, None].expand(-1, 1, layout.longest, -1)
    return _attend(q, k, v, mask).flatten(0, 1).index_select(0, layout.rows)


def _attend(q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None) -> Tensor:
    """(pairs, tokens, dimension) of each."""
    q, k, v = (part.unflatten(-1, (HEADS, -1)).transpose(1, 2) for part in (q, k, v))
    context = functional.scaled_dot_product_attention(q, k, v, attn_mask=mask)
    return context.transpose(1, 2).flatten(2)


class Outputs(NamedTuple):
    """What the heads say of tokens and pairs."""

    spans: Tensor  # (tokens, 2), how well an answer begins and ends there
    relevance: Tensor  # (pairs,)
    says: Tensor  # (pairs, 3)


class Network(nn.Module):
    """Tokens of pairs -> for each token how well an answer begins and ends there; for each pair
    relevance, and what the passage says of the statement.
    """

    def __init__(
        self, weights: Mapping[str, Tensor], layers: int = 6, dropped: float = 0.0
    ) -> None:
        """Takes so many of the trunk's six layers, and drops so many outputs while training."""
        super().__init__()
        self._dropped = dropped
        self.words: Tensor
        self.register_buffer("words", weights[_WORDS].clone(), persistent=False)
        self.places = nn.Parameter(weights["embeddings.position_embeddings.weight"].clone())
        self.kinds = nn.Parameter(weights["embeddings.token_type_embeddings.weight"].clone())
        self.norm_weight = nn.Parameter(weights["embeddings.LayerNorm.weight"].clone())
        self.norm_bias = nn.Parameter(weights["embeddings.LayerNorm.bias"].clone())
        self.layers = nn.ModuleList(
            Layer(
                {
                    name.removeprefix(f"encoder.layer.{n}."): value
                    for name, value in weights.items()
                    if name.startswith(f"encoder.layer.{n}.")
                }
            )
            for n in KEPT_LAYERS[layers]
        )
        dimension = self.kinds.shape[1]
        self.span = nn.Linear(dimension, 2)
        self.relevance = nn.Linear(dimension, 1)
        self.says = nn.Linear(dimension, 3)

    def forward(self, tokens: Tensor, kinds: Tensor, layout: Layout) -> Outputs:
        """What the heads say of pairs whose tokens stand one behind the other."""
        # Both parts' vectors have so many tokens that adding up gradients by index would take long.
        kind = self.kinds[0] + kinds[:, None] * (self.kinds[1] - self.kinds[0])
        x = self.words[tokens] + functional.embedding(layout.places, self.places) + kind
        x = functional.layer_norm(
            x, self.norm_weight.shape, self.norm_weight, self.norm_bias, EPSILON
        )
        for layer in self.layers:
            x = layer(x, layout, self._dropped)
        heads = x.index_select(0, layout.first)
        return Outputs(self.span(x), self.relevance(heads)[:, 0], self.says(heads))

    def named_weights(self) -> dict[str, Tensor]:
        """The weights by the names of the trunk's."""
        return {name: value.detach().cpu() for name, value in self._by_name().items()}

    def _by_name(self) -> dict[str, Tensor]:
        found: dict[str, Tensor] = {
            "embeddings.position_embeddings.weight": self.places,
            "embeddings.token_type_embeddings.weight": self.kinds,
            "embeddings.LayerNorm.weight": self.norm_weight,
            "embeddings.LayerNorm.bias": self.norm_bias,
        }
        for n, layer in enumerate(self.layers):
            for name, value in layer.named_parameters():
                found[f"encoder.layer.{n}.{_dotted(name)}"] = value
        for head in HEAD_NAMES:
            for part in ("weight", "bias"):
                found[f"{head}.{part}"] = getattr(getattr(self, head), part)
        return found

    def take(self, weights: Mapping[str, Tensor]) -> None:
        """Takes weights over that `named_weights` gave, of as many layers (`cut`)."""
        with torch.no_grad():
            for name, own in self._by_name().items():
                own.copy_(weights[name])


def cut(weights: Mapping[str, Tensor], layers: int) -> dict[str, Tensor]:
    """The weights of a reader of six layers without those that one of fewer does not begin with."""
    found = {name: value for name, value in weights.items() if ".layer." not in name}
    for n, kept in enumerate(KEPT_LAYERS[layers]):
        own = f"encoder.layer.{kept}."
        for name, value in weights.items():
            if name.startswith(own):
                found[f"encoder.layer.{n}.{name.removeprefix(own)}"] = value
    return found


def _dotted(name: str) -> str:
    """attention_output_LayerNorm_weight -> attention.output.LayerNorm.weight"""
    return name.replace("_", ".")
