"""Citations over HTTP: by `format`, by Accept, of articles, passages and words of them."""

import pytest

PASSAGE = "pilots.7d5ce6bd.0-55"
PLAIN = (
    "Ana Kovač, “Harbour pilots”, The Harbour Gazette, 2024-05-02, para. 1, "
    "https://gazette.example/pilots\n"
)
TYPES = {
    "plain": "text/plain; charset=utf-8",
    "markdown": "text/markdown; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "bibtex": "application/x-bibtex; charset=utf-8",
    "ris": "application/x-research-info-systems; charset=utf-8",
    "csl": "application/vnd.citationstyles.csl+json",
    "annotation": 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"',
}


def test_all_formats_at_once(harbour):
    answer = harbour.get(f"/v1/passages/{PASSAGE}/citation", params={"start": 0, "end": 29})
    found = answer.json()

    assert answer.status_code == 200
    assert answer.headers["vary"] == "Accept"
    assert list(found) == [
        *("article_id", "start", "end", "words", *TYPES, "link", "original"),
    ]
    assert (found["article_id"], found["start"], found["end"]) == ("pilots", 0, 29)
    assert found["words"] == "A harbour pilot guides ships."
    assert found["plain"] == PLAIN.strip()
    assert found["link"] == "http://127.0.0.1/articles/pilots?start=0&end=29#cited"
    assert found["original"] == (
        "https://gazette.example/pilots#:~:text=A%20harbour%20pilot%20guides%20ships."
    )
    assert found["annotation"]["target"]["selector"][1]["end"] == 29
    assert found["csl"][0]["issued"] == {"date-parts": [[2024, 5, 2]]}


@pytest.mark.parametrize("name", TYPES)
def test_a_format_is_asked_for_by_name_or_by_accept(harbour, name):
    path = f"/v1/passages/{PASSAGE}/citation"
    accept = {"Accept": TYPES[name].partition(";")[0]}

    by_name, by_accept = (
        harbour.get(path, params={"format": name}),
        harbour.get(path, headers=accept),
    )
    assert by_name.status_code == 200
    assert by_name.headers["content-type"] == TYPES[name]
    assert by_accept.headers["content-type"] == TYPES[name]
    assert by_accept.text == by_name.text
    as_all = harbour.get(path).json()[name]
    if name == "plain":
        assert by_name.text == PLAIN
    assert as_all == (by_name.json() if isinstance(as_all, list | dict) else by_name.text) or (
        name == "plain" and as_all == PLAIN.strip()
    )


def test_what_programs_import_is_a_file(harbour):
    answer = harbour.get("/v1/articles/pilots/citation", params={"format": "bibtex"})

    assert answer.headers["content-disposition"] == 'attachment; filename="pilots.bib"'
    assert answer.text.startswith("@misc{pilots,\n  author = {{Ana Kovač}},\n")
    assert "annote" not in answer.text  # no words of it


def test_the_day_on_which_somebody_looked_is_told_only_if_he_says_so(harbour):
    path, when = "/v1/articles/pilots/citation", {"accessed": "2026-11-28"}

    found = harbour.get(path, params=when).json()
    assert "urldate = {2026-11-28}" in found["bibtex"]
    assert "accessed 2026-11-28" in found["plain"]
    assert "urldate" not in harbour.get(path).json()["bibtex"]


@pytest.mark.parametrize(
    ("path", "query", "status", "code"),
    [
        (f"passages/{PASSAGE}", {"format": "endnote"}, 422, "invalid_request"),
        (f"passages/{PASSAGE}", {"style": "apa"}, 422, "invalid_request"),
        (f"passages/{PASSAGE}", {"start": 3}, 422, "invalid_input"),
        (f"passages/{PASSAGE}", {"start": 3, "end": 56}, 422, "invalid_input"),
        ("articles/pilots", {"start": 30, "end": 30}, 422, "invalid_input"),
        ("articles/pilots", {"start": 0, "end": 56}, 422, "invalid_input"),
        ("articles/pilots", {"accessed": "2026-02-30"}, 422, "invalid_request"),
        ("articles/nope", {}, 404, "article_not_found"),
        ("passages/nope", {}, 404, "passage_not_found"),
        ("passages/pilots.00000000.0-55", {}, 410, "source_changed"),
    ],
)
def test_what_cannot_be_cited_is_refused(harbour, path, query, status, code):
    answer = harbour.get(f"/v1/{path}/citation", params=query)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"


def test_the_document_describes_citations(harbour):
    document = harbour.get("/openapi.json").json()

    for path in ("/v1/articles/{id}/citation", "/v1/passages/{id}/citation"):
        operation = document["paths"][path]["get"]
        named = {one["name"]: one for one in operation["parameters"]}
        assert set(named) == {"id", "format", "start", "end", "accessed"}
        assert all(named[name]["description"] for name in named if name != "id")
        content = operation["responses"]["200"]["content"]
        assert content["application/x-bibtex"]["example"].startswith("@misc{pilots,\n")
        assert content["application/json"]["schema"] == {"$ref": "#/components/schemas/CitationOut"}
