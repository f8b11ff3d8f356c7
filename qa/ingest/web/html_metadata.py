"""What a page states about its article: JSON-LD, then meta tags, then what its elements are marked
as. Only statements are read: a date somewhere in a text is not the date of the article.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html import unescape

from qa.ingest.canonical_text import one_line
from qa.ingest.stated.authors import Site, people
from qa.ingest.stated.bylines import is_author_label, is_signed, signed
from qa.ingest.stated.fields import Metadata, language_tag
from qa.ingest.stated.iso_dates import iso_date
from qa.ingest.stated.written_dates import date_within, tells_a_change
from qa.ingest.web.json_ld import Node, article_node, is_person, texts
from qa.ingest.web.marked_up import Marked, marked_up
from qa.ingest.web.page import Tree
from qa.ingest.web.titles import page_title

Metas = dict[str, list[str]]  # the contents of the meta tags by name

_TITLES = (
    "og:title",
    "dc.title",
    "dcterms.title",
    "dc:title",
    "citation_title",
    "twitter:title",
    "parsely-title",
)
_AUTHORS = (
    *("article:author", "citation_author", "dc:creator", "author", "dc.creator", "dcterms.creator"),
    *("parsely-author", "sailthru.author", "byl", "og:article:author", "article:author_name"),
    *("article.author", "book:author", "cxenseparse:author", "authors", "dc.contributor.author"),
    *("shareaholic:article_author_name", "bt:author", "creator", "rbauthors"),
)
_DATES = (
    *("article:published_time", "og:published_time", "datepublished", "og:article:published_time"),
    *("article:published", "article.published", "date", "dc.date", "dc.date.issued", "dc:date"),
    *("dcterms.date", "dcterms.issued", "dcterms.created", "dc.date.created", "dc.issued"),
    *("citation_publication_date", "citation_date", "citation_online_date", "dc.date.published"),
    *("pubdate", "publishdate", "publish_date", "publish-date", "publisheddate", "published_date"),
    *("publication_date", "publication-date", "published-date", "bt:pubdate", "sailthru.date"),
    *("parsely-pub-date", "article_date_original", "cxenseparse:recs:publishtime", "timestamp"),
    *("cxenseparse:publishtime", "article:post_date", "originalpublicationdate", "ptime", "pdate"),
    *("rnews:datepublished", "article:publicationdate", "datecreated", "date_published", "created"),
    *("dc.date.x-metadatalastmodified.published", "shareaholic:article_published_time", "pub_date"),
    *("release_date", "article-publish-date", "article:create", "displaydate", "og:pubdate"),
    *("vr:published_time", "citation_cover_date", "last-published", "firstpublished"),
)
_IN_URL = re.compile(
    r"/((?:19|20)[0-9]{2})[/-]?(0[1-9]|1[0-2]|(?<=/)[a-z]{3}(?=/))[/-]?(0[1-9]|[12][0-9]|3[01])"
    r"(?=[/_-])"
)


def page_metadata(tree: Tree) -> Metadata:
    """The metadata of a page; each field from the first place that states it."""
    stated, whole = article_node(tree)
    metas = _metas(tree)
    titles = _titles(stated, metas, tree)
    marked = marked_up(tree, titles)
    url = _first(filter(_is_link, _url(stated, metas, tree)))
    publisher = _first([*texts(stated.get("publisher")), *_all(metas, "og:site_name")])
    language = _language(stated, metas, tree)
    published, origin, notes = _published(stated, metas, marked, url, language)
    site = Site(_sites(metas, stated), url)
    authors = _authors(tree, stated, metas, marked, site)
    if not whole and not (authors and published):
        notes += ("a block of JSON-LD is broken and was not read",)
    return Metadata(
        title=page_title(
            titles,
            marked.headlines,
            marked.lower,
            (*site.names, publisher or "", *site.hosts, *marked.home),
        ),
        url=url,
        publisher=publisher,
        author=", ".join(authors) or None,
        authors=authors,
        published=published,
        language=language,
        tags=_tags(stated, metas),
        extra={"published_from": origin} if origin else {},
        notes=notes,
    )


def _metas(tree: Tree) -> Metas:
    """The contents of the meta tags by name, lower case, in the page's order.

    RDFa gives several names in one: property="dc:creator article:author". An itemprop belongs to
    its item, which marked_up looks for.
    """
    found: Metas = {}
    for meta in tree.iter("meta"):
        names = (meta.get("property") or "").split() or [meta.get("name") or meta.get("http-equiv")]
        content = meta.get("content")
        if content and content.strip():
            for name in filter(None, names):
                found.setdefault(name.strip().lower(), []).append(content)
    return found


def _sites(metas: Metas, stated: Node) -> tuple[str, ...]:
    """The names of who publishes, which stand where an author should; not that of a person."""
    names = (
        *("og:site_name", "application-name", "publisher", "dc.publisher", "copyright"),
        *("twitter:site", "article:publisher", "dc.rights", "apple-mobile-web-app-title"),
    )
    publisher = stated.get("publisher")
    firms = [] if is_person(publisher) else texts(publisher)
    written = (one_line(unescape(name)).lstrip("@©") for name in firms + _all(metas, *names))
    return tuple(filter(None, written))


def _titles(stated: Node, metas: Metas, tree: Tree) -> list[str]:
    titles = [element.text_content() for element in tree.iter("title")][:1]
    named = [*texts(stated.get("headline")), *texts(stated.get("name")), *_all(metas, *_TITLES)]
    return list(_lines((*named, *titles)))


def _url(stated: Node, metas: Metas, tree: Tree) -> list[str]:
    links = [
        link.get("href") or ""
        for link in tree.iter("link")
        if "canonical" in (link.get("rel") or "").lower().split()
    ]
    return [*links, *_all(metas, "og:url"), *texts(stated.get("url"))]


def _authors(tree: Tree, stated: Node, metas: Metas, marked: Marked, site: Site) -> tuple[str, ...]:
    """All the names that the first source gives which gives a name.

    What a meta tag says on every page, and no page shows, stands behind a line that is signed.
    """
    told = [texts(stated.get("author")), texts(stated.get("creator"))]
    tags = [_all(metas, name) for name in _AUTHORS]
    tags += [_all(metas, f"twitter:data{n}") for n in "12" if _is_label(metas, n)]
    shown = [[*marked.properties.get("author", ())], [*marked.authors]]
    named = [
        (names, number)
        for number, sources in enumerate((told, tags, shown))
        for source in sources
        if (names := people(source, site))
    ]
    named.sort(key=lambda found: "_" in "".join(found[0]))  # ann_lee is only a log-in
    names, number = next(iter(named), ((), 0))
    if not names:
        return signed(marked.bylines, site)
    by_line = signed(filter(is_signed, marked.bylines), site) if number == 1 else ()
    return by_line if by_line and not _are_shown(names, tree) else names


def _are_shown(names: tuple[str, ...], tree: Tree) -> bool:
    """Whether all names stand in the body of the page."""
    body = tree.find(".//body")
    text = " ".join("".join((body if body is not None else tree).itertext()).casefold().split())
    return all(name.casefold() in text for name in names)


def _is_label(metas: Metas, number: str) -> bool:
    """Whether twitter:data1 is the author: twitter:label1 says "Written by", or "Verfasst von"."""
    labels = _all(metas, f"twitter:label{number}")
    return any(map(is_author_label, labels))


def _published(
    stated: Node, metas: Metas, marked: Marked, url: str | None, language: str | None
) -> tuple[str | None, str | None, tuple[str, ...]]:
    """The date, where it is from when no machine was told, and a note on one that was not read."""
    told = [*texts(stated.get("datePublished")), *texts(stated.get("dateCreated"))]
    told += _all(metas, *_DATES)
    told += [*marked.properties.get("datePublished", ()), *marked.times]
    dates = [found for date in told if (found := iso_date(date, language))]
    if dates:
        return _confirmed(dates, marked.dates, language), None, ()
    if found := _of_address(url or ""):
        return found, "address", ()
    shown = (date_within(line, language) for line in marked.dates)
    if found := next(filter(None, shown), None):
        return found, "line at the headline", ()
    return None, None, ((f"date not understood: {one_line(told[0])[:60]}",) if told else ())


def _of_address(url: str) -> str | None:
    """The day in an address: /2024/03/05/, /2024/mar/05/."""
    found = _IN_URL.search(url)
    return (
        next(filter(None, (iso_date(sign.join(found.groups())) for sign in "- ")), None)
        if found
        else None
    )


def _confirmed(dates: Sequence[str], lines: Iterable[str], language: str | None) -> str:
    """The first date; of several days the one that the page shows at its headline."""
    shown = (date_within(line, language) for line in lines if not tells_a_change(line))
    several = len({date[:10] for date in dates}) > 1
    days = {date[:10] for date in shown if date} if several else {dates[0][:10]}
    return next((date for date in dates if date[:10] in days), dates[0])


def _language(stated: Node, metas: Metas, tree: Tree) -> str | None:
    names = ("og:locale", "dc.language", "dcterms.language", "citation_language")
    root = tree.getroottree().getroot()
    tags = [*texts(stated.get("inLanguage")), *_all(metas, *names, "content-language")]
    tags += [root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or ""]
    return next((found for tag in tags if (found := language_tag(tag))), None)


def _tags(stated: Node, metas: Metas) -> tuple[str, ...]:
    sources = [texts(stated.get("keywords"))]
    sources += [_all(metas, name) for name in ("article:tag", "news_keywords", "keywords")]
    source = next(filter(None, sources), [])
    words = (one_line(unescape(word)) for part in source for word in part.split(","))
    return tuple(dict.fromkeys(filter(None, words)))


def _all(metas: Metas, *names: str) -> list[str]:
    return [content for name in names for content in metas.get(name, [])]


def _first(values: Iterable[str]) -> str | None:
    return next(_lines(values), None)


def _lines(values: Iterable[str]) -> Iterator[str]:
    return filter(None, (one_line(unescape(value)) for value in values))


def _is_link(value: str) -> bool:
    return value.strip().lower().startswith(("http://", "https://"))
