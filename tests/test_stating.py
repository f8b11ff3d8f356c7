"""What is stated of articles beside their files: by options, in sidecars, and what goes."""

import json
import sys

import pytest

from qa.cli import main
from qa.corpus import Corpus
from qa.ingest import read_stream
from qa.settings import Settings


@pytest.fixture
def qa(tmp_path, monkeypatch, capsys):
    """Runs the command in a folder of its own, and gives exit code, output and errors."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"QA_{name.upper()}", raising=False)
    monkeypatch.setenv("QA_MODEL", "hash")

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["qa", *arguments])
        with pytest.raises(SystemExit) as caught:
            main()
        captured = capsys.readouterr()
        return caught.value.code or 0, captured.out, captured.err

    return run


def shown(qa, id_):
    return json.loads(qa("show", id_, "--json")[1])["article"]


def test_options_state_what_files_do_not(qa, tmp_path):
    (tmp_path / "a.txt").write_text("The ferry sails.")
    (tmp_path / "b.md").write_text("---\nauthor: Max Blum\ntags: sea\n---\nThe ferry sails.")
    said = ("--publisher", "Times", "--author", "Ana Petric", "--date", "2024-05-06")
    assert qa("add", "a.txt", "b.md", *said, "--language", "en-GB", "--tag", "port")[0] == 0

    a, b = shown(qa, "a"), shown(qa, "b")
    assert (a["publisher"], a["author"], a["published"]) == ("Times", "Ana Petric", "2024-05-06")
    assert (a["language"], a["tags"]) == ("en", ["port"])
    assert (b["author"], b["publisher"], b["tags"]) == ("Max Blum", "Times", ["sea", "port"])


def test_a_sidecar_stands_before_what_the_file_states(qa, tmp_path):
    folder = tmp_path / "n"
    folder.mkdir()
    (folder / "b.md").write_text("---\nauthor: admin\n---\nThe ferry sails.")
    (folder / "b.meta.yaml").write_text("author: Ana Petric\ntitle: Ferry\nnumber: 7\n")
    code, out, _ = qa("add", "n")

    assert (code, out) == (0, "1 added, 1 skipped\n")
    article = shown(qa, "b")
    assert (article["author"], article["title"]) == ("Ana Petric", "Ferry")
    assert article["extra"]["number"] == 7


def test_a_list_of_references_states_the_papers_beside_it(qa, tmp_path):
    folder = tmp_path / "n"
    folder.mkdir()
    (folder / "paper.txt").write_text("The ferry sails.")
    (folder / "paper.ris").write_text("TY  - RPRT\nTI  - Ferries\nAU  - Petric, Ana\nER  - \n")
    code, out, err = qa("add", "n")

    assert (code, out) == (0, "1 added, 1 skipped\n")
    assert "paper.ris: states something of other files: 1 of its 1 entries" in " ".join(err.split())
    assert shown(qa, "paper")["author"] == "Ana Petric"
    (folder / "paper.ris").write_text("TY  - RPRT\nTI  - Ferries\nAU  - Kos, Ivan\nER  - \n")
    assert qa("add", str(folder / "paper.txt"))[:2] == (0, "1 replaced\n")
    assert (shown(qa, "paper")["author"], shown(qa, "paper")["title"]) == ("Ivan Kos", "Ferries")


def test_a_sidecar_that_cannot_be_read_refuses_its_file(qa, tmp_path):
    (tmp_path / "b.txt").write_text("The ferry sails.")
    (tmp_path / "b.txt.meta.yaml").write_text("title: [")
    code, out, err = qa("add", "b.txt")

    assert (code, out) == (1, "1 refused\n")
    assert "b.txt.meta.yaml: the front matter is not valid YAML" in err


def test_what_has_gone_from_a_folder_is_pruned_and_nothing_else(qa, tmp_path):
    for folder in ("n", "other"):
        (tmp_path / folder).mkdir()
        for name in ("a", "b"):
            (tmp_path / folder / f"{folder}-{name}.txt").write_text(f"The {name} of {folder}.")
    qa("add", "n", "other")
    (tmp_path / "n" / "n-a.txt").unlink()
    (tmp_path / "other" / "other-a.txt").unlink()

    assert qa("add", "n")[1] == "1 unchanged\n"
    assert qa("add", "n", "--prune")[1] == "1 unchanged, 1 pruned\n"
    listed = json.loads(qa("list", "--json")[1])["articles"]
    assert [row["id"] for row in listed] == ["n-b", "other-a", "other-b"]


def test_a_file_that_moved_within_its_folder_is_not_pruned(qa, tmp_path):
    (tmp_path / "n" / "sub").mkdir(parents=True)
    (tmp_path / "n" / "a.txt").write_text("The ferry sails.")
    qa("add", "n")
    (tmp_path / "n" / "a.txt").rename(tmp_path / "n" / "sub" / "a.txt")

    assert qa("add", "n", "--prune")[1] == "1 unchanged\n"


def test_a_mapping_that_says_nothing_is_refused(qa, tmp_path):
    (tmp_path / "a.json").write_text('{"words": "The ferry sails."}')

    assert qa("add", "a.json", "--map", "words")[0] == 1
    assert qa("add", "a.json", "--map", "words=text")[:2] == (0, "1 added\n")


def test_nothing_is_pruned_that_may_be_there_still(qa, tmp_path):
    for name in ("n/here.txt", "n/sub/far.txt", "n/gone.txt", "m/other.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"The text of {name}.")
    qa("add", "n", "m")
    (tmp_path / "n" / "gone.txt").unlink()
    (tmp_path / "n" / "sub").rename(tmp_path / "disk")
    (tmp_path / "n" / "sub").symlink_to(tmp_path / "disk_that_is_away")
    code, out, err = qa("add", "n", "--prune")

    assert (code, out) == (0, "1 unchanged, 1 skipped, 1 pruned\n")
    assert "n/sub: a link to what is not there" in err
    listed = json.loads(qa("list", "--json")[1])["articles"]
    assert [row["id"] for row in listed] == ["far", "here", "other"]
    (tmp_path / "n").rename(tmp_path / "away")
    code, out, err = qa("add", "n", "--prune")
    assert (code, out) == (1, "1 refused\n")
    assert len(json.loads(qa("list", "--json")[1])["articles"]) == 3


def test_what_was_sent_to_the_service_is_in_no_folder(qa, tmp_path):
    with Corpus.open(tmp_path / "data", model="hash") as corpus:
        list(corpus.add(read_stream(b"The ferry sails on Monday.", "minutes.txt")))
    (tmp_path / "a.txt").write_text("The other text.")

    assert qa("add", ".", "--data", str(tmp_path / "data"), "--prune")[1].startswith("1 added")
    listed = json.loads(qa("list", "--data", str(tmp_path / "data"), "--json")[1])["articles"]
    assert [row["id"] for row in listed] == ["a", "minutes"]
