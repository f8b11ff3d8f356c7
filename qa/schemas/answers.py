"""What answers a question, related passages, and the sources of both."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from qa import types
from qa.citations.line import citation
from qa.ids import is_beside
from qa.related.related import Related
from qa.retrieval.lookup import PassageView
from qa.schemas.described import (
    ArticleId,
    Author,
    Citation,
    End,
    Generation,
    Language,
    PassageId,
    PassageLanguage,
    Published,
    Publisher,
    Start,
    Title,
    TookMs,
    Url,
    Verbatim,
)
from qa.schemas.paths import article_path
from qa.text.language import stated_or_told


class SpanOut(BaseModel):
    """A stretch of an article's text."""

    start: Start
    end: End


class StatedOut(BaseModel):
    """What a source says of itself; null where it says nothing."""

    title: Title
    url: Url
    publisher: Publisher
    author: Author
    authors: list[str] = Field(description="The names in `author`, each apart.")
    published: Published
    language: Language


class SourceOut(StatedOut):
    """Who says what stands at a place, as far as the article states it."""

    article_id: ArticleId
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


class ExpandedOut(BaseModel):
    """What a passage stands within: at most 6,000 characters."""

    start: Start
    end: End
    text: Verbatim
    passage: SpanOut = Field(description="Where the passage stands in this `text`.")
    citation: Citation

    @classmethod
    def of(cls, found: types.Extract, passage: types.Passage) -> ExpandedOut:
        within = SpanOut(start=passage.start - found.start, end=passage.end - found.start)
        return cls(
            start=found.start,
            end=found.end,
            text=found.text,
            passage=within,
            citation=found.citation,
        )


class PassageOut(BaseModel):
    """A passage of an article, with its footnote."""

    id: PassageId
    article_id: ArticleId
    start: Start
    end: End
    text: Verbatim
    language: PassageLanguage
    source: SourceOut = Field(description="Who says it.")
    citation: Citation
    also_in: list[SourceOut] = Field(description="Other articles with the same text.")
    expanded: ExpandedOut | None = Field(description="What it stands within, with `expand`.")

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
            expanded=ExpandedOut.of(view.expanded, found) if view.expanded else None,
        )


class ScoresOut(BaseModel):
    """How near a passage is by each index."""

    dense: float | None = Field(description="Cosine; null when not among the nearest by meaning.")
    lexical: float | None = Field(description="BM25; null when not among the best by words.")


class HitOut(PassageOut):
    """A passage that was found."""

    score: float = Field(description="0 to 1, the best first; of this list alone.")
    scores: ScoresOut = Field(description="Of each index.")
    highlights: list[SpanOut] = Field(
        description="Sentences that support, in the article's offsets, the best first."
    )

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
            expanded=ExpandedOut.of(hit.expanded, passage) if hit.expanded else None,
        )


class WordsOut(SpanOut):
    """Words of an article."""

    text: Verbatim


class SaidByOut(BaseModel):
    """Who says it."""

    name: str = Field(description="As the article has it in full.")
    start: int = Field(description="Where the words stand that show it.")
    end: End
    text: Verbatim


class StatementOut(BaseModel):
    """The sentence that answers."""

    text: Verbatim
    article_id: ArticleId
    passage_id: PassageId
    start: Start
    end: End
    words: WordsOut | None = Field(
        description="The words of `text` that answer, as offsets of the article; asked who says "
        "it, the name, wherever it stands there. Null when the whole sentence answers, when "
        "nothing was read, and when it is not sure which words they are."
    )
    speaker: SaidByOut | None = Field(
        description="Who says what `text` quotes, or says, if that is asked. Null when it quotes "
        "nothing, and when the article leaves it unclear."
    )
    language: PassageLanguage


class IndexOut(BaseModel):
    """A state of the corpus."""

    generation: Generation
    encoder: str = Field(description="The model that the passages are embedded with.")


class UnderstoodOut(BaseModel):
    """Words of the question that do more than to be looked for."""

    start: int = Field(description="Where they begin in the question.")
    end: int = Field(description="Where they end there.")
    kind: types.Reads = Field(
        description="`phrase`: passages have it word for word, or as a preference come earlier if "
        "they do; `without`: none has it; `since`: articles dated before are left out; `period`, "
        "`latest`: what is of it, or is new, comes earlier."
    )
    effect: Literal["filter", "preference"] = Field(
        description="Whether others are left out, or come later."
    )
    text: str = Field(description="== question[start:end]", examples=["since 2024"])
    words: str = Field(description="Of `phrase` and `without`: the words, without marks.")
    published_from: str | None = Field(
        description="From when on, as precise as it is said.", examples=["2024"]
    )
    published_to: str | None = Field(description="Until when, likewise.")
    month: int | None = Field(description="Of any year: 5 for “in May”.")
    stands: bool | None = Field(
        description="Of a `phrase` that is a preference: whether a passage has it word for word."
    )


class WithinOut(BaseModel):
    """A passage that was found, within a part of a context."""

    id: PassageId
    start: int = Field(description="Where it begins in the `text` of the part.")
    end: int = Field(description="Where it ends there, half open.")


class ContextPartOut(BaseModel):
    """A part of an article for a prompt: what overlaps or adjoins is one part."""

    article_id: ArticleId
    start: Start
    end: End
    text: Verbatim
    tokens: int = Field(description="Of the `text`, as the encoder's own tokenizer counts them.")
    passages: list[WithinOut] = Field(description="The passages in it, in the order of the text.")
    source: SourceOut = Field(description="Who says it.")
    citation: Citation

    @classmethod
    def of(cls, part: types.ContextPart) -> ContextPartOut:
        return cls(
            article_id=part.source.article_id,
            start=part.start,
            end=part.end,
            text=part.text,
            tokens=part.tokens,
            passages=[
                WithinOut(id=p.id, start=p.start - part.start, end=p.end - part.start)
                for p in part.passages
            ],
            source=SourceOut.of(part.source, part.start, part.end),
            citation=part.citation,
        )


class ContextOut(BaseModel):
    """What of the passages goes into a prompt."""

    parts: list[ContextPartOut] = Field(description="The part with the best passage first.")
    tokens: int = Field(description="Of all parts together.")
    max_tokens: int = Field(description="How many there is room for.")
    left_out: list[str] = Field(description="Ids of the passages for which there was no room.")

    @classmethod
    def of(cls, context: types.Context) -> ContextOut:
        return cls(
            parts=[ContextPartOut.of(part) for part in context.parts],
            tokens=context.tokens,
            max_tokens=context.max_tokens,
            left_out=list(context.left_out),
        )


class AskOut(BaseModel):
    """What answers a question."""

    question: str = Field(description="As it was asked.")
    answered: bool = Field(description="Whether the passages answer it: `confidence` is enough.")
    confidence: float = Field(description="How probable it is that the first passages answer.")
    reason: str | None = Field(description="When not answered: why.")
    answer: StatementOut | None = Field(description="The sentence that answers; null: none does.")
    passages: list[HitOut] = Field(
        description="The best first; when not answered, the nearest all the same."
    )
    context: ContextOut | None = Field(description="For a prompt; null without `max_tokens`.")
    read: types.Depth = Field(
        description="How much was read: `off` too where the reader does not know the language, and "
        "for a question of more than 30 words."
    )
    understood: list[UnderstoodOut] = Field(
        description="What was read of the question besides its words; `time=off` leaves out the "
        "time, and the marks and the minus are the question's own."
    )
    notes: list[str] = Field(
        description="What of the question was not asked for as it stands there: the end of one "
        "that is too long, a quoted phrase that no passage has."
    )
    unread: str = Field(
        description="The end of a question that is longer than the encoder reads, else “”: found "
        "by its words alone, in dense mode by nothing."
    )
    offset: int = Field(description="How many passages are on the pages before.")
    next_offset: int | None = Field(description="Where the next page begins; null on the last.")
    index: IndexOut = Field(description="What the question was asked of.")
    took_ms: TookMs

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
            context=ContextOut.of(answer.context) if answer.context else None,
            read=answer.read,
            understood=[
                UnderstoodOut.model_validate(one, from_attributes=True) for one in answer.understood
            ],
            notes=list(answer.notes),
            unread=answer.unread,
            offset=answer.offset,
            next_offset=answer.next_offset,
            index=IndexOut(generation=answer.generation, encoder=answer.encoder),
            took_ms=answer.took_ms,
        )


class WhyOut(BaseModel):
    """What two passages have in common."""

    similarity: float = Field(description="Cosine of the two passages' vectors.")
    shared_names: list[str] = Field(description="Names that both have, as this passage has them.")
    shared_terms: list[str] = Field(description="The rarest words that both have, at most five.")


class RelatedHitOut(HitOut):
    """A passage about the same matter."""

    related: WhyOut = Field(description="What it has in common with the other.")

    @classmethod
    def of(cls, hit: types.Hit) -> RelatedHitOut:
        why = WhyOut.model_validate(hit.why, from_attributes=True)
        return cls(**dict(HitOut.of(hit)), related=why)


class RelatedOut(BaseModel):
    """Passages about the same matter as another, or as a text."""

    passages: list[RelatedHitOut] = Field(description="The nearest first.")
    copies: list[SourceOut] = Field(
        description="Articles in which the passage or text itself stands, exactly or nearly."
    )
    notes: list[str] = Field(description="Of a text that is longer than the encoder reads.")
    generation: Generation

    @classmethod
    def of(cls, found: Related) -> RelatedOut:
        return cls(
            passages=[RelatedHitOut.of(hit) for hit in found.hits],
            copies=[SourceOut.of(source, p.start, p.end) for source, p in found.copies],
            notes=list(found.notes),
            generation=found.generation,
        )
