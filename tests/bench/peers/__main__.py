"""The race: txtai, chroma, haystack, llama-index and Footnote on the same passages and weights.

    .venv/bin/python -m tests.bench.peers [--rounds 3] [--passages 1500] [--plot FILE] [--json FILE]

Each round runs every contestant once, in an order that rotates, in fresh processes over an empty
folder. Prints medians over the rounds. The peers are installed into `.peers/`, each into an
environment of its own, the first time. Linux only: it reads /proc.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

from embeddings.minilm.package_files import verified_folder
from tests.bench.peers import data, environments
from tests.bench.peers.entrants import ENTRANTS, Entrant
from tests.bench.peers.plot import draw
from tests.bench.peers.processes import spent_elsewhere
from tests.bench.peers.race import Race
from tests.bench.peers.table import notes, table

ROOT = Path(__file__).resolve().parents[3]
SCIFACT = ROOT.parent / "shared" / "data" / "retrieval" / "scifact"


def main() -> None:
    options = _options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that child processes end too
    entrants = [e for e in ENTRANTS if not options.only or e.name in options.only]
    if not options.data.is_dir():
        raise SystemExit(f"{options.data} is not there: name a judged set in BEIR layout by --data")
    peers = [entrant.name for entrant in entrants if entrant.name != "footnote"]
    pythons = {"footnote": Path(sys.executable)} | environments.prepare(peers, options.home)
    rounds: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory(prefix="race-") as temporary:
        passages = data.prepare(options.data, options.passages, Path(temporary))
        print(_heading(passages), flush=True)
        for number in range(options.rounds):
            rounds.append(_round(number, entrants, pythons, passages, options, Path(temporary)))
            _write(options.json, rounds, passages)
    print("\n".join(["", table(rounds), "", *notes(rounds)]))
    if options.plot:
        draw(rounds, options.plot)


def _round(
    number: int,
    entrants: list[Entrant],
    pythons: dict[str, Path],
    passages: data.Data,
    options: argparse.Namespace,
    temporary: Path,
) -> dict[str, Any]:
    """way -> figures, in the order of the table whatever the order of the race."""
    figures: dict[str, Any] = {way: {} for entrant in entrants for way in entrant.ways}
    first = number % len(entrants)
    for entrant in entrants[first:] + entrants[:first]:
        started = time.perf_counter()
        with tempfile.TemporaryDirectory(dir=temporary) as folder:
            race = Race(
                entrant,
                pythons[entrant.name],
                verified_folder(),
                passages,
                Path(folder) / entrant.name,
                options.seconds,
            )
            before = spent_elsewhere()
            error = _failure(race)
            took = time.perf_counter() - started
            more = {"elsewhere": (spent_elsewhere() - before) / took, **error}
        figures |= {way: row | more for way, row in race.figures.items()}
        said = "failed: " + error["error"] if error else "done"
        print(f"round {number + 1}: {entrant.name} {said} ({took:.0f} s)", flush=True)
    return figures


def _failure(race: Race) -> dict[str, str]:
    """Runs it; why it failed, if it did: the others go on."""
    try:
        race.run()
    except Exception as error:  # of any library there is
        return {"error": f"{type(error).__name__}: {error}"}
    return {}


def _heading(passages: data.Data) -> str:
    return (
        f"{passages.count} passages, {len(passages.questions)} questions; {_processor()}, "
        f"{os.cpu_count()} cores, Python {platform.python_version()}, {date.today()}"
    )


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    names = [line.partition(": ")[2] for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _write(file: Path | None, rounds: list[dict[str, Any]], passages: data.Data) -> None:
    """After each round, so that nothing is lost when a later one is stopped."""
    if file:
        content = {"heading": _heading(passages), "command": sys.argv[1:], "rounds": rounds}
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(content, indent=1) + "\n")


def _options() -> argparse.Namespace:
    names = [entrant.name for entrant in ENTRANTS]
    parser = argparse.ArgumentParser(prog="tests.bench.peers", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--passages", type=int, default=1500)
    parser.add_argument("--seconds", type=float, default=6.0, help="of each load over HTTP")
    parser.add_argument("--only", nargs="+", choices=names, help="these contestants alone")
    parser.add_argument("--plot", type=Path, help="a .svg or .png to write")
    parser.add_argument("--json", type=Path, help="every figure of every round")
    parser.add_argument("--home", type=Path, default=ROOT / ".peers", help="environments of peers")
    parser.add_argument("--data", type=Path, default=SCIFACT, help="a folder in BEIR layout")
    return parser.parse_args()


if __name__ == "__main__":
    main()
