"""The exit codes of every command; docs/cli.md has them in one table."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """How a command ended, for scripts."""

    GOOD = 0  # all well
    WRONG = 1  # something was refused, not found, altered, or wrong, and is named
    UNUSABLE = 2  # the command itself is not right; of `qa check`: something could not be checked
    STOPPED = 130  # by Ctrl-C: 128 and the number of SIGINT, as shells have it
    UNREAD = 141  # whoever read the output has gone (`| head`): 128 and that of SIGPIPE
