"""RIS, which reference managers and publishers export -> records such as CSL-JSON has."""

from __future__ import annotations

import re
from typing import Any

_LINE = re.compile(r"([A-Z][A-Z0-9]) {1,2}-(?: (.*))?")
# By field of a record, the tags that have it, best first.
_TAGS = {
    "title": ("TI", "T1", "CT", "BT"),
    "container-title": ("T2", "JF", "JO", "JA", "J2"),
    "publisher": ("PB",),
    "DOI": ("DO",),
    "URL": ("UR", "LK"),
    "language": ("LA",),
    "volume": ("VL",),
    "issue": ("IS",),
    "page": ("SP",),
}


def read_ris(text: str) -> list[dict[str, Any]]:
    """The entries of a file, each with the `files` that it names."""
    records: list[dict[str, Any]] = []
    fields: dict[str, list[list[str]]] = {}  # the values of each tag, in lines
    last = ""
    for line in text.splitlines():
        found = _LINE.fullmatch(line.rstrip().removeprefix("\ufeff"))
        if not found:
            if last and line.strip():  # a long value goes on
                fields[last][-1].append(line.strip())
            continue
        last = found[1]
        if last == "ER":
            records.append(_record(fields))
            fields, last = {}, ""
        else:
            fields.setdefault(last, []).append([(found[2] or "").strip()])
    return [*records, _record(fields)] if fields else records


def _record(lines: dict[str, list[list[str]]]) -> dict[str, Any]:
    fields = {tag: [" ".join(value) for value in values] for tag, values in lines.items()}
    first = {tag: next(filter(None, values), "") for tag, values in fields.items()}
    record: dict[str, Any] = {
        name: next((first[tag] for tag in tags if first.get(tag)), "")
        for name, tags in _TAGS.items()
    }
    people = [*fields.get("AU", ()), *fields.get("A1", ())]
    record["author"] = [" ".join(reversed(_parts(name))) for name in people if name]
    record["issued"] = _day(next((first[tag] for tag in ("DA", "Y1", "PY") if first.get(tag)), ""))
    record["keywords"] = [word for word in fields.get("KW", ()) if word]
    record["files"] = [path for tag in ("L1", "L2", "L4") for path in fields.get(tag, ()) if path]
    record["type"] = first.get("TY", "")
    return {name: value for name, value in record.items() if value}


def _parts(name: str) -> list[str]:
    """ "Petrić, Ana" -> Petrić, Ana; a suffix stays with the name that it is of."""
    last, *rest = (part.strip() for part in name.split(","))
    return [" ".join([last, *rest[1:]]), *rest[:1]]


def _day(written: str) -> str:
    """A day as RIS writes it, in ISO 8601: "2024/03/05/" -> "2024-03-05", "2024///" -> "2024"."""
    parts = [part.strip() for part in written.split("/")[:3]]
    if "/" not in written or not parts[0].isdecimal():
        return written
    kept = [parts[0]]
    for part in parts[1:]:
        if not part.isdecimal():
            break
        kept.append(part.zfill(2))
    return "-".join(kept)
