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
from qa.ingest.sniff import suffix_by
from qa.ingest.stated.beside import is_sidecar
from qa.ingest.suffixes import instead, is_no_document, kind_of, suffix_of, tells_nothing
from qa.types import Refused

_LOOKED_AT = 65_536  # bytes
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
    told: str = ""  # the suffix that its bytes say, where its name says nothing

    @property
    def suffix(self) -> str:
        """What says how it is read."""
        return self.told or suffix_of(self.path.name)


@dataclass(frozen=True, slots=True)
class _Found:
    """A file and its path below the folder that was searched, or that all named files share."""

    input: Input
    relative: Path


def find_inputs(paths: Sequence[Path]) -> list[Input | Refused]:
    """The files that are named and those below the folders that are, each once, in order.

    What is not read comes back as `Refused`: what nobody means, in a folder, as skipped.
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
    if not kind_of(suffix := _suffix(path)):
        return _unknown(path)
    return _Found(_input(path, suffix, explicit=True), path.absolute().relative_to(shared))


def _shared_folder(files: Sequence[Path]) -> Path:
    """The deepest folder that holds all of the files."""
    return Path(os.path.commonpath([str(path.absolute().parent) for path in files] or ["/"]))


def _in_folder(folder: Path) -> Iterator[_Found | Refused]:
    refused: list[Refused] = []
    for path in sorted(_files(folder, refused)):
        if path.name.upper().startswith("README"):
            yield _skipped(path, "readme", "about the folder; name it to add it all the same")
        elif kind_of(suffix := _suffix(path)):
            yield _Found(_input(path, suffix, explicit=False), path.relative_to(folder))
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
            refused.append(_skipped(Path(root), "not_meant", "a link to a folder met before"))
            folders.clear()
            continue
        entered.add(real)
        passed = {name for name in folders if _junk_folder(name)}
        folders[:] = sorted(set(folders) - passed)
        for path in (Path(root, name) for name in sorted([*passed, *names])):
            try:
                junk = _junk(path)
                if junk:
                    refused.append(_skipped(path, "not_meant", junk))
                elif path.is_file():
                    yield path
            except OSError as error:  # in a folder that may be listed, and not entered
                reason = error.strerror or "it cannot be looked at"
                refused.append(Refused(_shown(path), "unreadable", reason))


def _junk_folder(name: str) -> str | None:
    """Why nobody means a folder of that name, when they name the one that it is in."""
    if name in _JUNK_FOLDERS:
        return "a folder that no one wrote"
    return "hidden" if name.startswith(".") else None


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
    if is_sidecar(path.name):
        return "what is stated of another file"
    if _JUNK.fullmatch(path.name):
        return _LEFT
    if path.is_symlink() and not path.exists():
        return "a link to what is not there"
    return _junk_folder(path.name)


def _input(path: Path, suffix: str, *, explicit: bool) -> Input:
    told = "" if suffix == suffix_of(path.name) else suffix
    return Input(path, slug(path.stem), path.stat().st_size, explicit, told)


def _suffix(path: Path) -> str:
    """The suffix of a file, or what its bytes say where that says nothing: page.php, a mail."""
    suffix = suffix_of(path.name)
    if not tells_nothing(suffix):
        return suffix
    try:
        with path.open("rb") as file:
            return suffix_by(file.read(_LOOKED_AT), suffix)
    except OSError:  # said when it is read
        return suffix


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
