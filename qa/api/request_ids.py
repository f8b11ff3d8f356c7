"""What a request is called: an id of its own, and the trace that it is a part of.

Both may come from outside, and then stand in the log and in the answer: what has another form than
such a name is not taken over, so it can begin no line, and end no header.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextvars import ContextVar

# UUIDs, and what nginx, Envoy, Heroku and AWS send: `Root=1-67891233-abcdef012345678912345678`.
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:=+/@-]{7,127}")
# W3C Trace Context: version, trace, span, flags; later versions may have more behind them.
_NAMES = r"(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}"
_TRACEPARENT = re.compile(rf"00-{_NAMES}|(?!00|ff)[0-9a-f]{{2}}-{_NAMES}(?:-[\x21-\x7e]{{1,200}})?")
# Of the request at hand: its trace and the span of it that is ours, or the caller's.
traceparent: ContextVar[str] = ContextVar("traceparent", default="")


def is_request_id(given: str) -> bool:
    """Whether an `X-Request-ID` is taken over.

    >>> is_request_id("6f1c9f2e-ticket:4711"), is_request_id("1"), is_request_id("a" * 129)
    (True, False, False)
    """
    return _ID.fullmatch(given) is not None


def traceparent_of(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """The `traceparent` of a request, or nothing where it has none, two, or a malformed one."""
    given = [value.decode("latin-1") for name, value in headers if name == b"traceparent"]
    return given[0] if len(given) == 1 and _TRACEPARENT.fullmatch(given[0]) else ""


def trace_id() -> str:
    """The trace of the request at hand, as the log names it."""
    return traceparent.get()[3:35]
