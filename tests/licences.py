"""The licences of what is installed by the lock: `make licences`.

A package says its own in one of three ways, the newest first: as an SPDX expression, in
classifiers, in words; some only bring its text.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
UNKNOWN = "unknown"
# Words of a licence's name, as its own text or a classifier has it, and its name in SPDX.
_NAMES = {
    "Apache": "Apache-2.0",
    "BSD": "BSD-3-Clause",
    "GPL": "GPL",
    "ISC": "ISC",
    "MIT": "MIT",
    "MPL": "MPL-2.0",
    "PSF": "PSF-2.0",
}
_PROBLEM = re.compile(r"\bA?GPL\b|\bAGPL|\bGPL|SSPL|Commons Clause|Proprietary|unknown", re.I)


def locked(file: str = "constraints.txt") -> Iterator[str]:
    """The packages of a lock that are for this system, and torch, which has a file of its own."""
    lines = (ROOT / file).read_text("utf-8").splitlines()
    for line in [*lines, "torch==2.13.0"]:
        if re.match(r"[a-z0-9]", line):
            package = Requirement(line.partition("--hash")[0].rstrip("\\ "))
            if package.marker is None or package.marker.evaluate():
                yield package.name


def licence(package: Distribution) -> str:
    """The licence of a package, as it says it itself."""
    said: dict[str, Any] = package.metadata.json
    if expression := said.get("license_expression"):
        return str(expression)
    licences = [line for line in said.get("classifier", []) if line.startswith("License ::")]
    named = [line.rpartition(" :: ")[2] for line in licences]
    words = str(said.get("license", "")).strip().partition("\n")[0]
    found = " ".join(named) if named and named != ["OSI Approved"] else words
    return spdx(found or text_of(package))


def spdx(named: str) -> str:
    """What the words name, in SPDX where they are known.

    >>> spdx("MIT License"), spdx("BSD-3-Clause, Apache-2.0, dependency licenses"), spdx("")
    ('MIT', 'Apache-2.0 AND BSD-3-Clause', 'unknown')
    """
    found = [name for word, name in _NAMES.items() if re.search(rf"\b\w?{word}", named)]
    return " AND ".join(found) or named[:40] or UNKNOWN


def text_of(package: Distribution) -> str:
    """The first lines of the licence's text that it brings."""
    for file in package.files or ():
        if "licen" in file.name.lower() and ".dist-info" in str(file):
            return str(file.read_text(encoding="utf-8"))[:200]
    return ""


def is_problem(expression: str) -> bool:
    """Whether nobody may take it under permissive terms, or nobody knows.

    >>> [is_problem(e) for e in ("MIT", "AGPL-3.0-only", "MPL-1.1 OR GPL-2.0-only", "unknown")]
    [False, True, False, True]
    """
    return all(_PROBLEM.search(choice) for choice in expression.split(" OR "))


def licences(file: str = "constraints.txt") -> dict[str, tuple[str, str]]:
    """Version and licence of each package that is locked, by its name."""
    found = {}
    for name in sorted({*locked(file)}):
        try:
            package = distribution(name)
        except PackageNotFoundError:
            found[name] = "", UNKNOWN
        else:
            found[name] = package.version, licence(package)
    return found


if __name__ == "__main__":
    listed = licences(*sys.argv[1:])
    for name, (version, said) in listed.items():
        print(f"{name:36}{version:20}{said}")
    sys.exit(any(is_problem(said) for _, said in listed.values()))
