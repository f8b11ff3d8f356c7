"""A quote held against a text: the one way in to alignment, in one piece or in several."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from qa.check.quote.altered import altered, altered_in_parts
from qa.check.quote.exact import Alignment, exact
from qa.check.quote.forms import Quote
from qa.check.quote.in_parts import in_parts
from qa.check.quote.rules import RULES, Rules
from qa.check.quote.speech import crosses_speech
from qa.check.quote.text import Text, in_two_scripts, rejoined

_MOST_WORDS = 0.8  # of a quote, where an attribution is looked for
_FAR = 1_000  # characters between two parts in which quotations are looked for


def find(
    quote: str | Quote, text: str | Text, *, limit: int = 20, rules: Rules = RULES
) -> list[Alignment]:
    """The places where a quote stands in a text, at most `limit`, in their order.

    The verbatim places; where there are none, those that differ in typography alone; where there
    are none of these either, the one in parts, or the one that says nearly the same.

    "Resolution 1245 remains in force" in "Resolution 1244 remains in force."
    -> [altered 0:32, similarity 0.89, replace 1245 by 1244 (number)]
    """
    source = Text(text) if isinstance(text, str) else text
    quote = Quote(quote) if isinstance(quote, str) else quote
    places = exact(quote, source, limit, rules)
    if places or limit < 1:
        return places
    found = nearly(quote, source, rules)
    return [found] if found else []


def nearly(quote: Quote, source: Text, rules: Rules = RULES) -> Alignment | None:
    """The place of a quote that stands nowhere in one piece and unchanged."""
    quote = quote.beside(source.text)
    found = _nearly(quote.words, quote.pieces, source, rules)
    if _may_span_attribution(found, quote.words, source):
        spoken = _nearly(quote.words, quote.pieces, source.as_spoken[0], rules)
        found = max(filter(None, [found, spoken]), key=_nearness, default=None)
    if found or not in_two_scripts(quote.words, source):
        return found
    pieces = [piece.in_latin for piece in quote.pieces]
    return _nearly(quote.words.in_latin, pieces, source.in_latin, rules)


def _nearly(words: Text, pieces: Sequence[Text], source: Text, rules: Rules) -> Alignment | None:
    words, source = rejoined(words, source)
    pieces = [piece.rejoined(source) for piece in pieces]
    unchanged = in_parts(pieces, source, rules)
    if len(pieces) > 1:
        return unchanged or altered_in_parts(pieces, source, rules)
    if unchanged and (unchanged.kind == "normalized" or not unchanged.parts):
        return unchanged
    place = altered(words, source, rules)
    if unchanged and unchanged.kind == "spliced" and _over_speech(unchanged, source):
        return unchanged
    if place and unchanged and unchanged.kind == "spliced":
        return place if _changes_little(place, rules) else unchanged
    return place or unchanged


def _over_speech(spliced: Alignment, source: Text) -> bool:
    """Whether parts follow one another with the end of a quotation between them."""
    return any(
        one.end <= other.start and crosses_speech(source.text[one.end - 1 : other.start + 1][:_FAR])
        for one, other in pairwise(spliced.parts)
    )


def _may_span_attribution(found: Alignment | None, quote: Text, source: Text) -> bool:
    """Whether a place has an attribution within, or most words of a quote that has none are there.

    “The bridge,” said the mayor of the town on Friday, “was shut” is not very like its five words.
    """
    if found is None:
        there = sum(word in source.distinct for word in quote.folded_words)
        return there >= _MOST_WORDS * len(quote.folded_words) and bool(source.joints)
    return found.kind != "normalized" and any(
        found.start < joint.start() and joint.end() < found.end for joint in source.joints
    )


def _nearness(found: Alignment) -> tuple[bool, float]:
    return found.kind == "normalized", found.similarity if found.kind == "altered" else 0


def _changes_little(place: Alignment, rules: Rules) -> bool:
    """Whether little differs, and no words were put in that could be a part of their own.

    "QT-disp was not defined as the difference" is no splice, though "QT-disp was not" stands
    elsewhere in the text.
    """
    sides = [(len(d.quote.split()), len(d.source.split())) for d in place.differences]
    added = any(quote >= rules.min_set_apart_words and not source for quote, source in sides)
    return not added and place.similarity >= rules.clearly_similar
