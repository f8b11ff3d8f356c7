"""What is pumped up: texts of one unit over and over, between a beginning and an end that is wrong.

A pattern's own units are what its parts match, so that every repetition in it is gone through, and
the end is something that makes the match fail: only then does a pattern try all other ways.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from re import _constants as op
from re import _parser
from typing import Any

# Each has undone some program's reading in linear time.
NASTY = (
    *("-", "—", "- ", "—a ", "=", "\n", " \n", "\n\n", " ", "\u00a0", "\t", "> ", "\n> ", "\n- "),
    *('"', "“", "”", "«", "»", "'", "’", "a’", "“a", "a” ", "“a” ", '"a" ', "‘", "`", "``` \n"),
    *("(", ")", "()", "[", "]", "[]", "[[", "]]", "[a", "[a](", "[a]: ", "[1]", "[1] ", "\n[1] a"),
    *("[^1]", "\n[^1]: a", "![", "](", "](/a", "{", "}", "<", "<a", "<!--", "<a href='", "&amp;"),
    *(
        "。",
        "。漢",
        "漢",
        "。”",
        "。 ",
        "!",
        "?",
        "…",
        ". ",
        "..",
        ".a",
        "a.",
        "a. ",
        "A. ",
        "Mr. ",
    ),
    *("BY A B ", "BY ", "AND ", "A ", "Ana ", "Ana and ", "Ana Marin said ", "of ", "the envoy "),
    *("a", "a ", "aB", "é", "a\u0301", "\u0301", "\u200b", "\u00ad", "a\u00ad", "\ufe0f", "ﬁ"),
    *("1", "1 ", "1,", "1.", "1,000", "1:2", "1/2 ", "-1 ", "€", "€ 1 ", "% ", "1 %", "٣", "²"),
    *("one ", "one-", "2001 ", "3 May 2001 ", "5pm ", "_", "*", "**a", "\\", "\\[", "#", "\n# a"),
    *("http://", "http://a.b/c ", "/articles/", "a.0a1b2c3d.1-2 ", ".0a1b2c3d.1", "a_", "a-", "/"),
    *("He said “yes.” ", "“No,” said Ana Marin. ", "He left. [1] ", "Source: ", "\nSources:\n"),
    *(
        "\x00",
        "\r",
        "\u2028",
        "\x0b",
        "😀",
        "👩‍🚀",
        "\u202e",
        "ß",
        "İ",
        "|",
        "~",
        "+",
        ",",
        ";",
        ":",
    ),
)
WRONG = ("", "!", "\n", "\x00", " 5 things", "a", "”", "]", "…x")
_LITERAL = {op.LITERAL, op.NOT_LITERAL}
_REPEATED = {op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT}
_CHARS = "aAéÉ漢5_ \n-.,’“("  # of which a class takes its members
_CLASSES = {
    op.CATEGORY_DIGIT: re.compile(r"\d"),
    op.CATEGORY_NOT_DIGIT: re.compile(r"\D"),
    op.CATEGORY_SPACE: re.compile(r"\s"),
    op.CATEGORY_NOT_SPACE: re.compile(r"\S"),
    op.CATEGORY_WORD: re.compile(r"\w"),
    op.CATEGORY_NOT_WORD: re.compile(r"\W"),
}


@dataclass(frozen=True, slots=True)
class Unit:
    """What is pumped, what stands before it, and what makes the match fail."""

    before: str
    pumped: str
    behind: str

    def text(self, length: int) -> str:
        """So many characters of it, at least one of each part."""
        times = (length - len(self.before) - len(self.behind)) // len(self.pumped)
        return self.before + self.pumped * max(1, times) + self.behind


def nasty(chance: random.Random) -> Unit:
    """One of the units that every reader of text is fed, or two of them by turns."""
    pumped = "".join(chance.choices(NASTY, k=chance.choice((1, 1, 2))))
    return Unit(chance.choice(("", "", "a ", *NASTY)), pumped, chance.choice(WRONG))


def of_pattern(pattern: re.Pattern[Any], chance: random.Random) -> Unit:
    """A unit that the pattern would match for a while."""
    source = pattern.pattern
    if isinstance(source, bytes):
        source = source.decode("latin-1")
    flags = pattern.flags & ~re.UNICODE if isinstance(pattern.pattern, bytes) else pattern.flags
    walk = _Walk(chance, pattern.flags)
    whole = walk.text(_parser.parse(source, flags & ~re.DEBUG))
    if walk.loops and chance.random() < 0.6:
        before, pumped = chance.choice(walk.loops)
    else:  # its beginning over and over: each is searched from
        before, pumped = "", whole[: chance.randint(1, max(1, len(whole)))]
    return Unit(before, pumped or "a", chance.choice(WRONG))


class _Walk:
    """One way through a pattern, and the repetitions met on it."""

    def __init__(self, chance: random.Random, flags: int) -> None:
        self._chance = chance
        self._any = "a\n" if flags & re.DOTALL else "a"
        self._so_far = ""
        self.loops: list[tuple[str, str]] = []  # what was before, and what is repeated

    def text(self, parsed: Any) -> str:
        """Something that the parsed pattern may match; look-arounds are taken for nothing."""
        begun = len(self._so_far)
        for kind, what in parsed:
            self._add(kind, what)
        return self._so_far[begun:]

    def _add(self, kind: Any, what: Any) -> None:
        if kind in _REPEATED:
            self._repeat(*what)
        elif kind is op.BRANCH:
            self.text(self._chance.choice(what[1]))
        elif kind is op.SUBPATTERN:
            self.text(what[3])
        elif kind is op.ATOMIC_GROUP:
            self.text(what)
        elif kind is op.LITERAL:
            self._so_far += chr(what)
        elif kind is op.NOT_LITERAL:
            self._so_far += self._chance.choice([c for c in "a -" if c != chr(what)])
        elif kind is op.ANY:
            self._so_far += self._chance.choice(self._any)
        elif kind is op.IN:
            self._so_far += self._member(what)

    def _repeat(self, least: int, most: Any, what: Any) -> None:
        before = self._so_far
        times = min(least + self._chance.randint(0, 2), most if most is not op.MAXREPEAT else 9)
        for _ in range(max(times, 1)):
            begun = len(self._so_far)
            self.text(what)
        if most is op.MAXREPEAT or most > 9:
            self.loops.append((before, self._so_far[begun:]))
        if times < 1:
            self._so_far = before

    def _member(self, members: Any) -> str:
        if members[0][0] is op.NEGATE:
            outside = [c for c in _CHARS if not any(_holds(one, c) for one in members[1:])]
            return self._chance.choice(outside or ["x"])
        kind, what = self._chance.choice(members)
        if kind is op.RANGE:
            return chr(self._chance.randint(*what))
        inside = [chr(what)] if kind in _LITERAL else [c for c in _CHARS if _holds((kind, what), c)]
        return self._chance.choice(inside)


def _holds(member: tuple[Any, Any], char: str) -> bool:
    kind, what = member
    if kind is op.RANGE:
        return bool(what[0] <= ord(char) <= what[1])
    return ord(char) == what if kind in _LITERAL else bool(_CLASSES[what].match(char))
