"""Words that are capitalised and of themselves no names, and countries, which always are."""

from __future__ import annotations

from qa.check.facts.lists import listed
from qa.text.words import FUNCTION_WORDS

# Say of somebody what he is: compared by the name that follows.
TITLES = listed(
    """
    mr mrs ms dr prof professor sir dame lord lady president vice prime minister chancellor king
    queen prince princess pope general colonel captain judge senator governor mayor chief secretary
    director chairman ceo coach actor actress singer spokesman spokeswoman researcher researchers
    officials police scientists herr frau madame monsieur
    """
)
PARTICLES = listed("of for the de la le du da di del van von der den bin ibn al el")
OPENERS = FUNCTION_WORDS | listed(
    """
    yesterday today tomorrow however meanwhile according last next former despite while many
    several most another people two three four five six seven eight nine ten first second third no
    not never one there
    """
)
# Opening a sentence, these are names all the same.
PLACES = listed(
    """
    afghanistan albania algeria america american austria australia belarus belgium bosnia brazil
    britain british bulgaria canada china chinese croatia cuba cyprus czech danish denmark dutch
    egypt england english estonia europe finland france french germany greece greek hungary india
    iran iraq ireland irish israel italy italian japan kazakhstan kosovo korea latvia lebanon libya
    lithuania macedonia mexico moldova montenegro netherlands nigeria norway pakistan palestine
    philippines poland portugal romania russia scotland serbia slovakia slovenia spain spanish sudan
    sweden swedish switzerland swiss syria taiwan turkey turkish ukraine vietnam yemen
    """
)
# With these they make adjectives and nations: Serbian, Israelis, Sudanese.
ENDINGS = ("n", "s", "ns", "an", "i", "is", "ian", "ians", "ese", "y", "d")
