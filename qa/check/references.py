"""Every place in a draft, plain or Markdown, that refers to a source, and what it refers to.

Links, URLs, [1], [1, 3-5], 【1】, footnotes and passage ids. Lists of sources and footnotes are
read for what their numbers stand for; they are no references themselves, nor is code. Read by hand,
since Markdown parsers tell the line of a link and not where in it the link stands. Linear time:
brackets are paired in one pass, and all else that is looked for is bounded or ends at the next one.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from qa.check.quotations import blocks, without_code
from qa.types import Span

MAX_NUMBERS = 10  # of one bracket: of [1-300] the first ten count

_ID_CHARS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._~:@+,=-")
_ID = r"[A-Za-z0-9_][A-Za-z0-9._~:@+,=-]{0,199}\.[0-9a-f]{8}\.\d{1,12}-\d{1,12}"
_ID_END = re.compile(r"\.[0-9a-f]{8}\.\d{1,12}-\d{1,12}(?![\w-])")
_ID_IN_CODE = re.compile(rf"(?<!`)(?P<ticks>`{{1,3}}) ?(?P<id>{_ID}) ?(?P=ticks)(?!`)")
_NUMBERS = r"\d{1,3}(?:[ \t]*[,;–—-][ \t]*\d{1,3})*+"
_ONLY_NUMBERS = re.compile(_NUMBERS)
_BARE = r"[^\s<>\[\]|\"“”„‟«»‹›`【】。，、）]"
_TOKEN = re.compile(
    rf"\\\[(?P<escaped>{_NUMBERS})\\\]|\\."
    rf"|【(?P<lenticular>{_NUMBERS})(?:[:†][^【】\n]*+)?】|<sup>(?P<raised>{_NUMBERS})</sup>"
    r"|(?P<superscript>[⁰¹²³⁴-⁹]{1,3})"
    r"|<(?P<autolink>[A-Za-z][A-Za-z0-9+.-]{1,30}:[^\s<>]+)>|(?P<tag><(?:!--|/?[A-Za-z])[^<>]*>)"
    r"|(?P<opening>[!^]?\[)"
    rf"|(?P<url>(?<![A-Za-z0-9])(?:https?://|www\.){_BARE}++"
    r"|(?:(?<![\w/.:])|\b(?:localhost|127\.0\.0\.1)(?::\d{1,5})?)"
    rf"/(?:v1/articles|v1/passages|articles)/[A-Za-z0-9_]{_BARE}*+)",
    re.IGNORECASE,
)
_DESTINATION = re.compile(
    r"\(\s*+(?:<(?P<within>[^<>\n]*+)>|(?P<url>[^\s()<>]*+(?:\([^\s()]*+\)[^\s()]*+)*+))"
    r"""(?:\s++(?:"[^"]*+"|'[^']*+'|\([^()]*+\)))?+\s*+\)"""
)
_BRACKETS = re.compile(r"\\.|[\[\]]")
_ONE_NUMBER = re.compile(r"[\\\[\]^\s]*(\d{1,3})[\\\[\]\s]*")
_NO_SOURCE = re.compile(r"#|(?:mailto|tel|javascript|data):|\Z", re.IGNORECASE)
# An exponent stands behind a unit, a single letter or a digit: 10 km², x².
_BEFORE_EXPONENT = re.compile(r"(?:(?<!\w)(?:[A-Za-zµ]|[kcdmµ]m|ft|in|yd|mi)|\d)\Z")
_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_TRAILING = frozenset(".,;:!?'’*_~…")
_SIGNS = re.compile(r"(?<!\w)[*_]{1,3}(?=\S)|(?<=\S)[*_]{1,3}(?!\w)|~~|`|\\(?=[^\w\s])|↩\ufe0e?")
_VISIBLE = re.compile(r"[^\n]")

_TITLES = (
    "(?:list of )?sources|source list|references?|reference list|notes|endnotes|footnotes"
    "|works cited|bibliography|citations|literature|quellen|quellenverzeichnis|quellenangaben"
    "|literatur|literaturverzeichnis|einzelnachweise|nachweise|belege|anmerkungen|fu(?:ß|ss)noten"
    "|références|bibliographie|notes de bas de page|izvori|literatura|napomene|fusnote|bilješke"
    "|fuentes|referencias|notas|bibliografía|fonti|riferimenti|bibliografia|извори|литература"
    "|напомене|референце|фусноте|источники|примечания"
)
_TITLE = re.compile(
    rf" {{0,3}}(?:#{{1,6}}\s++)?(?:\d{{1,2}}\.?\s++)?[*_]{{0,3}}(?:{_TITLES})[*_]{{0,3}}"
    r"\s?[:：]?[*_]{0,3}\s*+#*+\s*+",
    re.IGNORECASE,
)
_TITLE_BEFORE = re.compile(
    rf" {{0,3}}[*_]{{0,3}}(?:{_TITLES})[*_]{{0,3}}\s?[:：][*_]{{0,3}}\s+(?=\[\d)", re.IGNORECASE
)
_LISTED = re.compile(r"\[(?P<label>\d{1,3})\](?P<gap>:?)[ \t]*(?P<text>[^\[\n]*)")
_SUBSTANCE = re.compile(r"https?://|www\.|\.[0-9a-f]{8}\.\d|\w\W+\w+\W+\w")
_HEADING = re.compile(r" {0,3}#{1,6}\s")
_UNDERLINE = re.compile(r" {0,3}(?:-{3,}|={3,}|\*{3,})\s*")
_DEFINED = re.compile(r" {0,3}\[(?P<label>\^?[^\[\]\n]{1,200})\]:[ \t]*(?=\S)")
_NUMBERED = re.compile(
    r"[ \t]*(?:[-*+][ \t]+)?\*{0,2}"
    r"(?:\\?\[(?P<label>\d{1,3})\\?\]|【(?P<cjk>\d{1,3})】|(?P<raised>[⁰¹²³⁴-⁹]{1,3}))"
    r"\*{0,2}(?P<gap>[.:]?[ \t]*)(?=[^\s\[\],;]|\[[^\d^\]])"
)
_ITEM = re.compile(r"[ \t]*(?:(?P<label>\d{1,3})[.)]|[-*+•])[ \t]+(?=\S)")
_LINK_DEFINITION = re.compile(
    r"(?:<(?P<within>[^<>\n]+)>|(?P<url>(?=\S*?(?:[/:#]|\w\.\w))\S++))"
    r"""(?:\s++(?:"(?P<title>[^"]*)"|'[^']*'|\([^()]*\)))?\s*+"""
)
_INDENTED = re.compile(r" {2,}|\t")
_CITED = re.compile(
    r"(?:[\[,;–-]\s?|<sup>)(?P<label>\d{1,3})(?=\s?\\?[\],;–<-])"
    r"|【(?P<cjk>\d{1,3})|(?P<raised>[⁰¹²³⁴-⁹]{1,3})"
)


@dataclass(frozen=True, slots=True)
class Reference:
    """A place in a draft that refers to a source."""

    span: Span  # as written: "[3]", "[a link](https://…)", "[^note]", a bare URL, a passage id
    label: str  # "3", "^note", the link's text, the URL, the id
    targets: tuple[str, ...]  # passage ids, URLs, then the entry's text; () when nothing says


class References(NamedTuple):
    """The references of a draft, in order, and what of it is not prose."""

    found: tuple[Reference, ...]  # "[1, 2]" is two of the same span
    entries: tuple[Span, ...]  # of lists of sources, and footnotes
    hidden: tuple[Span, ...]  # marks, URLs, titles, images and tags; not the text of links
    body: str  # the draft, as long as it was, without entries and code


def references(text: str) -> References:
    """The references of a draft, each with what it may be resolved by.

    "Yes [1].\\n\\n[1] Talks, https://x.org/a"
    -> Reference([4:7], "1", ("https://x.org/a", "Talks, https://x.org/a"))
    """
    clean = without_code(text)
    entries = _entries(clean)
    links = {entry.label: entry.link for entry in reversed(entries) if entry.label and entry.link}
    scan = _Scan(text, clean, links)
    known = dict(links)
    for entry in entries:
        if entry.label and entry.label not in known:
            known[entry.label] = scan.targets(entry.content)
    body = cover(clean, (entry.span for entry in entries), " ")
    scan = _Scan(text, body, links, known)
    found = [reference for block in blocks(body) for reference in scan.read(block.span)]
    spans = tuple(entry.span for entry in entries)
    return References(tuple(found), spans, tuple(sorted(scan.hidden)), body)


def cover(text: str, spans: Iterable[Span], by: str, covered: re.Pattern[str] = _VISIBLE) -> str:
    """The text, as long as it was and in the same lines, with spans, in order, made of one letter.

    "He [1] said" -> "He     said"
    """
    parts, at = [], 0
    for span in spans:
        if span.end > at:
            start = max(at, span.start)
            parts += [text[at:start], covered.sub(by, text[start : span.end])]
            at = span.end
    return "".join(parts) + text[at:]


def plain(written: str) -> str:
    """One line without the signs of Markdown: "*Talks*  on" -> "Talks on"."""
    return " ".join(_SIGNS.sub("", written).split())


# --- lists of sources, and footnotes ---


class _Entry(NamedTuple):
    label: str | None  # "3", "^note", "talks"
    span: Span
    content: Span
    link: tuple[str, ...] = ()  # of a link definition: its URL, and its title
    doubtful: bool = False  # counts only if it, or one that it stands with, is cited


def _entries(clean: str) -> list[_Entry]:
    """The entries of a draft's lists of sources, and its footnotes, in order."""
    lists, start = _Lists(), 0
    for line in clean.split("\n"):
        lists.read(line, start)
        start += len(line) + 1
    cited = Counter(_label(match) for match in _CITED.finditer(clean))
    cited.subtract(entry.label for entry in lists.found if entry.doubtful)
    kept: list[_Entry] = []
    for run in _runs(lists.found):
        if not run[0].doubtful or any(cited[entry.label] > 0 for entry in run):
            kept += run
    return kept


def _runs(entries: list[_Entry]) -> Iterator[list[_Entry]]:
    """The doubtful ones that stand together, and each other one by itself."""
    run: list[_Entry] = []
    for entry in entries:
        if run and not (entry.doubtful and run[0].doubtful):
            yield run
            run = []
        run.append(entry)
    if run:
        yield run


def _label(match: re.Match[str]) -> str | None:
    found = match.groupdict()
    label = found["label"] or found.get("cjk") or found.get("raised")
    return (label.translate(_DIGITS).lstrip("0") or "0") if label else None


def _key(label: str) -> str:
    return " ".join(label.split()).casefold()


class _Lists:
    """Reads lines in turn, and knows whether they are in a list of sources."""

    def __init__(self) -> None:
        self.found: list[_Entry] = []
        self._section = ""  # "heading" or "line", what a list of sources has begun under
        self._open = False  # the last entry may go on
        self._after_blank = True

    def read(self, line: str, start: int) -> None:
        if not line.strip():
            self._after_blank = True
            return
        end = start + len(line)
        if _TITLE.fullmatch(line):
            self._begin("heading" if line.lstrip().startswith("#") else "line")
        elif _UNDERLINE.fullmatch(line):
            under_title = self._section and not self._after_blank and not self._open
            self._begin("heading" if under_title else "")
        elif _HEADING.match(line):
            self._begin("")
        elif entries := self._started(line, start):
            self.found += entries
            self._open = True
        elif not self._went_on(line, end):
            self._read_other(start, end)
        self._after_blank = False

    def _begin(self, section: str) -> None:
        self._section, self._open = section, False

    def _read_other(self, start: int, end: int) -> None:
        """A line without number or bullet: under a heading, or right under "Sources:"."""
        if self._section == "heading" or (self._section and not self._after_blank):
            self.found.append(_Entry(None, Span(start, end), Span(start, end)))
            self._open = True
        else:
            self._begin("")

    def _went_on(self, line: str, end: int) -> bool:
        if not self._open or not (_INDENTED.match(line) or self._is_lazy()):
            return False
        last = self.found[-1]
        span, content = Span(last.span.start, end), Span(last.content.start, end)
        self.found[-1] = last._replace(span=span, content=content)
        return True

    def _is_lazy(self) -> bool:
        """Whether the line goes on with the last entry though it is not indented."""
        return not self._after_blank and not self.found[-1].link

    def _started(self, line: str, start: int) -> list[_Entry]:
        whole = Span(start, start + len(line))
        if defined := _DEFINED.match(line):
            return self._defined(defined, line, whole)
        if (numbered := _NUMBERED.match(line)) and self._is_entry(numbered):
            content = Span(start + numbered.end(), whole.end)
            return [_Entry(_label(numbered), whole, content, doubtful=not self._section)]
        if self._section and (item := _ITEM.match(line)):
            return [_Entry(_label(item), whole, Span(start + item.end(), whole.end))]
        return _listed(line, start)

    def _defined(self, defined: re.Match[str], line: str, whole: Span) -> list[_Entry]:
        """[1]: …, [^note]: …, and [talks]: https://…, but not [Ana]: a speech."""
        label = _key(defined["label"])
        content = Span(whole.start + defined.end(), whole.end)
        link = None if label[0] == "^" else _LINK_DEFINITION.fullmatch(line, defined.end())
        if link:
            targets = (link["within"] or link["url"], plain(link["title"] or ""))
            return [_Entry(label, whole, content, tuple(filter(None, targets)))]
        return [_Entry(label, whole, content)] if label[0] == "^" or label.isdigit() else []

    def _is_entry(self, numbered: re.Match[str]) -> bool:
        if self._section:
            return True
        return bool(numbered["gap"].strip(".:")) and (self._after_blank or self._open)


def _listed(line: str, start: int) -> list[_Entry]:
    """A list in one line: "Sources: [1] Talks, https://… [2] Walks, https://…"."""
    title = _TITLE_BEFORE.match(line)
    pieces = list(_LISTED.finditer(line, title.end())) if title else []
    if not all(_SUBSTANCE.search(piece["text"]) for piece in pieces):
        return []
    return [
        _Entry(piece["label"], _shifted(piece.span(), start), _shifted(piece.span("text"), start))
        for piece in pieces
    ]


def _shifted(span: tuple[int, int], by: int) -> Span:
    return Span(span[0] + by, span[1] + by)


# --- references ---


class _Scan:
    """Reads stretches of a draft; `body` is what of the text counts, and as long."""

    def __init__(
        self,
        text: str,
        body: str,
        links: Mapping[str, tuple[str, ...]],
        known: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        self._text, self._body, self._links = text, body, links
        self._known = links if known is None else known
        self._in_entry = known is None  # where footnotes have no footnotes
        self.hidden: list[Span] = []
        self._found: list[Reference] = []

    def read(self, span: Span) -> list[Reference]:
        """The references of a paragraph, in order."""
        self._found, self._end = [], span.end
        self._pair_brackets(span)
        at = span.start
        while token := _TOKEN.search(self._body, at, span.end):
            at = self._take(token)
        self._add_ids(span)
        return self._found

    def targets(self, content: Span) -> tuple[str, ...]:
        """What an entry may be resolved by: passage ids, URLs, its text."""
        scan = _Scan(self._text, self._body, self._links)
        found = [reference for reference in scan.read(content) if reference.targets]
        firsts = [reference.targets[0] for reference in found]
        ids = [target for target in firsts if re.fullmatch(_ID, target)]
        parts, at = [], content.start
        for reference in found:
            parts += [self._text[at : reference.span.start], reference.label]
            at = reference.span.end
        written = plain("".join(parts) + self._text[at : content.end])
        return tuple(dict.fromkeys(filter(None, [*ids, *firsts, written])))

    def _add(self, start: int, end: int, label: str, targets: tuple[str, ...]) -> int:
        """A reference that is a mark and no words of the draft; where to read on."""
        self._found.append(Reference(Span(start, end), label, targets))
        self.hidden.append(Span(start, end))
        return end

    def _add_numbers(self, start: int, end: int, written: str) -> int:
        for number in _expanded(written):
            self._found.append(Reference(Span(start, end), number, self._known.get(number, ())))
        self.hidden.append(Span(start, end))
        return end

    def _take(self, token: re.Match[str]) -> int:
        kind, (start, end) = token.lastgroup, token.span()
        if kind == "opening":
            return self._take_bracket(token)
        if kind in ("escaped", "lenticular"):
            return self._add_numbers(start, end, token[kind])
        if kind in ("raised", "superscript") and self._is_mark(token[kind], start):
            return self._add_numbers(start, end, token[kind].translate(_DIGITS))
        if kind == "url":
            return self._take_url(token)
        if kind == "autolink" and not _NO_SOURCE.match(token[kind]):
            return self._add(start, end, token[kind], (token[kind],))
        if kind in ("autolink", "tag"):
            self.hidden.append(Span(start, end))
        return end

    def _is_mark(self, written: str, start: int) -> bool:
        """Whether a raised number is in the list of sources, and no exponent."""
        numbers = _expanded(written.translate(_DIGITS))
        before = self._body[max(0, start - 4) : start]
        return numbers[0] in self._known and not _BEFORE_EXPONENT.search(before)

    def _take_url(self, token: re.Match[str]) -> int:
        url, start = _without_punctuation(token[0]), token.start()
        if not re.search(r"[/.]\w", url):
            return token.end()
        return self._add(start, start + len(url), url, (url,))

    # --- brackets ---

    def _pair_brackets(self, span: Span) -> None:
        """Which bracket each one is closed by, and which have no bracket within."""
        self._partner: dict[int, int] = {}
        self._innermost: set[int] = set()
        opened: list[int] = []
        last = -1
        for match in _BRACKETS.finditer(self._body, span.start, span.end):
            if match[0] == "[":
                last = match.start()
                opened.append(last)
            elif match[0] == "]" and opened:
                start = opened.pop()
                self._partner[start] = match.start()
                if start == last:
                    self._innermost.add(start)

    def _take_bracket(self, token: re.Match[str]) -> int:
        start, at = token.start(), token.end() - 1
        close = self._partner.get(at)
        if close is None:
            return token.end()
        destination = _DESTINATION.match(self._body, close + 1, self._end)
        if token[0] == "![" and destination:
            self.hidden.append(Span(start, destination.end()))
            return destination.end()
        if token[0] == "^[" and not self._in_entry and not self._numbers(at):
            targets = self.targets(Span(at + 1, close))
            return self._add(start, close + 1, targets[-1] if targets else "", targets)
        if destination:
            url = destination["within"] or destination["url"] or ""
            return self._take_link(at, close, destination.end(), url)
        return self._take_label(at, close, start if token[0] == "^[" else at)

    def _take_link(self, at: int, close: int, end: int, url: str) -> int:
        """[text](url); [1](#note) is the number 1, and other places of the draft no source."""
        number = _ONE_NUMBER.fullmatch(self._body, at + 1, close) if close - at < 12 else None
        if not _NO_SOURCE.match(url):
            listed = self._known.get(number[1], ()) if number else ()
            targets = tuple(dict.fromkeys((url, *listed)))
            return self._add_link(at, close, end, targets, number is not None)
        if number and url:
            return self._add_numbers(at, end, number[1])
        self.hidden += [Span(at, at + 1), Span(close, end)]
        return at + 1

    def _add_link(
        self, at: int, close: int, end: int, targets: tuple[str, ...], is_mark: bool = False
    ) -> int:
        label = plain(self._text[at + 1 : close])
        if is_mark or self._body.startswith("![", at + 1):
            return self._add(at, end, label.strip("[]"), targets)
        self._found.append(Reference(Span(at, end), label, targets))
        self.hidden += [Span(at, at + 1), Span(close, end)]
        return end

    def _take_label(self, at: int, close: int, start: int) -> int:
        """[1], [^note], [text][id], [id] when a list says what it is; else it is no reference."""
        inner = self._body[at + 1 : close] if at in self._innermost else ""
        if inner[:1] == "^" and len(inner) > 1 and not re.search(r"\s", inner):
            own = (inner[1:],) if re.fullmatch(_ID, inner[1:]) else ()
            return self._add(at, close + 1, inner, self._known.get(_key(inner), own))
        numbers = self._numbers(at)
        if linked := self._linked(at, close, numbers):
            return linked
        if numbers:
            return self._add_numbers(start, close + 1, numbers)
        if inner and inner[0] != "^" and (targets := self._links.get(_key(inner))):
            return self._add_link(at, close, close + 1, targets)
        return at + 1

    def _linked(self, at: int, close: int, numbers: str | None) -> int | None:
        """The end of [text][id] or [id][]; but [1][2] and [sic][1] are numbers."""
        if close + 1 not in self._innermost:
            return None
        second = self._partner[close + 1]
        written = self._body[close + 2 : second]
        inner = self._body[at + 1 : close] if at in self._innermost else ""
        targets = self._links.get(_key(written or inner))
        if not targets or (written.isdigit() and (numbers or not _is_title(inner))):
            return None
        return self._add_link(at, close, second + 1, targets, numbers is not None)

    def _numbers(self, at: int) -> str | None:
        if at not in self._innermost:
            return None
        found = _ONLY_NUMBERS.fullmatch(self._body, at + 1, self._partner[at])
        return found[0] if found else None

    # --- passage ids ---

    def _add_ids(self, span: Span) -> None:
        """Those that stand in the text, or alone in code, and in no other reference."""
        taken = [reference.span for reference in self._found]
        for id_, place in [*self._bare_ids(span), *self._ids_in_code(span)]:
            i = bisect_left(taken, Span(place.end, 0))
            if not i or taken[i - 1].end <= place.start:
                self._add(place.start, place.end, id_, (id_,))
        self._found.sort(key=lambda reference: reference.span)

    def _bare_ids(self, span: Span) -> Iterator[tuple[str, Span]]:
        last, body = span.start, self._body
        for ending in _ID_END.finditer(body, span.start, span.end):
            at, (end, first) = ending.start(), (ending.end(), max(last, ending.start() - 200))
            while at > first and body[at - 1] in _ID_CHARS:
                at -= 1
            at += len(body[at:end]) - len(body[at:end].lstrip(".~:@+,=-"))
            last = end
            if at < ending.start():
                alone = body[at - 1 : at] == "[" and body[end : end + 1] == "]" and at > span.start
                yield body[at:end], Span(at - alone, end + alone)

    def _ids_in_code(self, span: Span) -> Iterator[tuple[str, Span]]:
        for match in _ID_IN_CODE.finditer(self._text, span.start, span.end):
            if not self._body[match.start() : match.end()].strip("x"):
                yield match["id"], Span(*match.span())


def _expanded(written: str) -> list[str]:
    """The numbers that are meant: "1, 3-5" -> ["1", "3", "4", "5"]."""
    if written.isdigit():
        return [written.lstrip("0") or "0"]
    numbers: list[int] = []
    for piece in re.finditer(r"(\d+)(?:[ \t]*[–—-][ \t]*(\d+))?", written):
        first, last = int(piece[1]), int(piece[2] or piece[1])
        numbers += range(first, last + 1) if first <= last else (first, last)
        if len(numbers) >= MAX_NUMBERS:
            break
    return [str(number) for number in dict.fromkeys(numbers[:MAX_NUMBERS])]


def _without_punctuation(url: str) -> str:
    """Less what ends the sentence: "https://x.org/a_(b))." -> "https://x.org/a_(b)"."""
    end, unopened = len(url), url.count(")") - url.count("(")
    while end and (url[end - 1] in _TRAILING or (url[end - 1] == ")" and unopened > 0)):
        unopened -= url[end - 1] == ")"
        end -= 1
    return url[:end]


def _is_title(inner: str) -> bool:
    """Whether what stands before [1] may be a link's text, and not an editor's bracket."""
    return re.search(r"\w\w", inner) is not None and inner.casefold() != "sic"
