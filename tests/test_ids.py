"""One grammar of ids: what is one and what is none is the same for everybody who is given it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient
from typer.testing import CliRunner

from embeddings import HashEncoder
from qa import Corpus
from qa.api import create_app
from qa.check.draft import read_draft
from qa.check.resolve import Resolver
from qa.cli import app
from qa.errors import FootnoteError, InvalidInput, NotFound
from qa.ids import ALLOWED, ARTICLE_ID, PASSAGE_ID, PassageId, check_id, is_article_id
from qa.settings import Settings
from qa.storage.records import text_digest
from tests.conftest import ready

TEXT = "The pilot boards the ship at dawn, and leads it past the sandbanks into the harbour."
DIGEST = text_digest(TEXT)[:8]
LONGEST = "a" * 200

PASSAGE_IDS = {
    f"report.v2.{DIGEST}.0-{len(TEXT)}": ("report.v2", DIGEST, 0, len(TEXT)),
    f"report.v2.{DIGEST}.10-25": ("report.v2", DIGEST, 10, 25),
    "report.v2.1a2b3c4d.0-85": ("report.v2", "1a2b3c4d", 0, 85),
    "a.1a2b3c4d.0-46": ("a", "1a2b3c4d", 0, 46),
    "a-b.1-2.1a2b3c4d.10-25": ("a-b.1-2", "1a2b3c4d", 10, 25),
    "a.1a2b3c4d.1-2.1a2b3c4d.3-4": ("a.1a2b3c4d.1-2", "1a2b3c4d", 3, 4),
    "_.00000000.0-1": ("_", "00000000", 0, 1),
    "x:y@z+1,2=3~.1a2b3c4d.1-2": ("x:y@z+1,2=3~", "1a2b3c4d", 1, 2),
    f"{LONGEST}.1a2b3c4d.1-2": (LONGEST, "1a2b3c4d", 1, 2),
    f"a.1a2b3c4d.1-{'9' * 12}": ("a", "1a2b3c4d", 1, 999_999_999_999),
}
NO_PASSAGE_IDS = [
    "a",
    "a.b",
    "nonsense",
    "a.1a2b3c4d",
    "a.1a2b3c4d.",
    "a.1a2b3c4d.1",
    "a.1a2b3c4d.1-",
    "a.1a2b3c4d.-1",
    ".1a2b3c4d.1-2",
    "-a.1a2b3c4d.1-2",
    "a.1a2b3c4d.a-b",
    "a.1a2b3c4d.1-2-3",
    "a.1a2b3c4d.1-2.",
    "a b.1a2b3c4d.1-2",
    f"{LONGEST}a.1a2b3c4d.1-2",
    "čačak.1a2b3c4d.10-25",
    # A digest is eight hex digits, in lower case.
    "report.v2.ZZZZZZZZ.0-85",
    "report.v2.!!!!!!!!.0-1",
    "report.v2.1A2B3C4D.0-85",
    "a.1a2b3c4.1-2",
    "a.1a2b3c4d5.1-2",
    # Offsets are at most twelve digits, as Python writes them, and a passage is not empty.
    f"a.1a2b3c4d.1-{'9' * 13}",
    f"a.1a2b3c4d.{'9' * 13}-2",
    "a.1a2b3c4d.１-2",
    "a.1a2b3c4d.²-2",
    "a.1a2b3c4d.1-٢",
    "a.1a2b3c4d.1- 2",
    f"report.v2.{DIGEST}.0-0{len(TEXT)}",
    f"report.v2.{DIGEST}.00-{len(TEXT)}",
    f"report.v2.{DIGEST}.5-5",
    f"report.v2.{DIGEST}.25-10",
]
TABLE = [*PASSAGE_IDS.items(), *((written, None) for written in NO_PASSAGE_IDS)]
WRITTEN = pytest.mark.parametrize(("written", "parts"), TABLE, ids=[w[:40] for w, _ in TABLE])


@pytest.fixture(scope="module")
def folder(tmp_path_factory, document) -> Path:
    folder = tmp_path_factory.mktemp("ids")
    with Corpus.open(folder, encoder=HashEncoder()) as corpus:
        list(corpus.add([document("report.v2", TEXT)]))
    return folder


@pytest.fixture(scope="module")
def corpus(folder) -> Iterator[Corpus]:
    with Corpus.open(folder, encoder=HashEncoder(), read_only=True) as opened:
        yield opened


@pytest.fixture(scope="module")
def client(corpus) -> Iterator[TestClient]:
    settings = Settings(data=corpus.folder, model="hash", read_only=True)
    app = create_app(settings, corpus)
    with TestClient(app, base_url="http://127.0.0.1") as client:
        assert ready(app.state.service)
        yield client


def answer_to(parts: tuple[str, str, int, int] | None) -> tuple[int, str | None]:
    """Status and code that are due to who asks for the passage."""
    if parts is None:
        return 404, "passage_not_found"
    article, digest, start, end = parts
    if article != "report.v2":
        return 404, "article_not_found"
    if digest != DIGEST:
        return 410, "source_changed"
    return (200, None) if (start, end) == (0, len(TEXT)) else (404, "passage_not_found")


@WRITTEN
def test_an_id_is_read_and_written_back_or_is_none(written, parts):
    expected = PassageId(*parts) if parts else None
    assert PassageId.match(written) == expected
    if expected is None:
        with pytest.raises(NotFound, match="is not a passage id: <article_id>") as caught:
            PassageId.parse(written)
        assert caught.value.code == "passage_not_found"
    else:
        assert PassageId.parse(written) == expected
        assert str(expected) == written


@WRITTEN
def test_over_http_what_was_never_given_out_is_not_found(client, written, parts):
    status, code = answer_to(parts)
    for path in (f"/v1/passages/{written}", f"/v1/passages/{written}/related"):
        answer = client.get(path)
        assert (answer.status_code, answer.json().get("code")) == (status, code)


@WRITTEN
def test_in_a_corpus_a_passage_never_given_out_has_not_changed(corpus, written, parts):
    _, code = answer_to(parts)
    if code is None:
        assert corpus.passage(written).passage.id == written
        return
    with pytest.raises(NotFound) as caught:
        corpus.passage(written)
    assert caught.value.code == code


@WRITTEN
def test_a_quote_of_a_passage_never_given_out_is_not_checked(corpus, written, parts):
    if parts is None or parts[0] != "report.v2":
        with pytest.raises(NotFound) as caught:
            corpus.check("The pilot boards the ship", passage_id=written)
        assert caught.value.code == answer_to(parts)[1]
    else:
        verdict = corpus.check("The pilot boards the ship", passage_id=written)
        assert (verdict.source_changed is not None) == (parts[1] != DIGEST)


@WRITTEN
def test_a_draft_cites_a_passage_by_what_is_an_id(corpus, written, parts):
    resolver = Resolver(corpus.view)
    for draft in (f"It is so {written}, they say.", f"It is so `{written}`, they say."):
        references = read_draft(draft).references
        cited = [one for one in references if one.targets[:1] == (written,)]
        assert len(cited) == (parts is not None)
        for reference in cited:
            found, _ = resolver.resolve(reference)
            assert found.passage_id == (written if parts[0] == "report.v2" else None)


@WRITTEN
def test_on_the_command_line_what_is_no_id_is_a_text(folder, monkeypatch, written, parts):
    monkeypatch.setenv("QA_MODEL", "hash")
    command = ["related", "--data", str(folder), "--read-only", "--", written]
    error = CliRunner().invoke(app, command).exception
    code = answer_to(parts)[1] if parts else None
    assert (error.code if isinstance(error, FootnoteError) else error) == code


@pytest.mark.parametrize("id_", ["a", "_x", "A.b_c~d-e", "a--b-", "9" * 200, "x:y@z+1,2=3"])
def test_an_article_id_is_kept_as_it_is_given(id_):
    assert is_article_id(id_)
    assert check_id(id_) == id_


def test_a_number_is_an_article_id_too():
    assert check_id(17) == "17"


@pytest.mark.parametrize(
    "bad", ["", "a b", "a/b", "-a", ".a", "č", "a" * 201, "a\n", -5, 1.5, True, None, []]
)
def test_what_is_no_article_id_is_refused_saying_what_is_allowed(bad):
    with pytest.raises(InvalidInput) as caught:
        check_id(bad)
    assert caught.value.code == "invalid_id"
    assert caught.value.message.endswith(f" is not URL-safe; allowed: {ALLOWED}")


def test_a_corpus_takes_no_article_whose_id_is_none(tmp_path, document):
    with Corpus.open(tmp_path, encoder=HashEncoder()) as corpus:
        with pytest.raises(InvalidInput, match="is not URL-safe"):
            corpus.add_batch([document("čačak", TEXT)])
        assert corpus.counts()["articles"] == 0


@given(
    st.from_regex(ARTICLE_ID, fullmatch=True),
    st.text("0123456789abcdef", min_size=64, max_size=64),
    st.integers(0, 10**11),
    st.integers(1, 10**11),
)
def test_whatever_is_given_out_is_read_again(article, digest, start, length):
    id_ = PassageId.of(article, digest, start, start + length)

    assert PassageId.parse(str(id_)) == id_
    assert id_.is_of(digest)


@given(st.from_regex(PASSAGE_ID, fullmatch=True))
def test_what_is_read_is_written_as_it_was(written):
    found = PassageId.match(written)
    assert found is None or str(found) == written
