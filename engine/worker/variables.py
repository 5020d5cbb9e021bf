"""What native libraries read in the environment when they are loaded. Pure."""

from collections.abc import MutableMapping


def count_by_bus(variables: MutableMapping[str, str]) -> None:
    """CUDA would count the fastest card first; everyone else, the monitor too, goes by the bus."""
    variables.setdefault("CUDA_DEVICE_ORDER", "PCI_BUS_ID")


def wait_briefly(variables: MutableMapping[str, str]) -> None:
    """For a model that is not handed from card to processor and back in every layer.

    Whoever has set either variable knows better. Threads that wait for one whose core another
    program took must not keep it from coming back: GNU's OpenMP spins for 10 ms, and a twentieth
    of the speed is left. So it spins for about as long as waking up takes (docs/benchmarks.md).
    Beside a card they compute the layers before its own, or but rank tokens, once a step, and
    would spin through all the rest of it. Where experts lie in RAM it stays as it is: there
    threads wait for the card in each layer, and waking all of them each time would cost more.
    """
    if "OMP_WAIT_POLICY" not in variables:
        variables.setdefault("GOMP_SPINCOUNT", "1000")
