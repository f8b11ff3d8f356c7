"""Who says what in a text, as its own words show: said X, according to X, X: …

A text is read without what it quotes (`quoted_text`); everybody in it makes its cast (`cast`:
`people`, `roles`, `titled_names`, `descriptions`), the words that say who speaks are its cues
(`cues`: `verb_cues`, `participles`, `name_cues`; `subjects`, `pronouns`), some of which are not
meant (`doubts`), and a cue covers what it is said of (`cover`; `nested`: within a quotation).
`Speakers` is the way in.
"""

from qa.check.speakers.agreement import agrees
from qa.check.speakers.speakers import Attribution, Speakers, spoken

__all__ = ["Attribution", "Speakers", "agrees", "spoken"]
