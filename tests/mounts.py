"""Real file systems for tests: a small one, and a read-only one. They need root."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


def _mount(*arguments: str | Path) -> None:
    done = subprocess.run(["mount", *arguments], capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"nothing can be mounted here: {done.stderr.strip()}")


@contextmanager
def small(folder: Path, megabytes: int) -> Iterator[None]:
    """A disk of this size at `folder`, in memory."""
    folder.mkdir(parents=True, exist_ok=True)
    _mount("-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", folder)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def enlarge(folder: Path, megabytes: int) -> None:
    """Makes room on a `small` disk."""
    _mount("-o", f"remount,size={megabytes}m", folder)


@contextmanager
def read_only(source: Path, folder: Path) -> Iterator[None]:
    """What is in `source`, at `folder`, where nobody can write."""
    folder.mkdir(parents=True, exist_ok=True)
    _mount("--bind", source, folder)
    try:
        _mount("-o", "remount,ro,bind", folder)
        yield
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)
