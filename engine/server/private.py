"""What a failure must not tell a client: where things lie on this computer."""

import re

# A folder or file: a few words at most, and nothing that ends a path in a sentence.
_PART = r"[^/\\\s\"'“”‘’`,;:()<>|*?]+(?: [^/\\\s\"'“”‘’`,;:()<>|*?]+){0,3}"
_LAST = r"[^/\\\s\"'“”‘’`,;:()<>|*?]*"
# Absolute paths of two parts or more (POSIX), a drive's, a share's, or a person's own folder's; not
# what follows a host in a URL, nor `owner/name`.
_PATH = re.compile(
    rf"(?:file:/*[/\\]|(?<![\w.~:/\\-])[A-Za-z]:[\\/]+|(?<![\w:/\\.-])(?:\\\\|~[/\\]|/(?={_PART}/)))"
    rf"(?:{_PART}[\\/]+)*({_LAST})"
)
# A person's own folder, whose last part is the person's name.
_PERSON = re.compile(r"(?:[A-Za-z]:)?[/\\]+(?:home|Users)[/\\]+[^/\\]+[/\\]?", re.IGNORECASE)


def without_paths(sentence: str) -> str:
    """The sentence with the names of files in the place of their paths."""
    return _PATH.sub(lambda path: "…" if _PERSON.fullmatch(path[0]) else path[1] or "…", sentence)
