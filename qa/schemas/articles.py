"""Articles as they come in, and as they are listed and shown."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from qa.filters import Filters
from qa.ingest.limits import LONGEST, LONGEST_TAG, MOST_KEYS, MOST_TAGS
from qa.request_limits import MAX_QUESTION
from qa.schemas.answers import In, Since, StatedOut, Until
from qa.storage.records import FACETS, ArticleSort, Facet, Selection

MOST_OFFSET = 1_000_000_000
Tag = Annotated[str, Field(max_length=LONGEST_TAG)]

# Instead of `author`, where there are several.
Authors = Annotated[
    list[Annotated[str, Field(max_length=LONGEST["author"])]],
    Field(max_length=LONGEST["author"], description="Instead of `author`: each name apart."),
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
    id: str | None = None
    title: Annotated[str, Field(max_length=LONGEST["title"])] | None = None
    text: str | None = None
    html: str | None = None
    url: Annotated[str, Field(max_length=LONGEST["url"])] | None = None
    publisher: Annotated[str, Field(max_length=LONGEST["publisher"])] | None = None
    author: Annotated[str, Field(max_length=LONGEST["author"])] | None = None
    authors: Authors | None = None
    published: str | None = None
    language: str | None = None
    tags: Annotated[list[Tag], Field(max_length=MOST_TAGS)] | None = None
    extra: Annotated[dict[str, Any], Field(max_length=MOST_KEYS)] | None = None


class ArticlePatch(BaseModel):
    """What is stated of an article, stated anew; null takes it out. Its text stays as it is."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"author": "Ana Kovač", "published": "2024-05-02"}]},
    )
    title: Annotated[str, Field(max_length=LONGEST["title"])] | None = None
    url: Annotated[str, Field(max_length=LONGEST["url"])] | None = None
    publisher: Annotated[str, Field(max_length=LONGEST["publisher"])] | None = None
    author: Annotated[str, Field(max_length=LONGEST["author"])] | None = None
    authors: Authors | None = None
    published: str | None = None
    language: str | None = None
    tags: Annotated[list[Tag], Field(max_length=MOST_TAGS)] | None = None
    extra: Annotated[dict[str, Any], Field(max_length=MOST_KEYS)] | None = None


class RemovedOut(BaseModel):
    kind: str
    text: str


class PlaceOut(BaseModel):
    id: str
    start: int
    end: int


class ArticleSummary(StatedOut):
    id: str
    tags: list[str]
    characters: int
    passages: int
    added_at: str


class ArticleOut(StatedOut):
    id: str
    text: str
    tags: list[str]
    extra: dict[str, Any]
    pages: list[int] = Field(description="Where each page of a PDF begins in the text.")
    digest: str
    passages: list[PlaceOut]
    removed: list[RemovedOut] = Field(description="Lines that cleaning kept out of the text.")
    notes: list[str]
    encoding: str | None
    media_type: str
    added_at: str


class AddedOut(BaseModel):
    id: str
    status: Literal["added", "replaced", "unchanged"]
    passages: int
    link: str
    notes: list[str] = Field(description="What of it was not understood: a date, say.")


class CountedOut(BaseModel):
    value: str
    articles: int = Field(description="How many of the selected articles state it.")


class ArticlesOut(BaseModel):
    articles: list[ArticleSummary]
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
