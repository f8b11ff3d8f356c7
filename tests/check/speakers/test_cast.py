from __future__ import annotations

import random
import time

import pytest

from qa.check.speakers.cast import cast, told_apart
from qa.check.speakers.cues import Scene
from qa.check.speakers.people import Cast
from qa.check.speakers.pronouns import with_pronouns
from qa.check.speakers.quoted_text import cut
from qa.check.speakers.roles import find_roles
from qa.check.speakers.speakers import read
from qa.check.speakers.titled_names import titled_names
from tests.timing import BESIDE


def told(people: Cast, text: str) -> list[tuple[str, str | None]]:
    """Each mention as it is written, and the name of whom it speaks."""
    found = [(text[m.start : m.end], people.of(m)) for m in people.mentions]
    return [(words, who.name if who else None) for words, who in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The envoy, Ann Lee, came. Lee left.",
            [("The envoy, Ann Lee", "Ann Lee"), ("Lee", "Ann Lee")],
        ),
        (
            "said the Russian ambassador to Serbia Alexander Botsan Kharchenko. This diplomat ran.",
            [
                (
                    "the Russian ambassador to Serbia Alexander Botsan Kharchenko",
                    "Alexander Botsan Kharchenko",
                ),
                ("This diplomat", "Alexander Botsan Kharchenko"),
            ],
        ),
        (
            "Ann Lee, the Russian envoy to Chile, met the Russian envoy in Peru.",
            [
                ("Ann Lee, the Russian envoy to Chile", "Ann Lee"),
                ("the Russian envoy in Peru", "the Russian envoy in Peru"),
            ],
        ),
        (
            "Former President Bob Ray met the president.",
            [("Former President Bob Ray", "Bob Ray"), ("the president", "the president")],
        ),
        (
            "Prime Minister Ann Lee met the minister.",
            [("Prime Minister Ann Lee", "Ann Lee"), ("the minister", "the minister")],
        ),
        (
            "After meeting the envoy, Ann Lee said no.",
            [("the envoy", "the envoy"), ("Ann Lee", "Ann Lee")],
        ),
        (
            "Peter Smith met Anna Smith. Smith left.",
            [("Peter Smith", "Peter Smith"), ("Anna Smith", "Anna Smith"), ("Smith", "Smith")],
        ),
        (
            "We met Ann Lee, an engineer, and Bob Ray, minister, in Rome. The engineer left.",
            [
                ("Ann Lee", "Ann Lee"),
                ("Bob Ray", "Bob Ray"),
                ("minister", "minister"),
                ("Rome", "Rome"),
                ("The engineer", "Ann Lee"),
            ],
        ),
        (
            "Senator Ann Lee met a judge. The lawmaker left.",
            [
                ("Senator Ann Lee", "Ann Lee"),
                ("a judge", "a judge"),
                ("The lawmaker", "Ann Lee"),
            ],
        ),
        ("We got an official invitation.", []),
        ("Suddenly Larry left. The US agreed.", [("Larry", "Larry"), ("The US", "the US")]),
        ("We met Rep. Debbie Dingell.", [("Rep. Debbie Dingell", "Debbie Dingell")]),
    ],
)
def test_people_are_known_by_name_and_role(
    text: str, expected: list[tuple[str, str | None]]
) -> None:
    assert expected == told(cast(text), text)


CROWDS = [
    "The envoy to Chile Ann Lee came. Ann Marie Lee met the Czech minister. Lee left, Mr. Ray too.",
    "Peter Smith met Anna Smith, an engineer. Smith left. The engineer met President Bob Ray.",
    "Aleksander Vucic, the president, met Ann Lee. The envoy to Chile Aleksandar Vučić left.",
    "A minister met the minister of Peru. The Bank said no. Minister Lee, Lee and Ann Lee agreed.",
]


@pytest.mark.parametrize("text", CROWDS)
def test_who_is_who_does_not_depend_on_the_order_of_names_and_roles(text: str) -> None:
    names, capital = titled_names(text)
    roles, names = find_roles(text, names, capital)
    shuffle = random.Random(1).shuffle
    for _ in range(20):
        shuffle(names)
        shuffle(roles)

        assert cast(text) == told_apart(text, names, roles)


def test_a_person_is_called_as_the_text_calls_them_first() -> None:
    text = "The envoy to Chile Aleksandar Lee came. Aleksander Lee left."

    assert [name for _, name in told(cast(text), text)] == ["Aleksandar Lee", "Aleksandar Lee"]


def test_pronouns_change_nobody_and_are_read_twice_alike() -> None:
    # She shows only in the end that Xyz is a woman, and that it was Qwe who said that he left.
    text = "Dab Xyz met Gek Qwe. He left, he said. Dab Xyz said yes. She said no."
    people = cast(text)
    scene = Scene(text, people, with_pronouns(text, people, "en"))
    sentences = cut(text, text, [], "en")
    first, cues = read(scene, sentences)

    assert [cue.who for own in cues for cue in own] == [None, 0, 0]
    assert [one.gender for one in first.people] == ["f", ""]
    assert [one.gender for one in scene.cast.people] == ["", ""]
    assert cast(text) == scene.cast
    assert (first, cues) == read(scene, sentences)


@pytest.mark.no_cover
@pytest.mark.parametrize("text", ["A" * 100_000, "Ann Lee " * 12_500, "the minister of " * 6_000])
def test_hostile_texts_take_linear_time(text: str) -> None:
    began = time.thread_time()
    cast(text)

    assert time.thread_time() - began < 2 * BESIDE
