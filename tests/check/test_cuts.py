"""What is cut off a quote at its ends, and what of that a reader is told."""

import pytest

from qa.check.cuts import ATTRIBUTES, DENIES, DEPENDS, NARROWS, NEGATES, cut_of, warning
from qa.check.types import Cut, Excerpt

# A sentence, what is quoted of it, and what the rest does to that.
TURNED = [
    (
        "She did not say that the bridge is safe for heavy lorries.",
        "The bridge is safe for heavy lorries",
        NEGATES,
    ),
    ("For the love of money is the root of all evil.", "money is the root of all evil", NARROWS),
    ("We will open the port in May if the ice melts.", "We will open the port in May", DEPENDS),
    (
        "Under clause 9, the landlord is not permitted to terminate this lease in the fixed term.",
        "permitted to terminate this lease in the fixed term",
        NEGATES,
    ),
    (
        "It is not true that the council approved the plan.",
        "the council approved the plan",
        NEGATES,
    ),
    (
        "It is not true, he said, that the council approved the plan.",
        "the council approved the plan",
        NEGATES,
    ),
    ("Critics claim that the bridge is unsafe.", "the bridge is unsafe", ATTRIBUTES),
    ("The bridge is unsafe, critics say.", "The bridge is unsafe", ATTRIBUTES),
    ("The bridge is unsafe, according to the mayor of Senta.", "The bridge is unsafe", ATTRIBUTES),
    ("According to the mayor, the bridge is unsafe.", "the bridge is unsafe", ATTRIBUTES),
    ("If the ice melts, we will open the port.", "we will open the port", DEPENDS),
    ("We will open the port, but only for ferries.", "We will open the port", NARROWS),
    ("All schools are closed, except those in Senta.", "All schools are closed", NARROWS),
    ("The port is open to ships, but not to lorries.", "The port is open to ships", NARROWS),
    ("He denied that the bridge was sold.", "the bridge was sold", NEGATES),
    ("Nobody believes that the bridge was sold.", "the bridge was sold", NEGATES),
    (
        "She did not say “the bridge is safe for lorries” on Monday.",
        "the bridge is safe for lorries",
        NEGATES,
    ),
    (
        "“The bridge is safe for lorries” is not what she said.",
        "The bridge is safe for lorries",
        NEGATES,
    ),
    (
        "“I do not think that the bridge is safe for lorries,” she said.",
        "the bridge is safe for lorries",
        NEGATES,
    ),
    ("Allegedly, the minister took the money.", "the minister took the money", ATTRIBUTES),
    ("The minister allegedly took the money.", "took the money", DENIES),
    ("It is unclear whether the minister took the money.", "the minister took the money", DENIES),
    ("He asked if the minister took the money.", "the minister took the money", DENIES),
    (
        "Sie sagte nicht, dass die Brücke für Lastwagen sicher ist.",
        "die Brücke für Lastwagen sicher ist",
        NEGATES,
    ),
    ("Wir öffnen den Hafen im Mai, wenn das Eis schmilzt.", "Wir öffnen den Hafen im Mai", DEPENDS),
    (
        "Elle n'a pas dit que le pont est sûr pour les camions.",
        "le pont est sûr pour les camions",
        NEGATES,
    ),
    ("Nous ouvrirons le port en mai si la glace fond.", "Nous ouvrirons le port en mai", DEPENDS),
    (
        "Ella no dijo que el puente es seguro para camiones.",
        "el puente es seguro para camiones",
        NEGATES,
    ),
    ("Abriremos el puerto en mayo si se derrite el hielo.", "Abriremos el puerto en mayo", DEPENDS),
    (
        "Apriremo il porto a maggio, se il ghiaccio si scioglie.",
        "Apriremo il porto a maggio",
        DEPENDS,
    ),
    ("Abriremos o porto em maio se o gelo derreter.", "Abriremos o porto em maio", DEPENDS),
    (
        "Ela não disse que a ponte é segura para caminhões.",
        "a ponte é segura para caminhões",
        NEGATES,
    ),
    (
        "Nie powiedziała, że most jest bezpieczny dla ciężarówek.",
        "most jest bezpieczny dla ciężarówek",
        NEGATES,
    ),
    ("Otworzymy port w maju, jeśli lód stopnieje.", "Otworzymy port w maju", DEPENDS),
    (
        "Она не говорила, что мост безопасен для грузовиков.",
        "мост безопасен для грузовиков",
        NEGATES,
    ),
    ("Мы откроем порт в мае, если растает лёд.", "Мы откроем порт в мае", DEPENDS),
    ("Nije rekla da je most bezbedan za kamione.", "most bezbedan za kamione", NEGATES),
    ("Otvorićemo luku u maju ako se led otopi.", "Otvorićemo luku u maju", DEPENDS),
    ("Није рекла да је мост безбедан за камионе.", "мост безбедан за камионе", NEGATES),
    ("Отворићемо луку у мају ако се лед отопи.", "Отворићемо луку у мају", DEPENDS),
    (
        "Nearly half of the bridges are unsafe for lorries.",
        "the bridges are unsafe for lorries",
        NARROWS,
    ),
    ("The mayor said that if the ice melts the port will open.", "the port will open", DEPENDS),
    (
        "We will reopen the school in autumn unless the cases rise.",
        "We will reopen the school in autumn",
        DEPENDS,
    ),
    (
        "“We will open the port in May if the ice melts,” she said.",
        "We will open the port in May",
        DEPENDS,
    ),
    (
        "“We will open the port in May,” she said, “if the ice melts.”",
        "We will open the port in May",
        DEPENDS,
    ),
    ("The minister, critics say, took the money.", "took the money", ATTRIBUTES),
    (
        "Hardly anyone thinks the bridge is safe for lorries.",
        "the bridge is safe for lorries",
        NEGATES,
    ),
    ("Few believe that the port will open in May.", "the port will open in May", ATTRIBUTES),
    ("The claim that the port will open in May is false.", "the port will open in May", ATTRIBUTES),
    ("The port will open in May, he falsely claimed.", "The port will open in May", DENIES),
    ("He would resign only if the vote was lost.", "He would resign", DEPENDS),
]

WHOLE = [
    ("“The bridge is safe for lorries,” she said on Monday.", "The bridge is safe for lorries"),
    (
        "Asked about the port, she said: “The bridge is safe for lorries, and it will stay open.”",
        "The bridge is safe for lorries",
    ),
    ("The port was closed because there was no ice.", "The port was closed"),
    (
        "He did not come because the bridge was closed to lorries.",
        "the bridge was closed to lorries",
    ),
    ("In the centre of the town of Senta stands a tower.", "the town of Senta stands a tower"),
    (
        "The bridge, which was built in 1962, carries two lanes of traffic.",
        "carries two lanes of traffic",
    ),
    (
        "She did not attend, and the bridge was opened by the mayor.",
        "the bridge was opened by the mayor",
    ),
    ("The port will open in May and close in October.", "The port will open in May"),
    ("“We stay,” he said, who had not slept for days.", "We stay"),
    (
        "On Monday the minister opened the new bridge in Senta.",
        "the minister opened the new bridge",
    ),
    ("Vlada se sastala u ponedeljak u Nišu i usvojila budžet.", "u ponedeljak u Nišu"),
    ("“We will not leave the town,” he said without hesitation.", "We will not leave the town"),
]


def warned(sentence: str, quote: str) -> str | None:
    start = sentence.lower().index(quote.lower())
    return warning(Excerpt(0, len(sentence), sentence), start, start + len(quote))


@pytest.mark.parametrize(("sentence", "quote", "turn"), TURNED)
def test_what_turns_a_quote_is_said(sentence: str, quote: str, turn: str) -> None:
    assert f"which {turn}." in (warned(sentence, quote) or "")


@pytest.mark.parametrize(("sentence", "quote"), WHOLE)
def test_what_turns_nothing_is_not_spoken_of(sentence: str, quote: str) -> None:
    assert warned(sentence, quote) is None


def test_the_words_of_the_source_are_given_on_both_sides() -> None:
    text = "He left. She did not say that the bridge is safe, if it rains. It is."
    sentence = Excerpt(9, 62, text[9:62])
    start = text.index("the bridge")
    assert cut_of(sentence, start, start + 18) == Cut("She did not say that", "if it rains")
    assert cut_of(sentence, 9, 62) is None
    assert warning(sentence, start, start + 18) == (
        "Before it the source has “She did not say that”, which negates it. "
        "Behind it the source has “if it rains”, which makes it depend on something."
    )
