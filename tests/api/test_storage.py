"""What a disk does to a running service: full, not there yet, read-only, out of descriptors."""

import json
import os
import time
from contextlib import suppress

import pytest

from qa.storage import manifest
from qa.storage.lexical import LexicalIndex
from tests import mounts

resource = pytest.importorskip("resource")

PILOTS = {"id": "pilots", "text": "A harbour pilot guides ships."}
JSON = {"Content-Type": "application/json"}
NDJSON = {"Content-Type": "application/x-ndjson"}


def add(server, id_, text):
    return server.call("POST", "/v1/articles", json.dumps({"id": id_, "text": text}), **JSON)


def until(condition, seconds):
    """What it gives, and how long that took."""
    started = time.monotonic()
    while not (found := condition()):
        assert time.monotonic() < started + seconds
        time.sleep(0.05)
    return found, time.monotonic() - started


def long_text(number):
    return f"Lighthouse {number} stands. " + " ".join(
        f"In {year} it was seen {year * number} times." for year in range(300)
    )


@pytest.mark.slow
def test_a_full_disk_is_said_to_be_full_and_is_over_when_there_is_room(server_with, tmp_path):
    disk = tmp_path / "disk"
    with mounts.small(disk, 12):
        server = server_with(QA_DATA=str(disk / "data"))
        server.start()
        stored = 0
        while (answer := add(server, f"a{stored}", long_text(stored)))[0] == 201:
            stored += 1
        problem = answer[1]
        assert (answer[0], problem["code"], problem["title"]) == (
            507,
            "disk_full",
            "The disk is full",
        )
        assert "make room" in problem["detail"]
        (disk / "data" / "more").write_bytes(b"")  # even this name has its room
        for _ in range(6):  # what SQLite has in its WAL already it may use again
            status, answer = add(server, f"a{stored}", long_text(stored))
            assert (status, answer.get("code")) in ((201, None), (507, "disk_full"))
            stored += status == 201
            status, answer = server.call("DELETE", "/v1/articles/none")
            assert (status, answer["code"]) in ((404, "article_not_found"), (507, "disk_full"))
        lines = "\n".join(json.dumps({"id": f"j{n}", "text": long_text(n)}) for n in range(90))
        status, job = server.call("POST", "/v1/articles", lines, **NDJSON)
        assert status in (202, 507)
        assert server.call("GET", "/health/ready")[0] == 200
        assert server.call("GET", "/v1/articles/a0")[1]["text"] == long_text(0)

        mounts.enlarge(disk, 60)
        _, took = until(lambda: add(server, "after", "There is room again.")[0] == 201, 5)
        assert took < 2
        if status == 202:
            until(lambda: server.call("GET", f"/v1/jobs/{job['id']}")[1]["state"] == "done", 30)
        for number in range(stored):
            text = server.call("GET", f"/v1/articles/a{number}")[1]["text"]
            assert text == long_text(number)
        found = server.call("GET", "/v1/status?check=true")[1]
        assert (found["integrity"], found["problems"]) == ("ok", [])
        assert "Traceback" not in server.log()
        server.kill()


def test_what_could_not_be_published_is_shown_without_another_write(footnote, monkeypatch):
    """The article is stored when its answer is 5xx, and a full disk has only kept it hidden."""
    footnote.add(id="gulls", text="Gulls nest.")
    update, full = LexicalIndex.update, [True]

    def fails(self, *arguments):
        if full[0]:
            raise OSError(28, "No space left on device")
        update(self, *arguments)

    monkeypatch.setattr(LexicalIndex, "update", fails)
    answer = footnote.post("/v1/articles", PILOTS)
    assert (answer.status_code, answer.json()["code"]) == (507, "disk_full")
    assert answer.headers["Retry-After"] == "2"
    time.sleep(0.7)
    assert footnote.get("/v1/articles/pilots").status_code == 404
    assert footnote.get("/health/ready").status_code == 200
    full[0] = False
    until(lambda: footnote.get("/v1/articles/pilots").status_code == 200, 2)
    assert footnote.post("/v1/check", {"quote": PILOTS["text"]}).json()["verdict"] == "verbatim"
    assert footnote.corpus.problems() == []


def test_a_manifest_that_could_not_be_written_is_written_later(footnote, monkeypatch):
    written = manifest.write

    def fails(*_, **__):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(manifest, "write", fails)
    answer = footnote.post("/v1/articles", PILOTS)
    assert (answer.status_code, answer.json()["code"]) == (503, "storage_error")
    monkeypatch.setattr(manifest, "write", written)
    folder = footnote.corpus.storage.published.folder
    until(lambda: (found := manifest.read(folder)) and found["generation"] == 1, 2)


def starting(server):
    """Started, and not waited for until it is ready."""
    ready, server.ready = server.ready, lambda: True
    server.start()
    server.ready = ready

    def live():
        try:
            return server.call("GET", "/health/live")[0] == 200
        except OSError:
            return False

    until(live, 30)


def test_a_server_waits_for_a_folder_that_is_not_there_yet(server_with, tmp_path):
    folder = tmp_path / "medium"
    server = server_with(QA_DATA=str(folder), QA_READ_ONLY="true")
    starting(server)

    def why():
        status, body = server.call("GET", "/health/ready")
        return body["code"] if status == 503 and body["code"] != "starting" else None

    assert until(why, 20)[0] == "no_corpus"
    assert server.call("GET", "/health/live")[0] == 200
    writer = server_with(QA_DATA=str(tmp_path / "made"))
    (tmp_path / "pilots.txt").write_text(PILOTS["text"])
    assert writer.qa("add", "pilots.txt").returncode == 0
    (tmp_path / "made").rename(folder)
    until(server.ready, 10)

    status, verdict = server.call(
        "POST", "/v1/check", json.dumps({"quote": PILOTS["text"]}), **JSON
    )
    assert (status, verdict["verdict"]) == (200, "verbatim")
    for method, path, body, kind in (
        ("POST", "/v1/articles", json.dumps(PILOTS), JSON),
        ("POST", "/v1/articles", json.dumps(PILOTS), NDJSON),
        ("DELETE", "/v1/articles/pilots", None, {}),
    ):
        status, problem = server.call(method, path, body, **kind)
        assert (status, problem["code"]) == (403, "read_only")
    assert server.stop(15)[1] < 10


@pytest.mark.slow
def test_a_server_that_starts_on_a_full_disk_is_ready_when_there_is_room(server_with, tmp_path):
    disk = tmp_path / "disk"
    with mounts.small(disk, 1):
        (disk / "data").mkdir()
        with pytest.raises(OSError, match="No space"):
            (disk / "fill").write_bytes(bytes(2_000_000))
        server = server_with(QA_DATA=str(disk / "data"))
        starting(server)
        until(lambda: server.call("GET", "/health/ready")[1].get("code") == "disk_full", 20)
        time.sleep(2.5)
        assert server.log().count("cannot open the corpus") == 1
        (tmp_path / "pilots.txt").write_text(PILOTS["text"])
        refused = server.qa("add", "pilots.txt", "--json")
        assert (refused.returncode, json.loads(refused.stdout)["error"]["code"]) == (1, "disk_full")
        mounts.enlarge(disk, 20)
        until(server.ready, 10)
        assert add(server, "pilots", PILOTS["text"])[0] == 201
        server.kill()


def test_out_of_descriptors_is_503_and_over_when_there_are_some(footnote):
    footnote.add(**PILOTS)
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    held = []
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (200, limits[1]))
        with suppress(OSError):
            while True:
                held.append(os.open("/dev/null", os.O_RDONLY))
        answer = footnote.post("/v1/articles", {"id": "more", "text": "Gulls nest."})
        assert (answer.status_code, answer.json()["code"]) == (503, "storage_error")
        assert "ulimit -n" in answer.json()["detail"]
    finally:
        for file in held:
            os.close(file)
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    assert footnote.add(id="more", text="Gulls nest.")["status"] in ("added", "unchanged")
    assert footnote.corpus.problems() == []
