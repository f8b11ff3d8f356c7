"""The statements of a draft: its sentences and blockquotes, which references belong to.

Sentences are those of qa.text.sentences, read without marks, URLs and lists of sources.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from qa.check.draft.attributions import attributes, begins_with_dash, names_source
from qa.check.draft.cutting import goes_on, is_lone, lines, sentences_in
from qa.check.draft.layers import Layers, ends_sentence
from qa.check.draft.markdown import Block, is_heading
from qa.check.draft.types import Reference
from qa.types import Span

_UNDERLINED = re.compile(r"\n {0,3}(?:=+|-{2,})[ \t\r]*\Z")
_CLOSING = ('"', "”", "“", "»", "«")

Kind = Literal["sentence", "heading", "attribution", "blockquote"]


@dataclass(slots=True)
class Statement:
    """A sentence and the references behind it, or a blockquote."""

    start: int
    end: int
    block: int
    kind: Kind
    said: Span  # less the references before and behind it
    references: list[Reference] = field(default_factory=list)
    quotes: list[Span] = field(default_factory=list)


class _Piece(NamedTuple):
    span: Span
    attributes: bool  # it but says where the one before is from


def statements(draft: Layers, language: str | None) -> list[Statement]:
    """The statements of a draft, in order, as yet without references.

    "He left. She stayed.\\n\\n> Yes." -> sentences [0:8] and [9:20], blockquote [24:28]
    """
    return [
        Statement(span.start, span.end, number, kind, span)
        for number, block in enumerate(draft.blocks)
        for kind, span in _in_block(draft, number, block, language)
    ]


def ends_with_colon(draft: Layers, statement: Statement) -> bool:
    """Whether it introduces what follows: "She said [1]:" -> True."""
    return draft.said(statement.said).rstrip(" *_").endswith((":", "："))


def _in_block(
    draft: Layers, number: int, block: Block, language: str | None
) -> Iterator[tuple[Kind, Span]]:
    if block.is_quote:
        yield "blockquote", block.span
        return
    written = draft.body[block.span.start : block.span.end]
    heading = is_heading(written) or _UNDERLINED.search(written[-80:])
    for piece in _pieces(draft, number, block.span, language):
        if piece.attributes:
            yield "attribution", piece.span
        else:
            yield "heading" if heading else "sentence", piece.span


def _pieces(draft: Layers, number: int, paragraph: Span, language: str | None) -> list[_Piece]:
    """The sentences of a paragraph, and whether each but says where the one before is from."""
    pieces: list[_Piece] = []
    for line in lines(draft, paragraph):
        whole = _attributes_before(draft, number, line, pieces)
        for span in [line] if whole else sentences_in(draft, line, language):
            if pieces and not whole and goes_on(draft, pieces[-1].span, span):
                last = pieces[-1]
                pieces[-1] = last._replace(span=Span(last.span.start, span.end))
            elif not pieces or not is_lone(draft, span):
                source = bool(pieces) and names_source(draft.said(span))
                pieces.append(_Piece(span, whole or source))
    return pieces


def _attributes_before(draft: Layers, number: int, line: Span, before: Sequence[_Piece]) -> bool:
    """Whether a line says where a quotation above it is from: "— Ana Petrović, Talks"."""
    if before:
        return _attributes_sentence(draft, line, before[-1].span)
    last = draft.blocks[number - 1] if number else None
    return last is not None and last.is_quote and _attributes_blockquote(draft, line, last.span)


def _attributes_sentence(draft: Layers, line: Span, last: Span) -> bool:
    written = draft.said(line)
    quoted = draft.said(last)[-3:].rstrip(" .,*_").endswith(_CLOSING)
    return names_source(written) or (quoted and begins_with_dash(written))


def _attributes_blockquote(draft: Layers, line: Span, quote: Span) -> bool:
    """Right below, whatever it is but a sentence; a line further, if it looks like that."""
    written = draft.said(line)
    breaks = draft.text.count("\n", quote.end, line.start)
    unmarked = breaks == 1 and not ends_sentence(written.rstrip())
    return breaks <= 2 and (attributes(written) or unmarked)
