import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.fit.memory.kv import Cache, all_cache_bytes
from engine.gguf.shape import shape_of
from engine.protocol.load import CacheType
from tests.engine.fit.memory.families import FAMILIES
from tests.support.kv_probe import Case, Run, ask

_RUNS = tuple(
    Run(
        context_tokens=tokens,
        cache_type=kind,
        streams=streams,
        unified=unified,
        micro_batch_tokens=micro_batch,
    )
    for tokens, kind, (streams, unified), micro_batch in itertools.product(
        (5000, 32768), CacheType, ((1, True), (4, True), (4, False)), (512, 2048)
    )
)


def _case(name: str, runs: tuple[Run, ...] = _RUNS) -> Case:
    architecture, metadata = FAMILIES[name]
    return Case(name=name, architecture=architecture, metadata=metadata, runs=runs)


def _cache(run: Run) -> Cache:
    return Cache(
        context_tokens=run.context_tokens,
        streams=run.streams,
        unified=run.unified,
        cache_type=CacheType(run.cache_type),
        micro_batch_tokens=run.micro_batch_tokens,
    )


@pytest.mark.journey
def test_that_every_familys_cache_has_exactly_the_bytes_llama_cpp_gives_it() -> None:
    cases = [_case(name) for name in FAMILIES]
    answers = ask(cases, seconds=280)
    wrong: list[str] = []
    for case in cases:
        shape = shape_of(case.header())
        for number, run in enumerate(case.runs):
            answer = answers[case.name, number]
            mine = all_cache_bytes(shape, _cache(run))
            if answer.failure or mine != answer.context:
                wrong.append(f"{case.name}, {run}: {mine - answer.context} {answer.failure[-200:]}")
    assert not wrong, "\n".join(wrong)


_names = st.sampled_from(sorted(FAMILIES))
_caches = st.builds(
    Cache,
    context_tokens=st.integers(1, 1 << 18),
    streams=st.integers(1, 64),
    unified=st.booleans(),
    cache_type=st.sampled_from(CacheType),
    micro_batch_tokens=st.integers(1, 4096),
)


def _bytes(name: str, cache: Cache) -> int:
    return all_cache_bytes(shape_of(_case(name).header()), cache)


@given(_names, _caches, st.integers(0, 1 << 16))
def test_that_more_context_never_needs_less(name: str, cache: Cache, more: int) -> None:
    longer = replace(cache, context_tokens=cache.context_tokens + more)
    assert _bytes(name, longer) >= _bytes(name, cache)


@given(_names, _caches, st.integers(0, 4096))
def test_that_a_larger_micro_batch_never_needs_less(name: str, cache: Cache, more: int) -> None:
    larger = replace(cache, micro_batch_tokens=cache.micro_batch_tokens + more)
    assert _bytes(name, larger) >= _bytes(name, cache)


@given(_names, _caches)
def test_that_coarser_caches_are_never_larger(name: str, cache: Cache) -> None:
    kinds = (CacheType.Q4_0, CacheType.Q8_0, CacheType.F16)
    sizes = [_bytes(name, replace(cache, cache_type=kind)) for kind in kinds]
    assert sizes == sorted(sizes)


@given(_names, _caches)
def test_that_a_card_takes_little_more_than_the_ram_for_the_same_cache(
    name: str, cache: Cache
) -> None:
    shape = shape_of(_case(name).header())
    on_card = all_cache_bytes(shape, cache, on_card=True)
    assert 0 <= on_card - all_cache_bytes(shape, cache) <= 4096 * shape.layers


def test_that_an_encoder_keeps_no_cache() -> None:
    _, metadata = FAMILIES["llama"]
    case = Case(name="bert", architecture="bert", metadata=metadata, runs=())
    assert all_cache_bytes(shape_of(case.header()), _cache(_RUNS[0])) == 0
