"""The names that the service may be called by, and the web pages that may write to it.

A page of evil.example whose name was made to resolve to 127.0.0.1 ("DNS rebinding") is of the same
origin as the service for the browser, and may read all of it. What gives it away is the name that
it came by. Such an attack needs a name: an address in the Host header was really called.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers

from qa.errors import InvalidInput

_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_.-]+)(?::[0-9]{1,5})?")
_ORIGIN = re.compile(r"https?://(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(:[0-9]{1,5})?")
_ALLOWED = re.compile(r"\*|(\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)*|[0-9a-f:.]+")


class Hosts:
    """The names and addresses that a Host header may hold, whatever the port."""

    def __init__(self, bound: str, loopback: bool, allowed: Iterable[str] = ()) -> None:
        """`bound` is the address that is served on, `allowed` the names of QA_ALLOWED_HOSTS."""
        self._loopback = loopback
        names = {name.lower().strip("[]") for name in allowed}
        self._any = "*" in names
        self._below = tuple(name[1:] for name in names if name.startswith("*."))
        self._names = names | {"localhost", bound.lower()}

    def allow(self, host: str) -> bool:
        """Whether a request with this Host header is meant for us."""
        named = _HOST.fullmatch(host)
        if named is None:
            return False
        name = named[1].lower().strip("[]").removesuffix(".")
        return self._any or name in self._names or name.endswith(self._below) or self._address(name)

    def _address(self, name: str) -> bool:
        try:
            address = ipaddress.ip_address(name)
        except ValueError:
            return False
        return address.is_loopback or not self._loopback


def read_names(given: Iterable[str]) -> list[str]:
    """The names of QA_ALLOWED_HOSTS. Raises InvalidInput for what no Host header can match."""
    names = [name.lower().strip("[]") for name in given]
    for name in names:
        if not _ALLOWED.fullmatch(name):
            shown = name.rpartition("@")[2]  # there may be a password before it
            raise InvalidInput(
                f"QA_ALLOWED_HOSTS: {shown!r} is not a name: give names or addresses without a "
                "port, such as footnote.example.org, *.example.org, or * for any",
                code="invalid_hosts",
            )
    return names


def read_origins(given: Iterable[str]) -> frozenset[str]:
    """The origins of QA_CORS_ORIGINS. Raises InvalidInput for what no page can have; `*` is none.

    A page of just anybody could read the corpus of whoever looks at it.
    """
    origins = frozenset(origin.lower() for origin in given)
    for origin in origins:
        if not _ORIGIN.fullmatch(origin):
            raise InvalidInput(
                f"QA_CORS_ORIGINS: {origin!r} is no origin: give scheme, name and, if it is not "
                "the usual one, port, such as https://notes.example.org, without a path",
                code="invalid_hosts",
            )
    return origins


def may_write(headers: Headers, trusted: frozenset[str] = frozenset()) -> bool:
    """Whether the request comes from our own pages, those of a trusted origin, or from no page.

    The rule of Go's http.CrossOriginProtection. Browsers say which site a request comes from; on
    plain http with a name they do not, but name the page's origin, which then has to be our own.
    Programs say neither.
    """
    origins = headers.getlist("origin")
    if origins and all(origin in trusted for origin in origins):
        return True
    if sites := headers.getlist("sec-fetch-site"):
        return all(site in ("same-origin", "none") for site in sites)
    host = headers.get("host", "").lower()
    return all(_authority(origin) == host for origin in origins)


def _authority(origin: str) -> str | None:
    """The host and port of an origin; None for `null`, the origin of a page without one."""
    try:
        return urlsplit(origin).netloc.lower() or None
    except ValueError:
        return None
