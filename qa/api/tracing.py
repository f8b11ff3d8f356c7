"""Where traces go, by the standard OTEL_ variables; without them nothing is loaded.

It needs the extra `otel`. The provider is our own and not the global one: libraries that look for
that would put into their spans what they please, FastAPI the query of every request.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from importlib import metadata
from typing import Any

log = logging.getLogger(__name__)

# Of FastAPI's own, which FASTAPI_OTEL_AUTO_CONFIGURE or a global provider would send: they hold
# queries, what was refused of a body, and what exceptions say.
NONE_OF_FASTAPI = {"tracing": False, "metrics": False, "logs": False, "auto_configure": False}
_ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
_PROTOCOLS = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
_EXPORTERS = "opentelemetry_traces_exporter"  # the entry points that exporters are found by
_OTLP = {"http/protobuf": "otlp_proto_http", "grpc": "otlp_proto_grpc"}


def wanted(environ: Mapping[str, str]) -> bool:
    """Whether these variables say that traces are to be sent.

    >>> wanted({}), wanted({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318"})
    (False, True)
    """
    if environ.get("OTEL_SDK_DISABLED", "").strip().lower() == "true":
        return False
    if named := environ.get("OTEL_TRACES_EXPORTER", "").strip():
        return named != "none"
    return any(environ.get(name, "").strip() for name in _ENDPOINTS)


def provider() -> Any:
    """The SDK's provider of tracers, with the exporters that are named; None where none is wanted.

    What cannot be had is said in the log, and the service runs without.
    """
    if not wanted(os.environ):
        return None
    try:
        from opentelemetry.sdk.resources import OTELResourceDetector, Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        log.warning("OTEL_ variables are set, and no trace is sent: %s", _MISSING)
        return None
    stated = OTELResourceDetector().detect().attributes
    named = {"service.name": "footnote", "service.version": metadata.version("footnote-qa")}
    made = TracerProvider(resource=Resource.create({**named, **stated}), shutdown_on_exit=False)
    exporters = [found for name in _names(os.environ) if (found := _exporter(name))]
    for exporter in exporters:
        made.add_span_processor(BatchSpanProcessor(exporter))
    return made if exporters else None


_MISSING = "pip install 'footnote-qa[otel]'"


def _names(environ: Mapping[str, str]) -> list[str]:
    """The entry points that exporters have which are called `otlp` and the like outside."""
    protocol = next(filter(None, (environ.get(n, "").strip() for n in _PROTOCOLS)), "http/protobuf")
    named = environ.get("OTEL_TRACES_EXPORTER", "").strip() or "otlp"
    names = (name.strip() for name in named.split(","))
    return [_OTLP.get(protocol, protocol) if name == "otlp" else name for name in names if name]


def _exporter(name: str) -> Any:
    """A new exporter; None, with a word in the log, where there is none or its settings are bad."""
    found = next(iter(metadata.entry_points(group=_EXPORTERS, name=name)), None)
    if found is None:
        log.warning("no trace is sent by %s: no such exporter is installed", name)
        return None
    try:
        return found.load()()
    except Exception as error:  # whatever a package of others finds wrong
        log.warning("no trace is sent by %s: %s: %s", name, type(error).__name__, error)
        return None
