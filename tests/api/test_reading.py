"""How much is read before an answer, by the packaged reader, and the words of it that answer.

Nothing here depends on how good the reader is, but that it finds a colour that is asked for.
"""

import os
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

import embeddings
from embeddings.minilm.runtime import runs_here
from embeddings.reader.pair_reader import GRAPH, WEIGHTS
from qa import Corpus
from qa.ask.confidence import coefficients
from qa.types import Article, Document

COLOUR = "What colour is the crane?"
SENTENCE = "The crane is painted blue."
# The sentence is in a later passage of its article, behind code points of more than one byte.
SHIPS = "\n\n".join(f"Ship {n} 🚢 came in at noon and left at night." for n in range(50))
CRANES = f"{SHIPS}\n\nA crane lifts crates at the dock. {SENTENCE}"
READ = re.compile(r'^footnote_stage_seconds_count\{stage="reader",work="ask"\} (\S+)$', re.M)


@pytest.fixture(scope="module")
def cranes(serving_module):
    """A service that reads the first passages, over one article."""
    footnote = serving_module(read="deep")
    footnote.add(id="cranes", text=CRANES)
    return footnote


def ask(footnote, way, question, **options):
    """What is answered, however sure that is."""
    options["threshold"] = 0
    if way == "POST":
        return footnote.post("/v1/ask", {"question": question, **options})
    given = {name: value for name, value in options.items() if value is not None}
    return footnote.get("/v1/ask", params={"q": question, **given})


@pytest.mark.parametrize("way", ["POST", "GET"])
@pytest.mark.parametrize("read", ["deep", "fast", None])
def test_the_words_that_answer_stand_in_the_sentence_and_in_the_article(cranes, way, read):
    answer = ask(cranes, way, COLOUR, read=read).json()

    said, words = answer["answer"], answer["answer"]["words"]
    assert said["text"] == SENTENCE
    assert 0 < answer["passages"][0]["start"] < said["start"]
    assert words.keys() == {"start", "end", "text"}
    assert said["start"] <= words["start"] < words["end"] <= said["end"]
    assert cranes.text("cranes")[words["start"] : words["end"]] == words["text"]


@pytest.mark.parametrize("way", ["POST", "GET"])
@pytest.mark.parametrize(
    ("question", "read"),
    [
        (COLOUR, "off"),
        ("Is the crane painted blue?", "deep"),
        ("Why is the crane painted blue?", "fast"),
    ],
)
def test_where_nothing_is_read_or_the_sentence_answers_there_are_no_words(
    cranes, way, question, read
):
    said = ask(cranes, way, question, read=read).json()["answer"]

    assert (said["text"], said["words"]) == (SENTENCE, None)


@pytest.mark.parametrize(
    ("setting", "read", "times"),
    [
        ("deep", None, 1),
        ("deep", "off", 0),
        ("fast", None, 1),
        ("off", None, 0),
        ("off", "deep", 1),
        (None, None, 0),  # the hash encoder asks for words alone
        (None, "fast", 1),
    ],
)
def test_a_request_decides_what_is_read_else_the_service(serving, setting, read, times):
    footnote = serving(read=setting)
    footnote.add(id="cranes", text=CRANES)
    footnote.ask(COLOUR, read=read)

    found = READ.findall(footnote.get("/metrics").text)
    assert [float(count) for count in found] == [1.0] * times


@pytest.mark.parametrize(("more", "is_read"), [(25, True), (26, False)])
def test_a_question_longer_than_the_reader_knows_is_answered_as_if_nothing_were_read(
    cranes, more, is_read
):
    long = f"{COLOUR[:-1]}{' now' * more}?"  # 5 words and these

    answer = ask(cranes, "POST", long).json()
    unread = ask(cranes, "POST", long, read="off").json()
    assert (answer["answer"]["words"] is not None) is is_read
    assert (answer["confidence"] != unread["confidence"]) is is_read
    assert (answer["read"], unread["read"]) == ("deep" if is_read else "off", "off")


def test_where_nothing_could_be_read_the_threshold_is_that_of_no_reading(tmp_path, monkeypatch):
    fitted = replace(coefficients("hash"), threshold={"deep": 0.0, "fast": 0.0, "off": 1.0})
    monkeypatch.setattr("qa.corpus.coefficients", lambda encoder: fitted)
    with Corpus.open(tmp_path, model="hash", read="deep") as corpus:
        list(corpus.add([Document(Article("cranes", CRANES), CRANES.encode(), "text/plain")]))

        assert corpus.ask(COLOUR).answered
        assert not corpus.ask(f"{COLOUR[:-1]}{' now' * 26}?").answered


@pytest.mark.parametrize("way", ["POST", "GET"])
@pytest.mark.parametrize("read", ["twice", "", "DEEP"])
def test_another_word_is_refused(bare, way, read):
    answer = ask(bare, way, "x", read=read)

    message = "Input should be 'deep', 'fast' or 'off'"
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["errors"] == [{"field": "read", "message": message}]


# --- without the reader -----------------------------------------------------------------


def packaged(folder: Path, weights: bytes | None) -> dict[str, str]:
    """The environment in which `embeddings` is a copy with other weights of the reader, or none."""
    shutil.copytree(
        Path(embeddings.__file__).parent,
        folder / "embeddings",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    for path in (WEIGHTS, GRAPH):
        copy = folder / "embeddings/reader" / path.name
        copy.unlink() if weights is None else copy.write_bytes(weights)
    return {"PYTHONPATH": os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")])}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("weights", "wrong"),
    [
        (None, "cannot read {path}: No such file or directory; "),
        (b"weights", "{path} has SHA-256 9a129038d9a0…, expected "),
    ],
    ids=["missing", "damaged"],
)
def test_a_service_without_its_reader_says_at_the_start_what_mends_it(
    server_with, tmp_path, weights, wrong
):
    server = server_with(QA_READ="deep", **packaged(tmp_path, weights))
    server.launch()
    status, problem = server.settled()

    assert (status, problem["code"]) == (503, "encoder_error")
    path = tmp_path / "embeddings/reader" / (GRAPH if runs_here() else WEIGHTS).name
    assert problem["detail"].startswith(wrong.format(path=path))
    assert problem["detail"].endswith("reinstall footnote-qa, or set QA_READ=off")
    assert server.call("GET", "/health/live")[0] == 200
    assert f"cannot open the corpus: {problem['detail']}" in server.log()
    assert server.call("GET", "/v1/ask?q=x")[1]["detail"] == problem["detail"]


@pytest.mark.slow
def test_without_its_reader_a_service_that_reads_nothing_answers(server_with, tmp_path):
    server = server_with(QA_READ="off", **packaged(tmp_path, None))
    server.start()

    assert server.call("GET", "/v1/ask?q=x")[0] == 200
    status, problem = server.call("GET", "/v1/ask?q=x&read=fast")
    assert (status, problem["code"]) == (503, "encoder_error")
    assert server.call("GET", "/health/ready")[0] == 200


@pytest.mark.slow
def test_without_its_reader_commands_that_read_say_what_mends_it(server_with, tmp_path):
    environment = packaged(tmp_path, None)
    reading, other = (server_with(QA_READ=read, **environment) for read in ("fast", "off"))
    (tmp_path / "cranes.txt").write_text(SENTENCE)
    (tmp_path / "mine.csv").write_text(f"question,article\n{COLOUR},cranes\n")
    assert reading.qa("add", "cranes.txt").returncode == 0  # nothing is read for it

    for command in (["ask", COLOUR], ["eval", "mine.csv"]):
        refused, done = reading.qa(*command), other.qa(*command)
        assert (refused.returncode, done.returncode) == (1, 0)
        assert refused.stderr.startswith("error: cannot read ")
        assert refused.stderr.endswith("; reinstall footnote-qa, or set QA_READ=off\n")
    assert reading.qa("ask", COLOUR, "--read", "off").returncode == 0
