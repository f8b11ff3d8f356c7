"""Whose an id is: a file keeps the id that it has, and takes none that is another file's."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from qa.ingest.slugs import ids_of_file, slug, with_digest
from qa.storage.records import text_digest
from qa.types import Document

# What was given out and may not be stored yet: a few batches (BATCH_DOCUMENTS).
_REMEMBERED = 4096


class Held(NamedTuple):
    """What has an id: the file that it was read from, and the digest of its text."""

    origin: str | None
    digest: str


class Identities:
    """The ids of files, as the store has them and as they are being given out."""

    def __init__(
        self, stored: Callable[[Sequence[str]], Mapping[str, tuple[str | None, str]]]
    ) -> None:
        """`stored` tells the origin and the digest of the text of each of some ids."""
        self._stored = stored
        self._given: OrderedDict[str, Held] = OrderedDict()
        self._lock = threading.Lock()

    def settled(self, document: Document) -> Document:
        """The document, under an id of its own when its name is all that it has for one.

        minutes.txt of another folder becomes 2024-minutes.txt; the same file again, also one that
        has moved with its text as it is, stays what it is called.
        """
        if not document.named or not document.origin:
            return document
        with self._lock:
            id_ = self._id(document, document.origin)
        return replace(document, article=replace(document.article, id=id_), named=False)

    def overtaken(self, documents: Sequence[Document]) -> list[Document]:
        """Those of the documents whose id was given out here, and is another file's by now.

        Another process has stored that one meanwhile: they are to be settled again.
        """
        with self._lock:
            given = [d for d in documents if d.article.id in self._given]
            mine = {d.article.id: d for d in given if self._given[d.article.id] == _held_by(d)}
        stored = self._stored(list(mine)) if mine else {}
        lost = [id_ for id_, held in stored.items() if not _may_have(_held_by(mine[id_]), held)]
        self.forget(lost)
        return [mine[id_] for id_ in lost]

    def forget(self, ids: Sequence[str]) -> None:
        """Lets go of ids whose articles were taken out."""
        with self._lock:
            for id_ in ids:
                self._given.pop(id_, None)

    def _id(self, document: Document, origin: str) -> str:
        mine = _held_by(document)
        wanted = list(dict.fromkeys([document.article.id, *_wanted(origin)]))
        possible = list(dict.fromkeys([*wanted, *ids_of_file(origin)]))
        stored = {id_: Held(*held) for id_, held in self._stored(possible).items()}
        held = {**{id_: self._given[id_] for id_ in possible if id_ in self._given}, **stored}
        own = next((id_ for id_ in possible if id_ in held and _same(held[id_], mine)), None)
        id_ = own or next((i for i in wanted if i not in held or _may_have(mine, held[i])), "")
        id_ = id_ or wanted[-1]
        self._given[id_] = mine
        if len(self._given) > _REMEMBERED:
            self._given.popitem(last=False)
        return id_


def _wanted(origin: str) -> list[str]:
    """The ids that a file may be given, best first; the last one is its own alone."""
    parts = [part for part in origin.split("/") if part]
    paths = [slug("/".join(parts[-n:])) for n in (2, 1, 3) if n <= len(parts)]
    return [*paths, with_digest(slug(parts[-1]), origin)]


def _held_by(document: Document) -> Held:
    return Held(document.origin, text_digest(document.article.text))


def _may_have(mine: Held, held: tuple[str | None, str]) -> bool:
    """Whether an id can be mine although another has it: of the same text, or the same file."""
    other = Held(*held)
    return other.digest == mine.digest or _same(other, mine)


def _same(held: Held, mine: Held) -> bool:
    """Whether both were read from the same file; earlier versions stored paths as they were given.

    "2023/minutes.txt" is /x/2023/minutes.txt, wherever it was given.
    """
    if held.origin is None or mine.origin is None or held.origin == mine.origin:
        return held.origin == mine.origin is not None
    if held.origin.startswith("/") or not mine.origin.startswith("/"):
        return False
    named = os.path.normpath(held.origin)
    within = "/" in named and not named.startswith("..")
    return os.path.abspath(named) == mine.origin or (within and mine.origin.endswith(f"/{named}"))
