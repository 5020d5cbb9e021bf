"""What a person wished, a model and a machine → the LoadSpec. Pure."""

from engine.config import LoadWish
from engine.hardware.machine import Machine
from engine.library.shelf_model import ShelfModel
from engine.protocol.load import CacheType, CpuExperts, LoadSpec, SplitMode

CPU_CONTEXT_TOKENS = 8192
GPU_CONTEXT_TOKENS = 16384


def load_spec(model: ShelfModel, wish: LoadWish, machine: Machine, *, streams: int) -> LoadSpec:
    """Every field decided: the wish where there is one, else what suits the machine."""
    gpus = bool(machine.gpus)
    return LoadSpec(
        path=str(model.files[0]),
        gpu_layers=wish.gpu_layers if wish.gpu_layers is not None else (None if gpus else 0),
        split_mode=SplitMode(wish.split_mode) if wish.split_mode else SplitMode.LAYER,
        tensor_split=wish.tensor_split,
        cpu_experts=_last_layers(model.layers or 0, wish.cpu_experts or 0),
        context_tokens=wish.context_tokens or _context(model, gpus=gpus),
        cache_type=CacheType(wish.cache_type) if wish.cache_type else CacheType.F16,
        streams=streams,
        # One pool of cells for all streams: a lone chat may use the whole context that was asked
        # for. Split per stream it would get context ÷ streams; faster above four streams, but
        # only right when several were planned for.
        unified_kv=True,
        threads=machine.cpu.physical_cores,
    )


def _last_layers(layers: int, count: int) -> tuple[CpuExperts, ...]:
    return tuple(CpuExperts(layer=layer) for layer in range(max(0, layers - count), layers))


def _context(model: ShelfModel, *, gpus: bool) -> int:
    usual = GPU_CONTEXT_TOKENS if gpus else CPU_CONTEXT_TOKENS
    return min(model.trained_context_tokens or usual, usual)
