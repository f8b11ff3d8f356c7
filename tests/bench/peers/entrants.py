"""Who takes part, how it is served, and which columns of the table it fills."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.bench.peers.servers import Chroma, Footnote, Haystack, Server, Txtai


@dataclass(frozen=True, slots=True)
class Entrant:
    """`name`: of its script and its environment; `ways`: column -> options of its questions."""

    name: str
    server: type[Server] | None
    ways: dict[str, dict[str, Any]]


ENTRANTS = (
    Entrant("footnote", Footnote, {"Footnote": {}, "Footnote, rerank: false": {"rerank": False}}),
    Entrant("txtai", Txtai, {"txtai": {}}),
    Entrant("chroma", Chroma, {"chroma": {}}),
    Entrant("haystack", Haystack, {"haystack": {}}),
    Entrant("llama_index", None, {"llama-index + faiss": {}}),
)
