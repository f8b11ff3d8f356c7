"""One environment for each peer, pinned; torch, sentence-transformers and the weights are shared.

Every peer's environment has `shared` on its path, so all run the same torch and the same model.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

REQUIREMENTS = Path(__file__).parent / "requirements"
SHARED = "shared"
INSTALL_SECONDS = 1800


def prepare(names: list[str], home: Path) -> dict[str, Path]:
    """Makes what is missing or pinned otherwise by now; the Python of each peer."""
    home.mkdir(parents=True, exist_ok=True)
    (home / ".gitignore").write_text("*\n")
    return {name: python for name in [SHARED, *names] if (python := _environment(name, home))}


def _environment(name: str, home: Path) -> Path:
    folder, pins = home / name, _pins(name)
    python, stamp = folder / "bin" / "python", folder / ".installed"
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in pins)).hexdigest()
    if stamp.exists() and stamp.read_text() == digest:
        return python
    print(f"installing {name} (once)…", flush=True)
    _call(sys.executable, "-m", "venv", "--clear", str(folder))
    if name != SHARED:
        (_packages(python) / "shared.pth").write_text(
            f"{_packages(home / SHARED / 'bin/python')}\n"
        )
    wanted = [part for file in pins for part in ("-r", str(file))]
    _call(str(python), "-m", "pip", "--disable-pip-version-check", "install", "-q", *wanted)
    stamp.write_text(digest)
    return python


def _pins(name: str) -> list[Path]:
    """What is installed already on the shared path is named too, so that it stays as it is."""
    return [REQUIREMENTS / f"{part}.txt" for part in dict.fromkeys((SHARED, name))]


def _packages(python: Path) -> Path:
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    return Path(subprocess.check_output([str(python), "-c", code], text=True, timeout=60).strip())


def _call(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=INSTALL_SECONDS)
    if done.returncode:
        raise SystemExit(f"{' '.join(command[:4])} … failed:\n{done.stderr[-2000:]}")
