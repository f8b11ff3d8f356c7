"""The commonest ways to say who speaks, in eight languages: the right person and a wrong one."""

from __future__ import annotations

import pytest

from qa.check.speakers import Speakers, agrees

# By language: what is said, who says it and who does not, and articles in which Q and X stand for
# the first two.
ARTICLES: dict[str, tuple[str, str, str, list[str]]] = {
    "de": (
        "Die alte Brücke wird im Winter für alle Lastwagen gesperrt",
        "Anna Keller",
        "Jan Holt",
        [
            "„Q“, sagte X.",
            "X sagte: „Q.“",
            "„Q“, so X.",
            "X teilte mit: „Q.“",
            "„Q“, teilte X mit.",
            "Laut X „Q“.",
            "„Q“, sagte Bürgermeisterin X.",
            "„Q“, erklärte die Ministerin X am Montag.",
            "Wie X sagte, „Q“.",
            "„Q“, sagte X der Zeitung.",
            "X hat gesagt: „Q.“",
            "„Q“, betonte Innenministerin X.",
        ],
    ),
    "fr": (
        "Le vieux pont sera fermé aux camions pendant tout cet hiver",
        "Anne Morel",
        "Luc Perrin",
        [
            "« Q », a déclaré X.",
            "X a déclaré : « Q. »",
            "« Q », a dit X aux journalistes.",
            "Selon X, « Q ».",
            "« Q », selon X.",
            "« Q », a affirmé la maire X.",
            "« Q », explique X.",
            "X est venue. « Q », a-t-elle ajouté.",
            "« Q », dit X.",
            "D’après X, « Q ».",
            "Comme l’explique X, « Q ».",
            "X est venue. « Q », dit-elle.",
        ],
    ),
    "es": (
        "El puente viejo se cerrará a los camiones durante todo el invierno",
        "Ana Torres",
        "Luis Vega",
        [
            "«Q», dijo X.",
            "X dijo: «Q».",
            "«Q», afirmó la alcaldesa X.",
            "Según X, «Q».",
            "«Q», según X.",
            "«Q», aseguró X a los periodistas.",
            "“Q”, explicó X en rueda de prensa.",
            "«Q», ha declarado X.",
            "X declaró que «Q».",
            "Como dijo X, «Q».",
            "—Q —dijo X.",
        ],
    ),
    "it": (
        "Il vecchio ponte resterà chiuso ai camion per tutto il prossimo inverno",
        "Anna Rossi",
        "Marco Bianchi",
        [
            "«Q», ha detto X.",
            "X ha detto: «Q».",
            "«Q», ha dichiarato la sindaca X.",
            "Secondo X, «Q».",
            "«Q», spiega X.",
            "«Q», ha detto X ai giornalisti.",
            "«Q», secondo X.",
            "X afferma: «Q».",
            "Come ha detto X, «Q».",
            "«Q», ha aggiunto la ministra X ieri.",
        ],
    ),
    "pt": (
        "A ponte velha ficará fechada aos caminhões durante todo o inverno",
        "Ana Sousa",
        "Rui Lopes",
        [
            "“Q”, disse X.",
            "X disse: “Q”.",
            "“Q”, afirmou a prefeita X.",
            "Segundo X, “Q”.",
            "“Q”, segundo X.",
            "“Q”, declarou X aos jornalistas.",
            "De acordo com X, “Q”.",
            "“Q”, explica X.",
            "Como disse X, “Q”.",
            "X declarou que “Q”.",
        ],
    ),
    "pl": (
        "Stary most zostanie zamknięty dla ciężarówek na całą zimę",
        "Anna Nowak",
        "Jan Kowalski",
        [
            "„Q” – powiedziała X.",
            "„Q”, powiedziała X.",
            "X powiedziała: „Q”.",
            "Według X, „Q”.",
            "„Q”, stwierdziła burmistrz X.",
            "„Q” – mówi X.",
            "Zdaniem X „Q”.",
            "„Q”, powiedziała X dziennikarzom.",
            "Jak powiedziała X, „Q”.",
            "X dodała, że „Q”.",
        ],
    ),
    "ru": (
        "Старый мост будет закрыт для грузовиков на всю эту зиму",
        "Анна Ли",
        "Иван Петров",
        [
            "«Q», — сказала X.",
            "X сказала: «Q».",
            "«Q», — заявила X журналистам.",
            "По словам X, «Q».",
            "«Q», – отметила глава района X.",
            "«Q», сообщила X.",
            "Как сказала X, «Q».",
            "X отметила, что «Q».",
            "«Q», — считает X.",
            "Глава района X сказала: «Q».",
        ],
    ),
    "sr, Latin": (
        "Stari most će biti zatvoren za kamione tokom cele zime",
        "Ana Lukić",
        "Marko Ilić",
        [
            "„Q“, rekla je X.",
            "X je rekla: „Q“.",
            "„Q“, kaže X.",
            "„Q“, rekla je X novinarima.",
            "Kako kaže X, „Q“.",
            "Prema rečima X, „Q“.",
            "„Q“, izjavila je ministarka X.",
            "„Q“, istakla je predsednica opštine X.",
            "X je izjavila da „Q“.",
            "„Q“, poručila je X na konferenciji.",
        ],
    ),
    "sr, Cyrillic": (
        "Стари мост ће бити затворен за камионе током целе зиме",
        "Ана Лукић",
        "Марко Илић",
        [
            "„Q“, рекла је X.",
            "X је рекла: „Q“.",
            "„Q“, каже X.",
            "„Q“, рекла је X новинарима.",
            "Како каже X, „Q“.",
            "Према речима X, „Q“.",
            "„Q“, изјавила је министарка X.",
            "„Q“, истакла је председница општине X.",
            "X је изјавила да „Q“.",
            "„Q“, поручила је X на конференцији.",
        ],
    ),
}
# Forms that no rule reads yet.
UNREAD = {"Comme l’explique X, « Q »."}
CASES = [
    (language, article, said, right, wrong)
    for language, (said, right, wrong, articles) in ARTICLES.items()
    for article in articles
]


@pytest.mark.parametrize("stated", [True, False])
@pytest.mark.parametrize(("language", "article", "said", "right", "wrong"), CASES)
def test_who_speaks(
    language: str, article: str, said: str, right: str, wrong: str, *, stated: bool
) -> None:
    text = article.replace("Q", said).replace("X", right)
    start = text.index(said)
    found = Speakers(text, language[:2] if stated else None).of(start, start + len(said))

    expected = (None, None) if article in UNREAD else (True, False)
    assert (agrees(right, found), agrees(wrong, found)) == expected
