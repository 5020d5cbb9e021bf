"""llama.cpp's own account of a context's memory, for models that are only metadata.

Run as a program it is the child: it reads cases as JSON from its input and answers each run with
a line. `ask` starts it, and starts it anew behind a case that killed it.
"""

import ctypes
import importlib
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

from engine.gguf.reader import Header, Value

Metadata = dict[str, "int | float | bool | str | list[int] | list[bool]"]
_NUMBERS, _BOOLEANS = 4, 7  # GGUF_TYPE_UINT32 and _BOOL
_CACHE_NUMBERS = {"f16": 1, "q8_0": 8, "q4_0": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One context to be made."""

    context_tokens: int
    cache_type: str = "f16"
    streams: int = 1
    outputs: int = 1
    unified: bool = True
    micro_batch_tokens: int = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One model, under the names that stand behind its architecture's; and the runs wanted."""

    name: str
    architecture: str
    metadata: Metadata
    runs: tuple[Run, ...]

    def header(self) -> Header:
        """The header that a file of this model would have."""
        metadata: dict[str, Value] = {"general.architecture": self.architecture}
        for key, value in self.metadata.items():
            told = tuple(value) if isinstance(value, list) else value
            metadata[f"{self.architecture}.{key}"] = told
        return Header(version=3, metadata=metadata, tensors=(), alignment=32, tensors_start=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Bytes of one run; a failure's text if llama.cpp made no such context."""

    case: str
    run: int
    context: int
    compute: int
    failure: str


def ask(cases: Sequence[Case], *, seconds: float) -> dict[tuple[str, int], Answer]:
    """Every run's answer. A case that killed the child has a failure for each run left."""
    answers: dict[tuple[str, int], Answer] = {}
    left = list(cases)
    while left:
        done = {name for name, _ in _child(left, seconds, answers)}
        first = next((case for case in left if case.name not in done), None)
        if first is None:
            break
        for number in range(len(first.runs)):
            answers.setdefault(
                (first.name, number),
                Answer(case=first.name, run=number, context=0, compute=0, failure="it died"),
            )
        left = left[left.index(first) + 1 :]
    return answers


def _child(
    cases: Sequence[Case], seconds: float, answers: dict[tuple[str, int], Answer]
) -> Iterator[tuple[str, int]]:
    asked = [
        {
            "name": case.name,
            "architecture": case.architecture,
            "metadata": case.metadata,
            "runs": [
                [
                    one.context_tokens,
                    one.cache_type,
                    one.streams,
                    max(one.streams, one.outputs),
                    one.unified,
                    one.micro_batch_tokens,
                ]
                for one in case.runs
            ],
        }
        for case in cases
    ]
    child = subprocess.run(
        [sys.executable, "-m", "tests.support.kv_probe"],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=seconds,
        check=False,
    )
    last = {case.name: len(case.runs) - 1 for case in cases}
    for line in child.stdout.splitlines():
        if not line.startswith("{"):
            continue
        answer = Answer(**json.loads(line))
        answers[answer.case, answer.run] = answer
        if answer.run == last[answer.case]:
            yield answer.case, answer.run


class _Node(ctypes.Structure):
    """A node of libstdc++'s std::map<buffer type, {model, context, compute}>."""


_Pointer = ctypes.POINTER(_Node)
_Node._fields_ = [
    ("color", ctypes.c_int),
    ("parent", _Pointer),
    ("left", _Pointer),
    ("right", _Pointer),
    ("buffer_type", ctypes.c_void_p),
    ("model", ctypes.c_size_t),
    ("context", ctypes.c_size_t),
    ("compute", ctypes.c_size_t),
]


class _Map(ctypes.Structure):
    _fields_ = [
        ("compare", ctypes.c_size_t),
        ("color", ctypes.c_int),
        ("parent", _Pointer),
        ("left", _Pointer),
        ("right", _Pointer),
        ("count", ctypes.c_size_t),
    ]


class _Probe:
    """The child's side."""

    def __init__(self) -> None:
        # Only the child may meet it.
        binding: Any = importlib.import_module("llama_cpp.llama_cpp")
        library: Any = cast("Any", vars(binding)["_lib"])
        path = str(library.__dict__["_name"])
        self.binding = binding
        self.ggml = ctypes.CDLL(path.replace("libllama", "libggml-base"))
        self.log: list[str] = []
        self._keep = binding.llama_log_callback(self._logged)
        binding.llama_log_set(self._keep, ctypes.c_void_p(0))
        self.set_tensor = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p)(_leave_empty)
        self.make: Any = library.llama_model_init_from_user
        self.make.restype = ctypes.c_void_p
        self.account: Any = library["_Z26llama_get_memory_breakdownPK13llama_context"]
        self.account.restype = ctypes.c_void_p
        self.account.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
        self.ggml.gguf_init_empty.restype = ctypes.c_void_p

    def _logged(self, level: int, text: bytes, data: object) -> None:
        self.log = [*self.log[-20:], text.decode("utf-8", "replace")]

    def model(self, architecture: str, metadata: Metadata) -> int | None:
        file = ctypes.c_void_p(self.ggml.gguf_init_empty())
        self._set(file, "general.architecture", architecture)
        self._set(file, "tokenizer.ggml.model", "no_vocab")
        for key, value in metadata.items():
            self._set(file, f"{architecture}.{key}", value)
        params = self.binding.llama_model_default_params()
        params.no_alloc, params.load_mode, params.use_extra_bufts = True, 0, False
        # Without a file llama.cpp cannot leave tensors out; the cache is the same.
        params.load_mtp = True
        self.make.argtypes = [ctypes.c_void_p, type(self.set_tensor), ctypes.c_void_p, type(params)]
        return self.make(file, self.set_tensor, None, params)

    def _set(self, file: ctypes.c_void_p, key: str, value: Any) -> None:
        ggml, name = self.ggml, key.encode()
        match value:
            case bool():
                ggml.gguf_set_val_bool(file, name, ctypes.c_bool(value))
            case int():
                ggml.gguf_set_val_u32(file, name, ctypes.c_uint32(value))
            case float():
                ggml.gguf_set_val_f32(file, name, ctypes.c_float(value))
            case str():
                ggml.gguf_set_val_str(file, name, value.encode())
            case _:
                count = len(value)
                marks = isinstance(value[0], bool)
                numbers = ((ctypes.c_bool if marks else ctypes.c_uint32) * count)(*value)
                kind = _BOOLEANS if marks else _NUMBERS
                ggml.gguf_set_arr_data(file, name, kind, numbers, ctypes.c_size_t(count))

    def context(self, model: int, run: Sequence[Any]) -> tuple[int, int] | None:
        tokens, cache_type, streams, outputs, unified, micro_batch = run
        params = self.binding.llama_context_default_params()
        params.n_ctx, params.n_ubatch, params.n_batch = tokens, micro_batch, max(2048, micro_batch)
        params.type_k = params.type_v = _CACHE_NUMBERS[cache_type]
        params.n_seq_max, params.n_outputs_max = streams, outputs
        params.kv_unified, params.swa_full, params.flash_attn_type = unified, False, 1
        context = self.binding.llama_init_from_model(model, params)
        if not context:
            return None
        found = _Map()
        self.account(ctypes.addressof(found), context)
        sums = [0, 0]

        def walk(pointer: Any) -> None:
            if pointer:
                node = pointer.contents
                walk(node.left)
                sums[0] += node.context
                sums[1] += node.compute
                walk(node.right)

        walk(found.parent)
        self.binding.llama_free(context)
        return sums[0], sums[1]


def _leave_empty(tensor: int | None, user: int | None) -> None:
    """Nothing is allocated, so nothing is filled."""


def _main() -> None:
    probe = _Probe()
    for case in json.load(sys.stdin):
        model = probe.model(case["architecture"], case["metadata"])
        for number, run in enumerate(case["runs"]):
            sizes = probe.context(model, run) if model else None
            failure = "" if sizes else "".join(probe.log)[-600:]
            context, compute = sizes or (0, 0)
            answer = Answer(
                case=case["name"], run=number, context=context, compute=compute, failure=failure
            )
            told = {
                "case": answer.case,
                "run": answer.run,
                "context": answer.context,
                "compute": answer.compute,
                "failure": answer.failure,
            }
            print(json.dumps(told), flush=True)
        if model:
            probe.binding.llama_model_free(model)


if __name__ == "__main__":
    _main()
