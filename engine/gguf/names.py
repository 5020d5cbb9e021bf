"""How people name GGUF files, and where those from the Hub lie on disk.

The shelf and the downloads both go by these names, so that what was downloaded as
`owner/repo:QUANT` is found as `owner/repo:QUANT`.
"""

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

# Q4_K_M, IQ2_XS, TQ1_0, UD-Q4_K_XL, BF16, MXFP4_MOE … between separators.
_LABEL = re.compile(
    r"(?:^|(?<=[-._ ]))"
    r"((?:UD-)?(?:[IT]?Q\d(?:_(?:K|\d|NL|XXS|XS|S|M|L|XL|XXL))*|BF16|FP?16|FP?32|MXFP4(?:_MOE)?|NVFP4))"
    r"(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_SHARD = re.compile(r"^(?P<stem>.+)-(?P<number>\d{5})-of-(?P<count>\d{5})$")
# Not language models: the eyes and ears of one, and the statistics behind a quantization.
_COMPANION = re.compile(r"(?:^|[-._ ])(?:mmproj|imatrix)(?:[-._ ]|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """The parts of a file's name. A file that is not split is number 1 of 1."""

    stem: str  # without shard and extension
    number: int
    count: int

    @property
    def label(self) -> str | None:
        """The quantization the name tells of, in capitals; None if it tells of none."""
        found = _LABEL.findall(self.stem)
        return str(found[-1]).upper() if found else None


def model_name(file_name: str) -> Name | None:
    """The parts of a model file's name; None if a file of that name is no model (or no GGUF)."""
    stem, dot, extension = file_name.rpartition(".")
    if not stem or not dot or extension.lower() != "gguf" or _COMPANION.search(stem):
        return None
    shard = _SHARD.match(stem)
    if shard is None:
        return Name(stem=stem, number=1, count=1)
    return Name(stem=shard["stem"], number=int(shard["number"]), count=int(shard["count"]))


def model_id(place: PurePosixPath, *, exact: bool = False) -> str:
    """The id of the model whose file lies at that place under a folder of models.

    `owner/repo/…/file.gguf` is `owner/repo:QUANT`; where two files share that, and where the name
    tells of no quantization, the stem stands for it (`exact`). Any other place gives the stem.
    """
    name = model_name(place.name)
    stem = name.stem if name else place.stem
    if len(place.parts) < 3:
        return stem
    label = None if exact or name is None else name.label
    return f"{place.parts[0]}/{place.parts[1]}:{label or stem}"


def place_of(models: Path, repository: str, file: str) -> Path:
    """Where a repository's file lies under the folder of models. Both names are to be safe."""
    return models.joinpath(*repository.split("/"), *file.split("/"))
