"""What a Markdown file says of itself above its text, in YAML, TOML, JSON or MultiMarkdown."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Mapping
from typing import Any

from qa.errors import InvalidInput
from qa.ingest.markdown import yaml_fields
from qa.ingest.stated.fields import KNOWN

# Characters; YAML takes milliseconds for a hundred lines, and the interpreter's lock with it.
MAX_FRONT_MATTER = 20_000
_YAML_OPENS = re.compile(r"-{3,}[ \t]*(?=\n)")
_YAML_CLOSES = re.compile(r"^(?:-{3,}|\.{3})[ \t]*$", re.MULTILINE)
_TOML_OPENS = re.compile(r"\+{3}[ \t]*(?=\n)")
_TOML_CLOSES = re.compile(r"^\+{3}[ \t]*$", re.MULTILINE)
_JSON = re.compile(r"\{\s*\"")
_BEGINS_WITH_FIELD = re.compile(r"\s*+(?:\[[^\]\n]*+\]\s*+)?[\w\"'{-][^\n:=]*+[:=](?:\s|\Z)")
_FIELD = re.compile(r"([A-Za-z][\w -]{0,60}):(.*)")
# What a block of MultiMarkdown begins with; of prose, "Note: the port is shut" is a line.
_FIRST = KNOWN - {"id", "_id", "tags"} | {"base header level", "copyright", "keywords", "subtitle"}
_WIKILINK = re.compile(r"\[\[(?:[^\[\]|]*\|)?([^\[\]|]*)\]\]")
_LINK = re.compile(r"\[([^\[\]]++)\]\([^\[()\s]*+\)")
_ADDRESS = re.compile(r"https?://\S+")


def split(text: str) -> tuple[Mapping[str, Any], str]:
    """The front matter and the body. Two rules with prose between them are no front matter.

    Raises InvalidInput "bad_front_matter".
    """
    found, body = _split(text)
    return (_as_ours(found), body.strip()) if found is not None else ({}, text)


def _split(text: str) -> tuple[Mapping[str, Any] | None, str]:
    if opens := _YAML_OPENS.match(text):
        return _between(opens, _YAML_CLOSES, yaml_fields.load)
    if opens := _TOML_OPENS.match(text):
        return _between(opens, _TOML_CLOSES, _toml)
    if _JSON.match(text):
        return _json(text)
    return _multimarkdown(text)


def _between(
    opens: re.Match[str], rule: re.Pattern[str], load: Callable[[str], Any]
) -> tuple[Mapping[str, Any] | None, str]:
    """What stands between two rules at the head of a text, and what stands below them."""
    text = opens.string
    closes = rule.search(text, opens.end())
    if not closes:  # the text begins with a rule
        return None, text
    # From the end of the first line, so that lines are those of the file.
    front = text[opens.end() : closes.start()]
    if len(front) > MAX_FRONT_MATTER:
        return _too_long(front, text)
    fields = load(front)
    body = text[closes.end() :]
    if fields is None:
        return {}, body
    return (fields, body) if isinstance(fields, Mapping) else (None, text)


def _too_long(front: str, text: str) -> tuple[None, str]:
    """The whole as body, where prose stands between two rules; fields that long are refused."""
    if not _BEGINS_WITH_FIELD.match(front):
        return None, text
    raise InvalidInput(
        f"the front matter has {len(front):,} characters; at most {MAX_FRONT_MATTER:,} are read:"
        " shorten it, or put what is text below it",
        code="bad_front_matter",
    )


def _toml(front: str) -> Any:
    """The fields of some TOML; prose between two lines of plus signs stays what it is."""
    try:
        found = tomllib.loads(front)
    except (ValueError, RecursionError) as error:
        if not _BEGINS_WITH_FIELD.match(front):
            return front
        reason = f"the front matter is not valid TOML: {error or type(error).__name__}"
        raise InvalidInput(reason, code="bad_front_matter") from error
    return _with_texts(found)


def _with_texts(found: Mapping[str, Any]) -> dict[str, Any]:
    """The fields, our own as text: an id 7 is "7", a date ISO 8601."""
    return {key: _plain(value) if key.lower() in KNOWN else value for key, value in found.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping | str | bool):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _json(text: str) -> tuple[Mapping[str, Any] | None, str]:
    head = text[: MAX_FRONT_MATTER + 1]
    try:
        found, end = json.JSONDecoder().raw_decode(head)
    except (ValueError, RecursionError) as error:
        if len(head) < len(text) and getattr(error, "pos", 0) >= MAX_FRONT_MATTER:
            return _too_long(text, text)
        reason = f"the front matter is not valid JSON: {error or type(error).__name__}"
        raise InvalidInput(reason, code="bad_front_matter") from error
    return _with_texts(found), text[end:]


def _multimarkdown(text: str) -> tuple[Mapping[str, Any] | None, str]:
    """The fields of the first lines, where all of them are fields: "Title: Port" and so on."""
    block, _, body = text.partition("\n\n")
    fields: dict[str, Any] = {}
    name = ""
    if len(block) > MAX_FRONT_MATTER:
        return None, text
    for line in block.split("\n"):
        field = _FIELD.fullmatch(line)
        if field and not line.startswith((" ", "\t")):
            name = field[1].strip().lower()
            if not fields and name not in _FIRST:
                return None, text
            fields[name] = field[2].strip()
        elif name and line.startswith((" ", "\t")):
            fields[name] = f"{fields[name]} {line.strip()}".strip()
        else:
            return None, text
    return (fields, body) if body else (None, text)


def _as_ours(found: Mapping[str, Any]) -> dict[str, Any]:
    """The fields under our names, without links in them; Obsidian's `source` is the address."""
    fields: dict[str, Any] = {}
    for key, value in found.items():
        name = str(key).lower()
        ours = name in KNOWN and (name == key or name not in found)
        fields[name if ours else str(key)] = _unlinked(value) if ours else value
    source = fields.get("source")
    if isinstance(source, str) and _ADDRESS.fullmatch(source.strip()) and not fields.get("url"):
        fields["url"] = fields.pop("source").strip()
    return fields


def _unlinked(value: Any) -> Any:
    """A value without wikilinks: "[[Jane Roe]]" -> "Jane Roe", and YAML's [[Jane Roe]] as well."""
    if isinstance(value, str):
        return _LINK.sub(r"\1", _WIKILINK.sub(r"\1", value))
    if isinstance(value, list):
        flat = [item[0] if isinstance(item, list) and len(item) == 1 else item for item in value]
        flat = [item[0] if isinstance(item, list) and len(item) == 1 else item for item in flat]
        return [_unlinked(item) if isinstance(item, str) else item for item in flat]
    return value
