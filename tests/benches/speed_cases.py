"""Published speeds in this program's words: which model, on which machine, placed how.

`FITTED` names the rows that the constants of `engine/fit/speed/rates.py` were set with, `HELD_OUT`
all others that can be said here: rows are left out where the RAM is not told, where a draft or a
prediction of further tokens was on, where another program than llama.cpp or its fork ik_llama.cpp
ran, or where the model's dimensions are not known here. A row moves from `HELD_OUT` to `FITTED`
before a constant is set for its sake. Both tables were looked at while the constants were set; none
was chosen for a row of `HELD_OUT`.
"""

from dataclasses import dataclass

from engine.protocol.load import CacheType


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One row, told apart by its model and its decode speed, and how to say it here.

    `cpu_experts` are layers whose experts stay in RAM: "all", how many of the last, or none.
    `in_ram` are whole layers.
    """

    row: tuple[str, str]
    model: str
    quantization: str
    rig: str
    cpu_experts: int | None = 0  # None: all
    in_ram: int = 0
    tensor: bool = False
    shares: tuple[float, ...] = ()
    depth: int = 512
    cache_type: CacheType = CacheType.F16
    micro_batch_tokens: int = 512


def _llama(speed: str, rig: str, size: str = "8") -> Case:
    return Case(
        row=(f"Llama-3-{size}B", speed),
        model=f"llama-{size}b",
        quantization="Q4_K_M",
        rig=rig,
    )


def _qwen27(speed: str, rig: str, quantization: str = "Q4_K_M", **more: object) -> Case:
    return Case(
        row=("Qwen3.8-27B", speed),
        model="qwen3.5-27b",
        quantization=quantization,
        rig=rig,
        **more,  # pyright: ignore[reportArgumentType]
    )


def _qwen35(speed: str, rig: str, quantization: str, cpu_experts: int | None) -> Case:
    return Case(
        row=("Qwen3.5-35B-A3B", speed),
        model="qwen3.5-35b-a3b",
        quantization=quantization,
        rig=rig,
        cpu_experts=cpu_experts,
    )


def _deepseek(row: tuple[str, str], quantization: str, card: str, **more: object) -> Case:
    return Case(
        row=row,
        model="deepseek-r1-671b",
        quantization=quantization,
        rig=f"{card}, {_EPYC}",
        cpu_experts=None,
        **more,  # pyright: ignore[reportArgumentType]
    )


_EPYC = "768 GB 12-channel DDR5-6400, 32 cores"
_RYZEN = "64 GB DDR5-4800, 16 cores"
_OLD_XEON = "64 GB quad channel DDR4-2933, 10 cores"

# Rows in view when the constants were set.
FITTED = (
    _llama("111.74", "RTX 3090"),
    _llama("127.74", "RTX 4090"),
    _llama("144.49", "H100 PCIe"),
    _llama("16.29", "2x RTX 3090", "70"),
    _llama("19.06", "2x RTX 4090", "70"),
    _llama("25.01", "H100 PCIe", "70"),
    Case(row=("Llama-8B", "156.56"), model="llama-8b", quantization="Q4_0", rig="RTX 3090"),
    Case(row=("Qwen3-8B", "221.7"), model="qwen3-8b", quantization="Q4_K_M", rig="RTX 5090"),
    _qwen27("41.3", "RTX 3090"),
    _qwen27("47.7", "RTX 4090"),
    _qwen27("76.9", "RTX 5090"),
    _qwen27("22.1", "2x RTX 5060 Ti"),
    _qwen27("37.1", "2x RTX 5060 Ti", tensor=True),
    _qwen27("17.3", "3x RTX 3060", "UD-Q4_K_XL"),
    _qwen27("33.3", "V100 SXM 32GB"),
    Case(
        row=("Qwen3-30B-A3B", "166.9"),
        model="qwen3-30b-a3b",
        quantization="Q4_K_M",
        rig="RTX 3090 Ti",
    ),
    _qwen35("51.0", f"RTX 5080, {_RYZEN}", "Q4_K_M", None),
    _qwen35("69.6", f"RTX 5080, {_RYZEN}", "Q4_K_M", 24),
    _qwen35("35.7", f"RTX 5080, {_RYZEN}", "Q8_0", None),
    Case(
        row=("Qwen3-30B-A3B-2507", "36.7"),
        model="qwen3-30b-a3b",
        quantization="Q4_K_M",
        rig=f"RTX 2080, {_OLD_XEON}",
        cpu_experts=36,
    ),
    _deepseek(("DeepSeek-V3-0324", "17.13"), "UD-Q4_K_XL", "RTX 4090", micro_batch_tokens=4096),
    _deepseek(("DeepSeek-V3-0324", "15.07"), "Q8_0+Q4_K", "RTX 4090"),
    _deepseek(("DeepSeek-V3-0324", "17.98"), "Q8_0+IQ2_S", "RTX 4090", micro_batch_tokens=2048),
    Case(
        row=("Qwen3-235B-A22B", "17.01"),
        model="qwen3-235b-a22b",
        quantization="Q8_0",
        rig=f"RTX 5090, {_EPYC}",
        cpu_experts=88,
    ),
    Case(
        row=("gpt-oss-120b", "179.79"),
        model="gpt-oss-120b",
        quantization="MXFP4",
        rig="4x RTX 4090",
        tensor=True,
    ),
    Case(
        row=("Llama-1B F16", "409.87"),
        model="llama-1b",
        quantization="F16",
        rig="4x RTX 4090",
        tensor=True,
    ),
)

# All others that can be said here.
HELD_OUT = (
    _llama("108.07", "2x RTX 3090"),
    _llama("122.56", "2x RTX 4090"),
    _llama("106.71", "RTX 3080 Ti"),
    _llama("106.22", "RTX 4080"),
    _llama("16.89", "4x RTX 3090", "70"),
    _llama("18.83", "4x RTX 4090", "70"),
    Case(
        row=("Llama-8B", "102.76"),
        model="llama-8b",
        quantization="Q4_0",
        rig="RTX 4090",
        depth=32_768,
    ),
    Case(
        row=("gpt-oss-120b", "180.36"),
        model="gpt-oss-120b",
        quantization="MXFP4",
        rig="4x RTX 4090",
    ),
    Case(
        row=("gpt-oss-120b", "118.65"),
        model="gpt-oss-120b",
        quantization="MXFP4",
        rig="4x RTX 4090",
        depth=65_536,
    ),
    Case(
        row=("gpt-oss-120b", "147.89"),
        model="gpt-oss-120b",
        quantization="MXFP4",
        rig="4x RTX 4090",
        tensor=True,
        depth=65_536,
    ),
    Case(row=("Llama-1B F16", "314.75"), model="llama-1b", quantization="F16", rig="4x RTX 4090"),
    _qwen27("31.0", "RTX 3090"),
    _qwen27("74.4", "RTX 5090", "UD-Q4_K_XL"),
    _qwen27("38.3", "2x RTX 5060 Ti", tensor=True),
    _qwen27("55.6", "RTX 5080 + RTX 3090", "UD-Q4_K_XL", tensor=True, shares=(0.4, 0.6)),
    _qwen27("39.4", "RTX 3080 Ti + RTX 3060 Ti", "UD-IQ3_XXS", tensor=True, shares=(0.55, 0.45)),
    _qwen27("49.1", "2x RTX 3090 + RTX 3090 Ti", "UD-Q6_K_XL", tensor=True),
    _qwen27("4.2", "RTX 5060 Laptop, 32 GB DDR5-5600, 8 cores", "IQ4_XS", in_ram=40),
    _qwen27("5.3", "RTX PRO 3000 Blackwell Laptop, 32 GB DDR5-5600, 8 cores", "IQ4_XS", in_ram=27),
    _qwen27("45.1", "RTX 3080", "UD-IQ2_XXS"),
    _qwen27("63.8", "RTX PRO 6000"),
    _qwen35("111.2", "RTX 3090", "MXFP4", 0),
    _qwen35("40.5", f"RTX 5080, {_RYZEN}", "Q8_0", 28),
    _qwen35("34.6", "RTX 4070, 32 GB DDR5-5600, 8 cores", "Q4_K_M", None),
    Case(row=("Qwen3-30B-A3B", "196"), model="qwen3-30b-a3b", quantization="Q4_K_M", rig="4090"),
    Case(
        row=("Qwen3.6-27B", "22.8"),
        model="qwen3.5-27b",
        quantization="UD-Q6_K_XL",
        rig="2x RTX 3090",
    ),
    Case(row=("Qwen3-14B", "95.54"), model="qwen3-14b", quantization="Q4_0", rig="2x RTX 3090"),
    Case(
        row=("Qwen3-VL-32B", "42.33"), model="qwen3-32b", quantization="Q4_K_M", rig="2x RTX 3090"
    ),
    _deepseek(("DeepSeek-R1-0528", "15.23"), "Q8_0+IQ4_XS", "RTX 4090"),
    _deepseek(("DeepSeek-R1-0528", "16.51"), "Q8_0+Q4_K", "RTX 5090", micro_batch_tokens=2048),
    _deepseek(("DeepSeek-V3-0324", "20.0"), "Q8_0+IQ2_S", "RTX 5090", micro_batch_tokens=4096),
    _deepseek(("DeepSeek-V3-0324", "18.86"), "UD-Q4_K_XL", "RTX 5090", micro_batch_tokens=4096),
    Case(
        row=("DeepSeek-R1", "18.21"),
        model="deepseek-r1-671b",
        quantization="UD-Q2_K_XL",
        rig="RTX 5090, 768 GB 8-channel DDR5-5600, 32 cores",
        cpu_experts=None,
    ),
    Case(
        row=("DeepSeek-R1-0528", "10.3"),
        model="deepseek-r1-671b",
        quantization="Q4_K_M",
        rig="RTX 4060 Ti 16GB, 768 GB 12-channel DDR5-4800, 32 cores",
        cpu_experts=None,
    ),
    Case(
        row=("Qwen3-235B-A22B", "24.07"),
        model="qwen3-235b-a22b",
        quantization="Q8_0+IQ3_S",
        rig=f"RTX 5090, {_EPYC}",
        cpu_experts=79,
        micro_batch_tokens=2048,
    ),
    Case(
        row=("GLM-4.7", "6.17"),
        model="glm-4.7",
        quantization="MXFP4",
        rig="RTX 5090, 256 GB DDR5-6000, 16 cores",
        cpu_experts=None,
    ),
    Case(row=("Llama-3.1-8B", "71.9"), model="llama-8b", quantization="Q4_K_M", rig="RTX 2080"),
    Case(row=("Qwen3-8B", "69.3"), model="qwen3-8b", quantization="Q4_K_M", rig="RTX 2080"),
    Case(
        row=("Qwen3-14B", "16.9"),
        model="qwen3-14b",
        quantization="Q4_K_M",
        rig=f"RTX 2080, {_OLD_XEON}",
        in_ram=9,
    ),
    Case(
        row=("Gemma-3-12B", "26.1"),
        model="gemma3-12b",
        quantization="Q4_K_M",
        rig=f"RTX 2080, {_OLD_XEON}",
        in_ram=5,
    ),
    Case(row=("Llama-3.1-8B", "111.95"), model="llama-8b", quantization="Q4_K_M", rig="RTX 3080"),
)
