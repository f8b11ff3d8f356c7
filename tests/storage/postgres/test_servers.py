"""Servers that share a PostgreSQL database: what one stores the others find, whatever dies."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from embeddings import HashEncoder
from qa import Corpus
from qa.addresses import PostgresAddress
from qa.errors import CorpusBroken, FootnoteError, InvalidInput, StorageError
from qa.storage.sql.known import WHOLE_AT_ONCE
from tests.conftest import MakeDocument
from tests.postgres_server import OwnServer, PostgresServer, binaries

psycopg = pytest.importorskip("psycopg", reason="psycopg is not installed")
from qa.storage.postgres.wire import Writing  # noqa: E402 - it needs psycopg

Server = Callable[..., Corpus]


def address(given: str) -> PostgresAddress:
    found = PostgresAddress.read(given)
    assert found
    return found


@pytest.fixture
def server(postgres_database: PostgresAddress, tmp_path: Path) -> Iterator[Server]:
    """Opens the corpus as another server does, with indexes of its own."""
    with ExitStack() as stack:

        def open_server(name: str, **options: Any) -> Corpus:
            options = {"encoder": HashEncoder(), "cache": tmp_path / name, **options}
            return stack.enter_context(Corpus.open(postgres_database, **options))

        yield open_server


def text(corpus: Corpus, id_: str) -> str:
    return corpus.article(id_).article.text


def test_answers_are_those_of_a_folder_to_the_last_digit(
    server: Server, tmp_path: Path, document: MakeDocument
) -> None:
    documents = [
        document(
            f"d{n}", f"Pilot {n} guides ship {n % 7}.\n\nNobody waits at pier {n}.", title=f"{n}"
        )
        for n in range(60)
    ]
    with Corpus.open(tmp_path / "folder", encoder=HashEncoder()) as folder:
        shared = server("a")
        for corpus in (folder, shared):
            list(corpus.add(documents))
            corpus.remove(["d3", "d4"])
        for question in ("who guides ship 5?", "pier 17", "Nobody waits"):
            ours, theirs = folder.ask(question), shared.ask(question)
            assert ours.hits == theirs.hits
            assert ours.confidence == theirs.confidence
        quote = "Nobody waits at pier 17."
        assert folder.check(quote).matches == shared.check(quote).matches
        assert folder.counts() == shared.counts()
        assert shared.status(check=True)["integrity"] == "ok"


def test_another_server_finds_what_was_acknowledged(server: Server, document: MakeDocument) -> None:
    one, other = server("one"), server("other")
    one.add_batch([document("a", "The pilot boards at dawn.")])
    other.follow()
    assert other.check("The pilot boards at dawn.").verdict == "verbatim"
    other.add_batch([document("a", "The pilot boards at noon.")])
    one.follow()
    assert text(one, "a") == "The pilot boards at noon."
    assert one.check("The pilot boards at dawn.").verdict != "verbatim"


def test_whoever_waits_is_told_of_a_commit(server: Server, document: MakeDocument) -> None:
    one, other = server("one"), server("other")
    stopping = threading.Event()
    assert other.storage.store.published(0.1, stopping)  # from now on it listens
    told: list[float] = []

    def wait() -> None:
        assert other.storage.store.published(30, stopping)
        told.append(time.monotonic())

    thread = threading.Thread(target=wait)
    thread.start()
    one.add_batch([document("a", "The pilot boards at dawn.")])
    committed = time.monotonic()
    thread.join(30)
    assert told
    assert told[0] - committed < 5  # and not the thirty seconds that it would have waited
    stopping.set()
    assert not other.storage.store.published(30, stopping)


def test_two_writers_of_one_id_and_of_one_text_lose_nothing(
    server: Server, document: MakeDocument
) -> None:
    corpora = [server("one"), server("other")]
    wrong: list[BaseException] = []

    def write(corpus: Corpus, mine: int) -> None:
        try:
            for n in range(12):
                corpus.add_batch(
                    [
                        document("same", f"Version {n} of server {mine}."),
                        document(f"own-{mine}-{n}", "What all of them say."),
                    ]
                )
        except BaseException as error:
            wrong.append(error)

    threads = [threading.Thread(target=write, args=(c, n)) for n, c in enumerate(corpora)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)

    assert wrong == []
    for corpus in corpora:
        corpus.follow()
        assert corpus.counts() == {"articles": 25, "passages": 25, "embedded": 2}
        assert corpus.status(check=True)["problems"] == []


def test_a_follower_that_was_away_while_rows_were_purged_finds_what_there_is(
    server: Server, document: MakeDocument, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    one, late = server("one"), server("late")
    for n in range(5):
        one.add_batch([document("a", f"Version {n}.")])
    monkeypatch.setattr("qa.storage.sql.purging.PURGE_AFTER_SECONDS", -1.0)
    while one.maintain():
        pass
    late.follow()
    assert text(late, "a") == "Version 4."
    assert late.check("Version 0.").verdict != "verbatim"
    assert late.status(check=True)["problems"] == []


def test_indexes_that_know_more_than_the_database_are_made_anew(
    server: Server, postgres: PostgresServer, document: MakeDocument, tmp_path: Path
) -> None:
    with postgres.database() as url:
        restored = address(url)
        options: dict[str, Any] = {"encoder": HashEncoder(), "cache": tmp_path / "c"}
        with Corpus.open(restored, **options) as corpus:
            corpus.add_batch([document("a", "It was brought back.")])
            with psycopg.connect(url) as db:  # as a restored database is: of an earlier state
                kept = {
                    table: db.execute(f"SELECT * FROM {table}").fetchall()
                    for table in ("meta", "generations")
                }
            corpus.add_batch([document("b", "It was lost.")])
        with psycopg.connect(url) as db:
            db.execute("DELETE FROM passages WHERE article = 2")
            db.execute("DELETE FROM articles WHERE key = 2")
            db.execute("DELETE FROM token_vectors WHERE chunk = 2")
            db.execute("DELETE FROM chunks WHERE key = 2")
            for table, rows in kept.items():
                db.execute(f"DELETE FROM {table}")
                for row in rows:
                    marks = ", ".join(["%s"] * len(row))
                    db.execute(f"INSERT INTO {table} VALUES ({marks})", row)
        with Corpus.open(restored, **options) as corpus:
            assert corpus.check("It was brought back.").verdict == "verbatim"
            assert corpus.check("It was lost.").verdict != "verbatim"
            assert corpus.status(check=True)["problems"] == []


# --- what it says -----------------------------------------------------------------------------


def test_another_version_of_the_tables_is_refused(
    server: Server, postgres_database: PostgresAddress
) -> None:
    server("one").close()
    with psycopg.connect(postgres_database.url) as db:
        db.execute("UPDATE meta SET value = '99' WHERE key = 'schema'")
    with pytest.raises(CorpusBroken, match="has schema 99, this version reads 6"):
        server("other")


def test_a_database_of_somebody_else_is_refused(
    server: Server, postgres_database: PostgresAddress
) -> None:
    with psycopg.connect(postgres_database.url) as db:
        db.execute("CREATE TABLE meta (name text)")
    with pytest.raises(CorpusBroken, match="is not one of Footnote's"):
        server("one")


def test_a_role_that_may_make_no_tables_uses_those_that_are_there(
    server: Server, postgres: PostgresServer, postgres_database: PostgresAddress, tmp_path: Path
) -> None:
    url = postgres_database.url
    role = "writer" + url.rpartition("_")[2]
    postgres.run(f"CREATE ROLE {role} LOGIN")
    theirs = address(url.replace("footnote@", f"{role}@"))
    try:
        with pytest.raises(StorageError, match="permission denied for schema public") as refused:
            Corpus.open(theirs, encoder=HashEncoder(), cache=tmp_path / "theirs")
        assert refused.value.code == "unwritable"
        server("one").close()
        with psycopg.connect(url) as db:
            db.execute(
                f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}"
            )
            db.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}")
        with Corpus.open(theirs, encoder=HashEncoder(), cache=tmp_path / "theirs") as corpus:
            assert corpus.counts()["articles"] == 0
    finally:
        with psycopg.connect(url) as db:
            db.execute(f"DROP OWNED BY {role}")
        postgres.run(f"DROP ROLE {role}")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("postgresql://ana:secret@db:5433/news", "postgresql://db:5433/news"),
        ("postgres://ana:secret@db1,db2/news?sslmode=require", "postgresql://db1,db2/news"),
        ("postgresql:/ana:secret@db/news", "postgresql://db/news"),  # as a Path has it
    ],
)
def test_an_address_is_printed_without_what_is_secret_in_it(given: str, said: str) -> None:
    read = address(given)
    assert str(read) == said
    assert "secret" not in repr(read)
    assert "secret" not in f"{read}"


@pytest.mark.parametrize("given", ["mysql://ana:secret@db/x", "s3://secret/x", "postgresql://db"])
def test_what_is_no_place_is_refused_without_repeating_it(given: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        address(given)
    assert "secret" not in refused.value.message
    assert "postgresql://host/name" in refused.value.message


@pytest.mark.parametrize("given", ["data", "/srv/corpus", "C:/corpus", "C:\\corpus", "./a:b"])
def test_a_folder_is_no_address(given: str) -> None:
    assert PostgresAddress.read(given) is None


def test_a_database_that_is_not_there_is_said_to_be_none(
    postgres_database: PostgresAddress, tmp_path: Path
) -> None:
    url = postgres_database.url.rpartition("/")[0] + "/nosuch"
    with pytest.raises(StorageError, match='database "nosuch" does not exist') as refused:
        Corpus.open(url, encoder=HashEncoder(), cache=tmp_path)
    assert refused.value.code == "database_away"


def test_a_password_that_is_wrong_is_not_repeated(tmp_path: Path) -> None:
    with pytest.raises(StorageError) as refused:
        Corpus.open(
            "postgresql://ana:secret@127.0.0.1:9/news", encoder=HashEncoder(), cache=tmp_path
        )
    assert refused.value.code == "database_away"
    assert refused.value.message == (
        "the database postgresql://127.0.0.1:9/news cannot be reached: see whether it runs, and "
        "try again"
    )
    assert not list(tmp_path.iterdir())


# --- what dies --------------------------------------------------------------------------------


@pytest.mark.slow
def test_whatever_was_acknowledged_survives_kills_of_the_database(
    postgres: PostgresServer, document: MakeDocument, tmp_path: Path
) -> None:
    """The database is killed while articles are written; the corpus stays open all the time."""
    found = binaries()
    if found is None:
        pytest.skip("the database that is given may not be killed")
    with (
        OwnServer(found, tmp_path, fsync="on") as own,
        Corpus.open(own.url, encoder=HashEncoder(), cache=tmp_path / "cache") as corpus,
    ):
        acknowledged: list[str] = []
        refused: set[str] = set()
        stopping = threading.Event()

        def write() -> None:
            while not stopping.is_set():
                id_ = f"n{len(acknowledged)}"
                try:
                    corpus.add_batch([document(id_, f"This is note {id_}.")])
                except FootnoteError as error:
                    refused.add(error.code)
                    time.sleep(0.05)
                else:
                    acknowledged.append(id_)

        writer = threading.Thread(target=write)
        writer.start()
        for kill in range(1, 6):
            until = time.monotonic() + 60
            while len(acknowledged) < 5 * kill and time.monotonic() < until:
                time.sleep(0.01)
            own.kill()
            own.start()
        stopping.set()
        writer.join(60)

        corpus.refresh()
        assert refused <= {"database_away", "storage_error"}
        assert len(acknowledged) >= 25
        assert [text(corpus, id_) for id_ in acknowledged] == [
            f"This is note {id_}." for id_ in acknowledged
        ]
        assert corpus.status(check=True)["problems"] == []


def test_a_reader_goes_on_when_all_connections_were_cut_off(
    server: Server, document: MakeDocument, postgres: PostgresServer
) -> None:
    one = server("one")
    one.add_batch([document("a", "The pilot boards at dawn.")])
    together = threading.Barrier(4)

    def held(_: int) -> None:
        with one.storage.store._database._pool.connection():  # type: ignore[attr-defined]
            together.wait(30)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(held, range(4)))
    name = postgres_name(one)
    cut = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
    assert len(postgres.run(cut)) >= 4
    assert text(one, "a") == "The pilot boards at dawn."
    assert one.check("The pilot boards at dawn.").verdict == "verbatim"


def postgres_name(corpus: Corpus) -> str:
    return str(corpus.place).rpartition("/")[2]


def test_what_is_stored_together_takes_few_statements(
    server: Server, document: MakeDocument, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is a way to the database and back: storing may not take some of each article."""
    corpus, sent = server("a"), [0]

    def counted(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            sent[0] += 1
            return function(*arguments)

        return call

    for name in ("execute", "executemany"):
        monkeypatch.setattr(Writing, name, counted(getattr(Writing, name)))

    def statements(first: int, count: int) -> int:
        sent[0] = 0
        made = [
            document(f"d{n}", f"Pilot {n} guides ship {n}.", title=f"{n}", author=f"Ana {n}")
            for n in range(first, first + count)
        ]
        assert {one.name for one in corpus.add_batch(made)} == {"added"}
        return sent[0]

    few, many = statements(0, 10), statements(10, 180)

    assert many - few <= 2 * (180 / WHOLE_AT_ONCE)
