"""Which layers keep a recurrent state, and how large it is, as llama.cpp decides it.

Source: load_arch_hparams in llama.cpp's src/models/*.cpp; n_embd_r and n_embd_s in
llama-hparams.cpp; ple_conv_state there.
"""

from engine.gguf.architectures import RECURRENT
from engine.gguf.facts import Facts, flags

# A layer without key heads is one with a state.
_BY_HEADS = frozenset(
    [
        "bailingmoe3",
        "glm5-next",
        "granitehybrid",
        "jamba",
        "kimi-k3",
        "kimi-linear",
        "lfm2",
        "lfm2moe",
        "plamo2",
    ]
)
_BY_INTERVAL = {"qwen3next": 4, "qwen35": 4, "qwen35moe": 4, "qwen4exp": 4, "minimax-01": 8}
_NEMOTRON = frozenset({"nemotron_h", "nemotron_h_moe"})
_EVERY_LAYER = RECURRENT | {"falcon-h1"}


def state_layers(
    facts: Facts, architecture: str, kv_heads: tuple[int, ...], trunk: int
) -> tuple[bool, ...]:
    """The layers with a state; `trunk` is the number of layers without NextN blocks."""
    layers = len(kv_heads)
    if architecture in _EVERY_LAYER:
        marks = (True,) * layers
    elif architecture in _BY_HEADS:
        marks = tuple(heads == 0 for heads in kv_heads)
    elif architecture in _NEMOTRON:
        forward = facts.layered("feed_forward_length", layers) or (0,) * layers
        marks = tuple(not heads and not wide for heads, wide in zip(kv_heads, forward, strict=True))
    elif architecture in _BY_INTERVAL:
        marks = _by_interval(facts, _BY_INTERVAL[architecture], layers)
    else:
        marks = (False,) * layers
    return tuple(mark and layer < trunk for layer, mark in enumerate(marks))


def _by_interval(facts: Facts, usual: int, layers: int) -> tuple[bool, ...]:
    listed = facts.layered("attention.recurrent_layers", layers)
    if listed is not None:
        return flags(listed)
    interval = max(1, facts.number("full_attention_interval", usual))
    return tuple((layer + 1) % interval != 0 for layer in range(layers))


def state_numbers(
    facts: Facts, architecture: str, *, embedding: int, heads: int, key_length: int
) -> tuple[int, int]:
    """The F32 numbers of the rolling memory and of the state that a sequence keeps in a layer.

    `heads` and `key_length` are the first layer's.
    """
    conv = facts.number("ssm.conv_kernel")
    if head := facts.number("wkv.head_size"):
        return facts.number("token_shift_count", 2) * embedding, embedding * head
    if short := facts.number("shortconv.l_cache"):
        return embedding * (short - 1), 0
    inner, state = facts.number("ssm.inner_size"), facts.number("ssm.state_size")
    if head := facts.number("kda.head_dim"):
        return 3 * (conv - 1 if conv else 3) * heads * head, head * head * heads
    groups = 0 if architecture in {"mamba", "jamba"} else facts.number("ssm.group_count")
    rolling = max(0, conv - 1) * (inner + 2 * groups * state)
    if architecture == "minimax-01":
        return rolling, key_length * key_length * heads
    return rolling, state * inner


def further_history(
    facts: Facts, architecture: str, embedding: int, layers: int
) -> tuple[int, tuple[bool, ...]]:
    """Qwen4's per-layer embeddings keep one more row: its numbers, and the layers with it."""
    listed = facts.listed("ple.layers", layers)
    if architecture != "qwen4exp" or listed is None:
        return 0, ()
    kernel, width = facts.number("ple.conv_kernel"), facts.number("ple.ngram_size")
    numbers = max(0, kernel - 1) * width * facts.number("hyper_connection.count") * embedding
    return numbers, tuple(layer in set(listed) for layer in range(layers))
