"""A progress bar for adding: share of the bytes that are encoded, articles a second, time left."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from qa.passages.prepare import Outcome

# Over how long the speed is taken that the estimate rests on: one long batch is no change of it.
_SPEED_SECONDS = 60.0


class Adding:
    """How far an addition is, as its bar shows."""

    def __init__(self, progress: Progress, total: int) -> None:
        self._progress = progress
        self._task = progress.add_task("", total=total or None, articles=0, rate=0.0)
        self._started, self._articles = time.monotonic(), 0

    def encoded(self, size: float) -> None:
        """So many more bytes are encoded, which is what takes the time; from any thread."""
        self._progress.advance(self._task, size)

    def stored(self, outcome: Outcome) -> None:
        """One more input is dealt with."""
        self._count(self._articles + (outcome.document is not None))

    def reached(self, done: int, total: int, articles: int) -> None:
        """So much of it is done, of so much; that is what is not known before."""
        self._progress.update(self._task, completed=done, total=total or None)
        self._count(articles)

    def _count(self, articles: int) -> None:
        self._articles = articles
        rate = articles / max(time.monotonic() - self._started, 1e-3)
        self._progress.update(self._task, articles=articles, rate=rate)


@contextmanager
def bar(console: Console, total: int, *, quiet: bool) -> Iterator[Adding]:
    """Gives what is told how far it is; draws nothing when quiet or not a terminal."""
    columns = (
        TextColumn("{task.fields[articles]} articles"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[rate]:.0f}/s"),
        TimeRemainingColumn(),
    )
    with Progress(
        *columns,
        console=console,
        disable=quiet or not console.is_terminal or console.is_dumb_terminal,
        transient=True,
        speed_estimate_period=_SPEED_SECONDS,
    ) as progress:
        yield Adding(progress, total)
