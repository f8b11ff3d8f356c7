"""What a sentence states, and what of that a passage does not."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from qa.check.facts.days import dates, years
from qa.check.facts.numbers import numbers
from qa.check.facts.stated_in import StatedIn
from qa.check.facts.times import times
from qa.check.facts.types import Fact, Found, Number, Reading, StatedName
from qa.check.facts.unread import Unread, plain_text
from qa.text.names import certain, names

# A footnote's number is none of the sentence's.
_CITATION = re.compile(r"\[\d+(?:[,–-] ?\d+)*\]")
# "One" is mostly a pronoun, and "first" an adverb.
_VAGUE = ("one", "first")
_MOST_VALUED = 80  # characters of a wording that is read for its value


def facts(sentence: str) -> list[Fact]:
    """What the sentence states, in order; what it states twice comes once.

    >>> [(fact.kind, fact.text) for fact in facts("Researchers met Ana in May 2021 at 5 pm.")]
    [('name', 'Ana'), ('date', 'May 2021'), ('number', '5 pm')]
    """
    return [fact for fact, _ in _read(sentence)]


def missing(sentence: str, passage: str, *, context: str = "") -> list[Fact]:
    """The facts of a sentence that neither passage nor context (title, author, date) has.

    >>> [fact.text for fact in missing("Ana bought 45 tanks at 10:30.", "Ana bought 40 at 10.30.")]
    ['45']
    """
    return lacking(sentence, StatedIn(f"{passage}\n{context}"))


def lacking(sentence: str, *known: StatedIn) -> list[Fact]:
    """The facts of a sentence that are among those of none of some texts.

    The texts are asked in order, and none that comes behind one that has the fact.
    """
    return [fact for fact, found in _read(sentence) if not any(one.has(found) for one in known)]


def same_value(one: str, other: str) -> bool:
    """Whether two wordings state the same numbers with the same units, and nothing else.

    >>> same_value("12 %", "12 percent"), same_value("5 km", "5 miles"), same_value("12", "21")
    (True, False, False)
    """
    sides = [_valued(text) for text in (one, other)]
    if not all(sides) or len(sides[0]) != len(sides[1]):
        return False
    return all(first & second for first, second in zip(*sides, strict=True))


def _valued(text: str) -> list[frozenset[tuple[float, str]]]:
    """What each number of a wording may be, in units; nothing where there is more than numbers."""
    plain, _ = plain_text(text[:_MOST_VALUED])
    unread = Unread(plain)
    found = sorted(numbers(unread), key=_start)
    if len(text) > _MOST_VALUED or any(char.isalnum() for char in unread.rest):
        return []
    return [
        frozenset(
            (float(f"{reading.value * reading.factor:.14g}"), reading.unit)
            for reading in one.readings
            if isinstance(reading, Number)
        )
        for one in found
    ]


@lru_cache(maxsize=64)  # of a claim it is asked again for each source
def _read(sentence: str) -> tuple[tuple[Fact, Found], ...]:
    plain, places = plain_text(_CITATION.sub(lambda match: "|" * len(match[0]), sentence))
    return tuple((_fact(found, sentence, places), found) for found in _distinct(_found(plain)))


def _found(plain: str) -> list[Found]:
    unread = Unread(plain)
    found = [*dates(unread), *times(unread), *years(unread)]
    found += [n for n in numbers(unread) if plain[n.start : n.end].lower() not in _VAGUE]
    return [*found, *_names(unread.rest)]


def _names(plain: str) -> Iterator[Found]:
    for name in certain(names(plain)):
        stated = StatedName(tuple(word.key for word in name.words), name)
        yield Found("name", name.start, name.end, frozenset([stated]))


def _distinct(found: Iterable[Found]) -> list[Found]:
    """The facts in order, of those that compare alike the first."""
    backwards = sorted(found, key=_start, reverse=True)
    return sorted({(f.kind, _compared(f)): f for f in backwards}.values(), key=_start)


def _compared(found: Found) -> frozenset[Reading]:
    """What a fact is compared by: 2.00 is 2, though it may be a time too."""
    numbers = frozenset(r for r in found.readings if isinstance(r, Number))
    return numbers or found.readings


def _start(found: Found) -> int:
    return found.start


def _fact(found: Found, sentence: str, places: Sequence[int]) -> Fact:
    start, end = places[found.start], places[found.end - 1] + 1
    while unicodedata.combining(sentence[end : end + 1] or " "):
        end += 1
    return Fact(found.kind, sentence[start:end], start, end)
