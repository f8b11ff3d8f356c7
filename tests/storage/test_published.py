import os
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from embeddings import HashEncoder
from qa import Corpus
from qa.errors import Mismatch
from qa.passages.prepare import Preparer
from qa.storage import manifest
from qa.storage.published import OF_ANOTHER_VERSION
from qa.storage.sql import purging
from qa.storage.vectors import merge
from tests.conftest import sql

QUESTIONS = ["Who guides ships through the harbour?", "When is bread baked?"]
MANIFEST = "the manifest was missing or damaged"
VECTORS_MISSING = "the vector index was missing"
VECTORS_DAMAGED = "the vector index was damaged"
LEXICAL_MISSING = "the lexical index was rebuilt: it was missing"
LEXICAL_DAMAGED = "the lexical index was rebuilt: it was damaged"


def names(corpus):
    """The segments that readers search."""
    return corpus.storage.published.indexes.vectors.names


def open_(folder):
    return Corpus.open(folder, encoder=HashEncoder())


def answers(corpus):
    """All that can be asked, without the time that it took."""
    asked = [
        replace(corpus.ask(question, mode=mode), took_ms=0)
        for question in QUESTIONS
        for mode in ("hybrid", "dense", "lexical")
    ]
    related = [corpus.related(text=question) for question in QUESTIONS]
    checked = [replace(corpus.check(question), took_ms=0) for question in QUESTIONS]
    return asked, related, checked


def ids(corpus):
    return [stored.article.id for stored, _, _ in corpus.articles()]


def index_files(folder):
    """Each file of the indexes by what it is: "manifest", ".rows.npy", "lexical .term", …"""
    index = folder / "index"
    vectors = {"".join(p.suffixes): p for p in (index / "segments").iterdir()}
    lexical = {
        f"lexical {p.name if p.name == 'meta.json' else p.suffix}": p
        for p in index.glob("lexical-*/*")
        if not p.name.startswith(".")
    }
    return {"manifest": index / "manifest.json", **vectors, **lexical}


@pytest.fixture(autouse=True, scope="module")
def coded():
    """All segments are searched by codes, as those of a large corpus are."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("qa.storage.vector_files.VectorFiles.coded_from", 0)
        yield


@pytest.fixture(scope="module")
def made(tmp_path_factory, document, coded):
    """A corpus with a past: articles were added, replaced and removed; and its answers."""
    folder = tmp_path_factory.mktemp("made") / "corpus"
    topics = ["The pilot guides ships.", "Bread is baked at night.", "The harbour sleeps."]
    with open_(folder) as corpus:
        texts = [f"{topic} Number {n} says so." for n in range(10) for topic in topics]
        list(corpus.add(document(f"a{n}", text, title="T") for n, text in enumerate(texts)))
        list(corpus.add([document("a3", "The pilot of number 3 has left."), document("x", "Gone")]))
        corpus.remove(["x", "a7", "a8", "a9", "a10"])
        expected = answers(corpus)
    return folder, expected


@pytest.fixture
def folder(made, tmp_path):
    """A copy of it, to be damaged."""
    shutil.copytree(made[0], tmp_path / "corpus")
    return tmp_path / "corpus"


@pytest.fixture
def expected(made):
    return made[1]


def assert_mended(folder, expected, *mended):
    with open_(folder) as corpus:
        assert corpus.storage.published.repairs == list(mended)
        assert corpus.status()["mended"] == list(mended)
        assert corpus.problems() == []
        assert answers(corpus) == expected
    with open_(folder) as corpus:
        assert corpus.storage.published.repairs == []
        assert answers(corpus) == expected


# --- damage ------------------------------------------------------------------------------------


def test_a_corpus_that_is_whole_is_opened_as_it_is(folder, expected):
    before = {name: path.read_bytes() for name, path in index_files(folder).items()}
    assert_mended(folder, expected)

    assert {name: path.read_bytes() for name, path in index_files(folder).items()} == before


LEXICAL_FILES = ["meta.json", ".term", ".idx", ".pos", ".store", ".fast", ".fieldnorm"]
VECTOR_FILES = [".keys.npy", ".rows.npy", ".total.npy", ".codes"]
FILES = ["manifest", *VECTOR_FILES, *(f"lexical {name}" for name in LEXICAL_FILES)]


def _delete(path):
    path.unlink()


def _truncate(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _flip(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0x10
    path.write_bytes(data)


@pytest.mark.parametrize("damage", [_delete, _truncate, _flip])
@pytest.mark.parametrize("name", FILES)
def test_a_damaged_file_is_built_anew_and_said(folder, expected, name, damage):
    damage(index_files(folder)[name])

    missing = damage is _delete
    said = dict.fromkeys(VECTOR_FILES, VECTORS_MISSING if missing else VECTORS_DAMAGED)
    said["manifest"] = MANIFEST
    assert_mended(folder, expected, said.get(name, LEXICAL_DAMAGED))


def test_a_file_that_decayed_on_the_disk_is_found_by_the_integrity_check(folder):
    rows = index_files(folder)[".rows.npy"]
    times = rows.stat()
    _flip(rows)
    os.utime(rows, ns=(times.st_atime_ns, times.st_mtime_ns))
    with open_(folder) as corpus:
        assert corpus.storage.published.repairs == []
        assert corpus.problems() == [f"{rows.name} of the vector index is damaged: qa reindex"]
        corpus.reindex()
        assert corpus.problems() == []


def test_files_that_were_copied_without_their_times_are_read_and_found_whole(folder, expected):
    for path in (folder / "index" / "segments").iterdir():
        os.utime(path, ns=(0, 0))

    assert_mended(folder, expected)


def test_every_byte_of_the_manifest_counts(folder):
    path = folder / "index" / "manifest.json"
    whole = path.read_bytes()
    assert manifest.read(path.parent) is not None
    for at in range(0, len(whole), 7):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        assert manifest.read(path.parent) is None, whole[at - 20 : at + 20]


def test_a_lexical_folder_that_is_gone_is_built_anew(folder, expected):
    [lexical] = (folder / "index").glob("lexical-*")
    shutil.rmtree(lexical)

    assert_mended(folder, expected, LEXICAL_MISSING)


def test_an_index_folder_that_is_gone_is_built_anew(folder, expected):
    shutil.rmtree(folder / "index")

    assert_mended(folder, expected, MANIFEST)


def test_indexes_of_another_version_are_made_anew_and_said(folder, expected, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr("qa.storage.published.ANALYSIS", "english stems; 1")
        with open_(folder) as corpus:
            assert corpus.storage.published.repairs == [OF_ANOTHER_VERSION]

    assert_mended(folder, expected, OF_ANOTHER_VERSION)


def test_two_damages_are_both_said(folder, expected):
    files = index_files(folder)
    _flip(files[".rows.npy"])
    _truncate(files["lexical .term"])

    assert_mended(folder, expected, VECTORS_DAMAGED, LEXICAL_DAMAGED)


def test_reindexing_builds_the_indexes_anew_from_the_store(folder, expected):
    with open_(folder) as corpus:
        assert corpus.reindex() == "The indexes were built anew from the stored vectors."
        assert corpus.storage.published.repairs == []
        assert answers(corpus) == expected
    assert_mended(folder, expected)


# --- a writer that was cut off -----------------------------------------------------------------


def commit_unpublished(corpus, *documents):
    """What a writer leaves that is killed after its commit."""
    entries = Preparer(corpus.storage.store, corpus.encoder, corpus.chunking).entries(documents)
    with corpus.storage.lock.held(), corpus.storage.store.changing() as change:
        for entry in entries:
            change.put(entry)
    return corpus.storage.store.generation()


def test_what_was_committed_but_not_published_is_caught_up_on_opening(folder, document):
    killed = open_(folder)
    before = killed.view.version
    generation = commit_unpublished(
        killed, document("new", "A zebra crosses."), document("a3", "Replaced by a zebra.")
    )
    assert killed.view.version == before
    assert killed.ask("zebra", mode="lexical").hits == ()
    killed.storage.store.close()

    with open_(folder) as corpus:
        assert corpus.storage.published.repairs == []
        assert corpus.view.version == generation == before + 1
        found = {hit.passage.article_id for hit in corpus.ask("zebra", mode="lexical").hits}
        assert found == {"new", "a3"}
        assert corpus.problems() == []
        caught_up = answers(corpus)
    shutil.rmtree(folder / "index")
    assert_mended(folder, caught_up, MANIFEST)


def test_what_was_indexed_but_not_published_is_caught_up_on_opening(folder, document):
    killed = open_(folder)
    index, before = folder / "index", folder / "before"
    shutil.copytree(index / "segments", before)
    before_it = (index / "manifest.json").read_bytes()
    list(killed.add([document("new", "A zebra crosses."), document("a3", "Replaced.")]))
    expected = answers(killed)
    killed.storage.store.close()
    # The words are in, the manifest is not, and so what it names is there still.
    (index / "manifest.json").write_bytes(before_it)
    shutil.copytree(before, index / "segments", dirs_exist_ok=True)

    assert_mended(folder, expected)


def test_what_was_committed_but_not_published_is_published_with_the_next_change(folder, document):
    with open_(folder) as corpus:
        commit_unpublished(corpus, document("new", "A zebra crosses."), document("a3", "Gone."))
        list(corpus.add([document("other", "Another zebra.")]))

        found = {hit.passage.article_id for hit in corpus.ask("zebra", mode="lexical").hits}
        assert found == {"new", "other"}
        assert corpus.problems() == []


def test_even_long_after(folder, document, monkeypatch):
    monkeypatch.setattr(purging, "PURGE_AFTER_SECONDS", -1.0)
    with open_(folder) as corpus:
        commit_unpublished(corpus, document("a3", "Replaced."))
        list(corpus.add([document("other", "Another zebra.")]))

        assert corpus.problems() == []


def test_words_of_what_went_out_do_not_count_for_long(folder, document, monkeypatch):
    monkeypatch.setattr("qa.storage.lexical_files.SMALL_CHUNKS", 0)
    with open_(folder) as corpus:
        list(corpus.add(document(f"a{n}", f"Nothing of harbours: {n}.") for n in range(11, 20)))
        expected = answers(corpus)
    shutil.rmtree(folder / "index")

    assert_mended(folder, expected, MANIFEST)


# --- the files of vectors ----------------------------------------------------------------------


def segments(folder):
    """The names of the segments that have files, and of those in the manifest."""
    there = {path.name.partition(".")[0] for path in (folder / "index" / "segments").iterdir()}
    known = manifest.read(folder / "index")
    assert known
    named = known["vectors"]
    assert there == set(named)
    return list(named)


def test_a_few_new_vectors_wait_for_the_close_to_be_written(folder, document):
    before = segments(folder)
    with open_(folder) as corpus:
        list(corpus.add([document("new", "A zebra crosses.")]))
        assert segments(folder) == before

    [*kept, new] = segments(folder)
    assert kept == before
    keys = np.load(folder / "index" / "segments" / f"{new}.keys.npy")
    assert keys.tolist() == [corpus_chunk(folder, "new")]


def corpus_chunk(folder, id_):
    with open_(folder) as corpus:
        [(_, _, chunk)] = corpus.view.passages_of(corpus.article(id_).key)
        return chunk


def test_many_new_vectors_are_written_at_once_and_what_is_there_stays(
    folder, document, monkeypatch
):
    monkeypatch.setattr("qa.storage.vector_files.CHECKPOINT_CHUNKS", 2)
    before = segments(folder)
    with open_(folder) as corpus:
        corpus.add_batch([document(f"new{n}", f"Zebra {n} crosses.") for n in range(5)])
        assert segments(folder)[:-1] == before


# --- compaction --------------------------------------------------------------------------------


def reopened(folder, document, *texts):
    """Each text is added by a process of its own: so each has a segment of its own."""
    for text in texts:
        with open_(folder) as corpus:
            corpus.add_batch([document(text.replace(" ", "-"), f"A zebra of {text} crosses.")])


def compacted(corpus):
    while corpus.maintain():
        pass


def test_small_segments_are_merged_and_nothing_else_changes(folder, document):
    reopened(folder, document, "one", "two", "three", "four", "five")
    assert len(segments(folder)) > 5
    with open_(folder) as corpus:
        expected, generation = answers(corpus), corpus.view.version
        compacted(corpus)

        assert len(segments(folder)) <= 3
        assert corpus.storage.published.indexes.vectors.names == tuple(segments(folder))
        assert (answers(corpus), corpus.view.version) == (expected, generation)
        assert not corpus.maintain()
        assert not (folder / "index" / "building").exists()
    assert_mended(folder, expected)


@pytest.fixture
def meanwhile(monkeypatch):
    """What is done while segments are merged: `meanwhile(lambda: …)`."""

    def set_up(do):
        def merge_beside(*arguments):
            made = merge(*arguments)
            do()
            return made

        monkeypatch.setattr("qa.storage.vector_files.merge", merge_beside)

    return set_up


def test_what_comes_and_goes_while_segments_are_merged_is_there_after_it(
    folder, document, meanwhile
):
    reopened(folder, document, "one", "two", "three")
    with open_(folder) as corpus:
        once = iter([True])

        def change():
            if next(once, False):
                corpus.remove(["one", "a4"])
                corpus.add_batch([document("two", "The zebra is back."), document("new", "New.")])

        meanwhile(change)
        compacted(corpus)

        assert corpus.problems() == []
        assert (
            corpus.storage.published.indexes.vectors.keys().tolist()
            == corpus.storage.store.live_chunks(corpus.view.version).tolist()
        )
        expected = answers(corpus)
        assert len(corpus.storage.published.indexes.vectors.names) <= 3
    shutil.rmtree(folder / "index")
    assert_mended(folder, expected, MANIFEST)


def test_readers_answer_while_segments_are_merged(folder, document, meanwhile):
    reopened(folder, document, "one", "two", "three")
    with open_(folder) as corpus:
        expected, asked = answers(corpus), []
        meanwhile(lambda: asked.append(answers(corpus)))
        compacted(corpus)

    assert asked
    assert all(found == expected for found in asked)


class Killed(BaseException):
    pass


def test_a_merge_that_was_cut_off_leaves_nothing(folder, document, meanwhile):
    reopened(folder, document, "one", "two", "three")
    before = segments(folder)

    def die():
        raise Killed

    with open_(folder) as corpus:
        expected = answers(corpus)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("qa.storage.vector_files.merge", lambda *_: die())
            with pytest.raises(Killed):
                corpus.maintain()
        left = folder / "index" / "building" / "half.rows.npy"
        left.parent.mkdir(exist_ok=True)
        left.write_bytes(b"half")
        corpus.storage.store.close()
    assert segments(folder) == before

    assert_mended(folder, expected)
    with open_(folder) as corpus:
        compacted(corpus)
        assert not left.exists()
        assert answers(corpus) == expected


def test_only_one_compacts_at_a_time(folder, document, meanwhile):
    reopened(folder, document, "one", "two", "three")
    with open_(folder) as corpus, open_(folder) as other:
        tried = []
        meanwhile(lambda: tried.append(other.storage.published.compact()))
        assert corpus.storage.published.compact()

        assert tried == [False]


def test_another_process_takes_over_what_was_merged(folder, document):
    reopened(folder, document, "one", "two", "three")
    with open_(folder) as corpus, open_(folder) as other:
        expected = answers(other)
        compacted(corpus)
        assert other.storage.published.is_behind()
        assert answers(other) == expected  # its files are gone, but it has them open

        other.refresh()
        assert not other.storage.published.is_behind()
        assert (
            other.storage.published.indexes.vectors.names
            == corpus.storage.published.indexes.vectors.names
        )
        assert answers(other) == expected
        list(other.add([document("more", "A zebra more.")]))
        corpus.refresh()
        assert corpus.problems() == other.problems() == []
        assert answers(corpus) == answers(other)


def test_what_was_merged_while_another_process_rebuilt_is_thrown_away(folder, document, meanwhile):
    reopened(folder, document, "one", "two", "three")
    with open_(folder) as corpus, open_(folder) as other:
        expected = answers(other)
        meanwhile(other.reindex)

        assert not corpus.storage.published.compact()
        assert (
            corpus.storage.published.indexes.vectors.names
            == other.storage.published.indexes.vectors.names
        )
        assert answers(corpus) == expected
    assert_mended(folder, expected)


def test_words_of_a_large_corpus_are_indexed_again_beside_its_readers(
    folder, document, monkeypatch
):
    monkeypatch.setattr("qa.storage.lexical_files.SMALL_CHUNKS", 0)
    monkeypatch.setattr("qa.storage.lexical_files.LARGE_CHUNKS", 0)
    with open_(folder) as corpus, open_(folder) as other:
        corpus.add_batch([document(f"a{n}", f"Nothing of harbours: {n}.") for n in range(11, 20)])
        [before] = (folder / "index").glob("lexical-*")
        compacted(corpus)
        [after] = (folder / "index").glob("lexical-*")
        assert after != before
        expected = answers(corpus)

        other.refresh()
        assert answers(other) == expected
        list(other.add([document("more", "A zebra more.")]))
        corpus.refresh()
        assert answers(corpus) == answers(other)
        expected = answers(other)
    assert_mended(folder, expected)


def test_what_went_out_is_given_back_by_compaction(folder, document, monkeypatch):
    monkeypatch.setattr(purging, "PURGE_AFTER_SECONDS", -1.0)
    with open_(folder) as corpus:
        text = " ".join(f"word{n}" for n in range(60_000))
        corpus.add_batch([document("long", text)])
        corpus.remove(["long"])
        before = corpus.status()["bytes"]["store"]
        compacted(corpus)
        with sql(corpus) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

        assert corpus.status()["bytes"]["store"] < before / 3
        assert corpus.problems() == []


# --- two processes -----------------------------------------------------------------------------


@pytest.fixture
def two(tmp_path):
    """Two corpora on one folder, as two processes have them."""
    with open_(tmp_path / "corpus") as one, open_(tmp_path / "corpus") as other:
        yield one, other


def test_what_one_process_writes_the_other_sees_after_taking_over(two, document):
    one, other = two
    list(one.add([document("b", "A baker bakes.")]))
    other.refresh()
    list(one.add([document("a", "A zebra crosses.")]))
    assert (ids(one), ids(other)) == (["a", "b"], ["b"])
    assert other.storage.published.is_behind()

    other.refresh()
    assert ids(other) == ["a", "b"]
    assert not other.storage.published.is_behind()
    assert answers(other) == answers(one)
    assert other.problems() == []


def test_two_processes_write_by_turns(two, document):
    one, other = two
    for n in range(3):
        list(one.add([document(f"a{n}", f"Pilot {n} boards."), document("both", f"One {n}.")]))
        list(other.add([document(f"b{n}", f"Baker {n} bakes."), document("both", f"Other {n}.")]))
        other.remove([f"a{n - 1}"])
    one.refresh()

    assert ids(one) == ids(other) == ["a2", "b0", "b1", "b2", "both"]
    assert one.article("both").article.text == other.article("both").article.text == "Other 2."
    assert one.problems() == other.problems() == []
    assert answers(one) == answers(other)


def test_after_two_processes_wrote_and_closed_the_corpus_is_whole(tmp_path, document):
    one, other = open_(tmp_path / "corpus"), open_(tmp_path / "corpus")
    list(one.add([document("a", "Pilots board.")]))
    list(other.add([document("b", "Bakers bake.")]))
    expected = answers(other)
    one.close()
    other.close()

    assert_mended(tmp_path / "corpus", expected)


def test_a_rebuild_by_one_process_does_not_disturb_the_other(two, document):
    one, other = two
    list(one.add([document("a", "Pilots board.")]))
    other.refresh()
    one.reindex()
    assert ids(other) == ["a"]

    list(other.add([document("b", "Bakers bake.")]))
    one.refresh()
    assert ids(one) == ids(other) == ["a", "b"]
    assert one.problems() == other.problems() == []
    assert answers(one) == answers(other)


class OtherEncoder(HashEncoder):
    name = "other"
    digest = "other weights"

    def encode_passages(self, texts):
        return [replace(e, vector=-e.vector) for e in super().encode_passages(texts)]

    encode_queries = encode_passages


def test_after_another_process_has_reindexed_nothing_is_written(two, document):
    one, other = two
    list(one.add([document("a", "Pilots board.")]))
    other.refresh()
    with Corpus.open(one.folder, encoder=OtherEncoder(), reindexing=True) as third:
        third.reindex()
        expected = answers(third)

    for change in (
        lambda: list(other.add([document("b", "Bakers bake.")])),
        lambda: other.remove(["a"]),
        other.refresh,
        other.follow,
        lambda: ids(other),
    ):
        with pytest.raises(Mismatch, match="the corpus was re-indexed by another process"):
            change()
    other.close()
    with Corpus.open(one.folder, encoder=OtherEncoder()) as again:
        assert again.storage.published.repairs == []
        assert answers(again) == expected


def test_without_a_manifest_what_another_process_wrote_is_taken_over_from_the_store(two, document):
    """Its files are in nobody's list, and ours may be gone."""
    one, other = two
    list(one.add([document("a", "Pilots board.")]))
    for lexical in (one.folder / "index").glob("lexical-*"):
        shutil.rmtree(lexical)
    (one.folder / "index" / "manifest.json").write_bytes(b"{")
    assert other.storage.published.is_behind()

    other.refresh()
    assert answers(other) == answers(one)
    assert other.problems() == []
    assert not other.storage.published.is_behind()


# --- readers beside a writer -------------------------------------------------------------------


def test_readers_see_only_whole_generations_while_200_articles_come(corpus, document):
    batches, size = 20, 10
    stop, seen = threading.Event(), []

    def read():
        while not stop.is_set():
            answer = corpus.ask("Which harbour is at state?", top_k=100)
            seen.append((answer.generation, [hit.passage for hit in answer.hits]))

    with ThreadPoolExecutor(3) as threads:
        readers = [threads.submit(read) for _ in range(3)]
        try:
            for batch in range(1, batches + 1):
                new = [document(f"{batch}-{n}", f"Harbour {batch} {n}.") for n in range(size)]
                corpus.add_batch([*new, document("state", f"The state of harbour: {batch}.")])
        finally:
            stop.set()
        for reader in readers:
            reader.result()

    assert len({generation for generation, _ in seen}) > 2
    for generation, passages in seen:
        found = {passage.article_id: passage.text for passage in passages}
        there = {f"{b}-{n}" for b in range(1, generation + 1) for n in range(size)}
        assert len(found) == len(passages) == min(100, len(there) + 1 if generation else 0)
        assert found.keys() <= {*there, "state"}
        if generation:
            assert found["state"] == f"The state of harbour: {generation}."
    assert len(ids(corpus)) == 100
    assert corpus.status()["counts"]["articles"] == batches * size + 1
