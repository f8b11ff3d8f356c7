"""The power fails: a disk that forgets what was not synced has every acknowledged change."""

import random
import stat
from pathlib import Path

import pytest

from tests.reliability import power

pytestmark = pytest.mark.skipif(bool(power.available()), reason=power.available() or "FUSE")


@pytest.fixture
def dropping(tmp_path: Path):
    from tests.reliability.dropping import Dropping

    state = tmp_path / "state"
    state.mkdir()
    (state / "old").write_bytes(b"as it was")
    return Dropping(state)


def after_cut(disk, folder: Path, share: float = 0.0) -> dict[str, bytes]:
    """What the disk holds, by name."""
    folder.mkdir(exist_ok=True)
    disk.write("/.cut", f"{share} 1 {folder}".encode(), 0, 0)
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_disk_forgets_what_was_not_synced(dropping, tmp_path):
    dropping.write("/old", b"never synced", 0, 0)
    assert dropping.read("/old", 99, 0, 0) == b"never synced"
    assert after_cut(dropping, tmp_path / "after") == {"old": b"as it was"}


def test_the_disk_keeps_what_was_synced(dropping, tmp_path):
    dropping.write("/old", b"synced   ", 0, 0)
    dropping.fsync("/old", 0, 0)
    dropping.truncate("/old", 2)
    assert after_cut(dropping, tmp_path / "after") == {"old": b"synced   "}


def test_a_name_is_forgotten_until_its_folder_is_synced(dropping, tmp_path):
    dropping.create("/new", stat.S_IFREG | 0o644)
    dropping.write("/new", b"content", 0, 0)
    dropping.fsync("/new", 0, 0)
    dropping.rename("/old", "/older")
    assert after_cut(dropping, tmp_path / "after") == {"old": b"as it was"}


def test_names_change_in_order_once_their_folder_is_synced(dropping, tmp_path):
    dropping.rename("/old", "/older")
    dropping.fsyncdir("/", 0, 0)
    dropping.unlink("/older")
    assert after_cut(dropping, tmp_path / "after") == {"older": b"as it was"}


@pytest.mark.slow
@pytest.mark.parametrize("share", [0.0, 0.7])
def test_whatever_was_acknowledged_survives_power_cuts(tmp_path, share):
    """Four cuts, each in the midst of changes to what the one before left."""
    chance, told, state = random.Random(7), power.Told(), tmp_path / "0"
    state.mkdir()
    for number in range(1, 5):
        after = tmp_path / str(number)
        after.mkdir()
        power.cut_once(state, after, told, chance, share)
        assert power.verify(after, told) == []
        state = after
    assert told.changes > 20
