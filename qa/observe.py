"""Where the time of a question or of a batch of articles goes, stage by stage.

>>> told = []
>>> with work("ask", lambda *seen: told.append(seen[:2])):
...     with stage("encode"):
...         pass
>>> told
[('ask', 'encode'), ('ask', 'whole')]

Whoever does a part of the work names it with `stage`; whoever wants to know opens a `work`. On a
thread on which nobody does, a stage costs 0.4 µs.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from time import perf_counter

# Told (work, stage, seconds) as each stage ends.
Observer = Callable[[str, str, float], None]
# The stage that is told last: from the first moment of the work to its last.
WHOLE = "whole"


class _Here(threading.local):
    work = ""
    observer: Observer | None = None


_here = _Here()


class stage:
    """A named part of the work under way on this thread."""

    __slots__ = ("_name", "_started")

    def __init__(self, name: str) -> None:
        self._name = name

    def __enter__(self) -> None:
        self._started = perf_counter()

    def __exit__(self, *_: object) -> None:
        if _here.observer:
            _here.observer(_here.work, self._name, perf_counter() - self._started)


class work:
    """What is done on this thread until the end of the `with`; within another, part of that."""

    __slots__ = ("_name", "_observer", "_outer", "_whole")

    def __init__(self, name: str, observer: Observer | None) -> None:
        self._name = name
        self._observer = observer
        self._whole = stage(WHOLE)

    def __enter__(self) -> None:
        self._outer = _here.observer is not None
        if not self._outer:
            _here.work, _here.observer = self._name, self._observer
            self._whole.__enter__()

    def __exit__(self, *_: object) -> None:
        if not self._outer:
            self._whole.__exit__()
            _here.observer = None
