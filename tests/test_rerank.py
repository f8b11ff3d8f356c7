from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from embeddings import HashEncoder, TokenVectors
from qa.rerank import TokenCache, maxsim, rerank
from qa.types import Hit, Passage, Source, Span

SOURCE = Source("a", None, None, None, None, None, None)


def tokens(vectors, spans=None):
    vectors = np.array(vectors, np.float32).reshape(len(vectors), -1)
    spans = [(i, i + 1) for i in range(len(vectors))] if spans is None else spans
    return TokenVectors(vectors, np.array(spans, np.int32).reshape(-1, 2))


def hit(id_, score):
    return Hit(Passage(id_, "a", 0, 1, "x"), SOURCE, score, None, None)


QUERY = tokens([[1, 0, 0], [0, 1, 0]])
PASSAGE = tokens([[0.9, 0.1, 0.4], [0.2, 0.5, 0.8]], [(0, 5), (6, 9)])


# --- maxsim ------------------------------------------------------------------------------------


def test_the_worked_example():
    assert maxsim(QUERY, PASSAGE) == pytest.approx((0.9 + 0.5) / 2)


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        (Span(0, 9), 0.7),
        (Span(0, 5), (0.9 + 0.1) / 2),
        (Span(0, 8), (0.9 + 0.1) / 2),  # the second token reaches over its end
        (Span(6, 20), (0.2 + 0.5) / 2),
        (Span(1, 9), (0.2 + 0.5) / 2),
        (Span(5, 6), 0.0),
    ],
)
def test_only_tokens_within_the_span_count(span, expected):
    assert maxsim(QUERY, PASSAGE, span) == pytest.approx(expected)


def test_without_tokens_on_either_side_it_is_0():
    none = TokenVectors(np.zeros((0, 3), np.float32), np.zeros((0, 2), np.int32))

    assert maxsim(none, PASSAGE) == maxsim(QUERY, none) == maxsim(none, none) == 0.0


def test_it_equals_a_naive_reference():
    rng = np.random.default_rng(1)
    query, passage = tokens(rng.normal(size=(7, 16))), tokens(rng.normal(size=(40, 16)))

    naive = [max(float(np.dot(q, p)) for p in passage.vectors) for q in query.vectors]
    assert maxsim(query, passage) == pytest.approx(sum(naive) / 7, rel=1e-5)


# --- rerank ------------------------------------------------------------------------------------


def test_half_of_the_score_is_the_stretched_maxsim():
    hits = [hit("a", 1.0), hit("b", 0.6), hit("c", 0.5)]
    read = {
        "a": tokens([[0.2, 0.2, 0]]),
        "b": tokens([[0.4, 0.4, 0]]),
        "c": tokens([[0.6, 0.6, 0]]),
    }

    found = rerank(QUERY, hits, read)
    assert [(h.passage.id, h.score) for h in found] == [("c", 0.75), ("b", 0.55), ("a", 0.5)]


def test_hits_that_were_not_read_stay_behind_in_their_order():
    hits = [hit("a", 1.0), hit("b", 0.4), hit("c", 0.4), hit("d", 0.3)]
    read = {"a": tokens([[0.6, 0, 0]]), "b": tokens([[0.2, 0, 0]])}

    found = rerank(QUERY, hits, read)
    assert [(h.passage.id, h.score) for h in found] == [
        ("a", 1.0),
        ("b", 0.2),
        ("c", 0.2),
        ("d", 0.15),
    ]


def test_equals_keep_their_order():
    hits = [hit(id_, 0.5) for id_ in "abc"]
    read = {id_: tokens([[0.5, 0, 0]]) for id_ in "abc"}

    found = rerank(QUERY, hits, read)
    assert [(h.passage.id, h.score) for h in found] == [("a", 0.75), ("b", 0.75), ("c", 0.75)]


def test_nothing_read_halves_the_scores_and_keeps_the_order():
    assert [h.score for h in rerank(QUERY, [hit("a", 1.0), hit("b", 0.5)], {})] == [0.5, 0.25]
    assert rerank(QUERY, [], {}) == []


# --- cache -------------------------------------------------------------------------------------


class Counting(HashEncoder):
    """Remembers what it was asked for."""

    def __init__(self):
        self.asked = []

    def passage_tokens(self, texts):
        self.asked.append(list(texts))
        return super().passage_tokens(texts)


ONE_WORD = 256 * 4 + 2 * 4  # bytes of a text's tokens when it has one word


def test_a_text_is_encoded_once():
    encoder, cache = Counting(), TokenCache()
    first = cache.get(encoder, ["a", "b", "a"])
    again = cache.get(encoder, ["b", "c", "a"])

    assert encoder.asked == [["a", "b"], ["c"]]
    assert first[0] is first[2] is again[2]
    assert first[1] is again[0]


def test_no_text_asks_for_nothing():
    encoder = Counting()

    assert TokenCache().get(encoder, []) == []
    assert encoder.asked == []


def test_what_was_read_longest_ago_goes_out_first():
    encoder, cache = Counting(), TokenCache(limit=2 * ONE_WORD)
    for text in ("a", "b", "a", "c", "a", "b"):
        cache.get(encoder, [text])

    assert encoder.asked == [["a"], ["b"], ["c"], ["b"]]


def test_what_is_larger_than_the_cache_is_given_but_not_kept():
    encoder, cache = Counting(), TokenCache(limit=2 * ONE_WORD)
    for text in ("a b c", "a b c", "a"):
        [found] = cache.get(encoder, [text])
        assert len(found.vectors) == len(text.split())

    assert encoder.asked == [["a b c"], ["a b c"], ["a"]]


def test_many_threads_get_the_same_from_a_small_cache():
    encoder, cache = HashEncoder(), TokenCache(limit=5 * ONE_WORD)
    texts = [f"w{n % 11}" for n in range(400)]
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda text: cache.get(encoder, [text, "w0"]), texts))

    for text, (one, zero) in zip(texts, found, strict=True):
        assert np.array_equal(encoder.query_tokens(text).vectors, one.vectors)
        assert np.array_equal(encoder.query_tokens("w0").vectors, zero.vectors)
