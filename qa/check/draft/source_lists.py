"""Lists of sources, and footnotes: read line by line, for what their entries say.

A list stands under a title ("Sources:"), or its entries begin with numbers in brackets that the
draft cites.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from qa.check.draft.markdown import is_heading, plain
from qa.check.draft.reference_patterns import digits, key
from qa.text.capitals import UPPER
from qa.text.words.tables import alternatives
from qa.types import Span

_HEADING = alternatives("source_headings")
# ## 3. Literatur, **Izvori**
_TITLE = re.compile(
    rf" {{0,3}}(?:#{{1,6}}\s++)?(?:\d{{1,2}}\.?\s++)?[*_]{{0,3}}(?:{_HEADING})[*_]{{0,3}}"
    r"\s?[:：]?[*_]{0,3}\s*+#*+\s*+",
    re.IGNORECASE,
)
# Sources: [1] Talks
_TITLE_BEFORE_NUMBER = re.compile(
    rf" {{0,3}}[*_]{{0,3}}(?:{_HEADING})[*_]{{0,3}}\s?[:：][*_]{{0,3}}\s+(?=\[\d)", re.IGNORECASE
)
_UNDERLINE = re.compile(r" {0,3}(?:-{3,}|={3,}|\*{3,})\s*")
_INDENTED = re.compile(r" {2,}|\t")
_WORDED = rf"(?:(?:{alternatives('mark_words')})[\s:_#.№-]{{0,3}}|#)"
_CITED = re.compile(
    r"(?:[\[,;–-]\s?|<sup>)(?P<label>\d{1,3})(?=\s?\\?[\],;–<†-])"
    rf"|[\[({{]\s?{_WORDED}(?P<worded>\d{{1,3}})|[({{](?P<other>\d{{1,3}})[)}}]"
    r"|##(?P<hashed>\d{1,3})\$\$|\^(?P<caret>\d{1,3})"
    r"|【(?P<cjk>\d{1,3})|(?P<raised>[⁰¹²³⁴-⁹]{1,3})",
    re.IGNORECASE,
)

_DEFINED = re.compile(r" {0,3}\[(?P<label>\^?[^\[\]\n]{1,200})\]:[ \t]*(?=\S)")
_LINK_DEFINITION = re.compile(
    r"(?:<(?P<within>[^<>\n]+)>|(?P<url>(?=\S*?(?:[/:#]|\w\.\w))\S++))"
    r"""(?:\s++(?:"(?P<title>(?:\\.|[^"\\])*)"|'[^']*'|\([^()]*\)))?\s*+"""
)
_NUMBERED = re.compile(
    r"[ \t]*(?:[-*+][ \t]+)?\*{0,2}"
    rf"(?:\\?\[{_WORDED}?(?P<label>\d{{1,3}})\\?\]|【(?P<cjk>\d{{1,3}})(?:†[^】\n]*)?】"
    rf"|(?P<raised>[⁰¹²³⁴-⁹]{{1,3}})|\{{{_WORDED}?(?P<braced>\d{{1,3}})\}}"
    rf"|\({_WORDED}?(?P<other>\d{{1,3}})\)|\^(?P<caret>\d{{1,3}})|##(?P<hashed>\d{{1,3}})\$\$"
    r"|<sup>(?P<tag>\d{1,3})</sup>)"
    r"\*{0,2}(?P<gap>[.:]?[ \t]*)(?=[^\s\[\],;.)]|\[[^\d^\]])",
    re.IGNORECASE,
)
# Source 1: Talks, https://x.org
_WORDED_ITEM = re.compile(
    rf"[ \t]*(?:[-*+][ \t]+)?\*{{0,2}}{_WORDED}(?P<label>\d{{1,3}})\*{{0,2}}"
    r"[ \t]*[:.)=—–-]\*{0,2}[ \t]+(?=\S)",
    re.IGNORECASE,
)
_ITEM = re.compile(r"[ \t]*(?:(?P<label>\d{1,3})(?:[.):]|[ \t][—–-])|[-*+•])[ \t]+(?=\S)")
_LABEL = re.compile(rf"{_WORDED}(?P<label>\d{{1,3}})", re.IGNORECASE)
_IN_ONE_LINE = re.compile(r"\[(?P<label>\d{1,3})\](?P<gap>:?)[ \t]*(?P<text>[^\[\n]*)")
# | 1 | Talks | https://x.org |
_ROW = re.compile(r"[ \t]*+\|?[ \t]*+[\[(]?(?P<label>\d{1,3})?[\])]?\.?[ \t]*+\|[ \t]*+(?=[^\s|])")
_RULE = re.compile(r"(?=[^-]*--)[ \t:|-]++")
_TABLE_OF_SOURCES = re.compile(
    rf"\|[ \t*_]*(?:{_HEADING}|{alternatives('source_words')}|urls?|links?)[ \t*_]*(?:\||\Z)",
    re.IGNORECASE,
)
# Kovač, A. (2026). Talks. – as a list has it that no title stands above.
_BY_AUTHOR = re.compile(
    rf"[ \t]*(?:[-*+•][ \t]+)?[*_]{{0,2}}(?P<name>[{UPPER}][\w'’-]+)"
    r"(?:[^\n()]{0,120})\((?P<year>(?:1[5-9]|20)\d\d[a-z]?)[^()\n]{0,30}\)[.,:]"
)
_BIBLIOGRAPHIC = re.compile(
    rf"[ \t]*[*_]{{0,2}}[{UPPER}][^\n]{{0,200}}?\b(?:1[5-9]|20)\d\d[a-z]?\b[^\n]*"
)
_DOTS = re.compile(r"https?://|www\.|[\w.]\.\s|“|\"|\((?:1[5-9]|20)\d\d")
_NAME_OR_YEAR = re.compile(r"[\w'’-]+")
_SUBSTANCE = re.compile(r"https?://|www\.|\w\W+\w+\W+\w")

# What a list of sources has begun under: a heading reaches further than a line like "Sources:".
_Section = Literal["", "line", "heading"]


class SourceEntry(NamedTuple):
    """An entry of a list of sources, or a footnote."""

    label: str | None  # "3", "^note", "talks"
    span: Span
    content: Span
    link: tuple[str, ...] = ()  # of a link definition: its URL, and its title
    doubtful: bool = False  # counts only if it, or one that it stands with, is cited
    by_author: tuple[str, str] | None = None  # name and year; doubtful without a list


def entries(clean: str) -> list[SourceEntry]:
    """The entries of a draft's lists of sources, and its footnotes, in order.

    "Yes [1].\\n\\n[1] Talks" -> [SourceEntry("1", [10:19], content [14:19])]
    """
    lists, start = _Lists(), 0
    for line in clean.split("\n"):
        lists.read(line, start)
        start += len(line) + 1
    return _cited(clean, lists.found)


def _cited(clean: str, found: Sequence[SourceEntry]) -> list[SourceEntry]:
    """The entries that count: certain ones, and doubtful ones that stand with one that is cited."""
    cited = Counter(_label_of(match) for match in _CITED.finditer(clean))
    cited.subtract(entry.label for entry in found if entry.doubtful)
    named: Counter[str] = Counter()
    if any(entry.by_author for entry in found):
        named.update(_NAME_OR_YEAR.findall(clean))
    kept: list[SourceEntry] = []
    for run in _runs(found):
        if not run[0].doubtful or any(_is_cited(entry, cited, named) for entry in run):
            kept += run
    return kept


def _is_cited(entry: SourceEntry, cited: Counter[str | None], named: Counter[str]) -> bool:
    """Whether something refers to an entry; to one by author, whether both stand elsewhere."""
    if entry.by_author:
        return all(named[word] > 1 for word in entry.by_author)
    return cited[entry.label] > 0


def _runs(found: Sequence[SourceEntry]) -> Iterator[list[SourceEntry]]:
    """The entries in runs: doubtful ones that stand together, and every other one by itself."""
    run: list[SourceEntry] = []
    for entry in found:
        if run and not (entry.doubtful and run[0].doubtful):
            yield run
            run = []
        run.append(entry)
    if run:
        yield run


class _Lists:
    """Where a reading of lines stands: in a list of sources, in an entry, or outside."""

    def __init__(self) -> None:
        self.found: list[SourceEntry] = []
        self._section: _Section = ""
        self._open = False  # the last entry may go on
        self._after_blank = True
        self._table: Literal["", "other", "sources"] = ""  # what table the line before is of

    def read(self, line: str, start: int) -> None:
        is_blank = not line.strip()
        if not is_blank:
            self._read_written(line, Span(start, start + len(line)))
        else:
            self._table = ""
        self._after_blank = is_blank

    def _read_written(self, line: str, span: Span) -> None:
        if line.count("|") > 1 and self._read_row(line, span):
            return
        section = self._section_begun(line)
        if section is not None:
            self._begin(section)
        elif entries := _begun(line, span, bool(self._section), self._after_blank or self._open):
            self._add(entries)
        elif self._goes_on(line):
            self._extend_last(span.end)
        elif self._belongs(line):
            self._add([SourceEntry(None, span, span)])
        else:
            self._begin("")

    def _read_row(self, line: str, span: Span) -> bool:
        """Whether a line is of a table that lists sources; its entry is added then."""
        is_head = not self._table
        if is_head:
            is_list = bool(self._section) or _TABLE_OF_SOURCES.search(line)
            self._table = "sources" if is_list else "other"
        if self._table == "other":
            return False
        row = None if _RULE.fullmatch(line) else _ROW.match(line)
        if row and not (is_head and row["label"] is None):
            content = Span(span.start + row.end(), span.end)
            self._add([SourceEntry(_label_of(row), span, content)])
        return True

    def _section_begun(self, line: str) -> _Section | None:
        """The section that a title, the line under it or another heading begins, else None."""
        if _is_title(line):
            return "heading" if line.lstrip().startswith("#") else "line"
        if _UNDERLINE.fullmatch(line):
            under_title = self._section and not self._after_blank and not self._open
            return "heading" if under_title else ""
        return "" if is_heading(line) else None

    def _begin(self, section: _Section) -> None:
        self._section, self._open = section, False

    def _add(self, entries: list[SourceEntry]) -> None:
        self.found += entries
        self._open = True

    def _goes_on(self, line: str) -> bool:
        """Whether a line goes on with the last entry: indented, or right below if it is no link."""
        if not self._open:
            return False
        is_lazy = not self._after_blank and not self.found[-1].link
        return is_lazy or _INDENTED.match(line) is not None

    def _extend_last(self, end: int) -> None:
        last = self.found[-1]
        span, content = Span(last.span.start, end), Span(last.content.start, end)
        self.found[-1] = last._replace(span=span, content=content)

    def _belongs(self, line: str) -> bool:
        """Whether a line without number or bullet is an entry: a heading or "Sources:" is above."""
        if self._section == "line" and self._after_blank:
            return _BIBLIOGRAPHIC.fullmatch(line) is not None and bool(_DOTS.search(line))
        return bool(self._section)


# --- what a line begins ---


def _begun(line: str, span: Span, in_list: bool, is_apart: bool) -> list[SourceEntry]:
    """The entries that a line begins, in a list of sources or out of it.

    `is_apart` says that a blank line or an entry is above, and no prose.
    "[1] Talks" -> [SourceEntry("1", [0:9], content [4:9], doubtful unless in a list)]
    """
    if defined := _DEFINED.match(line):
        return _defined(defined, line, span)
    if worded := _WORDED_ITEM.match(line):
        content = Span(span.start + worded.end(), span.end)
        if in_list or (is_apart and _SUBSTANCE.search(line, worded.end())):
            return [SourceEntry(_label_of(worded), span, content)]
    numbered = _NUMBERED.match(line)
    if numbered and (in_list or (is_apart and numbered["gap"].strip(".:"))):
        content = Span(span.start + numbered.end(), span.end)
        return [SourceEntry(_label_of(numbered), span, content, doubtful=not in_list)]
    if in_list and (item := _ITEM.match(line)):
        return [SourceEntry(_label_of(item), span, Span(span.start + item.end(), span.end))]
    if not in_list and is_apart and (named := _BY_AUTHOR.match(line)):
        by = named["name"], named["year"]
        return [SourceEntry(None, span, span, doubtful=True, by_author=by)]
    return _listed_in_one_line(line, span.start)


def _label_of(match: re.Match[str]) -> str | None:
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


def _is_title(line: str) -> bool:
    """Whether a line is the title of a list of sources: "## 3. Sources:" -> True."""
    return _TITLE.fullmatch(line) is not None


def _end_of_title(line: str) -> int | None:
    """Where a list begins in the line of its title: "Sources: [1] Talks" -> 9."""
    title = _TITLE_BEFORE_NUMBER.match(line)
    return title.end() if title else None
