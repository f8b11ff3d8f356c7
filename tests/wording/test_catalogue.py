"""Words pass one place, and are those of the language that is spoken."""

from __future__ import annotations

import doctest
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

import pytest
from jinja2 import DictLoader, Environment, StrictUndefined

from qa.handover import reviewer_marks, verdict_labels
from qa.wording import catalogue, counts, dates, in_cyrillic, service_sentences, spoken_languages
from qa.wording.catalogue import say, speak
from qa.wording.counts import count
from qa.wording.dates import date, date_before_comma, decimal, moment, number
from qa.wording.service_sentences import ServiceSentence, told
from qa.wording.spoken_languages import Language, asked_for, language_of, speaking

PAGE = '{{ _("Cite") }}, {{ _("paragraph %(number)s", number=4) }}, {{ count(n, "passage") }}'


@contextmanager
def spoken(tag: str) -> Iterator[None]:
    language = language_of(tag)
    assert language
    before = speaking.set(language)
    yield
    speaking.reset(before)


WITH_EXAMPLES = (
    *(catalogue, counts, dates, in_cyrillic, spoken_languages),
    *(verdict_labels, reviewer_marks),
)


@pytest.mark.parametrize("module", WITH_EXAMPLES)
def test_the_examples_in_the_docstrings_hold(module: ModuleType) -> None:
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize(
    ("tag", "said"),
    [
        ("en", "Cite, paragraph 4, 2 passages"),
        ("sr-Latn", "Navedi, 4. pasus, 2 odlomka"),
        ("sr-Cyrl", "Наведи, 4. пасус, 2 одломка"),
        ("ru", "Сослаться, абзац 4, 2 отрывка"),
    ],
)
def test_templates_say_the_words_of_the_language(tag: str, said: str) -> None:
    templates = Environment(
        loader=DictLoader({"page": PAGE}), autoescape=True, undefined=StrictUndefined
    )
    speak(templates)
    with spoken(tag):
        assert templates.get_template("page").render(count=count, n=2) == said


def test_what_is_filled_in_is_escaped_and_stays_in_its_script() -> None:
    templates = Environment(loader=DictLoader({"page": '{{ _("Tick %(title)s", title=t) }}'}))
    templates.autoescape = True
    speak(templates)
    with spoken("sr-Cyrl"):
        assert templates.get_template("page").render(t="<Ljiljan>") == "Означи: &lt;Ljiljan&gt;"


@pytest.mark.parametrize(
    ("tag", "forms"),
    [
        ("sr-Latn", ["1 članak", "2 članka", "5 članaka", "11 članaka", "21 članak", "22 članka"]),
        ("ru", ["1 статья", "2 статьи", "5 статей", "11 статей", "21 статья", "22 статьи"]),
        ("en", ["1 article", "2 articles", "5 articles"]),
    ],
)
def test_numbers_have_the_plural_forms_of_the_language(tag: str, forms: list[str]) -> None:
    with spoken(tag):
        assert [count(int(form.split()[0]), "article") for form in forms] == forms


@pytest.mark.parametrize(
    ("tag", "written"),
    [
        ("en", ["2 May 2024", "May 2024", "2024", "2 May 2024, 10:04 UTC", "1,204,000", "0.83"]),
        (
            "sr-Latn",
            ["2. maj 2024.", "maj 2024.", "2024.", "2. maj 2024. u 10:04 UTC", "1.204.000", "0,83"],
        ),
        (
            "ru",
            [
                *("2 мая 2024 г.", "май 2024 г.", "2024 г.", "2 мая 2024 г., 10:04 UTC"),
                *("1\u00a0204\u00a0000", "0,83"),
            ],
        ),
    ],
)
def test_dates_and_numbers_are_written_as_the_language_writes_them(
    tag: str, written: list[str]
) -> None:
    with spoken(tag):
        assert [
            *(date("2024-05-02"), date("2024-05"), date("2024"), moment("2024-05-02T10:04:33Z")),
            *(number(1_204_000), decimal(0.8312)),
        ] == written


@pytest.mark.parametrize("given", ["2024-13", "about 1900", "2024-xx-01"])
def test_a_date_that_is_none_stays_as_it_is_in_every_language(given: str) -> None:
    with spoken("ru"):
        assert date(given) == given


@pytest.mark.parametrize(
    ("accept", "tag"),
    [
        ("sr", "sr-Cyrl"),
        ("sr-Latn", "sr-Latn"),
        ("sr-Latn-RS, sr;q=0.5", "sr-Latn"),
        ("sr-ME", "sr-Latn"),
        ("sr-Cyrl-ME", "sr-Cyrl"),
        ("de-DE,de;q=0.9,ru;q=0.8,en;q=0.7", "ru"),
        ("en-US,en;q=0.9,sr-Latn;q=0.8", "en"),
        ("ru;q=0, en", "en"),
        ("ru;q=x, sr-Latn;q=0.1", "sr-Latn"),
        ("hr, *;q=0.5", "en"),
        ("", "en"),
        ("," * 100_000, "en"),
    ],
)
def test_a_browser_gets_the_language_that_it_likes_best(accept: str, tag: str) -> None:
    assert asked_for(accept).tag == tag


@pytest.mark.parametrize(
    ("message", "tag", "text"),
    [
        ("there is no article 'x'", "sr-Latn", "nema članka 'x'"),
        ("there is no article 'Njegoš'", "sr-Cyrl", "нема чланка 'Njegoš'"),
        ("question is empty: write something to look for", "ru", None),
        ("the draft is too long; at most 100,000 characters are taken", "en", None),
        ("something that nobody has ever said", "ru", "something that nobody has ever said"),
    ],
)
def test_what_the_service_says_is_known_again(message: str, tag: str, text: str | None) -> None:
    with spoken(tag):
        found = told(message)
    if text is not None:
        assert found.text == text
    assert found.is_known == (message != text or tag == "en")


def test_several_sentences_are_said_one_by_one() -> None:
    note = "It stands in the title. A quote of fewer than 4 words may stand anywhere."
    with spoken("sr-Latn"):
        assert told(note).text == ("Stoji u naslovu. Citat kraći od 4 reči može stajati bilo gde.")
        half = told(f"{note} Nobody says this.")
        assert (half.text, half.is_known) == (f"{note} Nobody says this.", False)


def test_a_message_within_a_message_is_said_too() -> None:
    with spoken("sr-Latn"):
        assert told("it cannot be read: no text in it").text == (
            "ne može se pročitati: u tome nema teksta"
        )


@pytest.mark.parametrize(
    ("said", "gaps"),
    [
        ("article a has changed since b", {"id": "a", "when": "b"}),
        (
            "article a has changed since b has changed since c",
            {"id": "a", "when": "b has changed since c"},
        ),
        ("article a has changed", None),
        ("an article a has changed since b", None),
        ("article ", None),
    ],
)
def test_gaps_are_what_stands_between_the_words(said: str, gaps: dict[str, str] | None) -> None:
    assert ServiceSentence.of("article %(id)s has changed since %(when)s").filled(said) == gaps


def test_outside_of_pages_english_is_spoken() -> None:
    assert speaking.get() == Language("en", "English")
    assert say("Cite") == "Cite"
    assert service_sentences.told("x").is_known


def test_before_a_comma_a_serbian_date_ends_without_a_full_stop() -> None:
    with spoken("sr-Latn"):
        assert [date_before_comma(given) for given in ("2024-05-02", "2024-05", "2024")] == [
            *("2. maj 2024", "maj 2024", "2024")
        ]
