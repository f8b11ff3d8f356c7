"""References by author and year, (Kovač, 2026), and the entries of a list that they mean."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from qa.check.draft.reference_patterns import PLACE
from qa.text.capitals import UPPER
from qa.text.words.tables import alternatives

_YEAR = r"(?:1[5-9]|20)\d\d[a-z]?|n\. ?d\."
_NAME = rf"(?:(?:{alternatives('particles')}) ){{0,2}}[{UPPER}][\w'’.-]*"
_NAMES = (
    rf"{_NAME}(?:,? (?:&|{alternatives('and')}) {_NAME}|, {_NAME}(?=,? (?:&|{alternatives('and')}))"
    rf"|,? et al\.?|,? i sar\.?|,? u\. ?a\.| {_NAME}){{0,5}}"
)
_LOCATOR = rf"(?:[,:] ?{PLACE}?\.? ?[\d–-]{{1,9}})?"
_SEE = rf"(?:(?:{alternatives('refer_to')}),? )?"
_ONE = rf"{_NAMES},? (?:{_YEAR})(?:, ?(?:{_YEAR}))*{_LOCATOR}"
_CITED = re.compile(
    rf"{_SEE}(?P<names>{_NAMES})(?P<comma>,)? (?P<years>(?:{_YEAR})(?:, ?(?:{_YEAR}))*)"
    rf"(?P<place>{_LOCATOR})"
)
AUTHOR_YEARS = re.compile(rf"{_SEE}{_ONE}(?:; ?{_SEE}{_ONE}){{0,8}}")
_YEARS = re.compile(_YEAR)
# Kovač (2026), Kovač and Ilić (2026, p. 4)
YEARS_ALONE = re.compile(rf"(?P<years>(?:{_YEAR})(?:, ?(?:{_YEAR}))*){_LOCATOR}")
_NAMES_BEFORE = re.compile(rf"(?:\A|(?<=[\s(“\"]))({_NAMES})(?:’s|'s)? ?\Z")
_WORD = re.compile(r"[\w'’-]+")
_MONTHS = re.compile(rf"(?:{alternatives('months')})\Z", re.IGNORECASE)
_FIRST_WORDS = 12  # of an entry, among which its authors are
_SIGNS = re.compile(r"et al\.?|i sar\.?|u\. ?a\.|&")


class AuthorEntry(NamedTuple):
    """An entry of a list of sources."""

    words: frozenset[str]  # the first, in small letters
    years: frozenset[str]
    targets: tuple[str, ...]


class Authors:
    """The entries of a draft's lists by author and year."""

    def __init__(self, entries: Iterable[tuple[str, tuple[str, ...]]] = ()) -> None:
        """`entries` are the texts of a list, each with what it may be resolved by."""
        self._by_word: dict[str, list[AuthorEntry]] = {}
        for text, targets in entries:
            years = frozenset(_YEARS.findall(text))
            words = [word.casefold() for word in _WORD.findall(text[:300])[:_FIRST_WORDS]]
            entry = AuthorEntry(frozenset(words), years, targets)
            for word in entry.words if years else ():
                self._by_word.setdefault(word, []).append(entry)

    def find(self, names: str, year: str) -> tuple[str, ...]:
        """What the entry may be resolved by that has these names and this year; () if none has."""
        words = [word.casefold() for word in _WORD.findall(_SIGNS.sub(" ", names))]
        wanted = [word for word in words if word not in _JOINING]
        for entry in self._by_word.get(wanted[0], ())[:20] if wanted else ():
            if year in entry.years and entry.words.issuperset(wanted):
                return entry.targets
        return ()


_JOINING = frozenset(alternatives("and").split("|"))


def author_years(inner: str, authors: Authors) -> list[tuple[str, tuple[str, ...]]]:
    """The entries that a bracket of authors and years means; none for (May 2026), (Senta 2026).

    "Kovač, 2026; Ilić & Marin 2025" -> [("Kovač, 2026", …), ("Ilić & Marin 2025", …)]
    """
    found = list(_each(inner, authors))
    return [(label, targets) for label, targets, sure in found if targets or sure]


def _each(inner: str, authors: Authors) -> Iterator[tuple[str, tuple[str, ...], bool]]:
    for piece in inner.split(";"):
        one = _CITED.fullmatch(piece.strip())
        if one is None or _MONTHS.search(one["names"]):
            continue
        sure = bool(one["comma"] or one["place"] or _SIGNS.search(one["names"]))
        for year in _YEARS.findall(one["years"]):
            label = f"{one['names']}{one['comma'] or ''} {year}"
            yield label, authors.find(one["names"], year), sure


def named_before(before: str, years: str, authors: Authors) -> list[tuple[str, tuple[str, ...]]]:
    """The entries that a year means behind names: "said Kovač", "2026" -> that of Kovač."""
    found = _NAMES_BEFORE.search(before)
    words = found[1].split() if found else []
    for first in range(len(words)):
        names = " ".join(words[first:])
        cited = [(f"{names} {year}", authors.find(names, year)) for year in _YEARS.findall(years)]
        if known := [one for one in cited if one[1]]:
            return known
    return []
