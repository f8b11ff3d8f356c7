"""Passages within what stands around them: their paragraph, or the passages beside them.

An expansion is bounded: of a paragraph that is longer, as much as fits of the passages around.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cached_property

from qa.citations.line import citation, source
from qa.retrieval import lookup
from qa.storage.records import StoredArticle
from qa.storage.view import View
from qa.text.paragraphs import paragraph_spans
from qa.types import Expand, Extract, Passage, Span

# Characters of an expansion: an article without paragraphs may be one line of megabytes.
MOST_CHARACTERS = 6_000


class Surroundings:
    """The text, the passages and the paragraphs of one article."""

    def __init__(self, stored: StoredArticle, passages: Sequence[Span]) -> None:
        """`passages` are all of the article, in order."""
        self._stored, self._spans = stored, passages
        self.text = stored.article.text

    @classmethod
    def of(cls, view: View, article_id: str) -> Surroundings:
        """Those of a stored article. Raises NotFound."""
        stored = lookup.article(view, article_id)
        return cls(stored, [Span(start, end) for start, end, _ in view.passages_of(stored.key)])

    def expanded(self, passage: Passage, expand: Expand) -> Extract:
        """What the passage stands within."""
        place = bisect_left(self._spans, Span(passage.start, passage.end))
        if expand == "neighbours":
            before, after = max(0, place - 1), min(place + 1, len(self._spans) - 1)
            around = Span(self._spans[before].start, self._spans[after].end)
        else:
            around = self._paragraphs_of(passage)
        if around.end - around.start > MOST_CHARACTERS:
            around = self._grown(place, around)
        return self.extract(around)

    def extract(self, span: Span) -> Extract:
        """A part of the text, to be cited."""
        where = source(self._stored, span.start)
        text = self.text[span.start : span.end]
        return Extract(span.start, span.end, text, where, citation(where, span.start, span.end))

    @cached_property
    def _paragraphs(self) -> list[Span]:
        return list(paragraph_spans(self.text))

    def _paragraphs_of(self, passage: Passage) -> Span:
        """From where the paragraph begins that it begins in, to where the one ends it ends in."""
        first, last = map(self._paragraph_at, (passage.start, passage.end - 1))
        end = max(last.end, passage.end)
        blank = len(self.text[passage.end : end]) - len(self.text[passage.end : end].rstrip())
        return Span(min(first.start, passage.start), end - blank)

    def _paragraph_at(self, at: int) -> Span:
        return self._paragraphs[bisect_right(self._paragraphs, at, key=_start) - 1]

    def _grown(self, place: int, around: Span) -> Span:
        """The passage and those around it, one before and one behind by turns, as many as fit."""
        first = last = place
        grew = True
        while grew:
            grew = False
            for before, after in ((1, 0), (0, 1)):
                if self._fits(first - before, last + after, around):
                    first, last, grew = first - before, last + after, True
        return Span(self._spans[first].start, self._spans[last].end)

    def _fits(self, first: int, last: int, around: Span) -> bool:
        if first < 0 or last >= len(self._spans):
            return False
        start, end = self._spans[first].start, self._spans[last].end
        return around.start <= start and end <= around.end and end - start <= MOST_CHARACTERS


def _start(span: Span) -> int:
    return span.start
