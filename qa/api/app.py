"""The application: routes, errors, limits, request ids, metrics."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from importlib import metadata
from typing import Any

from anyio import to_thread
from asgi_correlation_id import CorrelationIdMiddleware
from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import PlainTextResponse
from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_fastapi_instrumentator import Instrumentator

from qa import web
from qa.api import (
    add_endpoints,
    article_endpoints,
    ask_endpoints,
    batch_endpoints,
    bulk_endpoints,
    check_endpoints,
    citation_endpoints,
    health_endpoints,
    job_endpoints,
    problems,
    tracing,
)
from qa.api.assistant_endpoint import include_assistant
from qa.api.conditional import Conditional
from qa.api.deprecation import Deprecations
from qa.api.front import Forwarded, Front
from qa.api.guards import BodyLimit, Guard
from qa.api.hosts import Hosts, read_names, read_origins
from qa.api.known_parameters import KNOWN
from qa.api.metrics import AccessCollector, CorpusCollector, StageTimes
from qa.api.openapi_document import DocumentedApp
from qa.api.overload import Overload
from qa.api.request_ids import is_request_id
from qa.api.running_service import Service
from qa.api.write_access import WriteAccess
from qa.api.wrong_keys import WrongKeys
from qa.corpus import Corpus
from qa.settings import Settings

# What pages of QA_CORS_ORIGINS may send and see; keys stand in headers, so no cookies.
_CORS: dict[str, Any] = {
    "allow_methods": ["GET", "HEAD", "POST", "PATCH", "DELETE"],
    "allow_headers": [
        *("Authorization", "Content-Type", "If-None-Match", "traceparent", "X-API-Key"),
        "X-Request-ID",
    ],
    "expose_headers": [
        *("Deprecation", "ETag", "Link", "Location", "Retry-After", "Sunset"),
        *("X-Generation", "X-Request-ID"),
    ],
}


def create_app(settings: Settings | None = None, corpus: Corpus | None = None) -> FastAPI:
    """The application; it opens the corpus of the settings, or serves the one that is given."""
    settings = settings or Settings()
    service = Service(settings, corpus)
    wrong = WrongKeys()
    traces = tracing.provider()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        # Writes wait for one another in their threads; questions need theirs all the same.
        to_thread.current_default_thread_limiter().total_tokens = 2 * settings.max_concurrent + 8
        service.start()
        async with assistants:
            yield
        await run_in_threadpool(service.stop)
        if traces:
            await run_in_threadpool(traces.shutdown)

    app = DocumentedApp(
        title="Footnote",
        version=metadata.version("footnote-qa"),
        lifespan=lifespan,
        docs_url=None,  # the stock pages load scripts from elsewhere; ours work offline
        redoc_url=None,
        redirect_slashes=False,  # a path has one name
        servers=[{"url": settings.root_path or "/"}],
        telemetry=tracing.NONE_OF_FASTAPI,
        keys=bool(settings.access_keys),
    )
    app.state.service = service
    problems.install(app, web.error_page)
    for module in (
        ask_endpoints,
        check_endpoints,
        batch_endpoints,
        add_endpoints,
        article_endpoints,
        bulk_endpoints,
        citation_endpoints,
        job_endpoints,
        health_endpoints,
    ):
        app.include_router(module.router, dependencies=KNOWN)
    assistants = include_assistant(app, service) if settings.mcp else nullcontext()
    app.include_router(web.router)
    web.mount_static(app)
    app.add_middleware(Conditional, service=service)
    app.add_middleware(Deprecations)
    _measure(app, service, wrong)
    _guard(app, settings, wrong, corpus.read_only if corpus else settings.read_only)
    if traces:
        _trace(app, service, traces)
    return app


def _guard(app: FastAPI, settings: Settings, wrong: WrongKeys, read_only: bool) -> None:
    """What a request passes before it comes to an endpoint."""
    hosts = Hosts(settings.host, settings.loopback, read_names(settings.allowed_hosts))
    # Outermost last: every answer, a refused one too, carries a request id.
    app.add_middleware(
        Overload, limit=settings.max_concurrent, pending_bytes=settings.max_pending_bytes
    )
    app.add_middleware(BodyLimit, limit=settings.max_body_bytes)
    app.add_middleware(WriteAccess)
    origins = read_origins(settings.cors_origins)
    app.add_middleware(
        Guard,
        hosts=hosts,
        keys=settings.access_keys,
        wrong=wrong,
        origins=origins,
        read_only=read_only,
    )
    if origins:  # outside of the guard: browsers ask first without a key, and read refusals too
        app.add_middleware(CORSMiddleware, allow_origins=[*origins], **_CORS)
    app.add_middleware(Front, root_path=settings.root_path)
    if settings.trusted_proxies:
        app.add_middleware(Forwarded, trusted=settings.trusted_proxies)
    app.add_middleware(CorrelationIdMiddleware, header_name="X-Request-ID", validator=is_request_id)


def _measure(app: FastAPI, service: Service, wrong: WrongKeys) -> None:
    # A registry of its own: two applications in one process (as in tests) do not collide.
    registry = CollectorRegistry()
    registry.register(CorpusCollector(service))
    registry.register(AccessCollector(wrong))
    service.observer = StageTimes(registry)
    ProcessCollector(registry=registry)
    instrumentator = Instrumentator(registry=registry, excluded_handlers=["/metrics", "/health"])
    instrumentator.instrument(app).expose(
        app, tags=["service"], summary="Prometheus metrics", response_class=PlainTextResponse
    )


def _trace(app: FastAPI, service: Service, traces: Any) -> None:
    from qa.api.spans import RequestSpans, WorkSpans

    tracer = traces.get_tracer("footnote", app.version)
    assert service.observer
    service.observer = WorkSpans(tracer, service.observer)
    app.add_middleware(RequestSpans, tracer=tracer, root_path=service.settings.root_path)
