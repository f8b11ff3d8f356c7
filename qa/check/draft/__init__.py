"""A draft taken apart: its quotations and what each refers to, and its claims that cite a source.

>>> draft = read_draft("He said “we will go home” [1]. The talks ended in May. [2]")
>>> [(draft.text[q.span.start : q.span.end], q.references[0].label) for q in draft.quotations]
[('we will go home', '1')]
>>> [(claim.text, claim.references[0].label) for claim in draft.claims]
[('The talks ended in May.', '2')]

reader        read_draft: the way in
types         what comes out: Draft, Quoted, Claim, Reference
layers        the text, its prose without marks, its prose without links: each of the same length

markdown      paragraphs and blockquotes; code and signs taken out
quotations    what stands between quotation marks, and blockquotes
trimming      quotations less the marks and attributions at their ends
attributions  lines that say where a quotation is from: "— Ana", "Source: …"

references    references: all of a draft, and what each may be resolved by
lists         lists of sources and footnotes, line by line
titles        what a list of sources begins under: "Sources:", "## Literatur"
entries       what an entry of a list looks like, and a footnote
scanning      the references of a paragraph, from left to right
marks         what a reference looks like: its patterns
brackets      which bracket closes which
links         what a bracket is: [text](url), [text][id], [1], [^note]
passage_ids   ids of passages, in the text and in code
taken         what was read at a place, and where to read on

statements    the sentences and blockquotes that references belong to
cutting       paragraphs cut into lines and sentences
placing       which statement each reference belongs to
quoting       the references of each quotation, nearest first
claims        the sentences that cite without quoting
"""

from qa.check.draft.quotations import quotations
from qa.check.draft.reader import read_draft
from qa.check.draft.types import Claim, Draft, Quoted, Reference

__all__ = ["Claim", "Draft", "Quoted", "Reference", "quotations", "read_draft"]
