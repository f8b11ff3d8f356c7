"""A message of ours in the language that is spoken: by gettext, with what is filled in.

In modules: `say("%(name)s is empty", name="a.txt")`; where a message only stands and is said later,
`marked("Publisher")`. In templates: `_("Ask")`, or `{% trans %}` with `{% pluralize %}`.
"""

from __future__ import annotations

from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib import resources

from jinja2 import Environment

from qa.wording.in_cyrillic import in_cyrillic
from qa.wording.spoken_languages import Language, speaking


class PageWords(NullTranslations):
    """A catalogue that says which messages it has: none of English, which stands in the code."""

    def messages_of(self, context: str) -> list[str]:
        """The messages that it has in a context."""
        return []


class WrittenWords(GNUTranslations, PageWords):
    """A catalogue as it is read from a `.mo` file."""

    def messages_of(self, context: str) -> list[str]:
        known: dict[str, str] = vars(self)["_catalog"]
        begin = self.CONTEXT % (context, "")
        return [key.removeprefix(begin) for key in known if str(key).startswith(begin)]


class InCyrillic(PageWords):
    """A catalogue in Serbian Latin letters, said in Cyrillic ones."""

    def __init__(self, latin: PageWords) -> None:
        super().__init__()
        self._latin = latin

    def gettext(self, message: str) -> str:
        return in_cyrillic(self._latin.gettext(message))

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return in_cyrillic(self._latin.ngettext(msgid1, msgid2, n))

    def pgettext(self, context: str, message: str) -> str:
        return in_cyrillic(self._latin.pgettext(context, message))

    def messages_of(self, context: str) -> list[str]:
        return self._latin.messages_of(context)


@cache
def catalogue(language: Language) -> PageWords:
    """The catalogue of a language, read once; of English none is needed."""
    if not language.catalogue:
        return PageWords()
    file = resources.files(__package__) / "catalogues" / f"{language.catalogue}.mo"
    with file.open("rb") as written:
        words = WrittenWords(written)
    return InCyrillic(words) if language.in_cyrillic else words


def spoken() -> PageWords:
    """The catalogue of the language that is spoken."""
    return catalogue(speaking.get())


def marked(message: str) -> str:
    """The message as it is: it stands in the catalogue, and is said where it is shown."""
    return message


def say(message: str, **values: object) -> str:
    """A message in the language that is spoken, filled in.

    >>> say("%(name)s is empty", name="a.txt")
    'a.txt is empty'
    """
    said = spoken().gettext(message)
    return said % values if values else said


def say_in(context: str, message: str) -> str:
    """A message that is said in several ways: by what it is of."""
    return spoken().pgettext(context, message) if context else say(message)


def say_many(one: str, several: str, number: int, **values: object) -> str:
    """A message by the plural forms of the language."""
    return spoken().ngettext(one, several, number) % values


def speak(templates: Environment) -> None:
    """Has templates say their words in the language that is spoken when they are filled in."""
    templates.add_extension("jinja2.ext.i18n")
    templates.install_gettext_callables(  # type: ignore[attr-defined]
        lambda message: spoken().gettext(message),
        lambda one, several, number: spoken().ngettext(one, several, number),
        newstyle=True,
        pgettext=lambda context, message: spoken().pgettext(context, message),
    )
