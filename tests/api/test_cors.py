"""Pages of named origins may call the API; those of others may not."""

from __future__ import annotations

import pytest

from qa.errors import InvalidInput

OURS, OTHER = "https://notes.example.org", "https://evil.example"
KEY = "k" * 20


def sent_from(origin: str) -> dict[str, str]:
    """As a browser does."""
    return {"Origin": origin, "Sec-Fetch-Site": "cross-site", "Authorization": f"Bearer {KEY}"}


def preflight(footnote, origin):
    asks = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "x-api-key"}
    return footnote.client.options("/v1/ask", headers={"Origin": origin, **asks})


def test_a_page_of_a_named_origin_may_ask_add_and_read_refusals(serving, pilots):
    footnote = serving(cors_origins=OURS, api_keys=KEY)
    first = preflight(footnote, OURS)
    assert (first.status_code, first.headers["Access-Control-Allow-Origin"]) == (200, OURS)

    added = footnote.post("/v1/articles", pilots, headers=sent_from(OURS))
    assert (added.status_code, added.headers["Access-Control-Allow-Origin"]) == (201, OURS)
    assert "Location" in added.headers["Access-Control-Expose-Headers"]
    refused = footnote.get("/v1/articles", headers={"Origin": OURS})
    assert (refused.status_code, refused.headers["Access-Control-Allow-Origin"]) == (401, OURS)
    assert "Access-Control-Allow-Credentials" not in refused.headers


def test_a_page_of_another_origin_may_not(serving, pilots):
    footnote = serving(cors_origins=OURS, api_keys=KEY)
    assert preflight(footnote, OTHER).status_code == 400
    added = footnote.post("/v1/articles", pilots, headers=sent_from(OTHER))
    assert (added.status_code, added.json()["code"]) == (403, "cross_site")
    read = footnote.get("/v1/articles", headers=sent_from(OTHER))
    assert "Access-Control-Allow-Origin" not in read.headers


def test_without_the_setting_no_other_page_reads(footnote):
    assert "Access-Control-Allow-Origin" not in preflight(footnote, OURS).headers


@pytest.mark.parametrize("origin", ["*", "notes.example.org", f"{OURS}/page", "null"])
def test_what_is_no_origin_is_refused(serving, origin):
    with pytest.raises(InvalidInput) as caught:
        serving(cors_origins=origin)
    assert caught.value.code == "invalid_hosts"
