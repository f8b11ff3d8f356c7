from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def seeds() -> Path:
    """The folder of the five documents that the project starts from, as they were found."""
    folder = Path(__file__).resolve().parents[2].parent / "shared" / "seeds"
    if not folder.is_dir():
        pytest.skip("the documents as they were found are not beside this checkout")
    return folder
