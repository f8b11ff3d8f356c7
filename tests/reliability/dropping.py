"""A file system that forgets what was not synced: what a disk may hold after the power fails.

    python -m tests.reliability.dropping MOUNT STATE

Files live in memory (FUSE). Beside its content each keeps what a sync has made durable, and what
was written since; names likewise, durable once their folder is synced, always in the order in which
they changed, as a journal keeps them. A sync of a file does not make its name durable: stricter
than most file systems are, and as strict as POSIX lets them be.

Writing "SHARE SEED FOLDER" to `.cut` ends it: what a disk would hold goes to FOLDER, with SHARE of
the unsynced sectors kept by chance, and nothing can be read or written any more.
"""

from __future__ import annotations

import errno
import os
import random
import stat
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import mfusepy
from mfusepy import FuseOSError

CUT = "/.cut"
SECTOR = 4096

Names = dict[str, "Inode"]


@dataclass(slots=True)
class Inode:
    """A file or a folder: what is read, what is durable, what came between."""

    mode: int
    live: bytearray = field(default_factory=bytearray)
    durable: bytes = b""
    unsynced: list[tuple[int, bytes | None]] = field(default_factory=list)  # None: cut to a length
    changed: float = field(default_factory=time.time)

    def write(self, data: bytes, offset: int) -> None:
        _put(self.live, offset, data)
        self.unsynced.append((offset, data))
        self.changed = time.time()

    def truncate(self, length: int) -> None:
        _cut(self.live, length)
        self.unsynced.append((length, None))
        self.changed = time.time()

    def sync(self) -> None:
        if self.unsynced:
            self.durable = bytes(self.live)
            self.unsynced.clear()

    def after_cut(self, share: float, chance: random.Random) -> bytes:
        """Its durable content, with some of the sectors that were on their way."""
        content = bytearray(self.durable)
        for offset, data in self.unsynced:
            if data is None:
                if chance.random() < share:
                    _cut(content, offset)
                continue
            at = 0
            while at < len(data):
                size = min(SECTOR - (offset + at) % SECTOR, len(data) - at)
                if chance.random() < share:
                    _put(content, offset + at, data[at : at + size])
                at += size
        return bytes(content)


class Dropping(mfusepy.Operations):  # type: ignore[misc]
    """The file system. One thread: the state at the cut is one that was."""

    use_ns = True

    def __init__(self, state: Path) -> None:
        self._names: Names = {"/": Inode(stat.S_IFDIR | 0o755)}
        self._load(state)
        self._durable = dict(self._names)
        self._pending: list[tuple[frozenset[str], Callable[[Names], object]]] = []
        self._dead = False

    def _load(self, state: Path) -> None:
        for path in sorted(state.rglob("*")):
            name = "/" + str(path.relative_to(state))
            if path.is_dir():
                self._names[name] = Inode(stat.S_IFDIR | 0o755)
            else:
                content = path.read_bytes()
                self._names[name] = Inode(stat.S_IFREG | 0o644, bytearray(content), content)

    # --- names -------------------------------------------------------------------------------

    def _find(self, path: str) -> Inode:
        if self._dead:
            raise FuseOSError(errno.EIO)
        try:
            return self._names[path]
        except KeyError:
            raise FuseOSError(errno.ENOENT) from None

    def _rename(self, change: Callable[[Names], object], *paths: str) -> None:
        if self._dead:
            raise FuseOSError(errno.EIO)
        change(self._names)
        self._pending.append((frozenset(map(os.path.dirname, paths)), change))

    def fsyncdir(self, path: str, datasync: int, fh: int) -> int:
        """Makes all changes of names durable, up to the last in this folder."""
        self._find(path)
        touching = [i for i, (folders, _) in enumerate(self._pending) if path in folders]
        if touching:
            for _, change in self._pending[: touching[-1] + 1]:
                change(self._durable)
            del self._pending[: touching[-1] + 1]
        return 0

    def create(self, path: str, mode: int, fi: Any = None) -> int:
        inode = Inode(stat.S_IFREG | mode & 0o777)
        self._rename(lambda names: names.__setitem__(path, inode), path)
        return 0

    def mkdir(self, path: str, mode: int) -> int:
        if path in self._names:
            raise FuseOSError(errno.EEXIST)
        inode = Inode(stat.S_IFDIR | mode & 0o777)
        self._rename(lambda names: names.__setitem__(path, inode), path)
        return 0

    def unlink(self, path: str) -> int:
        self._find(path)
        self._rename(lambda names: names.pop(path, None), path)
        return 0

    def rmdir(self, path: str) -> int:
        self._find(path)
        if any(name.startswith(path + "/") for name in self._names):
            raise FuseOSError(errno.ENOTEMPTY)
        self._rename(lambda names: names.pop(path, None), path)
        return 0

    def rename(self, old: str, new: str, flags: int = 0) -> int:
        self._find(old)

        def change(names: Names) -> None:
            for name in [n for n in names if n == old or n.startswith(old + "/")]:
                names[new + name[len(old) :]] = names.pop(name)

        self._rename(change, old, new)
        return 0

    def readdir(self, path: str, fh: int) -> list[str]:
        self._find(path)
        inside = [n for n in self._names if n != "/" and os.path.dirname(n) == path]
        return [".", "..", *map(os.path.basename, inside)]

    # --- content -----------------------------------------------------------------------------

    def getattr(self, path: str, fh: int | None = None) -> dict[str, Any]:
        if path == CUT:
            return {"st_mode": stat.S_IFREG | 0o600, "st_nlink": 1, "st_size": 0}
        inode = self._find(path)
        changed = int(inode.changed * 1e9)
        return {
            "st_mode": inode.mode,
            "st_nlink": 2 if stat.S_ISDIR(inode.mode) else 1,
            "st_size": len(inode.live),
            "st_mtime": changed,
            "st_ctime": changed,
            "st_atime": changed,
        }

    def open(self, path: str, flags: int) -> int:
        if path != CUT:
            self._find(path)
        return 0

    def read(self, path: str, size: int, offset: int, fh: int) -> bytes:
        return bytes(self._find(path).live[offset : offset + size])

    def write(self, path: str, data: bytes, offset: int, fh: int) -> int:
        if path == CUT:
            share, seed, folder = data.decode().split(" ", 2)
            self._cut_power(float(share), random.Random(seed), Path(folder))
        else:
            self._find(path).write(data, offset)
        return len(data)

    def truncate(self, path: str, length: int, fh: int | None = None) -> int:
        if path != CUT:
            self._find(path).truncate(length)
        return 0

    def fsync(self, path: str, datasync: int, fh: int) -> int:
        self._find(path).sync()
        return 0

    def chmod(self, path: str, mode: int) -> int:
        inode = self._find(path)
        inode.mode = stat.S_IFMT(inode.mode) | mode & 0o777
        return 0

    def utimens(self, path: str, times: tuple[int, int] | None = None) -> int:
        self._find(path).changed = times[1] / 1e9 if times else time.time()
        return 0

    def statfs(self, path: str) -> dict[str, int]:
        return {"f_bsize": SECTOR, "f_frsize": SECTOR, "f_blocks": 1 << 20, "f_bavail": 1 << 20}

    # --- the end -----------------------------------------------------------------------------

    def _cut_power(self, share: float, chance: random.Random, folder: Path) -> None:
        self._dead = True
        for _, change in self._pending[: chance.randint(0, len(self._pending)) if share else 0]:
            change(self._durable)
        for name, inode in sorted(self._durable.items()):
            path = folder / name[1:]
            if stat.S_ISDIR(inode.mode):
                path.mkdir(parents=True, exist_ok=True)
            elif path.parent.is_dir():  # else its folder never became durable
                path.write_bytes(inode.after_cut(share, chance))


def _put(content: bytearray, offset: int, data: bytes) -> None:
    if offset > len(content):
        content.extend(bytes(offset - len(content)))
    content[offset : offset + len(data)] = data


def _cut(content: bytearray, length: int) -> None:
    del content[length:]
    content.extend(bytes(length - len(content)))


if __name__ == "__main__":
    mount, state = sys.argv[1:]
    mfusepy.FUSE(Dropping(Path(state)), mount, foreground=True, nothreads=True)
