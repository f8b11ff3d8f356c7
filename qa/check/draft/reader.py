"""The way in: a draft, plain or Markdown, is read for what it quotes, claims and refers to."""

from __future__ import annotations

from qa.check.draft.claims import claims
from qa.check.draft.layers import layers
from qa.check.draft.placing import cited_quotations, place_quotations, place_references
from qa.check.draft.statements import statements
from qa.check.draft.types import Draft


def read_draft(text: str, language: str | None = None) -> Draft:
    """The quotations, claims and references of a draft in Markdown or plain text.

    "He said “we will go home” [1]. The talks ended in May. [2]"
    -> quotation [9:24] with [1], claim [31:58] "The talks ended in May." with [2]
    """
    draft = layers(text)
    said = statements(draft, language)
    place_references(draft, said)
    place_quotations(draft, said)
    quotations, claimed = tuple(cited_quotations(draft, said)), claims(draft, said)
    return Draft(text, quotations, claimed.cited, draft.references, draft.prose, claimed.uncited)
