"""A zip file of XML parts, as offices and publishers write them, read within a limit."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import lxml.etree

from qa.errors import InvalidInput
from qa.ingest.documents import Blob
from qa.ingest.limits import check_size

Element = Any  # lxml has no types of its own


class Packed:
    """The parts of a file; what they take unpacked counts, so that a bomb stops here."""

    def __init__(self, blob: Blob) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(blob.data))
        except (zipfile.BadZipFile, NotImplementedError) as error:
            raise InvalidInput(f"no file of this kind: {error}"[:300], code="binary") from error
        self._left = blob.limits.raw_bytes
        self.names = dict.fromkeys(self._zip.namelist())  # in their order

    def read(self, path: str) -> bytes | None:
        """A part as it is; None when there is none."""
        if path not in self.names:
            return None
        try:
            with self._zip.open(path) as file:
                data = file.read(self._left + 1)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
            raise InvalidInput(f"it is damaged or locked: {error}"[:300], code="binary") from error
        self._left -= len(data)
        if self._left < 0:
            check_size(-self._left, 0, "the unpacked file")
        return data

    def tree(self, path: str) -> Element | None:
        """A part as a tree."""
        data = self.read(path)
        return None if data is None else xml(data)


def xml(data: bytes) -> Element:
    """The root of an XML text. Raises InvalidInput when it is none, or declares entities."""
    parser = lxml.etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False
    )
    try:
        root = lxml.etree.fromstring(data, parser)
    except (lxml.etree.LxmlError, ValueError) as error:
        raise InvalidInput(f"its XML is damaged: {error}"[:300], code="binary") from error
    if root.getroottree().docinfo.internalDTD is not None and b"<!ENTITY" in data:
        raise InvalidInput("it declares entities of its own", code="binary")
    return root


def local(element: Element) -> str:
    """The name of an element without its namespace; "" of a comment."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def texts(root: Element | None, keep: Callable[[str], bool]) -> dict[str, list[str]]:
    """What the elements with such names say, by name: {"creator": ["Ana Petric"]}."""
    found: dict[str, list[str]] = {}
    for element in () if root is None else root.iter():
        said = " ".join("".join(element.itertext()).split()) if keep(local(element)) else ""
        if said:
            found.setdefault(local(element), []).append(said)
    return found
