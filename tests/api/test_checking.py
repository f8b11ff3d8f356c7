"""POST /v1/check and /v1/check/text."""

import pytest

PASSAGE = "pilots.7d5ce6bd.0-55"


def test_a_quote_is_found_with_its_exact_place(harbour):
    verdict = harbour.post("/v1/check", {"quote": "The pilot boards at dawn"}).json()

    assert verdict["verdict"] == "verbatim"
    [match] = verdict["matches"]
    assert tuple(match[name] for name in ("article_id", "passage_id", "start", "end", "text")) == (
        "pilots",
        PASSAGE,
        30,
        54,
        "The pilot boards at dawn",
    )
    assert (match["differences"], match["similarity"]) == ([], 1.0)


def test_a_match_holds_all_that_shows_where_it_stands(footnote):
    text = "“We sail at dawn, and we sail alone,” said Ana Marin. Nobody answered her."
    footnote.add(id="talk", text=text, title="Sailing", url="https://x.org/sail", author="B. Ilić")
    verdict = footnote.post(
        "/v1/check", {"quote": "[w]e sail at dawn … we sail alone", "speaker": "Marin"}
    ).json()

    assert verdict.pop("took_ms") > 0
    [match] = verdict.pop("matches")
    assert verdict == {
        "quote": "[w]e sail at dawn … we sail alone",
        "verdict": "normalized",
        "note": None,
        "too_short": False,
        "source_changed": None,
        "generation": 1,
    }
    assert match.pop("source") == {
        "article_id": "talk",
        "title": "Sailing",
        "url": "https://x.org/sail",
        "publisher": None,
        "author": "B. Ilić",
        "authors": ["B. Ilić"],
        "published": None,
        "language": None,
        "page": None,
        "page_label": None,
        "time": None,
        "link": "/articles/talk?start=1&end=35#cited",
    }
    assert match.pop("passage_id").startswith("talk.")
    assert match == {
        "article_id": "talk",
        "field": "text",
        "start": 1,
        "end": 35,
        "text": "We sail at dawn, and we sail alone",
        "similarity": 1.0,
        "citation": "B. Ilić, “Sailing”, characters 1–35, https://x.org/sail",
        "differences": [],
        "sentence": {"start": 0, "end": 53, "text": text[:53]},
        "parts": [
            {"quote": "we sail at dawn", "start": 1, "end": 16, "text": "We sail at dawn"},
            {"quote": "we sail alone", "start": 22, "end": 35, "text": "we sail alone"},
        ],
        "speaker": {
            "name": "Ana Marin",
            "start": 38,
            "end": 52,
            "text": "said Ana Marin",
            "agrees": True,
        },
        "also_in": [],
        "cut": {"before": None, "after": "said Ana Marin"},
    }


def test_a_match_in_a_title_has_no_offsets(footnote):
    footnote.add(id="vote", text="The vote is on Sunday.", title="We are ready to govern: Novak")
    [match] = footnote.post("/v1/check", {"quote": "We are ready to govern"}).json()["matches"]

    shown = {name: match[name] for name in ("field", "start", "end", "text", "sentence", "cut")}
    assert shown == {
        "field": "title",
        "start": None,
        "end": None,
        "text": "We are ready to govern",
        "sentence": {"start": None, "end": None, "text": "We are ready to govern: Novak"},
        "cut": {"before": None, "after": "Novak"},
    }
    assert match["source"]["link"] == "/articles/vote"


@pytest.mark.parametrize(
    ("speaker", "verdict", "agrees"),
    [("Marko Ilić", "misattributed", False), ("the captain", "verbatim", "unknown")],
)
def test_a_speaker_agrees_or_not_or_is_unknown(footnote, speaker, verdict, agrees):
    footnote.add(id="talk", text="“We sail at dawn today,” said Ana Marin.")
    body = {"quote": "We sail at dawn today", "speaker": speaker, "article_id": "talk"}
    found = footnote.post("/v1/check", body).json()

    assert (found["verdict"], found["matches"][0]["speaker"]["agrees"]) == (verdict, agrees)


def test_a_passage_of_an_earlier_version_says_where_the_text_stands_now(footnote):
    footnote.add(id="port", text="A pilot boards at dawn. The sea is calm.")
    old = footnote.get("/v1/articles/port").json()["passages"][0]["id"]
    footnote.add(id="port", text="Today a pilot boards at dawn. The sea is rough.")
    new = footnote.get("/v1/articles/port").json()["passages"][0]["id"]

    stands = footnote.post("/v1/check", {"quote": "pilot boards at dawn", "passage_id": old}).json()
    gone = footnote.post("/v1/check", {"quote": "every mast was broken", "passage_id": old}).json()

    assert (stands["verdict"], gone["verdict"]) == ("verbatim", "not_found")
    change = {"passage_id": old, "article_id": "port"}
    assert stands["source_changed"] == {**change, "now": new}
    assert gone["source_changed"] == {**change, "now": None}


def test_copies_of_an_article_are_one_place(footnote):
    text = "A pilot boards at dawn, and the sea is calm. The harbour master waits for them."
    for id_ in ("one", "two"):
        footnote.add(id=id_, text=text, publisher=id_)
    [match] = footnote.post("/v1/check", {"quote": "A pilot boards at dawn"}).json()["matches"]

    [copy] = match["also_in"]
    assert (match["article_id"], copy["source"]["article_id"]) == ("one", "two")
    assert copy["source"]["link"] == "/articles/two?start=0&end=22#cited"
    assert (copy["start"], copy["end"], copy["citation"]) == (0, 22, "two, two, characters 0–22")


def test_a_draft_has_its_quotations_claims_and_references(footnote):
    footnote.add(id="port", text="A pilot boards 40 ships at dawn. The sea is calm.", title="Port")
    draft = (
        "He says “a pilot boards 40 ships” [1]. A pilot boards 50 ships at dawn [1].\n\n"
        "[1] http://localhost/articles/port\n"
    )
    found = footnote.post("/v1/check/text", {"text": draft}).json()

    [quotation], [claim] = found["quotations"], found["claims"]
    assert draft[quotation["start"] : quotation["end"]] == "a pilot boards 40 ships"
    assert (quotation["verdict"], quotation["speaker"]) == ("normalized", None)
    assert [r["source"]["article_id"] for r in quotation["references"]] == ["port"]
    assert draft[claim["start"] : claim["end"]] == "A pilot boards 50 ships at dawn [1]."
    assert claim["text"] == "A pilot boards 50 ships at dawn."
    supporting = claim["supporting"]
    assert supporting["missing"] == [{"kind": "number", "text": "50"}]
    assert (supporting["read"], supporting["contradicts"]) == (None, None)
    assert found["reading"] == {"depth": "off", "read": 0, "unread": 1}
    assert (supporting["start"], supporting["text"]) == (0, "A pilot boards 40 ships at dawn.")
    assert supporting["source"]["link"] == "/articles/port?start=0&end=32#cited"
    assert [(r["label"], r["target"]) for r in found["references"]] == [
        ("1", "http://localhost/articles/port")
    ] * 2


def test_a_claim_says_whose_mark_covers_it_and_what_each_source_says(footnote):
    footnote.add(id="port", text="A pilot boards 40 ships at dawn.")
    footnote.add(id="town", text="Bread is baked in 12 towns.")
    draft = (
        "A pilot boards 40 ships. Bread is baked in 12 towns, "
        "and 70 more [1][2]. The sea is calm today.\n\n[1]: /articles/port\n[2]: /articles/town\n"
    )
    found = footnote.post("/v1/check/text", {"text": draft}).json()

    assert [
        (
            claim["covered_by"],
            [fact["text"] for fact in claim["supporting"]["missing"]],
            [
                (one["source"]["article_id"], [fact["text"] for fact in one["missing"]])
                for one in claim["by_source"]
            ],
        )
        for claim in found["claims"]
    ] == [
        ("paragraph", [], [("port", []), ("town", ["40"])]),
        ("mark", ["70"], [("port", ["12", "70"]), ("town", ["70"])]),
    ]
    assert [one["text"] for one in found["looked_at"]["uncited"]] == ["The sea is calm today."]


def test_a_quotation_of_a_draft_has_its_place_in_the_draft_too(harbour):
    quote = "A harbour pilot guides planes. The pilot boards at dawn."
    draft = f"🚢 She wrote: “{quote}” And left."
    [found] = harbour.post("/v1/check/text", {"text": draft}).json()["quotations"]

    assert quote == draft[found["start"] : found["end"]] == found["quote"]
    assert found["verdict"] == "altered"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"quote": "  "}, 422, "empty"),
        ({}, 422, "invalid_request"),
        ({"quote": "at dawn", "article_id": "nobody"}, 404, "article_not_found"),
        ({"quote": "at dawn", "passage_id": "nonsense"}, 404, "passage_not_found"),
        (
            {"quote": "at dawn", "article_id": "other", "passage_id": PASSAGE},
            422,
            "passage_of_other",
        ),
    ],
)
def test_a_check_that_cannot_be_made_is_refused_with_a_code(harbour, body, status, code):
    answer = harbour.post("/v1/check", body)

    assert (status, code) == (answer.status_code, answer.json()["code"])


def test_citations_beside_a_text_are_checked_against_their_sources(harbour):
    body = {
        "text": "A pilot guides ships, it says. [1]",
        "citations": [
            {"quote": "A harbour pilot guides ships", "source": "pilots"},
            {"quote": "A harbour pilot guides boats", "source": "pilots.txt"},
            {"quote": "Nobody guides the ships of the town"},
        ],
    }
    found = harbour.post("/v1/check/text", body).json()

    assert [
        (q["quote"], q["references"][0]["label"] if q["references"] else None)
        for q in found["quotations"]
    ] == [
        ("A harbour pilot guides ships", "pilots"),
        ("A harbour pilot guides boats", "pilots.txt"),
        ("Nobody guides the ships of the town", None),
    ]
    assert [claim["text"] for claim in found["claims"]] == ["A pilot guides ships, it says."]


@pytest.mark.parametrize(
    "citation", [{}, {"quote": ""}, {"quote": "x", "more": 1}, {"quote": "x" * 2_001}, "x"]
)
def test_what_is_no_citation_is_refused(harbour, citation):
    answer = harbour.post("/v1/check/text", {"text": "x", "citations": [citation]})

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


def test_the_report_of_a_draft_says_what_was_looked_at(harbour):
    text = "They ended it last year.\n\nHe said “a harbour pilot” [Source 7] and “so on."
    found = harbour.post("/v1/check/text", {"text": text}).json()["looked_at"]

    assert [reference["label"] for reference in found.pop("nowhere")] == ["7"]
    assert found == {
        "words": 13,
        "quotations": 1,
        "references": 1,
        "uncited": [{"start": 0, "end": 24, "text": "They ended it last year."}],
        "unclosed": [{"start": 67, "end": 74, "text": "“so on."}],
        "outcome": "wrong",
    }


# --- what a draft is held against, and what is handed over ----------------------------------------

DRAFT = "She wrote: “The pilot boards at dawn”, and “the bridge is no longer safe”."
MINUTES = {"name": "minutes.txt", "text": "“The bridge is no longer safe,” said Mira Kos."}


def verdicts_of(footnote, body):
    found = footnote.post("/v1/check/text", {"text": DRAFT, **body}).json()
    return [one["verdict"] for one in found["quotations"]]


def test_a_draft_is_held_against_what_is_chosen(harbour):
    assert verdicts_of(harbour, {}) == ["verbatim", "not_found"]
    assert verdicts_of(harbour, {"articles": ["pilots"]}) == ["verbatim", "not_found"]
    assert verdicts_of(harbour, {"articles": []}) == ["not_found", "not_found"]
    assert verdicts_of(harbour, {"filters": {"publishers": ["Nobody"]}}) == ["not_found"] * 2
    assert verdicts_of(harbour, {"sources": [MINUTES]}) == ["verbatim", "normalized"]
    assert verdicts_of(harbour, {"articles": [], "sources": [MINUTES]}) == [
        "not_found",
        "normalized",
    ]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"articles": ["nope"]}, 404, "article_not_found"),
        ({"articles": ["pilots"], "filters": {}}, 422, "invalid_field"),
        ({"sources": [MINUTES] * 21}, 422, "invalid_request"),
        ({"sources": [{"name": "a", "text": "x" * 600_000}] * 2}, 413, "too_large"),
        ({"earlier": "nothing"}, 422, "invalid_input"),
        ({"sources": [{"name": "a.txt", "text": " ", "title": "The bridge"}]}, 422, "empty"),
        ({"choose": []}, 422, "invalid_request"),
    ],
)
def test_what_cannot_be_held_against_is_refused(harbour, body, status, code):
    answer = harbour.post("/v1/check/text", {"text": DRAFT, **body})
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_source_beside_a_draft_has_an_id_of_its_own_kind_and_no_page(harbour):
    found = harbour.post("/v1/check/text", {"text": DRAFT, "sources": [MINUTES]}).json()

    [match] = found["quotations"][1]["matches"]
    assert (match["article_id"], match["source"]["link"]) == ("~minutes", "")
    assert match["passage_id"].startswith("~minutes.")
    assert harbour.get(f"/v1/passages/{match['passage_id']}").status_code == 404
    assert harbour.get("/v1/articles/~minutes").status_code == 404
    assert found["against"]["chosen"] is False
    assert [one["article_id"] for one in found["against"]["beside"]] == ["~minutes"]


def test_what_an_earlier_check_found_is_taken_over(harbour):
    first = harbour.post("/v1/check/text", {"text": DRAFT, "remember": True}).json()
    edited = {"text": DRAFT.replace("the bridge", "every bridge"), "earlier": first["state"]}
    again = harbour.post("/v1/check/text", edited).json()
    full = harbour.post("/v1/check/text", {"text": edited["text"]}).json()

    assert [one["taken_over"] for one in again["quotations"]] == [True, False]
    assert [one["taken_over"] for one in full["quotations"]] == [False, False]
    for found in (again, full):
        del found["took_ms"]
        for one in found["quotations"]:
            del one["took_ms"], one["taken_over"]
    assert again == full
    assert full["state"] is None


def test_a_report_is_handed_over_with_what_a_person_says(harbour):
    found = harbour.post("/v1/check/text", {"text": DRAFT}).json()
    key = found["quotations"][1]["key"]
    mark = {"ticked": True, "note": "I called her", "rating": "true"}
    body = {"text": DRAFT, "marks": {key: mark}, "name": "My piece.docx", "reviewer": "Ana Lind"}

    def report(name):
        return harbour.post("/v1/check/text/report", {**body, "format": name})

    html, markdown, table, reviews = map(report, ("html", "md", "csv", "jsonld"))
    assert html.headers["content-type"] == "text/html; charset=utf-8"
    assert html.headers["content-disposition"] == 'attachment; filename="My-piece-checked.html"'
    assert "I called her" in html.text
    assert "Note: I called her" in markdown.text
    assert table.text.startswith("\ufeffnumber,line,kind,verdict")
    assert reviews.headers["content-type"] == "application/ld+json"
    assert reviews.json()["@graph"][0]["author"] == {"@type": "Person", "name": "Ana Lind"}
    nobody = harbour.post("/v1/check/text/report", {**body, "reviewer": "", "format": "jsonld"})
    assert (nobody.status_code, nobody.json()["code"]) == (422, "invalid_input")
