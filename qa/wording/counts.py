"""A number with its noun, by the plural forms of the language that is spoken."""

from __future__ import annotations

from qa.wording.catalogue import say_many
from qa.wording.dates import number as written


def marked_many(one: str, several: str) -> tuple[str, str]:
    """Both forms as they are: they stand in the catalogue, and are said where they are shown."""
    return one, several


NOUNS = {
    "article": marked_many("%(num)s article", "%(num)s articles"),
    "passage": marked_many("%(num)s passage", "%(num)s passages"),
    "character": marked_many("%(num)s character", "%(num)s characters"),
    "line": marked_many("%(num)s line", "%(num)s lines"),
    "word": marked_many("%(num)s word", "%(num)s words"),
    "quotation": marked_many("%(num)s quotation", "%(num)s quotations"),
    "citing sentence": marked_many("%(num)s citing sentence", "%(num)s citing sentences"),
    "reference": marked_many("%(num)s reference", "%(num)s references"),
    "file or line": marked_many("%(num)s file or line", "%(num)s files or lines"),
    "file": marked_many("%(num)s file", "%(num)s files"),
    "chosen article": marked_many("%(num)s chosen article", "%(num)s chosen articles"),
    "source that came with the draft": marked_many(
        "%(num)s source that came with the draft",
        "%(num)s sources that came with the draft",
    ),
    "more place": marked_many("%(num)s more place", "%(num)s more places"),
}


def count(number: int, noun: str) -> str:
    """A number with its noun.

    >>> count(1, "passage"), count(1200, "passage"), count(2, "file or line")
    ('1 passage', '1,200 passages', '2 files or lines')
    """
    return say_many(*NOUNS[noun], number, num=written(number))


def forms(noun: str, gap: str) -> dict[str, str]:
    """A noun with a gap for its number, by the names that browsers have for plural forms.

    >>> forms("file", "{files}")
    {'one': '{files} file', 'few': '{files} files', 'many': '{files} files'}
    """
    examples = {"one": 1, "few": 2, "many": 5}
    return {name: say_many(*NOUNS[noun], number, num=gap) for name, number in examples.items()}
