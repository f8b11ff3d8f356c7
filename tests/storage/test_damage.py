"""A damaged store is named, row by row, and is never answered from."""

import io
import random
import shutil
import sqlite3
import sys
from contextlib import closing, suppress
from dataclasses import asdict, replace
from typing import Any

import pytest

from embeddings import HashEncoder
from qa import Corpus
from qa.cli import main
from qa.errors import CorpusBroken, NotFound
from qa.ingest import Limits
from qa.jobs import Jobs
from qa.passages.chunking import Chunking
from qa.passages.prepare import Preparer
from qa.settings import Settings
from qa.storage.records import JobInput
from qa.types import Article, Document, Removed
from tests.conftest import sql

PILOTS = "A harbour pilot guides ships. The pilot boards at dawn."
RESTORE = "restore it from a backup, or add the article again"


def document(id_, text, **fields):
    raw = f"<p>{text}</p>".encode()
    return Document(
        Article(id_, text, **fields),
        raw,
        "text/html",
        encoding="utf-8",
        origin=f"{id_}.html",
        size=len(raw),
        removed=(Removed("cookies", "Accept"),),
        notes=("a note",),
    )


DOCUMENTS = [
    document(
        "pilots",
        PILOTS,
        title="Harbour pilots",
        author="Ana Kovač",
        publisher="The Gazette",
        published="2024-05-02",
        language="en",
        url="https://gazette.example/pilots",
        tags=("harbour",),
        extra={"edition": 3},
        pages=(0, 30),
    ),
    document("copy", PILOTS, title="Harbour pilots", publisher="Tanjug"),
    document("bread", "Bread is baked at night. The baker sleeps by day.", title="Bread"),
]


@pytest.fixture(scope="module")
def healthy(tmp_path_factory):
    """A corpus with a past, closed, and what it answers."""
    folder = tmp_path_factory.mktemp("healthy") / "corpus"
    with Corpus.open(folder, encoder=HashEncoder()) as corpus:
        for one in DOCUMENTS:
            corpus.add_batch([one])
        Jobs(corpus, Limits()).submit([JobInput("line 1", b'{"id": "later", "text": "Later."}')])
        assert corpus.problems() == []
        expected = {name: read(corpus) for name, read in READS.items()}
    with closing(sqlite3.connect(folder / "footnote.db")) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return folder, expected


@pytest.fixture
def folder(healthy, tmp_path):
    shutil.copytree(healthy[0], tmp_path / "corpus")
    return tmp_path / "corpus"


def plain(found):
    return [replace(hit, dense=None, lexical=None, score=0.0) for hit in found]


def verdict(corpus, quote, **options):
    return replace(corpus.check(quote, **options), took_ms=0)


READS = {
    "ask": lambda c: plain(c.ask("Who guides ships?").hits),
    "related": lambda c: plain(c.related(text="The pilot boards the ships.").hits),
    "true": lambda c: verdict(c, "The pilot boards at dawn."),
    "cited": lambda c: verdict(c, "The baker sleeps by day.", article_id="bread"),
    "altered": lambda c: verdict(c, "Bread is baked at noon."),
    "draft": lambda c: [q.verdict for q in c.check_text("“The pilot boards at dawn.”").quotations],
    "article": lambda c: [asdict(c.article(one.article.id)) for one in DOCUMENTS],
    "listed": lambda c: [(s.article, length, n) for s, length, n in c.articles()],
    "raw": lambda c: [c.raw(one.article.id) for one in DOCUMENTS],
    "passages": lambda c: [c.passages_of(c.article(one.article.id)) for one in DOCUMENTS],
    "counts": lambda c: c.counts(),
}


def without_time(found):
    if isinstance(found, list):
        return [replace(v, took_ms=0) if hasattr(v, "took_ms") else v for v in found]
    return found


def damage(folder, *statements):
    with closing(sqlite3.connect(folder / "footnote.db", isolation_level=None)) as db:
        db.create_function("noise", 1, lambda n: random.Random(n).randbytes(n))
        for statement in statements:
            db.execute(statement)


def examined(folder):
    """What the integrity check says; and the names of what is answered otherwise than rightly."""
    try:
        corpus = Corpus.open(folder, encoder=HashEncoder())
    except CorpusBroken as error:
        return [error.message], {}
    with corpus:
        answers = {}
        for name, read in READS.items():
            with suppress(CorpusBroken):
                try:
                    answers[name] = read(corpus)
                except NotFound as error:
                    answers[name] = error
        return corpus.problems(), answers


def wrong(answers, expected):
    return {
        name
        for name, answer in answers.items()
        if without_time(answer) != without_time(expected[name])
    }


# --- every column ------------------------------------------------------------------------------

# Damaged so that it is another article's row, which no reading of one row can tell: it is named.
ANOTHER_ROW = {("articles", "id"): {"article", "cited", "raw", "passages", "listed"}}
# What says nothing of an article.
UNCHECKED = {
    ("generations", "number"), ("generations", "at"), ("jobs", "id"), ("jobs", "state"),
    ("jobs", "total"), ("jobs", "created"), ("jobs", "finished"), ("job_items", "job"),
    ("job_items", "ordinal"), ("job_items", "origin"), ("job_items", "name"),
    ("job_items", "stored"), ("jobs", "dropped"), ("job_items", "starts"),
    ("job_items", "refused"), ("refused_items", "job"), ("refused_items", "ordinal"),
    ("refused_items", "origin"), ("refused_items", "name"),
}  # fmt: skip
TABLES = (
    *("meta", "generations", "articles", "article_seals", "fronts", "chunks", "token_vectors"),
    *("passages", "jobs", "job_items", "refused_items"),
)
VALUES = (
    "noise(24)",
    "NULL",
    "substr({column}, 1, length({column}) - 1)",
    "'x'",
    "CASE typeof({column}) WHEN 'integer' THEN {column} + 1 ELSE '' END",
)


@pytest.mark.slow
@pytest.mark.parametrize("table", TABLES)
def test_no_column_can_be_damaged_without_a_word(healthy, table, tmp_path):
    whole, expected = healthy
    with closing(sqlite3.connect(whole / "footnote.db")) as db:
        columns = [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
    columns = [column for column in columns if (table, column) not in UNCHECKED]
    silent = []
    for column in columns:
        for number, value in enumerate(VALUES):
            folder = tmp_path / f"{column}-{number}"
            shutil.copytree(whole, folder)
            last = f"(SELECT max(rowid) FROM {table})"
            where = "TRUE" if table in WITHOUT_ROWID else f"rowid = {last}"
            changed = f'UPDATE OR ROLLBACK {table} SET "{column}" = {value} WHERE {where}'
            try:
                damage(folder, changed.format(column=f'"{column}"'))
            except (sqlite3.IntegrityError, sqlite3.DatabaseError):
                continue  # it cannot be said in SQL
            if same(whole, folder, table):
                continue
            problems, answers = examined(folder)
            if not problems or wrong(answers, expected) - ANOTHER_ROW.get((table, column), set()):
                silent.append((column, value, problems, wrong(answers, expected)))
            shutil.rmtree(folder)
    assert silent == []


WITHOUT_ROWID = ("meta", "passages", "jobs", "job_items", "refused_items")


def same(one, other, table):
    def rows(folder):
        with closing(sqlite3.connect(folder / "footnote.db")) as db:
            db.text_factory = bytes
            return db.execute(f"SELECT * FROM {table}").fetchall()

    return rows(one) == rows(other)


@pytest.mark.parametrize("seed", range(24))
def test_a_bit_that_flips_is_named_or_changes_nothing(healthy, folder, seed):
    """A bit anywhere in the file: in free space, nobody misses it."""
    path, chance = folder / "footnote.db", random.Random(seed)
    data = bytearray(path.read_bytes())
    # Somewhere in what was stored, and not in the empty ends of pages.
    at = chance.choice([i for i in range(100, len(data)) if data[i]])
    data[at] ^= 1 << chance.randrange(8)
    path.write_bytes(data)

    problems, answers = examined(folder)
    assert problems or not wrong(answers, healthy[1])
    if not problems:
        assert len(answers) == len(READS)


# --- what each damage says, and what mends it --------------------------------------------------


@pytest.fixture
def qa(folder, monkeypatch, capsys):
    """Runs a command on the damaged corpus: its exit code and what it prints."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"QA_{name.upper()}", raising=False)
    monkeypatch.setenv("QA_MODEL", "hash")
    monkeypatch.setenv("QA_DATA", str(folder))

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["qa", *arguments])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b""), "utf-8"))
        with pytest.raises(SystemExit) as caught:
            main()
        captured = capsys.readouterr()
        return caught.value.code or 0, " ".join((captured.out + captured.err).split())

    return run


DERIVED = [
    ("UPDATE chunks SET vector = noise(1024)", "the vector of passage 1 is"),
    ("UPDATE chunks SET vector = x'00' WHERE key = 1", "the vector of passage 1 is"),
    ("UPDATE token_vectors SET data = noise(9)", "the token vectors of passage 1 are"),
    ("DELETE FROM token_vectors WHERE chunk = 1", "the token vectors of passage 1 are"),
    ("UPDATE chunks SET text = replace(text, 'dawn', 'dusk')", "passage 1 is"),
    ("UPDATE chunks SET digest = noise(32) WHERE key = 1", "passage 1 is"),
    ("UPDATE chunks SET encoded = noise(32) WHERE key = 1", "passage 1 is"),
    ("UPDATE chunks SET removed_in = 1 WHERE key = 1", "the chunks that are live are"),
    ("UPDATE chunks SET added_in = 9 WHERE key = 1", "the chunks that are live are"),
    ("UPDATE fronts SET title = 'Bread'", "passage 1 is"),
    ("UPDATE fronts SET digest = noise(32) WHERE key = 1", "title and byline 1 of passages are"),
    ('UPDATE passages SET "end" = "end" - 1', "1 of the passages of article 'pilots' are"),
    ("DELETE FROM passages WHERE article = 1", "some of the passages of article 'pilots' are"),
]


@pytest.mark.parametrize(("harm", "said"), DERIVED)
def test_what_is_derived_is_named_and_made_anew_by_reindex(qa, healthy, folder, harm, said):
    damage(folder, harm)
    code, printed = qa("status")
    assert code == 1
    assert said in printed
    assert "qa reindex" in printed

    code, printed = qa("reindex")
    assert (code, printed[:27]) == (0, "The indexes were built anew")
    assert_mended(folder, healthy[1])


def assert_mended(folder, expected):
    """Of two copies another may be the first; else it is what it was."""
    problems, answers = examined(folder)
    assert problems == []
    assert wrong(answers, expected) <= {"ask", "related", "article", "true", "draft"}
    for name in ("ask", "related"):
        found, before = ({hit.passage.text for hit in a[name]} for a in (answers, expected))
        assert found == before
    assert [v.verdict for v in (answers["true"], *answers["draft"])] == ["verbatim"] * 2
    assert [one["article"] for one in answers["article"]] == [
        one["article"] for one in expected["article"]
    ]


def test_without_its_indexes_too_what_is_derived_is_made_anew(qa, folder):
    damage(folder, "UPDATE chunks SET vector = noise(1024)")
    shutil.rmtree(folder / "index")
    code, printed = qa("status")
    assert (code, "the vector of passage 1 is not what was stored: qa reindex" in printed) == (
        1,
        True,
    )

    assert qa("reindex")[0] == 0
    assert qa("status")[0] == 0


ARTICLES = [
    ("UPDATE articles SET text = replace(text, 'dawn', 'dusk')", "the text of article 'pilots' is"),
    ("UPDATE articles SET raw = x'00' WHERE key = 1", "the input of article 'pilots' is"),
    ("UPDATE articles SET tags = '[' WHERE key = 1", "what is known of article 'pilots' is"),
    (
        "UPDATE articles SET title = 'Ship pilots' WHERE key = 1",
        "what is known of article 'pilots'",
    ),
    (
        "UPDATE articles SET text = CAST(x'ff' AS TEXT) WHERE key = 1",
        "the text of article 'pilots'",
    ),
]
COMMANDS = (
    *(("list",), ("show", "pilots"), ("show", "--raw", "pilots"), ("reindex",)),
    *(("ask", "Who guides ships?"), ("check", "The pilot boards at dawn.")),
)


@pytest.mark.parametrize(("harm", "said"), ARTICLES)
def test_an_article_that_is_damaged_is_named_and_mended_by_adding_it_again(
    qa, healthy, folder, harm, said
):
    damage(folder, harm)
    code, printed = qa("status")
    assert code == 1
    assert said in printed
    assert RESTORE in printed
    for command in COMMANDS:
        code, printed = qa(*command)
        assert code == 0 or "corpus" in printed or "not what was stored" in printed

    with Corpus.open(folder, encoder=HashEncoder()) as corpus:
        outcomes = [o.name for o in corpus.add_batch(DOCUMENTS)]
        assert set(outcomes) == {"replaced", "unchanged"} or outcomes == ["replaced"] * 3
    assert_mended(folder, healthy[1])


def test_articles_that_are_lost_are_missed_by_whoever_lists_them(qa, folder):
    damage(folder, "UPDATE articles SET removed_in = 1 WHERE id = 'bread'")
    lost = "2 articles are live where 3 were stored, or not the same ones: restore the database"
    code, printed = qa("status")
    assert (code, lost in printed) == (1, True)
    check = ["check", "The baker sleeps by day."]  # where 1 says that a quote is wrong
    for command, failed in ((["list"], 1), (["show", "bread"], 1), (check, 2)):
        code, printed = qa(*command)
        assert code == failed
        assert "are not what was stored" in printed or "not in the store" in printed


@pytest.mark.parametrize("lost", ["empty", "gone", "older"])
def test_a_store_that_has_lost_what_its_indexes_know_is_refused(qa, folder, tmp_path, lost):
    database = folder / "footnote.db"
    if lost == "older":
        with Corpus.open(folder, encoder=HashEncoder()) as corpus:
            corpus.add_batch([document("more", "One more.")])
            with closing(sqlite3.connect(tmp_path / "older.db")) as copy:
                reader: Any = corpus.storage.store._database.reader
                reader.backup(copy)
            corpus.add_batch([document("most", "Another one.")])
        (tmp_path / "older.db").replace(database)
        for left in folder.glob("footnote.db-*"):
            left.unlink()
    else:
        database.unlink()
        if lost == "empty":
            database.touch()
    generation = 4 if lost == "older" else 0
    newest = 5 if lost == "older" else 3
    for command in (["add", str(folder)], *([["status"]] if lost != "gone" else [])):
        code, printed = qa(*command)
        assert code == 1
        assert (
            f"empty or older than its indexes (generation {generation}, and they are of {newest}"
        ) in printed
        assert "restore it from a backup, or delete the folder" in printed
    assert (database.exists(), lost == "gone") in [(True, False), (False, True)]

    shutil.rmtree(folder / "index")
    with Corpus.open(folder, encoder=HashEncoder()) as corpus:
        assert corpus.counts()["articles"] == generation
        assert corpus.problems() == []


@pytest.mark.parametrize("name", ["lock", "footnote.db", "index"])
def test_a_thing_of_another_kind_in_its_place_is_said(qa, folder, name):
    path = folder / name
    if path.is_dir():
        shutil.rmtree(path)
        path.touch()
    else:
        path.unlink()
        path.mkdir()

    code, printed = qa("status")
    assert (code, printed) == (1, printed)
    assert f"error: {path}" in printed
    assert "cannot be used" in printed
    assert "move it away" in printed


@pytest.mark.parametrize(
    "harm", ["DELETE FROM meta WHERE key = 'dimension'", "UPDATE meta SET value = '7'"]
)
def test_what_the_store_says_of_itself_is_under_a_seal_too(qa, folder, harm):
    damage(folder, harm)
    code, printed = qa("status")

    assert code == 1
    assert "the table meta is not what was stored: restore" in printed or "has schema 7" in printed


# --- the byline --------------------------------------------------------------------------------


def test_a_long_byline_is_stored_once_however_many_passages_it_has(tmp_path):
    sizes = {}
    text = "\n\n".join(f"Paragraph {n}. " + f"word{n} " * 150 for n in range(150))
    for length in (10, 100_000):
        folder = tmp_path / str(length)
        with Corpus.open(folder, encoder=HashEncoder()) as corpus:
            corpus.add_batch([document("a", text.strip(), author="x" * length, publisher="P")])
            assert corpus.counts()["embedded"] >= 150
            with sql(corpus) as db:
                db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        sizes[length] = (folder / "footnote.db").stat().st_size

    assert sizes[100_000] - sizes[10] < 5 * 100_000


def test_what_is_cut_otherwise_when_it_is_made_anew_is_counted_right(tmp_path):
    """Of two passages one is damaged; made anew they are one, and the other stands nowhere."""
    text = "The pilot boards at dawn. The crew sleeps at noon."
    with Corpus.open(tmp_path / "corpus", encoder=HashEncoder()) as corpus:
        preparer = Preparer(corpus.storage.store, corpus.encoder, Chunking(tokens=6))
        with corpus.storage.changing() as change:
            for entry in preparer.entries([document("a", text)]):
                change.put(entry)
        assert corpus.counts() == {"articles": 1, "passages": 2, "embedded": 2}
        with sql(corpus) as db:
            db.execute("UPDATE chunks SET vector = x'00' WHERE key = 1")

        assert "What was damaged of 1 articles" in corpus.reindex()
        assert corpus.problems() == []
        assert corpus.counts() == {"articles": 1, "passages": 1, "embedded": 1}


def test_of_articles_that_are_added_together_only_the_one_that_is_no_text_is_mended(folder):
    damage(folder, "UPDATE articles SET text = CAST(x'ff' AS TEXT) WHERE id = 'pilots'")
    with Corpus.open(folder, encoder=HashEncoder()) as corpus:
        outcomes = corpus.add_batch(DOCUMENTS)

        names = {one.document.article.id: one.name for one in outcomes}
        assert names.pop("pilots") == "replaced"
        assert set(names.values()) == {"unchanged"}
        assert corpus.problems() == []


def test_of_versions_that_are_added_together_the_last_one_stays(folder):
    versions = [document("pilots", f"Pilot {n}.", title="Pilots") for n in (1, 1, 2)]
    with Corpus.open(folder, encoder=HashEncoder()) as corpus:
        outcomes = corpus.add_batch([versions[0], DOCUMENTS[-1], *versions[1:]])

        assert [one.name for one in outcomes] == ["replaced", "unchanged", "unchanged", "replaced"]
        assert corpus.article("pilots").article.text == "Pilot 2."
        assert corpus.problems() == []
