"""Embedding what is stored anew: all of it, or what is damaged. Inside a transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from qa.errors import CorpusBroken
from qa.passages.prepare import Preparer, batches
from qa.storage.sqlite import Store
from qa.types import Document

Progress = Callable[[int, int], None]


def embed_all(store: Store, preparer: Preparer, progress: Progress) -> None:
    """Puts every article in the place of itself. Raises CorpusBroken for one that is damaged."""
    generation = store.next_generation()
    _insert(store, preparer, store.retire_all(generation), generation, progress)


def embed_damaged(store: Store, preparer: Preparer, progress: Progress) -> int:
    """Makes anew what was made from articles and is no longer that; of how many articles.

    An article that is damaged itself stays as it is: nothing could be made of it.
    """
    chunks, places = store.derived_damage()
    keys = [key for key in store.affected(chunks, places) if _is_whole(store, key)]
    if not keys:
        return 0
    generation = store.next_generation()
    store.retire_damaged(keys, chunks, generation)
    _insert(store, preparer, keys, generation, progress)
    store.retire_orphans(generation)
    return len(keys)


def _is_whole(store: Store, key: int) -> bool:
    try:
        store.document(key)
    except CorpusBroken:
        return False
    return True


def _insert(
    store: Store, preparer: Preparer, keys: Sequence[int], generation: int, progress: Progress
) -> None:
    done = 0
    for batch in batches(store.document(key) for key in keys):
        documents = [item for item in batch if isinstance(item, Document)]
        for entry in preparer.entries(documents, anew=True):
            store.insert(entry, generation)
        done += len(batch)
        progress(done, len(keys))
    store.keep_dates(generation)
