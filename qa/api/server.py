"""`qa serve`: uvicorn, with clear words when it cannot start."""

from __future__ import annotations

import asyncio
import errno
import functools
import logging
import socket
import sys

import uvicorn
from fastapi import FastAPI

from qa.api import create_app
from qa.api.access import Access
from qa.api.logs import configure
from qa.api.protocol import ConnectionLimits, Protocol
from qa.api.running_service import Service
from qa.api.unix_socket import BACKLOG, listen_at
from qa.errors import InvalidInput
from qa.settings import Settings
from qa.system import open_files

# How long open requests may take to finish when the service is told to stop.
GRACE_SECONDS = 8
# How long a thread may compute in Python while another waits to. With the usual 5 ms a thread that
# only wanted to wake up was held up for more than 20 ms 16 to 25 times in nine seconds of questions
# beside an addition; with 1 ms three to seven times, with 0.5 ms ten times.
SWITCH_SECONDS = 0.001
# How many open files are left for the store, the indexes and the model.
RESERVED_FILES = 128

log = logging.getLogger(__name__)


def serve(settings: Settings) -> None:
    """Serves until it is told to stop. Raises InvalidInput for an address that cannot be had."""
    settings.refuse_open_door()
    sys.setswitchinterval(SWITCH_SECONDS)
    configure(settings.log_format, audit_log=settings.audit_log)
    if not (settings.loopback or settings.tls_cert or settings.trusted_proxies):
        log.warning("keys and articles go unencrypted: set QA_TLS_CERT, or put a proxy in front")
    uds = settings.uds
    listener = listen_at(uds) if uds else _listen(settings.host, settings.port)
    try:
        app = create_app(settings)
        config = _config(app, settings)
        _greet(settings, listener)
        _Server(config, app.state.service).run(sockets=[listener])
    except KeyboardInterrupt:  # uvicorn has shut down in order, and passes the signal on
        pass
    finally:
        listener.close()


def _config(app: FastAPI, settings: Settings) -> uvicorn.Config:
    """The configuration of uvicorn. Raises InvalidInput for a certificate that cannot be used."""
    limits = ConnectionLimits(
        _connections(settings), settings.header_seconds, settings.body_seconds
    )
    config = uvicorn.Config(
        Access(app, queries=settings.log_queries),
        access_log=False,
        http=type("LimitedProtocol", (Protocol,), {"limits": limits}),
        ws="none",
        proxy_headers=False,  # believed of QA_TRUSTED_PROXIES alone, by the application
        log_config=None,
        timeout_graceful_shutdown=GRACE_SECONDS,
        server_header=False,
        ssl_certfile=settings.tls_cert,
        ssl_keyfile=settings.tls_key,
    )
    try:
        config.load()
    except OSError as error:  # ssl's own errors are of this kind
        message = f"QA_TLS_CERT and QA_TLS_KEY cannot be used: {error.strerror or error}"
        raise InvalidInput(message, code="invalid_tls") from error
    return config


def _connections(settings: Settings) -> int:
    """As many connections as were asked for, or as the system's limit of open files leaves."""
    files = open_files()
    if files is None or settings.max_connections <= files - RESERVED_FILES:
        return settings.max_connections
    possible = max(files - RESERVED_FILES, 16)
    log.warning(
        "%d connections at a time and not %d: the limit of open files is %d (ulimit -n)",
        possible,
        settings.max_connections,
        files,
    )
    return possible


class _Server(uvicorn.Server):
    """A server that tells the service of the end before it waits for connections to close.

    Otherwise event streams would keep theirs open.
    """

    def __init__(self, config: uvicorn.Config, service: Service) -> None:
        super().__init__(config)
        self._service = service

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        if self.config.is_ssl:  # uvicorn leaves a handshake the loop's own sixty seconds
            loop = asyncio.get_running_loop()
            seconds = self._service.settings.header_seconds
            hurried = functools.partial(loop.create_server, ssl_handshake_timeout=seconds)
            loop.create_server = hurried  # type: ignore[method-assign]
        await super().startup(sockets)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._service.announce_stop()
        await super().shutdown(sockets)
        if uds := self._service.settings.uds:  # here: after it, the signal ends the process
            uds.unlink(missing_ok=True)


def _listen(host: str, port: int) -> socket.socket:
    """A socket, bound before anything else is loaded: a taken port is known at once."""
    try:
        [(family, kind, protocol, _, address), *_] = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        # asyncio sets TCP_NODELAY only where the protocol is named: without it every answer on a
        # connection that is kept open came 40 ms late, with the client's delayed acknowledgement.
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        # Of two that start at once both may bind; only one may listen.
        listener.listen(BACKLOG)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            message = f"port {port} is in use: stop what runs there, or choose another with --port"
            raise InvalidInput(message, code="port_in_use") from error
        message = f"cannot serve on {host}:{port}: {error.strerror or error}"
        raise InvalidInput(message, code="cannot_bind") from error
    listener.set_inheritable(True)
    return listener


def _greet(settings: Settings, listener: socket.socket) -> None:
    """Says where it serves: to people with a command to try, in JSON as a line of the log."""
    base, call = _place(settings, listener)
    if settings.log_format == "json":
        log.info("Footnote serves %s on %s", settings.data, base)
        return
    print(f"\nFootnote serves {settings.data} on {base}{call}\n", flush=True)


def _place(settings: Settings, listener: socket.socket) -> tuple[str, str]:
    """Where the service is, and how it is called there."""
    if uds := settings.uds:
        return (
            str(uds),
            f"   (stop: Ctrl-C)\n\n  curl -s --unix-socket {uds} http://localhost/v1/status",
        )
    port = listener.getsockname()[1]
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    scheme = "https" if settings.tls_cert else "http"
    base = f"{scheme}://{host}:{port}{settings.root_path}"
    return (
        f"{base}/",
        f"   (API: {base}/docs, stop: Ctrl-C)\n\n"
        f"  curl -s {base}/v1/ask -H 'Content-Type: application/json' \\\n"
        '    -d \'{"question": "Which tanks is Russia delivering to Serbia?"}\'',
    )
