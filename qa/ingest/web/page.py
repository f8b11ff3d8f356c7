"""The element tree of a web page, and its text when nothing better is known of it."""

from __future__ import annotations

import re
from typing import Any

import lxml.etree
import lxml.html

Tree = Any  # lxml has no types of its own

RAISED = str.maketrans("0123456789+-−–()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁽⁾ⁿ")
LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_NUMBER = re.compile(r"[+−–-]?[0-9]{1,4}")
_FRACTION = re.compile(r"([0-9]{1,4})[/⁄]([0-9]{1,4})")
_UNDER = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹][/⁄]")

_SKIPPED = frozenset(("script", "style", "template", "noscript", "head", "title", "svg", "math"))
_INLINE = frozenset(
    (
        *("a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "font", "i"),
        *("ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strike", "strong"),
        *("sub", "sup", "time", "tt", "u", "var", "wbr"),
    )
)


def parse(markup: str, *, huge: bool = False) -> tuple[Tree | None, bool]:
    """The tree, None when there is no element in it, and whether the page was read to its end.

    libxml2 stops at a depth of 256, with `huge` at 2,048: code that walks trees recursively, or
    more than once, would not come to an end on such pages.
    """
    # As UTF-8 bytes, since lxml refuses text that declares another encoding; NUL ends a C string.
    data = markup.replace("\0", " ").encode("utf-8", "replace")
    parser = lxml.html.HTMLParser(
        encoding="utf-8", huge_tree=huge, remove_comments=True, remove_pis=True
    )
    try:
        tree = lxml.html.document_fromstring(data, parser=parser)
    except lxml.etree.LxmlError:  # nothing but white space or comments
        tree = None
    troubles = {error.type_name for error in parser.error_log}
    if "ERR_NO_MEMORY" in troubles:  # the tree is what was read until then
        raise MemoryError
    return tree, "ERR_RESOURCE_LIMIT" not in troubles


def written_out(tree: Tree) -> None:
    """Writes out what browsers show of elements alone: 10<sup>6</sup> is 10⁶, <q>No</q> “No”."""
    for moved in list(tree.iter("sup", "sub")):
        if moved.getparent() is None:  # within another, of <sup>1<sup>2, and written out with it
            continue
        text = "".join(moved.itertext()).strip()
        written = (_raised if moved.tag == "sup" else _lowered)(text, _before(moved))
        if written is None:
            continue
        for inner in list(moved):
            inner.tail = None
            moved.remove(inner)
        moved.text = written
        moved.drop_tag()
    for quoted in list(tree.iter("q")):
        within = next(quoted.iterancestors("q"), None) is not None
        opening, closing = "‘’" if within else "“”"
        quoted.text = opening + (quoted.text or "")
        if len(quoted):
            quoted[-1].tail = (quoted[-1].tail or "") + closing
        else:
            quoted.text += closing
    for quoted in list(tree.iter("q")):
        quoted.drop_tag()


def _raised(text: str, before: str) -> str | None:
    """What is raised: ⁶, ¹⁄₂; behind a number ^2.5, which no raised signs write."""
    if _NUMBER.fullmatch(text):
        return text.translate(RAISED)
    if fraction := _FRACTION.fullmatch(text):
        return f"{fraction[1].translate(RAISED)}⁄{fraction[2].translate(LOWERED)}"
    behind = before[-1:].isdigit() and text[:1].isdigit() and text[-1:].isdigit()
    return f"^{text}" if behind else None


def _lowered(text: str, before: str) -> str | None:
    """What is lowered behind a number, which would be another one, as in 1¹/₂; H₂O stays H2O."""
    behind = before[-1:].isdigit() or _UNDER.fullmatch(before)
    return text.translate(LOWERED) if behind and _NUMBER.fullmatch(text) else None


def _before(element: Any) -> str:
    """The two characters in front of an element; "" where it begins another."""
    previous, parent = element.getprevious(), element.getparent()
    if previous is not None:
        return ("".join(previous.itertext()) + (previous.tail or ""))[-2:]
    return (parent.text or "")[-2:] if parent is not None else ""


def body_text(tree: Tree) -> str:
    """All visible text, a line to each block."""
    parts: list[str] = []
    hidden = 0
    for event, element in lxml.etree.iterwalk(tree, events=("start", "end")):
        skipped = element.tag in _SKIPPED
        if event == "start":
            hidden += skipped
            text = element.text
        else:
            hidden -= skipped
            text = element.tail
        if element.tag not in _INLINE:
            parts.append("\n")
        if text and not hidden:
            parts.append(" ".join(f"|{text}|".split())[1:-1])
    lines = (" ".join(line.split()) for line in "".join(parts).split("\n"))
    return "\n".join(filter(None, lines))
