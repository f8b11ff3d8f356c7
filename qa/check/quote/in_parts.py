"""Where a quote stands in unchanged parts of a text: shortened, altered by that, or spliced.

With the text "The talks lasted, it seems, 3.5 hours. No one signed the bill. The port was closed.":
"The talks lasted … 3.5 hours"             normalized, parts 0:16 and 28:37
"The talks lasted … hours"                 altered: the ellipsis hides "3.5" (number)
"The port was closed. … No one signed"     spliced: not in this order
"The talks lasted. The port was closed"    spliced: what stands between is left out, unsaid
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import numpy as np

from qa.check.quote.exact import QUESTION, Alignment, as_stated, asked, asks
from qa.check.quote.parts import Standing, parts_at, parts_of, standing
from qa.check.quote.rules import Rules
from qa.check.quote.speech import crosses_speech
from qa.check.quote.text import Ints, Place, Text
from qa.check.quote.wording import difference, negates
from qa.check.types import Difference, Part
from qa.text.words import is_number, is_unit


def in_parts(pieces: Sequence[Text], source: Text, rules: Rules) -> Alignment | None:
    """A quote that is made of words of the text alone: shortened, altered by that, or spliced."""
    found = standing(pieces, source, rules)
    if not found.runs:
        return None
    if not found.chains:
        return _together("spliced", parts_of(pieces, found.runs, source, rules))
    if _adds_words(pieces, found):
        return None
    if len(found.runs) == 1:
        return as_stated(pieces[0], [place for [place] in found.chains], source)[0]
    return _shortened(pieces, found, source, rules)


def _shortened(
    pieces: Sequence[Text], found: Standing, source: Text, rules: Rules
) -> Alignment | None:
    """The chain that hides nothing, else the first; none when no ellipsis is at one of the gaps."""
    hidden = [_left_out(pieces, found, chain, source, rules) for chain in found.chains]
    best = min(range(len(hidden)), key=lambda i: bool(hidden[i]))
    parts = parts_at(pieces, found.runs, found.chains[best], source)
    if not hidden[best]:  # more runs than pieces: punctuation differs
        return _together("normalized", parts) if len(found.runs) == len(pieces) else None
    if any(
        one.piece == other.piece and crosses_speech(source.text[place[1] - 1 : behind[0] + 1])
        for one, other, place, behind in zip(
            found.runs, found.runs[1:], found.chains[best], found.chains[best][1:], strict=False
        )
    ):
        return _together("spliced", parts)
    place = _together("altered", parts)
    share = _share(pieces, source, place.start, place.end)
    return replace(place, similarity=share, differences=hidden[best])


def _together(
    kind: Literal["normalized", "altered", "spliced"], parts: tuple[Part, ...]
) -> Alignment:
    start, end = min(part.start for part in parts), max(part.end for part in parts)
    return Alignment(kind, start, end, 1.0, parts=parts)


def _adds_words(pieces: Sequence[Text], found: Standing) -> bool:
    """Whether some words of the quote join two runs and stand in neither."""
    covered = sum(run.end - run.first for run in found.runs)
    return covered < sum(len(piece.words) for piece in pieces)


def _left_out(
    pieces: Sequence[Text], found: Standing, chain: Sequence[Place], source: Text, rules: Rules
) -> tuple[Difference, ...]:
    """What is left out in silence or behind an ellipsis that hides it; a question mark put in."""
    runs, changed = found.runs, []
    for i in range(1, len(runs)):
        gap = source.between(chain[i - 1][1], chain[i][0])
        if gap.size and (runs[i].piece == runs[i - 1].piece or _hides(gap, source, rules)):
            changed.append(difference(source, gap[:0], source, gap))
    for run, (_, end) in zip(runs, chain, strict=True):
        piece = pieces[run.piece]
        if run.end == len(piece.words) and asks(piece) and not asked(source.text, end):
            changed.append(QUESTION)
    return tuple(changed)


def _hides(gap: Ints, source: Text, rules: Rules) -> bool:
    """Whether an ellipsis for these words turns what stays: a negation, a number, "far from"."""
    words = source.folded(gap)
    negated = negates(source, gap)
    if negated[0] or negated[-1] or (len(words) <= rules.negated_gap_words and any(negated)):
        return True
    return len(words) <= rules.small_gap_words and (
        any(word in rules.weakening for word in words) or _cuts_number(gap, source)
    )


def _cuts_number(gap: Ints, source: Text) -> bool:
    """Whether what is left out is part of a number: "5 … euros" for "5 million euros"."""
    first = int(np.searchsorted(source.words, gap[0]))
    last = int(np.searchsorted(source.words, gap[-1]))
    before = source.folded_words[max(0, first - 1) : first]
    after = source.folded_words[last + 1 : last + 2]
    beside = any(map(is_number, before)) or any(map(is_unit, after))
    return beside and any(map(is_number, source.folded(gap)))


def _share(pieces: Sequence[Text], source: Text, start: int, end: int) -> float:
    """The weight of the quote's words as a share of the place's."""
    there = source.between(start, end)
    words = np.searchsorted(source.words, there)
    return min(1.0, sum(int(p.weights.sum()) for p in pieces) / int(source.weights[words].sum()))
