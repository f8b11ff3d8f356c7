"""Where a quote stands in a text in one piece and unchanged: word for word, or but for typography.

Places are found on the tokens of qa.text.tokens: spans are exact and cut neither a word nor a
number. What a similarity alone would wave through (1245 for 1244, "decreased" for "increased")
never counts as equal.

With the text "The talks lasted 3.5 hours.":
"the TALKS lasted"             normalized  0:16
"talks lasted 3.5 hours"       verbatim    4:26
"The talks lasted 35 hours"    nothing: 35 is not 3.5
"talks lasted 3"               nothing: 3 is a part of a number there

Both searches are linear, with a cap on occurrences that cut a token (`Rules.max_reread_chars`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Literal

from qa.check.quote.forms import Quote
from qa.check.quote.rules import RULES, Rules
from qa.check.quote.text import Place, Text, in_two_scripts, rejoined
from qa.check.types import Difference, Part

QUESTION = Difference("insert", "?", "", "word")
# Punctuation with a question mark in it, "”?" or " (?)", right behind the last word.
_QUESTION = re.compile(r"[^\w\s]{0,6}[?？؟]|\s?\(\?")


@dataclass(frozen=True, slots=True)
class Alignment:
    """A place ``text[start:end]`` that says what a quote says, or nearly."""

    kind: Literal["verbatim", "normalized", "spliced", "altered"]
    start: int
    end: int
    similarity: float  # 1.0 beside "altered" when nothing but punctuation differs
    differences: tuple[Difference, ...] = ()
    parts: tuple[Part, ...] = ()  # when it is not in one piece: in the order of the quote


def exact(quote: Quote, source: Text, limit: int, rules: Rules = RULES) -> list[Alignment]:
    """The places where a quote is verbatim; if nowhere, where typography alone differs."""
    if not quote.core or limit < 1:
        return []
    if places := _verbatim(quote.core, source, limit, rules):
        return [Alignment("verbatim", start, end, 1.0) for start, end in places]
    quote = quote.beside(source.text)
    for form in quote.forms:
        if places := _same_words(form, source, limit):
            return as_stated(form, places, source)
    if not source.distinct.issuperset(quote.words.folded_words):
        return []
    for form, view in product(quote.forms, source.as_spoken):
        if places := _same_words(form, view, limit):
            return [_in_parts(found, form, view) for found in as_stated(form, places, source)]
    return []


def _in_parts(found: Alignment, form: Text, view: Text) -> Alignment:
    """A place with its parts: what stands on either side of each attribution in it."""
    within = [j for j in view.joints if found.start < j.start() and j.end() < found.end]
    edges = [found.start, *(edge for j in within for edge in j.span()), found.end]
    parts, first = list[Part](), 0
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        words = view.between(start, end)
        if words.size:
            quoted = form.slice(form.words[first : first + words.size])
            place = view.span(int(words[0]), int(words[-1]))
            parts.append(Part(quoted, *place, view.text[slice(*place)]))
            first += int(words.size)
    return replace(found, parts=tuple(parts) if len(parts) > 1 else ())


def _same_words(form: Text, source: Text, limit: int) -> list[Place]:
    """The places that say the same in whatever typography, and in either script of Serbian."""
    places = normalized(*rejoined(form, source), limit)
    if places or not in_two_scripts(form, source):
        return places
    return normalized(*rejoined(form.in_latin, source.in_latin), limit)


def _verbatim(core: str, source: Text, limit: int, rules: Rules) -> list[Place]:
    places: list[Place] = []
    start = source.text.find(core)
    for _ in range(limit + rules.max_reread_chars // (len(core) + 20)):
        if start < 0 or len(places) == limit:
            break
        end = start + len(core)
        if not _cuts(source, start) and not _cuts(source, end):
            places.append((start, end))
        start = source.text.find(core, start + 1)
    return places


def _cuts(source: Text, place: int) -> bool:
    """Whether a place lies in a token and not at a space: "art|y", "3|.5", "-|5", not "20| %"."""
    around = source.text[max(place - 1, 0) : place + 1]
    if len(around) < 2 or around[0].isspace() or around[1].isspace():
        return False
    return source.is_within_word(place)


def normalized(quote: Text, source: Text, limit: int) -> list[Place]:
    """Places whose tokens are those of the quote, punctuation around it left aside."""
    if not quote.words.size:
        return []
    return source.places(quote.line(0, len(quote.words)), limit)


def as_stated(quote: Text, places: Sequence[Place], source: Text) -> list[Alignment]:
    """The places as they are found; where the quote asks what the text states, it is altered."""
    asking = asks(quote)
    same = [place for place in places if not asking or asked(source.text, place[1])]
    if same:
        return [Alignment("normalized", start, end, 1.0) for start, end in same]
    return [Alignment("altered", *places[0], 1.0, (QUESTION,))]


def asks(quote: Text) -> bool:
    """Whether a quote ends with a question mark, behind its last word."""
    return bool(quote.words.size) and asked(quote.text, int(quote.tokens.ends[quote.words[-1]]))


def asked(text: str, end: int) -> bool:
    """Whether a question mark is among the punctuation at a place."""
    return _QUESTION.match(text, end) is not None
