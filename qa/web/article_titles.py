"""Articles that a reader names by their titles."""

from __future__ import annotations

from collections import Counter

from qa.errors import InvalidInput
from qa.storage import View

Titled = tuple[str, str]  # id and title; of an article without a title the id


def named(view: View, written: str) -> str:
    """The id of the article that has this id, or else this title; what is neither stays as it is.

    Raises InvalidInput for the title of several.
    """
    name = written.strip()
    if not name or view.find(name):
        return name
    same = [id_ for id_, title in _titled(view) if title.casefold() == name.casefold()]
    if len(same) > 1:
        ids = ", ".join(same[:10])
        raise InvalidInput(f"{len(same)} articles have this title: give the id of one, {ids}")
    return same[0] if same else name


def title_of(view: View, id_: str) -> str:
    """What a reader is shown of an article named by its id: its title, unless others have it."""
    stored = view.find(id_) if id_ else None
    title = stored.article.title if stored else None
    if not title or sum(one.casefold() == title.casefold() for _, one in _titled(view)) > 1:
        return id_
    return title


def suggested(view: View, limit: int) -> list[Titled]:
    """What can be written for some articles, and how it is explained: a title, or an id."""
    first = [
        (s.article.id, s.article.title or s.article.id) for s, _, _ in view.articles(limit=limit)
    ]
    count = Counter(title.casefold() for _, title in first)
    return [(title, "") if count[title.casefold()] == 1 else (id_, title) for id_, title in first]


def found(view: View, words: str, limit: int) -> list[Titled]:
    """The articles whose title or id has all of these words, in any order."""
    wanted = words.casefold().split()
    having = (
        one for one in _titled(view) if all(word in " ".join(one).casefold() for word in wanted)
    )
    return [one for one, _ in zip(having, range(limit), strict=False)]


def _titled(view: View) -> list[Titled]:
    return [(id_, title or id_) for id_, _, title in view.addresses]
