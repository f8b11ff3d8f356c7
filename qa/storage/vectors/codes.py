"""Vectors as 4-bit codes: a scan of all of them takes a twentieth of the time, and is nearly right.

Two dimensions to a code (product quantisation), so 96 bytes for 384 dimensions instead of 1,536;
FAISS compares 32 vectors at once with the tables in registers (fast scan). What it finds is a list
of candidates: their scores are computed anew from the vectors themselves.
docs/decisions/0010-vector-index.md
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import faiss
import numpy as np

from qa.storage.vectors.scan import Bits, Keys, Vectors, one_thread

# 16 centroids in two dimensions are found in a fraction of it; more rows change no recall.
TRAINED_ON = 20_000
# How many candidates are scored anew. Of 10^6, 4 for each that is wanted keep 99.7 % of the first
# 200, and 400 keep all of the first 10.
CANDIDATES_EACH, CANDIDATES = 4, 400

_faiss: Any = faiss  # its types know the C++ side of some calls only


class Codes:
    """The codes of a segment's rows, in the rows' order."""

    def __init__(self, index: Any, coarse: Any = None) -> None:
        self._index = index
        self._coarse = coarse  # FAISS refers to it, Python has to keep it

    @classmethod
    def of(cls, sample: Vectors, blocks: Iterator[Vectors]) -> Codes:
        """Learns the code from `sample`, then encodes the blocks, one after the other."""
        dimension = sample.shape[1]
        parts = dimension // 2 if dimension % 2 == 0 else dimension
        # One list is no clustering: FAISS takes a selection of rows in this kind alone.
        coarse = faiss.IndexFlatIP(dimension)
        coarse.add(np.zeros((1, dimension), np.float32))
        index: Any = faiss.IndexIVFPQFastScan(
            coarse, dimension, 1, parts, 4, faiss.METRIC_INNER_PRODUCT
        )
        index.by_residual = False
        index.pq.cp.niter = 10
        index.pq.cp.min_points_per_centroid = 1  # no warning for a small sample
        with one_thread():  # the other core answers questions
            index.train(np.resize(sample, (max(16, len(sample)), dimension)))  # one per centroid
            for block in blocks:
                index.add(np.ascontiguousarray(block))
        return cls(index, coarse)

    def nearest(self, query: Vectors, count: int, among: Bits | None) -> Keys:
        """About the `count` best positions for a query of shape (1, dimension), unordered.

        Fewer when some have the lowest score that any code could have: FAISS leaves these out.
        """
        parameters = None
        if among is not None:
            parameters = _faiss.SearchParametersIVF(sel=_faiss.IDSelectorBitmap(among))
        with one_thread():
            positions: Keys = self._index.search(query, count, params=parameters)[1][0]
        return positions[positions >= 0]

    def save(self, path: Path) -> None:
        # FAISS's own writer does not look whether the last bytes could be written.
        with path.open("wb") as file:
            _faiss.write_index(self._index, _faiss.PyCallbackIOWriter(file.write))

    @classmethod
    def load(cls, path: Path) -> Codes:
        """Reads what `save` wrote. The caller has checked the file's digest."""
        return cls(faiss.read_index(str(path)))
