"""Articles and drafts that are made to take long, through everything that a corpus does."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path

import pytest

from embeddings import HashEncoder
from qa import Corpus
from qa.check.checker import Checker
from qa.check.resolve import Resolver
from qa.errors import InvalidInput
from tests.growth.growing import grows
from tests.growth.units import Unit

SAID = "The pilot boards the ship at dawn. “The long talks ended in May,” said Ana Marin. "
ARTICLES = {
    "capitals": "BY SIGNING THE AGREEMENT THE GOVERNMENT HAD PROMISED 5 THINGS TO THE TOWN ",
    "chinese": "。漢",
    "comments": "<!--",
    "dashes": "—",
    "quoted": "“a” ",
    "blank": " \n",
    "brackets": "[",
    "digits": "1",
    "word": "a",
    "names": "Qa Qb Qc ",
    "accents": "a\u0301\u0301",
}
DRAFTS = ARTICLES | {
    "opened": "“",
    "links": "[a](/b) ",
    "marks": "[1] ",
    "notes": "[^1]: a\n",
    "speakers": "Ana Marin, the envoy, said he left. ",
    "dots": "… a ",
    "code": "`",
}

Work = Callable[[str], object]


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory, document) -> Iterator[Corpus]:
    folder: Path = tmp_path_factory.mktemp("hostile")
    with Corpus.open(folder / "corpus", encoder=HashEncoder()) as corpus:
        corpus.add_batch([document("talks", SAID * 40), document("pilots", SAID)])
        yield corpus


def unit(pumped: str) -> Unit:
    return Unit("The pilot boards. ", pumped, " the end")


@pytest.mark.slow
@pytest.mark.parametrize("pumped", ARTICLES.values(), ids=ARTICLES)
def test_no_article_takes_longer_than_it_is_long(articles: Corpus, document, pumped: str) -> None:
    numbers = count()

    def read(text: str) -> None:
        """It is added, asked for, compared, and a quote is looked for in it; then it goes."""
        id_ = f"hostile{next(numbers)}"
        try:
            articles.add_batch([document(id_, text)])
            articles.ask(f"When does the pilot board? {text[18:90]}")
            articles.related(text=text[:1_900])
            articles.check(text[5:1_900])
            articles.check("The pilot boards at dawn and leaves", article_id=id_)
        finally:
            articles.remove([id_])

    assert grows("an article", read, unit(pumped), (64_000,)) is None


@pytest.mark.slow
@pytest.mark.parametrize("pumped", DRAFTS.values(), ids=DRAFTS)
@pytest.mark.parametrize(
    "draft",
    [
        pytest.param("{} [1].\n\n[1]: talks", id="claim"),
        pytest.param("Ana Marin said “{}” [1].\n\n[1]: talks", id="quotation"),
    ],
)
def test_no_draft_takes_longer_than_it_is_long(articles: Corpus, draft: str, pumped: str) -> None:
    def check(text: str) -> None:
        with suppress(InvalidInput):  # of more quotations than are checked at a time
            articles.check_text(draft.format(text))

    assert grows("a draft", check, unit(pumped), (24_000,)) is None


ENTRY = "neither title nor name " * 80


@pytest.mark.parametrize(
    "draft",
    [
        pytest.param(f"The pilot boards {{}}.\n\n[1]: {ENTRY}", id="entry"),
        pytest.param("The pilot boards the ship {}.\n\n[1]: talks", id="article"),
    ],
)
def test_a_source_that_is_cited_a_thousand_times_is_looked_for_once(
    articles: Corpus, draft: str, monkeypatch
) -> None:
    asked: list[str] = []
    named = Resolver._named
    monkeypatch.setattr(Resolver, "_named", lambda *given: asked.append(given[1]) or named(*given))

    report = articles.check_text(draft.format("[1]" * 1_000))

    assert len(report.references) == 1_000
    assert len(asked) == len(set(asked)) == 1


def test_a_quotation_is_held_once_against_an_article_that_it_cites_often(
    articles: Corpus, monkeypatch
) -> None:
    checked: list[str] = []
    check = Checker.check
    monkeypatch.setattr(Checker, "check", lambda *given: checked.append(given[1]) or check(*given))

    report = articles.check_text(
        f"Ana Marin said “the ship was never boarded by anybody” {'[1]' * 30}.\n\n[1]: talks"
    )

    assert [len(found.references) for found in report.quotations] == [20]
    assert len(checked) == 1
