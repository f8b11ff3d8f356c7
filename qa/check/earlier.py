"""What an earlier check of a draft found, to be taken over where all that it rests on is the same.

A quotation is found by all that its verdict follows from: its words, what it refers to and who says
it, at one moment of one corpus, against the same sources. Nothing is kept here: whoever has a draft
checked again brings what was found, and it is for them to make sure that nobody has changed it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from qa.check.types import CheckedClaim, CheckedQuotation, DraftReport, Supported, Verdict


@dataclass(frozen=True, slots=True)
class Earlier:
    """What was found earlier, by key."""

    basis: str  # the corpus at its moment, and all else that every finding rests on
    quotations: Mapping[str, Verdict] = field(default_factory=dict)
    claims: Mapping[str, Supported] = field(default_factory=dict)

    @classmethod
    def of(cls, report: DraftReport) -> Earlier:
        """What a report found."""
        return cls(
            report.basis,
            {one.key: one.verdict for one in report.quotations},
            {one.key: one.supported for one in report.claims},
        )

    def on(self, basis: str) -> Earlier:
        """What of it still holds: all, or nothing."""
        return self if self.basis == basis else Earlier(basis)


def key_of(*parts: object) -> str:
    """A short name of all that a finding follows from.

    >>> key_of("we will go home", None, ["1", "talks"])
    '30d673248aff03d3'
    """
    written = json.dumps(parts, ensure_ascii=True, default=str)
    return hashlib.sha256(written.encode()).hexdigest()[:16]


def keyed(report: DraftReport) -> list[tuple[str, CheckedQuotation | CheckedClaim]]:
    """The items of a report in the draft's order, each under a key of its own."""
    found: list[CheckedQuotation | CheckedClaim] = [*report.quotations, *report.claims]
    found.sort(key=lambda one: (one.span.start, -one.span.end))
    return list(zip(told_apart([one.key for one in found]), found, strict=True))


def told_apart(keys: Sequence[str]) -> list[str]:
    """The keys with a number behind those that come again: what is quoted twice is two items.

    >>> told_apart(["a", "b", "a"])
    ['a', 'b', 'a-2']
    """
    times: dict[str, int] = {}
    found = []
    for key in keys:
        times[key] = times.get(key, 0) + 1
        found.append(key if times[key] == 1 else f"{key}-{times[key]}")
    return found
