"""Who says a quotation, kind by kind: each article is asked about a person, right or wrong."""

from __future__ import annotations

import pytest

from qa.check.speakers import Speakers, agrees

Q = "The old harbour bridge will be closed for the whole winter season"
VELL, KORD = "Marco Vell", "Anna Kord"

# (the article, in which Q stands for the quotation; whom it is said to be by; whether it is)
SERVANTS = [
    ("“Q,” a spokeswoman for Marco Vell said.", VELL, None),
    ("“Q,” Marco Vell’s spokeswoman said.", VELL, None),
    ("“Q,” said Marco Vell's lawyer.", VELL, None),
    ("“Q,” said an aide to Marco Vell.", VELL, None),
    ("“Q,” said Marco Vell spokesman Anton Kord.", VELL, False),
    ("“Q,” said Marco Vell spokesman Anton Kord.", "Anton Kord", True),
    ("“Q,” the Vell campaign said.", VELL, None),
    ("Marco Vell came. “Q,” his spokesman said.", VELL, None),
]
NAMESAKES = [
    ("Eric Vell died in 2014. “Q,” Erica Vell said.", "Eric Vell", False),
    ("Eric Vell died in 2014. “Q,” Erica Vell said.", "Erica Vell", True),
    ("Eric Vell met Erica Vell. “Q,” Vell said.", "Erica Vell", None),
    ("Eric Vell met Erica Vell. “Q,” Vell said.", KORD, False),
    ("Eric Vell met Erica Vell. “Q,” Mrs. Vell said.", "Erica Vell", True),
    (
        "George H. W. Vell spoke. George W. Vell left. “Q,” said George W. Vell.",
        "George H. W. Vell",
        False,
    ),
    (
        "George H. W. Vell spoke. George W. Vell left. “Q,” said George W. Vell.",
        "George W. Vell",
        True,
    ),
    ("“Q,” said Donald Vell Jr.", "Donald Vell", None),
    ("Thomas Vell came. “Q,” said Tom Vell.", "Thomas Vell", True),
]
PRONOUNS = [
    ("“No,” said Anna Kord.\n\n“Is this so?” Marco Vell said.\n\n“Q.”", VELL, None),  # an answer
    ("Marco Vell came to Senta. Anna Kord met him there. “Q,” she said.", KORD, True),
    ("Marco Vell came to Senta. Anna Kord met him there. “Q,” he said.", KORD, None),
    ("Marco Vell met Anna Kord. “Q,” he said.", VELL, True),
    ("Marco Vell met Anna Kord. “Q,” he said.", KORD, False),
    ("Marco Vell met Peter Kord. “Q,” he said.", VELL, None),
    ("Marco Vell said that Peter Kord lied. “Q,” he said.", VELL, True),
    ("Marco Vell and Peter Kord said no. “Q,” he said.", VELL, None),
    (
        "Angela Brunner, spokeswoman for the EB-5 Investment Coalition, said many failed."
        " “Q,” she said.",
        "Angela Brunner",
        True,
    ),
]
NESTED = [
    ("“Marco Vell told me: ‘Q.’ I did not believe it,” said Anna Kord.", KORD, False),
    ("“Marco Vell told me: ‘Q.’ I did not believe it,” said Anna Kord.", VELL, True),
    ("“As Marco Vell put it, ‘Q,’ and I agree,” said Anna Kord.", KORD, None),
    ("“I don’t know. ‘Marco’s’ bridge. Q,” said Anna Kord.", KORD, True),
]
DOUBTED = [
    "A false post claims that Marco Vell said “Q”, which he did not.",
    "The claim that Marco Vell said “Q” is false.",
    "Nobody has ever heard Marco Vell say “Q”.",
    "Posts claim that Marco Vell said “Q”. He did not.",
    "According to a forged letter, Marco Vell said: “Q.”",
    "Had Marco Vell said “Q”, we would know.",
    "If Marco Vell said “Q”, nobody heard it.",
    "Marco Vell never said “Q”.",
    "Marco Vell did not say “Q”.",
    "Marco Vell denied having said “Q”.",
    "Marco Vell allegedly said: “Q.”",
    "“Q,” Marco Vell reportedly said.",
    "“Q,” Marco Vell is alleged to have said.",
    "Marco Vell is said to have said “Q”.",
    "Marco Vell said “Q”. The quote is a fake.",
    "The video in which Marco Vell says “Q” is a fake.",
    "Rumour has it that Marco Vell said “Q”.",
]
TOLD = ["“Q,” Marco Vell, the committeeman from Virginia, told AFP."]
TITLES = [
    "“Q,” said MSNBC host Marco Vell.",
    "“Q,” Senate minority leader Marco Vell told reporters.",
    "“Q,” said Rep. Marco Vell of Maryland.",
    "“Q,” said Sen. Marco Vell (R-Neb.).",
    "“Q,” Rep. Marco Vell (R-Fla.) said.",
    "“Q,” said Del. Marco Vell.",
    "“Q,” said Rev. Marco Vell.",
    "“Q,” said Marco Vell of the World Bank.",
    "“Q,” union leader Marco Vell said.",
    "Marco Vell, head of the union, said: “Q.”",
    "“Q,” Marco Vell, 30, of Dover, Del., said in an interview.",
    "“Q,” said former Massachusetts Gov. Marco Vell.",
    "“Q,” said Republican Marco Vell on Monday.",
]
LINES = [
    "“Q.” — Marco Vell",
    "“Q.”\n— Marco Vell",
    "“Q.” –Commissioner Marco Vell",
    "“Q.” — Marco Vell, mayor of Senta",
    "MARCO VELL: Q.",
    "Talks.\n\nMARCO VELL: Q.",
    "Talks. **Marco Vell:** Q.",
    "**Marco Vell**: Q.",
    "Interview with Marco Vell\n\nQ\u200b: Did you know?\nA: Q.",
]
GOING_ON = [
    "Applying “some other thing to this,” Vell continued, “Q.” Marco Vell left.",
    "Marco Vell came. “Some other thing,” Vell charged. “Q.”",
    "Marco Vell shot back, “Q.”",
    "Marco Vell left the room, writing “Q.”",
    "Marco Vell won, declaring it “Q.”",
    "Marco Vell rose, asking, “Q.”",
    "“Q,” Marco Vell harrumphed.",
    "“Q,” harrumphed Marco Vell.",
    "“Q,” Marco Vell posted on X.",
    "“Q,” Marco Vell was quoted as saying by the radio.",
    "“Some other thing,” said Marco Vell.\n\n“Q.”",
    "The mayor, Marco Vell, tweeted: “Q.”",
]
FUNCTION_NAMES = ["Per Lind", "Will Smith", "An Nguyen", "Per Bolund", "So Yun", "In Kim",
                  "Him Lal", "Abd al-Rahman", "Theresa May"]  # fmt: skip


def judged(article: str, asked: str) -> bool | None:
    text = article.replace("Q\u200b", "\x00").replace("Q", Q).replace("\x00", "Q")
    start = text.index(Q)
    return agrees(asked, Speakers(text).of(start, start + len(Q)))


@pytest.mark.parametrize(
    ("article", "asked", "expected"), [*SERVANTS, *NAMESAKES, *PRONOUNS, *NESTED]
)
def test_a_speaker_agrees_only_where_nobody_else_is_meant(
    article: str, asked: str, expected: bool | None
) -> None:
    assert judged(article, asked) is expected


@pytest.mark.parametrize("article", DOUBTED)
def test_what_is_only_claimed_denied_or_supposed_is_nobody_s(article: str) -> None:
    assert (judged(article, VELL), judged(article, KORD)) == (None, None)


@pytest.mark.parametrize("article", [*TOLD, *TITLES, *LINES, *GOING_ON])
def test_the_right_one_is_confirmed_and_a_wrong_one_denied(article: str) -> None:
    assert (judged(article, VELL), judged(article, "Eva Ray")) == (True, False)


@pytest.mark.parametrize("article", ["“Q,” said {}.", "“Q,” {} said.", "{} told reporters: “Q.”",
                                     "“Some other thing,” said {}. “Q.”"])  # fmt: skip
@pytest.mark.parametrize("name", FUNCTION_NAMES)
def test_a_name_may_be_a_function_word(article: str, name: str) -> None:
    assert judged(article.format(name), name) is True
    assert judged(article.format("Anna Holm"), name) is False


@pytest.mark.parametrize(
    ("article", "expected"),
    [
        ("“Q,” said Marco Vell and Anna Kord.", (True, True, False)),
        ("“Q,” Marco Vell and Anna Kord said.", (True, True, False)),
        ("“Q,” Marco Vell or Anna Kord said.", (None, None, None)),
    ],
)
def test_two_may_speak(article: str, expected: tuple[bool | None, ...]) -> None:
    assert (judged(article, VELL), judged(article, KORD), judged(article, "Eva Ray")) == expected


def test_words_doubted_are_told_from_words_of_nobody() -> None:
    doubted = Speakers("Posts claim that Ann Lee said “no”.")
    nobody = Speakers("A sign read “no”.")

    assert (doubted.doubted(31, 33), nobody.doubted(13, 15)) == (True, False)
