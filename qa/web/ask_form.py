"""The question's form: what it is asked with, kept in the address, and taken off one by one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import BaseModel

from qa.filters import Filters
from qa.schemas.paths import path
from qa.types import Depth, Mode, Sort, Understood
from qa.web import labels
from qa.web.parameters import DEFAULT_TOP_K, depth_of, mode_of, offset_of, top_k_of

LISTS = ("publisher", "author", "language", "tag", "article_id")
DATES = ("published_from", "published_to")


@dataclass(frozen=True, slots=True)
class Chip:
    """Something that an answer was narrowed or ordered by, and the address without it."""

    label: str
    without: str


class AskForm(BaseModel):
    """The parameters of the page, read leniently; an empty field of a form asks for nothing."""

    q: str = ""
    mode: str = ""
    top_k: str = ""
    read: str = ""
    offset: str = ""
    sort: str = ""
    group_by: str = ""
    time: str = ""
    publisher: list[str] = []
    author: list[str] = []
    language: list[str] = []
    tag: list[str] = []
    article_id: list[str] = []
    published_from: str = ""
    published_to: str = ""

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
    def filters(self) -> Filters | None:
        """What the fields say. Raises InvalidInput for what is no date."""
        filters = Filters(
            article_ids=self._given("article_id"),
            publishers=self._given("publisher"),
            authors=self._given("author"),
            languages=self._given("language"),
            tags=self._given("tag"),
            published_from=self.published_from.strip() or None,
            published_to=self.published_to.strip() or None,
        )
        return filters or None

    @property
    def form(self) -> dict[str, Any]:
        """The fields as a template shows them."""
        given = {name: self._given(name) for name in LISTS}
        dates = {name: getattr(self, name).strip() for name in DATES}
        return {
            **{"q": self.question, "mode": self.mode_, "top_k": self.top_k_, "read": self.read_},
            **{"sort": self.sort_, "grouped": self.group_by == "article"},
            **{"time": self.time, **given, **dates},
            "narrowed": any([*given.values(), *dates.values()]),
        }

    def chips(self, understood: Iterable[Understood]) -> list[Chip]:
        """What can be taken off: filters, what the question says besides its words."""
        named = [
            Chip(labels.filtered(name, value), self.link(name, value))
            for name in (*LISTS, *DATES)
            for value in (self._given(name) if name in LISTS else [getattr(self, name).strip()])
            if value
        ]
        return [*named, *(Chip(labels.understood(one), self._without(one)) for one in understood)]

    def link(self, name: str = "", value: str = "", **changed: Any) -> str:
        """The address of the same question, with what is changed, or without a value."""
        kept: dict[str, Any] = {
            "q": self.question,
            "mode": self.mode_ if self.mode_ != "hybrid" else "",
            "top_k": self.top_k_ if self.top_k_ != DEFAULT_TOP_K else "",
            "read": self.read_ or "",
            "sort": self.sort_ if self.sort_ != "relevance" else "",
            "group_by": self.group_by,
            "time": self.time,
            **{each: list(self._given(each)) for each in LISTS},
            **{each: getattr(self, each).strip() for each in DATES},
        }
        if name in LISTS:
            kept[name] = [one for one in kept[name] if one != value]
        elif name:
            kept[name] = ""
        kept |= changed
        return path("/", **{each: said for each, said in kept.items() if said})

    def _without(self, one: Understood) -> str:
        """Of a phrase its words stay, one by one; of what is excluded nothing does."""
        if one.kind not in ("phrase", "without"):
            return self.link(time="off")
        words = one.words if one.kind == "phrase" else ""
        question = f"{self.question[: one.start]}{words}{self.question[one.end :]}"
        return self.link(q=" ".join(question.split()))

    def _given(self, name: str) -> tuple[str, ...]:
        values: list[str] = getattr(self, name)
        return tuple(dict.fromkeys(value.strip() for value in values if value.strip()))
