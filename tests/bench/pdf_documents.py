"""How PDFs that nobody here made are read: how many, how fast, how much of their text, and whether
sentences are whole.

    .venv/bin/python -m tests.bench.pdf_documents FOLDER [--every N] [--only speed|recall|heads]

FOLDER has PDFs at any depth: those of mozilla/pdf.js, py-pdf/sample-files, jsvine/pdfplumber and
pdfminer/pdfminer.six were measured. Of the same bytes one is read. `before` is pypdf with the
cleaning of lines, as PDFs were read at first; `pdfium` is its text as it comes.

Recall asks for windows of eight words of a page that both `pdftotext` (Poppler) and pdfminer.six
find, with hyphens at line ends undone. Of those with a word of what we took out as the page's own
none is asked for in the second figure.

A running head is a line that, but for its numbers, is among the first two or the last two of three
tenths of the pages, as `pdftotext -layout` shows them; a page number is one of numbers alone. It
stands within a sentence when no sentence ends before it and what is behind it begins with a small
letter, or when it shares a line with other words on both sides.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import logging
import re
import subprocess
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from statistics import fmean

import pypdfium2
from pypdf import PdfReader

from qa.errors import InvalidInput
from qa.ingest.boilerplate import clean
from qa.ingest.canonical_text import canonical
from qa.ingest.documents import Blob
from qa.ingest.limits import Limits
from qa.ingest.pdf import read
from qa.types import Document

_NUMBER = re.compile(r"\d+")
_HYPHEN = re.compile("(?<=\\w)(?:[-\u00ad\u2010]\\s*\\n|[\ufffe\x02])\\s*(?=\\w)")
_CJK = "\u2e80-\u9fff\uf900-\ufaff"  # no spaces there: a word is a sign
_TOKEN = re.compile(rf"[{_CJK}]|[^\W{_CJK}]+")
_PAGES, _LONG, _SHARE = 4, 1_500, 0.3
_WINDOW, _FEWEST_WINDOWS, _MOST_PAGES = 8, 30, 25
_LOST = 0.02  # of the windows that pdfium finds: fewer is worth a name

Files = Sequence[tuple[str, bytes]]


def main() -> None:
    """Prints the counts."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--every", type=int, default=1)
    arguments.add_argument("--only", choices=_MEASURES)
    given = arguments.parse_args()
    logging.disable()
    files = list(_distinct(given.folder))[:: given.every]
    for name, measure in _MEASURES.items():
        if given.only in (None, name):
            measure(files)


def _distinct(folder: Path) -> Iterator[tuple[str, bytes]]:
    seen: set[str] = set()
    for path in sorted(folder.rglob("*.pdf")):
        data = path.read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        if digest not in seen:
            seen.add(digest)
            yield path.name, data


# --- speed ---


def _speed(files: Files) -> None:
    """Counts of what was read and said, and processor time by turns."""
    outcomes: Counter[str] = Counter()
    notes: Counter[str] = Counter()
    ways: dict[str, Callable[[bytes], object]] = {
        "ours": _ours,
        "before": _before,
        "pdfium": _pdfium,
    }
    seconds = dict.fromkeys(ways, 0.0)
    slowest: list[tuple[float, str]] = []
    for name, data in files:
        taken = {way: _seconds(work, data) for way, work in ways.items()}
        try:
            found = _ours(data)
        except InvalidInput as error:
            outcomes[error.code] += 1
            continue
        outcomes["read"] += 1
        said = {re.sub(r"\d+", "N", note.split(" (")[0].split(":")[0]) for note in found.notes}
        notes.update(said)
        slowest.append((taken["ours"], name))
        for way in ways:
            seconds[way] += taken[way]
    print(dict(outcomes), dict(notes), sep="\n")
    print("seconds:", {way: round(spent, 1) for way, spent in seconds.items()}, end="; ")
    print(f"{seconds['before'] / seconds['ours']:.1f} times faster than before")
    print("slowest:", [(name, round(spent, 2)) for spent, name in sorted(slowest)[:-4:-1]])


def _seconds(work: Callable[[bytes], object], data: bytes) -> float:
    started = time.process_time()
    with suppress(Exception):  # whatever it raises: it took that long
        work(data)
    return time.process_time() - started


def _ours(data: bytes) -> Document:
    return read(Blob(data, Limits(), "stem", "stem.pdf"))


def _before(data: bytes) -> str:
    pages = [canonical(page.extract_text()) for page in PdfReader(io.BytesIO(data)).pages]
    return clean("\n\n".join(pages)).text


def _pdfium(data: bytes) -> str:
    document = pypdfium2.PdfDocument(data)
    try:
        return "\n\n".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


# --- recall ---


def _recall(files: Files) -> None:
    """The share of the windows of two other readers that each way finds."""
    found: dict[str, list[tuple[int, int]]] = {}
    lost: list[str] = []
    for name, data in files:
        try:
            document = _ours(data)
        except InvalidInput:
            continue
        wanted = _wanted(data)
        if len(wanted) < _FEWEST_WINDOWS:
            continue
        removed = {word for line in document.removed for word in _words(line.text)}
        kept = {window for window in wanted if not removed.intersection(window)}
        texts = {"ours": document.article.text, "before": "", "pdfium": ""}
        for way, work in (("before", _before), ("pdfium", _pdfium)):
            try:
                texts[way] = work(data)
            except Exception:  # whatever it raises: nothing is found
                continue
        shares = {}
        for way, text in texts.items():
            windows = set(_windows(text))
            for asked, which in ((wanted, "all"), (kept, "kept")):
                found.setdefault(f"{way}, {which}", []).append((len(asked & windows), len(asked)))
            shares[way] = len(kept & windows) / max(len(kept), 1)
        if shares["ours"] < shares["pdfium"] - _LOST:
            lost.append(f"{name} {shares['ours']:.2f} {shares['pdfium']:.2f}")
    for way, counts in found.items():
        every = sum(n for n, _ in counts) / sum(of for _, of in counts)
        mean = fmean(n / of for n, of in counts if of)
        print(f"recall of {len(counts)} PDFs, {way}: {every:.3f} of all, {mean:.3f} a PDF")
    print(f"fewer than pdfium in {len(lost)}:", *lost, sep="\n  ")


def _wanted(data: bytes) -> set[tuple[str, ...]]:
    """The windows that two other readers find on a page each."""
    from pdfminer.high_level import extract_text  # type: ignore[import-not-found]

    pages = _poppler(data)
    if len(pages) > _MOST_PAGES or sum(map(len, pages)) < _LONG:  # pdfminer takes its time
        return set()
    try:
        theirs = extract_text(io.BytesIO(data)).split("\f")
    except Exception:  # whatever it raises: no windows are agreed on
        return set()
    both = zip(pages, theirs, strict=False)
    return {w for one, other in both for w in {*_windows(one)} & {*_windows(other)}}


def _poppler(data: bytes, *options: str) -> list[str]:
    """The pages as `pdftotext` reads them."""
    command = ["pdftotext", *options, "-", "-"]
    done = subprocess.run(command, input=data, capture_output=True, check=False)
    return done.stdout.decode("utf-8", "replace").split("\f")


def _windows(text: str) -> Iterator[tuple[str, ...]]:
    words = _words(text)
    return zip(*(words[at:] for at in range(_WINDOW)), strict=False)


def _words(text: str) -> list[str]:
    return _TOKEN.findall(unicodedata.normalize("NFKC", _HYPHEN.sub("", text)).casefold())


# --- running heads ---


def _heads(files: Files) -> None:
    """In how many of the longer PDFs a running head or a page number stands within a sentence."""
    longer = with_heads = 0
    within: dict[str, list[str]] = {"ours": [], "before": []}
    for name, data in files:
        try:
            article = _ours(data).article
        except InvalidInput:
            continue
        if len(article.pages) < _PAGES or len(article.text) < _LONG:
            continue
        longer += 1
        heads = _recurring(_poppler(data, "-layout"))
        with_heads += bool(heads)
        try:
            before = _before(data)
        except Exception:  # whatever it raises: nothing was read before
            before = ""
        for way, text in (("ours", article.text), ("before", before)):
            if heads and (found := _within(heads, text)):
                within[way].append(f"{name}: {found!r}")
    print(f"{longer} of {_PAGES} pages or more, {with_heads} with running heads; in a sentence:")
    for way, names in within.items():
        print(f"{way} {len(names)}", *names, sep="\n  ")


def _recurring(pages: Sequence[str]) -> set[str]:
    """The first and last lines that recur on many pages, with # for their numbers."""
    edges: Counter[str] = Counter()
    for page in pages:
        lines = [shape for line in page.split("\n") if (shape := _shape(line))]
        edges.update({*lines[:2], *lines[-2:]})
    least = max(2, _SHARE * (len(pages) - 1))  # behind the last form feed there is nothing
    return {shape for shape, count in edges.items() if count >= least}


def _shape(line: str) -> str:
    return " ".join(_NUMBER.sub("#", line).split())


def _within(heads: set[str], text: str) -> str:
    """A place where they part a sentence, or stand within a line."""
    named = "|".join(re.escape(head) for head in sorted(heads, key=len, reverse=True))
    lines = [_shape(line) for line in text.split("\n")]
    if words := "|".join(re.escape(head) for head in heads if len(head) > 5):
        amid = re.compile(rf".{{0,20}}\w (?:{words}) \w.{{0,20}}")
        if found := next(filter(None, map(amid.search, lines)), None):
            return found[0]
    # A number alone parts a sentence when it is a line of its own.
    parted = re.search(
        rf".{{0,20}}[\w,;]\n(?:\n?(?:{named})\n)+\n?[a-z].{{0,20}}", "\n".join(lines)
    )
    return parted[0] if parted else ""


_MEASURES: dict[str, Callable[[Files], None]] = {
    "speed": _speed,
    "recall": _recall,
    "heads": _heads,
}

if __name__ == "__main__":
    main()
