"""Checking what is cited: quotes against their sources, and whole drafts.

quote        a quote held against a text; the one way in to what follows
alignment    in one piece: word for word, in other typography, or altered
assembled    in several parts: shortened with an ellipsis, altered, or spliced
editorial    what writers may do to a quote: marks, brackets, ellipses
prepared     a text and what aligning needs of it
nearest      the stretch of a text that fewest changes turn into a quote
differences  what differs there
words        and of what kind that is: number, negation, name, unit, word
parts        which parts of a quote stand where

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
