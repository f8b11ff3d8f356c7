"""FAISS, one query at a time, on one thread."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

_faiss: Any = faiss  # its types know the C++ side of some calls only

Keys = NDArray[np.int64]
Vectors = NDArray[np.float32]
Bits = NDArray[np.uint8]  # one for each row, the lowest bit of a byte first
Found = tuple[NDArray[np.int64], Vectors]  # positions and scores, best first


def nearest(rows: Vectors, query: Vectors, limit: int, among: Bits | None) -> Found:
    """The `limit` rows of the highest inner product with a query of shape (1, dimension).

    The result is exact; with `among`, only those rows count.
    """
    limit = min(limit, len(rows))
    scores = np.empty((1, limit), np.float32)
    positions = np.empty((1, limit), np.int64)
    selector = None if among is None else _faiss.IDSelectorBitmap(among)
    with one_thread():
        _faiss.knn_inner_product(
            *map(_faiss.swig_ptr, (query, rows)),
            *(query.shape[1], 1, len(rows), limit),
            *map(_faiss.swig_ptr, (scores, positions)),
            selector,
        )
    return _present(positions[0], scores[0])


def products(rows: Vectors, query: Vectors) -> Vectors:
    """The inner product of each row with the query, right to the last digit of float32.

    FAISS adds up in another order where a row stands elsewhere in its segment; equal scores would
    differ, and change, when segments are merged.
    """
    exact = rows.astype(np.float64) @ query[0].astype(np.float64)
    rounded: Vectors = exact.astype(np.float32)
    return rounded


def _present(positions: NDArray[np.int64], scores: Vectors) -> Found:
    found = positions >= 0  # FAISS fills up with -1
    return positions[found], scores[found]


@contextmanager
def one_thread() -> Iterator[None]:
    """Keeps FAISS to one thread: it cannot share one query among several.

    Waking them takes milliseconds on busy cores. Measured on two cores, p50 with one thread and
    with two: 10,000 rows 0.5 and 32 ms, 100,000 rows 9.7 and 64 ms. The number is that of OpenMP as
    a whole, for the calling thread, and torch reads it too: it is put back.
    """
    threads = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(threads)
