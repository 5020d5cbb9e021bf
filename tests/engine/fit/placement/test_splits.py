from hypothesis import given
from hypothesis import strategies as st

from engine.fit.layout import Layout
from engine.fit.placement.splits import layer_counts_of, tensor_shares
from engine.protocol.load import CacheType, SplitMode


def _layout(counts: tuple[int, ...]) -> Layout:
    return Layout(
        cards=tuple(range(len(counts))),
        split_mode=SplitMode.LAYER,
        layer_counts=counts,
        shares=(),
        cpu_experts=(),
        context_tokens=4096,
        cache_type=CacheType.F16,
        micro_batch_tokens=512,
        batch_tokens=2048,
        streams=1,
        unified_kv=True,
        memory_map=True,
    )


@given(st.lists(st.integers(0, 200), min_size=1, max_size=16).filter(any))
def test_that_shares_give_every_card_its_layers_back(counts: list[int]) -> None:
    shares = tensor_shares(_layout(tuple(counts)))
    assert layer_counts_of(shares, sum(counts)) == tuple(counts)
    assert all(share >= 0 for share in shares)


@given(st.lists(st.integers(1, 200), min_size=2, max_size=16), st.floats(0.001, 1000))
def test_that_the_unit_of_shares_does_not_matter(counts: list[int], unit: float) -> None:
    shares = [share * unit for share in tensor_shares(_layout(tuple(counts)))]
    assert layer_counts_of(shares, sum(counts)) == tuple(counts)


def test_that_even_shares_divide_as_llama_cpp_does() -> None:
    assert layer_counts_of((1.0, 1.0), 81) == (41, 40)
    assert layer_counts_of((24.0, 12.0), 33) == (22, 11)
