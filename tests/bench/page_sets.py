"""Web pages with what is known of them: five public sets, read from their own folders.

`FOLDER` holds checkouts named as their repositories are: readability (mozilla), trafilatura and
htmldate (adbar), article-extraction-benchmark (scrapinghub) and newspaper4k (AndyTheFactory).
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import lxml.html

Half = Literal["shown", "held", "all"]


@dataclass(frozen=True, slots=True)
class Known:
    """A page and what its set says of it: fields, the whole text, or pieces of it."""

    set: str
    name: str
    data: bytes
    fields: dict[str, str] = field(default_factory=dict)
    text: str | None = None
    wanted: Sequence[str] = ()
    unwanted: Sequence[str] = ()


def pages(folder: Path, half: Half = "all") -> Iterator[Known]:
    """The pages of all sets that the folder has, or of one half of each: by a digest of the name.

    Rules are made with the half that is `shown`; what they are worth is measured on the other.
    """
    for read in SETS.values():
        for known in read(folder):
            odd = hashlib.sha256(known.name.encode()).digest()[0] % 2
            if half == "all" or (half == "held") == bool(odd):
                yield known


def _readability(folder: Path) -> Iterator[Known]:
    for place in sorted((folder / "readability/test/test-pages").glob("*")):
        gold = json.loads((place / "expected-metadata.json").read_text("utf-8"))
        names = {"title": "title", "author": "byline", "site": "siteName", "language": "lang"}
        fields = _stated(gold, {**names, "date": "publishedTime"})
        expected = lxml.html.document_fromstring((place / "expected.html").read_bytes().decode())
        text = "\n".join(expected.itertext())
        yield Known("readability", place.name, (place / "source.html").read_bytes(), fields, text)


def _benchmark(folder: Path) -> Iterator[Known]:
    place = folder / "article-extraction-benchmark"
    if not place.exists():
        return
    gold = json.loads((place / "ground-truth.json").read_text("utf-8"))
    for name, page in gold.items():
        data = gzip.decompress((place / "html" / f"{name}.html.gz").read_bytes())
        yield Known("benchmark", name, data, text=page["articleBody"])


def _trafilatura(folder: Path) -> Iterator[Known]:
    place = folder / "trafilatura/tests"
    if not place.exists():
        return
    for page in json.loads((place / "evaldata.json").read_text("utf-8")).values():
        names = {"title": "title", "author": "author", "date": "date", "site": "sitename"}
        yield Known(
            "trafilatura",
            page["file"],
            _first_of(place, page["file"], "cache", "eval"),
            _stated(page, names),
            wanted=page["with"],
            unwanted=page["without"],
        )


def _htmldate(folder: Path) -> Iterator[Known]:
    place = folder / "htmldate/tests"
    for listed in sorted(place.glob("eval_*.json")):
        for page in json.loads(listed.read_text("utf-8")).values():
            data = _first_of(place, page["file"], "cache", "eval", "test_set")
            yield Known("htmldate", page["file"], data, _stated(page, {"date": "date"}))


def _newspaper(folder: Path) -> Iterator[Known]:
    place = folder / "newspaper4k/tests/data"
    for listed in sorted((place / "metadata").glob("*.json")):
        gold = json.loads(listed.read_text("utf-8"))
        html, text = place / f"html/{listed.stem}.html", place / f"txt/{listed.stem}.txt"
        if not html.exists() or not text.exists():
            continue
        names = {"title": "title", "date": "publish_date", "site": "meta_site_name"}
        fields = _stated(gold, {**names, "language": "meta_lang"})
        if gold.get("authors"):
            fields["author"] = "; ".join(gold["authors"])
        yield Known("newspaper4k", listed.stem, html.read_bytes(), fields, text.read_text("utf-8"))


def _stated(gold: dict[str, Any], names: dict[str, str]) -> dict[str, str]:
    return {ours: str(gold[theirs]) for ours, theirs in names.items() if gold.get(theirs)}


def _first_of(place: Path, name: str, *folders: str) -> bytes:
    return next(f.read_bytes() for folder in folders if (f := place / folder / name).exists())


SETS: dict[str, Callable[[Path], Iterator[Known]]] = {
    "readability": _readability,
    "benchmark": _benchmark,
    "trafilatura": _trafilatura,
    "htmldate": _htmldate,
    "newspaper4k": _newspaper,
}
