"""Brings the Chinese translation up to the sources.

    python -m tests.app.views.translating

Words that are new are written into the file without a translation and printed, to be translated by
hand; words that are gone are taken out; then the file is compiled. Run it again after translating.
`lupdate` alone would not do: it knows nothing of the engine's sentences, remedies and kinds.
"""

import subprocess
import sys
from pathlib import Path
from xml.sax.saxutils import escape

from tests.app.views import test_sayings as engine
from tests.app.views import test_words_in_chinese as window

_QUOTED = {'"': "&quot;", "'": "&apos;"}
# From files, from Qt, or put together where they are raised: the sources do not show them all.
_KEPT = {"Curated", "Failure", "QShortcut", "Remedy"}


def wanted() -> set[window.Said]:
    """All words that need a translation, by context."""
    return {
        *window.said(),
        *(window.Said("Saying", words) for words in engine.templates()),
        *(window.Said("Remedy", words) for words in engine.remedies() - {""}),
        *(window.Said("Failure", kind.code) for kind in engine.kinds()),
    }


def main() -> int:
    """How many words are still to be translated is told by the exit code: 1 for any."""
    known = dict(window.translated())
    words = wanted() | {one for one in known if one.context in _KEPT}
    order = [*(one for one in known if one in words), *sorted(words - set(known))]
    contexts = dict.fromkeys(sorted({one.context for one in words}))
    lines = ['<?xml version="1.0" encoding="utf-8"?>', "<!DOCTYPE TS>"]
    lines.append('<TS version="2.1" language="zh_CN">')
    for context in contexts:
        lines += ["<context>", f"    <name>{context}</name>"]
        for one in order:
            if one.context == context:
                lines += _message(one.words, known.get(one, ""))
        lines.append("</context>")
    window.TRANSLATION.write_text("\n".join([*lines, "</TS>", ""]), "utf-8")
    compiled = window.TRANSLATION.with_suffix(".qm")
    release = Path(sys.executable).with_name("pyside6-lrelease")
    subprocess.run([release, window.TRANSLATION, "-qm", compiled], check=True)
    missing = [one for one in order if not known.get(one)]
    for one in missing:
        print(f"{one.context}: {one.words!r}")
    return 1 if missing else 0


def _message(words: str, chinese: str) -> list[str]:
    opened = "<translation>" if chinese else '<translation type="unfinished">'
    return [
        "    <message>",
        f"        <source>{escape(words, _QUOTED)}</source>",
        f"        {opened}{escape(chinese, _QUOTED)}</translation>",
        "    </message>",
    ]


if __name__ == "__main__":
    sys.exit(main())
