import ast
import random
import re

import numpy as np
import pytest

from qa.ask.statement import _states
from qa.check.quote.find import find
from qa.check.quote.text import Text
from qa.related.shared import shared
from qa.retrieval.late_interaction import SentenceInteraction
from qa.text.names import names
from qa.text.sentences import sentences
from qa.text.tokens import tokenize
from qa.types import Hit, Passage, Source, Span
from tests.growth import growing
from tests.growth.functions import NOT_FED, REACHED, WORKS, readers, unfed, works
from tests.growth.growing import grows
from tests.growth.patterns import Found, calls_of_re, patterns, trees
from tests.growth.searching import CUT, LENGTHS, search
from tests.growth.units import Unit, of_pattern

BYLINE = re.compile(r"BY (?:[^\W\d_a-z][\w.'’-]*,?(?: and | )?)+\.?")


@pytest.mark.slow
def test_no_work_grows_faster_than_its_input() -> None:
    searched = search(seed=1, units=3_000)

    assert [str(grew) for grew in searched.grew.values()] == []
    assert searched.units >= 3_000


# --- that all is found ---


def test_every_pattern_is_kept_where_it_is_found() -> None:
    functions = [node for _, tree in trees() for node in ast.walk(tree)]
    functions = [node for node in functions if isinstance(node, ast.FunctionDef | ast.Lambda)]
    within = {id(call) for function in functions for call in ast.walk(function)}
    made = [
        f"{module}:{call.lineno} re.{way}"
        for module, call, way in calls_of_re()
        if (way == "compile" and id(call) in within)
        or (way != "compile" and not isinstance(call.args[0], ast.Constant))
    ]
    assert made == []


def test_patterns_are_found_by_name_in_lists_and_in_calls() -> None:
    found = {one.name: one.ways for one in patterns()}

    assert found["qa.ask.statement._BYLINE"] == {"fullmatch"}
    assert found["qa.text.tokens._TOKEN"] == {"finditer"}
    assert found["qa.ingest.boilerplate._SHAPES"] == {"match", "fullmatch", "search", "finditer"}
    assert sum(name.endswith(" re") for name in found) >= 5  # written where they are used
    assert len(patterns()) >= 190


def test_every_function_that_reads_a_text_is_fed_or_it_is_said_why_not() -> None:
    known = readers()
    fed = {name for name, _ in works()}

    assert unfed() == []
    assert {"qa.text.tokens.tokenize", "qa.text.names.names", *WORKS} <= fed
    assert [p for p in (*NOT_FED, *REACHED) if not any(n.startswith(p) for n in known)] == []
    assert {name.rpartition(".")[0] for name in CUT} <= {one.name for one in patterns()}


# --- that what grows is seen ---


@pytest.mark.parametrize(
    ("pattern", "way"),
    [
        (r"[-=]+ *(?=[ac])", "finditer"),
        (r"(\D*?)([-+]?[\d.,:/'-]*\d)([^\d]*)", "fullmatch"),
        (r"[^\n]+(?:\n(?!\s*\n)[^\n]+)*", "finditer"),
        (r"[.!?…]+[\"'”’“»)\]]*(?=\s|$)", "finditer"),
        (r"[0-9][0-9.,]*\s+comments?", "search"),
        (r"<!--.*?-->", "finditer"),
    ],
)
def test_a_pattern_that_takes_quadratic_time_is_seen_by_its_own_units(pattern, way) -> None:
    found = Found("it", re.compile(pattern), frozenset({way}))
    chance = random.Random(1)
    ((name, work),) = found.works()

    units = (of_pattern(found.pattern, chance) for _ in range(150))
    assert any(grows(name, work, unit, LENGTHS[:2]) for unit in units)


def test_a_pattern_that_takes_exponential_time_is_stopped(monkeypatch) -> None:
    monkeypatch.setattr(growing, "STOP", 0.2)
    chance = random.Random(1)

    units = (of_pattern(BYLINE, chance) for _ in range(100))
    grew = (grows("it", BYLINE.fullmatch, unit, LENGTHS[:1]) for unit in units)
    assert str(next(filter(None, grew))).endswith("did not end")


@pytest.mark.parametrize(
    ("work", "is_seen"),
    [
        (lambda text: [text.find("x") for _ in range(len(text) // 8)], True),
        (lambda text: [text.count("x", i) for i in range(0, len(text), 8)], True),
        (lambda text: sorted(text.split("a")), False),
        (lambda text: [text.find("x") for _ in range(500)], False),
        (lambda text: [text[i : i + 500] for i in range(len(text))], False),
    ],
)
def test_work_is_judged_by_how_it_grows(work, is_seen) -> None:
    unit = Unit("", "ab ", "")

    assert (grows("it", work, unit, (16_000, 64_000, 256_000)) is not None) is is_seen


# --- what once grew ---


def shortened(text: str) -> object:
    """A quotation of half of a text's words, each with another, between ellipses."""
    words = text.split()
    quote = " … ".join(f"w{n} gone" for n in range(len(words) // 2))
    return find(quote, " ".join(f"w{n} stays" for n in range(len(words))))


def states(text: str) -> bool:
    """Whether a sentence of a passage states something, as each of a passage is asked."""
    source = Source("a")
    passage = Passage("a.0", "a", 0, len(text), text)
    sentence = SentenceInteraction(Span(0, len(text)), np.zeros(0, np.float32), 0.0, 0.0, ())
    return _states(Hit(passage, source, 1.0, None, None), sentence)


@pytest.mark.parametrize(
    ("work", "unit", "lengths"),
    [
        pytest.param(states, Unit("BY SIGNING ", "PROMISED", " 5 THINGS"), (400,), id="byline"),
        pytest.param(states, Unit("BY ", "SIGNING THE ", "5 THINGS"), (60,), id="capitals"),
        pytest.param(tokenize, Unit("“a ", "—", ".”"), LENGTHS, id="dashes"),
        pytest.param(sentences, Unit("", "。漢", ""), (8_000, 32_000), id="chinese"),
        pytest.param(sentences, Unit("", "<!--", ""), (8_000, 32_000), id="comments"),
        pytest.param(
            lambda text: shared([text], [text[4:]]), Unit("", "Ana Bo ", ""), LENGTHS, id="name"
        ),
        pytest.param(names, Unit("", "b ", "\n."), (512_000,), id="line"),
        pytest.param(shortened, Unit("", "word ", ""), (16_000,), id="ellipses"),
        pytest.param(lambda text: Text(text).parted, Unit("", "a1 b ", ""), (64_000,), id="parted"),
    ],
)
def test_what_once_grew_does_no_more(work, unit, lengths) -> None:
    assert grows("it", work, unit, lengths) is None
