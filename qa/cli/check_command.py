"""`qa check`: a quote, or a draft with all that it quotes and cites."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from qa.check import BAD
from qa.cli.options import AsJson, Data, ReadOnly, corpus_of, settings_for
from qa.cli.output import print_json
from qa.cli.verdict_output import print_report, print_verdict
from qa.corpus import Corpus
from qa.errors import InvalidInput
from qa.schemas.draft_reports import CheckTextOut
from qa.schemas.verdicts import CheckOut


def check(
    quote: Annotated[
        str, typer.Argument(help="The quote; a file with a draft; - for standard input.")
    ],
    article: Annotated[str | None, typer.Option(help="The article it is said to be from.")] = None,
    passage: Annotated[str | None, typer.Option(help="The passage it is said to be from.")] = None,
    speaker: Annotated[str | None, typer.Option(help="Who is said to say it.")] = None,
    data: Data = None,
    read_only: ReadOnly = False,
    as_json: AsJson = False,
) -> None:
    """Check whether a quote, or everything that a draft quotes, stands in its source.

    Exit code 1 when something is altered, spliced, misattributed or not found.
    """
    draft = _draft(quote)
    if draft is not None and (article or passage or speaker):
        raise InvalidInput(
            "--article, --passage and --speaker are for a quote; a draft says itself what it cites",
            code="article_of_draft",
        )
    with corpus_of(settings_for(data, read_only)) as corpus:
        if draft is not None:
            bad = _draft_checked(corpus, draft, as_json)
        else:
            verdict = corpus.check(quote, article_id=article, passage_id=passage, speaker=speaker)
            bad = verdict.verdict in BAD
            if as_json:
                print_json(CheckOut.of(verdict).model_dump())
            else:
                print_verdict(verdict)
    if bad:
        raise typer.Exit(1)


def _draft_checked(corpus: Corpus, draft: str, as_json: bool) -> bool:
    """Prints the report; says whether something in it is wrong."""
    report = corpus.check_text(draft)
    if as_json:
        print_json(CheckTextOut.of(report).model_dump())
    else:
        print_report(report)
    # An expression of three words that is nowhere was perhaps no quotation.
    verdicts = [found.verdict for found in report.quotations]
    return any(verdict.verdict in BAD and not verdict.too_short for verdict in verdicts)


def _draft(quote: str) -> str | None:
    """The draft when the argument names one; None when it is itself the quote."""
    if quote == "-":
        return sys.stdin.buffer.read().decode("utf-8", "replace")
    try:
        path = Path(quote)
        return path.read_text("utf-8", "replace") if path.is_file() else None
    except OSError:  # a quote may be too long for a file name
        return None
