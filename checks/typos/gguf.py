"""Score wordings with a local language model in GGUF format, through llama-cpp-python.

Only the scores that are needed are computed: with a vocabulary of 262,144 the last layer is most of the work. All
corrections of a text are read in one go; they share the original's beginning, each up to its own first difference.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

CONTEXT = 512
"""Tokens that fit into one reading: the texts and their corrections together."""

AT_ONCE = 12
"""Corrections read together."""


class Tokens(NamedTuple):
    """A wording as the model reads it: token ids, and the byte offset at which each token begins."""

    ids: list[int]
    starts: list[int]


@dataclass(frozen=True)
class Correction:
    """A changed text and where, in bytes, the part ends that is to be compared, in the original and in the change."""

    text: bytes
    original_end: int
    end: int


class GgufModel:
    """A model in memory. Not thread-safe; one a process."""

    def __init__(self, path: Path) -> None:
        """Load the weights; raises ImportError without llama-cpp-python, ValueError for a file that is no model."""
        import llama_cpp

        self._api: Any = llama_cpp
        self._api.llama_log_set(_SILENCE, ctypes.c_void_p(0))
        self._model = self._api.llama_model_load_from_file(str(path).encode(), self._api.llama_model_default_params())
        if not self._model:
            raise ValueError(f"{path} is no GGUF model that llama.cpp can load")
        self._vocabulary = self._api.llama_model_get_vocab(self._model)
        self._size: int = self._api.llama_vocab_n_tokens(self._vocabulary)

    @cached_property
    def _context(self) -> Any:  # noqa: ANN401 - a pointer of the library
        parameters = self._api.llama_context_default_params()
        parameters.n_ctx = parameters.n_batch = parameters.n_ubatch = CONTEXT
        parameters.n_seq_max = AT_ONCE + 1
        parameters.n_threads = parameters.n_threads_batch = 1
        parameters.kv_unified = True
        return self._api.llama_init_from_model(self._model, parameters)

    def tokens(self, text: bytes) -> Tokens:
        """Return the tokens of a text, with the beginning-of-text token before them at offset 0."""
        room = (self._api.llama_token * (len(text) + 2))()
        count = self._api.llama_tokenize(self._vocabulary, text, len(text), room, len(room), True, False)  # noqa: FBT003
        ids, starts, at = list(room[:count]), [], 0
        for index, token in enumerate(ids):
            starts.append(at)
            at += self._length(token) if index else 0
        return Tokens(ids, starts)

    def _length(self, token: int) -> int:
        piece = ctypes.create_string_buffer(64)
        return abs(int(self._api.llama_token_to_piece(self._vocabulary, token, piece, len(piece), 0, False)))  # noqa: FBT003

    def gains(self, text: bytes, corrections: Sequence[Correction]) -> list[float]:
        """Return log P(correction) − log P(original) over the part to be compared, in nats, for each correction."""
        original = self.tokens(text)
        found: list[float] = []
        for first in range(0, len(corrections), AT_ONCE):
            found += self._gains(original, corrections[first : first + AT_ONCE])
        return found

    def _gains(self, original: Tokens, corrections: Sequence[Correction]) -> list[float]:
        branches = [_Branch.of(original, self.tokens(each.text), each) for each in corrections]
        rows = list(_rows(original, branches))
        scores = self._read(rows)
        return [branch.gain(original, scores, number) for number, branch in enumerate(branches, start=1)]

    def _read(self, rows: Sequence[_Row]) -> dict[tuple[int, int], NDArray[np.float32]]:
        """Decode the rows; return the log probabilities of the next token after each row that asked for them."""
        if len(rows) > CONTEXT:
            raise ValueError(f"{len(rows)} tokens do not fit into {CONTEXT}")
        self._api.llama_memory_clear(self._api.llama_get_memory(self._context), True)  # noqa: FBT003
        batch = self._api.llama_batch_init(len(rows), 0, AT_ONCE + 1)
        try:
            for index, row in enumerate(rows):
                row.write(batch, index)
            batch.n_tokens = len(rows)
            if self._api.llama_decode(self._context, batch):
                raise RuntimeError("llama.cpp could not decode")
            return {(row.branches[0], row.position): self._after(index) for index, row in enumerate(rows) if row.wanted}
        finally:
            self._api.llama_batch_free(batch)

    def _after(self, index: int) -> NDArray[np.float32]:
        pointer = self._api.llama_get_logits_ith(self._context, index)
        logits = np.ctypeslib.as_array(pointer, shape=(self._size,)).astype(np.float32)
        top = logits.max()
        normalised: NDArray[np.float32] = logits - (top + np.log(np.exp(logits - top).sum()))
        return normalised


@dataclass(frozen=True)
class _Row:
    """One token to decode: where it stands, in which branches, and whether what follows it is to be scored."""

    token: int
    position: int
    branches: tuple[int, ...]
    wanted: bool

    def write(self, batch: Any, index: int) -> None:  # noqa: ANN401 - a structure of the library
        batch.token[index], batch.pos[index] = self.token, self.position
        batch.n_seq_id[index], batch.logits[index] = len(self.branches), self.wanted
        for place, branch in enumerate(self.branches):
            batch.seq_id[index][place] = branch


@dataclass(frozen=True)
class _Branch:
    """A correction as tokens: how far it is the original, and where the comparison ends in either."""

    tokens: Tokens
    shared: int
    original_end: int
    end: int

    @classmethod
    def of(cls, original: Tokens, tokens: Tokens, correction: Correction) -> _Branch:
        pairs = zip(original.ids, tokens.ids, strict=False)
        shared = next(
            (i for i, (one, other) in enumerate(pairs) if one != other), min(map(len, (original[0], tokens[0])))
        )
        return cls(tokens, shared, _until(original, correction.original_end), _until(tokens, correction.end))

    def gain(self, original: Tokens, scores: dict[tuple[int, int], NDArray[np.float32]], number: int) -> float:
        """Return the difference of the two sums of log probabilities."""
        corrected = sum(
            float(scores[number if at > self.shared else 0, at - 1][self.tokens.ids[at]])
            for at in range(self.shared, self.end)
        )
        kept = sum(float(scores[0, at - 1][original.ids[at]]) for at in range(self.shared, self.original_end))
        return corrected - kept


def _until(tokens: Tokens, end: int) -> int:
    """Return how many tokens begin before a byte offset."""
    return sum(start < end for start in tokens.starts)


def _rows(original: Tokens, branches: Sequence[_Branch]) -> Iterator[_Row]:
    """Yield the original's tokens, each in every branch that shares it, and then what each branch has of its own."""
    first = min(branch.shared for branch in branches)
    last = max(max(branch.original_end, branch.shared) for branch in branches)
    for at, token in enumerate(original.ids[:last]):
        sharing = (number for number, branch in enumerate(branches, start=1) if at < branch.shared)
        yield _Row(token, at, (0, *sharing), at >= first - 1)
    for number, branch in enumerate(branches, start=1):
        for at in range(branch.shared, branch.end):
            yield _Row(branch.tokens.ids[at], at, (number,), at < branch.end - 1)


def _ignore(level: int, text: bytes, data: object) -> None:
    """Say nothing: the library reports every layer that it loads."""


_SILENCE = ctypes.CFUNCTYPE(None, ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p)(_ignore)
