"""What lists of references (BibTeX, RIS, CSL-JSON; exports of Zotero) state of files beside them.

`paper.ris` states it of paper.pdf; `library.bib` of the files that its entries name, by path, file
name or key.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote

from qa.errors import InvalidInput
from qa.ingest.decode import decode
from qa.ingest.inputs import Input
from qa.ingest.limits import Limits, bounded, check_size
from qa.ingest.records.json_files import parse
from qa.ingest.records.shapes import article_fields
from qa.ingest.stated.bibtex_lists import read_bibtex
from qa.ingest.stated.fields import Metadata, language_tag, read_fields
from qa.ingest.stated.ris_lists import read_ris
from qa.types import Refused

_SUFFIXES = (".bib", ".ris", ".json")
_LOOKED_AT = 4096  # bytes of a JSON file, at its beginning
_OF_A_LIST = re.compile(rb'"(?:itemType|type|citation-key)"\s*:')
_EXTRA = ("DOI", "ISBN", "ISSN", "volume", "issue", "page", "type")
_NAMED = 5  # files that are not there, by name


@dataclass(slots=True)
class ListedWork:
    """An entry of a list: the names of its files, its key, and what it states."""

    files: list[str]
    key: str
    stated: Metadata


@dataclass(slots=True)
class _Files:
    """The files that are added, by what a list may call them."""

    by_path: dict[str, Input] = field(default_factory=dict)
    by_name: dict[str, list[Input]] = field(default_factory=dict)
    by_stem: dict[str, list[Input]] = field(default_factory=dict)

    def called(self, file: str, folder: Path) -> Input | None:
        """The file of a path, which may be of another machine; none, where several may be it."""
        path = _path(file)
        found = self.by_path.get(os.path.normpath(folder / path))
        return found or self._only(self.by_name.get(PurePosixPath(path).name, []), folder)

    def keyed(self, key: str, folder: Path) -> Input | None:
        """The file that is called what the key of an entry is: kos2024.pdf."""
        return self._only(self.by_stem.get(key, []), folder) if key else None

    def _only(self, found: Sequence[Input], folder: Path) -> Input | None:
        below = [one for one in found if folder in one.path.absolute().parents]
        return below[0] if len(below) == 1 else None


def stated_in_lists(
    found: Sequence[Input | Refused],
) -> tuple[list[Input | Refused], Mapping[Path, Metadata]]:
    """What was found, the lists among it with what they state and of what; and that, by file."""
    files = _Files()
    for one in found:
        if isinstance(one, Input):
            files.by_path[str(one.path.absolute())] = one
            files.by_name.setdefault(one.path.name, []).append(one)
            if one.path.suffix.lower() not in _SUFFIXES:
                files.by_stem.setdefault(one.path.stem, []).append(one)
    stated: dict[Path, Metadata] = {}
    rest: list[Input | Refused] = []
    for one in found:
        path = one.path if isinstance(one, Input) else Path(one.origin)
        is_list = path.suffix.lower() in _SUFFIXES and files.by_stem and not _named_json(one)
        rest.append((_read(path, one, files, stated) if is_list else None) or one)
    for one in found:
        if isinstance(one, Input) and one.explicit and one.path not in stated:
            for suffix in _SUFFIXES:
                if (beside := one.path.with_suffix(suffix)).is_file() and beside != one.path:
                    _read(beside, one, files, stated)
    return rest, stated


def _path(file: str) -> str:
    """A path as a list writes it, of any system: "C:\\papers\\a.pdf", "file:///x/a%20b.pdf"."""
    path = unquote(file.removeprefix("file://")) if file.startswith("file:") else file
    return path.replace("\\", "/")


def _named_json(one: Input | Refused) -> bool:
    """Whether somebody named a JSON file: then it is to be added."""
    return isinstance(one, Input) and one.explicit


def _read(
    path: Path, one: Input | Refused, files: _Files, stated: dict[Path, Metadata]
) -> Refused | None:
    """Takes what a list states of files; gives what to say of it, None when it is no list."""
    try:
        entries = [*_entries(path)]
    except InvalidInput as error:
        if path.suffix.lower() == ".json":
            return None  # said when it is read as articles
        return Refused(str(path), error.code, error.message, one.size)
    except OSError as error:
        return Refused(str(path), "unreadable", error.strerror or "it cannot be read", one.size)
    folder, missing, taken = path.absolute().parent, list[str](), 0
    for entry in entries:
        named = {name: files.called(name, folder) for name in entry.files}
        own = [file for file in named.values() if file]
        missing += [PurePosixPath(_path(name)).name for name, file in named.items() if not file]
        keys = [entry.key, path.stem] if len(entries) == 1 else [entry.key]
        own = own or [file for key in keys if (file := files.keyed(key, folder))]
        stated |= {file.path: entry.stated for file in own}
        taken += bool(own)
    if not taken:
        return None
    return Refused(str(path), "not_meant", _said(entries, taken, missing), one.size, skipped=True)


def _said(entries: Sequence[ListedWork], taken: int, missing: Sequence[str]) -> str:
    said = f"states something of other files: {taken} of its {len(entries)} entries"
    if missing:
        names = ", ".join(missing[:_NAMED]) + (", …" if len(missing) > _NAMED else "")
        said += f"; {len(missing)} files that it names are not here: {names}"
    return said


def _entries(path: Path) -> Iterator[ListedWork]:
    suffix = path.suffix.lower()
    with path.open("rb") as file:
        data = file.read(_LOOKED_AT)
        if suffix == ".json" and not _OF_A_LIST.search(data):
            return
        data += file.read(Limits().raw_bytes - _LOOKED_AT + 1)
    check_size(len(data), Limits().raw_bytes, "the file")
    if suffix == ".json":
        yield from map(_entry, _of_json(data))
    else:
        yield from map(_entry, (read_ris if suffix == ".ris" else read_bibtex)(decode(data).text))


def _of_json(data: bytes) -> Iterator[dict[str, Any]]:
    """The records of CSL-JSON, or of Zotero's; none where the file has texts of its own."""
    parsed = parse(data)
    items = parsed.get("items", [parsed]) if isinstance(parsed, dict) else parsed
    items = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    if any({"text", "html", "content"} & item.keys() for item in items):
        return
    for item in items:
        record = dict(item["data"] if isinstance(item.get("data"), dict) else item)
        attached = record.pop("attachments", None)
        attached = attached if isinstance(attached, list) else []
        paths = (
            one.get("path") or one.get("filename") for one in attached if isinstance(one, dict)
        )
        files = [str(path) for path in (*paths, record.pop("file", None)) if path]
        key = record.get("citation-key") or record.get("citationKey") or record.get("id") or ""
        yield {**record, "files": files, "key": str(key)}


def _entry(record: dict[str, Any]) -> ListedWork:
    """What a record states, under our names; who printed a paper is the journal, then the house."""
    files, key = record.pop("files", []), record.pop("key", "")
    for name in ("abstract", "abstractNote", "id", "citation-key", "citationKey", "tags"):
        record.pop(name, None)
    within = record.get("container-title") or record.get("publicationTitle")
    record["publisher"] = within or record.get("publisher")
    fields, _ = article_fields(record)
    doi = str(record.get("DOI") or "").removeprefix("https://doi.org/")
    language = fields.get("language")
    given = {
        **{name: fields.get(name) for name in ("title", "author", "published", "publisher", "url")},
        "language": language if language and language_tag(str(language)) else None,
        "tags": fields.get("tags") or fields.get("keywords"),
        "extra": {name: record[name] for name in _EXTRA if record.get(name)},
    }
    if doi:
        given["url"] = f"https://doi.org/{doi}"
    meta = read_fields({name: value for name, value in given.items() if value}, strict=False)
    return ListedWork(files, key, bounded(replace(meta, id=None)))
