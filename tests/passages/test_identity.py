"""Whose an id is, over several additions to one corpus."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from embeddings import HashEncoder
from qa.corpus import Corpus
from qa.ingest import Input, find_inputs, read_input, read_record, read_stream
from qa.ingest.slugs import slug
from qa.types import Document


@pytest.fixture
def corpus(tmp_path):
    with Corpus.open(tmp_path / "corpus", encoder=HashEncoder()) as opened:
        yield opened


def make(folder, **texts):
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / name.replace("_", ".")).write_text(text, "utf-8")
    return folder


def document_in(folder) -> Document:
    (file,) = find_inputs([folder])
    assert isinstance(file, Input)
    (document,) = read_input(file)
    assert isinstance(document, Document)
    return document


def add(corpus, *paths) -> list[str]:
    """What became of each file that is found there."""
    files = [found for found in find_inputs(paths) if isinstance(found, Input)]
    outcomes = corpus.add(document for file in files for document in read_input(file))
    return [f"{outcome.name} {outcome.document.article.id}" for outcome in outcomes]


def test_files_of_one_name_in_two_folders_are_two_articles(corpus, tmp_path):
    first = make(tmp_path / "2023", minutes_txt="The council approved the bridge.")
    second = make(tmp_path / "2024", minutes_txt="The council cut the library hours.")

    assert add(corpus, first) == ["added minutes"]
    assert add(corpus, second) == ["added 2024-minutes.txt"]
    assert add(corpus, second, first) == ["unchanged 2024-minutes.txt", "unchanged minutes"]
    assert corpus.raw("minutes") == b"The council approved the bridge."


def test_a_file_keeps_its_id_when_it_changes_however_it_is_named(corpus, tmp_path, monkeypatch):
    make(tmp_path / "2023", minutes_txt="The council approved the bridge.")
    make(tmp_path / "2024", minutes_txt="The council cut the library hours.")
    assert add(corpus, tmp_path / "2023") == ["added minutes"]
    assert add(corpus, tmp_path / "2024") == ["added 2024-minutes.txt"]
    make(tmp_path / "2024", minutes_txt="The council cut the hours of the library.")
    monkeypatch.chdir(tmp_path / "2024")

    assert add(corpus, Path("minutes.txt")) == ["replaced 2024-minutes.txt"]


def test_the_company_of_a_file_changes_nothing_of_what_it_is_called(corpus, tmp_path):
    folder = make(tmp_path / "n", story_txt="Text of the mill.", story_md="# Other\n\nThe quay.")

    assert add(corpus, folder) == ["added story.md", "added story.txt"]
    assert add(corpus, folder / "story.txt") == ["unchanged story.txt"]


def test_an_article_that_an_earlier_version_stored_is_replaced_under_its_id(
    corpus, tmp_path, monkeypatch
):
    folder = make(tmp_path / "n", story_txt="Text of the mill.")
    monkeypatch.chdir(tmp_path)
    document = document_in(folder)
    old = replace(document, origin="n/story.txt", named=False)  # as it was named then
    old = replace(old, article=replace(old.article, id="a-story.txt-0a1b2c3d"))
    stem = replace(old, article=replace(old.article, id="story"))
    list(corpus.add([stem]))
    make(tmp_path / "n", story_txt="Text of the mill, and more.")

    assert add(corpus, folder) == ["replaced story"]


def test_a_name_in_another_script_is_found_under_the_id_that_it_had(corpus, tmp_path):
    folder = make(tmp_path / "n", **{"Вест_txt": "Trajekt kasni."})
    document = document_in(folder)
    article = replace(document.article, id=slug("Вест", spelled=False))
    list(corpus.add([replace(document, named=False, article=article)]))
    make(tmp_path / "n", **{"Вест_txt": "Trajekt kasni dva sata."})

    assert add(corpus, folder) == [f"replaced {article.id}"]


def test_a_file_that_moved_with_its_text_stays_what_it_is(corpus, tmp_path):
    folder = make(tmp_path / "n", story_txt="Text of the mill.")
    assert add(corpus, folder) == ["added story"]
    os.rename(folder, tmp_path / "archive")

    assert add(corpus, tmp_path / "archive") == ["unchanged story"]


def test_an_id_that_is_stated_is_taken_at_its_word(corpus, tmp_path):
    list(corpus.add([read_record({"id": "story", "text": "Posted."})]))
    folder = make(tmp_path / "n", story_txt="Text of the mill.")

    assert add(corpus, folder) == ["added n-story.txt"]
    (outcome,) = corpus.add([read_record({"id": "story", "text": "Posted again."})])
    assert outcome.name == "replaced"


def test_uploads_are_told_apart_by_the_path_that_is_sent(corpus):
    for name, text, became in (
        ("2023/minutes.txt", b"The bridge.", "added minutes"),
        ("2024/minutes.txt", b"The library.", "added 2024-minutes.txt"),
        ("2024/minutes.txt", b"The library hours.", "replaced 2024-minutes.txt"),
    ):
        (outcome,) = corpus.add(read_stream(text, name))
        assert f"{outcome.name} {outcome.document.article.id}" == became


def test_a_file_whose_id_another_process_gave_to_another_file_gets_another(corpus, tmp_path):
    """Both are prepared before either is stored: each process has the id for its own file."""
    first = make(tmp_path / "2023", minutes_txt="The council approved the bridge.")
    second = make(tmp_path / "2024", minutes_txt="The council cut the library hours.")
    with Corpus.open(tmp_path / "corpus", encoder=HashEncoder()) as other:
        [ours] = corpus.prepare([[document_in(first)]])
        [theirs] = other.prepare([[document_in(second)]])
        found = [*corpus.commit(ours), *other.commit(theirs)]

        assert [(o.name, o.document.article.id) for o in found] == [
            ("added", "minutes"),
            ("added", "2024-minutes.txt"),
        ]
        assert other.raw("minutes") == b"The council approved the bridge."
        assert other.raw("2024-minutes.txt") == b"The council cut the library hours."
        assert add(other, second) == ["unchanged 2024-minutes.txt"]
