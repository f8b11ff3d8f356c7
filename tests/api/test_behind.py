"""A server that does not show what is stored says so: how far it is behind, and for how long."""

from __future__ import annotations

import time

from qa.api.running_service import BEHIND_SECONDS
from qa.storage.lag import LagClock
from tests.api.conftest import PILOTS, Footnote
from tests.api.test_own_writes import nothing_followed, stored_by_another


def metrics(footnote: Footnote) -> dict[str, float]:
    lines = footnote.get("/metrics").text.splitlines()
    return {line.split()[0]: float(line.split()[1]) for line in lines if line[0] != "#"}


def test_readiness_is_red_while_a_change_waits_and_green_once_it_is_shown(
    footnote: Footnote,
) -> None:
    footnote.add(**PILOTS)
    with nothing_followed(footnote):
        stored_by_another(footnote)
        until = time.monotonic() + 60
        while (red := footnote.get("/health/ready")).status_code == 200:
            assert time.monotonic() < until
            time.sleep(0.05)
        told, status = metrics(footnote), footnote.get("/v1/status").json()
        assert footnote.ask("ships")["index"]["generation"] == 1  # it answers all the same
    assert red.json()["code"] == "behind"
    assert red.json()["detail"].startswith(
        "this server shows generation 1 and 2 is stored: a change has waited for "
    )
    names = ("ready", "generation", "stored_generation", "behind")
    assert [told[f"footnote_{name}"] for name in names] == [0, 1, 2, 1]
    assert told["footnote_behind_seconds"] > BEHIND_SECONDS
    assert [status[name] for name in ("generation", "stored", "behind")] == [1, 2, 1]
    while footnote.get("/health/ready").status_code != 200:
        assert time.monotonic() < until
        time.sleep(0.05)
    assert footnote.get("/health/ready").json()["behind"] == 0


def test_who_keeps_up_with_steady_writing_is_never_long_behind() -> None:
    now = [0.0]
    clock = LagClock(lambda: now[0])
    longest = 0.0
    for tick in range(1_000):  # ten changes a second, caught up with every half second
        now[0] = tick / 10
        longest = max(longest, clock.note(shown=tick // 5 * 5, stored=tick).behind_seconds)
    assert longest < 0.6


def test_who_does_not_keep_up_is_behind_for_as_long_as_the_oldest_change_waits() -> None:
    now = [0.0]
    clock = LagClock(lambda: now[0])
    seconds = []
    for now[0], shown, stored in (
        (0, 4, 4),
        (1, 4, 5),
        (3, 4, 9),
        (6, 5, 9),
        (8, 5, 10),
        (9, 10, 10),
    ):
        seconds.append(clock.note(shown, stored).behind_seconds)
    assert seconds == [0.0, 0.0, 2.0, 0.0, 2.0, 0.0]
    assert clock.note(10, 10).behind == 0
