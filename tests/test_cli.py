import io
import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import typer
from rich.console import Console

from embeddings import HashEncoder
from qa import Corpus
from qa.check.types import Contradiction
from qa.cli import add_command, app, main
from qa.cli.commands import COMMANDS
from qa.cli.list_command import table
from qa.cli.verdict_output import print_report
from qa.handover.carried import Carried
from qa.ingest import Limits, read_record
from qa.jobs import Jobs
from qa.settings import Settings
from qa.storage.records import JobInput, text_digest
from tests.conftest import sql
from tests.word_files import paragraph, word_file

PILOTS = "A harbour pilot guides ships. The crew sleeps."
BREAD = "Bread is baked at night in the old town."
RECORDS: list[dict[str, Any]] = [
    {
        "id": "pilots",
        "text": PILOTS,
        "title": "At sea",
        "author": "A. Author",
        "publisher": "Press",
        "published": "2023-05-31",
        "language": "en",
        "tags": ["harbour"],
    },
    {"id": "bread", "text": BREAD, "title": "At home", "language": "en"},
]
PILOTS_ID = f"pilots.{text_digest(PILOTS)[:8]}.0-46"
BREAD_ID = f"bread.{text_digest(BREAD)[:8]}.0-40"
PILOTS_CITATION = "A. Author, “At sea”, Press, 2023-05-31, characters 0–46"


@pytest.fixture(autouse=True)
def _place(tmp_path, monkeypatch):
    """A folder without settings of its own, the hash encoder, and a corpus in `data`."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"QA_{name.upper()}", raising=False)
    monkeypatch.setenv("QA_MODEL", "hash")


@pytest.fixture
def qa(monkeypatch, capsys):
    """Runs the command as the shell does."""

    def run(*arguments, stdin=b""):
        monkeypatch.setattr(sys, "argv", ["qa", *arguments])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), "utf-8"))
        with pytest.raises(SystemExit) as caught:
            main()
        captured = capsys.readouterr()
        return SimpleNamespace(code=caught.value.code or 0, out=captured.out, err=captured.err)

    return run


@pytest.fixture
def qa_json(qa):
    """The same with --json: exit code and what was printed."""

    def run(*arguments, **options):
        found = qa(*arguments, "--json", **options)
        return found.code, json.loads(found.out)

    return run


@pytest.fixture
def filled(tmp_path):
    """Puts two articles into the corpus."""
    with Corpus.open(tmp_path / "data", encoder=HashEncoder()) as corpus:
        list(corpus.add(read_record(record) for record in RECORDS))


# --- every command -----------------------------------------------------------------------------


@pytest.mark.parametrize("option", ["--version", "-V"])
def test_the_version_is_said(qa, option):
    found = qa(option)

    assert (found.code, found.out) == (0, f"footnote-qa {version('footnote-qa')}\n")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("line", "word", "expected"),
    [
        ("qa re", 1, ["related", "remove", "reindex", "restore"]),
        ("qa ask --mode ", 3, ["hybrid", "dense", "lexical"]),
        ("qa edit x --clear ta", 4, ["tags"]),
        ("qa list --so", 2, ["--sort"]),
    ],
)
def test_the_shell_completes_commands_options_and_choices(monkeypatch, line, word, expected):
    monkeypatch.setenv("_QA_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", line)
    monkeypatch.setenv("COMP_CWORD", str(word))

    assert command()[2].split() == expected


@pytest.mark.parametrize("name", ["", *sorted(COMMANDS)])
def test_every_command_has_a_short_option_for_help(qa, name):
    short, long = (qa(*filter(None, (name, option))) for option in ("-h", "--help"))

    assert (short.code, short.out) == (0, long.out)
    assert f"Usage: qa {name}".strip() in short.out


def test_the_commands():
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    assert sorted(commands) == sorted(
        [
            *(
                "add",
                "fetch",
                "ask",
                "related",
                "check",
                "list",
                "mcp",
                "show",
                "edit",
                "remove",
                "export",
            ),
            *("serve", "work", "jobs", "eval", "calibrate", "status"),
            *("reindex", "backup", "restore", "copy"),
        ]
    )


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_takes_json_and_data_and_says_what_it_does(name):
    options = {option for parameter in COMMANDS[name].load().params for option in parameter.opts}

    assert {"--json", "--data"} <= options
    assert COMMANDS[name].help


def test_without_a_command_the_help_is_shown(qa):
    found = qa()

    assert found.code == 2
    assert "Footnote: ask a collection of articles" in found.out + found.err


def test_an_unknown_command_is_an_error_of_usage(qa):
    assert qa("answer").code == 2


# --- copy --------------------------------------------------------------------------------------


def test_copy_says_what_is_there_and_what_was_carried(qa, filled):
    first, again = qa("copy", "data", "other"), qa("copy", "other")

    lines = first.out.splitlines()
    assert lines[:2] == [
        "other has all of data: 2 articles, 2 passages, 2 vectors.",
        "Carried now: 2 articles, 2 vectors. Every row was compared.",
    ]
    assert (first.code, again.code, first.err) == (0, 0, "")
    assert again.out.splitlines()[1:] == [
        "Carried now: 0 articles, 0 vectors. Every row was compared.",
        lines[2],
    ]
    assert qa("show", "pilots", "--data", "other").out == qa("show", "pilots").out


def test_copy_as_json(qa_json, filled):
    code, found = qa_json("copy", "other", "--data", "data")

    assert (code, len(found.pop("sha256"))) == (0, 64)
    assert found == {
        "from": "data",
        "to": "other",
        "generation": 1,
        "articles": 2,
        "passages": 2,
        "embedded": 2,
        "jobs": 0,
        "articles_carried": 2,
        "embedded_carried": 2,
    }


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["data", "data"], "invalid_input", "data would be copied onto itself: name another place"),
        (["none", "other"], "no_corpus", "there is no corpus in none to be read"),
        (["data", "mysql://ana:secret@db/x"], "usage", "mysql:// is no place for a corpus"),
        (["data", "other", "third"], "usage", "name one place to copy from, and one to copy to"),
        (["data", "other", "--data", "x"], "usage", "name one place to copy from, and one"),
        (
            ["data", "postgresql://ana:secret@127.0.0.1:9/news"],
            "database_away",
            "the database postgresql://127.0.0.1:9/news cannot be reached",
        ),
    ],
)
def test_copy_says_what_it_refuses_and_nothing_secret(qa_json, filled, arguments, code, said):
    ended, found = qa_json("copy", *arguments)

    assert ended == (2 if code == "usage" else 1)
    assert (found["error"]["code"], said in found["error"]["message"]) == (code, True)
    assert "secret" not in found["error"]["message"]


# --- add ---------------------------------------------------------------------------------------


def test_add_says_what_became_of_each(qa, tmp_path):
    (tmp_path / "a.txt").write_text(PILOTS, "utf-8")
    first, again = qa("add", "a.txt"), qa("add", "a.txt")
    (tmp_path / "a.txt").write_text(BREAD, "utf-8")
    other = qa("add", "a.txt")

    assert [(f.code, f.out) for f in (first, again, other)] == [
        (0, "1 added\n"),
        (0, "1 unchanged\n"),
        (0, "1 replaced\n"),
    ]


def test_add_names_what_it_refused_and_fails(qa, tmp_path):
    (tmp_path / "empty.txt").write_text(" \n", "utf-8")
    (tmp_path / "a.txt").write_text(PILOTS, "utf-8")
    found = qa("add", "empty.txt", "none.txt", "a.txt")

    assert (found.code, found.out) == (1, "1 added, 2 refused\n")
    assert [line.split(":")[:2] for line in found.err.splitlines()] == [
        ["refused", " empty.txt"],
        ["refused", " none.txt"],
    ]


def test_add_does_not_fail_when_it_only_passed_over(qa, tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "README.md").write_text("About the folder.", "utf-8")
    (folder / "a.txt").write_text(PILOTS, "utf-8")
    found = qa("add", "folder")

    assert (found.code, found.out) == (0, "1 added, 1 skipped\n")
    assert found.err.startswith("skipped: folder/README.md: about the folder")


def test_add_as_json(qa_json, tmp_path):
    (tmp_path / "empty.txt").write_text("", "utf-8")
    code, found = qa_json("add", "empty.txt", "-", stdin=json.dumps(RECORDS[0]).encode())

    assert code == 1
    problem = found["problems"][0]
    assert found == {
        "counts": {"added": 1, "refused": 1},
        "removed_lines": {},
        "problems": [problem],
        "notes": {},
        "generation": 1,
    }
    assert (problem["origin"], problem["code"], problem["skipped"]) == ("empty.txt", "empty", False)


def test_add_reads_standard_input(qa, qa_json):
    lines = "\n".join(json.dumps(record) for record in RECORDS).encode()

    assert qa("add", "-", stdin=lines).out == "2 added\n"
    _, found = qa_json("list")
    assert [row["id"] for row in found["articles"]] == ["bread", "pilots"]


def test_add_if_empty_does_nothing_when_there_is_something(qa, qa_json, filled, tmp_path):
    (tmp_path / "a.txt").write_text("Another.", "utf-8")
    found = qa("add", "--if-empty", "a.txt")

    assert (found.code, found.out) == (0, "The corpus in data has articles already.\n")
    code, found = qa_json("add", "--if-empty", "a.txt")
    assert (code, found["counts"]) == (0, {})
    assert len(qa_json("list")[1]["articles"]) == 2


def test_add_if_empty_adds_when_there_is_nothing(qa, tmp_path):
    (tmp_path / "a.txt").write_text(PILOTS, "utf-8")

    assert qa("add", "--if-empty", "a.txt").out == "1 added\n"


def test_add_refuses_an_article_over_the_limit(qa_json, tmp_path, monkeypatch):
    monkeypatch.setenv("QA_MAX_ARTICLE_BYTES", "10")
    (tmp_path / "a.txt").write_text(PILOTS, "utf-8")
    code, found = qa_json("add", "a.txt")

    assert (code, found["problems"][0]["code"]) == (1, "too_large")


def test_add_adds_a_sample_and_more_beside_it(qa, tmp_path):
    (tmp_path / "note.txt").write_text("The pilot boards at dawn.", "utf-8")

    assert qa("add", "--sample", "note.txt").out == "6 added\n"
    assert qa("add", "--sample", "--if-empty").out == "The corpus in data has articles already.\n"


def test_add_of_nothing_is_no_command(qa, qa_json):
    found = qa("add")

    assert found.code == 2
    assert "name files or folders, or give --sample" in found.err
    assert qa("add", "--json").code == 2


def test_add_that_is_stopped_says_what_is_stored(qa, tmp_path, monkeypatch):
    (tmp_path / "a.jsonl").write_text(
        "\n".join(json.dumps({"id": f"a{n}", "text": f"Text {n}."}) for n in range(500)), "utf-8"
    )

    def interrupted(*arguments):
        for number, item in enumerate(read_input(*arguments)):
            if number == 450:
                raise KeyboardInterrupt
            yield item

    read_input = add_command.read_input  # type: ignore[attr-defined]
    monkeypatch.setattr(add_command, "read_input", interrupted)
    found = qa("add", "a.jsonl")

    assert found.code == 130
    assert "192 articles are safely stored; the same command goes on from there." in found.err
    monkeypatch.undo()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QA_MODEL", "hash")
    assert qa("add", "a.jsonl").out == "308 added, 192 unchanged\n"


# --- jobs --------------------------------------------------------------------------------------


def test_jobs_are_listed_and_cancelled(qa, qa_json, filled, tmp_path):
    with Corpus.open(tmp_path / "data", encoder=HashEncoder()) as corpus:
        table = corpus.jobs
        first, second = (table.submit([JobInput("line 1", b"{}")] * n).id for n in (1, 2))
    code, found = qa_json("jobs")
    listed = [(job["id"], job["state"], job["total"], job["done"]) for job in found["jobs"]]
    assert (code, listed) == (0, [(second, "queued", 2, 0), (first, "queued", 1, 0)])

    cancelled = qa("jobs", "--cancel", first)
    about = "    0 of 1 inputs; nothing yet; since "
    assert (cancelled.code, cancelled.out.splitlines()[0]) == (0, f"{first}  cancelled")
    assert cancelled.out.splitlines()[1].startswith(about)
    assert [job["state"] for job in qa_json("jobs")[1]["jobs"]] == ["queued", "cancelled"]
    assert qa_json("jobs", "--cancel", "none") == (
        1,
        {"error": {"code": "job_not_found", "message": "there is no job 'none'"}},
    )


def test_what_was_refused_of_a_job_is_shown_and_tried_again(qa, qa_json, filled, tmp_path):
    assert qa("jobs").err == "Nothing was sent to the service.\n"
    with Corpus.open(tmp_path / "data", encoder=HashEncoder()) as corpus:
        work = Jobs(corpus, Limits())
        job = work.submit([JobInput("line 1", b"{}")])
        work.start()
        while not corpus.jobs.get(job.id)[0].ended:
            time.sleep(0.01)
        work.stop()

    shown = qa("jobs", job.id).out.splitlines()
    assert shown[0] == f"{job.id}  done"
    assert shown[2:] == ['    refused: line 1: "text" or "html" is missing']
    again = qa("jobs", "--retry", job.id)
    assert again.out.splitlines()[0].endswith("  queued")
    assert again.err == "A running service goes on with it, or the next that is started.\n"
    assert len(qa_json("jobs")[1]["jobs"]) == 2
    assert qa("jobs", job.id, "--cancel", job.id).code == 2


# --- ask ---------------------------------------------------------------------------------------


def test_ask_prints_the_answer_and_its_footnotes(qa, filled):
    found = qa("ask", "Who guides ships?", "-k", "1")

    assert (found.code, found.err) == (0, "")
    assert found.out.splitlines()[0].startswith("A harbour pilot guides ships.  [1] confidence ")
    assert found.out.splitlines()[1:] == [
        "",
        f"[1] {PILOTS}",
        f"    {PILOTS_CITATION}",
        f"    {PILOTS_ID}",
        "",
        "more passages: --offset 1",
    ]


def test_ask_gives_its_footnotes_to_other_programs(qa, filled):
    found = qa("ask", "Who guides ships?", "-k", "1", "--cite", "bibtex")

    assert (found.code, found.err) == (0, "")
    assert found.out == (
        "@misc{pilots,\n"
        "  author = {{A. Author}},\n"
        "  title = {{At sea}},\n"
        "  publisher = {Press},\n"
        "  howpublished = {Press},\n"
        "  date = {2023-05-31},\n"
        "  year = {2023},\n"
        "  month = may,\n"
        "  language = {en},\n"
        "  annote = {para. 1: A harbour pilot guides ships.}\n"
        "}\n"
    )
    annotation = json.loads(qa("ask", "Who guides ships?", "-k", "1", "--cite", "annotation").out)
    assert annotation["target"]["source"] == "http://127.0.0.1:8000/v1/articles/pilots"
    assert qa("ask", "Who guides ships?", "--cite", "plain", "--json").code != 0
    assert qa("ask", "Who guides ships?", "--cite", "endnote").code == 2


def test_footnotes_of_what_is_not_answered_say_so_beside(qa, filled):
    found = qa("ask", "Do zebras graze?", "-k", "1", "--cite", "plain")

    assert found.out == "“At home”, para. 1\n"
    assert found.err.startswith("Not answered. Nothing here mentions “zebras”")


def test_ask_says_why_not(qa, filled):
    found = qa("ask", "Do zebras graze?")

    assert found.code == 0
    assert found.out.splitlines()[0] == (
        "Not answered. Nothing here mentions “zebras” or “graze”; these are the nearest passages."
    )


def test_ask_as_json(qa_json, filled):
    code, found = qa_json("ask", "Who guides ships?", "--top-k", "1")

    assert code == 0
    [hit] = found.pop("passages")
    confidence, took = found.pop("confidence"), found.pop("took_ms")
    assert 0.5 <= confidence <= 1
    assert took > 0
    assert found == {
        "question": "Who guides ships?",
        "answered": True,
        "reason": None,
        "answer": {
            "text": "A harbour pilot guides ships.",
            "article_id": "pilots",
            "passage_id": PILOTS_ID,
            "start": 0,
            "end": 29,
            "words": None,
            "speaker": None,
            "language": "en",
        },
        "context": None,
        "read": "off",
        "understood": [],
        "notes": [],
        "unread": "",
        "offset": 0,
        "next_offset": 1,
        "index": {"generation": 1, "encoder": "hash"},
    }
    scores = hit.pop("scores")
    assert scores.keys() == {"dense", "lexical"}
    link = "/articles/pilots?start=0&end=46#cited"
    assert hit == {
        "id": PILOTS_ID,
        "article_id": "pilots",
        "start": 0,
        "end": 46,
        "text": PILOTS,
        "language": "en",
        "score": 1.0,
        "highlights": [{"start": 0, "end": 29}],
        "source": {
            "article_id": "pilots",
            "title": "At sea",
            "url": None,
            "publisher": "Press",
            "author": "A. Author",
            "authors": ["A. Author"],
            "published": "2023-05-31",
            "language": "en",
            "page": None,
            "page_label": None,
            "time": None,
            "link": link,
        },
        "citation": PILOTS_CITATION,
        "also_in": [],
        "expanded": None,
    }


def test_ask_for_a_prompt(qa, filled):
    options = ("--expand", "paragraph", "--max-tokens", "10", "--top-k", "2")
    found = qa("ask", "Who guides ships?", *options).out.splitlines()

    assert found[2:] == [
        f"[1] {PILOTS}",
        f"    {PILOTS_CITATION}",
        f"    {PILOTS_ID}",
        "",
        "10 of 10 tokens",
        f"no room for {BREAD_ID}",
    ]
    said = qa("ask", "Do zebras graze?", "--min-score", "1", "--expand", "neighbours")
    assert said.code == 0


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ([], ["pilots", "bread"]),
        (["--article", "bread"], ["bread"]),
        (["--publisher", "PRESS"], ["pilots"]),
        (["--author", "a. author", "--author", "another"], ["pilots"]),
        (["--language", "sr"], []),
        (["--tag", "Harbour"], ["pilots"]),
        (["--since", "2023-06"], []),
        (["--since", "2023-05", "--until", "2023"], ["pilots"]),
        (["--mode", "lexical"], ["pilots"]),
        (["--mode", "dense", "-k", "1"], ["pilots"]),
    ],
)
def test_ask_with_filters_and_modes(qa_json, filled, options, expected):
    code, found = qa_json("ask", "Who guides ships?", *options)

    assert (code, [hit["article_id"] for hit in found["passages"]]) == (0, expected)


COLOUR = ["ask", "What colour is the crane?", "--threshold", "0"]
CRANES = "A crane lifts crates at the dock. The crane is painted blue."


@pytest.fixture
def cranes(qa_json):
    """Puts one article into the corpus; gives the words of it that answer `COLOUR`."""
    qa_json("add", "-", stdin=json.dumps({"id": "cranes", "text": CRANES}).encode())
    _, found = qa_json(*COLOUR, "--read", "deep")
    said, words = found["answer"], found["answer"]["words"]
    assert said["text"] == "The crane is painted blue."
    assert said["start"] <= words["start"] < words["end"] <= said["end"]
    assert words["text"] == CRANES[words["start"] : words["end"]]
    return words


def test_ask_reads_as_much_as_is_said_or_set(qa_json, cranes, monkeypatch):
    def words(*options):
        return qa_json(*COLOUR, *options)[1]["answer"]["words"]

    assert words() is None  # the hash encoder asks for words alone
    assert words("--read", "fast") == cranes
    monkeypatch.setenv("QA_READ", "deep")
    assert words() == cranes
    assert words("--read", "off") is None


def test_where_nothing_can_be_underlined_the_words_that_answer_have_a_line(qa, cranes):
    first, second, third, *_ = qa(*COLOUR, "--read", "fast").out.splitlines()

    assert first.startswith("The crane is painted blue.  [1] confidence ")
    assert (second, third) == (f"    in the words: {cranes['text']}", "")
    assert qa(*COLOUR, "--read", "off").out.splitlines()[1] == ""


def test_ask_says_who_says_what_is_quoted(qa, qa_json):
    text = "Ana Marin came. “We sail at dawn on Monday,” she said. Nobody slept."
    qa_json("add", "-", stdin=json.dumps({"id": "talk", "text": text}).encode())
    who = ["ask", "Who said that they sail at dawn on Monday?", "--threshold", "0"]

    sentence, words, speaker, blank, *_ = qa(*who).out.splitlines()
    assert sentence.startswith("“We sail at dawn on Monday,” she said.  [1] confidence ")
    assert [words, speaker, blank] == [
        "    in the words: Ana Marin",
        "    said by Ana Marin (“she said”)",
        "",
    ]
    _, found = qa_json(*who)
    assert found["answer"]["words"] == {"start": 0, "end": 9, "text": "Ana Marin"}
    assert found["answer"]["speaker"] == {
        "name": "Ana Marin",
        "start": 45,
        "end": 53,
        "text": "she said",
    }
    assert qa("ask", "Who slept?", "--threshold", "0").out.splitlines()[1] == ""


@pytest.mark.slow
def test_on_a_terminal_a_name_that_stands_elsewhere_is_printed_below(qa_json):
    text = "Ana Marin came. “We sail at dawn on Monday,” she said. Nobody slept."
    qa_json("add", "-", stdin=json.dumps({"id": "talk", "text": text}).encode())
    command = [str(Path(sys.executable).parent / "qa"), "ask", "Who said that they sail at dawn?"]
    environment = {**os.environ, "FORCE_COLOR": "1", "TERM": "xterm", "NO_COLOR": ""}
    command += ["--threshold", "0"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)

    first, second, third = done.stdout.splitlines()[:3]
    assert first.startswith("\x1b[1m“We sail at dawn on Monday,” she said.\x1b[0m  \x1b[2m[1] ")
    assert second == "    in the words: Ana Marin"
    assert third == "\x1b[2m    said by Ana Marin (“she said”)\x1b[0m"


@pytest.mark.slow
def test_on_a_terminal_the_words_that_answer_are_underlined_in_the_sentence(cranes):
    command = [str(Path(sys.executable).parent / "qa"), *COLOUR, "--read", "fast"]
    environment = {**os.environ, "FORCE_COLOR": "1", "TERM": "xterm", "NO_COLOR": ""}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)

    start, end = (cranes[name] - CRANES.index("The crane") for name in ("start", "end"))
    sentence = "The crane is painted blue."
    parts = [("1", sentence[:start]), ("1;4", sentence[start:end]), ("1", sentence[end:])]
    styled = "".join(f"\x1b[{style}m{part}\x1b[0m" for style, part in parts if part)
    first, second = done.stdout.splitlines()[:2]
    assert first.startswith(f"{styled}  \x1b[2m[1] confidence ")
    assert second == ""


# --- related -----------------------------------------------------------------------------------


def test_related_takes_a_passage_or_a_text(qa, qa_json, filled):
    code, found = qa_json("related", PILOTS_ID)
    assert (code, [hit["article_id"] for hit in found["passages"]]) == (0, ["bread"])

    code, found = qa_json("related", "ships of the harbour", "-k", "1", "--other-sources-only")
    assert (code, [hit["article_id"] for hit in found["passages"]]) == (0, ["pilots"])
    assert qa("related", PILOTS_ID).out.splitlines() == [
        f"[1] {BREAD}",
        "    “At home”, characters 0–40",
        f"    {BREAD_ID}",
        "    related by cosine 0.12",
        "",
    ]


def test_related_says_what_passages_have_in_common(qa, qa_json, filled, tmp_path):
    text = "Yesterday Ana Marin guided a tanker into the harbour of Lisbon before the storm."
    other = "It was a storm that Ana Marin had warned of."
    for id_, said in (("one", text), ("two", f"{text} (Agency)"), ("three", other)):
        (tmp_path / f"{id_}.txt").write_text(said, "utf-8")
        assert qa("add", str(tmp_path / f"{id_}.txt")).code == 0
    lines = qa("related", text, "-k", "1").out.splitlines()

    assert lines[0] == f"[1] {other}"
    assert lines[3].startswith("    related by names Ana Marin; words storm; cosine 0.")
    assert [line.partition(",")[0] for line in lines[5:]] == [
        "the same text: one",
        "the same text: two",
    ]
    code, found = qa_json("related", text, "-k", "1")
    assert (code, found["passages"][0]["related"]["shared_names"]) == (0, ["Ana Marin"])
    assert [source["article_id"] for source in found["copies"]] == ["one", "two"]


# --- check -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("quote", "code", "verdict"),
    [
        ("harbour pilot guides ships", 0, "verbatim"),
        ("harbour PILOT guides ships", 0, "normalized"),
        ("harbour pilot guides boats", 1, "altered"),
        ("zebras graze in the morning", 1, "not_found"),
    ],
)
def test_check_fails_unless_the_quote_stands_there(qa, qa_json, filled, quote, code, verdict):
    assert qa("check", quote).code == code
    found = qa_json("check", quote)
    assert (found[0], found[1]["verdict"], found[1]["quote"]) == (code, verdict, quote)


def test_check_prints_where_and_what_differs(qa, filled):
    found = qa("check", "harbour pilot guides boats")

    assert found.out.splitlines() == [
        "altered  harbour pilot guides boats",
        "    “harbour pilot guides ships”",
        "    in: A harbour pilot guides ships.",
        "    A. Author, “At sea”, Press, 2023-05-31, characters 2–28",
        f"    {PILOTS_ID}",
        "    word: the quote has “boats”, the source “ships”",
    ]


def test_check_in_an_article(qa, qa_json, filled):
    code, found = qa_json("check", "Bread is baked at night", "--article", "pilots")

    assert (code, found["verdict"]) == (1, "misattributed")
    assert found["note"] == "Not in pilots, but it stands in bread."
    [match] = found["matches"]
    assert (match["article_id"], match["start"], match["end"]) == ("bread", 0, 23)
    assert "    Not in pilots, but it stands in bread." in (
        qa("check", "Bread is baked at night", "--article", "pilots").out.splitlines()
    )


DRAFT = "She wrote: “A harbour pilot guides ships”, and “bread is baked at night in the new town”."


def test_check_reads_a_draft_from_a_file_or_from_standard_input(qa, qa_json, filled, tmp_path):
    (tmp_path / "draft.md").write_text(DRAFT, "utf-8")
    from_file = qa_json("check", "draft.md")
    from_input = qa_json("check", "-", stdin=DRAFT.encode())

    for code, found in (from_file, from_input):
        assert code == 1
        assert [(q["quote"], q["verdict"]) for q in found["quotations"]] == [
            ("A harbour pilot guides ships", "verbatim"),
            ("bread is baked at night in the new town", "altered"),
        ]
    assert qa("check", "draft.md").out.splitlines() == [
        "Read draft.md as Markdown: 17 words, 2 quotations, 0 citing sentences, 0 references.",
        "",
        "line 1",
        "verbatim  A harbour pilot guides ships",
        "    “A harbour pilot guides ships”",
        "    A. Author, “At sea”, Press, 2023-05-31, characters 0–28",
        f"    {PILOTS_ID}",
        "",
        "line 1",
        "altered  bread is baked at night in the new town",
        "    “Bread is baked at night in the old town”",
        "    “At home”, characters 0–39",
        f"    {BREAD_ID}",
        "    word: the quote has “new”, the source “old”",
        "",
        "2 quotations: 1 altered, 1 verbatim.",
    ]


def test_check_of_a_draft_in_which_all_is_right_succeeds(qa, filled):
    assert qa("check", "-", stdin="“A harbour pilot guides ships”".encode()).code == 0


def test_check_of_a_draft_without_quotations_says_so(qa, qa_json, filled):
    found = qa("check", "-", stdin=b"Nothing quoted.")

    assert (found.code, found.out.splitlines()) == (
        2,
        [
            "Read standard input as text: 2 words, 0 quotations, 0 citing sentences, 0 references.",
            "",
            "It quotes nothing, and no sentence cites a source.",
        ],
    )
    code, report = qa_json("check", "-", stdin=b"Nothing quoted.")
    assert (code, report["quotations"], report["claims"]) == (2, [], [])
    assert report["looked_at"]["outcome"] == "unchecked"


def test_check_of_a_draft_shows_what_supports_a_claim_and_what_it_lacks(qa, qa_json, filled):
    draft = "A pilot guided 40 ships in May 2021, it says. [At sea](/articles/pilots)"
    found = qa("check", "-", stdin=draft.encode())
    _, report = qa_json("check", "-", stdin=draft.encode())

    [claim] = report["claims"]
    assert claim["supporting"]["missing"] == [
        {"kind": "number", "text": "40"},
        {"kind": "date", "text": "May 2021"},
    ]
    assert found.code == 1
    lines = found.out.splitlines()
    assert lines[2] == "line 1, At sea → pilots"
    assert lines[3] == (
        f"support {claim['supporting']['score']:.0%}  A pilot guided 40 ships in May 2021, it says."
    )
    assert lines[6:] == [
        "    missing there: 40 (number), May 2021 (date)",
        "",
        "0 quotations. 1 citing sentence, 1 with something missing.",
    ]


def test_whose_reference_covers_a_sentence_is_printed_and_how_many_have_none(qa, filled):
    draft = (
        "A pilot guides ships, it says. Bread is baked at night [1][2]. The sea is calm today."
        "\n\n[1]: /articles/pilots\n[2]: /articles/bread\n"
    )
    lines = qa("check", "-", stdin=draft.encode()).out.splitlines()

    covered = lines.index(
        "    It has no mark of its own: held against the next one of its paragraph."
    )
    assert lines[covered - 1].endswith("A pilot guides ships, it says.")
    assert lines[covered + 1 : covered + 4 : 2] == [
        "    “A harbour pilot guides ships.”",
        f"    “{BREAD}”",
    ]
    assert lines[-2:] == [
        "1 sentence has no reference: not checked.",
        "0 quotations. 2 citing sentences.",
    ]


def test_what_says_the_contrary_is_printed_with_what_differs(filled, tmp_path, capsys):
    draft = "A pilot guided 40 ships, it says. [At sea](/articles/pilots)"
    with Corpus.open(tmp_path / "data", model="hash") as corpus:
        found = corpus.check_text(draft)
    [claim] = found.claims
    assert claim.supporting
    contrary = Contradiction("pilots.0", 0, 9, "No pilot\nguides.", "negation")
    changed = replace(claim, supporting=replace(claim.supporting, contradicts=contrary))
    print_report(replace(found, claims=(changed,)))

    lines = capsys.readouterr().out.splitlines()
    assert lines[4:] == [
        "    says the contrary (negation): “No pilot guides.”",
        "    missing there: 40 (number)",
        "",
        "0 quotations. 1 citing sentence, 1 contradicted, 1 with something missing.",
    ]


@pytest.mark.parametrize(
    ("read", "below", "line"),
    [
        ([True, True], [], ["2 citing sentences were read."]),
        (
            *([True, False], ["    not read, only compared"]),
            ["1 citing sentence was read, 1 was not: the sources may say the contrary."],
        ),
        (
            *([False, False], ["    not read, only compared"] * 2),
            ["0 citing sentences were read, 2 were not: the sources may say the contrary."],
        ),
        ([None, None], [], []),
    ],
)
def test_how_many_claims_were_read_is_printed(filled, tmp_path, capsys, read, below, line):
    draft = "A pilot guided many ships, it says. [At sea](/articles/pilots)"
    with Corpus.open(tmp_path / "data", model="hash") as corpus:
        found = corpus.check_text(f"{draft}\n\n{draft}")
    claims = tuple(
        replace(claim, supporting=replace(claim.supporting, read=one))
        for claim, one in zip(found.claims, read, strict=True)
        if claim.supporting
    )
    print_report(replace(found, claims=claims, depth="off" if read[0] is None else "deep"))

    lines = capsys.readouterr().out.splitlines()
    assert [one for one in lines if one.startswith("    not read")] == below
    assert lines[lines.index("0 quotations. 2 citing sentences.") + 1 :] == line


def test_an_expression_of_under_four_words_is_shown_and_fails_nothing(qa, filled):
    found = qa("check", "-", stdin="He spoke of a “pilot’s wife”.".encode())

    assert (found.code, found.out.splitlines()[3:5]) == (
        2,  # nothing else was there to be checked
        [
            "not_found (too short)  pilot’s wife",
            "    A quote of fewer than 4 words may stand anywhere.",
        ],
    )


def test_check_says_who_says_it(qa, qa_json, tmp_path):
    record = {"id": "talk", "text": "“We sail at dawn on Monday,” said Ana Marin, the captain."}
    qa("add", "-", stdin=json.dumps(record).encode())
    found = qa("check", "We sail at dawn on Monday", "--speaker", "Marko Ilić")

    assert found.code == 1
    assert found.out.splitlines()[:2] == [
        "misattributed  We sail at dawn on Monday",
        "    The source has Ana Marin say it, not Marko Ilić.",
    ]
    code, verdict = qa_json("check", "We sail at dawn on Monday", "--speaker", "Marin")
    assert (code, verdict["matches"][0]["speaker"]["agrees"]) == (0, True)


def test_check_of_a_draft_that_is_not_utf8_reads_what_it_can(qa, filled):
    found = qa("check", "-", stdin=b'Caf\xe9: "A harbour pilot guides ships"')

    assert (found.code, found.out.splitlines()[1:4]) == (
        0,
        [
            "    not UTF-8; read as cp1252",
            "",
            "line 1",
        ],
    )
    assert found.out.splitlines()[4] == "verbatim  A harbour pilot guides ships"


@pytest.mark.parametrize("name", ["./drafts/piece.md", "nope.txt", "my own piece.docx", "a/b"])
def test_a_draft_that_is_not_there_is_an_error(qa, qa_json, filled, name):
    message = f'there is no file {name}. If these words are a quote: qa check --quote "{name}"'
    found = qa("check", name)

    assert (found.code, found.out, found.err) == (2, "", f"error: {message}\n")
    assert qa_json("check", name) == (2, {"error": {"code": "no_draft", "message": message}})
    assert qa("check", "--quote", name).out.startswith("not_found")


def test_what_looks_like_no_file_is_a_quote(qa, filled):
    for quote in ("harbour pilot guides ships.", "It cost 3.5", "ships in the U.S."):
        assert qa("check", quote).code in (0, 1)


def test_a_folder_is_no_draft(qa, filled, tmp_path):
    (tmp_path / "drafts").mkdir()
    found = qa("check", "drafts")

    assert (found.code, found.err.split(";")[0]) == (2, "error: drafts is a folder")


@pytest.mark.parametrize(
    "data", [bytes(range(256)) * 4, b"PK\x03\x04 a zip", b"{\\rtf1 text}", b"\xd0\xcf\x11\xe0 old"]
)
def test_a_draft_that_is_no_text_is_refused_by_name(qa, filled, tmp_path, data):
    (tmp_path / "draft.bin").write_bytes(data)
    found = qa("check", "draft.bin")

    message = "error: draft.bin is no text; give .txt .md .html .pdf .docx\n"
    assert (found.code, found.out, found.err) == (2, "", message)


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-16-le", "utf-8-sig"])
def test_a_draft_is_read_in_its_encoding(qa, filled, tmp_path, encoding):
    (tmp_path / "draft.txt").write_bytes("“A harbour pilot guides boats”".encode(encoding))
    found = qa("check", "draft.txt")

    assert found.code == 1
    assert "altered  A harbour pilot guides boats" in found.out.splitlines()


def test_a_word_file_is_a_draft(qa, qa_json, filled, tmp_path):
    (tmp_path / "draft.docx").write_bytes(word_file(paragraph("“A harbour pilot guides boats”")))
    found = qa("check", "draft.docx")

    assert (found.code, found.out.splitlines()[0]) == (
        1,
        "Read draft.docx as Word: 5 words, 1 quotation, 0 citing sentences, 0 references.",
    )
    code, report = qa_json("check", "draft.docx")
    assert (code, report["draft"]) == (1, {"name": "draft.docx", "kind": "Word", "notes": []})


def test_control_characters_of_a_draft_reach_no_terminal(qa, filled, tmp_path):
    (tmp_path / "draft.txt").write_text("“A \x1b[31mharbour pilot guides boats” [1\x07] and “\x9b ")
    found = qa("check", "draft.txt")

    assert not [char for char in found.out + found.err if char < " " and char != "\n"]
    assert "\x9b" not in found.out


def test_what_a_draft_has_besides_is_said(qa, filled):
    draft = "They ended it last year.\n\n“A harbour pilot guides ships” [Source 7].\n\nHe said “no."
    found = qa("check", "-", stdin=draft.encode())

    assert found.code == 1
    assert found.out.splitlines()[-4:] == [
        "1 reference leads to nothing in the collection: “7”",
        "line 5: a quotation mark that nothing closes: “no.",
        "1 sentence has no reference: not checked.",
        "1 quotation: 1 verbatim.",
    ]


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        ("“A harbour pilot guides ships”", 0),
        ("A harbour pilot guides ships, it says. [At sea](/articles/pilots)", 0),
        ("“A harbour pilot guides boats”", 1),
        ("A harbour pilot guides 40 ships, it says. [At sea](/articles/pilots)", 1),
        ("“A harbour pilot guides ships” [Source 7]", 1),
        ("“A harbour pilot guides ships” and “so on", 1),
        ("A harbour pilot guides ships, it says. [Source 7]", 2),
        ("A harbour pilot guides ships, it says.", 2),
        ("He said “no.", 2),
    ],
)
def test_the_exit_code_says_whether_all_was_checked_and_is_good(qa, filled, draft, code):
    assert qa("check", "-", stdin=draft.encode()).code == code


def test_dashes_open_quotations_where_that_is_asked_for(qa, filled):
    draft = "— A harbour pilot guides boats — rekao je Ilić.".encode()

    assert qa("check", "-", stdin=draft).code == 2
    found = qa("check", "--dialogue", "-", stdin=draft)
    assert (found.code, found.out.splitlines()[3]) == (1, "altered  A harbour pilot guides boats")


def test_an_article_that_is_not_there_leaves_a_quote_unchecked(qa, filled):
    found = qa("check", "x", "--article", "none")

    assert (found.code, found.err) == (2, "error: there is no article 'none'\n")


@pytest.mark.parametrize("option", ["--passage", "--speaker"])
def test_what_a_draft_says_itself_is_not_taken_beside_it(qa, filled, option):
    found = qa("check", "-", option, "bread", stdin=DRAFT.encode())

    assert (found.code, found.err) == (
        2,
        "error: --passage and --speaker are for a quote; a draft says itself what it cites\n",
    )


@pytest.mark.parametrize(
    "options",
    [
        ("--source", "minutes.txt"),
        ("--only-sources",),
        ("--export", "a.html"),
        ("--report", "a.html"),
        ("--reviewer", "Ana Lind"),
        ("--article", "bread", "--article", "pilots"),
    ],
)
def test_what_is_for_a_draft_is_not_taken_beside_a_quote(qa, filled, tmp_path, options):
    found = qa("check", "harbour pilot guides ships", *options)

    assert (found.code, found.out) == (2, "")
    assert found.err.startswith("error: several --article, --source, --only-sources, --export")
    assert not (tmp_path / "a.html").exists()


def test_a_draft_is_held_against_chosen_articles_alone(qa_json, filled):
    def verdicts(*options):
        code, found = qa_json("check", "-", *options, stdin=DRAFT.encode())
        return code, [one["verdict"] for one in found["quotations"]]

    assert verdicts("--article", "pilots") == (1, ["verbatim", "not_found"])
    assert verdicts("--article", "bread") == (1, ["not_found", "altered"])
    both = verdicts("--article", "bread", "--article", "pilots")
    assert both == (1, ["verbatim", "altered"])
    code, found = qa_json("check", "-", "--article", "nope", stdin=DRAFT.encode())
    assert (code, found["error"]["code"]) == (2, "article_not_found")


def test_a_draft_is_held_against_files_beside_it_that_are_not_added(qa, qa_json, filled, tmp_path):
    (tmp_path / "new.txt").write_text("The baker said: Bread is baked at night in the new town.")
    draft = DRAFT.replace("“bread", "“Bread").encode()

    code, found = qa_json("check", "-", "--source", "new.txt", stdin=draft)

    assert (code, [one["verdict"] for one in found["quotations"]]) == (0, ["verbatim"] * 2)
    [match] = found["quotations"][1]["matches"]
    assert (match["article_id"], match["source"]["link"]) == ("~new", "")
    assert [one["article_id"] for one in found["against"]["beside"]] == ["~new"]
    alone = qa_json("check", "-", "--source", "new.txt", "--only-sources", stdin=draft)[1]
    assert [one["verdict"] for one in alone["quotations"]] == ["not_found", "verbatim"]
    assert "new" not in qa("list").out


def test_a_source_that_cannot_be_read_is_named_and_nothing_checked(qa, filled, tmp_path):
    (tmp_path / "scan.bin").write_bytes(bytes(range(256)))
    missing = qa("check", "-", "--source", "none.txt", stdin=DRAFT.encode())
    unread = qa("check", "-", "--source", "scan.bin", stdin=DRAFT.encode())

    assert missing.err == "error: none.txt cannot be read: No such file or directory\n"
    assert (missing.code, unread.code, unread.out) == (2, 2, "")
    assert unread.err.startswith("error: scan.bin: ")


def test_the_report_of_a_draft_is_written_in_each_format(qa, filled, tmp_path):
    exports = ("r.html", "r.md", "r.csv", "r.jsonld")
    options = [part for name in exports for part in ("--export", name)]

    found = qa("check", "-", *options, stdin=DRAFT.encode())

    assert found.code == 1  # that of the draft, as without a report
    assert (tmp_path / "r.html").read_text("utf-8").startswith("<!DOCTYPE html>")
    assert (tmp_path / "r.md").read_text("utf-8").startswith("# Checked: standard input")
    assert (tmp_path / "r.csv").read_bytes().startswith("\ufeffnumber,line".encode())
    assert json.loads((tmp_path / "r.jsonld").read_text("utf-8"))["@graph"] == []


@pytest.mark.parametrize(
    ("export", "said"),
    [
        ("r.docx", "format is '.docx'; give html, md, csv or jsonld"),
        ("no/such/r.md", "no/such/r.md cannot be written: No such file or directory"),
    ],
)
def test_a_report_that_cannot_be_written_is_an_error(qa, filled, export, said):
    found = qa("check", "-", "--export", export, stdin=DRAFT.encode())
    assert (found.code, found.err) == (2, f"error: {said}\n")


def test_what_was_noted_in_an_earlier_report_goes_into_the_next(qa, filled, tmp_path):
    qa("check", "-", "--export", "old.html", stdin=DRAFT.encode())
    carried = Carried.of_report((tmp_path / "old.html").read_bytes())
    key = next(key for key, mark in carried.marks.items() if "new town" in mark.words)
    said = replace(carried.marks[key], ticked=True, note="old town, he says", rating="false")
    page = (tmp_path / "old.html").read_text("utf-8")
    marked = Carried({**carried.marks, key: said}).packed()
    (tmp_path / "old.html").write_text(page.replace(carried.packed(), marked), "utf-8")

    edited = f"A new first line.\n\n{DRAFT}".encode()
    options = ("--report", "old.html", "--export", "new.jsonld", "--reviewer", "Ana Lind")
    found = qa("check", "-", *options, stdin=edited)

    assert found.code == 1
    [review] = json.loads((tmp_path / "new.jsonld").read_text("utf-8"))["@graph"]
    assert review["author"] == {"@type": "Person", "name": "Ana Lind"}
    assert review["reviewBody"] == "old town, he says"


# --- list, show, remove ------------------------------------------------------------------------


def test_list(qa, qa_json, filled):
    assert qa("list").out.splitlines() == [
        "bread\tAt home\t\t\t\t1",
        "pilots\tAt sea\tA. Author\tPress\t2023-05-31\t1",
    ]
    code, found = qa_json("list")
    assert (code, found["total"]) == (0, 2)
    added = found["articles"][1].pop("added_at")
    assert added.startswith("20")
    assert found["articles"][1] == {
        "id": "pilots",
        "title": "At sea",
        "url": None,
        "publisher": "Press",
        "author": "A. Author",
        "authors": ["A. Author"],
        "published": "2023-05-31",
        "language": "en",
        "tags": ["harbour"],
        "characters": 46,
        "passages": 1,
    }


def test_list_of_an_empty_corpus_is_empty_and_says_so(qa, qa_json, filled):
    qa("remove", *(row["id"] for row in qa_json("list")[1]["articles"]))
    found = qa("list")

    assert (found.code, found.out) == (0, "")
    assert found.err == "The collection has no articles: qa add FOLDER\n"
    assert qa_json("list") == (0, {"articles": [], "total": 0})


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--publisher", "PRESS"], ["pilots"]),
        (["--author", "a. author"], ["pilots"]),
        (["--language", "en-GB"], ["bread", "pilots"]),
        (["--tag", "Harbour"], ["pilots"]),
        (["--since", "2023-06"], []),
        (["--since", "2023-05", "--until", "2023"], ["pilots"]),
        (["--words", "baked night"], ["bread"]),
        (["--sort", "-id"], ["pilots", "bread"]),
        (["--sort", "published"], ["pilots", "bread"]),
        (["--sort", "title", "--limit", "1"], ["bread"]),
        (["--offset", "1", "--limit", "1"], ["pilots"]),
        (["--offset", "2"], []),
    ],
)
def test_list_of_those_that_are_meant(qa_json, filled, options, expected):
    code, found = qa_json("list", *options)

    assert (code, [row["id"] for row in found["articles"]]) == (0, expected)


def test_list_says_how_many_there_are_besides_and_when_there_is_none(qa, filled):
    assert qa("list", "--limit", "1").err == "1 of 2 articles\n"
    assert qa("list").err == ""
    assert qa("list", "--language", "sr").err == "No article is so.\n"


@pytest.mark.parametrize(
    ("width", "lines"),
    [
        (
            90,
            [
                "id      title                                   author     publisher  published   "
                "passages",
                "bread   At home                                                                   "
                "1",
                "pilots  At sea at dawn, and by day, and when    A. Author  Press      2023-05-31  "
                "1",
                "        the fog comes in",
            ],
        ),
        (
            36,
            [
                "id      title",
                "bread   At home",
                "pilots  At sea at dawn, and by day,",
                "        and when the fog comes in",
            ],
        ),
    ],
)
def test_on_a_terminal_the_list_is_a_table_that_fits(width, lines):
    title = "At sea at dawn, and by day, and when the fog comes in"
    cells = [
        ["bread", "At home", "", "", "", "1"],
        ["pilots", title, "A. Author", "Press", "2023-05-31", "1"],
    ]
    drawn = io.StringIO()
    Console(width=width, file=drawn).print(table(cells, width))

    assert [line.rstrip() for line in drawn.getvalue().splitlines()] == lines


# --- edit, export ------------------------------------------------------------------------------


def test_edit_states_anew_and_takes_out(qa, qa_json, filled):
    stated = ("--author", "Jo Reed", "--author", "Max Blum", "--date", "May 2024", "--tag", "sea")
    assert qa("edit", "pilots", "bread", *stated).out == "pilots  replaced\nbread  replaced\n"
    assert qa("edit", "pilots", "--date", "2024-05").out == "pilots  unchanged\n"
    found = qa_json("edit", "pilots", "--clear", "publisher", "--clear", "tags")
    changed = [{"id": "pilots", "status": "replaced"}]
    assert found == (0, {"articles": changed, "generation": 4})

    article = qa_json("show", "pilots")[1]["article"]
    names = ("author", "published", "publisher", "tags", "title", "text")
    expected = ["Jo Reed, Max Blum", "2024-05", None, [], "At sea", PILOTS]
    assert [article[name] for name in names] == expected


def test_edit_changes_nothing_when_something_is_not_right(qa, qa_json, filled):
    assert qa("edit", "pilots", "none", "--author", "Jo").err == (
        "error: there is no article 'none'\n"
    )
    assert qa("edit", "pilots", "--date", "soon").code == 1
    assert qa("edit", "pilots").code == 2
    assert qa("edit", "pilots", "--clear", "text").code == 2
    _, found = qa_json("list")
    assert [row["author"] for row in found["articles"]] == [None, "A. Author"]
    assert found["articles"][1]["published"] == "2023-05-31"


def test_what_is_exported_is_taken_back_as_it_was(qa, qa_json, filled):
    odd = {"id": "odd", "text": "A \u202eline.", "extra": {"note": [1]}, "url": "https://a.org/b"}
    qa("add", "-", stdin=json.dumps(odd).encode())
    exported = qa("export").out
    assert "\u202e" not in exported

    assert qa("add", "-", stdin=exported.encode()).out == "3 unchanged\n"
    assert qa("add", "-", "--data", "other", stdin=exported.encode()).out == "3 added\n"
    for id_ in ("bread", "odd", "pilots"):
        one, other = (qa_json("show", id_, "--data", name)[1] for name in ("data", "other"))
        assert (one["article"], one["digest"]) == (other["article"], other["digest"])


def test_export_writes_those_that_are_meant_into_a_file_of_its_own(qa, qa_json, filled, tmp_path):
    assert qa("export", "x.jsonl", "--tag", "harbour").out == "1 articles in x.jsonl\n"
    assert json.loads((tmp_path / "x.jsonl").read_text()) == RECORDS[0]
    assert qa_json("export", "x.jsonl")[1]["error"]["code"] == "file_exists"
    assert qa_json("export", "data")[1]["error"]["code"] == "is_folder"
    assert qa("export", "none/x.jsonl").err == "error: there is no folder none\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "x.jsonl"]
    assert qa_json("export", "x.jsonl", "--force") == (0, {"articles": 2, "file": "x.jsonl"})
    assert qa("export", "--tag", "none").err == "No article is so.\n"


def test_export_says_what_is_not_in_it(qa, filled, tmp_path):
    with Corpus.open(tmp_path / "data", encoder=HashEncoder()) as corpus:
        document = read_record({"id": "paged", "text": "One. Two."})
        paged = replace(document, article=replace(document.article, pages=(0, 5)))
        corpus.add_batch([paged])

    assert qa("export").err == (
        "note: 1 article has pages, which are not in it: qa backup keeps them\n"
    )


def test_a_slip_in_the_folder_is_said_and_makes_no_corpus(qa, tmp_path):
    found = qa("list", "--data", "typo")

    assert (found.code, found.err) == (
        1,
        "error: there is no corpus in typo: name its folder with --data or QA_DATA, "
        "or make one with `qa add`\n",
    )
    assert not (tmp_path / "typo").exists()


def test_list_has_no_end_at_a_page(qa_json, tmp_path, document):
    with Corpus.open(tmp_path / "data", encoder=HashEncoder()) as corpus:
        list(corpus.add(document(f"a{n:04}", "Text.") for n in range(1001)))

    assert len(qa_json("list")[1]["articles"]) == 1001


def test_show(qa, qa_json, filled):
    lines = qa("show", "pilots").out.splitlines()
    assert lines[:4] == ["id: pilots", "title: At sea", "publisher: Press", "author: A. Author"]
    assert lines[-2:] == ["", PILOTS]

    code, found = qa_json("show", "pilots")
    assert code == 0
    assert found["article"]["text"] == PILOTS
    assert (found["digest"], found["media_type"]) == (text_digest(PILOTS), "text/plain")


def test_show_raw_is_the_input_byte_by_byte(qa, tmp_path):
    (tmp_path / "a.html").write_bytes(b"<p>A  pilot</p>\r\n<p>boards.</p>")
    qa("add", "a.html")

    assert qa("show", "a", "--raw").out == "<p>A  pilot</p>\r\n<p>boards.</p>"


def test_remove(qa, qa_json, filled):
    found = qa("remove", "pilots", "none")
    assert (found.code, found.out, found.err) == (1, "Removed 1.\n", "not found: none\n")
    assert qa_json("remove", "bread") == (
        0,
        {"removed": ["bread"], "not_found": [], "generation": 3},
    )
    assert qa_json("remove", "bread") == (
        1,
        {"removed": [], "not_found": ["bread"], "generation": 3},
    )


# --- status, reindex, eval ---------------------------------------------------------------------


def test_status(qa, qa_json, filled, tmp_path):
    code, found = qa_json("status")
    assert (code, found["folder"], found["integrity"]) == (0, "data", "ok")
    assert found["counts"] == {"articles": 2, "passages": 2, "embedded": 2}
    code, found = qa_json("status", "--quick")
    assert (code, found["integrity"]) == (0, None)
    assert "     counts  articles 2, passages 2, embedded 2" in qa("status").out.splitlines()


def test_status_fails_when_something_is_wrong(qa, qa_json, filled, tmp_path):
    corpus = Corpus.open(tmp_path / "data", encoder=HashEncoder())
    with corpus, sql(corpus) as db:
        db.execute("UPDATE articles SET text = text || '.' WHERE id = 'bread'")
    code, found = qa_json("status")

    assert (code, found["integrity"]) == (1, "failed")
    assert found["problems"] == [
        "the text of article 'bread' is not what was stored: "
        "restore it from a backup, or add the article again"
    ]
    assert qa("status").code == 1


def test_what_had_to_be_mended_is_said(qa, filled, tmp_path):
    (tmp_path / "data" / "index" / "manifest.json").unlink()
    found = qa("list")

    assert (found.code, found.err) == (0, "mended: the manifest was missing or damaged\n")


def test_reindex(qa, qa_json, filled):
    said = "The indexes were built anew from the stored vectors."

    found = qa("reindex")
    assert (found.code, found.out, found.err) == (0, f"{said}\n", "")
    assert qa_json("reindex") == (0, {"done": said})


def test_eval(qa, qa_json, tmp_path):
    folder = tmp_path / "tiny"
    (folder / "qrels").mkdir(parents=True)
    (folder / "corpus.jsonl").write_text('{"_id": "d1", "text": "harbour pilot"}', "utf-8")
    (folder / "queries.jsonl").write_text('{"_id": "q1", "text": "pilot"}', "utf-8")
    (folder / "qrels" / "test.tsv").write_text("q\td\ts\nq1\td1\t1\n", "utf-8")
    code, found = qa_json("eval", "tiny", "--data", "kept")

    assert code == 0
    [result] = found["results"]
    assert (result["name"], result["ndcg@10"], result["articles"]) == ("tiny", 1.0, 1)
    assert (tmp_path / "kept" / "footnote.db").is_file()
    assert not (tmp_path / "data").exists()
    lines = qa("eval", "tiny", "--mode", "hybrid", "--mode", "dense").out.splitlines()
    assert lines[0] == "tiny: 1 questions, 1 articles"
    assert lines[1].split()[:4] == ["nDCG@10", "R@20", "R@100", "MRR@10"]
    assert [line.split()[:2] for line in lines[2:4]] == [["hybrid", "1.000"], ["dense", "1.000"]]
    assert lines[4] == "dense against hybrid, ndcg@10: +0.000 (95 %: +0.000 to +0.000)"


def test_eval_of_questions_alone_asks_the_corpus_at_hand(qa_json, filled, tmp_path):
    (tmp_path / "mine.csv").write_text("question,article\nWho guides ships?,pilots\n", "utf-8")
    code, found = qa_json("eval", "mine.csv")

    assert (code, found["results"][0]["success@1"]) == (0, 1.0)


def test_eval_keeps_no_two_sets_in_one_corpus(qa, tmp_path):
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    found = qa("eval", "one", "two", "--data", "kept")

    assert found.code == 1
    assert found.err.startswith("error: --data holds the corpus of one set")
    assert not (tmp_path / "kept").exists()


def test_eval_draws(qa, qa_json, filled, tmp_path):
    pytest.importorskip("matplotlib")
    (tmp_path / "mine.csv").write_text("question,article\nWho guides ships?,pilots\n", "utf-8")
    _, found = qa_json("eval", "mine.csv", "--plots", "drawn")

    assert found["plots"] == ["drawn/ndcg.svg"]
    assert (tmp_path / "drawn" / "ndcg.svg").is_file()


@pytest.fixture
def judged(tmp_path, filled):
    """Ten questions that the corpus answers, and as many that it does not."""
    rows = ["A harbour pilot guides ships,pilots"] * 10 + ["Zebra stripes,"] * 10
    (tmp_path / "mine.csv").write_text("\n".join(["question,article", *rows]), "utf-8")


def confidence(qa_json):
    return qa_json("ask", "A harbour pilot guides ships")[1]["confidence"]


def test_calibrate_says_what_it_did(qa, qa_json, judged):
    found = qa("calibrate", "mine.csv", "--dry-run")
    *said, last = found.out.splitlines()
    assert (found.code, found.err) == (0, "")
    assert said == [
        "Asked 10 questions with an answer, of which 10 were answered rightly, and 10 without, "
        "with --read off.",
        "ECE   0.012 before, 0.091 after",
        "AUROC 1.000 before, 1.000 after",
        "after: each tenth of the questions by a calibration on the others",
    ]
    # (log 11 + log 11) / 9, and what is left to log 11 of five times that.
    numbers = "log-odds times 0.533 plus -0.266."
    assert last == f"Nothing was stored; it would be calibrated: {numbers}"
    assert confidence(qa_json) == 0.9933
    assert qa("calibrate", "mine.csv").out.splitlines()[-1] == f"Calibrated: {numbers}"
    assert confidence(qa_json) == 0.9167


def test_calibrate_as_json_and_what_the_status_says(qa, qa_json, judged):
    assert "calibration  none" in qa("status").out
    code, found = qa_json("calibrate", "mine.csv", "--read", "off")
    assert (code, found["read"], found["right"], found["stored"]) == (0, "off", 10, True)

    _, status = qa_json("status")
    [own] = status["calibration"]
    assert (own["read"], own["answerable"], own["unanswerable"]) == ("off", 10, 10)
    assert own["in_use"]
    assert (
        f"calibration  off ({own['made']}, 10 questions with an answer, 10 without)"
        in qa("status", "--quick").out
    )


def test_calibrate_takes_a_calibration_out(qa, qa_json, judged):
    assert qa("calibrate", "--reset").out == "There was no calibration.\n"
    qa("calibrate", "mine.csv")
    assert qa("calibrate", "--reset").out == "The calibration was taken out.\n"
    assert confidence(qa_json) == 0.9933
    assert qa_json("calibrate", "--reset") == (0, {"reset": False})


@pytest.mark.parametrize(
    "options", [(), ("mine.csv", "--reset"), ("--reset", "--dry-run"), ("--reset", "--read", "off")]
)
def test_calibrate_takes_questions_or_a_reset(qa, judged, options):
    found = qa("calibrate", *options)

    assert found.code == 2
    assert "give a file of judged questions, or --reset alone" in found.err


def test_calibrate_changes_nothing_that_is_only_read(qa_json, judged, monkeypatch):
    monkeypatch.setenv("QA_READ_ONLY", "true")
    code, found = qa_json("calibrate", "mine.csv")
    assert (code, found["error"]["code"]) == (1, "read_only")
    assert qa_json("calibrate", "mine.csv", "--dry-run")[0] == 0


# --- errors ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["ask", " "], "empty", "question is empty: write something to look for"),
        (
            ["ask", "x", "--since", "yesterday"],
            "invalid_date",
            "published_from is 'yesterday'; give YYYY, YYYY-MM or YYYY-MM-DD of the calendar",
        ),
        (["show", "none"], "article_not_found", "there is no article 'none'"),
        (
            ["related", "pilots.00000000.0-46"],
            "source_changed",
            "article 'pilots' has changed since 'pilots.00000000.0-46' was cited: "
            "see GET /v1/articles/pilots, or check the quote again",
        ),
        (["eval", "none"], "not_found", "there is no folder or file none"),
        (
            ["serve", "--host", "0.0.0.0"],
            "keys_required",
            "0.0.0.0 can be reached from other machines: set QA_API_KEYS to one or more secret "
            "keys (comma-separated), or serve on 127.0.0.1",
        ),
    ],
)
def test_an_error_is_one_line(qa, qa_json, filled, arguments, code, message):
    found = qa(*arguments)
    assert (found.code, found.out, found.err) == (1, "", f"error: {message}\n")

    assert qa_json(*arguments) == (1, {"error": {"code": code, "message": message}})


def test_a_setting_that_cannot_be_is_named(qa, monkeypatch):
    monkeypatch.setenv("QA_PORT", "x")
    found = qa("list")

    assert found.code == 1
    assert found.err.startswith("error: QA_PORT: Input should be a valid integer")
    assert found.err.count("\n") == 1


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("QA_DATA", " ", "it is empty: give a value, or leave it out"),
        ("QA_AUDIT_LOG", "", "it is empty: give a value, or leave it out"),
        *(
            (
                name,
                "ftp://me:secret@host/x",
                "ftp:// is no place for a corpus: give a folder, or postgresql://host/name"
                if name == "QA_DATA"
                else "ftp:// leads to no place of this machine: give one without it",
            )
            for name in ("QA_DATA", "QA_MODEL", "QA_HOST", "QA_TLS_KEY")
        ),
        ("QA_DATA", "~nobody.here/x", "~ stands for nobody's home folder: write the folder out"),
        (
            "QA_TRUSTED_PROXIES",
            "http://me:secret@host",
            "give addresses and networks: 10.0.0.1, 10.0.0.0/8",
        ),
    ],
)
def test_a_setting_that_is_no_value_is_refused_by_name(
    qa, tmp_path, monkeypatch, name, value, reason
):
    monkeypatch.setenv(name, value)
    found = qa("add", "-", stdin=b"Text.")

    assert (found.code, found.out, found.err) == (1, "", f"error: {name}: {reason}\n")
    assert list(tmp_path.iterdir()) == []


def test_a_tilde_is_the_home_folder_though_no_shell_says_so(qa, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home" / "one").mkdir(parents=True)
    (tmp_path / "home" / "one" / ".env").write_text("QA_MAX_ARTICLE_BYTES=4\n")
    monkeypatch.setenv("QA_DATA", "~/one")
    assert "refused" in qa("add", "-", stdin=b"Text.").out  # the folder's own .env was read
    assert qa("add", "-", "--data=~/two", stdin=b"Text.").code == 0

    assert sorted(path.name for path in (tmp_path / "home").iterdir()) == ["one", "two"]
    assert not (tmp_path / "~").exists()


def test_a_corpus_of_another_model_is_refused(qa_json, filled, monkeypatch):
    monkeypatch.setenv("QA_MODEL", "another")
    code, found = qa_json("ask", "Who guides ships?")

    assert (code, found["error"]["code"]) == (1, "encoder_mismatch")
    assert "set QA_MODEL=hash, or run `qa reindex`" in found["error"]["message"]


def test_a_folder_that_cannot_be_written_to_is_refused(qa, tmp_path):
    (tmp_path / "file").write_bytes(b"")
    found = qa("add", "-", "--data", "file", stdin=b"Text.")

    assert (found.code, found.err) == (
        1,
        "error: cannot write to the folder file: File exists; "
        "choose another with --data or QA_DATA\n",
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["ask", "x", "--mode", "y"],
            "Invalid value for '--mode': 'y' is not one of 'hybrid', 'dense', 'lexical'.",
        ),
        (
            ["calibrate", "x.csv", "--read", "y"],
            "Invalid value for '--read': 'y' is not one of 'deep', 'fast', 'off'.",
        ),
        (
            ["eval", "x", "--mode", "y"],
            "Invalid value for '--mode': 'y' is not one of 'hybrid', 'deep', 'fast', 'off', "
            "'fused', 'dense', 'lexical'.",
        ),
        (["list", "--no-such"], "No such option: --no-such"),
        (["answer"], "No such command 'answer'."),
        (
            ["list", "--data", ""],
            "Invalid value for '--data': it is empty: give a value, or leave it out",
        ),
        (
            ["list", "--data", "s3://me:secret@bucket/x"],
            "Invalid value for '--data': s3:// is no place for a corpus: "
            "give a folder, or postgresql://host/name",
        ),
    ],
)
def test_a_wrong_option_is_an_error_of_usage(qa, qa_json, filled, arguments, message):
    found = qa(*arguments)

    assert (found.code, found.out) == (2, "")
    assert found.err.splitlines()[-1] == f"Error: {message}"
    assert qa_json(*arguments) == (2, {"error": {"code": "usage", "message": message}})


@pytest.mark.parametrize("top_k", ["0", "101", "x"])
def test_a_number_out_of_bounds_is_an_error_of_usage(qa, filled, top_k):
    assert qa("ask", "x", "--top-k", top_k).code == 2


# --- where, and how it looks -------------------------------------------------------------------


def test_the_folder_is_an_option_or_a_setting(qa, qa_json, filled, tmp_path, monkeypatch):
    monkeypatch.setenv("QA_DATA", "elsewhere")
    assert qa_json("list")[1]["error"]["code"] == "no_corpus"

    assert len(qa_json("list", "--data", "data")[1]["articles"]) == 2
    (tmp_path / ".env").write_text("QA_DATA=data\n", "utf-8")
    monkeypatch.delenv("QA_DATA")
    assert len(qa_json("list")[1]["articles"]) == 2


ODD = r"[bold] \[x] :smile: a\\[b] 🚢 " + "long line " * 20 + "end\\"


def test_what_stands_in_a_text_is_printed_as_it_stands(qa, tmp_path):
    record = {"id": "odd", "text": ODD, "title": "[red] :smile:"}
    qa("add", "-", stdin=json.dumps(record).encode())

    assert qa("show", "odd").out.endswith(f"\n\n{ODD}\n")
    assert f"[1] {ODD}" in qa("ask", "long line").out.splitlines()
    assert qa("list").out.splitlines()[0] == "odd\t[red] :smile:\t\t\t\t1"
    assert qa("check", ODD).out.splitlines()[:2] == [f"verbatim  {ODD}", f"    “{ODD}”"]


def test_json_is_readable_where_the_output_is_not_utf8(qa, filled, monkeypatch):
    stream = io.TextIOWrapper(io.BytesIO(), "ascii")
    monkeypatch.setattr(sys, "stdout", stream)
    qa("ask", "Who guides ships?", "--json")
    stream.flush()

    assert json.loads(stream.buffer.getvalue())["passages"][0]["citation"] == PILOTS_CITATION


# --- where the output goes ---------------------------------------------------------------------


def command(*arguments, shell=""):
    """The program as the shell runs it: its exit code and what it said on stderr."""
    line = f"{Path(sys.executable).parent / 'qa'} {' '.join(arguments)} {shell}"
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=False)
    return done.returncode, done.stderr, done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("listed", [["list"], ["list", "--json"], ["show", "pilots"]])
def test_a_reader_who_has_gone_ends_the_command_as_shells_have_it(filled, listed):
    status = "; exit ${PIPESTATUS[0]}"
    assert command(*listed, shell=f"| true{status}") == (141, "", "")


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
@pytest.mark.parametrize("listed", [["list"], ["list", "--json"], ["show", "pilots"], ["-h"]])
def test_a_full_disk_under_the_output_is_one_line(filled, listed):
    message = "error: the output cannot be written: No space left on device\n"
    assert command(*listed, shell="> /dev/full") == (1, message, "")


BASH = """eval "$(_QA_COMPLETE=source_bash qa)"; COMP_WORDS=(qa list --sort pu); COMP_CWORD=3
_qa_completion qa; echo ${COMPREPLY[@]}"""
ZSH = """autoload -Uz compinit; compinit -u -D; eval "$(_QA_COMPLETE=source_zsh qa)"
whence -w _qa_completion
_QA_COMPLETE=complete_zsh _TYPER_COMPLETE_ARGS="qa list --sort pu" qa"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("shell", "script", "said"),
    [
        (["bash", "--norc", "-c"], BASH, "published\n"),
        (
            ["zsh", "-f", "-c"],
            ZSH,
            "_qa_completion: function\n_arguments '*: :((\"published\"))'\n",
        ),
    ],
)
def test_shells_complete_the_choices_of_an_option(shell, script, said, tmp_path):
    if shutil.which(shell[0]) is None:
        pytest.skip(f"{shell[0]} is not installed")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "HOME": str(tmp_path)}
    done = subprocess.run([*shell, script], env=environment, capture_output=True, text=True)
    assert done.stdout == said


@pytest.mark.slow
@pytest.mark.parametrize("listed", [["list"], ["list", "--json"], ["show", "pilots"], ["-h"]])
@pytest.mark.parametrize("closed", [">&-", "2>&-"])
def test_a_stream_that_is_closed_takes_everything(filled, listed, closed):
    code, said, _ = command(*listed, shell=closed)
    assert (code, said) == (0, "")


@pytest.mark.slow
def test_a_letter_that_the_encoding_lacks_is_written_out(qa, monkeypatch):
    qa("add", "-", stdin=json.dumps({"id": "a", "text": "Nećemo u školu."}).encode())
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")

    assert command("show", "a")[2].splitlines()[-1] == "Ne\\u0107emo u \\u0161kolu."
    assert command("check", "'škola je'")[:2] == (1, "")
    code, said, _ = command("show", "'š'")
    assert (code, said) == (1, "error: there is no article '\\u0161'\n")


# --- what a terminal would obey ----------------------------------------------------------------

ESCAPE = "b\x1b]0;x\x07\u202etxt"


def test_no_name_of_a_file_reaches_the_terminal_as_it_is(qa, tmp_path):
    (tmp_path / f"{ESCAPE}.txt").write_bytes(b"\x00\x01\x02")
    (tmp_path / f"{ESCAPE}.pdf").write_bytes(b"no PDF")
    for arguments in (["add", str(tmp_path)], ["add", f"{ESCAPE}.none"], ["show", ESCAPE]):
        done = qa(*arguments)
        shown = done.out + done.err
        assert done.code == 1
        assert r"b\x1b]0;x" in shown
        assert r"\u202etxt" in shown
        assert not set("\x1b\x07\u202e") & set(shown)
    as_json = qa("add", str(tmp_path), "--json").out
    assert not set("\x1b\x07\u202e") & set(as_json)
    assert [p for p in json.loads(as_json)["problems"] if ESCAPE in p["origin"]]


def test_no_field_of_an_article_reaches_the_terminal_as_it_is(qa, tmp_path):
    record = {"id": "a", "title": "T \u202ex", "text": "A \u202eship\u202c sails.", "url": "\u2066"}
    (tmp_path / "a.json").write_text(json.dumps(record))
    assert qa("add", "a.json").code == 0
    for arguments in (["list"], ["show", "a", "--json"], ["list", "--json"], ["ask", "ship sails"]):
        assert not set("\u202e\u2066") & set(qa(*arguments).out)
    assert json.loads(qa("list", "--json").out)["articles"][0]["title"] == "T \u202ex"
    # Into a file or to another program an article's text goes as it is: offsets count it.
    assert qa("show", "a").out.endswith("\nA \u202eship\u202c sails.\n")


def test_on_a_terminal_a_text_is_shown_with_its_marks_written_out(
    qa, tmp_path, monkeypatch, capsys
):
    from qa.cli import output

    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    output.print_text("A \u202eship")
    assert capsys.readouterr().out == "A \\u202eship\n"


def test_the_folder_of_a_new_corpus_is_its_owners_alone(qa, tmp_path):
    (tmp_path / "a.txt").write_text("A pilot boards.")
    assert qa("add", "a.txt").code == 0

    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
