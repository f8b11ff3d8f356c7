"""What a folder of derived indexes holds: one file, replaced in one step."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypedDict, cast

from qa.errors import CorpusBroken
from qa.system import sync

FORMAT = 1
NAME = "manifest.json"

Digests = dict[str, str]  # SHA-256 of each file, by its name


class LexicalContent(TypedDict):
    """Which folder of words is published, with its files."""

    folder: str
    files: Digests


class Content(TypedDict):
    """What the manifest says: which files make up the indexes, and of which state of the store."""

    generation: int
    stamp: dict[str, str]  # which encoder, chunking and analysis the indexes are of
    chunks: int
    vectors: dict[str, Digests]  # of each segment, in their order
    written: dict[str, list[int]]  # size and time of the last change of each file of vectors
    lexical: LexicalContent


def read(folder: Path) -> Content | None:
    """The manifest in a folder, of whatever stamp; None when it is missing or damaged."""
    try:
        manifest = json.loads((folder / NAME).read_text("utf-8"))
        whole = manifest.pop("digest") == _digest(manifest) and manifest.pop("format") == FORMAT
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return cast(Content, manifest) if whole else None


def refuse_loss(folder: Path, stored: Callable[[], int]) -> None:
    """Raises CorpusBroken when the indexes in `folder` know more than the store, at `stored()`.

    The store is written first, and safely: so what it lacks was lost, and the indexes alone can
    tell. `stored` is asked after the manifest was read, since another process may be writing.
    """
    known = read(folder)
    generation = stored() if known else 0
    if known and known["generation"] > generation:
        raise CorpusBroken(
            f"the database is empty or older than its indexes (generation {generation}, and they "
            f"are of {known['generation']}, with {known['chunks']} passages): restore it from a "
            f"backup, or delete the folder {folder} to begin anew from what it holds"
        )


def forget(folder: Path) -> None:
    """Takes the manifest away: who opens the folder next makes the indexes anew from the store."""
    (folder / NAME).unlink(missing_ok=True)


def distrust(folder: Path) -> None:
    """Has whoever opens the folder next make the indexes anew: they are of another history.

    How far they had come is still known: a store that is older lacks something (`refuse_loss`).
    """
    if known := read(folder):
        write(folder, {**known, "stamp": {"distrusted": "of another history"}}, durable=True)


@contextmanager
def usable() -> Iterator[None]:
    """Raises CorpusBroken where something that is no file, or no folder, has the name of one."""
    try:
        yield
    except (FileExistsError, IsADirectoryError, NotADirectoryError) as error:
        raise CorpusBroken(
            f"{error.filename} cannot be used ({error.strerror}): move it away"
        ) from error


def write(folder: Path, content: Content, *, durable: bool) -> None:
    """Replaces the manifest, in one step for other processes.

    With `durable`, in one step for a machine that loses its power too.
    """
    manifest: dict[str, Any] = {"format": FORMAT, **content}
    fresh = folder / "manifest.new"
    try:
        fresh.write_text(json.dumps({**manifest, "digest": _digest(manifest)}, indent=1), "utf-8")
        if durable:
            sync(fresh)
        fresh.replace(folder / NAME)
    finally:
        fresh.unlink(missing_ok=True)
    if durable:
        sync(folder)


def _digest(manifest: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(manifest, sort_keys=True).encode()).hexdigest()
