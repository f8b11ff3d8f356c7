"""The reader as it is trained: MiniLM's layers over question and passage, and four heads.

Packed: all tokens of a batch are the rows of one matrix, and only attention looks at one pair at a
time, so no time goes into padding. Word vectors stay as they are: the package that carries them
carries the trunk's, and only what was trained is shipped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

HEADS, EPSILON = 12, 1e-12
HEAD_NAMES = ("span", "relevance", "says")
_WORDS = "embeddings.word_embeddings.weight"


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

    def forward(self, x: Tensor, lengths: list[int]) -> Tensor:
        parts = [
            torch.split(self.map(f"attention_self_{name}", x), lengths)
            for name in ("query", "key", "value")
        ]
        contexts = [_attend(q, k, v) for q, k, v in zip(*parts, strict=True)]
        context = self.map("attention_output_dense", torch.cat(contexts))
        x = self.norm("attention_output_LayerNorm", x + context)
        hidden = functional.gelu(self.map("intermediate_dense", x))
        return self.norm("output_LayerNorm", x + self.map("output_dense", hidden))


def _attend(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    q, k, v = (part.view(len(part), HEADS, -1).transpose(0, 1)[None] for part in (q, k, v))
    return functional.scaled_dot_product_attention(q, k, v)[0].transpose(0, 1).flatten(1)


class Network(nn.Module):
    """Tokens of pairs -> for each token how well an answer begins and ends there; for each pair
    relevance, and what the passage says of the statement.
    """

    def __init__(self, weights: Mapping[str, Tensor], layers: int = 6) -> None:
        super().__init__()
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
            for n in range(layers)
        )
        dimension = self.kinds.shape[1]
        self.span = nn.Linear(dimension, 2)
        self.relevance = nn.Linear(dimension, 1)
        self.says = nn.Linear(dimension, 3)

    def forward(
        self, tokens: Tensor, kinds: Tensor, lengths: list[int]
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Spans (tokens, 2), relevance (pairs,), says (pairs, 3)."""
        places = torch.cat([torch.arange(length) for length in lengths]).to(tokens.device)
        x = self.words[tokens] + self.places[places] + self.kinds[kinds]
        x = functional.layer_norm(
            x, self.norm_weight.shape, self.norm_weight, self.norm_bias, EPSILON
        )
        for layer in self.layers:
            x = layer(x, lengths)
        first = torch.tensor([0, *lengths[:-1]], device=tokens.device).cumsum(0)
        heads = x[first]
        return self.span(x), self.relevance(heads)[:, 0], self.says(heads)

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
        """Takes weights over that `named_weights` gave."""
        with torch.no_grad():
            for name, own in self._by_name().items():
                own.copy_(weights[name])


def _dotted(name: str) -> str:
    """attention_output_LayerNorm_weight -> attention.output.LayerNorm.weight"""
    return name.replace("_", ".")


def split(values: Tensor, lengths: Sequence[int]) -> list[Tensor]:
    """One part for each pair."""
    return list(torch.split(values, list(lengths)))
