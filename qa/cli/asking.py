"""`qa ask`, `qa related`, `qa check`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from qa.cli.options import (
    AsJson,
    Data,
    ModeName,
    Rerank,
    Threshold,
    TopK,
    corpus_of,
    mode_of,
    settings_for,
)
from qa.cli.printing import out, print_hits, print_json, print_verdict
from qa.corpus import parse_passage_id
from qa.errors import FootnoteError, InvalidInput
from qa.filters import Filters


def ask(
    question: Annotated[str, typer.Argument(help="In natural language.")],
    top_k: TopK = 5,
    mode: ModeName = "hybrid",
    article: Annotated[list[str] | None, typer.Option(help="Only this article.")] = None,
    publisher: Annotated[list[str] | None, typer.Option(help="Only this publisher.")] = None,
    author: Annotated[list[str] | None, typer.Option(help="Only this author.")] = None,
    language: Annotated[list[str] | None, typer.Option(help="Only this language.")] = None,
    tag: Annotated[list[str] | None, typer.Option(help="Only with this tag.")] = None,
    since: Annotated[str | None, typer.Option(help="Published from: YYYY[-MM[-DD]].")] = None,
    until: Annotated[str | None, typer.Option(help="Published to: YYYY[-MM[-DD]].")] = None,
    rerank: Rerank = True,
    threshold: Threshold = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Ask a question; get the answering sentence and the passages, each with its footnote."""
    filters = Filters(
        tuple(article or ()),
        tuple(publisher or ()),
        tuple(author or ()),
        tuple(language or ()),
        tuple(tag or ()),
        since,
        until,
    )
    with corpus_of(settings_for(data)) as corpus:
        answer = corpus.ask(
            question,
            top_k=top_k,
            mode=mode_of(mode),
            filters=filters or None,
            rerank=rerank,
            threshold=threshold,
        )
    if as_json:
        from qa.api.schemas import AskOut  # FastAPI takes half a second to load

        print_json(AskOut.of(answer).model_dump())
        return
    if answer.statement:
        confidence = f"[1] confidence {answer.confidence:.0%}"
        out.print(Text.assemble((answer.statement.text, "bold"), "  ", (confidence, "dim"), "\n"))
    else:
        out.print(Text.assemble(("Not answered.", "yellow"), f" {answer.reason}\n"))
    print_hits(answer.hits)


def related(
    what: Annotated[str, typer.Argument(help="A passage id, or a text.")],
    top_k: TopK = 5,
    other_sources_only: Annotated[
        bool, typer.Option("--other-sources-only", help="Not from the passage's own article.")
    ] = False,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Find passages about the same matter."""
    with corpus_of(settings_for(data)) as corpus:
        named = _is_passage_id(what)
        hits = corpus.related(
            passage_id=what if named else None,
            text=None if named else what,
            top_k=top_k,
            other_sources_only=other_sources_only,
        )
    if as_json:
        from qa.api.schemas import HitOut, RelatedOut

        print_json(RelatedOut(passages=[HitOut.of(hit) for hit in hits]).model_dump())
    else:
        print_hits(hits)


def check(
    quote: Annotated[
        str, typer.Argument(help="The quote; a file with a draft; - for standard input.")
    ],
    article: Annotated[str | None, typer.Option(help="The article it is said to be from.")] = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Check whether a quote, or every quotation of a draft, stands in its source.

    Exit code 1 when something is altered, misattributed or not found.
    """
    draft = _draft(quote)
    if draft is not None and article:
        raise InvalidInput("--article is for a quote, not for a draft", code="article_of_draft")
    with corpus_of(settings_for(data)) as corpus:
        if draft is None:
            verdicts = [corpus.check(quote, article_id=article)]
        else:
            verdicts = [found.verdict for found in corpus.check_text(draft)]
    if as_json:
        from qa.api.schemas import CheckOut

        shown = [CheckOut.of(verdict).model_dump() for verdict in verdicts]
        print_json(shown[0] if draft is None else {"quotations": shown})
    else:
        for verdict in verdicts:
            print_verdict(verdict)
        if not verdicts:
            out.print("No quotation of four words or more was found.")
    if any(verdict.verdict not in ("verbatim", "normalized") for verdict in verdicts):
        raise typer.Exit(1)


def _draft(quote: str) -> str | None:
    """The draft when the argument names one; None when it is itself the quote."""
    if quote == "-":
        return sys.stdin.buffer.read().decode("utf-8", "replace")
    try:
        path = Path(quote)
        return path.read_text("utf-8", "replace") if path.is_file() else None
    except OSError:  # a quote may be too long for a file name
        return None


def _is_passage_id(text: str) -> bool:
    try:
        parse_passage_id(text)
    except FootnoteError:
        return False
    return True
