"""An article's fields out of a mapping that somebody else wrote: a JSON record, front matter."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from qa.errors import InvalidInput
from qa.ids import check_id
from qa.ingest.canonical_text import one_line, storable
from qa.ingest.stated.iso_dates import iso_date
from qa.ingest.stated.several_names import names_in
from qa.types import Stated

# The first name that has a value is the field; what stands under the others goes to `extra`.
_NAMES = {
    "id": ("id", "_id"),
    "title": ("title",),
    "url": ("url", "source_url", "source url"),
    "publisher": ("publisher",),
    "author": ("author", "authors"),
    "language": ("language", "lang"),  # before the date, which is read in it
    "published": ("published", "date"),
    "tags": ("tags",),
}
KNOWN = frozenset(name for names in _NAMES.values() for name in names)

_DEEPEST = 100  # levels; the writers of JSON stop at 255
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9_-]+)?")


@dataclass(frozen=True, slots=True)
class Metadata(Stated):
    """What an input states of its article, and the fields that are no article's own."""

    id: str | None = None
    tags: tuple[str, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()  # what was stated and could not be understood


def read_fields(given: Mapping[str, Any], *, strict: bool) -> Metadata:
    """The known fields of a mapping, and everything else in `extra`.

    What cannot be understood raises InvalidInput when `strict`; otherwise it is kept in `extra`
    under its own name and a note says so. So is a date always; an unusable id always raises.
    """
    rest = dict(given)
    if _says_twice(rest):
        del rest["author"]
    values: dict[str, Any] = {}
    notes: list[str] = []
    for key, names in _NAMES.items():
        name = next((name for name in names if not _is_empty(rest.get(name))), None)
        if name is None:
            continue
        try:
            values[key] = _READ[key](name, rest[name], values)
            if key == "author":
                values["authors"], values[key] = values[key], ", ".join(values[key]) or None
            del rest[name]
        except InvalidInput as error:
            if key == "id" or (strict and key != "published"):
                raise
            notes.append(error.message)
    return Metadata(**values, extra=_extra(rest, strict), notes=tuple(notes))


def language_tag(stated: str) -> str | None:
    """The primary subtag in lower case ("en-US" -> "en"); None when it is no language tag."""
    found = _LANGUAGE.fullmatch(stated.strip())
    return found[1].lower() if found else None


def jsonable(value: Any, depth: int = 0) -> Any:
    """`value` as JSON can hold it: dates and oddities as text, no NaN, no lone surrogates."""
    if depth > _DEEPEST:
        raise RecursionError
    if isinstance(value, int):  # Python will not print, and so not store, numbers without end
        return value if value.bit_length() <= 4096 else hex(value)
    if value is None:
        return None
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, Mapping):
        return {storable(str(key)): jsonable(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [jsonable(item, depth + 1) for item in value]
    return storable(value.isoformat() if hasattr(value, "isoformat") else str(value))


def _says_twice(given: Mapping[str, Any]) -> bool:
    """Whether `author` is what `authors` says, with commas: as articles are given back."""
    names = given.get("authors")
    return (
        isinstance(names, list)
        and all(isinstance(name, str) for name in names)
        and (", ".join(names) == given.get("author"))
    )


def fields_by_hand(given: Mapping[str, Any]) -> Metadata:
    """The fields that somebody states here and now, and can mend: what is not understood raises."""
    meta = read_fields(given, strict=True)
    if meta.notes:
        raise InvalidInput(meta.notes[0], code="invalid_date")
    return meta


def _extra(rest: dict[str, Any], strict: bool) -> dict[str, Any]:
    """What is left over, with the content of a given "extra" beside it."""
    nested = rest.pop("extra", None) or {}
    left = {key: value for key, value in rest.items() if not (key in KNOWN and _is_empty(value))}
    if not isinstance(nested, Mapping):
        if strict:
            raise _invalid("extra", "an object", nested)
        nested = {"extra": nested}
    twice = left.keys() & nested.keys()
    if twice and strict:
        raise InvalidInput(f'"{min(twice)}" stands in "extra" and beside it', code="invalid_field")
    try:
        merged: dict[str, Any] = jsonable({**nested, **left})
    except RecursionError:
        raise InvalidInput('"extra" is nested too deeply', code="invalid_field") from None
    return merged


def _is_empty(value: object) -> bool:
    return value is None or value == [] or (isinstance(value, str) and not value.strip())


def _line(name: str, value: object) -> str | None:
    if not isinstance(value, str):
        raise _invalid(name, "a string", value)
    return one_line(value) or None


def _names(name: str, value: object) -> tuple[str, ...]:
    """The names of one person or several, each given as a string or as an object with a "name".

    One string may name several; a string of a list is one name.
    """
    if isinstance(value, str):
        return tuple(filter(None, map(one_line, names_in(one_line(value)))))
    people = value if isinstance(value, list | tuple) else [value]
    named = [person_name(person) for person in people]
    names = [one_line(person) for person in named if isinstance(person, str)]
    if len(names) < len(people):
        raise _invalid(name, "a string or a list of strings", value)
    return tuple(filter(None, names))


def stated_names(stated: str | None) -> dict[str, Any]:
    """`author` and `authors` of a file that has one place for the names of all."""
    names = names_in(stated) if stated else ()
    return {"author": ", ".join(names) or None, "authors": names}


def person_name(person: object) -> Any:
    """One name: {"family": "Petric", "given": "Ana"} -> "Ana Petric"; another value as it is."""
    if not isinstance(person, Mapping) or person.get("name"):
        return person["name"] if isinstance(person, Mapping) else person
    for first, last in (("given", "family"), ("firstName", "lastName")):
        named = [person.get(first), person.get(last)]
        if any(named):
            return " ".join(part for part in named if isinstance(part, str) and part)
    return person.get("literal") or person.get("screen_name") or person


def _date(name: str, value: object, language: str | None) -> str:
    stated = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    found = None if isinstance(value, bool) else iso_date(stated, language)
    if found is None:
        expected = "a date such as 2021, 2021-03, 2021-03-03 or 2021-03-03T10:00:00+01:00"
        raise InvalidInput(_message(name, expected, value), code="invalid_date")
    return found


def _language(name: str, value: object) -> str:
    tag = language_tag(value) if isinstance(value, str) else None
    if tag is None:
        raise _invalid(name, 'a language tag such as "en" or "sr-Latn"', value)
    return tag


def _tags(name: str, value: object) -> tuple[str, ...]:
    """The tags of a list, or of one string with commas; each once, in the order given."""
    tags = value.split(",") if isinstance(value, str) else value
    if not isinstance(tags, list | tuple) or not all(map(_is_tag, tags)):
        raise _invalid(name, "a list of strings", value)
    return tuple(dict.fromkeys(filter(None, (one_line(str(tag)) for tag in tags))))


def _is_tag(tag: object) -> bool:
    return isinstance(tag, str | int) and not isinstance(tag, bool)


def _invalid(name: str, expected: str, value: object) -> InvalidInput:
    return InvalidInput(_message(name, expected, value), code="invalid_field")


def _message(name: str, expected: str, value: object) -> str:
    shown = repr(value)
    return f'"{name}": expected {expected}, got {shown[:80]}{"…" if len(shown) > 80 else ""}'


_READ: dict[str, Callable[[str, Any, dict[str, Any]], Any]] = {
    "id": lambda _name, value, _: check_id(value),
    "title": lambda name, value, _: _line(name, value),
    "url": lambda name, value, _: _line(name, value),
    "publisher": lambda name, value, _: _line(name, value),
    "author": lambda name, value, _: _names(name, value),
    "published": lambda name, value, others: _date(name, value, others.get("language")),
    "language": lambda name, value, _: _language(name, value),
    "tags": lambda name, value, _: _tags(name, value),
}
