"""What grows faster than its input: `python -m tests.growth --seconds 120 --seed 1`."""

from __future__ import annotations

import argparse
import sys

from tests.growth.functions import works
from tests.growth.patterns import patterns
from tests.growth.searching import LONGER, search


def main() -> int:
    """Prints what grew; 1 when something did."""
    parser = argparse.ArgumentParser(prog="python -m tests.growth", description=__doc__)
    parser.add_argument("--seconds", type=float, default=0, help="search at least so long")
    parser.add_argument("--units", type=int, default=0, help="try at least so many units")
    parser.add_argument("--seed", type=int, default=1, help="another one draws other units")
    given = parser.parse_args()
    units = given.units or (0 if given.seconds else 10_000)
    searched = search(given.seed, units=units, seconds=given.seconds, lengths=LONGER)
    for grew in searched.grew.values():
        print(grew)
    print(
        f"{searched.units} units, {len(patterns())} patterns, {len(list(works()))} functions,"
        f" {len(searched.grew)} grew"
    )
    return 1 if searched.grew else 0


if __name__ == "__main__":
    sys.exit(main())
