"""The kind of a difference between a quote and its source: number, negation, name, unit or word."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import NamedTuple

from qa.check.types import DifferenceKind
from qa.text.words import NEGATING_PARTS, NEGATING_PREFIXES, NO_ONE, is_negation, is_number, is_unit

_SHORTEST_STEM = 3
# What stands before a number is gone through in runs, so that no sign is where one may begin twice.
_GLUED = re.compile(r"((?:[^\d.,:/'-]|[.,:/'-]++(?!\d))*?)([-+]?[\d.,:/'-]*\d)([^\d]*)")


class Word(NamedTuple):
    """A folded word, and what of it is told by where it stands and how it is written."""

    folded: str
    is_name: bool
    after_number: bool = False  # the m of "30 m" is a unit


def difference_kind(quote: Sequence[Word], source: Sequence[Word]) -> DifferenceKind:
    """What changed between words of a quote and those of its source: the gravest that applies.

    "thirteenth", "fourteenth" -> number; "able", "unable" -> negation; "t", "kg" -> unit
    """
    one, other = (list(_parted(side)) for side in (quote, source))
    words, others = ([word.folded for word in side] for side in (one, other))
    if _differ(filter(is_number, words), filter(is_number, others)):
        return "number"
    if _differ(filter(is_negation, words), filter(is_negation, others)):
        return "negation"
    if _negates(words, others) or _negates(others, words):
        return "negation"
    if _differ(_units(one), _units(other)):
        return "unit"
    return "name" if _differ(_names(quote), _names(source)) else "word"


def one_negates(quote: str, source: str) -> bool:
    """Whether words of a script without spaces are negated on one side alone: しない, する."""
    return any(quote.count(part) != source.count(part) for part in NEGATING_PARTS)


def _differ(quote: Iterable[str], source: Iterable[str]) -> bool:
    return Counter(quote) != Counter(source)


def _with_nobody(words: Sequence[Word]) -> Iterator[Word]:
    one = False
    for word, following in zip_longest(words, words[1:]):
        if not one:
            one = following is not None and f"{word.folded} {following.folded}" == NO_ONE
            yield Word(NO_ONE, is_name=False) if one else word
        else:
            one = False


def _units(words: Iterable[Word]) -> Iterator[str]:
    return (w.folded for w in words if is_unit(w.folded, after_number=w.after_number))


def _names(words: Iterable[Word]) -> Iterator[str]:
    return (word.folded for word in words if word.is_name)


def _negates(words: Iterable[str], others: Iterable[str]) -> bool:
    """Whether a word negates one of the others by a prefix: unable and able, illegal and legal."""
    stems = [word for word in others if len(word) >= _SHORTEST_STEM]
    return not {prefix + stem for prefix in NEGATING_PREFIXES for stem in stems}.isdisjoint(words)


def _parted(words: Iterable[Word]) -> Iterator[Word]:
    """The words, with a number and the unit that is glued to it apart: 45km -> 45 km.

    Nobody is no number: no one is one word.
    """
    after_number = False
    for word in _with_nobody(list(words)):
        glued = _GLUED.fullmatch(word.folded)
        for part in filter(None, glued.groups()) if glued else [word.folded]:
            yield Word(part, word.is_name, after_number or word.after_number)
            after_number = is_number(part)
