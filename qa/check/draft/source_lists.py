"""Lists of sources, and footnotes: read line by line, for what their entries say.

A list stands under a title ("Sources:"), or its entries begin with numbers in brackets that the
draft cites.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Literal

from qa.check.draft.markdown import is_heading
from qa.check.draft.source_entries import (
    HEADING,
    WORDED,
    SourceEntry,
    entries_begun,
    label_of,
)
from qa.text.capitals import UPPER
from qa.text.words.tables import alternatives
from qa.types import Span

# ## 3. Literatur, **Izvori**
_TITLE = re.compile(
    rf" {{0,3}}(?:#{{1,6}}\s++)?(?:\d{{1,2}}\.?\s++)?[*_]{{0,3}}(?:{HEADING})[*_]{{0,3}}"
    r"\s?[:：]?[*_]{0,3}\s*+#*+\s*+",
    re.IGNORECASE,
)
_UNDERLINE = re.compile(r" {0,3}(?:-{3,}|={3,}|\*{3,})\s*")
_INDENTED = re.compile(r" {2,}|\t")
_CITED = re.compile(
    r"(?:[\[,;–-]\s?|<sup>)(?P<label>\d{1,3})(?=\s?\\?[\],;–<†-])"
    rf"|[\[({{]\s?{WORDED}(?P<worded>\d{{1,3}})|[({{](?P<other>\d{{1,3}})[)}}]"
    r"|##(?P<hashed>\d{1,3})\$\$|\^(?P<caret>\d{1,3})"
    r"|【(?P<cjk>\d{1,3})|(?P<raised>[⁰¹²³⁴-⁹]{1,3})",
    re.IGNORECASE,
)

# | 1 | Talks | https://x.org |
_ROW = re.compile(r"[ \t]*+\|?[ \t]*+[\[(]?(?P<label>\d{1,3})?[\])]?\.?[ \t]*+\|[ \t]*+(?=[^\s|])")
_RULE = re.compile(r"(?=[^-]*--)[ \t:|-]++")
_TABLE_OF_SOURCES = re.compile(
    rf"\|[ \t*_]*(?:{HEADING}|{alternatives('source_words')}|urls?|links?)[ \t*_]*(?:\||\Z)",
    re.IGNORECASE,
)
_BIBLIOGRAPHIC = re.compile(
    rf"[ \t]*[*_]{{0,2}}[{UPPER}][^\n]{{0,200}}?\b(?:1[5-9]|20)\d\d[a-z]?\b[^\n]*"
)
_DOTS = re.compile(r"https?://|www\.|[\w.]\.\s|“|\"|\((?:1[5-9]|20)\d\d")
_NAME_OR_YEAR = re.compile(r"[\w'’-]+")
# What a list of sources has begun under: a heading reaches further than a line like "Sources:".
_Section = Literal["", "line", "heading"]


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
    cited = Counter(label_of(match) for match in _CITED.finditer(clean))
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
        elif entries := entries_begun(
            line, span, bool(self._section), self._after_blank or self._open
        ):
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
            self._add([SourceEntry(label_of(row), span, content)])
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


def _is_title(line: str) -> bool:
    """Whether a line is the title of a list of sources: "## 3. Sources:" -> True."""
    return _TITLE.fullmatch(line) is not None
