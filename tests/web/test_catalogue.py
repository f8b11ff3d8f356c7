"""The words of templates pass one place, where a catalogue changes them."""

from gettext import NullTranslations

from jinja2 import DictLoader, Environment, StrictUndefined

from qa.web.catalogue import ENGLISH, speak

PAGE = (
    '{{ _("Cite") }}, {{ _("paragraph %(number)s", number=4) }}, '
    "{% trans n=2 %}{{ n }} passage{% pluralize %}{{ n }} passages{% endtrans %}"
)


class Shouted(NullTranslations):
    def gettext(self, message: str) -> str:
        return message.upper().replace("(NUMBER)S", "(number)s")

    def ngettext(self, one: str, many: str, n: int) -> str:
        return f"{n}×"


def said(words: NullTranslations) -> str:
    templates = Environment(
        loader=DictLoader({"page": PAGE}), autoescape=True, undefined=StrictUndefined
    )
    speak(templates, words)
    return templates.get_template("page").render()


def test_a_catalogue_changes_what_templates_say():
    assert said(ENGLISH) == "Cite, paragraph 4, 2 passages"
    assert said(Shouted()) == "CITE, PARAGRAPH 4, 2×"
