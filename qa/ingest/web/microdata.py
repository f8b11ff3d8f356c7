"""What the elements of a page's own item are said to be: microdata, RDFa, rel=author, hAtom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from qa.ingest.canonical_text import one_line
from qa.ingest.web.own_elements import LONGEST, short_text

_RDFA = {"datepublished": "datePublished", "datecreated": "datePublished", "author": "author"}


def properties(own: Sequence[Any]) -> dict[str, tuple[str, ...]]:
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


def is_author(element: Any) -> bool:
    if element.tag == "a" and "author" in (element.get("rel") or "").lower().split():
        return True
    classes = (element.get("class") or "").split()
    return "fn" in classes and any(
        {"author", "vcard", "p-author"} & set((up.get("class") or "").split())
        for up in (element, *list(element.iterancestors())[:4])
    )


def first_group(found: Sequence[Any]) -> tuple[str, ...]:
    """The texts of the first element, and of those that stand beside it as co-authors do."""
    texts = [(one, text) for one in found if (text := short_text(one)) and len(text) <= LONGEST]
    if not texts:
        return ()
    first = texts[0][0]
    beside = (text for one, text in texts if one is first or one.getparent() is first.getparent())
    return tuple(dict.fromkeys(beside))
