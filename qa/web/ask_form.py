"""The question's form: what it is asked with, kept in the address, and taken off one by one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, get_args

from pydantic import Field

from qa.filters import Filters
from qa.schemas.paths import path
from qa.types import Depth, Mode, Sort, Understood
from qa.web import labels
from qa.web.narrowing import DATES, LISTS, Choice, Narrowing
from qa.web.parameters import DEFAULT_TOP_K, depth_of, mode_of, offset_of, top_k_of


class AskForm(Narrowing):
    """The parameters of the page, read leniently; an empty field of a form asks for nothing."""

    q: str = ""
    mode: str = ""
    top_k: str = ""
    read: str = ""
    offset: str = ""
    sort: str = ""
    group_by: str = ""
    time: str = ""
    article_id: list[str] = Field(default_factory=list)

    @property
    def question(self) -> str:
        return self.q.strip()

    @property
    def mode_(self) -> Mode:
        return mode_of(self.mode)

    @property
    def top_k_(self) -> int:
        return top_k_of(self.top_k)

    @property
    def read_(self) -> Depth | None:
        return depth_of(self.read)

    @property
    def offset_(self) -> int:
        return offset_of(self.offset)

    @property
    def sort_(self) -> Sort:
        return next((sort for sort in get_args(Sort) if sort == self.sort), "relevance")

    @property
    def searched(self) -> Filters | None:
        """What is looked through; None: everything. Raises InvalidInput for what is no date."""
        return self.filters(self.given("article_id")) or None

    @property
    def form(self) -> dict[str, Any]:
        """The fields as a template shows them."""
        given = {name: self.given(name) for name in (*LISTS, "article_id")}
        dates = {name: self.one(name) for name in DATES}
        return {
            **{"q": self.question, "mode": self.mode_, "top_k": self.top_k_, "read": self.read_},
            **{"sort": self.sort_, "grouped": self.group_by == "article"},
            **{"time": self.time, **given, **dates},
            "narrowed": any([*given.values(), *dates.values()]),
        }

    def chips(self, understood: Iterable[Understood]) -> list[Choice]:
        """What can be taken off: filters, what the question says besides its words."""
        named = [
            Choice(labels.filtered(name, value), self.link(**{name: self.without(name, value)}))
            for name, value in self.each(*LISTS, "article_id", *DATES)
        ]
        return [*named, *(Choice(labels.understood(one), self._without(one)) for one in understood)]

    def link(self, **changed: Any) -> str:
        """The address of the same question, with what is changed."""
        kept: dict[str, Any] = {
            "q": self.question,
            "mode": self.mode_ if self.mode_ != "hybrid" else "",
            "top_k": self.top_k_ if self.top_k_ != DEFAULT_TOP_K else "",
            "read": self.read_ or "",
            "sort": self.sort_ if self.sort_ != "relevance" else "",
            "group_by": self.group_by,
            "time": self.time,
            **{name: list(self.given(name)) for name in (*LISTS, "article_id", *DATES)},
        }
        return path("/", **{each: said for each, said in {**kept, **changed}.items() if said})

    def _without(self, one: Understood) -> str:
        """Of a phrase its words stay, one by one; of what is excluded nothing does."""
        if one.kind not in ("phrase", "without"):
            return self.link(time="off")
        words = one.words if one.kind == "phrase" else ""
        question = f"{self.question[: one.start]}{words}{self.question[one.end :]}"
        return self.link(q=" ".join(question.split()))
