"""A draft taken apart: its quotations and what each refers to, and its claims that cite a source.

>>> draft = read_draft("He said “we will go home” [1]. The talks ended in May. [2]")
>>> [(draft.text[q.span.start : q.span.end], q.references[0].label) for q in draft.quotations]
[('we will go home', '1')]
>>> [(claim.text, claim.references[0].label) for claim in draft.claims]
[('The talks ended in May.', '2')]

In the order of a reading (`reader`):

structured, markup           JSON and HTML written anew as Markdown (`rewriting`: where each was)
layers, markdown             the draft in layers of one length: text, prose, without quotations
source_lists, _entries       lists and tables of sources, footnotes
references                   every mark: patterns, brackets (`links`, `mark_contents`), `cite_tags`
                             and `author_years`
quotations                   what stands between marks (`quotation_marks`, `single_marks`), after
                             dashes (`dialogue`) and in blockquotes, without `attributions`
statements, table_rows       sentences and rows; `placing` gives each its references and quotations
claims                       what of them is a claim: `clauses`, `introductions`, `naming`
"""

from typing import TYPE_CHECKING, Any

from qa.check.draft.quotations import quotations
from qa.check.draft.types import Claim, Draft, Quotation, Reference

if TYPE_CHECKING:
    from qa.check.draft.reader import read_draft, readable

__all__ = ["Claim", "Draft", "Quotation", "Reference", "quotations", "read_draft", "readable"]


def __getattr__(name: str) -> Any:
    """Loads the reader when it is asked for: who looks for quotations only is spared 0.15 s."""
    if name in ("read_draft", "readable"):
        from qa.check.draft import reader

        return getattr(reader, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
