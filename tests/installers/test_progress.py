import io

from installers.progress import Progress


class Clock:
    """A clock that goes on when it is told."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


class Terminal(io.StringIO):
    """What a person sees on a terminal, as it was written."""

    def isatty(self) -> bool:
        return True


def test_that_a_file_gets_a_line_now_and_then() -> None:
    out, clock = io.StringIO(), Clock()
    progress = Progress(out, clock=clock)
    for step in range(1, 101):
        clock.now_s += 1
        progress.saw(f"  [{step}/100] Building CXX object a.cpp.o\n")
    progress.end()
    lines = out.getvalue().splitlines()
    assert lines[0] == "  compiling 1 of 100, 0:01"
    assert lines[-1] == "  compiling 100 of 100, 1:40"
    assert len(lines) == 11


def test_that_a_terminal_gets_one_line_that_moves() -> None:
    out, clock = Terminal(), Clock()
    progress = Progress(out, clock=clock)
    for step in (1, 2, 3):
        clock.now_s += 1
        progress.saw(f"[{step}/3] Linking\n")
    progress.saw("Successfully installed numpy-2.4.6\n")
    assert out.getvalue().count("\n") == 2
    assert out.getvalue().endswith("compiling 3 of 3, 0:03\n  Successfully installed numpy-2.4.6\n")


def test_that_pip_s_chatter_is_left_out() -> None:
    out = io.StringIO()
    progress = Progress(out)
    progress.saw("  Looking in indexes: https://pypi.org/simple\n")
    progress.saw("Collecting numpy\n")
    progress.saw("  Building wheel for x (pyproject.toml): finished with status 'done'\n")
    assert out.getvalue() == "  Collecting numpy\n"
