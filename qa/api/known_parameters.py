"""Parameters that an operation does not have are refused, as unknown fields of bodies are.

A filter that is misspelt, or that another endpoint has, would else give answers without it.
"""

from __future__ import annotations

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError

from qa.api.openapi_document import DocumentedApp


async def known_parameters(request: Request) -> None:
    """Refuses what the document does not list. Raises RequestValidationError.

    Probes may say what they like: some put the time behind the path. A coroutine, though it waits
    for nothing: a plain function would be sent to a thread.
    """
    given, path = request.query_params.keys(), request.scope["route"].path
    if not given or not path.startswith("/v1/"):
        return
    app: DocumentedApp = request.app
    known = app.parameters_of(path, request.method.lower())
    has = f"not known: there is {', '.join(sorted(known)) or 'none here'}"
    if unknown := [name for name in given if name not in known]:
        raise RequestValidationError(
            [{"type": "extra_forbidden", "loc": ("query", n[:100]), "msg": has} for n in unknown]
        )


KNOWN = [Depends(known_parameters)]
