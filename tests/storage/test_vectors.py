import itertools
from concurrent.futures import ThreadPoolExecutor

import faiss
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.storage.vectors import Segment, VectorIndex, merge, write
from qa.storage.vectors.rows import FileRows

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

    assert len(index.segments) == 1
    assert len(index.with_changes(keys(1025), np.ones((1, 2), np.float32), NONE).segments) == 2


def loaded(index, folder):
    """The index as another process reads it from its files."""
    segments = [Segment.load(folder, s.name, s.digests) for s in index.segments]
    return VectorIndex(index.dimension, segments)


@pytest.mark.parametrize("coded_from", [0, 10**6])
@pytest.mark.parametrize("count", [0, 1, 100])
def test_what_is_saved_is_what_is_loaded(tmp_path, count, coded_from):
    rng = np.random.default_rng(count)
    index, content = filled(rng, count)
    gone = keys(*[key for key in content if key % 5 == 0])
    index = index.with_changes(NONE, whole_vectors(rng, 0), gone).saved(tmp_path, coded_from)
    again = loaded(index, tmp_path)

    assert (again.dimension, len(again)) == (DIMENSION, count - count // 5)
    assert again.keys().tolist() == index.keys().tolist() == sorted(content.keys() - set(gone))
    assert np.array_equal(again.mean, index.mean)
    for query in whole_vectors(rng, 20):
        assert found(again, query, 10) == found(index, query, 10)


@pytest.mark.parametrize("coded_from", [0, 10**6])
def test_a_loaded_index_can_be_changed(tmp_path, coded_from):
    rng = np.random.default_rng(1)
    index, content = filled(rng, 40)
    index = loaded(index.saved(tmp_path, coded_from), tmp_path)
    vectors = whole_vectors(rng, 3)
    index = index.with_changes(keys(41, 42, 43), vectors, keys(7))
    content.update(zip([41, 42, 43], vectors, strict=True))
    del content[7]

    for query in whole_vectors(rng, 20):
        assert found(index, query, 10) == brute_force(content, query, 10)


def test_only_what_is_new_is_written(tmp_path):
    rng = np.random.default_rng(1)
    index = filled(rng, 40)[0].saved(tmp_path)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    index = index.with_changes(keys(41), whole_vectors(rng, 1), keys(3)).saved(tmp_path)

    assert [len(s.keys) for s in index.segments] == [40, 1]
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_the_mean_is_that_of_what_is_there(tmp_path):
    rng = np.random.default_rng(8)
    index, content = filled(rng, 50)
    index = index.saved(tmp_path).with_changes(keys(51), np.ones((1, DIMENSION)), keys(4, 9))
    left = [content[key] for key in content if key not in (4, 9)]

    assert np.array_equal(
        index.mean, np.mean([*left, np.ones(DIMENSION)], axis=0, dtype=np.float32)
    )
    assert not VectorIndex(3).mean.any()


# --- segments that are searched by codes -------------------------------------------------------


def unit(rng, count, dimension=32):
    """Unit vectors around some centres, as texts about some matters are."""
    centres = rng.normal(size=(20, dimension))
    vectors = centres[rng.integers(20, size=count)] + rng.normal(size=(count, dimension))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture
def coded(tmp_path):
    """5,000 vectors by codes, 300 after them exactly, some of both taken out; {key: vector}."""
    rng = np.random.default_rng(12)
    vectors = unit(rng, 5300)
    first = write(tmp_path, np.arange(5000), iter([vectors[:2000], vectors[2000:5000]]), 32, 1000)
    gone = np.unique(rng.integers(0, 5300, 700))
    index = VectorIndex(32, [first]).with_changes(np.arange(5000, 5300), vectors[5000:], NONE)
    index = index.with_changes(NONE, vectors[:0], gone)
    assert [segment.codes is not None for segment in index.segments] == [True, False]
    return index, dict(enumerate(vectors)), gone


@pytest.mark.parametrize("share", [None, 0.5, 0.1, 0.01])
def test_codes_find_what_brute_force_finds_with_exact_scores(coded, share):
    index, content, gone = coded
    rng = np.random.default_rng(13)
    allowed = None if share is None else np.flatnonzero(rng.random(5300) < share)
    for key in gone.tolist():
        del content[key]
    queries = unit(rng, 50)
    expected = [brute_force(content, query, 10, allowed) for query in queries]
    answers = [index.search(query, 10, allowed) for query in queries]

    right = [
        len(set(a.keys.tolist()) & set(e)) for a, (e, _) in zip(answers, expected, strict=True)
    ]
    assert sum(right) >= 0.99 * 10 * len(queries)
    for query, answer in zip(queries, answers, strict=True):
        products = [content[key] @ query for key in answer.keys.tolist()]
        assert answer.scores.tolist() == pytest.approx(products, abs=1e-6)
        assert answer.scores.tolist() == sorted(answer.scores.tolist(), reverse=True)
        assert allowed is None or np.isin(answer.keys, allowed).all()


def test_of_equal_scores_codes_give_the_oldest(coded):
    index, content, gone = coded
    oldest = [key for key in content if key not in gone][:7]

    assert found(index, np.zeros(32, np.float32), 7) == (oldest, [0.0] * 7)


def test_vectors_of_a_coded_segment_are_given_back(coded):
    index, content, _ = coded

    wanted = keys(4999, 3, 5100, 2)
    assert np.array_equal(index.vectors(wanted), np.stack([content[k] for k in wanted.tolist()]))


def test_rows_are_read_from_their_file(tmp_path):
    rows = np.arange(60, dtype=np.float32).reshape(20, 3)
    np.save(tmp_path / "rows.npy", rows)
    read = FileRows(tmp_path / "rows.npy")

    assert (len(read), read.shape) == (20, (20, 3))
    for wanted in ([], [4], [2, 3, 4], [0, 2, 3], [1, 18], [0, 9, 19]):
        assert np.array_equal(read[keys(*wanted)], rows[wanted])
    assert np.array_equal(read[5:30], rows[5:30])
    (tmp_path / "rows.npy").write_bytes((tmp_path / "rows.npy").read_bytes()[:-4])
    with pytest.raises(ValueError, match="cut off"):
        read[15:20]
    np.save(tmp_path / "other.npy", rows.astype(np.float64))
    with pytest.raises(ValueError, match="does not hold vectors"):
        FileRows(tmp_path / "other.npy")


# --- merging -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ([], 0),
        ([5], 0),
        ([4, 4], 0),
        ([4, 2, 2], 0),
        ([4, 5], 2),
        ([4, 2, 2, 1], 4),
        ([9, 2, 2, 1], 3),
        ([9, 4, 1, 2], 2),
    ],
)
def test_a_segment_that_is_smaller_than_all_newer_ones_is_merged(tmp_path, sizes, expected):
    ends = np.cumsum([0, *sizes])
    parts = [
        write(tmp_path, np.arange(start, end), iter([np.ones((end - start, 2), np.float32)]), 2)
        for start, end in itertools.pairwise(ends)
    ]
    assert VectorIndex(2, parts).to_merge() == tuple(parts[len(parts) - expected :])


def test_a_segment_with_many_dead_chunks_is_written_anew(tmp_path):
    vectors = whole_vectors(np.random.default_rng(3), 40)
    part = write(tmp_path, np.arange(40), iter([vectors]), DIMENSION)
    few, many = part.without(np.arange(10)), part.without(np.arange(11))

    assert VectorIndex(DIMENSION, [few]).to_merge() == ()
    assert VectorIndex(DIMENSION, [many]).to_merge() == (many,)
    assert merge(tmp_path, [many]).keys.tolist() == list(range(11, 40))


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=20)
def test_merging_changes_nothing_whatever_is_taken_out_meanwhile(tmp_path_factory, seed):
    rng, folder = np.random.default_rng(seed), tmp_path_factory.mktemp("segments")
    index, content = VectorIndex(DIMENSION), {}
    for part in np.array_split(rng.permutation(200), rng.integers(2, 6)):  # keys interleave
        vectors = whole_vectors(rng, len(part))
        index = index.with_changes(part, vectors, NONE).saved(folder)
        content.update(zip(part.tolist(), vectors, strict=True))
    before = index.with_changes(NONE, whole_vectors(rng, 0), rng.integers(0, 200, 40))
    merged = merge(folder, before.segments[1:], int(rng.choice([0, 10**6])))
    now = before.with_changes(keys(500), whole_vectors(rng, 1), rng.integers(0, 200, 40))
    after = now.replaced(before.segments[1:], merged)

    assert len(after.segments) == 3
    assert after.keys().tolist() == now.keys().tolist()
    assert np.array_equal(after.mean, now.mean)
    for query in whole_vectors(rng, 10):
        assert found(after, query, 20) == found(now, query, 20)


def test_what_was_merged_of_others_is_not_put_in_place(tmp_path):
    rng = np.random.default_rng(1)
    index = filled(rng, 40)[0].saved(tmp_path)
    merged = merge(tmp_path, index.segments)

    assert filled(rng, 40)[0].saved(tmp_path).replaced(index.segments, merged) is None


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
