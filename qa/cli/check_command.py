"""`qa check`: a quote, or a draft with all that it quotes and cites."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from qa.check import BAD
from qa.check.types import Outcome
from qa.cli.draft_request import DraftRequest
from qa.cli.options import AsJson, Data, ReadOnly, corpus_of, settings_for
from qa.cli.output import fail, print_json
from qa.cli.verdict_output import print_report, print_verdict
from qa.errors import FootnoteError, InvalidInput, NotFound
from qa.ingest import DraftText, Limits, read_draft_text
from qa.schemas.draft_reports import CheckTextOut
from qa.schemas.verdicts import CheckOut
from qa.settings import Settings

# Exit codes: of what was checked, and when something could not be.
GOOD, WRONG, UNCHECKED = 0, 1, 2
_CODES: dict[Outcome, int] = {"good": GOOD, "wrong": WRONG, "unchecked": UNCHECKED}

_DOCUMENT = re.compile(
    r".*\.(?:txt|text|md|markdown|html?|pdf|docx?|rtf|odt|pages|tex|json|epub|eml|xml|csv)",
    re.IGNORECASE,
)
_PATH = re.compile(r"(?=\S*[/\\])\S+|[^\s/]+\.[A-Za-z][A-Za-z0-9]{1,4}")
_LONGEST_PATH = 4096


def check(
    quote: Annotated[
        str, typer.Argument(help="The quote; a file with a draft; - for standard input.")
    ],
    as_quote: Annotated[
        bool, typer.Option("--quote", help="It is a quote, though it looks like a file's name.")
    ] = False,
    dialogue: Annotated[
        bool, typer.Option("--dialogue", help="In a draft, dashes open quotations.")
    ] = False,
    article: Annotated[
        list[str],
        typer.Option(
            help="The article it is said to be from; a draft is held against these alone. (several)"
        ),
    ] = [],  # noqa: B006 - typer copies it
    passage: Annotated[str | None, typer.Option(help="The passage it is said to be from.")] = None,
    speaker: Annotated[str | None, typer.Option(help="Who is said to say it.")] = None,
    source: Annotated[
        list[Path],
        typer.Option(help="A file that a draft is held against besides; not added. (several)"),
    ] = [],  # noqa: B006
    only_sources: Annotated[
        bool, typer.Option("--only-sources", help="Hold a draft against its --source files alone.")
    ] = False,
    export: Annotated[
        list[Path],
        typer.Option(help="Write the report of a draft: .html, .md, .csv or .jsonld. (several)"),
    ] = [],  # noqa: B006
    report: Annotated[
        Path | None,
        typer.Option(help="An earlier report (.html) of the draft: its ticks, notes and ratings."),
    ] = None,
    reviewer: Annotated[str, typer.Option(help="Who answers for the report, by name.")] = "",
    data: Data = None,
    read_only: ReadOnly = False,
    as_json: AsJson = False,
) -> None:
    """Check whether a quote, or everything that a draft quotes, stands in its source.

    A draft is a .txt, .md, .html, .pdf or .docx. Exit codes: 0 everything was checked and is good;
    1 something is wrong; 2 nothing could be checked, or something could not be read.
    """
    try:
        settings = settings_for(data, read_only)
        limits = Limits.of(settings)
        draft = None if as_quote else _draft(quote, limits)
        if draft is None:
            _refuse_for_quote(article, (source, only_sources, export, report, reviewer))
            named = article[0] if article else None
            code = _quote_checked(settings, quote, (named, passage, speaker), as_json)
        else:
            _refuse_for_draft(passage, speaker)
            asked = DraftRequest.of(article, source, only_sources, export, report, reviewer, limits)
            code = _draft_checked(settings, draft, dialogue, asked, as_json)
    except FootnoteError as error:
        _fail(error)
    if code:
        raise typer.Exit(code)


def _refuse_for_quote(article: Sequence[str], of_draft: Sequence[object]) -> None:
    if len(article) > 1 or any(of_draft):
        raise InvalidInput(
            "several --article, --source, --only-sources, --export, --report and --reviewer are "
            "for a draft; this is a quote",
            code="draft_options",
        )


def _refuse_for_draft(passage: str | None, speaker: str | None) -> None:
    if passage or speaker:
        raise InvalidInput(
            "--passage and --speaker are for a quote; a draft says itself what it cites",
            code="article_of_draft",
        )


def _fail(error: FootnoteError) -> NoReturn:
    fail(error, UNCHECKED)


def _quote_checked(
    settings: Settings, quote: str, said: tuple[str | None, str | None, str | None], as_json: bool
) -> int:
    """Prints the verdict; the exit code that it means."""
    article, passage, speaker = said
    with corpus_of(settings) as corpus:
        verdict = corpus.check(quote, article_id=article, passage_id=passage, speaker=speaker)
    if as_json:
        print_json(CheckOut.of(verdict).model_dump())
    else:
        print_verdict(verdict)
    return WRONG if verdict.verdict in BAD else GOOD


def _draft_checked(
    settings: Settings, draft: DraftText, dialogue: bool, asked: DraftRequest, as_json: bool
) -> int:
    """Prints the report and writes what is handed over; the exit code that it means."""
    with corpus_of(settings) as corpus:
        report = corpus.check_text(
            draft.text, dialogue=dialogue, against=asked.against, beside=asked.documents
        )
    asked.write(report, draft)
    if as_json:
        read = {"name": draft.name, "kind": draft.kind, "notes": list(draft.notes)}
        print_json({"draft": read, **CheckTextOut.of(report).model_dump()})
    else:
        print_report(report, draft)
    return _CODES[report.outcome]


def _draft(quote: str, limits: Limits) -> DraftText | None:
    """The draft when the argument names one; None when it is itself the quote."""
    if quote == "-":
        return read_draft_text(sys.stdin.buffer.read(), "standard input", limits)
    try:
        path = Path(quote)
        is_file, is_folder = path.is_file(), path.is_dir()
    except (OSError, ValueError):  # a quote may be too long for a file name
        return None
    if is_file:
        return _read(path, limits)
    if is_folder:
        raise _no_draft(f"{quote} is a folder; name a file in it", quote)
    if _looks_like_path(quote):
        raise _no_draft(f"there is no file {quote}", quote)
    return None


def _read(path: Path, limits: Limits) -> DraftText:
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InvalidInput(f"{path} cannot be read: {reason}", code="unreadable") from error
    return read_draft_text(data, path.name, limits)


def _looks_like_path(quote: str) -> bool:
    """Whether words are a file's name: "./piece.md", "my piece.docx"; not "3.5", "and so on."."""
    if len(quote) > _LONGEST_PATH or "\n" in quote:
        return False
    return bool(_PATH.fullmatch(quote) or _DOCUMENT.fullmatch(quote))


def _no_draft(reason: str, quote: str) -> NotFound:
    return NotFound(
        f'{reason}. If these words are a quote: qa check --quote "{quote}"', code="no_draft"
    )
