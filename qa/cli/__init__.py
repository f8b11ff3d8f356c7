"""The command line: `qa`. Every command takes --data and --json.

exit_codes.py says how a command ends, and docs/cli.md what that means.
"""

from __future__ import annotations

import sys
from typing import Annotated, NoReturn

import typer
from rich.text import Text
from typer.exceptions import TyperException

from qa.cli.commands import COMMANDS, HELP_NAMES, Commands
from qa.cli.exit_codes import ExitCode
from qa.cli.output import err, fail, fail_with
from qa.cli.streams import Unwritten, let_go, watched
from qa.errors import FootnoteError

app = typer.Typer(
    name="qa",
    cls=Commands,
    context_settings=HELP_NAMES,
    help="Footnote: ask a collection of articles; every answer with its exact place in the source.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
for command in COMMANDS.values():
    app.command(command.name, help=command.help)(command.stands_in)


def _say_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"footnote-qa {version('footnote-qa')}")
        raise typer.Exit


@app.callback()
def _before(
    version: Annotated[
        bool,
        typer.Option("--version", "-V", callback=_say_version, is_eager=True, help="The version."),
    ] = False,
) -> None:
    """What stands before the name of a command."""


def main() -> NoReturn:
    """Runs the command; an error is one line, not a traceback."""
    try:
        with watched():
            code = _code()
    except Unwritten as error:
        code = _of_output(error.__cause__)
        let_go()
    sys.exit(code)


def _code() -> int | str | None:
    try:
        return _run()
    except SystemExit as end:
        return end.code


def _run() -> int | None:
    """Runs the command; gives its exit code, or raises SystemExit with it."""
    try:
        ended: int | None = app(prog_name="qa", standalone_mode=False)
        return ended
    except Unwritten:
        raise
    except TyperException as error:
        error.message = error.message.removeprefix("Value error, ")  # Pydantic's, before ours
        if "--json" in sys.argv:
            fail_with("usage", error.format_message(), ExitCode.UNUSABLE)
        error.show()  # type: ignore[attr-defined]
        return error.exit_code
    except FootnoteError as error:
        fail(error)
    except Exception as error:  # a disk's refusal too is one line
        from qa.storage.disk import refused  # with the indexes; the command had them anyway

        fault = refused(error)
        if fault is None:
            raise
        fail(fault)


def _of_output(fault: BaseException | None) -> ExitCode:
    """What a command ends with whose output could not be written. Who closed a pipe is not told."""
    if isinstance(fault, BrokenPipeError):
        return ExitCode.UNREAD
    reason = fault.strerror if isinstance(fault, OSError) else fault
    err.print(Text.assemble(("error:", "red"), f" the output cannot be written: {reason}"))
    return ExitCode.WRONG


__all__ = ["app", "main"]
