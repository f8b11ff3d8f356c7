"""A quote held against a text: the one way in to alignment, in one piece or in several."""

from __future__ import annotations

from qa.check.quote.exact import Alignment, altered, exact
from qa.check.quote.forms import Quote
from qa.check.quote.in_parts import altered_in_parts, in_parts
from qa.check.quote.parts import MIN_SET_APART
from qa.check.quote.text import Prepared, prepare, rejoined, rejoined_beside

FEW_CHANGED = 4  # words
# So similar, a changed quote is of that place; below, parts that stand apart word for word explain
# it better.
CLEARLY_ALTERED = 0.8

__all__ = ["Alignment", "Prepared", "Quote", "exact", "find", "nearly", "prepare"]


def find(quote: str | Quote, text: str | Prepared, *, limit: int = 20) -> list[Alignment]:
    """The places where a quote stands in a text, at most `limit`, in their order.

    Those that are verbatim; where none is, those that differ in typography alone; where none does,
    the one in parts, or the one that says nearly the same.

    "Resolution 1245 remains in force" in "Resolution 1244 remains in force."
    -> [altered 0:32, similarity 0.89, replace 1245 by 1244 (number)]
    """
    source = prepare(text) if isinstance(text, str) else text
    quote = Quote(quote) if isinstance(quote, str) else quote
    places = exact(quote, source, limit)
    if places or limit < 1:
        return places
    found = nearly(quote, source)
    return [found] if found else []


def nearly(quote: Quote, source: Prepared) -> Alignment | None:
    """The place of a quote that stands nowhere in one piece and unchanged."""
    wanted, source = rejoined(quote.words, source)
    pieces = [rejoined_beside(piece, source) for piece in quote.pieces]
    if len(pieces) > 1:
        return in_parts(pieces, source) or altered_in_parts(pieces, source)
    assembled = in_parts(pieces, source)
    if assembled and (assembled.kind == "normalized" or not assembled.parts):
        return assembled
    place = altered(wanted, source)
    if place and assembled and assembled.kind == "spliced":
        return place if _changes_little(place) else assembled
    return place or assembled


def _changes_little(place: Alignment) -> bool:
    """Whether few words differ, and none were put in that could be a part of their own.

    "QT-disp was not defined as the difference" is no splice, though "QT-disp was not" stands
    elsewhere in the text.
    """
    sides = [(len(d.quote.split()), len(d.source.split())) for d in place.differences]
    added = any(quote >= MIN_SET_APART and not source for quote, source in sides)
    few = sum(map(max, sides)) <= FEW_CHANGED
    return few and not added and place.similarity >= CLEARLY_ALTERED
