"""Dialogue that dashes open, as in French, Spanish, Serbian or Russian prose.

— Idemo kući — rekao je Ilić. — Nema povratka. -> "Idemo kući", "Nema povratka."
Read only where it is asked for: a dash at the beginning of a line may open a list as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.text.words.tables import listed
from qa.types import Span

_LINE = re.compile(r"[^\n]+")
_DASH = re.compile(r"[ \t]*[—–―][ \t]*(?=\S)")
# Between what is said and who says it: " — rekao", " —dijo Ilić—. No".
_TURN = re.compile(r"(?<=[ \t])[—–―][ \t]*|(?<=\S)[—–―](?=[.,;:]?[ \t])[.,;:]?[ \t]*")
_LAST_CLAUSE = re.compile(r"[,!?…][ \t]+([^,!?…]{1,80})\Z")
_WORD = re.compile(r"[^\W\d_]+")
_SAY = listed("say")
_SAID_WITHIN = 3  # words of a clause that says who speaks: dit-il, rekao je Ilić


def speeches(text: str, span: Span) -> Iterator[Span]:
    """What is said in the lines of a paragraph that begin with a dash."""
    for line in _LINE.finditer(text, span.start, span.end):
        if dash := _DASH.match(text, line.start(), line.end()):
            yield from _said(text, dash.end(), line.end())


def _said(text: str, start: int, end: int) -> Iterator[Span]:
    """Each other part of a line: the first is said, the second says by whom."""
    is_said = True
    for turn in _TURN.finditer(text, start, end):
        if is_said:
            yield Span(start, turn.start())
        start, is_said = turn.end(), not is_said
    if is_said and start < end:
        yield Span(start, _before_speaker(text, start, end))


def _before_speaker(text: str, start: int, end: int) -> int:
    """Where words end that a comma parts from who says them: "Nous partons, dit-il." -> 12."""
    clause = _LAST_CLAUSE.search(text, max(start, end - 90), end)
    words = [word.casefold() for word in _WORD.findall(clause[1])] if clause else []
    if clause and not _SAY.isdisjoint(words[:_SAID_WITHIN]):
        return clause.start() + (text[clause.start()] != ",")
    return end
