"""A checked draft with everything that is handed over of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from qa.check.earlier import Earlier
from qa.check.types import DraftReport
from qa.handover.carried import BesideText, Carried
from qa.handover.handed import HandedItem, handed, left_over
from qa.handover.reviewer_marks import Mark
from qa.wording.catalogue import say
from qa.wording.counts import count

MAX_NAME = 200  # characters


@dataclass(frozen=True)
class Handover:
    """A report with the marks of a person, under a name, on a day."""

    report: DraftReport
    marks: Mapping[str, Mark]
    name: str = "draft"  # of the draft: its file's
    reviewer: str = ""  # whoever answers for it; nobody is made up
    day: date | None = None
    sources: tuple[BesideText, ...] = ()

    @cached_property
    def items(self) -> list[HandedItem]:
        """The items in the draft's order."""
        return handed(self.report, self.marks)

    @cached_property
    def left_over(self) -> list[Mark]:
        """What was noted of items that are gone from the draft."""
        return left_over(self.items, self.marks)

    @property
    def counts(self) -> dict[str, int]:
        """How many items have each verdict, the most frequent first."""
        return dict(Counter(item.label.name for item in self.items).most_common())

    @property
    def ticked(self) -> int:
        return sum(item.mark.ticked for item in self.items)

    @property
    def against(self) -> str:
        """What it was held against, in words."""
        against = self.report.against
        chosen = say("all articles")
        if against.none_chosen:
            chosen = say("no article of the collection")
        elif against.chosen:
            ids = against.chosen.article_ids
            chosen = (
                count(len(ids), "chosen article")
                if ids
                else say("articles chosen by what they state")
            )
        if not against.beside:
            return chosen
        own = count(len(against.beside), "source that came with the draft")
        return say("%(chosen)s, and %(own)s", chosen=chosen, own=own)

    @property
    def carried(self) -> Carried:
        """What a later check goes on from."""
        marks = {item.key: item.mark for item in self.items}
        gone = {key: mark for key, mark in self.marks.items() if mark in self.left_over}
        return Carried({**gone, **marks}, self.sources, Earlier.of(self.report))
