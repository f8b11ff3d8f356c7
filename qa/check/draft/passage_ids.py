"""Ids of passages, as a draft names them: in the text, in brackets, alone in code."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.types import Span

_CHARS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._~:@+,=-")
_NOT_FIRST = ".~:@+,=-"
_LONGEST_START = 200
_ID = r"[A-Za-z0-9_][A-Za-z0-9._~:@+,=-]{0,199}\.[0-9a-f]{8}\.\d{1,12}-\d{1,12}"
_WHOLE = re.compile(_ID)
_ENDING = re.compile(r"\.[0-9a-f]{8}\.\d{1,12}-\d{1,12}(?![\w-])")
_IN_CODE = re.compile(rf"(?<!`)(?P<ticks>`{{1,3}}) ?(?P<id>{_ID}) ?(?P=ticks)(?!`)")


def is_passage_id(written: str) -> bool:
    """Whether all of it is the id of a passage: "talks.1a2b3c4d.120-480" -> True."""
    return _WHOLE.fullmatch(written) is not None


def passage_ids(text: str, body: str, span: Span) -> Iterator[tuple[str, Span]]:
    """The ids in a paragraph, and where each stands with its brackets or backticks.

    "see [talks.1a2b3c4d.120-480]" -> ("talks.1a2b3c4d.120-480", [4:28])
    """
    yield from _in_text(body, span)
    yield from _in_code(text, body, span)


def _in_text(body: str, span: Span) -> Iterator[tuple[str, Span]]:
    """Found by their endings, and from there backwards: no place is looked at twice."""
    last = span.start
    for ending in _ENDING.finditer(body, span.start, span.end):
        at = _start(body, max(last, ending.start() - _LONGEST_START), ending)
        last = end = ending.end()
        if at < ending.start():
            alone = body[at - 1 : at] == "[" and body[end : end + 1] == "]" and at > span.start
            yield body[at:end], Span(at - alone, end + alone)


def _start(body: str, first: int, ending: re.Match[str]) -> int:
    at, end = ending.start(), ending.end()
    while at > first and body[at - 1] in _CHARS:
        at -= 1
    return at + len(body[at:end]) - len(body[at:end].lstrip(_NOT_FIRST))


def _in_code(text: str, body: str, span: Span) -> Iterator[tuple[str, Span]]:
    for match in _IN_CODE.finditer(text, span.start, span.end):
        # Where backticks are no code, the id is found in the text.
        if not body[match.start() : match.end()].strip("x"):
            yield match["id"], Span(*match.span())
