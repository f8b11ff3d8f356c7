"""`qa fetch`."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Annotated
from urllib.parse import urlsplit

import typer

from qa.cli.add_command import Stated, StatedAuthor, StatedDate, StatedTag, add_all, stated_of
from qa.cli.add_report import Report
from qa.cli.exit_codes import ExitCode
from qa.cli.options import AsJson, Data, corpus_of, settings_for
from qa.cli.output import print_json
from qa.ingest import Limits, completed, id_from_url, read_stream
from qa.ingest.stated.fields import Metadata
from qa.ingest.suffixes import KINDS, suffix_of
from qa.ingest.web.fetching import Fetched, fetched
from qa.types import Document, Refused

# What a server calls a page; of other kinds the end of the address tells, or the bytes.
_PAGES = ("text/html", "application/xhtml+xml")


def fetch(
    url: Annotated[str, typer.Argument(help="http:// or https://, on the public internet.")],
    publisher: Stated = None,
    author: StatedAuthor = None,
    date: StatedDate = None,
    language: Stated = None,
    tag: StatedTag = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Fetch one page from the web, and add it: nothing that it links to, nothing behind a login."""
    stated = stated_of(publisher, author, date, language, tag)
    settings = settings_for(data)
    limits = Limits.of(settings)
    page = fetched(url, limits.raw_bytes)
    report = Report()
    with corpus_of(settings, creating=True) as corpus:
        items = read_page_of(page, limits, stated)
        add_all(corpus, items, len(page.data), report, quiet=as_json)
    if as_json:
        print_json(report.as_json())
    else:
        report.print()
    if report.counts["refused"]:
        raise typer.Exit(ExitCode.WRONG)


def read_page_of(page: Fetched, limits: Limits, stated: Metadata) -> Iterator[Document | Refused]:
    """The documents of what was fetched; its address is theirs where they do not state one."""
    limits = replace(limits, encoding=_known(page.charset))
    name = f"{id_from_url(page.url)}{_suffix(page)}"
    for item in read_stream(page.data, name, limits):
        item = replace(item, origin=page.url)
        if isinstance(item, Document):
            item = replace(item, named=False)  # fetched again, it is the same article
        yield completed(completed(item, stated, None), Metadata(url=page.url), None)


def _suffix(page: Fetched) -> str:
    if page.media_type in _PAGES:
        return ".html"
    suffix = suffix_of(PurePosixPath(urlsplit(page.url).path).name)
    return suffix if suffix in KINDS else ""


def _known(charset: str | None) -> str | None:
    try:
        return codecs.lookup(charset).name if charset else None
    except LookupError:
        return None
