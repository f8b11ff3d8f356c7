"""PolNeAR, news whose attributions were annotated by hand, as cases for who says a quotation.

A case is a direct quotation of 5 to 60 words and a person: the annotated speaker (true), or another
person of the same article (false). Who a pronoun stands for is silver: the chain of CoreNLP and the
last annotated named source have to agree. Left out are sources that are somebody's campaign or
spokesperson, and descriptions without a name.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal, NamedTuple

from qa.check.draft import quotations
from qa.types import Span

Kind = Literal["a name", "a name with apposition", "a pronoun (silver)"]

_LEAST, _MOST = 5, 60  # words
_FALSE = 2  # false cases for each true one
_TOKEN = re.compile(
    r"<word>(?P<word>[^<]*)</word>.*?<CharacterOffsetBegin>(?P<start>\d+)<.*?"
    r"<CharacterOffsetEnd>(?P<end>\d+)<.*?<NER>(?P<ner>[^<]*)<",
    re.DOTALL,
)
_CHAIN = re.compile(r"<coreference>\s*<mention.*?</coreference>", re.DOTALL)
_MENTION = re.compile(
    r"<sentence>(\d+)</sentence>\s*<start>(\d+)</start>\s*<end>(\d+)</end>", re.DOTALL
)
_PART = re.compile(r"(T\d+)\t\w+ ([\d ;]+)\t")
_PRONOUN = re.compile(r"(?:he|she)\Z", re.IGNORECASE)
_SOMEBODY_ELSES = re.compile(
    r"['’]s?\s|\b(?:for|of|and|campaign|aides?|allies|ally|spokes\w+|supporters?|lawyers?|team"
    r"|friends?|wife|husband|son|daughter|who)\b",
    re.IGNORECASE,
)
_OFFICE = re.compile(r"(?:spokes(?:man|woman|person)|campaign|aide)\b", re.IGNORECASE)


class Token(NamedTuple):
    start: int
    end: int
    is_person: bool


class Named(NamedTuple):
    """A person's name where it stands."""

    start: int
    end: int
    name: str


class Annotated(NamedTuple):
    """An attribution: the parts of its source and of what is said."""

    source: tuple[Span, ...]
    content: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """A quotation of an article, and a person who says it or does not."""

    article: str
    text: str
    place: Span
    asked: str
    is_true: bool
    kind: Kind


class News:
    """An article with its annotations, those by hand and those by CoreNLP."""

    def __init__(self, name: str, text: str, annotations: str, corenlp: str) -> None:
        self.name, self.text = name, text
        self._annotations, self._corenlp = annotations, corenlp

    def cases(self) -> Iterator[Case]:
        """The cases of the article."""
        places = [place for place in quotations(self.text) if self._is_long_enough(place)]
        known: list[tuple[int, str]] = []  # who was annotated as a source by name, and where
        for one in sorted(self._attributions(), key=lambda one: one.source[0].start):
            spoken = self._speaker(one, known)
            if spoken is None:
                continue
            name, kind = spoken
            if kind != "a pronoun (silver)":
                known.append((one.source[0].start, name))
            for place in places:
                if any(_holds(part, place) for part in one.content):
                    yield from self._of(place, name, kind)

    def _of(self, place: Span, name: str, kind: Kind) -> Iterator[Case]:
        yield Case(self.name, self.text, place, name, True, kind)
        for other in self._others(place, name):
            yield Case(self.name, self.text, place, other, False, kind)

    def _others(self, place: Span, name: str) -> list[str]:
        """The other people with full names, the nearest first."""
        last = name.split()[-1]
        far = sorted(self.people, key=lambda one: max(one.start - place.end, place.start - one.end))
        names = [one.name for one in far if " " in one.name and last not in one.name.split()]
        return list(dict.fromkeys(names))[:_FALSE]

    def _is_long_enough(self, place: Span) -> bool:
        words = len(self.text[place.start : place.end].split())
        marks = self.text[place.start - 1 : place.start]
        return bool(marks) and marks in '“"„' and _LEAST <= words <= _MOST

    # --- who the source is ---

    def _speaker(self, one: Annotated, known: Sequence[tuple[int, str]]) -> tuple[str, Kind] | None:
        start, end = one.source[0].start, one.source[-1].end
        words = self.text[start:end]
        if _PRONOUN.fullmatch(words):
            name = self._chain_name(start)
            before = [who for at, who in known if at < start]
            return (name, "a pronoun (silver)") if name and before[-1:] == [name] else None
        named = [one for one in self.people if one.start >= start and one.end <= end]
        if not named or len(one.source) > 1:
            return None
        first, _, rest = words.partition(",")
        inside = [one for one in named if one.end <= start + len(first)]
        who = (inside or named)[-1]
        around = self.text[start : who.start]
        if _SOMEBODY_ELSES.search(around) or len({one.name for one in inside}) > 1:
            return None
        if not inside and _OFFICE.search(first):
            return None
        behind = self.text[who.end : end]
        if re.match(r"['’]s?\b|\s+(?:and|campaign|aides?|team|spokes\w+)\b", behind):
            return None
        return who.name, ("a name with apposition" if rest.strip() else "a name")

    def _chain_name(self, start: int) -> str | None:
        """The one person whom CoreNLP's chain of the pronoun there names."""
        for chain in self._chains:
            if any(span.start == start for span in chain):
                names = {
                    one.name
                    for span in chain
                    for one in self.people
                    if one.start >= span.start and one.end == span.end
                }
                return names.pop() if len(names) == 1 else None
        return None

    # --- what CoreNLP found ---

    @cached_property
    def _tokens(self) -> list[list[Token]]:
        sentences = self._corenlp.partition("<coreference>")[0].split("<sentence id=")[1:]
        return [
            [
                Token(int(found["start"]), int(found["end"]), found["ner"] == "PERSON")
                for found in _TOKEN.finditer(sentence)
            ]
            for sentence in sentences
        ]

    @cached_property
    def people(self) -> tuple[Named, ...]:
        """Where people are named, each by the fullest form of the name that the article has."""
        spans = [span for sentence in self._tokens for span in _person_spans(sentence)]
        words = [self.text[span.start : span.end] for span in spans]
        by_last: defaultdict[str, dict[str, None]] = defaultdict(dict)
        for name in words:
            if " " in name:
                by_last[name.split()[-1]][name] = None
        full = {last: self._fullest(list(names)) for last, names in by_last.items()}
        return tuple(
            Named(span.start, span.end, (" " not in name and full.get(name)) or name)
            for span, name in zip(spans, words, strict=True)
        )

    def _fullest(self, names: Sequence[str]) -> str | None:
        """The name of a surname's only bearer."""
        firsts = {name.split()[0] for name in names}
        return max(names, key=len) if len(firsts) == 1 else None

    @cached_property
    def _chains(self) -> list[list[Span]]:
        chains = _CHAIN.findall(self._corenlp)
        return [
            [
                Span(tokens[int(first) - 1].start, tokens[int(last) - 2].end)
                for number, first, last in _MENTION.findall(chain)
                if (tokens := self._tokens[int(number) - 1])
            ]
            for chain in chains
        ]

    # --- what was annotated by hand ---

    def _attributions(self) -> Iterator[Annotated]:
        parts: dict[str, tuple[Span, ...]] = {}
        events = []
        for line in self._annotations.splitlines():
            if part := _PART.match(line):
                spans = [Span(*map(int, place.split())) for place in part[2].split(";")]
                parts[part[1]] = tuple(spans)
            elif line.startswith("E"):
                pairs = [pair.partition(":")[::2] for pair in line.partition("\t")[2].split()]
                events.append({role.rstrip("0123456789"): part for role, part in pairs})
        for event in events:
            if event.get("Source") in parts and event.get("Content") in parts:
                yield Annotated(parts[event["Source"]], parts[event["Content"]])


def _person_spans(tokens: Sequence[Token]) -> Iterator[Span]:
    run: list[Token] = []
    for token in [*tokens, Token(0, 0, False)]:
        if token.is_person:
            run.append(token)
        elif run:
            yield Span(run[0].start, run[-1].end)
            run = []


def _holds(outer: Span, inner: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def articles(folder: Path, split: str, half: int | None) -> Iterator[News]:
    """The articles of a split of PolNeAR, or one half of them by the hash of their names."""
    data = folder / "data" / split
    for path in sorted((data / "text").iterdir()):
        name = path.name.removesuffix(".txt")
        corenlp = data / "corenlp" / f"{path.name}.xml"
        annotations = sorted((data / "attributions").glob(f"{_glob_safe(name)}_????.ann"))
        if (half is None or _half(name) == half) and corenlp.exists() and annotations:
            text = path.read_text("utf-8")
            yield News(name, text, annotations[0].read_text("utf-8"), corenlp.read_text("utf-8"))


def _glob_safe(name: str) -> str:
    """A name of which a pattern for files matches itself alone."""
    return re.sub(r"([\[*?])", r"[\1]", name)


def _half(name: str) -> int:
    return hashlib.sha256(name.encode()).digest()[0] % 2
