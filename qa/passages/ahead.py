"""Work that is begun before it is asked for: the next batch is encoded while one is stored."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def ahead(
    function: Callable[[T], R], items: Iterable[T], threads: Executor, depth: int = 1
) -> Iterator[R]:
    """Gives `function` of each item, in order, with `depth` more under way than are asked for.

    >>> from concurrent.futures import ThreadPoolExecutor
    >>> with ThreadPoolExecutor(2) as threads:
    ...     list(ahead(abs, [-1, 2, -3], threads))
    [1, 2, 3]

    A caller who stops asking leaves nothing behind but what is being worked on.
    """
    begun: deque[Future[R]] = deque()
    try:
        for item in items:
            begun.append(threads.submit(function, item))
            if len(begun) > depth:
                yield begun.popleft().result()
        while begun:
            yield begun.popleft().result()
    finally:
        for future in begun:
            future.cancel()
