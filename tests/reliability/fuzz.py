"""Hostile input: articles, requests and drafts that are made to break something.

    python -m tests.reliability.fuzz [--inputs 300] [--drafts 120] [--growth-seconds 120] [--seed 1]
        [--model hash]

One real server. While it is sent each input, a watcher asks `/health/live` ten times a second. No
answer may be a 5xx other than a 503 that says when to come again, none may show a traceback, and no
wait for the watcher may be over a second. In the end the corpus is whole, and a question answered.
Then `tests.growth` feeds every pattern and text function for so many seconds.
"""

from __future__ import annotations

import argparse
import http.client
import json
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.reliability.server import NDJSON, Server

DRAFT = 200_000  # characters
PARSE_SECONDS = "10"
_UNITS = (
    "BY SIGNING THE AGREEMENT THE GOVERNMENT HAD PROMISED 5 THINGS TO THE TOWN ", "。漢",
    "！漢字？", "<!--", "-", "—", "–", "=", "“", "”", "“a” ", "‘a ", "'", '"', "``a'' ", "«a»",
    "(", "[", "[1] ", "[^1]: a\n", "[a](b) ", "![", "<a ", "<q>", "<b>", "</p>", "&amp;", "&",
    "http://a.b/ ", "\n", "\n\n", " \n", "\t", "\r\n", "> ", "# ", "* ", "| a | b |\n", "``` ",
    "`", "~~", "---\n", "a: b\n", "a", "A", "Aa ", "A. ", "Mr. ", "1", "1,", "1.", "1,000 ",
    "12 May 2020 ", "$5 million ", "not ", "never ", "said ", "Mr Smith said ", "he said, ",
    "according to A B, ", "...", "… ", "[…] ", "é", "e\u0301", "\u200b", "\u202e", "\u00ad",
    "\ufeff", "ｆ", "🚢", "ﷺ", "ǆ", "İ", "ß", "%", "\\", "\x1b[31m", "\x00", "{", '{"a":', "$",
    "^",
)  # fmt: skip


@dataclass(slots=True)
class Figures:
    statuses: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    slowest: tuple[float, str] = (0.0, "")

    def __str__(self) -> str:
        statuses = ", ".join(f"{n} x {status}" for status, n in sorted(self.statuses.items()))
        return (
            f"{sum(self.statuses.values())} inputs: {statuses}; {len(self.wrong)} wrong; "
            f"/health/live asked {len(self.waits)} times, median "
            f"{1000 * statistics.median(self.waits):.0f} ms, longest {max(self.waits):.2f} s; "
            f"slowest answer {self.slowest[0]:.1f} s ({self.slowest[1]})"
        )


class Watcher(threading.Thread):
    """Asks whether the server lives; each wait counts, an unanswered one as its time limit."""

    LIMIT = 30.0

    def __init__(self, server: Server, figures: Figures) -> None:
        super().__init__(daemon=True)
        self._server, self._figures = server, figures
        self._ended = threading.Event()

    def run(self) -> None:
        while not self._ended.wait(0.1):
            started = time.monotonic()
            try:
                self._server.call("GET", "/health/live", timeout=self.LIMIT)
            except (OSError, http.client.HTTPException) as error:
                self._figures.wrong.append(f"/health/live: {error!r}")
            self._figures.waits.append(time.monotonic() - started)

    def end(self) -> None:
        self._ended.set()
        self.join(self.LIMIT)


# --- what is sent --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Request:
    about: str
    method: str
    path: str
    body: bytes | None = None
    kind: str = "application/json"


def hostile(chance: random.Random) -> Iterator[Request]:
    """Requests without end: each kind in turn, of units drawn."""
    kinds: tuple[Callable[[random.Random], Request], ...] = (
        as_text, as_html, as_file, as_lines, as_record, as_question, as_quote, as_path, as_filters,
    )  # fmt: skip
    while True:
        for kind in kinds:
            yield kind(chance)


def pumped(chance: random.Random, least: int, most: int) -> str:
    """Some units, repeated to a length between the two, between a beginning and an end."""
    unit = "".join(chance.choice(_UNITS) for _ in range(chance.choice((1, 1, 1, 2, 3))))
    length = chance.randint(least, most)
    return "The pilot. " + (unit * (length // len(unit) + 1))[:length] + " She boards!"


def as_text(chance: random.Random) -> Request:
    text = pumped(chance, 20_000, 600_000)
    return _json("text", "POST", "/v1/articles", {"id": "hostile", "text": text})


def as_html(chance: random.Random) -> Request:
    made = pumped(chance, 20_000, 400_000)
    page = chance.choice(
        (
            f"<html><head><title>{made[:50_000]}</title></head><body><p>{made}</p></body></html>",
            f"<article>{made}</article>",
            f'<meta property="og:title" content="{made}"><p>The pilot boards at dawn.</p>',
            f'<script type="application/ld+json">{made}</script><p>The pilot boards at dawn.</p>',
            "<div>" * chance.randint(100, 40_000) + made[:1000],
            "<p " + " ".join(f"a{n}=1" for n in range(chance.randint(10, 60_000))) + ">The pilot.",
        )
    )
    return _json("html", "POST", "/v1/articles", {"id": "hostile", "html": page})


def as_file(chance: random.Random) -> Request:
    made = pumped(chance, 20_000, 400_000).encode("utf-8", "replace")
    name, content = chance.choice(
        (
            ("a.md", b"---\n" + made + b"\n---\nThe pilot boards."),
            ("a.md", made),
            ("a.pdf", b"%PDF-1.7\n1 0 obj\n(" + b"(" * chance.randint(10, 300_000) + made),
            ("a.pdf", pages(chance.randint(10, 30_000))),
            ("a.html", made),
            ("a.txt", made),
            ("a.json", b"[" * chance.randint(1, 100_000) + made),
            ("../" * 50 + "a\x1b]0;x\x07.txt", made[:1000]),
        )
    )
    head = f'Content-Disposition: form-data; name="files"; filename="{name}"'.encode()
    body = b"--b\r\n" + head + b"\r\n\r\n" + content + b"\r\n--b--\r\n"
    return Request(
        f"file {name[-5:]!r}", "POST", "/v1/articles", body, "multipart/form-data; boundary=b"
    )


def pages(count: int) -> bytes:
    """A PDF that names one page many times."""
    kids = b"3 0 R " * count
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count "
        + str(count).encode()
        + b"/Kids["
        + kids
        + b"]>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n"
        b"trailer<</Root 1 0 R>>\n%%EOF"
    )


def as_lines(chance: random.Random) -> Request:
    line = chance.choice(("", "{}", "[]", "null", '{"id":"x","text":"' + "a" * 900 + '"}', "{"))
    return Request(
        "lines", "POST", "/v1/articles", f"{line}\n".encode() * chance.randint(1, 3_000), NDJSON
    )


def as_record(chance: random.Random) -> Request:
    made = pumped(chance, 100, 300_000)
    record: dict[str, Any] = {"id": "hostile", "text": "The pilot boards."}
    field_ = chance.choice(
        (
            "title",
            "author",
            "publisher",
            "url",
            "published",
            "language",
            "id",
            "tags",
            "extra",
            "note",
        )
    )
    value: Any = made
    if field_ == "tags":
        value = [made[:20] + str(n) for n in range(chance.randint(1, 50_000))]
    elif field_ == "extra":
        value = {f"key {n}": made[:10] for n in range(chance.randint(1, 50_000))}
    return _json(f"record {field_}", "POST", "/v1/articles", {**record, field_: value})


def as_question(chance: random.Random) -> Request:
    return _json(
        "question", "POST", "/v1/ask", {"question": pumped(chance, 10, 1_900)[:2000], "top_k": 5}
    )


def as_quote(chance: random.Random) -> Request:
    asked = {"quote": pumped(chance, 10, 1_900)[:2000], "speaker": pumped(chance, 1, 300)}
    return _json("quote", "POST", "/v1/check", asked)


def as_path(chance: random.Random) -> Request:
    path = chance.choice(("/v1/articles/", "/v1/passages/", "/v1/jobs/", "/articles/", "/?q="))
    return Request(
        "path", "GET", path + quote(pumped(chance, 1, 3_000), safe=chance.choice(("", "/.")))
    )


def as_filters(chance: random.Random) -> Request:
    names = ("article_ids", "publishers", "authors", "languages", "tags")
    made = pumped(chance, 5, 200)
    filters = {chance.choice(names): [made + str(n) for n in range(chance.randint(1, 900))]}
    return _json("filters", "POST", "/v1/ask", {"question": "Who boards?", "filters": filters})


def draft(chance: random.Random) -> Request:
    made = pumped(chance, DRAFT - 100, DRAFT - 100)[: DRAFT - 40]
    return _json("draft", "POST", "/v1/check/text", {"text": f"“A harbour pilot” {made}"})


def _json(about: str, method: str, path: str, body: Any) -> Request:
    return Request(about, method, path, json.dumps(body).encode())


# --- the trial -----------------------------------------------------------------------------------


def send(server: Server, request: Request, figures: Figures) -> None:
    started = time.monotonic()
    try:
        status, answer = server.call(
            request.method, request.path, request.body, request.kind, timeout=300
        )
    except (OSError, http.client.HTTPException) as error:
        figures.wrong.append(f"{request.about}: {error!r}")
        return
    took = time.monotonic() - started
    figures.statuses[status] += 1
    figures.slowest = max(figures.slowest, (round(took, 1), request.about))
    told = answer if isinstance(answer, str) else json.dumps(answer)
    if (status >= 500 and status != 503) or "Traceback" in told or 'File "' in told:
        figures.wrong.append(f"{request.about}: {status} {told[:300]}")
    if status == 202:
        ended(server, answer["id"], request, figures)


def ended(server: Server, job: str, request: Request, figures: Figures) -> None:
    until = time.monotonic() + 300
    while server.get(f"/v1/jobs/{job}")["state"] in ("queued", "running"):
        if time.monotonic() > until:
            figures.wrong.append(f"{request.about}: the job does not end")
            return
        time.sleep(0.1)


def siege(server: Server, inputs: int, drafts: int, seed: int) -> Figures:
    figures, chance = Figures(), random.Random(seed)
    watcher = Watcher(server, figures)
    watcher.start()
    for _, request in zip(range(inputs), hostile(chance), strict=False):
        send(server, request, figures)
    for _ in range(drafts):
        send(server, draft(chance), figures)
    watcher.end()
    if max(figures.waits) > 1:
        figures.wrong.append(f"/health/live waited {max(figures.waits):.2f} s")
    if problems := server.get("/v1/status?check=true")["problems"]:
        figures.wrong.append(f"integrity: {problems[:5]}")
    answer = server.call("POST", "/v1/ask", {"question": "Who guides ships?"})[1]
    if answer["passages"][0]["article_id"] != "pilots":
        figures.wrong.append("the question is not answered any more")
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=300)
    parser.add_argument("--drafts", type=int, default=120)
    parser.add_argument("--growth-seconds", type=int, default=120)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--model", default="hash")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        server = Server(Path(folder), QA_MODEL=given.model, QA_MAX_PARSE_SECONDS=PARSE_SECONDS)
        server.start()
        try:
            text = "A harbour pilot guides ships. The pilot boards at dawn."
            server.call("POST", "/v1/articles", {"id": "pilots", "text": text})
            figures = siege(server, given.inputs, given.drafts, given.seed)
            print(f"memory at the peak {server.peak() / 1e9:.2f} GB")
        finally:
            server.kill()
    for wrong in figures.wrong[:20]:
        print(wrong)
    print(figures, flush=True)
    grown = 0
    if given.growth_seconds:
        command = [sys.executable, "-m", "tests.growth", "--seconds", str(given.growth_seconds)]
        grown = subprocess.run([*command, "--seed", str(given.seed)], check=False).returncode
    sys.exit(bool(figures.wrong or grown))


if __name__ == "__main__":
    main()
