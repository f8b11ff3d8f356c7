"""How long a test may take that would take minutes if work grew faster than its input."""

from __future__ import annotations

from coverage import Coverage

# Python takes two to three times as long while coverage traces it; machines differ by half.
TRACED, SLOW = 3.0, 1.5


def at_most(seconds: float) -> float:
    """The seconds that may pass on any machine, of what takes so many on a quick one."""
    return seconds * SLOW * (TRACED if Coverage.current() else 1.0)
