"""BibTeX and BibLaTeX, as UTF-8."""

from __future__ import annotations

from collections.abc import Iterable

from qa.citations.works import Work

# What LaTeX takes for its own. Braces by name: BibTeX counts them, also behind a backslash.
_ESCAPES = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{mark: f"\\{mark}" for mark in "&%$#_"},
    }
)
# Addresses are taken as they are, and must not unbalance the braces around them.
_IN_ADDRESSES = str.maketrans({"\\": "%5C", "{": "%7B", "}": "%7D"})
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def bibtex(works: Iterable[Work]) -> str:
    """An entry for each work, with its places as annotations, which no style prints."""
    return "\n\n".join(map(_entry, works)) + "\n"


def _entry(work: Work) -> str:
    month = work.published[1:2]
    publisher = _escaped(work.publisher or "")
    fields = {
        # Names in braces are whole: else "World Bank" would have the family name Bank.
        "author": " and ".join(f"{{{_escaped(name)}}}" for name in work.authors if name),
        "title": f"{{{_escaped(work.title)}}}" if work.title else "",  # its capitals stay
        "publisher": publisher,
        "howpublished": publisher,  # which the common styles print of a @misc
        "date": "-".join(work.published),
        "year": "".join(work.published[:1]),
        "month": _MONTHS[int(month[0]) - 1] if month else "",
        "url": (work.url or "").translate(_IN_ADDRESSES),
        "urldate": "-".join(work.accessed),
        "language": work.language or "",
        "annote": _escaped("; ".join(work.notes)),
    }
    lines = [
        f"  {name} = {value}" if name == "month" else f"  {name} = {{{value}}}"
        for name, value in fields.items()
        if value
    ]
    return "@misc{" + ",\n".join([work.key, *lines]) + "\n}"


def _escaped(text: str) -> str:
    return text.translate(_ESCAPES)
