from __future__ import annotations

import time

import pytest

from qa.check.speakers import People


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
            [("Peter Smith", "Peter Smith"), ("Anna Smith", "Anna Smith"), ("Smith", None)],
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
        ("We got an official invitation.", []),
    ],
)
def test_people_are_known_by_name_and_role(
    text: str, expected: list[tuple[str, str | None]]
) -> None:
    mentions = People(text).mentions
    found = [(text[m.start : m.end], m.who.name if m.who else None) for m in mentions]

    assert expected == found


@pytest.mark.parametrize("text", ["A" * 100_000, "Ann Lee " * 12_500, "the minister of " * 6_000])
def test_hostile_texts_take_linear_time(text: str) -> None:
    began = time.process_time()
    People(text)

    assert time.process_time() - began < 2
