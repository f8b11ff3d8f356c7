"""How results look on a terminal, and as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import Any, NoReturn

from rich.console import Console
from rich.markup import escape

from qa.errors import FootnoteError
from qa.types import Hit, Verdict

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

VERDICT_STYLES = {"verbatim": "green", "normalized": "green", "altered": "red"}


def print_hits(hits: Iterable[Hit]) -> None:
    for number, hit in enumerate(hits, 1):
        text, start = hit.passage.text, hit.passage.start
        marked, at = "", 0
        for span in hit.highlights:
            marked += escape(text[at : span.start - start])
            marked += f"[bold]{escape(text[span.start - start : span.end - start])}[/]"
            at = span.end - start
        out.print(f"[cyan][{number}][/] {marked}{escape(text[at:])}".replace("\n", " "))
        out.print(f"    [dim]{escape(hit.citation)}[/]")
        out.print(f"    [dim]{escape(hit.passage.id)}[/]")
        for source, _ in hit.also_in:
            out.print(f"    [dim]also in {escape(source.article_id)}[/]")
        out.print()


def print_verdict(verdict: Verdict) -> None:
    style = VERDICT_STYLES.get(verdict.verdict, "yellow")
    out.print(f"[bold {style}]{verdict.verdict}[/]  {escape(verdict.quote)}")
    if verdict.note:
        out.print(f"    {escape(verdict.note)}")
    for match in verdict.matches:
        out.print(f"    “{escape(match.text)}”\n    [dim]{escape(match.citation)}[/]")
        for d in match.differences:
            out.print(
                f"    [red]{d.kind}:[/] the quote has “{escape(d.quote)}”, "
                f"the source “{escape(d.source)}”"
            )


def print_json(value: Any) -> None:
    json.dump(value, sys.stdout, indent=2, ensure_ascii=not _utf8(sys.stdout), default=str)
    sys.stdout.write("\n")


def _utf8(stream: Any) -> bool:
    return (stream.encoding or "").lower().replace("-", "") == "utf8"


def fail(error: FootnoteError) -> NoReturn:
    if "--json" in sys.argv:
        print_json({"error": {"code": error.code, "message": error.message}})
    else:
        err.print(f"[red]error:[/] {escape(error.message)}", soft_wrap=True)
    sys.exit(1)
