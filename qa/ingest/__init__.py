"""Files, HTML, PDF and JSON Lines -> `Document`: reading, cleaning, stated metadata.

What a source does not state stays None. Nothing here raises for bad content: what cannot become
an article comes back as `Refused`, with a code and a reason. `read_record` alone raises, because
its caller has one article in hand and wants to answer for it.
"""

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
