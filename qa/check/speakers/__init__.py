"""Who says what in a text, as its own words show: said X, according to X, X: …

A text is read without what it quotes (`text`); everybody in it makes its cast (`cast`), the words
that say who speaks are its cues (`cues`, `verb_cues`), and a cue covers what it is said of
(`cover`). `Speakers` is the way in.
"""

from qa.check.speakers.agreement import agrees
from qa.check.speakers.speakers import Attribution, Speakers, spoken

__all__ = ["Attribution", "Speakers", "agrees", "spoken"]
