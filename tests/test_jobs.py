import errno
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from embeddings import HashEncoder
from qa import Corpus, jobs
from qa.errors import EncoderError, Ended, InvalidInput, NotFound
from qa.ingest import Limits
from qa.ingest.processes import pool
from qa.jobs import Jobs
from qa.passages.chunking import Chunking
from qa.storage.records import Job, JobInput
from tests.conftest import ON_POSTGRES, sql

# Short articles are read 256 at a time and committed 192 at a time: 192, 64, 192, 64, …
TWO_COMMITS = 2 * 192  # articles


def lines(*records: dict[str, Any]) -> list[JobInput]:
    return [JobInput(f"line {n}", json.dumps(r).encode()) for n, r in enumerate(records, 1)]


def numbered(count: int) -> list[dict[str, Any]]:
    return [{"id": f"n{n:04}", "text": f"Lighthouse {n} stands on rock {n}."} for n in range(count)]


def ended(queue: Jobs, id_: str) -> Job:
    until = time.monotonic() + 300
    while not (job := queue.table.get(id_)[0]).ended:
        assert time.monotonic() < until, job
        time.sleep(0.01)
    return job


def texts(corpus: Corpus) -> dict[str, str]:
    listed = corpus.articles(limit=10_000)
    ids = [stored.article.id for stored, _, _ in listed]
    return {id_: corpus.article(id_).article.text for id_ in ids}


class Process:
    """What a process of the service has: the corpus and its queue; ended in order."""

    def __init__(self, folder: Path, **options: Any) -> None:
        self.corpus = Corpus.open(folder, **{"encoder": HashEncoder(), **options})
        self.queue = Jobs(self.corpus, Limits())

    def stop(self) -> None:
        self.queue.stop()
        self.corpus.close()


@pytest.fixture
def process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Process]]:
    """`process()`: one that opens the folder of the test; stopping it twice does no harm."""
    # How much is worked on at a time is not to depend on how fast the machine is.
    monkeypatch.setattr("qa.job_work.CLAIM_SECONDS", 1e9)
    with ExitStack() as stack:

        def start(**options: Any) -> Process:
            started = Process(tmp_path / "corpus", **options)
            stack.callback(started.stop)
            return started

        yield start


class Halting(HashEncoder):
    """Stands still at one call until it is told to go on."""

    def __init__(self, at: int) -> None:
        self._left = at
        self.reached, self.go = threading.Event(), threading.Event()

    def encode_passages(self, texts):
        self._left -= 1
        if self._left == 0:
            self.reached.set()
            assert self.go.wait(30)
        return super().encode_passages(texts)


class Failing(HashEncoder):
    """Raises what it is given, so many times, when it meets the word."""

    def __init__(self, error: Exception, times: int) -> None:
        self._error, self._times = error, times

    def encode_passages(self, texts):
        if self._times and any("unspeakable" in text for text in texts):
            self._times -= 1
            raise self._error
        return super().encode_passages(texts)


def wait_for(running: Process, encoder: Halting, committed: int) -> None:
    """Until the encoder stands still, and all before is stored."""
    assert encoder.reached.wait(30)
    deadline = time.monotonic() + 30
    while running.corpus.counts()["articles"] < committed:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def stop_at_once(running: Process, encoder: Halting, committed: int) -> None:
    """Told to stop while a batch is prepared: that one is left for later."""
    wait_for(running, encoder, committed)
    stopping = threading.Thread(target=running.stop)
    stopping.start()
    time.sleep(0.2)  # until `stop` waits
    encoder.go.set()
    stopping.join(30)
    assert not stopping.is_alive()


# --- one job --------------------------------------------------------------------------


def test_a_job_counts_each_input_and_names_what_was_refused(process):
    running = process()
    running.queue.start()
    same = {"id": "a", "text": "The keeper lit the lamp."}
    job = running.queue.submit(
        [
            *lines(same, same, {"id": "a", "text": "The keeper broke the lamp."}),
            JobInput("line 4", b'{"text": '),
            JobInput("line 5", b"[]"),
            *lines({"id": "no text"}),
        ]
    )

    assert (job.state, job.total, job.counts) == ("queued", 6, {})
    found = ended(running.queue, job.id)
    assert (
        found.state,
        found.counts,
    ) == ("done", {"added": 1, "unchanged": 1, "replaced": 1, "refused": 3})
    assert [(problem["origin"], problem["code"]) for problem in found.problems] == [
        ("line 4", "invalid_json"),
        ("line 5", "invalid_json"),
        ("line 1", "invalid_id"),
    ]
    assert running.queue.table.get(job.id)[1] == 6
    assert texts(running.corpus) == {"a": "The keeper broke the lamp."}


def test_a_job_without_inputs_is_refused(process):
    with pytest.raises(InvalidInput, match="the body holds no article"):
        process().queue.submit([])


def test_a_job_that_there_is_none_of_is_not_found(process):
    with pytest.raises(NotFound, match="there is no job 'none'"):
        process().queue.table.get("none")


def test_all_problems_are_counted_and_a_thousand_are_kept(process):
    running = process()
    running.queue.start()
    job = running.queue.submit(JobInput(f"line {n}", b"{") for n in range(1, 1502))

    found = ended(running.queue, job.id)
    assert found.counts == {"refused": 1501}
    assert [f"line {n}" for n in range(1, 1001)] == [p["origin"] for p in found.problems]


def test_progress_goes_up_by_whole_commits(process):
    encoder = Halting(at=3)
    running = process(encoder=encoder)
    running.queue.start()
    job = running.queue.submit(lines(*numbered(600)))

    wait_for(running, encoder, TWO_COMMITS)
    found, done = running.queue.table.get(job.id)
    assert (found.state, done, found.counts) == ("running", TWO_COMMITS, {"added": TWO_COMMITS})
    assert len(texts(running.corpus)) == TWO_COMMITS
    encoder.go.set()
    assert ended(running.queue, job.id).counts == {"added": 600}
    assert running.queue.table.get(job.id)[1] == 600


def test_progress_and_counts_are_of_the_same_moment(process):
    running = process()
    running.queue.start()
    job = running.queue.submit(lines(*numbered(4000)))

    done = 0
    while done < 4000:  # asked without pause, so that commits fall into the middle of it
        found, done = running.queue.table.get(job.id)
        assert done == sum(found.counts.values())
        assert (found.state == "queued") == (done == 0)
    assert ended(running.queue, job.id).counts == {"added": 4000}


# --- turns ----------------------------------------------------------------------------


def stored(corpus: Corpus) -> list[str]:
    """What each commit stored, in order: "192 n" are 192 articles whose ids begin with n."""
    with sql(corpus) as db:
        rows = db.execute(
            "SELECT count(*) AS number, substr(min(id), 1, 1) AS first FROM articles"
            " GROUP BY added_in ORDER BY added_in"
        ).fetchall()
    return [f"{row['number']} {row['first']}" for row in rows]


def named(letter: str, count: int) -> list[dict[str, Any]]:
    return [{"id": f"{letter}{n:04}", "text": f"{letter} {n} stands there."} for n in range(count)]


def test_short_jobs_are_worked_through_in_the_order_they_came(process):
    running = process()
    submitted = [running.queue.submit(lines({"id": "a", "text": f"Text {n}."})) for n in range(12)]
    assert running.queue.table.pending() == 12

    running.queue.start()
    found = [ended(running.queue, job.id) for job in submitted]
    assert [{"added": 1}, *[{"replaced": 1}] * 11] == [job.counts for job in found]
    finished = [job.finished or "" for job in found]
    assert sorted(finished) == finished
    assert texts(running.corpus) == {"a": "Text 11."}
    assert running.queue.table.pending() == 0


def test_jobs_have_turns_and_the_last_one_all_the_time(process):
    running = process()
    long, short, other = (
        running.queue.submit(lines(*named(letter, count)))
        for letter, count in (("l", 1000), ("s", 10), ("o", 400))
    )
    running.queue.start()

    assert ended(running.queue, long.id).counts == {"added": 1000}
    one_after_the_other = ["192 l", "10 s", "192 o", "192 l", "192 o", "192 l", "16 o"]
    assert stored(running.corpus) == [*one_after_the_other, "192 l", "192 l", "40 l"]
    ends = [running.queue.table.get(job.id)[0].finished for job in (short, other, long)]
    assert sorted(ends) == ends


def test_a_job_that_comes_later_has_a_turn_before_a_long_one_ends(process):
    encoder = Halting(at=3)
    running = process(encoder=encoder)
    running.queue.start()
    long = running.queue.submit(lines(*named("l", 1200)))
    wait_for(running, encoder, TWO_COMMITS)
    short = running.queue.submit(lines(*named("s", 10)))
    encoder.go.set()

    assert ended(running.queue, short.id).counts == {"added": 10}
    assert ended(running.queue, long.id).counts == {"added": 1200}
    # The slice that was begun when there was no other is the one before.
    assert stored(running.corpus)[:7] == [*["192 l"] * 5, "64 l", "10 s"]


def test_files_have_turns_too_and_go_on_where_they_were(process):
    running = process()
    of_lines = "\n".join(json.dumps(record) for record in named("l", 1100)).encode()
    files = [
        JobInput("file a.json", json.dumps(named("a", 1100)).encode(), "a.json"),
        JobInput("file notes.txt", b"The tide turns at noon.", "notes.txt"),
        JobInput("file l.jsonl", of_lines, "l.jsonl"),
    ]
    long = running.queue.submit(files)
    short = running.queue.submit(lines(*named("s", 600)))
    running.queue.start()

    assert ended(running.queue, long.id).counts == {"added": 2201}
    assert ended(running.queue, short.id).counts == {"added": 600}
    assert stored(running.corpus) == [
        *[*["192 a"] * 5, "64 a", "192 s", "76 a", "192 s", "1 n", "192 s"],
        *[*["192 l"] * 5, "64 l", "24 s", "76 l"],
    ]
    assert running.queue.table.get(long.id)[1] == 3


@pytest.mark.folder
def test_of_two_processes_on_one_folder_one_works(process):
    first, second = process(), process()
    first.queue.start()
    second.queue.start()
    jobs = [queue.submit(lines(*named("n", 600))) for queue in (first.queue, second.queue)]

    counts = [ended(first.queue, job.id).counts for job in jobs]
    assert counts == [{"added": 600}, {"unchanged": 600}]
    first.stop()
    job = second.queue.submit(lines(*named("m", 3)))
    assert ended(second.queue, job.id).counts == {"added": 3}


# --- inputs that end the process ------------------------------------------------------

DEADLY = """
import sys, time
from embeddings import HashEncoder
from qa import Corpus
from qa.ingest import Limits
from qa import jobs

class Deadly(HashEncoder):
    def encode_passages(self, texts):
        if any("unspeakable" in text for text in texts):
            print("reached", flush=True)
            time.sleep(60)
        return super().encode_passages(texts)

corpus = Corpus.open(sys.argv[1], encoder=Deadly())
jobs.SETTLE_SECONDS = 0
jobs.Jobs(corpus, Limits()).start()
time.sleep(60)
"""


def killed_in_the_middle(folder: Path) -> None:
    """A process that works through the jobs of the folder until it comes to a deadly input."""
    with subprocess.Popen(
        [sys.executable, "-c", DEADLY, folder], stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "reached\n"
        running.kill()


@pytest.mark.folder
@pytest.mark.slow
def test_only_an_input_at_which_the_process_ends_again_and_again_is_given_up(process, tmp_path):
    first = process()
    items = lines(*named("n", 230))
    items[200] = JobInput("line 201", b'{"text": "It is unspeakable."}')
    job = first.queue.submit(items)
    other = first.queue.submit(lines(*named("o", 250)))
    first.stop()

    for _ in range(3):  # among others, and twice alone
        killed_in_the_middle(tmp_path / "corpus")
    last = process()
    last.queue.start()

    found = ended(last.queue, job.id)
    assert (found.state, found.counts) == ("done", {"added": 229, "refused": 1})
    reason = "it was begun 3 times, and each time the service ended meanwhile"
    assert found.problems == [{"origin": "line 201", "code": "gave_up", "reason": reason}]
    assert ended(last.queue, other.id).counts == {"added": 250}
    assert last.corpus.counts()["articles"] == 479


def test_what_an_earlier_process_did_not_end_waits_until_this_one_has_settled(process, monkeypatch):
    monkeypatch.setattr(jobs, "SETTLE_SECONDS", 1e9)
    running = process()
    begun = running.queue.submit(lines(*named("b", 2)))
    with sql(running.corpus) as db:
        db.execute("UPDATE job_items SET starts = 1")
    other = running.queue.submit(lines(*named("o", 250)))
    running.queue.start()
    assert ended(running.queue, other.id).counts == {"added": 250}
    assert stored(running.corpus) == ["192 o", "58 o"]
    running.stop()

    monkeypatch.setattr(jobs, "SETTLE_SECONDS", 0.0)
    settled = process()
    settled.queue.start()
    assert ended(settled.queue, begun.id).counts == {"added": 2}
    assert stored(settled.corpus) == ["192 o", "58 o", "1 b", "1 b"]


def starts(running: Process) -> list[int]:
    with sql(running.corpus) as db:
        return [
            row["starts"]
            for row in db.execute("SELECT starts FROM job_items ORDER BY job, ordinal")
        ]


def test_a_process_that_ends_in_order_leaves_no_starts(process):
    encoder = Halting(at=3)
    first = process(encoder=encoder)
    job = first.queue.submit(lines(*numbered(600)))
    first.queue.start()
    wait_for(first, encoder, TWO_COMMITS)
    until = time.monotonic() + 30
    while starts(first) != [1] * (600 - TWO_COMMITS):  # the last of them are claimed just now
        assert time.monotonic() < until, starts(first)
    stop_at_once(first, encoder, TWO_COMMITS)

    second = process()
    assert starts(second) == [0] * (600 - TWO_COMMITS)
    second.queue.start()
    assert ended(second.queue, job.id).counts == {"added": 600}


def test_a_file_that_gets_on_is_not_given_up_and_one_that_does_not_is(process):
    running = process()
    records = "\n".join(json.dumps(record) for record in numbered(1000))
    job = running.queue.submit([JobInput("file a.jsonl", records.encode(), "a.jsonl")])
    with sql(running.corpus) as db:
        db.execute("UPDATE job_items SET stored = 300, starts = 3")
    running.queue.start()

    found = ended(running.queue, job.id)
    reason = "it was begun 3 times, and each time the service ended meanwhile"
    assert found.problems == [
        {
            "origin": "file a.jsonl",
            "code": "gave_up",
            "reason": f"{reason}; 300 articles of it are stored",
        }
    ]
    encoder = Halting(at=3)
    again = process(encoder=encoder)
    running.stop()
    again.queue.submit([JobInput("file a.jsonl", records.encode(), "a.jsonl")])
    again.queue.start()
    wait_for(again, encoder, TWO_COMMITS)
    assert starts(again) == [1]
    with sql(again.corpus) as db:
        db.execute("UPDATE job_items SET starts = 2")  # an earlier process had begun it too
    encoder.go.set()
    until = time.monotonic() + 30
    while starts(again):
        assert starts(again) in ([2], [1], [])
        assert time.monotonic() < until


# --- cancelling and listing -----------------------------------------------------------


def test_a_job_that_is_cancelled_keeps_what_is_stored_and_drops_the_rest(process):
    encoder = Halting(at=3)
    running = process(encoder=encoder)
    job = running.queue.submit(lines(*numbered(600)))
    waiting = running.queue.submit(lines(*named("w", 5)))
    running.queue.start()
    assert encoder.reached.wait(30)
    # 192 of the first, all of the second, and 192 of the first are at hand.
    committed = running.corpus.counts()["articles"]
    running.queue.table.cancel(job.id)
    cancelled = running.queue.table.get(job.id)
    running.queue.table.cancel(job.id)
    assert running.queue.table.get(job.id) == cancelled
    encoder.go.set()
    ended(running.queue, waiting.id)
    after = running.queue.submit(lines(*named("a", 5)))
    ended(running.queue, after.id)

    found, done = running.queue.table.get(job.id)
    assert (found, done) == cancelled
    assert (found.state, found.total, done, found.counts) == ("cancelled", 600, 192, {"added": 192})
    assert found.finished is not None
    assert committed in (192, 197)
    assert sorted({id_[0] for id_ in texts(running.corpus)}) == ["a", "n", "w"]
    assert running.corpus.counts()["articles"] == 192 + 5 + 5
    assert starts(running) == []


def test_a_job_that_waits_is_cancelled_before_it_begins(process):
    first, second = process(), process()
    job = first.queue.submit(lines(*numbered(3)))
    second.queue.table.cancel(job.id)
    first.queue.start()
    assert ended(first.queue, first.queue.submit(lines(*named("a", 1))).id).counts == {"added": 1}

    found, done = first.queue.table.get(job.id)
    assert (found.state, done, found.counts, found.dropped) == ("cancelled", 0, {}, 3)
    assert list(texts(first.corpus)) == ["a0000"]


def test_what_has_ended_and_what_there_is_not_cannot_be_cancelled(process):
    running = process()
    running.queue.start()
    job = ended(running.queue, running.queue.submit(lines(*numbered(1))).id)
    with pytest.raises(Ended) as error:
        running.queue.table.cancel(job.id)
    assert (error.value.code, error.value.message) == (
        "job_ended",
        f"job '{job.id}' has ended already: done",
    )
    with pytest.raises(NotFound, match="there is no job 'none'"):
        running.queue.table.cancel("none")


def test_jobs_are_listed_newest_first_a_page_at_a_time(process):
    running = process()
    submitted = [running.queue.submit(lines(*numbered(n))).id for n in range(1, 8)]
    running.queue.table.cancel(submitted[2])
    running.queue.table.cancel(submitted[5])

    def page(*arguments):
        return [(job.id, done) for job, done in running.queue.table.page(*arguments)]

    newest = [(id_, 0) for id_ in reversed(submitted)]
    assert page("", 100, None) == newest
    assert page("", 3, None) == newest[:3]
    assert page(submitted[4], 3, None) == newest[3:6]
    assert page(submitted[0], 3, None) == []
    assert page("", 9, "cancelled") == [newest[1], newest[4]]
    assert page(submitted[5], 9, "cancelled") == [newest[4]]
    assert page("", 9, "running") == []


# --- from one process to the next -----------------------------------------------------


def test_a_job_is_kept_from_the_moment_its_id_is_given_out(process):
    first = process()
    job = first.queue.submit(lines(*numbered(3)))
    first.stop()

    second = process()
    assert (second.queue.table.get(job.id)[0].state, second.queue.table.get(job.id)[1]) == (
        "queued",
        0,
    )
    second.queue.start()
    assert ended(second.queue, job.id).counts == {"added": 3}
    assert len(texts(second.corpus)) == 3


def test_lines_go_on_where_they_stopped_with_exact_counts(process):
    encoder = Halting(at=3)
    first = process(encoder=encoder)
    first.queue.start()
    records = numbered(600)
    items = lines(*records)
    items[100] = JobInput("line 101", b"{")
    items[500] = JobInput("line 501", b"{")
    job = first.queue.submit(items)
    # So many lines are claimed in a database, so many articles are a commit in a folder.
    added = TWO_COMMITS - ON_POSTGRES
    stop_at_once(first, encoder, added)

    second = process()
    found, done = second.queue.table.get(job.id)
    counts = {"added": added, "refused": 1}
    assert (found.state, done, found.counts) == ("running", added + 1, counts)
    second.queue.start()
    found = ended(second.queue, job.id)
    assert (found.state, found.counts) == ("done", {"added": 598, "refused": 2})
    assert [problem["origin"] for problem in found.problems] == ["line 101", "line 501"]
    assert texts(second.corpus) == {
        record["id"]: record["text"] for n, record in enumerate(records) if n not in (100, 500)
    }
    assert second.corpus.problems() == []


def test_a_file_goes_on_where_it_stopped_with_exact_counts(process):
    encoder = Halting(at=3)
    first = process(encoder=encoder)
    first.queue.start()
    records = [json.dumps(record) for record in numbered(1000)]
    records[100] = records[900] = "{"
    file = JobInput("file corpus.jsonl", "\n".join(records).encode(), "corpus.jsonl")
    notes = JobInput("file notes.txt", b"The tide turns at noon.", "notes.txt")
    job = first.queue.submit([file, notes])
    stop_at_once(first, encoder, TWO_COMMITS)

    second = process()
    found, done = second.queue.table.get(job.id)
    assert (found.state, done, found.counts["added"]) == ("running", 0, TWO_COMMITS)
    second.queue.start()
    found = ended(second.queue, job.id)
    assert (found.state, found.counts) == ("done", {"added": 999, "refused": 2})
    assert [p["origin"] for p in found.problems] == ["corpus.jsonl:101", "corpus.jsonl:901"]
    assert second.queue.table.get(job.id)[1] == 2
    assert len(texts(second.corpus)) == 999


def test_a_job_that_has_ended_is_remembered_and_not_done_again(process):
    first = process()
    first.queue.start()
    job = ended(first.queue, first.queue.submit(lines(*numbered(3))).id)
    generation = first.corpus.view.version
    first.stop()

    second = process()
    second.queue.start()
    time.sleep(0.1)
    assert second.queue.table.get(job.id) == (job, 3)
    assert second.corpus.view.version == generation


# --- when something goes wrong --------------------------------------------------------


def test_a_job_may_fail_and_the_next_one_is_done(process):
    running = process(encoder=Failing(EncoderError("the weights have gone"), times=1))
    running.queue.start()
    bad = running.queue.submit(lines({"id": "a", "text": "It is unspeakable."}))
    good = running.queue.submit(lines({"id": "b", "text": "It is said."}))

    failed = ended(running.queue, bad.id)
    assert (failed.state, failed.counts) == ("failed", {})
    assert [{"origin": bad.id, "code": "failed", "reason": "the weights have gone"}] == (
        failed.problems
    )
    assert failed.finished is not None
    assert (ended(running.queue, good.id).state, list(texts(running.corpus))) == ("done", ["b"])


@pytest.mark.parametrize(("times", "counts"), [(2, {"added": 250}), (9, {"added": 249})])
def test_only_an_input_that_fails_again_and_again_is_given_up(process, monkeypatch, times, counts):
    monkeypatch.setattr(jobs, "SETTLE_SECONDS", 0.0)
    failing = Failing(RuntimeError("the path of a secret"), times=times)
    running = process(encoder=failing)
    items = lines(*named("n", 250))
    items[200] = JobInput("line 201", b'{"id": "n0200", "text": "It is unspeakable."}')
    job = running.queue.submit(items)
    running.queue.start()

    found = ended(running.queue, job.id)
    reason = "it was tried 3 times, and the last time it failed: RuntimeError"
    given_up = [{"origin": "line 201", "code": "gave_up", "reason": reason}]
    bad = 250 - counts["added"]
    assert found.state == "done"
    assert found.counts == ({**counts, "refused": bad} if bad else counts)
    assert found.problems == given_up[:bad]
    assert running.queue.table.refused(job.id) == bad
    assert times - failing._times == min(times, 3)


def test_a_job_at_which_everything_fails_is_ended(process, monkeypatch):
    monkeypatch.setattr(jobs, "SETTLE_SECONDS", 0.0)
    monkeypatch.setattr("qa.job_work.MOST_IN_A_ROW", 2)
    running = process(encoder=Failing(RuntimeError(), times=99))
    job = running.queue.submit(lines(*[{"text": f"Unspeakable unspeakable {n}"} for n in range(5)]))
    running.queue.start()

    found = ended(running.queue, job.id)
    assert (found.state, found.counts) == ("failed", {"refused": 2})
    assert running.queue.table.refused(job.id) == 5


def test_a_job_that_failed_is_not_tried_again(process):
    first = process(encoder=Failing(EncoderError("the weights have gone"), times=1))
    first.queue.start()
    job = ended(first.queue, first.queue.submit(lines({"text": "It is unspeakable."})).id)
    first.stop()

    second = process()
    second.queue.start()
    time.sleep(0.1)
    assert (second.queue.table.get(job.id)[0].state, texts(second.corpus)) == ("failed", {})


def test_a_full_disk_fails_no_job(process, monkeypatch):
    monkeypatch.setattr(jobs, "RETRY_SECONDS", 0.05)
    full = OSError(errno.ENOSPC, "No space left on device")
    running = process(encoder=Failing(full, times=3))
    running.queue.start()
    job = running.queue.submit(lines({"id": "a", "text": "It is unspeakable."}))

    found = ended(running.queue, job.id)
    assert (found.state, found.counts, found.problems) == ("done", {"added": 1}, [])


def test_a_page_waits_for_a_process_that_can_be_started(process, monkeypatch):
    monkeypatch.setattr(jobs, "RETRY_SECONDS", 0.05)
    monkeypatch.setattr(pool, "_READERS", pool._Readers(1))
    running = process()
    items = lines({"id": "a", "html": "<p>The tide turns."}, {"id": "b", "text": "It is noon."})
    with monkeypatch.context() as patch:
        patch.setattr(pool, "_COMMAND", ("/no/such/program",))
        running.queue.start()
        job = running.queue.submit([*items, JobInput("file c.html", b"<p>At dawn.", "c.html")])
        time.sleep(0.5)
        assert running.queue.table.get(job.id)[1] == 0

    found = ended(running.queue, job.id)
    assert (found.counts, found.problems) == ({"added": 3}, [])
    pool._READERS.close()


def test_a_corpus_that_was_indexed_anew_elsewhere_gets_its_jobs_after_the_restart(process):
    first = process()
    job = first.queue.submit(lines(*numbered(3)))
    elsewhere = process(chunking=Chunking(tokens=50), reindexing=True)
    elsewhere.corpus.reindex()
    elsewhere.stop()
    first.queue.start()
    time.sleep(0.2)
    assert first.queue.table.get(job.id)[0].state == "queued"
    first.stop()

    second = process(chunking=Chunking(tokens=50))
    second.queue.start()
    assert ended(second.queue, job.id).counts == {"added": 3}
    assert second.corpus.problems() == []
