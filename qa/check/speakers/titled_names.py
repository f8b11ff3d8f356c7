"""Names in a text as speakers have them, without their titles, and titles without a name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.text.capitals import Capital
from qa.text.names import runs
from qa.text.words.tables import alternatives, listed
from qa.types import Span

_HONORIFICS = listed("honorifics")
_ROLES = listed("roles")
_TITLES = _ROLES | _HONORIFICS
_NOUNS = listed("role_nouns") | listed("affiliations")
_ENDINGS = tuple(sorted(listed("role_endings")))
_LONGEST_ENDING = 10
_WITH_STOP = listed("honorifics_with_stop")
_GENERATIONS = ("jr", "sr")  # alone they are no name: Martin Luther King Jr.
_OF = re.compile(rf" (?:{alternatives('place_of')})(?: the)? ")


@dataclass(frozen=True, slots=True)
class TitledName:
    """Where a name stands, and the last title before it: "minister" of "Prime Minister Ann Lee"."""

    start: int
    end: int
    title: str = ""
    is_label: bool = False  # in capitals, before a colon: ANN LEE: It rains.
    honorifics: int = 0  # characters before the name: 4 of "Mr. Lee", 10 of "Texas Gov. Lee"

    @property
    def first(self) -> int:
        """Where the name begins, with its honorifics."""
        return self.start - self.honorifics


def titled_names(text: str) -> tuple[list[TitledName], list[Span]]:
    """The names in a text, and the roles that are written with capitals.

    "Now Prime Minister Ann Lee's Rex came" -> Ann Lee and Rex, Prime Minister
    """
    names: list[TitledName] = []
    roles: list[Span] = []
    for run in _runs(text):
        titles = max((i + 1 for i, word in enumerate(run) if _is_title(text, word)), default=0)
        title = run[titles - 1].key if titles else ""
        titles = titles or _unlisted(run)
        if title in _ROLES or title.endswith(_ENDINGS):
            roles.append(Span(run[0].start, run[titles - 1].end))
        if titles < len(run) and run[titles].key not in _GENERATIONS:
            first, start = run[_honorifics(run, titles)].start, run[titles].start
            is_label = _is_label(text, run[titles:])
            names.append(TitledName(start, run[-1].end, title, is_label, start - first))
    return names, roles


def _is_title(text: str, word: Capital) -> bool:
    if word.key in _WITH_STOP:
        return text[word.end - 1] == "."
    return word.key in _TITLES or (len(word.key) > _LONGEST_ENDING and word.key.endswith(_ENDINGS))


def _is_label(text: str, run: Sequence[Capital]) -> bool:
    """Whether the words of a name are in capitals, as before what somebody says in an interview."""
    start, end = run[0].start, run[-1].end
    begins = start == 0 or text[start - 1] in "\n*"
    return begins and text[end : end + 1] in (":", "*") and text[start:end].isupper()


def _unlisted(run: Sequence[Capital]) -> int:
    """How many words before a full name say what somebody is, and are no title: Host Ann Lee."""
    before = range(len(run) - 2, 0, -1)
    return next((i for i in before if run[i - 1].key in _NOUNS), 0)


def _honorifics(run: Sequence[Capital], titles: int) -> int:
    """Where the honorifics begin that end a row of titles: 1 of president, mr; 0 of U.S., sen."""
    first = titles
    while first and run[first - 1].key not in _ROLES:
        first -= 1
    return first


def _runs(text: str) -> Iterator[Sequence[Capital]]:
    """The words of names, parted where an "of" is between: Ann Lee of Latvia."""
    for run in runs(text, headlines=True):
        first = 0
        for i in range(1, len(run)):
            if _OF.fullmatch(text, run[i - 1].end, run[i].start):
                yield run[first:i]
                first = i
        yield run[first:]
