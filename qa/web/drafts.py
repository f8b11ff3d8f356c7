"""A checked draft as it is shown: its items numbered, its text cut at them, and a summary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise
from typing import Any

from qa.check.types import CheckedClaim, CheckedQuotation, DraftReport
from qa.handover.handed import HandedItem, handed
from qa.handover.reviewer_marks import Mark, Marks
from qa.handover.verdict_labels import Label, in_order
from qa.ids import is_beside
from qa.request_limits import MAX_QUESTION
from qa.schemas.paths import path
from qa.web import labels
from qa.web.diff import ShownMatch, places


@dataclass(frozen=True, slots=True)
class DraftItem:
    """A quotation or a citing sentence of a draft, numbered in the draft's order."""

    number: int
    found: CheckedQuotation | CheckedClaim
    label: Label
    places: Sequence[ShownMatch] = ()  # of a quotation; of several like ones the first
    more: int = 0  # like ones
    closer: str | None = None  # where a quotation is shown with all its places
    marked: bool = False  # it has a stretch of the draft to itself
    key: str = ""
    mark: Mark = field(default_factory=Mark)

    @property
    def is_claim(self) -> bool:
        return isinstance(self.found, CheckedClaim)

    @property
    def kind(self) -> str:
        """The verdict as the filter of the page names it: "not-found"."""
        return self.label.slug

    @property
    def shown(self) -> set[str]:
        """The articles whose words are shown."""
        if isinstance(self.found, CheckedClaim):
            return {one.source.article_id for one in self.found.by_source}
        return {place.match.source.article_id for place in self.places}


@dataclass(frozen=True, slots=True)
class DraftStretch:
    """A stretch of a draft, and whose it is."""

    text: str
    item: DraftItem | None
    first: bool = False  # the item begins here
    last: bool = False  # and ends here


@dataclass(frozen=True, slots=True)
class Summary:
    """How many items a draft has, and how many of them for each verdict."""

    total: int
    noun: str
    counts: list[tuple[Label, int]]

    @property
    def kinds(self) -> list[tuple[str, Label, int]]:
        """The same with the names by which cards are filtered."""
        return [(label.slug, label, number) for label, number in self.counts]


def draft(report: DraftReport, marks: Marks | None = None) -> dict[str, Any]:
    """What the page of a draft is filled in with."""
    items = [_shown(item) for item in handed(report, marks)]
    owners = _owners(len(report.text), items)
    seen = {item.number for _, _, item in owners if item}
    items = [replace(item, marked=item.number in seen) for item in items]
    return {
        "items": items,
        "unread": labels.unread(report),
        "stretches": _stretches(report.text, owners),
        "reading": report if report.depth != "off" and report.read + report.unread else None,
        "summary": [
            _summary("quotation", (item for item in items if not item.is_claim)),
            _summary("citing sentence", (item for item in items if item.is_claim)),
        ],
    }


def _shown(item: HandedItem) -> DraftItem:
    found = item.found
    if isinstance(found, CheckedClaim):
        return DraftItem(item.number, found, item.label, key=item.key, mark=item.mark)
    verdict, all_places = found.verdict, places(found.verdict)
    # The matches of a spliced quotation are its parts, those of others are like one another.
    shown = all_places if verdict.verdict == "spliced" else all_places[:1]
    return DraftItem(
        number=item.number,
        found=found,
        label=item.label,
        places=shown,
        more=len(all_places) - len(shown),
        closer=_closer(found),
        key=item.key,
        mark=item.mark,
    )


def _closer(found: CheckedQuotation) -> str | None:
    """The page of the quotation alone, unless it is too long, or is in a source of the draft's."""
    beside = any(is_beside(match.source.article_id) for match in found.verdict.matches)
    if len(found.verdict.quote) > MAX_QUESTION or beside:
        return None
    here = {match.source.article_id for match in found.verdict.matches}
    cited = [(one.source.article_id, one.passage_id) for one in found.references if one.source]
    # Of several the one that it was found in.
    article_id, passage_id = max(cited, key=lambda one: one[0] in here, default=(None, None))
    return path(
        "/check",
        quote=found.verdict.quote,
        article_id=article_id,
        passage_id=passage_id,
        speaker=found.speaker,
    )


def _owners(length: int, items: Sequence[DraftItem]) -> list[tuple[int, int, DraftItem | None]]:
    """The draft cut at its items; where one stands within another, it is the inner one's."""
    spans = [item.found.span for item in items]
    cuts = sorted({0, length, *(s.start for s in spans), *(s.end for s in spans)})
    owned = [(start, end, _innermost(items, start)) for start, end in pairwise(cuts)]
    together = (list(run) for _, run in groupby(owned, key=lambda cut: cut[2] and cut[2].number))
    return [(run[0][0], run[-1][1], run[0][2]) for run in together]


def _innermost(items: Sequence[DraftItem], at: int) -> DraftItem | None:
    within = (i for i in reversed(items) if i.found.span.start <= at < i.found.span.end)
    return next(within, None)


def _stretches(
    text: str, owners: Sequence[tuple[int, int, DraftItem | None]]
) -> list[DraftStretch]:
    numbers = [item.number if item else 0 for _, _, item in owners]
    return [
        DraftStretch(
            text[start:end],
            item,
            first=numbers[i] not in numbers[:i],
            last=numbers[i] not in numbers[i + 1 :],
        )
        for i, (start, end, item) in enumerate(owners)
    ]


def _summary(noun: str, items: Iterable[DraftItem]) -> Summary:
    known = [item.label for item in items]
    counts = Counter(said.slug for said in known)
    by_slug = {said.slug: said for said in known}
    order = [said.slug for said in in_order() if said.slug in by_slug]
    return Summary(len(known), noun, [(by_slug[slug], counts[slug]) for slug in order])
