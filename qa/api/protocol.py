"""HTTP as uvicorn reads it, with limits to what anybody may send before a key is asked for."""

from __future__ import annotations

import asyncio
import logging
import uuid
from dataclasses import dataclass
from typing import Any, cast

import httptools
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from qa.api.front import PRIVATE
from qa.api.problems import PROBLEM_JSON, described
from qa.errors import Code

log = logging.getLogger(__name__)

HEAD_BYTES = 64 * 1024  # of the request line and all headers
HEADERS = 100
# A body may pause for `body_seconds`, and has to come at this rate over all: else one byte now and
# then would hold a connection for days.
BODY_BYTES_PER_SECOND = 1024
# What comes after an answer that did not wait for it is thrown away; a client that goes on is not.
UNREAD_BYTES = 64 * 1024 * 1024
# How long a refused client may go on sending before it is cut off: at once, it would see a broken
# connection and not the answer.
LINGER_SECONDS = 1.0
# How long a client may take nothing of its answer before it is cut off.
STALLED_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """How many connections there may be, and how long each may keep us waiting."""

    connections: int = 512
    head_seconds: float = 10.0
    body_seconds: float = 30.0


class _Refused(Exception):
    """Ends a request before it has become one."""

    def __init__(self, status: int, code: Code, detail: str) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail = status, code, detail


_MALFORMED = _Refused(400, "bad_request", "this is not a valid HTTP request")
_HEAD_TOO_LARGE = _Refused(
    431, "headers_too_large", f"at most {HEADERS} headers and {HEAD_BYTES} bytes of them are taken"
)
_SLOW_HEAD = _Refused(408, "too_slow", "the headers did not come in time (QA_HEADER_SECONDS)")
_SLOW_BODY = _Refused(408, "too_slow", "the body did not come in time (QA_BODY_SECONDS)")
_CROWDED = _Refused(
    503,
    "too_many_connections",
    "too many are connected: try again in a second (QA_MAX_CONNECTIONS)",
)


class Protocol(HttpToolsProtocol):
    """The server's side of one connection.

    It waits for a head, then for a body, then for the application, which may take its time; and so
    on. `_timer` runs while it waits for the client. When there are too many connections, the one
    that has waited the longest makes room.
    """

    limits = ConnectionLimits()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._timer: asyncio.TimerHandle | None = None
        self._stall: asyncio.TimerHandle | None = None
        self._refused = False
        self._reading_body = False
        self._waiting_since = self._body_since = self._last_came = self.loop.time()
        self._head_bytes = self._silent_bytes = self._body_bytes = self._unread_bytes = 0

    # --- the connection ------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(cast(asyncio.Transport, transport))
        self._wait_for(self.limits.head_seconds)
        if len(self.connections) > self.limits.connections:
            self._make_room()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        self._unset_keepalive_if_required()
        if self._stall is not None:
            self._stall.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._refused:
            return
        self._unset_keepalive_if_required()
        if self._timer is None and not self._busy:  # the next request on a connection kept open
            self._wait_for(self.limits.head_seconds)
        self._silent_bytes += len(data)
        try:
            self.parser.feed_data(data)
            if self._silent_bytes > HEAD_BYTES:  # in one header, say, that does not end
                raise _HEAD_TOO_LARGE
        except httptools.HttpParserUpgrade:
            pass  # not offered, and a server may ignore it
        except httptools.HttpParserError as error:
            self._refuse(cause if isinstance(cause := error.__context__, _Refused) else _MALFORMED)
        except _Refused as refused:
            self._refuse(refused)

    # --- what the parser finds -----------------------------------------------------------------

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._head_bytes = self._silent_bytes = 0

    def on_url(self, url: bytes) -> None:
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        self._count(len(name) + len(value) + 4)
        if len(self.headers) >= HEADERS:
            raise _HEAD_TOO_LARGE
        if not self._reading_body:  # what trails a body came after the headers were looked at
            super().on_header(name, value)

    def _count(self, size: int) -> None:
        self._silent_bytes = 0
        self._head_bytes += size
        if self._head_bytes > HEAD_BYTES:
            raise _HEAD_TOO_LARGE

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        self._silent_bytes = self._body_bytes = self._unread_bytes = 0
        self._reading_body = True
        self._body_since = self._last_came = self.loop.time()
        self._wait_for(self.limits.body_seconds)

    def on_body(self, body: bytes) -> None:
        self._silent_bytes = 0
        self._body_bytes += len(body)
        self._last_came = self.loop.time()
        if self.cycle.response_complete:
            self._unread_bytes += len(body)
            if self._unread_bytes > UNREAD_BYTES:
                self.transport.abort()
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._reading_body = False
        self._stop_waiting()
        super().on_message_complete()
        if self.cycle.response_complete:  # it was answered before its end
            self._waiting_since = self.loop.time()
            self._arm_keep_alive()

    def on_response_complete(self) -> None:
        self._waiting_since = self.loop.time()
        if self._stall is None:
            self._watch_writing()
        super().on_response_complete()

    # --- waiting -------------------------------------------------------------------------------

    @property
    def _busy(self) -> bool:
        """Whether the application is at work on a request of this connection."""
        return self.cycle is not None and not self.cycle.response_complete

    @property
    def _waits(self) -> bool:
        """Whether all it does is to wait for the client."""
        return not self._busy and not self._refused and not self.transport.is_closing()

    def _wait_for(self, seconds: float) -> None:
        self._stop_waiting()
        self._timer = self.loop.call_later(seconds, self._waited)

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _waited(self) -> None:
        self._timer = None
        now = self.loop.time()
        if self.flow.read_paused:  # it is we who do not read
            self._body_since = self._last_came = now
            self._wait_for(self.limits.body_seconds)
        elif self._reading_body and (left := self._body_deadline() - now) > 0:
            self._wait_for(left)
        elif self._reading_body:
            self._refuse(_SLOW_BODY)
        elif self._head_bytes or self._silent_bytes:
            self._refuse(_SLOW_HEAD)
        else:  # a browser that connected in case it would ask
            self._close()

    def _body_deadline(self) -> float:
        earned = self._body_bytes / BODY_BYTES_PER_SECOND
        return min(self._last_came, self._body_since + earned) + self.limits.body_seconds

    def _arm_keep_alive(self) -> None:
        self._unset_keepalive_if_required()
        self.timeout_keep_alive_task = self.loop.call_later(
            self.timeout_keep_alive, self.timeout_keep_alive_handler
        )

    def timeout_keep_alive_handler(self) -> None:
        self._close()

    # --- writing -------------------------------------------------------------------------------

    def pause_writing(self) -> None:
        super().pause_writing()
        self._watch_writing()

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._stall is not None:  # it took something: its time begins anew
            self._watch_writing()

    def _watch_writing(self) -> None:
        if self._stall is not None:
            self._stall.cancel()
        size = self.transport.get_write_buffer_size()
        self._stall = self.loop.call_later(STALLED_SECONDS, self._stalled, size) if size else None

    def _stalled(self, before: int) -> None:
        """Cuts a client off that took nothing since there were `before` bytes to write."""
        if self.transport.get_write_buffer_size() < before:
            self._watch_writing()
        else:
            self.transport.abort()

    # --- refusing ------------------------------------------------------------------------------

    def _make_room(self) -> None:
        """Ends what has waited for the client the longest; this one when no other waits."""
        open_ = [c for c in self.connections if not c.transport.is_closing()]
        if len(open_) > self.limits.connections:
            waiting = [c for c in open_ if isinstance(c, Protocol) and c._waits]
            slowest = min(waiting, key=lambda connection: connection._waiting_since)
            if slowest._timer is None:  # a word that answers nothing could be taken for an answer
                slowest._close()
            else:
                slowest._refuse(_CROWDED, linger=False)

    def _refuse(self, refused: _Refused, *, linger: bool = True) -> None:
        """Answers and closes; what the application may still say is not sent."""
        answering = self._busy or self._reading_body
        answered = answering and self.cycle.response_started
        self._refused = True
        self._stop_waiting()
        self._unset_keepalive_if_required()
        if self._busy:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        if self.transport.is_closing():
            return
        client, request_id = self.client[0] if self.client else "", str(uuid.uuid4())
        said = {"client": client, "status": refused.status}
        log.info(
            *("%s refused: %s", client, refused.code),
            extra={"request": said, "request_id": request_id},
        )
        if not answered:
            self.transport.write(_answer(refused, request_id))
        if not (linger and self.transport.can_write_eof()):
            self._close()
            return
        self.flow.resume_reading()
        self.transport.write_eof()
        self.loop.call_later(LINGER_SECONDS, self.transport.abort)

    def _close(self) -> None:
        """Closes once all is written; by force when the client does not take it."""
        self.transport.close()
        if self._stall is None:
            self._watch_writing()


def _answer(refused: _Refused, request_id: str) -> bytes:
    body = described(refused.status, refused.code, refused.detail, request_id)
    headers = {
        "Content-Type": PROBLEM_JSON,
        "Content-Length": str(len(body)),
        "Connection": "close",
        "X-Request-ID": request_id,
        **({"Retry-After": "1"} if refused.status == 503 else {}),
        **PRIVATE,
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return STATUS_LINE[refused.status] + lines.encode() + b"\r\n" + body
