"""Names of licences: what packages say of theirs, as SPDX says it; and which may be passed on."""

import re
from collections.abc import Sequence

# What some packages say in words of their own.
_WORDS = {
    "mit": "MIT",
    "mit license": "MIT",
    "the mit license": "MIT",
    "apache 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "apache license, version 2.0": "Apache-2.0",
    "apache license 2.0": "Apache-2.0",
    "bsd license": "BSD-3-Clause",
    "bsd": "BSD-3-Clause",
    "bsd 3-clause": "BSD-3-Clause",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "isc license (iscl)": "ISC",
    "python software foundation license": "PSF-2.0",
}
# What their texts say, where their metadata say nothing.
_READ = {"quickjs-ng": "MIT", "jaraco-classes": "MIT", "pywin32-ctypes": "BSD-3-Clause"}

ALLOWED = frozenset(
    {
        *("0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BSL-1.0", "CC0-1.0", "ISC", "MIT"),
        *("MIT-0", "MPL-2.0", "OFL-1.1", "PSF-2.0", "Python-2.0", "Unlicense", "Zlib", "blessing"),
        *("bzip2-1.0.6", "LGPL-2.1-only", "LGPL-2.1-or-later", "LGPL-3.0-only"),
        *("LGPL-3.0-or-later", "LicenseRef-NVIDIA-CUDA-EULA"),
        *("GPL-3.0-or-later WITH GCC-exception-3.1", "GPL-2.0-or-later WITH Bootloader-exception"),
    }
)
_TOKEN = re.compile(r"\(|\)|[^\s()]+")


def spdx(package: str, said: str, classifiers: Sequence[str]) -> str:
    """The SPDX expression of that package's licence; empty if it says nothing that is known."""
    plain = re.sub(r"[-_.]+", "-", package).lower()
    if plain in _READ:
        return _READ[plain]
    words = " ".join(said.split())
    if words.lower() in _WORDS:
        return _WORDS[words.lower()]
    if words and len(words) < 200 and is_expression(words):
        return words
    for classifier in classifiers:
        last = classifier.rpartition(" :: ")[2].lower()
        if classifier.startswith("License ::") and last in _WORDS:
            return _WORDS[last]
    return ""


def is_expression(words: str) -> bool:
    """Whether that reads like SPDX: names joined by AND, OR and WITH."""
    said = [word for word in _TOKEN.findall(words) if word not in {"(", ")"}]
    names, joints = said[0::2], said[1::2]
    return (
        len(said) % 2 == 1
        and all(joint in {"AND", "OR", "WITH"} for joint in joints)
        and all(re.fullmatch(r"[A-Za-z0-9.+-]+", name) for name in names)
    )


def may_be_passed_on(expression: str) -> bool:
    """Whether one of its choices is allowed in all its parts. An unknown licence is none."""
    tokens = _TOKEN.findall(expression)
    if not tokens:
        return False
    value, rest = _either(tokens)
    return value and not rest


def _either(tokens: list[str]) -> tuple[bool, list[str]]:
    value, rest = _both(tokens)
    while rest[:1] == ["OR"]:
        other, rest = _both(rest[1:])
        value = value or other
    return value, rest


def _both(tokens: list[str]) -> tuple[bool, list[str]]:
    value, rest = _one(tokens)
    while rest[:1] == ["AND"]:
        other, rest = _one(rest[1:])
        value = value and other
    return value, rest


def _one(tokens: list[str]) -> tuple[bool, list[str]]:
    if tokens[:1] == ["("]:
        value, rest = _either(tokens[1:])
        return (value and rest[:1] == [")"]), rest[1:]
    if tokens[1:2] == ["WITH"]:
        return " ".join(tokens[:3]) in ALLOWED, tokens[3:]
    return tokens[:1] != [] and tokens[0] in ALLOWED, tokens[1:]
