"""What a bundle is made of: every part with its licence and its words, and none that may not be."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from app.text.licence_names import may_be_passed_on, spdx
from app.text.notices import Part, as_json, collected, parts_of
from installers import notices

ROOT = Path(__file__).parents[2]
SCHEMAS = ROOT / "tests" / "data" / "cyclonedx"


@pytest.fixture(scope="module")
def parts() -> tuple[Part, ...]:
    return collected(ROOT / "assets")


def test_that_every_part_of_this_checkout_may_be_given_away(parts: tuple[Part, ...]) -> None:
    assert notices.objections(parts) == []
    assert notices.missing(parts) == []
    names = {part.name for part in parts}
    for wanted in ("PySide6_Essentials", "Qt", "llama.cpp", "CPython", "MathJax", "numpy", "cffi"):
        assert wanted in names
    assert not names & {"fullbore", "pytest", "ruff", "schemathesis"}


def test_that_the_lgpl_is_there_with_how_to_replace_what_is_under_it(
    parts: tuple[Part, ...],
) -> None:
    qt = next(part for part in parts if part.name == "Qt")
    assert "You may replace these libraries" in qt.text
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in qt.text
    assert "GNU GENERAL PUBLIC LICENSE" in qt.text


def test_that_the_files_are_written_and_about_reads_them(
    tmp_path: Path, parts: tuple[Part, ...]
) -> None:
    out = tmp_path / "notices"
    assert notices.main([str(out)]) == 0
    assert {file.name for file in out.iterdir()} == {
        notices.TEXT,
        notices.NOTICES,
        notices.SBOM,
        notices.CHANGELOG,
    }
    assert parts_of(tmp_path) == parts  # as a bundle has them
    page = (out / notices.TEXT).read_text("utf-8")
    assert all(part.name in page for part in parts)


def test_that_the_sbom_is_what_cyclonedx_wants(parts: tuple[Part, ...]) -> None:
    document = notices.sbom(parts, "0.1.0")
    schema = {name: schema_of(name) for name in ("bom-1.6", "spdx", "jsf-0.82")}
    registry = jsonschema_rs.Registry(
        [
            (f"http://cyclonedx.org/schema/{name}.SNAPSHOT.schema.json", schema[name])
            for name in schema
        ]
    )
    checks = jsonschema_rs.Draft7Validator(schema["bom-1.6"], registry=registry)
    assert [fault.message for fault in checks.iter_errors(document)] == []
    assert document == notices.sbom(parts, "0.1.0")
    assert document["serialNumber"] != notices.sbom(parts, "0.2.0")["serialNumber"]
    references = [row["bom-ref"] for row in document["components"]]
    assert len(references) == len(set(references))


def schema_of(name: str) -> Any:
    return json.loads((SCHEMAS / f"{name}.SNAPSHOT.schema.json").read_text("utf-8"))


def test_that_what_may_not_be_given_away_is_named() -> None:
    good = Part(name="good", version="1", licence="MIT", homepage="", text="words")
    bad = [
        replace(good, name="secret", licence=""),
        replace(good, name="viral", licence="AGPL-3.0-only"),
        replace(good, name="silent", text=""),
    ]
    told = notices.objections([good, *bad])
    assert [
        next(name for name in ("secret", "viral", "silent") if name in one) for one in told
    ] == [
        "secret",
        "viral",
        "silent",
    ]


@pytest.mark.parametrize(
    ("expression", "allowed"),
    [
        ("MIT", True),
        ("LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only", True),
        ("GPL-3.0-only", False),
        ("GPL-3.0-or-later", False),
        ("GPL-3.0-or-later WITH GCC-exception-3.1", True),
        ("MIT AND GPL-2.0-only", False),
        ("(MIT OR GPL-2.0-only) AND Apache-2.0", True),
        ("MIT AND (AGPL-3.0-only OR GPL-2.0-only)", False),
        ("MIT AND", False),
        ("(MIT", False),
        ("MIT MIT", False),
        ("", False),
        ("Proprietary", False),
    ],
)
def test_that_a_licence_is_weighed_by_its_choices(expression: str, allowed: bool) -> None:
    assert may_be_passed_on(expression) is allowed


@pytest.mark.parametrize(
    ("said", "classifiers", "expression"),
    [
        ("Apache 2.0", [], "Apache-2.0"),
        ("", ["License :: OSI Approved :: MIT License"], "MIT"),
        ("MPL-2.0 AND MIT", [], "MPL-2.0 AND MIT"),
        ("", ["License :: OSI Approved"], ""),
        ("Ask us", [], ""),
        ("", [], ""),
    ],
)
def test_that_licences_are_named_as_spdx_names_them(
    said: str, classifiers: list[str], expression: str
) -> None:
    assert spdx("some-package", said, classifiers) == expression


def test_that_a_broken_list_of_a_bundle_does_not_end_about(
    tmp_path: Path, parts: tuple[Part, ...]
) -> None:
    kept = tmp_path / "assets" / "notices" / notices.NOTICES
    kept.parent.mkdir(parents=True)
    kept.write_text("[{", "utf-8")
    assert parts_of(tmp_path / "assets")  # what is installed is told instead
    kept.write_text(as_json(parts[:2]), "utf-8")
    assert parts_of(tmp_path / "assets") == parts[:2]


def test_that_another_system_s_packages_are_told_by_their_folder(tmp_path: Path) -> None:
    dist = tmp_path / "site" / "keyring-25.0.dist-info"
    dist.mkdir(parents=True)
    (dist / "METADATA").write_text(
        "Metadata-Version: 2.4\nName: keyring\nVersion: 25.0\nLicense-Expression: MIT\n"
        'Requires-Dist: pywin32-ctypes; sys_platform == "win32"\n'
        'Requires-Dist: SecretStorage; sys_platform == "linux"\n',
        "utf-8",
    )
    for name in ("pywin32-ctypes", "SecretStorage"):
        other = tmp_path / "site" / f"{name.replace('-', '_')}-1.0.dist-info"
        other.mkdir()
        (other / "METADATA").write_text(
            f"Metadata-Version: 2.4\nName: {name}\nVersion: 1.0\nLicense-Expression: MIT\n", "utf-8"
        )
    windows = collected(
        ROOT / "assets", site=[str(tmp_path / "site")], system={"sys_platform": "win32"}
    )
    packages = {part.name for part in windows if part.is_package}
    assert packages == {"keyring", "pywin32-ctypes"}
