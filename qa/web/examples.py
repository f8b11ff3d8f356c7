"""What the first page offers to try: questions that articles bring along, and a draft."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from qa.request_limits import MAX_DRAFT
from qa.types import Article

_MOST = 3
_LONGEST = 200  # characters of a question that is shown as a link


def sample_questions(articles: Iterable[Article]) -> list[str]:
    """Questions that the articles state they answer (`sample_questions`), one of each."""
    found = (next(_questions(article), None) for article in articles)
    return list(dict.fromkeys(question for question in found if question))[:_MOST]


def sample_draft(articles: Iterable[Article]) -> str | None:
    """A draft about the articles that one of them brings along (`sample_draft`)."""
    drafts = (article.extra.get("sample_draft") for article in articles)
    return next((d for d in drafts if isinstance(d, str) and 0 < len(d) <= MAX_DRAFT), None)


def titles(articles: Iterable[Article]) -> list[str]:
    """Titles to ask about, where no article brings a question along."""
    return [article.title for article in articles if article.title][:_MOST]


def _questions(article: Article) -> Iterator[str]:
    given = article.extra.get("sample_questions")
    for question in given if isinstance(given, list) else []:
        if isinstance(question, str) and 0 < len(question.strip()) <= _LONGEST:
            yield question.strip()
