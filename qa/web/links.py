"""Paths of the pages, and which addresses of others become links."""

from __future__ import annotations

from urllib.parse import quote, urlencode, urlsplit


def article_path(article_id: str, start: int | None = None, end: int | None = None) -> str:
    """The page of an article; with a span, the place where it is marked.

    >>> article_path("pilots", 2, 15)
    '/articles/pilots?start=2&end=15#cited'
    """
    path = f"/articles/{quote(article_id, safe='')}"
    return path if start is None else f"{path}?start={start}&end={end}#cited"


def path(page: str, /, **query: object) -> str:
    """A page with its query, empty values left out.

    >>> path("/check", quote="", article_id="a b")
    '/check?article_id=a+b'
    """
    given = {name: value for name, value in query.items() if value}
    return f"{page}?{urlencode(given)}" if given else page


def external(url: str | None) -> str | None:
    """The address when a browser may follow it: http and https alone, never javascript."""
    try:
        parts = urlsplit((url or "").strip())
        return url if parts.scheme in ("http", "https") and parts.netloc else None
    except ValueError:
        return None
