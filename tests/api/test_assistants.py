"""/mcp over HTTP, by the official client: behind the same doors as all else."""

import json

import anyio
import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from tests.api.conftest import PILOTS

READ, WRITE = "read-only-0123456789", "read-write-0123456789"
CALL = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "tools/call",
    "params": {"name": "ask", "arguments": {"question": "Who guides ships?"}},
}
HEADERS = {"Accept": "application/json, text/event-stream"}


def asked(port: int, key: str | None = None) -> dict:
    async def ask() -> dict:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        async with httpx2.AsyncClient(headers=headers) as http:
            over = streamable_http_client(f"http://127.0.0.1:{port}/mcp", http_client=http)
            async with Client(over) as client:
                result = await client.call_tool("ask", {"question": "Who guides ships?"})
                return result.structured_content

    return anyio.run(ask)


def test_an_assistant_asks_over_http_with_a_key_that_may_only_read(server_with):
    server = server_with(QA_MCP="true", QA_API_KEYS=f"desk:ro:{READ}, newsroom:rw:{WRITE}")
    (server.folder / "pilots.json").write_text(json.dumps(PILOTS))
    assert server.qa("add", "pilots.json").returncode == 0
    server.start()

    assert asked(server.port, READ)["passages"][0]["text"] == PILOTS["text"]
    status, _ = server.call("POST", "/mcp", json.dumps(CALL), **HEADERS)
    assert status == 401


def test_where_it_is_not_wanted_there_is_none(footnote):
    assert footnote.post("/mcp", CALL, headers=HEADERS).status_code == 404


def test_pages_of_other_sites_do_not_reach_it(serving):
    footnote = serving(mcp=True)
    foreign = {**HEADERS, "Origin": "https://elsewhere.example"}
    answer = footnote.post("/mcp", CALL, headers=foreign)
    assert (answer.status_code, answer.json()["code"]) == (403, "cross_site")


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"jsonrpc": "2.0"}', b"\xff"])
def test_what_is_no_request_is_refused(serving, body):
    footnote = serving(mcp=True)
    headers = {**HEADERS, "Content-Type": "application/json"}
    assert footnote.client.post("/mcp", content=body, headers=headers).status_code == 400
