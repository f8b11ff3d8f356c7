"""Vectors in a file, read where they are wanted."""

from __future__ import annotations

import itertools
import mmap
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.storage.vectors.scan import Vectors

BLOCK = 8192  # rows that are held at a time when all are gone through: 12 MB at 384 dimensions

LET_GO_AFTER = 16  # scattered reads; some 50 MB of pages


class FileRows:
    """The rows of an .npy file of float32, shape (count, dimension). Safe to use from many threads.

    Scattered rows are taken from a mapping, in one call: 800 reads of the file would let Python's
    lock go as often, and beside 31 others a question then waited 140 ms for it. Pages of a mapping
    count as resident once they were touched, and in time all are: so they are let go now and then.
    """

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            np.lib.format.read_magic(file)
            self.shape, _, kind = np.lib.format.read_array_header_1_0(file)
            self._start = file.tell()
        if kind != np.dtype("<f4") or len(self.shape) != 2:
            raise ValueError(f"{path} does not hold vectors")
        self._width = 4 * self.shape[1]
        self._file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            self._pages = mmap.mmap(self._file, 0, access=mmap.ACCESS_READ)
        except BaseException:
            os.close(self.__dict__.pop("_file"))
            raise
        self._pages.madvise(mmap.MADV_RANDOM)  # a neighbour on the disk is none of the question
        numbers = np.frombuffer(self._pages, "<f4", self.shape[0] * self.shape[1], self._start)
        self._mapped: Vectors = numbers.reshape(self.shape)
        self._takes = itertools.count(1)

    def __del__(self) -> None:
        if hasattr(self, "_file"):
            os.close(self._file)

    def __len__(self) -> int:
        return int(self.shape[0])

    def __getitem__(self, wanted: slice | NDArray[np.int64]) -> Vectors:
        """The rows of a slice, or at ascending positions."""
        if isinstance(wanted, slice):
            start, stop, _ = wanted.indices(len(self))
            return self._read(start, max(0, stop - start))
        if not len(wanted):
            return self._read(0, 0)
        first, span = int(wanted[0]), int(wanted[-1] - wanted[0]) + 1
        if span <= 2 * len(wanted):
            return self._read(first, span)[wanted - first]
        out: Vectors = self._mapped.take(wanted, axis=0, mode="clip")  # without Python's lock
        if next(self._takes) % LET_GO_AFTER == 0:
            self._pages.madvise(mmap.MADV_DONTNEED)
        return out

    def _read(self, start: int, count: int) -> Vectors:
        out = np.empty((count, self.shape[1]), np.float32)
        target, at, done = _bytes(out), self._start + start * self._width, 0
        while done < len(target):  # one read gives at most 2 GB
            read = os.preadv(self._file, [target[done:]], at + done)
            if not read:
                raise ValueError("the file of vectors is cut off")
            done += read
        return out


def _bytes(rows: Vectors) -> Any:
    """The memory of rows, for a file to be read into."""
    return rows.view(np.uint8).reshape(-1)


Rows = Vectors | FileRows


def blocks(rows: Rows) -> Iterator[Vectors]:
    """All rows in order, some thousand at a time."""
    return (rows[start : start + BLOCK] for start in range(0, len(rows), BLOCK))


def write_rows(path: Path, shape: tuple[int, int], parts: Iterator[Vectors]) -> None:
    """Writes rows, which come in parts, as an .npy file: only one part is in memory at a time."""
    _write(path, {"descr": "<f4", "fortran_order": False, "shape": shape}, parts)


def write_array(path: Path, array: NDArray[Any]) -> None:
    """Writes an array as an .npy file.

    np.save says of a full disk how many numbers it wrote, and not why.
    """
    _write(path, np.lib.format.header_data_from_array_1_0(array), iter([array]))


def _write(path: Path, header: dict[str, Any], parts: Iterator[NDArray[Any]]) -> None:
    with path.open("wb") as file:
        np.lib.format.write_array_header_1_0(file, header)
        for part in parts:
            file.write(np.ascontiguousarray(part, header["descr"]).data)
