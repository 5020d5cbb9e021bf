"""The workflows: readable, pinned, and calling only what is in the repository."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
import yaml

REPOSITORY = Path(__file__).parents[2]
WORKFLOWS = sorted((REPOSITORY / ".github" / "workflows").glob("*.yml"))
# Made by the steps themselves, or only where a person released.
MADE = ("build/", "dist/", "models/", "artifacts", "release/", ".venv/", "updates/manifest.json")


def read(workflow: Path) -> dict[str, Any]:
    """The workflow; YAML reads its key `on` as true."""
    return cast("dict[str, Any]", yaml.safe_load(workflow.read_text("utf-8")))


def steps(workflow: Path) -> Iterator[dict[str, Any]]:
    """Each step of each job, and the jobs that are other workflows."""
    for job in read(workflow)["jobs"].values():
        if "uses" in job:
            yield job
        yield from job.get("steps", [])


def scripts(workflow: Path) -> str:
    return "\n".join(str(step["run"]) for step in steps(workflow) if "run" in step)


workflows = pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)


def test_that_there_is_one_for_each_system() -> None:
    assert {path.stem for path in WORKFLOWS} >= {"ci", "linux", "windows", "macos", "release"}


@workflows
def test_that_it_has_jobs_that_end_and_may_only_read(workflow: Path) -> None:
    told = read(workflow)
    assert told["permissions"] == {"contents": "read"}
    for name, job in told["jobs"].items():
        assert "uses" in job or job["timeout-minutes"] <= 360, name


@workflows
def test_that_what_others_wrote_is_pinned_to_a_version(workflow: Path) -> None:
    for step in steps(workflow):
        used = step.get("uses", "")
        if used.startswith("./"):
            assert (REPOSITORY / used).is_file(), used
        elif used:
            assert re.search(r"@(v\d|[0-9a-f]{40}$)", used), used
    for job in read(workflow)["jobs"].values():
        container = job.get("container")
        assert not isinstance(container, str) or ":" in container or "matrix" in container


@workflows
def test_that_every_script_it_calls_is_in_the_repository(workflow: Path) -> None:
    called = re.findall(r"(?<![\w/.$}])((?:installers|tests|\.ci)/[\w./-]+)", scripts(workflow))
    for path in called:
        assert (REPOSITORY / path).exists() or path.startswith(MADE), path


@workflows
def test_that_every_module_it_runs_is_in_the_repository(workflow: Path) -> None:
    for module in re.findall(r"-m (installers[\w.]*)", scripts(workflow)):
        assert (REPOSITORY / (module.replace(".", "/") + ".py")).is_file(), module


@workflows
def test_that_no_secret_stands_in_a_script(workflow: Path) -> None:
    """In a script's text it would be in the log and open to injection; it comes by `env`."""
    assert "${{ secrets" not in scripts(workflow)
    assert "${{ github.event" not in scripts(workflow)
