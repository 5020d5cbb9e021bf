"""What a link asks for: `fullbore://…`, and addresses of the Hub. Pure; decides nothing.

    fullbore://model/OWNER/REPO[:QUANTIZATION]     show that repository, and offer to download
    fullbore://chat?text=…                         put a text before the person, unsent
    https://huggingface.co/OWNER/REPO[/…]          the same as the first

Links are other people's words. They name no file of this computer, and what is hidden in them
(control characters, letters that nobody sees) has them refused.
"""

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from engine.errors import EngineError

SCHEME = "fullbore"
MOST_LINK = 32_000  # characters, before anything is decoded
MOST_TEXT = 8_000

_HUBS = frozenset({"huggingface.co", "www.huggingface.co", "hf.co"})
_PART = r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9_])?"
_MODEL = re.compile(rf"/({_PART})/({_PART})(?::([A-Za-z0-9][A-Za-z0-9._-]{{0,39}}))?/?", re.ASCII)
_PAGE = re.compile(
    rf"/({_PART})/({_PART})(?:/(?:tree|blob|resolve|discussions)(?:/.*)?)?/?", re.ASCII
)
# First parts of the Hub's own pages, which no person or organisation is called.
_NO_OWNERS = frozenset({"datasets", "spaces", "docs", "blog", "models", "collections", "papers"})
_JOINERS = frozenset("\u200c\u200d")  # letters of some scripts, and emoji, need them
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


class LinkRefused(EngineError):
    """A link that is not understood, or not to be followed."""

    code = "link_refused"
    remedy = "Nothing was done. Ask whoever made the link for another."


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelLink:
    """A repository, and perhaps one of its quantizations."""

    repository: str
    quantization: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatLink:
    """A text for the composer."""

    text: str


Link = ModelLink | ChatLink


def is_link(word: str) -> bool:
    """Whether that is a link to us or to the Hub, rather than a path; it may be a broken one."""
    start = word.lstrip().casefold()
    if start.startswith(f"{SCHEME}:"):
        return True
    return start.startswith(("https://", "http://")) and _host(start) in _HUBS


def parse(word: str) -> Link:
    """What it asks for. Raises LinkRefused."""
    word = word.strip()
    if len(word) > MOST_LINK:
        raise LinkRefused("The link is too long.")
    if not word.isprintable():
        raise LinkRefused("The link has characters in it that cannot be seen.")
    try:
        parts = urlsplit(word)
    except ValueError:
        raise LinkRefused("The link cannot be read.") from None
    if parts.scheme in {"http", "https"}:
        return _hub_page(parts)
    if parts.scheme != SCHEME:
        raise LinkRefused("The link is not one of Fullbore's.")
    match parts.netloc.casefold():
        case "model":
            return _model(parts)
        case "chat":
            return _chat(parts)
        case _:
            raise LinkRefused("The link asks for something that Fullbore does not know.")


def _host(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None


def _model(parts: SplitResult) -> ModelLink:
    found = _MODEL.fullmatch(_decoded(parts.path))
    if found is None or parts.query or parts.fragment:
        raise LinkRefused("The link names no repository that can be.")
    owner, name, quantization = found.groups()
    return ModelLink(repository=_repository(owner, name), quantization=quantization)


def _hub_page(parts: SplitResult) -> ModelLink:
    if _host(parts.geturl()) not in _HUBS or parts.netloc.casefold() not in _HUBS:
        raise LinkRefused("The link leads to a place that is not the Hub.")
    found = _PAGE.fullmatch(parts.path)
    if found is None or found[1].casefold() in _NO_OWNERS:
        raise LinkRefused("The link leads to a page of the Hub that is no model's.")
    return ModelLink(repository=_repository(found[1], found[2]))


def _repository(owner: str, name: str) -> str:
    """As the Hub writes it, which allows neither two dots nor two dashes beside each other."""
    repository = f"{owner}/{name}"
    if ".." in repository or "--" in repository:
        raise LinkRefused("The link names no repository that can be.")
    return repository


def _chat(parts: SplitResult) -> ChatLink:
    if parts.path not in {"", "/"} or parts.fragment:
        raise LinkRefused("The link asks for something that Fullbore does not know.")
    try:
        said = parse_qsl(parts.query, keep_blank_values=True, errors="strict", max_num_fields=4)
    except ValueError:
        raise LinkRefused("The link cannot be read.") from None
    if len(said) != 1 or said[0][0] != "text":
        raise LinkRefused("The link asks for something that Fullbore does not know.")
    text = said[0][1].replace("\r\n", "\n").strip()
    if not text:
        raise LinkRefused("The link brings no text.")
    if len(text) > MOST_TEXT:
        raise LinkRefused("The link's text is too long.")
    if any(_is_unseen(letter) for letter in text):
        raise LinkRefused("The link has characters in it that cannot be seen.")
    return ChatLink(text=text)


def _decoded(path: str) -> str:
    try:
        return unquote(path, errors="strict")
    except UnicodeDecodeError:
        raise LinkRefused("The link cannot be read.") from None


def _is_unseen(letter: str) -> bool:
    if letter in "\n\t" or letter in _JOINERS:
        return False
    return unicodedata.category(letter) in _UNSEEN
