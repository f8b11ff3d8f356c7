"""Vectors in a file, read where they are wanted."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.index.scan import Vectors

BLOCK = 8192  # rows that are held at a time when all are gone through: 12 MB at 384 dimensions


class FileRows:
    """The rows of an .npy file of float32, shape (count, dimension). Safe to use from many threads.

    Read and not mapped: pages of a mapped file count as resident once they were touched, and
    scattered reads touch all of them in time. 800 rows take 1.5 ms.
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

    def __del__(self) -> None:
        if hasattr(self, "_file"):
            os.close(self._file)

    def __len__(self) -> int:
        return int(self.shape[0])

    def __getitem__(self, wanted: slice | NDArray[np.int64]) -> Vectors:
        """Rows from … to, or at ascending positions."""
        if isinstance(wanted, slice):
            start, stop, _ = wanted.indices(len(self))
            return self._read(start, max(0, stop - start))
        if not len(wanted):
            return self._read(0, 0)
        first, span = int(wanted[0]), int(wanted[-1] - wanted[0]) + 1
        if span <= 2 * len(wanted):
            return self._read(first, span)[wanted - first]
        out = np.empty((len(wanted), self.shape[1]), np.float32)
        target = _bytes(out)
        for row, position in enumerate(wanted.tolist()):
            part = target[row * self._width : (row + 1) * self._width]
            os.preadv(self._file, [part], self._start + position * self._width)
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
    """To be read into."""
    return rows.view(np.uint8).reshape(-1)


Rows = Vectors | FileRows


def blocks(rows: Rows) -> Iterator[Vectors]:
    """All rows in order, some thousand at a time."""
    return (rows[start : start + BLOCK] for start in range(0, len(rows), BLOCK))


def write_rows(path: Path, shape: tuple[int, int], parts: Iterator[Vectors]) -> None:
    """An .npy file of them; never more than one part is in memory."""
    header = {"descr": "<f4", "fortran_order": False, "shape": shape}
    with path.open("wb") as file:
        np.lib.format.write_array_header_1_0(file, header)
        for part in parts:
            file.write(np.ascontiguousarray(part, "<f4").data)
