"""CSL-JSON, which citation styles are made for, and W3C Web Annotations."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from qa.citations.cited import Citation
from qa.citations.works import Work

CONTEXT = "http://www.w3.org/ns/anno.jsonld"


def csl(works: Iterable[Work]) -> str:
    """A list of the works; names are literal, since nothing says which part is the family's."""
    return _written([_item(work) for work in works])


def annotation(citations: Sequence[Citation]) -> str:
    """The citation as an annotation; several as a page of annotations."""
    made = [_annotation(cited) for cited in citations]
    if len(made) == 1:
        return _written({"@context": CONTEXT, **made[0]})
    return _written({"@context": CONTEXT, "type": "AnnotationPage", "items": made})


def _item(work: Work) -> dict[str, Any]:
    fields = {
        "id": work.key,
        "type": "webpage" if work.url else "document",
        "title": work.title,
        "author": [{"literal": name} for name in work.authors if name],
        "publisher": work.publisher,
        "issued": _date(work.published),
        "URL": work.url,
        "accessed": _date(work.accessed),
        "language": work.language,
        "annote": "; ".join(work.notes),
    }
    return {name: value for name, value in fields.items() if value}


def _date(parts: Sequence[str]) -> dict[str, Any] | None:
    return {"date-parts": [[int(part) for part in parts]]} if parts else None


def _annotation(cited: Citation) -> dict[str, Any]:
    """Words of a source. Offsets count in the text here, so that is named beside the original."""
    target: dict[str, Any] = {"source": cited.source.url if cited.original else cited.text_link}
    if cited.original:
        target["state"] = {"type": "TimeState", "cached": cited.text_link}
    place = ""
    if cited.span:
        place = f"&start={cited.span.start}&end={cited.span.end}"
        target["selector"] = [
            {
                "type": "TextQuoteSelector",
                "exact": cited.words,
                "prefix": cited.before,
                "suffix": cited.after,
            },
            {
                "type": "TextPositionSelector",
                "start": cited.span.start,
                "end": cited.span.end,
            },
        ]
    return {
        "id": f"{cited.text_link}/citation?format=annotation{place}",
        "type": "Annotation",
        "motivation": "highlighting",
        "target": target,
    }


def _written(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
