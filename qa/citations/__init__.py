"""Footnotes to take away: a place of an article in the forms that other programs read.

A field that the article does not state is left out: nothing is guessed, neither a name's order
(names stay whole), nor a kind of publication, nor the day on which somebody looked.
"""
