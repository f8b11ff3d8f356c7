"""A question as somebody asks it: with everything that says how it is to be answered."""

from __future__ import annotations

from dataclasses import dataclass

from qa.ask.request import Request, understand_request
from qa.filters import Filters
from qa.request_limits import check_max_tokens, check_page, checked_text
from qa.types import Depth, Expand, GroupBy, Mode, Sort


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry:
    """A question with its options, which `Corpus.ask` tells of."""

    question: str
    top_k: int = 5
    filters: Filters | None = None
    mode: Mode = "hybrid"
    rerank: bool = True
    threshold: float | None = None
    read: Depth | None = None
    offset: int = 0
    sort: Sort = "relevance"
    group_by: GroupBy | None = None
    time: bool = True
    calibrated: bool = True
    min_score: float = 0.0
    expand: Expand | None = None
    max_tokens: int | None = None
    min_generation: int | None = None

    def request(self) -> Request:
        """What it asks for. Raises InvalidInput for what nobody may ask."""
        check_page(self.top_k, self.offset)
        check_max_tokens(self.max_tokens)
        question = checked_text(self.question, "question")
        return understand_request(question, self.filters, time=self.time)
