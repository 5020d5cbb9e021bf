"""llama.cpp itself as the judge of grammars."""

import ctypes
from pathlib import Path
from typing import Any

from llama_cpp import llama_cpp as binding


class Judge:
    """A vocabulary, to ask which texts a grammar allows."""

    def __init__(self, model_file: Path) -> None:
        binding.llama_backend_init()
        params = binding.llama_model_default_params()
        params.vocab_only = True
        self._model: Any = binding.llama_model_load_from_file(bytes(model_file), params)
        self._vocab: Any = binding.llama_model_get_vocab(self._model)

    def takes(self, grammar: str) -> bool:
        """Whether llama.cpp can read it."""
        sampler = binding.llama_sampler_init_grammar(self._vocab, grammar.encode(), b"root")
        if sampler:
            binding.llama_sampler_free(sampler)
        return bool(sampler)

    def allows(self, grammar: str, text: str) -> bool:
        """Whether this whole text, and then the end, is what the grammar asks."""
        sampler = binding.llama_sampler_init_grammar(self._vocab, grammar.encode(), b"root")
        assert sampler, "llama.cpp cannot read the grammar"
        end: Any = binding.llama_vocab_eos(self._vocab)
        try:
            for token in [*self._tokens(text), int(end)]:
                if not self._may_come(sampler, token):
                    return False
                binding.llama_sampler_accept(sampler, token)
        finally:
            binding.llama_sampler_free(sampler)
        return True

    def _may_come(self, sampler: Any, token: int) -> bool:
        one = binding.llama_token_data(id=token, logit=0.0, p=0.0)
        asked = binding.llama_token_data_array()
        asked.data = ctypes.pointer(one)  # pyright: ignore[reportAttributeAccessIssue]
        asked.size = 1
        binding.llama_sampler_apply(sampler, ctypes.byref(asked))  # pyright: ignore[reportArgumentType]
        return one.logit == 0.0

    def _tokens(self, text: str) -> list[int]:
        encoded = text.encode()
        tokens = (ctypes.c_int32 * (len(encoded) + 8))()
        count = binding.llama_tokenize(
            self._vocab,
            encoded,
            len(encoded),
            tokens,
            len(tokens),
            False,
            False,  # pyright: ignore
        )
        return list(tokens[:count])
