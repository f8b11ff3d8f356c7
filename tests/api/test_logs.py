"""What is logged, by a real server: who did what, and not what was asked."""

import json
import stat
import subprocess
import sys

import pytest

SAID = """
import logging, sys
from pathlib import Path
from qa.api.logs import configure
configure({format!r}, queries={queries}, audit_log={audit})
access = logging.getLogger("uvicorn.access")
access.info('%s - "%s %s HTTP/%s" %d', "127.0.0.1:5", "GET", "/v1/ask?q=a+secret", "1.1", 200)
logging.getLogger("qa.audit").info("%s %s", "DELETE", "/v1/articles/x",
    extra={{"key": "desk", "client": "10.0.0.1", "method": "DELETE", "status": 204, "path": "/"}})
logging.getLogger("qa").warning("the file \\x1b]0;x\\x07\\u202e.txt\\nINFO a second line\\n")
"""


def logged(format="text", queries=False, audit=None):
    code = SAID.format(
        format=format, queries=queries, audit=f"Path({str(audit)!r})" if audit else None
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    return done.stderr.splitlines()


def test_what_was_asked_is_not_logged_unless_it_is_wanted():
    assert '"GET /v1/ask HTTP/1.1" 200' in logged()[0]
    assert "secret" not in "".join(logged())
    assert '"GET /v1/ask?q=a+secret HTTP/1.1" 200' in logged(queries=True)[0]


def test_a_line_is_one_event_and_moves_no_cursor():
    lines = logged()

    assert len(lines) == 3
    assert r"the file \x1b]0;x\x07\u202e.txt\nINFO a second line" in lines[2]


def test_a_write_is_logged_with_who_made_it():
    line = logged()[1]
    assert "DELETE /v1/articles/x" in line
    assert "key=desk" in line
    assert "client=10.0.0.1" in line
    as_json = json.loads(logged("json")[1])
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
