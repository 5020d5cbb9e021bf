"""JSON Schema → GBNF. What a grammar cannot hold is refused by name, or for tools left out."""

import json
from typing import Any, cast

from engine.background.gbnf import Rules, in_class, literal
from engine.background.numbers import decimals, integers
from engine.background.patterns import pattern_rule
from engine.errors import BadRequest

MOST_BYTES = 256 << 10
_DEEPEST = 64
_MOST_REPEATS = 2_000
_MOST_KEY_LETTERS = 2_000
Schema = dict[str, Any]

_WS = '" "? | "\\n" [ \\t]{0,20}'
_CHAR = r"""[^"\\\x7F\x00-\x1F] | "\\" (["\\/bfnrt] | "u" [0-9a-fA-F]{4})"""
_INTEGER = '"-"? ("0" | [1-9] [0-9]{0,15})'
_DIGITS = '("." [0-9]{1,16})? ([eE] [-+]? [0-9]{1,3})?'
_FORMATS = {
    "date": '[0-9]{4} "-" ("0" [1-9] | "1" [0-2]) "-" ("0" [1-9] | "1" [0-9] | "2" [0-8])',
    "time": '([01] [0-9] | "2" [0-3]) ":" [0-5] [0-9] ":" [0-5] [0-9] ("." [0-9]{3})? "Z"',
    "uuid": '[0-9a-f]{8} "-" [0-9a-f]{4} "-" [0-9a-f]{4} "-" [0-9a-f]{4} "-" [0-9a-f]{12}',
}
_FORMATS["date-time"] = f'{_FORMATS["date"]} "T" {_FORMATS["time"]}'
_UNHEARD = (
    *("not", "if", "then", "else", "patternProperties", "propertyNames", "dependentRequired"),
    *("dependentSchemas", "contains", "uniqueItems", "multipleOf", "minProperties"),
    *("maxProperties", "unevaluatedProperties", "unevaluatedItems"),
)
_LISTS = {"items", "minItems", "maxItems", "prefixItems"}
_TEXTS = {"minLength", "maxLength", "pattern", "format"}
_LIMITS = {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}


def read_schema(text: str, what: str) -> Schema:
    """The schema that is written so. Raises BadRequest."""
    if len(text.encode("utf-8", "replace")) > MOST_BYTES:
        raise BadRequest(f"{what} is greater than {MOST_BYTES >> 10} kB.")
    try:
        schema = json.loads(text or "{}")
    except (ValueError, RecursionError) as error:
        said = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise BadRequest(f"{what} is not JSON: {said}.") from error
    if schema is True:
        return {}
    if not isinstance(schema, dict):
        raise BadRequest(f"{what} must be a JSON object.")
    found = cast("Schema", schema)
    _check_depth(found, what)
    return found


def _check_depth(schema: Any, what: str) -> None:
    level: list[Any] = [schema]
    for _ in range(_DEEPEST * 2):
        below: list[Any] = []
        for one in level:
            if isinstance(one, dict):
                below += cast("dict[str, Any]", one).values()
            elif isinstance(one, list):
                below += cast("list[Any]", one)
        if not below:
            return
        level = below
    raise BadRequest(f"{what} is nested deeper than {_DEEPEST}.")


class Schemas:
    """Writes rules for one schema; `strict` refuses what a grammar cannot hold."""

    def __init__(self, rules: Rules, root: Schema, what: str, *, strict: bool) -> None:
        self._rules, self._root, self._what, self._strict = rules, root, what, strict
        self._refs: dict[str, str] = {}
        self.ws = rules.add("ws", _WS)
        char = rules.add("char", _CHAR)
        self.char = char
        self.string = rules.add("string", f'"\\"" {char}* "\\""')
        self.integer = rules.add("integer", _INTEGER)
        self.number = rules.add("number", f"{self.integer} {_DIGITS}")
        self.value = rules.add("value-of-any-kind", "any-value")
        self._any()

    def _any(self) -> None:
        """What knows no schema: any value, any list, any object."""
        ws, string = self.ws, self.string
        pair = self._rules.add("pair-of-any-kind", f'{string} {ws} ":" {ws} {self.value}')
        self.object = self._rules.add(
            "object-of-any-kind",
            f'"{{" {ws} ({pair} ({ws} "," {ws} {pair})* {ws})? "}}"',
        )
        self.list = self._rules.add(
            "list-of-any-kind",
            f'"[" {ws} ({self.value} ({ws} "," {ws} {self.value})* {ws})? "]"',
        )
        self._rules.write(
            self.value,
            f'{self.object} | {self.list} | {string} | {self.number} | "true" | "false" | "null"',
        )

    def rule(self, schema: Any, place: str = "#", depth: int = 0) -> str:
        """The name of a rule for what this schema allows. Raises BadRequest."""
        if depth > _DEEPEST:
            raise BadRequest(f"{self._what} is nested deeper than {_DEEPEST} at {place}.")
        if schema is True or schema == {}:
            return self.value
        if not isinstance(schema, dict):
            raise BadRequest(f"{self._what} has no schema at {place}.")
        found = cast("Schema", schema)
        if self._strict:
            for name in _UNHEARD:
                if name in found:
                    raise BadRequest(
                        f"{self._what} uses {name} at {place}, which no grammar can hold."
                    )
        return self._kind(found, place, depth)

    def _kind(self, schema: Schema, place: str, depth: int) -> str:  # noqa: PLR0911
        if "$ref" in schema:
            return self._ref(schema["$ref"], place)
        if "const" in schema:
            return self._rules.add("const", literal(_json(schema["const"])))
        if "enum" in schema:
            return self._enum(schema["enum"], place)
        if "allOf" in schema:
            return self._kind(self._merged(schema, place), place, depth)
        for word in ("anyOf", "oneOf"):
            if word in schema:
                return self._ways(schema, word, place, depth)
        kind = schema.get("type") or _guessed(schema)
        if isinstance(kind, list):
            names = [self._typed(str(one), schema, place, depth) for one in cast("list[Any]", kind)]
            return self._rules.add("types", " | ".join(names) or '""')
        return self._typed(str(kind), schema, place, depth)

    def _typed(self, kind: str, schema: Schema, place: str, depth: int) -> str:  # noqa: PLR0911
        match kind:
            case "string":
                return self._text(schema, place)
            case "integer" | "number":
                return self._number(schema, kind, place)
            case "boolean":
                return self._rules.add("boolean", '"true" | "false"')
            case "null":
                return self._rules.add("null", '"null"')
            case "array":
                return self._array(schema, place, depth)
            case "object":
                return self._object(schema, place, depth)
            case "any":
                return self.value
            case _:
                raise BadRequest(f"{self._what} has the unknown type {kind!r} at {place}.")

    def _ref(self, target: Any, place: str) -> str:
        seen: list[str] = []
        while True:
            if not isinstance(target, str) or not target.startswith("#"):
                raise BadRequest(
                    f"{self._what} refers to {target!r} at {place}: only #/… is known."
                )
            if target in seen:
                raise BadRequest(f"{self._what} refers in a circle at {place}.")
            if target in self._refs:
                return self._refs[target]
            seen.append(target)
            found = self._found(target, place)
            if not isinstance(found, dict) or "$ref" not in found:
                break
            target = cast("Schema", found)["$ref"]
        name = self._refs[target] = self._rules.reserve(f"ref {target.rpartition('/')[2]}")
        self._rules.write(name, self.rule(found, target))
        return name

    def _found(self, target: str, place: str) -> Any:
        found: Any = self._root
        for step in target.removeprefix("#").strip("/").split("/"):
            key = step.replace("~1", "/").replace("~0", "~")
            if not step:
                continue
            if (
                isinstance(found, list)
                and key.isdigit()
                and int(key) < len(cast("list[Any]", found))
            ):
                found = cast("list[Any]", found)[int(key)]
            elif isinstance(found, dict) and key in found:
                found = cast("Schema", found)[key]
            else:
                raise BadRequest(f"{self._what} refers to {target} at {place}, which is not there.")
        return found

    def _enum(self, values: Any, place: str) -> str:
        if not isinstance(values, list) or not values:
            raise BadRequest(f"{self._what} has an enum without values at {place}.")
        written = " | ".join(literal(_json(one)) for one in cast("list[Any]", values))
        return self._rules.add("enum", written)

    def _ways(self, schema: Schema, word: str, place: str, depth: int) -> str:
        ways = schema[word]
        if not isinstance(ways, list) or not ways:
            raise BadRequest(f"{self._what} has an empty {word} at {place}.")
        beside = {name: value for name, value in schema.items() if name != word}
        names: list[str] = []
        for number, way in enumerate(cast("list[Any]", ways)):
            if _guessed(beside) != "any" or "type" in beside:
                way = self._merged({"allOf": [beside, way]}, place)  # noqa: PLW2901
            names.append(self.rule(way, f"{place}/{word}/{number}", depth + 1))
        return self._rules.add(word, " | ".join(names))

    def _merged(self, schema: Schema, place: str) -> Schema:
        """What all of these ask, as one schema."""
        parts = schema["allOf"]
        if not isinstance(parts, list):
            raise BadRequest(f"{self._what} has no list in allOf at {place}.")
        beside = {name: value for name, value in schema.items() if name != "allOf"}
        whole: Schema = {}
        for part in (beside, *cast("list[Any]", parts)):
            one: Any = part
            for _ in range(_DEEPEST):
                if not (isinstance(one, dict) and "$ref" in one):
                    break
                one = self._found(str(cast("Schema", one)["$ref"]), place)
            if isinstance(one, dict) and "allOf" in one:
                if len(whole) > _MOST_KEY_LETTERS or one is schema:
                    raise BadRequest(f"{self._what} refers in a circle at {place}.")
                one = self._merged(cast("Schema", one), place)
            if isinstance(one, dict):
                _merge(whole, cast("Schema", one))
        return whole

    # --- values --------------------------------------------------------------------------------

    def _text(self, schema: Schema, place: str) -> str:
        if isinstance(schema.get("pattern"), str):
            inner = pattern_rule(schema["pattern"], self._rules, place)
        elif schema.get("format") in _FORMATS:
            inner = self._rules.add(str(schema["format"]), _FORMATS[schema["format"]])
        elif "minLength" in schema or "maxLength" in schema:
            inner = self.char + self._times(schema, "Length", place)
        else:
            return self.string
        return self._rules.add("text", f'"\\"" {inner} "\\""')

    def _times(self, schema: Schema, what: str, place: str) -> str:
        least, most = schema.get(f"min{what}", 0), schema.get(f"max{what}")
        for limit in (least, most):
            if limit is not None and (not isinstance(limit, int) or limit < 0):
                raise BadRequest(f"{self._what} has a length that is no number at {place}.")
        if least > _MOST_REPEATS or (most is not None and most < least):
            raise BadRequest(f"{self._what} has impossible limits of length at {place}.")
        if most is not None and most > _MOST_REPEATS:
            if self._strict:
                raise BadRequest(
                    f"{self._what} has a max{what} above {_MOST_REPEATS:,} at {place},"
                    " which no grammar can count."
                )
            most = None
        return f"{{{least},{'' if most is None else most}}}"

    def _number(self, schema: Schema, kind: str, place: str) -> str:
        low, high = schema.get("minimum"), schema.get("maximum")
        step = 1 if kind == "integer" else 1e-9
        if isinstance(schema.get("exclusiveMinimum"), (int, float)):
            low = schema["exclusiveMinimum"] + step
        if isinstance(schema.get("exclusiveMaximum"), (int, float)):
            high = schema["exclusiveMaximum"] - step
        if not isinstance(low, (int, float, type(None))) or not isinstance(
            high, (int, float, type(None))
        ):
            raise BadRequest(f"{self._what} has a limit that is no number at {place}.")
        if low is None and high is None:
            return self.integer if kind == "integer" else self.number
        if any(limit is not None and abs(limit) > 1e15 for limit in (low, high)):
            low, high = (None if limit and abs(limit) > 1e15 else limit for limit in (low, high))
        written = (integers if kind == "integer" else decimals)(low, high)
        if written is None:
            raise BadRequest(f"{self._what} has limits that no number keeps at {place}.")
        return self._rules.add("limited", written)

    def _array(self, schema: Schema, place: str, depth: int) -> str:
        ws = self.ws
        first = schema.get("prefixItems")
        if isinstance(first, list) and first:
            names = [
                self.rule(one, f"{place}/prefixItems/{number}", depth + 1)
                for number, one in enumerate(cast("list[Any]", first))
            ]
            body = f' {ws} "," {ws} '.join(names)
            return self._rules.add("tuple", f'"[" {ws} {body} {ws} "]"')
        if not _LISTS & schema.keys():
            return self.list
        item = self.rule(schema.get("items", True), f"{place}/items", depth + 1)
        least, most = schema.get("minItems", 0), schema.get("maxItems")
        if most == 0:
            return self._rules.add("nothing", f'"[" {ws} "]"')
        times = self._times(schema, "Items", place)
        low = max(0, least - 1)
        high = "" if most is None or times.endswith(",}") else str(most - 1)
        more = self._rules.add("more", f'{ws} "," {ws} {item}')
        body = f"{item} {more}{{{low},{high}}} {ws}"
        return self._rules.add("list", f'"[" {ws} {body if least else f"({body})?"} "]"')

    # --- objects -------------------------------------------------------------------------------

    def _object(self, schema: Schema, place: str, depth: int) -> str:
        found = schema.get("properties", {})
        if not isinstance(found, dict):
            raise BadRequest(f"{self._what} has properties that are no object at {place}.")
        properties = cast("Schema", found)
        others = schema.get("additionalProperties", None if properties else True)
        required = self._required(schema, properties, place)
        if not properties and others is True and not required:
            return self.object
        pairs: list[tuple[str, bool]] = []
        for key in (*properties, *(key for key in required if key not in properties)):
            value = self.rule(properties.get(key, True), f"{place}/properties/{key}", depth + 1)
            pair = f'{literal(_json(key))} {self.ws} ":" {self.ws} {value}'
            pairs.append((self._rules.add(f"pair {key}", pair), key in required))
        more = ""
        if others not in {None, False} if not isinstance(others, dict) else True:
            value = self.rule(others, f"{place}/additionalProperties", depth + 1)
            key = self._other_key([*properties, *required])
            more = self._rules.add("other", f'{key} {self.ws} ":" {self.ws} {value}')
        return self._rules.add("object", f'"{{" {self.ws} {self._members(pairs, more)} "}}"')

    def _required(self, schema: Schema, properties: Schema, place: str) -> list[str]:
        required = schema.get("required", [])
        if not isinstance(required, list):
            raise BadRequest(f"{self._what} has no list in required at {place}.")
        named = [str(one) for one in cast("list[Any]", required)]
        absent = [name for name in named if name not in properties]
        if absent and schema.get("additionalProperties") is False:
            raise BadRequest(f"{self._what} requires {absent[0]} at {place} and forbids it.")
        return list(dict.fromkeys(named))

    def _members(self, pairs: list[tuple[str, bool]], more: str) -> str:
        """The members in their order; optional ones may be left out, others may follow."""
        comma = f'{self.ws} "," {self.ws}'
        rest = f"({comma} {more})*" if more else '""'
        begin = f"({more} {rest})?" if more else '""'
        for pair, required in reversed(pairs):
            after = self._rules.add("rest", rest)
            before = self._rules.add("begin", begin)
            if required:
                rest = f"{comma} {pair} {after}"
                begin = f"{pair} {after}"
            else:
                rest = f"({comma} {pair})? {after}"
                begin = f"{pair} {after} | {before}"
        members = self._rules.add("members", begin)
        return f"{members} {self.ws}"

    def _other_key(self, names: list[str]) -> str:
        """Any key but these."""
        plain = [name for name in names if _json(name) == f'"{name}"']
        if not plain or sum(map(len, plain)) > _MOST_KEY_LETTERS:
            return self.string
        return f'"\\"" {self._other_end(plain)} "\\""'

    def _other_end(self, ends: list[str]) -> str:
        heads: dict[str, list[str]] = {}
        for end in ends:
            if end:
                heads.setdefault(end[0], []).append(end[1:])
        letters = "".join(in_class(head) for head in heads)
        ways = [f'[^{letters}"\\\\\\x7F\\x00-\\x1F] {self.char}*']
        ways += [f"{literal(head)} {self._other_end(rest)}" for head, rest in heads.items()]
        body = " | ".join(ways) if "" in ends else f"({' | '.join(ways)})?"
        return self._rules.add("other-end", body)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _guessed(schema: Schema) -> str:
    """The type of a schema that tells none."""
    if schema.keys() & {"properties", "additionalProperties", "required"}:
        return "object"
    if schema.keys() & _LISTS:
        return "array"
    if schema.keys() & _TEXTS:
        return "string"
    return "number" if schema.keys() & _LIMITS else "any"


def _merge(whole: Schema, part: Schema) -> None:
    for name, value in part.items():
        old = whole.get(name)
        if name in {"properties", "$defs", "definitions"} and isinstance(old, dict):
            whole[name] = {**cast("Schema", old), **value}
        elif name == "required" and isinstance(old, list):
            whole[name] = [*cast("list[Any]", old), *value]
        else:
            whole[name] = value
