"""What a question or a list is narrowed down to: fields of an address, read leniently."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import BaseModel

from qa.filters import Filters

LISTS = ("publisher", "author", "language", "tag")
DATES = ("published_from", "published_to")


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to narrow down to, or that is narrowed down to, and the address that changes it."""

    label: str
    link: str
    articles: int = 0


class Narrowing(BaseModel):
    """The fields that say what is looked through; an empty field of a form asks for nothing."""

    publisher: list[str] = []
    author: list[str] = []
    language: list[str] = []
    tag: list[str] = []
    published_from: str = ""
    published_to: str = ""

    def given(self, name: str) -> tuple[str, ...]:
        """What a field says: one value, several, or none."""
        value: str | list[str] = getattr(self, name)
        values = [value] if isinstance(value, str) else value
        return tuple(dict.fromkeys(filter(None, (" ".join(one.split()) for one in values))))

    def one(self, name: str) -> str:
        """What a field with one value says; "" when it says nothing."""
        return next(iter(self.given(name)), "")

    def filters(self, article_ids: tuple[str, ...] = ()) -> Filters:
        """What the fields say. Raises InvalidInput for what is no date."""
        return Filters(
            article_ids=article_ids,
            publishers=self.given("publisher"),
            authors=self.given("author"),
            languages=self.given("language"),
            tags=self.given("tag"),
            published_from=self.one("published_from") or None,
            published_to=self.one("published_to") or None,
        )

    def address(self) -> dict[str, list[str]]:
        """The fields as they stand in an address."""
        return {name: list(self.given(name)) for name in (*LISTS, *DATES)}

    def without(self, name: str, value: str) -> list[str]:
        """A field as it stands in an address, without one of its values."""
        return [one for one in self.given(name) if one != value]

    def each(self, *names: str) -> Iterator[tuple[str, str]]:
        """The values of fields, one by one, each with the field's name."""
        return ((name, value) for name in names for value in self.given(name))
