"""What is built to be installed: nothing is missing from it, nothing is in it that is not meant."""

from __future__ import annotations

import email
import json
import os
import shutil
import socket
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path

import pytest

pytest.importorskip("build", reason="what builds is not installed: make dev")

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.slow


def tracked(*folders: str) -> set[str]:
    """The files of these folders that the repository has."""
    command = ["git", "ls-files", "-z", "--", *folders]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    return {name for name in run.stdout.decode().split("\0") if name}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the standard frontend builds of a clean copy, of both distributions."""
    source, into = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("built")
    for name in tracked():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, source / name)
    # As a checkout is after some work: none of it may get in.
    for name in ("qa/__pycache__/ids.cpython-311.pyc", "data/corpus.sqlite", "tests/test_new.py"):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text("leftover", "utf-8")
    for folder in (source, source / "client"):
        command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(into)]
        run = subprocess.run([*command, str(folder)], capture_output=True, text=True)
        assert run.returncode == 0, run.stdout + run.stderr
    return into


def wheel(built: Path, name: str) -> zipfile.ZipFile:
    [path] = built.glob(f"{name}-*.whl")
    return zipfile.ZipFile(path)


def files(archive: zipfile.ZipFile) -> set[str]:
    return {name for name in archive.namelist() if ".dist-info/" not in name}


def test_the_wheel_has_the_code_the_data_and_the_sample_and_nothing_else(built: Path) -> None:
    sample = {f"qa/sample/{Path(name).name}" for name in tracked("seeds")}

    assert files(wheel(built, "footnote_qa")) == tracked("qa", "embeddings") | sample


def test_the_clients_wheel_has_its_package_alone(built: Path) -> None:
    expected = {name.removeprefix("client/src/") for name in tracked("client/src")}

    assert files(wheel(built, "footnote_client")) == expected


def test_what_is_to_be_built_from_has_the_seeds_and_no_tests(built: Path) -> None:
    [path] = built.glob("footnote_qa-*.tar.gz")
    with tarfile.open(path) as archive:
        names = {one.name.partition("/")[2] for one in archive.getmembers() if one.isfile()}
    own = {name for name in names if ".egg-info" not in name and name != "PKG-INFO"}
    more = {
        "CHANGELOG.md",
        "LICENSE",
        "MANIFEST.in",
        "README.md",
        "pyproject.toml",
        "setup.cfg",
        "setup.py",
    }

    assert own == tracked("qa", "embeddings", "seeds") | more


def test_the_wheel_says_what_it_is(built: Path) -> None:
    archive = wheel(built, "footnote_qa")
    [entry] = [name for name in archive.namelist() if name.endswith("entry_points.txt")]
    [metadata] = [name for name in archive.namelist() if name.endswith("METADATA")]
    said = email.message_from_bytes(archive.read(metadata))

    assert archive.read(entry).decode().split() == [
        *("[console_scripts]", "footnote-qa", "=", "qa.cli:main", "qa", "=", "qa.cli:main")
    ]
    assert said["License-Expression"] == "Apache-2.0"
    assert said["Requires-Python"] == ">=3.11"
    assert 'uvloop>=0.22; sys_platform != "win32"' in said.get_all("Requires-Dist", [])


@pytest.fixture(scope="module")
def installed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an environment that has the wheels, and what they need from ours."""
    home = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(home)], check=True)
    [packages] = home.glob("lib/python*/site-packages")
    ours = sysconfig.get_path("purelib")
    (packages / "ours.pth").write_text(f"{ours}\n", "utf-8")
    command = [sys.executable, "-m", "pip", "--python", str(home / "bin" / "python"), "install"]
    wheels = [str(path) for path in built.glob("*.whl")]
    run = subprocess.run(
        [*command, "--no-deps", "--no-index", "--ignore-installed", *wheels],
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    return home / "bin"


CLEAN = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}


def test_what_is_installed_adds_asks_and_checks_its_sample(installed: Path, tmp_path: Path) -> None:
    def run(program: str, *arguments: str) -> str:
        command = [str(installed / program), *arguments]
        ran = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=CLEAN)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    place = "import qa, footnote; print(qa.__file__, footnote.__file__)"
    for file in run("python", "-c", place).split():
        assert Path(file).is_relative_to(installed.parent)
    assert json.loads(run("footnote-qa", "add", "--sample", "--json"))["counts"] == {"added": 5}
    question = "Which tanks is Russia delivering to Serbia?"
    answer = json.loads(run("qa", "ask", question, "--json"))
    assert answer["answer"]["article_id"] == "more-pressure-ahead"
    quote = "Negotiating is hard, he admitted, but nobody has begun implementation"
    assert json.loads(run("qa", "check", quote, "--json"))["verdict"] == "verbatim"


def test_what_is_installed_serves_its_pages_and_answers_its_client(
    installed: Path, tmp_path: Path
) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        base = f"http://127.0.0.1:{probe.getsockname()[1]}"
    options = ["--port", base.rpartition(":")[2], "--data", str(tmp_path / "data")]
    code = f"""
import time, urllib.request
from footnote import Client
from urllib.error import URLError
def get(path):
    return urllib.request.urlopen("{base}" + path).read().decode()
for _ in range(600):
    try:
        get("/health/ready")
        break
    except URLError:
        time.sleep(0.1)
with Client("{base}") as client:
    client.add_article({{"id": "a", "text": "The harbour pilot boards at dawn."}})
    print(client.ask("Who boards at dawn?").passages[0].text)
print(get("/").count("<h1"), "{{" in get("/static/style.css"), "/v1/ask" in get("/docs"))
"""
    with subprocess.Popen(
        [str(installed / "footnote-qa"), "serve", *options], env=CLEAN
    ) as serving:
        command = [str(installed / "python"), "-c", code]
        ran = subprocess.run(command, capture_output=True, text=True, env=CLEAN)
        serving.terminate()
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout == "The harbour pilot boards at dawn.\n1 True True\n"
