"""How far what readers are shown is behind what is stored, and for how long already."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lag:
    """The generation that readers are shown, the newest one, and how long it has been waited for.

    `behind_seconds` are by the clock of this process, from when it first saw a newer one: clocks of
    servers differ, and nobody is behind what nobody has told him.
    """

    generation: int
    stored: int
    behind_seconds: float

    @property
    def behind(self) -> int:
        """How many generations are not shown yet."""
        return max(0, self.stored - self.generation)

    def told(self) -> dict[str, float]:
        """The numbers as whoever asks for the state is told them."""
        return {
            "generation": self.generation,
            "stored": self.stored,
            "behind": self.behind,
            "behind_seconds": round(self.behind_seconds, 3),
        }


class LagClock:
    """Tells for how long the oldest change that is not shown has waited.

    Where something is written all the time there is always a newer generation; what counts is when
    the one that was seen first is shown. So a server that keeps up is never long behind.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._awaited, self._since = 0, 0.0
        self.stored = 0  # the newest generation that was seen

    def note(self, shown: int, stored: int) -> Lag:
        """Takes both numbers as they are now. `stored` is to be asked first."""
        with self._lock:
            now = self._clock()
            self.stored = max(self.stored, stored)
            if shown >= self._awaited:  # what was waited for is shown: the wait is for this one
                self._awaited, self._since = stored, now
            return Lag(shown, stored, now - self._since if stored > shown else 0.0)
