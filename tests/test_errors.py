"""Every code of an error is listed once, used somewhere, and told in the documents."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import get_args

import pytest

from qa import errors
from qa.api.problems import STATUS

ROOT = Path(__file__).resolve().parents[1]
LISTS = (errors.ServerCode, errors.RequestCode, errors.ReadingCode, errors.CorpusCode)
OF_SERVICE = [code for codes in LISTS for code in get_args(codes)]
OF_COMMANDS = list(get_args(errors.CommandCode))
FAMILY = [kind for kind in vars(errors).values() if isinstance(kind, type)]


def written(path: Path) -> set[str]:
    """The strings in a module, less those of types: `Literal["a", "b"]`."""
    tree = ast.parse(path.read_text("utf-8"))
    types = {
        id(inner) for n in ast.walk(tree) if isinstance(n, ast.Subscript) for inner in ast.walk(n)
    }
    strings = (n for n in ast.walk(tree) if isinstance(n, ast.Constant) and id(n) not in types)
    return {n.value for n in strings if isinstance(n.value, str)}


def test_a_code_is_listed_once() -> None:
    every = OF_SERVICE + OF_COMMANDS
    assert sorted(set(every)) == sorted(every)
    assert set(every) == {code for part in get_args(errors.Code) for code in get_args(part)}


def test_a_code_that_is_listed_is_used() -> None:
    used = set().union(*(written(path) for path in (ROOT / "qa").rglob("*.py")))
    assert [code for code in OF_SERVICE + OF_COMMANDS if code not in used] == []


@pytest.mark.parametrize(("page", "codes"), [("api", OF_SERVICE), ("cli", OF_COMMANDS)])
def test_every_code_is_documented(page: str, codes: list[str]) -> None:
    text = (ROOT / "docs" / f"{page}.md").read_text("utf-8")
    assert [code for code in codes if f"`{code}`" not in text] == []


def test_the_table_of_the_api_has_no_other_codes() -> None:
    page = (ROOT / "docs" / "api.md").read_text("utf-8")
    rows = re.findall(r"^\| [45]\d\d[0-9, ]* \| (.*) \|$", page, re.MULTILINE)
    told = {code for row in rows for code in re.findall(r"`([a-z]+(?:_[a-z]+)+)`", row)}
    assert len(rows) > 10
    assert told - set(OF_SERVICE) == set()


@pytest.mark.parametrize("kind", FAMILY, ids=lambda kind: kind.__name__)
def test_every_error_has_a_code_and_a_status(kind: type[errors.FootnoteError]) -> None:
    assert kind("why").code in OF_SERVICE
    assert kind is errors.FootnoteError or any(issubclass(kind, known) for known, _ in STATUS)
