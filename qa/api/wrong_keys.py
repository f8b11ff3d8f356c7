"""Wrong keys: counted, and slowed down for each address they come from."""

from __future__ import annotations

import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable

# How many wrong keys an address may send in a minute; a right one is taken at any time.
ALLOWED = 10
WINDOW_SECONDS = 60.0
# How many addresses are remembered: then the one that has been quiet the longest is forgotten.
ADDRESSES = 10_000


class WrongKeys:
    """The wrong keys of each address. Nobody is made to wait: who sends too many is told to.

    All on the event loop's thread.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.total = 0
        self._clock = clock
        self._since: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def note(self, client: str) -> int:
        """Counts a wrong key; gives the seconds until another is looked at, 0 for the first."""
        self.total += 1
        now, whose = self._clock(), _network(client)
        began, count = self._since.pop(whose, (now, 0))
        if now - began >= WINDOW_SECONDS:
            began, count = now, 0
        self._since[whose] = began, count + 1
        if len(self._since) > ADDRESSES:
            self._since.popitem(last=False)
        return math.ceil(began + WINDOW_SECONDS - now) if count >= ALLOWED else 0


def _network(client: str) -> str:
    """The network of a client: one with IPv6 commonly has all 2^64 addresses of it."""
    try:
        address = ipaddress.ip_address(client)
    except ValueError:
        return client[:50]  # as a proxy may call it
    if address.version == 4:
        return client
    return str(ipaddress.ip_network((address, 64), strict=False).network_address)
