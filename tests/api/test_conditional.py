"""What has not changed is not sent again; lists name their next page."""

from __future__ import annotations

import pytest

LINES = "\n".join(f'{{"id": "a+{n}", "text": "The tide turns, {n}."}}' for n in range(5))


def again(footnote, path, tag):
    return footnote.get(path, headers={"If-None-Match": tag})


@pytest.mark.parametrize("part", ["", "/raw"])
def test_an_article_that_has_not_changed_is_not_sent_again(footnote, pilots, part):
    path = f"/v1/articles/pilots{part}"
    footnote.add(**pilots)
    first = footnote.get(path)
    tag = first.headers["ETag"]

    for given in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        same = again(footnote, path, given)
        assert (same.status_code, same.content, same.headers["ETag"]) == (304, b"", tag)
    assert first.headers["Cache-Control"] == "private, no-cache"
    assert again(footnote, path, '"other"').content == first.content
    footnote.add(**{**pilots, "text": "Another text."})
    changed = again(footnote, path, tag)
    assert changed.status_code == 200
    assert changed.headers["ETag"] != tag


def test_what_is_stated_anew_is_sent_again_though_the_text_is_the_same(footnote, pilots):
    footnote.add(**pilots)
    passage = footnote.get("/v1/articles/pilots").json()["passages"][0]["id"]
    tags = {
        path: footnote.get(path).headers["ETag"]
        for path in ("/v1/articles/pilots", f"/v1/passages/{passage}", "/v1/articles")
    }
    assert [again(footnote, path, tag).status_code for path, tag in tags.items()] == [304] * 3

    footnote.client.patch("/v1/articles/pilots", json={"author": "Jo Reed"})
    assert [again(footnote, path, tag).status_code for path, tag in tags.items()] == [200] * 3


def test_an_answer_holds_until_the_next_generation(footnote, pilots):
    footnote.add(**pilots)
    path = "/v1/ask?q=Who guides ships?"
    tag = footnote.get(path).headers["ETag"]
    assert again(footnote, path, tag).status_code == 304
    assert again(footnote, f"{path}&top_k=1", tag).status_code == 200
    assert "ETag" not in footnote.post("/v1/ask", {"question": "Who?"}).headers

    # What removes nothing is no generation.
    assert footnote.delete("/v1/articles/none").status_code == 404
    assert again(footnote, path, tag).status_code == 304
    footnote.add(id="tides", text="The tide turns.")
    newer = again(footnote, path, tag)
    assert (newer.status_code, newer.json()["index"]["generation"]) == (200, 2)
    counted = 'http_requests_total{handler="/v1/ask",method="GET",status="3xx"} 2.0'
    assert counted in footnote.get("/metrics").text


def test_another_process_does_not_know_the_tag(serving, pilots):
    """It may be set to another threshold, or serve another corpus with as many generations."""
    one, other = serving(), serving(threshold=0.99)
    for footnote in (one, other):
        footnote.add(**pilots)
    tag = one.get("/v1/ask?q=ships").headers["ETag"]

    assert again(other, "/v1/ask?q=ships", tag).status_code == 200


def test_errors_have_no_tag_and_none_is_hidden_by_one(bare):
    missing = again(bare, "/v1/articles/none", "*")
    assert (missing.status_code, "ETag" in missing.headers) == (404, False)
    assert again(bare, "/v1/passages/none", "*").status_code == 404


def test_head_has_the_tag(harbour):
    path = "/v1/articles/pilots"
    head = harbour.client.head(path)

    assert head.headers["ETag"] == harbour.get(path).headers["ETag"]
    assert harbour.client.head(path, headers={"If-None-Match": "*"}).status_code == 304


def test_a_list_links_to_its_next_page(serving):
    footnote = serving(root_path="/notes")
    footnote.add_lines(LINES.encode())
    footnote.add_lines(b'{"id": "next", "text": "a", "title": "\\"next\\":\\"no\\""}')
    read, path = [], "/v1/articles?limit=2"
    while path:
        page = footnote.get(path)
        read += [article["id"] for article in page.json()["articles"]]
        link = page.links.get("next")
        path = link and link["url"]
        assert (path is None) == (page.json()["next"] is None)
        assert path is None or path.startswith("/notes/v1/articles?limit=2&cursor=")

    assert read == [*(f"a+{n}" for n in range(5)), "next"]
    assert footnote.get("/v1/jobs?limit=1").links["next"]["url"].startswith("/notes/v1/jobs?")
