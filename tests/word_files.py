"""Word files for tests, made of their parts as Word writes them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def word_file(body: str, parts: Mapping[str, str] | None = None, before: str = "") -> bytes:
    """A .docx with this body, and other parts by name: "footnotes" -> its elements."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr("word/document.xml", before + _part("document", f"<w:body>{body}</w:body>"))
        for name, inner in (parts or {}).items():
            packed.writestr(f"word/{name}.xml", _part(name, inner))
    return made.getvalue()


def with_links(made: bytes, **targets: str) -> bytes:
    """The file with the addresses of its links."""
    stream = io.BytesIO(made)
    with zipfile.ZipFile(stream, "a") as packed:
        inner = (f'<Relationship Id="{id_}" Target="{to}"/>' for id_, to in targets.items())
        written = f"<Relationships>{''.join(inner)}</Relationships>"
        packed.writestr("word/_rels/document.xml.rels", written)
    return stream.getvalue()


def paragraph(*runs: str, style: str = "") -> str:
    """A paragraph of runs, which are texts or elements."""
    inner = "".join(run if run.startswith("<") else f"<w:r><w:t>{run}</w:t></w:r>" for run in runs)
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{properties}{inner}</w:p>"


def _part(name: str, inner: str) -> str:
    return f'<w:{name} xmlns:w="{_W}" xmlns:r="{_R}">{inner}</w:{name}>'
