"""Which of the titles that a page states is that of its article."""

from __future__ import annotations

import re
from collections.abc import Sequence

_WORDS = re.compile(r"\w+")
_SUFFIX = re.compile(r"\s+[|–—·»:-]\s+|\s*\|\s*")
_LONGEST = 300


def page_title(stated: Sequence[str], headlines: Sequence[str], sites: Sequence[str]) -> str | None:
    """The first stated title that a visible headline confirms; else the headline that is in one.

    Wikipedia's headline is its short description and its name the title; <title> has the site
    behind it: "Port opens | Northport News". What nothing confirms is taken in the order given.
    """
    others = {_folded(site) for site in sites}
    shown = [line for line in headlines if line and _folded(line) not in others][:20]
    folded = {_folded(line) for line in shown}
    confirmed = next((title for title in stated if _folded(title) in folded), None)
    if confirmed:
        return confirmed
    within = next(
        (line for line in shown if any(_is_within(line, title) for title in stated)), None
    )
    if within:
        return within
    if len(shown) == 1 and any(_is_like(shown[0], title) for title in stated):
        return shown[0]
    return _without_site(stated[0], others) if stated else None


def _is_within(line: str, title: str) -> bool:
    """Whether a title begins with a headline, or ends in it, and has more."""
    one, other = f" {_folded(line)} ", f" {_folded(title)} "
    return len(one) > 8 and (other.startswith(one) or other.endswith(one))


def _is_like(line: str, title: str) -> bool:
    """Whether half of the words of the shorter are in the other: it was told anew for machines."""
    one, other = set(_folded(line).split()), set(_folded(title).split())
    return 2 * len(one & other) >= min(len(one), len(other)) > 1


def _without_site(title: str, others: set[str]) -> str:
    """The title without the name of the site at its end."""
    found = list(_SUFFIX.finditer(title[:_LONGEST]))
    if found and _folded(title[found[-1].end() :]) in others:
        return title[: found[-1].start()] or title
    return title


def _folded(title: str) -> str:
    return " ".join(_WORDS.findall(title[:_LONGEST].casefold()))
