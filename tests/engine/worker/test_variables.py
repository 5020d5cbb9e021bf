"""What native libraries find in the environment."""

import pytest

from engine.worker.variables import count_by_bus, wait_briefly


@pytest.mark.parametrize(
    ("before", "spins"),
    [
        ({}, "1000"),
        ({"GOMP_SPINCOUNT": "0"}, "0"),
        ({"OMP_WAIT_POLICY": "active"}, None),
    ],
)
def test_that_threads_wait_briefly_unless_somebody_chose_otherwise(
    before: dict[str, str], spins: str | None
) -> None:
    wait_briefly(before)
    assert before.get("GOMP_SPINCOUNT") == spins


def test_that_cards_are_counted_by_the_bus_unless_somebody_chose_otherwise() -> None:
    found: dict[str, str] = {}
    count_by_bus(found)
    assert found["CUDA_DEVICE_ORDER"] == "PCI_BUS_ID"
    found["CUDA_DEVICE_ORDER"] = "FASTEST_FIRST"
    count_by_bus(found)
    assert found["CUDA_DEVICE_ORDER"] == "FASTEST_FIRST"
