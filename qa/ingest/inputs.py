"""Paths -> the files to read, each with an id of its own."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from qa.errors import Code
from qa.ingest.canonical_text import storable
from qa.ingest.slugs import slug, with_digest
from qa.ingest.stated.beside import is_sidecar
from qa.ingest.suffixes import SUFFIXES, instead, is_no_document, suffix_of
from qa.types import Refused

# Left by archives, programs and systems beside what people wrote.
_JUNK_FOLDERS = frozenset(("__MACOSX", "node_modules", "__pycache__", "$RECYCLE.BIN"))
_JUNK = re.compile(
    r"~\$.*|\.~lock\..*#|\.DS_Store|\._.*|Thumbs\.db|desktop\.ini|.*~", re.IGNORECASE
)

_LEFT = "left by a program, not written by anybody"
_README = "about the folder; name it to add it all the same"


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

    What is not read comes back as `Refused`; only hidden files and folders go without a word, but
    for those that systems leave.
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
    if suffix_of(path.name) not in SUFFIXES:
        return _unknown(path)
    return _Found(_input(path, explicit=True), path.absolute().relative_to(shared))


def _shared_folder(files: Sequence[Path]) -> Path:
    """The deepest folder that holds all of the files."""
    return Path(os.path.commonpath([str(path.absolute().parent) for path in files] or ["/"]))


def _in_folder(folder: Path) -> Iterator[_Found | Refused]:
    refused: list[Refused] = []
    for path in sorted(_files(folder, refused)):
        if path.name.upper().startswith("README"):
            yield _skipped(path, "readme", _README)
        elif suffix_of(path.name) in SUFFIXES:
            yield _Found(_input(path, explicit=False), path.relative_to(folder))
        elif is_no_document(suffix_of(path.name)):
            yield _skipped(path, "unknown_type", "no document of any kind")
        else:
            yield _unknown(path)
    yield from refused


def _files(folder: Path, refused: list[Refused]) -> Iterator[Path]:
    """The files below a folder; links are followed, but into no folder twice."""

    def unreadable(error: OSError) -> None:
        reason = error.strerror or "cannot be listed"
        refused.append(Refused(_shown(error.filename), "unreadable", reason))

    entered: set[str] = set()
    for root, folders, names in os.walk(folder, onerror=unreadable, followlinks=True):
        real = os.path.realpath(root)
        if real in entered:
            folders.clear()
            continue
        entered.add(real)
        beside = [Path(root, name) for name in (*_JUNK_FOLDERS.intersection(folders), *names)]
        folders[:] = sorted({f for f in folders if not f.startswith(".")} - _JUNK_FOLDERS)
        for path in sorted(beside):
            junk = _junk(path)
            if junk:
                refused.append(_skipped(path, "not_meant", junk))
            elif path.is_file() and not path.name.startswith("."):
                yield path


def not_meant(sent: PurePosixPath) -> tuple[Code, str] | None:
    """Why nobody means a file that came in a folder, as code and reason; its path below that."""
    if _JUNK_FOLDERS.intersection(sent.parts):
        return "not_meant", "in a folder that no one wrote"
    if any(part.startswith(".") for part in sent.parts):
        return "not_meant", "a hidden file"
    if is_sidecar(sent.name):
        return "not_meant", "what is stated of another file; only `qa add` reads it"
    if _JUNK.fullmatch(sent.name):
        return "not_meant", _LEFT
    return ("readme", _README) if sent.name.upper().startswith("README") else None


def _junk(path: Path) -> str | None:
    """Why nobody means this file or folder, when they name the one that it is in."""
    if path.name in _JUNK_FOLDERS:
        return "a folder that no one wrote"
    if is_sidecar(path.name):
        return "what is stated of another file"
    if _JUNK.fullmatch(path.name):
        return _LEFT
    dangling = path.is_symlink() and not path.exists() and not path.name.startswith(".")
    return "a link to what is not there" if dangling else None


def _input(path: Path, *, explicit: bool) -> Input:
    return Input(path, slug(path.stem), path.stat().st_size, explicit)


def _unknown(path: Path) -> Refused:
    reason = instead(suffix_of(path.name))
    return Refused(_shown(path), "unknown_type", reason, path.stat().st_size)


def _skipped(path: Path, code: Code, reason: str) -> Refused:
    size = path.stat().st_size if path.is_file() else 0
    return Refused(_shown(path), code, reason, size, skipped=True)


def _shown(path: object) -> str:
    """The name of a file as it can be printed; on Linux it may hold any bytes."""
    return storable(os.path.abspath(str(path)))


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
    return with_digest(_by_path(item), str(item.input.path.resolve()))
