"""Every place in a draft, plain or Markdown, that refers to a source, and what it refers to.

Links, URLs, [1], [1, 3-5], 【1】, footnotes and passage ids. Lists of sources and footnotes are
read for what their numbers stand for; they are no references themselves, nor is code. Linear time:
brackets are paired in one pass, and all else that is looked for is bounded or ends at the next one.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from qa.check.draft.author_years import YEARS_ALONE, Authors, named_before
from qa.check.draft.links import Brackets, Labels, Links, Scan, mark, marks, numbers
from qa.check.draft.mark_contents import Targets, cited, marks_of_programs
from qa.check.draft.markdown import blocks, cover, plain, without_code
from qa.check.draft.reference_patterns import (
    TOKEN,
    digits,
    expanded,
    is_exponent_behind,
    is_source,
    passage_ids,
    without_punctuation,
)
from qa.check.draft.source_entries import SourceEntry
from qa.check.draft.source_lists import entries
from qa.check.draft.types import Reference
from qa.ids import PassageId
from qa.types import Span

_FULL_WIDTH = str.maketrans("［］（）｛｝０１２３４５６７８９＃", "[](){}0123456789#")
_NUMBER_IN_BRACKETS = re.compile(r"\[\d{1,3}\]")
_LONGEST_NAMES = 80  # characters before (2026) in which its authors are looked for
_HOST_OR_PATH = re.compile(r"[/.]\w")


class References(NamedTuple):
    """The references of a draft, in order, and what of it is not prose."""

    found: tuple[Reference, ...]  # "[1, 2]" is two of the same span
    entries: tuple[Span, ...]  # of lists of sources, and footnotes
    hidden: tuple[Span, ...]  # marks, URLs, titles, images and tags; not the text of links
    body: str  # the draft, as long as it was, without entries and code


def references(text: str, is_article: Callable[[str], bool] = lambda name: False) -> References:
    """The references of a draft, each with what it may be resolved by.

    `is_article` says whether the corpus has an article of that id, file name or title: such a name
    in brackets is a reference.

    "Yes [1].\\n\\n[1] Talks, https://x.org/a"
    -> Reference([4:7], "1", ("https://x.org/a", "Talks, https://x.org/a"))
    """
    clean = without_code(text).translate(_FULL_WIDTH)
    listed = entries(clean)
    spans = tuple(entry.span for entry in listed)
    body = cover(clean, spans, " ")
    labels = _labels(text, clean, listed)
    scanner = ReferenceScanner(text, body, labels._replace(known=_known(body, labels, is_article)))
    found: list[Reference] = []
    hidden: list[Span] = []
    for block in blocks(body):
        scanned = scanner.read(block.span)
        found += scanned.found
        hidden += scanned.hidden
    return References(tuple(found), spans, tuple(sorted(hidden)), body)


def _labels(text: str, clean: str, listed: Sequence[SourceEntry]) -> Labels:
    """What the labels of lists and footnotes stand for: the first entry of each counts."""
    links = {entry.label: entry.link for entry in reversed(listed) if entry.label and entry.link}
    labels = dict(links)
    authors: list[tuple[str, tuple[str, ...]]] = []
    for entry in listed:
        targets = entry.link or entry_targets(text, clean, links, entry.content)
        if entry.label and entry.label not in labels:
            labels[entry.label] = targets
        authors.append((plain(text[entry.content.start : entry.content.end]), targets))
    return Labels(links, labels, Targets(authors=Authors(authors)))


def _known(body: str, labels: Labels, is_article: Callable[[str], bool]) -> Targets:
    """What marks can lead to; (1) is one in a draft that has a list of sources and no [1]."""
    in_parentheses = _NUMBER_IN_BRACKETS.search(body) is None
    return Targets(labels.all, labels.known.authors, is_article, in_parentheses)


class ReferenceScanner:
    """Reads stretches of a draft; `body` is what of the text counts, and as long."""

    def __init__(self, text: str, body: str, labels: Labels, in_entry: bool = False) -> None:
        self._text, self._body, self._labels = text, body, labels
        self._in_entry = in_entry  # where footnotes have no footnotes

    def read(self, span: Span) -> Scan:
        """The references of a paragraph: "He left [1]." -> found "1", hidden [8:11]."""
        links = Links(self._text, self._body, self._labels, Brackets(self._body, span))
        found: list[Reference] = []
        hidden: list[Span] = []
        at = span.start
        while token := TOKEN.search(self._body, at, span.end):
            scanned = self._take(token, links)
            found += scanned.found
            hidden += scanned.hidden
            at = scanned.end
        for scanned in list(self._ids(span, [one.span for one in found])):
            found += scanned.found
            hidden += scanned.hidden
        return Scan(span.end, tuple(sorted(found, key=lambda one: one.span)), tuple(hidden))

    def _take(self, token: re.Match[str], links: Links) -> Scan:
        kind, span = token.lastgroup, Span(*token.span())
        if kind in ("latex", "private", "program"):
            return marks(span, marks_of_programs(token, self._labels.known))
        if kind in ("braced", "parenthesis"):
            return self._in_other_brackets(token, span)
        if kind == "opening":
            return self._bracket(token, links)
        if kind in ("escaped", "lenticular", "hashed"):
            return numbers(span, token[kind], self._labels)
        if kind in ("raised", "superscript", "caret"):
            return self._raised(span, digits(token[kind]))
        if kind == "url":
            return _url(token)
        if kind == "autolink" and is_source(token[kind]):
            return mark(span, token[kind], (token[kind],))
        return Scan(span.end, (), (span,) if kind in ("autolink", "tag") else ())

    def _in_other_brackets(self, token: re.Match[str], span: Span) -> Scan:
        """{1}, (1), (Kovač, 2026), (talks.txt); what is no mark is read within."""
        kind, known = token.lastgroup, self._labels.known
        inner = token[kind or 0]
        found = cited(inner, "{}" if kind == "braced" else "()", known)
        if not found and YEARS_ALONE.fullmatch(inner):
            before = self._body[max(0, span.start - _LONGEST_NAMES) : span.start]
            found = named_before(before, inner, known.authors)
        return marks(span, found) if found and not self._in_entry else Scan(span.start + 1)

    def _raised(self, span: Span, written: str) -> Scan:
        """A raised number counts if it is in the list of sources, and no exponent."""
        before = self._body[max(0, span.start - 4) : span.start]
        if expanded(written)[0] in self._labels.all and not is_exponent_behind(before):
            return numbers(span, written, self._labels)
        return Scan(span.end)

    def _bracket(self, token: re.Match[str], links: Links) -> Scan:
        at = token.end() - 1
        close = links.brackets.close(at)
        if close is None:
            return Scan(token.end())
        is_note = token[0] == "^[" and not links.brackets.numbers(at)
        if is_note and not self._in_entry:
            content, labels = Span(at + 1, close), self._labels
            targets = entry_targets(self._text, self._body, labels.links, content)
            return mark(Span(token.start(), close + 1), targets[-1] if targets else "", targets)
        return links.take(token[0], at, close)

    def _ids(self, span: Span, taken: Sequence[Span]) -> Iterator[Scan]:
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
    scanned = ReferenceScanner(text, body, Labels(links, links), in_entry=True).read(content)
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


def _url(token: re.Match[str]) -> Scan:
    url, start = without_punctuation(token[0]), token.start()
    if not _HOST_OR_PATH.search(url):
        return Scan(token.end())
    return mark(Span(start, start + len(url)), url, (url,))
