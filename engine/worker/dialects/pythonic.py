"""Calls written as Python: `name(key="value")`. Read, never run."""

import ast
import json

from engine.worker.dialects.tape import NotACall


def calls_in(text: str) -> list[tuple[str, str]]:
    """The calls that these statements are, with their arguments as JSON. Raises NotACall."""
    try:
        body = ast.parse(text.strip()).body
        found = [_call(one.value) for one in body if isinstance(one, ast.Expr)]
    except (SyntaxError, ValueError, RecursionError, MemoryError, TypeError) as error:
        raise NotACall from error
    if not found or len(found) != len(body):
        raise NotACall
    return found


def _call(node: ast.expr) -> tuple[str, str]:
    if not isinstance(node, ast.Call):
        raise NotACall
    name = ast.unparse(node.func)
    if name == "print" and len(node.args) == 1:
        return _call(node.args[0])
    if node.args or not name.replace(".", "").replace("_", "").isalnum():
        raise NotACall
    arguments: dict[str, object] = {}
    for keyword in node.keywords:
        if keyword.arg is None:
            raise NotACall
        arguments[keyword.arg] = ast.literal_eval(keyword.value)
    return name, json.dumps(arguments, ensure_ascii=False)
