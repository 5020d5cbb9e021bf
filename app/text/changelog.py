"""What a version brought, from the changelog."""

import re

_HEAD = re.compile(r"^## \[([^\]]+)\].*$", re.MULTILINE)


def news_of(changelog: str, version: str) -> str:
    """That version's part as Markdown; of a version that is not in it, what is not released yet.

    Empty, if there is neither.
    """
    heads = list(_HEAD.finditer(changelog))
    parts = {
        head[1]: changelog[head.end() : after.start() if after else len(changelog)].strip()
        for head, after in zip(heads, [*heads[1:], None], strict=False)
    }
    return parts.get(version, parts.get("Unreleased", ""))
