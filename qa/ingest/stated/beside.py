"""What is stated of a file beside it: on the command line, or in a sidecar (name.meta.yaml)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from qa.errors import InvalidInput
from qa.ingest.limits import refuse_oversized
from qa.ingest.markdown.front_matter import split
from qa.ingest.stated.fields import Metadata, fields_by_hand
from qa.types import STATED, Document, Refused

SIDECAR = ".meta.yaml"


def sidecar_of(path: Path) -> Path | None:
    """The file that states something of another: report.meta.yaml or report.pdf.meta.yaml."""
    names = (f"{path.name}{SIDECAR}", f"{path.stem}{SIDECAR}")
    return next((beside for name in names if (beside := path.with_name(name)).is_file()), None)


def is_sidecar(name: str) -> bool:
    """Whether a file's name says that it states something of another."""
    return name.lower().endswith(SIDECAR)


def read_sidecar(path: Path) -> Metadata:
    """What a sidecar states. Raises InvalidInput."""
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(f"{path.name}: {error}"[:300], code="unreadable") from error
    try:
        front, _ = split(f"---\n{text.strip()}\n---\n")
        meta = fields_by_hand(front)
        refuse_oversized(meta)
    except InvalidInput as error:
        raise InvalidInput(f"{path.name}: {error.message}", code=error.code) from error
    if not front:
        raise InvalidInput(f"{path.name} states nothing: write title: …", code="bad_front_matter")
    return meta


def with_stated(document: Document, given: Metadata, *, over: bool = False) -> Document:
    """The document with what is stated of it beside it.

    It fills in what the file does not state; `over`, it stands before what the file states.
    """
    own = document.article
    fields = {name: getattr(given, name) for name in STATED}
    fields = {
        name: value for name, value in fields.items() if value and (over or not getattr(own, name))
    }
    tags = tuple(dict.fromkeys([*own.tags, *given.tags]))
    extra = {**own.extra, **given.extra} if over else {**given.extra, **own.extra}
    article = replace(own, **fields, tags=tags, extra=extra)
    document = replace(document, notes=document.notes + given.notes)
    if not (over and given.id):
        return replace(document, article=article)
    return replace(document, article=replace(article, id=given.id), named=False)


def completed(
    item: Document | Refused, given: Metadata | None, beside: Metadata | None
) -> Document | Refused:
    """An input with what its sidecar and, after that, the command line state of it."""
    if isinstance(item, Refused):
        return item
    if beside:
        item = with_stated(item, beside, over=True)
    return with_stated(item, given) if given else item
