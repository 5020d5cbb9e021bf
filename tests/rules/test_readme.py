"""What README and docs promise is there."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.__main__ import main

REPOSITORY = Path(__file__).parents[2]
PAGES = [REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").glob("*.md"))]


def commands() -> Iterator[str]:
    """Every line of a page's shell blocks, without its comment."""
    for page in PAGES:
        for block in re.findall(r"```sh\n(.*?)```", page.read_text("utf-8"), re.DOTALL):
            lines = block.replace("\\\n", " ").splitlines()
            yield from (line.split("#")[0].strip() for line in lines if line.strip())


def test_that_every_script_the_pages_name_is_there() -> None:
    scripts = [word for line in commands() for word in line.split() if word.endswith(".sh")]
    assert "installers/run.sh" in scripts
    assert "installers/test.sh" in scripts
    assert [script for script in scripts if not (REPOSITORY / script).is_file()] == []


def test_that_every_option_of_the_scripts_is_known_to_them() -> None:
    for line in commands():
        words = line.split()
        if words[:1] == ["sh"]:
            script = (REPOSITORY / words[1]).read_text("utf-8")
            assert [
                word for word in words[2:] if word.startswith("--") and word not in script
            ] == []


def test_that_every_verb_the_readme_shows_exists(capsys: pytest.CaptureFixture[str]) -> None:
    verbs = {line.split()[1] for line in commands() if line.startswith("fullbore ")}
    models = {"search", "plan", "list", "pull", "verify", "rm"}
    assert verbs == {"probe", "calibrate", "doctor", "chat", "serve", "bench"} | models
    for verb in verbs:
        with pytest.raises(SystemExit) as ended:
            main([verb, "--help"])
        assert ended.value.code == 0, verb
        assert capsys.readouterr().out.startswith("usage: fullbore"), verb


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_that_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)", page.read_text("utf-8"))
    near = [link for link in links if not link.startswith("https://")]
    assert [link for link in near if not (page.parent / link).exists()] == []
