"""A corpus carried from one place to another: between a folder and a database, both ways.

Cut off at any point, the same copy goes on where it stopped: what is there already is compared and
not carried again, and until all of it is there nobody can open it. An earlier copy is brought up
to date in one transaction, so that its readers see the old state or the new one.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass

from qa.errors import CorpusBroken, InvalidInput
from qa.storage.copy_refusals import holding, refuse_itself, refuse_others
from qa.storage.place import CorpusPlace
from qa.storage.sql import copied_rows
from qa.storage.sql.copied_rows import (
    ARTICLES,
    CHUNKS,
    KINDS,
    Item,
    Kind,
    Row,
    digest_of,
    sized,
)
from qa.storage.sql.engine import UNFINISHED, Connection, refuse_unfinished
from qa.storage.sql.job_table import QUEUE_LOCK
from qa.storage.sql.moment import JOBS, Moment
from qa.storage.sql.receiving import Receiver, Step
from qa.storage.sql.seals import REINDEX, damaged

# Is told how many rows are dealt with, of how many, and how many articles are there.
Tell = Callable[[int, int, int], None]
# Acts on what stands on both sides between two keys, ours and theirs; True: it has seen enough.
_Act = Callable[[Connection, Sequence[Row], Sequence[Row]], bool | None]
_COUNTED = (ARTICLES, CHUNKS)  # in the order in which `generations` has them


@dataclass(frozen=True, slots=True)
class Copied:
    """What a copy holds, and how much of it was carried this time."""

    generation: int
    articles: int
    passages: int
    embedded: int
    jobs: int
    articles_carried: int
    embedded_carried: int
    sha256: str  # of every row, compared on both sides


def copy(source: CorpusPlace, target: CorpusPlace, tell: Tell = lambda *_: None) -> Copied:
    """Carries the corpus in `source` to `target`, and compares both row by row in the end.

    The source is read at one moment, whoever writes to it meanwhile. Raises InvalidInput for a
    target that holds something else or is in use, Mismatch for one of another model or chunking,
    CorpusBroken for what is damaged, or is not the same in the end.
    """
    with closing(source.store_alone(read_only=True)) as from_:
        with from_.readable():
            refuse_unfinished(from_.meta(), str(source))
        with (
            closing(target.store_alone(read_only=False)) as to,
            to.exclusive(QUEUE_LOCK) as ours,
        ):
            refuse_itself(from_, to, source)
            if not ours:
                raise InvalidInput(
                    f"a service has {target} open, or another copy goes there: stop it first",
                    code="in_use",
                )
            with from_.moment() as moment, to.readable():
                receiver = to.receiver()
                refuse_others(moment, receiver, source, target)
                return _carried(_Carrying(moment, receiver, target, tell), receiver)


def _carried(carrying: _Carrying, receiver: Receiver) -> Copied:
    """Carries a copy: some rows in each transaction, or all in one for what is a copy already."""
    update = receiver.copied not in (None, UNFINISHED)
    if not update:
        receiver.begin()
    with receiver.steps(at_once=update) as step:
        return carrying.run(step, update=update)


# --- what is carried ---------------------------------------------------------------------------


class _Carrying:
    """One copy, from its beginning to its end."""

    def __init__(self, moment: Moment, receiver: Receiver, target: CorpusPlace, tell: Tell) -> None:
        self._moment, self._receiver = moment, receiver
        self._target, self._tell = target, tell
        self._counted = moment.counted()
        self._step: Step
        self._new: Counter[str] = Counter()  # what was carried, by its kind
        self._there: Counter[str] = Counter()  # what was compared, and the sums of its keys
        self._sha256 = hashlib.sha256()
        self._rows = self._articles = self._wrong = 0

    def run(self, step: Step, *, update: bool) -> Copied:
        """Carries, compares, and makes a corpus of it."""
        self._step = step
        if update:
            self._refuse_unrelated()
        for kind in reversed(KINDS):
            self._drop_surplus(kind)
        for kind in KINDS:
            self._carry(kind)
        for kind in KINDS:
            self._compare(kind)
        if self._wrong:
            raise self._differs(f"{self._wrong} of what was carried")
        return self._finished()

    def _walk(self, kind: Kind, act: _Act) -> None:
        """Goes through both sides by their keys, some hundred at a time, each in a step."""
        after: int | None = 0
        while after is not None:
            ours = self._moment.page(kind, after)
            with self._step() as db:
                theirs = self._receiver.page(db, kind, after)
                full = [
                    rows[-1][0] for rows in (ours, theirs) if len(rows) == copied_rows.MOST_ROWS
                ]
                after = min(full, default=None)
                if act(db, _until(ours, after), _until(theirs, after)):
                    return
            self._tell(self._rows, self._total, self._articles)

    @property
    def _total(self) -> int:
        """How many rows are carried and compared."""
        return 2 * (self._counted[2] + self._counted[4]) if self._counted else 0

    def _refuse_unrelated(self) -> None:
        """Raises InvalidInput for an earlier copy of what has no article in common with this."""
        found = [False, True]  # something in common; nothing there

        def look(db: Connection, ours: Sequence[Row], theirs: Sequence[Row]) -> bool:
            found[:] = [bool(set(ours) & set(theirs)), found[1] and not theirs]
            return found[0]

        self._walk(ARTICLES, look)
        if not any(found):
            raise holding(self._target, "a copy of other articles")

    def _drop_surplus(self, kind: Kind) -> None:
        def drop(db: Connection, ours: Sequence[Row], theirs: Sequence[Row]) -> None:
            self._receiver.drop(db, kind, [row[0] for row in set(theirs) - set(ours)])

        self._walk(kind, drop)

    def _carry(self, kind: Kind) -> None:
        def carry(db: Connection, ours: Sequence[Row], theirs: Sequence[Row]) -> None:
            there = set(theirs)
            for keys in sized([row for row in ours if row not in there]):
                self._receiver.insert(db, kind, self._moment.items(kind, keys))
                self._new[kind.name] += len(keys)
            self._articles += len(ours) if kind is ARTICLES else 0
            self._rows += len(ours) if kind in _COUNTED else 0

        self._walk(kind, carry)

    def _compare(self, kind: Kind) -> None:
        def compare(db: Connection, ours: Sequence[Row], theirs: Sequence[Row]) -> None:
            wrong = {row[0] for row in set(theirs) - set(ours)}
            for keys in sized(ours):
                mine = self._moment.items(kind, keys, checked=False)
                for own, other in zip(mine, self._receiver.items(db, kind, keys), strict=True):
                    self._note(kind, own)
                    if own.digest != other.digest:
                        wrong.add(own.key)
            self._receiver.drop(db, kind, list(wrong))  # so that the same copy carries it again
            self._wrong += len(wrong)
            self._rows += len(ours) if kind in _COUNTED else 0

        self._walk(kind, compare)

    def _note(self, kind: Kind, item: Item) -> None:
        self._sha256.update(item.digest)
        self._there[kind.name] += 1
        self._there[f"keys of {kind.name}"] += item.key
        if kind is ARTICLES:
            self._there["passages"] += len(item.rows[-1])

    def _finished(self) -> Copied:
        """Brings the bulk additions, and makes a corpus of what is there."""
        self._refuse_lost()
        with self._step() as db:
            jobs = {row[0] for table, row in self._moment.jobs() if table is JOBS}
            if self._receiver.job_ids(db) - jobs:
                raise holding(self._target, "bulk additions of its own")
            self._receiver.replace_jobs(db, self._moment.jobs())
            ours = digest_of(row for _, row in self._moment.jobs())
            if ours != digest_of(row for _, row in self._receiver.jobs(db)):
                raise self._differs("a bulk addition")
            self._receiver.finish(db, self._moment.meta, self._counted)
        self._sha256.update(ours)
        there, new = self._there, self._new
        return Copied(
            generation=self._moment.generation,
            articles=there["articles"],
            passages=there["passages"],
            embedded=there["chunks"],
            jobs=len(jobs),
            articles_carried=new["articles"],
            embedded_carried=new["chunks"],
            sha256=self._sha256.hexdigest(),
        )

    def _refuse_lost(self) -> None:
        """Raises CorpusBroken when the source has not all that its generation had."""
        for number, kind in enumerate(_COUNTED):
            found = (self._there[kind.name], self._there[f"keys of {kind.name}"])
            if self._counted and found != self._counted[2 + 2 * number : 4 + 2 * number]:
                raise damaged(f"the {kind.name} that are live are", REINDEX)

    def _differs(self, what: str) -> CorpusBroken:
        return CorpusBroken(
            f"{what} is not in {self._target} as it was read: give the same `qa copy` again, which "
            "carries it once more, and look after the disks when it says so again",
            code="copy_differs",
        )


def _until(rows: Sequence[Row], last: int | None) -> list[Row]:
    return [row for row in rows if last is None or row[0] <= last]
