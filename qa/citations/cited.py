"""A place of an article as it is cited, with all that the formats say of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from qa.citations.line import line, source
from qa.citations.text_fragment import OriginalPage, in_original
from qa.storage.records import StoredArticle
from qa.text.paragraphs import paragraph_at, paragraph_spans
from qa.types import Source, Span

# Characters before and behind the words: how others that keep such quotes find them again.
CONTEXT = 32


@dataclass(frozen=True, slots=True)
class Citation:
    """An article as it is cited, or words of it: then with where they stand."""

    source: Source
    link: str  # of the page here that shows the article, with the words marked
    text_link: str  # of the article here with its text, which offsets count in
    original: str | None = None  # of the original, there at the words as far as browsers can
    span: Span | None = None
    words: str = ""  # == article.text[span.start:span.end]
    before: str = ""
    after: str = ""
    paragraph: int | None = None  # from 1; None where pages are counted
    accessed: str | None = None  # when somebody looked, YYYY-MM-DD, if he says so

    @property
    def place(self) -> str:
        """Where in the article, as it is printed: "p. 3", "00:12:31", "para. 4", or nothing."""
        if self.source.page:
            return f"p. {self.source.printed_page}"
        if self.source.time:
            return self.source.time
        return f"para. {self.paragraph}" if self.paragraph else ""

    @property
    def plain(self) -> str:
        """A line to print under what is quoted."""
        return line(self.source, self.place, self.accessed and f"accessed {self.accessed}")


class Citable:
    """An article whose places are cited: what that takes is worked out of its text once."""

    def __init__(self, stored: StoredArticle, url: str | None, accessed: str | None = None) -> None:
        """`url`: the article's own, when a browser may follow it; `accessed`: on what day."""
        self._stored = stored
        self._text = stored.article.text
        self._url = url
        self._accessed = accessed

    def whole(self, link: str, text_link: str) -> Citation:
        """The article as a whole."""
        told = replace(source(self._stored), page=None, page_label=None, time=None)
        return Citation(told, link, text_link, self._url, accessed=self._accessed)

    def at(self, span: Span, link: str, text_link: str) -> Citation:
        """Words of the article."""
        told = source(self._stored, span.start)
        return Citation(
            source=told,
            link=link,
            text_link=text_link,
            original=in_original(self._url, self._page, span, told.page) if self._url else None,
            span=span,
            words=self._text[span.start : span.end],
            before=self._text[max(0, span.start - CONTEXT) : span.start],
            after=self._text[span.end : span.end + CONTEXT],
            paragraph=None if told.page or told.time else self._paragraph(span),
            accessed=self._accessed,
        )

    def _paragraph(self, span: Span) -> int | None:
        return paragraph_at(self._paragraphs, span.start)

    @cached_property
    def _paragraphs(self) -> list[int]:
        return [span.start for span in paragraph_spans(self._text)]

    @cached_property
    def _page(self) -> OriginalPage:
        return OriginalPage(self._stored.article.title or "", self._text)
