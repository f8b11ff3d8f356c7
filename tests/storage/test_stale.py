"""A reader whose rows are gone says so: it never answers from what is left of them."""

import shutil
import tempfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from embeddings import HashEncoder
from qa import Corpus
from qa.errors import Mismatch, NotFound, Unavailable
from qa.passages.chunking import Chunking
from qa.storage import Storage
from qa.storage.sql.purging import purge
from qa.types import Article, Document
from tests.conftest import sql


class Other(HashEncoder):
    """Another model: same words, other vectors."""

    name = "other"
    digest = "other weights"

    def encode_passages(self, texts):
        return [replace(e, vector=-e.vector) for e in super().encode_passages(texts)]

    encode_queries = encode_passages


class Interrupted(Storage):
    """Something happens between taking a view and reading from it."""

    meanwhile = None

    @property
    def view(self):
        taken = super().view
        happens, self.meanwhile = self.meanwhile, None
        if happens:
            happens()
        return taken

    @property
    def shown(self):
        """The generation that readers are at, without anything happening."""
        return super().view.version


def interrupted(folder):
    """A corpus to whose storage something may happen."""
    corpus = Corpus.open(folder, encoder=HashEncoder())
    corpus.storage.__class__ = Interrupted
    return corpus


def document(id_, text):
    return Document(Article(id_, text), text.encode(), "text/plain", origin=id_, size=len(text))


def let_time_pass(corpus):
    """So long that the next write purges all that went out."""
    with sql(corpus) as db:
        db.execute("UPDATE generations SET at = at - 1000")


def replace_and_purge(corpus, *documents):
    """As another process does in the course of an hour."""
    corpus.add_batch(documents)
    let_time_pass(corpus)
    corpus.add_batch([document("later", f"Later there were {len(documents)}.")])


@pytest.fixture
def reader(tmp_path):
    with interrupted(tmp_path / "corpus") as opened:
        opened.add_batch([document("a", "The pilot boards at dawn."), document("b", "Bread.")])
        yield opened


@pytest.fixture
def writer(reader):
    with Corpus.open(reader.folder, encoder=HashEncoder()) as opened:
        yield opened


READS = {
    "ask": lambda c: [hit.passage.text for hit in c.ask("pilot boards").hits],
    "related": lambda c: [hit.passage.text for hit in c.related(text="pilot boards").hits],
    "check": lambda c: c.check("The pilot boards at dusk.").verdict,
    "check_text": lambda c: [
        q.verdict.verdict for q in c.check_text("“The pilot boards at dusk.”").quotations
    ],
    "article": lambda c: c.article("a").article.text,
    "articles": lambda c: [stored.article.id for stored, _, _ in c.articles()],
    "raw": lambda c: c.raw("a"),
    "passages": lambda c: [p.text for p in c.passages_of(c.article("a"))],
    "counts": lambda c: c.counts(),
    "generation": lambda c: c.checked_generation(),
}


@pytest.mark.parametrize("read", READS.values(), ids=READS)
def test_rows_that_go_while_they_are_read_are_read_again_at_a_newer_state(reader, writer, read):
    reader.storage.meanwhile = lambda: replace_and_purge(
        writer, document("a", "The pilot boards at dusk.")
    )
    found = read(reader)

    assert reader.view.version == writer.view.version == 3
    assert found == read(writer)
    assert reader.article("a").article.text == "The pilot boards at dusk."


@pytest.mark.parametrize("read", READS.values(), ids=READS)
@pytest.mark.parametrize("purged", [False, True])
def test_after_a_re_index_with_another_model_nothing_is_read(reader, read, purged):
    def reindexed():
        with Corpus.open(reader.folder, encoder=Other(), reindexing=True) as other:
            other.reindex()
            if purged:
                replace_and_purge(other, document("a", "The pilot boards at dusk."))

    reader.storage.meanwhile = reindexed
    for _ in range(2):
        with pytest.raises(Mismatch, match="re-indexed by another process") as caught:
            read(reader)
        assert caught.value.code == "mismatch"


def test_after_a_re_index_with_other_passages_nothing_is_read_until_it_is_re_indexed_back(reader):
    chunkings = (Chunking(tokens=20), reader.chunking)
    for chunking in chunkings:
        with Corpus.open(
            reader.folder, encoder=HashEncoder(), chunking=chunking, reindexing=True
        ) as other:
            other.reindex()
            replace_and_purge(other, document("a", "The pilot boards at dusk."))
            expected = {name: read(other) for name, read in READS.items()}
        if chunking == chunkings[0]:
            for read in READS.values():
                with pytest.raises(Mismatch):
                    read(reader)
            with pytest.raises(Mismatch):
                reader.follow()
    reader.follow()

    assert {name: read(reader) for name, read in READS.items()} == expected
    assert reader.problems() == []
    reader.add_batch([document("c", "One more.")])
    assert reader.check("One more.").matches[0].source.article_id == "c"
    assert reader.problems() == []


def test_passages_of_an_article_that_is_gone_are_not_an_empty_list(reader, writer):
    stored = reader.article("a")
    writer.remove(["a"])
    replace_and_purge(writer, document("d", "Dusk."))

    with pytest.raises(Unavailable, match="taken out meanwhile: read it again") as caught:
        reader.passages_of(stored)
    assert caught.value.code == "outdated"


def test_while_another_process_writes_for_long_what_is_outdated_is_not_answered(
    reader, writer, monkeypatch
):
    monkeypatch.setattr("qa.storage.storage.PATIENCE_SECONDS", 0.05)
    replace_and_purge(writer, document("a", "The pilot boards at dusk."))
    with writer.storage.lock.held(), pytest.raises(Unavailable, match="ask again") as caught:
        reader.check("The pilot boards at dawn.")
    assert caught.value.code == "outdated"

    assert reader.check("The pilot boards at dusk.").verdict == "verbatim"


def test_a_purge_that_leaves_rows_behind_counts_for_all_of_them(reader, writer):
    """At most so many rows are deleted at a time; no reader may count on the others."""
    writer.remove(["a", "b"])
    let_time_pass(writer)
    with writer.storage.store._database.transaction():
        assert purge(writer.storage.store._database, most=1) == 1

    assert writer.storage.store.purged_to() == 2 > reader.storage.shown
    assert READS["articles"](reader) == []
    assert reader.view.version == 2


def test_without_a_table_of_generations_only_the_newest_is_certain(reader, writer):
    writer.add_batch([document("c", "Tea.")])
    with sql(writer) as db:
        db.execute("DELETE FROM generations")

    assert writer.storage.store.purged_to() == 2
    assert READS["articles"](reader) == ["a", "b", "c"]


def test_an_older_state_in_the_place_of_the_corpus_is_not_read(reader, tmp_path):
    """Another file under its name, as who restores a backup puts it there."""
    shutil.copy(reader.storage.store.path, tmp_path / "copy.db")
    (tmp_path / "copy.db").replace(reader.storage.store.path)

    for read in READS.values():
        with pytest.raises(Mismatch, match="replaced by another file: start again"):
            read(reader)
    with pytest.raises(Mismatch, match="replaced by another file"):
        reader.remove(["a"])


def test_a_generation_before_ours_is_not_read(reader):
    reader.add_batch([document("c", "Tea.")])
    with reader.storage.store.changing() as change:
        change.set_meta({"generation": "1"})

    for read in READS.values():
        with pytest.raises(Mismatch, match="an older state of the corpus was put in its place"):
            read(reader)


# --- whatever happens, in whatever order -------------------------------------------------------

IDS = st.sampled_from("abc")
MODELS = {"hash": HashEncoder, "other": Other}


class Interleaved(RuleBasedStateMachine):
    """One reader that never looks up, beside writers in every state of mind."""

    def __init__(self):
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.now, self.count = {}, 0
        self.reader = interrupted(self.folder)
        self.model, self.writer = "hash", Corpus.open(self.folder, encoder=HashEncoder())
        self.history = {0: {}}

    def teardown(self):
        for corpus in (self.reader, self.writer):
            corpus.close()
        shutil.rmtree(self.folder)

    def add(self, id_):
        self.count += 1
        self.now = {**self.now, id_: f"Statement number {self.count} of the harbour pilots."}
        self.writer.add_batch([document(id_, self.now[id_])])

    def remove(self, id_):
        self.writer.remove([id_])
        self.now = {key: text for key, text in self.now.items() if key != id_}

    def purge(self, id_):
        let_time_pass(self.writer)
        self.add(id_)

    def reindex(self, id_):
        self.writer.close()
        self.model = "other" if self.model == "hash" else "hash"
        encoder = MODELS[self.model]()
        with Corpus.open(self.folder, encoder=encoder, reindexing=True) as corpus:
            corpus.reindex()
        self.writer = Corpus.open(self.folder, encoder=encoder)

    def change(self, name, id_):
        getattr(self, name)(id_)
        self.history[self.writer.storage.store.generation()] = self.now

    changes = st.tuples(st.sampled_from(["add", "remove", "purge", "purge", "reindex"]), IDS)

    @rule(change=changes)
    def written(self, change):
        self.change(*change)

    @rule(
        read=st.sampled_from(["listed", "checked", "asked", "counted"]),
        change=st.none() | changes,
        id_=IDS,
    )
    def read(self, read, change, id_):
        if change:
            self.reader.storage.meanwhile = lambda: self.change(*change)
        known = next((h[id_] for h in reversed(self.history.values()) if id_ in h), "Nothing.")
        try:
            getattr(self, read)(id_, known)
        except Mismatch:
            assert self.model == "other"
        else:
            assert self.model == "hash"

    def state(self):
        """What there was at the reader's generation, at which all of it must still be there."""
        generation = self.reader.storage.shown
        assert generation >= self.writer.storage.store.purged_to()
        return self.history[generation]

    def listed(self, id_, known):
        found = {stored.article.id for stored, _, _ in self.reader.articles()}
        assert found == set(self.state())
        with suppress(NotFound):
            assert self.reader.article(id_).article.text == self.state()[id_]

    def checked(self, id_, known):
        verdict = self.reader.check(known).verdict
        assert (verdict == "verbatim") == (known in self.state().values())

    def asked(self, id_, known):
        hits = self.reader.ask(known, top_k=10).hits
        assert {hit.passage.text for hit in hits} == set(self.state().values())

    def counted(self, id_, known):
        assert self.reader.counts()["articles"] == len(self.state())

    @invariant()
    def whole(self):
        assert self.writer.storage.store.check() == []


Interleaved.TestCase.settings = settings(max_examples=6, stateful_step_count=12, deadline=None)
TestInterleaved = pytest.mark.slow(Interleaved.TestCase)
