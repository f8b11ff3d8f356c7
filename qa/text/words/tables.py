"""The words that rules know, one table a language: `en.toml` beside this file, and its siblings.

Every table has the same keys; what each is for stands in `en.toml`. A value is words between white
space, a list of phrases, or words by what they are worth:

    negations = "no not never"
    say_phrases = ["according to"]
    months = { 1 = "january jan", 2 = "february feb" }
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from typing import Any

Entries = Mapping[str, str]  # a word or phrase -> what it is worth, "" where it is but listed
Table = Mapping[str, Entries]


@cache
def tables() -> Mapping[str, Table]:
    """The tables by language ("en"), each read once."""
    folder = resources.files(__package__)
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=str)
    return {file.name.removesuffix(".toml"): read(file.read_text("utf-8")) for file in files}


@cache
def listed(key: str, *languages: str) -> frozenset[str]:
    """The words under a key, of these languages or of all. A table may lack what it has none of.

    Raises KeyError when no table has the key.
    """
    return frozenset(valued(key, *languages))


def valued(key: str, *languages: str) -> dict[str, str]:
    """The words under a key with what they are worth, in their order: {"january": "1", …}.

    Raises KeyError when no table has the key.
    """
    if not any(key in table for table in tables().values()):
        raise KeyError(key)
    found = [tables()[language] for language in languages] if languages else tables().values()
    return {word: worth for table in found for word, worth in table.get(key, {}).items()}


def alternatives(key: str, *languages: str) -> str:
    """The words under a key as a pattern matches any of them, the longest first.

    >>> alternatives("auxiliaries", "de", "fr")
    'haben|hat|ont|a'
    """
    return any_of(listed(key, *languages))


def any_of(words: Iterable[str]) -> str:
    """A pattern of any of the words, the longest that fits: ["a", "a.b"] -> r"a\\.b|a"."""
    return "|".join(map(re.escape, sorted(sorted(words), key=len, reverse=True)))


def read(text: str) -> Table:
    """A table as it is written, in TOML."""
    return {key: _entries(value) for key, value in tomllib.loads(text).items()}


def _entries(value: Any) -> Entries:
    if isinstance(value, dict):
        return {word: worth for worth, words in value.items() for word in words.split()}
    return dict.fromkeys(value.split() if isinstance(value, str) else value, "")
