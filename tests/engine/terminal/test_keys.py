"""`fullbore keys`, as it is typed."""

import json
from pathlib import Path

import pytest

from engine.keys import Keys
from engine.terminal.verbs import run


def keys(home: Path, *words: str) -> int:
    return run(["keys", *words], {"FULLBORE_HOME": str(home)}, "0")


def test_that_a_key_is_made_shown_and_removed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert keys(tmp_path, "list") == 0
    assert "There are no keys" in capsys.readouterr().out
    assert keys(tmp_path, "add", "My laptop", "--scope", "answers", "--per-minute", "30") == 0
    secret = capsys.readouterr().out.split()[0]
    found = Keys(tmp_path, from_settings=lambda: None).whose(secret.encode())
    assert found is not None
    assert (found.name, found.limits.requests_per_minute) == ("My laptop", 30)
    assert keys(tmp_path, "list", "--json") == 0
    listed = capsys.readouterr().out
    (row,) = json.loads(listed)["keys"]
    assert (row["name"], row["scopes"], row["used_at"]) == ("My laptop", ["answers"], None)
    assert secret not in listed
    assert keys(tmp_path, "list") == 0
    assert f"…{secret[-4:]}  My laptop  (answers; never used)" in capsys.readouterr().out
    assert keys(tmp_path, "remove", "My laptop") == 0
    assert Keys(tmp_path, from_settings=lambda: None).whose(secret.encode()) is None


def test_that_a_name_that_means_no_key_or_two_is_a_failure_with_a_remedy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert keys(tmp_path, "remove", "nobody") == 1
    assert "`fullbore keys list` shows them." in capsys.readouterr().err
    for _ in range(2):
        assert keys(tmp_path, "add", "twin", "--json") == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert keys(tmp_path, "remove", "twin") == 1
    assert "Write one's id." in capsys.readouterr().err
    assert keys(tmp_path, "remove", json.loads(last)["id"]) == 0


def test_that_serving_to_a_network_without_a_key_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["serve", "--host", "0.0.0.0"]
    assert run(words, {"FULLBORE_HOME": str(tmp_path)}, "0") == 1
    assert "Make a key first" in capsys.readouterr().err


def test_that_serving_with_half_a_certificate_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["serve", "--tls-certificate", "gone.crt"]
    assert run(words, {"FULLBORE_HOME": str(tmp_path)}, "0") == 1
    assert "`tls_key` is not set" in capsys.readouterr().err


def test_that_a_home_that_cannot_be_written_is_told_with_a_remedy_that_fits(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("no folder", "utf-8")
    for words in (("list",), ("add", "Laptop")):
        assert keys(tmp_path / "file" / "home", *words) == 1
        said = capsys.readouterr().err
        assert "cannot be written" in said
        assert "choose another folder with FULLBORE_HOME" in said
        assert "space" not in said
