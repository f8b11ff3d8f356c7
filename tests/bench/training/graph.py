"""The int8 layers of encoder and reader -> graphs for ONNX Runtime, with their whole numbers.

    .venv/bin/python -m tests.bench.training.graph

Writes the two files that embeddings.minilm.runtime reads, and prints their SHA-256. The whole
numbers are those of torch's layers. Needs `onnx`, and a processor on which torch computes in int8.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor

from embeddings.minilm.bert import EPSILON, HEADS, KINDS, PLACES, layer_stack
from embeddings.minilm.encoder import GRAPH
from embeddings.minilm.linear import Int8Linear
from embeddings.minilm.ranges import Ranges, load_ranges
from embeddings.minilm.weights import encoder_weights
from embeddings.reader import pair_reader
from embeddings.reader.torch_pairs import HEADS_OF_PAIRS, reader_weights

# Of the operators that are ONNX Runtime's own.
OWN = "com.microsoft"
WIDTH = 384
_OPERATORS = [helper.make_opsetid("", 20), helper.make_opsetid(OWN, 1)]


class GraphBuilder:
    """A graph in the making: tensors have names, and an operator gives that of its output."""

    def __init__(self, *, many_tokens: bool) -> None:
        """`many_tokens` says whether it is made for texts of hundreds of tokens, or of some."""
        self.many_tokens = many_tokens
        self.nodes: list[onnx.NodeProto] = []
        self.tensors: list[onnx.TensorProto] = []
        self.one = self.given("one", np.float32(1))
        self.zero = self.given("zero", np.uint8(0))
        if many_tokens:
            self.tiny = self.given("tiny", np.float32(EPSILON))
            self.shares = self.given("shares", np.full((WIDTH, 1), 1 / WIDTH, np.float32))

    def given(self, name: str, value: Any) -> str:
        """A tensor that stands in the graph."""
        array = np.asarray(value)
        self.tensors.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        self.tensors[-1].ClearField("dims")
        self.tensors[-1].dims.extend(array.shape)  # of a single number none
        return name

    def put(self, kind: str, *inputs: str, **attributes: Any) -> str:
        return self.several(kind, 1, *inputs, **attributes)[0]

    def several(self, kind: str, count: int, *inputs: str, **attributes: Any) -> list[str]:
        outputs = [f"{kind}.{len(self.nodes)}.{n}" for n in range(count)]
        self.nodes.append(helper.make_node(kind, inputs, outputs, **attributes))
        return outputs

    def norm(self, name: str, x: str, weight: Tensor, bias: Tensor) -> str:
        """Layer normalisation; of many tokens by plain operators.

        ONNX Runtime's own takes 0.6 ms for 200 tokens, these 0.3; for 14 its own is quicker. The
        means are products: out of means it would make its own operator again.
        """
        given = self.given(f"{name}.weight", weight), self.given(f"{name}.bias", bias)
        if not self.many_tokens:
            return self.put("LayerNormalization", x, *given, axis=-1, epsilon=EPSILON)
        apart = self.put("Sub", x, self.put("MatMul", x, self.shares))
        variance = self.put("MatMul", self.put("Mul", apart, apart), self.shares)
        deviation = self.put("Sqrt", self.put("Add", variance, self.tiny))
        unit = self.put("Div", apart, deviation)
        return self.put("Add", self.put("Mul", unit, given[0]), given[1])

    def whole(self, name: str, x: str, linear: Int8Linear) -> str:
        """x in 0..255: a step and an offset of each channel, and one rounding."""
        scaled = self.put("Mul", x, self.given(f"{name}.inverse", linear.inverse_steps))
        offsets = self.given(f"{name}.offsets", linear.rounding_offsets - 0.5)
        return self.put("QuantizeLinear", self.put("Add", scaled, offsets), self.one, self.zero)

    def product(self, name: str, q: str, linear: Int8Linear) -> str:
        """The product of whole numbers, in float32."""
        weight = self.given(f"{name}.weight", whole_weight(linear))
        steps = self.given(f"{name}.steps", linear.row_steps)
        none = self.given(f"{name}.none", np.zeros(len(linear.row_steps), np.int8))
        bias = self.given(f"{name}.bias", linear.bias)
        inputs = (q, weight, self.one, steps, self.zero, none, bias)
        return self.put("MatMulIntegerToFloat", *inputs, domain=OWN)

    def model(self, outputs: Mapping[str, tuple[str, list[Any]]]) -> onnx.ModelProto:
        """The whole of it; `outputs` are named, each with what it is and its shape."""
        for name, (tensor, _) in outputs.items():
            self.nodes.append(helper.make_node("Identity", [tensor], [name]))
        words = helper.make_tensor_value_info("words", TensorProto.FLOAT, [1, "tokens", WIDTH])
        places = helper.make_tensor_value_info("places", TensorProto.INT64, [1, "tokens"])
        made = [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
            for name, (_, shape) in outputs.items()
        ]
        graph = helper.make_graph(self.nodes, "layers", [words, places], made, self.tensors)
        return helper.make_model(graph, opset_imports=_OPERATORS, ir_version=10)


def whole_weight(linear: Int8Linear) -> np.ndarray[Any, np.dtype[np.int8]]:
    """The whole numbers of a map, (in, out): what it makes of each channel alone."""
    each = torch.eye(len(linear.inverse_steps)).to(torch.uint8)
    found = linear.product(each, torch.float32, 1.0, 0, "none") - linear.bias
    return torch.round(found / linear.row_steps).to(torch.int8).numpy()


def layers(graph: GraphBuilder, weights: Mapping[str, Tensor], ranges: Ranges) -> str:
    """The model over vectors of words and numbers of places; gives the name of its states."""
    table = torch.cat([weights[PLACES] + kind for kind in weights[KINDS]])
    rows = graph.put("Gather", graph.given("places.table", table), "places")
    norm = (weights[f"embeddings.LayerNorm.{part}"] for part in ("weight", "bias"))
    x = graph.norm("embeddings", graph.put("Add", "words", rows), *norm)
    for number, layer in enumerate(layer_stack(weights, "int8", ranges, torch.float32).layers):
        x = _layer(graph, f"layer.{number}", x, layer)
    return x


def _layer(graph: GraphBuilder, name: str, x: str, layer: Any) -> str:
    qkv = graph.product(f"{name}.qkv", graph.whole(f"{name}.qkv", x, layer.qkv), layer.qkv)
    heads = graph.several("Split", 3, qkv, axis=-1, num_outputs=3)
    # Queries come scaled.
    context = graph.put("MultiHeadAttention", *heads, domain=OWN, num_heads=HEADS, scale=1.0)
    q = graph.whole(f"{name}.output", context, layer.output)
    x = graph.put("Add", graph.product(f"{name}.output", q, layer.output), x)
    x = graph.norm(f"{name}.norm", x, layer.norm.weight, layer.norm.bias)
    q = graph.whole(f"{name}.feed", x, layer.feed.near.up)
    for kind, part in (("near", layer.feed.near), ("far", layer.feed.far)):
        own = f"{name}.{kind}"
        hidden = graph.put("Gelu", graph.product(f"{own}.up", q, part.up))
        step = graph.given(f"{own}.step", np.float32(part.step))
        offset = graph.given(f"{own}.offset", np.uint8(part.offset))
        whole = graph.put("QuantizeLinear", hidden, step, offset)
        x = graph.put("Add", graph.product(f"{own}.down", whole, part.down), x)
    return graph.norm(f"{name}.feed.norm", x, layer.feed_norm.weight, layer.feed_norm.bias)


def encoder_graph() -> onnx.ModelProto:
    graph = GraphBuilder(many_tokens=False)
    states = layers(graph, encoder_weights(), load_ranges())
    return graph.model({"states": (states, [1, "tokens", WIDTH])})


def reader_graph() -> onnx.ModelProto:
    graph, weights = GraphBuilder(many_tokens=True), reader_weights(pair_reader.WEIGHTS)
    states = layers(graph, weights, load_ranges(pair_reader.RANGES))
    first = graph.put("Gather", states, graph.given("first", np.array([0])), axis=1)
    outputs = {}
    for name in HEADS_OF_PAIRS:
        of, length = (states, "tokens") if name == "span" else (first, 1)
        weight = graph.given(f"{name}.weight", weights[f"{name}.weight"].T.contiguous())
        bias = graph.given(f"{name}.bias", weights[f"{name}.bias"])
        made = graph.put("Add", graph.put("MatMul", of, weight), bias)
        outputs[name] = (made, [1, length, len(weights[f"{name}.bias"])])
    return graph.model(outputs)


def main() -> None:
    torch.set_num_threads(1)
    for file, model in ((GRAPH, encoder_graph()), (pair_reader.GRAPH, reader_graph())):
        content = model.SerializeToString()
        Path(file).write_bytes(content)
        print(file, len(content), hashlib.sha256(content).hexdigest())


if __name__ == "__main__":
    main()
