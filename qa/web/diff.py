"""What a verdict rests on as it is shown: a source's words and a quote's in one line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from rapidfuzz.distance import Levenshtein

from qa.check.types import Match, Verdict
from qa.text.tokens import is_word, tokenize
from qa.web.marking import MarkedPiece, in_sentence

Op = Literal["same", "del", "ins"]


@dataclass(frozen=True, slots=True)
class DiffPiece:
    """Words of both, of the source alone ("del"), or of the quote alone ("ins")."""

    op: Op
    text: str


@dataclass(frozen=True, slots=True)
class ShownMatch:
    """A match with its words marked, and with what the quote made of them."""

    match: Match
    sentence: list[MarkedPiece]
    diff: list[DiffPiece]  # empty when no word differs


class _Token(NamedTuple):
    folded: str
    start: int
    end: int


def places(verdict: Verdict) -> list[ShownMatch]:
    """Every place of a quote, in the order of the verdict."""
    return [
        ShownMatch(
            match=match,
            sentence=in_sentence(match),
            diff=match_diff(match, verdict.quote) if match.differences else [],
        )
        for match in verdict.matches
    ]


def match_diff(match: Match, quote: str) -> list[DiffPiece]:
    """A source's words with what a quote made of them; those an ellipsis stands for as "…"."""
    if len(match.parts) < 2 or not any(part.differences for part in match.parts):
        return word_diff(match.text, quote)
    found: list[DiffPiece] = []
    for part in match.parts:
        found += [DiffPiece("same", " … ")] if found else []
        found += word_diff(part.text, part.quote)
    return _joined(found)


def word_diff(source: str, quote: str) -> list[DiffPiece]:
    """The source with what the quote made of it; typography and punctuation do not count.

    >>> [(p.op, p.text) for p in word_diff("Resolution 1244 exists", "resolution 1245 exists")]
    [('same', 'Resolution '), ('del', '1244'), ('same', ' '), ('ins', '1245'), ('same', ' exists')]
    """
    old, new = _words(source), _words(quote)
    if [token.folded for token in old] == [token.folded for token in new]:
        old, new = _tokens(source), _tokens(quote)
    found: list[DiffPiece] = []
    at = 0
    for op in Levenshtein.opcodes([t.folded for t in old], [t.folded for t in new]):
        gone, come = old[op.src_start : op.src_end], new[op.dest_start : op.dest_end]
        if op.tag == "equal":
            found.append(DiffPiece("same", source[at : gone[-1].end]))
            at = gone[-1].end
            continue
        if gone:
            found += [
                DiffPiece("same", source[at : gone[0].start]),
                DiffPiece("del", source[gone[0].start : gone[-1].end]),
            ]
            at = gone[-1].end
        if come:
            added, space = (
                DiffPiece("ins", quote[come[0].start : come[-1].end]),
                DiffPiece("same", " "),
            )
            found += [space, added] if at else [added, space]
    found.append(DiffPiece("same", source[at:]))
    return _joined(found)


def _tokens(text: str) -> list[_Token]:
    tokens = tokenize(text)
    places = zip(tokens.folded, tokens.starts.tolist(), tokens.ends.tolist(), strict=True)
    return [_Token(*place) for place in places]


def _words(text: str) -> list[_Token]:
    return [token for token in _tokens(text) if is_word(token.folded)]


def _joined(found: Sequence[DiffPiece]) -> list[DiffPiece]:
    """Neighbours of one kind as one piece, with the empty ones left out."""
    joined: list[DiffPiece] = []
    for piece in found:
        if joined and joined[-1].op == piece.op == "same":
            piece = DiffPiece("same", joined.pop().text + piece.text)
        if piece.text:
            joined.append(piece)
    return joined
