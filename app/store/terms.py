"""Which words a text is found by: pure functions.

A language that separates words is found by words, whatever follows what was typed; Chinese,
Japanese, Korean and other scripts without spaces by pairs of characters. What `terms` answers for a
text is written into the index and taken out by it: a change of it is a migration.
"""

import re
import unicodedata

MOST_INDEXED_CHARACTERS = 100_000  # of one message; what stands further behind is not found
LONGEST_WORD = 40
MOST_WORDS = 16

_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff"
    "\u3100-\u318f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff"
    "\uff66-\uff9f\U00020000-\U0003ffff"
)
_PART = re.compile(rf"[{_UNSPACED}]+|[^\W_{_UNSPACED}]+")
_UNSPACED_START = re.compile(f"[{_UNSPACED}]")
_ACCENTS = dict.fromkeys(range(0x300, 0x370))


def fold(text: str) -> str:
    """Without case, accents and widths."""
    if text.isascii():
        return text.lower()
    bare = unicodedata.normalize("NFKD", text).translate(_ACCENTS)
    return unicodedata.normalize("NFKC", bare).casefold()


def parts(text: str) -> list[str]:
    """Words, and runs of characters that no spaces separate."""
    found: list[str] = _PART.findall(text)
    return found


def is_unspaced(part: str) -> bool:
    """Whether that part is such a run."""
    return _UNSPACED_START.match(part) is not None


def terms(text: str) -> str:
    """What the index keeps of a text, each once, with a space between."""
    kept = dict[str, None]()
    for part in parts(fold(text[:MOST_INDEXED_CHARACTERS])):
        if is_unspaced(part):
            kept.update(dict.fromkeys(part[at : at + 2] for at in range(len(part))))
        else:
            kept[part[:LONGEST_WORD]] = None
    return " ".join(kept)


def wanted(words: str) -> list[str]:
    """What the person looks for, folded."""
    return list(dict.fromkeys(parts(fold(words[:1000]))))[:MOST_WORDS]


def match(looked_for: list[str]) -> str:
    """The expression of FTS5 that finds texts with all of them. Only ours is syntax."""
    asked = dict[str, None]()
    for part in looked_for:
        if not is_unspaced(part):
            asked[f'"{part[:LONGEST_WORD]}"*'] = None
        elif len(part) == 1:
            asked[f'"{part}"*'] = None
        else:
            asked.update(dict.fromkeys(f'"{part[at : at + 2]}"' for at in range(len(part) - 1)))
    return " ".join(asked)
