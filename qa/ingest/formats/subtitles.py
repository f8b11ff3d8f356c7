"""Subtitles (SRT, WebVTT) -> `Document`: what is said, without numbers and times."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from qa.errors import InvalidInput
from qa.ingest.canonical_text import canonical
from qa.ingest.decode import decode
from qa.ingest.documents import Blob, Extraction, build_document
from qa.ingest.stated.fields import Metadata
from qa.types import Document

_CUE = re.compile(r"((?:\d{1,3}:)?\d{1,2}:\d{2})[.,]\d{1,3}[ \t]+-->[ \t]+\S.*")
_MARK = re.compile(r"</?[a-zA-Z][^<>\n]{0,200}>|<[\d:.]{1,20}>|\{\\[^{}\n]{1,100}\}")
_VOICE = re.compile(r"<v(?:\.[^ >\n]{1,100})?[ \t]+([^<>\n]{1,100})>")
_NOTE = re.compile(r"(?:NOTE|STYLE|REGION)\b")
_WORD_TIME = re.compile(r"<\d\d:\d\d:\d\d")  # of captions that a program wrote, word by word
_MOST = 1500  # cues that `extra` has room for; of more, every second or third
_ENDING = 8  # characters
_END = re.compile(r"[.!?…][\"'”’»)]*\Z")


class _Cue(NamedTuple):
    time: str  # "00:12:31"
    speaker: str
    said: str


def read(blob: Blob) -> Document:
    """The document of a file of subtitles; `extra` has the time of each cue with its place.

    {"cues": [[0, "00:00:01"], [26, "00:12:31"]]}: passages are cited with these (qa.citations).
    """
    decoded = decode(blob.data, told=blob.limits.encoding)
    parts, times, length, speaker = list[str](), list[tuple[int, str]](), 0, ""
    for cue in _cues(canonical(decoded.text)):
        other = cue.speaker not in ("", speaker)
        said = f"{cue.speaker}: {cue.said}" if other else cue.said
        speaker = cue.speaker or speaker
        if parts:
            ended = other or said.startswith(("-", "–", "—")) or _END.search(parts[-1][-_ENDING:])
            parts.append("\n" if ended else " ")
            length += 1
        times.append((length, cue.time))
        parts.append(said)
        length += len(said)
    if not times:
        raise InvalidInput("no cues in it: a time, an arrow and a line each", code="empty")
    every = -(-len(times) // _MOST)
    notes = (f"the times of one cue in {every} are kept",) if every > 1 else ()
    extraction = Extraction("text/vtt", decoded.encoding, notes=(*decoded.notes, *notes))
    meta = Metadata(extra={"cues": [list(time) for time in times[::every]]})
    return build_document(blob, "".join(parts), meta, extraction)


def _cues(text: str) -> Iterator[_Cue]:
    """The cues that say something; what rolls up from the cue before is said once."""
    rolls, last = _WORD_TIME.search(text) is not None, ""
    lines = [*text.split("\n"), "", ""]
    found = [(n, cue[1]) for n, line in enumerate(lines) if (cue := _CUE.fullmatch(line.strip()))]
    ends = [*(at for at, _ in found[1:]), len(lines)]
    for (at, time), end in zip(found, ends, strict=False):
        written = _written(lines[at + 1 : end])
        voice = _VOICE.search(" ".join(written))
        shown = [" ".join(_MARK.sub("", line).split()) for line in written]
        shown = [line for line in shown if line]
        before, last = last, shown[-1] if shown else last
        if rolls and shown[:1] == [before]:
            del shown[0]
        if shown:
            yield _Cue(_clock(time), voice[1].strip() if voice else "", " ".join(shown))


def _written(lines: list[str]) -> list[str]:
    """The lines of a cue, of those up to the next one: without its number, and notes between."""
    last = lines[-1:]
    if last and last[0].strip() and not "".join(lines[-2:-1]).strip():
        lines = lines[:-1]
    kept, in_note = list[str](), False
    for line in lines:
        in_note = bool(line.strip()) and (in_note or _NOTE.match(line) is not None)
        if not in_note:
            kept.append(line)
    return kept


def _clock(stated: str) -> str:
    """A time in hours, minutes and seconds: "01:02" -> "00:01:02"."""
    return ":".join(part.zfill(2) for part in ["0", *stated.split(":")][-3:])
