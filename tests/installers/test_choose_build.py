import pytest

from installers.choose_build import Choice, Forced, Found, Kind, choices
from installers.look import cards_in, release_in

LINUX = "linux-x86_64"
CPU, PLAIN = "cpu-source", "cpu-wheel"


def brief(choice: Choice) -> str:
    return f"{choice.kind} {choice.folder}" if choice.kind is Kind.CUDA_WHEEL else choice.kind


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        pytest.param(Found(platform=LINUX), [CPU, PLAIN], id="no driver"),
        pytest.param(Found(platform=LINUX, nvcc=(13, 0)), [CPU, PLAIN], id="nvcc without a card"),
        pytest.param(
            Found(platform=LINUX, driver=(580, 65, 6), capabilities=((9, 0),)),
            ["cuda-wheel cu130", CPU, PLAIN],
            id="H100, new driver",
        ),
        pytest.param(
            Found(platform=LINUX, driver=(580, 65), capabilities=((9, 0),), nvcc=(13, 0)),
            ["cuda-wheel cu130", "cuda-source", CPU, PLAIN],
            id="H100, new driver and nvcc",
        ),
        pytest.param(
            Found(platform=LINUX, driver=(570, 86), capabilities=((12, 0),)),
            ["cuda-wheel cu125", CPU, PLAIN],
            id="RTX 50 under CUDA 12.8",
        ),
        pytest.param(
            Found(platform=LINUX, driver=(550, 54), capabilities=((8, 9),), nvcc=(13, 0)),
            ["cuda-wheel cu124", CPU, PLAIN],
            id="nvcc too new for the driver",
        ),
        pytest.param(
            Found(platform=LINUX, driver=(550, 54), capabilities=((8, 9),), nvcc=(12, 4)),
            ["cuda-wheel cu124", "cuda-source", CPU, PLAIN],
            id="nvcc of the driver's age",
        ),
        pytest.param(
            Found(platform=LINUX, driver=(535, 183), capabilities=((8, 6), (7, 5))),
            ["cuda-wheel cu122", CPU, PLAIN],
            id="two cards",
        ),
        pytest.param(
            Found(platform=LINUX, driver=(525, 60), capabilities=((8, 0),)),
            ["cuda-wheel cu121", CPU, PLAIN],
            id="oldest driver that will do",
        ),
        pytest.param(
            Found(platform=LINUX, driver=(470, 256), capabilities=((8, 0),), nvcc=(12, 4)),
            [CPU, PLAIN],
            id="driver too old",
        ),
        pytest.param(
            Found(platform=LINUX, driver=(580, 65), capabilities=((6, 1),)),
            [CPU, PLAIN],
            id="Pascal without nvcc",
        ),
        pytest.param(
            Found(platform=LINUX, driver=(580, 65), capabilities=((6, 1),), nvcc=(12, 8)),
            ["cuda-source", CPU, PLAIN],
            id="Pascal with CUDA 12",
        ),
        pytest.param(
            Found(platform=LINUX, driver=(580, 65), capabilities=((6, 1),), nvcc=(13, 0)),
            [CPU, PLAIN],
            id="Pascal with CUDA 13, which dropped it",
        ),
        pytest.param(
            Found(platform="linux-aarch64", driver=(580, 65), capabilities=((9, 0),)),
            [CPU, PLAIN],
            id="Grace Hopper without nvcc",
        ),
        pytest.param(
            Found(platform="linux-aarch64", driver=(580, 65), capabilities=((9, 0),), nvcc=(13, 0)),
            ["cuda-source", CPU, PLAIN],
            id="Grace Hopper with nvcc",
        ),
        pytest.param(
            Found(platform=LINUX, driver=(580, 65), capabilities=((9, 0),), forced=Forced.CPU),
            [CPU, PLAIN],
            id="--cpu beside a card",
        ),
        pytest.param(
            Found(platform=LINUX, driver=(580, 65), capabilities=((9, 0),), forced=Forced.CUDA),
            ["cuda-wheel cu130"],
            id="--cuda never falls back",
        ),
        pytest.param(
            Found(platform=LINUX, forced=Forced.CUDA),
            ["cuda-wheel cu125"],
            id="--cuda without a driver",
        ),
    ],
)
def test_that_the_builds_to_try_follow_from_what_was_found(
    found: Found, expected: list[str]
) -> None:
    assert [brief(choice) for choice in choices(found)] == expected


def test_that_every_choice_gives_its_reason() -> None:
    old = choices(Found(platform=LINUX, driver=(470, 256, 2), capabilities=((8, 0),)))
    assert "470.256.2 is older than 525" in old[0].reason
    new = choices(Found(platform=LINUX, driver=(580, 65), capabilities=((8, 0),)))
    assert new[0].reason == "the NVIDIA driver 580.65 runs CUDA 13.0"
    assert all(choice.reason for choice in (*old, *new))


def test_that_cuda_wheels_come_with_the_libraries_of_their_own_cuda() -> None:
    for driver, suffix in ((580, "13.0"), (550, "-cu12")):
        found = Found(platform=LINUX, driver=(driver, 1), capabilities=((8, 0),))
        assert all(suffix in library for library in choices(found)[0].libraries)


def test_that_a_source_build_names_the_cards_it_is_for() -> None:
    found = Found(
        platform=LINUX, driver=(580, 1), capabilities=((8, 9), (12, 0), (8, 9)), nvcc=(12, 4)
    )
    source = next(c for c in choices(found) if c.kind is Kind.CUDA_SOURCE)
    assert "-DCMAKE_CUDA_ARCHITECTURES=89-real;90-virtual" in source.cmake_args


def test_that_nvidia_smi_is_read() -> None:
    assert cards_in("580.65.06, 9.0\n580.65.06, 8.9\n") == ((580, 65, 6), ((9, 0), (8, 9)))
    assert cards_in("NVIDIA-SMI has failed because it couldn't reach the driver") == (None, ())
    assert cards_in("") == (None, ())


def test_that_nvcc_is_read() -> None:
    assert release_in("Cuda compilation tools, release 13.0, V13.0.88\nBuild …") == (13, 0)
    assert release_in("") is None
