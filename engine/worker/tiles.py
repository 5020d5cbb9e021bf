"""Models whose weights must not be packed anew for the tiles of a processor's AMX.

What latent attention multiplies by, head by head, llama.cpp packs like any other weight, but cannot
compute with then: making the context aborts. Only leaving all weights of the model as they are
helps, which is slower; so it is done for such models alone, and only if some of that lies in RAM.
"""

import ctypes
import os
from itertools import count, takewhile

from engine.protocol.load import LoadSpec
from engine.worker.ggml import CPU, Ggml, GgufReading

_LATENT = b"blk.%d.attn_k_b.weight"


def may_pack(spec: LoadSpec) -> bool:
    """Whether the processor can compute with all that llama.cpp would pack for it."""
    if spec.gpu_layers is None or spec.vocabulary_only or not _has_amx():
        return True
    layers = _latent_layers(spec.path)
    on_cards = max(0, spec.gpu_layers - 1)  # besides the output
    return layers <= on_cards


def _latent_layers(path: str) -> int:
    ggml = Ggml()
    file = ggml.gguf_init_from_file(os.fsencode(path), GgufReading(no_alloc=True))
    if not file:
        return 0  # the load will say why
    there = takewhile(lambda at: ggml.gguf_find_tensor(file, _LATENT % at) >= 0, count())
    layers = sum(1 for _ in there)
    ggml.gguf_free(file)
    return layers


def _has_amx() -> bool:
    ggml = Ggml()
    processor = ggml.ggml_backend_dev_by_type(CPU)
    registry = ggml.ggml_backend_dev_backend_reg(processor)
    name = b"ggml_backend_dev_get_extra_bufts"
    address = ggml.ggml_backend_reg_get_proc_address(registry, name)
    if not address:
        return False
    kinds = ctypes.CFUNCTYPE(ctypes.POINTER(ctypes.c_void_p), ctypes.c_void_p)(address)(processor)
    # A null ends them.
    found = takewhile(bool, (kinds[at] for at in count()))
    return any(ggml.ggml_backend_buft_name(kind) == b"AMX" for kind in found)
