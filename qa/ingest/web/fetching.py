"""One page from the web, as it comes: for a person who names it, and from public addresses alone.

A name is resolved once, its addresses are checked, and the connection goes to a checked one: a name
that leads elsewhere a moment later (DNS rebinding) leads nowhere. So at each redirection.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from http.client import HTTPException
from urllib.parse import urljoin

import certifi
from urllib3 import HTTPResponse
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.util import Url, parse_url

from qa.errors import InvalidInput, TooLarge

SECONDS = 30.0  # from the first look at the name to the last byte
MOST_REDIRECTIONS = 5
_PART = 65536  # bytes that are read at a time
_UNICAST = ipaddress.ip_network("2000::/3")  # what else there is of IPv6 stands for other addresses
_USER = re.compile(r"//[^/?#]*@")
_HEADERS = {"User-Agent": "footnote-qa", "Accept": "*/*", "Accept-Encoding": "identity"}


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came, and from which address in the end."""

    url: str
    data: bytes
    media_type: str  # "text/html"; "" when nothing is said
    charset: str | None


def is_public(address: str) -> bool:
    """Whether an address is one of the public internet: not of this machine, nor of its network."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address) and (found not in _UNICAST or found.sixtofour):
        return False
    return found.is_global and not found.is_multicast


def addresses_of(host: str, port: int) -> list[str]:
    """The addresses that a name has now. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(place[4][0]) for place in found))


def shown_url(url: str) -> str:
    """An address without the name and password in it.

    >>> shown_url("https://me:secret@example.org/a")
    'https://…@example.org/a'
    """
    return _USER.sub("//…@", url)


def fetched(
    url: str,
    most_bytes: int,
    *,
    seconds: float = SECONDS,
    public: Callable[[str], bool] = is_public,
    resolve: Callable[[str, int], list[str]] = addresses_of,
) -> Fetched:
    """The page at an address, http or https. Raises InvalidInput, or TooLarge.

    `public` says which addresses may be connected to, and `resolve` what a name leads to.
    """
    until = time.monotonic() + seconds
    for _ in range(MOST_REDIRECTIONS + 1):
        place = _place(url)
        visit = _Visit(place, _checked(place, public, resolve), until)
        answer = visit.get(most_bytes)
        if isinstance(answer, Fetched):
            return answer
        url = urljoin(url, answer)
    raise _refused(url, f"it leads on more than {MOST_REDIRECTIONS} times")


def _place(url: str) -> Url:
    try:
        place = parse_url(url)
    except HTTPError:
        raise _refused(url, "it is no address") from None
    if place.scheme not in ("http", "https"):
        raise _refused(url, "only http:// and https:// are fetched")
    if not place.host:
        raise _refused(url, "it is no address")
    if place.auth:
        raise _refused(url, "it has a name or a password in it")
    return place


def _checked(
    place: Url, public: Callable[[str], bool], resolve: Callable[[str, int], list[str]]
) -> list[str]:
    """The addresses of the place, all of which may be connected to."""
    try:
        found = resolve(_host(place), _port(place))
    except (OSError, UnicodeError):
        raise _refused(place.url, f"there is no {_host(place)}") from None
    if not found or not all(map(public, found)):
        raise _refused(place.url, "it is an address of this machine or its network")
    return found


def _host(place: Url) -> str:
    return (place.host or "").strip("[]")


def _port(place: Url) -> int:
    return place.port or (443 if place.scheme == "https" else 80)


class _Visit:
    """One connection to one of the checked addresses, until a moment."""

    def __init__(self, place: Url, addresses: list[str], until: float) -> None:
        self._place, self._addresses, self._until = place, addresses, until
        self._late = False

    def get(self, most_bytes: int) -> Fetched | str:
        """What is there, or the address that it leads on to."""
        try:
            connection = self._connected()
        except (HTTPError, OSError) as error:
            raise _refused(self._place.url, _reason(error)) from None
        # A timeout of the socket begins anew with each byte; and the connection lets go of it as
        # soon as the headers are there.
        connected = connection.sock
        timer = threading.Timer(self._left(), self._end, [connected])
        timer.start()
        try:
            answer = self._read(connection, most_bytes)
        except (HTTPError, HTTPException, OSError) as error:
            if not self._late:
                raise _refused(self._place.url, _reason(error)) from None
        finally:
            timer.cancel()
            connection.close()
            connected.close()
        if self._late:  # what came until then may look whole
            raise _refused(self._place.url, "it takes too long")
        return answer

    def _connected(self) -> HTTPConnection:
        for number, address in enumerate(self._addresses, 1):
            connection = self._connection(address)
            try:
                connection.connect()
            except (HTTPError, OSError):
                if number == len(self._addresses):
                    raise
            else:
                return connection
        raise OSError

    def _connection(self, address: str) -> HTTPConnection:
        host, port = _host(self._place), _port(self._place)
        if self._place.scheme == "http":
            return HTTPConnection(address, port, timeout=self._left())
        context = ssl.create_default_context()
        context.load_verify_locations(certifi.where())
        return HTTPSConnection(
            address,
            port,
            timeout=self._left(),
            ssl_context=context,
            server_hostname=host,
            assert_hostname=host,
        )

    def _read(self, connection: HTTPConnection, most_bytes: int) -> Fetched | str:
        host = {"Host": self._place.netloc or ""}
        connection.request(
            "GET", self._place.request_uri, headers=_HEADERS | host, preload_content=False
        )
        with closing(connection.getresponse()) as response:
            return self._answer(response, most_bytes)

    def _answer(self, response: HTTPResponse, most_bytes: int) -> Fetched | str:
        location = response.headers.get("Location")
        if 300 <= response.status < 400 and location:
            return location
        if response.status != 200:
            reason = f"{response.status} {response.reason or ''}".strip()
            raise _refused(self._place.url, f"the server says {reason}")
        data = _body(response, most_bytes)
        kind, _, rest = response.headers.get("Content-Type", "").partition(";")
        charset = re.search(r"charset=[\"']?([\w.:-]+)", rest, re.IGNORECASE)
        url = self._place._replace(fragment=None).url
        return Fetched(url, data, kind.strip().lower(), charset[1] if charset else None)

    def _left(self) -> float:
        return max(0.01, self._until - time.monotonic())

    def _end(self, connected: socket.socket) -> None:
        self._late = True
        with suppress(OSError):  # it has ended by itself
            connected.shutdown(socket.SHUT_RDWR)


def _body(response: HTTPResponse, most_bytes: int) -> bytes:
    data = bytearray()
    for part in response.stream(_PART, decode_content=True):
        data += part
        if len(data) > most_bytes:
            raise TooLarge(f"the page has more than {most_bytes:,} bytes, which is the limit")
    return bytes(data)


def _reason(error: Exception) -> str:
    return f"it cannot be reached: {type(error).__name__}"


def _refused(url: str, reason: str) -> InvalidInput:
    return InvalidInput(f"{shown_url(url)} is not fetched: {reason}", code="not_fetched")
