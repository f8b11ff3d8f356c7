"""The ids of articles and passages: what one looks like, written and read in this module alone.

>>> PassageId.parse("report.v2.1a2b3c4d.10-25")
PassageId(article='report.v2', digest='1a2b3c4d', start=10, end=25)
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa.errors import InvalidInput, NotFound

MAX_LENGTH = 200  # of an article id
ALLOWED = (
    "1 to 200 of the letters a-z and A-Z, digits and . _ ~ : @ + , = -, "
    "beginning with a letter, digit or _"
)
DIGEST_DIGITS = 8

# For regular expressions that look for ids within a text. What may stand in a segment of a URL path
# as it is (RFC 3986), less what shells and SQL use; those of the second set stand at no beginning.
NEVER_FIRST = ".~:@+,=-"
ARTICLE_ID = rf"[A-Za-z0-9_][A-Za-z0-9_{NEVER_FIRST}]{{0,{MAX_LENGTH - 1}}}"
_OFFSET = "(?:0|[1-9][0-9]{0,11})"
PASSAGE_ENDING = rf"\.[0-9a-f]{{{DIGEST_DIGITS}}}\.{_OFFSET}-{_OFFSET}"
PASSAGE_ID = f"{ARTICLE_ID}{PASSAGE_ENDING}"

# With this begins the id of a source that came beside a draft: no article of a corpus has such one.
BESIDE = "~"

_ARTICLE = re.compile(ARTICLE_ID)
_PASSAGE = re.compile(rf"({ARTICLE_ID})\.([0-9a-f]{{{DIGEST_DIGITS}}})\.({_OFFSET})-({_OFFSET})")


def is_article_id(written: str) -> bool:
    """Whether all of it is an article id: "report.v2" -> True, "a/b" -> False."""
    return _ARTICLE.fullmatch(written) is not None


def is_beside(id_: str) -> bool:
    """Whether an id is that of a source that came beside a draft: "~report" -> True."""
    return id_.startswith(BESIDE)


def check_id(given: object) -> str:
    """The article id as it is given, an int as its digits; InvalidInput when it is none."""
    text = str(given) if isinstance(given, int) and not isinstance(given, bool) else given
    if isinstance(text, str) and is_article_id(text):
        return text
    shown = repr(given) if len(repr(given)) <= 80 else f"{repr(given)[:80]}…"
    raise InvalidInput(f"id {shown} is not URL-safe; allowed: {ALLOWED}", code="invalid_id")


@dataclass(frozen=True, slots=True)
class PassageId:
    """The name of a passage, which says of what version of its article it is."""

    article: str
    digest: str  # the first eight hex digits of the SHA-256 of the article's text
    start: int
    end: int

    @classmethod
    def of(cls, article_id: str, digest: str, start: int, end: int) -> PassageId:
        """The id of a passage of an article whose text has this digest, all 64 digits of it."""
        return cls(article_id, digest[:DIGEST_DIGITS], start, end)

    @classmethod
    def match(cls, written: str) -> PassageId | None:
        """The passage id that all of a text is; None when it is none that was ever given out.

        None: "a.1A2B3C4D.0-9" (upper case), "a.1a2b3c4d.9-9" (empty), "a.1a2b3c4d.00-9".
        """
        found = _PASSAGE.fullmatch(written)
        if found is None:
            return None
        article, digest, start, end = found.groups()
        return cls(article, digest, int(start), int(end)) if int(start) < int(end) else None

    @classmethod
    def parse(cls, written: str) -> PassageId:
        """The passage id that a text is. Raises NotFound for what can never have been issued."""
        found = cls.match(written)
        if found is None:
            raise NotFound(
                f"{written!r} is not a passage id: <article_id>.<digest>.<start>-<end>",
                code="passage_not_found",
            )
        return found

    def is_of(self, digest: str) -> bool:
        """Whether the id names a passage of the text that has this digest."""
        return digest.startswith(self.digest)

    def __str__(self) -> str:
        """The id as it is written.

        >>> str(PassageId.of("talks", "1a2b3c4d5e6f", 120, 480))
        'talks.1a2b3c4d.120-480'
        """
        return f"{self.article}.{self.digest}.{self.start}-{self.end}"
