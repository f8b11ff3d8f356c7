"""What a page's JSON-LD (schema.org) says of its article."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from qa.ingest.page import Tree

_POSTINGS = frozenset(("BlogPosting", "LiveBlogPosting", "SocialMediaPosting", "Report"))

Node = dict[str, Any]


def article(tree: Tree) -> Node:
    """The first Article, NewsArticle, BlogPosting… of the page; {} when there is none.

    Author and publisher that are given as references ({"@id": "#org"}) are looked up.
    """
    nodes = [node for block in _blocks(tree) for node in _nodes(block)]
    found = next((node for node in nodes if _is_article(node)), None)
    if found is None:
        return {}
    by_id = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str)}
    return {key: _resolved(value, by_id) for key, value in found.items()}


def texts(value: Any) -> list[str]:
    """The texts in a value that may be one, an object with a name, or a list of either."""
    items = value if isinstance(value, list) else [value]
    named = (item.get("name") if isinstance(item, dict) else item for item in items)
    return [text for text in named if isinstance(text, str)]


def _blocks(tree: Tree) -> Iterator[Any]:
    for script in tree.iter("script"):
        if (script.get("type") or "").partition(";")[0].strip().lower() == "application/ld+json":
            try:
                # Pages carry raw line feeds inside of strings.
                yield json.loads(script.text or "", strict=False)
            except (ValueError, RecursionError):
                continue  # a broken block says nothing


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


def _is_article(node: Node) -> bool:
    kinds = texts(node.get("@type"))
    names = [kind.rpartition("/")[2] for kind in kinds]  # also "http://schema.org/Article"
    return any(name.endswith("Article") or name in _POSTINGS for name in names)


def _resolved(value: Any, by_id: dict[str, Node]) -> Any:
    if isinstance(value, list):
        return [_resolved(item, by_id) if isinstance(item, dict) else item for item in value]
    if isinstance(value, dict) and "name" not in value and isinstance(value.get("@id"), str):
        return by_id.get(value["@id"], value)
    return value
