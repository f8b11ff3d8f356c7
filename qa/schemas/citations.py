"""Citations of what a corpus holds: made of ids and offsets, for every skin alike."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from pydantic import BaseModel, Field

from qa.citations.cited import Citable, Citation
from qa.citations.formats import FORMATS
from qa.corpus import Corpus
from qa.errors import InvalidInput, NotFound
from qa.ids import PassageId
from qa.schemas.described import ArticleId
from qa.schemas.paths import article_path, below, external
from qa.storage.records import StoredArticle
from qa.types import Hit, Span


class Citing:
    """Makes the citations of one page or answer; each article is read once."""

    def __init__(self, corpus: Corpus, base: str = "", accessed: date | None = None) -> None:
        """`base` is put before the paths of links to this service: "https://notes.example"."""
        self._corpus = corpus
        self._base = base.rstrip("/")
        self._accessed = accessed.isoformat() if accessed else None
        self._articles: dict[str, tuple[StoredArticle, Citable] | None] = {}

    def article(self, article_id: str, span: Span | None = None) -> Citation:
        """An article, or words of it. Raises NotFound, or InvalidInput for words it lacks."""
        found = self._found(article_id)
        if found is None:
            raise NotFound(f"there is no article {article_id!r}", code="article_not_found")
        stored, citable = found
        links = self._links(article_id, span)
        if span is None:
            return citable.whole(*links)
        if not 0 <= span.start < span.end <= len(stored.article.text):
            raise InvalidInput(
                f"article {article_id!r} has {len(stored.article.text):,} characters: there are "
                f"none from {span.start} to {span.end}"
            )
        return citable.at(span, *links)

    def passage(self, passage_id: str, span: Span | None = None) -> Citation:
        """A passage, or words within it. Raises NotFound, SourceChanged, InvalidInput."""
        found = self._corpus.passage(passage_id).passage
        within = span or Span(found.start, found.end)
        if not found.start <= within.start < within.end <= found.end:
            raise InvalidInput(
                f"start and end are offsets of the article: from {found.start} to {found.end} in "
                "this passage"
            )
        return self.article(found.article_id, within)

    def words(self, passage_id: str, start: int, end: int) -> Citation | None:
        """Words that were just found; None when their article has changed, or gone, since."""
        named = PassageId.parse(passage_id)
        found = self._found(named.article)
        if found is None or not named.is_of(found[0].digest):
            return None
        return self.article(named.article, Span(start, end))

    def hits(self, hits: Iterable[Hit]) -> list[Citation]:
        """The passages of some hits, each where its first supporting sentence stands."""
        found = (self.hit(hit) for hit in hits)
        return [cited for cited in found if cited]

    def hit(self, hit: Hit) -> Citation | None:
        """The sentence that supports an answer, or else the passage."""
        span = hit.highlights[0] if hit.highlights else hit.passage
        return self.words(hit.passage.id, span.start, span.end)

    def _found(self, article_id: str) -> tuple[StoredArticle, Citable] | None:
        if article_id not in self._articles:
            try:
                stored = self._corpus.article(article_id)
            except NotFound:
                self._articles[article_id] = None
            else:
                url = external(stored.article.url)
                citable = Citable(stored, url.strip() if url else None, self._accessed)
                self._articles[article_id] = (stored, citable)
        return self._articles[article_id]

    def _links(self, article_id: str, span: Span | None) -> tuple[str, str]:
        start, end = (span.start, span.end) if span else (None, None)
        page = article_path(article_id, start, end)
        return self._base + page, self._base + below(f"/v1/articles/{article_id}")


class CitationOut(BaseModel):
    """A citation in every format. What the article does not state stands in none of them."""

    article_id: ArticleId
    start: int | None = Field(description="Of the cited words in the article's text; or null.")
    end: int | None = Field(description="Where they end there, half open; or null.")
    words: str | None = Field(description="`text[start:end]`; null when all of it is cited.")
    plain: str = Field(description="A line to print.")
    markdown: str = Field(description="The words as a block quote, with the line below.")
    html: str = Field(description="The same as HTML.")
    bibtex: str = Field(description="An entry `@misc`, also for BibLaTeX.")
    ris: str = Field(description="RIS.")
    csl: list[dict[str, Any]] = Field(description="CSL-JSON.")
    annotation: dict[str, Any] = Field(description="A W3C Web Annotation.")
    link: str = Field(description="The page of this service that shows the words in the article.")
    original: str | None = Field(
        description="The article's own address, where it states one, with a text fragment that "
        "leads a browser to the words; of a PDF, with the page."
    )

    @classmethod
    def of(cls, cited: Citation) -> CitationOut:
        written = {name: format_.write([cited]) for name, format_ in FORMATS.items()}
        csl, annotation = json.loads(written.pop("csl")), json.loads(written.pop("annotation"))
        return cls(
            article_id=cited.source.article_id,
            start=cited.span.start if cited.span else None,
            end=cited.span.end if cited.span else None,
            words=cited.words or None,
            csl=csl,
            annotation=annotation,
            link=cited.link,
            original=cited.original,
            **{**written, "plain": cited.plain},
        )
