"""JSON-LD (schema.org) of a page: the object that its article is, and what else states of it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import partial
from html import unescape
from typing import Any

from qa.ingest.web.page import Tree

Node = dict[str, Any]

_POSTINGS = frozenset(("BlogPosting", "LiveBlogPosting", "SocialMediaPosting", "Report"))
# Kinds that have an author or a date, and are not what the page is.
_PARTS = frozenset(
    (
        *("Comment", "Person", "Organization", "NewsMediaOrganization", "WebSite", "ImageObject"),
        *("Product", "Event", "BreadcrumbList", "ListItem", "Answer", "Review", "Offer", "Place"),
    )
)
_STATING = ("datePublished", "author")
# Around the JSON, for readers of XHTML: //<![CDATA[ … //]]>, <!-- … -->.
_WRAPPING = re.compile(r"(?:(?://|/\*)\s*+)?(?:<!\[CDATA\[|\]\]>|<!--|-->)(?:\s*+\*/)?")
# A comma before a bracket that closes, and strings, in which it may stand.
_COMMA = re.compile(r'("(?:[^"\\]|\\.)*+"?)|,(?=\s*+[}\]])', re.DOTALL)


def article_node(tree: Tree) -> tuple[Node, bool]:
    """What the page's JSON-LD says of its article, and whether all of it could be read.

    The first Article, NewsArticle, BlogPosting… ({} when there is none), with what it lacks of
    author and date from the page that it is on: WebPage, ClaimReview, Recipe. References
    ({"@id": "#org"}) are looked up.
    """
    blocks = [_parsed(text) for text in _scripts(tree)]
    nodes = [node for block in blocks for node in _nodes(block)]
    by_id = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str)}
    articles = [node for node in nodes if _is_article(node)]
    others = [node for node in nodes if _states(node)]
    found: Node = {}
    for node in articles[:1] + others[:1]:
        kept = node if node in articles else {k: node[k] for k in _TAKEN if k in node}
        found = {**{key: _resolved(value, by_id) for key, value in kept.items()}, **found}
    return found, None not in blocks


_TAKEN = (*_STATING, "dateCreated", "headline", "publisher", "inLanguage", "name", "url")


def texts(value: Any) -> list[str]:
    """The texts in a value that may be one, an object with a name, or a list of either."""
    items = value if isinstance(value, list) else [value]
    named = (_name(item) if isinstance(item, dict) else item for item in items)
    return [text for text in named if isinstance(text, str)]


def _name(item: Node) -> Any:
    """The name of a person or a firm; @value is how JSON-LD writes a text with its language."""
    given = " ".join(str(item[key]) for key in ("givenName", "familyName") if item.get(key))
    return item.get("name") or item.get("@value") or given


def is_person(value: Any) -> bool:
    """Whether a value is said to be a person, as who publishes a blog of her own is."""
    return isinstance(value, dict) and "Person" in _kinds(value)


def _scripts(tree: Tree) -> Iterator[str]:
    for script in tree.iter("script"):
        kind, text = script.get("type"), script.text or ""
        said = (kind or "").partition(";")[0].strip().lower() == "application/ld+json"
        if said or (kind is None and text.lstrip()[:12].startswith('{"@context"')):
            yield text


def _parsed(text: str) -> Any:
    """A block's value; None when it is broken in a way that is not known."""
    bare = _WRAPPING.sub("", text) if "<!" in text or "]]>" in text else text
    bare = bare.strip().rstrip(";")
    mendings: tuple[Callable[[str], str], ...] = (str, partial(_COMMA.sub, r"\1"), unescape)
    for mended in mendings:
        try:
            # Pages carry raw line feeds inside of strings.
            return json.loads(mended(bare), strict=False)
        except (ValueError, RecursionError):
            continue
    return None if bare else {}


def _nodes(block: Any) -> Iterator[Node]:
    """The objects of a block, through lists and @graph."""
    waiting = [block]
    while waiting:
        item = waiting.pop()
        if isinstance(item, list):
            waiting.extend(reversed(item))
        elif isinstance(item, dict):
            yield item
            waiting.extend(item[key] for key in ("mainEntity", "@graph") if key in item)


def _kinds(node: Node) -> list[str]:
    return [kind.rpartition("/")[2] for kind in texts(node.get("@type"))]  # "http://schema.org/X"


def _is_article(node: Node) -> bool:
    return any(kind.endswith("Article") or kind in _POSTINGS for kind in _kinds(node))


def _states(node: Node) -> bool:
    stating = any(node.get(key) for key in _STATING)
    return stating and not _is_article(node) and not _PARTS & set(_kinds(node))


def _resolved(value: Any, by_id: dict[str, Node]) -> Any:
    if isinstance(value, list):
        return [_resolved(item, by_id) if isinstance(item, dict) else item for item in value]
    if isinstance(value, dict) and "name" not in value and isinstance(value.get("@id"), str):
        return by_id.get(value["@id"], value)
    return value
