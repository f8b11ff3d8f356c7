"""`qa mcp`."""

from __future__ import annotations

import sys

import anyio

from qa.cli.options import AsJson, Data, corpus_of, settings_for
from qa.cli.output import err
from qa.corpus import Corpus
from qa.errors import InvalidInput


def mcp(data: Data = None, as_json: AsJson = True) -> None:
    """Serve an assistant on standard input and output, over the Model Context Protocol.

    It speaks JSON with and without --json.
    """
    try:
        from qa.mcp import assistant
    except ImportError as error:
        raise InvalidInput(
            "this needs the official SDK: pip install 'footnote-qa[mcp]'", code="no_mcp"
        ) from error
    with corpus_of(settings_for(data, read_only=True)) as corpus:

        def followed() -> Corpus:
            corpus.follow()  # `qa add` or a service may have written since
            return corpus

        if sys.stdin.isatty():
            err.print("An assistant starts this and speaks to it; see docs/mcp.md. Ctrl-C ends it.")
        anyio.run(assistant(followed).run_stdio_async)
