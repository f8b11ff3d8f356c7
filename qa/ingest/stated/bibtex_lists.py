"""BibTeX and BibLaTeX -> records such as CSL-JSON has; what TeX writes in signs as letters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from qa.ingest.stated.iso_dates import iso_date

_ENTRY = re.compile(r"^[ \t]*@[ \t]*(\w+)[ \t]*[{(]", re.MULTILINE)
_TOKEN = re.compile(r'\\.|[{}"=,#]|[^\\{}"=,#]+|\\', re.DOTALL)
_AND = re.compile(r" and (?![^{}]{0,200}\})")  # not of {Food and Drink Board}
_ACCENT = re.compile(
    r"\\(?:([`'^\"~=.])\s?\{?\\?([A-Za-z])\}?|([uvHckrdb])(?:\s|\{)\\?([A-Za-z])\}?)"
)
_MARKS = dict(zip("`'^\"~=.uvHckrdb", "\u0300\u0301\u0302\u0308\u0303\u0304\u0307\u0306\u030c"
                  "\u030b\u0327\u0328\u030a\u0323\u0331", strict=True))  # fmt: skip
_LETTER = re.compile(r"\\(ss|oe|OE|ae|AE|aa|AA|dj|DJ|[oOlLij])(?![A-Za-z])\s?")
_LETTERS = {"ss": "ß", "dj": "đ", "DJ": "Đ", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł"}
_LETTERS |= {"oe": "œ", "OE": "Œ", "ae": "æ", "AE": "Æ", "aa": "å", "AA": "Å", "i": "i", "j": "j"}
_COMMAND = re.compile(r"\\[A-Za-z]+\*?\s?|\\(?=[^A-Za-z])|[{}]")
_LONGEST = 200  # characters of what an abbreviation stands for: it may be made of others
# By field of a record, what BibTeX and BibLaTeX call it, best first.
_FIELDS = {
    "title": "title",
    "container-title": "journaltitle journal booktitle",
    "publisher": "publisher institution organization school",
    "DOI": "doi",
    "URL": "url",
    "language": "langid language",
    "volume": "volume",
    "issue": "number issue",
    "page": "pages",
    "ISBN": "isbn",
    "ISSN": "issn",
}


def read_bibtex(text: str) -> list[dict[str, Any]]:
    """The entries of a file, each with its `key` and the `files` that it names."""
    begins = [*_ENTRY.finditer(text)]
    ends = [*(entry.start() for entry in begins[1:]), len(text)]
    strings: dict[str, str] = {}
    records = []
    for entry, end in zip(begins, ends, strict=False):
        kind, body = entry[1].lower(), text[entry.end() : end]
        if kind == "string":
            made = _fields(body, strings)
            strings |= {name: value for name, value in made.items() if len(value) <= _LONGEST}
        elif kind not in ("comment", "preamble"):
            key, _, rest = body.partition(",")
            records.append(_record(kind, key.strip(), _fields(rest, strings)))
    return records


def _record(kind: str, key: str, fields: dict[str, str]) -> dict[str, Any]:
    record: dict[str, Any] = {"type": kind, "key": key, "files": _files(fields.get("file", ""))}
    for name, theirs in _FIELDS.items():
        value = next((fields[one] for one in theirs.split() if fields.get(one)), "")
        record[name] = value if name in ("DOI", "URL") else in_letters(value)
    record["author"] = [*_people(fields.get("author", ""))]
    record["issued"] = _day(fields)
    record["keywords"] = in_letters(fields.get("keywords", ""))
    return {name: value for name, value in record.items() if value}


def in_letters(tex: str) -> str:
    """What TeX prints: "Pet{\\'a}r {\\v C}a{\\v{c}}ak -- a" -> "Petár Čačak – a"."""
    text = _ACCENT.sub(_accented, tex)
    text = _LETTER.sub(lambda found: _LETTERS[found[1]], text)
    text = _COMMAND.sub("", text).replace("~", " ").replace("---", "—").replace("--", "–")
    return unicodedata.normalize("NFC", " ".join(text.split()))


def _accented(found: re.Match[str]) -> str:
    mark, letter = found[1] or found[3], found[2] or found[4]
    return unicodedata.normalize("NFC", letter + _MARKS[mark])


def _fields(body: str, strings: dict[str, str]) -> dict[str, str]:
    """The fields of an entry by name; its values without their outer braces or marks."""
    fields: dict[str, str] = {}
    name, value, words = "", list[str](), ""
    for token, is_value in _tokens(body):
        if is_value:
            value.append(token)
        elif token == "=":
            name, value, words = words.strip().lower(), [], ""
        elif token in ("#", ",", "}"):
            value.append(strings.get(words.strip().lower(), words.strip()))
            words = ""
            if token != "#" and name:
                fields.setdefault(name, "".join(value))
                name, value = "", []
            if token == "}":
                break
        else:
            words += token
    return fields


def _tokens(body: str) -> Iterator[tuple[str, bool]]:
    """The signs and words of an entry, and what stands in braces or marks, which is a value."""
    depth, quoted = 0, False
    for found in _TOKEN.finditer(body):
        token = found[0]
        if not depth and token == '"':
            quoted = not quoted
        elif depth or quoted:
            depth += {"{": 1, "}": -1}.get(token, 0)
            if depth or quoted or token != "}":
                yield token, True
        elif token == "{":
            depth = 1
        else:
            yield token, False


def _people(authors: str) -> Iterator[str]:
    """Names as they are said: "Petrić, Ana and {World Bank}" -> Ana Petrić, World Bank."""
    for written in _AND.split(" ".join(authors.split())):
        parts = [in_letters(part) for part in written.split(",")]
        if written.startswith("{") and written.endswith("}"):
            parts = [in_letters(written)]
        if (name := " ".join(filter(None, [parts[-1], *parts[:-1]]))) not in ("", "others"):
            yield name


def _day(fields: dict[str, str]) -> str:
    if date := in_letters(fields.get("date", "")):
        return date
    year, month, day = (in_letters(fields.get(name, "")) for name in ("year", "month", "day"))
    if month.isdecimal():
        return iso_date(f"{year}-{month}") or year
    return iso_date(f"{day} {month} {year}") or iso_date(f"{month} {year}") or year


def _files(field: str) -> list[str]:
    """The paths of a field: "Full Text:files/2/a.pdf:application/pdf;b.pdf" -> both files."""
    files = []
    for one in re.split(r"(?<!\\);", field):
        parts = re.split(r"(?<!\\):(?![/\\])", one)
        path = parts[0] if len(parts) == 1 else ":".join(parts[1:-1]) or parts[0]
        files.append(re.sub(r"\\([:;\\_&])", r"\1", path).strip())
    return [file for file in files if file]
