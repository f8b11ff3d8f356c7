"""What of a draft stands in its sources."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from qa.check import types
from qa.check.earlier import keyed
from qa.schemas.answers import SourceOut
from qa.schemas.described import (
    Citation,
    DraftEnd,
    DraftStart,
    End,
    PassageId,
    Start,
    TookMs,
    Verbatim,
)
from qa.schemas.verdicts import VerdictOut, from_fields
from qa.types import Depth, Span

SHOWN_BEHIND_MARK = 40  # characters


class CitedOut(BaseModel):
    """A reference of a draft."""

    start: int = Field(description="Where it stands in the draft.")
    end: DraftEnd
    label: str = Field(description="As the draft writes it.")
    target: str | None = Field(description="What it says of its source; null: nothing.")
    source: SourceOut | None = Field(description="Null: it is no article of the corpus.")

    @classmethod
    def of(cls, cited: types.Cited) -> CitedOut:
        return cls(
            start=cited.span.start,
            end=cited.span.end,
            label=cited.label,
            target=cited.target,
            source=SourceOut.of(cited.source) if cited.source else None,
        )


class KeyedOut(BaseModel):
    """What a mark on an item names, and whether an earlier check found it already."""

    key: str = Field(
        description="The same as long as its words, its references, its speaker and what they lead "
        "to are; `-2` behind what comes a second time."
    )
    taken_over: bool = Field(description="From `earlier`: nothing that it rests on has changed.")


class QuotationOut(VerdictOut, KeyedOut):
    """A quotation of a draft, and what became of it."""

    start: int = Field(description="Where the quotation stands in the draft.")
    end: DraftEnd
    references: list[CitedOut] = Field(description="What it refers to, in order.")
    speaker: str | None = Field(description="Who says it by the draft, where that is clear.")

    @classmethod
    def in_draft(cls, found: types.CheckedQuotation, key: str) -> QuotationOut:
        return cls(
            key=key,
            taken_over=found.taken_over,
            **VerdictOut.of(found.verdict).model_dump(),
            start=found.span.start,
            end=found.span.end,
            references=[CitedOut.of(cited) for cited in found.references],
            speaker=found.speaker,
        )


class MissingOut(BaseModel):
    """What a sentence states and its source lacks."""

    kind: Literal["number", "name", "date"] = Field(description="What it is.")
    text: str = Field(description="As the draft writes it.")


class ContradictionOut(BaseModel):
    """The sentence of a cited source that says the contrary."""

    passage_id: PassageId
    start: Start
    end: End
    text: Verbatim
    kind: types.ContradictionKind = Field(
        description="In what they differ; `statement` where it is no fact and no negation."
    )


class SupportingOut(BaseModel):
    """The passage of the cited source that supports a sentence best."""

    passage_id: PassageId
    start: int = Field(description="Of its best sentence, in the article's text.")
    end: End
    text: Verbatim
    score: float = Field(description="0 to 1: how far it supports the sentence.")
    missing: list[MissingOut] = Field(
        description="What the sentence states and all of the source lacks."
    )
    contradicts: ContradictionOut | None = Field(
        description="What of the cited source says the contrary, by the reader; it may be wrong."
    )
    read: bool | None = Field(
        description="Whether the reader read what is cited: false where the draft has too much of "
        "it, or another language; null where nothing is read."
    )
    source: SourceOut = Field(description="Who says it.")
    citation: Citation

    @classmethod
    def of(cls, found: types.SupportingPassage) -> SupportingOut:
        return cls(
            passage_id=found.passage_id,
            start=found.start,
            end=found.end,
            text=found.text,
            score=found.score,
            missing=[from_fields(MissingOut, missing) for missing in found.missing],
            contradicts=from_fields(ContradictionOut, found.contradicts)
            if found.contradicts
            else None,
            read=found.read,
            source=SourceOut.of(found.source, found.start, found.end),
            citation=found.citation,
        )


class ClaimOut(KeyedOut):
    """A sentence or clause of a draft that cites a source."""

    start: DraftStart
    end: DraftEnd
    text: str = Field(description="As the draft has it.")
    references: list[CitedOut] = Field(description="What it refers to, in order.")
    supporting: SupportingOut | None = Field(
        description="By all that it cites together: the best passage, and what none of the "
        "articles has. Null: nothing it cites is here."
    )
    covered_by: types.Covering = Field(
        description="`mark`: by its own reference; `paragraph`: by the next one of its paragraph."
    )
    by_source: list[SupportingOut] = Field(
        description="By each article alone, in the order of the references."
    )

    @classmethod
    def of(cls, claim: types.CheckedClaim, key: str) -> ClaimOut:
        return cls(
            key=key,
            taken_over=claim.taken_over,
            start=claim.span.start,
            end=claim.span.end,
            text=claim.text,
            references=[CitedOut.of(cited) for cited in claim.references],
            supporting=SupportingOut.of(claim.supporting) if claim.supporting else None,
            covered_by=claim.covered_by,
            by_source=[SupportingOut.of(found) for found in claim.by_source],
        )


class ReadingOut(BaseModel):
    """How many claims were read beside what they cite; those that cite nothing here are neither."""

    depth: Depth = Field(description="How much is read.")
    read: int = Field(description="They are read beside what they cite.")
    unread: int = Field(description="They are only compared: no contradiction is looked for.")


class DraftSpanOut(BaseModel):
    """A stretch of the draft."""

    start: DraftStart
    end: DraftEnd
    text: str = Field(description="As the draft has it.")

    @classmethod
    def of(cls, span: Span, text: str) -> DraftSpanOut:
        return cls(start=span.start, end=span.end, text=text[span.start : span.end])


class LookedAtOut(BaseModel):
    """What of the draft was looked at, and what was not or could not be."""

    words: int = Field(description="How many words the draft has.")
    quotations: int = Field(description="How many quotations were found in it.")
    references: int = Field(description="How many references.")
    nowhere: list[CitedOut] = Field(description="References that lead to no article.")
    uncited: list[DraftSpanOut] = Field(
        description="Sentences that no reference covers, in their order; those that only quote are "
        "not among them."
    )
    unclosed: list[DraftSpanOut] = Field(
        description="Quotation marks never closed, or never opened, with what stands behind them: "
        "nothing there was checked as a quotation."
    )
    outcome: types.Outcome = Field(
        description="`good`; `wrong`: a quotation, claim, reference or mark is; `unchecked`: "
        "nothing could be checked."
    )

    @classmethod
    def of(cls, report: types.DraftReport) -> LookedAtOut:
        text = report.text
        return cls(
            words=report.words,
            quotations=len(report.quotations),
            references=len(report.references),
            nowhere=[CitedOut.of(cited) for cited in report.nowhere],
            uncited=[DraftSpanOut.of(span, text) for span in report.uncited],
            unclosed=[
                DraftSpanOut.of(with_following(span, text), text) for span in report.unclosed
            ],
            outcome=report.outcome,
        )


def with_following(mark: Span, text: str) -> Span:
    """A quotation mark with some of what stands behind it in its line."""
    line = text.find("\n", mark.end, mark.end + SHOWN_BEHIND_MARK)
    return Span(mark.start, min(mark.end + SHOWN_BEHIND_MARK, len(text)) if line < 0 else line)


class AgainstOut(BaseModel):
    """What the draft was held against."""

    chosen: bool = Field(description="Not all articles of the corpus: those of `articles`.")
    beside: list[SourceOut] = Field(
        description="The sources that came beside it: ids that begin with `~`, and no page."
    )


class CheckTextOut(BaseModel):
    """What of a draft stands in its sources, and what does not."""

    quotations: list[QuotationOut] = Field(description="All that it quotes, in order.")
    claims: list[ClaimOut] = Field(description="All sentences that cite, in order.")
    references: list[CitedOut] = Field(description="All that it refers to, in order.")
    reading: ReadingOut = Field(description="How many claims were read.")
    looked_at: LookedAtOut = Field(description="What of it was looked at, and what was not.")
    against: AgainstOut = Field(description="What it was held against.")
    generation: int = Field(description="Of the corpus: it grows with every change.")
    state: str | None = Field(
        description="What was found, sealed, for `earlier` of a later check; null unless it was "
        "asked for with `remember`."
    )
    took_ms: TookMs

    @classmethod
    def of(cls, report: types.DraftReport, state: str | None = None) -> CheckTextOut:
        keys = {id(found): key for key, found in keyed(report)}
        return cls(
            quotations=[QuotationOut.in_draft(one, keys[id(one)]) for one in report.quotations],
            claims=[ClaimOut.of(claim, keys[id(claim)]) for claim in report.claims],
            references=[CitedOut.of(cited) for cited in report.references],
            reading=from_fields(ReadingOut, report),
            looked_at=LookedAtOut.of(report),
            against=AgainstOut(
                chosen=report.against.is_narrowed,
                beside=[SourceOut.of(one) for one in report.against.beside],
            ),
            generation=report.generation,
            state=state,
            took_ms=report.took_ms,
        )
