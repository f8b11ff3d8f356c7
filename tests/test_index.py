from concurrent.futures import ThreadPoolExecutor

import faiss
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.index import VectorIndex

DIMENSION = 8
NONE = np.empty(0, np.int64)


def keys(*numbers):
    return np.array(numbers, np.int64)


def whole_vectors(rng, count, dimension=DIMENSION):
    """Small whole numbers: every product is exact, and many are equal."""
    return rng.integers(-2, 3, (count, dimension)).astype(np.float32)


def brute_force(content, query, limit, allowed=None):
    """(keys, scores) from {key: vector}: best first, of equals the older."""
    wanted = sorted(content if allowed is None else content.keys() & set(allowed.tolist()))
    if not wanted or limit < 1:
        return [], []
    scores = np.stack([content[key] for key in wanted]) @ query
    order = np.lexsort((wanted, -scores))[:limit]
    return [wanted[i] for i in order], scores[order].tolist()


def found(index, query, limit, allowed=None):
    ranked = index.search(query, limit, allowed)
    return ranked.keys.tolist(), ranked.scores.tolist()


def filled(rng, count):
    """An index of `count` vectors added in uneven parts, and what is in it."""
    index, content, key = VectorIndex(DIMENSION), {}, 1
    while key <= count:
        size = min(int(rng.integers(1, 9)), count - key + 1)
        added, vectors = np.arange(key, key + size), whole_vectors(rng, size)
        index = index.with_changes(added, vectors, NONE)
        content.update(zip(added.tolist(), vectors, strict=True))
        key += size
    return index, content


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=30)
def test_it_finds_what_brute_force_finds_whatever_was_added_and_removed(seed):
    rng = np.random.default_rng(seed)
    index, content, key = VectorIndex(DIMENSION), {}, 1
    for _ in range(int(rng.integers(1, 12))):
        size = int(rng.integers(0, 40))
        added, vectors = np.arange(key, key + size), whole_vectors(rng, size)
        removed = [k for k in content if rng.random() < rng.choice([0.0, 0.05, 0.5])]
        index = index.with_changes(added, vectors, np.array([*removed, 9999], np.int64))
        for gone in removed:
            del content[gone]
        content.update(zip(added.tolist(), vectors, strict=True))
        key += size
        query, limit = whole_vectors(rng, 1)[0], int(rng.integers(1, 30))
        allowed = np.array([k for k in range(key) if rng.random() < 0.4], np.int64)
        assert found(index, query, limit) == brute_force(content, query, limit)
        assert found(index, query, limit, allowed) == brute_force(content, query, limit, allowed)
        assert index.keys().tolist() == sorted(content)
        assert len(index) == len(content)


def test_cosines_of_unit_vectors_are_those_of_brute_force():
    rng = np.random.default_rng(3)
    vectors = rng.normal(size=(3000, 384)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    index = VectorIndex(384).with_changes(np.arange(3000), vectors, NONE)
    ranked = index.search(vectors[17], 100)

    cosines = vectors @ vectors[17]
    assert ranked.keys.tolist() == np.argsort(-cosines)[:100].tolist()
    assert np.allclose(np.sort(cosines)[::-1][:100], ranked.scores, atol=1e-6)
    assert (ranked.keys[0], ranked.scores[0]) == (17, pytest.approx(1.0, abs=1e-6))


def test_of_equal_scores_the_older_come_first_however_the_limit_cuts():
    same = np.ones((50, DIMENSION), np.float32)
    index = VectorIndex(DIMENSION).with_changes(np.arange(1, 51), same, NONE)
    index = index.with_changes(np.arange(51, 61), same[:10], keys(1, 3))

    assert found(index, same[0], 3) == ([2, 4, 5], [8.0, 8.0, 8.0])
    assert found(index, same[0], 3, keys(60, 3, 50, 49)) == ([49, 50, 60], [8.0, 8.0, 8.0])


@pytest.mark.parametrize("limit", [0, -1])
def test_a_limit_below_one_finds_nothing(limit):
    index = VectorIndex(2).with_changes(keys(1), np.ones((1, 2), np.float32), NONE)

    assert found(index, np.ones(2, np.float32), limit) == ([], [])


def test_an_empty_index_finds_nothing():
    index = VectorIndex(2)

    assert found(index, np.ones(2, np.float32), 5) == ([], [])
    assert (len(index), index.keys().tolist()) == (0, [])


def test_no_key_is_allowed_finds_nothing():
    index = VectorIndex(2).with_changes(keys(1), np.ones((1, 2), np.float32), NONE)

    assert found(index, np.ones(2, np.float32), 5, NONE) == ([], [])
    assert found(index, np.ones(2, np.float32), 5, keys(2)) == ([], [])


def test_all_can_be_removed_and_others_added():
    vectors = np.eye(2, dtype=np.float32)
    index = VectorIndex(2).with_changes(keys(1, 2), vectors, NONE)
    index = index.with_changes(NONE, vectors[:0], keys(1, 2))

    assert (len(index), found(index, vectors[0], 5)) == (0, ([], []))
    index = index.with_changes(keys(3), vectors[:1], NONE)
    assert found(index, vectors[0], 5) == ([3], [1.0])


def test_vectors_are_given_back_and_zeros_for_a_key_that_is_not_there():
    rng = np.random.default_rng(5)
    index, content = filled(rng, 30)

    expected = np.stack([content[7], np.zeros(DIMENSION), content[30], content[1]])
    assert np.array_equal(expected, index.vectors(keys(7, 99, 30, 1)))


def test_adding_one_by_one_keeps_few_segments():
    index = VectorIndex(2)
    for key in range(1, 1025):
        index = index.with_changes(keys(key), np.ones((1, 2), np.float32), NONE)

    assert len(index._segments) == 1
    assert len(index.with_changes(keys(1025), np.ones((1, 2), np.float32), NONE)._segments) == 2


@pytest.mark.parametrize("count", [0, 1, 100])
def test_what_is_saved_is_what_is_loaded(tmp_path, count):
    rng = np.random.default_rng(count)
    index, content = filled(rng, count)
    gone = keys(*[key for key in content if key % 5 == 0])
    index = index.with_changes(NONE, whole_vectors(rng, 0), gone)
    index.save(tmp_path / "vectors")
    loaded = VectorIndex.load(tmp_path / "vectors")

    assert (loaded.dimension, len(loaded)) == (DIMENSION, count - count // 5)
    assert loaded.keys().tolist() == index.keys().tolist()
    for query in whole_vectors(rng, 20):
        assert found(loaded, query, 10) == found(index, query, 10)


def test_a_loaded_index_can_be_changed(tmp_path):
    rng = np.random.default_rng(1)
    index, content = filled(rng, 40)
    index.save(tmp_path / "vectors")
    vectors = whole_vectors(rng, 3)
    index = VectorIndex.load(tmp_path / "vectors").with_changes(keys(41, 42, 43), vectors, keys(7))
    content.update(zip([41, 42, 43], vectors, strict=True))
    del content[7]

    for query in whole_vectors(rng, 20):
        assert found(index, query, 10) == brute_force(content, query, 10)


def test_an_older_index_answers_the_same_while_newer_ones_are_made():
    rng = np.random.default_rng(2)
    older, content = filled(rng, 60)
    queries = whole_vectors(rng, 10)
    before = [found(older, query, 20) for query in queries]
    newer = older
    for key in range(61, 161):
        newer = newer.with_changes(keys(key), whole_vectors(rng, 1), keys(key - 60))

    assert [found(older, query, 20) for query in queries] == before
    assert older.keys().tolist() == sorted(content)
    assert newer.keys().tolist() == list(range(101, 161))


def test_searching_leaves_the_number_of_threads_as_it_was():
    rng = np.random.default_rng(6)
    index, _ = filled(rng, 20)
    before = faiss.omp_get_max_threads()
    try:
        faiss.omp_set_num_threads(3)
        index.search(whole_vectors(rng, 1)[0], 5)
        assert faiss.omp_get_max_threads() == 3
    finally:
        faiss.omp_set_num_threads(before)


def test_many_threads_search_while_newer_indexes_are_made():
    rng = np.random.default_rng(4)
    index, content = filled(rng, 200)
    queries = list(whole_vectors(rng, 400))
    expected = [brute_force(content, query, 15) for query in queries]
    with ThreadPoolExecutor(4) as threads:
        answers = threads.map(lambda query: found(index, query, 15), queries)
        newer = index
        for key in range(201, 401):
            newer = newer.with_changes(keys(key), whole_vectors(rng, 1), keys(key - 200))
        assert list(answers) == expected

    assert newer.keys().tolist() == list(range(201, 401))
