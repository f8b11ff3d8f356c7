from __future__ import annotations

import time
from pathlib import Path

import pytest

from qa.check.draft import quotations
from qa.check.speakers import Attribution, Speakers, agrees, spoken
from qa.types import Span
from tests.timing import BESIDE

SEEDS = Path(__file__).resolve().parents[3].parent / "shared" / "seeds"
needs_seeds = pytest.mark.skipif(not SEEDS.is_dir(), reason="the seed articles are not here")

BK = "Alexander Botsan-Kharchenko"
B_K = "Alexander Botsan Kharchenko"  # as 003 spells it

SEED_STATEMENTS = [
    # indirect speech
    ("000", "Moscow intends to maintain close coordination with Belgrade", BK,
     "the Russian ambassador to Serbia, Alexander Botsan-Kharchenko, stated"),
    ("000", "the importance of sustained cooperation", BK, "The ambassador highlighted"),
    ("000", "Russia’s influence on the global stage", BK, "Botsan-Kharchenko emphasized"),
    ("000", "the weight of Russia on the UNSC is a central instrument", BK, "He argued"),
    ("000", "the initiative should belong to Belgrade", BK, "The ambassador noted"),
    ("000", "bolster the country’s defense capabilities", BK,
     "According to Botsan-Kharchenko"),
    ("000", "stabilizing element that helps Serbia", BK, "He framed"),
    ("000", "areas of collaboration as credible back zones", BK, "Botsan-Kharchenko described"),
    ("000", "these channels of cooperation are designed to deter", BK,
     "The ambassador underscored"),
    ("000", "referenced Brussels’ approach to Belgrade", "Maria Zakharova",
     "remarks from Maria Zakharova, the official representative of Russia’s Ministry"
     " of Foreign Affairs"),
    ("000", "These comments were framed as a candid assessment", None, ""),
    ("000", "the exchange signals a sustained Russian emphasis", None, ""),
    ("000", "The emphasis remains on protecting Serbia’s rights", None, ""),
    ("000", "Russian side positions itself as a stabilizing actor", None, ""),
    ("000", "Russia and Serbia deepen coordination", None, ""),
    ("001", "A compromise for Russia is that without another agreement", BK, "Botsan-Kharchenko:"),
    ("001", "the formation of the ASM with the powers", BK,
     "the Russian ambassador to Serbia, Alexander Botsan-Kharchenko said"),
    ("001", "no one however, has even begun to implement", BK, "Botsan-Kharchenko said"),
    ("001", "it is difficult to negotiate", BK, "he admits"),
    ("001", "the most important thing is to carry out the agreement", BK,
     "highlighted this ambassador"),
    ("001", "Russia and China should join the dialogue", "Ivica Dacic",
     "Serbian National Assembly Speaker, Ivica Dacic, said"),
    ("001", "What is Belgrade asking of Moscow and", None, ""),
    ("001", "the broadest possible format of mediators exist", BK, "said Botsan-Kharchenko"),
    ("001", "this is the opinion of Ivica Dacic", BK, "said Botsan-Kharchenko"),
    ("001", "this does not mean Russia continued to look", BK, "The ambassador added"),
    ("001", "closed eyes", BK, "The ambassador added"),
    ("001", "Russia had consultations with the EU", BK, "He revealed"),
    ("001", "We openly pointed out what, in our opinion", BK, "he emphasized"),
    ("001", "For Russia, however, the Kosovo issue is discussed", None, ""),
    ("001", "Resolution 1244 remains in force. It remains completely", BK,
     "Botsan-Kharchenko emphasized"),
    ("001", "Russia did not receive any such official invitation", BK,
     "the Russian ambassador confirmed"),
    ("001", "Serbia has in mind the fact that Russia is a member", BK, "In his words"),
    ("001", "Russia and Serbia have good cooperation", BK, "He underlined"),
    ("001", "We use our influence as a permanent member", BK, "the ambassador said"),
    ("001", "Russia ever received an invitation from the Serbian", None, ""),
    ("001", "If we have an official invitation from Belgrade", BK, "the Russian ambassador said"),
    ("001", "the same old stories repeated over and over", BK, "The Russian ambassador argued"),
    ("001", "Belgrade remains firm in its stance", BK, "The Russian ambassador argued"),
    ("001", "there is no other resolution except 1244", BK, "According to this diplomat"),
    ("001", "While there is no compromise, the resolution exists", BK,
     "According to this diplomat"),
    ("001", "It is more than that,“", BK, "the Russian ambassador emphasized"),
    ("001", "is a fundamental document for resolving", BK, "he added"),
    ("001", "it must be respected as part of international law", BK, "he added"),
    ("001", "it is very difficult to say anything better", BK, "the ambassador added"),
    ("001", "Everything he said was said in the best", BK, "he said"),
    ("001", "the US should stop supplying the KSF", None, ""),
    ("001", "the United States is arming the KSF outside", BK, "According to the ambassador"),
    ("001", "The supply of weapons undermines efforts", BK, "Botsan-Kharchenko stated"),
    ("001", "Russia does not react to the intensified", BK, "The ambassador underlined"),
    ("001", "what real life is", BK, "he added"),
    ("001", "he does not see „anything disputable“", BK, "Ambassador Botsan-Kharchenko says"),
    ("001", "This is absurd, as are the objections", BK, "the ambassador said"),
    ("001", "These are three sovereign states", None, ""),
    ("001", "the EU is not a military organization", BK, "Kharchenko replied"),
    ("001", "I don’t understand what the problem is,", BK, "he remarked"),
    ("001", "Does this exercise endanger anyone, I ask?", BK, "he remarked"),
    ("001", "Every project with Russia contains numbers", BK, "he remarked"),
    ("001", "an exclusive coordination of military-technical", BK, "Kharchenko reveals"),
    ("001", "Russia also has such an office with other", None, ""),
    ("001", "the center worked at full speed", BK,
     "the ambassador, who visited the center yesterday, underlined"),
    ("001", "no one gave up on such an agreement", BK,
     "the ambassador, who visited the center yesterday, underlined"),
    ("001", "This current level of cooperation", BK, "Botsan-Kharchenko says"),
    ("001", "it is Russia’s position that there is no enemy", None, ""),
    ("001", "A completely different narrative was presented", None, ""),
    ("001", "The documentary focuses on Russia’s reported", None, ""),
    ("002", "highlight ongoing efforts by Western states", BK,
     "Remarks attributed to Alexander Botsan-Kharchenko, the Russian ambassador to Belgrade"),
    ("002", "considerable pressure has been directed at Serbia", BK, "Botsan-Kharchenko stressed"),
    ("002", "Serbia has a track record of weathering", BK, "He noted"),
    ("002", "requires a measured, sovereign approach", "Belgrade", "Belgrade argues"),
    ("002", "present the sanctions issue as a test", None, ""),
    ("002", "Serbia aims to preserve strategic room", "Observers", "Observers suggest"),
    ("002", "Serbia stands at a pivotal point", None, ""),
    ("002", "sovereignty remains a central principle", None, ""),
    ("003", "There will be more pressures", B_K, "Botsan Kharchenko:"),
    ("003", "The pressure on Serbia will increase", B_K,
     "said the Russian ambassador to Serbia Alexander Botsan Kharchenko"),
    ("003", "not everyone likes Belgrade's independent policy", B_K, "he said"),
    ("003", "thanks to its moderate stance", None, ""),
    ("003", "Serbia pursues a balanced foreign policy", B_K, "According to him"),
    ("003", "Our cooperation is not directed against", B_K, "Botsan Kharchenko said"),
    ("003", "one of the examples of unfair competition", B_K, "he answered"),
    ("003", "the Russian position has not changed", B_K, "the ambassador said"),
    ("003", "We will agree only with that solution", B_K, "he added"),
    ("003", "Russia will continue to strive", B_K, "Botsan Kharchenko says"),
    ("003", "Vecernje novosti", None, ""),
    ("004", "a test case for returning international law", None, ""),
    ("004", "Putin marks the boundaries of conflict", None, ""),
    ("004", "Lavrov does not speak of quick solutions", None, ""),
    ("004", "settled issue", None, ""),
]  # fmt: skip

TEXTS = {
    "inverted": ("“[No deal],” said Ann Lee.", "Ann Lee", "said Ann Lee"),
    "subject first": ("“[No deal],” Ann Lee told reporters.", "Ann Lee", "Ann Lee told"),
    "question": ("“[Why now]?” Ann Lee asked.", "Ann Lee", "Ann Lee asked"),
    "colon": ("Ann Lee said: “[No deal].”", "Ann Lee", "Ann Lee said"),
    "colon, next line": ("Ann Lee said:\n\n“[No deal].”", "Ann Lee", "Ann Lee said"),
    "next line": ("“[No deal].”\n\nsaid Ann Lee.", None, ""),
    "interrupted": ("Ann Lee came. “We have,” she said, “[no plan].”", "Ann Lee", "she said"),
    "several sentences": ("“One. [Two]. Three,” said Ann Lee.", "Ann Lee", "said Ann Lee"),
    "second quotation": ("“One,” said Ann Lee. “[Two].”", "Ann Lee", "said Ann Lee"),
    "two in a paragraph": (
        "“One,” said Ann Lee. “[Two],” said Bob Ray.", "Bob Ray", "said Bob Ray"
    ),
    "the other of two": ("“[One],” said Ann Lee. “Two,” said Bob Ray.", "Ann Lee", "said Ann Lee"),
    "a full stop before the speaker": ("“[One].” Ann Lee said.", "Ann Lee", "Ann Lee said"),
    "a new sentence": ("“[One].” Ann Lee said that Bob Ray was late.", "Ann Lee", "Ann Lee said"),
    "according to": ("According to Ann Lee, [it rains].", "Ann Lee", "According to Ann Lee"),
    "according to, behind": (
        "[It rains], according to Ann Lee.", "Ann Lee", "according to Ann Lee"
    ),
    "not according to": ("[It rains], but not according to Ann Lee.", None, ""),
    "in her words": ("In Ann Lee’s words, [it rains].", "Ann Lee", "In Ann Lee’s words"),
    "named in the quote": ("“[Bob Ray said no],” said Ann Lee.", "Ann Lee", "said Ann Lee"),
    "two candidates": ("Bob Ray met Tom Fox. “[No],” he said.", None, ""),
    "one candidate": ("Bob Ray came home. “[No],” he said.", "Bob Ray", "he said"),
    "somebody named between": ("Bob Ray said yes. Tom Fox came. He said [no].", None, ""),
    "he is not she": ("Mr. Ray said yes to Ms. Lee. She said [no].", "Lee", "She said"),
    "both speak": (
        "“[No],” Ann Lee and Bob Ray said.", "Ann Lee and Bob Ray", "Ann Lee and Bob Ray said"
    ),
    "one of two": ("“[No],” Ann Lee or Bob Ray said.", None, ""),
    "whether she said": ("Nobody knows whether Ann Lee said that [it rains].", None, ""),
    "did not say": ("Ann Lee did not say that [it rains].", None, ""),
    "never said": ("Ann Lee never said that [it rains].", None, ""),
    "denied": ("Ann Lee denied that [it rains].", None, ""),
    "a friend of hers": ("A friend of Ann Lee said that [it rains].", None, ""),
    "was told": ("Ann Lee was told that [it rains].", None, ""),
    "adding": ("Ann Lee said it rains, adding that [it pours].", "Ann Lee", "Ann Lee said"),
    "and then another": (
        "Ann Lee said it rains, while Bob Ray said [it pours].", "Bob Ray", "Bob Ray said"
    ),
    "narration behind": ("“No,” said Ann Lee. [The crowd left].", None, ""),
    "narration with a quotation": ("Ann Lee said yes. A sign read “[go home]” outside.", None, ""),
    "a place": ("“[No],” Moscow said.", "Moscow", "Moscow said"),
    "a body": ("“[No],” the ministry said in a statement.", "the ministry", "the ministry said"),
    "a description": ("“[No],” the envoy said.", "the envoy", "the envoy said"),
    "another with that role": (
        "Ann Lee, the Russian envoy to Chile, came. “[No],” the Russian envoy in Peru said.",
        "the Russian envoy in Peru",
        "the Russian envoy in Peru said",
    ),
    "two with that role": (
        "The Polish envoy, Ann Lee, met the Czech envoy, Bob Ray. “[No],” the envoy said.",
        None,
        "",
    ),
    "over paragraphs": ("“[One].\n\n“Two,” said Ann Lee.", "Ann Lee", "said Ann Lee"),
    "over paragraphs, led": ("Ann Lee said:\n\n“One.\n\n“[Two].”", "Ann Lee", "Ann Lee said"),
    "dash": ("It is over – [no deal] – the envoy said.", "the envoy", "the envoy said"),
    "a body with the": ("The White House said [it rains].", "the White House",
                        "The White House said"),
    "a paper": ("“[No],” the Guardian wrote.", "the Guardian", "the Guardian wrote"),
    "a paper, behind": ("“[No],” wrote The Guardian.", "the Guardian", "wrote The Guardian"),
    "according to a paper": (
        "According to the New York Times, [it rains].",
        "the New York Times",
        "According to the New York Times",
    ),
    "with a title": ("“[No],” Mr. Ray said.", "Ray", "Mr. Ray said"),
    "with a title, behind": ("“[No],” said Dr. Ann Lee.", "Ann Lee", "said Dr. Ann Lee"),
    "according to a title": ("According to Ms Lee, [it rains].", "Lee", "According to Ms Lee"),
    "with a title and a role": (
        "The envoy, Mr. Ray, said [it rains].", "Ray", "The envoy, Mr. Ray, said"
    ),
    "words of a language": ("It comes from the Greek words [for love].", None, ""),
    "a caption": ("Photo: [Bob Ray]", None, ""),
    "nobody": ("[It rains] in Chile.", None, ""),
}  # fmt: skip


def said(text: str, start: int, end: int, language: str | None = None) -> tuple[str | None, str]:
    found = Speakers(text, language).of(start, end)
    return (found.name, text[found.span.start : found.span.end]) if found else (None, "")


@needs_seeds
@pytest.mark.parametrize(("number", "stretch", "name", "words"), SEED_STATEMENTS)
def test_the_seed_articles_say_who_speaks(
    number: str, stretch: str, name: str | None, words: str
) -> None:
    text = next(SEEDS.glob(f"{number}*.txt")).read_text(encoding="utf-8")
    start = text.index(stretch)

    assert (name, words) == said(text, start, start + len(stretch), "en")


@pytest.mark.parametrize(("marked", "name", "words"), TEXTS.values(), ids=TEXTS)
def test_who_says_what_stands_in_brackets(marked: str, name: str | None, words: str) -> None:
    start, end = marked.index("["), marked.index("]") - 1
    text = marked.replace("[", "").replace("]", "")

    assert (name, words) == said(text, start, end)


@pytest.mark.parametrize(
    ("language", "marked", "name", "words"),
    [
        ("de", "„[Nein]“, sagte Ann Lee.", "Ann Lee", "sagte Ann Lee"),
        ("de", "„[Nein]“, rief Ann Lee.", "Ann Lee", "rief Ann Lee"),
        ("de", "Laut Ann Lee [regnet es].", None, ""),
        ("fr", "« [Non] », a déclaré Ann Lee.", "Ann Lee", "déclaré Ann Lee"),
        ("sr", "„[Ne]“, rekla je Ana Lukić.", "Ana Lukić", "rekla je Ana Lukić"),
        ("ru", "«[Нет]», — сказала Анна Ли.", "Анна Ли", "сказала Анна Ли"),
    ],
)
def test_other_languages_in_their_commonest_forms(
    language: str, marked: str, name: str | None, words: str
) -> None:
    start, end = marked.index("["), marked.index("]") - 1
    text = marked.replace("[", "").replace("]", "")

    assert (name, words) == said(text, start, end, language)


def test_an_attribution_has_every_form_of_the_name() -> None:
    text = "Ann Lee, the Czech envoy to Chile, met Bob Ray. “No,” the envoy said. Lee left."

    assert Attribution(
        "Ann Lee",
        Span(54, 68),
        ("Ann Lee", "the Czech envoy to Chile", "Lee", "the envoy"),
        True,
        ("Bob Ray",),
    ) == Speakers(text).of(49, 51)


@pytest.mark.parametrize(
    ("text", "name", "is_person"),
    [
        ("“No,” Goldman Sachs said.", "Goldman Sachs", False),
        ("“No,” the White House said.", "the White House", False),
        ("“No,” The Guardian wrote.", "the Guardian", False),
        ("“No,” Le Monde wrote.", "Le Monde", False),
        ("“No,” General Motors said.", "Motors", False),
        ("“No,” Philip Holdings said.", "Philip Holdings", False),
        ("“No,” the envoy said.", "the envoy", False),
        ("“No,” Ann Xyz said.", "Ann Xyz", True),
        ("“No,” Mr. Xyz said.", "Xyz", True),
        ("“No,” Dr Qwe Xyz said.", "Qwe Xyz", True),
        ("“No,” spokesman Qwe Xyz said.", "Qwe Xyz", True),
        ("“No,” Qwe Xyz, the Czech envoy, said.", "Qwe Xyz", True),
        ("“No,” Qwe Xyz, 45, said.", "Qwe Xyz", True),
        ("“No,” Qwe Xyz said. It was late, he said.", "Qwe Xyz", True),
        ("“No,” General Mark Xyz said.", "Mark Xyz", True),
    ],
)
def test_a_person_is_one_only_when_the_text_shows_it(text: str, name: str, is_person: bool) -> None:
    found = Speakers(text).of(1, 3)

    assert found
    assert (name, is_person) == (found.name, found.is_person)
    assert (False if is_person else None) is agrees("John Smith", found)


def test_in_other_languages_a_firm_is_a_she() -> None:
    found = Speakers("„Nein“, sagte Qwe Xyz. Es regnet, sagte sie.", "de").of(1, 5)

    assert found
    assert not found.is_person


KHARCHENKO = Attribution(
    BK,
    Span(0, 1),
    (BK, "Botsan-Kharchenko", "the Russian ambassador to Serbia", "the ambassador"),
    True,
    ("Ivica Dacic",),
)
MINISTRY = Attribution("the ministry", Span(0, 1), ("the ministry",), False)
MOSCOW = Attribution("Moscow", Span(0, 1), ("Moscow",), False)


@pytest.mark.parametrize(
    ("speaker", "attribution", "expected"),
    [
        (BK, KHARCHENKO, True),
        ("Botsan Kharchenko", KHARCHENKO, True),
        ("BOTSAN-KHARCHENKO", KHARCHENKO, True),
        ("Kharchenko", KHARCHENKO, True),
        ("A. Botsan Kharchenko", KHARCHENKO, True),
        ("Ambassador Botsan-Kharchenko", KHARCHENKO, True),
        ("Aleksandar Bocan-Harčenko", KHARCHENKO, True),
        ("Александр Боцан-Харченко", KHARCHENKO, True),
        ("Russian ambassador to Serbia", KHARCHENKO, True),
        ("The Ambassador", KHARCHENKO, True),
        ("Maria Zakharova", KHARCHENKO, False),
        ("Ivica Dačić", KHARCHENKO, False),
        ("Dacic", KHARCHENKO, False),
        ("Vladimir Putin", KHARCHENKO, False),
        ("Sergey Lavrov", KHARCHENKO, False),
        ("President Aleksandar Vucic", KHARCHENKO, False),
        ("Alexander", KHARCHENKO, None),
        ("the Russian ambassador in Washington", KHARCHENKO, None),
        ("the minister", KHARCHENKO, None),
        ("Moscow", KHARCHENKO, None),
        ("European Union", KHARCHENKO, None),
        ("The Guardian", KHARCHENKO, None),
        ("", KHARCHENKO, None),
        ("John Smith", MINISTRY, None),
        ("The ministry", MINISTRY, True),
        ("Moscow", MOSCOW, True),
        ("Vladimir Putin", MOSCOW, None),
        ("Vladimir Putin", None, None),
    ],
)
def test_agrees_only_denies_another_named_person(
    speaker: str, attribution: Attribution | None, expected: bool | None
) -> None:
    assert expected is agrees(speaker, attribution)


SPOKEN = """“One,” said Ann Lee, the envoy. “Two.” She met Bob Ray. “Three,” she said. Ray: “Four.”

According to the envoy, “five” it is. A sign read “six”."""


def test_every_quotation_is_given_with_its_speaker_and_the_cue_that_decided() -> None:
    found = [
        (
            SPOKEN[one.span.start : one.span.end],
            one.said and one.said.name,
            one.cue and one.cue.rule,
            one.cue and one.cue.reach,
        )
        for one in spoken(SPOKEN)
    ]

    assert found == [
        ("One,", "Ann Lee", "said speaker", "its sentence"),
        ("Two.", "Ann Lee", "said speaker", "its paragraph"),
        ("Three,", "Ann Lee", "speaker said", "its sentence"),  # Bob is no woman
        ("Four.", None, None, None),
        ("five", "Ann Lee", "according to", "its sentence"),
        ("six", None, None, None),
    ]


def test_speakers_answer_the_same_in_any_order_and_twice() -> None:
    places = list(quotations(SPOKEN))
    speakers = Speakers(SPOKEN)
    there = [speakers.of(place.start, place.end) for place in places]
    back = [speakers.of(place.start, place.end) for place in reversed(places)]

    assert there == back[::-1]
    assert there == [Speakers(SPOKEN).of(place.start, place.end) for place in places]
    assert there == [one.said for one in spoken(SPOKEN)]


SYLLABLES = [a + b for a in "bdfgklmnprstvz" for b in "aeiou"]
NAMES = [(one + other).title() for one in SYLLABLES for other in SYLLABLES]

HOSTILE = [
    "said " * 20_000,
    "“" * 50_000,
    '"' * 100_000,
    "“a\n" * 30_000,
    "“A.” " * 20_000,
    "Ann Lee said " * 8_000,
    "according to " * 8_000,
    ", who " * 16_000,
    ", said Ann Lee" * 4_000,
    "the envoy Ann Lee came, the envoy left. " * 2_500,
    "".join(f"{name} X{name}, " for name in NAMES[::2]) + "he said, " * 2_750,
    "".join(f"{name} Lee, " for name in NAMES),
    "".join(f"the {name} envoy Ann Lee came, the {name} envoy left. " for name in NAMES[:2_000]),
]


@pytest.mark.no_cover
@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:12]))
def test_hostile_texts_take_linear_time(text: str) -> None:
    began = time.thread_time()
    speakers = Speakers(text)
    speakers.of(0, len(text))
    speakers.of(len(text) // 2, len(text) // 2 + 200)

    assert time.thread_time() - began < 2 * BESIDE
