"""How each contestant is served, asked and added to over HTTP."""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.bench.peers.load import HOST, Request, Send

CONTESTANTS = Path(__file__).parent / "contestants"
TOP = 10
POLL_SECONDS = 0.05

Record = dict[str, str]


@dataclass(frozen=True)
class Server:
    """A server over a stored index."""

    python: Path
    model: Path
    folder: Path  # of the index
    port: int

    def command(self) -> list[str]:
        raise NotImplementedError

    def environment(self) -> dict[str, str]:
        return {}

    def question(self, text: str, **options: Any) -> Request:
        raise NotImplementedError

    async def add(self, send: Send, passages: list[Record]) -> None:
        """Adds them; they are found when it returns."""
        raise NotImplementedError


class Footnote(Server):
    """`qa serve`; bulk additions are jobs."""

    def command(self) -> list[str]:
        qa = str(Path(sys.executable).parent / "qa")
        return [qa, "serve", "--port", str(self.port), "--data", str(self.folder)]

    def question(self, text: str, **options: Any) -> Request:
        body = {"question": text, "top_k": TOP, **options}
        return Request("POST", "/v1/ask", json.dumps(body).encode())

    async def add(self, send: Send, passages: list[Record]) -> None:
        lines = "".join(json.dumps(passage) + "\n" for passage in passages).encode()
        job = await send(Request("POST", "/v1/articles", lines, "application/x-ndjson"))
        while job["state"] in ("queued", "running"):
            await asyncio.sleep(POLL_SECONDS)
            job = await send(Request("GET", f"/v1/jobs/{job['id']}"))
        if job["state"] != "done":
            raise RuntimeError(f"the job ended {job['state']}")


class Txtai(Server):
    """Its API: `add` collects documents, `upsert` indexes and saves them."""

    def command(self) -> list[str]:
        application = ["uvicorn", "txtai.api:app", "--host", HOST, "--port", str(self.port)]
        return [str(self.python), "-m", *application]

    def environment(self) -> dict[str, str]:
        embeddings = {"path": str(self.model), "hybrid": True, "content": True}
        config = {"path": str(self.folder), "writable": True, "embeddings": embeddings}
        file = self.folder.with_suffix(".yml")
        file.write_text(json.dumps(config))  # JSON is YAML
        return {"CONFIG": str(file)}

    def question(self, text: str, **options: Any) -> Request:
        return Request("GET", f"/search?query={quote(text)}&limit={TOP}")

    async def add(self, send: Send, passages: list[Record]) -> None:
        documents = [{"id": p["id"], "text": f"{p['title']}\n{p['text']}"} for p in passages]
        await send(Request("POST", "/add", json.dumps(documents).encode()))
        await send(Request("GET", "/upsert"))


class Haystack(Server):
    """hayhooks with two pipelines over one in-memory store; what is added is not saved."""

    def command(self) -> list[str]:
        pipelines = ["--pipelines-dir", str(CONTESTANTS / "hayhooks")]
        paths = ["--additional-python-path", str(CONTESTANTS)]
        hayhooks = [str(self.python.parent / "hayhooks"), "run", "--host", HOST]
        return [*hayhooks, "--port", str(self.port), *pipelines, *paths]

    def environment(self) -> dict[str, str]:
        return {"RACE_FOLDER": str(self.folder), "RACE_MODEL": str(self.model)}

    def question(self, text: str, **options: Any) -> Request:
        return Request("POST", "/ask/run", json.dumps({"question": text}).encode())

    async def add(self, send: Send, passages: list[Record]) -> None:
        await send(Request("POST", "/add/run", json.dumps({"passages": passages}).encode()))


class Chroma(Server):
    """Stores and searches. Who asks embeds the question, so contestants/use_chroma.py asks it."""

    alive = Request("GET", "/api/v2/heartbeat")

    def command(self) -> list[str]:
        chroma = [str(self.python.parent / "chroma"), "run", "--host", HOST]
        return [*chroma, "--port", str(self.port), "--path", str(self.folder)]
