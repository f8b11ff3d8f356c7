"""The parameters of the pages, read leniently: links are written by hand, too."""

from __future__ import annotations

from typing import get_args

from qa.request_limits import MAX_OFFSET, MAX_TOP_K
from qa.types import Article, Depth, Mode, Span

DEFAULT_TOP_K = 5


def mode_of(given: str) -> Mode:
    """A way to search; the usual one when it is no such word."""
    return next((mode for mode in get_args(Mode) if mode == given), "hybrid")


def depth_of(given: str) -> Depth | None:
    """How much is read before the answer; None, the service's own, when it is no such word."""
    return next((depth for depth in get_args(Depth) if depth == given), None)


def top_k_of(given: str) -> int:
    """How many passages, within the limits; the usual number when it is no number."""
    wanted = number_of(given)
    return DEFAULT_TOP_K if wanted is None else min(max(wanted, 1), MAX_TOP_K)


def offset_of(given: str) -> int:
    """How many passages are passed over; none when it is no number."""
    return min(number_of(given) or 0, MAX_OFFSET)


def span_of(article: Article, start: str, end: str) -> Span | None:
    """The cited characters; None when they are not in the article, or show nothing."""
    first, last = number_of(start), number_of(end)
    if first is None or last is None or not first < last <= len(article.text):
        return None
    return Span(first, last) if article.text[first:last].strip() else None


def typed(text: str) -> str:
    """What was typed into a text area: browsers send its line breaks as CR LF."""
    return text.replace("\r\n", "\n").strip()


def number_of(given: str) -> int | None:
    """The number that is written; None when it is none."""
    digits = given.strip()
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) <= 12 else None
