"""What a page or a report carries along, so that a later check goes on from it.

Nothing of anybody's draft stays on the server: what was found, the marks and the sources that came
beside the draft travel in the page's own form and in the file that is handed over. What was found
is sealed, with a key that this process alone has: of a file that somebody has changed, of another
server or an earlier start of this one, the marks count alone, and all is checked anew.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import secrets
import zlib
from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter, ValidationError

from qa.check.beside_draft import MAX_BESIDE
from qa.check.earlier import Earlier
from qa.errors import InvalidInput
from qa.handover.reviewer_marks import Mark
from qa.ingest import canonical
from qa.types import STATED, Article, Document

_KEY = secrets.token_bytes(32)
_MAX_UNPACKED = 16 * 1024 * 1024  # bytes
_MAX_EARLIER = 4 * 1024 * 1024  # of more than this all is checked anew
_WITHIN = re.compile(rb'id="footnote-report"[^>]{0,100}>([A-Za-z0-9+/=\s]*)<')


@dataclass(frozen=True, slots=True)
class BesideText:
    """The text of a source that came beside a draft, and what it states."""

    name: str
    text: str
    title: str | None = None
    url: str | None = None
    publisher: str | None = None
    author: str | None = None
    authors: tuple[str, ...] = ()
    published: str | None = None
    language: str | None = None
    pages: tuple[int, ...] = ()

    @classmethod
    def of(cls, document: Document) -> BesideText:
        article = document.article
        name = document.origin or article.id
        return cls(name, article.text, pages=article.pages, **article.stated())

    def document(self) -> Document:
        """The document that it was made of, without its input."""
        stated = {name: getattr(self, name) for name in STATED}
        stem = self.name.rpartition("/")[2]
        id_ = stem.rpartition(".")[0] or stem or "source"
        article = Article(id=id_, text=canonical(self.text), pages=self.pages, **stated)
        return Document(article, raw=b"", media_type="text/plain", origin=self.name)


@dataclass(frozen=True, slots=True)
class Carried:
    """What is known from before: marks, sources, and what was found, if that can be trusted."""

    marks: dict[str, Mark] = field(default_factory=dict)
    sources: tuple[BesideText, ...] = ()
    earlier: Earlier | None = None

    def packed(self) -> str:
        """All of it as letters and digits."""
        found = _EARLIER.dump_json(self.earlier) if self.earlier else b""
        found = found if len(found) <= _MAX_EARLIER else b""
        written = _Packed(self.marks, self.sources, found.decode(), _seal(found))
        return base64.b64encode(zlib.compress(_PACKED.dump_json(written), 6)).decode()

    @classmethod
    def unpacked(cls, packed: str | bytes) -> Carried:
        """What was packed; nothing for "". Raises InvalidInput for what never was."""
        if not packed.strip():
            return cls()
        try:
            stream = zlib.decompressobj()
            data = stream.decompress(base64.b64decode(packed), _MAX_UNPACKED)
            if stream.unconsumed_tail:
                raise ValueError("too long")
            read = _PACKED.validate_json(data)
        except (binascii.Error, zlib.error, ValidationError, ValueError) as error:
            raise InvalidInput("this is no report of an earlier check") from error
        if len(read.sources) > MAX_BESIDE:
            raise InvalidInput(f"at most {MAX_BESIDE} sources are taken beside a draft")
        found = read.earlier.encode()
        sealed = found and hmac.compare_digest(read.seal, _seal(found))
        return cls(read.marks, read.sources, _EARLIER.validate_json(found) if sealed else None)

    @classmethod
    def of_report(cls, data: bytes) -> Carried:
        """What a report in HTML carries. Raises InvalidInput for another file."""
        found = _WITHIN.search(data)
        if found is None:
            raise InvalidInput(
                "this is no report of an earlier check: give the .html that was saved"
            )
        return cls.unpacked(found[1])


@dataclass(frozen=True, slots=True)
class _Packed:
    marks: dict[str, Mark]
    sources: tuple[BesideText, ...]
    earlier: str
    seal: str


_PACKED: TypeAdapter[Any] = TypeAdapter(_Packed)
_EARLIER: TypeAdapter[Any] = TypeAdapter(Earlier)


def _seal(found: bytes) -> str:
    return hmac.new(_KEY, found, hashlib.sha256).hexdigest()
