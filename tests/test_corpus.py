import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from embeddings import HashEncoder
from qa import Corpus, Filters
from qa.errors import (
    CorpusBroken,
    EncoderError,
    InvalidInput,
    Mismatch,
    NotFound,
    SourceChanged,
)
from qa.ingest import Input, find_inputs, read_input
from qa.passages.chunking import Chunking
from qa.storage.records import text_digest
from qa.storage.sql.columns import ARTICLE, SEALS, known_seal
from qa.types import Refused, Statement
from tests.conftest import sql

PILOTS = "A harbour pilot guides ships. The crew sleeps."
BREAD = "Bread is baked at night in the old town."


class Counting(HashEncoder):
    """Remembers the passages that it encoded."""

    def __init__(self):
        self.encoded = []

    def encode_passages(self, texts):
        self.encoded.extend(texts)
        return super().encode_passages(texts)


class Other(HashEncoder):
    """Another model: other vectors, of another dimension."""

    name = "other"
    digest = "other"
    dimension = 64


class OtherWeights(HashEncoder):
    """The same model by name, with other weights."""

    digest = "0123456789abcdef"


class Breaking(Other):
    """Fails when it has encoded so many texts."""

    left = 25

    def encode_passages(self, texts):
        self.left -= len(texts)
        if self.left < 0:
            raise RuntimeError("the model is gone")
        return super().encode_passages(texts)


def open_(folder, encoder=None, **options):
    return Corpus.open(folder, encoder=encoder or HashEncoder(), **options)


def add(corpus, *items):
    """What became of each."""
    return [outcome.name for outcome in corpus.add(items)]


def ids(corpus):
    return [stored.article.id for stored, _, _ in corpus.articles()]


def found(hits):
    return [hit.passage.article_id for hit in hits]


# --- adding and removing -----------------------------------------------------------------------


def test_an_article_is_added_unchanged_or_replaced(corpus, document):
    assert add(corpus, document("a", PILOTS)) == ["added"]
    assert add(corpus, document("a", PILOTS)) == ["unchanged"]
    assert add(corpus, document("a", PILOTS, publisher="P")) == ["replaced"]
    assert add(corpus, document("a", BREAD), document("b", BREAD)) == ["replaced", "added"]

    assert corpus.article("a").article.text == BREAD
    assert corpus.status()["counts"] == {"articles": 2, "passages": 2, "embedded": 1}


def test_what_is_unchanged_makes_no_new_generation(corpus, document):
    add(corpus, document("a", PILOTS))
    add(corpus, document("a", PILOTS), Refused("f", "empty", "nothing in it"))

    assert corpus.view.version == 1


def test_what_is_refused_or_skipped_is_reported_in_its_place(corpus, document):
    outcomes = list(
        corpus.add(
            [
                Refused("x.txt", "empty", "nothing in it", size=3),
                document("a", PILOTS),
                Refused("README", "readme", "about the folder", skipped=True),
            ]
        )
    )

    assert [(o.name, o.origin, o.size, o.passages) for o in outcomes] == [
        ("refused", "x.txt", 3, 0),
        ("added", "a", len(PILOTS), 1),
        ("skipped", "README", 0, 0),
    ]


def test_of_an_id_that_comes_twice_the_last_one_stays(corpus, document):
    assert add(corpus, document("a", PILOTS), document("a", BREAD)) == ["added", "replaced"]
    assert corpus.article("a").article.text == BREAD
    # Back and forth within one batch.
    outcomes = add(corpus, document("a", PILOTS), document("a", BREAD), document("a", BREAD))
    assert outcomes == ["replaced", "replaced", "unchanged"]
    assert corpus.article("a").article.text == BREAD
    assert corpus.problems() == []


def test_the_same_text_is_embedded_once_and_both_are_its_sources(tmp_path, document):
    encoder = Counting()
    with open_(tmp_path, encoder) as corpus:
        add(corpus, document("a", PILOTS, publisher="One"))
        add(corpus, document("b", PILOTS, publisher="Two"), document("c", PILOTS))
        assert encoder.encoded == [PILOTS]
        [hit] = corpus.ask("harbour pilot").hits

    assert (hit.passage.article_id, hit.source.publisher) == ("a", "One")
    assert [(s.article_id, s.publisher) for s, _ in hit.also_in] == [("b", "Two"), ("c", None)]


def test_what_changed_while_a_batch_was_prepared_is_prepared_once_more(corpus, document):
    old, new = document("a", "The old words."), document("a", "The new words.")
    corpus.add_batch([old])
    back = next(iter(corpus.prepare([[old]])))  # prepared while the old words are there

    corpus.add_batch([new])
    [outcome] = corpus.commit(back)

    assert outcome.name == "replaced"
    assert corpus.article("a").article.text == "The old words."
    assert corpus.ask("old words").hits[0].passage.text == "The old words."


def test_removing_takes_out_what_is_there_and_names_it(corpus, document):
    add(corpus, document("a", PILOTS), document("b", BREAD))

    assert corpus.remove(["b", "none", "b"]) == ["b"]
    assert corpus.remove(["b"]) == []
    assert ids(corpus) == ["a"]
    assert found(corpus.ask("Where is bread baked?").hits) == ["a"]
    assert corpus.problems() == []


def test_an_article_can_come_back_after_its_removal(corpus, document):
    add(corpus, document("a", PILOTS))
    corpus.remove(["a"])

    assert add(corpus, document("a", PILOTS)) == ["added"]
    assert found(corpus.ask("harbour pilot").hits) == ["a"]


def test_what_a_copy_had_stays_when_the_original_goes(corpus, document):
    add(corpus, document("a", PILOTS), document("b", PILOTS))
    corpus.remove(["a"])

    [hit] = corpus.ask("harbour pilot").hits
    assert (hit.passage.article_id, hit.also_in) == ("b", ())


def test_stopping_half_way_keeps_what_was_yielded_and_nothing_else(corpus, document):
    def stream():
        for n in range(600):
            yield document(f"a{n:03}", f"Text {n}.")
        raise KeyboardInterrupt

    outcomes = []
    with pytest.raises(KeyboardInterrupt):
        outcomes.extend(outcome.name for outcome in corpus.add(stream()))
    # Three batches were full; the third was still being prepared.
    assert outcomes == ["added"] * 2 * 192
    assert len(corpus.articles(limit=1000)) == 2 * 192
    assert corpus.problems() == []


def test_the_raw_input_is_kept(corpus, document):
    add(corpus, replace(document("a", "Text"), raw=b"\xff raw \x00"))

    assert corpus.raw("a") == b"\xff raw \x00"


# --- asking ------------------------------------------------------------------------------------


def test_an_answer_is_the_supporting_sentence_with_its_exact_place(corpus, document):
    add(corpus, document("a", PILOTS), document("b", BREAD))
    answer = corpus.ask("Who guides ships?")

    id_ = f"a.{text_digest(PILOTS)[:8]}.0-46"
    assert answer.answered
    assert answer.reason is None
    assert answer.statement == Statement(
        "A harbour pilot guides ships.", "a", id_, 0, 29, language="en"
    )
    assert (answer.generation, answer.encoder, answer.question) == (1, "hash", "Who guides ships?")
    assert found(answer.hits) == ["a", "b"]
    assert 0.5 <= answer.confidence <= 1


def test_what_nothing_answers_still_has_the_nearest_passages_and_a_reason(corpus, document):
    add(corpus, document("a", PILOTS), document("b", BREAD))
    answer = corpus.ask("Do zebras graze?")

    assert (answer.answered, answer.statement) == (False, None)
    assert answer.reason == (
        "Nothing here mentions “zebras” or “graze”; these are the nearest passages."
    )
    assert len(answer.hits) == 2


def test_an_empty_corpus_answers_nothing(corpus):
    answer = corpus.ask("Who guides ships?")

    assert (answer.answered, answer.confidence, answer.hits) == (False, 0.0, ())
    assert answer.reason == (
        "No passage was found: the collection is empty, or the filters leave nothing."
    )


def test_filters_leave_out_the_rest(corpus, document):
    add(corpus, document("a", PILOTS, language="en"), document("b", PILOTS, language="sr"))
    [hit] = corpus.ask("harbour pilot", filters=Filters(languages=("sr",))).hits

    assert (hit.passage.article_id, hit.also_in) == ("b", ())
    assert corpus.ask("harbour pilot", filters=Filters(tags=("none",))).hits == ()


def test_lexical_mode_asks_for_words_alone_and_dense_mode_for_vectors_alone(corpus, document):
    add(corpus, document("a", PILOTS), document("b", BREAD))
    [lexical] = corpus.ask("the pilots", mode="lexical").hits
    dense = corpus.ask("pilot", mode="dense").hits

    assert (lexical.passage.article_id, lexical.dense) == ("a", None)
    assert found(dense) == ["a", "b"]
    assert [hit.lexical for hit in dense] == [None, None]


def test_the_first_hits_are_read_again_unless_told_otherwise(corpus, document):
    # Both have the words once and are of one length; only in "b" are they neighbours.
    add(corpus, document("a", "Harbour bread pilot."), document("b", "Bread harbour pilot."))
    search_order = corpus.ask("harbour pilot", rerank=False).hits
    read = corpus.ask("harbour pilot").hits

    assert found(read) == ["b", "a"]
    assert read[0].score == 1.0
    assert found(search_order) == ["a", "b"]  # equal: the older first
    assert [hit.score for hit in search_order] == [1.0, 1.0]
    assert all(hit.highlights for hit in (*search_order, *read))


def test_hits_past_those_that_are_read_follow_in_their_order(corpus, document):
    add(corpus, *(document(f"n{n:02}", f"Pilot {n} sleeps. " * (n + 1)) for n in range(30)))
    read = corpus.ask("pilot", top_k=30).hits
    fused = corpus.ask("pilot", top_k=30, rerank=False).hits

    assert set(found(read[:20])) == set(found(fused[:20]))
    assert found(read[20:]) == found(fused[20:])
    assert [hit.score for hit in read] == sorted((hit.score for hit in read), reverse=True)
    assert read[19].score >= 0.5 >= read[20].score
    assert all(hit.highlights for hit in read)


def test_the_threshold_decides_what_counts_as_answered(corpus, document):
    add(corpus, document("a", PILOTS))
    confidence = corpus.ask("Who guides ships?").confidence
    strict = corpus.ask("Who guides ships?", threshold=min(1.0, confidence + 0.001))
    lax = corpus.ask("zebra stripes", threshold=0.0)

    assert (strict.answered, strict.statement) == (False, None)
    assert strict.reason is not None
    assert (lax.answered, lax.reason) == (True, None)


def test_a_corpus_has_a_threshold_of_its_own_and_a_question_another(tmp_path, document):
    with Corpus.open(tmp_path / "strict", encoder=HashEncoder(), threshold=1.0) as corpus:
        add(corpus, document("a", PILOTS))
        assert not corpus.ask("Who guides ships?").answered
        assert corpus.ask("Who guides ships?", threshold=0.2).answered


def test_passages_are_found_by_who_says_it(corpus, document):
    add(corpus, document("a", PILOTS, publisher="The Gazette"), document("b", BREAD))

    assert found(corpus.ask("Gazette", mode="lexical").hits) == ["a"]


def test_related_passages_are_compared_as_passages(tmp_path, document):
    class TwoTowers(HashEncoder):
        """Queries lie apart from all passages."""

        def encode_queries(self, texts):
            return [replace(e, vector=-e.vector) for e in super().encode_passages(texts)]

    with Corpus.open(tmp_path / "two", encoder=TwoTowers()) as corpus:
        add(corpus, document("a", PILOTS), document("b", BREAD))
        [hit] = corpus.related(text="The crew sleeps. A harbour pilot guides ships.", top_k=1).hits

        assert hit.dense == pytest.approx(1.0)


@pytest.mark.parametrize("top_k", [0, -1, 101])
def test_top_k_has_its_bounds(corpus, top_k):
    with pytest.raises(InvalidInput, match=f"top_k is {top_k}; give 1 to 100"):
        corpus.ask("pilot", top_k=top_k)
    with pytest.raises(InvalidInput, match=f"top_k is {top_k}; give 1 to 100"):
        corpus.related(text="pilot", top_k=top_k)


@pytest.mark.parametrize(("question", "code"), [(" \n\0", "empty"), ("x" * 2001, "too_long")])
def test_a_question_is_neither_empty_nor_too_long(corpus, question, code):
    with pytest.raises(InvalidInput) as caught:
        corpus.ask(question)
    assert caught.value.code == code


def test_a_question_of_odd_characters_is_asked_all_the_same(corpus, document):
    add(corpus, document("a", PILOTS))

    assert corpus.ask("harbour\0pilot \ud800 🚢").question == "harbour pilot ? 🚢"


def test_many_threads_ask_at_once(corpus, document):
    add(corpus, *(document(f"a{n}", f"Pilot {n} boards ship {n}.") for n in range(50)))
    questions = [f"Who boards ship {n}?" for n in range(50)] * 2
    expected = [replace(corpus.ask(q), took_ms=0) for q in questions]
    with ThreadPoolExecutor(6) as threads:
        answers = [replace(answer, took_ms=0) for answer in threads.map(corpus.ask, questions)]

    assert answers == expected
    assert [answer.hits[0].passage.article_id for answer in answers[:50]] == [
        f"a{n}" for n in range(50)
    ]


# --- passages ----------------------------------------------------------------------------------


def test_a_passage_is_given_with_its_source_and_copies(corpus, document):
    add(corpus, *(document(id_, PILOTS, title="T") for id_ in ("z", "b", "y")))
    [passage] = corpus.passages_of(corpus.article("b"))
    view = corpus.passage(passage.id)

    assert view.passage == passage
    assert (passage.text, passage.start, passage.end) == (PILOTS, 0, 46)
    assert (view.source.article_id, view.source.title) == ("b", "T")
    assert [source.article_id for source, _ in view.also_in] == ["z", "y"]
    assert [p.id for _, p in view.also_in] == [passage.id.replace("b.", f"{i}.", 1) for i in "zy"]


def test_a_passage_of_an_earlier_version_has_changed(corpus, document):
    add(corpus, document("a", PILOTS))
    [passage] = corpus.passages_of(corpus.article("a"))
    add(corpus, document("a", BREAD))

    with pytest.raises(SourceChanged, match=f"article 'a' has changed since '{passage.id}'") as e:
        corpus.passage(passage.id)
    assert e.value.code == "source_changed"
    with pytest.raises(SourceChanged):
        corpus.related(passage_id=passage.id)


def test_other_metadata_leaves_a_citation_as_it_is(corpus, document):
    add(corpus, document("a", PILOTS))
    [passage] = corpus.passages_of(corpus.article("a"))
    add(corpus, document("a", PILOTS, title="Title"))

    assert corpus.passage(passage.id).passage == passage


def test_a_passage_that_is_not_there_is_not_found(corpus, document):
    add(corpus, document("a", PILOTS))
    digest = text_digest(PILOTS)[:8]

    with pytest.raises(NotFound, match="article 'a' has no passage at characters 0-45"):
        corpus.passage(f"a.{digest}.0-45")
    with pytest.raises(NotFound, match="there is no article 'b'"):
        corpus.passage(f"b.{digest}.0-46")


def test_articles_are_listed_page_by_page(corpus, document):
    add(corpus, *(document(id_, PILOTS) for id_ in "cadb"))

    assert [s.article.id for s, _, _ in corpus.articles(limit=3)] == ["a", "b", "c"]
    assert [(s.article.id, n, p) for s, n, p in corpus.articles(after="c")] == [("d", 46, 1)]


# --- opening -----------------------------------------------------------------------------------


def test_what_was_added_is_there_when_it_is_opened_again(tmp_path, document):
    with open_(tmp_path) as corpus:
        add(corpus, document("a", PILOTS))
        expected = replace(corpus.ask("harbour pilot"), took_ms=0)

    with open_(tmp_path) as corpus:
        assert replace(corpus.ask("harbour pilot"), took_ms=0) == expected


def test_closing_twice_does_no_harm(tmp_path):
    corpus = open_(tmp_path)
    corpus.close()
    corpus.close()


@pytest.mark.folder
def test_another_model_is_refused_with_what_mends_it(tmp_path):
    open_(tmp_path).close()

    with pytest.raises(Mismatch) as caught:
        open_(tmp_path, Other())
    assert caught.value.code == "encoder_mismatch"
    assert caught.value.message == (
        f"the corpus in {tmp_path} was embedded with hash, not with other: "
        "set QA_MODEL=hash, or run `qa reindex`"
    )


@pytest.mark.folder
def test_other_weights_are_refused_with_what_mends_it(tmp_path):
    open_(tmp_path).close()

    with pytest.raises(Mismatch) as caught:
        open_(tmp_path, OtherWeights())
    assert caught.value.code == "encoder_mismatch"
    ours = HashEncoder.digest[:12]
    assert caught.value.message == (
        "the weights of hash (or its tokenizer or prompts) are not those that the corpus in "
        f"{tmp_path} was embedded with (0123456789ab… instead of {ours}…): bring the old ones "
        "back, or run `qa reindex`"
    )


def test_other_weights_are_refused_even_when_they_are_loaded_late(tmp_path, monkeypatch):
    open_(tmp_path).close()
    monkeypatch.setattr("embeddings.load", lambda _: OtherWeights())

    with Corpus.open(tmp_path, model="hash") as corpus:
        assert ids(corpus) == []
        with pytest.raises(Mismatch, match=r"the weights of hash .* are not those"):
            corpus.ask("pilot")


@pytest.mark.folder
def test_other_passages_are_refused_with_what_mends_it(tmp_path):
    open_(tmp_path).close()

    with pytest.raises(Mismatch) as caught:
        open_(tmp_path, chunking=Chunking(tokens=100))
    assert caught.value.code == "chunking_mismatch"
    assert caught.value.message == (
        f"the corpus in {tmp_path} was cut as “{Chunking().fingerprint}”, and this version "
        f"cuts as “{Chunking(tokens=100).fingerprint}”: run `qa reindex`"
    )


def test_a_refused_corpus_can_be_opened_rightly_afterwards(tmp_path, document):
    with open_(tmp_path) as corpus:
        add(corpus, document("a", PILOTS))
    for _ in range(3):
        with pytest.raises(Mismatch):
            open_(tmp_path, Other())

    with open_(tmp_path) as corpus:
        assert ids(corpus) == ["a"]


def test_listing_and_checking_need_no_model(tmp_path, document, monkeypatch):
    with open_(tmp_path) as corpus:
        add(corpus, document("a", PILOTS))

    def load(_):
        raise AssertionError("the model was loaded")

    monkeypatch.setattr("embeddings.load", load)
    with Corpus.open(tmp_path, model="hash") as corpus:
        assert ids(corpus) == ["a"]
        assert corpus.check("A harbour pilot").verdict == "verbatim"
        assert corpus.status()["integrity"] == "ok"


@pytest.mark.slow
def test_a_model_that_cannot_be_had_is_said(tmp_path):
    folder = tmp_path / "no" / "such" / "model"

    with pytest.raises(EncoderError, match=f"cannot load the model '{folder}'"):
        Corpus.open(tmp_path / "corpus", model=str(folder))


@pytest.mark.folder
def test_a_folder_that_cannot_be_written_to_is_refused(tmp_path):
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(InvalidInput) as caught:
        open_(tmp_path / "file")
    assert caught.value.code == "unwritable"
    assert caught.value.message == (
        f"cannot write to the folder {tmp_path / 'file'}: File exists; "
        "choose another with --data or QA_DATA"
    )


# --- a damaged store ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def large(tmp_path_factory, document):
    """A corpus whose database has many pages."""
    folder = tmp_path_factory.mktemp("large") / "corpus"
    with open_(folder) as corpus:
        texts = [f"Pilot {n} guides ship {n} home. " * 40 for n in range(60)]
        add(corpus, *(document(f"a{n}", text.strip()) for n, text in enumerate(texts)))
    return folder


@pytest.fixture
def database(large, tmp_path):
    """The database of a copy."""
    shutil.copytree(large, tmp_path / "corpus")
    return tmp_path / "corpus" / "footnote.db"


@pytest.mark.folder
@pytest.mark.parametrize("kept", [100, 4096, 0.5])
def test_a_database_that_was_cut_off_is_broken(database, kept):
    whole = database.read_bytes()
    database.write_bytes(whole[: int(kept if kept > 1 else len(whole) * kept)])

    with pytest.raises(CorpusBroken, match=r"footnote\.db cannot be read as a corpus: .* Restore"):
        open_(database.parent)


@pytest.mark.folder
@pytest.mark.parametrize("at", [0, 16, 100])
def test_a_database_with_a_damaged_beginning_is_broken(database, at):
    whole = database.read_bytes()
    database.write_bytes(whole[:at] + b"\xff" * 200 + whole[at + 200 :])

    with pytest.raises(CorpusBroken, match="Restore it from a backup, or move the folder away"):
        open_(database.parent)


@pytest.mark.folder
@pytest.mark.parametrize("tenth", range(1, 10))
def test_a_damaged_page_is_found_by_opening_or_by_the_integrity_check(database, tenth):
    whole = database.read_bytes()
    at = len(whole) * tenth // 10
    database.write_bytes(whole[:at] + b"\xff" * 4096 + whole[at + 4096 :])

    try:
        with open_(database.parent) as corpus:
            said = corpus.problems()[0]
    except CorpusBroken as error:
        said = error.message
    assert re.match(r"SQLite: |.*footnote\.db cannot be read as a corpus: ", said)


# --- reindexing --------------------------------------------------------------------------------


@pytest.fixture
def old(tmp_path, document):
    """A corpus with a past, closed; and what it listed and answered."""
    folder = tmp_path / "corpus"
    with open_(folder) as corpus:
        add(
            corpus,
            *(document(f"a{n:02}", f"Pilot {n} guides ship {n}.", title="T") for n in range(20)),
        )
        add(corpus, document("a03", "Replaced by bread.", tags=("x",)), document("copy", PILOTS))
        add(corpus, document("another", PILOTS))
        with sql(corpus) as db:
            db.execute("UPDATE articles SET added_at = '2020-01-01T00:00:0' || (key % 10) || 'Z'")
            for row in db.execute(f"SELECT {ARTICLE} FROM articles a {SEALS}").fetchall():
                values = (known_seal(row), row["key"])
                db.execute("UPDATE article_seals SET known = ? WHERE article = ?", values)
        corpus.remove(["a04"])
        listed = [replace(corpus.article(id_), key=0) for id_ in ids(corpus)]
        answer = replace(corpus.ask("Who guides ship 7?"), took_ms=0)
    return folder, listed, answer


def listing(corpus):
    return [replace(corpus.article(id_), key=0) for id_ in ids(corpus)]


def test_reindexing_with_another_encoder_keeps_every_article_and_answers(old):
    folder, listed, before = old
    seen = []
    with open_(folder, Other(), reindexing=True) as corpus:
        said = corpus.reindex(lambda done, total: seen.append((done, total)))
        assert said == "Everything was embedded anew with other."
        assert corpus.storage.published.repairs == []
        assert listing(corpus) == listed
    assert seen == [(21, 21)]

    with open_(folder, Other()) as corpus:
        assert corpus.storage.published.repairs == []
        assert corpus.problems() == []
        assert listing(corpus) == listed
        answer = corpus.ask("Who guides ship 7?", read="off")  # as hashes are asked
        assert (answer.encoder, answer.statement) == ("other", before.statement)
        status = corpus.status()
        assert status["encoder"] == {"name": "other", "digest": "other", "dimension": 64}
        assert status["counts"] == {"articles": 21, "passages": 21, "embedded": 20}
        [hit] = corpus.ask("Who sleeps?", mode="lexical").hits
        assert hit.passage.article_id == "copy"
        assert [source.article_id for source, _ in hit.also_in] == ["another"]
    with pytest.raises(Mismatch, match="was embedded with other, not with hash"):
        open_(folder)


def test_reindexing_with_other_passages_cuts_anew(old):
    folder, listed, _ = old
    with open_(folder, chunking=Chunking(tokens=4), reindexing=True) as corpus:
        corpus.reindex()
        assert listing(corpus) == listed
        texts = [p.text for p in corpus.passages_of(corpus.article("copy"))]
        assert texts == ["A harbour pilot guides", "ships.", "The crew sleeps."]
    with open_(folder, chunking=Chunking(tokens=4)) as corpus:
        assert corpus.problems() == []


def test_reindexing_that_is_interrupted_leaves_the_corpus_as_it_was(old):
    folder, listed, before = old
    broken = Breaking()
    with open_(folder, broken, reindexing=True) as corpus:
        broken.left = 15
        with pytest.raises(RuntimeError, match="the model is gone"):
            corpus.reindex()

    with open_(folder) as corpus:
        assert corpus.storage.published.repairs == []
        assert listing(corpus) == listed
        assert replace(corpus.ask("Who guides ship 7?"), took_ms=0) == before
        assert corpus.problems() == []


def test_reindexing_an_empty_corpus_changes_its_encoder(tmp_path, document):
    open_(tmp_path).close()
    with open_(tmp_path, Other(), reindexing=True) as corpus:
        corpus.reindex()
        assert add(corpus, document("a", PILOTS)) == ["added"]

    with open_(tmp_path, Other()) as corpus:
        assert found(corpus.ask("harbour pilot").hits) == ["a"]


# --- status ------------------------------------------------------------------------------------


@pytest.mark.folder
def test_the_status_says_what_there_is(corpus, document):
    add(corpus, document("a", PILOTS), document("b", PILOTS), document("c", BREAD))
    status = corpus.status()

    sizes = status.pop("bytes")
    assert status == {
        "folder": str(corpus.folder),
        "generation": 1,
        "stored": 1,
        "behind": 0,
        "behind_seconds": 0.0,
        "counts": {"articles": 3, "passages": 3, "embedded": 2},
        "encoder": {"name": "hash", "digest": HashEncoder.digest, "dimension": 256},
        "chunking": Chunking().fingerprint,
        "mended": [],
        "integrity": "ok",
        "problems": [],
        "calibration": [],
    }
    assert sizes.keys() == {"store", "vectors", "lexical"}
    assert min(sizes.values()) > 0


def test_the_integrity_check_can_be_left_out(corpus):
    status = corpus.status(check=False)

    assert (status["integrity"], status["problems"]) == (None, [])


def test_the_integrity_check_names_a_text_that_was_tampered_with(corpus, document):
    add(corpus, document("a", PILOTS))
    with sql(corpus) as db:
        db.execute("UPDATE articles SET text = 'A harbour pilot guides boats.'")
    status = corpus.status()

    assert status["integrity"] == "failed"
    assert status["problems"] == [
        "the text of article 'a' is not what was stored: "
        "restore it from a backup, or add the article again"
    ]


def test_the_integrity_check_names_chunks_that_are_not_live(corpus, document):
    add(corpus, document("a", PILOTS))
    with sql(corpus) as db:
        db.execute("UPDATE chunks SET added_in = 99")

    assert corpus.problems() == [
        "0 chunks are live where 1 were stored, or not the same ones: qa reindex",
        "1 of the passages of article 'a' are not what was stored: qa reindex",
    ]


def test_the_integrity_check_names_indexes_that_lack_a_chunk(corpus, document):
    empty = corpus.storage.published.indexes
    add(corpus, document("a", PILOTS))
    corpus.storage.published._indexes = replace(empty, generation=1)

    assert corpus.problems() == [
        "the vector index does not hold the chunks of the store: qa reindex",
        "the lexical index does not hold the chunks of the store: qa reindex",
    ]


# --- the real documents ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def seeds():
    folder = Path(__file__).resolve().parents[1].parent / "shared" / "seeds"
    if not folder.is_dir():
        pytest.skip("the documents as they were found are not beside this checkout")
    return folder


@pytest.mark.slow
def test_the_packaged_model_answers_from_the_real_documents(seeds, tmp_path, minilm):
    with open_(tmp_path, minilm) as corpus:
        files = [f for f in find_inputs(sorted(seeds.glob("*.txt"))) if isinstance(f, Input)]
        assert add(corpus, *(item for file in files for item in read_input(file))) == ["added"] * 5
        answer = corpus.ask("What does the Russian ambassador call a compromise on Kosovo?")

        assert answer.answered
        assert "Resolution 1244 is a compromise" in answer.hits[0].passage.text
        for hit in answer.hits:
            text = corpus.article(hit.passage.article_id).article.text
            assert text[hit.passage.start : hit.passage.end] == hit.passage.text
        assert corpus.problems() == []
