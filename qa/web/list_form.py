"""The list of articles as its address says it: words, filters, order and page, read leniently."""

from __future__ import annotations

from typing import Annotated, Any, get_args

from fastapi import Query

from qa.schemas.paths import path
from qa.storage.records import ArticleSort, Counted, Facet, Selection
from qa.web import labels
from qa.web.narrowing import DATES, LISTS, Choice, Narrowing
from qa.web.parameters import number_of

PER_PAGE = 50
DEFAULT_SORT: ArticleSort = "title"


class ListForm(Narrowing):
    """What stands in the address of the list."""

    q: str = ""
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
        return Selection(self.filters(), self.q.strip())

    def link(self, **changes: str | list[str]) -> str:
        """The list with something changed, from its first page on."""
        kept = {"q": self.q.strip(), **self.address(), "sort": self.sort.strip()}
        return path("/articles", **{**kept, **changes})

    @property
    def chosen(self) -> list[Choice]:
        """What the list is narrowed down to, each with the list without it."""
        found = [
            Choice(labels.of_facet(name, value), self.link(**{name: self.without(name, value)}))
            for name, value in self.each(*LISTS)
        ]
        first, last = self.one("published_from"), self.one("published_to")
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
        return all(self.given(name) for name in (DATES if facet == "year" else (facet,)))


def _taken(facet: Facet, value: str) -> dict[str, Any]:
    if facet == "year":
        return {"published_from": value, "published_to": value}
    return {facet: value}


ListFormHere = Annotated[ListForm, Query()]
