"""The words of a text, and what their capitals tell."""

from __future__ import annotations

import re

from qa.check.facts.types import Word
from qa.check.facts.vocabulary import TITLES

_WORD = re.compile(r"[^\W\d_](?:\.[^\W\d_](?!\w))+\.?|\w+(?:'\w+)*")
_OPENING = re.compile(r'[.!?:|"\n]')
_I = re.compile("i('|$)")


def words(plain: str) -> list[Word]:
    """The words of a plain text: of "Ana's" -> [Word(key="ana", …)]."""
    found: list[Word] = []
    before: Word | None = None
    for match in _WORD.finditer(plain):
        gap = plain[before.end if before else 0 : match.start()]
        before = _word(match, gap, before)
        found.append(before)
    return found


def _word(match: re.Match[str], gap: str, before: Word | None) -> Word:
    text = match[0]
    stem = text[:-2] if text.endswith(("'s", "'S")) else text
    key = stem.replace(".", "").lower()
    joins = _joins(gap, before)
    return Word(
        key=key,
        start=match.start(),
        end=match.start() + len(stem),
        capital=_is_glued(text, gap, before) or _is_capital(stem, key),
        acronym=stem.isupper() and sum(map(str.isalpha, stem)) > 1,
        marked=any(char.isupper() or char.isdigit() for char in stem[1:]),
        opens=before is None or (not joins and bool(_OPENING.search(gap))),
        joins=joins,
    )


def _joins(gap: str, before: Word | None) -> bool:
    """Whether nothing is between that parts a name: J. K. Rowling, Botsan-Kharchenko."""
    if before is None:
        return False
    short = len(before.key) == 1 or before.key in TITLES
    return gap.strip(" ") in ("", "-") or (gap == ". " and short)


def _is_glued(text: str, gap: str, before: Word | None) -> bool:
    """The 19 of COVID-19."""
    return gap == "-" and before is not None and before.capital and text[0].isdigit()


def _is_capital(stem: str, key: str) -> bool:
    return any(map(str.isupper, stem)) and not _I.match(key)
