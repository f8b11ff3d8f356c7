"""What a corpus's own calibration is, what it was made for, and where it is kept: in the store.

`qa calibrate` fits two numbers on questions that somebody judged (qa/evaluation/platt.py), by which
the log-odds of the confidence are scaled and shifted. They hold for the encoder, the reader, the
depth and the coefficients that they were made for, and are applied to nothing else.
"""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import asdict, dataclass
from functools import cache

from qa.ask.confidence import Coefficients, coefficients
from qa.errors import CorpusBroken
from qa.storage import Storage
from qa.types import Depth

# Its entry in the store's table of what is said of the whole: a JSON object, by depth.
ENTRY, NONE = "calibration", "{}"


@dataclass(frozen=True, slots=True)
class Calibration:
    """Two numbers for the confidence at one depth, and the questions that they come from."""

    scale: float  # of the log-odds; above 0
    shift: float  # added to them
    answerable: int  # how many of the questions had an answer
    unanswerable: int
    made: str  # when, ISO 8601
    made_for: str

    def __post_init__(self) -> None:
        if not (self.scale > 0 and math.isfinite(self.scale) and math.isfinite(self.shift)):
            raise ValueError("no numbers to calibrate by")


@cache
def made_for(encoder: str, encoder_digest: str, reader_digest: str | None, depth: Depth) -> str:
    """What tells apart all that a calibration depends on; the reader is None where nothing is read.

    With the coefficients: the next version of them gives another confidence.
    """
    fitted = {name: its for name, its in asdict(coefficients(encoder)).items() if its is not None}
    said = [encoder, encoder_digest, reader_digest or "off", depth, fitted]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


class Calibrations:
    """The calibrations that a corpus keeps, at most one for each depth."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def stored(self) -> dict[Depth, Calibration]:
        """All of them, in use or not. Raises CorpusBroken when they cannot be read."""
        try:
            kept = json.loads(self._entry())
            return {depth: Calibration(**fields) for depth, fields in kept.items()}
        except (ValueError, TypeError, AttributeError) as error:
            raise CorpusBroken(
                "the calibration of this corpus cannot be read: take it out with `qa calibrate "
                "--reset`, or use the version of footnote-qa that made it"
            ) from error

    def applied(self, fitted: Coefficients, depth: Depth, made_for: str) -> Coefficients:
        """The coefficients, calibrated if there is a calibration and it was made for just these."""
        own = self.stored().get(depth)
        if own is None or own.made_for != made_for:
            return fitted
        return fitted.calibrated(depth, own.scale, own.shift)

    def keep(self, depth: Depth, calibration: Calibration) -> None:
        """Stores a calibration, in the place of an earlier one for its depth. Raises ReadOnly."""
        with self._storage.changing() as change:
            kept = {**self.stored(), depth: calibration}
            said = json.dumps({name: asdict(one) for name, one in kept.items()})
            change.set_meta({ENTRY: said})

    def reset(self) -> bool:
        """Takes out all of them, readable or not; says whether there were any. Raises ReadOnly."""
        with self._storage.changing() as change:
            found = self._entry() != NONE
            change.set_meta({ENTRY: NONE})
        return found

    def _entry(self) -> str:
        with self._storage.readable():
            # With what else one row says of the store: `meta` would be a row for each entry.
            meta, _ = self._storage.store.state()
        return meta.get(ENTRY, NONE)
