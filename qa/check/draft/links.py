"""What a bracket is: [text](url), [text][id], [id], [1], [^note], an image, or no reference."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from qa.check.draft.mark_contents import Cited, Targets, cited
from qa.check.draft.markdown import plain
from qa.check.draft.reference_patterns import ONLY_NUMBERS, expanded, is_source, key
from qa.check.draft.types import Reference
from qa.ids import PassageId
from qa.types import Span

_BRACKETS = re.compile(r"\\.|[\[\]]")
_DESTINATION = re.compile(
    r"\(\s*+(?:<(?P<within>[^<>\n]*+)>|(?P<url>[^\s()<>]*+(?:\([^\s()]*+\)[^\s()]*+)*+))"
    r"""(?:\s++(?:"(?:\\.|[^"\\])*+"|'(?:\\.|[^'\\])*+'|\((?:\\.|[^()\\])*+\)))?+\s*+\)"""
)
_ONE_NUMBER = re.compile(r"[\\\[\]^\s]*(\d{1,3})[\\\[\]\s]*")
_LONGEST_NUMBER = 12  # with its brackets: "[\[123\]]"
_NOTE = re.compile(r"\^\S+")
_RAISED = re.compile(r"\^(\d{1,3})\^")
_TWO_LETTERS = re.compile(r"\w\w")


class Labels(NamedTuple):
    """What the labels of lists and footnotes stand for."""

    links: Mapping[str, tuple[str, ...]]  # of link definitions alone
    all: Mapping[str, tuple[str, ...]]  # "3", "^note", "talks"
    known: Targets = Targets()  # what else a mark may lead to


class Scan(NamedTuple):
    """What was found at a place, often nothing, and where to read on."""

    end: int  # where to read on
    found: tuple[Reference, ...] = ()
    hidden: tuple[Span, ...] = ()  # what is no words of the draft


def mark(span: Span, label: str, targets: tuple[str, ...]) -> Scan:
    """The reference that a mark is, none of it words of the draft.

    [3:8] "^note" -> read on at 8, one reference, all of it hidden
    """
    return Scan(span.end, (Reference(span, label, targets),), (span,))


def numbers(span: Span, written: str, labels: Labels) -> Scan:
    """The references that a mark is, one for each of its numbers.

    [3:11] "1, 3-4" -> read on at 11, references "1", "3" and "4", all of it hidden
    """
    found = (Reference(span, number, labels.all.get(number, ())) for number in expanded(written))
    return Scan(span.end, tuple(found), (span,))


def marks(span: Span, found: Iterable[Cited]) -> Scan:
    """The references that a mark is, one for each source that it names, all of it hidden."""
    cited = tuple(Reference(span, label, targets) for label, targets in found)
    return Scan(span.end, cited, (span,) if cited else ())


class Brackets:
    """The pairs of a paragraph's brackets.

    "[a [1]]" -> close(0) = 6, inner(3) = "1", numbers(3) = "1", inner(0) = ""
    """

    def __init__(self, body: str, span: Span) -> None:
        self._body, self.end = body, span.end
        self._close: dict[int, int] = {}
        self._innermost: set[int] = set()
        opened: list[int] = []
        last = -1
        for match in _BRACKETS.finditer(body, span.start, span.end):
            if match[0] == "[":
                last = match.start()
                opened.append(last)
            elif match[0] == "]" and opened:
                start = opened.pop()
                self._close[start] = match.start()
                if start == last:
                    self._innermost.add(start)

    def close(self, at: int) -> int | None:
        """Where the bracket that opens at a place is closed."""
        return self._close.get(at)

    def is_innermost(self, at: int) -> bool:
        """Whether a bracket opens at a place, is closed, and has none within."""
        return at in self._innermost

    def inner(self, at: int) -> str:
        """What stands in an innermost bracket; "" of any other."""
        return self._body[at + 1 : self._close[at]] if at in self._innermost else ""

    def numbers(self, at: int) -> str | None:
        """What stands in a bracket, if that is numbers and nothing else: "1, 3-5"."""
        if at not in self._innermost:
            return None
        found = ONLY_NUMBERS.fullmatch(self._body, at + 1, self._close[at])
        return found[0] if found else None


class Links:
    """Tells what each bracket of a paragraph is, as the paragraph is read."""

    def __init__(self, text: str, body: str, labels: Labels, brackets: Brackets) -> None:
        self._text, self._body, self._labels = text, body, labels
        self.brackets = brackets

    def take(self, opening: str, at: int, close: int) -> Scan:
        """What a bracket is, by what it opens with and what is behind it.

        "[Talks](/a) on" -> read on at 11, reference [0:11] "Talks", hidden [0:1] and [6:11]
        """
        destination = _DESTINATION.match(self._body, close + 1, self.brackets.end)
        if opening == "![" and destination:
            return Scan(destination.end(), (), (Span(at - 1, destination.end()),))
        if destination:
            url = destination["within"] or destination["url"] or ""
            return self._with_url(at, close, destination.end(), url)
        start = at - 1 if opening == "^[" else at
        return self._with_label(at, close, start)

    def _with_url(self, at: int, close: int, end: int, url: str) -> Scan:
        """A bracket with a URL, [text](url); [1](#note) is the number 1, other #notes no source."""
        number = self._one_number(at, close)
        if is_source(url):
            listed = self._labels.all.get(number, ()) if number else ()
            targets = tuple(dict.fromkeys((url, *listed)))
            return self._link(at, close, end, targets, is_mark=number is not None)
        if number and url:
            return numbers(Span(at, end), number, self._labels)
        return Scan(at + 1, (), (Span(at, at + 1), Span(close, end)))

    def _with_label(self, at: int, close: int, start: int) -> Scan:
        """A bracket without a URL: [1], [^note], [text][id]; [id] when a list says what it is."""
        inner = self.brackets.inner(at)
        if raised := _RAISED.fullmatch(inner):
            return numbers(Span(at, close + 1), raised[1], self._labels)
        if _NOTE.fullmatch(inner):
            return mark(Span(at, close + 1), inner, self._note(inner))
        if linked := self._with_id(at, close):
            return linked
        if written := self.brackets.numbers(at):
            return numbers(Span(start, close + 1), written, self._labels)
        if inner and inner[0] != "^" and (targets := self._labels.links.get(key(inner))):
            return self._link(at, close, close + 1, targets)
        if found := cited(inner, "[]", self._labels.known):
            return marks(Span(at, close + 1), found)
        return Scan(at + 1)

    def _with_id(self, at: int, close: int) -> Scan | None:
        """The link of two brackets, [text][id] or [id][]; [1][2] and [sic][1] are numbers."""
        if not self.brackets.is_innermost(close + 1):
            return None
        id_, inner = self.brackets.inner(close + 1), self.brackets.inner(at)
        targets = self._labels.links.get(key(id_ or inner))
        is_mark = self.brackets.numbers(at) is not None
        if not targets or (id_.isdigit() and (is_mark or not _is_title(inner))):
            return None
        end = close + 1 + len(id_) + 2
        return self._link(at, close, end, targets, is_mark)

    def _link(
        self, at: int, close: int, end: int, targets: tuple[str, ...], is_mark: bool = False
    ) -> Scan:
        """The reference that a link is; a number or an image as its name is no words."""
        label = plain(self._text[at + 1 : close])
        if is_mark or self._body.startswith("![", at + 1):
            return mark(Span(at, end), label.strip("[]"), targets)
        found = Reference(Span(at, end), label, targets)
        return Scan(end, (found,), (Span(at, at + 1), Span(close, end)))

    def _note(self, inner: str) -> tuple[str, ...]:
        """What a footnote may be resolved by: what it says, else the id that it is named by."""
        own = (inner[1:],) if PassageId.match(inner[1:]) else ()
        return self._labels.all.get(key(inner), own)

    def _one_number(self, at: int, close: int) -> str | None:
        if close - at >= _LONGEST_NUMBER:
            return None
        number = _ONE_NUMBER.fullmatch(self._body, at + 1, close)
        return number[1] if number else None


def _is_title(inner: str) -> bool:
    """Whether what stands before [1] may be a link's text, and not an editor's bracket."""
    return _TWO_LETTERS.search(inner) is not None and inner.casefold() != "sic"
