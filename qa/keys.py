"""Keys: who may call the service, and whether they may write."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from qa.errors import InvalidInput

SHORTEST = 16
# Who calls when no key is asked for: the name stands in the audit log.
LOCAL = "local"
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,40}")
_MAKE_ONE = 'python -c "import secrets; print(secrets.token_urlsafe(24))"'


@dataclass(frozen=True, slots=True)
class Key:
    """A key, by the name that stands in the log; `secret` is never shown."""

    name: str
    secret: bytes = field(repr=False)
    writes: bool = True


def read_keys(given: Iterable[str]) -> list[Key]:
    """The keys of QA_API_KEYS: `NAME:ro:KEY`, `NAME:rw:KEY`, or a bare KEY that may write.

    Raises InvalidInput for a key that is short, stands twice, or has a form that nobody meant.

    >>> [(key.name, key.writes) for key in read_keys(["desk:ro:0123456789abcdef"])]
    [('desk', False)]
    """
    keys = [_key(text, number) for number, text in enumerate(given, 1)]
    for what in ("name", "secret"):
        if len({getattr(key, what) for key in keys}) < len(keys):
            raise _refused(f"two keys have the same {what}")
    return keys


def _key(text: str, number: int) -> Key:
    name, role, secret = f"key{number}", "rw", text
    if ":" in text:
        # Never taken for one long key: "desk:r0:…", with a slip in it, would be allowed to write.
        parts = text.split(":", 2)
        if len(parts) < 3 or parts[1] not in ("ro", "rw") or not _NAME.fullmatch(parts[0]):
            raise _refused(
                f"key {number} is not of the form NAME:ro:KEY or NAME:rw:KEY, where NAME has up to "
                "40 letters, digits, `_`, `.` or `-`"
            )
        name, role, secret = parts
    if name == LOCAL:
        raise _refused(f"no key may be called {LOCAL!r}: that is who calls without one")
    if len(secret) < SHORTEST:
        raise _refused(
            f"key {number} has {len(secret)} characters and needs {SHORTEST}; make one with: "
            f"{_MAKE_ONE}"
        )
    return Key(name, secret.encode(), role == "rw")


def _refused(reason: str) -> InvalidInput:
    return InvalidInput(f"QA_API_KEYS: {reason}", code="invalid_keys")
