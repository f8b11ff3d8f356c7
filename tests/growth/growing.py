"""What grows faster than its input: judged by the ratio of the times for n and 4n characters.

Four times the input takes linear work four times as long, quadratic work sixteen times. Times are
those of the thread's own processor time, and count only from some milliseconds on; what looks as if
it grew is measured again. What never ends is stopped by a timer of processor time, which the
interpreter's patterns look at too.
"""

from __future__ import annotations

import gc
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

from tests.growth.units import Unit

STEP = 4  # from one length to the next
TOO_FAST = 9.0  # growth for a step, between that of linear and that of quadratic work
FLOOR = 0.004  # seconds; less says nothing
STOP = 4.0  # seconds of processor time for one text

Work = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Grew:
    """What grew: so many characters took so many seconds, and fewer took less."""

    name: str
    unit: Unit
    length: int
    seconds: float
    ratio: float | None  # None when it did not end

    def __str__(self) -> str:
        how = f"x{self.ratio:.0f} for x{STEP}" if self.ratio else "did not end"
        return (
            f"{self.name}: {self.length:,} characters of {self.unit}: {self.seconds:.3f} s, {how}"
        )


class _Stopped(BaseException):
    """Work that was stopped; no `except Exception` in it can go on."""


def grows(
    name: str,
    work: Work,
    unit: Unit,
    lengths: tuple[int, ...],
    enough: float = STEP * FLOOR,
) -> Grew | None:
    """Whether the work on a unit grows faster than it, tried at lengths of which each is a step.

    It ends at the first length that takes `enough` seconds: what is quadratic in a small part alone
    shows only in long texts.
    """
    before = 0.0
    for length in lengths:
        seconds = _measured(work, unit.text(length))
        if seconds is None:
            return Grew(name, unit, length, STOP, None)
        grew = None
        if seconds > max(FLOOR, TOO_FAST * before):
            # Twice: of ten thousand such trials on a busy machine, one looks as if it grew.
            grew = _again(name, work, unit, length, seconds)
            grew = grew and _again(name, work, unit, length, seconds)
        if grew or seconds > enough:
            return grew
        before = seconds
    return None


def _again(name: str, work: Work, unit: Unit, length: int, seconds: float) -> Grew | None:
    """Measured anew, and at the next length too: what is bounded grows no more there."""
    less = _best(work, unit, length // STEP)
    if seconds <= TOO_FAST * less:
        return None
    more = min(seconds, _best(work, unit, length))
    if more < FLOOR or more <= TOO_FAST * less:
        return None
    further = _measured(work, unit.text(STEP * length), max(STOP, 2 * TOO_FAST * more))
    if further is not None and further <= TOO_FAST * more:
        return None
    return Grew(name, unit, length, more, more / less)


def _best(work: Work, unit: Unit, length: int) -> float:
    """The best of two, with texts that no cache has seen."""
    return min(_measured(work, unit.text(length) + " " * i) or STOP for i in (1, 2))


def _measured(work: Work, text: str, stop: float | None = None) -> float | None:
    """Seconds of this thread; None when it was stopped. What a text is refused by is no matter."""
    with _timer(stop or STOP):
        started = time.thread_time()
        try:
            work(text)
        except _Stopped:
            return None
        except Exception:
            pass
        return time.thread_time() - started


@contextmanager
def _timer(seconds: float) -> Iterator[None]:
    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise _Stopped

    before = signal.signal(signal.SIGVTALRM, stop)
    collecting = gc.isenabled()
    gc.disable()  # what it costs depends on all that is alive
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
        if collecting:
            gc.enable()
