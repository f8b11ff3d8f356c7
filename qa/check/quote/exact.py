"""Where a quote stands in a text in one piece: word for word, in other typography, or changed.

Pure functions, no I/O. Places are found on the tokens of qa.text.tokens: spans are exact and
cut neither a word nor a number. What a similarity alone would wave through (1245 for 1244,
"decreased" for "increased") never counts as equal: a place that differs in a word is "altered",
however alike, and its differences are named.

With the text "The talks lasted 3.5 hours.":
"the TALKS lasted"             normalized  0:16
"talks lasted 3.5 hours"       verbatim    4:26
"The talks lasted 35 hours"    altered     0:26, 35 for 3.5 (number)
"talks lasted 3"               nothing: 3 is not 3.5, and two words alike are too few

What bounds the work: exact and normalised search are linear, with a cap on occurrences that cut a
token (MAX_REREAD); quotes of more than MAX_QUOTE_WORDS words, and those with more ellipses than any
writer leaves (MAX_PIECES), are found unchanged or not at all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from qa.check.quote.differences import (
    MIN_SHARED,
    differences,
    shares_enough,
    side_by_side,
    similarity,
)
from qa.check.quote.forms import Quote
from qa.check.quote.nearest import MIN_SIMILARITY, nearest
from qa.check.quote.parts import tokens_of
from qa.check.quote.text import Prepared, rejoined
from qa.check.types import Difference, Part

MAX_QUOTE_WORDS = 2_500
MAX_REREAD = 2_000_000  # characters of occurrences that cut a token, before giving up

QUESTION = Difference("insert", "?", "", "word")
_QUESTION = re.compile(r"[^\w\s]{0,6}[?？؟]|\s?\(\?")

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Alignment:
    """A place ``text[start:end]`` that says what a quote says, or nearly."""

    kind: Literal["verbatim", "normalized", "spliced", "altered"]
    start: int
    end: int
    similarity: float  # 1.0 beside "altered" when nothing but punctuation differs
    differences: tuple[Difference, ...] = ()
    parts: tuple[Part, ...] = ()  # when it is not in one piece: in the order of the quote


def exact(quote: Quote, source: Prepared, limit: int) -> list[Alignment]:
    """The places where it is verbatim; where none is, those that differ in typography alone."""
    if not quote.core or limit < 1:
        return []
    if places := _verbatim(quote.core, source, limit):
        return [Alignment("verbatim", start, end, 1.0) for start, end in places]
    for form in quote.forms:
        wanted, rejoint = rejoined(form, source)
        if places := normalized(wanted, rejoint, limit):
            return as_stated(form, places, source)
    return []


def altered(wanted: Prepared, source: Prepared, shared: int = MIN_SHARED) -> Alignment | None:
    """The place that says nearly the same, with so many of the words that say something.

    Of several such places the most similar, of equally similar ones the first.
    """
    if not 0 < len(wanted.words) <= MAX_QUOTE_WORDS:
        return None
    blocks = side_by_side(wanted, source, *nearest(wanted, source))
    alike = similarity(blocks, wanted, source)
    if alike < MIN_SIMILARITY or not shares_enough(blocks, wanted, source, shared):
        return None
    first, last = blocks[0].j1, blocks[-1].j2 - 1
    place = source.span(int(source.words[first]), int(source.words[last]))
    return Alignment("altered", *place, alike, differences(blocks, wanted, source))


def _verbatim(core: str, source: Prepared, limit: int) -> list[Place]:
    places: list[Place] = []
    start = source.text.find(core)
    for _ in range(limit + MAX_REREAD // (len(core) + 20)):
        if start < 0 or len(places) == limit:
            break
        end = start + len(core)
        if not _cuts(source, start) and not _cuts(source, end):
            places.append((start, end))
        start = source.text.find(core, start + 1)
    return places


def _cuts(source: Prepared, place: int) -> bool:
    """Whether a place lies in a token and not at a space: "art|y", "3|.5", "-|5", not "20| %"."""
    around = source.text[max(place - 1, 0) : place + 1]
    if len(around) < 2 or around[0].isspace() or around[1].isspace():
        return False
    return source.is_within_word(place)


def normalized(wanted: Prepared, source: Prepared, limit: int) -> list[Place]:
    """Places whose tokens are those of the quote, punctuation around it left aside."""
    if not wanted.words.size:
        return []
    return occurrences(tokens_of(wanted, 0, len(wanted.words)), source, limit)


def as_stated(wanted: Prepared, places: Sequence[Place], source: Prepared) -> list[Alignment]:
    """These places; where the quote asks what the text states, it is altered."""
    asking = asks(wanted)
    same = [place for place in places if not asking or asked(source.text, place[1])]
    if same:
        return [Alignment("normalized", start, end, 1.0) for start, end in same]
    return [Alignment("altered", *places[0], 1.0, (QUESTION,))]


def asks(quote: Prepared) -> bool:
    """Whether a quote ends with a question mark, behind its last word."""
    return bool(quote.words.size) and asked(quote.text, int(quote.tokens.ends[quote.words[-1]]))


def asked(text: str, end: int) -> bool:
    """Whether a question mark is among the punctuation at a place."""
    return _QUESTION.match(text, end) is not None


def occurrences(needle: str, source: Prepared, limit: int) -> list[Place]:
    """Where these tokens, a space before and after each, stand one after the other."""
    line, length = source.normalized, needle.count(" ") - 1
    places: list[Place] = []
    token, seen = 0, 0
    at = line.find(needle)
    while at >= 0 and len(places) < limit:
        token, seen = token + line.count(" ", seen, at), at
        places.append(source.span(token, token + length - 1))
        at = line.find(needle, at + 1)
    return places
