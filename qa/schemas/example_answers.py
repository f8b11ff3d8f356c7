"""What the service answers over one article, by the name of the operation."""

from __future__ import annotations

from typing import Any

_PASSAGE = "pilots.7d5ce6bd.0-55"
_CITATION = (
    "Ana Kovač, “Harbour pilots”, The Harbour Gazette, 2024-05-02, characters {}, "
    "https://gazette.example/pilots"
)
_SOURCE = {
    "title": "Harbour pilots",
    "url": "https://gazette.example/pilots",
    "publisher": "The Harbour Gazette",
    "author": "Ana Kovač",
    "authors": ["Ana Kovač"],
    "published": "2024-05-02",
    "language": "en",
    "article_id": "pilots",
    "page": None,
    "page_label": None,
    "time": None,
}
_ASK: dict[str, Any] = {
    "question": "Who guides ships?",
    "answered": True,
    "confidence": 0.9656,
    "reason": None,
    "answer": {
        "text": "A harbour pilot guides ships.",
        "article_id": "pilots",
        "passage_id": _PASSAGE,
        "start": 0,
        "end": 29,
        "words": None,
        "speaker": None,
        "language": "en",
    },
    "passages": [
        {
            "id": _PASSAGE,
            "article_id": "pilots",
            "start": 0,
            "end": 55,
            "text": "A harbour pilot guides ships. The pilot boards at dawn.",
            "language": "en",
            "source": {**_SOURCE, "link": "/articles/pilots?start=0&end=55#cited"},
            "citation": _CITATION.format("0–55"),
            "also_in": [],
            "expanded": None,
            "score": 1.0,
            "scores": {"dense": 0.28867512941360474, "lexical": 0.5753642320632935},
            "highlights": [{"start": 0, "end": 29}],
        }
    ],
    "context": None,
    "read": "off",
    "understood": [],
    "notes": [],
    "unread": "",
    "offset": 0,
    "next_offset": None,
    "index": {"generation": 1, "encoder": "hash"},
    "took_ms": 4.2,
}
_CHECK: dict[str, Any] = {
    "quote": "The pilot boards at dusk",
    "verdict": "altered",
    "matches": [
        {
            "article_id": "pilots",
            "passage_id": _PASSAGE,
            "field": "text",
            "start": 30,
            "end": 54,
            "text": "The pilot boards at dawn",
            "similarity": 0.75,
            "source": {**_SOURCE, "link": "/articles/pilots?start=30&end=54#cited"},
            "citation": _CITATION.format("30–54"),
            "differences": [
                {
                    "op": "replace",
                    "quote": "dusk",
                    "source": "dawn",
                    "kind": "word",
                    "same_value": False,
                }
            ],
            "sentence": {"start": 30, "end": 55, "text": "The pilot boards at dawn."},
            "parts": [],
            "speaker": None,
            "also_in": [],
            "cut": None,
        }
    ],
    "note": None,
    "too_short": False,
    "source_changed": None,
    "took_ms": 1.8,
    "generation": 1,
}
_PROBLEM = {
    "type": "about:blank",
    "title": "Invalid input",
    "status": 422,
    "code": "empty",
    "instance": None,
    "request_id": None,
    "errors": None,
}


def _batch(result: dict[str, Any], field: str) -> dict[str, Any]:
    problem = {**_PROBLEM, "detail": f"{field} is empty: write something to look for"}
    items = [{"result": result, "problem": None}, {"result": None, "problem": problem}]
    return {"items": items, "took_ms": 6.1}


EXAMPLES = {
    "ask": _ASK,
    "askByLink": _ASK,
    "askBatch": _batch(_ASK, "question"),
    "checkQuote": _CHECK,
    "checkBatch": _batch(_CHECK, "quote"),
}
