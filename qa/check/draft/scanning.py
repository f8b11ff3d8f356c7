"""The references of a paragraph, read from left to right."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from qa.check.draft.brackets import Brackets
from qa.check.draft.links import Links
from qa.check.draft.markdown import plain
from qa.check.draft.marks import (
    TOKEN,
    digits,
    expanded,
    is_exponent_behind,
    is_source,
    without_punctuation,
)
from qa.check.draft.passage_ids import passage_ids
from qa.check.draft.taken import Known, Taken, mark, numbers
from qa.check.draft.types import Reference
from qa.ids import PassageId
from qa.types import Span

_HOST_OR_PATH = re.compile(r"[/.]\w")


class Scanned(NamedTuple):
    """The references of a paragraph, in order, and what of it is no words."""

    found: list[Reference]
    hidden: list[Span]


class Scanner:
    """Reads stretches of a draft; `body` is what of the text counts, and as long."""

    def __init__(self, text: str, body: str, known: Known, in_entry: bool = False) -> None:
        self._text, self._body, self._known = text, body, known
        self._in_entry = in_entry  # where footnotes have no footnotes

    def read(self, span: Span) -> Scanned:
        """The references of a paragraph: "He left [1]." -> found "1", hidden [8:11]."""
        links = Links(self._text, self._body, self._known, Brackets(self._body, span))
        scanned, at = Scanned([], []), span.start
        while token := TOKEN.search(self._body, at, span.end):
            taken = self._take(token, links)
            _add(scanned, taken)
            at = taken.end
        for taken in self._ids(span, [one.span for one in scanned.found]):
            _add(scanned, taken)
        scanned.found.sort(key=lambda reference: reference.span)
        return scanned

    def _take(self, token: re.Match[str], links: Links) -> Taken:
        kind, span = token.lastgroup, Span(*token.span())
        if kind == "opening":
            return self._bracket(token, links)
        if kind in ("escaped", "lenticular"):
            return numbers(span, token[kind], self._known)
        if kind in ("raised", "superscript"):
            return self._raised(span, digits(token[kind]))
        if kind == "url":
            return _url(token)
        if kind == "autolink" and is_source(token[kind]):
            return mark(span, token[kind], (token[kind],))
        return Taken(span.end, (), (span,) if kind in ("autolink", "tag") else ())

    def _raised(self, span: Span, written: str) -> Taken:
        """A raised number counts if it is in the list of sources, and no exponent."""
        before = self._body[max(0, span.start - 4) : span.start]
        if expanded(written)[0] in self._known.labels and not is_exponent_behind(before):
            return numbers(span, written, self._known)
        return Taken(span.end)

    def _bracket(self, token: re.Match[str], links: Links) -> Taken:
        at = token.end() - 1
        close = links.brackets.close(at)
        if close is None:
            return Taken(token.end())
        is_note = token[0] == "^[" and not links.brackets.numbers(at)
        if is_note and not self._in_entry:
            content, known = Span(at + 1, close), self._known
            targets = entry_targets(self._text, self._body, known.links, content)
            return mark(Span(token.start(), close + 1), targets[-1] if targets else "", targets)
        return links.take(token[0], at, close)

    def _ids(self, span: Span, taken: Sequence[Span]) -> Iterator[Taken]:
        """The passage ids that stand in no other reference."""
        for id_, place in passage_ids(self._text, self._body, span):
            i = bisect_left(taken, Span(place.end, 0))
            if not i or taken[i - 1].end <= place.start:
                yield mark(place, id_, (id_,))


def entry_targets(
    text: str, body: str, links: Mapping[str, tuple[str, ...]], content: Span
) -> tuple[str, ...]:
    """What an entry may be resolved by: passage ids, URLs, its text.

    "Ana, [Talks](https://x.org)" -> ("https://x.org", "Ana, Talks")
    """
    scanned = Scanner(text, body, Known(links, links), in_entry=True).read(content)
    found = [reference for reference in scanned.found if reference.targets]
    firsts = [reference.targets[0] for reference in found]
    ids = [target for target in firsts if PassageId.match(target)]
    written = _in_words(text, content, found)
    return tuple(dict.fromkeys(filter(None, [*ids, *firsts, written])))


def _in_words(text: str, content: Span, found: Sequence[Reference]) -> str:
    """The text of an entry, with labels for its references."""
    parts, at = [], content.start
    for reference in found:
        parts += [text[at : reference.span.start], reference.label]
        at = reference.span.end
    return plain("".join(parts) + text[at : content.end])


def _add(scanned: Scanned, taken: Taken) -> None:
    scanned.found.extend(taken.found)
    scanned.hidden.extend(taken.hidden)


def _url(token: re.Match[str]) -> Taken:
    url, start = without_punctuation(token[0]), token.start()
    if not _HOST_OR_PATH.search(url):
        return Taken(token.end())
    return mark(Span(start, start + len(url)), url, (url,))
