"""The names that a text has, told by its capitals: people, places, organisations.

No list of names and no model: a name is a run of capitalised words. The first word of a sentence is
capitalised anyway, so it counts only where it is capitalised within a sentence too; headlines, in
which most words are, tell nothing.

>>> names("Yesterday Ana Marin met the World Bank. Marin left.")
['Ana Marin', 'World Bank', 'Marin']
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from qa.text.terms import STOP_WORDS

# Words within a name that are not capitalised: Bank of England, Ursula von der Leyen.
_PARTICLES = {"al", "bin", "da", "de", "del", "della", "der", "di", "du", "la", "of", "van", "von"}
_DATES = """
monday tuesday wednesday thursday friday saturday sunday january february march april may june
july august september october november december
"""
_NO_NAMES = STOP_WORDS.union(_DATES.split())
_LINE = re.compile(r"[^\n]+")
_WORD = re.compile(r"[^\W\d_][\w]*(?:[’'][^\W\d_]+)*")
_POSSESSIVE = re.compile(r"[’']s$|(?<=s)[’']$")
# What may stand between the words of one name, and what begins a sentence.
_WITHIN = re.compile(r"\s?-\s?|\.? ")
_OPENS = re.compile(
    r"(?:^|[!?…:;]|(?<!\b[A-Z])(?<!\b[DM]r)(?<!\bMrs)(?<!\bSt)\.|[\"“„«(\[‘]|(?<!\w)'|[–—])"
    r"[\s\"“„«'‘’”»)\]]*$"
)
_PIECE = re.compile(r"[^\s.-]+")
_ENDS = re.compile(r"[.!?…][\"”’»)]*\s*$")
_HEADLINE = 0.6  # the share of capitalised words from which a line is one
_HEADLINE_WORDS = 4
_MOST_WORDS = 30  # of a name that are held against another: a line in capitals is one of hundreds


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    key: str  # folded
    start: int
    end: int
    capital: bool
    opens: bool  # a sentence begins here, with a capital


@dataclass(frozen=True, slots=True)
class Capitals:
    """A text made ready to be asked for its names, several times perhaps."""

    text: str
    words: tuple[_Word, ...]  # of all lines that are no headlines
    within: frozenset[str]  # those that are capitalised within a sentence, folded

    @classmethod
    def of(cls, text: str) -> Capitals:
        words = tuple(_words(text))
        within = frozenset(_bare(word.key) for word in words if word.capital and not word.opens)
        return cls(text, words, within)

    def names(self, *beside: Capitals) -> list[str]:
        """The names as written, each once, in order.

        What is capitalised within a sentence of the texts `beside` counts as seen here too.
        """
        known = self.within.union(*(other.within for other in beside))
        found = {_key(name): name for name in reversed(list(_runs(self.text, self.words, known)))}
        return list(reversed(found.values()))


def names(text: str) -> list[str]:
    """The names of a text as written, each once, in order."""
    return Capitals.of(text).names()


def shared(here: Iterable[str], there: Iterable[str]) -> list[str]:
    """The names of `here` that `there` has too, as `here` writes them; of longer ones, the part.

    >>> shared(["Ambassador Ana Marin", "Kosovo Police"], ["Dr. Ana Marin", "Kosovo"])
    ['Ana Marin', 'Kosovo']
    """
    others = [_key(name)[:_MOST_WORDS] for name in there]
    having: defaultdict[str, list[int]] = defaultdict(list)  # word -> the others that have it
    for number, other in enumerate(others):
        for word in set(other):
            having[word].append(number)
    found = []
    for name in here:
        alike = sorted({number for word in _key(name) for number in having.get(word, ())})
        found += [part] if (part := _part(name, [others[number] for number in alike])) else []
    return list({_key(part): part for part in found}.values())


def _part(name: str, others: Iterable[tuple[str, ...]]) -> str | None:
    """The longest run of a name's words that is another name, or two words of one at least."""
    pieces = list(islice(_PIECE.finditer(name), _MOST_WORDS))
    key = _key(name)[:_MOST_WORDS]
    start, end = max((_run(key, other) for other in others), key=_length, default=(0, 0))
    return name[pieces[start].start() : pieces[end - 1].end()] if end else None


def _run(key: tuple[str, ...], other: tuple[str, ...]) -> tuple[int, int]:
    """Where the longest run of `other` lies in `key`, half open; (0, 0) when it tells nothing."""
    start, end = 0, 0
    before = [0] * (len(other) + 1)  # of each place in `other`: how long a run ends before it
    for i, word in enumerate(key, 1):
        here = [0, *(before[j] + 1 if word == known else 0 for j, known in enumerate(other))]
        if (longest := max(here)) > end - start:
            start, end = i - longest, i
        before = here
    return (start, end) if end - start in {len(key), len(other)} or end - start > 1 else (0, 0)


def _length(run: tuple[int, int]) -> int:
    return run[1] - run[0]


def _key(name: str) -> tuple[str, ...]:
    """Botsan-Kharchenko and Botsan Kharchenko are one."""
    return tuple(_PIECE.findall(name.casefold().replace("’", "'")))


def _words(text: str) -> Iterator[_Word]:
    for line in _LINE.finditer(text):
        found = list(_WORD.finditer(text, *line.span()))
        if not _headline(line.group(), found):
            yield from (_word(text, line.start(), match) for match in found)


def _headline(line: str, words: list[re.Match[str]]) -> bool:
    """Whether a line is one in Which Most Words Are Capitalised: no sentence, and of some words."""
    if len(words) < _HEADLINE_WORDS or _ENDS.search(line):
        return False
    return sum(word.group()[0].isupper() for word in words) >= _HEADLINE * len(words)


def _word(text: str, line: int, found: re.Match[str]) -> _Word:
    """A word of the line that begins at `line`."""
    word, start = found.group(), found.start()
    before = text[max(line, start - 8) : start]
    capital = word[0].isupper()
    opens = capital and bool(start == line or _OPENS.search(before))
    return _Word(word, word.casefold(), start, found.end(), capital, opens)


def _runs(text: str, words: Iterable[_Word], known: frozenset[str]) -> Iterator[str]:
    run: list[_Word] = []
    for word in words:
        if run and (word.opens or not _WITHIN.fullmatch(text[run[-1].end : word.start])):
            yield from _trimmed(text, run)
            run = []
        names_something = word.capital and _bare(word.key) not in _NO_NAMES
        if names_something and (not word.opens or _bare(word.key) in known):
            run.append(word)
            if _POSSESSIVE.search(word.text):  # Serbia's President Vučić: two names
                yield from _trimmed(text, run)
                run = []
        elif run and word.key in _PARTICLES:
            run.append(word)
        else:
            yield from _trimmed(text, run)
            run = []
    yield from _trimmed(text, run)


def _trimmed(text: str, run: list[_Word]) -> Iterator[str]:
    while run and not run[-1].capital:
        run = run[:-1]
    if run:
        name = _POSSESSIVE.sub("", text[run[0].start : run[-1].end])
        if len(name) > 1:
            yield name


def _bare(key: str) -> str:
    return _POSSESSIVE.sub("", key)
