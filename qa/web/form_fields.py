"""The fields of a form that was posted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from qa.errors import InvalidInput, ReadOnly
from qa.schemas.paths import writable

# A page of ticked articles, each with its id and what it was when it was looked at.
_MOST_FIELDS = 500


@dataclass(frozen=True, slots=True)
class Fields:
    """What was typed, by the names of the fields; the last of each, or all."""

    lists: Mapping[str, list[str]]

    def __getitem__(self, name: str) -> str:
        return self.all(name)[-1] if self.all(name) else ""

    def all(self, name: str) -> list[str]:
        return self.lists.get(name, [])

    @property
    def seen(self) -> dict[str, str]:
        """The fingerprints of the articles that are meant, by id. Raises InvalidInput."""
        ids, seen = self.all("id"), self.all("seen")
        if not ids or len(ids) != len(seen):
            raise InvalidInput("send it with the form of the page")
        return dict(zip(ids, seen, strict=True))


async def fields(request: Request) -> Fields:
    """The fields of a form without files."""
    async with request.form(max_files=0, max_fields=_MOST_FIELDS) as form:
        names = dict.fromkeys(form)
        return Fields({n: [v for v in form.getlist(n) if isinstance(v, str)] for n in names})


def refuse_readers() -> None:
    """Raises ReadOnly where nothing may be changed: there is no use in showing a form."""
    if not writable.get():
        raise ReadOnly("nothing can be changed here: the collection is, or your key, for reading")


FieldsHere = Annotated[Fields, Depends(fields)]
