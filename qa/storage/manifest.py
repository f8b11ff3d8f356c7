"""What a folder of derived indexes holds: one file, replaced in one step."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from qa.errors import CorpusBroken
from qa.storage.vectors import sync

FORMAT = 2
NAME = "manifest.json"

Content = dict[str, Any]


def read(folder: Path) -> Content | None:
    """That of any stamp; None when it is missing, damaged, or of another version."""
    try:
        manifest: Content = json.loads((folder / NAME).read_text("utf-8"))
        whole = manifest.pop("digest") == _digest(manifest)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return manifest if whole and manifest["format"] == FORMAT else None


def refuse_loss(folder: Path, stored: Callable[[], int]) -> None:
    """Raises CorpusBroken when the indexes in `folder` know more than the store, at `stored()`.

    The store is written first, and safely: what it lacks was lost, and the indexes of it are all
    that tells. It is asked last, since another process may be writing.
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
    """Whatever is derived is made anew from the store, by who opens it next."""
    (folder / NAME).unlink(missing_ok=True)


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
    """In one step for other processes; with `durable`, for a machine that loses its power too."""
    content = {"format": FORMAT, **content}
    fresh = folder / "manifest.new"
    try:
        fresh.write_text(json.dumps({**content, "digest": _digest(content)}, indent=1), "utf-8")
        if durable:
            sync(fresh)
        fresh.replace(folder / NAME)
    finally:
        fresh.unlink(missing_ok=True)
    if durable:
        sync(folder)


def _digest(manifest: Content) -> str:
    return hashlib.sha256(json.dumps(manifest, sort_keys=True).encode()).hexdigest()
