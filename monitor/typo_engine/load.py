"""Read what the typo check judges by: the operator's dictionary, the tables of the language model, second opinions.

In two steps. ``with_lists`` is cheap and done when a check is built: it refuses what cannot be read before anything is
inspected, and names the version of everything that a verdict depends on. ``with_engine`` costs a second and 100 MB,
and is done in the process that reads texts.

Settings import this module, so what needs numpy is imported where it is used: a run without the typo check never
loads it.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec.structs import astuple

from checks.model import Text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from checks.typos import Typos
    from checks.typos.engine import Engine, Guesser
    from checks.typos.lexicon.own_words import OwnWords
    from checks.typos.lm.reader import Shipped
    from checks.typos.opinion import SecondOpinion

PREPARED = "made-with"
"""The file that says what made the language model's tables in the folder of the models. The version before asks for
``prepared``, and may go on reading the same folder: it has a table fewer."""

PACKAGED = "packaged"
PACKAGED_GGUF = "gemma-3-270m-q4_k_m.gguf"
"""The setting ``llm`` that stands for the installed weights, and their file in the folder of the models."""

WITHOUT_MODELS = Text(
    "没有安装语言模型，错别字只按词表和形式检查（sitehealth models install）",
    "no language models are installed: typos were found by lexicon and form only (sitehealth models install)",
)

GGUF = b"GGUF"
"""What such a file begins with."""


def with_lists(check: Typos, list_cache: str = "") -> Typos:
    """Return the check with the operator's dictionary, its version, and the folder that keeps the compiled lists.

    Raises ValueError for a dictionary or a model that cannot be used, OSError for one that cannot be read.
    """
    from checks.typos.data_version import data_version

    own = _own(check.dictionary)
    weights = weights_of(check)
    if weights is not None:
        _refuse(weights, "; `sitehealth models install llm` puts it there" if check.llm == PACKAGED else "")
    settings = [getattr(check, name) for name in check.settings()]
    llm = weights.stat().st_size if weights else 0
    parts = (data_version(), repr(settings), repr(astuple(own)), _version_of_models(check.models), str(llm))
    version = hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]
    return check.with_lists(own.protected, version, list_cache)


@lru_cache(maxsize=2)
def with_engine(check: Typos) -> Typos:
    """Return the check, ready to inspect; loaded once a process for the same settings."""
    return check.with_engine(load_engine(check))


def load_engine(check: Typos) -> Engine:
    """Return the layers for a check's settings."""
    from checks.typos.engine import Engine
    from checks.typos.lexicon.pairs import build
    from checks.typos.lexicon.phrases import packaged_phrases
    from monitor.typo_engine.list_cache import load_lists

    own, lists = _own(check.dictionary), load_lists(check.list_cache)
    return Engine(
        build(own.pairs, style=check.style, long_lists=lists.lexicon),
        packaged_phrases(),
        own,
        load_guessers(check, lists.shipped, rivals=bool(check.llm)),
        load_opinions(check),
        skip_quotations=check.skip_quotations,
    )


def load_guessers(check: Typos, shipped: Shipped | None = None, *, rivals: bool = False) -> tuple[Guesser, ...]:
    """Return the layers that need models, as far as these are installed; ``rivals`` as LanguageModel has it."""
    if not is_prepared(check.models):
        return ()
    from checks.typos.language_model import LanguageModel

    return (LanguageModel.of(map_tables(Path(check.models)), shipped, rivals=rivals),)


def map_tables(folder: Path) -> dict[str, NDArray[Any]]:
    """Return the tables of the language model by name, mapped: workers share their pages. Raises FileNotFoundError."""
    import numpy as np

    from checks.typos.lm.prepare import TABLES

    return {name: np.load(folder / name, mmap_mode="r").view(np.ndarray) for name in TABLES}


def is_prepared(folder: str) -> bool:
    """Return whether a folder holds the language model's tables as this version makes and reads them."""
    stamp = Path(folder, PREPARED)
    if not folder or not stamp.is_file():
        return False
    from monitor.typo_engine.table_maker import maker

    return stamp.read_text("ascii", errors="replace") == maker(Path(folder))


def shortcoming_of(check: Typos) -> Text | None:
    """Return what readers of a report must know of what the check went without; None where it has all."""
    return None if is_prepared(check.models) else WITHOUT_MODELS


def load_opinions(check: Typos) -> tuple[SecondOpinion, ...]:
    """Return the second opinions that are asked for; raises ImportError or ValueError where one cannot be had."""
    asked: list[SecondOpinion] = []
    weights = weights_of(check)
    if weights is not None:
        from monitor.typo_engine.llm import LlmOpinion

        asked.append(LlmOpinion(weights))
    if check.neural:
        from monitor.typo_engine.neural import NeuralOpinion

        asked.append(NeuralOpinion(Path(check.neural)))
    return tuple(asked)


def weights_of(check: Typos) -> Path | None:
    """Return the file of the model that ``llm`` asks for; None where it asks for none."""
    if not check.llm:
        return None
    return Path(check.models, PACKAGED_GGUF) if check.llm == PACKAGED else Path(check.llm)


def _refuse(weights: Path, hint: str) -> None:
    """Raise ValueError where a model cannot be had, before anything is inspected without it."""
    if find_spec("llama_cpp") is None:
        raise ValueError("llm: llama-cpp-python is not installed (docs/second-opinion.md)")
    if not weights.is_file():
        raise ValueError(f"llm: {weights} is not there{hint}")
    with weights.open("rb") as file:
        if file.read(len(GGUF)) != GGUF:
            raise ValueError(f"llm: {weights} is no GGUF file")


def _version_of_models(folder: str) -> str:
    """Name the models in a folder by their files and sizes, without reading them, and say whether they are read."""
    from monitor.typo_engine.table_maker import NAME

    there = sorted(Path(folder).glob("*")) if folder else []
    files = [(file.name, file.stat().st_size) for file in there if file.is_file() and file.name != NAME]
    return repr((is_prepared(folder), files))


@lru_cache(maxsize=4)
def _own(path: str) -> OwnWords:
    from checks.typos.lexicon.own_words import OwnWords, parse

    return parse(Path(path).read_text("utf-8"), path) if path else OwnWords()
