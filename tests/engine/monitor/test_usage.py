"""Who holds which bytes of a card."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from engine.fit.plan import CardBytes
from engine.fit.rig import Card
from engine.hardware.machine import GpuProcess, GpuReading, Reading
from engine.monitor.usage import Idle, Known, Tenant, idle_of, overclaimed_bytes, usages
from engine.monitor.values import CardUsage, Purpose
from engine.protocol.messages import DeviceBytes

MB = 1_000_000
GIB = 1 << 30
MODEL = "tiny"
OURS = 4242


def gpu(
    used: int | None,
    *processes: tuple[int, str, int | None],
    listed: bool = True,
    reserved: int | None = None,
) -> GpuReading:
    told = tuple(GpuProcess(pid=pid, name=name, used_bytes=size) for pid, name, size in processes)
    return GpuReading(
        index=0,
        name="Test card",
        memory_total_bytes=80 * GIB,
        memory_used_bytes=used,
        utilization=None,
        temperature_celsius=None,
        power_watts=None,
        power_limit_watts=None,
        processes=told if listed else None,
        memory_reserved_bytes=reserved,
    )


def reading(*gpus: GpuReading) -> Reading:
    return Reading(
        at_seconds=1.0, cpu=0.0, memory_total_bytes=GIB, memory_used_bytes=0, gpus=tuple(gpus)
    )


def card(loaded: int = 560 * MB, peak: int = 650 * MB) -> Card:
    return Card(
        number=0,
        name="Test card",
        memory_bytes=80 * GIB,
        used_bytes=0,
        reserve_bytes=0,
        bytes_per_second=1e12,
        flops=1e14,
        link_bytes_per_second=1e10,
        layer_seconds=0.0,
        expert_layer_seconds=0.0,
        residual_loaded_bytes=loaded,
        residual_peak_bytes=peak,
        power_watts=None,
        compute_capability=None,
        drives_display=False,
        measured=True,
    )


def planned(weights: int, kv: int, compute: int) -> CardBytes:
    return CardBytes(
        number=0,
        name="Test card",
        weights=weights,
        kv=kv,
        compute=compute,
        residual_loaded=0,
        residual=0,
        capacity=80 * GIB,
        used=0,
        reserve=0,
    )


def held(weights: int, kv: int, compute: int) -> DeviceBytes:
    return DeviceBytes(name="CUDA0", card=0, weights=weights, kv=kv, compute=compute)


LOADED = Tenant(
    model=MODEL,
    devices=(held(4_400 * MB, 470 * MB, 120 * MB),),
    planned={0: planned(4_400 * MB, 470 * MB, 110 * MB)},
    longer_bytes={0: 500 * MB},
    cells=8192,
    cells_used=2048,
    streams=4,
)


def known(*tenants: Tenant, idle: Idle | None = None, residual: Card | None = None) -> Known:
    return Known(
        tenants=tenants,
        pids=frozenset({OURS}),
        cards={0: residual or card()},
        idle={} if idle is None else {0: idle},
    )


def of(usage: CardUsage, purpose: Purpose, name: str | None = None) -> int:
    return sum(
        share.size_bytes
        for share in usage.shares
        if share.purpose is purpose and (name is None or share.name == name)
    )


def only(found: tuple[CardUsage, ...]) -> CardUsage:
    (one,) = found
    return one


def test_that_a_loaded_model_is_told_by_purpose_and_the_rest_as_unexplained() -> None:
    usage = only(usages(reading(gpu(5_570 * MB, (OURS, "fullbore", None))), known(LOADED)))
    assert of(usage, Purpose.WEIGHTS, MODEL) == 4_400 * MB
    assert of(usage, Purpose.KV_USED) == 470 * MB // 4
    assert of(usage, Purpose.KV_RESERVED) == 470 * MB - 470 * MB // 4
    assert of(usage, Purpose.COMPUTE) == 120 * MB
    assert of(usage, Purpose.DRIVER) == 560 * MB  # as calibrated, not what is left
    assert of(usage, Purpose.UNEXPLAINED) == 20 * MB
    compute = next(share for share in usage.shares if share.purpose is Purpose.COMPUTE)
    assert compute.planned_bytes == 110 * MB


def test_that_cuda_takes_more_once_something_was_computed() -> None:
    working = replace(LOADED, working=True)
    usage = only(usages(reading(gpu(5_660 * MB)), known(working)))
    assert of(usage, Purpose.DRIVER) == 650 * MB
    assert of(usage, Purpose.UNEXPLAINED) == 20 * MB


def test_that_a_driver_claimed_too_big_is_cut_and_the_cut_can_be_seen() -> None:
    working = replace(LOADED, working=True)
    usage = only(usages(reading(gpu(5_600 * MB)), known(working)))
    assert of(usage, Purpose.DRIVER) == 610 * MB
    assert of(usage, Purpose.UNEXPLAINED) == 0
    assert overclaimed_bytes(usage) == 40 * MB


def test_that_cards_which_share_every_tensor_hold_more_of_cuda() -> None:
    usage = only(usages(reading(gpu(9_000 * MB)), known(replace(LOADED, split=True))))
    assert of(usage, Purpose.DRIVER) == 560 * MB + card().tensor_residual_loaded_bytes


def test_that_other_programs_are_named_and_their_own_windows_summed() -> None:
    processes = ((OURS, "fullbore", 5_550 * MB), (7, "game", 900 * MB), (8, "game", 100 * MB))
    usage = only(usages(reading(gpu(6_550 * MB, *processes)), known(LOADED)))
    assert of(usage, Purpose.OTHER, "game") == 1_000 * MB
    assert of(usage, Purpose.UNEXPLAINED) == 0


def test_that_a_list_which_hides_our_own_process_is_not_gone_by() -> None:
    # In a container the driver may tell the host's numbers: this "python" is our own worker.
    processes = ((99, "python", 5_550 * MB),)
    usage = only(usages(reading(gpu(5_550 * MB, *processes)), known(LOADED)))
    assert of(usage, Purpose.OTHER) == 0
    assert of(usage, Purpose.WEIGHTS) == 4_400 * MB


def test_that_what_was_there_before_us_is_others_and_what_came_since_is_unexplained() -> None:
    before = idle_of(gpu(3_000 * MB, listed=False))
    assert before == Idle(used_bytes=3_000 * MB, rest_bytes=3_000 * MB)
    usage = only(usages(reading(gpu(8_850 * MB, listed=False)), known(LOADED, idle=before)))
    assert of(usage, Purpose.OTHER, "") == 3_000 * MB
    assert of(usage, Purpose.UNEXPLAINED) == 300 * MB


def test_that_a_little_which_no_program_holds_is_the_drivers_own() -> None:
    before = idle_of(gpu(600 * MB, (7, "game", 100 * MB)))
    usage = only(usages(reading(gpu(600 * MB, (7, "game", 100 * MB))), known(idle=before)))
    assert of(usage, Purpose.OTHER, "game") == 100 * MB
    assert of(usage, Purpose.DRIVER, "") == 500 * MB
    assert of(usage, Purpose.UNEXPLAINED) == 0


def test_that_what_a_driver_tells_it_keeps_is_believed() -> None:
    empty = gpu(700 * MB, reserved=600 * MB)
    usage = only(usages(reading(empty), known(idle=idle_of(empty))))
    assert of(usage, Purpose.DRIVER, "") == 600 * MB
    assert of(usage, Purpose.OTHER) == 100 * MB


def test_that_programs_without_bytes_lend_their_names_to_what_was_there() -> None:
    there = ((7, "dwm.exe", None), (8, "chrome.exe", None))
    before = idle_of(gpu(3_000 * MB, *there))
    usage = only(usages(reading(gpu(3_000 * MB, *there)), known(idle=before)))
    assert of(usage, Purpose.OTHER, "chrome.exe, dwm.exe") == 3_000 * MB


def test_that_a_load_under_way_fills_up_as_it_was_foretold() -> None:
    loading = replace(LOADED, loading=True, devices=())
    usage = only(usages(reading(gpu(2_560 * MB)), known(loading)))
    assert of(usage, Purpose.DRIVER) == 560 * MB
    assert of(usage, Purpose.WEIGHTS) == 2_000 * MB
    assert of(usage, Purpose.KV_RESERVED) == 0
    assert usage.next_chat_bytes is None


def test_that_a_conversation_fills_cells_that_are_there_and_a_longer_context_takes_more() -> None:
    usage = only(usages(reading(gpu(5_570 * MB)), known(LOADED)))
    assert usage.next_chat_bytes == 470 * MB // 4
    assert usage.longer_bytes == 500 * MB
    full = replace(LOADED, cells_used=8192)
    assert only(usages(reading(gpu(5_570 * MB)), known(full))).next_chat_bytes == 0
    assert only(usages(reading(gpu(5_570 * MB)), known())).next_chat_bytes is None


def test_that_projector_and_draft_are_told_apart() -> None:
    both = replace(LOADED, projector_bytes={0: 900 * MB}, draft=(held(300 * MB, 50 * MB, 10 * MB),))
    usage = only(usages(reading(gpu(6_900 * MB)), known(both)))
    assert of(usage, Purpose.PROJECTOR) == 900 * MB
    assert of(usage, Purpose.DRAFT) == 360 * MB


def test_that_a_card_that_does_not_tell_its_memory_is_left_out() -> None:
    assert usages(reading(gpu(None)), known(LOADED)) == ()
    assert idle_of(gpu(None)) is None


sizes = st.integers(0, 100 * GIB)
odd_sizes = st.integers(-GIB, 100 * GIB)
processes = st.lists(
    st.tuples(
        st.sampled_from((OURS, 1, 2, 3)),
        st.sampled_from(("", "game", "python")),
        st.none() | odd_sizes,
    ),
    max_size=5,
)
tenants = st.builds(
    Tenant,
    model=st.sampled_from(("a", "b")),
    loading=st.booleans(),
    devices=st.lists(st.builds(held, sizes, sizes, sizes), max_size=2).map(tuple),
    draft=st.lists(st.builds(held, sizes, sizes, sizes), max_size=1).map(tuple),
    projector_bytes=st.dictionaries(st.integers(0, 1), sizes, max_size=1),
    planned=st.dictionaries(st.just(0), st.builds(planned, sizes, sizes, sizes), max_size=1),
    longer_bytes=st.dictionaries(st.just(0), sizes, max_size=1),
    cells=st.integers(0, 10_000),
    cells_used=st.integers(-5, 20_000),
    streams=st.integers(0, 8),
    working=st.booleans(),
    split=st.booleans(),
)


@given(
    used=sizes,
    told=st.none() | processes,
    reserved=st.none() | sizes,
    there=st.lists(tenants, max_size=3),
    residual=st.builds(card, sizes, sizes),
    idle=st.none() | st.builds(Idle, used_bytes=sizes, rest_bytes=sizes),
)
def test_that_shares_sum_to_what_is_used_and_none_is_negative(
    *,
    used: int,
    told: list[tuple[int, str, int | None]] | None,
    reserved: int | None,
    there: list[Tenant],
    residual: Card,
    idle: Idle | None,
) -> None:
    now = gpu(used, *(told or ()), listed=told is not None, reserved=reserved)
    usage = only(usages(reading(now), known(*there, idle=idle, residual=residual)))
    assert sum(share.size_bytes for share in usage.shares) == used
    assert all(share.size_bytes >= 0 for share in usage.shares)
    assert len({(share.purpose, share.name) for share in usage.shares}) == len(usage.shares)
    assert (usage.next_chat_bytes or 0) >= 0
