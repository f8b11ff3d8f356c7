"""HTML and the quotation marks of LaTeX within a draft, written anew as Markdown.

<p>He said <q>yes</q> <a href="/a">there</a>.</p> -> He said “yes” [there](/a).
What is no tag of HTML stays as it is, and so does code.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape

from qa.check.draft.cite_tags import CITING, cited_in_tag
from qa.check.draft.markdown import without_code
from qa.check.draft.rewriting import Rewriting
from qa.types import Span

_TOKEN = re.compile(
    r"(?P<comment><!--)|<(?P<close>/?)(?P<tag>[A-Za-z][A-Za-z0-9]*)(?P<rest>(?:[\s:/][^<>]*)?)>"
    r"|(?P<entity>&(?:\#\d{1,7}|\#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)"
    r"|(?P<break>\n[ \t]*)"
)
_KNOWN = re.compile(r"<(?:!--|/?[A-Za-z])|&[#\w]{1,32};|``[^`]")
# ``We go'' – each only looks on to the next backtick.
_LATEX = re.compile(r"(?<!`)``(?=[^`\s])(?:[^`'\n]|'(?!')|\n(?!\s*\n))*''")
_ATTRIBUTE = re.compile(
    r"(?<![\w:-])([A-Za-z][\w:-]*+)\s*+=\s*+(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))"
)

_DROPPED = frozenset(("script", "style", "head", "template", "noscript", "svg", "math", "iframe"))
_CLOSES = {name: re.compile(rf"</{name}\s*>", re.IGNORECASE) for name in sorted(_DROPPED)}
_CLOSES["!--"] = re.compile("-->")
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_BLOCKS = frozenset(
    (
        *("p", "div", "section", "article", "main", "header", "footer", "figure", "figcaption"),
        *("ul", "ol", "table", "dl", "dt", "dd", "form", "nav", "aside", "address", "details"),
        *("summary", "body", "html", "hr", "center", "fieldset", *_HEADINGS),
    )
)
_INLINE = frozenset(
    (
        *("abbr", "b", "bdi", "bdo", "big", "code", "data", "del", "dfn", "em", "font", "i"),
        *("ins", "kbd", "label", "mark", "s", "samp", "small", "span", "strike", "strong", "u"),
        *("sub", "time", "tt", "var", "wbr", "tbody", "thead", "tfoot", "caption", "img", "meta"),
        *("link", "input", "button", "colgroup", "col", "picture"),
    )
)
# Within these a line break of the source is a space.
_FLOWING = frozenset(("p", "li", "blockquote", "td", "th", "dt", "dd", *_HEADINGS))


def as_markdown(text: str) -> Rewriting | None:
    """The draft without HTML; None when it has none."""
    if not _KNOWN.search(text):
        return None
    latex = {at: (sign, end) for at, end, sign in _latex(text)}
    masked = text
    if latex:
        masked = _LATEX.sub(lambda found: f"“ {found[0][2:-2]}” ", text)
    found = _Tags(text, without_code(masked), latex)
    found.read()
    return found.new


def _latex(text: str) -> Iterator[tuple[int, int, str]]:
    for found in _LATEX.finditer(text):
        yield found.start(), found.start() + 2, "“"
        yield found.end() - 2, found.end(), "”"


class _Tags:
    """Where a reading of tags stands: in what lists, quotations and tables."""

    def __init__(self, text: str, seen: str, latex: dict[int, tuple[str, int]]) -> None:
        self.new = Rewriting(text)
        self._seen, self._latex = seen, latex
        self._lists: list[int] = []  # the last number of each list; -1: bullets
        self._quotes = 0  # open <blockquote>
        self._inner_quotes = 0  # open <q>
        self._links: list[str] = []  # what each open <a> leads to
        self._cites: list[str] = []
        self._flowing = 0
        self._cells = -1  # of the table's row
        self._rows = 0
        self._pre = False
        self._unclosed: set[str] = set()  # elements that nothing closes from here on

    def read(self) -> None:
        events = sorted([*self._latex, *(m.start() for m in _TOKEN.finditer(self._seen))])
        at = 0
        for start in events:
            if start < at:
                continue
            if start in self._latex:
                sign, end = self._latex[start]
                self.new.keep(at, start)
                self.new.put(sign, Span(start, end))
                at = end
            elif token := _TOKEN.match(self._seen, start):
                at = self._taken(token, at) or at
        self.new.keep(at, len(self.new.written))

    def _taken(self, token: re.Match[str], at: int) -> int | None:
        """Writes what a token stands for; where it ends, None when it stays as it is."""
        new, end = self._written(token)
        if new is None:
            return None
        self.new.keep(at, token.start())
        self.new.put(new, Span(token.start(), end))
        return end

    def _written(self, token: re.Match[str]) -> tuple[str | None, int]:
        end = token.end()
        if token["comment"]:
            behind = self._behind("!--", end)
            return ("" if behind > end else None), behind
        if token["entity"]:
            meant = unescape(token[0])
            return (None if meant in ("<", token[0]) else meant), end
        if token["break"] is not None:
            return self._line_break(token), end
        name = token["tag"].lower()
        if name in _DROPPED and not token["close"]:
            return "", self._behind(name, end)
        return self._tag(name, bool(token["close"]), token), end

    def _behind(self, name: str, at: int) -> int:
        """Where an element that is not read ends: at the next tag that closes it, or at its own."""
        close = None if name in self._unclosed else _CLOSES[name].search(self._seen, at)
        if close is None:
            self._unclosed.add(name)
        return close.end() if close else at

    def _line_break(self, token: re.Match[str]) -> str | None:
        seen, before = self._seen, token.start()
        apart = seen[token.end() : token.end() + 1] == "\n" or seen[before - 1 : before] == "\n"
        if self._pre or not self._flowing:
            return None
        return ("\n>\n> " if self._quotes else None) if apart else " "

    def _tag(self, name: str, closes: bool, token: re.Match[str]) -> str | None:
        if name in CITING or name == "a":
            return self._reference(name, closes, token)
        self._count_flowing(name, closes)
        if writes := _WRITES.get(name):
            return writes(self, closes)
        if name in _HEADINGS:
            return self._apart() if closes else self._apart() + "# "
        if name in _BLOCKS:
            return self._apart()
        if name in _INLINE or name in _DROPPED:
            return ""
        return None

    def _count_flowing(self, name: str, closes: bool) -> None:
        if name in _FLOWING:
            self._flowing = max(0, self._flowing + (-1 if closes else 1))
        elif name in ("body", "ul", "ol", "table") and not self._quotes:
            self._flowing = 0  # </p> and </li> may be left out

    def _apart(self) -> str:
        return "\n>\n> " if self._quotes else "\n\n"

    # --- what single tags become ---

    def _blockquote(self, closes: bool) -> str:
        self._quotes = max(0, self._quotes + (-1 if closes else 1))
        return "\n\n" if closes or self._quotes > 1 else "\n\n> "

    def _quoted(self, closes: bool) -> str:
        """The marks of <q>: “”, of one within another ‘’."""
        if closes:
            self._inner_quotes = max(0, self._inner_quotes - 1)
        sign = ("“‘" if not closes else "”’")[min(self._inner_quotes, 1)]
        self._inner_quotes += not closes
        return sign

    def _list(self, closes: bool, first: int) -> str:
        if not closes:
            self._lists.append(first)
        elif self._lists:
            self._lists.pop()
        return self._apart()

    def _item(self, closes: bool) -> str:
        if closes:
            return ""
        line = "\n> " if self._quotes else "\n"
        if not self._lists or self._lists[-1] < 0:
            return f"{line}- "
        self._lists[-1] += 1
        return f"{line}{self._lists[-1]}. "

    def _table(self, closes: bool) -> str:
        self._rows, self._cells = 0, -1
        return "\n\n"

    def _row(self, closes: bool) -> str:
        if not closes:
            self._cells = 0
            return "\n| "
        self._rows += 1
        cells, self._cells = self._cells, -1
        return " |" + (f"\n|{'---|' * max(cells, 1)}" if self._rows == 1 else "")

    def _cell(self, closes: bool) -> str:
        if closes or self._cells < 0:
            return ""
        self._cells += 1
        return " | " if self._cells > 1 else ""

    def _preformatted(self, closes: bool) -> str:
        self._pre = not closes
        return "\n```\n"

    def _reference(self, name: str, closes: bool, token: re.Match[str]) -> str | None:
        """A link, or a tag that cites: its words, and behind them a mark."""
        rest = token["rest"]
        if name == "a":
            if closes:
                url = self._links.pop() if self._links else ""
                return f"](<{url}>)" if url else ""
            self._links.append("" if rest.endswith("/") else _url(rest))
            return "[" if self._links[-1] else ""
        if closes:
            return self._cites.pop() if self._cites else ""
        found = cited_in_tag(self._seen, token, _attributes(rest))
        self._cites += [] if found.is_empty else [found.behind]
        return found.before


_WRITES: dict[str, Callable[[_Tags, bool], str]] = {
    "blockquote": _Tags._blockquote,
    "q": _Tags._quoted,
    "ul": lambda reading, closes: reading._list(closes, -1),
    "ol": lambda reading, closes: reading._list(closes, 0),
    "li": _Tags._item,
    "table": _Tags._table,
    "tr": _Tags._row,
    "td": _Tags._cell,
    "th": _Tags._cell,
    "pre": _Tags._preformatted,
    "br": lambda reading, _: "\n> " if reading._quotes else " " if reading._cells >= 0 else "\n",
}


def _attributes(rest: str) -> dict[str, str]:
    """The attributes of a tag: ' id="1"' -> {"id": "1"}."""
    return {
        found[1].lower(): unescape(found[2] or found[3] or found[4] or "")
        for found in _ATTRIBUTE.finditer(rest)
    }


def _url(rest: str) -> str:
    return re.sub(r"[<>\s]+", "%20", _attributes(rest).get("href", "").strip())
