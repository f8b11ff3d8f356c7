"""The files of words: a folder of tantivy's, as the manifest names it."""

from __future__ import annotations

import contextlib
import shutil
import uuid
from pathlib import Path

from qa.storage.lexical import LexicalIndex, LexicalSearcher
from qa.storage.manifest import Content, Digests, LexicalContent
from qa.storage.sql import Store
from qa.storage.vectors import Keys, sha256, size
from qa.system import linked

# BM25 counts words of chunks that were taken out until their segment is merged. Past this share of
# the live ones the words are indexed again: then the scores are those of a fresh index. Of a small
# corpus (a tenth of a second's work) they always are; of one that takes more than a second or two,
# by compaction.
STALE_SHARE = 0.1
SMALL_CHUNKS = 1000
LARGE_CHUNKS = 10_000

_IMMUTABLE = (".term", ".idx", ".pos", ".store", ".fast", ".fieldnorm")


class LexicalFiles:
    """The folder of words of a corpus, which is kept as long as it is whole, else made anew."""

    _index: LexicalIndex

    def __init__(self, folder: Path, made_in: Path, store: Store) -> None:
        """`folder` holds the one that is published; new ones of `open` go into `made_in`."""
        self._folder, self._made_in = folder, made_in
        self._store = store
        self._digests: Digests = {}

    @property
    def name(self) -> str:
        """The name of the folder, another one whenever the words are indexed anew."""
        return self._index.folder.name

    # --- reading ---------------------------------------------------------------------------------

    def open(
        self, known: Content | None, generation: int, live: Keys
    ) -> tuple[LexicalSearcher, list[str]]:
        """A searcher of exactly the live chunks, and what was wrong with the published folder."""
        damage = self._damage(known, generation) if known else "it was missing"
        if known and not damage:
            with contextlib.suppress(ValueError, OSError):
                index = self._opened(self._folder / known["lexical"]["folder"])
                self._bring(index, known["generation"], generation)
                searcher = index.searcher()
                if len(searcher) == len(live):
                    self._index = index
                    return searcher, []
            damage = "it did not agree with the store"
        self._digests = {}  # of what was damaged
        self._index = self._indexed_in(self._made_in, live)
        repairs = [f"the lexical index was rebuilt: {damage}"] if known else []
        return self._index.searcher(), repairs

    def _opened(self, folder: Path) -> LexicalIndex:
        """The index in a folder, by links to its files where that may not be written to.

        tantivy wants to lock a folder even to read it.
        """
        if folder.parent == self._made_in:
            return LexicalIndex(folder)
        return LexicalIndex(_linked(folder, _new_in(self._made_in)))

    def adopt(self, known: Content) -> None:
        """Goes on with the folder that another process has published."""
        self._index = LexicalIndex(self._folder / known["lexical"]["folder"])

    def catch_up(self, since: int, until: int) -> LexicalSearcher:
        """A searcher of generation `until`; the folder may be at any from `since` on.

        Where it cannot be changed, or some of what went out is no longer known, it is made anew, as
        it would be when the corpus is opened.
        """
        try:
            if since < self._store.purged_to():
                raise ValueError
            self._bring(self._index, since, until)
        except ValueError:
            self._index = self._indexed_in(self._made_in, self._store.live_chunks(until))
        return self._index.searcher()

    def _bring(self, index: LexicalIndex, since: int, until: int) -> None:
        """Writes to an index what changed; when too much has gone, all of it, to a small one."""
        if since == until:
            return
        changes = self._store.changes(since, until)
        index.update(changes.removed.tolist(), self._store.texts(changes.added))
        live = len(index.searcher()) if index.taken_out() else 0
        if live < LARGE_CHUNKS and _is_stale(index, live):
            index.rewrite(self._store.texts(self._store.live_chunks(until)))

    def _indexed_in(self, folder: Path, live: Keys) -> LexicalIndex:
        """An index of all words of these chunks, in a new folder within `folder`."""
        new = _new_in(folder)
        try:
            index = LexicalIndex(new)
            index.update((), self._store.texts(live))
        except BaseException:
            shutil.rmtree(new, ignore_errors=True)
            raise
        return index

    # --- what is on the disk ---------------------------------------------------------------------

    def _damage(self, known: Content, generation: int) -> str:
        """What is wrong with the folder that the manifest names; "" when it is whole."""
        folder = self._folder / known["lexical"]["folder"]
        if not folder.exists():
            return "it was missing"
        expected = known["lexical"]["files"]
        if known["generation"] != generation:
            # A writer was cut off between commit and manifest: a merge may have taken old segments
            # away. Those that are there must be whole; the count of documents tells the rest.
            expected = {
                name: digest
                for name, digest in expected.items()
                if name.endswith(_IMMUTABLE) and (folder / name).exists()
            }
        found = self._digests_in(folder)
        whole = all(found.get(name) == digest for name, digest in expected.items())
        return "" if whole else "it was damaged"

    def _digests_in(self, folder: Path) -> Digests:
        """SHA-256 of each file. Those of segments never change: they are read once in a process."""
        digests = {}
        for path in sorted(folder.iterdir()):
            if path.name.endswith((".lock", ".tmp")) or path.name == ".managed.json":
                continue
            known = self._digests.get(path.name)
            if known is None or not path.name.endswith(_IMMUTABLE):
                known = sha256(path)
            digests[path.name] = known
        self._digests = digests
        return digests

    def size(self) -> int:
        """How many bytes the folder has on disk."""
        return sum(map(size, self._index.folder.iterdir()))

    def named(self) -> LexicalContent:
        """The entry of the folder in the manifest."""
        return {"folder": self.name, "files": self._digests_in(self._index.folder)}

    def sweep(self) -> None:
        """Deletes the other folders of words: who reads them has them open."""
        for path in self._folder.glob("lexical-*"):
            if path.name != self.name:
                shutil.rmtree(path, ignore_errors=True)

    # --- compaction ------------------------------------------------------------------------------

    def is_stale(self, live: int) -> bool:
        """Whether too many chunks have gone for the scores to be right, where `live` are left."""
        return _is_stale(self._index, live)

    def indexed_anew(self, building: Path, generation: int) -> LexicalIndex:
        """An index of all words of a generation, within `building`; this one stays as it is."""
        return self._indexed_in(building, self._store.live_chunks(generation))

    def put_in_place(self, new: LexicalIndex, since: int, until: int) -> LexicalSearcher | None:
        """Replaces the folder by `new`, made at generation `since`, and brings that to `until`.

        Gives None, and does nothing, when the store no longer knows what went out since.
        """
        if since < self._store.purged_to():
            return None
        changes = self._store.changes(since, until)
        new.update(changes.removed.tolist(), self._store.texts(changes.added))
        folder = self._folder / new.folder.name
        new.folder.replace(folder)
        self._index = LexicalIndex(folder)
        return self._index.searcher()


def _is_stale(index: LexicalIndex, live: int) -> bool:
    return index.taken_out() > STALE_SHARE * max(0, live - SMALL_CHUNKS)


def _new_in(folder: Path) -> Path:
    """A folder of words that is not there yet."""
    return folder / f"lexical-{uuid.uuid4().hex[:12]}"


def _linked(folder: Path, links: Path) -> Path:
    """Makes the folder `links`, of links to the files of `folder`."""
    links.mkdir()
    for path in folder.iterdir():
        if path.name.endswith(".json"):  # these are written anew when it is caught up with
            shutil.copyfile(path, links / path.name)
        elif not path.name.endswith(".lock"):
            linked(path, links / path.name)
    return links
