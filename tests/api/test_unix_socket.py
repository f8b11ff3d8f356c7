"""A service on a Unix socket."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import stat
import time
from pathlib import Path
from typing import Any

import pytest

from qa.api.unix_socket import listen_at
from qa.errors import InvalidInput


class ToSocket(http.client.HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=30)
        self.path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(str(self.path))


def get(path: Path, target: str) -> tuple[int, dict[str, Any]]:
    connection = ToSocket(path)
    try:
        connection.request("GET", target)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


def test_it_is_served_without_a_key_to_its_owner_and_group(server_with, tmp_path):
    path = tmp_path / "socket"
    server = server_with(QA_UDS=str(path), QA_HOST="0.0.0.0")
    server.launch()
    until = time.monotonic() + 60
    while not path.exists() or get(path, "/health/ready")[0] != 200:
        assert time.monotonic() < until, server.log()
        time.sleep(0.05)

    assert get(path, "/v1/status")[1]["counts"]["articles"] == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o660
    with pytest.raises(InvalidInput, match="in use"):
        listen_at(path)
    assert server.stop(signal.SIGTERM)[0] in (0, -15, 143)
    assert not path.exists()


def test_what_a_killed_server_left_is_replaced_and_a_file_is_not(tmp_path):
    left, file = tmp_path / "left", tmp_path / "file"
    listen_at(left).close()
    assert left.is_socket()
    listen_at(left).close()

    file.write_text("mine")
    with pytest.raises(InvalidInput) as caught:
        listen_at(file)
    assert (caught.value.code, file.read_text()) == ("cannot_bind", "mine")
