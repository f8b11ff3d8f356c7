"""Many things done one after the other: an error of one is its own, and time is not without end."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import TypeVar

from qa.errors import CorpusBroken, FootnoteError, InvalidInput, NotFound, Overloaded

_Found = TypeVar("_Found")
# What is wrong with one of them. Of all other errors each of them would have the same.
_OWN = (InvalidInput, NotFound, CorpusBroken)


class Turns:
    """The turns of what is done within some seconds; without end where none are said."""

    def __init__(self, seconds: float | None = None) -> None:
        self._seconds = seconds
        self._until = None if seconds is None else monotonic() + seconds

    def take(self, work: Callable[[], _Found]) -> _Found | FootnoteError:
        """What the work gives, or its own error; Overloaded where time is over."""
        if self._until is not None and monotonic() > self._until:
            return Overloaded(
                f"the batch was worked on for {self._seconds:g} seconds: send this again, in a "
                "smaller one"
            )
        return self.own(work)

    @staticmethod
    def own(work: Callable[[], _Found]) -> _Found | FootnoteError:
        """What the work gives, or its own error."""
        try:
            return work()
        except _OWN as error:
            return error
