"""How results look on a terminal, and as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NoReturn

from rich.console import Console
from rich.text import Text

from qa.errors import FootnoteError

if TYPE_CHECKING:
    from qa.related import Related
    from qa.types import Hit, Why

# What is printed may be cut out and searched for: no line breaks and no emoji that were not there.
out = Console(highlight=False, soft_wrap=True, emoji=False)
err = Console(stderr=True, highlight=False, soft_wrap=True, emoji=False)


def print_hits(hits: Iterable[Hit]) -> None:
    for number, hit in enumerate(hits, 1):
        label = f"[{number}]"
        line = Text.assemble((label, "cyan"), " ", hit.passage.text.replace("\n", " "))
        before = len(label) + 1 - hit.passage.start
        for span in hit.highlights:
            line.stylize("bold", before + span.start, before + span.end)
        out.print(line)
        for below in (
            hit.citation,
            hit.passage.id,
            *(f"also in {source.article_id}" for source, _ in hit.also_in),
            *_because(hit.why),
        ):
            out.print(Text(f"    {below}", "dim"))
        out.print()


def print_related(found: Related) -> None:
    from qa.search import citation

    print_hits(found.hits)
    for source, passage in found.copies:
        place = citation(source, passage.start, passage.end)
        out.print(Text(f"the same text: {source.article_id}, {place}", "dim"))


def _because(why: Why | None) -> list[str]:
    if why is None:
        return []
    shared = [
        ("names", ", ".join(why.shared_names)),
        ("words", ", ".join(why.shared_terms)),
        ("cosine", f"{why.similarity:.2f}"),
    ]
    return ["related by " + "; ".join(f"{label} {what}" for label, what in shared if what)]


def print_json(value: Any) -> None:
    json.dump(value, sys.stdout, indent=2, ensure_ascii=not _utf8(sys.stdout), default=str)
    sys.stdout.write("\n")


def _utf8(stream: Any) -> bool:
    return (stream.encoding or "").lower().replace("-", "") == "utf8"


def fail(error: FootnoteError) -> NoReturn:
    if "--json" in sys.argv:
        print_json({"error": {"code": error.code, "message": error.message}})
    else:
        err.print(Text.assemble(("error:", "red"), " ", error.message))
    sys.exit(1)
