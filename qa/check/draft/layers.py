"""A draft in layers of the same length, so that a span is the same place in each of them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from qa.check.draft.attributions import trimmed_quotations
from qa.check.draft.markdown import MarkdownBlock, blocks, cover
from qa.check.draft.references import references
from qa.check.draft.types import Reference
from qa.types import Span

_WORD = re.compile(r"\w+(?:['’]\w+)*")
_QUOTE_SIGNS = re.compile(r"(?:\n[ \t]*>[> \t]*)+")
_SPACES = re.compile(" {2,}")
_SPACE_BEFORE_STOP = re.compile(r"(?<=\S) +(?=[.,;:)])")
_EMPTY_BRACKETS = re.compile(r"\([\s,;]*+\)|\[[\s,;]*+\]")
_SENTENCE_END = re.compile(r"[.!?…][\"'”“’»«)\]*_]*+\Z")


@dataclass(frozen=True, slots=True)
class DraftLayers:
    """A draft with its references and what is hidden by them."""

    text: str
    body: str  # the text without lists of sources, footnotes and code
    prose: str  # the body with spaces for marks and URLs
    bare: str  # the prose with spaces for the text of links as well
    references: tuple[Reference, ...]
    hidden: tuple[Span, ...]  # marks, URLs, titles, images and tags, in order
    quotations: tuple[Span, ...]
    going_on: frozenset[Span]  # of these, whose next paragraph opens them again
    lone_marks: tuple[int, ...]  # where quotation marks stand that nothing closes, or opens
    blocks: tuple[MarkdownBlock, ...]

    def said(self, span: Span) -> str:
        """The prose of a span."""
        return self.prose[span.start : span.end]

    def quotations_in(self, span: Span) -> Sequence[Span]:
        """The quotations that begin in a span."""
        return _starting_in(self.quotations, span)

    def references_in(self, span: Span) -> Sequence[Reference]:
        """The references that begin in a span."""
        first = bisect_left(self.references, span.start, key=lambda one: one.span.start)
        return self.references[
            first : bisect_left(self.references, span.end, key=lambda one: one.span.start)
        ]

    def quoted_words(self, span: Span) -> str:
        """What a quotation says: without the marks and addresses in it, and without >.

        "the dam held [2], but [barely](/a)" -> "the dam held, but barely"
        """
        parts, at = [], span.start
        hidden = self.hidden_in(span)
        for one in hidden:
            parts.append(self.text[at : max(at, one.start)])
            at = max(at, one.end)
        words = "".join(parts) + self.text[at : span.end]
        words = _QUOTE_SIGNS.sub("\n", words)
        if not hidden:
            return words
        words = _SPACES.sub(" ", without_empty_brackets(words))
        return _SPACE_BEFORE_STOP.sub("", words).strip()

    def hidden_in(self, span: Span) -> Sequence[Span]:
        """The hidden stretches that begin in a span."""
        return _starting_in(self.hidden, span)


def layers(
    text: str, is_article: Callable[[str], bool] = lambda name: False, dialogue: bool = False
) -> DraftLayers:
    """The layers of a draft in Markdown.

    "He left [1]." -> prose "He left    .", references [8:11]
    """
    found, _, hidden, body = references(text, is_article)
    prose = _without_marks(body, found, hidden)
    bare = cover(prose, (one.span for one in found), " ")
    quoted = trimmed_quotations(text, body, found, hidden, dialogue)
    return DraftLayers(
        text, body, prose, bare, found, hidden, *quoted[:3], blocks=tuple(blocks(body))
    )


def words(text: str, span: Span) -> int:
    """How many words stand in a span: "It’s over." -> 2."""
    return sum(1 for _ in _WORD.finditer(text, span.start, span.end))


def word_starts(text: str, span: Span) -> list[int]:
    """Where the words of a span begin: "It’s over." -> [0, 5]."""
    return [word.start() for word in _WORD.finditer(text, span.start, span.end)]


def has_words(text: str, span: Span) -> bool:
    """Whether there is a word in a span: " – 3" -> True, " – " -> False."""
    return _WORD.search(text, span.start, span.end) is not None


def ends_sentence(written: str, last: int = 9) -> bool:
    """Whether a stop is among the last characters, but for closing ones: "home.”)" -> True."""
    return _SENTENCE_END.search(written[-last:]) is not None


def without_empty_brackets(text: str, by: str = "") -> str:
    """The text without brackets that marks have left empty; `by` stands for each character of them.

    "so ( , ) he" -> "so  he"
    """
    return _EMPTY_BRACKETS.sub(lambda match: by * len(match[0]), text)


def _starting_in(spans: Sequence[Span], span: Span) -> Sequence[Span]:
    first = bisect_left(spans, Span(span.start, 0))
    return spans[first : bisect_left(spans, Span(span.end, 0))]


def _without_marks(body: str, found: Sequence[Reference], hidden: Sequence[Span]) -> str:
    prose = cover(body, hidden, " ")
    prose = cover(prose, _bracketed_links(prose, found), " ")
    return without_empty_brackets(prose, " ")


def _bracketed_links(prose: str, found: Sequence[Reference]) -> Iterator[Span]:
    """The links that stand alone in brackets behind a sentence: "He left. ([Tanjug](https://…))"."""
    for one in found:
        start, end = one.span.start - 1, one.span.end + 1
        if prose[start:end][:1] == "(" and prose[end - 1 : end] == ")":
            before = prose[max(0, start - 20) : start].rstrip()
            if ends_sentence(before, last=20):
                yield Span(start, end)
