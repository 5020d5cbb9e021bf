"""The ladder: always smaller, never through a pin, and it ends."""

from hypothesis import given
from hypothesis import strategies as st

from engine.host.ladder import LoadOrder, next_rung
from engine.protocol.load import CacheType, LoadSpec, SplitMode

PINS = ("micro_batch_tokens", "cache_type", "cpu_experts", "gpu_layers", "context_tokens")


def size(order: LoadOrder) -> tuple[int, int, int, int, int]:
    spec = order.spec
    cache = {CacheType.F16: 2, CacheType.Q8_0: 1, CacheType.Q4_0: 0}[spec.cache_type]
    on_cards = order.layers + 1 if spec.gpu_layers is None else spec.gpu_layers
    in_ram = len(spec.cpu_experts)
    return (spec.micro_batch_tokens, cache, on_cards, -in_ram, spec.context_tokens)


@st.composite
def orders(draw: st.DrawFn) -> LoadOrder:
    layers = draw(st.integers(1, 100))
    experts = tuple(range(draw(st.integers(0, layers)), layers)) if draw(st.booleans()) else ()
    spec = LoadSpec(
        path="m.gguf",
        gpu_layers=draw(st.none() | st.integers(0, layers + 1)),
        split_mode=draw(st.sampled_from(SplitMode)),
        context_tokens=draw(st.integers(256, 1 << 20)),
        cache_type=draw(st.sampled_from(CacheType)),
        micro_batch_tokens=draw(st.sampled_from((32, 128, 512, 4096))),
    )
    pinned = frozenset(draw(st.sets(st.sampled_from(PINS))))
    return LoadOrder(spec=spec, layers=layers, expert_layers=experts, pinned=pinned)


@given(orders())
def test_that_every_rung_is_smaller_and_the_ladder_ends(order: LoadOrder) -> None:
    for _ in range(80):
        rung = next_rung(order)
        if rung is None:
            return
        before, after = size(order), size(rung.order)
        assert all(new <= old for new, old in zip(after, before, strict=True))
        assert after != before
        assert rung.sentence.startswith("Trying again with ")
        order = rung.order
    raise AssertionError("The ladder does not end.")


@given(orders())
def test_that_what_is_pinned_stays(order: LoadOrder) -> None:
    asked = order.spec
    while (rung := next_rung(order)) is not None:
        order = rung.order
    for pin in order.pinned:
        assert getattr(order.spec, pin) == getattr(asked, pin)


def test_that_the_cheapest_loss_of_speed_comes_first() -> None:
    order = LoadOrder(
        spec=LoadSpec(path="m", micro_batch_tokens=512, context_tokens=8192),
        layers=32,
        expert_layers=tuple(range(32)),
    )
    said: list[str] = []
    while (rung := next_rung(order)) is not None:
        said.append(rung.sentence)
        order = rung.order
    assert "micro-batch" in said[0]
    assert "q8_0" in said[1]
    assert "q4_0" in said[2]
    assert "experts of 4 layers" in said[3]
    first_context = next(i for i, words in enumerate(said) if "context" in words)
    assert any("layers on the cards" in words for words in said[:first_context])
    assert order.spec.gpu_layers == 0
