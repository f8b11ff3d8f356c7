"""/mcp: assistants over HTTP, behind the same doors as everything else."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager

from fastapi import FastAPI

from qa.api.running_service import Service
from qa.errors import InvalidInput

PATH = "/mcp"


def include_assistant(app: FastAPI, service: Service) -> AbstractAsyncContextManager[None]:
    """Adds the endpoint; gives what has to run as long as the service does.

    No session is kept: each request is whole, as every tool only reads.
    """
    try:
        from mcp.server.transport_security import TransportSecuritySettings

        from qa.mcp import assistant
    except ImportError as error:
        raise InvalidInput(
            "QA_MCP needs the official SDK: pip install 'footnote-qa[mcp]'", code="no_mcp"
        ) from error
    server = assistant(lambda: service.corpus)
    here = server.streamable_http_app(
        streamable_http_path=PATH,
        json_response=True,
        stateless_http=True,
        # Names and pages of other sites are refused before it is asked (qa/api/guards.py).
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )
    app.router.routes.extend(here.routes)
    return server.session_manager.run()
