"""A comparison as tables, and as JSON."""

from dataclasses import asdict
from typing import Any

from engine.terminal.against import AgainstReport, Row
from engine.terminal.paces import Pace
from engine.terminal.screen import table

_HEAD = (
    "streams",
    "Fullbore tok/s",
    "llama-server",
    "ratio",
    "with backend sampling",
    "ratio",
    "llama-batched-bench",
    "ratio",
    "first token ms",
    "llama-server's",
    "ratio",
)


def against_json(report: AgainstReport) -> dict[str, Any]:
    """All figures, and the ratios."""
    told = asdict(report)
    for row, source in zip(told["rows"], report.rows, strict=True):
        row["ratios"] = source.ratios
    if report.long_answer is not None:
        told["long_answer"]["kept"] = report.long_answer.kept
    told["one_stream_to_bench"] = _to_bench(report)
    return told


def against_text(report: AgainstReport) -> str:
    """For people."""
    raw = report.bench_decode
    lines = [
        f"{report.model} on {report.device} ({report.library}; llama-bench {raw.commit})",
        f"prompts of {report.prompt_tokens} tokens, answers of {report.answer_tokens},"
        " temperature 0.7, top-k 40, top-p 0.95, through the local port",
        f"llama-bench: decode at depth {report.prompt_tokens} {raw.average:.1f} ± "
        f"{raw.deviation:.1f} tok/s, prompt {report.bench_prompt.average:.1f} tok/s",
        "",
        table(_HEAD, [_cells(row) for row in report.rows]),
        "",
    ]
    one = _to_bench(report)
    if one is not None:
        told = ", ".join(f"{name} {ratio:.3f}" for name, ratio in one.items() if ratio is not None)
        lines.append(f"one stream ÷ llama-bench: {told}")
    if report.second_turn is not None:
        turn = report.second_turn
        lines.append(
            f"second turn after {turn.shared_tokens:,} shared tokens: first token "
            f"{turn.fullbore_ms:.0f} ms, llama-server {_number(turn.server_ms)} ms"
            f" (the first turn took {turn.first_turn_ms:.0f} ms)"
        )
    if report.long_answer is not None:
        long = report.long_answer
        lines.append(
            f"answer of {long.tokens:,} tokens: first thousand {long.first_tps:.1f} tok/s, last "
            f"{long.last_tps:.1f}; llama-bench there {long.raw_first_tps:.1f} and "
            f"{long.raw_last_tps:.1f}; kept of what the raw decode keeps: {long.kept:.3f}"
        )
    return "\n".join(lines)


def _to_bench(report: AgainstReport) -> dict[str, float | None] | None:
    """Of one stream: through the port, and as the engine itself counts."""
    ones = [row.fullbore for row in report.rows if row.streams == 1]
    if not ones:
        return None
    raw, engine = report.bench_decode.average, ones[0].engine_tps
    return {"port": ones[0].decode_tps / raw, "engine": engine / raw if engine else None}


def _cells(row: Row) -> tuple[str, ...]:
    ratios = row.ratios
    return (
        str(row.streams),
        f"{row.fullbore.decode_tps:.1f}",
        _decode(row.server),
        _ratio(ratios["server"]),
        _decode(row.sampling_server),
        _ratio(ratios["sampling_server"]),
        "–" if row.batched_tps is None else f"{row.batched_tps:.1f}",
        _ratio(ratios["batched"]),
        f"{row.fullbore.first_token_ms:.0f}",
        _number(row.server.first_token_ms if row.server else None),
        _ratio(ratios["first_token"]),
    )


def _decode(pace: Pace | None) -> str:
    return "–" if pace is None else f"{pace.decode_tps:.1f}"


def _ratio(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.0f}"
