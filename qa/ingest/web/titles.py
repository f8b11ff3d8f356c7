"""Which of the titles that a page states is that of its article."""

from __future__ import annotations

import re
from collections.abc import Sequence

_WORDS = re.compile(r"\w+")
_SUFFIX = re.compile(r" [|–—·»:-] | ?\| ?")
_LONGEST = 300
_LABEL = 3  # words, at most: News, About this site
_SENTENCE = 5  # words, at least, of a headline that stands for itself


def page_title(
    stated: Sequence[str], headlines: Sequence[str], lower: Sequence[str], sites: Sequence[str]
) -> str | None:
    """The first stated title that a visible headline confirms; else the headline that is in one.

    Wikipedia's headline is its short description and its name the title; <title> has the site
    behind it: "Port opens | Northport News". On some pages the h1 is the site's name, and the title
    is among the `lower` headings. What nothing confirms is taken in the order given.
    """
    others = {words(site) for site in sites}
    shown = [line for line in headlines if line and words(line) not in others][:20]
    for lines in (shown, [line for line in lower if words(line) not in others]):
        folded = {words(line) for line in lines}
        if confirmed := next((title for title in stated if words(title) in folded), None):
            return confirmed
        starting = (line for line in lines if any(_is_part(line, title) for title in stated))
        if start := next(starting, None):
            return start
    if len(shown) == 1 and (
        len(words(shown[0]).split()) >= _SENTENCE
        or any(_is_like(shown[0], title) for title in stated)
    ):
        return shown[0]
    return _without_site(stated[0], others) if stated else None


def _is_part(line: str, title: str) -> bool:
    """Whether a title begins or ends with a headline, and has more: mostly the site's name."""
    one, other = f" {words(line)} ", f" {words(title)} "
    at_end = other.endswith(one) and one.count(" ") > _LABEL  # there the site's own name may stand
    return len(one) > 10 and (other.startswith(one) or at_end)


def _is_like(line: str, title: str) -> bool:
    """Whether half of the words of the shorter are in the other: it was told anew for machines."""
    one, other = set(words(line).split()), set(words(title).split())
    return 2 * len(one & other) >= min(len(one), len(other)) > 1


def _without_site(title: str, others: set[str]) -> str:
    """The title without the name of the site at its end."""
    found = list(_SUFFIX.finditer(title[:_LONGEST]))
    if found and words(title[found[-1].end() :]) in others:
        return title[: found[-1].start()] or title
    return title


def words(title: str) -> str:
    """The words of a title alone, to be compared: "A – B!" and "a b" are one title."""
    return " ".join(_WORDS.findall(title[:_LONGEST].replace("\xad", "").casefold()))
