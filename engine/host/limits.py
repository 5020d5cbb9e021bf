"""What the host and its workers may take of this machine besides the models themselves."""

from dataclasses import dataclass
from pathlib import Path

from engine.config import EngineConfig, Home


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """`queue` requests may wait for one model's first word. Idle conversations are kept in
    `kv_folder` (None: nowhere), in `kv_bytes` at most. No more than `models` are loaded at once;
    `pinned` ones stay, the others that a client loaded go after `idle_seconds` (0: they do not).
    """

    queue: int = 256
    kv_folder: Path | None = None
    kv_bytes: int = 0
    models: int = 4
    pinned: frozenset[str] = frozenset()
    idle_seconds: float = 0.0


def limits(home: Home, config: EngineConfig) -> Limits:
    """What the settings allow."""
    return Limits(
        queue=config.queue_limit,
        kv_folder=home.cache / "kv",
        kv_bytes=config.kv_cache_bytes,
        models=config.most_models,
        pinned=frozenset(config.aliases.get(name, name) for name in config.pinned),
        idle_seconds=config.idle_seconds,
    )
