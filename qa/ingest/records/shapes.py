"""Records as other programs write them -> the fields that an article has.

NewsAPI, WordPress, Telegram, Twitter, Zotero and CSL, feeds as JSON, wallabag, trafilatura: what
they call content, publishedAt or {"family", "given"}. A name that we know ourselves stays as it is.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from qa.ids import is_article_id
from qa.ingest.slugs import id_from_url
from qa.ingest.stated.fields import person_name

Record = dict[str, Any]
Names = Mapping[str, str]  # what a field is called there, and what here
NOTE = "\0note"  # under which our own readers put what is to be noted of a record

# By field of an article, what others call it, best first. "a.b" is b of the object a.
_NAMES = {
    "html": "content_html body_html contentHtml content.rendered",
    "text": "content body full_text fullText fulltext articleBody article_body article_text"
    " content_text post_content maintext abstract abstractNote summary description",
    "title": "title.rendered headline name subject",
    "url": "link URL permalink canonical_url web_url",
    "publisher": "source.name siteName site_name sitename source_name source-hostname"
    " container-title publicationTitle newspaper outlet",
    "author": "creators byline user.name user.screen_name source-author",
    "published": "publishedAt datePublished date_published published_at publishedDate pubDate"
    " publication_date publish_date date_publish issued created_at dateCreated",
    "language": "lang language_code",
    "tags": "keywords categories",
}
_OURS = {
    "text": ("text", "html"),
    "html": ("text", "html"),
    "url": ("url", "source_url", "source url"),
    "author": ("author", "authors"),
    "published": ("published", "date"),
}
_SUMMARIES = frozenset(("abstract", "abstractNote", "summary", "description"))
_LISTS = ("articles", "messages", "items", "posts", "entries", "documents", "results", "docs")
_MARKUP = re.compile(r"\s*<(?:[a-z][a-z0-9]*[\s/>]|!)", re.IGNORECASE)
_CUT = re.compile(r"\[\+(\d+) chars\]\s*\Z")
_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:)?(10\.\d{4,9}/\S+)", re.IGNORECASE)
_TWITTER_DATE = "%a %b %d %H:%M:%S %z %Y"


def records_of(parsed: Any) -> list[Any]:
    """The records of a parsed file: those of a list, or of the list that an object has."""
    if isinstance(parsed, Mapping) and not has_text(parsed):
        for name in _LISTS:
            found = parsed.get(name)
            if isinstance(found, list) and (name == "articles" or _are_objects(found)):
                said = (one for one in found if name != "messages" or _is_message(one))
                place = {"chat": parsed.get("name"), "chat_id": parsed.get("id")}
                return list(said) if name != "messages" else [{**place, **one} for one in said]
    return parsed if isinstance(parsed, list) else [parsed]


def has_text(record: Any, names: Names | None = None) -> bool:
    """Whether a record is an object that can be an article."""
    if not isinstance(record, Mapping):
        return False
    fields, _ = article_fields(renamed(record, names or {}))
    return bool(fields.keys() & {"text", "html"})


def renamed(record: Mapping[str, Any], names: Names) -> Record:
    """The record with its fields as `names` says: {"data.body": "text"}."""
    fields = dict(record)
    for theirs, ours in names.items():
        for _, value in _found(fields, [theirs]):
            if "." not in theirs:
                fields.pop(theirs)
            fields[ours] = value
    return fields


def article_fields(given: Mapping[str, Any]) -> tuple[Record, tuple[str, ...]]:
    """The record under the names that we have for its fields, and what is to be noted of it."""
    record = _unwrapped(given)
    notes: list[str] = [str(record.pop(NOTE))] if NOTE in record else []
    for field, names in _NAMES.items():
        if any(_stated(record.get(ours)) for ours in _OURS.get(field, (field,))):
            continue
        for name, value in _found(record, names.split()):
            if name in _SUMMARIES and not _stated(record.get("title", record.get("headline"))):
                continue  # of a program's or a dataset's description
            if name.partition(".")[0] not in ("source", "user"):  # they say more than that
                record.pop(name.partition(".")[0], None)
            record["html" if field == "text" and _is_markup(value) else field] = value
            if field == "text" and name in _SUMMARIES:
                notes.append(f"its text is what it calls its {name}")
            break
    _understood(record, notes)
    return record, tuple(notes)


def _unwrapped(given: Mapping[str, Any]) -> Record:
    """The object that the record is wrapped in: {"tweet": {…}}, Zotero's {"key", "data": {…}}."""
    for name in ("tweet", "data"):
        inner = given.get(name)
        if isinstance(inner, Mapping) and not {"text", "html"} & given.keys():
            return dict(inner)
    return dict(given)


def _found(record: Record, names: list[str]) -> Iterator[tuple[str, Any]]:
    for name in names:
        outer, _, inner = name.partition(".")
        value = record.get(outer)
        if inner:
            value = value.get(inner) if isinstance(value, Mapping) else None
        elif isinstance(value, Mapping) and outer != "issued":
            value = None
        if _stated(value):
            yield name, value


def _stated(value: Any) -> bool:
    return value is not None and value not in ("", [], {}) and value is not False


def _understood(record: Record, notes: list[str]) -> None:
    """Values in the forms that others have for them, in ours."""
    _read_text(record, notes)
    for name in ("title", "publisher"):
        value = record.get(name)
        if isinstance(value, Mapping):
            value = value.get("rendered", value.get("name"))
        if isinstance(value, list) and value:
            value = value[0]
        if isinstance(value, str):
            record[name] = html.unescape(value)
    _read_people(record)
    if isinstance(record.get("tags"), list):
        tags = (one.get("tag") if isinstance(one, Mapping) else one for one in record["tags"])
        record["tags"] = [tag for tag in tags if tag is not None]
    address = record.get("source")
    if isinstance(address, str) and address.startswith(("http://", "https://")):  # trafilatura
        record.setdefault("url", record.pop("source"))
    if _stated(record.get("published")):
        record["published"] = _day(record["published"])
    _identified(record)


def _is_markup(value: Any) -> bool:
    return isinstance(value, str) and bool(_MARKUP.match(value)) and "</" in value


def _read_text(record: Record, notes: list[str]) -> None:
    text = record.get("text")
    if isinstance(text, list) and "chat_id" in record:  # Telegram: pieces, some with a kind
        pieces = (piece.get("text", "") if isinstance(piece, Mapping) else piece for piece in text)
        record["text"] = text = "".join(map(str, pieces))
    if not isinstance(text, str):
        return
    if cut := _CUT.search(text[-40:]):
        notes.append(f"its sender cut {cut[1]} characters off its end")


def _read_people(record: Record) -> None:
    name = "author" if _stated(record.get("author")) else "authors"
    people = record.get(name)
    if isinstance(people, list | Mapping):
        record[name] = [person_name(one) for one in _listed(people)]
    elif isinstance(people, int):  # WordPress: a number of its own
        record[f"{name}_id"] = record.pop(name)
        record.pop("tags", None)


def _listed(people: Any) -> list[Any]:
    return people if isinstance(people, list) else [people]


def _day(value: Any) -> Any:
    """A day in ISO 8601, of CSL's {"date-parts": [[2024, 3, 5]]} and of what Twitter writes."""
    if isinstance(value, Mapping):
        parts = value.get("date-parts")
        first = parts[0] if isinstance(parts, list) and parts else None
        if isinstance(first, list) and first and all(str(part).isdigit() for part in first):
            return "-".join(f"{int(part):0{4 if n == 0 else 2}}" for n, part in enumerate(first))
        return value.get("raw") or value.get("literal")
    if isinstance(value, str) and len(value) == 30:
        try:
            return datetime.strptime(value, _TWITTER_DATE).isoformat()
        except ValueError:
            return value
    return value


def _identified(record: Record) -> None:
    """Ids that are unique within one site or chat alone are none; a DOI or an address is one."""
    id_ = record.get("id", record.get("_id"))
    if record.get("chat_id") is not None and id_ is not None:
        record["id"] = f"{record['chat_id']}-{id_}"
        record.setdefault("author", record.pop("from", None))
    elif isinstance(id_, str) and not is_article_id(id_):
        doi = _DOI.fullmatch(id_.strip())
        if doi or id_.startswith(("http://", "https://")):
            record["id"] = id_from_url(doi[1] if doi else id_)
            record.setdefault("doi" if doi else "url", doi[1] if doi else id_)
    elif isinstance(id_, int) and record.get("guid") and record.get("url"):  # WordPress
        record.pop("id", None)


def _are_objects(found: list[Any]) -> bool:
    return bool(found) and isinstance(found[0], Mapping)


def _is_message(one: Any) -> bool:
    """Whether a message says something; others tell that somebody came, or hold a picture."""
    is_one = isinstance(one, Mapping) and one.get("type", "message") == "message"
    return is_one and bool(one.get("text"))
