"""Words of a language stand in its table, and in no module: found by the syntax tree."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import qa

ROOT = Path(qa.__file__).parent
MOST = 8  # words that may stand together in a module
WORD = re.compile(r"[^\W\d_A-Z]+(?:['’-][^\W\d_A-Z]+)*")
# Words of no language, by module.
ALLOWED = {
    "citations/bibtex.py": "names of months in BibTeX",
    "check/draft/cite_tags.py": "names of attributes",
    "check/draft/mark_contents.py": "suffixes of files",
    "check/draft/markup.py": "names of HTML elements",
    "cli/check_command.py": "suffixes of files",
    "ingest/markdown/markdown_text.py": "names of HTML elements",
    "ingest/web/page.py": "names of HTML elements",
    "ingest/web/shown.py": "names of HTML elements",
    "ingest/pdf/information.py": "names of programs and files",
    "ingest/processes/pool.py": "names of formats",
    "ingest/suffixes.py": "suffixes of files",
    "ingest/web/own_elements.py": "names of classes in pages",
    "ingest/web/marked_up.py": "names of classes in pages",
    "text/spelling.py": "letters",
}


def found_in(source: str) -> Iterator[list[str]]:
    """The word lists of a module: strings of words, sequences of them, alternatives of patterns."""
    tree = ast.parse(source)
    prose = set(_prose(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in prose:
            if all(map(WORD.fullmatch, node.value.split())):
                yield node.value.split()
            yield list(filter(WORD.fullmatch, re.split("[|()?:]", node.value)))
        elif isinstance(node, ast.Tuple | ast.List | ast.Set):
            values = [one.value for one in ast.walk(node) if isinstance(one, ast.Constant)]
            if all(isinstance(value, str) and WORD.fullmatch(value) for value in values):
                yield [str(value) for value in values]


def _prose(tree: ast.Module) -> Iterator[ast.AST]:
    """What is written for people: docstrings, and the messages of errors."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise):
            yield from ast.walk(node)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value


def lists(source: str) -> list[list[str]]:
    return [words for words in found_in(source) if len(words) > MOST]


@pytest.mark.parametrize(
    "source",
    [
        'A = "one two three four five six seven eight nine".split()',
        'A = listed("""\n    одна две три четыре\n    пять шесть семь восемь девять\n""")',
        'A = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")',
        'A = (*("one", "two", "three"), *("four", "five", "six", "seven", "eight", "nine"))',
        'A = {"ne", "pas", "jamais", "aucun", "sans", "l\'un", "ni", "rien", "personne"}',
        'A = re.compile(r"\\b(?:of|for|from|with|by|against|to|between|about)(?: the)? ")',
    ],
)
def test_a_list_of_words_is_found(source: str) -> None:
    assert lists(source) != []


@pytest.mark.parametrize(
    "source",
    [
        '"""A docstring of more than eight words in small letters and no more"""',
        'raise ValueError("a passage is longer than its spans can say to anybody")',
        'A = "Mixed case and digits 1 2 3 are a sentence and no list"',
        'A = ("one", "two", "three", "four")',
        'A = {"one": 1}',
    ],
)
def test_other_strings_are_none(source: str) -> None:
    assert lists(source) == []


def test_no_module_has_a_list_of_words_but_those_that_are_no_language_s() -> None:
    found = {
        path.relative_to(ROOT).as_posix(): words
        for path in sorted(ROOT.rglob("*.py"))
        for words in lists(path.read_text("utf-8"))
    }

    assert {path: words for path, words in found.items() if path not in ALLOWED} == {}
    assert found.keys() == ALLOWED.keys()
