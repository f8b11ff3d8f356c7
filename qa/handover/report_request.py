"""What is sent to be handed over: a draft to check, and what a person says of its items."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field

from qa.handover.handover import MAX_NAME
from qa.handover.report_formats import ReportFormat
from qa.handover.reviewer_marks import MAX_NOTE, Mark, Rating
from qa.schemas.draft_inputs import CheckTextIn
from qa.schemas.questions import In


class MarkIn(In):
    """What a person says of an item."""

    ticked: bool = Field(False, description="Whether it is dealt with.")
    note: Annotated[str, Field(max_length=MAX_NOTE, description="A remark of yours.")] = ""
    rating: Rating | None = Field(None, description="Of what is said there, for ClaimReview.")

    def mark(self) -> Mark:
        return Mark(self.ticked, self.note, self.rating)


class ReportIn(CheckTextIn):
    """A draft, and how it is handed over."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"text": "He said: “Resolution 1244 is a compromise.”", "format": "md"}]
        },
    )
    format: ReportFormat = Field("html", description="What file the report is.")
    name: Annotated[str, Field(max_length=MAX_NAME, description="Of the draft.")] = "draft"
    reviewer: Annotated[
        str, Field(max_length=200, description="Who answers for it; the author of reviews.")
    ] = ""
    marks: dict[str, MarkIn] = Field(
        default_factory=dict, max_length=1000, description="By the `key` of the item."
    )
