"""Every language says everything, with the same gaps and tags, and is compiled as it is written."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from babel.messages.catalog import Message
from jinja2 import Environment, nodes

from qa.text.spelling import latin
from qa.wording.in_cyrillic import in_cyrillic
from tests.wording import messages
from tests.wording.messages import CATALOGUES, ROOT, catalogue, of_service, raised, said, shape

NAMES = messages.names()
PARTS = re.compile(r"%\(\w+\)s|\{\w+\}|</?[a-z][^>]*>")
TEMPLATES = sorted(ROOT.glob("*/templates/*.html"))
LETTER = re.compile(r"[^\W\d_]")
# Signs and names that are the same in every language.
ALIKE = {"Footnote", "· Footnote", "Markdown", "ClaimReview (JSON-LD)", "https://…"}
# What a macro of parts.html writes into an attribute.
ATTRIBUTES = {"large", "long", 'lang=" "'}
# Of a page in English alone: the reference is for programs.
FOR_PROGRAMS = "docs.html"
# Said to whoever runs the service, and to those who fetch pages on the command line.
NOT_ON_PAGES = ("ask/calibration.py", "ingest/web/fetching.py")


def test_the_languages_that_ship() -> None:
    assert NAMES == ["ru", "sr_Latn"]


@pytest.mark.parametrize("name", NAMES)
def test_everything_is_said_and_nothing_else(name: str) -> None:
    assert messages.lacking(name) == []
    assert messages.left_over(name) == []
    assert [message.id for message in catalogue(name) if message.fuzzy and message.id] == []


@pytest.mark.parametrize("name", NAMES)
def test_what_is_read_at_the_start_is_made_of_what_is_written(name: str) -> None:
    made = (CATALOGUES / f"{name}.mo").read_bytes()
    assert made == messages.compiled(name), "python -m tests.wording.messages"


@pytest.mark.parametrize("name", NAMES)
def test_gaps_and_tags_are_the_same_in_every_language(name: str) -> None:
    for message in catalogue(name):
        for words in said(message) if message.id else ():
            assert parts(words) <= parts(_last(message)), message.id
            if message.context != "service":
                assert set(parts(words)) == set(parts(_last(message))), message.id


def test_turned_into_cyrillic_gaps_and_tags_stay_and_letters_come_back() -> None:
    for message in catalogue("sr_Latn"):
        for words in said(message) if message.id else ():
            turned = in_cyrillic(words)
            assert parts(turned) == parts(words)
            assert latin(turned) == words
            rest = re.sub(r"[^\w]|\d", " ", PARTS.sub(" ", turned)).split()
            mixed = [word for word in rest if re.search("[a-z]", word) and re.search("[а-џ]", word)]
            assert mixed == []


def test_the_same_words_are_said_of_every_sentence_of_the_service() -> None:
    assert of_service("ru") == of_service("sr_Latn")
    known = messages.strings()
    assert [message for message in of_service("ru") if shape(message) not in known] == []


def test_every_error_that_a_page_may_show_is_said() -> None:
    known = {shape(message) for message in of_service("ru")}
    folders = ("web", "ask", "check", "handover", "ingest", "passages", "retrieval", "related")
    found = {
        (module, text) for module, text in raised(*folders, "uploads", "request_limits", "filters")
    }
    missing = sorted(
        (module, text)
        for module, text in found
        if text not in known and LETTER.search(text) and module not in NOT_ON_PAGES
    )
    assert missing == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_every_word_of_a_template_can_be_said_in_another_language(path) -> None:
    found = [text for text in bare(path.read_text("utf-8")) if text not in ALIKE | ATTRIBUTES]
    if path.name == FOR_PROGRAMS:
        assert '{% block main %}\n<div lang="en">' in path.read_text("utf-8")
        return
    assert found == []


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ('{{ _("Ask") }} · {% trans %}Ask{% endtrans %}', []),
        ("<p>Ask <b>now</b></p>", ["Ask", "now"]),
        ('<p title="Ask">{{ 1 }}</p>', ["Ask"]),
        ('<p title="{{ _("Ask") }}" class="x">·</p>', []),
        ('{{ "Ask" if x else "a" ~ y }}', ["Ask", "a"]),
        ('{{ "Ask" if x == "y" else _("z") }}{% if x == "y" %}{% endif %}', ["Ask"]),
    ],
)
def test_bare_words_are_found(template: str, found: list[str]) -> None:
    assert bare(template) == found


def parts(words: str) -> Counter[str]:
    return Counter(PARTS.findall(words))


def _last(message: Message) -> str:
    return message.id[-1] if isinstance(message.id, tuple) else str(message.id)


def bare(source: str) -> list[str]:
    """The words of a template that pass no catalogue: in texts, in attributes that are read out,
    and strings that an expression shows."""
    tree = Environment(extensions=["jinja2.ext.i18n"]).parse(source)
    shown = "".join(
        _marked(node) for output in tree.find_all(nodes.Output) for node in output.nodes
    )
    shown = re.sub(r"<!--.*?-->|<style>.*?</style>", "", shown, flags=re.DOTALL)
    texts = re.sub(r"<[^>]*>", "\n", shown).split("\n")
    read_out = re.findall(r'(?:aria-label|title|alt|placeholder)="([^"]*)"', shown)
    found = [" ".join(text.replace("\0", " ").split()) for text in (*texts, *read_out)]
    return [text for text in found if LETTER.search(text)]


def _marked(node: nodes.Node) -> str:
    if isinstance(node, nodes.TemplateData):
        return str(node.data)
    return "\n".join(["\0", *_strings(node), "\0"]) if list(_strings(node)) else "\0"


def _strings(node: nodes.Node) -> list[str]:
    """The strings that an expression may come to."""
    if isinstance(node, nodes.Const):
        return [node.value] if isinstance(node.value, str) else []
    if isinstance(node, nodes.CondExpr):
        return [*_strings(node.expr1), *(_strings(node.expr2) if node.expr2 else [])]
    if isinstance(node, nodes.Concat):
        return [text for one in node.nodes for text in _strings(one)]
    if isinstance(node, nodes.Or):
        return [*_strings(node.left), *_strings(node.right)]
    return []
