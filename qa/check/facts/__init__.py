"""The numbers, dates, times and names that a sentence states, and which of them a passage lacks.

Numbers compare by value and unit, dates and times by the parts that are given, names by their
words: without regard to case, accents and kinds of dashes. The lists are English, months and
weekdays in further languages. A word that is capitalised only because it opens a sentence is no
name.

>>> [fact.text for fact in missing("Vučić bought 45 tanks in May 2021.", "Vucic bought 40 tanks.")]
['45', 'May 2021']

A sentence is read in this order:

stated          facts, missing: the way in
types           what comes out, Fact, and how facts compare: Number, Time, Day, Name
plain           the text without accents and typography
unread          what of it nothing was read from yet
dates           4 March 2020, the 1990s, on Tuesday
times           10:30 p.m.
numbers         45 tonnes, two-thirds, 10 to 12 %
words           words, and whether they are written like names
names           capitalised words in a row

known           what a passage states: whether it has a fact; of
  known_numbers   its numbers
  known_times     its times of day
  known_dates     its dates
  known_names     its names

Beside them:

date_patterns   how dates are written
number_pattern  how numbers are written
values          "1,000", "two hundred and five": which number that is
variants        Serbia, Serbian, Serbians: words that are one name

calendar        months and weekdays
numerals        number words
units           units, currencies and how many of one another they are
vocabulary      titles, particles, openers of sentences, countries
lists           word lists, read
"""

from qa.check.facts.stated import facts, missing
from qa.check.facts.types import Fact

__all__ = ["Fact", "facts", "missing"]
