"""Copies of a corpus in another place: everything of it, whatever is cut off."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from embeddings import HashEncoder
from qa import Corpus
from qa.errors import CorpusBroken, InvalidInput, Mismatch, StorageError
from qa.ingest import Limits
from qa.jobs import Jobs
from qa.passages.chunking import Chunking
from qa.storage import DATABASE
from qa.storage.copying import copy
from qa.storage.place import CorpusPlace, DatabasePlace, FolderPlace
from qa.storage.records import JobInput
from qa.storage.sql import copied_rows
from qa.types import Article, Document, Removed
from tests.conftest import MakeDocument

pytestmark = pytest.mark.folder  # they say themselves in what they are

QUESTIONS = ("who guides ship 5?", "pier 17", "Nobody waits", "Кто ведёт корабли?")
Target = Callable[[], CorpusPlace]


@pytest.fixture(autouse=True)
def _few_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Has a copy of some articles go on over many pages."""
    monkeypatch.setattr(copied_rows, "MOST_ROWS", 5)
    monkeypatch.setattr(copied_rows, "MOST_BYTES", 20_000)


@pytest.fixture(params=["folder", "postgres"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> CorpusPlace:
    """A place where nothing is."""
    if request.param == "folder":
        return FolderPlace(tmp_path / "target")
    return DatabasePlace(request.getfixturevalue("postgres_database"), tmp_path / "cache")


@pytest.fixture
def source(made: Path, tmp_path: Path) -> FolderPlace:
    """A folder in which articles came, changed and went, and bulk additions are under way."""
    return FolderPlace(Path(shutil.copytree(made, tmp_path / "source")))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, document: MakeDocument) -> Path:
    place = FolderPlace(tmp_path_factory.mktemp("made"))
    with Corpus(place, encoder=HashEncoder()) as corpus:
        list(corpus.add([written(document, n) for n in range(16)]))
        list(corpus.add(odd(document)))
        corpus.remove(["d3", "d4"])
        corpus.add_batch([document("d5", "Pilot 5 guides ship 5 by night.", title="5")])
        jobs = Jobs(corpus, Limits())
        waiting = jobs.submit(
            [
                JobInput("a.txt", b"\xff\x00" * 20_000, "a.txt"),
                JobInput("line 2", b'{"text": "\xf0'),
            ],
            {"publisher": "Press"},
        )
        jobs.submit([JobInput(f"line {n}", b'{"id": "l", "text": "x"}') for n in range(30)])
        claims = corpus.storage.store.claims()
        claim = claims.take(waiting, 1)
        claims.begin(waiting, claim.inputs)
        claim.close()
    return place.folder


def written(document: MakeDocument, n: int) -> Document:
    text = f"Pilot {n} guides ship {n % 7}.\n\nNobody waits at pier {n}.\n\nWhat all of them say."
    return document(f"d{n}", text, title=f"{n}", publisher="Press", tags=("a", "Б"))


def odd(document: MakeDocument) -> list[Document]:
    emoji = Article(
        "odd",
        "Лоцман ведёт корабли 🛟 ночью.\n\n𝔘nter Wasser \u200f\u0301.",
        title="Штормовой 🌊",
        author="Ana Петровић, Jo Reed",
        authors=("Ana Петровић", "Jo Reed"),
        published="2024-05-31",
        language="ru",
        extra={"nul\0": "\ud800\0", "list": [1, 2.5, None]},
        pages=(0, 12),
    )
    return [
        Document(
            *(emoji, b"\xff\x00\xed\xa0\x80 raw", "application/pdf", "cp1251"),
            removed=(Removed("page number", "\u202e12"),),
            notes=("page 3 has no text",),
            origin="/tmp/лоцман.pdf",
        ),
        document("copy", "What all of them say."),
        document(
            "large", "\n\n".join(f"Paragraph {n} of many, about pier {n}." for n in range(40))
        ),
    ]


def rows(place: CorpusPlace) -> dict[str, list[Any]]:
    """Everything that is live in a place, table for table, by its own engine."""
    if isinstance(place, FolderPlace):
        with closing(sqlite3.connect(place.folder / DATABASE)) as db:
            return _rows(db)
    assert isinstance(place, DatabasePlace)
    psycopg = pytest.importorskip("psycopg")
    with psycopg.connect(place.address.url) as db:
        return _rows(db)


def _rows(db: Any) -> dict[str, list[Any]]:
    live = "FROM {} t WHERE removed_in IS NULL ORDER BY key"
    tables = {
        "articles": f"{copied_rows.ARTICLES.tables[0].columns} {live}",
        "chunks": f"{copied_rows.CHUNKS.tables[0].columns} {live}",
        "article_seals": "s.* FROM article_seals s JOIN articles a ON a.key = s.article"
        " WHERE a.removed_in IS NULL ORDER BY s.article",
        "passages": "p.* FROM passages p JOIN articles a ON a.key = p.article"
        " WHERE a.removed_in IS NULL ORDER BY p.article, p.start",
        "token_vectors": "v.* FROM token_vectors v JOIN chunks c ON c.key = v.chunk"
        " WHERE c.removed_in IS NULL ORDER BY v.chunk",
        "fronts": "* FROM fronts WHERE key IN"
        " (SELECT front FROM chunks WHERE removed_in IS NULL) ORDER BY key",
        "generations": "* FROM generations ORDER BY number DESC LIMIT 1",
        "meta": "* FROM meta WHERE key NOT IN ('copied', 'seal') ORDER BY key",
        "jobs": "* FROM jobs ORDER BY id",
        "job_items": "* FROM job_items ORDER BY job, ordinal",
        "refused_items": "* FROM refused_items ORDER BY job, ordinal",
    }
    return {
        name: [tuple(row) for row in db.execute(f"SELECT {query.format(name)}").fetchall()]
        for name, query in tables.items()
    }


def answers(place: CorpusPlace) -> list[Any]:
    """What is answered, with the indexes that are made of what is there."""
    with Corpus(place, encoder=HashEncoder(), threshold=0.5) as corpus:
        found: list[Any] = [corpus.status(check=True)["problems"], corpus.counts()]
        for question in QUESTIONS:
            asked = corpus.ask(question, top_k=20)
            found += [
                asked.hits,
                asked.confidence,
                asked.statement,
                corpus.related(text=question).hits,
            ]
        found.append(corpus.check("Nobody waits at pier 17.").matches)
        found.append(corpus.raw("odd"))
        found.append(corpus.article("odd"))
        return found


def anew(place: FolderPlace) -> FolderPlace:
    """The same, with indexes that are made of it anew: those at hand know what went out."""
    manifest = place.folder / "index" / "manifest.json"
    manifest.unlink(missing_ok=True)
    return place


# --- everything of it --------------------------------------------------------------------------


def test_there_and_back_everything_is_as_it_was(
    source: FolderPlace, target: CorpusPlace, tmp_path: Path
) -> None:
    back = FolderPlace(tmp_path / "back")

    there, again = copy(source, target), copy(target, back)

    assert (there.articles, there.articles_carried, there.jobs) == (17, 17, 2)
    assert (there.sha256, there.passages) == (again.sha256, again.passages)
    assert rows(source) == rows(target) == rows(back)
    assert len(rows(source)["job_items"]) == 32
    assert answers(anew(source)) == answers(target) == answers(back)


def test_what_is_added_to_a_copy_gets_keys_of_its_own(
    source: FolderPlace, target: CorpusPlace, document: MakeDocument
) -> None:
    copy(source, target)
    with Corpus(target, encoder=HashEncoder()) as corpus:
        corpus.add_batch(
            [document("new", "A tug is small.", title="Tugs"), document("d7", "Seven.")]
        )
        corpus.remove(["d8"])
        assert corpus.check("A tug is small.").verdict == "verbatim"
        assert corpus.counts()["articles"] == 17
        assert corpus.status(check=True)["problems"] == []


def test_an_empty_corpus_is_copied(tmp_path: Path, target: CorpusPlace) -> None:
    empty = FolderPlace(tmp_path / "empty")
    Corpus(empty, encoder=HashEncoder()).close()

    assert copy(empty, target).articles == 0
    assert copy(empty, target).articles == 0
    with Corpus(target, encoder=HashEncoder()) as corpus:
        assert corpus.counts()["articles"] == 0


def test_a_copy_is_of_one_moment_whoever_writes_meanwhile(
    source: FolderPlace, target: CorpusPlace, document: MakeDocument
) -> None:
    before = rows(source)
    with Corpus(source, encoder=HashEncoder()) as corpus:

        def write(done: int, total: int, articles: int) -> None:
            if done < 20 or articles == 5:
                one, other = document("d1", f"Version {done}."), document(f"n{done}", "New.")
                corpus.add_batch([one, other])

        copy(source, target, write)
        assert corpus.article("d1").article.text != "Pilot 1 guides ship 1."
    assert rows(target) == before


def test_progress_goes_from_nothing_to_all_of_it(source: FolderPlace, target: CorpusPlace) -> None:
    told: list[tuple[int, int, int]] = []

    found = copy(source, target, lambda *reached: told.append(reached))

    total = 2 * (found.articles + found.embedded)
    assert told == sorted(told)
    assert (told[0], told[-1]) == ((0, total, 0), (total, total, 17))


# --- an earlier copy ---------------------------------------------------------------------------


def test_an_earlier_copy_gets_what_it_lacks(
    source: FolderPlace, target: CorpusPlace, document: MakeDocument
) -> None:
    copy(source, target)
    with Corpus(source, encoder=HashEncoder()) as corpus:
        corpus.add_batch([document("new", "A tug is small."), document("d6", "Six is new.")])
        corpus.remove(["d9", "large"])
    with Corpus(target, encoder=HashEncoder(), read_only=True) as reading:
        assert reading.check("A tug is small.").verdict == "not_found"

        found = copy(source, target)

        reading.follow() if isinstance(target, DatabasePlace) else None
    assert (found.articles_carried, found.embedded_carried) == (2, 2)
    assert rows(source) == rows(target)
    with Corpus(target, encoder=HashEncoder()) as corpus:
        assert corpus.check("A tug is small.").verdict == "verbatim"
        assert corpus.status(check=True)["problems"] == []


def test_a_copy_that_was_changed_since_is_left_alone(
    source: FolderPlace, target: CorpusPlace, document: MakeDocument
) -> None:
    copy(source, target)
    with Corpus(target, encoder=HashEncoder()) as corpus:
        corpus.add_batch([document("own", "It is its own.")])
    before = rows(target)

    with pytest.raises(InvalidInput, match="a copy that was changed since: name a folder") as said:
        copy(source, target)

    assert said.value.code == "not_empty"
    assert rows(target) == before


def test_a_copy_that_has_a_calibration_of_its_own_is_left_alone(
    source: FolderPlace, target: CorpusPlace
) -> None:
    copy(source, target)
    with Corpus(target, encoder=HashEncoder()) as corpus, corpus.storage.changing() as change:
        change.set_meta({"calibration:off": "{}"})
    before = rows(target)["meta"]

    with pytest.raises(InvalidInput, match="a copy that was changed since"):
        copy(source, target)

    assert rows(target)["meta"] == before


# --- cut off -----------------------------------------------------------------------------------

_KILLED = """
import os, signal, sys
from qa.storage import copying
from qa.storage.place import place_of
from qa.storage.sql import copied_rows
copied_rows.MOST_ROWS = 5
def tell(done, total, articles):
    if done >= int(sys.argv[3]) and articles >= int(sys.argv[4]):
        os.kill(os.getpid(), signal.SIGKILL)
copying.copy(place_of(sys.argv[1]), place_of(sys.argv[2]), tell)
"""


def killed(source: FolderPlace, target: CorpusPlace, rows: int, articles: int) -> None:
    """A copy that is killed once so many rows are dealt with, and so many articles are there."""
    where = target.address.url if isinstance(target, DatabasePlace) else str(target)
    done = subprocess.run(
        [sys.executable, "-c", _KILLED, str(source), where, str(rows), str(articles)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr


@pytest.mark.unix
@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_copy_that_is_killed_goes_on_where_it_stopped(
    source: FolderPlace, target: CorpusPlace, document: MakeDocument
) -> None:
    killed(source, target, 20, 0)  # within the passages
    with pytest.raises(Mismatch, match="holds a part of a copy: give the same `qa copy` again"):
        Corpus(target, encoder=HashEncoder())
    killed(source, target, 0, 6)  # within the articles
    with Corpus(source, encoder=HashEncoder()) as corpus:  # the source goes on meanwhile
        corpus.add_batch([document("d1", "Another pilot guides ship 1."), document("new", "New.")])
        corpus.remove(["d2"])

    found = copy(source, target)

    assert 0 < found.embedded_carried < found.embedded
    assert 0 < found.articles_carried < found.articles
    assert rows(source) == rows(target)
    assert answers(anew(source)) == answers(target)


@pytest.mark.unix
@pytest.mark.slow
def test_an_earlier_copy_is_what_it_was_when_its_update_is_killed(
    source: FolderPlace, target: CorpusPlace, document: MakeDocument
) -> None:
    copy(source, target)
    before = rows(target)
    with Corpus(source, encoder=HashEncoder()) as corpus:
        corpus.add_batch([document("new", "A tug is small.")])
        corpus.remove(["d9", "large"])

    killed(source, target, 0, 16)

    assert rows(target) == before
    copy(source, target)
    assert rows(source) == rows(target)


def test_what_is_not_the_same_in_the_end_is_said_and_carried_again(
    source: FolderPlace, target: CorpusPlace
) -> None:
    spoilt: list[bool] = []

    def spoil(done: int, total: int, articles: int) -> None:
        if articles == 17 and not spoilt:
            spoilt.append(True)
            _spoil(target)

    with pytest.raises(CorpusBroken, match=r"4 of what was carried is not in .* as it was") as said:
        copy(source, target, spoil)

    assert said.value.code == "copy_differs"
    assert spoilt == [True]
    with pytest.raises(Mismatch, match="holds a part of a copy"):
        Corpus(target, encoder=HashEncoder())
    assert copy(source, target).articles_carried < 17
    assert rows(source) == rows(target)


def _spoil(target: CorpusPlace) -> None:
    """Changes a vector, an input and a text beneath a copy."""
    blob = "'\\x00ff'" if isinstance(target, DatabasePlace) else "x'00ff'"
    statements = (
        f"UPDATE token_vectors SET data = {blob} WHERE chunk = 2",
        f"UPDATE articles SET raw = {blob} WHERE id = 'd6'",
        "UPDATE articles SET text = 'Pilot 7 guides nobody.' WHERE id = 'd7'",
    )
    if isinstance(target, FolderPlace):
        with closing(sqlite3.connect(target.folder / DATABASE)) as db, db:
            for statement in statements:
                db.execute(statement)
        return
    assert isinstance(target, DatabasePlace)
    psycopg = pytest.importorskip("psycopg")
    with psycopg.connect(target.address.url) as db:
        for statement in statements:
            db.execute(statement)


# --- what is refused ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE chunks SET vector = x'00' WHERE key = 1", "the vector of passage 1 is"),
        ("DELETE FROM token_vectors WHERE chunk = 1", "the token vectors of passage 1 are"),
        ("UPDATE chunks SET text = 'No.' WHERE key = 1", "passage 1 is"),
        ("UPDATE articles SET raw = x'00' WHERE id = 'd1'", "the input of article 'd1' is"),
        ("UPDATE articles SET title = 'No' WHERE id = 'd1'", "article 'd1' is"),
        ("DELETE FROM passages WHERE article = 2", "the passages of article 'd1' are"),
        ("DELETE FROM article_seals WHERE article = 2", "article 'd1' is"),
        ("UPDATE articles SET removed_in = 1 WHERE id = 'd1'", "the articles that are live are"),
    ],
)
def test_what_is_damaged_is_not_copied(
    source: FolderPlace, tmp_path: Path, statement: str, said: str
) -> None:
    with closing(sqlite3.connect(source.folder / DATABASE)) as db, db:
        db.execute(statement)
    target = FolderPlace(tmp_path / "target")

    with pytest.raises(CorpusBroken, match=f"^{said} not what was stored: "):
        copy(source, target)

    with pytest.raises(Mismatch, match="holds a part of a copy"):
        Corpus(target, encoder=HashEncoder())


def test_what_cannot_be_read_is_said_to_be_the_source(
    source: FolderPlace, target: CorpusPlace
) -> None:
    database = source.folder / DATABASE
    data = bytearray(database.read_bytes())
    for at in range(20 * 4096, len(data) - 4096, 4096):  # what opening reads stays
        data[at : at + 100] = b"\xff" * 100
    database.write_bytes(data)

    with pytest.raises(
        CorpusBroken, match=rf"^{source.folder}/{DATABASE} cannot be read as a corp"
    ):
        copy(source, target)


def test_a_place_with_other_articles_is_left_alone(
    source: FolderPlace, target: CorpusPlace, document: MakeDocument
) -> None:
    with Corpus(target, encoder=HashEncoder()) as corpus:
        corpus.add_batch([document("own", "It is its own.")])

    with pytest.raises(InvalidInput) as said:
        copy(source, target)

    assert (said.value.code, said.value.message) == (
        "not_empty",
        f"{target} holds articles or bulk additions of its own: name a folder or a database that "
        "is empty",
    )


def test_a_place_of_another_model_or_chunking_is_left_alone(
    source: FolderPlace, target: CorpusPlace
) -> None:
    Corpus(target, encoder=HashEncoder(), chunking=Chunking(50)).close()

    with pytest.raises(Mismatch, match="are of another model, or cut in another way") as said:
        copy(source, target)

    assert said.value.code == "chunking_mismatch"


def test_a_place_that_a_service_has_open_is_left_alone(
    source: FolderPlace, target: CorpusPlace
) -> None:
    with Corpus(target, encoder=HashEncoder()) as corpus:
        store = corpus.storage.store
        with store.exclusive("queue.lock") as ours:
            assert ours
            with pytest.raises(InvalidInput, match="stop it first") as said:
                copy(source, target)
    assert said.value.code == "in_use"


def test_somebody_who_writes_to_the_target_meanwhile_is_noticed(
    source: FolderPlace, target: CorpusPlace, document: MakeDocument
) -> None:
    with Corpus(target, encoder=HashEncoder()) as corpus:
        tried: list[str] = []

        def write(done: int, total: int, articles: int) -> None:
            if tried:
                return
            with pytest.raises(Mismatch) as refused:
                corpus.add_batch([document("own", "It is its own.")])
            # Who looked a moment before the copy began.
            with pytest.raises(Mismatch) as late, corpus.storage.store.changing() as change:
                change.retire_all()
            tried.extend([refused.value.code, late.value.code])
            with corpus.storage.store.changing() as change:
                change.set_meta({"calibration": "own"})

        with pytest.raises(InvalidInput, match="others write to") as said:
            copy(source, target, write)
    assert (tried, said.value.code) == (["unfinished", "unfinished"], "in_use")


def test_a_part_of_a_copy_takes_no_bulk_addition(source: FolderPlace, target: CorpusPlace) -> None:
    with Corpus(target, encoder=HashEncoder()) as corpus:
        jobs = Jobs(corpus, Limits())

        def submit(done: int, total: int, articles: int) -> None:
            if done == 0:
                with pytest.raises(Mismatch, match="holds a part of a copy"):
                    jobs.submit([JobInput("line 1", b"{}")])

        copy(source, target, submit)
    assert rows(target) == rows(source)


def test_a_bulk_addition_that_a_copy_was_sent_is_not_lost(
    source: FolderPlace, target: CorpusPlace
) -> None:
    copy(source, target)
    with Corpus(target, encoder=HashEncoder()) as corpus:
        sent = Jobs(corpus, Limits()).submit([JobInput("line 1", b"{}")]).id

    with pytest.raises(InvalidInput, match="bulk additions of its own"):
        copy(source, target)

    assert sent in [row[0] for row in rows(target)["jobs"]]


@pytest.mark.unix
def test_a_corpus_is_not_copied_onto_itself(source: FolderPlace, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(source.folder)

    with pytest.raises(InvalidInput, match="would be copied onto itself"):
        copy(source, FolderPlace(link))


def test_nothing_is_made_when_there_is_nothing_to_copy(tmp_path: Path, target: CorpusPlace) -> None:
    with pytest.raises(StorageError, match=r"there is no corpus in .*/none to be read") as said:
        copy(FolderPlace(tmp_path / "none"), target)

    assert said.value.code == "no_corpus"
    assert not (tmp_path / "none").exists()
    assert not (tmp_path / "target").exists()


def test_an_article_that_postgresql_cannot_keep_is_named(
    tmp_path: Path, document: MakeDocument, postgres_database: Any
) -> None:
    source = FolderPlace(tmp_path / "source")
    with Corpus(source, encoder=HashEncoder()) as corpus:
        corpus.add_batch([replace(document("a", "Text"), origin="a\0b")])

    with pytest.raises(InvalidInput, match=r"^article 'a' has a character with the number 0 in"):
        copy(source, DatabasePlace(postgres_database, tmp_path / "cache"))


def test_the_source_is_only_read(source: FolderPlace, target: CorpusPlace) -> None:
    before = (source.folder / DATABASE).read_bytes()

    copy(source, target)

    assert (source.folder / DATABASE).read_bytes() == before
