"""Files, HTML, PDF and JSON Lines -> `Document`: reading, cleaning, stated metadata.

What a source does not state stays None. Nothing here raises for bad content: what cannot become
an article comes back as `Refused`, with a code and a reason. `read_record` alone raises, because
its caller has one article in hand and wants to answer for it.

What is named here is imported when it is asked for: a question asks for dates alone, and with all
readers come lxml, yaml and 80 modules.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qa.ingest.canonical_text import canonical
    from qa.ingest.draft_text import DraftText, read_draft_text
    from qa.ingest.inputs import Input, find_inputs
    from qa.ingest.limits import Limits
    from qa.ingest.read import read_input, read_stream
    from qa.ingest.records.json_files import strict_json
    from qa.ingest.records.record import read_record
    from qa.ingest.slugs import id_from_url, slug
    from qa.ingest.stated.beside import completed, read_sidecar, sidecar_of
    from qa.ingest.stated.reference_lists import stated_in_lists

__all__ = [
    "DraftText",
    "Input",
    "Limits",
    "canonical",
    "completed",
    "find_inputs",
    "id_from_url",
    "read_draft_text",
    "read_input",
    "read_record",
    "read_sidecar",
    "read_stream",
    "sidecar_of",
    "slug",
    "stated_in_lists",
    "strict_json",
]

_PLACES = {
    "DraftText": "draft_text",
    "Input": "inputs",
    "Limits": "limits",
    "canonical": "canonical_text",
    "completed": "stated.beside",
    "find_inputs": "inputs",
    "id_from_url": "slugs",
    "read_draft_text": "draft_text",
    "read_input": "read",
    "read_record": "records.record",
    "read_sidecar": "stated.beside",
    "read_stream": "read",
    "sidecar_of": "stated.beside",
    "slug": "slugs",
    "stated_in_lists": "stated.reference_lists",
    "strict_json": "records.json_files",
}


def __getattr__(name: str) -> Any:
    """What is named here, out of its module."""
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
