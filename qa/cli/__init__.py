"""The command line: `qa`. Every command takes --data and --json.

Exit codes: 0 all well; 1 something was refused, not found, or wrong (and is named); 2 the command
itself is not right; 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import sys

import typer

from qa.cli.commands import COMMANDS, Commands
from qa.cli.output import fail
from qa.errors import FootnoteError

app = typer.Typer(
    name="qa",
    cls=Commands,
    help="Footnote: ask a collection of articles; every answer with its exact place in the source.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for command in COMMANDS.values():
    app.command(command.name, help=command.help)(command.stands_in)


def main() -> None:
    """Runs the command; an error of ours is one line, not a traceback."""
    try:
        app()
    except FootnoteError as error:
        fail(error)
    except BrokenPipeError:  # `qa list | head`
        sys.stderr.close()
    except Exception as error:  # a disk's refusal too is one line
        from qa.storage.disk import refused  # with the indexes; the command had them anyway

        fault = refused(error)
        if fault is None:
            raise
        fail(fault)


__all__ = ["app", "main"]
