import json
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from embeddings import HashEncoder
from qa import Corpus
from qa.adding import Preparer
from qa.errors import Mismatch
from qa.store import writing

QUESTIONS = ["Who guides ships through the harbour?", "When is bread baked?"]
MANIFEST = "the manifest was missing or damaged"
VECTORS_MISSING = "the vector index was missing"
VECTORS_DAMAGED = "the vector index was damaged"
LEXICAL_MISSING = "the lexical index was rebuilt: it was missing"
LEXICAL_DAMAGED = "the lexical index was rebuilt: it was damaged"


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
    """Each file of the indexes by what it is: "manifest", "vectors", "lexical .term", …"""
    index = folder / "index"
    [vectors] = index.glob("vectors-*.faiss")
    lexical = {
        f"lexical {p.name if p.name == 'meta.json' else p.suffix}": p
        for p in (index / "lexical").iterdir()
        if not p.name.startswith(".")
    }
    return {"manifest": index / "manifest.json", "vectors": vectors, **lexical}


@pytest.fixture(scope="module")
def made(tmp_path_factory, document):
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
        assert corpus.generations.mended == list(mended)
        assert corpus.status()["mended"] == list(mended)
        assert corpus.problems() == []
        assert answers(corpus) == expected
    with open_(folder) as corpus:
        assert corpus.generations.mended == []
        assert answers(corpus) == expected


# --- damage ------------------------------------------------------------------------------------


def test_a_corpus_that_is_whole_is_opened_as_it_is(folder, expected):
    before = {name: path.read_bytes() for name, path in index_files(folder).items()}
    assert_mended(folder, expected)

    assert {name: path.read_bytes() for name, path in index_files(folder).items()} == before


LEXICAL_FILES = ["meta.json", ".term", ".idx", ".pos", ".store", ".fast", ".fieldnorm"]
FILES = ["manifest", "vectors", *(f"lexical {name}" for name in LEXICAL_FILES)]


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
    said = {"manifest": MANIFEST, "vectors": VECTORS_MISSING if missing else VECTORS_DAMAGED}
    assert_mended(folder, expected, said.get(name, LEXICAL_DAMAGED))


def test_every_byte_of_the_manifest_counts(folder):
    path = folder / "index" / "manifest.json"
    whole = path.read_bytes()
    with open_(folder) as corpus:
        for at in range(0, len(whole), 7):
            path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
            assert corpus.generations._manifest() is None, whole[at - 20 : at + 20]
        path.write_bytes(whole)


def test_a_lexical_folder_that_is_gone_is_built_anew(folder, expected):
    shutil.rmtree(folder / "index" / "lexical")

    assert_mended(folder, expected, LEXICAL_MISSING)


def test_an_index_folder_that_is_gone_is_built_anew(folder, expected):
    shutil.rmtree(folder / "index")

    assert_mended(folder, expected, MANIFEST)


def test_two_damages_are_both_said(folder, expected):
    files = index_files(folder)
    _flip(files["vectors"])
    _truncate(files["lexical .term"])

    assert_mended(folder, expected, VECTORS_DAMAGED, LEXICAL_DAMAGED)


def test_reindexing_builds_the_indexes_anew_from_the_store(folder, expected):
    with open_(folder) as corpus:
        assert corpus.reindex() == "The indexes were built anew from the stored vectors."
        assert corpus.generations.mended == []
        assert answers(corpus) == expected
    assert_mended(folder, expected)


# --- a writer that was cut off -----------------------------------------------------------------


def commit_unpublished(corpus, *documents):
    """What a writer leaves that is killed after its commit."""
    entries = Preparer(corpus.store, corpus.encoder, corpus.chunking).entries(documents)
    with corpus.lock.held(), corpus.store.transaction():
        generation = corpus.store.next_generation()
        for entry in entries:
            corpus.store.put(entry, generation)
        corpus.store.retire_orphans(generation)
    return generation


def test_what_was_committed_but_not_published_is_caught_up_on_opening(folder, document):
    killed = open_(folder)
    before = killed.snapshot.generation
    generation = commit_unpublished(
        killed, document("new", "A zebra crosses."), document("a3", "Replaced by a zebra.")
    )
    assert killed.snapshot.generation == before
    assert killed.ask("zebra", mode="lexical").hits == ()
    killed.store.close()

    with open_(folder) as corpus:
        assert corpus.generations.mended == []
        assert corpus.snapshot.generation == generation == before + 1
        found = {hit.passage.article_id for hit in corpus.ask("zebra", mode="lexical").hits}
        assert found == {"new", "a3"}
        assert corpus.problems() == []
        caught_up = answers(corpus)
    shutil.rmtree(folder / "index")
    assert_mended(folder, caught_up, MANIFEST)


def test_what_was_indexed_but_not_published_is_caught_up_on_opening(folder, document):
    killed = open_(folder)
    manifest = (folder / "index" / "manifest.json").read_bytes()
    list(killed.add([document("new", "A zebra crosses."), document("a3", "Replaced.")]))
    expected = answers(killed)
    killed.store.close()
    # The words are in, the manifest is not.
    (folder / "index" / "manifest.json").write_bytes(manifest)

    assert_mended(folder, expected)


def test_what_was_committed_but_not_published_is_published_with_the_next_change(folder, document):
    with open_(folder) as corpus:
        commit_unpublished(corpus, document("new", "A zebra crosses."), document("a3", "Gone."))
        list(corpus.add([document("other", "Another zebra.")]))

        found = {hit.passage.article_id for hit in corpus.ask("zebra", mode="lexical").hits}
        assert found == {"new", "other"}
        assert corpus.problems() == []


def test_even_long_after(folder, document, monkeypatch):
    monkeypatch.setattr(writing, "PURGE_AFTER_SECONDS", -1.0)
    with open_(folder) as corpus:
        commit_unpublished(corpus, document("a3", "Replaced."))
        list(corpus.add([document("other", "Another zebra.")]))

        assert corpus.problems() == []


def test_words_of_what_went_out_do_not_count_for_long(folder, document, monkeypatch):
    monkeypatch.setattr("qa.generations.SMALL_CHUNKS", 0)
    with open_(folder) as corpus:
        list(corpus.add(document(f"a{n}", f"Nothing of harbours: {n}.") for n in range(11, 20)))
        expected = answers(corpus)
    shutil.rmtree(folder / "index")

    assert_mended(folder, expected, MANIFEST)


# --- the vectors file --------------------------------------------------------------------------


def test_a_few_new_vectors_wait_for_the_close_to_be_written(folder, document):
    [before] = (folder / "index").glob("vectors-*.faiss")
    with open_(folder) as corpus:
        list(corpus.add([document("new", "A zebra crosses.")]))
        assert [before] == list((folder / "index").glob("vectors-*.faiss"))
        generation = corpus.snapshot.generation
    [after] = (folder / "index").glob("vectors-*.faiss")

    assert after.name == f"vectors-{generation}.faiss" != before.name
    manifest = json.loads((folder / "index" / "manifest.json").read_text("utf-8"))
    assert (manifest["generation"], manifest["vectors"]["file"]) == (generation, after.name)


def test_many_new_vectors_are_written_at_once(folder, document, monkeypatch):
    monkeypatch.setattr("qa.generations.CHECKPOINT_CHUNKS", 2)
    with open_(folder) as corpus:
        list(corpus.add(document(f"new{n}", f"Zebra {n} crosses.") for n in range(5)))

        [vectors] = (folder / "index").glob("vectors-*.faiss")
        assert vectors.name == f"vectors-{corpus.snapshot.generation}.faiss"


# --- two processes -----------------------------------------------------------------------------


@pytest.fixture
def two(tmp_path):
    """Two corpora on one folder, as two processes have them."""
    with open_(tmp_path / "corpus") as one, open_(tmp_path / "corpus") as other:
        yield one, other


def test_what_one_process_writes_the_other_sees_after_taking_over(two, document):
    one, other = two
    list(one.add([document("a", "A zebra crosses.")]))
    assert (ids(one), ids(other)) == (["a"], [])
    assert other.generations.outdated()

    other.take_over()
    assert ids(other) == ["a"]
    assert not other.generations.outdated()
    assert answers(other) == answers(one)
    assert other.problems() == []


def test_two_processes_write_by_turns(two, document):
    one, other = two
    for n in range(3):
        list(one.add([document(f"a{n}", f"Pilot {n} boards."), document("both", f"One {n}.")]))
        list(other.add([document(f"b{n}", f"Baker {n} bakes."), document("both", f"Other {n}.")]))
        other.remove([f"a{n - 1}"])
    one.take_over()

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
    other.take_over()
    one.reindex()
    assert ids(other) == ["a"]

    list(other.add([document("b", "Bakers bake.")]))
    one.take_over()
    assert ids(one) == ids(other) == ["a", "b"]
    assert one.problems() == other.problems() == []
    assert answers(one) == answers(other)


class OtherEncoder(HashEncoder):
    name = "other"
    digest = "other weights"

    def encode_passages(self, texts):
        return -super().encode_passages(texts)

    encode_queries = encode_passages


def test_after_another_process_has_reindexed_nothing_is_written(two, document):
    one, other = two
    list(one.add([document("a", "Pilots board.")]))
    other.take_over()
    with Corpus.open(one.folder, encoder=OtherEncoder(), reindexing=True) as third:
        third.reindex()
        expected = answers(third)

    for change in (
        lambda: list(other.add([document("b", "Bakers bake.")])),
        lambda: other.remove(["a"]),
        other.take_over,
    ):
        with pytest.raises(Mismatch, match="the corpus was re-indexed by another process"):
            change()
    assert ids(other) == ["a"]
    other.close()
    with Corpus.open(one.folder, encoder=OtherEncoder()) as again:
        assert again.generations.mended == []
        assert answers(again) == expected


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
