"""The dashboard and the rules: they ask for what a real run of the port tells, and rules work."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from engine.config import EngineConfig, Home, LoadWish
from engine.engine import Engine
from engine.server.metrics.metering import Metering
from engine.terminal.rivals import free_port
from tests.support.answers import ScriptedAnswers

REPOSITORY = Path(__file__).parents[3]
GRAFANA = REPOSITORY / "assets" / "grafana"
RULES_TEST = REPOSITORY / "tests" / "data" / "grafana" / "alerts_test.yml"
# Prometheus' own, which no program exports.
OF_PROMETHEUS = {"up"}
NAME = re.compile(r"\b(?:fullbore_\w+|up(?=\{))")


def expressions(node: Any) -> Iterator[str]:
    """Every PromQL expression of a dashboard."""
    match node:
        case {"expr": str(text)}:
            yield text
        case dict():
            for each in cast("dict[str, Any]", node).values():
                yield from expressions(each)
        case list():
            for each in cast("list[Any]", node):
                yield from expressions(each)
        case _:
            pass


def dashboard() -> dict[str, Any]:
    return json.loads((GRAFANA / "fullbore-dashboard.json").read_text("utf-8"))


def asked_for() -> set[str]:
    """Every series that the dashboard and the rules name."""
    rules = (GRAFANA / "alerts.yml").read_text("utf-8")
    return {
        name
        for text in (
            *expressions(dashboard()),
            *re.findall(r"expr:(.*?)(?:for|labels):", rules, re.DOTALL),
        )
        for name in NAME.findall(text)
    } - OF_PROMETHEUS


def told(text: str) -> set[str]:
    """Every series of that text, and those that its families have once there is something."""
    names: set[str] = set()
    for family in text_string_to_metric_families(text):
        match family.type:
            case "counter":
                names.add(f"{family.name}_total")
            case "histogram":
                names |= {f"{family.name}{end}" for end in ("_bucket", "_sum", "_count")}
            case _:
                names.add(family.name)
    return names


def test_that_dashboard_and_rules_ask_for_what_is_told() -> None:
    families = Metering(ScriptedAnswers()).collect()
    names: set[str] = set()
    for family in families:
        ends = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count")}
        names |= {family.name + end for end in ends.get(family.type, ("",))}
    assert len(asked_for()) > 35
    assert asked_for() - names == set()


def test_that_the_dashboard_has_a_row_for_each_part() -> None:
    rows = [panel["title"] for panel in dashboard()["panels"] if panel["type"] == "row"]
    assert rows == [
        *("Requests", "Latency", "Tokens", "Cache and speculation"),
        *("GPUs", "Energy", "Workers"),
    ]
    ids = [panel["id"] for panel in dashboard()["panels"]]
    assert len(ids) == len(set(ids))


def test_that_each_of_the_rules_wanted_is_there() -> None:
    rules = (GRAFANA / "alerts.yml").read_text("utf-8")
    assert "> 0.85" in rules
    assert "> 0.001\n        for: 15m" in rules
    assert re.search(r"> 0\.3\n.*\n        for: 5m", rules)
    assert "histogram_quantile(0.99" in rules


@pytest.fixture(scope="session")
def promtool(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """promtool: the one that is installed, or Debian's, unpacked and not installed."""
    found = shutil.which("promtool")
    if found is not None:
        return Path(found)
    if shutil.which("apt-get") is None or shutil.which("dpkg") is None:
        pytest.skip("promtool is not there, and no apt to bring it")
    kept = REPOSITORY / "build" / "promtool"
    tool = kept / "usr" / "bin" / "promtool"
    if not tool.exists():
        folder = tmp_path_factory.mktemp("prometheus")
        fetched = subprocess.run(
            ["apt-get", "download", "prometheus"],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        packages = list(folder.glob("*.deb"))
        if not packages:
            pytest.skip(f"apt brings no prometheus: {fetched.stderr.strip()[-300:]}")
        kept.mkdir(parents=True, exist_ok=True)
        subprocess.run(["dpkg", "-x", str(packages[0]), str(kept)], check=True, timeout=120)
    return tool


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """The rules, their tests and the sample, side by side."""
    for file in (GRAFANA / "alerts.yml", GRAFANA / "prometheus.yml", RULES_TEST):
        shutil.copy(file, tmp_path)
    return tmp_path


@pytest.mark.timeout(300)
@pytest.mark.skipif(sys.platform != "linux", reason="Debian's promtool runs on Linux")
@pytest.mark.parametrize(
    "asked",
    [
        ("check", "rules", "alerts.yml"),
        ("check", "config", "prometheus.yml"),
        ("test", "rules", "alerts_test.yml"),
    ],
    ids=" ".join,
)
def test_that_promtool_takes_the_rules(promtool: Path, rules: Path, asked: tuple[str, ...]) -> None:
    said = subprocess.run(
        [str(promtool), *asked], cwd=rules, capture_output=True, text=True, timeout=120, check=False
    )
    assert said.returncode == 0, said.stdout + said.stderr
    assert "SUCCESS" in said.stdout + said.stderr


@pytest.mark.journey
@pytest.mark.anyio
@pytest.mark.timeout(300)
async def test_that_a_real_run_tells_what_dashboard_and_rules_ask_for(
    home: Home, model_file: Path
) -> None:
    engine = Engine(home, EngineConfig(serve=False, streams=2))
    await engine.start()
    try:
        await engine.load(str(model_file), LoadWish(context_tokens=1024, streams=2))
        address = await engine.open_port(free_port())
        async with httpx.AsyncClient(base_url=address, timeout=120) as http:
            ask: dict[str, Any] = {
                "messages": [{"role": "user", "content": "Count to ten."}],
                "max_tokens": 24,
                "ignore_eos": True,
            }
            for _ in range(2):
                assert (await http.post("/v1/chat/completions", json=ask)).status_code == 200
            text = (await http.get("/metrics")).text
        model = engine.loaded
    finally:
        await engine.close()
    assert asked_for() - told(text) == set()
    assert f'fullbore_answer_tokens_total{{model="{model}"}} 48.0' in text
    assert f'fullbore_time_to_first_token_seconds_count{{model="{model}"}} 2.0' in text
    gaps = re.search(r"^fullbore_inter_token_seconds_count\{.*\} (.*)$", text, re.MULTILINE)
    assert gaps is not None
    assert 30 <= float(gaps[1]) <= 46  # the tokens of a first word's piece come at once
    assert "fullbore_host_memory_used_bytes" in text
    assert str(home.models) not in text
    assert str(model_file.parent) not in text
