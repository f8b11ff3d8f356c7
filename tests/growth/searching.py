"""Units drawn for every pattern and every reader of text, round after round, and what grew."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.growth.functions import Work, works
from tests.growth.growing import FLOOR, STEP, Grew, grows
from tests.growth.patterns import patterns
from tests.growth.units import NASTY, WRONG, Unit, nasty, of_pattern

LENGTHS = (1_000, 4_000, 16_000)  # of a function's texts; a pattern needs fewer to tell
LONGER = (*LENGTHS, 64_000, 256_000)
LONG_ENOUGH = 0.2  # seconds for one of these
OF_PATTERN = 6  # units in a round; a function gets one, which takes as long
# Asked only of a few characters, cut out before: which they are, and by whom.
CUT = {
    "qa.text.names._DATED_BEFORE.search": "the sixteen characters before a word",
    "qa.text.capitals._LAST_WORD.search": "the sixteen characters before a word",
}


@dataclass(slots=True)
class Searched:
    """How much was tried, and what of it grew, each name once."""

    units: int = 0
    grew: dict[str, Grew] = field(default_factory=dict)

    def try_on(self, name: str, work: Work, unit: Unit, lengths: tuple[int, ...]) -> None:
        """One unit more, unless it is known that this grows."""
        if name not in self.grew:
            self.units += 1
            enough = LONG_ENOUGH if lengths == LONGER else STEP * FLOOR
            if grew := grows(name, work, unit, lengths, enough):
                self.grew[name] = grew


def search(
    seed: int, *, units: int = 0, seconds: float = 0.0, lengths: tuple[int, ...] = LENGTHS
) -> Searched:
    """Rounds of all patterns and functions until so many units or seconds are over."""
    searched, started, number = Searched(), time.monotonic(), 0

    def done() -> bool:
        late = time.monotonic() - started >= seconds if seconds else True
        return late and searched.units >= units

    while not done():
        for name, work, unit, upto in _round(seed, number, lengths):
            searched.try_on(name, work, unit, upto)
            if seconds and done():
                break
        number += 1
    return searched


def _round(
    seed: int, number: int, lengths: tuple[int, ...]
) -> Iterator[tuple[str, Work, Unit, tuple[int, ...]]]:
    """Each pattern's units, and one for each function: nasty, or such as some pattern matches."""
    chance = random.Random(f"{seed} {number}")
    for found in patterns():
        for _ in range(OF_PATTERN):
            unit = of_pattern(found.pattern, chance) if chance.random() < 0.7 else nasty(chance)
            for name, work in found.works():
                if name not in CUT:
                    yield name, work, unit, LENGTHS[:2]
    for i, (name, work) in enumerate(works()):
        if number % 2 == 0:  # the nasty ones by turns
            unit = Unit("", NASTY[(seed + 7 * number + i) % len(NASTY)], chance.choice(WRONG))
        elif chance.random() < 0.5:
            unit = nasty(chance)
        else:
            unit = of_pattern(chance.choice(patterns()).pattern, chance)
        yield name, work, unit, lengths
