"""Words that are one name: the country, its adjective, its people."""

from __future__ import annotations

from collections.abc import Iterator

from qa.check.facts.vocabulary import ENDINGS, PLACES

_SHORTEST_STEM = 4


def variants(key: str) -> Iterator[str]:
    """Serbia, Serbian, Serbians and the like, each from each: "serbian" -> "serbia", …"""
    yield key
    for ending in ENDINGS:
        if len(key) >= _SHORTEST_STEM:
            yield key + ending
        if len(key) - len(ending) >= _SHORTEST_STEM and key.endswith(ending):
            yield key[: -len(ending)]


def is_place(key: str) -> bool:
    """Whether this is a country or of one: "serbian" -> True, "police" -> False."""
    return not PLACES.isdisjoint(variants(key))
