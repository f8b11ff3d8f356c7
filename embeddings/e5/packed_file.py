"""The packed file of multilingual-e5-small: its shape, its vocabulary and its weights in four bits.

    "E5S1" · version 1 · width, layers, heads, hidden width, rows, places, kinds · epsilon · block
    pieces · <s>, </s>, <pad>, <unk> · bytes of all pieces · where each begins · log-probabilities
    replaced code points · bytes of them · of each: itself, how many replace it, these
    tensors · of each: its name, its kind, how many numbers, where they begin, how many bytes

Little endian. Nothing is taken on trust: what a count or an offset says lies within the file, or
the file is refused before anything is made of it. The file stays mapped, and its words packed.
"""

from __future__ import annotations

import math
import mmap
import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings.types import EncoderUnavailable

MAGIC, VERSION = b"E5S1", 1
BLOCK = 32  # numbers of a packed block: a step in float16, and four bits for each
BLOCK_BYTES = 2 + BLOCK // 2
_MOST_CODE_POINTS = 0x110000
_SURROGATES = range(0xD800, 0xE000)
_FLOAT32, _PACKED = 0, 1

Floats = NDArray[np.float32]


class PackedFileDamaged(EncoderUnavailable):
    """A file that is not what the package carried."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How large the model is."""

    width: int
    layers: int
    heads: int
    hidden: int
    rows: int  # of the word table
    places: int
    kinds: int


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """The pieces that words are made of, and what is replaced before they are cut into them."""

    pieces: list[str]
    scores: Floats  # logarithms of their probabilities
    begin: int  # the numbers of the special pieces
    end: int
    unknown: int
    replacements: Mapping[str, str]  # by code point


@dataclass(frozen=True, slots=True, eq=False)
class _Tensor:
    kind: int
    count: int
    data: memoryview


class PackedFile:
    """The file, opened and looked through. Its tensors are unpacked when they are asked for."""

    def __init__(self, path: Path) -> None:
        """Maps the file. Raises PackedFileDamaged for one that is not whole, or another."""
        try:
            with path.open("rb") as file:
                mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:  # an empty file is a ValueError
            raise PackedFileDamaged(f"cannot read {path}: {error}") from error
        self._path = path
        with self._told():
            self._parse(_Cursor(memoryview(mapped)))

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except _Damage as damage:
            raise PackedFileDamaged(f"{self._path} is damaged: {damage}") from damage

    def _parse(self, cursor: _Cursor) -> None:
        if bytes(cursor.bytes(len(MAGIC), "mark")) != MAGIC:
            raise _Damage("it does not begin with the mark of its kind")
        [version] = cursor.numbers("I", "version")
        if version != VERSION:
            raise _Damage(f"it says version {version}, and {VERSION} is known")
        sizes = cursor.numbers("7i", "shape")
        self.shape = Shape(*sizes)
        if min(sizes) < 1 or self.shape.width % BLOCK or self.shape.width % self.shape.heads:
            raise _Damage(f"no model has the shape {self.shape}")
        cursor.numbers("f", "epsilon")
        if cursor.numbers("i", "block") != (BLOCK,):
            raise _Damage(f"its blocks do not have {BLOCK} numbers")
        self.vocabulary = _vocabulary(cursor)
        if len(self.vocabulary.pieces) > self.shape.rows:
            raise _Damage("it has more pieces than words")
        self._tensors = dict(_tensors(cursor))

    def floats(self, name: str, shape: tuple[int, ...]) -> Floats:
        """A tensor in float32. Raises PackedFileDamaged when there is none of this shape."""
        with self._told():
            tensor = self._tensor(name, shape)
            if tensor.kind == _PACKED:
                return unpacked(_blocks(tensor)).reshape(shape)
            numbers = np.frombuffer(tensor.data, "<f4").astype(np.float32)
            if not np.isfinite(numbers).all():
                raise _Damage(f"the tensor {name} has what is no number")
            return numbers.reshape(shape)

    def packed(self, name: str, shape: tuple[int, int]) -> NDArray[np.uint8]:
        """A packed tensor as it lies in the file: (rows, blocks of a row, BLOCK_BYTES).

        Raises as `floats` does.
        """
        with self._told():
            tensor = self._tensor(name, shape)
            if tensor.kind != _PACKED:
                raise _Damage(f"the tensor {name} is not packed")
        rows, columns = shape
        return _blocks(tensor).reshape(rows, columns // BLOCK, BLOCK_BYTES)

    def _tensor(self, name: str, shape: tuple[int, ...]) -> _Tensor:
        tensor = self._tensors.get(name)
        if tensor is None or tensor.count != math.prod(shape):
            found = f"has {tensor.count} numbers" if tensor else "is missing"
            raise _Damage(f"the tensor {name} {found}, and should have {math.prod(shape)}")
        return tensor


def unpacked(blocks: NDArray[np.uint8]) -> Floats:
    """The numbers of packed blocks: (…, BLOCK_BYTES) -> (…, BLOCK).

    A number is its four bits less 8, times the block's step; the first half of a block stands in
    the lower halves of its bytes. Raises PackedFileDamaged for a step that is no number.
    """
    steps = np.ascontiguousarray(blocks[..., :2]).view("<f2").astype(np.float32)
    if not np.isfinite(steps).all():
        raise PackedFileDamaged("the model's file is damaged: a step is no number")
    bits = blocks[..., 2:]
    numbers = np.concatenate([bits & 0x0F, bits >> 4], axis=-1).astype(np.float32)
    numbers -= 8
    numbers *= steps
    return numbers


def _blocks(tensor: _Tensor) -> NDArray[np.uint8]:
    return np.frombuffer(tensor.data, np.uint8).reshape(-1, BLOCK_BYTES)


class _Damage(Exception):
    """What is wrong with a file."""


class _Cursor:
    """Reads a file from its beginning to its end, and never past that."""

    def __init__(self, data: memoryview) -> None:
        self.data, self.at = data, 0

    @property
    def left(self) -> int:
        return len(self.data) - self.at

    def bytes(self, count: int, what: str) -> memoryview:
        """The next bytes, not copied."""
        if not 0 <= count <= self.left:
            raise _Damage(f"its {what} would have {count} bytes, and {self.left} are left")
        self.at += count
        return self.data[self.at - count : self.at]

    def numbers(self, layout: str, what: str) -> tuple[int, ...]:
        """The next numbers, in the notation of `struct`."""
        layout = f"<{layout}"
        return struct.unpack(layout, self.bytes(struct.calcsize(layout), what))


def _vocabulary(cursor: _Cursor) -> Vocabulary:
    [count] = cursor.numbers("i", "number of pieces")
    specials = cursor.numbers("4i", "special pieces")
    [size] = cursor.numbers("Q", "size of the pieces")
    starts = np.frombuffer(cursor.bytes((count + 1) * 4, "places of pieces"), "<u4")
    scores = np.frombuffer(cursor.bytes(count * 4, "probabilities"), "<f4")
    text = bytes(cursor.bytes(size, "pieces"))
    if count < 1 or not all(0 <= special < count for special in specials):
        raise _Damage("a special piece is none of its pieces")
    if starts[0] or starts[-1] != size or (starts[1:] < starts[:-1]).any():
        raise _Damage("its pieces do not lie one behind the other")
    if not np.isfinite(scores).all():
        raise _Damage("the probability of a piece is no number")
    try:
        bounds = starts.tolist()
        pieces = [text[a:b].decode() for a, b in pairwise(bounds)]
    except UnicodeDecodeError:
        raise _Damage("a piece is no text") from None
    begin, end, _, unknown = specials  # the third pads texts, which nobody does here
    return Vocabulary(pieces, scores, begin, end, unknown, dict(_replacements(cursor)))


def _replacements(cursor: _Cursor) -> Iterator[tuple[str, str]]:
    count, size = cursor.numbers("iI", "number of replacements")
    own = _Cursor(cursor.bytes(size, "replacements"))
    for _ in range(count):
        code, length = own.numbers("IB", "replacement")
        by = own.numbers(f"{length}I", "replacement")
        yield _char(code), "".join(map(_char, by))


def _char(code: int) -> str:
    if code >= _MOST_CODE_POINTS or code in _SURROGATES:
        raise _Damage(f"{code} is no code point")
    return chr(code)


def _tensors(cursor: _Cursor) -> Iterator[tuple[str, _Tensor]]:
    [count] = cursor.numbers("i", "number of tensors")
    for _ in range(count):
        [length] = cursor.numbers("H", "length of a name")
        name = bytes(cursor.bytes(length, "name")).decode("ascii", "replace")
        kind, numbers, start, size = cursor.numbers("BIQQ", "tensor")
        if kind not in (_FLOAT32, _PACKED) or numbers % (BLOCK if kind == _PACKED else 1):
            raise _Damage(f"the tensor {name} is of no known kind")
        expected = numbers // BLOCK * BLOCK_BYTES if kind == _PACKED else numbers * 4
        if size != expected or start > len(cursor.data) or size > len(cursor.data) - start:
            raise _Damage(f"the tensor {name} does not lie within it")
        yield name, _Tensor(kind, numbers, cursor.data[start : start + size])
