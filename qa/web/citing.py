"""The footnotes of a page: what its templates show of places of articles, and give to copy."""

from __future__ import annotations

from contextvars import ContextVar

from fastapi import Request

from qa.citations.cited import Citation
from qa.citations.formats import FORMATS, FormatName
from qa.errors import FootnoteError
from qa.schemas.citations import Citing
from qa.types import Span
from qa.web.choosing import chosen
from qa.wording.catalogue import marked, say
from qa.wording.spoken_languages import speaking

_here: ContextVar[Request | None] = ContextVar("here", default=None)
NAMES: dict[FormatName, str] = {
    "plain": marked("Plain text"),
    "markdown": "Markdown",
    "html": "HTML",
    "bibtex": "BibTeX",
    "ris": "RIS",
    "csl": "CSL-JSON",
    "annotation": marked("Web annotation"),
}


async def remembered(request: Request) -> None:
    """Makes the request at hand known to the templates of its page.

    A coroutine: the thread of a plain function would have a context of its own.
    """
    remember(request)


def remember(request: Request) -> None:
    """Makes the page one of this request, in the language that it asks for."""
    _here.set(request)
    speaking.set(chosen(request))


def here() -> Request | None:
    """The request whose page is made."""
    return _here.get()


def cited(article_id: str, start: int | None, end: int | None) -> Citation | None:
    """A place of an article as it is cited; None when it is gone, or no place is meant."""
    request = _here.get()
    if request is None or start is None or end is None:
        return None
    if not hasattr(request.state, "citing"):
        request.state.citing = Citing(request.app.state.service.corpus, str(request.base_url))
    citing: Citing = request.state.citing
    try:
        return citing.article(article_id, Span(start, end))
    except FootnoteError:
        return None


def footnotes(found: Citation) -> list[tuple[str, str]]:
    """A citation in every format, each with the format's name."""
    return [(say(NAMES[name]), format_.write([found]).strip()) for name, format_ in FORMATS.items()]
