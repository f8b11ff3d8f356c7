"""Every function that reads a text, found by itself, and how those are called that need more."""

from __future__ import annotations

import inspect
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, is_dataclass
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Any

import numpy as np

from embeddings import HashEncoder
from embeddings.e5.packed_file import Vocabulary
from embeddings.e5.pieces import PieceTokenizer
from qa.ask.caveats import cut_note
from qa.ask.context import prompt
from qa.ask.time_words import time_words
from qa.check.facts.stated import missing
from qa.check.quote.find import find
from qa.check.speakers.agreement import agrees
from qa.check.speakers.cast import cast
from qa.check.speakers.pronouns import with_pronouns
from qa.check.speakers.same_person import same_name
from qa.check.speakers.speakers import Attribution, Speakers
from qa.citations.cited import Citable
from qa.citations.formats import FORMATS
from qa.citations.text_fragment import OriginalPage, in_original
from qa.errors import InvalidInput
from qa.evaluation.outcomes import holds
from qa.ingest import read_stream
from qa.ingest.decode import decode
from qa.ingest.documents import Blob
from qa.ingest.formats import mail, saved_pages, sheets, subtitles
from qa.ingest.limits import Limits
from qa.ingest.sniff import sniff
from qa.ingest.stated.bibtex_lists import read_bibtex
from qa.ingest.stated.ris_lists import read_ris
from qa.passages.chunking import chunk, title_prefix
from qa.related.shared import shared, written
from qa.request_limits import checked_text
from qa.retrieval.expansion import Surroundings
from qa.schemas.paths import external
from qa.storage.records import StoredArticle
from qa.text.language import stated_or_told, tag_of
from qa.text.names import names
from qa.text.operators import wording
from qa.text.shingles import Shingles
from qa.text.sought import sought
from qa.text.spelling import written_otherwise
from qa.text.terms import sequence
from qa.types import Article, Frequencies, Hit, Passage, Source, Span
from qa.web.marking import paragraphs
from qa.wording.service_sentences import told
from qa.wording.spoken_languages import language_of, speaking
from tests.growth.patterns import modules

Work = Callable[[str], object]


class _Everywhere:
    """An index of three languages that has every word."""

    languages: Mapping[str, int] = MappingProxyType({"en": 1, "sr": 1, "ru": 1})

    def frequencies(self, terms: Sequence[str]) -> Frequencies:
        return Frequencies(np.ones(len(terms), np.int64), 3)


def _read(read: Callable[[Blob], object], before: str = "", after: str = "") -> Work:
    """The work of a reader of files, to which a text is some of one."""

    def work(text: str) -> None:
        with suppress(InvalidInput):
            read(Blob(f"{before}{text}{after}".encode(), Limits()))

    return work


_PIECES = PieceTokenizer(
    Vocabulary(
        ["<unk>", "▁", "e", "th", "▁pilot"],
        np.array([0, -3, -4, -5, -6], "<f4"),
        begin=0,
        end=0,
        unknown=0,
        replacements={"½": "1⁄2"},
    )
)
_TEXTS = ("str", "str | None")
_VARIADIC = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
# What these parameters are given is no text of anybody's.
_NO_TEXT = frozenset(
    ["path", "file", "folder", "suffix", "host", "model", "encoder", "template", "script"]
)

# What is given more than a text; of what follows one from the other, the one that does all.
WORKS: Mapping[str, Work] = {
    "qa.check.speakers.agreement.agrees": lambda text: agrees(text, _SAID),
    "qa.check.speakers.same_person.same_name": lambda text: same_name(text, text[1:]),
    "qa.check.speakers.pronouns.with_pronouns": lambda text: with_pronouns(text, cast(text), "en"),
    "qa.check.speakers.speakers.Speakers.of": lambda text: Speakers(text).of(0, len(text)),
    "qa.check.facts.stated.missing": lambda text: missing(text, text[1:], context=text),
    "qa.check.quote.find.find in it": lambda text: find("the long talks ended in May", text),
    "qa.check.quote.find.find of it": lambda text: find(text, "The long talks ended in May."),
    "qa.passages.chunking.chunk": lambda text: chunk(
        text, budget=200, token_spans=_HASH.token_spans
    ),
    "qa.passages.chunking.title_prefix": lambda text: title_prefix(text, _HASH.token_spans, 48),
    "qa.ask.caveats": lambda text: list(cut_note("text", text, _HASH.encode_queries([text])[0])),
    "qa.text.operators.wording": lambda text: wording(text).admits(text),
    "qa.ask.time_words.time_words": lambda text: time_words(text, _DAY),
    "qa.text.language.stated_or_told": lambda text: stated_or_told(None, text),
    "qa.text.language.tag_of": lambda text: tag_of(None, text),
    "qa.text.sought.sought": lambda text: sought(text, _Everywhere()),
    "qa.text.terms.sequence, German": lambda text: sequence(text, "de"),
    "qa.text.terms.sequence, Serbian": lambda text: sequence(f"đ {text}", "sr"),
    "qa.text.terms.sequence, Japanese": lambda text: sequence(f"東 {text}", "ja"),
    "qa.text.spelling.written_otherwise": lambda text: written_otherwise(text, text[1:]),
    "qa.text.shingles.Shingles.near": lambda text: Shingles.of(text).near(Shingles.of(text[1:])),
    "qa.evaluation.outcomes.holds": lambda text: holds(text, [text[1:]]),
    "qa.ingest.decode.decode": lambda text: decode(text.encode()),
    "qa.ingest.decode.decode, damaged": lambda text: decode(b"\xe9 " + text.encode()),
    "qa.ingest.read.read_stream, text": lambda text: list(read_stream(text.encode(), "a.txt")),
    "qa.ingest.read.read_stream, markdown": lambda text: list(read_stream(text.encode(), "a.md")),
    "qa.ingest.read.read_stream, front matter": lambda text: list(
        read_stream(f"---\n{text}\n---\ntext".encode(), "a.md")
    ),
    "qa.ingest.sniff.sniff": lambda text: sniff(text.encode()),
    "qa.ingest.sniff.sniff, tag": lambda text: sniff(f"<{text}>".encode()),
    "qa.ingest.formats.subtitles.read": _read(subtitles.read),
    "qa.ingest.formats.subtitles.read, cue": _read(subtitles.read, "00:01.000 --> 00:02.000\n"),
    "qa.ingest.formats.mail.read_eml": _read(mail.read_eml),
    "qa.ingest.formats.mail.read_eml, body": _read(mail.read_eml, "Subject: x\n\n"),
    "qa.ingest.formats.mail.read_mbox": _read(mail.read_mbox, "From a\n"),
    "qa.ingest.formats.sheets.read_csv": _read(sheets.read_csv),
    "qa.ingest.formats.saved_pages.read_feed": _read(
        saved_pages.read_feed, "<rss><item><title>", "</title></item></rss>"
    ),
    "qa.ingest.stated.bibtex_lists.read_bibtex, entry": lambda text: read_bibtex(f"@a{{b,{text}}}"),
    "qa.ingest.stated.ris_lists.read_ris, entry": lambda text: read_ris(
        f"TI  - {text}\nAU  - {text}"
    ),
    "qa.related.shared.shared": lambda text: shared(written(names(text)), written(names(text[1:]))),
    "qa.request_limits.checked_text": lambda text: checked_text(text, "text", len(text)),
    "qa.schemas.paths.external": external,
    "qa.wording.service_sentences.told": lambda text: _told(text),
    "qa.wording.service_sentences.told, reason": lambda text: _told(f"it cannot be read: {text}"),
    "qa.web.marking.paragraphs": lambda text: list(paragraphs(text, None)),
    "qa.citations.text_fragment.in_original": lambda text: in_original(
        "https://x.org", OriginalPage(text, text), Span(len(text) // 2, len(text)), None
    ),
    "qa.citations.cited.Citable": lambda text: _cited(text),
    "qa.ask.context.prompt": lambda text: _in_prompt(text),
    "embeddings.e5.pieces.PieceTokenizer": lambda text: _PIECES(text),
    "embeddings.e5.pieces.PieceTokenizer, replaced": lambda text: _PIECES(f"½{text}"),
}


def _cited(text: str) -> None:
    """Cites the end of an article that states its text for all that it states, in each format."""
    article = Article(id="x", text=text, title=text, author=text, publisher=text, url=text)
    stored = StoredArticle(1, "", "", article, (), (), "text/plain", None, None, "")
    found = Citable(stored, text).at(Span(len(text) // 2, len(text)), "", "")
    for format_ in FORMATS.values():
        format_.write([found])


def _told(text: str) -> None:
    """Looks for a message that is said in Serbian too."""
    language = language_of("sr-Cyrl")
    assert language
    before = speaking.set(language)
    told(text)
    speaking.reset(before)


def _in_prompt(text: str) -> None:
    """A hundred passages of an article, each within its paragraph, and all of them in a prompt."""
    spans = chunk(text, budget=200, token_spans=_HASH.token_spans)
    stored = StoredArticle(
        *(1, "0" * 64, "", Article("a", text), (), ()),
        media_type="",
        encoding=None,
        origin=None,
        added_at="",
    )
    around = Surroundings(stored, spans)
    source = Source(article_id="a")
    found = [
        Passage(f"a.00000000.{one.start}-{one.end}", "a", one.start, one.end, "")
        for one in spans[:100]
    ]
    expanded = [around.expanded(one, "paragraph") for one in found]
    hits = [
        Hit(one, source, 1.0, None, None, expanded=its)
        for one, its in zip(found, expanded, strict=True)
    ]
    prompt(lambda _: around, hits, 100_000, _HASH.token_spans)


_HASH: HashEncoder = HashEncoder()
_DAY: date = date(2026, 11, 28)
_SAID: Attribution | None = Speakers("“No,” said Ann Lee.").of(1, 3)

# By the beginning of a name: why no text is fed to it.
NOT_FED: Mapping[str, str] = {
    "qa.citations.works.date_parts": "takes a date",
    "qa.api.": "takes ids and bodies, and gives texts on to the corpus",
    "qa.mcp.": "gives texts on to the corpus, and its answers as they are",
    "qa.cli.": "takes paths and options, and prints",
    "qa.errors.": "keeps a message",
    "qa.handover.report_formats.format_of": "takes the name of a format",
    "qa.ids.PassageId.of": "takes an id and a digest",
    "qa.observe.": "takes the name of a stage",
    "qa.schemas.draft_reports.": "cuts out of a draft what a report names",
    "qa.storage.copy_refusals.": "takes places, and what they hold",
    "qa.storage.fingerprint.": "takes names of models",
    "qa.wording.catalogue.": "takes messages of catalogues",
    "qa.wording.counts.": "takes messages of catalogues",
    "qa.wording.in_cyrillic.": "takes messages of catalogues",
    "qa.text.words.tables.": "takes keys and languages, and reads tables",
    "qa.check.facts.numerals._valued": "makes tables when it is imported",
    "qa.check.facts.days._numbered": "makes tables when it is imported",
    "qa.ingest.codepages._table": "makes tables when it is imported",
    "qa.ingest.web.html.": "parses by libraries whose growth is their own",
    "qa.ingest.web.page.": "parses by libraries whose growth is their own",
}
# By the beginning of a name, of those that need more than a text: what they are reached through.
REACHED: Mapping[str, str] = {
    "qa.citations.line.": "qa.citations.cited.Citable",
    "qa.citations.text_fragment.": "qa.citations.cited.Citable",
    "qa.schemas.citations.": "a page, which gives ids",
    "qa.check.quote.": "qa.check.quote.find.find",
    "qa.check.speakers.": "qa.check.speakers.speakers.Speakers",
    "qa.text.capitals.": "qa.text.names.names",
    "qa.check.draft.": "qa.check.draft.reader.read_draft",
    "qa.check.": "a corpus, in test_hostile",
    "qa.passages.chunking.": "qa.passages.chunking.chunk",
    "qa.related.copies.": "a corpus, in test_hostile",
    "qa.ask.request.": "a corpus, in test_hostile",
    "qa.ask.ask.": "a corpus, in test_hostile",
    "qa.ask.rerank.reread": "qa.text.words.asks_for_sentence",
    "qa.ask.statement.statement": "a corpus, in test_hostile",
    "qa.ask.calibration.": "a corpus, which gives names and digests",
    "qa.ask.confidence.coefficients": "a corpus, which gives the name of its encoder",
    "qa.corpus.": "a corpus, in test_hostile",
    "qa.related.subject.": "a corpus, in test_hostile",
    "qa.retrieval.expansion.": "qa.ask.context.prompt",
    "qa.retrieval.lookup.": "a corpus, in test_hostile",
    "qa.retrieval.late_interaction.": "a corpus, in test_hostile",
    "qa.retrieval.reading.": "a corpus, in test_hostile",
    "qa.related.shared.": "a corpus, in test_hostile",
    "qa.ingest.": "qa.ingest.read.read_stream",
    "qa.handover.": "the pages, which show what a corpus answers",
    "qa.wording.": "qa.wording.service_sentences.told",
    "qa.web.": "the pages, which show what a corpus answers",
    "qa.evaluation.": "the command line, which gives paths and names",
    "qa.storage.vectors.": "a corpus, which gives paths",
    "qa.api.logs.": "the command line, which gives options",
    "qa.api.server.": "the command line, which gives options",
    "qa.storage.postgres.": "a corpus, by its store",
    "qa.storage.sql.": "a corpus, in test_hostile",
    "qa.storage.sqlite.": "a corpus, in test_hostile",
    "qa.storage.records.": "a corpus, in test_hostile",
    "qa.schemas.paths.": "a page, in test_hostile",
    "embeddings.": "a corpus, which gives names of models",
}


@dataclass(frozen=True, slots=True)
class Reader:
    """A function or class of the packages that takes a text, and what it must be given."""

    name: str  # "qa.text.tokens.tokenize", "qa.text.names.names"
    call: Callable[..., object]
    takes_text_alone: bool

    @property
    def is_private(self) -> bool:
        """Whether only its own module calls it."""
        return self.name.rpartition(".")[2].startswith("_")


@cache
def readers() -> Mapping[str, Reader]:
    """All that take a text: functions, class methods, classes that are more than their fields."""
    found: dict[str, Reader] = {}
    for module in modules():
        for name, value in vars(module).items():
            if getattr(value, "__module__", None) == module.__name__:
                for known, call in _callables(f"{module.__name__}.{name}", value):
                    if reader := _reader(known, call):
                        found[known] = reader
    return found


def works() -> Iterator[tuple[str, Work]]:
    """All that are fed: those that take a text alone, and those that the table calls."""
    for name, reader in readers().items():
        if reader.takes_text_alone and not name.startswith(tuple(NOT_FED)):
            yield name, _exhausted(getattr(reader.call, "__wrapped__", reader.call))
    yield from WORKS.items()


def _exhausted(call: Callable[..., object]) -> Work:
    def work(text: str) -> None:
        found = call(text)
        if isinstance(found, Iterator):
            deque(found, maxlen=0)

    return work


def _callables(name: str, value: Any) -> Iterable[tuple[str, Callable[..., object]]]:
    if inspect.isfunction(value) or hasattr(value, "cache_info"):
        yield name, value
    elif inspect.isclass(value):
        if "__init__" in vars(value) and not is_dataclass(value):
            yield name, value
        for inner, member in vars(value).items():
            if isinstance(member, classmethod | staticmethod):
                yield f"{name}.{inner}", getattr(value, inner)


def _reader(name: str, call: Callable[..., object]) -> Reader | None:
    given = inspect.signature(call).parameters.values()
    needed = [one for one in given if one.default is one.empty and one.kind not in _VARIADIC]
    if not any(str(one.annotation) in _TEXTS for one in given):
        return None
    alone = len(needed) == 1 and str(needed[0].annotation) == "str"
    return Reader(name, call, alone and needed[0].name not in _NO_TEXT)


def unfed() -> list[str]:
    """The public ones that are neither fed, nor reached through one that is, nor explained."""
    explained = (*NOT_FED, *REACHED, *(name.split(",")[0] for name in WORKS))
    return [
        name
        for name, reader in readers().items()
        if not (reader.takes_text_alone or reader.is_private or name.startswith(explained))
    ]
