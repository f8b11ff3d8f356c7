"""Templates -> responses, each with the headers that keep a page to itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles

from qa.handover.reviewer_marks import rating_named
from qa.handover.verdict_labels import kind_named
from qa.request_limits import MAX_DRAFT, MAX_TOP_K
from qa.schemas.paths import (
    SIGN_OUT,
    article_path,
    body_limit,
    external,
    path,
    signed_in,
    writable,
)
from qa.text.language import tag_of
from qa.uploads import MOST_FILES
from qa.web import labels
from qa.web.choosing import keep, language_links
from qa.web.citing import cited, footnotes, here, remember
from qa.web.marking import answering, highlighted
from qa.web.suggestions import known
from qa.wording.catalogue import speak
from qa.wording.counts import count, forms
from qa.wording.dates import date, date_before_comma, decimal, moment, number, size
from qa.wording.service_sentences import told, told_in
from qa.wording.spoken_languages import speaking

_HERE = Path(__file__).parent

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
        "img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # with none, a form of ours would come from "null"
}


def _environment() -> Environment:
    templates = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    speak(templates)
    templates.filters.update(
        confidence=labels.confidence,
        date=date,
        date_before_comma=date_before_comma,
        sentence=labels.sentence,
        told=lambda message: told(message).text,
        moment=moment,
    )
    templates.globals.update(
        answering=answering,
        article_path=article_path,
        cited=cited,
        count=count,
        decimal=decimal,
        external=external,
        forms=forms,
        footnotes=footnotes,
        highlighted=highlighted,
        known=known,
        kind_left_out=labels.kind_left_out,
        kind_named=kind_named,
        language=speaking.get,
        language_tag=tag_of,
        languages=lambda: language_links(here()),
        left_out=labels.left_out,
        max_draft=MAX_DRAFT,
        max_top_k=MAX_TOP_K,
        path=path,
        sign_out=SIGN_OUT,
        signed_in=signed_in.get,
        told_in=told_in,
        rating_named=rating_named,
        size=size,
        thousands=number,
        body_limit=body_limit.get,
        most_files=MOST_FILES,
        writable=writable.get,
    )
    return templates


_TEMPLATES = _environment()


def page(
    template: str, *, status: int = 200, script: str | None = None, **values: object
) -> HTMLResponse:
    """A template filled in, with a script of ours that makes it nicer."""
    html = _TEMPLATES.get_template(template).render(values, script=script)
    made = HTMLResponse(html.encode("utf-8", "replace"), status_code=status, headers=HEADERS)
    keep(here(), made)
    return made


def add_script() -> str | None:
    """The script of pages with the form to add files; none where that is not shown."""
    return "add.js" if writable.get() else None


def error_page(request: Request, status: int, title: str, message: str) -> HTMLResponse:
    """What a browser shows in place of a page that cannot be had."""
    remember(request)
    again = None
    if status == 503 and request.method == "GET":
        again = path(request.url.path, **dict(request.query_params))
    return page("error.html", status=status, title=told(title).text, message=message, again=again)


class _Static(StaticFiles):
    """Files that browsers ask for anew each time, so that an upgrade is seen at once."""

    def file_response(self, *args: Any, **options: Any) -> Response:
        response = super().file_response(*args, **options)
        response.headers.update({**HEADERS, "Cache-Control": "no-cache"})
        return response


def mount_static(app: FastAPI) -> None:
    """Serves the stylesheet and the icon under /static."""
    app.mount("/static", _Static(directory=_HERE / "static"), name="static")
