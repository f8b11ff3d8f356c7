"""What a cue is, and whom the cues of a sentence mean.

A cue is words that say who speaks, with a verb (said.py) or without one (phrases.py), and whether
of what goes before them, of what follows, or of a next line.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from qa.check.speakers.person import Mention, Person
from qa.check.speakers.quoted import BLANK
from qa.types import Span

HAS_WORDS = re.compile(rf"[\w{BLANK}]")
# What makes a statement nobody's: whether Ann Lee said; but not according to Ann Lee.
UNREAL = re.compile(
    r"\b(?:if|whether|what|whatever|unless|before|until|never|not|nor)(?: the)? \Z", re.I
)
UNCLEAR = Mention(-1, -1, None)  # the subject of a cue where two speak


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that say who speaks: "Ann Lee said" at [0:12], of what comes after."""

    start: int
    end: int
    subject: Mention | None  # None: that of the cue before, as in "…, adding that"
    before: bool = False
    after: bool = False
    leads: bool = False
    who: Person | None = None
    shown: Span | None = None  # where its subject speaks, if it has none of its own


class Scene:
    """A text whose quotations are blanked, and who is mentioned where."""

    def __init__(self, text: str, mentions: Sequence[Mention]) -> None:
        self.text = text
        self._mentions = mentions  # in their order
        self._starts = [mention.start for mention in mentions]
        self._by_start = {mention.start: mention for mention in mentions}
        self._ends = {mention.end for mention in mentions}

    def mention_at(self, start: int) -> Mention | None:
        """The mention that begins there."""
        return self._by_start.get(start)

    def mention_ends(self, end: int) -> bool:
        """Whether one ends there."""
        return end in self._ends

    def last_mentions(self, at: int, count: int) -> Sequence[Mention]:
        """The mentions that begin up to a place, the last one first."""
        stop = bisect_right(self._starts, at)
        return self._mentions[max(0, stop - count) : stop][::-1]

    def before(self, at: int, least: int, far: int = 30) -> str:
        """The text before a place: so many characters, or back to `least`."""
        return self.text[max(least, at - far) : at]


def resolved(cues: Sequence[Cue], known: Mapping[int, Person | None]) -> list[Cue]:
    """The cues of a sentence with who speaks, as it is known of the places of their subjects."""
    speaking = [cue for cue in cues if cue.subject]
    found, told = [], 0
    for cue in cues if speaking else ():
        told += cue.subject is not None
        by = speaking[max(0, told - 1)]
        who = known.get(by.subject.start) if by.subject else None
        shown = None if cue.subject else Span(by.start, by.end)
        found.append(replace(cue, who=who, shown=shown))
    return found
