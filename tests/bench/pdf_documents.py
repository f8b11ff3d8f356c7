"""How PDFs that nobody here made are read: how many, how fast, and whether sentences are whole.

    .venv/bin/python -m tests.bench.pdf_documents FOLDER [--every N]

FOLDER has PDFs at any depth: those of mozilla/pdf.js, py-pdf/sample-files, jsvine/pdfplumber and
pdfminer/pdfminer.six were measured. Of the same bytes one is read. Processor time stands beside
that of pypdf, which read them before. A running head is a line that, but for its numbers, is the
first or the last of six tenths of the pages, as pdfium gives them; it is within a sentence when
the text has it in a line with other words before it and behind it.
"""

from __future__ import annotations

import hashlib
import io
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
from pypdf import PdfReader

from qa.errors import InvalidInput
from qa.ingest.documents import Blob
from qa.ingest.limits import Limits
from qa.ingest.pdf import read

_NUMBER = re.compile(r"\d+")
_PAGES, _LONG, _SHARE = 4, 1_500, 0.6


def main() -> None:
    """Prints the counts."""
    folder, every = Path(sys.argv[1]), 1
    if "--every" in sys.argv:
        every = int(sys.argv[sys.argv.index("--every") + 1])
    outcomes: Counter[str] = Counter()
    notes: Counter[str] = Counter()
    ours = theirs = 0.0
    longer, with_heads, within = 0, 0, list[str]()
    for path, data in list(_distinct(folder))[::every]:
        started = time.process_time()
        try:
            found = read(Blob(data, Limits(), "stem", path.name))
        except InvalidInput as error:
            outcomes[error.code] += 1
            continue
        taken = time.process_time() - started
        outcomes["read"] += 1
        notes.update(
            {re.sub(r"\d+", "N", note.split(" (")[0].split(":")[0]) for note in found.notes}
        )
        if seconds := _pypdf_seconds(data):
            ours, theirs = ours + taken, theirs + seconds
        article = found.article
        if len(article.pages) < _PAGES or len(article.text) < _LONG:
            continue
        longer += 1
        heads = _heads(data)
        with_heads += bool(heads)
        if any(_within(head, article.text) for head in heads):
            within.append(path.name)
    print(dict(outcomes))
    print("notes:", dict(notes))
    print(f"seconds: {ours:.1f}, pypdf {theirs:.1f}: {theirs / max(ours, 1e-9):.1f} times faster")
    print(f"{longer} of {_PAGES} pages or more, {with_heads} with running heads;", end=" ")
    print(f"within a sentence in {len(within)}: {' '.join(within)}")


def _distinct(folder: Path) -> Iterator[tuple[Path, bytes]]:
    seen: set[str] = set()
    for path in sorted(folder.rglob("*.pdf")):
        data = path.read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        if digest not in seen:
            seen.add(digest)
            yield path, data


def _pypdf_seconds(data: bytes) -> float:
    """How long pypdf takes for the text; 0 when it cannot read it."""
    started = time.process_time()
    try:
        for page in PdfReader(io.BytesIO(data)).pages:
            page.extract_text()
    except Exception:  # whatever it raises, there is nothing to compare
        return 0.0
    return time.process_time() - started


def _heads(data: bytes) -> set[str]:
    """The first and last lines that recur on most pages, with # for their numbers."""
    document = pypdfium2.PdfDocument(data)
    edges: Counter[str] = Counter()
    for number in range(len(document)):
        lines = document[number].get_textpage().get_text_range().split("\r\n")
        lines = [shape for line in lines if (shape := _shape(line))]
        edges.update({*lines[:2], *lines[-2:]})
    least = max(2, _SHARE * len(document))
    document.close()
    return {shape for shape, count in edges.items() if count >= least and len(shape) > 5}


def _shape(line: str) -> str:
    return " ".join(_NUMBER.sub("#", line).split())


def _within(head: str, text: str) -> bool:
    return any(
        not line.startswith(head) and not line.endswith(head)
        for line in map(_shape, text.split("\n"))
        if head in line
    )


if __name__ == "__main__":
    main()
