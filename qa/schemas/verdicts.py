"""A quote to check, and the verdict on it."""

from __future__ import annotations

from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from qa.check import types
from qa.request_limits import MAX_QUESTION
from qa.schemas.answers import SourceOut
from qa.schemas.described import ArticleId, Citation, End, Generation, PassageId, Start, TookMs
from qa.schemas.questions import In, MinGeneration


class CheckIn(In):
    """A quote, and where and by whom it is said to be."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"quote": "Resolution 1245 exists until another agreement is reached"}]
        },
    )
    quote: Annotated[
        str, Field(min_length=1, max_length=MAX_QUESTION, description="The words that are quoted.")
    ]
    article_id: Annotated[
        str | None, Field(max_length=250, description="The article it is said to be from.")
    ] = None
    passage_id: Annotated[
        str | None, Field(max_length=300, description="The passage it is said to be from.")
    ] = None
    speaker: Annotated[str | None, Field(max_length=200, description="Who is said to say it.")] = (
        None
    )
    min_generation: MinGeneration = None

    def inquiry(self) -> types.QuoteInquiry:
        """The quote as a corpus takes it."""
        return types.QuoteInquiry(self.quote, self.article_id, self.passage_id, self.speaker)


_Out = TypeVar("_Out", bound=BaseModel)


def from_fields(out: type[_Out], found: object) -> _Out:
    """A model whose fields are all attributes of ours."""
    return out.model_validate(found, from_attributes=True)


class DifferenceOut(BaseModel):
    """Words that differ between a quote and its source."""

    op: types.DifferenceOp = Field(
        description="What was done to the source: `delete`, left out; `insert`, added; `replace`."
    )
    quote: str = Field(description="What the quote has there.")
    source: str = Field(description="What the source has there.")
    kind: types.DifferenceKind = Field(description="What of it differs.")
    same_value: bool = Field(
        description="Whether both say one number, written otherwise: 12 % and 12 percent."
    )


class PlacedOut(BaseModel):
    """Words of an article, and where they stand."""

    start: int | None = Field(description="In the article’s text; null in another field.")
    end: int | None = Field(description="Where they end there, half open; null likewise.")
    text: str = Field(description="The words as the article has them.")


class PartOut(PlacedOut):
    """A part of a quote that is not in one piece."""

    quote: str = Field(description="The words of the quote that stand there.")


class SpeakerOut(BaseModel):
    """Who says a quote in its source."""

    name: str | None = Field(
        description="As the article names whoever says it; null where that is not clear."
    )
    start: int | None = Field(description="Where the words stand that show it.")
    end: int | None = Field(description="Where they end.")
    text: str | None = Field(description="The words that show it.")
    agrees: bool | Literal["unknown"] = Field(
        description="With the speaker asked about; “unknown” also when nobody was."
    )

    @classmethod
    def of(cls, speaker: types.Speaker) -> SpeakerOut:
        shown = speaker.shown_by
        return cls(
            name=speaker.name,
            start=shown.start if shown else None,
            end=shown.end if shown else None,
            text=shown.text if shown else None,
            agrees="unknown" if speaker.agrees is None else speaker.agrees,
        )


class CopyOut(BaseModel):
    """The same place in a copy of the article."""

    passage_id: PassageId
    start: Start
    end: End
    source: SourceOut = Field(description="Who says it there.")
    citation: Citation

    @classmethod
    def of(cls, copy: types.Copy) -> CopyOut:
        where = SourceOut.of(copy.source, copy.start, copy.end)
        return cls(
            passage_id=copy.passage_id,
            start=copy.start,
            end=copy.end,
            source=where,
            citation=copy.citation,
        )


class CutOut(BaseModel):
    """What the sentence of a quote says besides."""

    before: str | None = Field(description="What its sentence says before the quote.")
    after: str | None = Field(description="What its sentence says behind the quote.")


class MatchOut(BaseModel):
    """A place where a quote stands, or nearly does."""

    article_id: ArticleId
    passage_id: PassageId
    field: types.MatchField = Field(
        description="Where it stands; offsets are of the text alone, and null elsewhere."
    )
    start: int | None = Field(description="Where it begins in the article's text.")
    end: int | None = Field(description="Where it ends there, half open.")
    text: str = Field(description="The words as the source has them.")
    similarity: float = Field(description="How much of the quote stands there: 1 is all.")
    source: SourceOut = Field(description="Who says it there.")
    citation: Citation
    differences: list[DifferenceOut] = Field(description="What of the words differs, in order.")
    sentence: PlacedOut = Field(description="From the beginning of a sentence to its end.")
    parts: list[PartOut] = Field(description="When the quote is not in one piece: in its order.")
    speaker: SpeakerOut | None = Field(
        description="Never null when a speaker was asked about; else null where it is not clear."
    )
    also_in: list[CopyOut] = Field(description="The same place in copies of the article.")
    cut: CutOut | None = Field(
        description="What is cut off an accepted quote; null where its sentence is whole."
    )

    @classmethod
    def of(cls, match: types.Match) -> MatchOut:
        in_text = match.field == "text"
        span = (match.start, match.end) if in_text else (None, None)
        return cls(
            article_id=match.source.article_id,
            passage_id=match.passage_id,
            field=match.field,
            start=span[0],
            end=span[1],
            text=match.text,
            similarity=match.similarity,
            source=SourceOut.of(match.source, *span),
            citation=match.citation,
            differences=[from_fields(DifferenceOut, found) for found in match.differences],
            sentence=_placed(PlacedOut, match.sentence, in_text),
            parts=[_placed(PartOut, part, in_text) for part in match.parts],
            cut=from_fields(CutOut, match.cut) if match.cut else None,
            speaker=SpeakerOut.of(match.speaker) if match.speaker else None,
            also_in=[CopyOut.of(copy) for copy in match.also_in],
        )


_Placed = TypeVar("_Placed", bound=PlacedOut)


def _placed(out: type[_Placed], found: object, in_text: bool) -> _Placed:
    """Words and where they stand, if that is in the text."""
    placed = from_fields(out, found)
    return placed if in_text else placed.model_copy(update={"start": None, "end": None})


class SourceChangeOut(BaseModel):
    """What became of a passage whose article has changed."""

    passage_id: str = Field(description="As it was cited.")
    article_id: ArticleId
    now: str | None = Field(description="The passage the quote stands in now; null: it is gone.")


class VerdictOut(BaseModel):
    """What became of a quote."""

    quote: str = Field(description="As it was given.")
    verdict: types.VerdictName = Field(
        description="`verbatim` and `normalized` (only typography differs) are right; the others "
        "are not: `altered`, `spliced`, `misattributed`, `not_found`."
    )
    matches: list[MatchOut] = Field(description="Where it stands, or nearly; the best first.")
    note: str | None = Field(description="What else is to be known, in sentences.")
    too_short: bool = Field(description="Under four words: it may stand anywhere.")
    source_changed: SourceChangeOut | None = Field(
        description="When the passage cited is of an earlier version of its article."
    )
    took_ms: TookMs

    @classmethod
    def of(cls, verdict: types.Verdict) -> VerdictOut:
        changed = verdict.source_changed
        return cls(
            quote=verdict.quote,
            verdict=verdict.verdict,
            matches=[MatchOut.of(match) for match in verdict.matches],
            note=verdict.note,
            too_short=verdict.too_short,
            source_changed=from_fields(SourceChangeOut, changed) if changed else None,
            took_ms=verdict.took_ms,
        )


class CheckOut(VerdictOut):
    """What became of a quote, and of which state of the corpus that is said."""

    generation: Generation

    @classmethod
    def of(cls, verdict: types.Verdict) -> CheckOut:
        return cls(**dict(VerdictOut.of(verdict)), generation=verdict.generation)
