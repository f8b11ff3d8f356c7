from dataclasses import replace

import numpy as np
import pytest

from embeddings import HashEncoder
from qa import Corpus
from qa.errors import InvalidInput
from qa.passages.chunking import Chunking
from qa.types import Why

PILOTS = "A harbour pilot guides ships. The crew sleeps."
BREAD = "Bread is baked at night in the old town."
REPORT = (
    "The pilot Ana Marin guided the tanker Aurora into the harbour of Lisbon at dawn on Monday, "
    "after a storm of two days had closed the channel to all ships."
)
# The same, edited lightly and signed; and the same with another ending.
WIRE = REPORT.replace("at dawn on Monday", "at dawn yesterday") + " (Agency)"
LATER = REPORT.removesuffix("to all ships.") + "to ships and boats alike."
OWN = (
    "Portugal’s navy says that Ana Marin had warned of the storm. Lisbon had closed its harbour "
    "to tankers on Saturday already, and the Aurora waited outside the channel."
)


def open_(folder, encoder=None, **options):
    return Corpus.open(folder, encoder=encoder or HashEncoder(), **options)


def add(corpus, *items):
    return [outcome.name for outcome in corpus.add(items)]


def first_of(corpus, article):
    return corpus.passages_of(corpus.article(article))[0]


def ids(hits):
    return [hit.passage.article_id for hit in hits]


def sources(places):
    return [(source.article_id, passage.text) for source, passage in places]


@pytest.fixture
def three(tmp_path, document):
    """A long article of several passages, and two short ones."""
    with open_(tmp_path, chunking=Chunking(tokens=6)) as corpus:
        add(
            corpus,
            document("a", "Pilots board ships at dawn. Pilots guide ships home. Crews sleep."),
            document("b", "Pilots board ships at night."),
            document("c", "Bread is baked."),
        )
        yield corpus


@pytest.fixture
def syndicated(corpus, document):
    """A report, its copies, a report of its own, and something else."""
    add(
        corpus,
        document("report", REPORT),
        document("copy", REPORT, title="Copied"),
        document("wire", WIRE),
        document("own", OWN),
        document("bread", BREAD),
    )
    return corpus


# --- which ---


def test_related_passages_are_never_the_passage_itself(three):
    first = first_of(three, "a")
    assert first.text == "Pilots board ships at dawn."
    hits = three.related(passage_id=first.id, top_k=10).hits

    assert first.id not in [hit.passage.id for hit in hits]
    assert [(h.passage.article_id, h.passage.text) for h in hits[:2]] == [
        ("b", "Pilots board ships at night."),
        ("a", "Pilots guide ships home."),
    ]
    assert len(hits) == 4


def test_at_most_so_many_are_given(three):
    first = first_of(three, "a")

    assert [len(three.related(passage_id=first.id, top_k=k).hits) for k in (1, 3, 100)] == [1, 3, 4]


def test_related_passages_of_a_text(three):
    [hit] = three.related(text="ships at night", top_k=1).hits

    assert (hit.passage.article_id, hit.passage.text) == ("b", "Pilots board ships at night.")
    assert [(s.start, s.end) for s in hit.highlights] == [(0, 28)]


@pytest.mark.parametrize("given", [{}, {"text": "x", "passage_id": "y"}])
def test_related_takes_a_text_or_a_passage(corpus, given):
    with pytest.raises(InvalidInput, match="give either text or passage_id"):
        corpus.related(**given)


def test_a_passage_longer_than_a_question_may_be_has_related_ones(corpus, document):
    add(corpus, document("a", "🚢" * 1500), document("b", BREAD))

    found = corpus.related(passage_id=first_of(corpus, "a").id, top_k=100)
    assert "b" in ids(found.hits)


def test_a_passage_is_related_by_what_is_stored_alone(tmp_path, document, monkeypatch):
    with open_(tmp_path) as corpus:
        add(corpus, document("a", PILOTS), document("b", BREAD))

    def load(_):
        raise AssertionError("the model was loaded")

    monkeypatch.setattr("embeddings.load", load)
    with Corpus.open(tmp_path, model="hash") as corpus:
        assert ids(corpus.related(passage_id=first_of(corpus, "a").id).hits) == ["b"]


def test_an_empty_corpus_has_nothing_related(corpus):
    found = corpus.related(text="ships at night")

    assert (found.hits, found.copies) == ((), ())


def test_a_corpus_of_one_passage_has_nothing_related(corpus, document):
    add(corpus, document("a", PILOTS))

    assert corpus.related(passage_id=first_of(corpus, "a").id).hits == ()


# --- copies ---


@pytest.mark.parametrize(
    ("id_", "others"), [("report", ["copy", "wire"]), ("wire", ["copy", "report"])]
)
def test_copies_of_the_passage_are_named_and_no_hits(syndicated, id_, others):
    found = syndicated.related(passage_id=first_of(syndicated, id_).id)

    assert ids(found.hits) == ["own", "bread"]
    assert sorted(source.article_id for source, _ in found.copies) == others


def test_an_exact_copy_is_one_even_under_another_title(corpus, document):
    add(corpus, document("a", PILOTS), document("b", PILOTS), document("c", PILOTS, title="C"))
    add(corpus, document("d", BREAD))
    found = corpus.related(passage_id=first_of(corpus, "b").id)

    assert ids(found.hits) == ["d"]
    assert sources(found.copies) == [("a", PILOTS), ("c", PILOTS)]


def test_copies_of_a_better_hit_are_named_with_it(syndicated):
    hit, other = syndicated.related(passage_id=first_of(syndicated, "own").id).hits

    shown = {hit.passage.article_id, *(source.article_id for source, _ in hit.also_in)}
    assert shown == {"report", "copy", "wire"}
    assert (other.passage.article_id, other.also_in) == ("bread", ())


def test_copies_beyond_those_that_are_shown_are_named_too(syndicated):
    [hit] = syndicated.related(passage_id=first_of(syndicated, "own").id, top_k=1).hits

    assert len(hit.also_in) == 2


def test_a_refrain_within_an_article_is_shown_each_time(tmp_path, document):
    refrain = "Good day to you, said the cat to the old {} at the gate of the mill."
    with open_(tmp_path, chunking=Chunking(tokens=20)) as corpus:
        add(corpus, document("tale", "\n".join(map(refrain.format, ["hare", "wolf", "bear"]))))
        found = corpus.related(passage_id=first_of(corpus, "tale").id)

    assert (ids(found.hits), found.copies) == (["tale", "tale"], ())


def test_a_text_that_stands_in_an_article_has_copies(syndicated):
    found = syndicated.related(text=REPORT)

    assert ids(found.hits) == ["own", "bread"]
    assert {source.article_id for source, _ in found.copies} == {"report", "copy", "wire"}


# --- other sources ---


def test_related_passages_of_other_sources_only(three):
    first = first_of(three, "a")

    assert ids(three.related(passage_id=first.id, other_sources_only=True).hits) == ["b", "c"]


@pytest.fixture
def cut_elsewhere(tmp_path, document):
    """The report; an article that has it in the middle of much else, cut elsewhere; its own."""
    before = "Tides are high in spring. " * 3
    after = " The moon was full over the estuary. Gulls cried."
    with open_(tmp_path, chunking=Chunking(tokens=34)) as corpus:
        add(
            corpus,
            document("report", REPORT),
            document("carries", before + LATER + after),
            document("own", OWN, publisher="P"),
            document("same", "Marin is the best pilot of Lisbon, they say.", publisher="P"),
        )
        yield corpus


@pytest.mark.parametrize("given", ["passage_id", "text"])
def test_an_article_that_carries_the_passage_is_no_other_source(cut_elsewhere, given):
    first = first_of(cut_elsewhere, "report")
    assert first.text == REPORT
    asked = {"passage_id": first.id, "text": REPORT}
    found = cut_elsewhere.related(**{given: asked[given]}, top_k=9, other_sources_only=True)

    assert set(ids(found.hits)) == {"own", "same"}  # of one publisher: both stay
    assert "carries" in [source.article_id for source, _ in found.copies]


def test_a_piece_of_a_copy_is_no_hit_but_the_rest_of_its_article_is(cut_elsewhere):
    found = cut_elsewhere.related(passage_id=first_of(cut_elsewhere, "report").id, top_k=9)

    of_copy = [hit.passage.text for hit in found.hits if hit.passage.article_id == "carries"]
    assert of_copy
    assert not any("Ana Marin guided" in text or "closed the channel" in text for text in of_copy)


def test_a_topic_stands_in_no_article(three):
    everywhere = three.related(text="Pilots board ships")
    elsewhere = three.related(text="Pilots board ships", other_sources_only=True)

    assert everywhere == elsewhere
    assert (len(everywhere.hits), everywhere.copies) == (5, ())


# --- why ---


def test_a_hit_says_what_it_has_in_common(syndicated):
    first = first_of(syndicated, "report")
    hit = syndicated.related(passage_id=first.id).hits[0]

    one, other = HashEncoder().encode_passages([REPORT, OWN])
    assert hit.why == Why(
        similarity=round(float(np.dot(one.vector, other.vector)), 4),
        shared_names=("Ana Marin", "Lisbon", "Aurora"),
        shared_terms=("storm", "closed", "harbour", "tankers", "channel"),
    )
    assert hit.dense == pytest.approx(hit.why.similarity, abs=1e-4)


def test_the_rarest_words_come_first_and_at_most_five(corpus, document):
    words = ["anchor", "buoy", "compass", "dock", "estuary", "fathom"]
    add(corpus, document("a", " ".join(words)), document("b", " ".join(reversed(words)) + " Now."))
    # fathom stands in three articles, estuary in four …
    for n, word in enumerate(reversed(words)):
        add(corpus, *(document(f"{word}{i}", f"the {word} of {i}") for i in range(n)))
    hits = corpus.related(passage_id=first_of(corpus, "a").id, top_k=1).hits

    assert hits[0].passage.article_id == "b"
    assert hits[0].why.shared_terms == ("fathom", "estuary", "dock", "compass", "buoy")


def test_a_word_is_shared_in_any_form_and_shown_as_the_hit_has_it(corpus, document):
    add(corpus, document("a", "The ship was guided."), document("b", "They guide SHIPS."))
    [hit] = corpus.related(passage_id=first_of(corpus, "a").id).hits

    assert hit.why.shared_terms == ("guide", "SHIPS")


def test_answers_to_questions_have_no_such_reasons(syndicated):
    assert {hit.why for hit in syndicated.ask("Who guided the tanker?").hits} == {None}


# --- the whole ---


def test_the_result_does_not_hang_on_how_the_index_was_built(syndicated):
    passages = [first_of(syndicated, id_) for id_ in ("report", "own", "bread")]
    before = [syndicated.related(passage_id=p.id) for p in passages]
    syndicated.reindex()

    assert [syndicated.related(passage_id=p.id) for p in passages] == before


@pytest.mark.slow
def test_the_packaged_model_finds_the_other_report(tmp_path, document, minilm):
    with open_(tmp_path, minilm) as corpus:
        add(corpus, document("report", REPORT), document("wire", WIRE), document("own", OWN))
        add(corpus, document("bread", BREAD), document("pilots", PILOTS))
        found = corpus.related(passage_id=first_of(corpus, "report").id, other_sources_only=True)
        [copied, *_] = corpus.related(passage_id=first_of(corpus, "own").id).hits

    assert ids(found.hits)[0] == "own"
    assert [source.article_id for source, _ in found.copies] == ["wire"]
    assert [source.article_id for source, _ in copied.also_in] in (["wire"], ["report"])
    assert replace(found.hits[0].why, similarity=0).shared_names == (
        "Ana Marin",
        "Lisbon",
        "Aurora",
    )
