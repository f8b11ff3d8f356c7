"""JSON with citations, as language models are told to answer, written anew as Markdown.

{"answer": "It held [1].", "citations": [{"quote": "the dam held", "source": "https://x.org"}]}
-> It held [1].

> the dam held

Source: ^[https://x.org]

[1]: https://x.org
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.check.draft.rewriting import Rewriting
from qa.types import Span

_FENCED = re.compile(r"\s*```(?:json)?[ \t]*\n(?P<json>[\s\S]*?)\n```\s*\Z")
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"?|[{}\[\]]|[^\s{}\[\]:,"]+')
_ESCAPE = re.compile(r"\\(?:u[0-9A-Fa-f]{4}|.)")
_DEEPEST = 40

# What such JSON calls the words quoted, where they are from, their number, and the list.
_QUOTES = frozenset(
    (
        *("quote", "quotes", "quotation", "quotations", "quoted_text", "cited_text", "excerpt"),
        *("excerpts", "snippet", "snippets", "evidence", "span", "supporting_quote", "verbatim"),
        *("citation_text", "supporting_text"),
    )
)
_SOURCES = frozenset(
    (
        *("source", "source_id", "source_url", "source_title", "source_name", "url", "uri", "link"),
        *("href", "doc", "document", "doc_id", "document_id", "document_title", "document_name"),
        *("title", "article", "article_id", "file", "filename", "file_name", "path", "publisher"),
        *("passage_id", "chunk_id"),
    )
)
_LABELS = frozenset(
    ("id", "index", "n", "no", "num", "number", "key", "label", "ref", "citation_id")
)
_LISTS = frozenset(
    (
        *("citations", "citation", "references", "sources", "source_list", "annotations"),
        *("documents", "footnotes", "bibliography", "search_results", "url_citation"),
    )
)
_WORDS_OF_TEXT = 3  # from which a string without a key that is known is prose


@dataclass(slots=True)
class _Node:
    """A value of the JSON: an object or array with its members, or a string or number."""

    span: Span
    members: list[tuple[str, _Node]] | None = None
    is_array: bool = False

    def strings(self, keys: frozenset[str]) -> Iterator[_Node]:
        """The members of such keys that are no object or array."""
        return (node for key, node in self.members or () if key in keys and node.members is None)


def as_prose(text: str) -> Rewriting | None:
    """The draft as Markdown; None when it is no JSON with text in it."""
    found = _FENCED.match(text)
    start, end = found.span("json") if found else (0, len(text))
    if not text[start:end].lstrip().startswith(("{", "[")):
        return None
    try:
        json.loads(text[start:end])
    except (ValueError, RecursionError):
        return None
    tree = _tree(text, start, end)
    if tree is None or tree.members is None:
        return None
    writer = _Writer(text)
    writer.write(tree, "")
    return writer.finished()


def with_citations(text: str, citations: Sequence[tuple[str, str | None]]) -> Rewriting:
    """What stands for citations that come beside a draft, behind it.

    Each is as it were written where its words stand in the draft, else at the draft's end.
    """
    new = Rewriting(text)
    for quote, source in citations:
        at = text.find(quote)
        place = Span(at, at + len(quote)) if at >= 0 else Span(len(text), len(text))
        lines = filter(None, map(str.strip, quote.split("\n")))
        new.put("\n\n> " + "\n> ".join(lines), place)
        if source and source.strip():
            new.put(f"\n\nSource: ^[{_unbracketed(source)}]", place)
    for number, (_, source) in enumerate(citations, 1):
        if source and source.strip():
            line = _unbracketed(source)
            new.put(f"\n\n[{number}]: {line}", Span(len(text), len(text)))
    return new


def _unbracketed(source: str) -> str:
    return " ".join(source.replace("[", "(").replace("]", ")").split())


def _tree(text: str, start: int, end: int) -> _Node | None:
    """The values of a text that is JSON; None when they are nested too deep."""
    root = _Node(Span(start, end), [], is_array=True)
    open_nodes, keys = [root], [""]
    for token in _TOKEN.finditer(text, start, end):
        sign, span = token[0], Span(*token.span())
        if sign in ("}", "]"):
            open_nodes.pop()
            keys.pop()
            continue
        holder = open_nodes[-1]
        is_key = not holder.is_array and sign[0] == '"' and not keys[-1]
        if is_key:
            keys[-1] = str(json.loads(sign)) or " "
            continue
        key, node = keys[-1], _Node(span)
        assert holder.members is not None
        holder.members.append((_plain(key), node))
        keys[-1] = ""
        if sign in ("{", "["):
            if len(open_nodes) > _DEEPEST:
                return None
            node.members, node.is_array = [], sign == "["
            open_nodes.append(node)
            keys.append("")
    return root.members[0][1] if root.members else None


def _plain(key: str) -> str:
    """A key as the tables have it: "citedText", "cited-text" -> "cited_text"."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", key).replace("-", "_").replace(" ", "_").lower()


class _Writer:
    """Writes the values one after another, and at last the list of sources."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._new = Rewriting(text)
        self._listed: list[tuple[str, list[_Node]]] = []
        self._wrote = False

    def finished(self) -> Rewriting | None:
        if not self._wrote:
            return None
        for label, sources in self._listed:
            self._new.put(f"\n\n[{label}]: ", sources[0].span)
            self._sources(sources)
        return self._new

    def write(self, node: _Node, key: str, number: int = 0) -> None:
        """Writes a value of a key; `number` is its place in an array."""
        if node.members is None:
            self._string(node, key)
        elif node.is_array:
            for place, (_, member) in enumerate(node.members, 1):
                self.write(member, key, place)
        elif key in _LISTS or any(node.strings(_QUOTES)):
            self._citation(node, number)
        else:
            for name, member in node.members:
                self.write(member, name)

    def _string(self, node: _Node, key: str) -> None:
        value = self._text[node.span.start : node.span.end]
        if value[0] != '"' or key in _SOURCES or key in _LABELS:
            return
        if key in _LISTS:
            self._listed.append((str(len(self._listed) + 1), [node]))
            self._wrote = True
        elif key in _QUOTES:
            self._quote(node)
        elif len(value.split()) >= _WORDS_OF_TEXT or "[" in value:
            self._new.put("\n\n", Span(node.span.start, node.span.start))
            self._decoded(node.span, "\n")
            self._wrote = True

    def _citation(self, node: _Node, number: int) -> None:
        """Writes the quote of a citation with its source, and lists the source by its label."""
        quotes, sources = list(node.strings(_QUOTES)), list(node.strings(_SOURCES))
        for quote in quotes:
            self._quote(quote)
            if sources:
                self._new.put("\n\nSource: ^[", sources[0].span)
                self._sources(sources)
                self._new.put("]", sources[-1].span)
        label = next(map(self._label, node.strings(_LABELS)), None) or str(number or 1)
        if sources:
            self._listed.append((label, sources))
            self._wrote = True
        for name, member in node.members or ():
            if member.members is not None:
                self.write(member, name)

    def _label(self, node: _Node) -> str:
        written = self._text[node.span.start : node.span.end].strip('" []')
        return written if written.isdigit() else ""

    def _quote(self, node: _Node) -> None:
        self._new.put("\n\n> ", Span(node.span.start, node.span.start))
        self._decoded(node.span, "\n> ")
        self._wrote = True

    def _sources(self, sources: Sequence[_Node]) -> None:
        for place, source in enumerate(sources):
            if place:
                self._new.put(", ", source.span)
            self._decoded(source.span, " ", {"[": "(", "]": ")"})

    def _decoded(self, span: Span, line_break: str, signs: dict[str, str] | None = None) -> None:
        """Writes a string letter by letter, as JSON means it; a number as it is written."""
        text, is_string = self._text, self._text[span.start] == '"'
        at, end = span.start + is_string, span.end - is_string
        for escape in _ESCAPE.finditer(text, at, end):
            if escape.start() < at:
                continue
            self._kept(at, escape.start(), signs)
            meant, at = _meant(text, escape, end)
            self._new.put(
                line_break if meant in ("\n", "\r\n") else meant, Span(escape.start(), at)
            )
        self._kept(at, end, signs)

    def _kept(self, start: int, end: int, signs: dict[str, str] | None) -> None:
        at = start
        for i in range(start, end) if signs else ():
            if new := (signs or {}).get(self._text[i]):
                self._new.keep(at, i)
                self._new.put(new, Span(i, i + 1))
                at = i + 1
        self._new.keep(at, end)


def _meant(text: str, escape: re.Match[str], end: int) -> tuple[str, int]:
    """What an escape means, with the second half of a pair (\\ud83d\\ude00), and where it ends."""
    meant, at = json.loads(f'"{escape[0]}"'), escape.end()
    if "\ud800" <= meant <= "\udbff" and (low := _ESCAPE.match(text, at, end)):
        both = json.loads(f'"{escape[0]}{low[0]}"')
        if len(both) == 1:
            return both, low.end()
    return meant.encode("utf-8", "replace").decode(), at
