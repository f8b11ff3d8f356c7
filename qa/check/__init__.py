"""Checking what is cited: quotes against their sources, and whole drafts.

alignment   a quote held against a text: where it stands, and what differs
words       the words of a text, and what a difference turns on
quotations  the quotations of a draft
checker     where in a corpus to look, and what the findings add up to
"""
