"""The list of articles as its address says it: words, filters, order and page, read leniently."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Annotated, Any, get_args

from fastapi import Depends

from qa.filters import Filters
from qa.schemas.paths import path
from qa.storage.records import ArticleSort, Counted, Facet, Selection
from qa.web import labels
from qa.web.parameters import number_of

PER_PAGE = 50
DEFAULT_SORT: ArticleSort = "title"
# What the page counts by, besides years, which are a first and a last date.
_NAMED: tuple[Facet, ...] = ("publisher", "author", "language", "tag")


@dataclass(frozen=True, slots=True)
class Choice:
    """A value to narrow the list down to, or one that it is narrowed down to."""

    label: str
    link: str
    articles: int = 0


@dataclass(frozen=True)
class ListForm:
    """What stands in the address of the list."""

    q: str = ""
    publisher: str = ""
    author: str = ""
    language: str = ""
    tag: str = ""
    published_from: str = ""
    published_to: str = ""
    sort: str = ""
    page: str = ""

    @property
    def order(self) -> ArticleSort:
        """The order; the usual one when it is no such word."""
        return next((sort for sort in get_args(ArticleSort) if sort == self.sort), DEFAULT_SORT)

    @property
    def number(self) -> int:
        """The number of the page, from 1 on."""
        return max(1, number_of(self.page) or 1)

    @property
    def selection(self) -> Selection:
        """Which articles are listed. Raises InvalidInput for a date that is none."""
        filters = Filters(
            publishers=self._list("publisher"),
            authors=self._list("author"),
            languages=self._list("language"),
            tags=self._list("tag"),
            published_from=self._given("published_from") or None,
            published_to=self._given("published_to") or None,
        )
        return Selection(filters, self.q.strip())

    def link(self, **changes: str) -> str:
        """The list with something changed, from its first page on."""
        changed = replace(self, **{"page": "", **changes})
        return path("/articles", **{f.name: getattr(changed, f.name).strip() for f in fields(self)})

    @property
    def chosen(self) -> list[Choice]:
        """What the list is narrowed down to, each with the list without it."""
        found = [
            Choice(labels.of_facet(name, value), self.link(**{name: ""}))
            for name in _NAMED
            if (value := self._given(name))
        ]
        first, last = self._given("published_from"), self._given("published_to")
        if first or last:
            without = self.link(published_from="", published_to="")
            found.append(Choice(labels.between(first, last), without))
        return found

    def choices(self, counted: dict[Facet, list[Counted]]) -> dict[Facet, list[Choice]]:
        """What the list can be narrowed down to."""
        return {
            facet: [Choice(c.value, self.link(**_taken(facet, c.value)), c.articles) for c in found]
            for facet, found in counted.items()
            if found and not self._is_chosen(facet)
        }

    def _is_chosen(self, facet: Facet) -> bool:
        if facet == "year":
            return bool(self._given("published_from") and self._given("published_to"))
        return bool(self._given(facet))

    def _list(self, name: str) -> tuple[str, ...]:
        return tuple(filter(None, [self._given(name)]))

    def _given(self, name: str) -> str:
        value: str = getattr(self, name)
        return " ".join(value.split())


def _taken(facet: Facet, value: str) -> dict[str, Any]:
    if facet == "year":
        return {"published_from": value, "published_to": value}
    return {facet: value}


ListFormHere = Annotated[ListForm, Depends()]
