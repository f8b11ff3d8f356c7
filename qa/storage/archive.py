"""The indexes of a corpus that is only read: of a read-only medium, or of others' service.

Nothing below its folder is written, locks included. What is missing, damaged or behind is mended as
ever, but in a temporary folder.
"""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

from qa.errors import Mismatch
from qa.storage.published import Indexes, Published

# How often the indexes are opened again when somebody publishes others meanwhile.
ATTEMPTS = 5
BETWEEN_SECONDS = 0.2


class Archive(Published):
    """The published indexes of a corpus that nobody here adds to."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self._temporary = tempfile.TemporaryDirectory(prefix="footnote-")
        try:
            super().__init__(*arguments, **options)
        except BaseException:
            self._temporary.cleanup()
            raise

    def _made_in(self) -> Path:
        return Path(self._temporary.name)

    def _open(self) -> None:
        """Opens what is published; again when somebody publishes other files meanwhile."""
        for _ in range(ATTEMPTS):
            self.repairs.clear()
            known = self._manifest()
            with contextlib.suppress(FileNotFoundError):  # merged while we looked
                super()._open()
                if self._manifest() == known:
                    self._known = known
                    return
            time.sleep(BETWEEN_SECONDS)
        raise Mismatch("the indexes change faster than they can be opened: try again")

    def is_behind(self) -> bool:
        """Whether others have published something newer, or stored it.

        Raises Mismatch when they write to a database that was taken for unchangeable.
        """
        return self._is_published_anew() or self._store.generation() != self._indexes.generation

    def _is_published_anew(self) -> bool:
        if self._store.changed_beneath():
            raise Mismatch(
                f"somebody writes to {self._store.name}, which could not be written to when it was "
                "opened: start again"
            )
        known = self._manifest()
        return known is not None and known != self._known

    def publish(self) -> Indexes:
        """Shows what others have published; or what is stored, where that came alone.

        Whoever replicates a database replicates no indexes.
        """
        with self.lock.held():
            if self._is_published_anew():
                before = set(self._made_in().iterdir())
                self._open()
                for path in before:
                    shutil.rmtree(path, ignore_errors=True)
            elif self.is_behind():
                self._catch_up()
            return self._indexes

    def _catch_up(self) -> None:
        """Brings what is read to the generation of the store, by what came and went since."""
        before, generation = self._indexes, self._store.generation()
        lexical = self._lexical.catch_up(before.generation, generation)
        vectors = self._vectors.catch_up(before.vectors, before.generation, generation)
        self._indexes = Indexes(generation, vectors, lexical)

    def compact(self) -> bool:
        return False

    def close(self) -> None:
        self._temporary.cleanup()

    def _write(self, *, checkpoint: bool, durable: bool = True) -> None:
        """Writes nothing: what was made is for this process alone."""
