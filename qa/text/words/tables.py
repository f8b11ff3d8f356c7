"""The words that rules know, one table a language: `en.toml` beside this file, and its siblings.

Every table has the same keys. A value is either words between white space or a list of phrases:

    negations = \"\"\"no not never\"\"\"
    say_phrases = ["according to"]
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

Table = Mapping[str, frozenset[str]]


@cache
def tables() -> Mapping[str, Table]:
    """The tables by language ("en"), each read once."""
    folder = resources.files(__package__)
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=str)
    return {file.name.removesuffix(".toml"): _table(file.read_text("utf-8")) for file in files}


def listed(key: str, *languages: str) -> frozenset[str]:
    """The words under a key, of these languages or of all. A table may lack what it has none of.

    Raises KeyError when no table has the key.
    """
    found = [tables()[language] for language in languages] if languages else tables().values()
    if not any(key in table for table in tables().values()):
        raise KeyError(key)
    return frozenset[str]().union(*(table.get(key, frozenset()) for table in found))


def alternatives(key: str, *languages: str) -> str:
    """The words under a key as a pattern matches any of them, the longest first.

    >>> alternatives("auxiliaries", "de", "fr")
    'haben|hat|ont|a'
    """
    words = sorted(listed(key, *languages), key=lambda words: (-len(words), words))
    return "|".join(map(re.escape, words))


def _table(text: str) -> Table:
    return {
        key: frozenset(value.split() if isinstance(value, str) else value)
        for key, value in tomllib.loads(text).items()
    }
