"""The numbers of a passage."""

from __future__ import annotations

from collections.abc import Iterable

from qa.check.facts.types import Number
from qa.check.facts.units import LOOSE


class KnownNumbers:
    """Numbers by value and unit: 45 tonnes are 45,000 kg; a 45 without a unit may be either."""

    def __init__(self, numbers: Iterable[Number]) -> None:
        known = list(numbers)
        self.bare = {_rounded(n.value) for n in known if not n.unit}
        self._loose = {_rounded(n.value) for n in known if n.unit in LOOSE}
        self._measured = {(_rounded(n.value * n.factor), n.unit) for n in known}

    def have(self, number: Number) -> bool:
        """Whether the number is among them, or without a unit what may have its unit."""
        value = _rounded(number.value)
        if value in self.bare or (not number.unit and value in self._loose):
            return True
        return (_rounded(number.value * number.factor), number.unit) in self._measured


def _rounded(value: float) -> float:
    return float(f"{value:.9g}")
