"""Checking what is cited: quotes against their sources, and whole drafts.

quote        a quote held against one text: where it stands there, and what differs

sources      where in a corpus a quote may stand
findings     where it does
matches      with its sentence, source, copies and speaker
attribution  who says what in a text
checker      what it all adds up to: the verdict

draft        a draft taken apart: quotations, references, claims
resolving    a reference -> the article that it refers to
facts        the numbers, dates and names of a sentence
support      how far a passage supports a sentence
supporting   which passage of the cited articles does best
report       all of it for a draft

desk         where a corpus has quotes and drafts checked
"""

ACCEPTED = ("verbatim", "normalized")
BAD = ("altered", "spliced", "misattributed", "not_found")
