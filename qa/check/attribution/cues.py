"""A cue: words that say who speaks, and whether of what goes before, what follows, a next line."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from qa.check.attribution.person import Mention, Person
from qa.check.attribution.quoted import BLANK
from qa.types import Span

HAS_WORDS = re.compile(rf"[\w{BLANK}]")
_UNREAL = re.compile(
    r"\b(?:if|whether|what|whatever|unless|before|until|never|not|nor)(?: the)? \Z", re.I
)


@dataclass(frozen=True, slots=True)
class Cue:
    """ "Ann Lee said" at [0:12], of what follows."""

    start: int
    end: int
    subject: Mention | None = None  # without one of its own, it has that of the cue before it
    before: bool = False
    after: bool = False
    leads: bool = False
    who: Person | None = None
    shown: Span | None = None  # where its subject speaks, if it has none of its own


@dataclass(slots=True)
class Scene:
    """A blanked text, and who is mentioned where."""

    text: str
    mentions: Sequence[Mention]  # in their order

    def __post_init__(self) -> None:
        pass

    def before(self, at: int, least: int, far: int = 30) -> str:
        """The characters before a place, back to another one at the most."""
        return self.text[max(least, at - far) : at]
