"""What an entry of a list of sources looks like, and a footnote: "[1] Talks", "[^note]: Ana"."""

from __future__ import annotations

import re
from typing import NamedTuple

from qa.check.draft.markdown import plain
from qa.check.draft.marks import digits, key
from qa.check.draft.titles import end_of_title
from qa.types import Span

_DEFINED = re.compile(r" {0,3}\[(?P<label>\^?[^\[\]\n]{1,200})\]:[ \t]*(?=\S)")
_LINK_DEFINITION = re.compile(
    r"(?:<(?P<within>[^<>\n]+)>|(?P<url>(?=\S*?(?:[/:#]|\w\.\w))\S++))"
    r"""(?:\s++(?:"(?P<title>[^"]*)"|'[^']*'|\([^()]*\)))?\s*+"""
)
_NUMBERED = re.compile(
    r"[ \t]*(?:[-*+][ \t]+)?\*{0,2}"
    r"(?:\\?\[(?P<label>\d{1,3})\\?\]|【(?P<cjk>\d{1,3})】|(?P<raised>[⁰¹²³⁴-⁹]{1,3}))"
    r"\*{0,2}(?P<gap>[.:]?[ \t]*)(?=[^\s\[\],;]|\[[^\d^\]])"
)
_ITEM = re.compile(r"[ \t]*(?:(?P<label>\d{1,3})[.)]|[-*+•])[ \t]+(?=\S)")
_IN_ONE_LINE = re.compile(r"\[(?P<label>\d{1,3})\](?P<gap>:?)[ \t]*(?P<text>[^\[\n]*)")
_SUBSTANCE = re.compile(r"https?://|www\.|\w\W+\w+\W+\w")


class Entry(NamedTuple):
    """An entry of a list of sources, or a footnote."""

    label: str | None  # "3", "^note", "talks"
    span: Span
    content: Span
    link: tuple[str, ...] = ()  # of a link definition: its URL, and its title
    doubtful: bool = False  # counts only if it, or one that it stands with, is cited


def begun(line: str, span: Span, in_list: bool, is_apart: bool) -> list[Entry]:
    """The entries that a line begins, in a list of sources or out of it.

    `is_apart` says that a blank line or an entry is above, and no prose.
    "[1] Talks" -> [Entry("1", [0:9], content [4:9], doubtful unless in a list)]
    """
    if defined := _DEFINED.match(line):
        return _defined(defined, line, span)
    numbered = _NUMBERED.match(line)
    if numbered and (in_list or (is_apart and numbered["gap"].strip(".:"))):
        content = Span(span.start + numbered.end(), span.end)
        return [Entry(label_of(numbered), span, content, doubtful=not in_list)]
    if in_list and (item := _ITEM.match(line)):
        return [Entry(label_of(item), span, Span(span.start + item.end(), span.end))]
    return _listed_in_one_line(line, span.start)


def label_of(match: re.Match[str]) -> str | None:
    """The number that was matched: "[03]", "【3】" and "³" -> "3"."""
    found = match.groupdict()
    label = found["label"] or found.get("cjk") or found.get("raised")
    return (digits(label).lstrip("0") or "0") if label else None


def _defined(defined: re.Match[str], line: str, span: Span) -> list[Entry]:
    """[1]: …, [^note]: …, and [talks]: https://…, but not [Ana]: a speech."""
    label = key(defined["label"])
    content, is_note = Span(span.start + defined.end(), span.end), label[0] == "^"
    link = None if is_note else _LINK_DEFINITION.fullmatch(line, defined.end())
    if link:
        targets = (link["within"] or link["url"], plain(link["title"] or ""))
        return [Entry(label, span, content, tuple(filter(None, targets)))]
    return [Entry(label, span, content)] if is_note or label.isdigit() else []


def _listed_in_one_line(line: str, start: int) -> list[Entry]:
    """A whole list: "Sources: [1] Talks, https://… [2] Walks, https://…"."""
    first = end_of_title(line)
    pieces = [] if first is None else list(_IN_ONE_LINE.finditer(line, first))
    if not all(_SUBSTANCE.search(piece["text"]) for piece in pieces):
        return []
    return [
        Entry(piece["label"], _shifted(piece.span(), start), _shifted(piece.span("text"), start))
        for piece in pieces
    ]


def _shifted(span: tuple[int, int], by: int) -> Span:
    return Span(span[0] + by, span[1] + by)
