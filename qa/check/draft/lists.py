"""Lists of sources, and footnotes: read line by line, for what their entries say.

A list stands under a title ("Sources:"), or its entries begin with numbers in brackets that the
draft cites.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Literal

from qa.check.draft.entries import Entry, begun, label_of
from qa.check.draft.markdown import is_heading
from qa.check.draft.titles import is_title
from qa.types import Span

_UNDERLINE = re.compile(r" {0,3}(?:-{3,}|={3,}|\*{3,})\s*")
_INDENTED = re.compile(r" {2,}|\t")
_CITED = re.compile(
    r"(?:[\[,;–-]\s?|<sup>)(?P<label>\d{1,3})(?=\s?\\?[\],;–<-])"
    r"|【(?P<cjk>\d{1,3})|(?P<raised>[⁰¹²³⁴-⁹]{1,3})"
)

# What a list of sources has begun under: a heading reaches further than a line like "Sources:".
_Section = Literal["", "line", "heading"]


def entries(clean: str) -> list[Entry]:
    """The entries of a draft's lists of sources, and its footnotes, in order.

    "Yes [1].\\n\\n[1] Talks" -> [Entry("1", [10:19], content [14:19])]
    """
    lists, start = _Lists(), 0
    for line in clean.split("\n"):
        lists.read(line, start)
        start += len(line) + 1
    return _cited(clean, lists.found)


def _cited(clean: str, found: Sequence[Entry]) -> list[Entry]:
    """Those that are certain, and those doubtful ones of which the draft cites any."""
    cited = Counter(label_of(match) for match in _CITED.finditer(clean))
    cited.subtract(entry.label for entry in found if entry.doubtful)
    kept: list[Entry] = []
    for run in _runs(found):
        if not run[0].doubtful or any(cited[entry.label] > 0 for entry in run):
            kept += run
    return kept


def _runs(found: Sequence[Entry]) -> Iterator[list[Entry]]:
    """The doubtful ones that stand together, and each other one by itself."""
    run: list[Entry] = []
    for entry in found:
        if run and not (entry.doubtful and run[0].doubtful):
            yield run
            run = []
        run.append(entry)
    if run:
        yield run


class _Lists:
    """Reads lines in turn, and knows whether they are in a list of sources."""

    def __init__(self) -> None:
        self.found: list[Entry] = []
        self._section: _Section = ""
        self._open = False  # the last entry may go on
        self._after_blank = True

    def read(self, line: str, start: int) -> None:
        is_blank = not line.strip()
        if not is_blank:
            self._read_written(line, Span(start, start + len(line)))
        self._after_blank = is_blank

    def _read_written(self, line: str, span: Span) -> None:
        section = self._section_begun(line)
        if section is not None:
            self._begin(section)
        elif entries := begun(line, span, bool(self._section), self._after_blank or self._open):
            self._add(entries)
        elif self._goes_on(line):
            self._extend_last(span.end)
        elif self._belongs():
            self._add([Entry(None, span, span)])
        else:
            self._begin("")

    def _section_begun(self, line: str) -> _Section | None:
        """What begins with a title, the line under it, or another heading; None for other lines."""
        if is_title(line):
            return "heading" if line.lstrip().startswith("#") else "line"
        if _UNDERLINE.fullmatch(line):
            under_title = self._section and not self._after_blank and not self._open
            return "heading" if under_title else ""
        return "" if is_heading(line) else None

    def _begin(self, section: _Section) -> None:
        self._section, self._open = section, False

    def _add(self, entries: list[Entry]) -> None:
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

    def _belongs(self) -> bool:
        """Whether a line without number or bullet is an entry: a heading or "Sources:" is above."""
        return self._section == "heading" or (self._section == "line" and not self._after_blank)
