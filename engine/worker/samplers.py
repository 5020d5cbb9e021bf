"""Sampler chains, as llama.cpp makes them."""

from collections.abc import Iterable, Sequence
from typing import assert_never

from llama_cpp import llama_cpp as binding

from engine.worker.sampling import (
    Draw,
    Greedy,
    LogitBias,
    MinP,
    Penalties,
    Stage,
    Temperature,
    TopK,
    TopP,
)


class Sampler:
    """A sampler chain of one request."""

    def __init__(self, chain: Sequence[Stage], vocabulary: int) -> None:
        params = binding.llama_sampler_chain_default_params()
        params.no_perf = True
        self.pointer = binding.llama_sampler_chain_init(params)
        self._kept: list[object] = []
        for stage in chain:
            binding.llama_sampler_chain_add(self.pointer, self._stage(stage, vocabulary))

    def accept(self, tokens: Iterable[int]) -> None:
        """These were said before: penalties count them."""
        for token in tokens:
            binding.llama_sampler_accept(self.pointer, token)

    def free(self) -> None:
        """Give its memory back; it cannot be used after."""
        binding.llama_sampler_free(self.pointer)

    def _stage(self, stage: Stage, vocabulary: int) -> "binding.llama_sampler_p":  # noqa: PLR0911
        match stage:
            case LogitBias(biases=biases):
                array = (binding.llama_logit_bias * len(biases))()
                for entry, (token, bias) in zip(array, biases.items(), strict=True):
                    entry.token, entry.bias = token, bias
                self._kept.append(array)
                return binding.llama_sampler_init_logit_bias(vocabulary, len(array), array)
            case Penalties(window_tokens=window, repeat=repeat, frequency=often, presence=once):
                return binding.llama_sampler_init_penalties(vocabulary, window, repeat, often, once)
            case TopK(k=k):
                return binding.llama_sampler_init_top_k(k)
            case TopP(p=p):
                return binding.llama_sampler_init_top_p(p, 1)
            case MinP(p=p):
                return binding.llama_sampler_init_min_p(p, 1)
            case Temperature(temperature=temperature):
                return binding.llama_sampler_init_temp(temperature)
            case Draw(seed=seed):
                return binding.llama_sampler_init_dist(seed)
            case Greedy():
                return binding.llama_sampler_init_greedy()
            case _:
                assert_never(stage)
