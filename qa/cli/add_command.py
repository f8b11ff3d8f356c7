"""`qa add`."""

from __future__ import annotations

import dataclasses
import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

import qa
from qa.cli.add_report import Report
from qa.cli.exit_codes import ExitCode
from qa.cli.options import AsJson, Data, corpus_of, settings_for
from qa.cli.output import err, out, print_json
from qa.cli.progress import bar
from qa.corpus import Corpus
from qa.errors import InvalidInput
from qa.ingest import (
    Input,
    Limits,
    completed,
    find_inputs,
    read_input,
    read_sidecar,
    read_stream,
    sidecar_of,
    stated_in_lists,
)
from qa.ingest.stated.fields import Metadata, fields_by_hand
from qa.ingest.web.fetching import shown_url
from qa.types import Document, Refused

_STATED = "Where they do not state one."
_RECORD = re.compile(r"[:#]\d+\Z")  # of an origin: "corpus.jsonl:317"
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
Stated = Annotated[str | None, typer.Option(help=_STATED)]
StatedAuthor = Annotated[list[str] | None, typer.Option("--author", help=_STATED)]
StatedDate = Annotated[str | None, typer.Option("--date", help=_STATED)]
StatedTag = Annotated[list[str] | None, typer.Option("--tag", help="A tag of all of them.")]


@dataclass(frozen=True, slots=True)
class Stating:
    """How files are read: within what limits, and what is stated beside them."""

    limits: Limits = field(default_factory=Limits)
    names: dict[str, str] = field(default_factory=dict)
    stated: Metadata = field(default_factory=Metadata)


def add(
    paths: Annotated[
        list[str] | None, typer.Argument(help="Files, folders, or - for standard input.")
    ] = None,
    data: Data = None,
    as_json: AsJson = False,
    if_empty: Annotated[
        bool, typer.Option("--if-empty", help="Do nothing when there are articles already.")
    ] = False,
    encoding: Annotated[
        str | None, typer.Option(help="In which the files are, where they do not say: cp1251.")
    ] = None,
    names: Annotated[
        list[str] | None,
        typer.Option("--map", help="What a field is called there, and here: content=text."),
    ] = None,
    publisher: Stated = None,
    author: StatedAuthor = None,
    date: StatedDate = None,
    language: Stated = None,
    tag: StatedTag = None,
    sample: Annotated[
        bool, typer.Option("--sample", help="Add five articles to try it with.")
    ] = False,
    prune: Annotated[
        bool, typer.Option("--prune", help="Take out what has gone from the folders.")
    ] = False,
) -> None:
    """Add articles: text, web pages, PDF, office, mail, tables, feeds, JSON; folders of them."""
    paths = [*(paths or []), *(sample_files() if sample else [])]
    if not paths:
        raise typer.BadParameter("name files or folders, or give --sample")
    stated = stated_of(publisher, author, date, language, tag)
    reading = Stating(names=mapping_of(names or []), stated=stated)
    settings = settings_for(data)
    with corpus_of(settings, creating=True) as corpus:
        report = Report()
        if not (if_empty and corpus.articles(limit=1)):
            limits = dataclasses.replace(Limits.of(settings), encoding=encoding)
            reading = dataclasses.replace(reading, limits=limits)
            _add(corpus, paths, reading, report, quiet=as_json)
            if prune:
                report.counts["pruned"] = len(pruned(corpus, paths, report.ids))
        report.generation = corpus.stored_generation()
    if as_json:
        print_json(report.as_json())
    elif if_empty and not report.counts:
        out.print(escape(f"The corpus in {settings.data} has articles already."))
    else:
        report.print()
    if report.counts["refused"]:
        raise typer.Exit(ExitCode.WRONG)


def sample_files() -> list[str]:
    """The articles to try it with: in a checkout the seeds, else what was installed of them."""
    package = Path(qa.__file__).parent
    seeds = package.parent / "seeds"
    folder = seeds if (seeds / "questions.jsonl").is_file() else package / "sample"
    return [str(path) for path in sorted(folder.glob("*.md")) if path.name != "README.md"]


def stated_of(
    publisher: str | None,
    author: list[str] | None,
    date: str | None,
    language: str | None,
    tag: list[str] | None,
) -> Metadata:
    """What the options state. Raises InvalidInput."""
    given = {"publisher": publisher, "author": author, "published": date, "language": language}
    return fields_by_hand({**given, "tags": tag or []})


def mapping_of(names: list[str]) -> dict[str, str]:
    """What --map says: ["content=text"] -> {"content": "text"}. Raises InvalidInput."""
    pairs = [name.partition("=") for name in names]
    for theirs, sign, ours in pairs:
        if not (theirs and sign and ours):
            raise InvalidInput(f"--map {theirs!r}: give THEIRS=OURS", code="invalid_field")
    return {theirs: ours for theirs, _, ours in pairs}


def pruned(corpus: Corpus, paths: list[str], came: set[str]) -> list[str]:
    """Takes out the articles whose files have gone from the folders; gives their ids.

    What was sent over HTTP has no folder, and what cannot be looked at may be there still.
    """
    folders = [os.path.join(os.path.abspath(path), "") for path in paths if Path(path).is_dir()]
    gone = [
        id_
        for id_, origin in corpus.files()
        if id_ not in came
        and not _ADDRESS.match(origin)
        and any(origin.startswith(folder) for folder in folders)
        and all(map(_is_gone, (origin, _RECORD.sub("", origin))))
    ]
    return corpus.remove(gone) if gone else []


def _is_gone(path: str) -> bool:
    """Whether a file is there no more, for certain: its folder may not be entered, or be a link to
    a disk that is not there; and a name that is no Unicode is stored with U+FFFD."""
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        above = next(folder for folder in Path(path).parents if os.path.lexists(folder))
        return above.exists() and "\ufffd" not in path
    except (OSError, ValueError):
        return False
    return False


def _add(
    corpus: Corpus, paths: list[str], reading: Stating, report: Report, *, quiet: bool
) -> None:
    files, listed = stated_in_lists(
        find_inputs([Path(p) for p in paths if p != "-" and not _ADDRESS.match(p)])
    )
    found = [*(_no_file(path) for path in paths if _ADDRESS.match(path)), *files]
    total = sum(item.size for item in found)
    add_all(corpus, _documents(found, listed, "-" in paths, reading), total, report, quiet=quiet)


def _no_file(address: str) -> Refused:
    shown_as = shown_url(address)
    reason = "an address: give the path of a file"
    if address.lower().startswith(("http://", "https://")):
        reason = (
            "an address: save the page in the browser (Ctrl+S) and add the file, or let "
            "`qa fetch` fetch it"
        )
    return Refused(shown_as, "is_address", reason)


def add_all(
    corpus: Corpus, items: Iterable[Document | Refused], total: int, report: Report, *, quiet: bool
) -> None:
    """Adds what comes, with a bar for its `total` bytes, and notes what became of each."""
    with bar(err, total, quiet=quiet) as adding:
        try:
            for outcome in corpus.add(items, adding.encoded):
                report.note(outcome)
                adding.stored(outcome)
        except KeyboardInterrupt:
            corpus.refresh()  # the last commit may not have been published
            err.print(
                f"\nStopped. {corpus.counts()['articles']} articles are safely stored; "
                "the same command goes on from there."
            )
            raise typer.Exit(ExitCode.STOPPED) from None


def _documents(
    found: Sequence[Input | Refused],
    listed: Mapping[Path, Metadata],
    standard_input: bool,
    reading: Stating,
) -> Iterator[Document | Refused]:
    if standard_input:
        data = sys.stdin.buffer.read()
        for item in read_stream(data, None, reading.limits, names=reading.names):
            yield completed(item, reading.stated, None)
    for file in found:
        if isinstance(file, Refused):
            yield file
            continue
        try:
            sidecar = sidecar_of(file.path)
            beside = read_sidecar(sidecar) if sidecar else listed.get(file.path)
        except InvalidInput as error:
            yield Refused(str(file.path), error.code, error.message, file.size)
            continue
        for item in read_input(file, reading.limits, reading.names):
            yield completed(item, reading.stated, beside)
