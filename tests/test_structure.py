"""One name, one thing: no two files and no two classes of the product are called the same.

And what shows results imports no other way of showing them, nor what it has no need of.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from qa.cli.commands import COMMANDS

ROOT = Path(__file__).resolve().parents[1]
FILES = sorted(path for room in ("qa", "embeddings") for path in (ROOT / room).rglob("*.py"))
# What every folder may have, and says the same in each: what it gives, and the nouns it speaks in.
IN_EVERY_FOLDER = ("__init__.py", "types.py")


def classes(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ClassDef):
            yield node.name


def twice(named: list[tuple[str, Path]]) -> dict[str, list[str]]:
    places = defaultdict(list)
    for name, path in named:
        places[name].append(str(path.relative_to(ROOT)))
    return {name: found for name, found in places.items() if len(found) > 1}


def test_no_two_files_have_one_name() -> None:
    found = twice([(path.name, path) for path in FILES if path.name not in IN_EVERY_FOLDER])
    assert found == {}


def test_no_two_classes_have_one_name() -> None:
    found = twice([(name, path) for path in FILES for name in classes(path)])
    assert found == {}


@pytest.mark.parametrize(
    "module", ["answers", "articles", "additions", "draft_reports", "paths", "verdicts"]
)
def test_what_is_written_as_json_needs_no_server(module: str) -> None:
    script = f"import sys, qa.schemas.{module}; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    loaded = set(run.stdout.split())
    assert f"qa.schemas.{module}" in loaded
    assert loaded & {"fastapi", "starlette", "uvicorn", "prometheus_client", "qa.api"} == set()


def test_the_list_of_commands_loads_none_of_them() -> None:
    script = "import sys, qa.cli; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert set(run.stdout.split()) & {"pydantic", "numpy", "qa.corpus", "qa.settings"} == set()


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_of_commands_says_of_each_what_it_says_itself(name: str) -> None:
    said = COMMANDS[name].load().help
    assert COMMANDS[name].help == " ".join(said.partition("\n\n")[0].split())
