"""Foreign formats in a process of their own: the same documents, and nothing that does harm."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from qa import system
from qa.errors import GaveUp, InvalidInput, TooLarge, Unavailable
from qa.ingest import Limits, pdf, read_record, read_stream
from qa.ingest.documents import Blob
from qa.ingest.markdown import markdown_files
from qa.ingest.processes import pool
from qa.ingest.web import html
from qa.types import Document, Refused
from tests.ingest.written_pdfs import a_page, nested_forms

QUICK = Limits(parse_seconds=0.5)
TOO_LONG = (
    "reading it took more than 0.5 s of processor time: split it, or raise QA_MAX_PARSE_SECONDS"
)
PAGE = """<html lang="en"><head><title>Pilots</title><meta name="author" content="Ana Kovač">
<meta name="keywords" content="harbour, tide"><meta name="date" content="soon"></head>
<body><p>A harbour pilot guides ships.</p><p>Foto: Beta</p><p>She boards at dawn. \U0001f6a2</p>"""
FRONT = '---\nid: "007"\ntitle: Pilots\nx: [1, {y: .inf}]\n---\nThe pilot boards.\n\nFoto: Beta\n'


PARENTHESES = a_page(f"BT /F 9 Tf {'(' * 1_500_000}{')' * 1_500_000} Tj ET")
COSTLY = {
    "forms.pdf": nested_forms(depth=7, times=10),
    "kids.pdf": a_page("BT /F 9 Tf (The tide.) Tj ET", kids=100_000),
    "attributes.html": f"<p {' '.join(f'a{n}=1' for n in range(300_000))}>x</p>".encode(),
}


@pytest.fixture
def readers(monkeypatch):
    """Processes of this test alone."""
    started = pool._Readers(pool.PROCESSES)
    monkeypatch.setattr(pool, "_READERS", started)
    yield started
    started.close()


def running(readers):
    return [reader._process for reader in readers._readers if reader._process]


def gone(pid):
    """Whether the process ends soon."""
    until = time.monotonic() + 10
    while Path(f"/proc/{pid}").exists() and _state(pid) != "Z":
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def _state(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[0].decode()
    except OSError:
        return "Z"


# --- what is read ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "read", "data"),
    [
        ("html", html.read, PAGE.encode()),
        ("html", html.read, PAGE.encode("utf-16")),
        ("markdown", markdown_files.read, FRONT.encode()),
        ("pdf", pdf.read, a_page("BT /F 9 Tf (The tide turns.) Tj ET", kids=3)),
    ],
)
def test_a_document_is_the_same_as_without_the_process(kind, read, data):
    blob = Blob(data, Limits(), "given", "its \udcff origin")
    found = pool.read(kind, blob)

    assert found == read(blob)
    assert json.dumps(found.article.extra) == json.dumps(read(blob).article.extra)


def test_a_page_in_a_record_is_the_same_as_without_the_process():
    page = pool.read_page(f"{PAGE}\ud800", Limits())

    assert page == html.read_page(f"{PAGE}\ud800")
    assert (page.meta.title, page.meta.author) == ("Pilots", "Ana Kovač")
    assert page.meta.notes == ("date not understood: soon",)
    assert [line.text for line in page.removed] == ["Foto: Beta"]


@pytest.mark.parametrize(
    ("kind", "data", "error", "code"),
    [
        ("html", b"\0\1\2\3" * 9, InvalidInput, "binary"),
        ("html", b"", InvalidInput, "empty"),
        ("pdf", b"%PDF-1.4 and nothing", InvalidInput, "bad_pdf"),
        ("markdown", b"---\na: [\n---\nText.", InvalidInput, "bad_front_matter"),
        ("markdown", b"x" * 101, TooLarge, "too_large"),
    ],
)
def test_what_is_refused_is_refused_with_the_same_words(kind, data, error, code):
    blob = Blob(data, Limits(article_bytes=100))
    read = {"html": html.read, "pdf": pdf.read, "markdown": markdown_files.read}[kind]
    with pytest.raises(error) as there:
        pool.read(kind, blob)
    with pytest.raises(error) as here:
        read(blob)

    assert (there.value.code, there.value.message) == (code, here.value.message)
    assert type(there.value) is type(here.value)


def test_text_and_json_need_no_process(readers):
    for name, data in {
        "a.txt": b"The tide turns.",
        "a.json": b'{"text": "The tide turns."}',
        "a.jsonl": b'{"text": "The tide turns."}\n',
    }.items():
        [found] = read_stream(data, name)
        assert isinstance(found, Document)
    assert running(readers) == []


def test_one_process_serves_one_input_after_the_other(readers):
    pool.read_page(PAGE, Limits())
    [first] = running(readers)
    for _ in range(5):
        pool.read_page(PAGE, Limits())

    assert running(readers) == [first]


# --- what is given up -----------------------------------------------------------------


def test_what_takes_too_long_is_refused_and_the_next_input_is_read(readers):
    for name, data in COSTLY.items():
        [refused] = read_stream(data, name, QUICK)
        assert refused == Refused(name, "gave_up", TOO_LONG, len(data))
    [read] = read_stream(PAGE.encode(), "page.html", QUICK)
    assert read.article.title == "Pilots"


def test_a_string_of_parentheses_in_parentheses_is_read_quickly(readers):
    [read] = read_stream(PARENTHESES, "parentheses.pdf", QUICK)
    assert set(read.article.text) == {"("}


def test_what_takes_too_much_memory_is_refused_and_the_next_input_is_read(readers):
    limits = Limits(parse_memory_bytes=64 * 1024 * 1024)
    [refused] = read_stream(b"<i>" + b"<b>x</b>" * 10**6, "elements.html", limits)

    assert (refused.code, refused.reason) == (
        "gave_up",
        "reading it took more than 64 MiB of memory: split it, or raise QA_MAX_PARSE_MEMORY_BYTES",
    )
    [read] = read_stream(PAGE.encode(), "page.html", limits)
    assert read.article.title == "Pilots"


def test_a_process_that_has_grown_gives_its_memory_back(readers):
    limits = Limits(parse_memory_bytes=400 * 1024 * 1024)
    pool.read_page(PAGE, limits)
    [first] = running(readers)
    pool.read_page(f"<p>{'<b>x</b>' * 300_000}", limits)

    assert gone(first.pid)
    assert pool.read_page(PAGE, limits).meta.title == "Pilots"
    assert running(readers) != [first]


def test_a_record_with_such_a_page_is_refused(readers):
    with pytest.raises(GaveUp) as error:
        read_record({"html": COSTLY["attributes.html"].decode()}, limits=QUICK)

    assert (error.value.code, error.value.message) == ("gave_up", TOO_LONG)


def test_an_input_that_ends_its_process_is_refused_and_the_next_is_read(readers, monkeypatch):
    deadly = (
        "import os; from qa.ingest.web import html; from qa.ingest.processes import worker\n"
        "def read_page(markup, read=html.read_page):\n"
        "    return os.kill(os.getpid(), 11) if 'deadly' in markup else read(markup)\n"
        "html.read_page = read_page\n"
        "worker.main()\n"
    )
    monkeypatch.setattr(pool, "_COMMAND", (sys.executable, "-c", deadly))
    [refused] = read_stream(b"<p>A deadly page.", "a.html")
    [read] = read_stream(PAGE.encode(), "page.html")

    reason = "the process that was reading it ended (SIGSEGV)"
    assert (refused.code, refused.reason) == ("gave_up", reason)
    assert read.article.title == "Pilots"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_process_that_ended_while_it_had_nothing_to_do_is_started_again(number, readers):
    pool.read_page(PAGE, Limits())
    [first] = running(readers)
    os.kill(first.pid, number)

    assert gone(first.pid)
    assert pool.read_page(PAGE, Limits()).meta.title == "Pilots"


def test_a_process_that_leaves_as_it_is_asked_is_started_again(readers):
    """Between the look whether it runs and the question it may have had nothing to do for long."""
    pool.read_page(PAGE, Limits())
    readers._readers[0].stop()
    readers._readers[0]._process = subprocess.Popen(
        ["sleep", "0.3"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )

    assert pool.read_page(PAGE, Limits()).meta.title == "Pilots"


def test_a_process_that_cannot_be_started_is_no_fault_of_the_input(readers, monkeypatch):
    for command in ([sys.executable, "-c", "pass"], ["/no/such/program"]):
        monkeypatch.setattr(pool, "_COMMAND", command)
        with pytest.raises(Unavailable, match="cannot be started"):
            list(read_stream(PAGE.encode(), "page.html"))
    monkeypatch.undo()


def test_a_hard_limit_from_outside_stays(readers, monkeypatch):
    limited = "ulimit -v 2000000; ulimit -t 30; exec " + " ".join(pool._COMMAND)
    monkeypatch.setattr(pool, "_COMMAND", ("sh", "-c", limited))

    assert pool.read_page(PAGE, Limits(parse_memory_bytes=2**40)).meta.title == "Pilots"
    limits = Path(f"/proc/{running(readers)[0].pid}/limits").read_text()
    assert [line.split()[3:5] for line in limits.splitlines() if "address" in line] == [
        ["2048000000", "2048000000"]
    ]


def test_the_process_knows_no_setting_of_the_service(readers, monkeypatch):
    monkeypatch.setenv("QA_API_KEYS", "secret")
    pool.read_page(PAGE, Limits())

    assert b"secret" not in Path(f"/proc/{running(readers)[0].pid}/environ").read_bytes()


def test_no_process_is_started_at_the_end(readers):
    readers.close()
    with pytest.raises(Unavailable, match="the service is shutting down"):
        pool.read_page(PAGE, Limits())


def test_a_process_does_not_outlive_the_one_that_asks():
    code = (
        "import threading, time\n"
        "from qa import system\n"
        "from qa.ingest import Limits\n"
        "from qa.ingest.processes import pool\n"
        "markup = '<p ' + ' '.join(f'a{n}=1' for n in range(300_000)) + '>x</p>'\n"
        "ask = threading.Thread(target=pool.read_page, args=(markup, Limits()), daemon=True)\n"
        "ask.start()\n"
        "reader = pool._READERS._readers[0]\n"
        "while not (reader._process and system.processor_seconds(reader._process.pid) > 1):\n"
        "    time.sleep(0.02)\n"
        "print(reader._process.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as asking:
        pid = int(asking.stdout.readline())
        assert _state(pid) in "RSD"
        asking.kill()
    assert gone(pid)


def test_who_came_first_is_served_first():
    readers = pool._Readers(1)
    order, waiting = [], []

    def read(number):
        with readers.one():
            order.append(number)

    with readers.one():
        for number in range(8):
            waiting.append(threading.Thread(target=read, args=(number,)))
            waiting[-1].start()
            while len(readers._waiting) <= number:
                time.sleep(0.001)
    for thread in waiting:
        thread.join()
    assert order == list(range(8))
    assert len(readers._free) == 1


def test_a_ctrl_c_while_a_page_is_read_ends_both_without_a_word_of_the_reader(tmp_path):
    """As a terminal sends it: to every process of the foreground."""
    (tmp_path / "page.html").write_bytes(COSTLY["attributes.html"])
    (tmp_path / "a.txt").write_text("The tide turns at noon.")
    adding = subprocess.Popen(
        [Path(sys.executable).parent / "qa", "add", "a.txt", "page.html"],
        cwd=tmp_path,
        env={**os.environ, "QA_MODEL": "hash"},
        stderr=subprocess.PIPE,
        start_new_session=True,
        text=True,
        # Of a suite that runs in the background of a shell, all would ignore it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    until = time.monotonic() + 60
    while not (child := child_of(adding.pid)) or system.processor_seconds(child) < 1:
        assert time.monotonic() < until
        time.sleep(0.05)
    os.killpg(adding.pid, signal.SIGINT)
    _, said = adding.communicate(timeout=20)

    assert adding.returncode == 130
    assert " ".join(said.split()) == (
        "Stopped. 0 articles are safely stored; the same command goes on from there."
    )
    assert gone(child)


def child_of(pid):
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return next((int(child) for task in tasks for child in task.read_text().split()), None)
