"""What a line of a list of sources says: "[1] Talks", "Source 1: Talks", "[^a]: Talks"."""

from __future__ import annotations

import re
from typing import NamedTuple

from qa.check.draft.markdown import plain
from qa.check.draft.reference_patterns import digits, key
from qa.text.capitals import UPPER
from qa.text.words.tables import alternatives
from qa.types import Span

HEADING = alternatives("source_headings")
# Sources: [1] Talks
_TITLE_BEFORE_NUMBER = re.compile(
    rf" {{0,3}}[*_]{{0,3}}(?:{HEADING})[*_]{{0,3}}\s?[:：][*_]{{0,3}}\s+(?=\[\d)", re.IGNORECASE
)
WORDED = rf"(?:(?:{alternatives('mark_words')})[\s:_#.№-]{{0,3}}|#)"
_DEFINED = re.compile(r" {0,3}\[(?P<label>\^?[^\[\]\n]{1,200})\]:[ \t]*(?=\S)")
_LINK_DEFINITION = re.compile(
    r"(?:<(?P<within>[^<>\n]+)>|(?P<url>(?=\S*?(?:[/:#]|\w\.\w))\S++))"
    r"""(?:\s++(?:"(?P<title>(?:\\.|[^"\\])*)"|'[^']*'|\([^()]*\)))?\s*+"""
)
_NUMBERED = re.compile(
    r"[ \t]*(?:[-*+][ \t]+)?\*{0,2}"
    rf"(?:\\?\[{WORDED}?(?P<label>\d{{1,3}})\\?\]|【(?P<cjk>\d{{1,3}})(?:†[^】\n]*)?】"
    rf"|(?P<raised>[⁰¹²³⁴-⁹]{{1,3}})|\{{{WORDED}?(?P<braced>\d{{1,3}})\}}"
    rf"|\({WORDED}?(?P<other>\d{{1,3}})\)|\^(?P<caret>\d{{1,3}})|##(?P<hashed>\d{{1,3}})\$\$"
    r"|<sup>(?P<tag>\d{1,3})</sup>)"
    r"\*{0,2}(?P<gap>[.:]?[ \t]*)(?=[^\s\[\],;.)]|\[[^\d^\]])",
    re.IGNORECASE,
)
# Source 1: Talks, https://x.org
_WORDED_ITEM = re.compile(
    rf"[ \t]*(?:[-*+][ \t]+)?\*{{0,2}}{WORDED}(?P<label>\d{{1,3}})\*{{0,2}}"
    r"[ \t]*[:.)=—–-]\*{0,2}[ \t]+(?=\S)",
    re.IGNORECASE,
)
_ITEM = re.compile(r"[ \t]*(?:(?P<label>\d{1,3})(?:[.):]|[ \t][—–-])|[-*+•])[ \t]+(?=\S)")
_LABEL = re.compile(rf"{WORDED}(?P<label>\d{{1,3}})", re.IGNORECASE)
_IN_ONE_LINE = re.compile(r"\[(?P<label>\d{1,3})\](?P<gap>:?)[ \t]*(?P<text>[^\[\n]*)")
# Kovač, A. (2026). Talks. – as a list has it that no title stands above.
_BY_AUTHOR = re.compile(
    rf"[ \t]*(?:[-*+•][ \t]+)?[*_]{{0,2}}(?P<name>[{UPPER}][\w'’-]+)"
    r"(?:[^\n()]{0,120})\((?P<year>(?:1[5-9]|20)\d\d[a-z]?)[^()\n]{0,30}\)[.,:]"
)
_SUBSTANCE = re.compile(r"https?://|www\.|\w\W+\w+\W+\w")


class SourceEntry(NamedTuple):
    """An entry of a list of sources, or a footnote."""

    label: str | None  # "3", "^note", "talks"
    span: Span
    content: Span
    link: tuple[str, ...] = ()  # of a link definition: its URL, and its title
    doubtful: bool = False  # counts only if it, or one that it stands with, is cited
    by_author: tuple[str, str] | None = None  # name and year; doubtful without a list


def entries_begun(line: str, span: Span, in_list: bool, is_apart: bool) -> list[SourceEntry]:
    """The entries that a line begins, in a list of sources or out of it.

    `is_apart` says that a blank line or an entry is above, and no prose.
    "[1] Talks" -> [SourceEntry("1", [0:9], content [4:9], doubtful unless in a list)]
    """
    if defined := _DEFINED.match(line):
        return _defined(defined, line, span)
    if worded := _WORDED_ITEM.match(line):
        content = Span(span.start + worded.end(), span.end)
        if in_list or (is_apart and _SUBSTANCE.search(line, worded.end())):
            return [SourceEntry(label_of(worded), span, content)]
    numbered = _NUMBERED.match(line)
    if numbered and (in_list or (is_apart and numbered["gap"].strip(".:"))):
        content = Span(span.start + numbered.end(), span.end)
        return [SourceEntry(label_of(numbered), span, content, doubtful=not in_list)]
    if in_list and (item := _ITEM.match(line)):
        return [SourceEntry(label_of(item), span, Span(span.start + item.end(), span.end))]
    if not in_list and is_apart and (named := _BY_AUTHOR.match(line)):
        by = named["name"], named["year"]
        return [SourceEntry(None, span, span, doubtful=True, by_author=by)]
    return _listed_in_one_line(line, span.start)


def label_of(match: re.Match[str]) -> str | None:
    """The number that was matched: "[03]", "【3】" and "³" -> "3"."""
    found = match.groupdict()
    label = next((found[name] for name in found if name != "gap" and found[name]), None)
    return (digits(label).lstrip("0") or "0") if label else None


def _defined(defined: re.Match[str], line: str, span: Span) -> list[SourceEntry]:
    """The entry of a definition: [1]: …, [^note]: …, [talks]: https://…; not [Ana]: a speech."""
    label = key(defined["label"])
    if worded := _LABEL.fullmatch(label):
        label = worded["label"]
    content, is_note = Span(span.start + defined.end(), span.end), label[0] == "^"
    link = None if is_note else _LINK_DEFINITION.fullmatch(line, defined.end())
    if link:
        targets = (link["within"] or link["url"], plain(link["title"] or ""))
        return [SourceEntry(label, span, content, tuple(filter(None, targets)))]
    return [SourceEntry(label, span, content)] if is_note or label.isdigit() else []


def _listed_in_one_line(line: str, start: int) -> list[SourceEntry]:
    """The entries of a list in one line: "Sources: [1] Talks, https://… [2] Walks, https://…"."""
    first = _end_of_title(line)
    pieces = [] if first is None else list(_IN_ONE_LINE.finditer(line, first))
    if not all(_SUBSTANCE.search(piece["text"]) for piece in pieces):
        return []
    return [
        SourceEntry(
            piece["label"], _shifted(piece.span(), start), _shifted(piece.span("text"), start)
        )
        for piece in pieces
    ]


def _shifted(span: tuple[int, int], by: int) -> Span:
    return Span(span[0] + by, span[1] + by)


def _end_of_title(line: str) -> int | None:
    """Where a list begins in the line of its title: "Sources: [1] Talks" -> 9."""
    title = _TITLE_BEFORE_NUMBER.match(line)
    return title.end() if title else None
