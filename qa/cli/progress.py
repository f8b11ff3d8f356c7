"""A progress bar for adding: share of the bytes, articles a second, time left."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from qa.passages.prepare import Outcome


@contextmanager
def bar(console: Console, total: int, *, quiet: bool) -> Iterator[Callable[[Outcome], None]]:
    """Gives the function to call with each outcome; draws nothing when quiet or not a terminal."""
    columns = (
        TextColumn("{task.fields[articles]} articles"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[rate]:.0f}/s"),
        TimeRemainingColumn(),
    )
    hidden = quiet or not console.is_terminal
    with Progress(*columns, console=console, disable=hidden, transient=True) as progress:
        task = progress.add_task("", total=total or None, articles=0, rate=0.0)
        started, articles = time.monotonic(), 0

        def advance(outcome: Outcome) -> None:
            nonlocal articles
            articles += outcome.document is not None
            rate = articles / max(time.monotonic() - started, 1e-3)
            progress.update(task, advance=outcome.size, articles=articles, rate=rate)

        yield advance
