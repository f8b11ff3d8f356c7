"""Trains the packaged reader and writes its weights into embeddings/reader.

    .venv/bin/python -m tests.bench.training.reader FOLDER [--device cuda] [--steps N]
        [--layers 6|4|3] [--from FILE] [--teachers FILE,FILE] [--trial]

Needs the data beside the project. In FOLDER lie the corpora that hard negatives are drawn from, the
examples, and states: cut off, the command goes on from the last one. On a GPU it is as the shipped
weights were made: two readers with other seeds, and the mean of their weights; ten minutes. On two
cores one reader on fewer tokens, in two hours. `--from` names weights of six layers to begin with,
of which fewer are taken with `--layers`; `--teachers` weights of readers whose outputs it learns
from besides. Prints how good it is on what was left out; with `--trial` nothing of the package is
changed. `--device` takes what torch knows.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from tests.bench.training.reader.examples import read
from tests.bench.training.reader.export import SAMPLES, export
from tests.bench.training.reader.prepare import prepare
from tests.bench.training.reader.sources import Part
from tests.bench.training.reader.train import Plan, network_of, train
from tests.bench.training.reader.validation import Validation


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    examples, left_out = folder / "examples.jsonl", folder / "left_out.jsonl"
    for path, part in ((examples, Part.TRAINED), (left_out, Part.LEFT_OUT)):
        if not path.exists():
            prepare(path, folder / "corpora", part)
    plans = [_asked(plan) for plan in plans_of(_option("--device", "cpu"), examples, folder)]
    for plan in plans:
        train(plan)
    weights = averaged([plan.weights(plan.steps) for plan in plans], folder / "mean.safetensors")
    network = network_of(plans[0], weights)
    print(json.dumps(Validation(read(left_out), plans[0].device).of(network), indent=1))
    if "--trial" not in sys.argv:
        print("SHA-256", export(weights, list(islice(read(examples), SAMPLES))))


def plans_of(device: str, examples: Path, folder: Path) -> list[Plan]:
    """Two readers that differ in all that is left to chance on a GPU, one elsewhere."""
    if device == "cpu":
        return [Plan(examples, folder / "state", 2200)]
    on_gpu = Plan(
        examples, folder / "first", 3272, 24_000, rate=4e-4, drawn=3, dropped=0.1, device=device
    )
    return [on_gpu, replace(on_gpu, state=folder / "second", steps=2017, drawn=4, seed=2)]


def averaged(paths: Sequence[Path], into: Path) -> Path:
    """Writes the mean of the weights that began alike: it errs less than each of them."""
    all_ = [load_file(path) for path in paths]
    mean = {name: torch.stack([each[name] for each in all_]).mean(0) for name in all_[0]}
    save_file(mean, into)
    return into


def _asked(plan: Plan) -> Plan:
    teachers = tuple(Path(name) for name in _option("--teachers", "").split(",") if name)
    return replace(
        plan,
        steps=int(_option("--steps", str(plan.steps))),
        layers=int(_option("--layers", str(plan.layers))),
        start=Path(start) if (start := _option("--from", "")) else None,
        teachers=teachers,
    )


def _option(name: str, default: str) -> str:
    return sys.argv[sys.argv.index(name) + 1] if name in sys.argv else default


if __name__ == "__main__":
    main()
