"""A disk that fails: at the first operation, at the second, at the third … (disk.c, trial.py)."""

import errno
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
# What is tried, and the errors that it meets.
TRIED = ("add", "replace", "remove", "compact", "reindex", "embed", "open", "backup", "restore")
ERRORS = dict.fromkeys(TRIED, (errno.ENOSPC, errno.EIO, errno.EMFILE))
# Where nothing waits for a disk.
MEMORY = Path("/dev/shm")


def compiler() -> str | None:
    """Of C; None on a machine that has none, or another way to preload a library."""
    return shutil.which("gcc") if sys.platform == "linux" else None


def built(folder: Path | None = None) -> Path:
    """The library to preload."""
    library = (folder or Path(tempfile.gettempdir())) / f"footnote-disk-{os.getpid()}.so"
    source = str(HERE / "disk.c")
    command = [str(compiler()), "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", str(library)]
    subprocess.run([*command, source, "-ldl"], check=True)
    return library


def tried(library: Path, name: str, error: int, every: int) -> dict[str, Any]:
    """What `tests.faults.trial` counted. Raises AssertionError with its traceback."""
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        done = subprocess.run(
            [
                sys.executable,
                *("-W", "error", "-m", "tests.faults.trial"),
                *(folder, name, str(error), str(every)),
            ],
            cwd=HERE.parents[1],
            env={**os.environ, "LD_PRELOAD": str(library), "TMPDIR": folder},
            text=True,
            capture_output=True,
            timeout=1000,
        )
    assert done.returncode == 0, done.stderr[-5000:]
    counted: dict[str, Any] = json.loads(done.stdout)
    return counted
