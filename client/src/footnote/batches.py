"""Many questions or quotes, in parts of as many as a service takes in one request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from footnote import models
from footnote.errors import FootnoteError, error_of

# Of one request: items, their characters together, and the passages that they ask for.
_ITEMS, _CHARACTERS, _PASSAGES = 100, 20_000, 10_100
_TOP_K = 5  # where it is not said


def batches(
    field: str, given: Iterable[str | models.Model | Mapping[str, Any]], options: Mapping[str, Any]
) -> Iterator[list[dict[str, Any]]]:
    """The items as a body has them, each with the options that it does not say itself."""
    part: list[dict[str, Any]] = []
    characters = passages = 0
    for one in given:
        own = {field: one} if isinstance(one, str) else plain(one)
        item = {name: said for name, said in {**options, **own}.items() if said is not None}
        characters += len(item.get(field, ""))
        passages += item.get("top_k", _TOP_K) + item.get("offset", 0)
        if part and (len(part) == _ITEMS or characters > _CHARACTERS or passages > _PASSAGES):
            yield part
            part = []
            characters = len(item.get(field, ""))
            passages = item.get("top_k", _TOP_K) + item.get("offset", 0)
        part.append(item)
    if part:
        yield part


def plain(given: models.Model | Mapping[str, Any]) -> dict[str, Any]:
    """What is sent of a model or a mapping."""
    return given.model_dump(exclude_unset=True) if isinstance(given, models.Model) else dict(given)


def error_in(problem: models.Problem | None) -> FootnoteError:
    """The error that one of many was answered with."""
    said = problem.model_dump() if problem else {}
    return error_of(said.get("status", 500), said)
