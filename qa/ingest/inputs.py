"""Paths -> the files to read, each with an id of its own."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from qa.errors import Code
from qa.ingest.canonical_text import storable
from qa.ingest.slugs import digest, slug
from qa.types import Refused

SUFFIXES = (
    *(".txt", ".md", ".markdown", ".html", ".htm", ".pdf"),
    *(".json", ".jsonl", ".ndjson"),
)


@dataclass(frozen=True, slots=True)
class Input:
    """A file to be read."""

    path: Path
    id: str  # suggested; an id that the file states comes before it
    size: int  # bytes
    explicit: bool  # named by the user, and not met in a folder


@dataclass(frozen=True, slots=True)
class _Found:
    """A file and its path below the folder that was searched, or that all named files share."""

    input: Input
    relative: Path


def find_inputs(paths: Sequence[Path]) -> list[Input | Refused]:
    """The files that are named and those below the folders that are, each once, in order.

    What is not read comes back as `Refused`; only hidden files and folders go without a word.
    """
    found: list[_Found | Refused] = []
    shared = _shared_folder([path for path in paths if path.is_file()])
    for path in paths:
        if path.is_dir():
            found.extend(_in_folder(path))
        else:
            found.append(_named(path, shared))
    once = _once(found)
    ids = iter(_distinct([item for item in once if isinstance(item, _Found)]))
    return [
        item if isinstance(item, Refused) else replace(item.input, id=next(ids)) for item in once
    ]


def _named(path: Path, shared: Path) -> _Found | Refused:
    if not path.exists():
        return Refused(_shown(path), "not_found", "no such file or folder")
    if not path.is_file():
        return Refused(_shown(path), "unknown_type", "neither a file nor a folder")
    if path.suffix.lower() not in SUFFIXES:
        return _unknown(path)
    return _Found(_input(path, explicit=True), path.absolute().relative_to(shared))


def _shared_folder(files: Sequence[Path]) -> Path:
    """The deepest folder that holds all of the files."""
    return Path(os.path.commonpath([str(path.absolute().parent) for path in files] or ["/"]))


def _in_folder(folder: Path) -> Iterator[_Found | Refused]:
    unreadable: list[OSError] = []
    for path in sorted(_files(folder, unreadable)):
        if path.name.upper().startswith("README"):
            yield _skipped(path, "readme", "about the folder; name it to add it all the same")
        elif path.suffix.lower() not in SUFFIXES:
            yield replace(_unknown(path), skipped=True)
        else:
            yield _Found(_input(path, explicit=False), path.relative_to(folder))
    for error in unreadable:
        yield Refused(_shown(error.filename), "unreadable", error.strerror or "cannot be listed")


def _files(folder: Path, unreadable: list[OSError]) -> Iterator[Path]:
    """The files below a folder; links are followed, but into no folder twice."""
    entered: set[str] = set()
    for root, folders, names in os.walk(folder, onerror=unreadable.append, followlinks=True):
        real = os.path.realpath(root)
        if real in entered:
            folders.clear()
            continue
        entered.add(real)
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        paths = (Path(root, name) for name in names if not name.startswith("."))
        yield from (path for path in paths if path.is_file())


def _input(path: Path, *, explicit: bool) -> Input:
    return Input(path, slug(path.stem), path.stat().st_size, explicit)


def _unknown(path: Path) -> Refused:
    reason = f"{path.suffix or 'no suffix'}: not one of {' '.join(SUFFIXES)}"
    return Refused(_shown(path), "unknown_type", reason, path.stat().st_size)


def _skipped(path: Path, code: Code, reason: str) -> Refused:
    return Refused(_shown(path), code, reason, path.stat().st_size, skipped=True)


def _shown(path: object) -> str:
    """The name of a file as it can be printed; on Linux it may hold any bytes."""
    return storable(str(path))


def _once(found: Sequence[_Found | Refused]) -> list[_Found | Refused]:
    """The files, each once: one that was reached twice counts as named when it was."""
    first: dict[str, _Found | Refused] = {}
    for item in found:
        path = item.origin if isinstance(item, Refused) else str(item.input.path)
        before = first.setdefault(os.path.realpath(path), item)
        is_named = isinstance(item, _Found) and item.input.explicit
        if is_named and not (isinstance(before, _Found) and before.input.explicit):
            first[os.path.realpath(path)] = item
    return list(first.values())


def _distinct(found: Sequence[_Found]) -> list[str]:
    """The ids: by stem; by path where stems are the same; with a digest where even paths are."""
    ids = [item.input.id for item in found]
    for longer in (_by_path, _by_path_and_digest):
        count = Counter(ids)
        ids = [
            longer(item) if count[name] > 1 else name for item, name in zip(found, ids, strict=True)
        ]
    return ids


def _by_path(item: _Found) -> str:
    return slug(item.relative.as_posix())


def _by_path_and_digest(item: _Found) -> str:
    return f"{_by_path(item)[:190]}-{digest(str(item.input.path.resolve()))}"
