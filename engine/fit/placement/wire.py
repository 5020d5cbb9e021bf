"""A plan as JSON: sizes are bytes, speeds tokens a second."""

from engine.fit.placement.splits import tensor_shares
from engine.fit.plan import CardBytes, Interval, Plan
from engine.fit.saying import Saying


def as_json(plan: Plan) -> dict[str, object]:
    """The plan, its alternatives in the same form. `cpu_experts` counts layers."""
    layout, host, quality = plan.layout, plan.footprint.host, plan.quality
    return {
        "model": plan.model,
        "machine": plan.machine,
        "quantization": plan.quantization,
        "fits": plan.fits,
        "exact": plan.exact,
        "split_mode": layout.split_mode.value,
        "gpu_layers": layout.gpu_layers,
        "layer_counts": list(layout.layer_counts),
        "tensor_split": list(tensor_shares(layout)),
        "cpu_experts": len(layout.cpu_experts),
        "context": layout.context_tokens,
        "cache_type": layout.cache_type.value,
        "micro_batch": layout.micro_batch_tokens,
        "streams": layout.streams,
        "unified_kv": layout.unified_kv,
        "memory_map": layout.memory_map,
        "devices": [_card(card) for card in plan.footprint.cards],
        "host_bytes": host.total,
        "host": {
            "weights": host.weights,
            "kv": host.kv,
            "compute": host.compute,
            "mapped": host.mapped,
            "free": host.free,
            "capacity": host.capacity,
        },
        "decode_tps": _interval(plan.pace.decode_tps),
        "prompt_tps": plan.pace.prompt_tps.expected,
        "prompt_tps_range": _interval(plan.pace.prompt_tps),
        "load_seconds": plan.pace.load_seconds,
        "joules_per_token": plan.pace.joules_per_token,
        "quality": {
            "bits_per_weight": quality.bits_per_weight,
            "divergence": quality.divergence,
            "perplexity_increase": quality.perplexity_increase,
            "source": quality.source,
            "warning": _said(quality.warning),
        },
        "reasons": [str(reason) for reason in plan.reasons],
        "tensor_refusal": _said(plan.tensor_refusal),
        "changes": [
            {"what": str(change.what), "decode_tps": change.decode_tps, "fits": change.fits}
            for change in plan.changes
        ],
        "alternatives": [as_json(other) for other in plan.alternatives],
    }


def _card(card: CardBytes) -> dict[str, object]:
    return {
        "number": card.number,
        "name": card.name,
        "weights": card.weights,
        "kv": card.kv,
        "compute": card.compute,
        "residual": card.residual,
        "total": card.total,
        "capacity": card.capacity,
        "used": card.used,
        "reserve": card.reserve,
    }


def _said(saying: Saying | None) -> str | None:
    return None if saying is None else str(saying)


def _interval(interval: Interval) -> dict[str, float]:
    return {"low": interval.low, "expected": interval.expected, "high": interval.high}
