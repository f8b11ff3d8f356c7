import pytest

from qa.text.sentences import sentences
from qa.text.wrapping import continued

HARBOUR = (
    "The harbour authority of Northport confirmed on Tuesday that the ferry terminal will be closed"
    " for eleven weeks in spring. The Ministry of Transport had asked for a shorter one, but the"
    " cracks in the quay were too wide. Nobody was hurt."
)
ENDS = ("in spring.", "too wide.", "was hurt.")


def wrapped(text: str, width: int) -> str:
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)


def pieces(text: str) -> list[str]:
    return [" ".join(text[one.start : one.end].split()) for one in sentences(text)]


@pytest.mark.parametrize("width", [1, 12, 25, 38, 60, 72, 99])
def test_sentences_go_on_over_lines_of_any_width(width):
    found = pieces(wrapped(HARBOUR, width))

    assert [piece[-len(end) :] for piece, end in zip(found, ENDS, strict=True)] == list(ENDS)


@pytest.mark.parametrize("width", [25, 72])
def test_a_headline_and_a_list_in_wrapped_text_are_their_own(width):
    text = f"Ferry closed\n{wrapped(HARBOUR, width)}\nTalks\nApples\n- pears\n- more of\n  them"

    assert pieces(text)[0] == "Ferry closed"
    assert pieces(text)[-5:] == ["Nobody was hurt.", "Talks", "Apples", "- pears", "- more of them"]


def test_two_lines_are_enough():
    assert pieces("The pilot boards\nthe ship at dawn.") == ["The pilot boards the ship at dawn."]


@pytest.mark.parametrize(
    "lines",
    [
        ["Apples", "Pears", "Plums and more"],
        ["The pilot boards.", "He sleeps.", "the end"],
        ["Photo: Ann Lee", "The pilot boards the ship.", "", "Then he sleeps."],
        ["- apples", "- pears", "- plums"],
        ["a) apples", "b) pears", "c) plums"],
        ["12 May", "13 May", "14 May"],
        ["FERRY CLOSED", "TALKS GO ON"],
        ["港口", "渡轮", "会谈"],
    ],
)
def test_lines_that_end_are_not_joined(lines):
    assert continued(lines) == [False] * len(lines)


def test_letters_without_cases_are_told_by_full_lines():
    chinese = [
        "港务局星期二证实渡轮码",
        "头将在春季关闭十一个星",
        "期运输部曾要求缩短关闭",
        "时间。",
    ]
    capitals = [
        "THE HARBOUR AUTHORITY CONFIRMED",
        "ON TUESDAY THAT THE FERRY WOULD",
        "BE CLOSED FOR ELEVEN WEEKS IN",
    ]

    assert continued([*chinese, "", *chinese]) == [
        True,
        True,
        True,
        False,
        False,
        True,
        True,
        True,
        False,
    ]
    assert continued([*capitals, "SPRING."]) == [True, True, True, False]
