"""The pictures in the documents, taken of the pages as they are: `python -m tests.bench.pictures`.

docs/page.png is an answered question, docs/draft.png the checked draft of the fact-checker's
tutorial. A server of its own has the seeds; Chromium draws.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from playwright.sync_api import sync_playwright

from tests.tutorials import ROOT, blocks_of

DOCS = ROOT / "docs"
QA = Path(sys.executable).parent / "qa"
SIZE: Any = {"width": 1280, "height": 900}
QUESTION = "Which tanks is Russia delivering to Serbia?"


def the_draft() -> str:
    """The draft that the tutorial writes: between its two END."""
    page = (DOCS / "tutorials" / "fact-checker.md").read_text("utf-8")
    [command] = [
        step.command for block in blocks_of(page) for step in block if "<<'END'" in step.command
    ]
    return "\n".join(command.split("\n")[1:-1])


@contextmanager
def served() -> Iterator[str]:
    """A server with the seeds in it: its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "QA_DATA": folder, "PYTHONPATH": str(ROOT)}
        subprocess.run([QA, "add", ROOT / "seeds"], env=environment, check=True)
        server = subprocess.Popen([QA, "serve", "--port", str(port)], env=environment)
        try:
            _wait(f"http://127.0.0.1:{port}/health/ready")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(30)


def _wait(url: str) -> None:
    for _ in range(600):
        try:
            urllib.request.urlopen(url).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise TimeoutError(url)


def main() -> None:
    """Takes both pictures."""
    with served() as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        page = browser.new_page(viewport=SIZE, color_scheme="light")
        page.goto(f"{base}/?q={quote(QUESTION)}")
        page.screenshot(path=DOCS / "page.png")
        page.goto(f"{base}/check")
        page.fill("#text", the_draft())
        page.click("text=Check the draft")
        page.wait_for_selector(".verdict")
        page.screenshot(path=DOCS / "draft.png")
        browser.close()


if __name__ == "__main__":
    main()
