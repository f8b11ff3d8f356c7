import numpy as np
import pytest

from embeddings import HashEncoder, TokenVectors
from qa import Corpus
from qa.related.likeness import COMPARED, Likeness, nearness, pooled, untitled
from qa.storage.token_vectors import PassageTokens, pack, unpack
from qa.types import Ranked

PILOTS = "A harbour pilot guides ships into the port at dawn."
GUIDES = "The pilot guides ships at dawn into the old harbour."
NO_TOKENS = np.zeros((0, 256), np.float32)
BREAD = "Bread is baked at night in the old town."


@pytest.fixture(scope="module")
def corpus(tmp_path_factory, document):
    with Corpus.open(tmp_path_factory.mktemp("likeness"), encoder=HashEncoder()) as opened:
        list(
            opened.add(
                [
                    document("pilots", PILOTS, title="Bakers and bread of the town"),
                    document("bread", BREAD, title="Bakers and bread of the town"),
                    document("guides", GUIDES, title="Seven wolves"),
                    document("plain", PILOTS),
                ]
            )
        )
        yield opened


def test_the_mean_of_a_passages_own_tokens_leaves_out_the_title():
    vectors = np.array([[1, 0], [0, 1], [0, 3]], np.float32)
    spans = np.array([[-9, -5], [0, 4], [5, 9]], np.int32)

    titled, plain = (
        PassageTokens(TokenVectors(vectors[first:], spans[first:]), ()) for first in (0, 1)
    )
    assert pooled(titled).tolist() == [0, 1]
    assert untitled(titled, vectors[0]).tolist() == [0, 1]
    assert untitled(plain, vectors[0]).tolist() == [1, 0]
    assert pooled(PassageTokens(TokenVectors(vectors[:1], spans[:1]), ())).tolist() == [0, 0]


def test_a_passage_has_the_vector_that_it_has_without_a_title(corpus):
    [(_, _, chunk)] = corpus.view.passages_of(corpus.article("pilots").key)
    [vector] = Likeness(corpus.view, NO_TOKENS).vectors(np.array([chunk]))

    read = corpus.encoder.encode_passages([PILOTS])[0].tokens
    alone = pooled(unpack(pack(PassageTokens(read, ())), 256))
    assert vector == pytest.approx(alone, abs=1e-6)
    [stored] = corpus.view.vectors([chunk])
    assert float(stored @ alone) < 0.95


def test_two_passages_are_near_by_their_tokens_both_ways():
    one, other = np.array([[1, 0], [0, 1]], np.float32), np.array([[1, 0]], np.float32)

    assert nearness(one, one) == 1.0
    assert nearness(one, other) == nearness(other, one) == (0.5 + 1.0) / 2
    assert nearness(one, np.zeros((0, 2), np.float32)) == 0.0


def test_candidates_past_those_that_are_read_come_behind_them(corpus, monkeypatch):
    monkeypatch.setattr("qa.related.likeness.COMPARED", 1)
    keys = np.sort(corpus.storage.store.live_chunks(corpus.view.version))
    likeness = Likeness(corpus.view, NO_TOKENS)
    scores = np.arange(len(keys), 0, -1).astype(np.float32)
    found = likeness.rescored(Ranked(keys, scores), likeness.vectors(keys[:1])[0])

    assert found.keys.tolist() == keys.tolist()
    assert found.scores.tolist() == pytest.approx([1.0, *(1.0 - i for i in range(len(keys) - 1))])
    assert COMPARED == 50


def test_only_the_first_candidates_are_scored_anew_and_the_list_stays_in_order(corpus):
    likeness = Likeness(corpus.view, NO_TOKENS)
    keys = np.sort(corpus.storage.store.live_chunks(corpus.view.version))
    vector = likeness.vectors(keys[-1:])[0]
    ranked = likeness.rescored(Ranked(keys, np.zeros(len(keys), np.float32)), vector)

    assert ranked.scores[0] == pytest.approx(1.0, abs=1e-5)
    assert sorted(ranked.keys.tolist()) == keys.tolist()
    assert ranked.scores.tolist() == sorted(ranked.scores.tolist(), reverse=True)
    empty = likeness.rescored(Ranked.empty(), vector)
    assert (empty.keys.tolist(), empty.scores.tolist()) == ([], [])


def test_passages_are_related_by_what_they_say_and_not_by_their_headlines(corpus):
    [passage] = corpus.passages_of(corpus.article("pilots"))
    found = corpus.related(passage_id=passage.id, top_k=2)

    assert [hit.passage.article_id for hit in found.hits] == ["guides", "bread"]
    assert [source.article_id for source, _ in found.copies] == ["plain"]
