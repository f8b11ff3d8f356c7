"""What a row was when it was written: digests that are compared whenever it is read.

SQLite says that a page can be read, not that it holds what was stored there. So each row carries
the digest of what it holds, and a row that is not what it was is an error that says what mends it:
never an answer.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Mapping, Sequence

import numpy as np

from qa.errors import CorpusBroken, Unavailable

# The seal of a row that could not be vouched for when its database was upgraded: no data has it.
NONE = b""
ADD_AGAIN = "restore it from a backup, or add the article again"
REINDEX = "qa reindex"
_NULL = "\1"
RESTORE = "restore the database from a backup"


# For more than 5 KiB zlib lets go of the interpreter's lock, and waits to have it again: of 24
# token vectors that a question reads, 50 ms beside 32 others. Of what is large it may.
_AT_ONCE = 5 * 1024
_MANY_BYTES = 1024 * 1024


def seal(data: bytes) -> bytes:
    """The seal of what is large and nobody's words: CRC-32, a third of the time of SHA-256.

    One accident in four thousand million passes.
    """
    if len(data) > _MANY_BYTES:
        return zlib.crc32(data).to_bytes(4, "little")
    crc, view = 0, memoryview(data)
    for start in range(0, len(data), _AT_ONCE):
        crc = zlib.crc32(view[start : start + _AT_ONCE], crc)
    return crc.to_bytes(4, "little")


def row_seal(values: Sequence[object]) -> bytes:
    """The seal of the columns of a row (text, numbers, NULL): half of SHA-256."""
    # Joined, and not as JSON: that takes three times as long, and a question has 24 rows.
    return _half(
        "\0".join([v if type(v) is str else _NULL if v is None else repr(v) for v in values])
    )


def place_seal(article: object, start: object, end: object, chunk: object) -> bytes:
    """The seal of a row of `passages`."""
    return _half(f"{article!r} {start!r} {end!r} {chunk!r}")


def _half(said: str) -> bytes:
    # What is no UTF-8 on the disk comes as surrogates, and is to be told apart too.
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).digest()[:16]


def meta_seal(values: Mapping[str, str]) -> str:
    """The seal of everything in `meta` but itself."""
    return row_seal([said for pair in sorted(values.items()) for said in pair]).hex()


def damaged(what: str, mend: str) -> CorpusBroken:
    """The error that says which row is not what was stored, and what mends it."""
    return CorpusBroken(f"{what} not what was stored: {mend}")


def lost(chunk: int) -> CorpusBroken:
    """The error for a passage that an index names and the store lacks, at the same generation."""
    return CorpusBroken(f"passage {chunk} is in the indexes and not in the store: {REINDEX}")


def gone() -> Unavailable:
    """The error for an article that went out while it was read, and whose rows are deleted."""
    return Unavailable("the article was taken out meanwhile: read it again", code="outdated")


def is_sealed(data: object, sealed: object) -> bool:
    """Whether these are the bytes that the seal is of."""
    return isinstance(data, bytes) and seal(data) == sealed


def is_sound(raw: bytes) -> bool:
    """Whether zlib's own checksum vouches for a compressed input."""
    try:
        zlib.decompress(raw)
    except (zlib.error, TypeError):
        return False
    return True


def is_json(text: str) -> bool:
    """Whether a column of JSON holds any."""
    try:
        json.loads(text)
    except (ValueError, TypeError, RecursionError):
        return False
    return True


def is_unit(vector: bytes, dimension: int) -> bool:
    """Whether these bytes can be the vector of a passage."""
    if not isinstance(vector, bytes) or len(vector) != 4 * dimension:
        return False
    return abs(float(np.linalg.norm(np.frombuffer(vector, "<f4"))) - 1) < 1e-3
