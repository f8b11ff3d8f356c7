"""Subtitles (SRT, WebVTT) -> `Document`: what is said, without numbers and times."""

from __future__ import annotations

import re

from qa.errors import InvalidInput
from qa.ingest.canonical_text import canonical
from qa.ingest.decode import decode
from qa.ingest.documents import Blob, Extraction, build_document
from qa.ingest.stated.fields import Metadata
from qa.types import Document

_CUE = re.compile(r"((?:\d{1,3}:)?\d{1,2}:\d{2}[.,]\d{1,3})[ \t]+-->[ \t]+\S.*")
_MARK = re.compile(r"</?[a-zA-Z][^<>\n]{0,200}>|<[\d:.]{1,20}>|\{\\[^{}\n]{1,100}\}")
_VOICE = re.compile(r"<v(?:\.[^ >\n]{1,100})?[ \t]+([^<>\n]{1,100})>")
_MOST = 1500  # cues that `extra` has room for; of more, every second or third
_END = re.compile(r"[.!?…][\"'”’»)]*\Z")


def read(blob: Blob) -> Document:
    """The document of a file of subtitles; `extra` has the time of each cue with its place."""
    decoded = decode(blob.data)
    blocks = re.split(r"\n[ \t]*\n", canonical(decoded.text))
    text, times, speaker = "", list[list[object]](), ""
    for block in blocks:
        lines = block.split("\n")
        at = next((n for n, line in enumerate(lines[:2]) if _CUE.fullmatch(line.strip())), None)
        if at is None:
            continue  # the head, a style, a note
        said = " ".join(lines[at + 1 :])
        voice = _VOICE.search(said)
        said = " ".join(_MARK.sub("", said).split())
        if not said:
            continue
        other = voice is not None and voice[1].strip() != speaker
        if voice and other:
            speaker = voice[1].strip()
            said = f"{speaker}: {said}"
        if text:
            text += "\n" if other or said.startswith(("-", "–", "—")) or _END.search(text) else " "
        found = _CUE.fullmatch(lines[at].strip())
        assert found is not None
        times.append([len(text), found[1].replace(",", ".").partition(".")[0]])
        text += said
    if not times:
        raise InvalidInput("no cues in it: a time, an arrow and a line each", code="empty")
    extra = {"cues": times} if len(times) <= _MOST else {"cues": times[:: len(times) // _MOST + 1]}
    extraction = Extraction("text/vtt", decoded.encoding, notes=decoded.notes)
    return build_document(blob, text, Metadata(extra=extra), extraction)
