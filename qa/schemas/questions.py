"""What is asked: a question with its filters and options, and what others are related to."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from qa import types
from qa.ask.inquiry import Inquiry
from qa.filters import Filters
from qa.request_limits import MAX_OFFSET, MAX_QUESTION, MAX_TOKENS, MAX_TOP_K, MOST_GENERATIONS

TopK = Annotated[int, Field(ge=1, le=MAX_TOP_K, description="How many passages.")]
Rerank = Annotated[bool, Field(description="In hybrid mode: put the first passages in order anew.")]
Threshold = Annotated[
    float | None,
    Field(ge=0, le=1, description="The confidence from which the question counts as answered."),
]
Read = Annotated[
    types.Depth | None,
    Field(
        description="How much is read before the answer: `deep`, the first six passages, which "
        "puts them in order; `fast`, the first one, for its sentence and words; `off`, nothing. "
        "Left out: what the service is set to."
    ),
]
Offset = Annotated[
    int,
    Field(
        ge=0, le=MAX_OFFSET, description="How many passages are passed over: `next_offset` before."
    ),
]
Sorted = Annotated[
    types.Sort,
    Field(
        description="The order of the passages: the nearest first, or by date the newest "
        "(`-published`) or the oldest; those without a date come last. By date only those are put "
        "in order that come at least half as near as the nearest, of the 200 nearest."
    ),
]
Grouped = Annotated[
    types.GroupBy | None, Field(description="`article`: of each article its best passage alone.")
]
Time = Annotated[
    Literal["on", "off"],
    Field(description="Whether words on the time (“since 2024”, “latest”) count: `understood`."),
]
Mode = Annotated[
    types.Mode,
    Field(description="Both indexes, or one alone: `dense` by meaning, `lexical` by words."),
]
MinScore = Annotated[
    float,
    Field(ge=0, le=1, description="Passages whose `score` is lower are left out."),
]
Expand = Annotated[
    types.Expand | None,
    Field(
        description="What each passage is shown within besides, as `expanded`: its `paragraph`, or "
        "between its `neighbours`, the passage before and the one behind."
    ),
]
MaxTokens = Annotated[
    int | None,
    Field(
        ge=1,
        le=MAX_TOKENS,
        description="How many tokens a prompt has room for: `context` has what of the passages "
        "goes into it. The encoder's own tokenizer counts: an estimate for other models.",
    ),
]
MinGeneration = Annotated[
    int | None,
    Field(
        ge=0,
        le=MOST_GENERATIONS,
        description="The generation that is asked of, or a later one: that of an addition, to find "
        "it on any server. This one waits a second for it; then it is 503 `behind`.",
    ),
]
ASKED = "The question, in natural language."
Names = Annotated[list[str], Field(max_length=1000)]
DatePrefix = Annotated[
    str,
    Field(
        pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$",
        examples=["2023", "2023-05", "2023-05-31"],
    ),
]
Since = Annotated[
    DatePrefix | None, Field(description="Dated in this year, month or day, or later.")
]
Until = Annotated[
    DatePrefix | None, Field(description="Dated in this year, month or day, or earlier.")
]


class In(BaseModel):
    """What is sent; a field that is not known is refused."""

    model_config = ConfigDict(extra="forbid")


class FiltersIn(In):
    """Only passages of articles that pass every filter given."""

    article_ids: Names | None = Field(None, description="Articles with any of these ids.")
    publishers: Names | None = Field(None, description="Of any of these publishers.")
    authors: Names | None = Field(None, description="Of any of these authors.")
    languages: Names | None = Field(
        None,
        description="As articles state them: `en` finds en-GB, `sr` sr-Latn and sr-Cyrl.",
    )
    tags: Names | None = Field(None, description="With any of these tags.")
    published_from: Since = None
    published_to: Until = None

    def filters(self) -> Filters:
        return Filters(
            tuple(self.article_ids or ()),
            tuple(self.publishers or ()),
            tuple(self.authors or ()),
            tuple(self.languages or ()),
            tuple(self.tags or ()),
            self.published_from,
            self.published_to,
        )


class AskIn(In):
    """A question, and how it is to be answered."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "question": "What does the Russian ambassador call a compromise on Kosovo?",
                    "top_k": 3,
                    "filters": {"languages": ["en"]},
                }
            ]
        },
    )
    question: Annotated[str, Field(min_length=1, max_length=MAX_QUESTION, description=ASKED)]
    top_k: TopK = 5
    filters: FiltersIn | None = Field(
        None, description="Only passages of articles that pass every filter given."
    )
    mode: Mode = "hybrid"
    rerank: Rerank = True
    threshold: Threshold = None
    read: Read = None
    offset: Offset = 0
    sort: Sorted = "relevance"
    group_by: Grouped = None
    time: Time = "on"
    min_score: MinScore = 0.0
    expand: Expand = None
    max_tokens: MaxTokens = None
    min_generation: MinGeneration = None

    def inquiry(self) -> Inquiry:
        """The question as a corpus takes it. Raises InvalidInput for a filter that is none."""
        same = {name: getattr(self, name) for name in _SAME}
        filters = self.filters.filters() if self.filters else None
        return Inquiry(filters=filters, time=self.time == "on", **same)


_SAME = [name for name in AskIn.model_fields if name not in ("filters", "time")]


AnyOfThese = Annotated[
    list[str], Field(default_factory=list, max_length=1000, description="Any of these.")
]


class AskQuery(In):
    """A question as a link has it, with the filters of `FiltersIn`."""

    q: Annotated[
        str,
        Field(
            min_length=1,
            max_length=MAX_QUESTION,
            description=ASKED,
            examples=["sanctions", '"ferry line" -Lund'],
        ),
    ]
    top_k: TopK = 5
    mode: Mode = "hybrid"
    rerank: Rerank = True
    threshold: Threshold = None
    read: Read = None
    offset: Offset = 0
    sort: Sorted = "relevance"
    group_by: Grouped = None
    time: Time = "on"
    min_score: MinScore = 0.0
    expand: Expand = None
    max_tokens: MaxTokens = None
    min_generation: MinGeneration = None
    article_id: AnyOfThese
    publisher: AnyOfThese
    author: AnyOfThese
    language: AnyOfThese
    tag: AnyOfThese
    published_from: Since = None
    published_to: Until = None

    def asked(self) -> AskIn:
        """The same as POST /v1/ask takes it."""
        filters = FiltersIn(
            article_ids=self.article_id,
            publishers=self.publisher,
            authors=self.author,
            languages=self.language,
            tags=self.tag,
            published_from=self.published_from,
            published_to=self.published_to,
        )
        same = {name: getattr(self, name) for name in AskIn.model_fields if hasattr(self, name)}
        return AskIn(question=self.q, filters=filters, **same)


class NoQuery(In):
    """Nothing is asked for by the query of a POST: it stands in the body."""


class RelatedIn(In):
    """What others are to be related to: a text or a passage."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"text": "Arms deliveries to Serbia", "top_k": 3}]},
    )
    text: Annotated[
        str | None, Field(min_length=1, max_length=MAX_QUESTION, description="A text of yours.")
    ] = None
    passage_id: Annotated[
        str | None, Field(max_length=300, description="The id of a passage, in place of a text.")
    ] = None
    top_k: TopK = 5
    other_sources_only: Annotated[
        bool, Field(description="None of an article in which the passage or text itself stands.")
    ] = False
    min_generation: MinGeneration = None
