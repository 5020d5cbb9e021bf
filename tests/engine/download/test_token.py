"""The access token: in the keyring, and told to the Hub it belongs to alone."""

from pathlib import Path

import keyring
import pytest
from keyring.backends.fail import Keyring as NoKeyring

from engine.download import token
from engine.download.wire import Login
from engine.errors import DownloadError
from tests.support.keyrings import FILE, BrokenKeyring, FileKeyring, kept

SECRET = "hf_aVerySecretToken"


@pytest.fixture(autouse=True)
def own_keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FILE, str(tmp_path / "keyring.json"))
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    monkeypatch.delenv("HF_TOKEN", raising=False)
    keyring.set_keyring(FileKeyring())


def test_that_a_token_is_kept_in_the_keyring_and_forgotten_again() -> None:
    assert token.read() is None
    token.keep(f" {SECRET}\n")
    assert kept() == {"fullbore huggingface": SECRET}
    assert token.read() == SECRET
    token.keep(None)
    token.keep(None)  # there is none: no failure
    assert token.read() is None


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://hf-mirror.com",
        "http://huggingface.co",  # not encrypted
        "https://huggingface.co:8443",
        "https://huggingface.co.evil.example",
        "https://evil.example/huggingface.co",
        "https://huggingface.co@evil.example",
        "https://www.modelscope.cn",
    ],
)
def test_that_no_other_endpoint_hears_the_hubs_token(
    endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_from_the_environment")
    token.keep(SECRET)
    assert token.login(endpoint) is False
    assert token.login("https://huggingface.co/") == SECRET


def test_that_a_trusted_endpoint_has_a_token_of_its_own() -> None:
    token.keep(SECRET)
    token.keep("hf_company", "https://hub.company.example/")
    assert token.read("https://hub.company.example") == "hf_company"
    assert token.read() == SECRET


def test_that_a_token_is_not_kept_for_an_endpoint_that_anyone_may_overhear() -> None:
    with pytest.raises(DownloadError, match="could be read on its way"):
        token.keep(SECRET, "http://hub.company.example")


@pytest.mark.parametrize("wrong", ["", "   ", "two words", "x" * 501, "hf_schlüssel"])
def test_that_what_is_no_token_is_refused_without_repeating_it(wrong: str) -> None:
    with pytest.raises(DownloadError) as refused:
        token.keep(wrong)
    assert not wrong.strip() or wrong not in refused.value.sentence
    assert kept() == {}


def test_that_a_machine_without_a_keyring_says_so_and_uses_the_login(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    keyring.set_keyring(NoKeyring())
    with pytest.raises(DownloadError, match="keyring could not be used") as refused:
        token.keep(SECRET)
    assert "hf auth login" in refused.value.remedy
    assert token.read() is None
    monkeypatch.setenv("HF_TOKEN", "hf_from_the_environment")
    assert token.read() == "hf_from_the_environment"


def test_that_a_keyring_that_breaks_does_not_tell_the_token() -> None:
    keyring.set_keyring(BrokenKeyring())
    with pytest.raises(DownloadError) as refused:
        token.keep(SECRET)
    assert SECRET not in refused.value.sentence
    assert "ValueError" in str(refused.value)


def test_that_the_question_that_carries_a_token_does_not_show_it() -> None:
    assert SECRET not in repr(Login(endpoint=None, change=True, token=SECRET))
