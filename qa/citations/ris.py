"""RIS, which programs for references import."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from qa.citations.works import Work


def ris(works: Iterable[Work]) -> str:
    """A record for each work, with a note for each of its places; lines end with CR LF."""
    return "\r\n".join(line for work in works for line in _record(work)) + "\r\n"


def _record(work: Work) -> list[str]:
    fields = [
        ("TY", "ELEC" if work.url else "GEN"),
        ("ID", work.key),
        *(("AU", name) for name in work.authors if name),
        ("TI", work.title),
        ("PB", work.publisher),
        ("PY", "".join(work.published[:1])),
        ("DA", _date(work.published)),
        ("UR", work.url),
        ("Y2", _date(work.accessed)),
        ("LA", work.language),
        *(("N1", note) for note in work.notes),
    ]
    return [*(f"{tag}  - {value}" for tag, value in fields if value), "ER  - "]


def _date(parts: Sequence[str]) -> str:
    """A date as RIS writes it, with its slashes where it ends early.

    >>> _date(("2024", "05", "02")), _date(("2024",)), _date(())
    ('2024/05/02/', '2024///', '')
    """
    year, month, day = (*parts, "", "", "")[:3]
    return f"{year}/{month}/{day}/" if year else ""
