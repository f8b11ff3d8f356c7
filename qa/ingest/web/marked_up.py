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
from qa.ingest.stated.authors import SIGNED, plain
from qa.ingest.stated.bylines import is_author_label, is_signed
from qa.ingest.stated.written_dates import dateline, is_date_label
from qa.ingest.web.microdata import first_group, is_author, properties
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
_HOME = re.compile(r"(?:https?://[^/?#]+)?/?(?:index\.\w{3,5})?|(?:https?:)?//[^/?#]+/?")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Marked:
    """What elements are marked as: each list in the page's order."""

    headlines: tuple[str, ...]  # the texts of its h1
    lower: tuple[str, ...]  # and of its other headings, the first of them
    home: tuple[str, ...]  # and of those that lead to the first page: the name of the site
    properties: dict[str, tuple[str, ...]]  # itemprop of the page's own item
    authors: tuple[str, ...]  # rel=author and hAtom
    bylines: tuple[str, ...]  # by their class names alone
    times: tuple[str, ...]  # <time> that is said to be of publication, or the only one
    dates: tuple[str, ...]  # near the headline, by their class names alone


def marked_up(tree: Tree, titles: Sequence[str] = ()) -> Marked:
    """What a page's elements are marked as; `titles`: what it is said to be called elsewhere."""
    own = list(own_elements(tree))
    headed = [one for one in own if one.tag in HEADINGS][:200]
    home = tuple(short_text(one) for one in headed if _leads_home(one))
    headings = [(one.tag, short_text(one)) for one in headed if not _leads_home(one)]
    near = _near(own, _headline(own, titles))
    return Marked(
        tuple(text for tag, text in headings if tag == "h1" and text),
        tuple(text for tag, text in headings if tag != "h1" and text)[:30],
        home,
        properties(own),
        first_group([one for one in own if is_author(one)]),
        (*_bylines(near), *_labelled_author(own), *_only_byline(own), *_only_signed(own)),
        tuple(_times(own, near)),
        (*_date_lines(near), *_labelled(own), *_only_date(own), *_datelines(near)),
    )


def _leads_home(heading: Any) -> bool:
    """Whether all of a heading is a link to the first page of the site."""
    link = next(heading.iter("a"), None)
    if link is None or short_text(link) != short_text(heading):
        return False
    address = (link.get("href") or "#").strip()
    return bool(_HOME.fullmatch(address[:200]))


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
    """What follows <b>Author:</b>, in the same line or in the next element; Author: Ann Lee."""
    for one in own:
        label = (one.text or "").strip()
        if 2 < len(label) <= 20 and label[-1] == ":" and is_author_label(label[:-1]):
            yield _behind(one)[: LONGEST + 1]
        elif ":" in label[:20] and is_author_label(label.partition(":")[0]):
            yield short_text(one)[: LONGEST + 1]


def _only_signed(own: Sequence[Any]) -> Iterator[str]:
    """The line that is signed and nothing else, when there is one such line: By Ann Lee."""
    begun = (one for one in own if one.text and SIGNED.match(one.text.lstrip()[:40] + " "))
    found = {text for one in begun if is_signed(text := short_text(one))}
    if len(found) == 1 and not any(map(str.isdigit, line := found.pop())):
        yield line


def _behind(label: Any) -> str:
    """What stands behind a label: in it, in its line, or in the element that follows."""
    beside = label.getnext()
    following = () if beside is None or len(label) else (short_text(beside),)
    written = (" ".join(map(short_text, label)), one_line(label.tail or ""), *following)
    return next((text for text in written if text.strip(" :-–|")), "")


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
            line = one_line(begins) if _is_dated(begins) else short_text(one)
            line = line if _is_dated(line) else _behind(one)
            if 0 < len(line) <= _SHORT:
                yield line


def _is_dated(line: str) -> bool:
    return any(map(str.isdigit, line))


def _datelines(near: Sequence[Any]) -> Iterator[str]:
    """The dates with which the texts behind the headline begin: (5.3.2024) The port opens."""
    begun = (dateline(one.text.lstrip()) for one in near[:_AFTER] if one.text)
    return filter(None, begun)


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
