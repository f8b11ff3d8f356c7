"""Asks a Footnote service: answers with exact footnotes, quotes checked against their sources."""

from footnote.async_client import AsyncClient
from footnote.client import Client
from footnote.errors import (
    Ended,
    FootnoteError,
    InvalidRequest,
    NotAllowed,
    NotFound,
    SourceChanged,
    Unavailable,
)

__all__ = [
    "AsyncClient",
    "Client",
    "Ended",
    "FootnoteError",
    "InvalidRequest",
    "NotAllowed",
    "NotFound",
    "SourceChanged",
    "Unavailable",
]
