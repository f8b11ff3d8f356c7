"""How results look on a terminal, and as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import Any, NoReturn

from rich.console import Console
from rich.text import Text

from qa.errors import FootnoteError
from qa.types import Hit, Verdict

# What is printed may be cut out and searched for: no line breaks and no emoji that were not there.
out = Console(highlight=False, soft_wrap=True, emoji=False)
err = Console(stderr=True, highlight=False, soft_wrap=True, emoji=False)

VERDICT_STYLES = {"verbatim": "green", "normalized": "green", "altered": "red"}


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
        ):
            out.print(Text(f"    {below}", "dim"))
        out.print()


def print_verdict(verdict: Verdict) -> None:
    style = VERDICT_STYLES.get(verdict.verdict, "yellow")
    out.print(Text.assemble((verdict.verdict, f"bold {style}"), "  ", verdict.quote))
    if verdict.note:
        out.print(Text(f"    {verdict.note}"))
    for match in verdict.matches:
        out.print(Text(f"    “{match.text}”"))
        out.print(Text(f"    {match.citation}", "dim"))
        for d in match.differences:
            said = f" the quote has “{d.quote}”, the source “{d.source}”"
            out.print(Text.assemble("    ", (f"{d.kind}:", "red"), said))


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
