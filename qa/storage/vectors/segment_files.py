"""Segments on disk: written once, never changed."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from qa.storage.vectors.codes import TRAINED_ON, Codes
from qa.storage.vectors.rows import BLOCK, FileRows, blocks, write_array, write_rows
from qa.storage.vectors.scan import Keys, Vectors
from qa.storage.vectors.segment import Segment, sum_of
from qa.system import sync

# A segment of more chunks has codes and is searched by them, a smaller one exactly. Measured, p50
# of the 200 best: 30,000 vectors exactly 1.8 ms, 100,000 9.7 ms, by codes 0.7 ms. Below it results
# are exact, and past it all but three of a thousand (docs/decisions/0010-vector-index.md).
CODED_FROM = 40_000


def write(
    folder: Path, keys: Keys, parts: Iterator[Vectors], dimension: int, coded_from: int = CODED_FROM
) -> Segment:
    """Writes a segment of ascending keys; its vectors come in parts, in the keys' order.

    Cut off by an error, it leaves nothing: on a full disk that would be the last bytes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    name = uuid.uuid4().hex[:12]
    try:
        digests = _write(folder, name, keys, parts, dimension, coded_from)
        return Segment.load(folder, name, digests)
    except BaseException:
        for path in folder.glob(f"{name}.*"):
            path.unlink(missing_ok=True)
        raise


def _write(
    folder: Path, name: str, keys: Keys, parts: Iterator[Vectors], dimension: int, coded_from: int
) -> dict[str, str]:
    """Writes the files of a segment; gives the SHA-256 of each."""
    path = folder / f"{name}.rows.npy"
    write_rows(path, (len(keys), dimension), parts)
    rows = FileRows(path)
    write_array(folder / f"{name}.keys.npy", keys)
    write_array(folder / f"{name}.total.npy", sum_of(rows))
    if len(keys) > coded_from:
        sample = rows[np.unique(np.linspace(0, len(keys) - 1, TRAINED_ON).astype(np.int64))]
        Codes.of(sample, blocks(rows)).save(folder / f"{name}.codes")
    digests = {}
    for written in sorted(folder.glob(f"{name}.*")):
        sync(written)
        digests[written.name] = sha256(written)
    sync(folder)
    return digests


def merge(folder: Path, segments: Sequence[Segment], coded_from: int = CODED_FROM) -> Segment:
    """One segment of all that is alive in several."""
    keys, order = _ordered([segment.live_keys() for segment in segments])
    dimension = segments[0].rows.shape[1]
    return write(folder, keys, _gathered(segments, order), dimension, coded_from)


def _ordered(parts: Sequence[Keys]) -> tuple[Keys, Keys]:
    """All keys of some segments, ascending, and where each stands in their concatenation."""
    keys = np.concatenate(parts)
    order = np.argsort(keys, kind="stable")
    return keys[order], order


def _gathered(segments: Sequence[Segment], order: Keys) -> Iterator[Vectors]:
    """The live vectors of some segments, in an order of all of them."""
    positions = np.concatenate([np.flatnonzero(s.is_alive()) for s in segments])
    of = np.repeat(np.arange(len(segments)), [s.live for s in segments])
    for start in range(0, len(order), BLOCK):
        block = order[start : start + BLOCK]
        out = np.empty((len(block), segments[0].rows.shape[1]), np.float32)
        for number in np.unique(of[block]):
            here = of[block] == number
            out[here] = segments[number].rows[positions[block[here]]]
        yield out


def size(path: Path) -> int:
    """The bytes of a file; 0 when it is not there, merged meanwhile."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def sha256(path: Path) -> str:
    """The digest of a file; "" when it is not there."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return ""
