"""Compare wordings with a local language model in GGUF format, through llama-cpp-python.

A text is read once, with one score at each place: a change whose first token is far less likely than what stands
there is hopeless. From each other place the original and its changes are read on, side by side, to some characters past
the change. With a vocabulary of 262,144 the last layer is most of the work, so only the scores that are needed are
computed.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from checks.typos.change import Change

if TYPE_CHECKING:
    from numpy.typing import NDArray

CONTEXT = 1024
"""Tokens in memory at a time: a text, and how it goes on from some of its places."""

AT_ONCE = 16
"""Ways to go on that are read together: more are no faster, and every score takes a megabyte of a worker's memory."""

RIGHT = 9
"""Characters past a change that are read: without them the comparison is worthless, with more it is no better."""


class Comparison(NamedTuple):
    """What the model makes of a change, in nats.

    ``first`` is log P(changed) − log P(original) of the first token that differs; ``place`` is the same up to the first
    edge that both have in common behind the change, ``after`` from there on. ``original`` and ``likeliest`` are log
    probabilities at the first token that differs: of the one that stands there, and of the one that the model would
    rather see.
    """

    first: float
    place: float
    after: float
    original: float
    likeliest: float


class Tokens(NamedTuple):
    """A text as the model reads it: token ids, and the byte offset at which each token ends."""

    ids: list[int]
    ends: list[int]


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
        self._lengths: dict[int, int] = {}

    @cached_property
    def _context(self) -> Any:  # noqa: ANN401 - a pointer of the library
        parameters = self._api.llama_context_default_params()
        parameters.n_ctx = parameters.n_batch = parameters.n_ubatch = CONTEXT
        parameters.n_seq_max = AT_ONCE + 1
        parameters.n_threads = parameters.n_threads_batch = 1
        parameters.kv_unified = True
        return self._api.llama_init_from_model(self._model, parameters)

    def tokens(self, text: str) -> Tokens:
        """Return the tokens of a text, after a token to begin with, which ends at offset 0."""
        ids = self._ids(text)
        return Tokens([self._beginning, *ids], list(accumulate(map(self._length, ids), initial=0)))

    def _ids(self, text: str) -> list[int]:
        data = text.encode()
        room = (self._api.llama_token * (len(data) + 2))()
        count = self._api.llama_tokenize(self._vocabulary, data, len(data), room, len(room), False, False)  # noqa: FBT003
        return list(room[:count])

    @cached_property
    def _beginning(self) -> int:
        """The token before a text, so that its first token has a score too.

        Not every model has one for the beginning of a text; the end of the text before, or of a line, does as well.
        """
        own = (self._api.llama_vocab_bos(self._vocabulary), self._api.llama_vocab_eos(self._vocabulary))
        return next((int(token) for token in (*own, *self._ids("\n")) if token >= 0), 0)

    def _length(self, token: int) -> int:
        """Return how many bytes of text a token stands for."""
        if token not in self._lengths:
            piece = ctypes.create_string_buffer(64)
            found = self._api.llama_token_to_piece(self._vocabulary, token, piece, len(piece), 0, False)  # noqa: FBT003
            self._lengths[token] = abs(int(found))
        return self._lengths[token]

    def compare(
        self, text: str, changes: Sequence[Change], least: Sequence[float] | None = None
    ) -> list[Comparison | None]:
        """Return what the model makes of each change of a text of a hundred or two characters.

        None: its ``first`` is less than the one in ``least``. Raises ValueError where the text is too long.
        """
        original = self.tokens(text)
        branches = [_Branch.of(text, original, change, self.tokens(change.of(text))) for change in changes]
        firsts = self._begin(original, branches)
        hopeful = [number for number, first in enumerate(firsts) if least is None or first.difference >= least[number]]
        found: list[Comparison | None] = [None] * len(branches)
        for pack in _packs([branches[number] for number in hopeful]):
            read = self._go_on(sorted({run for branch in pack for run in branch.runs}))
            for branch in pack:
                number = hopeful.pop(0)
                found[number] = branch.comparison(firsts[number], *(read[run] for run in branch.runs))
        return found

    def _begin(self, original: Tokens, branches: Sequence[_Branch]) -> list[_First]:
        """Read the original as far as the last branch; return what is thought of the first tokens of each."""
        self._api.llama_memory_clear(self._api.llama_get_memory(self._context), True)  # noqa: FBT003
        places = {branch.shared - 1 for branch in branches}
        trunk = original.ids[: max(places, default=-1) + 1]
        after = self._read([_BatchRow(token, at, 0, at in places) for at, token in enumerate(trunk)])
        return [_First.of(after[branch.shared - 1], *branch.runs) for branch in branches]

    def _go_on(self, runs: Sequence[_Run]) -> dict[_Run, list[float]]:
        """Read on from the original, in every run; return the log probabilities of the tokens behind the first."""
        memory = self._api.llama_get_memory(self._context)
        rows = []
        for sequence, run in enumerate(runs, start=1):
            self._api.llama_memory_seq_rm(memory, sequence, -1, -1)
            self._api.llama_memory_seq_cp(memory, 0, sequence, 0, run.start)
            last = len(run.ids) - 1
            rows += [_BatchRow(token, run.start + at, sequence, at < last) for at, token in enumerate(run.ids[:last])]
        after = self._read(rows)
        places = iter(range(len(rows)))
        found = {run: [after[next(places)].of(token) for token in run.ids[1:]] for run in runs}
        for sequence in range(1, len(runs) + 1):
            self._api.llama_memory_seq_rm(memory, sequence, -1, -1)
        return found

    def _read(self, rows: Sequence[_BatchRow]) -> dict[int, _Scores]:
        """Decode the rows; return the scores of the next token after each row, by its number, that asked for them.

        They are views into the library's memory, good until the next reading.
        """
        if len(rows) > CONTEXT:
            raise ValueError(f"{len(rows)} tokens do not fit into {CONTEXT}")
        if not rows:
            return {}
        batch = self._api.llama_batch_init(len(rows), 0, 1)
        try:
            for index, row in enumerate(rows):
                row.write(batch, index)
            batch.n_tokens = len(rows)
            if self._api.llama_decode(self._context, batch):
                raise RuntimeError("llama.cpp could not decode")
        finally:
            self._api.llama_batch_free(batch)
        return {index: self._after(index) for index, row in enumerate(rows) if row.wanted}

    def _after(self, index: int) -> _Scores:
        pointer = self._api.llama_get_logits_ith(self._context, index)
        logits = np.ctypeslib.as_array(pointer, shape=(self._size,))
        top = float(logits.max())
        return _Scores(logits, top, top + float(np.log(np.exp(logits - top).sum())))


class _Scores(NamedTuple):
    """The scores of every token at one place: log P = score − ``total``."""

    logits: NDArray[np.float32]
    top: float
    total: float

    def of(self, token: int) -> float:
        return float(self.logits[token]) - self.total


class _BatchRow(NamedTuple):
    """One token to decode: where it stands, in which sequence, and whether what follows it is to be scored."""

    token: int
    position: int
    sequence: int
    wanted: bool

    def write(self, batch: Any, index: int) -> None:  # noqa: ANN401 - a structure of the library
        batch.token[index], batch.pos[index] = self.token, self.position
        batch.n_seq_id[index], batch.seq_id[index][0] = 1, self.sequence
        batch.logits[index] = self.wanted


class _Run(NamedTuple):
    """Tokens that go on from the first ``start`` tokens of the original; they may be none, where a text ends."""

    start: int
    ids: tuple[int, ...]


class _First(NamedTuple):
    """Log probabilities at the first token that differs: of the original's, the change's, and the likeliest."""

    original: float
    changed: float
    likeliest: float

    @classmethod
    def of(cls, scores: _Scores, original: _Run, changed: _Run) -> _First:
        likeliest = scores.top - scores.total
        stands, comes = (scores.of(run.ids[0]) if run.ids else likeliest for run in (original, changed))
        return cls(stands, comes, likeliest)

    @property
    def difference(self) -> float:
        return self.changed - self.original


class _Edge(NamedTuple):
    """How many tokens of the original and of the changed text come before an edge that both have in common."""

    original: int
    changed: int


@dataclass(frozen=True)
class _Branch:
    """A change as tokens: how many it shares with the original, the edge behind the change, and how both go on."""

    shared: int
    near: _Edge
    runs: tuple[_Run, _Run]

    @classmethod
    def of(cls, text: str, original: Tokens, change: Change, changed: Tokens) -> _Branch:
        pairs = zip(original.ids, changed.ids, strict=False)
        shorter = min(len(original.ids), len(changed.ids))
        shared = next((i for i, (one, other) in enumerate(pairs) if one != other), shorter)
        past = text[change.end :]
        left = (len(past.encode()), len(past[RIGHT:].encode()))
        near, far = (_edge(original, changed, shared, size) for size in left)
        runs = (original.ids[shared : far.original], changed.ids[shared : far.changed])
        return cls(
            shared,
            _Edge(near.original - shared, near.changed - shared),
            (_Run(shared, tuple(runs[0])), _Run(shared, tuple(runs[1]))),
        )

    def comparison(self, first: _First, original: Sequence[float], changed: Sequence[float]) -> Comparison:
        """Return the differences of the sums of log probabilities."""
        kept = [first.original, *original] if self.runs[0].ids else []
        came = [first.changed, *changed] if self.runs[1].ids else []
        place = sum(came[: self.near.changed]) - sum(kept[: self.near.original])
        after = sum(came[self.near.changed :]) - sum(kept[self.near.original :])
        return Comparison(first.difference, place, after, first.original, first.likeliest)


def _edge(original: Tokens, changed: Tokens, shared: int, left: int) -> _Edge:
    """Return the first common edge of tokens with at most ``left`` bytes of text to come; the end is always one."""
    ends = {original.ends[-1] - end: count for count, end in enumerate(original.ends, start=1)}
    for count, end in enumerate(changed.ends, start=1):
        rest = changed.ends[-1] - end
        if rest <= left and count >= shared and ends.get(rest, 0) >= shared:
            return _Edge(ends[rest], count)
    return _Edge(len(original.ids), len(changed.ids))


def _packs(branches: Sequence[_Branch]) -> Iterator[list[_Branch]]:
    """Yield the branches by as many as fit into the memory together."""
    trunk = max((branch.shared for branch in branches), default=0)
    pack: list[_Branch] = []
    for branch in branches:
        runs = {run for each in (*pack, branch) for run in each.runs}
        if pack and (len(runs) > AT_ONCE or trunk + sum(len(run.ids) for run in runs) > CONTEXT):
            yield pack
            pack = []
        pack = [*pack, branch]
    if pack:
        yield pack


def _ignore(level: int, text: bytes, data: object) -> None:
    """Say nothing: the library reports every layer that it loads."""


_SILENCE = ctypes.CFUNCTYPE(None, ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p)(_ignore)
