"""The statements of a draft: its sentences and blockquotes, which references belong to.

Sentences are those of qa.text.sentences, read without marks, URLs and lists of sources.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from qa.check.draft.attributions import attributes, begins_with_dash, names_source
from qa.check.draft.layers import DraftLayers, ends_sentence, has_words
from qa.check.draft.markdown import MarkdownBlock, is_heading
from qa.check.draft.table_rows import table_lines
from qa.check.draft.types import Reference
from qa.text.sentences import sentences
from qa.text.words.tables import listed
from qa.types import Span

FULL_LINE = 40  # characters from which a line without a full stop is taken for wrapped

_STOP = re.compile(r"[.!?…。！？।؟۔:;]")
_MARKER = re.compile(r"[ \t]*(?:(?:[-*+•]|\d{1,3}[.)])[ \t]+|#{1,6}[ \t]+)(?:\[[ xX]\][ \t]+)?")
_CLOSED = re.compile(r"[\"”“»«][)'’]*+(\s++)(.)")
_ORDINAL = re.compile(r"\d\.\Z")
# “Why?” Ana Petrović asked: one sentence, though it is cut behind the mark.
_ASKED = re.compile(r"[!?…][\"”“»«]\Z")
_SAY = "|".join(sorted(listed("say") - listed("say_nouns")))
_SAYS = re.compile(rf"(?:[^\W\d_][\w'’-]* ){{1,4}}(?:{_SAY})\b")
_UNDERLINED = re.compile(r"\n {0,3}(?:=+|-{2,})[ \t\r]*\Z")
_CLOSING = ('"', "”", "“", "»", "«")

Kind = Literal["sentence", "row", "heading", "attribution", "blockquote"]


@dataclass(slots=True)
class DraftStatement:
    """A sentence or the row of a table and the references behind it, or a blockquote."""

    start: int
    end: int
    block: int
    kind: Kind
    said: Span  # less the references before and behind it
    references: list[Reference] = field(default_factory=list)
    quotes: list[Span] = field(default_factory=list)


class _Cut(NamedTuple):
    span: Span
    attributes: bool  # it but says where the one before is from


def statements(draft: DraftLayers, language: str | None) -> list[DraftStatement]:
    """The statements of a draft, in order, as yet without references.

    "He left. She stayed.\\n\\n> Yes." -> sentences [0:8] and [9:20], blockquote [24:28]
    """
    return [
        DraftStatement(span.start, span.end, number, kind, span)
        for number, block in enumerate(draft.blocks)
        for kind, span in _in_block(draft, number, block, language)
    ]


def ends_with_colon(draft: DraftLayers, statement: DraftStatement) -> bool:
    """Whether a statement introduces what follows: "She said [1]:" -> True."""
    return draft.said(statement.said).rstrip(" *_").endswith((":", "："))


# --- blocks cut into statements ---


def _in_block(
    draft: DraftLayers, number: int, block: MarkdownBlock, language: str | None
) -> Iterator[tuple[Kind, Span]]:
    if block.is_quote:
        yield "blockquote", block.span
        return
    written = draft.body[block.span.start : block.span.end]
    heading = is_heading(written) or _UNDERLINED.search(written[-80:])
    for line, span in table_lines(draft.prose, block.span):
        if line in ("row", "header") and has_words(draft.prose, span):
            yield "row" if line == "row" else "heading", span
        elif line == "text":
            for piece in _pieces(draft, number, span, language):
                kind: Kind = "heading" if heading else "sentence"
                yield "attribution" if piece.attributes else kind, piece.span


def _pieces(draft: DraftLayers, number: int, paragraph: Span, language: str | None) -> list[_Cut]:
    """The sentences of a paragraph, and whether each but says where the one before is from."""
    pieces: list[_Cut] = []
    for line in _lines(draft, paragraph):
        whole = _attributes_before(draft, number, line, pieces)
        for span in [line] if whole else _sentences_in(draft, line, language):
            if pieces and not whole and _goes_on(draft, pieces[-1].span, span):
                last = pieces[-1]
                pieces[-1] = last._replace(span=Span(last.span.start, span.end))
            elif not pieces or not _is_lone(draft, span):
                source = bool(pieces) and names_source(draft.said(span))
                pieces.append(_Cut(span, whole or source))
    return pieces


def _attributes_before(draft: DraftLayers, number: int, line: Span, before: Sequence[_Cut]) -> bool:
    """Whether a line says where a quotation above it is from: "— Ana Petrović, Talks"."""
    if before:
        return _attributes_sentence(draft, line, before[-1].span)
    last = draft.blocks[number - 1] if number else None
    return last is not None and last.is_quote and _attributes_blockquote(draft, line, last.span)


def _attributes_sentence(draft: DraftLayers, line: Span, last: Span) -> bool:
    written = draft.said(line)
    quoted = draft.said(last)[-3:].rstrip(" .,*_").endswith(_CLOSING)
    return names_source(written) or (quoted and begins_with_dash(written))


def _attributes_blockquote(draft: DraftLayers, line: Span, quote: Span) -> bool:
    """Whether a line says where a blockquote is from; anything but a sentence does right below."""
    written = draft.said(line)
    breaks = draft.text.count("\n", quote.end, line.start)
    unmarked = breaks == 1 and not ends_sentence(written.rstrip())
    return breaks <= 2 and (attributes(written) or unmarked)


# --- paragraphs cut into lines, and lines into sentences ---


def _lines(draft: DraftLayers, paragraph: Span) -> Iterator[Span]:
    """The lines of a paragraph; lines over which one sentence may run on are one.

    "- He left\\nShe stayed" -> [2:9], [10:20]
    """
    marker = _MARKER.match(draft.prose, paragraph.start, paragraph.end)
    start = at = marker.end() if marker else paragraph.start
    while (end := draft.prose.find("\n", at, paragraph.end)) >= 0:
        if not _is_wrapped(draft, at, end) or attributes(draft.prose[end + 1 : end + 20]):
            yield Span(start, end)
            start = end + 1
        at = end + 1
    yield Span(start, paragraph.end)


def _sentences_in(draft: DraftLayers, line: Span, language: str | None) -> list[Span]:
    """The sentences of a line, cut also where one ends with a quotation.

    "He said “yes.” She left." -> [0:14], [15:24]
    """
    text = draft.said(line).replace("\n", " ")
    start = line.start + len(text) - len(text.lstrip())
    text = text.strip()
    if not _STOP.search(text, 0, len(text) - 1):
        return [Span(start, start + len(text))] if text else []
    found = sentences(text, language)
    spans = [Span(start + span.start, start + span.end) for span in found]
    return [piece for span in spans for piece in _cut_behind_quotations(draft, span)]


def _goes_on(draft: DraftLayers, last: Span, span: Span) -> bool:
    """Whether two pieces are one: cut within a quotation, or behind "on 3." of "on 3. maja".

    "“One. | Two,” he said." -> True
    """
    is_word = any(char.isalnum() for char in draft.said(span))
    if not is_word or _is_within_quotation(draft, span.start):
        return True
    ending = max(last.start, last.end - 4)
    if _ORDINAL.search(draft.prose, ending, last.end) and draft.prose[span.start].islower():
        return True
    asked = _ASKED.search(draft.prose, ending, last.end)
    return bool(asked and _SAYS.match(draft.prose, span.start, span.end))


def _is_lone(draft: DraftLayers, span: Span) -> bool:
    """Whether a piece is nothing but links: "[Tanjug](https://…), [Beta](https://…)"."""
    if has_words(draft.bare, span) or draft.quotations_in(span):
        return False
    return not ends_sentence(draft.said(span))


def _is_wrapped(draft: DraftLayers, start: int, end: int) -> bool:
    """Whether a line stops in mid-sentence, for it is full, or what follows is a link."""
    written = draft.prose[start:end].rstrip()
    if not written or ends_sentence(written):
        return False
    return end - start >= FULL_LINE or draft.prose[end + 1 : end + 2].isspace()


def _cut_behind_quotations(draft: DraftLayers, span: Span) -> Iterator[Span]:
    """The pieces of a sentence, cut where a quotation ends one: "He said “yes.” | She"."""
    start = span.start
    for quote in draft.quotations_in(span):
        closed = _CLOSED.match(draft.prose, quote.end, span.end)
        if closed and draft.prose[quote.end - 1] in ".!?…" and closed[2].isupper():
            has_mark = draft.body[closed.start(1) : closed.end(1)].strip()
            if has_mark or has_words(draft.prose, Span(start, quote.start)):
                yield Span(start, closed.start(1))
                start = closed.end(1)
    yield Span(start, span.end)


def _is_within_quotation(draft: DraftLayers, at: int) -> bool:
    i = bisect_left(draft.quotations, Span(at, 0)) - 1
    return i >= 0 and draft.quotations[i].start < at < draft.quotations[i].end
