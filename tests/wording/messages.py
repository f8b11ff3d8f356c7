"""What is to be said in other languages, found in the code: `python -m tests.wording.messages`.

Templates are read by Babel, modules by their syntax tree. So is what the service itself says in
English (errors, reasons, notes): "article %(id)s has changed" in a
catalogue is f"article {id_} has changed" in a module.

The command brings the `.po` files up to date, says what they lack, and writes the `.mo` files.
"""

from __future__ import annotations

import ast
import io
import re
from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

import qa
from qa import errors
from qa.wording.dates import BEFORE_COMMA, DAY, MONTH, MONTHS, OF_A_DAY, YEAR

ROOT = Path(qa.__file__).parent
CATALOGUES = ROOT / "wording" / "catalogues"
METHODS = [("**/templates/**.html", "jinja2.ext:babel_extract")]
OPTIONS = {METHODS[0][0]: {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}}
# How many words a call of ours takes, and whether the first of them is the context.
CALLS = {"say": 1, "marked": 1, "say_in": 2, "say_many": 2, "marked_many": 2}
SERVICE = "service"
OURS = {name for name, one in vars(errors).items() if isinstance(one, type)}
GAP = re.compile(r"%\(\w+\)s|\{[^{}]*\}")
Key = tuple[str, ...]  # context, message, and its plural if it has one


def key_of(message: Message) -> Key:
    words: tuple[str, ...] = message.id if isinstance(message.id, tuple) else (str(message.id),)
    return (message.context or "", *words)


@cache
def of_pages() -> frozenset[Key]:
    """What templates and modules say of their own."""
    found = extract_from_dir(ROOT, METHODS, OPTIONS)
    in_templates = {
        (context or "", *(message if isinstance(message, tuple) else (message,)))
        for _, _, message, _, context in found
    }
    in_modules = {key for path in ROOT.rglob("*.py") for key in _called(path)}
    in_contexts = {*product([OF_A_DAY], MONTHS), *product([BEFORE_COMMA], [DAY, MONTH, YEAR])}
    return frozenset(in_templates | in_modules | in_contexts)


def _called(path: Path) -> Iterator[Key]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            words = CALLS.get(node.func.id, 0)
            texts = [_text(one) for one in node.args[:words] if isinstance(one, ast.Constant)]
            if words and len(texts) == words and None not in texts:
                context = [] if node.func.id == "say_in" else [""]
                yield (*context, *filter(None, texts))


def catalogue(name: str) -> Catalog:
    with (CATALOGUES / f"{name}.po").open("rb") as file:
        return read_po(file, abort_invalid=True)


def compiled(name: str) -> bytes:
    """The `.mo` of a `.po`."""
    made = io.BytesIO()
    write_mo(made, catalogue(name))
    return made.getvalue()


def names() -> list[str]:
    return sorted(path.stem for path in CATALOGUES.glob("*.po"))


def lacking(name: str) -> list[Key]:
    """What a catalogue does not say."""
    known = {key_of(message) for message in catalogue(name) if message.id and all(said(message))}
    return sorted(of_pages() - known)


def left_over(name: str) -> list[Key]:
    """What it says and nobody asks for; what the service says is looked at apart."""
    known = {key_of(message) for message in catalogue(name) if message.id}
    return sorted(key for key in known - of_pages() if key[0] != SERVICE)


def said(message: Message) -> tuple[str, ...]:
    """What a message is in the other language: one string, or one for each plural form."""
    return message.string if isinstance(message.string, tuple) else (str(message.string),)


def of_service(name: str) -> list[str]:
    """The messages of the service that a catalogue says."""
    return [key_of(m)[1] for m in catalogue(name) if m.id and m.context == SERVICE]


def shape(message: str) -> str:
    """A message with its gaps alike: "article {} has changed"."""
    return GAP.sub("{}", message)


@cache
def strings() -> frozenset[str]:
    """Every string of the code, with its gaps alike."""
    return frozenset(
        shape(text)
        for path in ROOT.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if (text := _text(node)) is not None
    )


def _text(node: ast.AST) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        parts = (_text(part) if isinstance(part, ast.Constant) else "{}" for part in node.values)
        return "".join(part or "" for part in parts)
    return None


def raised(*folders: str) -> Iterator[tuple[str, str]]:
    """The messages of errors that are raised below some folders, with the module of each."""
    for folder in folders:
        paths = sorted((ROOT / folder).rglob("*.py")) or [ROOT / f"{folder}.py"]
        for path in paths:
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
                    text = _text(node.exc.args[0]) if node.exc.args else None
                    if text and getattr(node.exc.func, "id", "") in OURS:
                        yield str(path.relative_to(ROOT)), shape(text)


def main() -> None:
    """Brings the catalogues up to date."""
    for name in names():
        words = catalogue(name)
        for context, one, *several in lacking(name):
            print(f"{name}: {one!r} is not said" + (f" ({context})" if context else ""))
            words.add((one, *several) if several else one, context=context or None)
        with (CATALOGUES / f"{name}.po").open("wb") as file:
            write_po(file, words, width=100, no_location=True, sort_output=True)
        (CATALOGUES / f"{name}.mo").write_bytes(compiled(name))


if __name__ == "__main__":
    main()
