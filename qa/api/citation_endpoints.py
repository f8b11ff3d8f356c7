"""Citations of articles and passages, by `?format=` or by Accept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from qa.api.responses import json_of
from qa.citations.cited import Citation
from qa.citations.formats import FORMATS, FormatName, accepted
from qa.citations.works import key_of
from qa.dependencies import CorpusHere
from qa.errors import InvalidInput
from qa.schemas.citations import CitationOut, Citing
from qa.types import Span

router = APIRouter(prefix="/v1", tags=["citations"])

_KEPT = ("bibtex", "ris", "csl", "annotation")  # which browsers save as files
_BIBTEX_EXAMPLE = """@misc{pilots,
  author = {{Ana Kovač}},
  title = {{Harbour pilots}},
  publisher = {The Harbour Gazette},
  howpublished = {The Harbour Gazette},
  date = {2024-05-02},
  year = {2024},
  month = may,
  url = {https://gazette.example/pilots},
  language = {en},
  annote = {para. 1: A harbour pilot guides ships.}
}
"""
_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "model": CitationOut,
        "description": "All formats as JSON, or the one that is asked for.",
        "content": {
            format_.media_type: {
                "schema": {"type": "string"},
                **({"example": _BIBTEX_EXAMPLE} if name == "bibtex" else {}),
            }
            for name, format_ in FORMATS.items()
        },
    }
}


class CitationQuery(BaseModel):
    """What of an article is cited, and how."""

    model_config = ConfigDict(extra="forbid")
    format: FormatName | None = Field(
        None,
        description="Left out: what `Accept` likes best of the media types, or JSON with all.",
        examples=["bibtex"],
    )
    start: int | None = Field(
        None, ge=0, description="Where the words begin in the article's text, in code points."
    )
    end: int | None = Field(None, ge=1, description="Where they end.")
    accessed: date | None = Field(
        None, description="The day on which you looked: no citation has one otherwise."
    )

    @property
    def span(self) -> Span | None:
        """The words that are meant; None for all of it. Raises InvalidInput."""
        if self.start is None and self.end is None:
            return None
        if self.start is None or self.end is None:
            raise InvalidInput("start and end go together: give both, or none")
        return Span(self.start, self.end)


Asked = Annotated[CitationQuery, Query()]


@router.get(
    "/articles/{id}/citation",
    summary="A citation of an article, or of words of it",
    response_model=None,
    responses=_RESPONSES,
)
def of_article(id: str, asked: Asked, request: Request, corpus: CorpusHere) -> Response:
    """A citation: as plain text, Markdown, HTML, BibTeX, RIS, CSL-JSON or a Web Annotation.

    With `start` and `end` it is of the words between, and tells the paragraph, or the page of a
    PDF, and links to the words. It states nothing that the article does not.
    """
    citing = Citing(corpus, base_of(request), asked.accessed)
    return _answer(citing.article(id, asked.span), asked, request)


@router.get(
    "/passages/{id}/citation",
    summary="A citation of a passage, or of words of it",
    response_model=None,
    responses=_RESPONSES,
)
def of_passage(id: str, asked: Asked, request: Request, corpus: CorpusHere) -> Response:
    """A citation of a passage, as one of an article; `start` and `end` have to lie within it.

    410 with code `source_changed` when its article has changed since.
    """
    citing = Citing(corpus, base_of(request), asked.accessed)
    return _answer(citing.passage(id, asked.span), asked, request)


def base_of(request: Request) -> str:
    """The address that the client calls the service by."""
    return str(request.base_url).rstrip("/")


def _answer(cited: Citation, asked: CitationQuery, request: Request) -> Response:
    name = asked.format or accepted(request.headers.get("accept", ""))
    if name is None:
        return json_of(CitationOut.of(cited), headers={"Vary": "Accept"})
    return exported([cited], name)


def exported(cited: Sequence[Citation], name: FormatName) -> Response:
    """Citations in one format; those that programs import as a file."""
    format_ = FORMATS[name]
    kind = format_.media_type
    headers: Mapping[str, str] = {"Vary": "Accept"}
    if name in _KEPT:
        stem = key_of(cited[0].source.article_id) if len(cited) == 1 else "citations"
        headers = {
            **headers,
            "Content-Disposition": f'attachment; filename="{stem}{format_.suffix}"',
        }
    if name == "annotation":
        kind += '; profile="http://www.w3.org/ns/anno.jsonld"'
    elif name in ("bibtex", "ris"):
        kind += "; charset=utf-8"
    return Response(format_.write(cited), headers=headers, media_type=kind)
