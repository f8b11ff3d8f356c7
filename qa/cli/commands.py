"""The commands by name, each in a module that is loaded when it is called.

`qa --help` loads none of them: with them come faiss, tantivy and Pydantic, and it would take five
times as long. So the modules of the commands import what they need at their top like any other.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any, NamedTuple

import typer
from typer.core import TyperGroup
from typer.main import get_command

# Of every command; the first is what an error of usage names.
HELP_NAMES = {"help_option_names": ["-h", "--help"]}


class LazyCommand(NamedTuple):
    """A command, where its function is, and what `qa --help` says of it."""

    name: str
    place: str  # "ask_command.ask": a function of qa/cli/ask_command.py
    help: str  # the beginning of the function's docstring; a test compares them

    @staticmethod
    def stands_in() -> None:
        """What the command has for a function in the list of all of them."""

    def load(self) -> Any:
        """The command with its options."""
        module, _, function = self.place.partition(".")
        alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
        alone.command(self.name, context_settings=HELP_NAMES)(
            getattr(import_module(f"qa.cli.{module}"), function)
        )
        return get_command(alone)


_LISTED = (
    (
        "add",
        "add_command.add",
        "Add articles: text, web pages, PDF, office, mail, tables, feeds, JSON; folders of them.",
    ),
    (
        "fetch",
        "fetch_command.fetch",
        "Fetch one page from the web, and add it: nothing that it links to, nothing behind a "
        "login.",
    ),
    (
        "ask",
        "ask_command.ask",
        "Ask a question; get the answering sentence and the passages, each with its footnote.",
    ),
    ("related", "ask_command.related", "Find passages about the same matter."),
    (
        "check",
        "check_command.check",
        "Check whether a quote, or everything that a draft quotes, stands in its source.",
    ),
    (
        "list",
        "list_command.list_articles",
        "List the articles, or those that are meant: a table; for other programs, lines with tabs.",
    ),
    ("show", "corpus_commands.show", "Show an article: what is known of it, and its text."),
    (
        "edit",
        "edit_command.edit",
        "Correct what is known of articles: author, date and the like, and no text.",
    ),
    ("remove", "corpus_commands.remove", "Remove articles."),
    (
        "export",
        "export_command.export",
        "Write articles as JSON Lines, which `qa add` takes back: texts, and all that is stated.",
    ),
    (
        "jobs",
        "jobs_command.jobs",
        "List the bulk additions that were sent to the service; see, cancel or retry one.",
    ),
    ("serve", "serve_command.serve", "Serve the HTTP API and the pages."),
    (
        "work",
        "work_command.work",
        "Work on bulk additions that services took, until it is stopped; on any number of "
        "machines.",
    ),
    (
        "mcp",
        "mcp_command.mcp",
        "Serve an assistant on standard input and output, over the Model Context Protocol.",
    ),
    (
        "eval",
        "eval_command.measure",
        "Measure answers to judged questions: nDCG@10, Recall, MRR, sentences, confidence, "
        "latency.",
    ),
    (
        "calibrate",
        "calibrate_command.calibrate",
        "Fit the confidence to a collection's own judged questions.",
    ),
    (
        "status",
        "corpus_commands.status",
        "Show counts, generation, encoder, sizes, and the result of an integrity check.",
    ),
    (
        "reindex",
        "corpus_commands.reindex",
        "Build the indexes anew; embed everything anew when encoder or chunking have changed.",
    ),
    (
        "backup",
        "backup_command.backup",
        "Write the corpus as it is now to one file; a running service goes on meanwhile.",
    ),
    (
        "restore",
        "backup_command.restore",
        "Bring a corpus back from a backup; stop the service first.",
    ),
    (
        "copy",
        "copy_command.copy",
        "Copy a corpus to another place: from a folder to a database, or back.",
    ),
)
COMMANDS = {name: LazyCommand(name, place, said) for name, place, said in _LISTED}


class Commands(TyperGroup):
    """The group of all commands, which loads the one that is called."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The name of the command that is called, the command, and what is left of the line."""
        name, command, rest = super().resolve_command(ctx, args)
        return name, COMMANDS[name].load() if name else command, rest
