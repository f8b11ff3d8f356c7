"""A Unix socket to serve on: for a proxy on the same machine, guarded by the rights of a file."""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from pathlib import Path

from qa.errors import InvalidInput

BACKLOG = 2048  # as uvicorn's own
_RIGHTS = 0o660  # the owner's and the group's, which a proxy may be of


def listen_at(path: Path) -> socket.socket:
    """A socket that listens, in place of one that a killed server has left.

    Raises InvalidInput where somebody listens, and where something else stands.
    """
    if not hasattr(socket, "AF_UNIX"):
        raise InvalidInput("Python has no Unix sockets on this system", code="cannot_bind")
    _make_room(path)
    listener = socket.socket(socket.AF_UNIX)
    before = os.umask(0o777 - _RIGHTS)  # else anybody could come in until the rights are set
    try:
        listener.bind(str(path))
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        message = f"cannot serve on {path}: {error.strerror or error}"
        raise InvalidInput(message, code="cannot_bind") from error
    finally:
        os.umask(before)
    listener.set_inheritable(True)
    return listener


def _make_room(path: Path) -> None:
    if not path.is_socket():
        return
    with socket.socket(socket.AF_UNIX) as probe, suppress(OSError):
        probe.connect(str(path))
        message = f"{path} is in use: stop what listens there, or choose another with --uds"
        raise InvalidInput(message, code="port_in_use")
    path.unlink(missing_ok=True)
