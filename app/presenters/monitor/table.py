"""A stretch of the history as a table that spreadsheets read."""

import csv
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from app.presenters.monitor.history import Strands


def write_table(
    path: Path, keys: Sequence[str], strands: Strands, newest: tuple[float, float]
) -> None:
    """A row for each time, empty cells where nothing was measured. Raises OSError.

    `newest` is one moment on the history's axis and by the wall clock. Where more than one reading
    fell together a column has its mean, and the least and the most stand beside it.
    """
    draft = path.with_name(path.name + ".new")
    with draft.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(_rows(keys, strands, newest))
    draft.replace(path)


def _rows(
    keys: Sequence[str], strands: Strands, newest: tuple[float, float]
) -> Iterator[Sequence[str]]:
    coarse = strands.mean is not strands.low
    suffixes = ("", "_min", "_max") if coarse else ("",)
    yield ("time", *(key + suffix for key in keys for suffix in suffixes))
    parts = (strands.mean, strands.low, strands.high) if coarse else (strands.mean,)
    cells = np.stack(parts, axis=1).reshape(-1, len(strands.times)).T
    for at, row in zip(strands.times, cells, strict=True):
        if np.isnan(row).all():
            continue
        moment = datetime.fromtimestamp(newest[1] - newest[0] + float(at), UTC)
        told = ("" if np.isnan(value) else f"{value:.7g}" for value in row)
        yield (moment.isoformat(timespec="milliseconds"), *told)
