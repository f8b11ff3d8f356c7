"""Where a copy may not go: what is said, and what mends it."""

from __future__ import annotations

from qa.errors import InvalidInput, Mismatch
from qa.storage.fingerprint import stamp_in
from qa.storage.place import CorpusPlace
from qa.storage.sql import Store
from qa.storage.sql.engine import UNFINISHED
from qa.storage.sql.moment import Moment
from qa.storage.sql.receiving import Receiver


def refuse_itself(source: Store, target: Store, place: CorpusPlace) -> None:
    """Raises InvalidInput when both are one corpus."""
    # Two databases may have one identity, where PostgreSQL does not tell that of its system.
    if source.identity() == target.identity() and source.meta() == target.meta():
        raise InvalidInput(f"{place} would be copied onto itself: name another place")


def refuse_others(
    moment: Moment, receiver: Receiver, source: CorpusPlace, target: CorpusPlace
) -> None:
    """Raises InvalidInput or Mismatch for a target that is no place for this copy."""
    copied = receiver.copied
    if copied == UNFINISHED:  # nobody's yet
        return
    if copied is None and receiver.is_used():
        raise holding(target, "articles or bulk additions of its own")
    if copied is not None and not receiver.is_as_copied:
        raise holding(target, "a copy that was changed since")
    if copied is not None and copied > moment.generation:
        raise holding(target, f"a copy of a later state than {source} has")
    if "encoder" in receiver.meta:
        ours, theirs = stamp_in(moment.meta), stamp_in(receiver.meta)
        differs = [name for name in ours if ours[name] != theirs[name]]
        if differs:
            said = ", ".join(f"{name} {ours[name]!r} and {theirs[name]!r}" for name in differs)
            raise Mismatch(
                f"{source} and {target} are of another model, or cut in another way ({said}): "
                "name a folder or a database that is empty",
                code="chunking_mismatch" if differs == ["chunking"] else "encoder_mismatch",
            )


def holding(target: CorpusPlace, what: str) -> InvalidInput:
    """The error for a place that holds something else than this copy, and is left alone."""
    return InvalidInput(
        f"{target} holds {what}: name a folder or a database that is empty", code="not_empty"
    )
