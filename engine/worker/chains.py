"""Sampler chains, as llama.cpp makes them."""

import ctypes
from collections.abc import Sequence
from typing import Any, assert_never

from llama_cpp import llama_cpp as binding

from engine.worker.sampling import (
    Draw,
    Dry,
    Greedy,
    LogitBias,
    MinP,
    Mirostat,
    Penalties,
    Stage,
    Temperature,
    TopK,
    TopNSigma,
    TopP,
    Typical,
    Xtc,
)

_AT_LEAST = 1  # candidates that any stage leaves
_MIROSTAT_TOKENS = 100  # that it estimates from; llama.cpp's own number
_MODELS_KEPT = 8


class Chains:
    """Makes chains for one vocabulary."""

    def __init__(self, vocab: Any, vocabulary: int) -> None:
        """`vocab` is llama.cpp's own, of so many tokens."""
        self._vocab = vocab
        self._vocabulary = vocabulary
        self._dry: dict[Dry, binding.llama_sampler_p] = {}

    def make(self, stages: Sequence[Stage]) -> "binding.llama_sampler_p":
        """A chain of these stages; whoever takes it frees it."""
        params = binding.llama_sampler_chain_default_params()
        params.no_perf = True
        chain = binding.llama_sampler_chain_init(params)
        for stage in stages:
            binding.llama_sampler_chain_add(chain, self._stage(stage))
        return chain

    def _stage(self, stage: Stage) -> "binding.llama_sampler_p":  # noqa: PLR0911
        match stage:
            case LogitBias() | Penalties() | Dry():
                return self._weighing(stage)
            case Temperature(temperature=temperature, spread=spread, exponent=exponent):
                return binding.llama_sampler_init_temp_ext(temperature, spread, exponent)
            case Draw(seed=seed):
                return binding.llama_sampler_init_dist(seed)
            case Greedy():
                return binding.llama_sampler_init_greedy()
            case Mirostat(version=1, tau=tau, eta=eta, seed=seed):
                count, window = self._vocabulary, _MIROSTAT_TOKENS
                return binding.llama_sampler_init_mirostat(count, seed, tau, eta, window)
            case Mirostat(tau=tau, eta=eta, seed=seed):
                return binding.llama_sampler_init_mirostat_v2(seed, tau, eta)
            case _:
                return _cutting(stage)

    def _weighing(self, stage: LogitBias | Penalties | Dry) -> "binding.llama_sampler_p":
        match stage:
            case LogitBias(biases=biases):
                array = (binding.llama_logit_bias * len(biases))()
                for entry, (token, bias) in zip(array, biases.items(), strict=True):
                    entry.token, entry.bias = token, bias
                return binding.llama_sampler_init_logit_bias(self._vocabulary, len(array), array)
            case Penalties(window_tokens=window, repeat=repeat, frequency=often, presence=once):
                return binding.llama_sampler_init_penalties(
                    self._vocabulary, window, repeat, often, once
                )
            case Dry():
                return self._dry_stage(stage)
            case _:
                assert_never(stage)

    def _dry_stage(self, stage: Dry) -> "binding.llama_sampler_p":
        """A copy of one that was made before: making it searches the vocabulary for breakers."""
        kept = self._dry.get(stage)
        if kept is None:
            words = (ctypes.c_char_p * len(stage.breakers))(
                *(breaker.encode("utf-8", "replace") for breaker in stage.breakers)
            )
            make: Any = binding.llama_sampler_init_dry  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
            kept = self._dry[stage] = make(
                self._vocab,
                stage.multiplier,
                stage.base,
                stage.allowed_length,
                stage.window_tokens,
                words,
                len(words),
            )
            if len(self._dry) > _MODELS_KEPT:
                binding.llama_sampler_free(self._dry.pop(next(iter(self._dry))))
        return binding.llama_sampler_clone(kept)


def _cutting(
    stage: TopNSigma | TopK | Typical | TopP | MinP | Xtc,
) -> "binding.llama_sampler_p":
    match stage:
        case TopNSigma(n=n):
            return binding.llama_sampler_init_top_n_sigma(n)
        case TopK(k=k):
            return binding.llama_sampler_init_top_k(k)
        case Typical(p=p):
            return binding.llama_sampler_init_typical(p, _AT_LEAST)
        case TopP(p=p):
            return binding.llama_sampler_init_top_p(p, _AT_LEAST)
        case MinP(p=p):
            return binding.llama_sampler_init_min_p(p, _AT_LEAST)
        case Xtc(probability=probability, threshold=threshold, seed=seed):
            return binding.llama_sampler_init_xtc(probability, threshold, _AT_LEAST, seed)
        case _:
            assert_never(stage)
