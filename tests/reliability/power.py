"""Power cuts: articles are written to a disk that then forgets whatever was not synced.

    python -m tests.reliability.power [--cuts 60] [--seed 1] [--share 0 0.5 0.9]

A process adds, replaces and removes articles on a file system of `dropping`, and says so once each
change is acknowledged. In the midst of it the power is cut. From what the disk holds, the corpus is
opened again: every acknowledged change must be there, exactly, and its integrity in order.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from embeddings import HashEncoder
from qa import Corpus
from qa.errors import NotFound
from qa.types import Article, Document

IDS = 40
_READY_SECONDS = 20

State = str | None  # the text of an article; None: there is none


@dataclass(slots=True)
class Told:
    """What the writer has promised of each article, and what it was about to do."""

    acknowledged: dict[str, State] = field(default_factory=dict)
    begun: dict[str, State] = field(default_factory=dict)
    changes: int = 0

    def hear(self, line: str) -> None:
        what, id_, text = json.loads(line)
        if what == "begun":
            self.begun[id_] = text
        else:
            self.acknowledged[id_] = self.begun.pop(id_)
            self.changes += 1

    def allows(self, id_: str, found: State) -> bool:
        return found == self.acknowledged.get(id_) or (
            id_ in self.begun and found == self.begun[id_]
        )


def available() -> str:
    """Why there is no such file system here; empty when there is one."""
    try:
        import mfusepy  # noqa: F401
    except (ImportError, OSError) as error:
        return f"mfusepy or libfuse is missing: {error}"
    if not shutil.which("fusermount3") and not shutil.which("fusermount"):
        return "fusermount is missing"
    return "" if os.access("/dev/fuse", os.R_OK | os.W_OK) else "/dev/fuse cannot be used"


def cut_once(state: Path, after: Path, told: Told, chance: random.Random, share: float) -> None:
    """Goes on writing from `state`; leaves what the disk holds after a cut in `after`."""
    with tempfile.TemporaryDirectory(prefix="dropping-") as folder:
        mount = Path(folder)
        disk = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "tests.reliability.dropping", mount, state]
        )
        try:
            _wait_for_mount(mount)
            _write_until_cut(mount, after, told, chance, share)
        finally:
            disk.kill()
            disk.wait()
            subprocess.run(["umount", "-l", mount], check=False)


def _write_until_cut(
    mount: Path, after: Path, told: Told, chance: random.Random, share: float
) -> None:
    seed, until = chance.randrange(1 << 30), told.changes + chance.randint(1, 40)
    command = [sys.executable, "-m", "tests.reliability.power", "--write", str(mount), str(seed)]
    quiet = subprocess.DEVNULL  # it ends with a traceback: the disk is gone
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=quiet, text=True) as writer:
        assert writer.stdout
        for line in writer.stdout:
            told.hear(line)
            if told.changes >= until:
                break
        time.sleep(chance.uniform(0, 0.05))
        with suppress(OSError):  # the answer may come from a file system that has ended
            (mount / ".cut").write_text(f"{share} {seed} {after}")
        writer.kill()
        for line in writer.stdout:
            with suppress(ValueError):  # cut off with its writer
                told.hear(line)


def verify(folder: Path, told: Told) -> list[str]:
    """What is wrong after the cut; and from here on, what was found counts as promised."""
    with Corpus.open(folder, encoder=HashEncoder()) as corpus:
        wrong = corpus.problems()
        for id_ in map(_id, range(IDS)):
            found = _text(corpus, id_)
            if not told.allows(id_, found):
                wrong.append(f"{id_}: {found!r}, promised {told.acknowledged.get(id_)!r}")
            told.acknowledged[id_] = found
    told.begun.clear()
    return wrong


def write(folder: Path, seed: int) -> None:
    """Changes the corpus without end, and says what it does before and after."""
    chance = random.Random(seed)
    with Corpus.open(folder, encoder=HashEncoder()) as corpus:
        while True:
            id_ = _id(chance.randrange(IDS))
            text = _story(id_, chance) if chance.random() < 0.75 else None
            _say("begun", id_, text)
            if text is None:
                corpus.remove([id_])
            else:
                raw = text.encode()
                corpus.add_batch([Document(Article(id_, text), raw, "text/plain", size=len(raw))])
            _say("done", id_, None)


def trial(cuts: int, seed: int, shares: list[float]) -> int:
    """How many cuts left something wrong; each is printed."""
    chance, told, bad = random.Random(seed), Told(), 0
    with tempfile.TemporaryDirectory(prefix="power-") as folder:
        state = Path(folder) / "0"
        state.mkdir()
        for number in range(1, cuts + 1):
            after = Path(folder) / str(number)
            after.mkdir()
            share = shares[number % len(shares)]
            cut_once(state, after, told, chance, share)
            if wrong := verify(after, told):
                bad += 1
                print(f"cut {number} ({share:.0%} of the unsynced kept): {wrong[:5]}", flush=True)
            shutil.rmtree(state)
            state = after
    print(f"{cuts} cuts, {told.changes} acknowledged changes, {bad} cuts with something wrong")
    return bad


def _wait_for_mount(mount: Path) -> None:
    until = time.monotonic() + _READY_SECONDS
    while not mount.is_mount():
        assert time.monotonic() < until, "the file system did not come up"
        time.sleep(0.01)


def _say(what: str, id_: str, text: State) -> None:
    print(json.dumps([what, id_, text]), flush=True)


def _id(number: int) -> str:
    return f"story-{number:02}"


def _story(id_: str, chance: random.Random) -> str:
    count = chance.randint(1, 60)
    years = (f"In {chance.randint(1600, 2020)} {id_} was told again." for _ in range(count))
    return " ".join(years)


def _text(corpus: Corpus, id_: str) -> State:
    try:
        return corpus.article(id_).article.text
    except NotFound:
        return None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cuts", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--share", type=float, nargs="+", default=[0.0, 0.5, 0.9])
    parser.add_argument("--write", nargs=2, metavar=("FOLDER", "SEED"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.write:
        write(Path(given.write[0]), int(given.write[1]))
    if reason := available():
        sys.exit(reason)
    sys.exit(bool(trial(given.cuts, given.seed, given.share)))


if __name__ == "__main__":
    main()
