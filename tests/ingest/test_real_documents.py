"""The five documents as they were found, boilerplate and all."""

import json

import pytest

from qa.ingest import Input, find_inputs, read_input
from qa.types import Document, Refused, Removed

AMBASSADOR = "000_504bc656f27022da"
COMPROMISE = "001_2c306c9fa1dadcdd"
SANCTIONS = "002_4db1347f01a976fe"
PRESSURES = "003_990b1c81334da6c7"
LAVROV = "004_81676106973eb286"


@pytest.fixture(scope="module")
def items(seeds):
    return [
        item
        for found in find_inputs([seeds])
        for item in (read_input(found) if isinstance(found, Input) else [found])
    ]


@pytest.fixture(scope="module")
def documents(items) -> dict[str, Document]:
    return {item.article.id: item for item in items if isinstance(item, Document)}


def test_all_five_are_read_and_the_questions_are_passed_over(items, documents, seeds):
    assert list(documents) == [AMBASSADOR, COMPROMISE, SANCTIONS, PRESSURES, LAVROV]
    reason = "a file of questions, not articles"
    expected = [
        Refused(str(path), "questions_file", reason, path.stat().st_size, skipped=True)
        for path in sorted(seeds.glob("questions*.jsonl"))  # in several languages
    ]
    assert expected
    assert expected == [item for item in items if isinstance(item, Refused)]


@pytest.mark.parametrize(
    ("article_id", "title", "publisher", "author", "extra"),
    [
        (
            AMBASSADOR,
            "Russia and Serbia deepen coordination on Kosovo and Metohija rights",
            None,
            None,
            {},
        ),
        (
            COMPROMISE,
            "Botsan-Kharchenko: A compromise for Russia is that without another agreement there is "
            "no other resolution than 1244, and in that case, Serbia\u2019s position is key",
            "KoSSev",
            None,
            {},
        ),
        (
            SANCTIONS,
            "Serbia stands at a pivotal point as Western powers press to align Belgrade with "
            "sanctions against Russia",
            None,
            None,
            {"title_from": "first sentence"},
        ),
        (
            PRESSURES,
            "Botsan Kharchenko: There will be more pressures",
            "Vecernje novosti",
            None,
            {},
        ),
        (
            LAVROV,
            "Kosovo as one of the key issues where a new model of relations among major powers "
            "could be tested",
            "Kosovo Online",
            "Zeljko Sajn",
            {"author_role": "Special Correspondent from Moscow"},
        ),
    ],
)
def test_what_each_states_is_read_and_nothing_else(
    documents, article_id, title, publisher, author, extra
):
    article = documents[article_id].article

    assert (title, publisher, author) == (article.title, article.publisher, article.author)
    assert (article.url, article.published, article.language) == (None, None, None)
    assert ((), extra) == (article.tags, article.extra)


def test_every_line_of_boilerplate_is_removed_and_recorded(documents):
    caption = Removed("repeated caption", "Screenshot TV Prva Screenshot TV Prva")
    removed = {article_id: document.removed for article_id, document in documents.items()}

    assert (removed[AMBASSADOR], removed[SANCTIONS]) == ((), ())
    assert (caption, caption, Removed("pagination", "page 1 of 18 go to page")) == removed[
        PRESSURES
    ]
    assert (Removed("comment count", "0 comments"),) == removed[LAVROV]
    assert (
        Removed("caption", "Foto: Printscreen"),
        Removed("read more", "Read more:"),
        Removed(
            "teaser",
            "RTK airs a documentary about „Russian espionage“ and „malignant“ influence on the "
            "Balkans through Serbia",
        ),
        Removed(
            "reprint notice",
            "Preuzimanje i objavljivanje tekstova sa portala KoSSev nije dozvoljeno bez navođenja "
            "izvora. Hvala na poštovanju etike novinarske profesije.",
        ),
    ) == removed[COMPROMISE]


def test_each_ends_with_its_last_sentence(documents):
    ends = {
        AMBASSADOR: "reported in contemporary international relations coverage.",
        COMPROMISE: "Serbian media about Russian influence in Serbia.",
        SANCTIONS: "for peaceful coexistence among diverse international actors.",
        PRESSURES: "both in the UN and in other multilateral forums.",
        LAVROV: "the only one capable of addressing it.",
    }

    for article_id, end in ends.items():
        assert documents[article_id].article.text.endswith(end)


def test_lines_that_state_title_and_source_stay_quotable(documents):
    assert "Source:\xa0Vecernje novosti\n\nIn an interview" in documents[PRESSURES].article.text
    assert "\nWritten for Kosovo Online by Zeljko Sajn, " in documents[LAVROV].article.text
    for document in documents.values():
        assert document.article.text.startswith(document.article.title)


def test_every_quote_of_the_gold_answers_is_still_there(documents, seeds):
    lines = (seeds / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    evidence = [proof for line in lines for proof in json.loads(line)["evidence"]]

    assert len(evidence) == 28
    for proof in evidence:
        article = documents[proof["document"].removesuffix(".txt")].article
        assert proof["quote"] in article.text


def test_the_bytes_are_kept_as_they_were_found(documents, seeds):
    for article_id, document in documents.items():
        assert (seeds / f"{article_id}.txt").read_bytes() == document.raw
        assert (document.encoding, document.notes) == ("utf-8", ())
