"""The one place that the words of templates pass: a catalogue in gettext's format changes them all.

Templates say `_("Ask")`, or `{% trans %}` with names for what is filled in and `{% pluralize %}`
for numbers. English is what stands there; no catalogue is needed for it.
"""

from __future__ import annotations

from gettext import NullTranslations

from jinja2 import Environment

ENGLISH = NullTranslations()


def speak(templates: Environment, words: NullTranslations) -> None:
    """Has templates say the words of a catalogue; `GNUTranslations` reads one from a `.mo` file."""
    templates.add_extension("jinja2.ext.i18n")
    templates.install_gettext_translations(words, newstyle=True)  # type: ignore[attr-defined]
