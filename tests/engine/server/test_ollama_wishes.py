"""What Ollama's options, names and durations mean."""

from typing import Any

import pytest
from pydantic import ValidationError

from engine.chat import Sampling
from engine.errors import ModelNotFound
from engine.server.errors import BadField
from engine.server.ollama.names import meant
from engine.server.ollama.pull import repository_of
from engine.server.ollama.schema import ChatBody, GenerateBody, Options
from engine.server.ollama.wishes import chat_request, sampling_of, text_request

QUESTION = [{"role": "user", "content": "Hi"}]


def body(**wishes: Any) -> ChatBody:
    return ChatBody.model_validate({"model": "m", "messages": QUESTION, **wishes})


@pytest.mark.parametrize(
    ("option", "value", "field", "meaning"),
    [
        ("temperature", 0, "temperature", 0.0),
        ("temperature", 1.5, "temperature", 1.5),
        ("top_k", 7, "top_k", 7),
        ("top_k", 7.0, "top_k", 7),
        ("top_k", -1, "top_k", 0),
        ("top_p", 0.5, "top_p", 0.5),
        ("min_p", 0.1, "min_p", 0.1),
        ("typical_p", 0.7, "typical_p", 0.7),
        ("repeat_penalty", 1.2, "repeat_penalty", 1.2),
        ("repeat_last_n", 33, "penalty_window_tokens", 33),
        ("repeat_last_n", -1, "penalty_window_tokens", -1),
        ("repeat_last_n", 0, "penalty_window_tokens", 0),
        ("presence_penalty", 1.5, "presence_penalty", 1.5),
        ("frequency_penalty", -1.0, "frequency_penalty", -1.0),
        ("mirostat", 2, "mirostat", 2),
        ("mirostat_tau", 0.8, "mirostat_tau", 0.8),
        ("mirostat_eta", 0.6, "mirostat_eta", 0.6),
        ("seed", 42, "seed", 42),
        ("seed", -1, "seed", None),
        ("seed", 0xFFFF_FFFF, "seed", 0),
        ("temperature", None, "temperature", Sampling().temperature),
    ],
)
def test_that_an_option_sets_what_it_names_and_nothing_else(
    option: str, value: object, field: str, meaning: object
) -> None:
    sampling = sampling_of(Options.model_validate({option: value}))
    assert getattr(sampling, field) == meaning
    others = {name for name in Sampling.__dataclass_fields__ if name != field}
    assert all(getattr(sampling, name) == getattr(Sampling(), name) for name in others)


@pytest.mark.parametrize(
    "option", ["num_ctx", "num_keep", "num_gpu", "numa", "tfs_z", "penalize_newline", "anything"]
)
def test_that_options_of_a_load_and_unknown_ones_are_ignored(option: str) -> None:
    assert chat_request(body(options={option: 4096}), "m") == chat_request(body(), "m")


@pytest.mark.parametrize("told", [0, -1, 1e9, 10**30, "8192", None, [], True, 8192.5, {"a": 1}])
def test_that_whatever_stands_in_num_ctx_fails_no_request(told: object) -> None:
    assert chat_request(body(options={"num_ctx": told}), "m") == chat_request(body(), "m")


@pytest.mark.parametrize(
    ("wished", "limit"), [(5, 5), (5.9, 5), (-1, None), (-2, None), (0, None), (None, None)]
)
def test_that_num_predict_limits_the_answer_unless_it_says_that_nothing_does(
    wished: float | None, limit: int | None
) -> None:
    assert chat_request(body(options={"num_predict": wished}), "m").max_tokens == limit


@pytest.mark.parametrize(("wished", "stops"), [("a", ("a",)), (["a", "b", ""], ("a", "b"))])
def test_that_stops_are_one_text_or_several(wished: object, stops: tuple[str, ...]) -> None:
    assert chat_request(body(options={"stop": wished}), "m").stop == stops


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("5m", 300.0),
        ("1h30m", 5400.0),
        ("1.5h", 5400.0),
        ("250ms", 0.25),
        ("-1m", -1.0),
        ("-1", -1.0),
        ("300", 300.0),
        (-5, -1.0),
        (0, 0.0),
        ("0", 0.0),
        (1e30, 1e9),
        (None, None),
    ],
)
def test_that_a_duration_is_read_as_go_writes_it(said: object, seconds: float | None) -> None:
    assert body(keep_alive=said).keep_alive == seconds


@pytest.mark.parametrize("said", ["soon", "5 m", "m", "", True, [], "1e3"])
def test_that_what_is_no_duration_is_refused(said: object) -> None:
    with pytest.raises(ValidationError, match="duration"):
        body(keep_alive=said)


@pytest.mark.parametrize(
    ("think", "options"),
    [
        (None, {}),
        ("", {}),
        (True, {"enable_thinking": True, "thinking": True}),
        (False, {"enable_thinking": False, "thinking": False}),
        ("low", {"enable_thinking": True, "thinking": True, "reasoning_effort": "low"}),
    ],
)
def test_that_thinking_is_asked_for_in_the_templates_words(
    think: object, options: dict[str, object]
) -> None:
    assert chat_request(body(think=think), "m").template_options == options


def test_that_an_answer_goes_on_over_the_context_only_if_that_is_asked_for() -> None:
    assert not chat_request(body(), "m").rolls
    assert chat_request(body(shift=True), "m").rolls


@pytest.mark.parametrize(
    "wish", [{"system": "Be brief."}, {"images": ["aGk="]}, {"format": "json"}]
)
def test_that_a_prompt_taken_as_it_stands_has_nothing_around_it(wish: dict[str, object]) -> None:
    asked = GenerateBody.model_validate({"model": "m", "prompt": "a", "raw": True, **wish})
    with pytest.raises(BadField, match=next(iter(wish))):
        text_request(asked, "m")


SHELF = ("owner/repo:Q4_K_M", "llama3:latest", "Alone")


@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("owner/repo:Q4_K_M", "owner/repo:Q4_K_M"),
        ("hf.co/owner/repo:Q4_K_M", "owner/repo:Q4_K_M"),
        ("https://huggingface.co/owner/repo:Q4_K_M", "owner/repo:Q4_K_M"),
        ("hf.co/owner/repo", "owner/repo"),
        ("llama3:latest", "llama3:latest"),
        ("llama3", "llama3"),
        ("Alone:latest", "Alone"),
        ("Alone-Q8_0.gguf", "Alone-Q8_0"),
        ("unknown:latest", "unknown"),
    ],
)
def test_that_a_name_means_what_the_shelf_calls_so(name: str, model: str) -> None:
    assert meant(name, SHELF) == model


@pytest.mark.parametrize("name", ["/etc/model.gguf", "..\\model.GGUF", ".gguf", ":latest"])
def test_that_a_path_is_nobodys_name(name: str) -> None:
    with pytest.raises(ModelNotFound, match="not found"):
        meant(name, SHELF)


@pytest.mark.parametrize(
    ("name", "repository", "label"),
    [
        ("owner/repo", "owner/repo", None),
        ("owner/repo:latest", "owner/repo", None),
        ("hf.co/owner/repo:Q8_0", "owner/repo", "Q8_0"),
        ("https://huggingface.co/owner/repo", "owner/repo", None),
    ],
)
def test_that_a_pull_names_a_repository(name: str, repository: str, label: str | None) -> None:
    assert repository_of(name) == (repository, label)
