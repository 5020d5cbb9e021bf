"""What may be written after `fullbore`."""

import argparse
import re
from collections.abc import Sequence
from pathlib import Path

from engine.config import DEFAULT_PORT, MOST_CONTEXT_TOKENS, MOST_STREAMS

_PAGE = re.compile(r"https?://[^/]+/([^/]+/[^/?#]+)(?:[/?#].*)?")


def parser(version: str) -> argparse.ArgumentParser:
    """The command line, with one subparser a verb."""
    whole = argparse.ArgumentParser(
        prog="fullbore", description="Run language models on this computer."
    )
    whole.add_argument("--version", action="version", version=f"Fullbore {version}")
    verbs = whole.add_subparsers(dest="verb", required=True, metavar="VERB")

    probe = verbs.add_parser("probe", help="show what this machine has")
    _json(probe)
    _json(verbs.add_parser("calibrate", help="measure this machine, in a minute"))
    shelf = verbs.add_parser("list", help="list the models on the shelf")
    _json(shelf)
    pull = verbs.add_parser("pull", help="download a model from the Hub")
    pull.add_argument("repository", metavar="REPO[:QUANT]", help="owner/name, and which of them")
    _json(pull)
    chat = verbs.add_parser("chat", help="chat in the terminal")
    chat.add_argument("model", nargs="?", metavar="MODEL", help="an id, its beginning, or a file")
    chat.add_argument("--prompt", type=_text, metavar="TEXT", help="print one answer and leave")
    chat.add_argument("--max-tokens", type=_count, metavar="N", help="end every answer there")
    serve = verbs.add_parser("serve", help="open the local port without a window")
    serve.add_argument("--host", help="the address to listen at (127.0.0.1)")
    serve.add_argument("--port", type=_port, help=f"the port ({DEFAULT_PORT}, or the next free)")
    serve.add_argument("--api-key", type=_text, help="require this key of every client")
    serve.add_argument("--model", metavar="MODEL", help="load this one at once")
    bench = verbs.add_parser("bench", help="measure tokens a second")
    bench.add_argument("model", metavar="MODEL", help="an id, its beginning, or a file")
    bench.add_argument("--streams", type=_counts, default=(1, 4, 8), metavar="N,N…")
    bench.add_argument("--prompt", type=_count, default=512, metavar="TOKENS")
    bench.add_argument("--answer", type=_count, default=128, metavar="TOKENS")
    _json(bench)
    return whole


def file_or_id(word: str) -> str:
    """A file by its full path, since the Engine may live in another folder; else as it stands."""
    path = Path(word)
    return str(path.absolute()) if word.lower().endswith(".gguf") and path.exists() else word


def split_quantization(word: str) -> tuple[str, str | None]:
    """`owner/name:QUANT` → its two halves; None where no quantization was named.

    The address of the repository's page will do for its name.
    """
    page = _PAGE.fullmatch(word)
    if page is not None:
        return page[1], None
    repository, _, label = word.partition(":")
    return repository, label or None


def _text(word: str) -> str:
    if not word.strip():
        raise argparse.ArgumentTypeError("there is nothing in it")
    return word


def _json(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--json", action="store_true", help="for programs")


def _count(word: str) -> int:
    return _number(word, MOST_CONTEXT_TOKENS)


def _counts(word: str) -> Sequence[int]:
    return tuple(_number(part, MOST_STREAMS) for part in word.split(","))


def _port(word: str) -> int:
    return _number(word, 65535)


def _number(word: str, most: int) -> int:
    try:
        number = int(word)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{word!r} is not a whole number") from None
    if not 1 <= number <= most:
        raise argparse.ArgumentTypeError(f"must be from 1 to {most}")
    return number
