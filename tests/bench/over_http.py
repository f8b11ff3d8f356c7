"""scifact over HTTP: every article added as JSON Lines, every claim asked of `POST /v1/ask`.

    .venv/bin/python -m tests.bench.over_http [FOLDER in BEIR layout]

Prints articles a second, nDCG@10, and the latency of a question, as a client sees them.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ir_measures
import numpy as np
from ir_measures import nDCG

ROOT = Path(__file__).resolve().parents[2]
DEFAULT = ROOT.parent / "shared" / "data" / "retrieval" / "scifact"
# Below the limit of a request's body.
PART_BYTES = 4_000_000


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT
    with served() as base:
        started = time.perf_counter()
        added = _add(base, (folder / "corpus.jsonl").read_bytes())
        took = time.perf_counter() - started
        print(f"{folder.name}: {added} articles added in {took:.0f} s, {added / took:.1f}/s")
        print("  ".join(f"{name} {value}" for name, value in _ask(base, folder).items()))


@contextmanager
def served(**environment: str) -> Iterator[str]:
    """A real server over an empty corpus; gives its address once it is ready."""
    with socket.socket() as probe, tempfile.TemporaryDirectory() as data:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        command = [str(Path(sys.executable).parent / "qa"), "serve", "--port", str(port)]
        server = subprocess.Popen(
            [*command, "--data", f"{data}/corpus"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment or None,
        )
        try:
            base = f"http://127.0.0.1:{port}"
            _wait(base)
            yield base
        finally:
            server.terminate()
            server.wait(60)


def call(base: str, path: str, body: bytes | None = None, kind: str = "application/json") -> Any:
    request = urllib.request.Request(base + path, body, {"Content-Type": kind})
    with urllib.request.urlopen(request, timeout=120) as answer:
        return json.loads(answer.read())


def _wait(base: str) -> None:
    for _ in range(600):
        try:
            call(base, "/health/ready")
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server did not become ready")


def _add(base: str, lines: bytes) -> int:
    """In parts below the body limit; waits for every job. How many articles were added."""
    parts, part = [], b""
    for line in lines.splitlines(keepends=True):
        if len(part) + len(line) > PART_BYTES:
            parts.append(part)
            part = b""
        part += line
    jobs = [call(base, "/v1/articles", p, "application/x-ndjson")["id"] for p in [*parts, part]]
    added = 0
    for id_ in jobs:
        while (job := call(base, f"/v1/jobs/{id_}"))["state"] in ("queued", "running"):
            time.sleep(0.5)
        if job["state"] != "done" or job["problems"]:
            raise SystemExit(f"job {id_} ended {job['state']}: {job['problems'][:3]}")
        added += job["counts"]["added"]
    return added


def _ask(base: str, folder: Path) -> dict[str, float]:
    rows = (json.loads(line) for line in (folder / "queries.jsonl").read_text("utf-8").splitlines())
    questions = {row["_id"]: row["text"] for row in rows}
    lines = next(folder.glob("qrels/*.tsv")).read_text("utf-8").splitlines()[1:]
    judgements = [ir_measures.Qrel(q, d, int(s)) for q, d, s in (r.split("\t") for r in lines)]
    run, took = [], []
    for id_ in dict.fromkeys(judgement.query_id for judgement in judgements):
        body = json.dumps({"question": questions[id_], "top_k": 30}).encode()
        started = time.perf_counter()
        passages = call(base, "/v1/ask", body)["passages"]
        took.append(1000 * (time.perf_counter() - started))
        articles = dict.fromkeys(passage["article_id"] for passage in passages)
        run += [ir_measures.ScoredDoc(id_, a, -rank) for rank, a in enumerate(articles)]
    score = ir_measures.calc_aggregate([nDCG @ 10], judgements, run)[nDCG @ 10]
    return {
        "questions": len(took),
        "nDCG@10": round(score, 4),
        "p50_ms": round(float(np.percentile(took, 50)), 1),
        "p99_ms": round(float(np.percentile(took, 99)), 1),
    }


if __name__ == "__main__":
    main()
