"""Trains the reader: questions and statements with passages, what answers, and what is said."""
