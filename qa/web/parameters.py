"""The parameters of the pages, read leniently: links are written by hand, too."""

from __future__ import annotations

from typing import Annotated, get_args
from urllib.parse import parse_qs

from fastapi import Depends, Request

from qa.errors import InvalidInput, TooLarge
from qa.request_limits import MAX_DRAFT, MAX_TOP_K
from qa.types import Article, Depth, Mode, Span

DEFAULT_TOP_K = 5
# A character is at most four bytes of UTF-8, and a byte at most three characters of a form.
_MAX_FORM_BYTES = 12 * MAX_DRAFT + 1000


def mode_of(given: str) -> Mode:
    """A way to search; the usual one when it is no such word."""
    return next((mode for mode in get_args(Mode) if mode == given), "hybrid")


def depth_of(given: str) -> Depth | None:
    """How much is read before the answer; None, the service's own, when it is no such word."""
    return next((depth for depth in get_args(Depth) if depth == given), None)


def top_k_of(given: str) -> int:
    """How many passages, within the limits; the usual number when it is no number."""
    wanted = _number(given)
    return DEFAULT_TOP_K if wanted is None else min(max(wanted, 1), MAX_TOP_K)


def span_of(article: Article, start: str, end: str) -> Span | None:
    """The cited characters; None when they are not in the article, or show nothing."""
    first, last = _number(start), _number(end)
    if first is None or last is None or not first < last <= len(article.text):
        return None
    return Span(first, last) if article.text[first:last].strip() else None


def typed(text: str) -> str:
    """What was typed into a text area: browsers send its line breaks as CR LF."""
    return text.replace("\r\n", "\n").strip()


async def draft(request: Request) -> str:
    """The field `text` of a posted form, read no further than a draft may be long."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise InvalidInput("send the draft with the form on the page “Check a quote”")
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > _MAX_FORM_BYTES:
            raise TooLarge(f"the draft is too long; at most {MAX_DRAFT:,} characters are taken")
    try:
        fields = parse_qs(body.decode("latin-1"), keep_blank_values=True, max_num_fields=10)
    except ValueError:
        raise InvalidInput("the form has more fields than the page gives it") from None
    return typed(fields.get("text", [""])[0])


def _number(given: str) -> int | None:
    digits = given.strip()
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) <= 12 else None


DraftHere = Annotated[str, Depends(draft)]
