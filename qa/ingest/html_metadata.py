"""What a page states about its article: JSON-LD, then OpenGraph, then meta tags, then the rest.

Only statements are read. A date that is found somewhere on a page is not the date of the article.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from html import unescape
from typing import Any

from qa.ingest.canonical_text import one_line
from qa.ingest.fields import Metadata, language_tag
from qa.ingest.iso_dates import iso_date
from qa.ingest.page import Tree

Metas = dict[str, list[str]]  # the contents of the meta tags by name
Node = dict[str, Any]  # an object of JSON-LD

_POSTINGS = frozenset(("BlogPosting", "LiveBlogPosting", "SocialMediaPosting", "Report"))


def page_metadata(tree: Tree) -> Metadata:
    """The metadata of a page; each field from the first place that states it."""
    stated = _article_node(tree)
    metas = _metas(tree)
    published, notes = _published(stated, metas, tree)
    return Metadata(
        title=_first(_title(stated, metas, tree)),
        url=_first(filter(_is_link, _url(stated, metas, tree))),
        publisher=_first([*_ld(stated, "publisher"), *_all(metas, "og:site_name")]),
        author=_author(stated, metas),
        published=published,
        language=_language(stated, metas, tree),
        tags=_tags(stated, metas),
        notes=notes,
    )


def _metas(tree: Tree) -> Metas:
    """The contents of the meta tags by name, lower case, in the page's order."""
    found: Metas = {}
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop")
        name = name or meta.get("http-equiv")
        content = meta.get("content")
        if name and content and content.strip():
            found.setdefault(name.strip().lower(), []).append(content)
    return found


def _title(stated: Node, metas: Metas, tree: Tree) -> list[str]:
    titles = [element.text_content() for element in tree.iter("title")]
    named = _all(metas, "og:title", "dc.title", "dcterms.title", "citation_title")
    return [*_ld(stated, "headline"), *_ld(stated, "name"), *named, *titles[:1]]


def _url(stated: Node, metas: Metas, tree: Tree) -> list[str]:
    links = [
        link.get("href") or ""
        for link in tree.iter("link")
        if "canonical" in (link.get("rel") or "").lower().split()
    ]
    return [*links, *_all(metas, "og:url"), *_ld(stated, "url")]


def _author(stated: Node, metas: Metas) -> str | None:
    """All the names that the first source gives; a profile's address is no name."""
    sources = [_ld(stated, "author")]
    names = ("article:author", "author", "dc.creator", "dcterms.creator", "citation_author")
    sources += [_all(metas, name) for name in names]
    for source in sources:
        people = [one_line(unescape(person)) for person in source if not _is_link(person)]
        if any(people):
            return ", ".join(dict.fromkeys(filter(None, people)))
    return None


def _published(stated: Node, metas: Metas, tree: Tree) -> tuple[str | None, tuple[str, ...]]:
    names = (
        *("article:published_time", "og:published_time", "datepublished", "date", "dc.date"),
        *("dc.date.issued", "dcterms.date", "dcterms.issued", "dcterms.created"),
        *("citation_publication_date", "citation_date", "citation_online_date"),
    )
    dates = [*_ld(stated, "datePublished"), *_all(metas, *names), *_times(tree)]
    published = next((found for date in dates if (found := iso_date(date))), None)
    if dates and published is None:
        return None, (f"date not understood: {one_line(dates[0])[:60]}",)
    return published, ()


def _times(tree: Tree) -> list[str]:
    """The time that is marked as that of publication, or the only one that there is.

    A page with several has comments and other articles on it, each with a date of its own.
    """
    times = [time for time in tree.iter("time") if time.get("datetime")]
    marked = [time.get("datetime") for time in times if _is_publication(time)]
    values = marked or list(dict.fromkeys(time.get("datetime") for time in times))
    return values[:1] if marked or len(values) == 1 else []


def _is_publication(time: Any) -> bool:
    return time.get("pubdate") is not None or time.get("itemprop") == "datePublished"


def _language(stated: Node, metas: Metas, tree: Tree) -> str | None:
    names = ("og:locale", "dc.language", "dcterms.language", "citation_language")
    root = tree.getroottree().getroot()
    tags = [*_ld(stated, "inLanguage"), *_all(metas, *names, "content-language")]
    tags += [root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or ""]
    return next((found for tag in tags if (found := language_tag(tag))), None)


def _tags(stated: Node, metas: Metas) -> tuple[str, ...]:
    sources = [_ld(stated, "keywords")]
    sources += [_all(metas, name) for name in ("article:tag", "news_keywords", "keywords")]
    source = next(filter(None, sources), [])
    words = (one_line(unescape(word)) for part in source for word in part.split(","))
    return tuple(dict.fromkeys(filter(None, words)))


def _ld(stated: Node, key: str) -> list[str]:
    return _texts(stated.get(key))


def _all(metas: Metas, *names: str) -> list[str]:
    return [content for name in names for content in metas.get(name, [])]


def _first(values: Iterable[str]) -> str | None:
    return next(filter(None, (one_line(unescape(value)) for value in values)), None)


def _is_link(value: str) -> bool:
    return value.strip().lower().startswith(("http://", "https://"))


# --- JSON-LD (schema.org) ---


def _article_node(tree: Tree) -> Node:
    """The first Article, NewsArticle, BlogPosting… of the page; {} when there is none.

    Author and publisher that are given as references ({"@id": "#org"}) are looked up.
    """
    nodes = [node for block in _blocks(tree) for node in _nodes(block)]
    found = next((node for node in nodes if _is_article(node)), None)
    if found is None:
        return {}
    by_id = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str)}
    return {key: _resolved(value, by_id) for key, value in found.items()}


def _texts(value: Any) -> list[str]:
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
    kinds = _texts(node.get("@type"))
    names = [kind.rpartition("/")[2] for kind in kinds]  # also "http://schema.org/Article"
    return any(name.endswith("Article") or name in _POSTINGS for name in names)


def _resolved(value: Any, by_id: dict[str, Node]) -> Any:
    if isinstance(value, list):
        return [_resolved(item, by_id) if isinstance(item, dict) else item for item in value]
    if isinstance(value, dict) and "name" not in value and isinstance(value.get("@id"), str):
        return by_id.get(value["@id"], value)
    return value
