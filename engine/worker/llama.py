"""llama.cpp's functions, with types. Its structs are filled in params.py, for a dry run too.

Every pointer llama.cpp keeps is kept alive here. Memory is freed by the end of the process.
"""

import ctypes
import os
import sys
import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

import llama_cpp
from llama_cpp import llama_cpp as binding

from engine.errors import ForeignLibrary, LoadCancelled
from engine.protocol.dry_run import Rehearsed
from engine.protocol.library import LLAMA_VERSION
from engine.protocol.load import LoadSpec, SplitMode
from engine.worker.adapters import Adapters
from engine.worker.breakdown import announced, breakdown
from engine.worker.cutter import Cutter
from engine.worker.model_facts import ModelFacts
from engine.worker.native_log import NativeLog
from engine.worker.pack import plug_in
from engine.worker.params import ModelParams, context_params, library_folder, native
from engine.worker.refusal import check_file, refusal
from engine.worker.tiles import may_pack

_PADDING_TOKENS = 128


class Library:
    """llama.cpp itself, with its log and its backends. One a process."""

    def __init__(self, pack: Path | None = None) -> None:
        """Raise ForeignLibrary if the structs below do not belong to the installed library.

        `pack_skipped` is why the GPU pack could not be loaded; everything goes on without.
        """
        if llama_cpp.__version__ != LLAMA_VERSION:
            raise ForeignLibrary(
                f"llama-cpp-python {llama_cpp.__version__} is installed;"
                f" this program is made for {LLAMA_VERSION}."
            )
        self.log = NativeLog(sys.stderr)

        def logged(level: int, text: bytes, _: object) -> None:
            self.log.feed(level, text.decode("utf-8", "replace"))

        self.logged = binding.llama_log_callback(logged)
        binding.llama_log_set(self.logged, ctypes.c_void_p(0))
        # A build with dynamic backends has none until this; to any other it does no harm. Asked
        # of any library but the one llama.cpp itself is linked to, it fills another registry.
        self.pack_skipped = "" if pack is None else _plugged_in(pack)
        load_backends = native("ggml_backend_load_all_from_path", None, ctypes.c_char_p)
        load_backends(os.fsencode(library_folder()))
        binding.llama_backend_init()

    @property
    def has_cards(self) -> bool:
        """Whether a card can compute."""
        return binding.llama_supports_gpu_offload()


def _plugged_in(pack: Path) -> str:
    if binding.llama_supports_gpu_offload():
        return ""  # this build has it all; a second one would show each card twice
    load = native("ggml_backend_load", ctypes.c_void_p, ctypes.c_char_p)
    skipped = plug_in(pack, load)
    if skipped:
        sys.stderr.write(f"The GPU pack is left out: {skipped}.\n")
    return skipped


class Model:
    """A loaded model: its facts and its vocabulary."""

    def __init__(self, library: Library, spec: LoadSpec, going_on: Callable[[float], bool]) -> None:
        """Load it; `going_on` is told the fraction done, and answers False to cancel.

        Raises ModelNotFound, NotAModel, TruncatedModel, UnknownArchitecture, OutOfMemory,
        LoadFailed or LoadCancelled.
        """
        path = Path(spec.path)
        check_file(path)
        wanted = [True]

        def progress(fraction: float, _: object) -> bool:
            wanted[0] = going_on(fraction)
            return wanted[0]

        self._progress = binding.llama_progress_callback(progress)
        self._params = ModelParams(spec, packs=may_pack(spec))
        self._params.struct.progress_callback = self._progress
        pointer = binding.llama_model_load_from_file(os.fsencode(spec.path), self._params.struct)
        if not pointer:
            if not wanted[0]:
                raise LoadCancelled(f"The load of {path.name} was cancelled.")
            raise refusal(path, library.log.complaints)
        self.pointer = pointer
        wanted_too = () if spec.vocabulary_only else spec.adapters
        self.adapters = Adapters(pointer, wanted_too, library.log)
        vocabulary = binding.llama_model_get_vocab(pointer)
        assert vocabulary is not None
        self._vocab = vocabulary
        self._pieces: dict[int, bytes] = {}
        self._whole_pieces: dict[int, bytes] = {}
        leads = binding.llama_vocab_get_add_bos(vocabulary)
        self._leading = int(binding.llama_vocab_bos(vocabulary)) if leads else None  # pyright: ignore[reportArgumentType]
        self.facts = self._read_facts()

    def tokenize(self, text: str, *, prompt: bool = False) -> list[int]:
        """Special tokens are parsed. A prompt begins with BOS where the model was so trained.

        Templates often write BOS themselves; it is never doubled.
        """
        found = self.tokens_in(text)
        if prompt and self._leading is not None and found[:1] != [self._leading]:
            found.insert(0, self._leading)
        return found

    def tokens_in(self, text: str, *, special: bool = False, parses: bool = True) -> list[int]:
        """As llama.cpp cuts it, with what the model's file adds where `special`; any thread may
        ask, while others compute."""
        encoded = text.encode("utf-8", "replace")
        room = len(encoded) + 16
        tokens = (ctypes.c_int32 * room)()
        count = binding.llama_tokenize(
            self._vocab,
            encoded,
            len(encoded),
            tokens,  # pyright: ignore[reportArgumentType]
            room,
            special,
            parses,
        )
        assert count >= 0, "a token is at least a byte"
        return list(tokens[:count])

    def count(self, text: str) -> int:
        """How many tokens the text has; any thread may ask, while others compute."""
        encoded = text.encode("utf-8", "replace")
        # Without room for them the library tells how many there would be.
        return -binding.llama_tokenize(
            self._vocab,
            encoded,
            len(encoded),
            None,  # pyright: ignore[reportArgumentType]
            0,
            False,  # noqa: FBT003
            True,  # noqa: FBT003
        )

    def piece(self, token: int, shown: Collection[int] = ()) -> bytes:
        """The bytes a token stands for; control tokens stand for none, but where `shown`."""
        if token in shown:
            return self.whole_piece(token)
        piece = self._pieces.get(token)
        if piece is None:
            piece = self._pieces[token] = self._text(token, special=False)
        return piece

    def tokens_of(self, texts: Iterable[str]) -> frozenset[int]:
        """The tokens that stand alone for these texts, of those that have one."""
        found = (self.tokenize(text) for text in texts)
        return frozenset(tokens[0] for tokens in found if len(tokens) == 1)

    def whole_piece(self, token: int) -> bytes:
        """The bytes a token stands for; the name of a control token. Any thread may ask."""
        piece = self._whole_pieces.get(token)
        if piece is None:
            piece = self._whole_pieces[token] = self._text(token, special=True)
        return piece

    @property
    def vocab(self) -> Any:
        """llama.cpp's own vocabulary."""
        return self._vocab

    @cached_property
    def end_tokens(self) -> tuple[int, ...]:
        """All tokens with which the model can finish."""
        return tuple(token for token in range(self.facts.vocabulary) if self.ends(token))

    @cached_property
    def suppressed_tokens(self) -> tuple[int, ...]:
        """What the model's file says must never be written."""
        count = ctypes.c_int32(0)
        tokens: Any = binding.llama_vocab_get_suppress_tokens(self._vocab, ctypes.byref(count))  # pyright: ignore[reportArgumentType]
        return tuple(tokens[: count.value]) if count.value else ()

    def ends(self, token: int) -> bool:
        """Whether the model has finished with this token."""
        return binding.llama_vocab_is_eog(self._vocab, token)

    def speaks_as(self, other: "Model") -> bool:
        """Whether a token means the same to both; some files' vocabularies are padded otherwise."""
        mine, others = self.facts.vocabulary, other.facts.vocabulary
        if abs(mine - others) > _PADDING_TOKENS:
            return False
        theirs = other._vocab  # noqa: SLF001 (its own kind)
        text = binding.llama_vocab_get_text
        return (
            binding.llama_vocab_type(self._vocab) == binding.llama_vocab_type(theirs)
            and self.facts.bos == other.facts.bos
            and self.facts.eos == other.facts.eos
            and all(
                text(self._vocab, token) == text(theirs, token)
                for token in range(min(mine, others))
            )
        )

    def _text(self, token: int, *, special: bool, room: int = 256) -> bytes:
        if token < 0:
            return b""
        scratch = ctypes.create_string_buffer(room)
        size = binding.llama_token_to_piece(self._vocab, token, scratch, room, 0, special)
        return self._text(token, special=special, room=-size) if size < 0 else scratch.raw[:size]

    def _read_facts(self) -> ModelFacts:
        pointer = self.pointer
        text = ctypes.create_string_buffer(256)
        binding.llama_model_desc(pointer, text, len(text))
        description = text.value.decode("utf-8", "replace")
        architecture = self._word("general.architecture")
        template = binding.llama_model_chat_template(pointer, None)
        bos: Any = binding.llama_vocab_bos(self._vocab)
        eos: Any = binding.llama_vocab_eos(self._vocab)
        return ModelFacts(
            architecture=architecture,
            description=description,
            parameters=binding.llama_model_n_params(pointer),
            layers=binding.llama_model_n_layer(pointer),
            vocabulary=binding.llama_vocab_n_tokens(self._vocab),
            trained_context_tokens=binding.llama_model_n_ctx_train(pointer),
            window_tokens=binding.llama_model_n_swa(pointer),
            rewinds=_rewinds(pointer),
            experts=int(self._word(f"{architecture}.expert_count") or 0),
            template=(template or b"").decode("utf-8", "replace"),
            bos=self._text(bos, special=True).decode("utf-8", "replace"),
            eos=self._text(eos, special=True).decode("utf-8", "replace"),
            fill=self._fill(),
        )

    def _word(self, key: str) -> str:
        """A value of the file's metadata, as llama.cpp writes it down; "" if it has none."""
        room = ctypes.create_string_buffer(256)
        binding.llama_model_meta_val_str(
            self.pointer,
            key.encode(),
            room,  # pyright: ignore[reportArgumentType]
            len(room),
        )
        return room.value.decode("utf-8", "replace")

    def _fill(self) -> tuple[str, str, str] | None:
        vocab = self._vocab
        before: Any = binding.llama_vocab_fim_pre(vocab)
        after: Any = binding.llama_vocab_fim_suf(vocab)
        middle: Any = binding.llama_vocab_fim_mid(vocab)
        if min(before, after, middle) < 0:
            return None
        first, last, between = (
            self._text(token, special=True).decode("utf-8", "replace")
            for token in (before, after, middle)
        )
        return first, last, between


def _rewinds(model: Any) -> bool:
    """Recurrent memory cannot go back at all, that of sliding attention has forgotten the way."""
    return not (
        binding.llama_model_is_recurrent(model)
        or binding.llama_model_is_hybrid(model)
        or binding.llama_model_n_swa(model)
    )


class Rehearsal:
    """Loads without allocating, again and again, to tell what loads would take.

    The model of the last one is kept: another context for it costs a tenth of the time.
    """

    def __init__(self, library: Library) -> None:
        self._library = library
        self._model: Any = None
        self._made_for: tuple[LoadSpec, float] | None = None

    def rehearse(self, spec: LoadSpec) -> Rehearsed:
        """What this load would take. Raises what making a Model and a Context raises."""
        began = time.perf_counter()
        self._library.log.forget()
        path = Path(spec.path)
        check_file(path)
        model = self._model_of(spec, path)
        params = context_params(spec)
        vocabulary = binding.llama_vocab_n_tokens(binding.llama_model_get_vocab(model))  # pyright: ignore[reportArgumentType]
        cutter = Cutter(vocabulary, spec.streams, params) if spec.shortlist else None
        context = binding.llama_init_from_model(model, params)
        if not context:
            raise refusal(path, self._library.log.complaints)
        try:
            devices = breakdown(context, spec, dry=True)
        finally:
            binding.llama_free(context)
            if cutter is not None:
                cutter.free()
        log = self._library.log
        return Rehearsed(
            devices=announced(log.compute_bytes) if devices is None else devices,
            exact=devices is not None and spec.split_mode is not SplitMode.TENSOR,
            kv=log.cache_bytes if devices is None else sum(one.kv for one in devices),
            seconds=time.perf_counter() - began,
        )

    def _model_of(self, spec: LoadSpec, path: Path) -> Any:
        # Of the knobs of the context the model knows nothing.
        plain = LoadSpec(path="")
        wanted = replace(
            spec,
            context_tokens=plain.context_tokens,
            cache_type=plain.cache_type,
            batch_tokens=plain.batch_tokens,
            micro_batch_tokens=plain.micro_batch_tokens,
            streams=plain.streams,
            draft_tokens=plain.draft_tokens,
            draft=plain.draft,
            unified_kv=plain.unified_kv,
            threads=plain.threads,
            memory_map=plain.memory_map,
        )
        made_for = (wanted, path.stat().st_mtime)
        if self._model is not None and made_for == self._made_for:
            return self._model
        if self._model is not None:
            binding.llama_model_free(self._model)
        self._model, self._made_for = None, made_for
        params = ModelParams(spec, packs=may_pack(spec), dry=True)
        self._model = binding.llama_model_load_from_file(os.fsencode(spec.path), params.struct)
        if not self._model:
            raise refusal(path, self._library.log.complaints)
        return self._model
