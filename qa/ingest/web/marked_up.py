"""What the visible part of a page marks as its author, its date and its headline.

Microdata (itemprop), microformats (hAtom), rel=author, and the class names "byline" and "date", of
the page's own article: not of comments, related pieces and lists of references.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from qa.ingest.canonical_text import one_line
from qa.ingest.stated.authors import is_signed
from qa.ingest.web.page import Tree
from qa.ingest.web.titles import words

_LONGEST = 120  # characters; no name and no date is longer
_AFTER, _BEFORE = 60, 25  # elements around the headline in which its byline stands
_SHORT = 80  # characters of a line that may be a date with little beside it
_OTHERS = re.compile(
    r"(?<![a-z])(?:comment|repl(?:y|ies)|related|recommend|sidebar|footer|teaser|popular|latest|"
    r"recent|newsletter|citation|reference|promo|cookie|carousel|bio\b|more-|trending|breadcrumb|"
    r"updated|modified|nav\b|menu|widget_)",
    re.IGNORECASE,
)
_OTHER_TAGS = frozenset(("aside", "nav", "footer", "form", "select", "noscript", "script", "style"))
_AUTHOR = re.compile(
    r"(?:\w*[-_])*(?:author|byline|by-line|autor|auteur|writer|authorname|by)s?"
    r"(?:[-_]*(?:name|link|fn|info|meta))?"
)
_AUTHOR_LINK = re.compile(r"/(?:authors?|autor|autore|autoren|autores|auteurs?|contributors?|by)/")
_DATE = re.compile(
    r"(?:\w*[-_])*(?:date|datum|pubdate|published|timestamp|posted-on|time|byline|meta|dateline|"
    r"posted|created|data|fecha|zeit|info|details)(?:[-_]*\w*)?"
)
_HEADINGS = ("h1", "h2", "h3")


@dataclass(frozen=True, slots=True)
class Marked:
    """What elements are marked as: each list in the page's order."""

    headlines: tuple[str, ...]  # the texts of its h1
    lower: tuple[str, ...]  # and of its other headings, the first of them
    properties: dict[str, tuple[str, ...]]  # itemprop of the page's own item
    authors: tuple[str, ...]  # rel=author and hAtom
    bylines: tuple[str, ...]  # by their class names alone
    times: tuple[str, ...]  # <time> that is said to be of publication, or the only one
    dates: tuple[str, ...]  # near the headline, by their class names alone


def marked_up(tree: Tree, titles: Sequence[str] = ()) -> Marked:
    """What a page's elements are marked as; `titles`: what it is said to be called elsewhere."""
    own = list(_own(tree))
    headings = [(one.tag, _text(one)) for one in own if one.tag in _HEADINGS][:200]
    near = _near(own, _headline(own, titles))
    return Marked(
        tuple(text for tag, text in headings if tag == "h1" and text),
        tuple(text for tag, text in headings if tag != "h1" and text)[:30],
        _properties(own),
        _first_group([one for one in own if _is_author(one)]),
        tuple(_bylines(near)),
        tuple(_times(own, near)),
        tuple(_date_lines(near)),
    )


def _own(tree: Tree) -> Iterator[Any]:
    """The elements that are not of comments, menus and other pieces."""
    around = {up for heading in tree.iter("h1") for up in heading.iterancestors()}
    waiting = [tree]
    while waiting:
        element = waiting.pop()
        if not isinstance(element.tag, str):
            continue
        if element not in around and _is_of_others(element):
            continue
        yield element
        waiting.extend(reversed(element))


def _is_of_others(element: Any) -> bool:
    if element.tag in ("html", "body", "main", "article", "meta", "h1"):
        return False
    named = f"{element.get('class') or ''} {element.get('id') or ''}"[:300]
    return element.tag in _OTHER_TAGS or bool(_OTHERS.search(named))


def _headline(own: Sequence[Any], titles: Sequence[str]) -> int | None:
    """The place of the only h1, else of the first heading that says what the page is called."""
    headings = [(place, one) for place, one in enumerate(own) if one.tag in _HEADINGS][:200]
    only = [place for place, one in headings if one.tag == "h1"]
    called = [f" {words(title)} " for title in titles]
    for place, one in headings:
        text = words(_text(one))
        if len(text) > 8 and any(f" {text} " in title for title in called):
            return place
    return only[0] if len(only) == 1 else None


def _near(own: Sequence[Any], headline: int | None) -> list[Any]:
    """The elements behind the headline, and then those before it from the nearest on."""
    if headline is None:
        return []
    after = own[headline + 1 : headline + 1 + _AFTER]
    return [*after, *reversed(own[max(0, headline - _BEFORE) : headline])]


def _bylines(near: Sequence[Any]) -> Iterator[str]:
    """What is marked as an author's name at the headline by its class or its link, or is signed."""
    for one in near:
        marked = one.tag == "address" or _classes(one, _AUTHOR)
        marked = marked or (one.tag == "a" and _AUTHOR_LINK.search(one.get("href") or ""))
        if (text := _text(one)) and len(text) <= _LONGEST and (marked or is_signed(text)):
            yield text


def _date_lines(near: Sequence[Any]) -> Iterator[str]:
    """The lines at the headline that are marked as a date, and then any short one."""
    texts = [(one, text) for one in near if (text := _text(one))]
    yield from (text for one, text in texts if one.tag == "time" or _classes(one, _DATE))
    yield from (text for one, text in texts if len(text) <= _SHORT and one.tag not in _HEADINGS)


def _text(element: Any) -> str:
    """The text of an element; "" when it is longer than names, dates and headlines are."""
    parts, length = [], 0
    for part in element.itertext():
        parts.append(part)
        length += len(part)
        if length > 10 * _LONGEST:
            return ""
    return one_line(" ".join(parts))


# --- microdata ---


def _properties(own: Sequence[Any]) -> dict[str, tuple[str, ...]]:
    """The properties of the first item that is an article or a page, and those of no item."""
    items: dict[str, list[tuple[Any, str]]] = {}
    for element in own:
        names = (element.get("itemprop") or "").split()
        for name in {"author", "creator", "datePublished"} & set(names):
            scopes = (up for up in element.iterancestors() if up.get("itemscope") is not None)
            item = next(scopes, None)
            if item is None or item.get("itemprop") in (
                None,
                "blogPost",
                "mainEntity",
                "mainEntityOfPage",
            ):
                items.setdefault(name, []).append((item, _value(element)))
    return {name: tuple(_of_first(found)) for name, found in items.items()}


def _of_first(found: Sequence[tuple[Any, str]]) -> Iterator[str]:
    return (value for item, value in found if item is found[0][0] and value)


def _value(element: Any) -> str:
    """The value of a property; of a person who is an item, the name."""
    if element.tag == "meta" or (element.get("content") and not _text(element)):
        return one_line(element.get("content") or "")
    if element.tag == "time" and element.get("datetime"):
        return one_line(element.get("datetime"))
    if element.get("content") and "datePublished" in (element.get("itemprop") or ""):
        return one_line(element.get("content"))
    names = [one for one in element.iter() if one is not element and one.get("itemprop") == "name"]
    if names:
        return _value(names[0])
    text = _text(element)
    return text if len(text) <= _LONGEST else ""


# --- rel=author and hAtom ---


def _is_author(element: Any) -> bool:
    if element.tag == "a" and "author" in (element.get("rel") or "").lower().split():
        return True
    classes = (element.get("class") or "").split()
    return "fn" in classes and any(
        {"author", "vcard", "p-author"} & set((up.get("class") or "").split())
        for up in (element, *list(element.iterancestors())[:4])
    )


def _first_group(found: Sequence[Any]) -> tuple[str, ...]:
    """The texts of the first element, and of those that stand beside it as co-authors do."""
    texts = [(one, text) for one in found if (text := _text(one)) and len(text) <= _LONGEST]
    if not texts:
        return ()
    first = texts[0][0]
    beside = (text for one, text in texts if one is first or one.getparent() is first.getparent())
    return tuple(dict.fromkeys(beside))


def _classes(element: Any, shape: re.Pattern[str]) -> bool:
    named = (
        f"{element.get('class') or ''} {element.get('id') or ''} {element.get('data-testid') or ''}"
    )
    return any(shape.fullmatch(name) for name in named[:300].lower().split())


# --- <time> ---


def _times(own: Sequence[Any], near: Sequence[Any]) -> Iterator[str]:
    """The times said to be of publication; else the only one; else the first at the headline."""
    times = [one for one in own if one.tag == "time" and one.get("datetime")]
    for one in times:
        if one.get("pubdate") is not None or one.get("itemprop") == "datePublished":
            yield one.get("datetime")
    for one in times:
        classes = set((one.get("class") or "").split())
        if classes & {"published", "dt-published", "entry-date", "post-date", "publish-date"}:
            yield one.get("datetime")
    for one in own:
        if one.tag == "abbr" and "published" in (one.get("class") or "").split():
            yield one.get("title") or _text(one)
    if len({one.get("datetime") for one in times}) == 1:
        yield times[0].get("datetime")
    at_headline = next((one for one in near if one.tag == "time" and one.get("datetime")), None)
    if at_headline is not None:
        yield at_headline.get("datetime")
