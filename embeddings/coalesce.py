"""A coalescer of calls: those that come while one is under way are made together in the next.

Encoding eight questions at once takes far less than eight times as long as one. Nobody waits for
others to come: a call that finds nothing under way is made at once, alone.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class Coalescer(Generic[T, R]):
    """Makes one call at a time, of one item or of several. Safe to use from many threads.

    >>> doubled = Coalescer(lambda numbers: [2 * n for n in numbers])
    >>> doubled(21)
    42
    """

    def __init__(
        self,
        call: Callable[[list[T]], Sequence[R]],
        *,
        most: int = 16,
        size: Callable[[T], int] = lambda _: 1,
        room: int | None = None,
    ) -> None:
        """`call` is given at most `most` items and gives as many results, in order.

        With `room`, items times the `size` of the largest stay within it, as long as there are
        two: what is padded to the longest text grows with both.
        """
        self._call = call
        self._most = most
        self._size = size
        self._room = room
        self._guard = threading.Lock()
        self._waiting: deque[_Ticket[T, R]] = deque()
        self._busy = False

    def __call__(self, item: T) -> R:
        """The result of `call` for this item; raises what it raised for the whole call."""
        return self._of([item])[0]

    def many(self, items: Sequence[T]) -> list[R]:
        """The results of many items, in order, with as few calls as may be.

        Those alike in size are called for together. No more than one call is asked for at a time:
        whoever comes meanwhile with an item of their own waits for one, and not for all.
        """
        order = sorted(range(len(items)), key=lambda n: self._size(items[n]))
        found: dict[int, R] = {}
        for first in range(0, len(order), self._most):
            together = order[first : first + self._most]
            found |= zip(together, self._of([items[n] for n in together]), strict=True)
        return [found[n] for n in range(len(items))]

    def _of(self, items: Sequence[T]) -> list[R]:
        tickets: list[_Ticket[T, R]] = [_Ticket(item) for item in items]
        with self._guard:
            self._waiting.extend(tickets)
            leads, self._busy = not self._busy, True
        for ticket in tickets:
            if not leads:
                ticket.turn.acquire()  # until its result is there, or it is the next one's turn
            leads = False
            if not ticket.done:
                self._lead()
        for ticket in tickets:
            if ticket.error:
                raise ticket.error
        return [ticket.results[ticket.place] for ticket in tickets]

    def _lead(self) -> None:
        """Makes the call for the callers that wait longest, this one among them; wakes the next."""
        with self._guard:
            batch = self._next()
        try:
            results = self._call([ticket.item for ticket in batch])
            for place, ticket in enumerate(batch):
                ticket.results, ticket.place = results, place
        except BaseException as error:
            for ticket in batch:
                ticket.error = error
        with self._guard:
            self._busy = bool(self._waiting)
            woken = [*batch[1:], *list(self._waiting)[:1]]
        for ticket in batch:
            ticket.done = True
        for ticket in woken:
            ticket.turn.release()

    def _next(self) -> list[_Ticket[T, R]]:
        batch = [self._waiting.popleft()]
        longest = self._size(batch[0].item)
        while self._waiting and len(batch) < self._most:
            longest = max(longest, self._size(self._waiting[0].item))
            if self._room is not None and longest * (len(batch) + 1) > self._room:
                break
            batch.append(self._waiting.popleft())
        return batch


class _Ticket(Generic[T, R]):
    """A caller that waits."""

    def __init__(self, item: T) -> None:
        self.item = item
        self.turn = threading.Lock()
        self.turn.acquire()
        self.results: Sequence[R] = ()
        self.place = 0
        self.error: BaseException | None = None
        self.done = False
