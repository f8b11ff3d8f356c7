"""Paragraphs cut into lines, where those end what is said, and lines into sentences."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from qa.check.draft.attributions import attributes
from qa.check.draft.layers import Layers, ends_sentence, has_words
from qa.text.sentences import sentences
from qa.types import Span

FULL_LINE = 40  # characters from which a line without a full stop is taken for wrapped

_STOP = re.compile(r"[.!?…。！？।؟۔:;]")
_MARKER = re.compile(r"[ \t]*(?:(?:[-*+•]|\d{1,3}[.)])[ \t]+|#{1,6}[ \t]+)(?:\[[ xX]\][ \t]+)?")
_CLOSED = re.compile(r"[\"”“»«][)'’]*+(\s++)(.)")
_ORDINAL = re.compile(r"\d\.\Z")
# “Why?” Ana Petrović asked: one sentence, though it is cut behind the mark.
_ASKED = re.compile(r"[!?…][\"”“»«]\Z")
_SAYING = """
    said says asked asks told added replied wrote cried shouted
    sagte fragte rief schrieb
    rekao rekla kaže pita pitao pitala upitao upitala poručio poručila dodao dodala izjavio izjavila
    рекао рекла питао питала
    dit demande dijo preguntó disse
"""
_SAYS = re.compile(rf"(?:[^\W\d_][\w'’-]* ){{1,4}}(?:{'|'.join(_SAYING.split())})\b")


def lines(draft: Layers, paragraph: Span) -> Iterator[Span]:
    """Lines of a paragraph, those together that one sentence may run on over.

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


def sentences_in(draft: Layers, line: Span, language: str | None) -> list[Span]:
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


def goes_on(draft: Layers, last: Span, span: Span) -> bool:
    """Whether what was cut is one: within a quotation, and behind "on 3." of "on 3. maja".

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


def is_lone(draft: Layers, span: Span) -> bool:
    """Whether it is nothing but links: "[Tanjug](https://…), [Beta](https://…)"."""
    if has_words(draft.bare, span) or draft.quotations_in(span):
        return False
    return not ends_sentence(draft.said(span))


def _is_wrapped(draft: Layers, start: int, end: int) -> bool:
    """Whether a line stops in mid-sentence, for it is full, or what follows is a link."""
    written = draft.prose[start:end].rstrip()
    if not written or ends_sentence(written):
        return False
    return end - start >= FULL_LINE or draft.prose[end + 1 : end + 2].isspace()


def _cut_behind_quotations(draft: Layers, span: Span) -> Iterator[Span]:
    """Also where a sentence ends with a quotation: "He said “yes.” | She"."""
    start = span.start
    for quote in draft.quotations_in(span):
        closed = _CLOSED.match(draft.prose, quote.end, span.end)
        if closed and draft.prose[quote.end - 1] in ".!?…" and closed[2].isupper():
            has_mark = draft.body[closed.start(1) : closed.end(1)].strip()
            if has_mark or has_words(draft.prose, Span(start, quote.start)):
                yield Span(start, closed.start(1))
                start = closed.end(1)
    yield Span(start, span.end)


def _is_within_quotation(draft: Layers, at: int) -> bool:
    i = bisect_left(draft.quotations, Span(at, 0)) - 1
    return i >= 0 and draft.quotations[i].start < at < draft.quotations[i].end
