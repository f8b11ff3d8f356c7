"""FAISS: vectors -> chunk keys, by inner product. Derived from the store, can be rebuilt.

A `VectorIndex` never changes: writers make new ones that share most of the old, since FAISS may not
be searched while it is added to. It is a short list of immutable segments, merged as in a
log-structured tree. Each has files of its own, so that what is written is what is new; a large one
is searched by 4-bit codes (qa.storage.vectors.codes), and what that finds is scored anew, exactly.
"""

from qa.storage.vectors.index import VectorIndex
from qa.storage.vectors.scan import Keys, Vectors
from qa.storage.vectors.segment import Segment
from qa.storage.vectors.segment_files import CODED_FROM, merge, sha256, size, write

__all__ = [
    "CODED_FROM",
    "Keys",
    "Segment",
    "VectorIndex",
    "Vectors",
    "merge",
    "sha256",
    "size",
    "write",
]
