"""The eyes of a model: libmtmd's functions, with types.

Pictures are cut into pieces and turned into embeddings on a thread of their own; the loop only
puts what came of it into the model's memory.
"""

import ctypes
import threading
import weakref
from collections import OrderedDict
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from llama_cpp import llama_cpp as binding
from llama_cpp import mtmd_cpp
from numpy.typing import NDArray

from engine.errors import BadRequest, LoadFailed, RequestError
from engine.protocol.load import LoadSpec
from engine.worker.context import Context
from engine.worker.llama import Library, Model
from engine.worker.params import cards
from engine.worker.pictures import cells
from engine.worker.placing import physical_cores

_KEPT_BYTES = 512 << 20
_COLOURS_BYTES = 4 * 3  # of a pixel, once it is prepared

# Its handles are new types of int each, which pointers from ctypes are not.
mtmd: Any = mtmd_cpp

_Embedding = NDArray[np.float32]


class Piece:
    """A part of a picture that is decoded whole: its cells, and how many positions they take."""

    def __init__(self, number: int, chunk: int, *, blind: bool) -> None:
        """`chunk` is freed with it. A `blind` one's cells attend to those after them as well."""
        self.number = number
        self.chunk = chunk
        self.blind = blind
        self.count = mtmd.mtmd_input_chunk_get_n_tokens(chunk)
        self.positions = mtmd.mtmd_input_chunk_get_n_pos(chunk)
        self.cells = cells(number, self.count)
        self.embedding: _Embedding | None = None
        weakref.finalize(self, mtmd.mtmd_input_chunk_free, chunk)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """What a picture is in a prompt: tokens of text around pieces of it."""

    parts: tuple[list[int] | Piece, ...]
    size_bytes: int

    @property
    def count(self) -> int:
        """Its cells, those of the text with it included."""
        return sum(part.count if isinstance(part, Piece) else len(part) for part in self.parts)


class Images:
    """A projector, loaded beside its model. Pictures that were seen lately are kept."""

    def __init__(self, library: Library, model: Model, spec: LoadSpec) -> None:
        """Raise LoadFailed if it does not belong to that model, or cannot be loaded."""
        assert spec.projector is not None
        path = Path(spec.projector)
        mtmd.mtmd_log_set(library.logged, ctypes.c_void_p(0))
        mtmd.mtmd_helper_log_set(library.logged, ctypes.c_void_p(0))
        params = mtmd.mtmd_context_params_default()
        params.use_gpu = spec.gpu_layers != 0
        params.warmup = params.use_gpu  # then too little memory is noticed now
        params.print_timings = False
        params.n_threads = spec.threads or physical_cores()
        if params.use_gpu and spec.devices:
            params.device = ctypes.c_void_p(cards()[spec.devices[0]])
        if not path.is_file():
            raise LoadFailed(f"There is no projector {path.name}.")
        # As llama.cpp itself opens its files: UTF-8 everywhere.
        name = str(path).encode("utf-8", "surrogateescape")
        pointer = mtmd.mtmd_init_from_file(name, model.pointer, params)
        if not pointer or not mtmd.mtmd_support_vision(pointer):
            words = "; ".join(library.log.complaints[-2:])
            raise LoadFailed(f"{path.name} could not be loaded as the model's projector: {words}.")
        self._pointer = pointer
        self._width: int = binding.llama_model_n_embd_inp(model.pointer)
        self._lock = threading.Lock()
        self._pictures: OrderedDict[bytes, Picture] = OrderedDict()
        self._numbers: dict[tuple[bytes, int], int] = {}
        self.lags: dict[int, int] = {}  # by piece: cells that take no position of their own

    def read(self, image: bytes) -> Picture:
        """The picture in that file, in pieces. Any thread may ask. Raises BadRequest."""
        digest = blake2b(image, digest_size=16).digest()
        with self._lock:
            known = self._pictures.get(digest)
            if known is None:
                known = self._pictures[digest] = self._cut(image, digest)
            self._pictures.move_to_end(digest)
            while sum(one.size_bytes for one in self._pictures.values()) > _KEPT_BYTES:
                if len(self._pictures) == 1:
                    break
                self._pictures.popitem(last=False)
            return known

    def look(self, picture: Picture) -> None:
        """Make its embeddings, where they are not there yet. One thread may ask."""
        for piece in picture.parts:
            if isinstance(piece, Piece) and piece.embedding is None:
                chunk: Any = piece.chunk
                if mtmd.mtmd_encode_chunk(self._pointer, chunk) != 0:
                    raise RequestError("The model's projector could not look at an image.")
                made: Any = mtmd.mtmd_get_output_embd(self._pointer)
                view = np.ctypeslib.as_array(made, (piece.count * self._width,))
                piece.embedding = np.array(view, np.float32)

    def decode(self, context: Context, piece: Piece, position: int, sequence: int) -> int:
        """Put a piece into a sequence's memory; llama_decode's code, 0 if all went well."""
        assert piece.embedding is not None, "it was looked at before"
        after = ctypes.c_int32()
        chunk: Any = piece.chunk
        return mtmd.mtmd_helper_decode_image_chunk(
            self._pointer,
            context.pointer,
            chunk,
            piece.embedding.ctypes.data_as(ctypes.POINTER(ctypes.c_float)),
            position,
            sequence,
            context.batch_tokens,
            ctypes.byref(after),
            mtmd.mtmd_helper_post_decode_callback(),
            ctypes.c_void_p(0),
        )

    def _cut(self, image: bytes, digest: bytes) -> Picture:
        bitmap = self._bitmap(image)
        chunks: Any = mtmd.mtmd_input_chunks_init()
        try:
            marker = mtmd.mtmd_default_marker()
            text = mtmd.mtmd_input_text(
                text=marker, text_len=len(marker), add_special=False, parse_special=True
            )
            bitmaps = (mtmd.mtmd_bitmap_p_ctypes * 1)(bitmap)
            code = mtmd.mtmd_tokenize(
                self._pointer,
                chunks,
                ctypes.byref(text),
                bitmaps,
                1,
            )
            if code != 0:
                raise BadRequest("An image could not be prepared for the model.")
            size = mtmd.mtmd_bitmap_get_nx(bitmap) * mtmd.mtmd_bitmap_get_ny(bitmap)
            parts = tuple(
                self._part(mtmd.mtmd_input_chunks_get(chunks, at), digest, at)
                for at in range(mtmd.mtmd_input_chunks_size(chunks))
            )
        finally:
            mtmd.mtmd_input_chunks_free(chunks)
            mtmd.mtmd_bitmap_free(bitmap)
        made = sum(part.count for part in parts if isinstance(part, Piece)) * self._width * 4
        return Picture(parts=parts, size_bytes=size * _COLOURS_BYTES + made)

    def _part(self, chunk: Any, digest: bytes, at: int) -> list[int] | Piece:
        if mtmd.mtmd_input_chunk_get_type(chunk) == mtmd.MTMD_INPUT_CHUNK_TYPE_TEXT:
            count = ctypes.c_size_t()
            tokens: Any = mtmd.mtmd_input_chunk_get_tokens_text(chunk, ctypes.byref(count))
            return [int(tokens[n]) for n in range(count.value)]
        number = self._numbers.setdefault((digest, at), len(self._numbers))
        copy: Any = mtmd.mtmd_input_chunk_copy(chunk)
        blind = mtmd.mtmd_decode_use_non_causal(self._pointer, chunk)
        piece = Piece(number, copy, blind=blind)
        self.lags[number] = piece.count - piece.positions
        return piece

    def _bitmap(self, image: bytes) -> Any:
        buffer: Any = (ctypes.c_uint8 * len(image)).from_buffer_copy(image)
        bitmap = mtmd.mtmd_helper_bitmap_init_from_buf(self._pointer, buffer, len(image), False)  # noqa: FBT003
        if not bitmap:
            raise BadRequest("An image could not be read: it is damaged.")
        return bitmap
