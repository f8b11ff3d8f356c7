"""What the visible part of a page marks as its author, its date and its headline.

Microdata (itemprop), microformats (hAtom), rel=author, and the class names "byline" and "date", of
the page's own article: not of comments, related pieces and lists of references.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from qa.ingest.canonical_text import one_line
from qa.ingest.stated.authors import is_author_label, is_signed, plain
from qa.ingest.stated.written_dates import is_date_label
from qa.ingest.web.own_elements import HEADINGS, LONGEST, own_elements, short_text
from qa.ingest.web.page import Tree
from qa.ingest.web.titles import words

_AFTER, _BEFORE = 60, 25  # elements around the headline in which its byline stands
_SHORT = 80  # characters of a line that may be a date with little beside it
_AUTHOR = re.compile(
    r"\A(?:[\w-]*[-_])?(?:author|byline|by-line|autor|auteur|writer|authorname|by|autorenzeile|autorzeile)"
    r"s?(?:[-_]*(?:name|link|fn|info|meta|txt|text|date|block|line))*"
)
_AUTHOR_LINK = re.compile(
    r"/(?:authors?|autor|autore|autoren|autores|auteurs?|contributors?)[\w-]*/([\w%.-]+)"
)
_DATE = re.compile(
    r"\A(?:[\w-]*[-_])?(?:date|datum|pubdate|published|timestamp|posted-on|time|byline|meta|dateline|"
    r"posted|created|data|fecha|zeit|info|details)[-_]*+[^\W_]*+"
)
# Of a class that says of itself that it holds the date; one that is of a change does not.
_DATED = re.compile(
    r"\A(?!.*(?:up-?date|modif|chang|valid|event|expir))(?:[\w-]*[-_])?(?:post|pub|entry|item|article|"
    r"publish(?:ed|ing)?|created?|news)[-_]*(?:date|datum|time|stamp)[-_]*+[^\W_]*+"
)
_SIGNED = re.compile(
    r"\A(?:[\w-]*[-_])?(?:byline|autorenzeile|autorzeile|authors?|autor|auteur|author[-_]*name|author[-_]*link)"
)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_RDFA = {"datepublished": "datePublished", "datecreated": "datePublished", "author": "author"}


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
    own = list(own_elements(tree))
    headings = [(one.tag, short_text(one)) for one in own if one.tag in HEADINGS][:200]
    near = _near(own, _headline(own, titles))
    return Marked(
        tuple(text for tag, text in headings if tag == "h1" and text),
        tuple(text for tag, text in headings if tag != "h1" and text)[:30],
        _properties(own),
        _first_group([one for one in own if _is_author(one)]),
        (*_bylines(near), *_labelled_author(own), *_only_byline(own)),
        tuple(_times(own, near)),
        (*_date_lines(near), *_labelled(own), *_only_date(own)),
    )


def _headline(own: Sequence[Any], titles: Sequence[str]) -> int | None:
    """The place of the only h1, else of the first heading that says what the page is called."""
    headings = [(place, one) for place, one in enumerate(own) if one.tag in HEADINGS][:200]
    only = [place for place, one in headings if one.tag == "h1"]
    called = [f" {words(title)} " for title in titles]
    for place, one in headings:
        text = words(short_text(one))
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
        text = short_text(one)
        marked = marked or (one.tag == "a" and _is_profile(one.get("href") or "", text))
        if text and len(text) <= LONGEST and (marked or is_signed(text)):
            yield text


def _only_byline(own: Sequence[Any]) -> Iterator[str]:
    """What the page's own elements of an author hold, when all of them hold the same."""
    found = {text for one in own if _classes(one, _SIGNED) and (text := short_text(one))}
    if len(found) == 1 and len(text := found.pop()) <= LONGEST:
        yield text


def _labelled_author(own: Sequence[Any]) -> Iterator[str]:
    """What follows <b>Author:</b>, in the same line."""
    for one in own:
        label = (one.text or "").strip()
        if 2 < len(label) <= 20 and label[-1] == ":" and one.tail and is_author_label(label[:-1]):
            yield one_line(one.tail)[: LONGEST + 1]


def _is_profile(address: str, name: str) -> bool:
    """Whether a link leads to the page of an author of this name: /authors/lee-ann."""
    found = _AUTHOR_LINK.search(address[:500])
    called = plain(found[1]) if found else ""
    return any(word in called for word in plain(name).split())


def _date_lines(near: Sequence[Any]) -> Iterator[str]:
    """The lines at the headline that are marked as a date, and then any short one."""
    texts = [(one, text) for one in near if (text := short_text(one))]
    yield from (text for one, text in texts if one.tag == "time" or _classes(one, _DATE))
    yield from (text for one, text in texts if len(text) <= _SHORT and one.tag not in HEADINGS)


def _only_date(own: Sequence[Any]) -> Iterator[str]:
    """What the page's own elements of date hold, when all of them hold the same."""
    found = {text for one in own if _classes(one, _DATED) and (text := short_text(one))}
    if len(found) == 1 and len(text := found.pop()) <= _SHORT:
        yield text


def _labelled(own: Sequence[Any]) -> Iterator[str]:
    """The lines that say of themselves that they are the date: Published on 5 March 2024."""
    for one in own:
        begins = (one.text or "").lstrip()[: _SHORT + 1]
        if begins and is_date_label(begins):
            dated = any(character.isdigit() for character in begins)
            if 0 < len(line := one_line(begins) if dated else short_text(one)) <= _SHORT:
                yield line


# --- microdata ---


def _properties(own: Sequence[Any]) -> dict[str, tuple[str, ...]]:
    """The properties of the first item that is an article or a page, and those of no item."""
    items: dict[str, list[tuple[Any, str]]] = {}
    for element in own:
        names = (element.get("itemprop") or "").split()
        if element.tag != "meta":
            names += _rdfa(element.get("property") or "")
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


def _rdfa(stated: str) -> list[str]:
    """The properties that RDFa gives by schema.org's names, as itemprop has them."""
    names = (name.rpartition(":")[2].lower() for name in stated.split())
    return [_RDFA[name] for name in names if name in _RDFA]


def _of_first(found: Sequence[tuple[Any, str]]) -> Iterator[str]:
    return (value for item, value in found if item is found[0][0] and value)


def _value(element: Any) -> str:
    """The value of a property; of a person who is an item, the name."""
    if element.tag == "meta" or (element.get("content") and not short_text(element)):
        return one_line(element.get("content") or "")
    if element.tag == "time" and element.get("datetime"):
        return one_line(element.get("datetime"))
    if element.get("content") and "datePublished" in (element.get("itemprop") or ""):
        return one_line(element.get("content"))
    names = [one for one in element.iter() if one is not element and one.get("itemprop") == "name"]
    if names:
        return _value(names[0])
    text = short_text(element)
    return text if len(text) <= LONGEST else ""


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
    texts = [(one, text) for one in found if (text := short_text(one)) and len(text) <= LONGEST]
    if not texts:
        return ()
    first = texts[0][0]
    beside = (text for one, text in texts if one is first or one.getparent() is first.getparent())
    return tuple(dict.fromkeys(beside))


def _classes(element: Any, shape: re.Pattern[str]) -> bool:
    """Whether a class, the id or the test id of an element has a shape: "post-author"."""
    given = [value for name in ("class", "id", "data-testid") if (value := element.get(name))]
    return bool(given) and _has_shape(" ".join(given)[:300], shape)


@lru_cache(maxsize=4096)  # a page has few classes and many elements
def _has_shape(named: str, shape: re.Pattern[str]) -> bool:
    return any(shape.fullmatch(name) for name in _CAMEL.sub("-", named).lower().split())


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
            yield one.get("title") or short_text(one)
    if len({one.get("datetime")[:10] for one in times}) == 1:
        yield times[0].get("datetime")
    at_headline = next((one for one in near if one.tag == "time" and one.get("datetime")), None)
    if at_headline is not None:
        yield at_headline.get("datetime")
