"""PATCH /v1/articles/{id}: what is stated of an article, stated anew."""


def test_what_is_given_is_stated_anew_and_the_text_stays(footnote):
    footnote.add(id="a", text="The ferry sails.", author="admin", tags=["x"], kept=1)
    before = footnote.get("/v1/articles/a").json()
    given = {"author": None, "title": "Ferry", "published": "2024-05-06", "extra": {"more": 2}}
    answer = footnote.client.patch("/v1/articles/a", json=given)

    assert answer.status_code == 200
    after = answer.json()
    assert (after["author"], after["title"], after["published"]) == (None, "Ferry", "2024-05-06")
    assert (after["tags"], after["extra"]) == (["x"], {"kept": 1, "more": 2})
    assert [p["id"] for p in after["passages"]] == [p["id"] for p in before["passages"]]
    assert footnote.get("/v1/articles/a/raw").content == b"The ferry sails."


def test_what_cannot_be_stated_is_refused(footnote):
    footnote.add(id="a", text="The ferry sails.")
    for given, status, code in (
        ({"text": "Another."}, 422, "invalid_request"),
        ({"published": "soon"}, 422, "invalid_date"),
    ):
        answer = footnote.client.patch("/v1/articles/a", json=given)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert footnote.client.patch("/v1/articles/none", json={}).status_code == 404
