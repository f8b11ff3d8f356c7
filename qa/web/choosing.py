"""The language of a page: chosen by a link at its foot, kept in a cookie, else the browser's."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from qa.schemas.paths import below, path
from qa.wording.spoken_languages import LANGUAGES, Language, asked_for, language_of, speaking

_COOKIE, _PARAMETER = "language", "lang"
_A_YEAR = 365 * 24 * 60 * 60
# Where a form leads to there is no page to come back to: what lies before it.
_BEFORE_FORMS = {"/correct": "/articles", "/remove": "/articles"}


@dataclass(frozen=True, slots=True)
class LanguageLink:
    """A language with the address of this page in it."""

    language: Language
    link: str
    is_chosen: bool


def chosen(request: Request) -> Language:
    """The language that is asked for: in the address, else in the cookie, else by the browser."""
    return (
        language_of(request.query_params.get(_PARAMETER, ""))
        or language_of(request.cookies.get(_COOKIE, ""))
        or asked_for(request.headers.get("accept-language", ""))
    )


def language_links(request: Request | None) -> list[LanguageLink]:
    """The same page in each language."""
    spoken = speaking.get()
    return [LanguageLink(one, _address(request, one), one == spoken) for one in LANGUAGES]


def keep(request: Request | None, response: Response) -> None:
    """Says what the page depends on, and keeps a language that was chosen in the address."""
    response.headers["Vary"] = "Accept-Language, Cookie"
    if request is None or language_of(request.query_params.get(_PARAMETER, "")) is None:
        return
    response.set_cookie(
        *(_COOKIE, speaking.get().tag, _A_YEAR),
        path=below("/"),
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="lax",
    )


def _address(request: Request | None, language: Language) -> str:
    if request is None:
        return path("/", **{_PARAMETER: language.tag})
    # One slash, as of what begins with two a browser takes the next word for a host.
    here = f"/{quote(request.scope['path'].lstrip('/'))}"
    if request.method not in ("GET", "HEAD"):
        first = "/" + here.split("/")[1]
        return path(_BEFORE_FORMS.get(first, first), **{_PARAMETER: language.tag})
    query: dict[str, list[str]] = {}
    for name, value in request.query_params.multi_items():
        query.setdefault(name, []).append(value)
    return path(here, **{**query, _PARAMETER: language.tag})
