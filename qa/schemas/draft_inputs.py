"""A draft to check: its text, and what it is held against."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field

from qa.check.beside_draft import MAX_BESIDE, MAX_BESIDE_CHARS
from qa.check.types import Against
from qa.errors import InvalidInput
from qa.filters import Filters
from qa.request_limits import MAX_DRAFT, MAX_QUESTION
from qa.schemas.described import Author, Language, Published, Publisher, Title, Url
from qa.schemas.questions import FiltersIn, In, MinGeneration, Names

MAX_CITATIONS = 300
MAX_STATE = 8 * 1024 * 1024  # characters


class CitationIn(In):
    """A quote of a structured answer, and where it is said to be from."""

    model_config = ConfigDict(extra="forbid")
    quote: Annotated[
        str, Field(min_length=1, max_length=MAX_QUESTION, description="The words that are quoted.")
    ]
    source: Annotated[
        str | None,
        Field(max_length=MAX_QUESTION, description="A URL, an id, a file name, a title."),
    ] = None


class BesideIn(In):
    """A source that comes beside a draft."""

    name: Annotated[str, Field(min_length=1, max_length=200, description="Of its file, say.")]
    text: Annotated[
        str, Field(min_length=1, max_length=MAX_BESIDE_CHARS, description="What it says.")
    ]
    title: Annotated[Title, Field(max_length=500)] = None
    url: Annotated[Url, Field(max_length=2000)] = None
    publisher: Annotated[Publisher, Field(max_length=200)] = None
    author: Annotated[Author, Field(max_length=200)] = None
    published: Annotated[Published, Field(max_length=40)] = None
    language: Annotated[Language, Field(max_length=35)] = None


class CheckTextIn(In):
    """A draft, and what it is held against."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"text": "He said: “Resolution 1244 is a compromise.”"}]},
    )
    text: Annotated[
        str,
        Field(
            max_length=MAX_DRAFT,
            description="The draft: Markdown, plain text, HTML, or JSON with citations.",
        ),
    ] = ""
    citations: list[CitationIn] = Field(
        default_factory=list,
        max_length=MAX_CITATIONS,
        description="Quotes that came beside the text, as in structured answers.",
    )
    dialogue: bool = Field(
        False, description="Whether dashes at the beginning of a line open quotations."
    )
    articles: Names | None = Field(
        None, description="Ids of the articles it is held against; [] for none. Left out: all."
    )
    filters: FiltersIn | None = Field(
        None, description="It is held against the articles that pass, and no others."
    )
    sources: list[BesideIn] = Field(
        default_factory=list,
        max_length=MAX_BESIDE,
        description="Sources that it is held against besides. They are never added to the corpus.",
    )
    min_generation: MinGeneration = None
    remember: bool = Field(False, description="Whether to answer with a `state`.")
    earlier: Annotated[
        str | None,
        Field(
            max_length=MAX_STATE,
            description="The `state` of an earlier check. What has not changed since is taken over:"
            " the answer is that of a full check. After a restart of the service all is new.",
        ),
    ] = None

    @property
    def against(self) -> Against:
        """What of the corpus it is held against. Raises InvalidInput for two choices at once."""
        if self.articles is not None and self.filters is not None:
            raise InvalidInput("give either articles or filters", code="invalid_field")
        if self.articles is not None:
            chosen = Filters(article_ids=tuple(self.articles)) if self.articles else None
            return Against(chosen, none_chosen=not self.articles)
        found = self.filters.filters() if self.filters else None
        return Against(found or None)
