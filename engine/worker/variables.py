"""What native libraries read in the environment when they are loaded. Pure."""

from collections.abc import MutableMapping


def settle(variables: MutableMapping[str, str]) -> None:
    """Set what they should find; whoever has set it before knows better."""
    # CUDA would count the fastest card first; everyone else, the monitor too, counts by the bus.
    variables.setdefault("CUDA_DEVICE_ORDER", "PCI_BUS_ID")
    # Threads that wait for one whose core another program took must not keep it from coming back:
    # GNU's OpenMP spins for 10 ms, and a twentieth of the speed is left. So it spins for about as
    # long as waking up takes (docs/benchmarks.md).
    if "OMP_WAIT_POLICY" not in variables:
        variables.setdefault("GOMP_SPINCOUNT", "1000")
