"""The examples in deploy/: each is looked over by the tool that reads it, where that is there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from qa.cli.work_command import GRACE_SECONDS
from qa.settings import Settings

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
FILES = sorted(path for path in DEPLOY.rglob("*") if path.is_file())
GIVEN = {
    "FOOTNOTE_NAME": "footnote.example.org",
    "QA_API_KEYS": "desk:rw:0123456789abcdef",
    "POSTGRES_PASSWORD": "secret",
}


def run(*command: str | Path, **given: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name not in GIVEN}
    return subprocess.run(
        [*map(str, command)],
        env={**environment, **given},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def compose() -> list[str]:
    """The command that there is; without one, the test skips."""
    for command in (["docker", "compose"], ["docker-compose"]):
        if shutil.which(command[0]) and run(*command, "version").returncode == 0:
            return command
    pytest.skip("neither docker compose nor docker-compose is installed")


def manifests() -> list[dict[str, Any]]:
    return list(yaml.safe_load_all((DEPLOY / "kubernetes.yaml").read_text("utf-8")))


def pod(name: str = "footnote") -> dict[str, Any]:
    [deployment] = [
        one for one in manifests() if (one["kind"], one["metadata"]["name"]) == ("Deployment", name)
    ]
    return dict(deployment["spec"]["template"]["spec"])


def container(name: str = "footnote") -> dict[str, Any]:
    [found] = pod(name)["containers"]
    return dict(found)


# --- by their tools ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["compose.yaml", "compose.postgresql.yaml"])
def test_compose_takes_the_file_with_what_it_asks_for_and_not_without(name: str) -> None:
    command = [*compose(), "-f", str(DEPLOY / name), "config"]

    whole, without = run(*command, **GIVEN), run(*command)

    assert whole.returncode == 0, whole.stderr
    service = {"compose.yaml": "footnote", "compose.postgresql.yaml": "api"}[name]
    assert yaml.safe_load(whole.stdout)["services"][service]["read_only"] is True
    assert without.returncode != 0
    assert "name a " in without.stdout + without.stderr


@pytest.mark.skipif(not shutil.which("caddy"), reason="caddy is not installed")
def test_caddy_takes_its_file(tmp_path: Path) -> None:
    command = ("caddy", "validate", "--adapter", "caddyfile", "--config", DEPLOY / "Caddyfile")

    done = run(*command, **GIVEN, HOME=str(tmp_path), XDG_DATA_HOME=str(tmp_path))

    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
@pytest.mark.parametrize(
    ("name", "beside"),
    [
        ("footnote.service", []),
        ("footnote.service", ["postgresql.conf"]),
        ("footnote-work@.service", []),
    ],
)
def test_systemd_takes_the_unit(tmp_path: Path, name: str, beside: list[str]) -> None:
    text = (DEPLOY / name).read_text("utf-8")
    program = "/opt/footnote/bin/qa"
    assert program in text
    unit = tmp_path / name.replace("@", "@1")
    unit.write_text(text.replace(program, str(Path(sys.executable).with_name("qa"))), "utf-8")
    folder = tmp_path / "footnote.service.d"
    folder.mkdir()
    for name in beside:
        shutil.copy(DEPLOY / "footnote.service.d" / name, folder)

    done = run("systemd-analyze", "verify", unit)

    assert (done.returncode, done.stderr) == (0, "")


def test_kubernetes_takes_the_manifests() -> None:
    validator = pytest.importorskip(
        "kubernetes_validate", reason="kubernetes-validate is not installed"
    )
    ours = [one for one in manifests() if "cnpg.io" not in one["apiVersion"]]
    kinds = ["Deployment", "Deployment", "Service", "PodDisruptionBudget"]
    assert [one["kind"] for one in ours] == kinds

    for one in ours:
        validator.validate(one, "1.33", strict=True)


# --- by what they name -------------------------------------------------------------------------


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_setting_that_is_named_is_one(path: Path) -> None:
    named = set(re.findall(r"\bQA_[A-Z_]+\b", path.read_text("utf-8")))

    assert {name.removeprefix("QA_").lower() for name in named} <= set(Settings.model_fields)


@pytest.mark.parametrize("name", ["footnote", "footnote-work"])
def test_kubernetes_runs_what_the_image_is(name: str) -> None:
    image = (ROOT / "Dockerfile").read_text("utf-8")

    assert f"USER {pod(name)['securityContext']['runAsUser']}\n" in image
    assert f"EXPOSE {container()['ports'][0]['containerPort']}\n" in image
    assert "install -d -o footnote -g footnote /data /cache\n" in image
    mounted = {mount["mountPath"] for mount in container(name)["volumeMounts"]}
    assert mounted == {"/cache", "/tmp"}  # the rest is only read
    assert {volume["name"] for volume in pod(name)["volumes"]} == {"cache", "tmp"}


def test_servers_leave_bulk_additions_to_the_workers() -> None:
    composed = yaml.safe_load((DEPLOY / "compose.postgresql.yaml").read_text("utf-8"))["services"]

    serve, work = ["serve", "--no-work"], ["work"]
    assert [composed[name]["command"] for name in ("api", "worker")] == [serve, work]
    assert [container(name)["args"] for name in ("footnote", "footnote-work")] == [serve, work]


def test_a_worker_may_end_its_batch_before_it_is_killed() -> None:
    composed = yaml.safe_load((DEPLOY / "compose.postgresql.yaml").read_text("utf-8"))["services"]
    unit = (DEPLOY / "footnote-work@.service").read_text("utf-8")

    assert GRACE_SECONDS == 60.0
    assert composed["worker"]["stop_grace_period"] == "75s"
    assert "TimeoutStopSec=75\n" in unit
    assert pod("footnote-work")["terminationGracePeriodSeconds"] == 75


def test_the_probes_ask_what_there_is() -> None:
    from qa.api.app import create_app

    asked = {
        container()[probe]["httpGet"]["path"]
        for probe in ("startupProbe", "livenessProbe", "readinessProbe")
    }

    assert asked == {"/health/live", "/health/ready"}
    assert asked <= set(create_app(Settings(model="hash")).openapi()["paths"])


def test_a_commit_is_on_two_databases_before_it_is_acknowledged() -> None:
    [cluster] = [one for one in manifests() if one["kind"] == "Cluster"]

    assert cluster["spec"]["instances"] == 3
    assert cluster["spec"]["postgresql"]["synchronous"] == {"method": "any", "number": 1}
    secret = container()["env"][0]["valueFrom"]["secretKeyRef"]
    assert secret == {"name": f"{cluster['metadata']['name']}-app", "key": "uri"}
