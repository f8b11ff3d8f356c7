"""Markdown -> the text that a reader sees: rendered as HTML, and its words taken from there."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import lxml.etree
import pyromark
from pyromark import Options

from qa.ingest.canonical_text import canonical, one_line
from qa.ingest.markdown.markdown_dialects import as_commonmark
from qa.ingest.web.page import Tree, parse, written_out
from qa.text.wrapping import continued
from qa.types import Removed

_OPTIONS = (
    Options.ENABLE_TABLES
    | Options.ENABLE_FOOTNOTES
    | Options.ENABLE_STRIKETHROUGH
    | Options.ENABLE_SUBSCRIPT  # of single tildes: what stands between them is not struck out
    | Options.ENABLE_TASKLISTS
    | Options.ENABLE_HEADING_ATTRIBUTES
    | Options.ENABLE_DEFINITION_LIST
    | Options.ENABLE_WIKILINKS
    | Options.ENABLE_GFM
)
_UNSEEN = ("script", "style", "template", "noscript", "head", "title", "svg", "math", "iframe")
_STRUCK = ("del", "s", "strike")
_LABEL, _FOOTNOTE = "footnote-definition-label", "footnote-definition"
# How many line feeds stand around an element.
_APART = dict.fromkeys(
    (
        *("p", "div", "section", "article", "main", "header", "footer", "figure", "figcaption"),
        *("blockquote", "ul", "ol", "dl", "table", "pre", "hr", "aside", "details", "nav", "form"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "center", "address", "caption"),
    ),
    2,
) | dict.fromkeys(("li", "tr", "dt", "dd", "summary", "thead", "tbody", "tfoot"), 1)
_SIZE = re.compile(r"(?:^|\|)\d+(?:x\d+)?$")  # ![a port|300](…), ![[port.png|300]]
# Canonical text has no control characters, so that these stand for nothing else.
_HARD_BREAK, _CELL = "\x0b", "\x03"
_REFERENCE = re.compile(r"!?\[([^\[\]]*)\]\[[^\[\]]+\]")
_NOTE_MARK = re.compile(r"\W*(?:\d+|\w)\W*")


@dataclass(frozen=True, slots=True)
class Rendered:
    """The text of some Markdown, its first heading, and what is shown but is none of its words."""

    text: str
    heading: str | None
    removed: tuple[Removed, ...]
    notes: tuple[str, ...]


def rendered(source: str) -> Rendered:
    """The text that a reader of some canonical Markdown sees.

    "# Port\\n\\nThe *old* [pilot](p.md)\\nboards." -> "Port\\n\\nThe old pilot boards."
    """
    source, templates = as_commonmark(source)
    link = _link(source.encode())
    markup = pyromark.html(source, options=_OPTIONS, broken_link_callback=link)
    tree, complete = parse(markup, huge=True)
    if tree is None:
        return Rendered("", None, templates, ())
    removed = (*templates, *_without_unread(tree))
    written_out(tree)
    heading = tree.find(".//h1")
    title = None if heading is None else one_line(heading.text_content()) or None
    notes = (
        () if complete else ("it is nested more than 2,048 deep; from there on text is missing",)
    )
    return Rendered(canonical(_Blocks().of(tree)), title, removed, notes)


def _link(source: bytes) -> Callable[[pyromark.event.BrokenLink], tuple[str, str] | None]:
    """Takes [words][2] for a link also where no line says where [2] leads; not [4][5]."""

    def resolve(link: pyromark.event.BrokenLink) -> tuple[str, str] | None:
        span = link["span"]
        found = _REFERENCE.fullmatch(source[span["start"] : span["end"]].decode())
        return ("", "") if found and not _NOTE_MARK.fullmatch(found[1]) else None

    return resolve


def _without_unread(tree: Tree) -> list[Removed]:
    """Takes out what is no text; footnotes go to the end. Returns captions and struck-out words."""
    removed = []
    for element in list(tree.iter(*_UNSEEN, *_STRUCK, "img", "sup", "div")):
        kind, text = "caption", ""
        if element.tag == "div":
            if element.get("class") == _FOOTNOTE and element.getparent() is not tree:
                _to_end(element, tree)
            continue
        if element.tag == "sup" and element.get("class") != _LABEL:
            continue
        if element.tag in _STRUCK:
            kind, text = "struck out", element.text_content()
        elif element.tag == "img":
            text = _SIZE.sub("", element.get("alt") or "")
        if text := one_line(text):
            removed.append(Removed(kind, text))
        if element.getparent() is not None:
            element.drop_tree()
    return removed


def _to_end(element: Tree, tree: Tree) -> None:
    """Moves an element behind all others; what follows it stays where it is."""
    body = tree.find("body")
    if body is None:
        return
    parent, before = element.getparent(), element.getprevious()
    if before is not None:
        before.tail = (before.tail or "") + (element.tail or "")
    elif parent is not None:
        parent.text = (parent.text or "") + (element.tail or "")
    element.tail = None
    body.append(element)


class _Blocks:
    """The text of a tree, block by block."""

    def __init__(self) -> None:
        self._done: list[str] = []
        self._line: list[str] = []
        self._apart = 0
        self._lists: list[int] = []  # the last number of each list; -1: bullets
        self._number = ""

    def of(self, tree: Tree) -> str:
        for event, element in lxml.etree.iterwalk(tree, events=("start", "end")):
            starts = event == "start"
            self._meet(element, starts)
            text = element.text if starts else element.tail
            if text:
                self._line.append(text)
        self._end_block(0)
        return "".join(self._done).strip()

    def _meet(self, element: Tree, starts: bool) -> None:
        tag = element.tag
        if tag in _APART:
            self._end_block(_APART[tag], as_written=tag == "pre" and not starts)
        if tag in ("ul", "ol"):
            self._list(element, starts)
        elif tag == "li" and starts and self._lists and self._lists[-1] >= 0:
            self._number = f"{self._lists[-1]}. "
            self._lists[-1] += 1
        elif tag in ("td", "th") and starts and "".join(self._line).strip():
            self._line.append(_CELL)
        elif tag == "br" and starts:
            self._line.append(_HARD_BREAK)

    def _list(self, element: Tree, starts: bool) -> None:
        if not starts:
            if self._lists:
                self._lists.pop()
            return
        if self._lists:
            self._apart = 1  # within another list
        first = element.get("start") or "1"
        self._lists.append(int(first) if element.tag == "ol" and first.isdecimal() else -1)

    def _end_block(self, apart: int, as_written: bool = False) -> None:
        """Writes the block that was read, and keeps the next one apart from it."""
        block = "".join(self._line)
        text = block.strip("\n") if as_written else _joined(block)
        self._line = []
        if text:
            self._done += ["\n" * self._apart, self._number, text]
            self._number, self._apart = "", 0
        self._apart = max(self._apart, apart)


def _joined(block: str) -> str:
    """A block in lines: of a wrapped paragraph one, else as they were written."""
    lines: list[str] = []
    for part in block.split(_HARD_BREAK):
        written = [" ".join(line.split()) for line in part.strip().split("\n")]
        goes_on = continued(written)
        for number, line in enumerate(written):
            if number and goes_on[number - 1]:
                lines[-1] += f" {line}"
            else:
                lines.append(line)
    return "\n".join(lines).strip().replace(_CELL, "\t")
