"""Names in a text, and roles with a capital, by their capital letters alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from qa.text.words import FUNCTION_WORDS
from qa.text.words.tables import listed
from qa.types import Span

_HONORIFICS = listed("honorifics")
_ROLES = listed("roles")
_TITLES = _ROLES | _HONORIFICS

UPPER = "".join(char for char in map(chr, range(0x530)) if char.isupper())
# A capital first, and only then what stands before it: the search is for capitals alone.
_WORD = (
    rf"[{UPPER}](?<![\w’'-][{UPPER}])(?:[\w’'-]*\w)?"
    r"(?:(?:(?<=\b\w)|(?<=\b[MDS][rt])|(?<=\bMrs)|(?<=\bMs)|(?<=\bProf)|(?<=\b(?:Sen|Gov|Gen)))\.)?"
)
_PARTICLE = rf"(?:{'|'.join(sorted(listed('particles') - listed('place_of')))})"
_WORDS = re.compile(rf"{_WORD}(?: (?:{_PARTICLE} ){{0,2}}{_WORD}){{0,7}}")
_INK = re.compile(r"\S+")
_POSSESSIVE = re.compile(r"['’]s?\Z")
_NEVER_FIRST = FUNCTION_WORDS.union(*map(listed, ("openers", "months", "weekdays")))


@dataclass(frozen=True, slots=True)
class Name:
    """Where a name stands, and the last title before it: "minister" of "Prime Minister Ann Lee"."""

    start: int
    end: int
    title: str = ""
    honorifics: int = 0  # characters before the name: 4 of "Mr. Lee"

    @property
    def first(self) -> int:
        """Where it begins, with its honorifics."""
        return self.start - self.honorifics


def capitalised(text: str) -> tuple[list[Name], list[Span]]:
    """The names in a text, and the roles that are written with capitals.

    "Now Prime Minister Ann Lee's Rex came" -> Ann Lee and Rex, Prime Minister
    """
    names: list[Name] = []
    roles: list[Span] = []
    for run in _runs(text):
        words = [text[word.start : word.end].rstrip(".").lower() for word in run]
        titles = max((i + 1 for i, word in enumerate(words) if word in _TITLES), default=0)
        title = words[titles - 1] if titles else ""
        if title in _ROLES:
            roles.append(Span(run[0].start, run[titles - 1].end))
        if titles < len(run):
            first, start = run[_honorifics(words, titles)].start, run[titles].start
            names.append(Name(start, run[-1].end, title, start - first))
    return names, roles


def _honorifics(words: list[str], titles: int) -> int:
    """Where the honorifics begin that end a row of titles: 1 of president, mr, lee."""
    first = titles
    while first and words[first - 1] in _HONORIFICS:
        first -= 1
    return first


def _runs(text: str) -> Iterator[list[Span]]:
    """Capitalised words in a row, without those that begin a sentence; a possessive ends a row."""
    for match in _WORDS.finditer(text):
        run: list[Span] = []
        for word in _INK.finditer(text, match.start(), match.end()):
            plain = _POSSESSIVE.sub("", word[0])
            if not run and plain.lower() in _NEVER_FIRST:
                continue
            run.append(Span(word.start(), word.start() + len(plain)))
            if len(plain) < len(word[0]):
                yield run
                run = []
        if run:
            yield run
