"""The shape of the code in figures: what a reader must hold in mind before the first line.

    .venv/bin/python -m tests.structure [ROOT]

ROOT is a checkout of this project, of any age; left out, it is this one. Counted are `qa` and
`embeddings`, a package's `__init__.py` among the lines and the functions, not among the modules.
"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import grimp

HERE = Path(__file__).resolve().parents[1]
PACKAGES = ("qa", "embeddings")
SHORT = 60  # lines: a module that one cannot stand up in
LONG = 40  # lines of a function
WORDS = 8  # a list of more words is a table, and belongs to data
# Also a stem and its ending, `argu|e`, and a pair of letters, `ß=ss`.
_WORD = re.compile(r"[\w'’.&|=-]+")
_ALTERNATIVES = re.compile(r"\w+(?:\|\w+)+")
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """A Python file of the product."""

    root: Path
    path: Path

    @cached_property
    def text(self) -> str:
        return self.path.read_text("utf-8")

    @cached_property
    def nodes(self) -> list[ast.AST]:
        return list(ast.walk(ast.parse(self.text)))

    @property
    def lines(self) -> int:
        return self.text.count("\n")

    @property
    def folder(self) -> str:
        return str(self.path.parent.relative_to(self.root))

    @property
    def name(self) -> str:
        return ".".join(self.path.relative_to(self.root).with_suffix("").parts)

    @property
    def is_init(self) -> bool:
        return self.path.stem == "__init__"

    def functions(self) -> Iterator[tuple[int, str]]:
        """Lines and place of each function, without its decorators."""
        for node in self.nodes:
            if isinstance(node, Function):
                yield (node.end_lineno or 0) - node.lineno + 1, f"{self.name}.{node.name}"

    def classes(self) -> Iterator[str]:
        return (node.name for node in self.nodes if isinstance(node, ast.ClassDef))

    def word_lists(self) -> Iterator[tuple[int, str]]:
        """How many words each list of them holds that stands in the code, and where."""
        prose = {id(part) for node in self.nodes for part in _prose(node)}
        for node in self.nodes:
            if isinstance(node, ast.Set | ast.Constant) and id(node) not in prose:
                count = _words(node)
                if count > WORDS:
                    yield count, f"{self.name}:{node.lineno}"


def _prose(node: ast.AST) -> Iterator[ast.AST]:
    """The strings that are docstrings, or parts of a message."""
    if isinstance(node, ast.Expr):
        yield node.value
    if isinstance(node, ast.JoinedStr):
        yield from ast.walk(node)
    if isinstance(node, ast.Call) and ast.unparse(node.func)[:1].isupper():
        yield from ast.walk(node)  # an error, or the help of an option
    if isinstance(node, ast.keyword) and node.arg in ("help", "description", "prog"):
        yield from ast.walk(node)


def _words(node: ast.Set | ast.Constant) -> int:
    """The words of a set, a string or a pattern: `{"on", "at"}`, `"on at"`, `"(on|at) sea"`."""
    if isinstance(node, ast.Set):
        texts = [e.value for e in node.elts if isinstance(e, ast.Constant)]
        return sum(isinstance(text, str) and text.isalpha() for text in texts)
    text = node.value if isinstance(node.value, str) else ""
    words = text.split()
    if words and all(map(_WORD.fullmatch, words)) and not words[0].isupper():  # SELECT …
        return len(words)
    return max((found.count("|") + 1 for found in _ALTERNATIVES.findall(text)), default=0)


def modules_of(root: Path) -> list[Module]:
    return [
        Module(root, path)
        for package in PACKAGES
        for path in sorted((root / package).rglob("*.py"))
    ]


def importers(root: Path) -> dict[str, int]:
    """How many modules of the product import each module."""
    sys.path.insert(0, str(root))
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    return {name: len(graph.find_modules_that_directly_import(name)) for name in graph.modules}


def layers_of(root: Path) -> str:
    """The layers that the import contract names, and whether it leaves modules out."""
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    for contract in project["tool"]["importlinter"]["contracts"]:
        if contract["type"] == "layers":
            rooms = [room for layer in contract["layers"] for room in layer.split("|")]
            complete = "exhaustive" if contract.get("exhaustive") else "not exhaustive"
            return f"{len(contract['layers'])} ({len(rooms)} rooms, {complete})"
    return "none"


def patterns_of(root: Path) -> str:
    """How many regular expressions tests/growth feeds: it loads the code, so only this one's."""
    if root != HERE:
        return "not counted: another checkout"
    from tests.growth.patterns import patterns

    return str(len(patterns()))


def repeated(named: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """What has the same name as something else, and where."""
    places = defaultdict(list)
    for name, place in named:
        places[name].append(place)
    return {name: found for name, found in sorted(places.items()) if len(found) > 1}


def folders(modules: Iterable[Module], imported: dict[str, int]) -> Iterator[str]:
    by_folder = defaultdict(list)
    for module in modules:
        by_folder[module.folder].append(module)
    yield f"{'folder':<28}{'modules':>8}{'lines':>8}{f'< {SHORT}':>8}{'1 user':>8}"
    for folder, own in sorted(by_folder.items()):
        lines = [module.lines for module in own]
        short = sum(n < SHORT for n in lines)
        single = sum(imported.get(module.name) == 1 for module in own)
        yield f"{folder:<28}{len(own):>8}{sum(lines):>8}{short:>8}{single:>8}"


def table(root: Path) -> Iterator[str]:
    every = modules_of(root)
    modules = [module for module in every if not module.is_init]
    imported = importers(root)
    short = sum(module.lines < SHORT for module in modules)
    single = sum(imported.get(module.name) == 1 for module in modules)
    functions = sorted((found for module in every for found in module.functions()), reverse=True)
    files = repeated((module.path.name, module.folder) for module in modules)
    classes = repeated((name, module.name) for module in every for name in module.classes())
    lists = sorted((found for module in every for found in module.word_lists()), reverse=True)
    longest = max(modules, key=lambda module: module.lines)

    yield from folders(modules, imported)
    yield ""
    yield f"modules: {len(modules)}, {sum(module.lines for module in every):,} lines"
    yield f"under {SHORT} lines: {short} ({short / len(modules):.0%})"
    yield f"imported by one module: {single}"
    yield f"longest module: {longest.name}, {longest.lines} lines"
    yield f"longest function: {functions[0][1]}, {functions[0][0]} lines"
    yield f"functions over {LONG} lines: {sum(lines > LONG for lines, _ in functions)}"
    yield f"functions: {len(functions)}, median {functions[len(functions) // 2][0]} lines"
    yield f"layers of imports: {layers_of(root)}"
    yield f"patterns that tests/growth feeds: {patterns_of(root)}"
    yield f"lists of over {WORDS} words in code: {len(lists)}, {sum(n for n, _ in lists):,} words"
    yield from (f"    {where}: {n}" for n, where in lists)
    for what, found in (("file names", files), ("class names", classes)):
        yield f"{what} that occur more than once: {len(found)}"
        yield from (f"    {name}: {', '.join(places)}" for name, places in found.items())


if __name__ == "__main__":
    root = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else HERE
    print("\n".join(table(root)))
