"""Ids of passages, as a draft names them: in the text, in brackets, alone in code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from string import ascii_letters, digits

from qa.ids import MAX_LENGTH, NEVER_FIRST, PASSAGE_ENDING, PASSAGE_ID, PassageId
from qa.types import Span

_CHARS = frozenset(f"{ascii_letters}{digits}_{NEVER_FIRST}")
# An article id may itself end as the id of a passage does: of two endings the last counts.
_ENDING = re.compile(rf"{PASSAGE_ENDING}(?![\w-]|{PASSAGE_ENDING})")
_IN_CODE = re.compile(rf"(?<!`)(?P<ticks>`{{1,3}}) ?(?P<id>{PASSAGE_ID}) ?(?P=ticks)(?!`)")


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
        at = _start(body, max(last, ending.start() - MAX_LENGTH), ending)
        last = end = ending.end()
        if PassageId.match(body[at:end]):
            alone = body[at - 1 : at] == "[" and body[end : end + 1] == "]" and at > span.start
            yield body[at:end], Span(at - alone, end + alone)


def _start(body: str, first: int, ending: re.Match[str]) -> int:
    at, end = ending.start(), ending.end()
    while at > first and body[at - 1] in _CHARS:
        at -= 1
    return at + len(body[at:end]) - len(body[at:end].lstrip(NEVER_FIRST))


def _in_code(text: str, body: str, span: Span) -> Iterator[tuple[str, Span]]:
    for match in _IN_CODE.finditer(text, span.start, span.end):
        # Where backticks are no code, the id is found in the text.
        in_code = not body[match.start() : match.end()].strip("x")
        if in_code and PassageId.match(match["id"]):
            yield match["id"], Span(*match.span())
