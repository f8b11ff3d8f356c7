"""Writing to what has changed since: `ETag` and `If-Match`, and files with what is said of them."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from tests.api.conftest import Footnote


def tag(footnote: Footnote) -> str:
    return footnote.get("/v1/articles/pilots").headers["ETag"]


def test_an_article_that_has_changed_is_neither_restated_nor_removed(
    footnote: Footnote, pilots: dict[str, Any]
) -> None:
    footnote.add(**pilots)
    seen = {"If-Match": tag(footnote)}
    footnote.add(**{**pilots, "text": "A pilot boards at noon."})
    for answer in (
        footnote.client.patch("/v1/articles/pilots", json={"author": "Bo"}, headers=seen),
        footnote.delete("/v1/articles/pilots", headers=seen),
    ):
        assert (answer.status_code, answer.json()["code"]) == (412, "article_changed")
    assert footnote.get("/v1/articles/pilots").json()["author"] == "Ana Kovač"
    seen = {"If-Match": tag(footnote)}
    answer = footnote.client.patch("/v1/articles/pilots", json={"author": "Bo"}, headers=seen)
    assert (answer.status_code, answer.json()["author"]) == (200, "Bo")
    assert answer.headers["ETag"] == tag(footnote) != seen["If-Match"]
    # The same again: it stands already.
    again = footnote.client.patch("/v1/articles/pilots", json={"author": "Bo"}, headers=seen)
    assert again.status_code == 200
    gone = footnote.delete("/v1/articles/pilots", headers={"If-Match": "*"})
    assert gone.status_code == 204


def test_two_who_restate_at_once_both_have_their_way(
    footnote: Footnote, pilots: dict[str, Any]
) -> None:
    footnote.add(**pilots)
    fields = [{"author": "Bo"}, {"publisher": "Kustbladet"}, {"published": "2020"}]
    threads = [
        threading.Thread(target=lambda f=f: footnote.client.patch("/v1/articles/pilots", json=f))
        for f in fields
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    article = footnote.get("/v1/articles/pilots").json()
    assert (article["author"], article["publisher"], article["published"]) == (
        "Bo",
        "Kustbladet",
        "2020",
    )


def test_a_date_that_is_none_does_not_take_the_old_one_away(
    footnote: Footnote, pilots: dict[str, Any]
) -> None:
    footnote.add(**pilots)
    answer = footnote.client.patch("/v1/articles/pilots", json={"published": "some day"})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_date")
    assert footnote.get("/v1/articles/pilots").json()["published"] == "2024-05-02"


def test_files_come_with_what_is_said_of_them(footnote: Footnote) -> None:
    files = [
        ("files", ("a.txt", b"Nothing is stated here.")),
        ("files", ("b.md", b"---\nauthor: Own\n---\nIt states its author.")),
    ]
    stated = {"author": "Ana Kova\u010d", "published": "2021-03", "tags": "one, two"}
    answer = footnote.client.post("/v1/articles", files=files, data=stated)
    job = footnote.ended(answer.headers["Location"])
    assert (job["counts"], job["stated"], job["retryable"]) == ({"added": 2}, stated, 0)
    found = [footnote.get(f"/v1/articles/{id_}").json() for id_ in "ab"]
    assert [(a["author"], a["published"], a["tags"]) for a in found] == [
        ("Ana Kovač", "2021-03", ["one", "two"]),
        ("Own", "2021-03", ["one", "two"]),
    ]


@pytest.mark.parametrize(
    ("data", "code"),
    [({"title": "One"}, "invalid_input"), ({"published": "some day"}, "invalid_date")],
)
def test_what_no_form_has_is_refused(footnote: Footnote, data: dict[str, str], code: str) -> None:
    files = [("files", ("a.txt", b"Text."))]
    answer = footnote.client.post("/v1/articles", files=files, data=data)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert footnote.get("/v1/jobs").json()["jobs"] == []


def test_refused_files_are_tried_again(footnote: Footnote) -> None:
    answer = footnote.client.post("/v1/articles", files=[("files", ("a.exe", b"MZ\0\0"))])
    first = footnote.ended(answer.headers["Location"])
    assert (first["counts"], first["retryable"]) == ({"refused": 1}, 1)
    answer = footnote.post(f"/v1/jobs/{first['id']}/retry")
    assert answer.status_code == 202
    assert footnote.ended(answer.headers["Location"])["counts"] == {"refused": 1}
    again = footnote.post(f"/v1/jobs/{first['id']}/retry")
    assert (again.status_code, again.json()["code"]) == (409, "nothing_to_retry")
    assert footnote.post("/v1/jobs/nope/retry").status_code == 404


def test_the_input_has_the_name_that_it_came_by(footnote: Footnote) -> None:
    answer = footnote.client.post("/v1/articles", files=[("files", ("Über uns.txt", b"Text."))])
    footnote.ended(answer.headers["Location"])
    footnote.add(id="typed", text="Typed.")
    ids = [a["id"] for a in footnote.get("/v1/articles?sort=added").json()["articles"]]
    for id_, name in zip(ids, ("%C3%9Cber%20uns.txt", "typed.txt"), strict=True):
        header = footnote.get(f"/v1/articles/{id_}/raw").headers["Content-Disposition"]
        assert header == f"attachment; filename*=UTF-8''{name}"
