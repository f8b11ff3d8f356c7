"""Articles, one or several, are stated anew or removed; what has changed meanwhile is said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import HTMLResponse, RedirectResponse

from qa.corpus import Corpus
from qa.dependencies import CorpusHere
from qa.errors import ArticleChanged, InvalidInput, NotFound
from qa.schemas.paths import article_path
from qa.storage.records import StoredArticle
from qa.types import WRITTEN, Article
from qa.web import labels
from qa.web.form_fields import FieldsHere, refuse_readers
from qa.web.parameters import typed
from qa.web.rendering import page

router = APIRouter()
CORRECTED = (*WRITTEN, "tags")
OF_SEVERAL = ("publisher", "author", "published", "language", "tags")
_MOST = 100  # articles at once; a page of the list has fifty
Ids = Annotated[list[str], Query(default_factory=list)]


@router.get("/correct")
def correct(corpus: CorpusHere, id: Ids) -> HTMLResponse:
    """The form to state anew what is known of one article, or of several alike."""
    refuse_readers()
    found, _ = _there(corpus, id)
    return _form(found, _values(found[0].article) if len(found) == 1 else {})


@router.post("/correct", response_model=None)
def corrected(corpus: CorpusHere, fields: FieldsHere) -> HTMLResponse | RedirectResponse:
    """States anew what was typed: of one article all fields, of several those filled in."""
    refuse_readers()
    seen = fields.seen
    given = {name: typed(fields[name]) for name in CORRECTED}
    changed, error = [], None
    try:
        for id_, was in seen.items():
            try:
                corpus.restate(id_, _restating(corpus, id_, given, len(seen) > 1), was)
            except ArticleChanged:
                changed.append(id_)
    except InvalidInput as problem:
        error = problem.message
        changed = list(seen)
    if changed:
        found, _ = _there(corpus, changed)
        done = len(seen) - len(changed)
        return _form(found, given, status=422 if error else 412, error=error, done=done)
    if len(seen) == 1:
        return RedirectResponse(article_path(next(iter(seen))), 303)
    return page("corrected.html", articles=_there(corpus, seen)[0])


@router.get("/remove")
def remove(corpus: CorpusHere, id: Ids) -> HTMLResponse:
    """Asks whether these articles shall be removed."""
    refuse_readers()
    found, gone = _there(corpus, id)
    return page("remove.html", articles=found, gone=gone, changed=False)


@router.post("/remove")
def removed(corpus: CorpusHere, fields: FieldsHere) -> HTMLResponse:
    """Removes articles that are as they were when it was asked; again, they are gone."""
    refuse_readers()
    seen = fields.seen
    try:
        taken = corpus.remove(list(seen), seen)
    except ArticleChanged:
        found, gone = _there(corpus, seen)
        return page("remove.html", status=412, articles=found, gone=gone, changed=True)
    gone = [id_ for id_ in seen if id_ not in taken]
    return page("removed.html", taken=taken, gone=gone)


def _there(corpus: Corpus, ids: Iterable[str]) -> tuple[list[StoredArticle], list[str]]:
    """The articles with these ids, and the ids that none has. Raises NotFound, InvalidInput."""
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        raise InvalidInput("no article was ticked: go back, tick some, and try again")
    if len(wanted) > _MOST:
        raise InvalidInput(f"at most {_MOST} articles are taken at once")
    found, gone = [], []
    for id_ in wanted:
        try:
            found.append(corpus.article(id_))
        except NotFound:
            gone.append(id_)
    if not found:
        raise NotFound(f"there is no article {gone[0]!r}", code="article_not_found")
    return found, gone


def _values(article: Article) -> dict[str, str]:
    return {
        **{name: getattr(article, name) or "" for name in WRITTEN},
        "tags": ", ".join(article.tags),
    }


def _restating(corpus: Corpus, id_: str, given: Mapping[str, str], several: bool) -> dict[str, Any]:
    """What is to be stated of an article; of several, tags are added to those that each has."""
    if not several:
        # What was not touched is not read anew: a tag may have a comma in it.
        now = _values(corpus.article(id_).article)
        return {name: value or None for name, value in given.items() if value != now[name]}
    stated: dict[str, Any] = {name: given[name] for name in OF_SEVERAL if given[name]}
    if "tags" in stated:
        stated["tags"] = [*corpus.article(id_).article.tags, *stated["tags"].split(",")]
    if not stated:
        raise InvalidInput("nothing was filled in: what is left empty stays as it is")
    return stated


def _form(
    found: list[StoredArticle],
    values: Mapping[str, str],
    *,
    status: int = 200,
    error: str | None = None,
    done: int = 0,
) -> HTMLResponse:
    several = len(found) > 1 or done > 0
    return page(
        "correct.html",
        status=status,
        articles=found,
        several=several,
        names=OF_SEVERAL if several else CORRECTED,
        values=values,
        now=_values(found[0].article) if status == 412 and not several else {},
        changed=status == 412,
        error=error,
        done=done,
        names_of=labels.FIELDS,
    )
