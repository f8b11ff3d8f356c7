"""The program where a system lacks what only some have, and the one place that asks for it."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from qa import system

ROOT = Path(__file__).parents[1]
SEEDS = ROOT / "seeds"
# As Python is on Windows, less the rest of Windows.
BARE = """
import importlib.machinery as machinery, os, select, signal, sys
class Finder(machinery.PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        missing = name in {"fcntl", "uvloop", "resource"}
        return None if missing else super().find_spec(name, path, target)
import multiprocessing, subprocess, tempfile, uuid, zoneinfo
sys.meta_path[:] = [Finder if one is machinery.PathFinder else one for one in sys.meta_path]
for name in ("fcntl", "resource"):
    sys.modules.pop(name, None)
for module, name in (
    (select, "poll"), (os, "statvfs"), (os, "sched_getaffinity"), (os, "fork"),
    (signal, "SIGXCPU"),
):
    delattr(module, name)
"""


@pytest.fixture
def bare(tmp_path: Path) -> Callable[..., str]:
    """Gives what some code prints in a process that lacks all of that, as those it starts do."""
    site = tmp_path / "site"
    site.mkdir()
    (site / "sitecustomize.py").write_text(BARE, "utf-8")
    paths = os.pathsep.join([str(site), str(ROOT), os.environ.get("PYTHONPATH", "")])

    def run(code: str, *arguments: str) -> str:
        command = [sys.executable, "-c", code, *arguments]
        environment = {**os.environ, "PYTHONPATH": paths}
        ran = subprocess.run(command, capture_output=True, text=True, env=environment)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    return run


@pytest.mark.slow
def test_where_much_is_missing_articles_are_added_and_asked(
    bare: Callable[..., str], tmp_path: Path
) -> None:
    qa = "import sys; sys.argv[0] = 'qa'; from qa.cli import main; main()"
    data = ("--data", str(tmp_path / "data"), "--json")
    page = tmp_path / "page.html"
    page.write_text("<title>Ports</title><p>The harbour pilot boards at dawn in Lund.</p>", "utf-8")
    added = json.loads(bare(qa, "add", str(SEEDS), str(page), *data))
    again = json.loads(bare(qa, "add", str(SEEDS), *data))
    answer = json.loads(bare(qa, "ask", "Who boards at dawn?", *data))

    assert (added["counts"]["added"], again["counts"]["unchanged"]) == (6, 5)
    assert answer["passages"][0]["article_id"] == "page"
    assert answer["answer"]["text"] == "The harbour pilot boards at dawn in Lund."


@pytest.mark.slow
def test_where_much_is_missing_the_service_answers_and_two_do_not_write_at_once(
    bare: Callable[..., str], tmp_path: Path
) -> None:
    code = """
import sys, time
from pathlib import Path
from fastapi.testclient import TestClient
from qa import system
from qa.api import create_app
from qa.settings import Settings

data = Path(sys.argv[1])
lock = data / "some.lock"
data.mkdir()
let_go = system.locked(lock)
print(system.locked(lock, 0), system.fcntl, system.resource, system.open_files())
let_go()
print(callable(again := system.locked(lock, 0)))
again()
in_folder = system.locked(data, 0)
print(system.locked(data, 0))
in_folder()
app = create_app(Settings(data=data / "corpus", model="hash"))
with TestClient(app, base_url="http://localhost") as client:
    for _ in range(600):
        if client.get("/health/ready").status_code == 200:
            break
        time.sleep(0.1)
    article = {"id": "a", "text": "The pilot boards."}
    print(client.post("/v1/articles", json=article).status_code)
    print(client.post("/v1/ask", json={"question": "pilot"}).json()["passages"][0]["text"])
"""
    assert bare(code, str(tmp_path / "data")).splitlines() == [
        *("None None None None", "True", "None", "201", "The pilot boards.")
    ]


def imported(path: Path) -> Iterator[str]:
    """The names of the packages that a module imports."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").split(".")[0]


def test_only_one_module_imports_what_only_some_systems_have() -> None:
    only_some = {"fcntl", "resource", "select", "msvcrt", "winreg", "pwd", "grp", "pty", "uvloop"}
    folders = (ROOT / "qa", ROOT / "embeddings", ROOT / "client" / "src")
    modules = [path for folder in folders for path in folder.rglob("*.py")]
    found = [str(path.relative_to(ROOT)) for path in modules if only_some & {*imported(path)}]

    assert found == ["qa/system.py"]


@pytest.mark.parametrize("name", ["file", "folder"])
def test_a_lock_has_one_holder_and_is_free_when_it_is_let_go(tmp_path: Path, name: str) -> None:
    path = tmp_path if name == "folder" else tmp_path / name
    let_go = system.locked(path, 0)
    assert let_go is not None
    assert system.locked(path, 0.01) is None
    let_go()
    again = system.locked(path)
    assert again is not None
    again()


def test_no_name_of_a_file_is_one_that_windows_refuses() -> None:
    run = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    names = [Path(name) for name in run.stdout.decode().split("\0") if name]
    reserved = {"con", "prn", "aux", "nul"} | {f"{d}{n}" for d in ("com", "lpt") for n in range(10)}

    assert len(names) > 700
    assert [p for p in names if {part.split(".")[0].lower() for part in p.parts} & reserved] == []
    assert [p for p in names if set('<>:"|?*\\') & set(str(p)) or str(p).endswith((".", " "))] == []
    assert len({str(p).casefold() for p in names}) == len(names)
