"""Trains the packaged reader and writes its weights into embeddings/reader.

    .venv/bin/python -m tests.bench.training.reader FOLDER [--steps N] [--device cuda] [--from FILE]

Needs the data beside the project. In FOLDER lie the corpora that hard negatives are drawn from, the
examples, and the state after every hundredth step: cut off, the command goes on from there. Two
hours on two cores, minutes on a GPU. With `--from` it begins with the weights in FILE instead of
the trunk's, such as those that are shipped. `--device` takes what torch knows.
"""

from __future__ import annotations

import sys
from itertools import islice
from pathlib import Path

from tests.bench.training.reader.examples import read
from tests.bench.training.reader.export import SAMPLES, export
from tests.bench.training.reader.prepare import prepare
from tests.bench.training.reader.train import Plan, train

STEPS = 2200


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    examples = folder / "examples.jsonl"
    if not examples.exists():
        prepare(examples, folder / "corpora")
    begin = _option("--from", "")
    plan = Plan(
        examples,
        folder / "state",
        int(_option("--steps", str(STEPS))),
        device=_option("--device", "cpu"),
        begin=Path(begin) if begin else None,
    )
    train(plan)
    print("SHA-256", export(plan.weights(plan.steps), list(islice(read(examples), SAMPLES))))


def _option(name: str, default: str) -> str:
    return sys.argv[sys.argv.index(name) + 1] if name in sys.argv else default


if __name__ == "__main__":
    main()
