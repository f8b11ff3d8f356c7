"""What a bracket is: [text](url), [text][id], [id], [1], [^note], an image, or no reference."""

from __future__ import annotations

import re

from qa.check.draft.brackets import Brackets
from qa.check.draft.markdown import plain
from qa.check.draft.marks import is_source, key
from qa.check.draft.taken import Known, Taken, mark, numbers
from qa.check.draft.types import Reference
from qa.ids import PassageId
from qa.types import Span

_DESTINATION = re.compile(
    r"\(\s*+(?:<(?P<within>[^<>\n]*+)>|(?P<url>[^\s()<>]*+(?:\([^\s()]*+\)[^\s()]*+)*+))"
    r"""(?:\s++(?:"[^"]*+"|'[^']*+'|\([^()]*+\)))?+\s*+\)"""
)
_ONE_NUMBER = re.compile(r"[\\\[\]^\s]*(\d{1,3})[\\\[\]\s]*")
_LONGEST_NUMBER = 12  # with its brackets: "[\[123\]]"
_NOTE = re.compile(r"\^\S+")
_TWO_LETTERS = re.compile(r"\w\w")


class Links:
    """Reads the brackets of a paragraph, each when it is come to."""

    def __init__(self, text: str, body: str, known: Known, brackets: Brackets) -> None:
        self._text, self._body, self._known = text, body, known
        self.brackets = brackets

    def take(self, opening: str, at: int, close: int) -> Taken:
        """What a bracket is, by what it opens with and what is behind it.

        "[Talks](/a) on" -> read on at 11, reference [0:11] "Talks", hidden [0:1] and [6:11]
        """
        destination = _DESTINATION.match(self._body, close + 1, self.brackets.end)
        if opening == "![" and destination:
            return Taken(destination.end(), (), (Span(at - 1, destination.end()),))
        if destination:
            url = destination["within"] or destination["url"] or ""
            return self._with_url(at, close, destination.end(), url)
        start = at - 1 if opening == "^[" else at
        return self._with_label(at, close, start)

    def _with_url(self, at: int, close: int, end: int, url: str) -> Taken:
        """[text](url); [1](#note) is the number 1, and other places of the draft no source."""
        number = self._one_number(at, close)
        if is_source(url):
            listed = self._known.labels.get(number, ()) if number else ()
            targets = tuple(dict.fromkeys((url, *listed)))
            return self._link(at, close, end, targets, is_mark=number is not None)
        if number and url:
            return numbers(Span(at, end), number, self._known)
        return Taken(at + 1, (), (Span(at, at + 1), Span(close, end)))

    def _with_label(self, at: int, close: int, start: int) -> Taken:
        """[1], [^note], [text][id], [id] when a list says what it is; else it is no reference."""
        inner = self.brackets.inner(at)
        if _NOTE.fullmatch(inner):
            return mark(Span(at, close + 1), inner, self._note(inner))
        if linked := self._with_id(at, close):
            return linked
        if written := self.brackets.numbers(at):
            return numbers(Span(start, close + 1), written, self._known)
        if inner and inner[0] != "^" and (targets := self._known.links.get(key(inner))):
            return self._link(at, close, close + 1, targets)
        return Taken(at + 1)

    def _with_id(self, at: int, close: int) -> Taken | None:
        """[text][id] or [id][]; but [1][2] and [sic][1] are numbers."""
        if not self.brackets.is_innermost(close + 1):
            return None
        id_, inner = self.brackets.inner(close + 1), self.brackets.inner(at)
        targets = self._known.links.get(key(id_ or inner))
        is_mark = self.brackets.numbers(at) is not None
        if not targets or (id_.isdigit() and (is_mark or not _is_title(inner))):
            return None
        end = close + 1 + len(id_) + 2
        return self._link(at, close, end, targets, is_mark)

    def _link(
        self, at: int, close: int, end: int, targets: tuple[str, ...], is_mark: bool = False
    ) -> Taken:
        """A link by its text; one named by a number, or by an image, is no words of the draft."""
        label = plain(self._text[at + 1 : close])
        if is_mark or self._body.startswith("![", at + 1):
            return mark(Span(at, end), label.strip("[]"), targets)
        found = Reference(Span(at, end), label, targets)
        return Taken(end, (found,), (Span(at, at + 1), Span(close, end)))

    def _note(self, inner: str) -> tuple[str, ...]:
        """What a footnote says; one that is not there may be named by a passage id."""
        own = (inner[1:],) if PassageId.match(inner[1:]) else ()
        return self._known.labels.get(key(inner), own)

    def _one_number(self, at: int, close: int) -> str | None:
        if close - at >= _LONGEST_NUMBER:
            return None
        number = _ONE_NUMBER.fullmatch(self._body, at + 1, close)
        return number[1] if number else None


def _is_title(inner: str) -> bool:
    """Whether what stands before [1] may be a link's text, and not an editor's bracket."""
    return _TWO_LETTERS.search(inner) is not None and inner.casefold() != "sic"
