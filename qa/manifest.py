"""What a folder of derived indexes holds: one file, replaced in one step."""

from __future__ import annotations

import fcntl
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from qa.index import sync

FORMAT = 2
NAME = "manifest.json"

Content = dict[str, Any]


def read(folder: Path, stamp: dict[str, str]) -> Content | None:
    """None when it is missing, damaged, of another version, or not of what `stamp` names."""
    try:
        manifest: Content = json.loads((folder / NAME).read_text("utf-8"))
        whole = manifest.pop("digest") == _digest(manifest)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    ours = whole and manifest["format"] == FORMAT and manifest["stamp"] == stamp
    return manifest if ours else None


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


def _locked(path: Path) -> Any:
    """The open file: closing it releases the lock."""
    file = path.open("a")
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
    except BaseException:
        file.close()
        raise
    return file


class Lock:
    """One holder at a time, over all threads and processes; without a path, over threads alone."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._thread = threading.RLock()
        self._depth = 0
        self._file: Any = None

    @contextmanager
    def held(self) -> Iterator[None]:
        """Waits for it. The thread that has it may take it again."""
        with self._thread:
            if self._depth == 0:
                self._file = _locked(self._path) if self._path else None
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
                if self._depth == 0 and self._file:
                    self._file.close()  # closing releases the lock

    @contextmanager
    def tried(self) -> Iterator[bool]:
        """Does not wait: whether it is ours."""
        assert self._path is not None
        with self._path.open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True
