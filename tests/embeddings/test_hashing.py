import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings import Encoded, HashEncoder, Vectors

ENCODER = HashEncoder()


def cosine(one: str, other: str) -> float:
    a, b = vectors(ENCODER.encode_passages([one, other]))
    return float(a @ b)


def vectors(encoded: list[Encoded]) -> Vectors:
    return np.array([one.vector for one in encoded])


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("harbour pilot", "harbour pilot", 1.0),
        ("harbour pilot", "Pilot! HARBOUR?", 1.0),  # order, case and punctuation do not count
        ("harbour pilot", "bread oven", 0.0),
        ("harbour pilot", "pilot bread", 0.5),  # 1 / (√2 · √2)
        ("harbour pilot boat crew", "pilot", 0.5),  # 1 / (√4 · 1)
        ("pilot pilot pilot boat", "boat", 1 / 10**0.5),  # 1 / √(9 + 1)
    ],
)
def test_cosine_is_word_overlap(one, other, expected):
    assert expected == pytest.approx(cosine(one, other), abs=1e-6)


def test_a_passage_and_a_query_with_the_same_words_have_the_same_vector():
    texts = ["The pilot boards.", "", "…"]

    passages, queries = ENCODER.encode_passages(texts), ENCODER.encode_queries(texts)
    assert np.array_equal(vectors(passages), vectors(queries))


def test_a_word_has_the_same_dimension_and_sign_in_every_process():
    code = (
        "from embeddings import HashEncoder\n"
        "encoded = HashEncoder().encode_queries(['pilot', 'bread', 'Straße'])\n"
        "vectors = [one.vector for one in encoded]\n"
        "print([(int(i), float(v[i])) for v in vectors for i in v.nonzero()[0]])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert run.stdout == "[(73, 1.0), (41, 1.0), (228, -1.0)]\n"


@pytest.mark.parametrize("text", ["", " \n", "…!"])
def test_a_text_without_words_has_the_first_unit_vector(text):
    expected = np.zeros(256, np.float32)
    expected[0] = 1.0

    assert np.array_equal(expected, ENCODER.encode_passages([text])[0].vector)


def test_no_text_gives_no_vectors():
    assert ENCODER.encode_passages([]) == []
    assert ENCODER.encode_queries([]) == []


def test_tokens_are_words_and_single_signs():
    text = "Don’t — stop! 3.5"
    spans = ENCODER.token_spans(text)

    assert [text[s:e] for s, e in spans] == ["Don", "’", "t", "—", "stop", "!", "3", ".", "5"]


def test_a_word_without_end_counts_as_one_token_for_every_32_characters():
    assert ENCODER.token_spans("x" * 70) == [(0, 32), (32, 64), (64, 70)]


@given(st.text())
def test_tokens_tile_everything_but_white_space(text):
    covered = [i for start, end in ENCODER.token_spans(text) for i in range(start, end)]

    assert [i for i, char in enumerate(text) if not char.isspace()] == covered


def test_token_vectors_are_those_of_the_words_with_their_places():
    text = "The harbour-pilot"
    tokens = ENCODER.encode_queries([text])[0].tokens

    assert tokens.spans.tolist() == [[0, 3], [4, 11], [12, 17]]
    words = vectors(ENCODER.encode_passages(["the", "harbour", "pilot"]))
    assert np.array_equal(words, tokens.vectors)


def test_token_vectors_past_the_last_token_that_is_read_are_missing():
    tokens = ENCODER.encode_passages(["pilot " * 300])[0].tokens

    assert tokens.vectors.shape == (254, 256)
    assert tokens.spans[-1].tolist() == [1518, 1523]


@given(st.lists(st.text()))
def test_every_vector_has_unit_length(texts):
    lengths = [np.linalg.norm(one.vector) for one in ENCODER.encode_passages(texts)]

    assert np.allclose(1.0, lengths, atol=1e-6)
