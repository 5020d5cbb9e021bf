"""What llama.cpp 0.3.36 logs of its buffers."""

import io

from engine.worker.native_log import NativeLog

MIB = 1 << 20
INFO, ERROR = 2, 4

LINES = (
    "load_tensors:          CPU model buffer size =   100.00 MiB",
    "load_tensors:        CUDA0 model buffer size =  4000.50 MiB",
    "llama_kv_cache:      CUDA0 KV buffer size =     0.00 MiB",
    "llama_kv_cache: size =  224.00 MiB (  4096 cells,  28 layers,  1/1 seqs), K (f16)",
    "llama_memory_recurrent: size =   75.38 MiB (     1 cells,  48 layers,  1 seqs)",
    "sched_reserve:      CUDA0 compute buffer size =   304.75 MiB",
    "sched_reserve:      CUDA0 compute buffer size =   300.00 MiB",
    "sched_reserve:  CUDA_Host compute buffer size =    15.01 MiB",
)


def heard() -> NativeLog:
    log = NativeLog(io.StringIO())
    for line in LINES:
        log.feed(INFO, line + "\n")
    return log


def test_that_sizes_are_kept_by_device_and_purpose() -> None:
    log = heard()
    assert log.compute_bytes == {"CUDA0": 300 * MIB, "CUDA_Host": round(15.01 * MIB)}
    assert log.device_bytes["CPU"] == 100 * MIB


def test_that_what_is_announced_of_caches_and_states_is_summed() -> None:
    assert heard().cache_bytes == round(224.00 * MIB) + round(75.38 * MIB)


def test_that_errors_are_kept_and_echoed() -> None:
    echo = io.StringIO()
    log = NativeLog(echo)
    log.feed(ERROR, "cudaMalloc failed: out of memory\n")
    assert log.complaints == ["cudaMalloc failed: out of memory"]
    assert echo.getvalue() == "cudaMalloc failed: out of memory\n"


def test_that_another_load_begins_anew() -> None:
    log = heard()
    log.forget()
    assert (log.complaints, log.device_bytes, log.compute_bytes, log.cache_bytes) == ([], {}, {}, 0)
