import pytest

from embeddings import HashEncoder
from qa.passages.chunking import Chunking
from qa.passages.prepare import BATCH_CHUNKS, BATCH_DOCUMENTS, Outcome, Preparer, batches
from qa.storage.records import Chunk
from qa.storage.sqlite import SqliteStore
from qa.storage.token_vectors import unpack
from qa.types import Article, Document, Refused, Span


class Counting(HashEncoder):
    """Remembers the passages that it encoded."""

    def __init__(self):
        self.encoded = []

    def encode_passages(self, texts):
        self.encoded.extend(texts)
        return super().encode_passages(texts)


@pytest.fixture
def encoder():
    return Counting()


@pytest.fixture
def store(tmp_path):
    opened = SqliteStore(tmp_path / "footnote.db")
    yield opened
    opened.close()


@pytest.fixture
def prepare(store, encoder):
    preparer = Preparer(store, encoder, Chunking(tokens=4))
    return lambda documents: [
        entry for _, entry in preparer.prepare(documents).items if entry is not None
    ]


@pytest.fixture
def put(store, prepare):
    """Stores what the documents become; the texts of the passages."""

    def put(*documents):
        entries = prepare(documents)
        with store.changing() as change:
            for entry in entries:
                change.put(entry)
        return [[placed.chunk.text for placed in entry.placed] for entry in entries]

    return put


# --- entries -----------------------------------------------------------------------------------


def test_an_article_is_cut_and_its_passages_are_encoded(prepare, encoder, document):
    [entry] = prepare([document("a", "One two three. Four five six.", title="Title")])

    assert [(p.start, p.end, p.chunk) for p in entry.placed] == [
        (0, 14, Chunk("Title", "", True, "One two three.")),
        (15, 29, Chunk("Title", "", False, "Four five six.")),
    ]
    reading = unpack(entry.placed[0].token_vectors, 256)
    assert reading.sentences == (Span(0, 14),)
    assert reading.tokens.spans.tolist() == [[-6, -1], [0, 3], [4, 7], [8, 13]]
    assert encoder.encoded == ["Title\nOne two three.", "Four five six."]
    encoded = HashEncoder().encode_passages(encoder.encoded)
    assert [p.vector for p in entry.placed] == [e.vector.astype("<f4").tobytes() for e in encoded]


def test_a_title_that_the_text_begins_with_is_not_repeated(prepare, encoder, document):
    prepare([document("a", "Title here. Text.", title="Title here.")])

    assert encoder.encoded == ["Title here.", "Text."]


def test_an_article_that_is_there_as_it_is_has_no_entry(prepare, put, encoder, document):
    put(document("a", "One."), document("b", "Two."))
    entries = prepare([document("a", "One."), document("b", "Three."), document("c", "Four.")])

    assert [entry.document.article.id for entry in entries] == ["b", "c"]
    assert encoder.encoded == ["One.", "Two.", "Three.", "Four."]


def test_other_metadata_is_another_version_with_the_same_vectors(put, encoder, document):
    put(document("a", "One."))
    put(document("a", "One.", publisher="P"))

    assert encoder.encoded == ["One."]


def test_another_title_is_encoded_anew_where_it_stands_in_front(put, encoder, document):
    put(document("a", "One two three. Four five six.", title="Old"))
    put(document("a", "One two three. Four five six.", title="New"))

    assert encoder.encoded == ["Old\nOne two three.", "Four five six.", "New\nOne two three."]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"publisher": "Gazette", "author": "A. B."}, "Gazette, A. B."),
        ({"publisher": "Gazette", "extra": {"source": "The Wire"}}, "Gazette, The Wire"),
        ({"publisher": "The Wire", "extra": {"source": "The Wire"}}, "The Wire"),
        ({"extra": {"source": "https://wire.example/1"}}, ""),
        ({"extra": {"source": ["The Wire"]}}, ""),
        ({}, ""),
    ],
)
def test_passages_have_the_words_of_who_says_it(prepare, document, fields, expected):
    [entry] = prepare([document("a", "One.", **fields)])

    assert entry.placed[0].chunk.byline == expected


def test_the_same_text_under_other_ids_is_encoded_once(put, encoder, document):
    put(document("a", "One."), document("b", "One."))
    put(document("c", "One.", publisher="P"))

    assert encoder.encoded == ["One."]


def test_a_passage_that_stands_in_another_article_is_encoded_once(put, encoder, document):
    put(document("a", "One two three. Four five six."))
    put(document("b", "Seven eight nine. Four five six."))

    assert encoder.encoded == ["One two three.", "Four five six.", "Seven eight nine."]


def test_anew_everything_is_encoded_once_more(store, put, encoder, document):
    documents = [document("a", "One."), document("b", "One."), document("c", "Two.")]
    put(*documents)
    encoder.encoded.clear()
    entries = Preparer(store, encoder, Chunking(tokens=4)).entries(documents, anew=True)

    assert encoder.encoded == ["One.", "Two."]
    assert [len(entry.placed) for entry in entries] == [1, 1, 1]


def test_no_document_needs_no_encoder(prepare, encoder):
    assert prepare([]) == []
    assert encoder.encoded == []


# --- batches -----------------------------------------------------------------------------------


def refused(n):
    return Refused(f"f{n}", "empty", "there is nothing in it")


def long(n, characters):
    return Document(Article(f"a{n}", "x" * characters), b"", "text/plain")


def test_a_stream_is_cut_by_the_work_that_it_is():
    items = [long(n, 800 * 95) for n in range(5)]  # 96 passages each
    assert BATCH_CHUNKS == 2 * 96

    assert list(batches(iter(items))) == [items[:2], items[2:4], items[4:]]


def test_an_article_larger_than_a_batch_is_one_alone():
    items = [long(1, 10), long(2, 10**6), long(3, 10)]

    assert list(batches(items)) == [items[:2], items[2:]]


def test_what_is_refused_takes_no_work_but_a_place():
    items = [refused(n) for n in range(BATCH_DOCUMENTS + 1)]

    assert list(batches(items)) == [items[:-1], items[-1:]]


def test_nothing_makes_no_batch():
    assert list(batches([])) == []


def test_batches_are_cut_as_the_stream_comes():
    def stream():
        yield from (long(n, 800 * BATCH_CHUNKS) for n in range(2))
        raise AssertionError("asked for more than the first batch")

    assert len(next(batches(stream()))) == 1


# --- outcomes ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("skipped", "name"), [(False, "refused"), (True, "skipped")])
def test_what_was_passed_over_on_purpose_is_skipped(skipped, name):
    item = Refused("f", "readme", "about the folder", size=7, skipped=skipped)

    assert Outcome.of(item) == Outcome(name, "f", 7, None, item, 0)
