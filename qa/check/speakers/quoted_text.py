"""A text without what it quotes, so that nobody quoted is taken for a speaker, and its sentences.

What stands between quotation marks is made one character over and over: all places stay as they
are, and what stands around a quotation can be read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.check.draft import quotations
from qa.text.capitals import UPPER
from qa.text.sentences import sentences
from qa.text.words.tables import alternatives, listed
from qa.types import Span

BLANK = "\ue000"  # each character of a quotation, its marks included
WORD = re.compile(r"[\w’'-]+")
# What may follow "said Ann Lee"; another word would be her verb: "Yes, said Ann Lee knew all".
AFTER_SPEAKER = re.compile(
    rf"\s*(?:[,.;:!?()–—{BLANK}-]|\Z|(?:{alternatives('after_speaker')}|[a-z]+(?:ly|ing))\b"
    rf"|(?i:{alternatives('weekdays')})\b)"
)
SAYS = listed("say")
_MARKS = '"“”„‟«»‹›'
_SPACES = " \xa0"
_OPENING = re.compile('(?<![^\\s(–—-])[“„«"](?=\\S)')
_GOES_ON = re.compile(r"\s*[“„«\"]")
_LINE = re.compile(r"[^\n]+")
_SENTENCE_BEGINS = re.compile(rf" +(?=[{UPPER}{BLANK}])")
_CLAUSE = re.compile(rf"[^.,;:\n{BLANK}]{{0,120}}")
_ENDS_WITH_COMMA = re.compile(rf",[{_MARKS}\s]+\Z")
_LETTER = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class QuotedStretch:
    """Where a quotation stands, with its marks."""

    start: int
    end: int
    is_open: bool = False  # none closes it: the next paragraph goes on


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a text whose quotations are blanked."""

    start: int
    end: int
    line: int
    is_quotation: bool  # and nothing else
    last_blank: int  # where its last quotation ends; -1 without
    leads: bool  # with a colon, to what follows


# --- quotations ---


def quoted_stretches(text: str) -> list[QuotedStretch]:
    """The quotations with their marks, and those that are left open at a paragraph's end.

    "“One.\n“Two,” she said." -> [0:5] (open), [6:12]
    """
    closed = [_with_marks(text, span) for span in quotations(text)]
    return sorted([*closed, *_open(text, closed)], key=lambda quote: quote.start)


def _open(text: str, closed: Sequence[QuotedStretch]) -> Iterator[QuotedStretch]:
    """The quotations that nothing closes, but the next paragraph opens again."""
    at = 0
    for line in _LINE.finditer(text):
        start = line.start()
        while at < len(closed) and closed[at].end <= line.end():
            start = max(start, closed[at].end)
            at += 1
        crosses = at < len(closed) and closed[at].start < line.end()
        opening = None if crosses else _OPENING.search(text, start, line.end())
        if opening and _GOES_ON.match(text, line.end()):
            yield QuotedStretch(opening.start(), line.end(), is_open=True)


def _with_marks(text: str, span: Span) -> QuotedStretch:
    start, end = span.start, span.end
    while start and text[start - 1] in _SPACES:
        start -= 1
    while end < len(text) and text[end] in _SPACES:
        end += 1
    if start and text[start - 1] in _MARKS and end < len(text) and text[end] in _MARKS:
        return QuotedStretch(start - 1, end + 1)
    return QuotedStretch(span.start, span.end)


def blanked(text: str, quotes: Sequence[QuotedStretch]) -> str:
    """The text, of the same length, without what is quoted."""
    parts, at = [], 0
    for quote in quotes:
        parts += [text[at : quote.start], BLANK * (quote.end - quote.start)]
        at = quote.end
    return ("".join(parts) + text[at:]).replace("\xa0", " ")


# --- sentences ---


def cut(text: str, plain: str, quotes: Sequence[QuotedStretch], language: str) -> list[Sentence]:
    """The sentences of a text, of which `plain` is the blanked one."""
    found, line, at = [], 0, 0
    for span in sentences(_with_ends(text, plain, quotes), language):
        line += plain.count("\n", at, span.start)
        at = span.start
        blank = plain.rfind(BLANK, span.start, span.end)
        is_quotation = blank >= 0 and not _LETTER.search(plain, span.start, span.end)
        leads = plain.endswith(":", span.start, span.end)
        found.append(Sentence(span.start, span.end, line, is_quotation, blank, leads))
    return found


def _with_ends(text: str, plain: str, quotes: Sequence[QuotedStretch]) -> str:
    """The blanked text, with a full stop for the end of a quotation that ends a sentence."""
    parts, at = [], 0
    for quote in quotes:
        if _ends_sentence(text, plain, quote):
            parts += [plain[at : quote.end - 1], "."]
            at = quote.end
    return "".join(parts) + plain[at:]


def _ends_sentence(text: str, plain: str, quote: QuotedStretch) -> bool:
    inside = text[max(quote.start, quote.end - 10) : quote.end].rstrip(_SPACES + _MARKS)
    following = _SENTENCE_BEGINS.match(plain, quote.end)
    if inside[-1:] not in (".", "!", "?", "…") or not following:
        return False
    clause = _CLAUSE.match(plain, following.end())
    words = clause[0] if clause else ""
    verb = next((word.end() for word in WORD.finditer(words) if word[0] in SAYS), None)
    # “Yes.” Ann Lee said. – her words; “Yes.” Ann Lee said that… – another sentence.
    return verb is None or not AFTER_SPEAKER.match(words, verb)


def comma_ends(text: str, quotes: Sequence[QuotedStretch]) -> frozenset[int]:
    """Where quotations end that go on: behind the mark of “No,” and behind the comma of “No”,."""
    inside = {
        quote.end
        for quote in quotes
        if _ENDS_WITH_COMMA.search(text[max(quote.start, quote.end - 4) : quote.end])
    }
    behind = {quote.end + 1 for quote in quotes if text.startswith(",", quote.end)}
    return frozenset(inside | behind)
