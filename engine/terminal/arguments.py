"""What may be written after `fullbore`."""

import argparse
import re
from collections.abc import Sequence
from pathlib import Path

from engine.access import Scope
from engine.config import DEFAULT_PORT, MOST_CONTEXT_TOKENS, MOST_STREAMS
from engine.download.values import SortBy

USUAL_PRICE = 0.30  # of a kWh, in euros or dollars: between what the two continents pay

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
    doctor = verbs.add_parser("doctor", help="find what is wrong with this machine")
    doctor.add_argument("--quick", action="store_true", help="read no files, compute nothing")
    _json(doctor)
    shelf = verbs.add_parser("list", help="list the models on the shelf")
    _json(shelf)
    search = verbs.add_parser("search", help="find models on the Hub")
    search.add_argument("words", nargs="*", metavar="WORD", help="of the repository's name")
    search.add_argument("--sort", choices=[one.value for one in SortBy], default="downloads")
    search.add_argument("--architecture", type=_text, metavar="NAME", help="such as qwen3moe")
    _json(search)
    pull = verbs.add_parser("pull", help="download a model from the Hub")
    pull.add_argument("repository", metavar="REPO[:QUANT]", help="owner/name, and which of them")
    _json(pull)
    remove = verbs.add_parser("rm", help="move a model to the bin")
    remove.add_argument("model", metavar="MODEL", help="an id, its beginning, or a file")
    remove.add_argument("--yes", action="store_true", help="without asking")
    _json(remove)
    verify = verbs.add_parser("verify", help="hash models and compare with the Hub's hashes")
    verify.add_argument("model", nargs="?", metavar="MODEL", help="all, if none is named")
    _json(verify)
    chat = verbs.add_parser("chat", help="chat in the terminal")
    chat.add_argument("model", nargs="?", metavar="MODEL", help="an id, its beginning, or a file")
    chat.add_argument("--prompt", type=_text, metavar="TEXT", help="print one answer and leave")
    chat.add_argument("--max-tokens", type=_count, metavar="N", help="end every answer there")
    _lora(chat)
    _serve(verbs.add_parser("serve", help="open the local port without a window"))
    pack = verbs.add_parser("pack", help="the GPU pack: what NVIDIA cards need beside Fullbore")
    pack.add_argument("deed", nargs="?", choices=("status", "install", "remove"), default="status")
    _json(pack)
    _keys(verbs.add_parser("keys", help="the keys of the local port"))
    _bench(verbs.add_parser("bench", help="measure tokens a second"))
    _plan(verbs.add_parser("plan", help="what goes where, and how fast, before downloading"))
    return whole


def _serve(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--host", help="the address to listen at (127.0.0.1)")
    verb.add_argument("--port", type=_port, help=f"the port ({DEFAULT_PORT}, or the next free)")
    verb.add_argument("--api-key", type=_text, help="require this key of every client")
    verb.add_argument("--tls-certificate", type=_file, metavar="FILE", help="serve over HTTPS")
    verb.add_argument("--tls-key", type=_file, metavar="FILE", help="the certificate's key")
    verb.add_argument("--model", metavar="MODEL", help="load this one at once")
    verb.add_argument(
        "--grace",
        type=_seconds,
        default=30.0,
        metavar="SECONDS",
        help="asked to end, let answers finish for so long (30)",
    )
    _lora(verb)


def _keys(verb: argparse.ArgumentParser) -> None:
    deeds = verb.add_subparsers(dest="deed", required=True, metavar="list|add|remove")
    _json(deeds.add_parser("list", help="show the keys, but never their secrets"))
    add = deeds.add_parser("add", help="make a key and show its secret, once")
    add.add_argument("name", type=_text, metavar="NAME", help="who is to have it")
    add.add_argument(
        "--scope",
        action="append",
        choices=[scope.value for scope in Scope],
        help="what it opens; may be repeated (everything)",
    )
    add.add_argument("--per-minute", type=_count, metavar="N", help="requests it may make")
    add.add_argument("--at-once", type=_count, metavar="N", help="answers it may wait for")
    _json(add)
    remove = deeds.add_parser("remove", help="let nobody in with that key any more")
    remove.add_argument("key", type=_text, metavar="NAME|ID")
    _json(remove)


def _bench(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("model", metavar="MODEL", help="an id, its beginning, or a file")
    verb.add_argument("--streams", type=_counts, metavar="N,N…")
    verb.add_argument("--prompt", type=_count, default=512, metavar="TOKENS")
    verb.add_argument("--answer", type=_count, default=128, metavar="TOKENS")
    _lora(verb)
    less = verb.add_mutually_exclusive_group()
    less.add_argument("--no-guesses", action="store_true", help="guess no tokens ahead")
    less.add_argument(
        "--raw",
        action="store_true",
        help="choose no tokens either: llama.cpp's own pace within Fullbore",
    )
    verb.add_argument("--against", metavar="FOLDER", help="compare with llama.cpp's programs")
    verb.add_argument(
        "--prefix", type=_whole_tokens, default=8192, metavar="TOKENS", help="shared by two turns"
    )
    verb.add_argument(
        "--long", type=_count, nargs="?", const=10_000, metavar="TOKENS", help="one long answer"
    )
    _json(verb)


def _lora(verb: argparse.ArgumentParser) -> None:
    verb.add_argument(
        "--lora",
        type=_adapter,
        action="append",
        metavar="FILE[=SCALE]",
        help="an adapter for MODEL; several may be named",
    )


def _plan(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("model", metavar="MODEL|REPO[:QUANT]", help="on the shelf, or on the Hub")
    verb.add_argument(
        "--machine", type=_text, metavar="TEXT", help='such as "2x RTX 4090, 128 GB DDR5-5600"'
    )
    verb.add_argument("--context", type=_context, metavar="TOKENS")
    verb.add_argument("--streams", type=_streams, metavar="N", help="answers at once")
    verb.add_argument("--cache", choices=("f16", "q8_0", "q4_0"), help="the KV cache's type")
    verb.add_argument("--prefer", choices=("context", "speed", "quality"))
    verb.add_argument("--exact", action="store_true", help="let llama.cpp confirm the bytes")
    verb.add_argument("--gpu-layers", type=_whole, metavar="N", help="the output layer counts")
    verb.add_argument("--split-mode", choices=("none", "layer", "tensor"))
    verb.add_argument("--tensor-split", type=_shares, metavar="N,N…", help="a share for each card")
    verb.add_argument("--cpu-experts", type=_whole, metavar="N", help="layers with experts in RAM")
    verb.add_argument("--devices", type=_cards, metavar="N,N…", help="cards to use; - for none")
    verb.add_argument(
        "--reserve", type=_reserve, metavar="CARD=GB,…", help="what is to stay free on a card"
    )
    verb.add_argument(
        "--price", type=_real, default=USUAL_PRICE, metavar="N", help="of a kWh, in any currency"
    )
    _json(verb)


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


def _file(word: str) -> Path:
    # By its full path: settings are read in whatever folder the program runs in.
    return Path(word).absolute()


def _json(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--json", action="store_true", help="for programs")


def _count(word: str) -> int:
    return _number(word, MOST_CONTEXT_TOKENS)


def _counts(word: str) -> Sequence[int]:
    return tuple(_number(part, MOST_STREAMS) for part in word.split(","))


def _whole_tokens(word: str) -> int:
    return _number(word, MOST_CONTEXT_TOKENS, least=0)


def _seconds(word: str) -> float:
    return float(_number(word, 24 * 3600, least=0))


def _port(word: str) -> int:
    return _number(word, 65535)


def _streams(word: str) -> int:
    return _number(word, MOST_STREAMS)


def _context(word: str) -> int:
    thousands = word.lower().endswith("k")
    return (
        _number(word[:-1], 1 << 14) * 1024
        if thousands
        else _number(word, MOST_CONTEXT_TOKENS, least=256)
    )


def _whole(word: str) -> int:
    return _number(word, 9999, least=0)


def _cards(word: str) -> tuple[int, ...]:
    return () if word == "-" else tuple(_whole(part) for part in word.split(","))


def _shares(word: str) -> tuple[float, ...]:
    return tuple(_real(part) for part in word.split(","))


def _reserve(word: str) -> tuple[tuple[int, int], ...]:
    pairs = [part.partition("=") for part in word.split(",")]
    return tuple((_whole(card), int(_real(size) * 10**9)) for card, _, size in pairs)


def _adapter(word: str) -> tuple[str, float]:
    path, weight = Path(word), 1.0
    if not path.is_file():
        name, _, scale = word.rpartition("=")
        path, weight = (Path(name), _real(scale)) if name else (path, weight)
    if not path.is_file():
        raise argparse.ArgumentTypeError(f"there is no file {path}")
    return str(path.absolute()), weight


def _real(word: str) -> float:
    try:
        number = float(word)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{word!r} is not a number") from None
    if not 0 <= number < float("inf"):
        raise argparse.ArgumentTypeError(f"{word!r} is not a number of that kind")
    return number


def _number(word: str, most: int, *, least: int = 1) -> int:
    try:
        number = int(word)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{word!r} is not a whole number") from None
    if not least <= number <= most:
        raise argparse.ArgumentTypeError(f"must be from {least} to {most}")
    return number
