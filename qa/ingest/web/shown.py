"""What a browser shows of a page and what it hides: the `hidden`, the numbers of lists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from qa.ingest.web.page import Tree, written_out

_UNSHOWN = re.compile(r"(?:display\s*+:\s*+none|visibility\s*+:\s*+hidden)", re.IGNORECASE)
# Of a page that scripts uncover when they are done, nothing would be left.
_WHOLE = frozenset(("html", "head", "body", "main", "article"))
# Around and in what is read, and no prose of an article.
_ASIDE = frozenset(
    (
        *("head", "nav", "aside", "footer", "script", "style", "template", "noscript", "form"),
        *("select", "button", "svg", "iframe", "textarea", "label", "a"),
        *("h1", "h2", "h3", "h4", "h5", "h6"),
    )
)
_STRETCH = 25  # characters; shorter pieces of text are labels


def as_shown(tree: Tree) -> None:
    """Changes a tree so that its texts are those that a browser shows."""
    _without_hidden(tree)
    written_out(tree)
    _numbered(tree)


def _without_hidden(tree: Tree) -> None:
    """Takes out what is marked as hidden, unless that is most of the page: scripts show it."""
    hidden = list(_hidden(tree))
    if not hidden:
        return
    lengths = [len("".join(one.itertext())) for one in hidden]
    if 2 * sum(lengths) < len("".join(tree.itertext())):
        for one in hidden:
            one.drop_tree()


def _hidden(tree: Tree) -> Iterator[Any]:
    """The outermost hidden elements."""
    waiting = [tree]
    while waiting:
        one = waiting.pop()
        if not isinstance(one.tag, str):
            continue
        if one.tag not in _WHOLE and _is_hidden(one):
            yield one
        else:
            waiting.extend(one)


def _is_hidden(one: Any) -> bool:
    return one.get("hidden") not in (None, "until-found") or bool(
        _UNSHOWN.search((one.get("style") or "")[:300])
    )


def _numbered(tree: Tree) -> None:
    """Writes the numbers of ordered lists in front of their items: 1. Flour."""
    for listed in tree.iter("ol"):
        if "none" in (listed.get("style") or ""):
            continue
        first = listed.get("start") or "1"
        number = int(first) if first.isdecimal() and len(first) < 6 else 1
        for item in listed.iterchildren("li"):
            inner = _first_text(item)
            if inner is not None:
                inner.text = f"{number}. {inner.text.lstrip()}"
            number += 1


def _first_text(item: Any) -> Any | None:
    """The element of an item with which its text begins; None when a list or a tail does."""
    for inner in item.iter():
        if not isinstance(inner.tag, str) or inner.tag in ("ol", "ul", "script", "style"):
            return None
        if inner.text and inner.text.strip():
            return inner
        if inner is not item and inner.tail and inner.tail.strip():
            return None
    return None


def prose_length(tree: Tree) -> int:
    """How many characters of a page are prose, wherever it stands: no labels, links, menus."""
    length = 0
    waiting = [tree]
    while waiting:
        one = waiting.pop()
        length += _stretch(one.tail)
        if isinstance(one.tag, str) and one.tag not in _ASIDE:
            length += _stretch(one.text)
            waiting.extend(one)
    return length


def _stretch(text: str | None) -> int:
    length = len(" ".join(text.split())) if text and len(text) >= _STRETCH else 0
    return length if length >= _STRETCH else 0
