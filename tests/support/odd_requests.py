"""Requests that nobody would send on purpose, and some that are sound."""

from typing import Any

from hypothesis import strategies as st

Strategy = st.SearchStrategy[Any]

TEXTS: Strategy = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "",
            "Hi",
            "\x00",
            "\ud800",
            "🙂" * 50,
            "<|im_end|><|im_start|>system\n",
            "<think>",
            "{% for x in y %}",
            "<tool_call>{",
            "a" * 5000,
        ]
    ),
)
ABSURD: Strategy = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.sampled_from([0, 1, -1, 2**31, 2**32, 1e-45, 1e38, 1e308, float("nan"), float("inf"), -0.0]),
    st.floats(),
    TEXTS,
    st.lists(st.integers(-5, 5), max_size=3),
    st.dictionaries(st.text(max_size=5), st.integers(), max_size=3),
)
JSON: Strategy = st.recursive(
    ABSURD,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)


def nested(depth: int) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string"}
    for _ in range(depth):
        schema = {"type": "object", "properties": {"a": schema}, "required": ["a"]}
    return schema


SCHEMAS: Strategy = st.one_of(
    st.sampled_from(
        [
            {},
            {"type": "nonsense"},
            {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]},
            {"$ref": "#"},
            {"$ref": "http://example.com/schema.json"},
            {"$ref": "#/$defs/x", "$defs": {"x": {"anyOf": [{"$ref": "#/$defs/x"}]}}},
            {"enum": []},
            {"enum": ["é", None, 7, {"a": 1}]},
            {"type": "string", "pattern": "((((("},
            {"type": "string", "pattern": "^(a|aa)+$"},
            {"type": "string", "minLength": 10**9},
            {"type": "string", "minLength": 5, "maxLength": 2},
            {"type": "array", "items": {"type": "null"}, "minItems": 10**6},
            {"type": "array", "maxItems": -1},
            {"type": "integer", "minimum": -(10**40), "maximum": 10**40},
            {"allOf": [{"type": "string"}, {"type": "integer"}]},
            {"properties": 7, "required": "x"},
            {"const": "a" * 10_000},
            nested(30),
            nested(400),
        ]
    ),
    st.dictionaries(
        st.sampled_from(
            ["type", "properties", "items", "anyOf", "$ref", "enum", "const", "required", "pattern"]
        ),
        JSON,
        max_size=4,
    ),
)
GRAMMARS: Strategy = st.one_of(
    st.sampled_from(
        [
            'root ::= "a"',
            "root ::= [a-z]+",
            "root ::= (",
            "root ::= root",
            'root ::= root "a" | "b"',
            "root ::= x",
            'x ::= "a"',
            'root ::= "a"{1000000}',
            'root ::= ("a"?)*',
            "root ::= (([a-z]*)*)*",
            "root ::= " + "(" * 5000 + '"a"' + ")" * 5000,
            "\n".join(f"r{i} ::= r{i + 1} r{i + 1}" for i in range(60))
            + '\nroot ::= r0\nr60 ::= "a"',
            'root ::= "' + "a" * 100_000 + '"',
            "root ::= [\\x00-\\x1F]",
            'root ::= "\\u{110000}"',
            "root ::= []",
            'root ::= ""',
        ]
    ),
    st.text(max_size=60),
    st.text(alphabet='root:=" ()[]*+?|{}0123\\n', max_size=60).map(lambda text: f"root ::= {text}"),
)
FUNCTIONS: Strategy = st.fixed_dictionaries(
    {"name": st.sampled_from(["f", "g", "weather", 'a"b', "", "x" * 200, "é"])},
    optional={"description": TEXTS, "parameters": SCHEMAS, "strict": ABSURD},
)
TOOLS: Strategy = st.lists(
    st.one_of(st.fixed_dictionaries({"type": st.just("function"), "function": FUNCTIONS}), JSON),
    max_size=3,
)
CALLS: Strategy = st.lists(
    st.fixed_dictionaries(
        {
            "id": st.sampled_from(["a", "b", ""]),
            "type": st.just("function"),
            "function": st.fixed_dictionaries(
                {"name": st.sampled_from(["f", "g"]), "arguments": TEXTS | JSON}
            ),
        }
    ),
    max_size=2,
)
PARTS: Strategy = st.lists(
    st.one_of(
        st.fixed_dictionaries({"type": st.just("text"), "text": TEXTS}),
        st.sampled_from(
            [
                {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}},
                {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}},
                {"type": "image_url", "image_url": {"url": "data:image/png;base64,%%%"}},
                {"type": "input_audio", "input_audio": {}},
            ]
        ),
        JSON,
    ),
    max_size=3,
)
MESSAGES: Strategy = st.lists(
    st.one_of(
        st.fixed_dictionaries({"role": st.just("user"), "content": TEXTS | PARTS}),
        st.fixed_dictionaries(
            {"role": st.just("assistant"), "content": TEXTS},
            optional={"tool_calls": CALLS, "reasoning_content": TEXTS},
        ),
        st.fixed_dictionaries(
            {"role": st.just("tool"), "content": TEXTS, "tool_call_id": st.sampled_from("abc")}
        ),
        st.fixed_dictionaries({"role": st.sampled_from(["system", "king"]), "content": TEXTS}),
        JSON,
    ),
    max_size=4,
)
SAMPLERS: Strategy = st.dictionaries(
    st.sampled_from(
        [
            "temperature",
            "top_k",
            "top_p",
            "min_p",
            "typical_p",
            "top_n_sigma",
            "xtc_probability",
            "xtc_threshold",
            "dynatemp_range",
            "dynatemp_exponent",
            "mirostat",
            "mirostat_tau",
            "mirostat_eta",
            "repeat_penalty",
            "repeat_last_n",
            "presence_penalty",
            "frequency_penalty",
            "dry_multiplier",
            "dry_base",
            "dry_allowed_length",
            "dry_penalty_last_n",
            "dry_sequence_breakers",
            "logit_bias",
            "seed",
        ]
    ),
    st.one_of(
        ABSURD, st.sampled_from([0, 0.5, 1, 2, 100.0, 5000, ["\n"], {"5": 100}, {"5": -100}])
    ),
    max_size=4,
)
CHAT: Strategy = st.fixed_dictionaries(
    {
        "messages": st.one_of(
            st.just([{"role": "user", "content": "Hi"}]),
            st.just([{"role": "user", "content": "Hi"}]),
            MESSAGES,
            JSON,
        )
    },
    optional={
        "tools": TOOLS | JSON,
        "tool_choice": st.sampled_from(
            ["auto", "none", "required", {"type": "function", "function": {"name": "f"}}, 7]
        ),
        "parallel_tool_calls": ABSURD,
        "response_format": st.one_of(
            st.sampled_from([{"type": "text"}, {"type": "json_object"}, {"type": "yaml"}]),
            SCHEMAS.map(
                lambda schema: {
                    "type": "json_schema",
                    "json_schema": {"name": "x", "schema": schema},
                }
            ),
            JSON,
        ),
        "grammar": GRAMMARS,
        "logprobs": st.booleans() | ABSURD,
        "top_logprobs": st.integers(-1, 25),
        "chat_template_kwargs": JSON,
        "reasoning_effort": TEXTS,
        "continue_final_message": ABSURD,
        "add_generation_prompt": ABSURD,
    },
)
COMPLETION: Strategy = st.fixed_dictionaries(
    {
        "prompt": st.one_of(
            TEXTS,
            st.lists(st.integers(0, 60_000), max_size=20),
            st.lists(TEXTS, max_size=4),
            JSON,
        )
    },
    optional={"suffix": TEXTS, "echo": ABSURD, "best_of": ABSURD, "logprobs": st.integers(-1, 25)},
)
AROUND: Strategy = st.fixed_dictionaries(
    {"max_tokens": st.one_of(st.integers(1, 6), st.integers(1, 6), ABSURD)},
    optional={
        "stream": st.booleans(),
        "n": st.one_of(st.integers(1, 3), st.sampled_from([0, 17, 10**9, "two"])),
        "stop": st.one_of(TEXTS, st.lists(TEXTS, max_size=20), ABSURD),
        "min_tokens": st.integers(0, 3) | ABSURD,
        "ignore_eos": st.booleans(),
        "stream_options": JSON,
        "model": st.sampled_from(["", "nobody", "../../etc/passwd", "x.gguf", "\x00"]),
        "never_heard_of": JSON,
    },
)


SOUND: Strategy = st.fixed_dictionaries(
    {"max_tokens": st.integers(1, 6)},
    optional={
        "stream": st.booleans(),
        "n": st.integers(1, 3),
        "stop": st.lists(TEXTS.filter(lambda text: text != "\ud800"), max_size=3),
        "temperature": st.floats(0, 5),
        "top_k": st.integers(-1, 100),
        "top_p": st.floats(0, 1),
        "typical_p": st.floats(0, 1),
        "mirostat": st.sampled_from([0, 1, 2]),
        "dry_multiplier": st.floats(0, 2),
        "xtc_probability": st.floats(0, 1),
        "dynatemp_range": st.floats(0, 10),
        "repeat_penalty": st.floats(0.01, 100),
        "repeat_last_n": st.integers(-1, 10_000),
        "logit_bias": st.dictionaries(st.sampled_from(["5", "70000"]), st.floats(-100, 100)),
        "seed": st.integers(-(2**70), 2**70),
        "ignore_eos": st.booleans(),
        "min_tokens": st.integers(0, 2),
        "rolling_context": st.booleans(),
    },
)
HI: Any = [{"role": "user", "content": "Hi"}]
NEARLY_SOUND: Strategy = st.one_of(
    st.fixed_dictionaries({"messages": st.just(HI), "grammar": GRAMMARS}),
    st.fixed_dictionaries({"messages": st.just(HI), "json_schema": SCHEMAS}),
    st.fixed_dictionaries(
        {
            "messages": st.just(HI),
            "tools": st.lists(
                st.fixed_dictionaries(
                    {
                        "type": st.just("function"),
                        "function": st.fixed_dictionaries(
                            {"name": st.just("f"), "parameters": SCHEMAS}
                        ),
                    }
                ),
                min_size=1,
                max_size=1,
            ),
            "tool_choice": st.sampled_from(["auto", "required", "none"]),
        }
    ),
    st.fixed_dictionaries({"messages": st.just(HI), "top_logprobs": st.just(2)}).map(
        lambda body: {**body, "logprobs": True}
    ),
    st.fixed_dictionaries(
        {
            "messages": st.just(HI),
            "chat_template_kwargs": st.dictionaries(
                st.sampled_from(["messages", "tools", "bos_token", "enable_thinking"]), JSON
            ),
        }
    ),
    st.fixed_dictionaries({"messages": MESSAGES}),
)


Sent = tuple[str, dict[str, Any]]


def nearly_sound(parts: tuple[Any, ...]) -> Sent:
    """The path, and a body of all these fields."""
    body: dict[str, Any] = {name: value for part in parts for name, value in part.items()}
    return ("/v1/completions" if "prompt" in body else "/v1/chat/completions"), body


def odd(parts: tuple[Any, ...]) -> Sent:
    """The same; long answers are other tests' matter."""
    path, body = nearly_sound(parts)
    limit = body.get("max_tokens")
    if isinstance(limit, (int, float)) and not isinstance(limit, bool) and limit > 6:
        body["max_tokens"] = 6
    return path, body


REQUESTS: Strategy = st.one_of(
    st.tuples(CHAT, SAMPLERS, AROUND).map(odd),
    st.tuples(COMPLETION, SAMPLERS, AROUND).map(odd),
    st.tuples(NEARLY_SOUND, SOUND).map(nearly_sound),
    st.tuples(NEARLY_SOUND, SOUND).map(nearly_sound),
    st.tuples(COMPLETION, SOUND).map(nearly_sound),
)
