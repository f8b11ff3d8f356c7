"""Where a quote stands in a text in several parts: honestly shortened, altered, or spliced.

With the text "The talks lasted, it seems, 3.5 hours. No one signed. The port was closed.":
"The talks lasted … 3.5 hours"           normalized, parts 0:16 and 28:37
"The talks lasted … 35 hours"            altered, with the same parts: 35 for 3.5 (number)
"The port was closed. … No one signed."  spliced: not in this order
"The talks lasted. The port was closed"  spliced: what stands between is left out, unsaid
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from typing import Literal

import numpy as np

from qa.check.quote.differences import MIN_SHARED, difference
from qa.check.quote.exact import (
    QUESTION,
    Alignment,
    Place,
    altered,
    as_stated,
    asked,
    asks,
    normalized,
    occurrences,
)
from qa.check.quote.nearest import MIN_SIMILARITY
from qa.check.quote.parts import MAX_PLACES, Run, chains, cover, tokens_of
from qa.check.quote.text import Ints, Prepared, prepare
from qa.check.types import Difference, Part
from qa.text.words import is_negation, is_number, is_unit

NEARBY = 400  # characters around the parts that were found, where a short changed one may stand
# An ellipsis for so few words hides a negation among them: "We did … receive any invitation".
SHORT_GAP = 8
# For so few, a part of a number too, and what takes back what is said.
FEW_WORDS = 3
WEAKENING = frozenset(
    ["far", "few", "zero", "rarely", "seldom", "failed", "fails", "refused", "refuses"]
)
MAX_CHAINS = 50  # that are looked at for one that hides nothing
MAX_PIECES = 40  # of a quote that are each looked for changed, which takes some milliseconds


def in_parts(pieces: Sequence[Prepared], source: Prepared) -> Alignment | None:
    """A quote that is made of words of the text alone: shortened, altered by that, or spliced."""
    runs = cover(pieces, source.normalized)
    if len(runs) < 2:
        places = normalized(pieces[0], source, MAX_CHAINS) if runs else []
        return as_stated(pieces[0], places, source)[0] if places else None
    standing = [_places_of(pieces[run.piece], run, source) for run in runs]
    found = list(islice(chains(standing, source), MAX_CHAINS))
    if not found:
        return _together("spliced", parts_of(pieces, runs, source))
    if sum(run.end - run.first for run in runs) < sum(len(piece.words) for piece in pieces):
        return None  # it adds words
    hidden = [_left_out(pieces, runs, chosen, source) for chosen in found]
    best = min(range(len(found)), key=lambda i: bool(hidden[i]))
    parts, left_out = _parts(pieces, runs, found[best], source), hidden[best]
    if not left_out:  # more runs than pieces: punctuation differs
        return _together("normalized", parts) if len(runs) == len(pieces) else None
    place = _together("altered", parts)
    share = _share(pieces, source, place.start, place.end)
    return replace(place, similarity=share, differences=left_out)


def parts_of(pieces: Sequence[Prepared], runs: Sequence[Run], source: Prepared) -> tuple[Part, ...]:
    """Each run at the first of its places."""
    places = [_places_of(pieces[run.piece], run, source)[0] for run in runs]
    return _parts(pieces, runs, places, source)


def _together(
    kind: Literal["normalized", "altered", "spliced"], parts: tuple[Part, ...]
) -> Alignment:
    start, end = min(part.start for part in parts), max(part.end for part in parts)
    return Alignment(kind, start, end, 1.0, parts=parts)


def _places_of(piece: Prepared, run: Run, source: Prepared) -> list[Place]:
    return occurrences(tokens_of(piece, run.first, run.end), source, MAX_PLACES)


def _parts(
    pieces: Sequence[Prepared], runs: Sequence[Run], places: Sequence[Place], source: Prepared
) -> tuple[Part, ...]:
    quoted = [pieces[r.piece].slice(pieces[r.piece].words[r.first : r.end]) for r in runs]
    return tuple(
        Part(words, *place, source.text[slice(*place)])
        for words, place in zip(quoted, places, strict=True)
    )


def _left_out(
    pieces: Sequence[Prepared], runs: Sequence[Run], places: Sequence[Place], source: Prepared
) -> tuple[Difference, ...]:
    """What is left out in silence or behind an ellipsis that hides it; a question mark put in."""
    found = []
    for i in range(1, len(runs)):
        gap = source.between(places[i - 1][1], places[i][0])
        if gap.size and (runs[i].piece == runs[i - 1].piece or _hides(gap, source)):
            found.append(difference(gap[:0], gap, source, source))
    for run, (_, end) in zip(runs, places, strict=True):
        piece = pieces[run.piece]
        if run.end == len(piece.words) and asks(piece) and not asked(source.text, end):
            found.append(QUESTION)
    return tuple(found)


def _hides(gap: Ints, source: Prepared) -> bool:
    """Whether an ellipsis for these words turns what stays: a negation, a number, "far from"."""
    words = source.folded(gap)
    negated = [is_negation(word) for word in words]
    if negated[0] or negated[-1] or (len(words) <= SHORT_GAP and any(negated)):
        return True
    return len(words) <= FEW_WORDS and (
        any(word in WEAKENING for word in words) or _cuts_number(gap, source)
    )


def _cuts_number(gap: Ints, source: Prepared) -> bool:
    """Whether what is left out is part of a number: "5 … euros" for "5 million euros"."""
    first = int(np.searchsorted(source.words, gap[0]))
    last = int(np.searchsorted(source.words, gap[-1]))
    before = source.folded_words[max(0, first - 1) : first]
    after = source.folded_words[last + 1 : last + 2]
    beside = any(map(is_number, before)) or any(map(is_unit, after))
    return beside and any(map(is_number, source.folded(gap)))


def _share(pieces: Sequence[Prepared], source: Prepared, start: int, end: int) -> float:
    """The weight of the quote's words as a share of the place's."""
    there = source.between(start, end)
    words = np.searchsorted(source.words, there)
    return min(1.0, sum(int(p.weights.sum()) for p in pieces) / int(source.weights[words].sum()))


def altered_in_parts(pieces: Sequence[Prepared], source: Prepared) -> Alignment | None:
    """The places of the pieces, some of them changed; one that stands nowhere is added words."""
    if len(pieces) > MAX_PIECES:
        return None
    found = [_piece(piece, source) for piece in pieces]
    placed = [place for place in found if place]
    if not placed:
        return None
    near = _around(placed, source)
    found = [f or _piece(p, near, shared=1) for p, f in zip(pieces, found, strict=True)]
    weights = [int(piece.weights.sum()) for piece in pieces]
    alike = sum(w * (f.similarity if f else 0) for w, f in zip(weights, found, strict=True))
    if alike / sum(weights) < MIN_SIMILARITY:
        return None
    parts = tuple(_part(p, f, source) for p, f in zip(pieces, found, strict=True) if f)
    changed = [
        f.differences if f else (difference(p.words, p.words[:0], p, source),)
        for p, f in zip(pieces, found, strict=True)
    ]
    start, end = min(p.start for p in parts), max(p.end for p in parts)
    return Alignment("altered", start, end, alike / sum(weights), sum(changed, ()), parts)


def _piece(piece: Prepared, source: Prepared, shared: int = MIN_SHARED) -> Alignment | None:
    places = normalized(piece, source, 1)
    if places:
        return Alignment("normalized", *places[0], 1.0)
    return altered(piece, source, shared)


def _around(placed: Sequence[Alignment], source: Prepared) -> Prepared:
    """The text with all blanked out but what surrounds these places: offsets stay as they are."""
    start = max(0, min(p.start for p in placed) - NEARBY)
    end = max(p.end for p in placed) + NEARBY
    return prepare(" " * start + source.text[start:end])


def _part(piece: Prepared, found: Alignment, source: Prepared) -> Part:
    text = source.text[found.start : found.end]
    return Part(piece.text, found.start, found.end, text, found.differences)
