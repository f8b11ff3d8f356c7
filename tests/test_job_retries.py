"""What a job could not read is kept, and can be tried again; what is said of all its articles."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from embeddings import HashEncoder
from qa import Corpus
from qa.errors import Ended, InvalidInput, NotFound
from qa.ingest import Limits
from qa.jobs import Jobs
from qa.storage.records import JobInput
from tests.conftest import sql
from tests.test_jobs import ended, lines

SMALL = Limits(article_bytes=40)
LONG = {"id": "long", "text": "A text that is longer than forty bytes, and by far."}
SHORT = {"id": "short", "text": "A short text."}


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    with Corpus.open(tmp_path, encoder=HashEncoder()) as corpus:
        yield corpus


def run(corpus: Corpus, limits: Limits, begin: str | list[JobInput], **stated: str) -> dict:
    """The ended job of these inputs, or of what an earlier one could not read."""
    queue = Jobs(corpus, limits)
    queue.start()
    try:
        job = queue.retry(begin) if isinstance(begin, str) else queue.submit(begin, stated)
        done = ended(queue, job.id)
        return {"id": job.id, "counts": done.counts, "total": done.total, "job": done}
    finally:
        queue.stop()


def test_refused_lines_are_tried_again(corpus: Corpus) -> None:
    first = run(corpus, SMALL, lines(LONG, SHORT))
    assert first["counts"] == {"refused": 1, "added": 1}
    assert corpus.jobs.refused(first["id"]) == 1
    second = run(corpus, Limits(), first["id"])
    assert (second["total"], second["counts"]) == (1, {"added": 1})
    assert corpus.article("long").article.text == LONG["text"]
    assert corpus.jobs.refused(first["id"]) == 0
    with pytest.raises(Ended, match="nothing of job"):
        corpus.jobs.retry(first["id"])
    assert len(corpus.jobs.page("", 10, None)) == 2  # the second try made no job


def test_a_file_with_something_refused_in_it_is_tried_again_whole(corpus: Corpus) -> None:
    file = "\n".join(map(json.dumps, [LONG, SHORT])).encode()
    first = run(corpus, SMALL, [JobInput("file a.jsonl", file, "a.jsonl")])
    assert first["counts"] == {"refused": 1, "added": 1}
    second = run(corpus, Limits(), first["id"])
    assert (second["total"], second["counts"]) == (1, {"added": 1, "unchanged": 1})


def test_what_was_read_is_not_kept(corpus: Corpus) -> None:
    first = run(corpus, Limits(), lines(SHORT))
    assert corpus.jobs.refused(first["id"]) == 0
    with pytest.raises(Ended):
        corpus.jobs.retry(first["id"])
    with pytest.raises(NotFound):
        corpus.jobs.retry("nope")


def test_a_job_under_way_is_not_tried_again(corpus: Corpus) -> None:
    job = corpus.jobs.submit(lines(LONG))
    with pytest.raises(Ended):
        corpus.jobs.retry(job.id)
    assert corpus.jobs.get(job.id)[0].state == "queued"


def test_what_was_refused_is_kept_for_seven_days(corpus: Corpus) -> None:
    old, young = (run(corpus, SMALL, lines(LONG))["id"] for _ in range(2))
    finished = (datetime.now(UTC) - timedelta(days=7, minutes=1)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    with sql(corpus) as db:
        db.execute("UPDATE jobs SET finished = ? WHERE id = ?", (finished, old))
    corpus.jobs.submit(lines(SHORT))
    assert (corpus.jobs.refused(old), corpus.jobs.refused(young)) == (0, 1)


def test_what_is_said_of_all_fills_in_what_an_article_does_not_state(corpus: Corpus) -> None:
    own = {"id": "own", "text": "It names its paper.", "publisher": "Its Paper", "tags": ["a"]}
    stated = {"publisher": "Kustbladet", "published": "3 March 2021", "tags": "b, c", "author": ""}
    first = run(corpus, Limits(), lines(own, SHORT), **stated)
    assert first["counts"] == {"added": 2}
    assert first["job"].stated == {
        "publisher": "Kustbladet",
        "published": "3 March 2021",
        "tags": "b, c",
    }
    article = corpus.article("own").article
    assert (article.publisher, article.published, article.tags) == (
        "Its Paper",
        "2021-03-03",
        ("a", "b", "c"),
    )
    assert corpus.article("short").article.publisher == "Kustbladet"


def test_what_is_said_of_all_goes_along_when_it_is_tried_again(corpus: Corpus) -> None:
    first = run(
        corpus, SMALL, [JobInput("file l.txt", LONG["text"].encode(), "l.txt")], author="Ana"
    )
    run(corpus, Limits(), first["id"])
    assert corpus.article("l").article.author == "Ana"


@pytest.mark.parametrize(
    ("stated", "message"),
    [
        ({"published": "some day"}, '"published": expected a date'),
        ({"language": "English!"}, '"language": expected a language tag'),
        ({"title": "One"}, '"title" cannot be said of many'),
        ({"publisher": "x" * 501}, '"publisher" has 501 characters'),
    ],
)
def test_what_cannot_be_said_of_all_is_refused(
    corpus: Corpus, stated: dict[str, str], message: str
) -> None:
    with pytest.raises(InvalidInput, match=message):
        Jobs(corpus, Limits()).submit(lines(SHORT), stated)
    assert corpus.jobs.page("", 10, None) == []


def test_of_a_folder_that_was_sent_what_nobody_means_is_passed_over(corpus: Corpus) -> None:
    sent = ["talks/a.txt", "talks/README.md", "talks/~$b.docx", "talks/.git/c.txt", "README.txt"]
    job = run(corpus, Limits(), [JobInput(f"file {n}", f"Text of {n}.".encode(), n) for n in sent])
    assert job["counts"] == {"added": 2, "skipped": 3}
    assert [(p["origin"], p["code"]) for p in job["job"].problems] == [
        ("talks/README.md", "readme"),
        ("talks/~$b.docx", "not_meant"),
        ("talks/.git/c.txt", "not_meant"),
    ]
    assert corpus.jobs.refused(job["id"]) == 0
