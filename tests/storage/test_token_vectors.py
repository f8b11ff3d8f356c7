import numpy as np
import pytest

from embeddings import HashEncoder, TokenVectors
from qa.storage.token_vectors import PassageTokens, pack, unpack
from qa.types import Span

SENTENCE = Span(0, 1)


def passage(vectors, spans=None, sentences=(SENTENCE,)):
    vectors = np.array(vectors, np.float32)
    spans = [(i, i + 1) for i in range(len(vectors))] if spans is None else spans
    return PassageTokens(
        TokenVectors(vectors, np.array(spans, np.int32).reshape(-1, 2)), tuple(sentences)
    )


def unit(rng, count, dimension):
    vectors = rng.standard_normal((count, dimension)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_words_of_the_hash_encoder_come_back_as_they_were():
    tokens = HashEncoder().encode_queries(["The harbour pilot guides ships"])[0].tokens
    sentences = (Span(0, 30), Span(31, 32))
    found = unpack(pack(PassageTokens(tokens, sentences)), 256)

    assert np.array_equal(found.tokens.vectors, tokens.vectors)
    assert np.array_equal(found.tokens.spans, tokens.spans)
    assert found.sentences == sentences


def test_the_worked_example():
    # Root mean square 0.5, so what is below 0.306 counts as 0; 0.8 + 0.5 = 1.3 makes the factor.
    [vector] = unpack(pack(passage([[0.8, -0.5, 0.3, -0.14]])), 4).tokens.vectors

    assert vector == pytest.approx([1 / 1.3, -1 / 1.3, 0, 0], rel=1e-3)


@pytest.mark.parametrize("dimension", [1, 4, 5, 6, 384, 1024])
def test_a_vector_and_what_is_left_of_it_have_the_product_1(dimension):
    vectors = unit(np.random.default_rng(1), 20, dimension)
    found = unpack(pack(passage(vectors)), dimension).tokens.vectors

    assert found.shape == (20, dimension)
    assert np.allclose((found * vectors).sum(axis=1), 1, atol=2e-3)


def test_cosines_of_other_vectors_hardly_change():
    rng = np.random.default_rng(2)
    vectors, queries = unit(rng, 200, 384), unit(rng, 50, 384)
    found = unpack(pack(passage(vectors)), 384).tokens.vectors

    errors = queries @ found.T - queries @ vectors.T
    assert np.abs(errors.mean()) < 0.001
    assert errors.std() < 0.03


def test_a_token_of_384_dimensions_takes_83_bytes():
    vectors = unit(np.random.default_rng(3), 100, 384)

    assert len(pack(passage(vectors))) == 4 + 4 + 100 * 83


def test_tokens_of_the_title_keep_their_negative_spans():
    found = unpack(pack(passage([[1, 0], [0, 1]], [(-7, -2), (0, 1500)])), 2)

    assert found.tokens.spans.tolist() == [[-7, -2], [0, 1500]]


@pytest.mark.parametrize("dimension", [2, 384])
def test_a_passage_without_a_token_has_none(dimension):
    nothing = np.zeros((0, dimension), np.float32)
    found = unpack(pack(passage(nothing, sentences=())), dimension)

    assert found.tokens.vectors.shape == (0, dimension)
    assert found.tokens.spans.shape == (0, 2)
    assert found.sentences == ()


def test_a_vector_of_zeros_stays_one():
    assert not unpack(pack(passage([[0.0, 0.0]])), 2).tokens.vectors.any()


@pytest.mark.parametrize(
    ("spans", "sentences"),
    [([(0, 40_000)], ()), ([(-40_000, 3)], ()), ([(0, 1)], (Span(0, 40_000),))],
)
def test_spans_that_do_not_fit_are_refused(spans, sentences):
    with pytest.raises(ValueError, match="longer than its spans can say"):
        pack(passage([[1.0]], spans, sentences))
