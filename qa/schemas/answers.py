"""Questions and what answers them, related passages and the sources of both."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from qa import types
from qa.citations.line import citation
from qa.filters import Filters
from qa.ids import is_beside
from qa.related.related import Related
from qa.request_limits import MAX_OFFSET, MAX_QUESTION, MAX_TOP_K
from qa.retrieval.lookup import PassageView
from qa.schemas.paths import article_path
from qa.text.language import stated_or_told

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
    model_config = ConfigDict(extra="forbid")


class FiltersIn(In):
    """Only passages of articles that pass every filter given."""

    article_ids: Names | None = None
    publishers: Names | None = None
    authors: Names | None = None
    languages: Annotated[
        Names | None,
        Field(description="As articles state them: `en` finds en-GB, `sr` sr-Latn and sr-Cyrl."),
    ] = None
    tags: Names | None = None
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
    question: Annotated[str, Field(min_length=1, max_length=MAX_QUESTION)]
    top_k: TopK = 5
    filters: FiltersIn | None = None
    mode: types.Mode = "hybrid"
    rerank: Rerank = True
    threshold: Threshold = None
    read: Read = None
    offset: Offset = 0
    sort: Sorted = "relevance"
    group_by: Grouped = None
    time: Time = "on"


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
            description="The question.",
            examples=["sanctions", '"ferry line" -Lund'],
        ),
    ]
    top_k: TopK = 5
    mode: types.Mode = "hybrid"
    rerank: Rerank = True
    threshold: Threshold = None
    read: Read = None
    offset: Offset = 0
    sort: Sorted = "relevance"
    group_by: Grouped = None
    time: Time = "on"
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
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"text": "Arms deliveries to Serbia", "top_k": 3}]},
    )
    text: Annotated[str, Field(min_length=1, max_length=MAX_QUESTION)] | None = None
    passage_id: Annotated[str, Field(max_length=300)] | None = None
    top_k: TopK = 5
    other_sources_only: Annotated[
        bool, Field(description="None of an article in which the passage or text itself stands.")
    ] = False


class SpanOut(BaseModel):
    start: int
    end: int


class StatedOut(BaseModel):
    """What a source says of itself; null where it says nothing."""

    title: str | None
    url: str | None
    publisher: str | None
    author: str | None
    authors: list[str] = Field(description="The names in `author`, each apart.")
    published: str | None
    language: str | None


class SourceOut(StatedOut):
    article_id: str
    page: int | None = Field(description="Of a PDF: the page on which the passage begins.")
    page_label: str | None = Field(
        description="What the PDF calls that page, where it is not its number: iv."
    )
    time: str | None = Field(description="Of subtitles: when what the passage says begins.")
    link: str = Field(
        description="Path of the page that shows the place in the article; “” for a source that "
        "came beside a draft, which has none."
    )

    @classmethod
    def of(
        cls, source: types.Source, start: int | None = None, end: int | None = None
    ) -> SourceOut:
        return cls(
            article_id=source.article_id,
            page=source.page,
            page_label=source.page_label,
            time=source.time,
            link=""
            if is_beside(source.article_id)
            else article_path(source.article_id, start, end),
            **source.stated(),
        )


Language = Annotated[
    str | None,
    Field(
        description="The language that the article states, else the one that the passage is told "
        "to be in by its script and its small words (Croatian and Bosnian as `sr`); null where "
        "that is not clear.",
        examples=["sr"],
    ),
]


class PassageOut(BaseModel):
    id: str
    article_id: str
    start: int
    end: int
    text: str
    language: Language
    source: SourceOut
    citation: str
    also_in: list[SourceOut]

    @classmethod
    def of_view(cls, view: PassageView) -> PassageOut:
        """A passage that was looked up by its id."""
        found = view.passage
        return cls(
            id=found.id,
            article_id=found.article_id,
            start=found.start,
            end=found.end,
            text=found.text,
            language=stated_or_told(view.source.language, found.text),
            source=SourceOut.of(view.source, found.start, found.end),
            citation=citation(view.source, found.start, found.end),
            also_in=[SourceOut.of(source, p.start, p.end) for source, p in view.also_in],
        )


class ScoresOut(BaseModel):
    dense: float | None = Field(description="Cosine; null when not among the nearest by meaning.")
    lexical: float | None = Field(description="BM25; null when not among the best by words.")


class HitOut(PassageOut):
    score: float
    scores: ScoresOut
    highlights: list[SpanOut]

    @classmethod
    def of(cls, hit: types.Hit) -> HitOut:
        passage = hit.passage
        return cls(
            id=passage.id,
            article_id=passage.article_id,
            start=passage.start,
            end=passage.end,
            text=passage.text,
            language=stated_or_told(hit.source.language, passage.text),
            score=hit.score,
            scores=ScoresOut(dense=hit.dense, lexical=hit.lexical),
            highlights=[SpanOut(start=s.start, end=s.end) for s in hit.highlights],
            source=SourceOut.of(hit.source, passage.start, passage.end),
            citation=hit.citation,
            also_in=[SourceOut.of(source, p.start, p.end) for source, p in hit.also_in],
        )


class WordsOut(SpanOut):
    text: str


class SaidByOut(BaseModel):
    name: str = Field(description="As the article has it in full.")
    start: int = Field(description="Where the words stand that show it.")
    end: int
    text: str


class StatementOut(BaseModel):
    text: str
    article_id: str
    passage_id: str
    start: int
    end: int
    words: WordsOut | None = Field(
        description="The words of `text` that answer, as offsets of the article; asked who says "
        "it, the name, wherever it stands there. Null when the whole sentence answers, when "
        "nothing was read, and when it is not sure which words they are."
    )
    speaker: SaidByOut | None = Field(
        description="Who says what `text` quotes, or says, if that is asked. Null when it quotes "
        "nothing, and when the article leaves it unclear."
    )
    language: Language


class IndexOut(BaseModel):
    generation: int
    encoder: str


class UnderstoodOut(SpanOut):
    """Words of the question that do more than to be looked for."""

    kind: types.Reads = Field(
        description="`phrase`: passages have it word for word; `without`: none has it; `since`: "
        "articles dated before are left out; `period`, `latest`: what is of it, or is new, comes "
        "earlier."
    )
    effect: Literal["filter", "preference"]
    text: str = Field(description="== question[start:end]", examples=["since 2024"])
    words: str = Field(description="Of `phrase` and `without`: the words, without marks.")
    published_from: str | None = Field(examples=["2024"])
    published_to: str | None
    month: int | None = Field(description="Of any year: 5 for “in May”.")


class AskOut(BaseModel):
    question: str
    answered: bool
    confidence: float
    reason: str | None = Field(description="When not answered: why.")
    answer: StatementOut | None
    passages: list[HitOut]
    read: types.Depth = Field(
        description="How much was read: `off` too where the reader does not know the language, and "
        "for a question of more than 30 words."
    )
    understood: list[UnderstoodOut] = Field(
        description="What was read of the question besides its words; `time=off` leaves out the "
        "time, and the marks and the minus are the question's own."
    )
    offset: int
    next_offset: int | None = Field(description="Where the next page begins; null on the last.")
    index: IndexOut
    took_ms: float

    @classmethod
    def of(cls, answer: types.Answer) -> AskOut:
        said = answer.statement
        return cls(
            question=answer.question,
            answered=answer.answered,
            confidence=answer.confidence,
            reason=answer.reason,
            answer=StatementOut.model_validate(said, from_attributes=True) if said else None,
            passages=[HitOut.of(hit) for hit in answer.hits],
            read=answer.read,
            understood=[
                UnderstoodOut.model_validate(one, from_attributes=True) for one in answer.understood
            ],
            offset=answer.offset,
            next_offset=answer.next_offset,
            index=IndexOut(generation=answer.generation, encoder=answer.encoder),
            took_ms=answer.took_ms,
        )


class WhyOut(BaseModel):
    similarity: float = Field(description="Cosine of the two passages' vectors.")
    shared_names: list[str] = Field(description="Names that both have, as this passage has them.")
    shared_terms: list[str] = Field(description="The rarest words that both have, at most five.")


class RelatedHitOut(HitOut):
    related: WhyOut

    @classmethod
    def of(cls, hit: types.Hit) -> RelatedHitOut:
        why = WhyOut.model_validate(hit.why, from_attributes=True)
        return cls(**dict(HitOut.of(hit)), related=why)


class RelatedOut(BaseModel):
    passages: list[RelatedHitOut]
    copies: list[SourceOut] = Field(
        description="Articles in which the passage or text itself stands, exactly or nearly."
    )

    @classmethod
    def of(cls, found: Related) -> RelatedOut:
        return cls(
            passages=[RelatedHitOut.of(hit) for hit in found.hits],
            copies=[SourceOut.of(source, p.start, p.end) for source, p in found.copies],
        )
