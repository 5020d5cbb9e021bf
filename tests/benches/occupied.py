"""Another program that holds a card's memory, so that a large card is as full as a small one."""

import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager

_HOLD = """
import ctypes, sys
cuda = ctypes.CDLL("libcuda.so.1")
def ask(name, *arguments):
    code = getattr(cuda, name)(*arguments)
    assert code == 0, f"{name}: {code}"
ask("cuInit", 0)
device, context = ctypes.c_int(), ctypes.c_void_p()
ask("cuDeviceGet", ctypes.byref(device), 0)
ask("cuDevicePrimaryCtxRetain", ctypes.byref(context), device)
ask("cuCtxSetCurrent", context)
free, total, place = ctypes.c_size_t(), ctypes.c_size_t(), ctypes.c_uint64()
ask("cuMemGetInfo_v2", ctypes.byref(free), ctypes.byref(total))
ask("cuMemAlloc_v2", ctypes.byref(place), ctypes.c_size_t(free.value - int(sys.argv[1])))
print("held", flush=True)
sys.stdin.read()
"""


@contextmanager
def occupied(free_gib: int | None) -> Generator[None]:
    """The first card has only that much left while this lasts; None changes nothing."""
    if free_gib is None:
        yield
        return
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(free_gib << 30)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdin is not None
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        yield
        holder.stdin.close()
