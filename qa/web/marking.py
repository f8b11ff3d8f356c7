"""A text cut where marks begin and end, so that a template only has to print it.

Spans are those of the article, in code points; nothing is searched for.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from qa.check.types import Match
from qa.text.paragraphs import paragraph_spans
from qa.types import Hit, Span, Statement

# Characters of a sentence that are shown on either side of a quote.
_AROUND = 400


@dataclass(frozen=True, slots=True)
class MarkedPiece:
    """A stretch of text that is marked as a whole or not at all."""

    text: str
    marked: bool = False
    first: bool = False  # the mark begins here
    last: bool = False  # and ends here
    page: int | None = None  # of a PDF: the page that begins here


def highlighted(hit: Hit) -> list[MarkedPiece]:
    """A passage with its supporting sentences marked."""
    start = hit.passage.start
    spans = [Span(span.start - start, span.end - start) for span in hit.highlights]
    return pieces(hit.passage.text, Span(0, len(hit.passage.text)), spans)


def answering(said: Statement) -> list[MarkedPiece]:
    """The sentence that answers with the words of it that do, if there are such, marked."""
    start = said.start
    spans = [Span(said.words.start - start, said.words.end - start)] if said.words else []
    return pieces(said.text, Span(0, len(said.text)), spans)


def in_sentence(match: Match) -> list[MarkedPiece]:
    """The sentence in which a quote stands, its words marked; of an endless one the surroundings.

    Of a quote in several parts each is marked, and what it leaves out is not.
    """
    text, start = match.sentence.text, match.sentence.start
    places = match.parts if len(match.parts) > 1 else (match,)
    spans = [Span(place.start - start, place.end - start) for place in places]
    within = _nearby(text, Span(match.start - start, match.end - start))
    shown = pieces(text, within, spans)
    before = [MarkedPiece("… ")] if within.start else []
    return [*before, *shown, *([MarkedPiece(" …")] if within.end < len(text) else [])]


def _nearby(text: str, span: Span) -> Span:
    """A stretch with what surrounds it, cut at spaces where there are any."""
    first, last = max(0, span.start - _AROUND), min(len(text), span.end + _AROUND)
    if first:
        first = text.find(" ", first, span.start) + 1 or first
    if last < len(text):
        space = text.rfind(" ", span.end, last)
        last = space if space > 0 else last
    return Span(first, last)


def paragraphs(
    text: str, cited: Span | None, pages: Sequence[int] = ()
) -> Iterator[list[MarkedPiece]]:
    """The paragraphs of an article with the cited words marked."""
    marks = [cited] if cited else []
    for span in paragraph_spans(text):
        yield pieces(text, span, marks, pages)


def pieces(
    text: str, within: Span, marks: Sequence[Span], pages: Sequence[int] = ()
) -> list[MarkedPiece]:
    """The pieces of a stretch, cut where marks and pages begin and end.

    >>> [(p.text, p.marked) for p in pieces("He left early.", Span(0, 14), [Span(3, 7)])]
    [('He ', False), ('left', True), (' early.', False)]
    """
    start, end = within.start, within.end
    low = bisect_left(pages, start)
    begins = {at: low + i + 1 for i, at in enumerate(pages[low : bisect_left(pages, end)])}
    edges = {edge for mark in marks for edge in (mark.start, mark.end) if start < edge < end}
    cuts = sorted({start, end, *edges, *begins})
    return [
        MarkedPiece(
            text[a:b],
            marked=any(mark.start <= a < mark.end for mark in marks),
            first=_begins(text, marks, start, a),
            last=_ends(text, marks, end, b),
            page=begins.get(a),
        )
        for a, b in pairwise(cuts)
    ]


def _begins(text: str, marks: Sequence[Span], paragraph: int, at: int) -> bool:
    """Whether a mark begins at a cut, or began in the blank lines before its paragraph."""
    return any(
        mark.start == at
        or (at == paragraph and mark.start < at < mark.end and not text[mark.start : at].strip())
        for mark in marks
    )


def _ends(text: str, marks: Sequence[Span], paragraph: int, at: int) -> bool:
    """Whether a mark ends at a cut, or ends in the blank lines after its paragraph."""
    return any(
        mark.end == at
        or (at == paragraph and mark.start < at < mark.end and not text[at : mark.end].strip())
        for mark in marks
    )
