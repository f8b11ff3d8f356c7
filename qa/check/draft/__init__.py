"""A draft taken apart: its quotations and what each refers to, and its claims that cite a source.

>>> draft = read_draft("He said “we will go home” [1]. The talks ended in May. [2]")
>>> [(draft.text[q.span.start : q.span.end], q.references[0].label) for q in draft.quotations]
[('we will go home', '1')]
>>> [(claim.text, claim.references[0].label) for claim in draft.claims]
[('The talks ended in May.', '2')]

References are found first (`references`); without their marks a draft is prose (`layers`), which is
cut into `statements`; each reference and quotation is then given to one of these (`placing`).
"""

from qa.check.draft.quotations import quotations
from qa.check.draft.reader import read_draft, readable
from qa.check.draft.types import Claim, Draft, Quotation, Reference

__all__ = ["Claim", "Draft", "Quotation", "Reference", "quotations", "read_draft", "readable"]
