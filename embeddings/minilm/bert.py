"""BERT's forward pass over texts of any lengths, one behind the other, without a mask.

All tokens of a batch are the rows of one matrix. Only attention looks at one text at a time.
Devlin et al., 2019 (https://arxiv.org/abs/1810.04805); the layers' names are those of the weights.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from embeddings.minilm.linear import (
    FloatFeed,
    FloatLinear,
    Int8Feed,
    LinearWeights,
    int8_linear,
)
from embeddings.minilm.processor import Precision
from embeddings.minilm.ranges import Ranges
from embeddings.minilm.runtime import WORDS
from embeddings.minilm.script import InTime

HEADS = 12
EPSILON = 1e-12
PADDING = 0  # the token
PLACES = "embeddings.position_embeddings.weight"
KINDS = "embeddings.token_type_embeddings.weight"
FEW_ROWS, MANY_ROWS = 16, 64
# Rows of all texts and how many each has -> their contextual vectors.
Layers = Callable[[Tensor, list[int]], Tensor]
# Numbers of words -> their vectors, which are the caller's to change.
WordLookup = Callable[[Tensor], Tensor]
_FLOATS = {"float32": torch.float32, "bfloat16": torch.bfloat16}


class Norm(nn.Module):
    """Layer normalisation."""

    def __init__(self, weight: Tensor, bias: Tensor) -> None:
        super().__init__()
        self.weight, self.bias, self.epsilon = weight, bias, EPSILON

    def forward(self, x: Tensor) -> Tensor:
        return functional.layer_norm(x, self.weight.shape, self.weight, self.bias, self.epsilon)


class Layer(nn.Module):
    """Attention and feed-forward, each with its residual and norm."""

    def __init__(
        self, qkv: nn.Module, output: nn.Module, norm: Norm, feed: nn.Module, feed_norm: Norm
    ) -> None:
        super().__init__()
        self.qkv, self.output, self.norm = qkv, output, norm
        self.feed, self.feed_norm = feed, feed_norm
        self.heads = HEADS

    def forward(self, x: Tensor, lengths: list[int]) -> Tensor:
        context = self.attention(self.qkv(x), lengths)
        x = self.norm(self.output.plus(context, x))  # type: ignore[operator]
        return self.feed_norm(self.feed(x))

    def attention(self, qkv: Tensor, lengths: list[int]) -> Tensor:
        """Each text's tokens attend to one another; (tokens, 3 x dimension) -> (tokens, dimension).

        Queries come scaled. Plain products: torch's own fused attention takes 1.3 ms for 193 tokens
        in bfloat16 on one core, these 0.8 ms; in float32 it is no faster.
        """
        contexts: list[Tensor] = []
        for own in torch.split(qkv, lengths):
            heads = own.view(own.shape[0], 3, self.heads, -1).permute(1, 2, 0, 3)
            if heads.dtype == torch.bfloat16:  # products of float32 take rows from where they lie
                heads = heads.contiguous()
            shares = torch.softmax(torch.bmm(heads[0], heads[1].transpose(1, 2)), -1)
            contexts.append(torch.bmm(shares, heads[2]).transpose(0, 1).flatten(1))
        return torch.cat(contexts)


class LayerStack(nn.Module):
    """The layers, one after the other."""

    def __init__(self, layers: Sequence[Layer]) -> None:
        super().__init__()
        self.layers = nn.ModuleList(layers)

    def forward(self, x: Tensor, lengths: list[int]) -> Tensor:
        for layer in self.layers:
            x = layer(x, lengths)
        return x


class WordTable:
    """The words' vectors as they are, one behind the other."""

    def __init__(self, vectors: Tensor) -> None:
        self._vectors = vectors

    def __call__(self, tokens: Tensor) -> Tensor:
        return functional.embedding(tokens, self._vectors)


class Bert:
    """Token numbers -> contextual token vectors."""

    def __init__(
        self, weights: Mapping[str, Tensor], stack: Layers, words: WordLookup | None = None
    ) -> None:
        """`words` gives the vectors of words, in float32, where the weights do not have them."""
        self._words = words or WordTable(weights[WORDS])
        places = weights[PLACES]
        # Those of a first part, and behind them those of a second.
        self._places = torch.cat([places + kind for kind in weights[KINDS]])
        self._longest = len(places)
        self._norm = _norm(weights, "embeddings.LayerNorm")
        self._stack = stack
        self.dimension = places.shape[1]

    @torch.inference_mode()
    def __call__(
        self, texts: Sequence[Sequence[int]], seconds: Sequence[int] | None = None
    ) -> list[Tensor]:
        """The token vectors of each text, of n tokens: shape (n, dimension).

        `seconds` says for each text at which token its second part begins, where texts are pairs.
        """
        count = len(texts)
        seconds = [*seconds] if seconds else [len(text) for text in texts]
        if missing := _missing(sum(map(len, texts))):
            texts, seconds = [*texts, [PADDING] * missing], [*seconds, missing]
        lengths = [len(text) for text in texts]
        tokens = torch.tensor([token for text in texts for token in text])
        places = torch.cat([self._places_of(*pair) for pair in zip(lengths, seconds, strict=True)])
        x = self._norm(self._words(tokens).add_(functional.embedding(places, self._places)))
        return list(torch.split(self._stack(x, lengths), lengths)[:count])

    def _places_of(self, length: int, second: int) -> Tensor:
        places = torch.arange(length)
        if second < length:
            places[second:] += self._longest
        return places


def _missing(rows: int) -> int:
    """How many padding rows to add, so that few row counts occur.

    oneDNN makes code for each number of rows, and keeps that of some thirty numbers: with all that
    occur, most of it was made anew for every batch, and hundreds of megabytes of it were kept.
    """
    return -rows % (FEW_ROWS if rows <= 4 * MANY_ROWS else MANY_ROWS)


def bert(
    weights: Mapping[str, Tensor],
    precision: Precision,
    ranges: Ranges,
    attention: torch.dtype = torch.bfloat16,
    words: WordLookup | None = None,
) -> Bert:
    """The model, computing in numbers of `precision`.

    For int8 alone `ranges` are needed, and `attention` says in which numbers tokens attend.
    """
    return Bert(weights, InTime(layer_stack(weights, precision, ranges, attention)), words)


def layer_stack(
    weights: Mapping[str, Tensor],
    precision: Precision,
    ranges: Ranges,
    attention: torch.dtype = torch.bfloat16,
) -> LayerStack:
    """The model's layers, as modules of Python."""
    count = 1 + max(int(name.split(".")[2]) for name in weights if name.startswith("encoder."))
    return LayerStack([_layer(weights, n, precision, ranges, attention) for n in range(count)])


def linear_weights(weights: Mapping[str, Tensor], layer: int) -> dict[str, LinearWeights]:
    """The four maps of a layer: qkv (queries scaled), output, up, down."""

    def named(name: str) -> LinearWeights:
        prefix = f"encoder.layer.{layer}.{name}"
        return LinearWeights(weights[f"{prefix}.weight"], weights[f"{prefix}.bias"])

    query, key, value = (named(f"attention.self.{name}") for name in ("query", "key", "value"))
    scale = (len(query.bias) // HEADS) ** -0.5
    return {
        "qkv": LinearWeights(
            torch.cat([query.weight * scale, key.weight, value.weight]),
            torch.cat([query.bias * scale, key.bias, value.bias]),
        ),
        "output": named("attention.output.dense"),
        "up": named("intermediate.dense"),
        "down": named("output.dense"),
    }


def _layer(
    weights: Mapping[str, Tensor],
    number: int,
    precision: Precision,
    ranges: Ranges,
    attention: torch.dtype,
) -> Layer:
    maps = linear_weights(weights, number)
    modules: Sequence[nn.Module]
    if precision == "int8":
        seen = {name: ranges[number, name] for name in maps}
        modules = (
            int8_linear(maps["qkv"], seen["qkv"], attention),
            int8_linear(maps["output"], seen["output"]),
            Int8Feed(maps["up"], maps["down"], seen["up"], seen["down"]),
        )
    else:
        qkv, output, up, down = (FloatLinear(maps[n], _FLOATS[precision]) for n in maps)
        modules = (qkv, output, FloatFeed(up, down))
    qkv_, output_, feed = modules
    prefix = f"encoder.layer.{number}"
    return Layer(
        qkv_,
        output_,
        _norm(weights, f"{prefix}.attention.output.LayerNorm"),
        feed,
        _norm(weights, f"{prefix}.output.LayerNorm"),
    )


def _norm(weights: Mapping[str, Tensor], name: str) -> Norm:
    return Norm(weights[f"{name}.weight"], weights[f"{name}.bias"])
