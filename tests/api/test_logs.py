"""What is logged, by a real server: who did what, and not what was asked."""

import json
import stat
import subprocess
import sys

import pytest

SAID = """
import logging, threading, warnings
from pathlib import Path
from qa.api.logs import configure
configure({format!r}, audit_log={audit})
logging.getLogger("qa.audit").info("%s %s", "DELETE", "/v1/articles/x",
    extra={{"key": "desk", "client": "10.0.0.1", "method": "DELETE", "status": 204, "path": "/"}})
logging.getLogger("qa").warning("the file \\x1b]0;x\\x07\\u202e.txt\\nINFO a second line\\n")
warnings.warn("an old way")
threading.Thread(target=lambda: 1 / 0, name="indexer").start()
"""


def logged(format="text", audit=None):
    code = SAID.format(format=format, audit=f"Path({str(audit)!r})" if audit else None)
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    return done.stderr.splitlines()


def test_a_line_is_one_event_and_moves_no_cursor():
    lines = logged()

    assert r"the file \x1b]0;x\x07\u202e.txt\nINFO a second line" in lines[1]
    assert "UserWarning: an old way" in lines[2]


def test_a_write_is_logged_with_who_made_it():
    line = logged()[0]
    assert "DELETE /v1/articles/x" in line
    assert "key=desk" in line
    assert "client=10.0.0.1" in line
    as_json = json.loads(logged("json")[0])
    assert as_json.pop("timestamp")
    assert as_json == {
        "event": "DELETE /v1/articles/x",
        "key": "desk",
        "client": "10.0.0.1",
        "method": "DELETE",
        "path": "/",
        "status": 204,
        "level": "info",
        "logger": "qa.audit",
    }


def test_in_json_every_line_is_json_whoever_wrote_it():
    lines = [json.loads(line) for line in logged("json")]

    assert [line["logger"] for line in lines] == ["qa.audit", "qa", "py.warnings", "qa"]
    assert lines[3]["event"] == "indexer has ended"
    assert lines[3]["exception"].endswith("ZeroDivisionError: division by zero")


def test_the_audit_log_is_a_file_of_lines_that_only_grows(tmp_path):
    path = tmp_path / "audit.jsonl"
    for _ in range(2):
        logged(audit=path)
    lines = [json.loads(line) for line in path.read_text().splitlines()]

    assert [(line["key"], line["status"]) for line in lines] == [("desk", 204)] * 2
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_an_audit_log_that_cannot_be_written_is_refused(tmp_path):
    from qa.api.logs import _appending_to
    from qa.errors import InvalidInput

    with pytest.raises(InvalidInput, match="QA_AUDIT_LOG: cannot write to"):
        _appending_to(tmp_path)
