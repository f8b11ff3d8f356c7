"""Where results go: a terminal, as text that it does not obey, or JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from typing import Any, NoReturn

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.text import Text

from qa.cli.exit_codes import ExitCode
from qa.errors import FootnoteError
from qa.text.printable import visible, visible_json


class _Terminal(Console):
    """Obeys our own styles alone: no control character in what is printed reaches the terminal."""

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterator[Segment]:
        for part in super().render(renderable, options):
            yield part if part.control else part._replace(text=visible(part.text))


# What is printed may be cut out and searched for: no line breaks and no emoji that were not there.
out = _Terminal(highlight=False, soft_wrap=True, emoji=False)
err = _Terminal(stderr=True, highlight=False, soft_wrap=True, emoji=False)


def print_text(text: str) -> None:
    """An article's text: as it is for another program, and fit to be seen on a terminal."""
    sys.stdout.write(f"{visible(text) if sys.stdout.isatty() else text}\n")


def print_row(cells: Iterable[str]) -> None:
    """A line with a tab between cells, for programs: rich would put spaces."""
    sys.stdout.write("\t".join(map(visible, cells)) + "\n")


def print_json(value: Any) -> None:
    """Prints JSON whose strings read the same; what a terminal would obey is written as \\u001b."""
    written = json.dumps(value, indent=2, ensure_ascii=not utf8(), default=str)
    sys.stdout.write(visible_json(written) + "\n")


def utf8() -> bool:
    """Whether the output takes every letter."""
    return (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"


def fail(error: FootnoteError, code: int = ExitCode.WRONG) -> NoReturn:
    """Prints the error, and ends the program with a code."""
    fail_with(error.code, error.message, code)


def fail_with(name: str, message: str, code: int) -> NoReturn:
    """The same for an error that is none of ours: `name` is what JSON calls it."""
    if "--json" in sys.argv:
        print_json({"error": {"code": name, "message": message}})
    else:
        err.print(Text.assemble(("error:", "red"), " ", message))
    sys.exit(code)
