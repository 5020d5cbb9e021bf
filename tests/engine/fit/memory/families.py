"""Small models of many families: their metadata alone, as a converter would write it."""

from tests.support.kv_probe import Metadata

_PLAIN: Metadata = {
    "vocab_size": 32000,
    "context_length": 131072,
    "embedding_length": 512,
    "block_count": 8,
    "feed_forward_length": 1536,
    "attention.head_count": 8,
    "attention.head_count_kv": 2,
    "attention.layer_norm_rms_epsilon": 1e-6,
    "attention.key_length": 64,
    "attention.value_length": 64,
    "rope.dimension_count": 64,
}
_EXPERTS: Metadata = {
    "expert_count": 8,
    "expert_used_count": 2,
    "expert_feed_forward_length": 256,
}
_STATE: Metadata = {
    "ssm.conv_kernel": 4,
    "ssm.inner_size": 1024,
    "ssm.state_size": 128,
    "ssm.time_step_rank": 8,
    "ssm.group_count": 4,
}
_LATENT: Metadata = {
    "attention.head_count_kv": 1,
    "attention.key_length": 576,
    "attention.value_length": 512,
    "attention.q_lora_rank": 256,
    "attention.kv_lora_rank": 512,
    "attention.key_length_mla": 192,
    "attention.value_length_mla": 128,
    "leading_dense_block_count": 1,
    "expert_shared_count": 1,
    "expert_weights_scale": 2.5,
    "expert_gating_func": 2,
    "expert_weights_norm": True,
}
_INDEXER: Metadata = {
    "attention.indexer.head_count": 4,
    "attention.indexer.key_length": 128,
    "attention.indexer.top_k": 256,
}
_ODD = [2 if layer % 4 == 3 else 0 for layer in range(8)]
_WINDOWED = [layer % 3 != 2 for layer in range(8)]
_WKV: Metadata = {
    "wkv.head_size": 64,
    "attention.head_count": 0,
    "attention.layer_norm_epsilon": 1e-5,
    "attention.decay_lora_rank": 32,
    "attention.iclr_lora_rank": 32,
    "attention.value_residual_mix_lora_rank": 32,
    "attention.gate_lora_rank": 64,
    "time_mix_extra_dim": 32,
    "time_decay_extra_dim": 32,
    "rescale_every_n_layers": 6,
    "token_shift_count": 2,
}

FAMILIES: dict[str, tuple[str, Metadata]] = {
    "llama": ("llama", _PLAIN),
    "llama, every head its own": ("llama", _PLAIN | {"attention.head_count_kv": 8}),
    "deci, heads by layer": (
        "deci",
        _PLAIN
        | {
            "attention.head_count": [8] * 8,
            "attention.head_count_kv": [2, 4, 2, 8, 1, 2, 4, 2],
            "feed_forward_length": [1536] * 8,
        },
    ),
    "qwen3moe": ("qwen3moe", _PLAIN | _EXPERTS),
    "gpt-oss": ("gpt-oss", _PLAIN | _EXPERTS | {"attention.sliding_window": 128}),
    "gemma2": ("gemma2", _PLAIN | {"attention.sliding_window": 4096}),
    "gemma3": ("gemma3", _PLAIN | {"attention.sliding_window": 1024}),
    "gemma3n": (
        "gemma3n",
        _PLAIN
        | {
            "block_count": 30,
            "attention.sliding_window": 512,
            "embedding_length_per_layer_input": 256,
            "activation_sparsity_scale": 0.0,
        },
    ),
    "gemma4": (
        "gemma4",
        _PLAIN
        | {
            "attention.sliding_window": 512,
            "attention.sliding_window_pattern": _WINDOWED,
            "attention.key_length_swa": 32,
            "attention.value_length_swa": 32,
            "attention.shared_kv_layers": 2,
            "embedding_length_per_layer_input": 64,
            "rope.dimension_count_swa": 32,
        },
    ),
    "llama4": (
        "llama4",
        _PLAIN | _EXPERTS | {"interleave_moe_layer_step": 1, "attention.head_count_kv": 2},
    ),
    "cohere2": (
        "cohere2",
        _PLAIN
        | {
            "attention.sliding_window": 4096,
            "attention.layer_norm_epsilon": 1e-5,
            "logit_scale": 0.25,
        },
    ),
    "olmo2 with a window": ("olmo2", _PLAIN | {"attention.sliding_window": 1024}),
    "phi3": ("phi3", _PLAIN | {"attention.sliding_window": 2047}),
    "mimo2": (
        "mimo2",
        _PLAIN
        | _EXPERTS
        | {
            "attention.sliding_window": 128,
            "attention.sliding_window_pattern": _WINDOWED,
            "attention.head_count_kv": [2, 2, 4, 2, 2, 4, 2, 2],
            "attention.head_count": [8] * 8,
            "attention.value_length": 32,
        },
    ),
    "deepseek2": ("deepseek2", _PLAIN | _EXPERTS | _LATENT),
    "deepseek32": ("deepseek32", _PLAIN | _EXPERTS | _LATENT | _INDEXER),
    "glm-dsa with nextn": (
        "glm-dsa",
        _PLAIN | _EXPERTS | _LATENT | _INDEXER | {"nextn_predict_layers": 1},
    ),
    "glm4moe with nextn": (
        "glm4moe",
        _PLAIN
        | _EXPERTS
        | {
            "nextn_predict_layers": 1,
            "expert_shared_count": 1,
            "leading_dense_block_count": 1,
            "expert_gating_func": 2,
        },
    ),
    "minimax-m3": (
        "minimax-m3",
        _PLAIN
        | _EXPERTS
        | _INDEXER
        | {
            "attention.indexer.head_count": 2,
            "attention.indexer.block_size": 64,
            "attention.indexer.local_blocks": 1,
            "leading_dense_block_count": 2,
            "expert_shared_count": 1,
            "expert_gating_func": 2,
        },
    ),
    "mamba": (
        "mamba",
        _PLAIN | _STATE | {"attention.head_count": 0, "ssm.state_size": 16, "ssm.group_count": 0},
    ),
    "mamba2": ("mamba2", _PLAIN | _STATE | {"attention.head_count": 0}),
    "jamba": (
        "jamba",
        _PLAIN
        | _STATE
        | {"ssm.state_size": 16, "ssm.group_count": 0, "attention.head_count_kv": _ODD},
    ),
    "granitehybrid": ("granitehybrid", _PLAIN | _STATE | {"attention.head_count_kv": _ODD}),
    "nemotron_h": (
        "nemotron_h",
        _PLAIN
        | _STATE
        | {
            "attention.head_count_kv": [0, 0, 2, 0, 0, 0, 2, 0],
            "attention.head_count": [8] * 8,
            "feed_forward_length": [0, 1536, 0, 0, 1536, 0, 0, 1536],
            "attention.layer_norm_epsilon": 1e-5,
        },
    ),
    "falcon-h1": ("falcon-h1", _PLAIN | _STATE),
    "lfm2": ("lfm2", _PLAIN | {"shortconv.l_cache": 3, "attention.head_count_kv": _ODD}),
    "rwkv7": ("rwkv7", _PLAIN | _WKV),
    "qwen3next": (
        "qwen3next",
        _PLAIN | _EXPERTS | _STATE | {"expert_shared_feed_forward_length": 256},
    ),
    "qwen35": ("qwen35", _PLAIN | _STATE | {"rope.dimension_sections": [11, 11, 10, 0]}),
    "qwen35moe": (
        "qwen35moe",
        _PLAIN
        | _EXPERTS
        | _STATE
        | {
            "rope.dimension_sections": [11, 11, 10, 0],
            "expert_shared_feed_forward_length": 256,
        },
    ),
    "kimi-linear": (
        "kimi-linear",
        _PLAIN
        | _EXPERTS
        | _LATENT
        | {
            "ssm.conv_kernel": 4,
            "kda.head_dim": 64,
            "attention.head_count_kv": [1 if layer % 4 == 3 else 0 for layer in range(8)],
        },
    ),
    "minimax-01": (
        "minimax-01",
        _PLAIN
        | _EXPERTS
        | {
            "block_count": 16,
            "residual_scale": 1.0,
            "attention.layer_norm_rms_epsilon": 1e-5,
        },
    ),
    "deepseek4": (
        "deepseek4",
        _PLAIN
        | _EXPERTS
        | _INDEXER
        | {
            "attention.head_count_kv": 1,
            "attention.sliding_window": 128,
            "attention.q_lora_rank": 256,
            "attention.key_length": 128,
            "attention.value_length": 128,
            "expert_shared_count": 1,
            "expert_weights_scale": 1.5,
            "expert_weights_norm": True,
            "expert_gating_func": 4,
            "swiglu_clamp_exp": 10.0,
            "attention.output_group_count": 4,
            "attention.output_lora_rank": 128,
            "attention.compress_rope_freq_base": 160000.0,
            "hyper_connection.count": 4,
            "hyper_connection.sinkhorn_iterations": 20,
            "hyper_connection.epsilon": 1e-6,
            "hash_layer_count": 0,
            "attention.compress_ratios": [0, 0, 4, 128, 4, 128, 4, 0],
        },
    ),
    "dots3note": (
        "dots3note",
        _PLAIN
        | _EXPERTS
        | _LATENT
        | _INDEXER
        | {
            "attention.kv_lora_rank_swa": 256,
            "attention.key_length_swa": 320,
            "attention.value_length_swa": 256,
            "attention.key_length_mla_swa": 192,
            "attention.value_length_mla_swa": 128,
            "attention.sliding_window": 512,
            "attention.sliding_window_pattern": _WINDOWED,
            "attention.indexer.types": [0, 0, 1, 0, 0, 1, 0, 0],
            "rope.freq_base_swa": 10000.0,
        },
    ),
    "hy_v4": (
        "hy_v4",
        _PLAIN
        | _EXPERTS
        | _LATENT
        | _INDEXER
        | {
            "attention.indexer.types": [1, 0, 1, 0, 1, 0, 1, 0],
            "hyper_connection.count": 4,
            "hyper_connection.epsilon": 1e-6,
            "hyper_connection.magnitude": 2.0,
        },
    ),
    "bailingmoe3": (
        "bailingmoe3",
        _PLAIN
        | _EXPERTS
        | _LATENT
        | {
            "ssm.conv_kernel": 4,
            "kda.head_dim": 64,
            "kda.gate_lower_bound": -5.0,
            "attention.head_count_kv": [1 if layer % 4 == 3 else 0 for layer in range(8)],
        },
    ),
    "qwen4exp": (
        "qwen4exp",
        _PLAIN
        | _EXPERTS
        | _STATE
        | _INDEXER
        | {
            "rope.dimension_sections": [11, 11, 10, 0],
            "expert_shared_feed_forward_length": 256,
            "hyper_connection.low_rank": 32,
            "hyper_connection.count": 4,
            "hyper_connection.sinkhorn_iterations": 20,
            "hyper_connection.epsilon": 1e-6,
        },
    ),
    "smallthinker": (
        "smallthinker",
        _PLAIN | _EXPERTS | {"attention.sliding_window": 1024, "expert_gating_func": 2},
    ),
    "laguna": (
        "laguna",
        _PLAIN | _EXPERTS | {"attention.sliding_window": 1024, "leading_dense_block_count": 1},
    ),
    "plamo2": (
        "plamo2",
        _PLAIN | _STATE | {"attention.head_count_kv": _ODD, "ssm.group_count": 0},
    ),
    "lfm2 with a window": (
        "lfm2",
        _PLAIN
        | {
            "shortconv.l_cache": 3,
            "attention.head_count_kv": _ODD,
            "attention.sliding_window": 1024,
        },
    ),
    "arwkv7": ("arwkv7", _PLAIN | _WKV | {"token_shift_count": 1}),
}
