"""Articles as they come in, and as they are listed and shown."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from qa.filters import Filters
from qa.ingest.limits import LONGEST, LONGEST_TAG, MOST_KEYS, MOST_TAGS
from qa.request_limits import MAX_QUESTION
from qa.schemas.answers import StatedOut
from qa.schemas.described import (
    AddedAt,
    ArticleId,
    Author,
    End,
    Language,
    PassageId,
    Published,
    Publisher,
    Start,
    Tags,
    Title,
    Url,
)
from qa.schemas.questions import In, MinGeneration, Since, Until
from qa.storage.records import FACETS, ArticleSort, Facet, Selection

MOST_OFFSET = 1_000_000_000
Tag = Annotated[str, Field(max_length=LONGEST_TAG)]

# Instead of `author`, where there are several.
Authors = Annotated[
    list[Annotated[str, Field(max_length=LONGEST["author"])]] | None,
    Field(max_length=LONGEST["author"], description="Instead of `author`: each name apart."),
]

GivenTitle = Annotated[Title, Field(max_length=LONGEST["title"])]
GivenUrl = Annotated[Url, Field(max_length=LONGEST["url"])]
GivenPublisher = Annotated[Publisher, Field(max_length=LONGEST["publisher"])]
GivenAuthor = Annotated[Author, Field(max_length=LONGEST["author"])]
GivenTags = Annotated[
    list[Tag] | None, Field(max_length=MOST_TAGS, description="Words to file it under.")
]
GivenExtra = Annotated[
    dict[str, Any] | None, Field(max_length=MOST_KEYS, description="What else is known of it.")
]


class ArticleIn(BaseModel):
    """One article. Fields that are not named here are kept in `extra`."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "examples": [
                {
                    "id": "pilots",
                    "title": "Harbour pilots",
                    "text": "A harbour pilot guides ships. The pilot boards at dawn.",
                    "publisher": "The Harbour Gazette",
                    "published": "2024-05-02",
                }
            ]
        },
    )
    id: str | None = Field(
        None, description="Its id; the article that has it is replaced. Left out: made of the URL."
    )
    title: GivenTitle = None
    text: str | None = Field(None, description="Its text, which is not cleaned; or else `html`.")
    html: str | None = Field(None, description="Its page, of which the text is read.")
    url: GivenUrl = None
    publisher: GivenPublisher = None
    author: GivenAuthor = None
    authors: Authors = None
    published: Published = None
    language: Language = None
    tags: GivenTags = None
    extra: GivenExtra = None


class ArticlePatch(BaseModel):
    """What is stated of an article, stated anew; null takes it out. Its text stays as it is."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"author": "Ana Kovač", "published": "2024-05-02"}]},
    )
    title: GivenTitle = None
    url: GivenUrl = None
    publisher: GivenPublisher = None
    author: GivenAuthor = None
    authors: Authors = None
    published: Published = None
    language: Language = None
    tags: GivenTags = None
    extra: GivenExtra = None


class RemovedOut(BaseModel):
    """A line that cleaning kept out of the text."""

    kind: str = Field(description="What it is: a caption, a count of comments.")
    text: str = Field(description="The line.")


class PlaceOut(BaseModel):
    """A passage, and where it stands."""

    id: PassageId
    start: Start
    end: End


class ArticleSummary(StatedOut):
    """An article in a list."""

    id: ArticleId
    tags: Tags
    characters: int = Field(description="Of its text, as code points.")
    passages: int = Field(description="How many passages it has.")
    added_at: AddedAt


class ArticleOut(StatedOut):
    """An article with its text."""

    id: ArticleId
    text: str = Field(description="The canonical text, which all offsets are of.")
    tags: Tags
    extra: dict[str, Any] = Field(description="What else was said of it, as it was given.")
    pages: list[int] = Field(description="Where each page of a PDF begins in the text.")
    digest: str = Field(description="SHA-256 of the text, in hex.")
    passages: list[PlaceOut] = Field(description="The passages of the text, in order.")
    removed: list[RemovedOut] = Field(description="Lines that cleaning kept out of the text.")
    notes: list[str] = Field(description="What of it was not understood, or is to be known.")
    encoding: str | None = Field(description="How its bytes were read; null when they were text.")
    media_type: str = Field(description="What it came as.")
    added_at: AddedAt


class AddedOut(BaseModel):
    """What became of an article that was sent."""

    id: ArticleId
    status: Literal["added", "replaced", "unchanged"] = Field(
        description="Whether it is new, in the place of another, or was here just so."
    )
    passages: int = Field(description="How many passages it has.")
    link: str = Field(description="Path of its page.")
    notes: list[str] = Field(description="What of it was not understood: a date, say.")
    generation: int = Field(
        description="The state of the corpus that it is in: `min_generation` of who looks for it."
    )


class CountedOut(BaseModel):
    """A value that articles state."""

    value: str = Field(description="The publisher, author, year, language or tag.")
    articles: int = Field(description="How many of the selected articles state it.")


class ArticlesOut(BaseModel):
    """A page of articles."""

    articles: list[ArticleSummary] = Field(description="Those of this page, in order.")
    total: int = Field(description="How many articles are selected, on all pages.")
    next: str | None = Field(
        description="Cursor of the next page; null on the last, and in another order than by id."
    )
    facets: dict[Facet, list[CountedOut]] = Field(
        description="Of each `facet` that was asked for the commonest values, at most twenty.",
        examples=[{"publisher": [{"value": "The Harbour Gazette", "articles": 12}]}],
    )


AnyOf = Annotated[
    list[str], Field(default_factory=list, max_length=1000, description="Any of these.")
]


class ArticlesQuery(In):
    """Which articles are listed, and in what order."""

    q: Annotated[
        str, Field(max_length=MAX_QUESTION, description="Words that an article has, all of them.")
    ] = ""
    publisher: AnyOf
    author: AnyOf
    language: AnyOf
    tag: AnyOf
    published_from: Since = None
    published_to: Until = None
    sort: Annotated[
        ArticleSort,
        Field(description="`-` turns it round; articles without a date come last either way."),
    ] = "id"
    offset: Annotated[int, Field(ge=0, le=MOST_OFFSET, description="How many to pass over.")] = 0
    limit: Annotated[int, Field(ge=1, le=1000, description="How many to a page.")] = 100
    cursor: Annotated[
        str, Field(max_length=300, description="`next` of the page before; by id alone.")
    ] = ""
    facet: Annotated[
        list[Facet],
        Field(
            default_factory=list,
            max_length=len(FACETS),
            description="What to count the selected articles by.",
        ),
    ]
    min_generation: MinGeneration = None

    @property
    def selection(self) -> Selection:
        """What is asked for, without order and page. Raises InvalidInput."""
        filters = Filters(
            publishers=tuple(self.publisher),
            authors=tuple(self.author),
            languages=tuple(self.language),
            tags=tuple(self.tag),
            published_from=self.published_from,
            published_to=self.published_to,
        )
        return Selection(filters, self.q)
