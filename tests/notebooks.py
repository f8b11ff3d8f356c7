"""The notebooks in the documents: their cells are run in turn, and print what is stored in them.

    python -m tests.notebooks            # says which print something else by now
    python -m tests.notebooks --write    # stores what the cells print

They are run by Python itself, each in a process of its own: Jupyter would be hundreds of packages,
and the cells hold nothing but Python.
"""

from __future__ import annotations

import ast
import contextlib
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((ROOT / "docs" / "notebooks").glob("*.ipynb"))
Cell = dict[str, Any]


def run(source: str, names: dict[str, Any], count: int) -> list[Cell]:
    """What a cell gives: what it prints, then the value of its last line, as Jupyter stores them.

    >>> run("x = 2\\nprint(x)\\nx * 2", {}, 1)[1]["data"]
    {'text/plain': ['4']}
    """
    tree = ast.parse(source)
    last = tree.body[-1] if tree.body else None
    shown = ast.Expression(last.value) if isinstance(last, ast.Expr) else None
    if shown:
        tree.body.pop()
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(tree, "<cell>", "exec"), names)
        value = eval(compile(shown, "<cell>", "eval"), names) if shown else None
    outputs: list[Cell] = []
    if text := printed.getvalue():
        outputs.append({"name": "stdout", "output_type": "stream", "text": text.splitlines(True)})
    if value is not None:
        data = {"text/plain": repr(value).splitlines(True)}
        result = {"data": data, "execution_count": count, "metadata": {}}
        outputs.append({**result, "output_type": "execute_result"})
    return outputs


def rerun(notebook: Cell) -> Cell:
    """The notebook with what its cells give now."""
    names: dict[str, Any] = {"__name__": "__main__"}
    cells, count = [], 0
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            count += 1
            outputs = run("".join(cell["source"]), names, count)
            cell = {**cell, "execution_count": count, "outputs": outputs}
        cells.append(cell)
    return {**notebook, "cells": cells}


def as_written(notebook: Cell) -> str:
    """As Jupyter writes it, so that it changes nothing when it is saved there."""
    return json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def now(path: Path) -> str:
    """The notebook as it would be stored now, from a process of its own."""
    code = (
        "import json, sys; from tests.notebooks import as_written, rerun;"
        "sys.stdout.write(as_written(rerun(json.load(open(sys.argv[1], encoding='utf-8')))))"
    )
    command = [sys.executable, "-X", "utf8", "-c", code, str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8")
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout


def main() -> None:
    """Compares the notebooks, or stores them anew."""
    for path in NOTEBOOKS:
        written = now(path)
        same = written == path.read_text("utf-8")
        print(f"{path.relative_to(ROOT)}: {'as stored' if same else 'another output'}")
        if not same and "--write" in sys.argv:
            path.write_text(written, "utf-8")


if __name__ == "__main__":
    main()
