"""The documents say what there is: every setting, command and path, and no link leads nowhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from qa.api.app import create_app
from qa.cli.commands import COMMANDS
from qa.cli.exit_codes import ExitCode
from qa.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("qa", "embeddings", "tests")
PAGES = [
    *(ROOT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
SOURCES = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))]
# `qa/settings.py` on a page; docs/decisions/0003-fusion.md in a comment or a docstring.
_PATH = re.compile(rf"`((?:{'|'.join(FOLDERS)}|docs|seeds)/[\w/.-]+)`")
_PAGE = re.compile(r"\bdocs/[\w/-]+\.md\b")


def test_every_setting_is_documented() -> None:
    page = (ROOT / "docs" / "settings.md").read_text("utf-8")
    assert [n for n in Settings.model_fields if f"`QA_{n.upper()}`" not in page] == []


def test_every_command_is_documented_and_takes_data_and_json() -> None:
    page = (ROOT / "docs" / "cli.md").read_text("utf-8")
    assert [name for name in COMMANDS if f"`qa {name}" not in page] == []
    for command in COMMANDS.values():
        assert {"--data", "--json"} <= {o for p in command.load().params for o in p.opts}


def test_the_table_of_exit_codes_is_that_of_the_program() -> None:
    page = (ROOT / "docs" / "cli.md").read_text("utf-8")
    told = [int(code) for code in re.findall(r"^\| (\d+) \| ", page, re.MULTILINE)]
    assert told == list(ExitCode)


def test_every_path_of_the_api_is_documented() -> None:
    page = (ROOT / "docs" / "api.md").read_text("utf-8")
    paths = create_app(Settings(model="hash")).openapi()["paths"]
    assert [path for path in paths if path not in page] == []


def test_every_figure_of_the_readme_stands_in_a_document_with_its_command() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    table = readme.partition("## Measured")[2].partition("|---|---|---|")[2].partition("\n\n")[0]
    figures = re.findall(r"(?<![\w@^])\.?\d[\d,.]*", table)
    told = "".join(page.read_text("utf-8") for page in PAGES if page.parent.name == "docs")
    assert len(figures) > 30
    assert [figure.strip(",.") for figure in figures if figure.strip(",") not in told] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_link_to_a_file_leads_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text("utf-8"))
    assert [t for t in targets if not (page.parent / t).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_path_in_backticks_is_there(page: Path) -> None:
    named = _PATH.findall(page.read_text("utf-8"))
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_every_page_that_the_code_names_is_there() -> None:
    named = {path: _PAGE.findall(path.read_text("utf-8")) for path in SOURCES}
    named[Path("Makefile")] = _PAGE.findall((ROOT / "Makefile").read_text("utf-8"))
    missing = [
        f"{path.name}: {page}"
        for path, pages in named.items()
        for page in pages
        if not (ROOT / page).exists()
    ]
    assert missing == []
    assert sum(map(len, named.values())) > 15
