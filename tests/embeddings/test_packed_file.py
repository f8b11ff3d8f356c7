import random
import re
import struct
import tracemalloc

import numpy as np
import pytest
import torch

from embeddings import EncoderUnavailable
from embeddings.e5.packed_file import PackedFile, Shape, unpacked
from embeddings.e5.packed_weights import PackedWeights, PackedWords
from embeddings.e5.pieces import Pieces, PieceTokenizer
from tests.embeddings import packed
from tests.embeddings.packed import PIECES, REPLACEMENTS, content, quantised, written

# Where each number of the head lies.
VERSION, WIDTH, BLOCK_SIZE, COUNT, BEGIN, SIZE, STARTS = 4, 8, 40, 44, 48, 64, 72
SCORES = STARTS + 4 * (len(PIECES) + 1)
TEXT = SCORES + 4 * len(PIECES)
REPLACED = TEXT + sum(len(piece.encode()) for piece in PIECES)


@pytest.fixture
def file(tmp_path):
    return PackedFile(written(tmp_path / "model.bin", content()))


def test_shape_pieces_and_replacements_are_those_of_the_file(file):
    assert file.shape == Shape(32, 2, 2, 64, len(PIECES) + 1, 16, 2)
    vocabulary = file.vocabulary
    assert dict(zip(vocabulary.pieces, vocabulary.scores.tolist(), strict=True)) == PIECES
    assert (vocabulary.begin, vocabulary.end, vocabulary.unknown) == (0, 2, 3)
    assert vocabulary.replacements == REPLACEMENTS


def test_a_block_is_four_bits_times_its_step():
    values = np.arange(-16, 16, dtype=np.float32)
    found = unpacked(np.frombuffer(quantised(values), np.uint8).reshape(1, 18))

    # The largest by magnitude, -16, is -8 steps of 2: others are rounded to steps, to 7 at most.
    expected = np.minimum(np.floor(values / 2 + 0.5), 7) * 2
    assert found.tolist() == [expected.tolist()]


def test_weights_have_the_names_of_berts_layers(file):
    weights, given = PackedWeights(file), packed.tensors()

    assert len(weights) == len(list(weights)) == 2 + 2 + 2 * (6 * 2 + 2 * 2)
    assert torch.equal(weights["embeddings.LayerNorm.bias"], torch.from_numpy(given["emb.ln.b"]))
    up = weights["encoder.layer.1.intermediate.dense.weight"]
    stored = np.frombuffer(quantised(given["l1.fi.w"]), np.uint8).reshape(-1, 18)
    assert up.shape == (64, 32)
    assert np.array_equal(up.numpy().reshape(-1), unpacked(stored).reshape(-1))


def test_words_are_unpacked_as_they_are_read(file):
    words = PackedWords(file)(torch.tensor([5, 2, 5]))

    stored = np.frombuffer(quantised(packed.tensors()["emb.word"]), np.uint8).reshape(-1, 18)
    assert np.array_equal(words.numpy(), unpacked(stored)[[5, 2, 5]].reshape(3, 32))


def damaged(at, layout, value):
    data = bytearray(content())
    struct.pack_into(f"<{layout}", data, at, value)
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "cannot read .*: cannot mmap an empty file"),
        (b"E5", "its mark would have 4 bytes, and 2 are left"),
        (b"GGUF" + content()[4:], "it does not begin with the mark of its kind"),
        (damaged(VERSION, "I", 2), "it says version 2, and 1 is known"),
        (damaged(WIDTH, "i", 0), "no model has the shape "),
        (damaged(WIDTH, "i", -32), "no model has the shape "),
        (damaged(WIDTH, "i", 33), "no model has the shape "),
        (damaged(BLOCK_SIZE, "i", 64), "its blocks do not have 32 numbers"),
        (damaged(COUNT, "i", -1), "its probabilities would have -4 bytes"),
        (damaged(COUNT, "i", 2**31 - 1), "its places of pieces would have 8589934592 bytes"),
        (damaged(BEGIN, "i", 1000), "a special piece is none of its pieces"),
        (damaged(BEGIN, "i", -1), "a special piece is none of its pieces"),
        (damaged(SIZE, "Q", 2**63), "its pieces would have 9223372036854775808 bytes"),
        (damaged(STARTS + 8, "I", 2**32 - 1), "its pieces do not lie one behind the other"),
        (damaged(STARTS, "I", 1), "its pieces do not lie one behind the other"),
        (damaged(SCORES, "f", float("nan")), "the probability of a piece is no number"),
        (damaged(TEXT + 3 + 5 + 4, "B", 0xFF), "a piece is no text"),
        (damaged(REPLACED, "i", 2**31 - 1), "its replacement would have 5 bytes, and 0 are left"),
        (damaged(REPLACED + 4, "I", 2**32 - 1), "its replacements would have 4294967295 bytes"),
        (damaged(REPLACED + 8, "I", 0xD800), "55296 is no code point"),
        (damaged(REPLACED + 8, "I", 0x110000), "1114112 is no code point"),
    ],
)
def test_what_is_damaged_is_refused_with_what_is_wrong(data, told, tmp_path):
    with pytest.raises(EncoderUnavailable, match=told):
        PackedFile(written(tmp_path / "model.bin", data))


def entry(name):
    """Where a tensor's kind stands in the list of tensors."""
    data = content()
    return data.index(struct.pack("<H", len(name)) + name.encode()) + 2 + len(name)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (damaged(entry("l0.q.w"), "B", 7), "the tensor l0.q.w is of no known kind"),
        (damaged(entry("l0.q.w") + 1, "I", 33), "the tensor l0.q.w is of no known kind"),
        (damaged(entry("l0.q.w") + 1, "I", 2**32 - 32), "l0.q.w does not lie within it"),
        (damaged(entry("l0.q.w") + 5, "Q", 2**64 - 1), "l0.q.w does not lie within it"),
        (damaged(entry("l0.q.w") + 13, "Q", 2**64 - 1), "l0.q.w does not lie within it"),
    ],
)
def test_a_tensor_that_lies_elsewhere_is_refused(data, told, tmp_path):
    with pytest.raises(EncoderUnavailable, match=told):
        PackedFile(written(tmp_path / "model.bin", data))


def test_a_tensor_that_is_missing_or_of_another_size_is_refused(tmp_path):
    given = packed.tensors()
    del given["l1.k.b"]
    given["l0.fi.b"] = np.zeros(63, np.float32)
    weights = PackedWeights(PackedFile(written(tmp_path / "model.bin", content(given))))

    with pytest.raises(EncoderUnavailable, match=r"l1\.k\.b is missing, and should have 32"):
        weights["encoder.layer.1.attention.self.key.bias"]
    with pytest.raises(EncoderUnavailable, match=r"l0\.fi\.b has 63 numbers, and should have 64"):
        weights["encoder.layer.0.intermediate.dense.bias"]


def looked_through(path):
    """What loading a model does with its file."""
    file = PackedFile(path)
    PieceTokenizer(file.vocabulary)("harbour pilots ½")
    weights = PackedWeights(file)
    for name in weights:
        weights[name]
    PackedWords(file)(torch.arange(file.shape.rows % 1000))


def test_no_damage_takes_much_memory_or_ends_in_anything_but_a_refusal(tmp_path):
    chance, whole, path = random.Random(5), content(), tmp_path / "model.bin"
    head = len(whole) - sum(
        len(quantised(v)) if packed.is_packed(n) else v.nbytes for n, v in packed.tensors().items()
    )
    refused = 0
    tracemalloc.start()
    for _ in range(500):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 3)):
            at = chance.randrange(head)
            data[at] = chance.choice([data[at] ^ 1 << chance.randrange(8), 0, 0x7F, 0x80, 0xFF])
        if chance.random() < 0.2:
            del data[chance.randrange(len(data)) :]
        path.write_bytes(data)
        try:
            looked_through(path)
        except EncoderUnavailable:
            refused += 1
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert refused > 100
    assert peak < 4 * 2**20


# --- pieces --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def cut(tmp_path_factory):
    path = tmp_path_factory.mktemp("cut") / "model.bin"
    return PieceTokenizer(PackedFile(written(path, content())).vocabulary)


def said(found):
    names = list(PIECES)
    return [names[number] for number in found.numbers]


@pytest.mark.parametrize(
    ("text", "pieces", "spans"),
    [
        ("", [], []),
        (" \t\n", [], []),
        ("pilot", ["▁pilot"], [(0, 5)]),
        ("  pilots\tpilot ", ["▁pilot", "s", "▁pilot"], [(2, 7), (7, 8), (9, 14)]),
        ("ｓ", ["▁", "s"], [(0, 0), (0, 1)]),
        ("½", ["▁1", "⁄", "2"], [(0, 1), (0, 1), (0, 1)]),
        ("pilot\x01s", ["▁pilot", "s"], [(0, 5), (6, 7)]),
        ("\x01", [], []),
        ("e\u0301", ["▁", "é"], [(0, 0), (0, 2)]),
        ("pilote\u0301s", ["▁pilot", "é", "s"], [(0, 5), (5, 7), (7, 8)]),
        ("\u1112\u1161\u11abs", ["▁", "한", "s"], [(0, 0), (0, 3), (3, 4)]),
        ("東京", ["▁", "<unk>"], [(0, 0), (0, 2)]),
        ("</s>", ["▁", "<unk>", "s", "<unk>"], [(0, 0), (0, 2), (2, 3), (3, 4)]),
    ],
)
def test_texts_are_cut_into_the_most_probable_pieces(text, pieces, spans, cut):
    found = cut(text)

    assert (said(found), found.spans) == (pieces, spans)


def test_no_text_says_a_special_piece(cut):
    for piece in ("<s>", "</s>", "<pad>", "<mask>", "<unk>"):
        numbers = cut(f"pilot{piece} {piece}").numbers
        assert {list(PIECES).index(piece)} - {3} not in [{number} for number in numbers]
        assert not {0, 1, 2, list(PIECES).index("<mask>")} & set(numbers)


def test_a_word_is_cut_the_same_the_second_time(cut):
    assert (
        cut("pilots harbour")
        == cut("pilots harbour")
        == Pieces([5, 9, 14], [(0, 5), (5, 6), (7, 14)])
    )


def test_pieces_lie_in_the_text_in_order(cut):
    chance = random.Random(3)
    for _ in range(300):
        text = "".join(chance.choice("pilots ½\te\u0301\x01東ｓé<>") for _ in range(30))
        spans = cut(text).spans
        assert all(0 <= start <= end <= len(text) for start, end in spans)
        assert [start for start, _ in spans] == sorted(start for start, _ in spans)
        assert re.sub(r"[\s\x01]", "", text) == "" or spans
