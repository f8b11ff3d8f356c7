"""The places that a verdict rests on, as they are shown."""

from __future__ import annotations

from dataclasses import dataclass

from qa.types import Match, Verdict
from qa.web import differing, marking


@dataclass(frozen=True, slots=True)
class Place:
    """A match with its words marked, and with what the quote made of them."""

    match: Match
    sentence: list[marking.Piece]
    diff: list[differing.Piece]  # empty when no word differs


def places(verdict: Verdict) -> list[Place]:
    """Every place of a quote, in the order of the verdict."""
    return [
        Place(
            match=match,
            sentence=marking.in_sentence(match),
            diff=differing.match_diff(match, verdict.quote) if match.differences else [],
        )
        for match in verdict.matches
    ]
