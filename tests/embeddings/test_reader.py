import hashlib
import json
import shutil
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

import embeddings
from embeddings import EncoderUnavailable
from embeddings.minilm.linear import has_int8
from embeddings.minilm.processor import precision
from embeddings.reader import pair_reader as packaged
from embeddings.reader.pair_reader import DIGEST, RANGES, WEIGHTS, PairReader
from embeddings.reader.torch_pairs import TorchPairs
from qa.retrieval.reading import margin, words
from qa.types import Span
from tests.bench.training.reader.network import Layout, Network

pytestmark = pytest.mark.slow

# What float32 gave for twenty questions about seeds/ and the passages that answer them.
PINNED = json.loads(Path(__file__).with_name("reader_outputs.json").read_text("utf-8"))
QUESTION = "Who guides ships?"
PILOTS = ("Pilots at work", "A pilot guides ships. The crew sleeps. Ships wait at night.")
BREAD = ("", "Bread is baked at night. Nobody guides the bakers.")
LONG = ("Long", "Ships wait at night for a pilot. " * 60)


@pytest.fixture(scope="module")
def reader():
    return embeddings.load_reader()


@pytest.fixture(scope="module")
def exact():
    return PairReader("float32")


def same(one, other):
    return (
        one.spans.tolist() == other.spans.tolist()
        and np.array_equal(one.starts, other.starts)
        and np.array_equal(one.ends, other.ends)
        and (one.none, one.relevance) == (other.none, other.relevance)
        and np.array_equal(one.says, other.says)
    )


def test_the_weights_are_the_pinned_ones_and_small():
    assert hashlib.sha256(WEIGHTS.read_bytes()).hexdigest() == DIGEST == packaged.PairReader.digest
    assert WEIGHTS.stat().st_size + RANGES.stat().st_size <= 24_000_000


def test_every_token_of_a_passage_has_its_place_and_the_title_has_none(reader):
    [read] = reader.read(QUESTION, [PILOTS])

    tokens = [PILOTS[1][s:e] for s, e in read.spans.tolist()]
    assert " ".join(tokens) == "A pilot guides ships . The crew sleeps . Ships wait at night ."
    assert read.starts.shape == read.ends.shape == (14,)
    assert read.says.shape == (3,)


def test_neighbours_and_padding_change_nothing(reader):
    alone = [reader.read(QUESTION, [passage])[0] for passage in (PILOTS, BREAD, LONG)]

    together = reader.read(QUESTION, [PILOTS, BREAD, LONG])
    turned = reader.read(QUESTION, [LONG, BREAD, PILOTS])[::-1]
    assert all(map(same, alone, together))
    assert all(map(same, alone, turned))


def test_many_may_read_at_a_time(reader):
    expected = reader.read(QUESTION, [PILOTS, BREAD])

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: reader.read(QUESTION, [PILOTS, BREAD]), range(16)))
    assert all(all(map(same, expected, one)) for one in found)


def test_single_passages_that_come_meanwhile_are_read_together(monkeypatch):
    begun, sizes, plain = threading.Event(), list[int](), PairReader._read

    def read(self, pairs):
        sizes.append(len(pairs))
        begun.set()
        while len(self._one._waiting) < 3 and len(sizes) == 1:
            time.sleep(0.001)
        return plain(self, pairs)

    monkeypatch.setattr(PairReader, "_read", read)
    own, passages = PairReader(precision()), [PILOTS, BREAD, LONG]
    with ThreadPoolExecutor(4) as threads:
        first = threads.submit(own.read, QUESTION, [BREAD])
        assert begun.wait(60)
        rest = [threads.submit(own.read, QUESTION, [passage]) for passage in passages]
        found = [future.result()[0] for future in (first, *rest)]

    assert sizes == [1, 3]
    assert all(map(same, found, own.read(QUESTION, [BREAD, *passages])))


def test_nothing_to_read_is_nothing_read(reader):
    assert reader.read(QUESTION, []) == []
    [empty] = reader.read("", [("", "")])
    assert empty.spans.shape == (0, 2)
    assert empty.starts.shape == empty.ends.shape == (0,)
    assert np.isfinite([empty.none, empty.relevance, *empty.says]).all()


def test_a_passage_is_read_as_far_as_there_is_room(reader):
    question = "Who guides the ships that wait at night for a pilot who sleeps? " * 10
    [read] = reader.read(question, [LONG])

    # 288 tokens in all: 64 of the question, 1 of the title, 3 special ones.
    assert len(read.spans) == 288 - 64 - 1 - 3


@pytest.mark.skipif(not has_int8(), reason="this processor or torch has no int8")
@pytest.mark.parametrize("numbers", ["int8", None])
def test_int8_says_nearly_what_float32_says(exact, numbers):
    whole = PairReader(numbers)
    pairs = [PILOTS, BREAD, LONG]

    for one, other in zip(whole.read(QUESTION, pairs), exact.read(QUESTION, pairs), strict=True):
        assert np.corrcoef(one.starts, other.starts)[0, 1] > 0.99
        assert one.relevance == pytest.approx(other.relevance, abs=0.5)
        assert one.says == pytest.approx(other.says, abs=0.5)


@pytest.mark.skipif(not has_int8(), reason="this processor or torch has no int8")
def test_beside_int8_tokens_attend_in_float32():
    stack: Any = TorchPairs(WEIGHTS, "int8")._bert._stack
    layers = stack._stack.layers

    assert [layer.qkv(torch.zeros(1, 384)).dtype for layer in layers] == [torch.float32] * 6


def test_the_shipped_arithmetic_is_that_which_was_trained(exact):
    """The network as it is trained, with the shipped weights, gives the same outputs."""
    from embeddings.minilm.weights import encoder_weights

    network = Network(encoder_weights())
    network.take({name: value.float() for name, value in load_file(WEIGHTS).items()})
    pair = exact._pairs(QUESTION, [PILOTS])[0]
    kinds = [int(place >= pair.second) for place in range(len(pair.tokens))]
    with torch.inference_mode():
        spans, relevance, says = network(
            torch.tensor(pair.tokens), torch.tensor(kinds), Layout.of([len(pair.tokens)])
        )

    [read] = exact.read(QUESTION, [PILOTS])
    assert read.starts == pytest.approx(spans[pair.passage : -1, 0].numpy(), abs=1e-3)
    assert read.ends == pytest.approx(spans[pair.passage : -1, 1].numpy(), abs=1e-3)
    assert read.none == pytest.approx(float(spans[0].sum()), abs=1e-3)
    assert read.relevance == pytest.approx(float(relevance[0]), abs=1e-3)
    assert read.says == pytest.approx(says[0].numpy(), abs=1e-3)


@pytest.mark.parametrize("row", PINNED, ids=lambda row: row["question"][:40])
def test_the_shipped_weights_give_what_they_gave(exact, row):
    [read] = exact.read(row["question"], [(row["title"], row["text"])])

    found = words(read, Span(0, len(row["text"])))
    assert found
    assert row["text"][found[0].start : found[0].end] == row["words"]
    assert margin(read) == pytest.approx(row["margin"], abs=0.01)
    assert read.relevance == pytest.approx(row["relevance"], abs=0.01)
    assert read.says == pytest.approx(row["says"], abs=0.01)


def test_twenty_are_pinned():
    assert len({row["question"] for row in PINNED}) == 20


@pytest.mark.parametrize("damage", ["cut", "gone"])
def test_weights_that_are_not_the_shipped_ones_are_refused(tmp_path, monkeypatch, damage):
    copy = tmp_path / WEIGHTS.name
    shutil.copy(WEIGHTS, copy)
    if damage == "cut":
        copy.write_bytes(copy.read_bytes()[:-1])
    else:
        copy.unlink()
    monkeypatch.setattr(packaged, "WEIGHTS", copy)

    with pytest.raises(EncoderUnavailable, match="reinstall footnote-qa, or set QA_READ=off"):
        packaged.verified(copy)


@pytest.mark.skipif(not has_int8(), reason="this processor or torch has no int8")
@pytest.mark.parametrize("damage", [b"", b"PK and no more", None])
def test_ranges_that_cannot_be_read_are_refused(tmp_path, damage):
    shutil.copy(WEIGHTS, tmp_path / WEIGHTS.name)
    if damage is not None:
        (tmp_path / RANGES.name).write_bytes(damage)

    with pytest.raises(EncoderUnavailable, match="reinstall footnote-qa, or set QA_READ=off"):
        PairReader("int8", tmp_path / WEIGHTS.name)
