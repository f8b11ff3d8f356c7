"""Paths of the pages, and which addresses of others become links."""

from __future__ import annotations

import re
from contextvars import ContextVar
from urllib.parse import quote, urlencode, urlsplit

from qa.ids import is_beside

SIGN_OUT = "/sign-out"
# What the request at hand has: the path that a proxy has put before ours, whether a key was asked
# for and given.
prefix: ContextVar[str] = ContextVar("prefix", default="")
signed_in: ContextVar[bool] = ContextVar("signed_in", default=False)
# Whether it may change the collection: pages offer only what is not refused.
writable: ContextVar[bool] = ContextVar("writable", default=False)
# How many bytes it may send.
body_limit: ContextVar[int] = ContextVar("body_limit", default=0)
# Controls, marks that make letters stand in another order than they do, and what browsers take for
# a slash.
_MISLEADING = re.compile(r"[\x00-\x1f\x7f-\x9f\\\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def below(path: str) -> str:
    """A path of ours as the client has to call it: below QA_ROOT_PATH.

    >>> below("/v1/jobs/1")
    '/v1/jobs/1'
    """
    return prefix.get() + path


def article_path(article_id: str, start: int | None = None, end: int | None = None) -> str:
    """The page of an article; with a span, the place where it is marked.

    A source that came beside a draft has no page: it is named on that of the draft.

    >>> article_path("pilots", 2, 15), article_path("~minutes", 2, 15)
    ('/articles/pilots?start=2&end=15#cited', '#~minutes')
    """
    if is_beside(article_id):
        return f"#{article_id}"
    path = below(f"/articles/{quote(article_id, safe='')}")
    return path if start is None else f"{path}?start={start}&end={end}#cited"


def path(page: str, /, **query: object) -> str:
    """A page with its query, empty values left out.

    >>> path("/check", quote="", article_id="a b")
    '/check?article_id=a+b'
    """
    given = {name: value for name, value in query.items() if value}
    return below(f"{page}?{urlencode(given, doseq=True)}" if given else page)


def external(url: str | None) -> str | None:
    """The address when a browser may follow it: http and https alone, never javascript.

    No address either that says something else than where it leads: with a name and password before
    the host (`https://bank.example@evil.example`), or with marks that turn the order of its letters
    around.
    """
    try:
        parts = urlsplit((url or "").strip())
    except ValueError:
        return None
    honest = "@" not in parts.netloc and not _MISLEADING.search((url or "").strip())
    return url if parts.scheme in ("http", "https") and parts.netloc and honest else None
