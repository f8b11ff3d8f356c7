"""What a person says of the items of a checked draft: ticked off, a note, a rating."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

from qa.errors import InvalidInput
from qa.wording.catalogue import marked, say

MAX_NOTE = 2_000  # characters
Rating = Literal["false", "mostly_false", "mixed", "mostly_true", "true"]
RATINGS: Sequence[Rating] = get_args(Rating)
_NAMED: Mapping[Rating, str] = {
    "false": marked("false"),
    "mostly_false": marked("mostly false"),
    "mixed": marked("mixed"),
    "mostly_true": marked("mostly true"),
    "true": marked("true"),
}


@dataclass(frozen=True, slots=True)
class Mark:
    """What a person says of one item."""

    ticked: bool = False
    note: str = ""
    rating: Rating | None = None  # of what is said there, not of the check
    finding: str = ""  # a digest of what the check had found when it was ticked; "": not known
    words: str = ""  # the item's own, in case it is gone from a later draft
    is_outdated: bool = False  # it was ticked, and the check has found something else since

    def __post_init__(self) -> None:
        if len(self.note) > MAX_NOTE:
            raise InvalidInput(
                f"a note has {len(self.note):,} characters; at most {MAX_NOTE:,} are taken",
                code="too_long",
            )

    @property
    def says_anything(self) -> bool:
        return self.ticked or bool(self.note) or self.rating is not None

    def on(self, finding: str) -> Mark:
        """The mark on what is found now: a tick holds for what was ticked, a note stays."""
        known = self.finding in ("", finding)
        return replace(
            self,
            ticked=self.ticked and known,
            is_outdated=self.ticked and not known,
            finding=finding,
        )


Marks = Mapping[str, Mark]  # by the key of the item


def rating_of(given: str) -> Rating | None:
    """The rating of that name; None when it is none."""
    return next((rating for rating in RATINGS if rating == given), None)


def rating_named(rating: Rating) -> str:
    """A rating in words.

    >>> rating_named("mostly_false")
    'mostly false'
    """
    return say(_NAMED[rating])
