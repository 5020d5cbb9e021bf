import pytest

from engine.fit.memory.arena import Graph, Piece, started
from engine.fit.memory.buffers import Buffers, telling
from engine.fit.memory.graph import Sketch, Stage, Work
from engine.fit.memory.kv import Cache
from engine.gguf.shape import shape_of
from engine.protocol.load import CacheType
from tests.engine.fit.memory.families import FAMILIES
from tests.support.kv_probe import Answer, Case, Run, ask

_RUNS = (
    Run(context_tokens=4096),
    Run(context_tokens=16384, micro_batch_tokens=2048),
    Run(context_tokens=16384, streams=4, unified=False),
    Run(context_tokens=16384, streams=4, cache_type="q8_0"),
    Run(context_tokens=16384, streams=4, outputs=36),
    Run(context_tokens=32768, cache_type="q4_0"),
)
# Attention of every kind, dense and with experts: the rest is coarser.
_CLOSE = (
    "llama",
    "llama, every head its own",
    "deci, heads by layer",
    "qwen3moe",
    "gpt-oss",
    "gemma2",
    "gemma3",
    "phi3",
    "mimo2",
    "smallthinker",
    "deepseek2",
    "glm4moe with nextn",
)
# Its attention by blocks is only known roughly.
_WIDE = ("minimax-m3",)


@pytest.fixture(scope="module", name="answers")
def _answers() -> dict[tuple[str, int], Answer]:
    return ask([_case(name) for name in _CLOSE], seconds=100)


def _case(name: str) -> Case:
    architecture, metadata = FAMILIES[name]
    return Case(name=name, architecture=architecture, metadata=metadata, runs=_RUNS)


def _mine(case: Case, run: Run) -> int:
    shape = shape_of(case.header())
    cache = Cache(
        context_tokens=run.context_tokens,
        streams=run.streams,
        unified=run.unified,
        cache_type=CacheType(run.cache_type),
        micro_batch_tokens=run.micro_batch_tokens,
    )
    window = shape.window
    windowed = cache.window_cells(window.tokens, unified=run.unified) if window else 0
    work = Work(
        tokens=run.micro_batch_tokens,
        outputs=max(run.streams, run.outputs),
        streams=run.streams,
        cells=cache.stream_cells,
        window_cells=windowed,
        cached_cells=cache.stream_cells * cache.rows,
        cached_window_cells=windowed * cache.rows,
        rotated=run.cache_type != "f16",
        on_card=False,
    )
    experts, buffers = shape.experts, Buffers(shape)
    stages = tuple(
        Stage(
            layer=buffers.alike[layer],
            experts=experts is not None and layer >= experts.leading_dense,
        )
        for layer in range(shape.layers - shape.nextn_layers)
    )
    return buffers.bytes_of(telling(stages), work, last=True)


@pytest.mark.parametrize("name", _CLOSE)
def test_that_the_processors_buffer_is_what_llama_cpp_reserves(
    name: str, answers: dict[tuple[str, int], Answer]
) -> None:
    case = _case(name)
    for number, run in enumerate(_RUNS):
        told = answers[name, number]
        assert not told.failure
        assert _mine(case, run) == pytest.approx(told.compute, rel=0.05), run


@pytest.mark.journey
def test_that_other_families_buffers_are_of_the_right_size() -> None:
    cases = [_case(name) for name in FAMILIES if name not in {*_CLOSE, *_WIDE}]
    told = ask(cases, seconds=200)
    wrong: list[str] = []
    for case in cases:
        for number, run in enumerate(_RUNS):
            off = _mine(case, run) / told[case.name, number].compute - 1
            if not -0.30 <= off <= 0.40:
                wrong.append(f"{case.name}, {run}: {off:+.0%}")
    assert not wrong, "\n".join(wrong)


def _peak(graph: Graph) -> int:
    empty, _ = started((), 0)
    return Piece(graph.taken(), {}).after(empty, 0)[1]


def test_that_what_nobody_reads_any_more_makes_room() -> None:
    graph = Graph(32)
    first = graph.made(100)
    second = graph.made(100, first)
    third = graph.made(100, second)
    graph.stored(third)
    assert _peak(graph) == 2 * 128


def test_that_a_sum_takes_the_place_of_what_it_adds_to() -> None:
    graph = Graph(32)
    first = graph.made(128)
    other = graph.made(128)
    graph.stored(graph.made(128, first, other, inplace=True))
    assert _peak(graph) == 2 * 128


def test_that_the_same_layer_drawn_again_takes_what_it_took_before() -> None:
    shape = shape_of(_case("deepseek2").header())
    work = Work(
        tokens=512,
        outputs=4,
        streams=4,
        cells=4096,
        window_cells=0,
        cached_cells=4096,
        cached_window_cells=0,
        rotated=False,
        on_card=True,
    )
    plain, fetched = Stage(layer=1, experts=True), Stage(layer=1, experts=True, staged_down=1 << 28)
    drawn = Sketch(shape, work)
    drawn.bytes_of((plain, plain, fetched), last=True)
    for stages in ((plain,), (plain, fetched, plain), (fetched, fetched), ()):
        for last in (True, False):
            assert drawn.bytes_of(stages, last=last) == Sketch(shape, work).bytes_of(
                stages, last=last
            )
