"""What may be written after a verb."""

from pathlib import Path

import pytest

from engine.terminal.arguments import parser


@pytest.mark.parametrize(
    "words", [("chat", "a"), ("serve", "--model", "a"), ("bench", "a")], ids=lambda words: words[0]
)
def test_that_adapters_are_files_with_scales(words: tuple[str, ...], tmp_path: Path) -> None:
    plain, odd = tmp_path / "plain.gguf", tmp_path / "a=b.gguf"
    for path in (plain, odd):
        path.touch()
    asked = parser("0").parse_args([*words, "--lora", f"{plain}=0.5", "--lora", str(odd)])
    assert asked.lora == [(str(plain), 0.5), (str(odd), 1.0)]
    assert parser("0").parse_args(words).lora is None


def test_that_an_adapter_that_is_not_there_is_an_error_of_usage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        parser("0").parse_args(["chat", "a", "--lora", str(tmp_path / "none.gguf")])
    assert "there is no file" in capsys.readouterr().err
