"""What only some systems have, in the one place that asks which: nothing else imports it.

Unix has `fcntl` and `resource`, `poll` for pipes and folders that can be brought to the disk. Where
one is missing, something else does it, or it is not done: what, says each function.
"""

from __future__ import annotations

import os
import select
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import IO, Any
from weakref import WeakKeyDictionary

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]
try:
    import resource
except ImportError:
    resource = None  # type: ignore[assignment]

# How often somebody who will not wait for ever looks whether a lock is free.
POLL_SECONDS = 0.002
_WINDOWS = sys.platform == "win32"


def locked(path: Path, seconds: float | None = None) -> Callable[[], None] | None:
    """Locks a file or a folder for one holder at a time; gives what lets it go.

    Waits for as long as it takes, or for `seconds`, and then gives None. Whoever ends has let go.
    """
    return _locked_by_name(path, seconds) if fcntl is None else _locked_itself(path, seconds)


def _locked_itself(path: Path, seconds: float | None) -> Callable[[], None] | None:
    flags = os.O_RDONLY if path.is_dir() else os.O_WRONLY | os.O_CREAT | os.O_APPEND
    descriptor = os.open(path, flags, 0o666)
    let_go = partial(os.close, descriptor)
    until = time.monotonic() + (seconds or 0)
    try:
        if seconds is None:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            return let_go
        while True:
            with suppress(BlockingIOError):
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return let_go
            if time.monotonic() > until:
                let_go()
                return None
            time.sleep(POLL_SECONDS)
    except BaseException:
        let_go()
        raise


def _locked_by_name(path: Path, seconds: float | None) -> Callable[[], None] | None:
    """As `locked`; a folder by a file in it."""
    from filelock import FileLock, Timeout

    lock = FileLock(path / "turn" if path.is_dir() else path, thread_local=False)
    try:
        lock.acquire(timeout=-1 if seconds is None else seconds, poll_interval=POLL_SECONDS)
    except Timeout:
        return None
    return lock.release


def sync(path: Path) -> None:
    """Brings a file or a folder to the disk, before anything that relies on it.

    Windows opens no folder; its file system has their entries in a journal.
    """
    if _WINDOWS and path.is_dir():
        return
    file = os.open(path, os.O_RDWR if _WINDOWS else os.O_RDONLY)
    try:
        if hasattr(fcntl, "F_FULLFSYNC"):  # of macOS, where fsync stops short of the disk's cache
            with suppress(OSError):  # a network's file system has none
                fcntl.fcntl(file, fcntl.F_FULLFSYNC)
                return
        os.fsync(file)
    finally:
        os.close(file)


def linked(path: Path, link: Path) -> None:
    """Makes `link` another name of a file: a copy where links are not allowed."""
    try:
        link.symlink_to(path.resolve())
    except (OSError, NotImplementedError):
        if not _WINDOWS:
            raise
        shutil.copyfile(path, link)


def open_files() -> int | None:
    """How many files this process may have open; None without a limit."""
    if resource is None:
        return None
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return None if files == resource.RLIM_INFINITY else int(files)


def limit_time_and_memory(seconds: int, memory: int | None) -> None:
    """Has the kernel end this process after so many seconds of processor time in all, and refuse it
    more address space than `memory`. Where it cannot, whoever waits for the process ends it."""
    if resource is not None:
        _set_soft(resource.RLIMIT_CPU, seconds)
        if memory is not None:
            _set_soft(resource.RLIMIT_AS, memory)


def no_core_dumps() -> None:
    """Leaves nothing of this process on the disk when it is ended."""
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _set_soft(kind: int, wanted: int) -> None:
    """Sets a soft limit, not above the hard one, which may come from outside and only goes down."""
    _, hard = resource.getrlimit(kind)
    unlimited = hard == resource.RLIM_INFINITY
    resource.setrlimit(kind, (wanted if unlimited else min(wanted, hard), hard))


def address_space() -> int:
    """Bytes of address space of this process; 0 where the kernel does not say."""
    with suppress(OSError):
        pages = Path("/proc/self/statm").read_text("ascii").split()[0]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")
    return 0


def processor_seconds(pid: int) -> float:
    """What a process has used so far; 0.0 where the kernel does not say, or it has ended."""
    with suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


def ran_out_of_time(exit_code: int) -> bool:
    """Whether that is how a process ends which the kernel has ended for its time."""
    return hasattr(signal, "SIGXCPU") and exit_code == -signal.SIGXCPU


_looking: WeakKeyDictionary[Any, threading.Thread] = WeakKeyDictionary()


def readable(pipe: IO[bytes], seconds: float) -> bool:
    """Whether there is something to read from a pipe within some time, or its end."""
    if hasattr(select, "poll"):  # and not select.select, which knows no descriptor above 1,023
        waiting = select.poll()
        waiting.register(pipe, select.POLLIN)
        return bool(waiting.poll(seconds * 1000))
    looking = _looking.get(pipe)
    if looking is None or not looking.is_alive():
        looking = threading.Thread(target=_peeked, args=(pipe,), daemon=True)
        looking.start()
        _looking[pipe] = looking
    looking.join(seconds)
    return not looking.is_alive()


def _peeked(pipe: Any) -> None:
    with suppress(OSError, ValueError):  # it was closed meanwhile
        pipe.peek(1)
