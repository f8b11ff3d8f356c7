import subprocess
import sys
import tomllib

import pytest
from packaging.requirements import Requirement

from tests.licences import ROOT, is_problem, licences, spdx


def test_nothing_of_the_default_path_has_a_licence_that_binds_others_or_none():
    found = licences()

    assert len(found) > 60
    assert {name: said for name, said in found.items() if is_problem(said[1])} == {}


def test_what_only_other_models_and_trials_need_is_an_extra():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    needed = {Requirement(line).name for line in project["dependencies"]}
    extras = {"scikit-learn", "scipy", "sentence-transformers", "transformers", "matplotlib"}

    assert len(needed) > 30
    assert needed & extras == set()
    assert project["optional-dependencies"]["sentence-transformers"] == [
        "sentence-transformers>=6,<7"
    ]


@pytest.mark.parametrize(
    "said",
    ["GPL-3.0-or-later", "AGPL-3.0", "GNU General Public License v3 (GPLv3)", "LGPL AND GPL", ""],
)
def test_what_binds_others_is_a_problem(said):
    assert is_problem(said if "-" in said else spdx(said))


@pytest.mark.parametrize("said", ["LGPL-2.1-or-later", "MPL-2.0", "Apache-2.0 AND CNRI-Python"])
def test_what_binds_its_own_files_alone_is_none(said):
    assert not is_problem(said)


def test_the_command_lists_them():
    run = subprocess.run(
        [sys.executable, "-m", "tests.licences"], capture_output=True, text=True, cwd=ROOT
    )

    assert run.returncode == 0
    assert "torch" in run.stdout
