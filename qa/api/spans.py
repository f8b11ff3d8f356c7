"""Requests, and what is done for them, as spans of OpenTelemetry; loaded where traces are wanted.

No span has what was asked: no query, no body, no quote, and of an error only its kind.
"""

from __future__ import annotations

import threading
from time import time_ns

from asgi_correlation_id import correlation_id
from opentelemetry import propagate, trace
from opentelemetry.context import Context
from opentelemetry.trace import Span, SpanContext, SpanKind, StatusCode, Tracer
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.api.front import without_root
from qa.api.request_ids import traceparent
from qa.observe import WHOLE, Observer

_UNTOLD = ("/health/", "/metrics")  # asked every few seconds, by programs
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_LONGEST = 200  # characters of what a client says
# Of one work: a draft of three hundred quotations has as many stages, and the collector a limit.
_MOST_STAGES = 128


class RequestSpans:
    """A span for each request; it goes on with the trace of a caller that names one."""

    def __init__(self, app: ASGIApp, tracer: Tracer, root_path: str) -> None:
        self._app = app
        self._tracer, self._root_path = tracer, root_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = without_root(self._root_path, scope.get("path", ""))
        if scope["type"] != "http" or path.startswith(_UNTOLD):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        method = scope["method"] if scope["method"] in _METHODS else "_OTHER"
        called = "HTTP" if method == "_OTHER" else method
        span = self._tracer.start_span(
            called,
            propagate.extract(headers),
            SpanKind.SERVER,
            {
                "http.request.method": method,
                "url.path": path[:_LONGEST],
                "url.scheme": scope["scheme"],
                "user_agent.original": headers.get("user-agent", "")[:_LONGEST],
            },
        )
        traceparent.set(_written(span.get_span_context()))

        async def noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                _answered(span, message["status"])
            await send(message)

        with trace.use_span(span, record_exception=False, set_status_on_exception=False):
            try:
                await self._app(scope, receive, noted)
            except Exception as error:  # answered outside of us
                span.set_attribute("error.type", type(error).__name__)
                _answered(span, 500)
                raise
            finally:
                _named(span, called, scope)
                span.end()


def _answered(span: Span, status: int) -> None:
    span.set_attribute("http.response.status_code", status)
    if status >= 500:
        span.set_status(StatusCode.ERROR)


def _named(span: Span, called: str, scope: Scope) -> None:
    """Says what is known when the request is over: the route, and who came through the proxy."""
    if route := getattr(scope.get("route"), "path", ""):
        span.update_name(f"{called} {route}")
        span.set_attribute("http.route", route)
    if client := scope.get("client"):
        span.set_attribute("client.address", client[0])
    span.set_attribute("footnote.request_id", correlation_id.get() or "")


def _written(context: SpanContext) -> str:
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"


class _StagesHere(threading.local):
    def __init__(self) -> None:
        self.stages: list[tuple[str, int, int]] = []  # name, began, ended


class WorkSpans:
    """An observer (qa.observe) that makes a span of each work, and below it of each stage.

    They are made when the work is over, as only then it is told; their times are the true ones.
    """

    def __init__(self, tracer: Tracer, before: Observer) -> None:
        """`before` is told first of all."""
        self._tracer, self._before = tracer, before
        self._here = _StagesHere()

    def __call__(self, work: str, stage: str, seconds: float) -> None:
        ended = time_ns()
        self._before(work, stage, seconds)
        stages = self._here.stages
        if stage == WHOLE or len(stages) < _MOST_STAGES:
            stages.append((stage, ended - int(1e9 * seconds), ended))
        if stage == WHOLE:
            self._here.stages = []
            self._write(work, stages)

    def _write(self, work: str, stages: list[tuple[str, int, int]]) -> None:
        """Writes the spans, the outer before the inner ones: from the last that has ended back."""
        around: list[tuple[int, Context | None]] = []
        for name, began, ended in reversed(stages):
            # By its middle: the times of one that is a microsecond long are not so exact.
            while around and around[-1][0] > (began + ended) / 2:
                around.pop()
            above = around[-1][1] if around else None  # of the work itself: the request at hand
            span = self._tracer.start_span(work if name == WHOLE else name, above, start_time=began)
            span.end(ended)
            around.append((began, trace.set_span_in_context(span, above)))
