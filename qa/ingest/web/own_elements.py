"""The elements of a page that are its article's own: not of comments, menus and other pieces."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from qa.ingest.canonical_text import one_line
from qa.ingest.web.page import Tree

LONGEST = 120  # characters; no name and no date is longer
HEADINGS = ("h1", "h2", "h3")

# "entity-reference" is how Drupal calls any field of a page.
_OTHERS = re.compile(
    r"(?<![a-z])(?:comment|repl(?:y|ies)|related|recommend|sidebar|popular|latest|"
    r"recent|newsletter|citation|(?<!entity-)reference|promo|cookie|carousel|bio\b|more-|trending|"
    r"breadcrumb|updated|modified|nav\b|menu|widget_)",
    re.IGNORECASE,
)
_TEASER = re.compile(r"(?<![a-z])teaser", re.IGNORECASE)
_OTHER_TAGS = frozenset(("aside", "nav", "form", "select", "noscript", "script", "style"))
# The foot of a page is not its article's; that of an article has its author and date.
_FOOT = re.compile(
    r"(?<![a-z])(?<!post-)(?<!entry-)(?<!article-)(?<!asset-)(?<!node-)footer", re.IGNORECASE
)
_ARTICLE = re.compile(r"(?<![\w-])(?:post|entry|hentry|h-entry|article)(?![\w-])", re.IGNORECASE)


def own_elements(tree: Tree) -> Iterator[Any]:
    """The elements that are not of comments, menus and other pieces."""
    around = {up for heading in tree.iter("h1") for up in heading.iterancestors()}
    waiting = [tree]
    while waiting:
        element = waiting.pop()
        if not isinstance(element.tag, str):
            continue
        if element not in around and (_is_of_others(element) or _is_foot(element)):
            continue
        if _TEASER.search(_named(element)) and not around & {element, element.getparent()}:
            continue  # beside the headline it is what its own article begins with
        yield element
        waiting.extend(reversed(element))


def _is_of_others(element: Any) -> bool:
    if element.tag in ("html", "body", "main", "article", "meta", "h1"):
        return False
    return element.tag in _OTHER_TAGS or bool(_OTHERS.search(_named(element)))


def _named(element: Any) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''}"[:300]


def _is_foot(element: Any) -> bool:
    """Whether an element is the foot of the page: <footer>, or called so, of no article."""
    if element.tag in ("html", "body", "main", "article", "meta"):
        return False
    if element.tag != "footer" and not _FOOT.search(_named(element)):
        return False
    within = element.iterchildren("div") if element.tag == "div" else ()
    return not any(map(_is_article, (*_around(element), *within)))


def _around(element: Any) -> Iterator[Any]:
    return islice(element.iterancestors(), 12)


def _is_article(element: Any) -> bool:
    return element.tag == "article" or bool(_ARTICLE.search((element.get("class") or "")[:300]))


def short_text(element: Any) -> str:
    """The text of an element; "" when it is longer than names, dates and headlines are."""
    parts, length = [], 0
    for part in element.itertext():
        parts.append(part)
        length += len(part)
        if length > 10 * LONGEST:
            return ""
    for machine in element.iter("style", "script"):
        if machine is not element and machine.text in parts:
            parts.remove(machine.text)
    return one_line(" ".join(parts))
