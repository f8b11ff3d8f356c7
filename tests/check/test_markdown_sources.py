"""Quotes of what is shown of Markdown, with one construct in each sentence."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from embeddings import HashEncoder
from qa import Corpus
from qa.ingest import read_stream
from qa.types import Document

URL = "https://example.org/r.pdf"
DATE = "The minister said on Monday evening that the works will begin soon"
PAY = "The company will not pay for damage of the storm"
# What stands in the file, and what a reader quotes.
QUOTED = {
    "strong": ("The minister said on **Monday evening** that the works will begin soon.", DATE),
    "emphasis": ("The minister said on _Monday_ *evening* that the works will begin soon.", DATE),
    "code": ("The minister said on `Monday evening` that the works will begin soon.", DATE),
    "wikilink": ("The minister said on [[Monday]] evening that the works will begin soon.", DATE),
    "wikilink, words": (
        "The minister said on [[2024-03-04|Monday evening]] that the works will begin soon.",
        DATE,
    ),
    "escape": (
        r"The minister \*said\* on Monday \[evening\] that it will begin soon.",
        "The minister *said* on Monday [evening] that it will begin soon",
    ),
    "entity": (
        "The ministers of Work &amp; Trade said on Monday&nbsp;evening that it begins.",
        "The ministers of Work & Trade said on Monday evening that it begins",
    ),
    "footnote": (
        "The minister said[^3] on Monday evening that the works will begin soon.\n\n[^3]: Radio.",
        DATE,
    ),
    "footnote that is missing": (
        "The minister said[^3] on Monday evening that the works will begin soon.",
        DATE,
    ),
    "inline footnote": (
        "The minister said^[On *the* radio.] on Monday evening that the works will begin soon.",
        DATE,
    ),
    "link": (f"The minister said on [Monday evening]({URL}) that the works will begin soon.", DATE),
    "reference": (
        f"The minister said on [Monday evening][2] that the works will begin soon.\n\n[2]: {URL}",
        DATE,
    ),
    "autolink": (
        f"The minister said on <{URL}> that the works will begin soon.",
        f"The minister said on {URL} that the works will begin soon",
    ),
    "comment": (
        "The minister said %%which?%% on Monday evening <!-- check\n\nit --> that the works will"
        " begin soon.",
        DATE,
    ),
    "struck out": (
        "The works take ~~five~~ six long years to end.",
        "The works take six long years to end",
    ),
    "backslash": ("The minister said on Monday evening\\\nthat the works will begin soon.", DATE),
    "tag": (
        "The minister said on <em>Monday</em> <b>evening</b> that the works will begin soon.",
        DATE,
    ),
    "tag of a mark": (
        "The minister said on Monday evening<sup>[2](#fn2)</sup> that the works will begin soon.",
        DATE,
    ),
    "blockquote": ("> The company will not pay for damage\n> of the storm.", PAY),
    "blockquote, lazy": (
        "> The company will not pay for damage\nof the storm.",
        PAY,
    ),
    "blockquote, inner": (
        "> > The company will *not* pay for damage\n> > of the storm.",
        PAY,
    ),
    "callout": (
        "> [!quote] Notice\n> The company will not pay for damage\n> of the storm.",
        PAY,
    ),
    "highlight": ("The company will ==not pay for damage== of the storm.", PAY),
    "html": (
        "The <mark>company</mark> will <u>not</u> pay for damage of<br>the storm.",
        PAY,
    ),
    "heading": ("## The company will not pay for *damage* of the storm ##", PAY),
    "Setext heading": (
        "The company will not pay for damage\nof the storm\n-----",
        PAY,
    ),
    "list": ("- The company will not pay for damage\n  of\n  the storm.", PAY),
    "numbers": (
        "1. Nothing.\n2. The company will not pay\n   for damage of the storm.",
        PAY,
    ),
    "task": ("- [ ] The company will not pay for damage of the storm.", PAY),
    "table": (
        "|A|B|\n|-|-|\n|A| The *company* will not pay for [damage](d) of the storm |",
        PAY,
    ),
    "table, row": (
        "|Port|Ships|Men|\n|-|-|-|\n|Northport old harbour|**12**|`45`|",
        "Northport old harbour 12 45",
    ),
    "definition": (
        "Notice\n: The company will **not** pay for damage of the storm.",
        PAY,
    ),
    "image": (
        "The company will not pay ![a wet hall](h.png) for damage of the storm.",
        PAY,
    ),
    "embedded": (
        "The company will not pay ![[h.png|300]] for damage of the storm.",
        PAY,
    ),
    "Jekyll": (
        "The company will not pay {% include ad.html %} for damage of the storm.{: .x}",
        PAY,
    ),
    "Hugo": (
        "{{% box %}}The company will not pay for damage {{< ad >}} of the storm.{{% /box %}}",
        PAY,
    ),
    "Pandoc": (
        "::: {.x}\nThe company will [not]{.smallcaps} pay for damage of the storm.\n:::",
        PAY,
    ),
    "block id": (
        "The company will not pay for damage ^d4-5e\nof the storm. ^a1b2c3",
        PAY,
    ),
    "raised": (
        "The company sold 10^6^ tickets for the ship **a year** ago.",
        "The company sold 10⁶ tickets for the ship a year ago",
    ),
    "within a word": (
        "The **com**pany will not pay for *dam*age of the storm.",
        PAY,
    ),
    "block in HTML": (
        "<div class='x'>\nThe company will <b>not</b> pay for damage\nof the storm.\n</div>",
        PAY,
    ),
    "link in emphasis": (
        f"***[The company]({URL} 'A title')*** will not pay for damage of the storm.",
        PAY,
    ),
    "code in a link": (
        "The [`company`](c.md) will not pay for damage of the storm.",
        PAY,
    ),
    "linked mark": (
        f"The company will not pay[[4]]({URL}#c4) for damage[\\[5\\]]({URL}) of the storm.",
        PAY,
    ),
    "numbered mark": (
        "The company will not pay[^a][^b] for damage[4] of the storm.[5]",
        PAY,
    ),
}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory) -> Iterator[Corpus]:
    with Corpus.open(tmp_path_factory.mktemp("sources"), encoder=HashEncoder()) as opened:
        list(opened.add(list(_documents())))
        yield opened


def _documents() -> Iterator[Document]:
    for number, (source, _) in enumerate(QUOTED.values()):
        text = f"# Talks\n\nThe talks went on.\n\n{source}\n\nNobody else came to them."
        [found] = read_stream(text.encode(), f"source{number}.md")
        assert isinstance(found, Document)
        yield found


@pytest.mark.parametrize("number", range(len(QUOTED)), ids=list(QUOTED))
def test_a_true_quote_of_what_is_shown_is_true(corpus: Corpus, number: int) -> None:
    found = corpus.check(list(QUOTED.values())[number][1], article_id=f"source{number}")

    assert found.verdict in ("verbatim", "normalized")
    assert all(match.differences == () for match in found.matches)


def test_each_of_forty_constructs_is_quoted() -> None:
    assert len(QUOTED) >= 40
