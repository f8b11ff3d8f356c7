"""The standard streams of the program: what they cannot take is told from other faults.

A full disk under `> file` and a reader who has gone (`| head`) come as the same OSErrors as those
of the corpus's own disk, from within any call that prints.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from typing import Any


class Unwritten(Exception):
    """The output cannot be written; the cause is the system's OSError."""


class _Output:
    """A stream that raises Unwritten for what it cannot take, and is else the one below it."""

    def __init__(self, below: Any) -> None:
        self._below = below

    def write(self, text: str) -> int:
        written: int = _told(self._below.write, text)
        return written

    def flush(self) -> None:
        _told(self._below.flush)

    def write_bytes(self, data: bytes) -> None:
        """Bytes as they are, after the text that was written before them."""
        self.flush()
        _told(self._below.buffer.write, data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._below, name)


class _Remarks(_Output):
    """Standard error: nobody can be told when it cannot take what is said, so work goes on."""

    def write(self, text: str) -> int:
        try:
            return super().write(text)
        except Unwritten:
            return len(text)

    def flush(self) -> None:
        try:
            super().flush()
        except Unwritten:
            return


def _told(write: Callable[..., Any], *arguments: Any) -> Any:
    try:
        return write(*arguments)
    except OSError as error:
        raise Unwritten from error


@contextmanager
def watched() -> Iterator[None]:
    """Puts such streams in place of the program's own; all is written when it ends.

    A letter that their encoding lacks is written out ("\\u0161"), and no error. Raises Unwritten.
    """
    own = sys.stdout, sys.stderr
    for stream in own:
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        # A stream that was closed before the program began (`qa list >&-`) is None.
        sys.stdout, sys.stderr = (
            kind(stream or nowhere) for stream, kind in zip(own, (_Output, _Remarks), strict=True)
        )
        try:
            yield
            sys.stdout.flush()
        finally:
            sys.stdout, sys.stderr = own


def print_bytes(data: bytes) -> None:
    """Writes bytes as they are to the output. Raises Unwritten."""
    if isinstance(sys.stdout, _Output):
        sys.stdout.write_bytes(data)


def let_go() -> None:
    """Leaves unwritten what cannot be: Python would try once more as it ends, and say so."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
