"""A corpus that can only be read: of a read-only medium, or beside its writer."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from embeddings import HashEncoder
from qa import Corpus
from qa.errors import Mismatch, ReadOnly, StorageError
from tests import mounts

QA = Path(sys.executable).parent / "qa"
SAID = "A harbour pilot guides ships."


def open_(folder, **options):
    return Corpus.open(folder, encoder=HashEncoder(), **options)


@pytest.fixture
def made(tmp_path, document):
    """The folder of a corpus of two articles, closed in order."""
    with open_(tmp_path / "made") as corpus:
        corpus.add_batch([document("pilots", f"{SAID} The pilot boards at dawn.")])
        corpus.add_batch([document("gulls", "Gulls nest on the roof of the customs house.")])
    return tmp_path / "made"


@pytest.fixture
def medium(made, tmp_path):
    """The same on a medium that nobody can write to."""
    with mounts.read_only(made, tmp_path / "medium"):
        yield tmp_path / "medium"


def contents(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.endswith(("-shm", "-wal"))  # SQLite's, for a while
    }


def answers(corpus):
    found = corpus.ask("Who guides ships?", mode="lexical")
    return [
        *(hit.passage.id for hit in found.hits),
        corpus.check(SAID).verdict,
        corpus.check("Gulls guide ships at dawn.").verdict,
        [row[0].article.id for row in corpus.articles()],
        corpus.problems(),
    ]


def test_it_answers_from_a_read_only_medium_as_it_did(made, medium):
    with open_(made) as corpus:
        expected = answers(corpus)
    with open_(medium, read_only=True) as corpus:
        assert answers(corpus) == expected
        assert corpus.storage.published.repairs == []
        assert corpus.status()["integrity"] == "ok"
    assert expected[0].startswith("pilots.")


def test_nothing_in_a_folder_that_could_be_written_to_is_changed(made):
    before = contents(made)
    with open_(made, read_only=True) as corpus:
        answers(corpus)
    assert contents(made) == before


def test_whatever_would_change_it_is_refused(made, document):
    with open_(made, read_only=True) as corpus:
        for change in (
            lambda: corpus.add_batch([document("new", "A lamp.")]),
            lambda: corpus.remove(["pilots"]),
            corpus.reindex,
        ):
            with pytest.raises(ReadOnly, match="open it without --read-only") as caught:
                change()
            assert caught.value.code == "read_only"
        assert [row[0].article.id for row in corpus.articles()] == ["gulls", "pilots"]


@pytest.mark.parametrize("damage", ["gone", "manifest", "lexical", "vectors"])
def test_an_index_that_is_damaged_is_made_anew_elsewhere(made, tmp_path, damage):
    with open_(made) as corpus:
        expected = answers(corpus)
    index = made / "index"
    [lexical] = index.glob("lexical-*")
    if damage == "gone":
        shutil.rmtree(index)
    elif damage == "manifest":
        (index / "manifest.json").write_bytes(b"{}")
    else:
        pattern = "*.rows.npy" if damage == "vectors" else f"{lexical.name}/*.term"
        place = index / "segments" if damage == "vectors" else index
        for path in place.glob(pattern):
            path.write_bytes(b"")
    before = contents(made)
    with mounts.read_only(made, tmp_path / "m"), open_(tmp_path / "m", read_only=True) as corpus:
        assert answers(corpus) == expected
        assert corpus.storage.published.repairs != []
    assert contents(made) == before


def crashed(made, document):
    """An article that only the WAL holds: its process was killed."""
    code = (
        "import os, sys; from embeddings import HashEncoder; from qa import Corpus;"
        "from qa.types import Article, Document;"
        "corpus = Corpus.open(sys.argv[1], encoder=HashEncoder());"
        "late = Article('late', 'Late news of a lamp.');"
        "corpus.add_batch([Document(late, b'x', 'text/plain')]);"
        "os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", code, made], check=True)


def test_what_only_the_wal_holds_is_read_too(made, tmp_path, document):
    crashed(made, document)
    with mounts.read_only(made, tmp_path / "m"), open_(tmp_path / "m", read_only=True) as corpus:
        assert corpus.article("late").article.text == "Late news of a lamp."
        assert corpus.problems() == []


def test_where_it_cannot_be_read_it_is_not_left_out_in_silence(made, tmp_path, document):
    crashed(made, document)
    (made / "footnote.db-shm").unlink()
    with (
        mounts.read_only(made, tmp_path / "m"),
        pytest.raises(ReadOnly, match="copy the folder to where it can be written") as caught,
    ):
        open_(tmp_path / "m", read_only=True)
    assert caught.value.code == "unfinished"


def test_beside_its_writer_it_follows(made, document):
    with open_(made) as writer, open_(made, read_only=True) as reader:
        assert not reader.storage.published.is_behind()
        writer.add_batch([document("lamps", "The lamp of the lighthouse turns.")])
        writer.remove(["gulls"])
        assert reader.storage.published.is_behind()
        reader.refresh()
        assert answers(reader) == answers(writer)
        assert reader.check("The lamp of the lighthouse turns.").verdict == "verbatim"
        assert reader.check("Gulls nest on the roof of the customs house.").verdict == "not_found"


def test_beside_a_writer_that_it_could_not_lock_out_it_follows_too(made, tmp_path, document):
    """As a container that has the folder of another one, read-only."""
    with (
        open_(made) as writer,
        mounts.read_only(made, tmp_path / "m"),
        open_(tmp_path / "m", read_only=True) as reader,
    ):
        writer.add_batch([document("lamps", "The lamp of the lighthouse turns.")])
        writer.remove(["gulls"])
        assert reader.storage.published.is_behind()
        reader.refresh()
        assert answers(reader) == answers(writer)
        assert reader.check("The lamp of the lighthouse turns.").verdict == "verbatim"


def test_who_writes_to_what_was_taken_for_unchangeable_is_noticed(made, medium, document):
    with open_(medium, read_only=True) as reader:
        assert not reader.storage.published.is_behind()
        with open_(made) as writer:
            writer.remove(["pilots"])
        with pytest.raises(Mismatch, match="somebody writes to"):
            reader.refresh()


def test_an_earlier_schema_is_not_upgraded_in_silence(made):
    with sqlite3.connect(made / "footnote.db") as db:
        db.execute("UPDATE meta SET value = '2' WHERE key = 'schema'")
    db.close()
    with pytest.raises(ReadOnly, match="earlier version"):
        open_(made, read_only=True)


def test_what_is_not_there_may_come(tmp_path):
    with pytest.raises(StorageError) as caught:
        open_(tmp_path / "none", read_only=True)
    assert caught.value.code == "no_corpus"
    assert not (tmp_path / "none").exists()


def qa(folder, *arguments, **settings):
    plain = {name: value for name, value in os.environ.items() if name[:3] != "QA_"}
    return subprocess.run(
        [QA, *arguments, "--data", folder, "--json"],
        env={**plain, "QA_MODEL": "hash", **settings},
        cwd=folder.parent,
        text=True,
        capture_output=True,
        timeout=60,
    )


def test_the_command_line_says_how_to_read_it_and_does(medium):
    refused = json.loads(qa(medium, "list").stdout)["error"]
    assert refused["code"] == "unwritable"
    assert refused["message"].endswith("or read the corpus that is there with --read-only")
    listed = json.loads(qa(medium, "list", "--read-only").stdout)
    assert [row["id"] for row in listed["articles"]] == ["gulls", "pilots"]
    assert (
        json.loads(qa(medium, "check", SAID, QA_READ_ONLY="true").stdout)["verdict"] == "verbatim"
    )
    removed = qa(medium, "remove", "pilots", QA_READ_ONLY="true")
    assert (removed.returncode, json.loads(removed.stdout)["error"]["code"]) == (1, "read_only")
