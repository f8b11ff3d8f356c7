"""Fields that many answers have, each described once."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

Start = Annotated[int, Field(description="Where it begins in the article's text, in code points.")]
End = Annotated[int, Field(description="Where it ends there, half open: `text[start:end]`.")]
Verbatim = Annotated[str, Field(description="The words: `text[start:end]` of the article.")]
ArticleId = Annotated[str, Field(description="The id of the article.")]
PassageId = Annotated[
    str, Field(description="The id of the passage, which holds for this version of its article.")
]
Citation = Annotated[
    str, Field(description="A line to print: who, what, where, when, which characters.")
]
Generation = Annotated[
    int, Field(description="The state of the corpus that was looked at: it counts the changes.")
]
TookMs = Annotated[float, Field(description="Milliseconds that it took.")]
# Of a draft, and not of an article.
DraftStart = Annotated[int, Field(description="Where it begins in the draft, in code points.")]
DraftEnd = Annotated[int, Field(description="Where it ends there, half open.")]
# What an article states, and who sends it may.
Title = Annotated[str | None, Field(description="Its headline.")]
Url = Annotated[str | None, Field(description="Its own address.")]
Publisher = Annotated[str | None, Field(description="Who publishes it.")]
Author = Annotated[str | None, Field(description="Who wrote it; several, with commas.")]
Published = Annotated[
    str | None, Field(description="When, as precise as it says: YYYY, YYYY-MM, YYYY-MM-DD, a time.")
]
Language = Annotated[str | None, Field(description="The language as BCP 47 has it: `en`, `sr`.")]
Tags = Annotated[list[str], Field(description="Its tags.")]
AddedAt = Annotated[str, Field(description="When it was added, in UTC.")]
PassageLanguage = Annotated[
    str | None,
    Field(
        description="The language that the article states, else the one that the passage is told "
        "to be in by its script and its small words (Croatian and Bosnian as `sr`); null where "
        "that is not clear.",
        examples=["sr"],
    ),
]
