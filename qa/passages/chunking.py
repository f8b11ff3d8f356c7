"""Article text -> passages with exact spans, in the encoder's own tokens.

A passage is a run of whole paragraphs of at most `Chunking.tokens` tokens; a longer paragraph is
cut between sentences, a longer sentence at a clause, else between words, else anywhere. Offsets are
made here and never searched for later.
The title goes in front of an article's first passage: in front of every one it pulls all of them
towards the title, and the long article wins over the right one (docs/decisions/0002-titles.md).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from qa.text.sentences import sentences
from qa.types import Span

TokenSpans = Callable[[str], list[tuple[int, int]]]

# A wordless string is one unknown token however long it is; characters bound it as well.
MAX_CHARACTERS = 1500
# Characters that are tokenised at a time: some milliseconds.
STRETCH = 16_384
_CLAUSE_END = re.compile(r"[,;:–—)\]»”][\s]|\n")


@dataclass(frozen=True, slots=True)
class Chunking:
    """How articles are cut; part of the manifest, since other passages are another index."""

    tokens: int = 200
    title_tokens: int = 48

    @property
    def fingerprint(self) -> str:
        return f"paragraphs-1 tokens={self.tokens} title={self.title_tokens}"


def title_prefix(title: str | None, token_spans: TokenSpans, limit: int) -> str:
    """The title as far as it goes in front of each passage, cut after `limit` tokens."""
    if not title:
        return ""
    title = " ".join(title[:MAX_CHARACTERS].split())
    tokens = token_spans(title)
    return title[: tokens[limit - 1][1]] if len(tokens) > limit else title


def with_title(title: str, passage: str) -> str:
    """The passage under its title; one that begins with its title does not repeat it."""
    return passage if not title or passage.startswith(title) else f"{title}\n{passage}"


def chunk(
    text: str, *, budget: int, token_spans: TokenSpans, language: str | None = None
) -> list[Span]:
    """Spans in order that cover all of `text` but white space, each of at most `budget` tokens."""
    if budget < 1:
        raise ValueError(f"a passage needs at least one token, not {budget}")
    ruler = Ruler(text, token_spans)
    pieces = [
        piece
        for sentence in sentences(text, language)
        for piece in _cut(text, sentence, ruler, budget)
    ]
    return [
        part
        for span in _pack(text, pieces, ruler, budget)
        for part in _verified(text, span, ruler, budget)
    ]


class Ruler:
    """A text that is tokenised once, to tell of any span of it how many tokens it has."""

    def __init__(self, text: str, token_spans: TokenSpans) -> None:
        self.token_spans = token_spans
        self.starts = [
            at + start for at, piece in _stretches(text) for start, _ in token_spans(piece)
        ]

    def tokens(self, start: int, end: int) -> int:
        return bisect_left(self.starts, end) - bisect_left(self.starts, start)

    def furthest(self, start: int, tokens: int) -> int | None:
        """Where the token after the next `tokens` begins; None when the text ends before."""
        index = bisect_left(self.starts, start) + tokens
        return self.starts[index] if index < len(self.starts) else None


def _stretches(text: str) -> Iterator[tuple[int, str]]:
    """The text in parts, each with its place, which end at a space: no word of a text is cut.

    Tokenising holds the interpreter's lock: 400,000 characters without a space stopped all else
    for a second and a half.
    """
    start = 0
    while start < len(text):
        end, half = start + STRETCH, start + STRETCH // 2
        if end < len(text):
            end = max(text.rfind(" ", half, end), text.rfind("\n", half, end)) + 1 or end
        yield start, text[start:end]
        start = end


def _fits(start: int, end: int, ruler: Ruler, budget: int) -> bool:
    return end - start <= MAX_CHARACTERS and ruler.tokens(start, end) <= budget


def _cut(text: str, sentence: Span, ruler: Ruler, budget: int) -> list[Span]:
    """The sentence, in as many pieces as the budget asks for."""
    pieces, start = [], sentence.start
    while not _fits(start, sentence.end, ruler, budget):
        limit = min(start + MAX_CHARACTERS, sentence.end)
        furthest = ruler.furthest(start, budget)
        if furthest is not None:
            limit = min(limit, max(furthest, start + 1))
        end = _cut_at(text, start, limit)
        pieces.append(_trim(text, start, end))
        start = end
    pieces.append(_trim(text, start, sentence.end))
    return [piece for piece in pieces if piece.start < piece.end]


def _cut_at(text: str, start: int, limit: int) -> int:
    """The best place in (start, limit]: a clause end in the last third, a space, the limit."""
    third = start + (limit - start) * 2 // 3
    clauses = [match.end() for match in _CLAUSE_END.finditer(text, third, limit)]
    if clauses:
        return clauses[-1]
    spaces = [match.end() for match in re.finditer(r"\s", text[start:limit])]
    return start + spaces[-1] if spaces and spaces[-1] > 0 else limit


def _trim(text: str, start: int, end: int) -> Span:
    piece = text[start:end]
    lead, trail = len(piece) - len(piece.lstrip()), len(piece) - len(piece.rstrip())
    return Span(start + lead, max(start + lead, end - trail))


def _pack(text: str, pieces: list[Span], ruler: Ruler, budget: int) -> list[Span]:
    """Passages of as many paragraphs as fit; one that fits in none is cut between sentences."""
    packed: list[Span] = []
    for paragraph in _paragraphs(text, pieces):
        whole = Span(paragraph[0].start, paragraph[-1].end)
        parts = [whole] if _fits(whole.start, whole.end, ruler, budget) else paragraph
        for part in parts:
            if packed and _fits(packed[-1].start, part.end, ruler, budget):
                packed[-1] = Span(packed[-1].start, part.end)
            else:
                packed.append(part)
    return packed


def _paragraphs(text: str, pieces: list[Span]) -> list[list[Span]]:
    """The pieces, grouped by the line breaks between them."""
    groups: list[list[Span]] = []
    for piece in pieces:
        if groups and "\n" not in text[groups[-1][-1].end : piece.start]:
            groups[-1].append(piece)
        else:
            groups.append([piece])
    return groups


def _verified(text: str, span: Span, ruler: Ruler, budget: int) -> list[Span]:
    """Halves a span that counts more tokens alone than it did within the text.

    Word-piece tokenizers never count more; others may merge differently at the edge.
    """
    if len(ruler.token_spans(text[span.start : span.end])) <= budget or span.end - span.start < 2:
        return [span]
    middle = _cut_at(text, span.start, (span.start + span.end) // 2)
    halves = (_trim(text, span.start, middle), _trim(text, middle, span.end))
    return [
        part
        for half in halves
        if half.start < half.end
        for part in _verified(text, half, ruler, budget)
    ]
