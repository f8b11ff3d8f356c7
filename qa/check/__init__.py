"""Checking what is cited: quotes against their sources, and whole drafts.

service      where a corpus has quotes and drafts checked
checker      what it all adds up to: the verdict
sources      where in a corpus a quote may stand
quote        a quote held against one text: where it stands there, and what differs
findings     the places of a quote, the strongest kind of them
matches      each with its sentence, source, copies and speaker
cuts         what the source's sentence says before a quote and behind it
remarks      what a reader is told besides the verdict
speakers     who says what in a text
said         who says what an answer quotes

draft        a draft taken apart: quotations, references, claims
resolve      a reference -> the article that it refers to
facts        the numbers, dates and names of a sentence
support      which of some passages supports a claim best, and how far
supporting   the passages that each claim of a draft cites, compared and read
report       all of it for a draft
"""

ACCEPTED = ("verbatim", "normalized")
BAD = ("altered", "spliced", "misattributed", "not_found")
