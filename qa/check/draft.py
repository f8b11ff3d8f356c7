"""A draft taken apart: its quotations and what each refers to, and its claims that cite a source.

Sentences are those of qa.sentences, read without marks, URLs and lists of sources; what follows a
sentence's end in its paragraph and is a reference and nothing else belongs to that sentence.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, zip_longest
from typing import Literal

from qa.check.quotations import Block, blocks, quotations
from qa.check.references import Reference, cover, plain, references
from qa.sentences import sentences
from qa.types import Span

MIN_WORDS = 4  # of a claim, and of a quotation that makes a sentence more than a claim
MAX_REFERENCES = 20  # of one quotation, the nearest
FULL_LINE = 40  # characters from which a line without a full stop is taken for wrapped

_WORD = re.compile(r"\w+(?:['’]\w+)*")
_NO_BRACKET = re.compile(r"[^\[\]()<>\n]")
_EMPTY = re.compile(r"\([\s,;]*+\)|\[[\s,;]*+\]")
_SENTENCE_END = re.compile(r"[.!?…][\"'”“’»«)\]*_]*+\Z")
_SPACE_BEFORE_STOP = re.compile(r"(?<=\S) +(?=[.,;)])")
_STOP = re.compile(r"[.!?…。！？।؟۔:;]")
_CLOSED = re.compile(r"[\"”“»«][)'’]*+(\s++)(.)")
_ORDINAL = re.compile(r"\d\.\Z")
# “Why?” Ana Petrović asked: one sentence, though it is cut behind the mark.
_ASKED = re.compile(r"[!?…][\"”“»«]\Z")
_SAYS = re.compile(
    r"(?:[^\W\d_][\w'’-]* ){1,4}(?:said|says|asked|asks|told|added|replied|wrote|cried|shouted"
    r"|sagte|fragte|rief|schrieb|rekao|rekla|kaže|pita|pitao|pitala|upitao|upitala|poručio|poručila"
    r"|dodao|dodala|izjavio|izjavila|рекао|рекла|питао|питала|dit|demande|dijo|preguntó|disse)\b"
)
_CLOSING = frozenset('"”“»«')
_MARKER = re.compile(r"[ \t]*(?:(?:[-*+•]|\d{1,3}[.)])[ \t]+|#{1,6}[ \t]+)(?:\[[ xX]\][ \t]+)?")
_HEADING = re.compile(r" {0,3}#{1,6}\s")
_SETEXT = re.compile(r"\n {0,3}(?:=+|-{2,})[ \t\r]*\Z")
_DASH = re.compile(r"[ \t>]*(?:[—–―]|--?(?=[ \t]))[ \t]*[^\s\"“„«»—–-]")
_SOURCE = re.compile(
    r"[ \t>*_(]*(?:sources?|via|quellen?|izvori?|fuentes?|fonti?|извор|источник|bron|źródło)"
    r"[*_]{0,2}\s?[:：]",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quotation of a draft."""

    span: Span  # between the marks; of a blockquote, without attribution
    references: tuple[Reference, ...]  # what it refers to, nearest first


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence that cites without quoting."""

    span: Span  # its reference marks included
    text: str  # in one line, without marks and Markdown; links by their text
    references: tuple[Reference, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be checked in a draft."""

    text: str
    quotations: tuple[Quoted, ...]
    claims: tuple[Claim, ...]
    references: tuple[Reference, ...]


@dataclass(slots=True)
class _Statement:
    """A sentence and the references behind it, or a blockquote."""

    start: int
    end: int
    block: int
    kind: Literal["sentence", "heading", "attribution", "blockquote"]
    said: Span  # less the references before and behind it
    references: list[Reference] = field(default_factory=list)
    quotes: list[Span] = field(default_factory=list)


def read_draft(text: str, language: str | None = None) -> Draft:
    """The quotations, claims and references of a draft in Markdown or plain text.

    "He said “we will go home” [1]. The talks ended in May. [2]"
    -> quotation [9:24] with [1], claim [31:58] "The talks ended in May." with [2]
    """
    return _Reader(text, language).read()


class _Reader:
    def __init__(self, text: str, language: str | None) -> None:
        self._text, self._language = text, language
        self._found, _, self._hidden, self._body = references(text)
        marks = set(self._hidden)
        self._mark_ending_at = {
            found.span.end: found.span.start for found in self._found if found.span in marks
        }
        # What stands in a URL or a title is no quotation.
        seen = cover(self._body, self._hidden, "x", _NO_BRACKET)
        self._quotes = [self._tightened(span) for span in quotations(seen)]
        self._prose = self._without_marks()
        self._bare = cover(self._prose, (found.span for found in self._found), " ")

    def read(self) -> Draft:
        self._blocks = list(blocks(self._body))
        self._statements = [
            statement
            for number, block in enumerate(self._blocks)
            for statement in self._statements_in(number, block)
        ]
        self._place_references()
        quoted, claims = tuple(self._quoted()), tuple(self._claims())
        return Draft(self._text, quoted, claims, self._found)

    def _without_marks(self) -> str:
        """The body with spaces for marks and URLs, and for "(Tanjug)" linked behind a sentence."""
        prose = cover(self._body, self._hidden, " ")
        lone = []
        for found in self._found:
            start, end = found.span.start - 1, found.span.end + 1
            if prose[start:end][:1] == "(" and prose[end - 1 : end] == ")":
                before = prose[max(0, start - 20) : start].rstrip()
                lone += [Span(start, end)] if _SENTENCE_END.search(before) else []
        return _EMPTY.sub(lambda match: " " * len(match[0]), cover(prose, lone, " "))

    def _tightened(self, span: Span) -> Span:
        """A quotation without reference marks at its end, a blockquote without attribution."""
        start, end = span.start, span.end
        line = self._text.rfind("\n", start, end)
        if line >= 0 and self._is_blockquote(span) and self._attributes(self._text[line + 1 : end]):
            end = self._stripped(start, line)
        while (mark := self._mark_ending_at.get(end, -1)) > start:
            end = self._stripped(start, mark)
        return Span(start, end) if end > start else span

    def _stripped(self, start: int, end: int) -> int:
        while end > start and self._text[end - 1] in "> \t\r\n":
            end -= 1
        return end

    def _is_blockquote(self, span: Span) -> bool:
        line = self._text.rfind("\n", 0, span.start) + 1
        return ">" in self._text[line : min(span.start, line + 9)]

    def _attributes(self, line: str) -> bool:
        return bool(_DASH.match(line) or _SOURCE.match(line))

    # --- sentences ---

    def _statements_in(self, number: int, block: Block) -> Iterator[_Statement]:
        start, end = block.span.start, block.span.end
        if block.is_quote:
            yield _Statement(start, end, number, "blockquote", block.span)
            return
        written = self._body[start:end]
        heading = _HEADING.match(written) or _SETEXT.search(written[-80:])
        for attributes, piece in self._pieces(number, block):
            kind: Literal["heading", "attribution", "sentence"] = "sentence"
            if attributes or heading:
                kind = "attribution" if attributes else "heading"
            yield _Statement(piece.start, piece.end, number, kind, piece)

    def _pieces(self, number: int, block: Block) -> list[tuple[bool, Span]]:
        """The sentences of a paragraph, and whether each but says where the one before is from."""
        pieces: list[tuple[bool, Span]] = []
        for line in self._lines(block.span):
            whole = self._attributes_before(number, line, pieces)
            for span in [line] if whole else self._sentences(line):
                if pieces and not whole and self._goes_on(pieces[-1][1], span):
                    pieces[-1] = pieces[-1][0], Span(pieces[-1][1].start, span.end)
                elif not pieces or not self._is_lone(span):
                    attributes = whole or bool(pieces and _SOURCE.match(self._slice(span)))
                    pieces.append((attributes, span))
        return pieces

    def _slice(self, span: Span) -> str:
        return self._prose[span.start : span.end]

    def _sentences(self, line: Span) -> list[Span]:
        text = self._slice(line).replace("\n", " ")
        start = line.start + len(text) - len(text.lstrip())
        text = text.strip()
        if not _STOP.search(text, 0, len(text) - 1):
            return [Span(start, start + len(text))] if text else []
        found = sentences(text, self._language)
        spans = [Span(start + span.start, start + span.end) for span in found]
        return [piece for span in spans for piece in self._cut_behind_quotes(span)]

    def _cut_behind_quotes(self, span: Span) -> Iterator[Span]:
        """Also where a sentence ends with a quotation: "He said “yes.” | She"."""
        start = span.start
        for quote in self._quotes_in(span):
            closed = _CLOSED.match(self._prose, quote.end, span.end)
            if closed and self._prose[quote.end - 1] in ".!?…" and closed[2].isupper():
                has_mark = self._body[closed.start(1) : closed.end(1)].strip()
                if has_mark or _WORD.search(self._prose, start, quote.start):
                    yield Span(start, closed.start(1))
                    start = closed.end(1)
        yield Span(start, span.end)

    def _lines(self, span: Span) -> Iterator[Span]:
        """Lines of a paragraph, those together that one sentence may run on over."""
        marker = _MARKER.match(self._prose, span.start, span.end)
        start = at = marker.end() if marker else span.start
        while (end := self._prose.find("\n", at, span.end)) >= 0:
            if not self._is_wrapped(at, end) or self._attributes(self._prose[end + 1 : end + 20]):
                yield Span(start, end)
                start = end + 1
            at = end + 1
        yield Span(start, span.end)

    def _is_wrapped(self, start: int, end: int) -> bool:
        """Whether a line stops in mid-sentence, for it is full, or what follows is a link."""
        written = self._prose[start:end].rstrip()
        if not written or _SENTENCE_END.search(written[-9:]):
            return False
        return end - start >= FULL_LINE or self._prose[end + 1 : end + 2].isspace()

    def _attributes_before(self, number: int, line: Span, before: list[tuple[bool, Span]]) -> bool:
        """Whether a line says where a quotation above it is from: "— Ana Petrović, Talks"."""
        written = self._slice(line)
        if before:
            ending = self._slice(before[-1][1])[-3:].rstrip(" .,*_")
            quoted = ending[-1:] in _CLOSING if ending else False
            return bool(_SOURCE.match(written) or (quoted and _DASH.match(written)))
        last = self._blocks[number - 1] if number else None
        if last is None or not last.is_quote:
            return False
        breaks = self._text.count("\n", last.span.end, line.start)
        unmarked = breaks == 1 and not _SENTENCE_END.search(written.rstrip()[-9:])
        return breaks <= 2 and (self._attributes(written) or unmarked)

    def _goes_on(self, last: Span, span: Span) -> bool:
        """Whether what was cut is one: within a quotation, and behind "on 3." of "on 3. maja"."""
        i = bisect_left(self._quotes, Span(span.start, 0)) - 1
        within = i >= 0 and self._quotes[i].start < span.start < self._quotes[i].end
        date = _ORDINAL.search(self._prose, max(last.start, last.end - 4), last.end)
        is_word = any(char.isalnum() for char in self._slice(span))
        if within or not is_word or (date and self._prose[span.start].islower()):
            return True
        asked = _ASKED.search(self._prose, max(last.start, last.end - 4), last.end)
        return bool(asked and _SAYS.match(self._prose, span.start, span.end))

    def _is_lone(self, span: Span) -> bool:
        """Whether it is nothing but links: "[Tanjug](https://…), [Beta](https://…)"."""
        if _WORD.search(self._bare, span.start, span.end) or self._quotes_in(span):
            return False
        return not _SENTENCE_END.search(self._slice(span)[-9:])

    def _quotes_in(self, span: Span) -> list[Span]:
        first = bisect_left(self._quotes, Span(span.start, 0))
        return self._quotes[first : bisect_left(self._quotes, Span(span.end, 0))]

    # --- what refers to what ---

    def _place_references(self) -> None:
        starts = [statement.start for statement in self._statements]
        block_starts = [block.span.start for block in self._blocks]
        for found in self._found:
            i = bisect_right(starts, found.span.start) - 1
            last = self._statements[i] if i >= 0 else None
            following = self._statements[i + 1] if i + 1 < len(starts) else None
            block = bisect_right(block_starts, found.span.start) - 1
            if statement := self._belonging(found, block, last, following):
                statement.references.append(found)
        for last, statement in pairwise(self._statements):
            if statement.kind == "attribution":
                last.references += statement.references

    def _belonging(
        self, found: Reference, block: int, last: _Statement | None, following: _Statement | None
    ) -> _Statement | None:
        """The sentence that it stands in; else the one before it in the paragraph; else after."""
        if last and found.span.start < last.end:
            return last
        next_one = following if following and following.block == block else None
        if (
            last
            and last.block == block
            and not (next_one and self._prose[next_one.said.start].islower())
        ):
            last.end = self._with_bracket(found.span.end)
            return last
        if next_one:
            next_one.start = min(next_one.start, found.span.start)
            return next_one
        if last and last.kind == "blockquote":
            near = self._text.count("\n", last.end, found.span.start) <= 2
            return last if near else None
        return None

    def _with_bracket(self, end: int) -> int:
        closes = self._body[end : end + 1] in {")", "]"} and self._prose[end] == " "
        return end + closes

    # --- quotations ---

    def _quoted(self) -> Iterator[Quoted]:
        starts = [statement.said.start for statement in self._statements]
        for span in self._quotes:
            i = bisect_right(starts, span.start) - 1
            if i < 0:
                yield Quoted(span, ())
            elif self._statements[i].kind != "attribution":
                self._statements[i].quotes.append(span)
        for i, statement in enumerate(self._statements):
            places = [found.span.start for found in statement.references]
            ends = [span.start for span in statement.quotes[1:]] + [len(self._text)]
            for span, end in zip(statement.quotes, ends, strict=False):
                near = _nearest(statement.references, places, span, end)
                yield Quoted(span, near or self._introducing(i, span))

    def _introducing(self, i: int, span: Span) -> tuple[Reference, ...]:
        """The references of the sentence before, when it ends with a colon."""
        if not i or not self._ends_with_colon(self._statements[i - 1]):
            return ()
        statement = self._statements[i]
        if statement.kind != "blockquote" and _WORD.search(
            self._prose, statement.said.start, span.start
        ):
            return ()
        return tuple(reversed(self._statements[i - 1].references[-MAX_REFERENCES:]))

    def _ends_with_colon(self, statement: _Statement) -> bool:
        return self._slice(statement.said).rstrip(" *_").endswith((":", "："))

    # --- claims ---

    def _claims(self) -> Iterator[Claim]:
        for statement, following in zip_longest(self._statements, self._statements[1:]):
            introduces = following and following.quotes and self._ends_with_colon(statement)
            if statement.kind == "sentence" and statement.references and not introduces:
                span = Span(statement.start, statement.end)
                if self._claims_something(statement):
                    yield Claim(span, self._shown(statement.said), tuple(statement.references))

    def _claims_something(self, statement: _Statement) -> bool:
        if any(self._words(self._prose, quote) >= MIN_WORDS for quote in statement.quotes):
            return False
        besides, said = self._words(self._bare, statement.said), statement.said
        if besides == 0 and _SENTENCE_END.search(self._slice(said)[-9:]):
            return self._words(self._prose, said) >= MIN_WORDS  # all of it is a link
        return besides >= MIN_WORDS

    def _words(self, text: str, span: Span) -> int:
        return sum(1 for _ in _WORD.finditer(text, span.start, span.end))

    def _shown(self, said: Span) -> str:
        """The sentence without marks and Markdown, in one line."""
        parts, at = [], said.start
        first = bisect_left(self._hidden, Span(at, 0))
        for span in self._hidden[first : bisect_left(self._hidden, Span(said.end, 0))]:
            parts.append(self._text[at : max(at, span.start)])
            at = max(at, span.end)
        shown = plain(_EMPTY.sub("", "".join(parts) + self._text[at : said.end]))
        return _SPACE_BEFORE_STOP.sub("", shown)


def _nearest(
    found: Sequence[Reference], places: Sequence[int], quote: Span, following: int
) -> tuple[Reference, ...]:
    """Those that a quotation refers to: a link around it, then behind, within, and before it."""
    first, behind = bisect_left(places, quote.start), bisect_left(places, quote.end)
    last = bisect_left(places, following)
    before = list(reversed(found[max(0, first - MAX_REFERENCES) : first]))
    around = [one for one in before[:1] if one.span.end >= quote.end]
    near = [*around, *found[behind : min(last, behind + MAX_REFERENCES)]]
    near += [*found[first : min(behind, first + MAX_REFERENCES)], *before[len(around) :]]
    return tuple(near[:MAX_REFERENCES] or found[last : last + MAX_REFERENCES])
