"""The numbers, dates, times and names that a sentence states, and which of them a passage lacks.

Numbers compare by value and unit, dates and times by the parts that are given, names by their
words: without regard to case, accents and kinds of dashes. The lists are English, months and
weekdays in further languages. A word that is capitalised only because it opens a sentence is no
name.

>>> [fact.text for fact in missing("Vučić bought 45 tanks in May 2021.", "Vucic bought 40 tanks.")]
['45', 'May 2021']

In this order:

stated      facts, missing, lacking, same_value: the way in
types       what comes out, Fact, and how facts compare: Number, Time, Day, StatedName
unread      the text without accents and typography, and what of it nothing was read from yet
numerals    number words, digits, units: which number that is
days        4 March 2020, the 1990s, on Tuesday
times       10:30 p.m.
numbers     45 tonnes, two-thirds, 10 to 12 %
stated_in   what a passage states: whether it has a fact
"""

from qa.check.facts.stated import facts, lacking, missing, same_value
from qa.check.facts.stated_in import StatedIn
from qa.check.facts.types import Fact

__all__ = ["Fact", "StatedIn", "facts", "lacking", "missing", "same_value"]
