"""`qa serve`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from qa.api import server
from qa.cli.options import Data, ReadOnly, settings_for


def serve(
    host: Annotated[str | None, typer.Option(help="Address (QA_HOST; 127.0.0.1).")] = None,
    port: Annotated[int | None, typer.Option(help="Port (QA_PORT; 8000).")] = None,
    uds: Annotated[
        Path | None, typer.Option(help="Unix socket, instead of address and port (QA_UDS).")
    ] = None,
    data: Data = None,
    read_only: ReadOnly = False,
    no_work: Annotated[
        bool, typer.Option("--no-work", help="Leave bulk additions to `qa work` (QA_WORK=false).")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Write logs as JSON.")] = False,
) -> None:
    """Serve the HTTP API and the pages."""
    given: dict[str, Any] = {"host": host, "port": port, "uds": uds}
    given |= {"log_format": "json" if as_json else None, "work": False if no_work else None}
    server.serve(settings_for(data, read_only, **{k: v for k, v in given.items() if v is not None}))
