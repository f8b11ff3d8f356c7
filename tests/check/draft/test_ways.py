"""The ways to cite and to quote that drafts are full of, each with what is to be read of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from embeddings import HashEncoder
from qa import Corpus

PORT_URL, TOWN_URL = "https://press.org/port", "https://press.org/town"
CLOSED = "The port was closed for nine days in March"
OPENED = "The market of the town opened again on 12 May"
SAID = "We had no choice but to shut the gates"
LIST = f"\n\nSources:\n\n[1] Port report, {PORT_URL}\n[2] Town report, {TOWN_URL}\n"


@dataclass(frozen=True)
class Way:
    """A draft, and the articles that its references lead to, its claims and its quotations."""

    draft: str
    leads_to: tuple[str | None, ...]  # one for each reference; None: nowhere
    claims: tuple[str, ...] = ()
    quotes: tuple[tuple[str, str], ...] = ()


def claim(mark: str, *leads_to: str | None, sources: str = LIST) -> Way:
    """A sentence that cites by a mark."""
    return Way(f"{CLOSED} {mark}.{sources}", leads_to or ("port",), (f"{CLOSED}.",))


def quote(opening: str, closing: str, said: str = SAID) -> Way:
    return Way(f"Ilić said {opening}{said}{closing} in May.", (), (), ((said, "verbatim"),))


def whole(draft: str, *leads_to: str | None, claims: tuple[str, ...] = (f"{CLOSED}.",)) -> Way:
    return Way(draft, leads_to or ("port",), claims)


def quoting(draft: str, *leads_to: str | None, said: str = SAID, verdict: str = "verbatim") -> Way:
    return Way(draft, leads_to, (), ((said, verdict),))


BOTH = ("port", "town")
MARKS = {
    "[1]": claim("[1]"),
    "[1][2]": claim("[1][2]", *BOTH),
    "[1, 2]": claim("[1, 2]", *BOTH),
    "[1;2]": claim("[1;2]", *BOTH),
    "[1-2]": claim("[1-2]", *BOTH),
    "[1–2]": claim("[1–2]", *BOTH),
    "^[1]": claim("^[1]"),
    "raised sign": claim("¹"),
    "<sup>": claim("<sup>1</sup>"),
    "<sup> with brackets": claim("<sup>[1]</sup>"),
    "<sup> with a link": claim('<sup><a href="#s1">[1]</a></sup>'),
    "escaped": claim(r"\[1\]"),
    "lenticular": claim("【1】"),
    "lenticular, source": claim("【1†source】"),
    "lenticular, file": claim("【4:0†port】"),
    "lenticular, lines": claim("【1†L3-L9】"),
    "[Source 1]": claim("[Source 1]"),
    "[Sources 1, 2]": claim("[Sources 1, 2]", *BOTH),
    "[Source 1, Source 2]": claim("[Source 1, Source 2]", *BOTH),
    "[Doc 1]": claim("[Doc 1]"),
    "[Document 1]": claim("[Document 1]"),
    "[citation:1]": claim("[citation:1]"),
    "[[citation:1]]": claim("[[citation:1]]"),
    "[cite: 1]": claim("[cite: 1]"),
    "[cite: 1, 2]": claim("[cite: 1, 2]", *BOTH),
    "[ID:1]": claim("[ID:1]"),
    "[S1]": claim("[S1]"),
    "[ref_1]": claim("[ref_1]"),
    "[Ref. 1]": claim("[Ref. 1]"),
    "[#1]": claim("[#1]"),
    "{1}": claim("{1}"),
    "{{1}}": claim("{{1}}"),
    "{cite:1}": claim("{cite:1}"),
    "(1)": claim("(1)", sources=f"\n\nSources:\n\n1. Port report, {PORT_URL}\n"),
    "(Source 1)": claim("(Source 1)"),
    "^1": claim("^1"),
    "[^1^]": claim("[^1^]"),
    "[1, p. 4]": claim("[1, p. 4]"),
    "[1, S. 4]": claim("[1, S. 4]"),
    "[1:4]": claim("[1:4]"),
    "[1†]": claim("[1†]"),
    "full width": claim("［1］"),
    "##1$$": claim("##1$$"),
    "file in brackets": claim("[port.txt]", sources=""),
    "file in parentheses": claim("(port.txt)", sources=""),
    "file with a page": claim("[port.txt, p. 4]", sources=""),
    "two files": claim("[port.txt; town.txt]", *BOTH, sources=""),
    "id in brackets": claim("[port]", sources=""),
    "id in parentheses": claim("(port)", sources=""),
    "title in brackets": claim("[Report on the port]", sources=""),
    "[source: file]": claim("[source: port.txt]", sources=""),
    "[Source: title]": claim("[Source: Report on the port]", sources=""),
    "(Quelle: title)": claim("(Quelle: Report on the port)", sources=""),
    "<cite>, number": claim("<cite>1</cite>"),
    "<cite>, file": claim("<cite>port.txt</cite>", sources=""),
    "<cite>, attribute": Way(f'<cite id="1">{CLOSED}.</cite>{LIST}', ("port",), (f"{CLOSED}.",)),
    "<co>": Way(f"<co: 1>{CLOSED}</co: 1>.{LIST}", ("port",), (f"{CLOSED}.",)),
    "<ref>": claim(f"<ref>{PORT_URL}</ref>", sources=""),
    "<source>": claim("<source>port</source>", sources=""),
    r"\cite": claim(r"\cite{port}", sources=""),
    r"\citep with a page": claim(r"\citep[p.~4]{port,town}", *BOTH, sources=""),
    "[@key]": claim("[@port]", sources=""),
    "[see @key, p. 4]": claim("[see @port, p. 4; @town]", *BOTH, sources=""),
    "private use": claim("\ue200cite\ue202turn0search1\ue201", None),
    "private use, written": claim(":contentReference[oaicite:0]{index=0}", None),
    "[Source 7] of no list": claim("[Source 7]", None),
    "(url)": claim(f"({PORT_URL})", sources=""),
    "<url>": claim(f"<{PORT_URL}>", sources=""),
    "[1](url)": claim(f"[1]({PORT_URL})", sources=""),
    "[[1]](url)": claim(f"[[1]]({PORT_URL})", sources=""),
    "link with a title": claim(rf'[1]({PORT_URL} "a \"b\" [4] (c). D.")', sources=""),
    "tracking": claim(f"({PORT_URL}?utm_source=chatgpt.com)", sources=""),
    "text fragment": claim(f"({PORT_URL}#:~:text=nine%20days)", sources=""),
    "archived": claim(f"(https://web.archive.org/web/2024/{PORT_URL})", sources=""),
}
KOVAC = f"Kovač, A. (2026). Port report. {PORT_URL}"
LISTS = {
    "footnote": whole(f"{CLOSED}.[^a]\n\n[^a]: {PORT_URL}"),
    "definition": whole(f"{CLOSED} [1].\n\n[1]: {PORT_URL} 'Port'"),
    "bullets": whole(f"{CLOSED} [1].\n\n## Sources\n- [1] Port, {PORT_URL}"),
    "bold": whole(f"{CLOSED} [1].\n\n**Sources:**\n**[1]** Port, {PORT_URL}"),
    "colons": whole(f"{CLOSED} [1].\n\n[1]: Port report, {PORT_URL}"),
    "one line": whole(f"{CLOSED} [1].\n\nSources: [1] Port, {PORT_URL} [2] B, {TOWN_URL}"),
    "Windows": whole(f"{CLOSED} [1].\r\n\r\nSources:\r\n1. Port, {PORT_URL}\r\n"),
    "title alone": whole(f"{CLOSED} [1].\n\n1 sources\n\n[1] Report on the port"),
    "Source 1:": whole(f"{CLOSED} [Source 1].\n\nSource 1: Port report, {PORT_URL}"),
    "[Source 1]:": whole(f"{CLOSED} [Source 1].\n\n[Source 1]: {PORT_URL}"),
    "(1)": whole(f"{CLOSED} (1).\n\n(1) Port report, {PORT_URL}"),
    "table": whole(f"{CLOSED} [1].\n\n| # | Source |\n|---|---|\n| 1 | Port, {PORT_URL} |"),
    "table, in a section": whole(
        f"{CLOSED} [1].\n\n## References\n\n"
        f"| No | What | URL |\n|---|---|---|\n| [1] | A | {PORT_URL} |"
    ),
    "author, year": whole(f"{CLOSED} (Kovač, 2026).\n\n## References\n\n{KOVAC}"),
    "author, year, no heading": whole(f"{CLOSED} (Kovač, 2026).\n\n{KOVAC}"),
    "author, year, plain heading": whole(f"{CLOSED} (Kovač, 2026).\n\nReferences\n\n{KOVAC}"),
    "author, year in brackets": whole(f"{CLOSED} [Kovač 2026].\n\n## References\n\n{KOVAC}"),
    "author (year)": whole(
        f"Kovač (2026) writes that the port was closed.\n\n## References\n\n{KOVAC}",
        claims=("Kovač writes that the port was closed.",),
    ),
    "authors": whole(f"{CLOSED} (see Kovač et al., 2026, p. 4).\n\n## References\n\n{KOVAC}"),
}
PAGE = (
    f'<p>{CLOSED} <a href="{PORT_URL}">[1]</a>.</p><p>Ilić said <q>{SAID}</q>.</p>'
    f"<blockquote><p>{SAID}</p></blockquote><p>&ldquo;{SAID}&rdquo;</p>"
)
JSON = (
    f'{{"answer": "{CLOSED} [1].", "citations": [{{"id": 1, "quote": "{SAID}",'
    f' "source": "{PORT_URL}"}}]}}'
)
QUOTES = {
    "“ ”": quote("“", "”"),
    "„ “": quote("„", "“"),
    "„ ”": quote("„", "”"),
    "« »": quote("« ", " »"),
    "» «": quote("»", "«"),
    "‹ ›": quote("‹", "›"),
    "straight": quote('"', '"'),
    "‘ ’": quote("‘", "’"),
    "straight, single": quote("'", "'"),
    "‚ ‘": quote("‚", "‘"),
    "LaTeX": quote("``", "''"),
    "corners": quote("「", "」"),
    "white corners": quote("『", "』"),
    "&quot;": quote("&quot;", "&quot;"),
    "<q>": quote("<q>", "</q>"),
    "British, with a comma": quoting(f"‘{SAID},’ Ilić said [1].{LIST}", "port", said=f"{SAID},"),
    "blockquote": quoting(f"> {SAID}\n\nSource: {PORT_URL}", "port"),
    "<blockquote>": quoting(f"<blockquote>{SAID}</blockquote>", verdict="verbatim"),
    "blockquote, said by another": quoting(
        f"> {SAID}\n> — Ana Petrović [1]{LIST}", "port", verdict="misattributed"
    ),
    "mark within": Way(
        f"He said “We had no choice [1] but to shut the gates”.{LIST}",
        ("port",),
        (),
        ((SAID, "verbatim"),),
    ),
    "link within": quoting(
        f"He said “We had no [choice]({PORT_URL}) but to shut the gates”.", "port"
    ),
    "two paragraphs": Way(
        f"Ilić said: “{SAID}.\n\n“It was the worst March of all.”",
        (),
        (),
        ((f"{SAID}.", "normalized"), ("It was the worst March of all.", "verbatim")),
    ),
    "over an attribution": Way(
        f"“We had no choice,” Ilić said, “but to shut the gates.” [1]{LIST}",
        ("port",),
        (),
        (("We had no choice,", "normalized"), ("but to shut the gates.", "normalized")),
    ),
    "page": Way(PAGE, ("port",), (f"{CLOSED}.",), ((SAID, "verbatim"),) * 3),
    "JSON": Way(JSON, ("port", "port"), (f"{CLOSED}.",), ((SAID, "verbatim"),)),
}
STATEMENTS = {
    "name quoted in a claim": Way(
        f"The port of “Percy Vell” was closed for nine days in March [1].{LIST}",
        ("port",),
        ("The port of “Percy Vell” was closed for nine days in March.",),
        (("Percy Vell", "not_found"),),
    ),
    "two sentences": whole(
        f"{CLOSED} [1]. {OPENED} [2].{LIST}", *BOTH, claims=(f"{CLOSED}.", f"{OPENED}.")
    ),
    "item": whole(f"- {CLOSED} [1]{LIST}", claims=(CLOSED,)),
}
WAYS = {**MARKS, **{f"list: {k}": v for k, v in LISTS.items()}, **QUOTES, **STATEMENTS}
FALL_SHORT: dict[str, str] = {}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory, document) -> Iterator[Corpus]:
    port = f"{CLOSED}. “{SAID},” said Marko Ilić. “It was the worst March of all.”"
    with Corpus.open(tmp_path_factory.mktemp("ways"), encoder=HashEncoder()) as opened:
        list(
            opened.add(
                [
                    document("port", port, title="Report on the port", url=PORT_URL),
                    document("town", f"{OPENED}.", title="Report on the town", url=TOWN_URL),
                ]
            )
        )
        yield opened


def _marked() -> Iterator[object]:
    for name, way in WAYS.items():
        reason = FALL_SHORT.get(name)
        marks = [pytest.mark.xfail(strict=True, reason=reason)] if reason else []
        yield pytest.param(way, id=name, marks=marks)


@pytest.mark.parametrize("way", list(_marked()))
def test_a_way_to_cite_or_quote_is_read(corpus: Corpus, way: Way) -> None:
    report = corpus.check_text(way.draft)
    found = Way(
        way.draft,
        tuple(cited.source.article_id if cited.source else None for cited in report.references),
        tuple(one.text for one in report.claims),
        tuple((one.verdict.quote, one.verdict.verdict) for one in report.quotations),
    )

    assert found == way


def test_most_of_more_than_a_hundred_ways_are_read() -> None:
    assert len(WAYS) >= 108
    assert len(WAYS) - len(FALL_SHORT) >= 100
