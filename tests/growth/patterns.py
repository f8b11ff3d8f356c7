"""Every compiled pattern of the packages, found by itself, and how it is used."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import embeddings
import qa

_ALL = frozenset(("match", "fullmatch", "search", "finditer"))
_AS_FINDITER = frozenset(("findall", "sub", "subn", "split", "finditer", "scanner"))
_INLINE = _ALL | _AS_FINDITER


@dataclass(frozen=True, slots=True)
class Found:
    """A pattern, where it is kept, and the ways in which it is asked."""

    name: str
    pattern: re.Pattern[Any]
    ways: frozenset[str]

    def works(self) -> Iterator[tuple[str, Callable[[str], object]]]:
        """What is done with it, each to a text."""
        for way in sorted(self.ways):
            yield f"{self.name}.{way}", self._work(way)

    def _work(self, way: str) -> Callable[[str], object]:
        asked = getattr(self.pattern, way)
        ready = (lambda text: text) if isinstance(self.pattern.pattern, str) else str.encode
        if way == "finditer":
            return lambda text: deque(asked(ready(text)), maxlen=0)
        return lambda text: asked(ready(text))


@cache
def modules() -> tuple[ModuleType, ...]:
    """All modules of both packages."""
    return tuple(
        importlib.import_module(found.name)
        for package in (qa, embeddings)
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    )


@cache
def patterns() -> tuple[Found, ...]:
    """All patterns that modules and their classes keep, in whatever, and those written in calls."""
    used = _used()
    found: dict[int, Found] = {}
    for module in modules():
        for name, value in _named(module):
            ways = used.get((module.__name__, name), frozenset())
            for pattern in _within(value, module.__name__):
                known = found.get(id(pattern), Found(f"{module.__name__}.{name}", pattern, ways))
                asked = known.ways | (ways if pattern is value else _ALL)
                found[id(pattern)] = Found(known.name, pattern, asked)
    unused = [replace(one, ways=_ALL) for one in found.values() if not one.ways]
    return (*(one for one in found.values() if one.ways), *unused, *_inline())


def _within(value: object, module: str) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, Mapping):
        for one in (*value.keys(), *value.values()):
            yield from _within(one, module)
    elif isinstance(value, list | tuple | set | frozenset):
        for one in value:
            yield from _within(one, module)
    elif isinstance(value, type) and value.__module__ == module:
        for _, one in _named(value):
            yield from _within(one, module)


def _named(owner: object) -> list[tuple[str, object]]:
    return [(name, value) for name, value in vars(owner).items() if not name.startswith("__")]


def _used() -> dict[tuple[str, str], frozenset[str]]:
    """By module and name: the methods that are called on it there, all of them if it is passed."""
    called: dict[tuple[str, str], set[str]] = {}
    for module, tree in trees():
        nodes = list(ast.walk(tree))
        asked = [node for node in nodes if isinstance(node, ast.Attribute)]
        for one in asked:
            if isinstance(one.value, ast.Name):
                way = "finditer" if one.attr in _AS_FINDITER else one.attr
                called.setdefault((module, one.value.id), set()).update({way} & _ALL)
        bases = {id(one.value) for one in asked}
        for node in nodes:
            if isinstance(node, ast.Name) and id(node) not in bases and _is_read(node):
                called.setdefault((module, node.id), set()).update(_ALL)
    return {name: frozenset(ways) for name, ways in called.items()}


def _is_read(node: ast.Name) -> bool:
    return isinstance(node.ctx, ast.Load)


@cache
def trees() -> tuple[tuple[str, ast.Module], ...]:
    """The parsed source of every module, with the module's name."""
    return tuple(
        (module.__name__, ast.parse(Path(module.__file__ or "").read_text("utf-8")))
        for module in modules()
    )


def calls_of_re() -> Iterator[tuple[str, ast.Call, str]]:
    """Every `re.search(…)`, `re.compile(…)` and the like: module, call, and which it is."""
    for name, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                base = node.func.value
                if isinstance(base, ast.Name) and base.id == "re":
                    yield name, node, node.func.attr


def _inline() -> Iterator[Found]:
    """The patterns that are written as text where they are used."""
    for module, call, way in calls_of_re():
        first = call.args[0] if call.args else None
        if way in _INLINE and isinstance(first, ast.Constant):
            way = "finditer" if way in _AS_FINDITER else way
            name = f"{module}:{call.lineno} re"
            yield Found(name, re.compile(first.value), frozenset({way}))
