"""The address of a database: read once, and never shown with what is secret in it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from qa.errors import InvalidInput

SCHEMES = ("postgresql", "postgres")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):/")


@dataclass(frozen=True, slots=True)
class PostgresAddress:
    """Where a database is. Printed, it is hosts and name: no user, password or parameters."""

    url: str = field(repr=False)

    @classmethod
    def read(cls, given: str) -> PostgresAddress | None:
        """The address that is given; None for what is none: the name of a folder.

        Raises InvalidInput for one of another kind of database, or one that names no database. It
        does not repeat what was given: there may be a password in it.
        """
        scheme = _SCHEME.match(given.strip())
        if scheme is None or len(scheme[1]) == 1:  # C:/folder
            return None
        if scheme[1].lower() not in SCHEMES:
            raise InvalidInput(
                f"{scheme[1]}:// is no place for a corpus: give a folder, or postgresql://host/name",
                code="invalid_setting",
            )
        # A path has one slash where an address has two.
        url = re.sub(r"^[A-Za-z]+:/+", "postgresql://", given.strip())
        if not urlsplit(url).path.strip("/"):
            raise InvalidInput(
                "the address names no database: postgresql://host/name", code="invalid_setting"
            )
        return cls(url)

    def __str__(self) -> str:
        parts = urlsplit(self.url)
        hosts = parts.netloc.rpartition("@")[2]
        return f"postgresql://{hosts}/{unquote(parts.path.strip('/'))}"
