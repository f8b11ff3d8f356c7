"""Child processes that end with us, whatever happens, and what they hold of memory."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

MIB = 1024 * 1024
# No peer phones home, none looks for a model hub.
QUIET = {
    "ANONYMIZED_TELEMETRY": "False",
    "DO_NOT_TRACK": "1",
    "HAYSTACK_TELEMETRY_ENABLED": "False",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_OFFLINE": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "TRANSFORMERS_OFFLINE": "1",
}


class Failed(Exception):
    """A contestant did not do what it was told; says why."""


@contextlib.contextmanager
def child(
    command: list[str],
    folder: Path,
    log: Path,
    environment: Mapping[str, str] | None = None,
    *,
    talks: bool = False,
) -> Iterator[subprocess.Popen[bytes]]:
    """A process in a session of its own, so that it ends with all that it started.

    One that talks does so by pipes; of another what it prints goes to the log.
    """
    ours = {k: v for k, v in os.environ.items() if not k.startswith("QA_")}
    with log.open("ab") as written:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE if talks else subprocess.DEVNULL,
            stdout=subprocess.PIPE if talks else written,
            stderr=written,
            cwd=folder,
            env=ours | QUIET | dict(environment or {}),
            start_new_session=True,
        )
    try:
        yield process
    finally:
        _end(process)


class Contestant:
    """A library in its own process; see contestants/protocol.py."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self._process, self._log = process, log

    def do(self, name: str, *, timeout: float = 300, **options: Any) -> Any:
        """What it answers to the command, within so many seconds."""
        self.tell(name, **options)
        return self.hear(name, timeout)

    def tell(self, name: str, **options: Any) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # it has ended, which `hear` says
            self._process.stdin.write(json.dumps({"do": name, **options}).encode() + b"\n")
            self._process.stdin.flush()

    def hear(self, name: str, timeout: float) -> Any:
        assert self._process.stdout is not None
        alarm = threading.Timer(timeout, self._process.kill)
        alarm.start()
        try:
            line = self._process.stdout.readline()
        finally:
            alarm.cancel()
        if not line:
            code = self._process.wait(10)
            raise Failed(f"`{name}` ended with {code} (limit {timeout:.0f} s): {tail(self._log)}")
        return json.loads(line)

    @property
    def resident(self) -> float:
        """MiB that it holds now."""
        return resident(self._process.pid)

    @property
    def peak(self) -> float:
        """MiB that it held at most."""
        return _status(self._process.pid, "VmHWM")


@contextlib.contextmanager
def contestant(python: Path, script: Path, folder: Path, log: Path) -> Iterator[Contestant]:
    with child([str(python), str(script)], folder, log, talks=True) as process:
        yield Contestant(process, log)


def resident(pid: int) -> float:
    """MiB of a process and of those that it started."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return _status(pid, "VmRSS") + sum(resident(int(other)) for other in children)


def tail(log: Path, characters: int = 400) -> str:
    """What it wrote last, on one line."""
    return " ".join(log.read_text("utf-8", "replace").split())[-characters:]


def spent_elsewhere() -> float:
    """Seconds of processor time, since boot, of all but us and those that we started and ended.

    Two readings tell how much of the machine others took meanwhile.
    """
    fields = Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
    user, nice, system, _, _, irq, soft, steal = (int(field) for field in fields[:8])
    total = (user + nice + system + irq + soft + steal) / os.sysconf("SC_CLK_TCK")
    return total - sum(os.times()[:4])


def _status(pid: int, name: str) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:")) * 1024 / MIB


def _end(process: subprocess.Popen[bytes]) -> None:
    """One that talks ends when it is told nothing more; whatever is left then is made to end."""
    if process.stdin is not None:
        with contextlib.suppress(BrokenPipeError):
            process.stdin.close()
        _ended(process, 3)
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        _ended(process, 10)


def _ended(process: subprocess.Popen[bytes], seconds: float) -> None:
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(seconds)
