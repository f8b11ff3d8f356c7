"""Where a text says nearly what a quote says, and in which words the two differ.

A place that differs in a word is "altered", however alike, and its differences are named.

With the text "The talks lasted, it seems, 3.5 hours. The port was closed.":
"The talks lasted, it seems, 35 hours"   altered 0:37, 35 for 3.5 (number)
"The talks lasted … 35 hours. The port"  altered, parts 0:16 and 28:47, 35 for 3.5 (number)
"The talks were long"                    nothing: two words alike are too few

What bounds the work: quotes of more than `Rules.max_quote_words`, and those with more ellipses than
any writer leaves (`Rules.max_pieces`), are found unchanged or not at all.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from qa.check.quote.differences import Comparison
from qa.check.quote.exact import Alignment, normalized
from qa.check.quote.nearest import nearest
from qa.check.quote.rules import Rules
from qa.check.quote.text import Text
from qa.check.quote.wording import difference
from qa.check.types import Difference, Part


def altered(quote: Text, source: Text, rules: Rules) -> Alignment | None:
    """The place that says nearly the same.

    Of several such places the most similar, of equally similar ones the first.
    """
    return _altered(quote, source, rules.min_shared, rules)


def _altered(quote: Text, source: Text, shared: int, rules: Rules) -> Alignment | None:
    """The place that says nearly the same, with so many of the words that say something."""
    if not 0 < len(quote.words) <= rules.max_quote_words:
        return None
    beside = Comparison(quote, source, *nearest(quote, source, rules), rules)
    if beside.similarity < rules.min_similarity or not beside.shares(shared):
        return None
    first, last = beside.pairs[0].j1, beside.pairs[-1].j2 - 1
    place = source.span(int(source.words[first]), int(source.words[last]))
    return Alignment("altered", *place, beside.similarity, beside.differences)


def half_altered(quote: Text, source: Text, rules: Rules) -> Alignment | None:
    """The place where half of a quote stands word for word, with the other half put in its place.

    "He was born in Carter County" where the article that it is said to be from has "He was born in
    Arkansas."
    """
    count = len(quote.words)
    least = max(rules.min_set_apart_words, (count + 1) // 2)
    if not rules.min_quoted_words <= count <= rules.max_parts_words or least >= count:
        return None
    return _with_end(quote, source, least) or _with_beginning(quote, source, least)


def _with_end(quote: Text, source: Text, kept: int) -> Alignment | None:
    """The place that begins like a quote, and ends otherwise."""
    count = len(quote.words)
    while kept < count - 1 and quote.line(0, kept + 1) in source.normalized:
        kept += 1
    placed = _placed(quote, 0, kept, source)
    if placed is None:
        return None
    first, end = placed
    rest = 1 + source.rest(end, 1) if source.gap(end - 1, 1) == [] else 0
    return _half(quote, (kept, count), source, (first, end), (end, end + rest))


def _with_beginning(quote: Text, source: Text, kept: int) -> Alignment | None:
    """The place that ends like a quote, and begins otherwise."""
    count = len(quote.words)
    while kept < count - 1 and quote.line(count - kept - 1, count) in source.normalized:
        kept += 1
    placed = _placed(quote, count - kept, count, source)
    if placed is None:
        return None
    first, end = placed
    rest = 1 + source.rest(first - 1, -1) if source.gap(first, -1) == [] else 0
    return _half(quote, (0, count - kept), source, (first, end), (first - rest, first))


def _placed(quote: Text, first: int, end: int, source: Text) -> tuple[int, int] | None:
    """The words of the first place where some of a quote's stand, if these say something."""
    places = source.places(quote.line(first, end), 1)
    if not places or not (quote.weights[first:end] == 2).any():
        return None
    there = source.between(*places[0])
    word = int(np.searchsorted(source.words, there[0]))
    return word, word + len(there)


def _half(
    quote: Text,
    said: tuple[int, int],
    source: Text,
    kept: tuple[int, int],
    there: tuple[int, int],
) -> Alignment:
    """The words that are kept, and those that the quote has said in place of others."""
    changed = difference(quote, quote.words[slice(*said)], source, source.words[slice(*there)])
    first, last = min(kept[0], there[0]), max(kept[1], there[1]) - 1
    place = source.span(int(source.words[first]), int(source.words[last]))
    same = int(source.weights[slice(*kept)].sum())
    others = int(quote.weights[slice(*said)].sum()), int(source.weights[slice(*there)].sum())
    return Alignment("altered", *place, same / (same + max(others)), (changed,))


def altered_in_parts(pieces: Sequence[Text], source: Text, rules: Rules) -> Alignment | None:
    """The places of the pieces, some of them changed; one that stands nowhere is added words."""
    if len(pieces) > rules.max_pieces:
        return None
    found = [_piece(piece, source, rules.min_shared, rules) for piece in pieces]
    placed = [place for place in found if place]
    if not placed:
        return None
    near = _around(placed, source, rules)
    found = [
        place or _piece(piece, near, rules.min_shared_near, rules)
        for piece, place in zip(pieces, found, strict=True)
    ]
    alike = _similarity(pieces, found)
    return _together(pieces, found, source, alike) if alike >= rules.min_similarity else None


def _piece(piece: Text, source: Text, shared: int, rules: Rules) -> Alignment | None:
    """The first place of a piece that is unchanged, else the one that says nearly the same."""
    places = normalized(piece, source, 1)
    if places:
        return Alignment("normalized", *places[0], 1.0)
    return _altered(piece, source, shared, rules)


def _around(placed: Sequence[Alignment], source: Text, rules: Rules) -> Text:
    """The text with all blanked out but what surrounds these places: offsets stay as they are."""
    start = max(0, min(place.start for place in placed) - rules.near_parts_chars)
    end = max(place.end for place in placed) + rules.near_parts_chars
    return Text(" " * start + source.text[start:end])


def _similarity(pieces: Sequence[Text], found: Sequence[Alignment | None]) -> float:
    """The mean of the pieces' similarities by their weight; of one that stands nowhere it is 0."""
    weights = [int(piece.weights.sum()) for piece in pieces]
    alike = sum(
        w * (place.similarity if place else 0) for w, place in zip(weights, found, strict=True)
    )
    return alike / sum(weights)


def _together(
    pieces: Sequence[Text], found: Sequence[Alignment | None], source: Text, alike: float
) -> Alignment:
    """The pieces at their places as one alignment."""
    parts, changed = list[Part](), list[Difference]()
    for piece, place in zip(pieces, found, strict=True):
        if place:
            text = source.text[place.start : place.end]
            parts.append(Part(piece.text, place.start, place.end, text, place.differences))
            changed += place.differences
        else:
            changed.append(difference(piece, piece.words, source, piece.words[:0]))
    start, end = min(part.start for part in parts), max(part.end for part in parts)
    return Alignment("altered", start, end, alike, tuple(changed), tuple(parts))
