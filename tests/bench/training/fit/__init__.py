"""Fits what ranking, sentences and confidence are computed with, on training questions."""
