"""Embeds anew what is stored: all of it, or what is damaged, within one change."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from qa.errors import CorpusBroken
from qa.passages.prepare import Preparer, batches
from qa.storage.sql import Store
from qa.storage.sql.writes import Change
from qa.types import Document

Progress = Callable[[int, int], None]


def embed_all(store: Store, change: Change, preparer: Preparer, progress: Progress) -> None:
    """Embeds every article anew. Raises CorpusBroken for one that is damaged."""
    _insert(store, change, preparer, change.retire_all(), progress)


def embed_damaged(store: Store, change: Change, preparer: Preparer, progress: Progress) -> int:
    """Makes anew what was made from articles and is damaged; gives how many articles that were.

    An article that is damaged itself stays as it is: nothing could be made of it.
    """
    chunks, articles = store.damaged()
    keys = [key for key in articles if _is_whole(store, key)]
    if keys:
        change.retire_damaged(keys, chunks)
        _insert(store, change, preparer, keys, progress)
    return len(keys)


def _is_whole(store: Store, key: int) -> bool:
    try:
        store.document(key)
    except CorpusBroken:
        return False
    return True


def _insert(
    store: Store, change: Change, preparer: Preparer, keys: Sequence[int], progress: Progress
) -> None:
    done = 0
    for batch in batches(store.document(key) for key in keys):
        documents = [item for item in batch if isinstance(item, Document)]
        for entry in preparer.entries(documents, anew=True):
            change.insert(entry)
        done += len(batch)
        progress(done, len(keys))
    change.keep_dates()
