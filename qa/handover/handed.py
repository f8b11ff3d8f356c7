"""The items of a checked draft with what a person says of them, as every format shows them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from qa.check.earlier import key_of, keyed
from qa.check.types import (
    CheckedClaim,
    CheckedQuotation,
    Difference,
    DraftReport,
    Match,
    Supported,
    SupportingPassage,
    Verdict,
)
from qa.handover.reviewer_marks import Mark, Marks
from qa.handover.verdict_labels import Label, kind_named, of_item
from qa.types import Source, Span
from qa.wording.catalogue import say

_SHOWN_WORDS = 200  # characters by which an item is known again


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a source that an item was held against."""

    source: Source
    start: int | None  # None: not in the text, but in its title, say
    end: int | None
    before: str  # of its sentence
    text: str
    after: str
    citation: str
    said_by: str | None = None


@dataclass(frozen=True, slots=True)
class HandedItem:
    """A quotation or citing sentence, what was found of it, and what a person says of that."""

    number: int
    key: str
    found: CheckedQuotation | CheckedClaim
    label: Label
    line: int  # of the draft, from 1
    mark: Mark

    @property
    def span(self) -> Span:
        return self.found.span

    @property
    def is_claim(self) -> bool:
        return isinstance(self.found, CheckedClaim)

    @property
    def kind(self) -> str:
        return say("citing sentence") if self.is_claim else say("quotation")

    @property
    def words(self) -> str:
        return words_of(self.found)

    @property
    def speaker(self) -> str | None:
        """Who says it by the draft."""
        return None if isinstance(self.found, CheckedClaim) else self.found.speaker

    @property
    def remark(self) -> str | None:
        """What the check says besides the verdict."""
        return None if isinstance(self.found, CheckedClaim) else self.found.verdict.note

    @property
    def places(self) -> list[Place]:
        """Where it stands, or what comes near: of a quotation that is in one piece the first."""
        if isinstance(self.found, CheckedClaim):
            return [_of_support(one) for one in self.found.by_source]
        verdict = self.found.verdict
        shown = verdict.matches if verdict.verdict == "spliced" else verdict.matches[:1]
        return [_of_match(match) for match in shown]

    @property
    def differs(self) -> list[str]:
        """In what it differs from its source, in words."""
        if isinstance(self.found, CheckedClaim):
            return list(_lacking(self.found))
        return [said(one) for match in self.found.verdict.matches[:1] for one in match.differences]

    @property
    def referring(self) -> list[str]:
        """What it refers to in the draft: "[1]: Life at the port"."""
        cited, nowhere = {one.label: one for one in self.found.references}, say("not here")
        return [
            f"{label}: {one.source.title or one.source.article_id if one.source else nowhere}"
            for label, one in cited.items()
        ]


def handed(report: DraftReport, marks: Marks | None = None) -> list[HandedItem]:
    """The items of a report in the draft's order, each with its mark."""
    found = keyed(report)
    lines = _lines(report.text, [one.span.start for _, one in found])
    narrowed, marks = report.against.is_narrowed, marks or {}
    return [
        HandedItem(
            number=number,
            key=key,
            found=one,
            label=of_item(one, narrowed),
            line=line,
            mark=replace(
                marks.get(key, Mark()).on(finding_of(one)), words=words_of(one)[:_SHOWN_WORDS]
            ),
        )
        for number, ((key, one), line) in enumerate(zip(found, lines, strict=True), 1)
    ]


def left_over(items: Sequence[HandedItem], marks: Marks) -> list[Mark]:
    """What a person said of items that are no longer in the draft."""
    here = {item.key for item in items}
    return [mark for key, mark in marks.items() if key not in here and mark.says_anything]


def words_of(found: CheckedQuotation | CheckedClaim) -> str:
    """The words of a draft that are checked."""
    return found.text if isinstance(found, CheckedClaim) else found.verdict.quote


def finding_of(found: CheckedQuotation | CheckedClaim) -> str:
    """A digest of what the check found: equal for two checks that found the same."""
    if isinstance(found, CheckedClaim):
        return key_of(_adapter(Supported).dump_python(found.supported, mode="json"))
    verdict: dict[str, Any] = _adapter(Verdict).dump_python(found.verdict, mode="json")
    return key_of({**verdict, "took_ms": 0})


def said(found: Difference) -> str:
    """A difference in words: "a number: the source has “14”, the quote “15”"."""
    values = {"kind": kind_named(found.kind), "source": found.source, "quote": found.quote}
    if found.op == "insert":
        return say("%(kind)s: the quote adds “%(quote)s”", **values)
    if found.op == "delete":
        return say("%(kind)s: the quote leaves out “%(source)s”", **values)
    return say("%(kind)s: the source has “%(source)s”, the quote “%(quote)s”", **values)


@cache
def _adapter(kind: type) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def _lines(text: str, starts: Sequence[int]) -> Iterator[int]:
    """The number of the line in which each of some ascending places is."""
    line, at = 1, 0
    for start in starts:
        line, at = line + text.count("\n", at, start), start
        yield line


def _of_match(match: Match) -> Place:
    in_text, sentence = match.field == "text", match.sentence
    start, end = match.start - sentence.start, match.end - sentence.start
    return Place(
        source=match.source,
        start=match.start if in_text else None,
        end=match.end if in_text else None,
        before=sentence.text[:start],
        text=match.text,
        after=sentence.text[end:],
        citation=match.citation,
        said_by=match.speaker.name if match.speaker else None,
    )


def _of_support(one: SupportingPassage) -> Place:
    return Place(one.source, one.start, one.end, "", one.text, "", one.citation)


def _lacking(claim: CheckedClaim) -> Iterator[str]:
    supporting = claim.supporting
    if supporting is None:
        return
    if supporting.contradicts:
        yield say("the contrary, it seems: %(text)s", text=supporting.contradicts.text)
    for fact in supporting.missing:
        yield say("missing there: %(text)s (%(kind)s)", text=fact.text, kind=kind_named(fact.kind))
