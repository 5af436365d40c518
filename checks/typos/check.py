"""Report typos that a proofreader would sign: the check that the inspection runs.

The engine is imported where it is used: whoever lists the checks, or runs others, has no need of its arrays.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from checks.model import Block, Check, Confidence, Excerpt, Finding, Need, Rule, Text
from checks.typos.candidate import Suspect
from checks.typos.rules import DELETED, FORM_RULES, RULES, SEVERE_TYPO, TYPO

if TYPE_CHECKING:
    from checks.typos.engine import Engine, Guesser
    from checks.typos.lexicon.own_words import OwnWords
    from checks.typos.opinions import SecondOpinion
    from checks.typos.site_language import SiteReader

CONTEXT = 20
"""Characters shown on either side of a wording."""

VOUCHED = frozenset({"lexicon", "form"})
"""Layers that no guess is made in: what a site writes often all the same is still shown, for a person to decide."""

IDENTITY = 6
"""Characters on either side that tell one finding from another: enough to be unique, few enough to survive edits."""


@dataclass(frozen=True)
class Typos(Check[Block]):
    """Typos, slips of form and severe wording errors in a block of text.

    A finding's ``url`` is empty: the text is what was judged, wherever it stands, so the verdict can be remembered for
    (text, version) and given its pages by the inspection.
    """

    id: ClassVar[str] = "typos"
    label: ClassVar[Text] = Text("错别字", "Typos")
    rules: ClassVar[tuple[Rule, ...]] = RULES
    cpu_bound: ClassVar[bool] = True
    needs: ClassVar[frozenset[Need]] = frozenset({Need.TEXT, Need.SITE_LANGUAGE})

    confirmed: float = 0.65
    """Least probability of a confirmed finding, an alarm: two independent kinds of evidence (docs/typos.md)."""
    suspected: float = 0.15
    """Least probability of a suspected one, for a person to look at. Probabilities are those of edited text, with one
    slip in 5,000 characters."""
    style: bool = False
    """Also suspect what is not wrong but out of favour: 异形词, former names of bodies, repealed laws."""
    template_code: bool = False
    """Also report template code, such as ``{{title}}``: for documents. On pages the check ``templates`` does."""
    skip_quotations: bool = False
    """Leave quotations and book titles alone: for sites that publish many old documents."""
    dictionary: str = ""
    """The operator's own dictionary (checks/typos/lexicon/own_words.py says how it is written); empty: none."""
    models: str = ""
    """Folder of the language models; empty or not there: the lexicon and the rules of form work alone."""
    llm: str = ""
    """Second opinion (docs/second-opinion.md): a GGUF file, or ``packaged`` for what ``sitehealth models install llm``
    puts there."""
    neural: str = ""
    """Second opinion: a folder with the weights of pycorrector's MacBertCorrector."""

    def __post_init__(self) -> None:
        """Refuse thresholds that cross, a dictionary and a model that cannot be read; raises ValueError."""
        if not 0 < self.suspected <= self.confirmed <= 1:
            raise ValueError("needs 0 < suspected ≤ confirmed ≤ 1")
        _own(self.dictionary)
        if self.llm:
            _refuse(self.weights, "; `sitehealth models install llm` puts it there" if self.llm == PACKAGED else "")

    @property
    def weights(self) -> Path:
        """The file of the model that ``llm`` asks for."""
        return Path(self.models, PACKAGED_GGUF) if self.llm == PACKAGED else Path(self.llm)

    @property
    def version(self) -> str:  # type: ignore[override]
        """Name everything that a verdict depends on: code, lists, settings, the operator's dictionary, the models."""
        from checks.typos.engine import data_version

        own, models = repr(_own(self.dictionary)), models_version(self.models)
        llm = self.weights.stat().st_size if self.llm else 0
        parts = (data_version(), repr(astuple(self)), own, models, str(llm))
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]

    def inspect(self, subject: Block) -> Iterator[Finding]:
        """Yield what is wrong with the text, from left to right."""
        (findings,) = self.inspect_all([subject])
        yield from findings

    def inspect_all(self, subjects: Sequence[Block]) -> list[list[Finding]]:
        """Return what ``inspect`` yields for each text; many short texts at once are read three times as fast."""
        texts = [subject.text for subject in subjects]
        read = loaded(self).read(texts, self.suspected)
        return [
            [self._finding(text, one) for one in found if self.template_code or one.kind != "code"]
            for text, found in zip(texts, read, strict=True)
        ]

    def review(self, subject: Block, findings: Iterable[Finding], site: SiteReader) -> Iterator[Finding]:
        """Yield the findings of a text in the light of how its site writes.

        Guesses that call an established form wrong are dropped, what a reviewed pair or a rule of form calls wrong is
        then suspected only; guesses that the site's usual wording agrees with are confirmed, and rare variants of usual
        phrases are added as suspected. ``findings`` is what ``inspect`` yielded,
        now or in an earlier run.
        """
        from checks.typos.weighing import edit

        variants = {edit(suspect): suspect for suspect in self._variants(subject.text, site)}
        told = []
        for finding in findings:
            said = _suspect(finding)
            agreed = variants.pop(edit(said), None) is not None
            established = not agreed and site.is_established(subject.text, said.start, said.end)
            if agreed:
                yield replace(finding, confidence=Confidence.CONFIRMED)
            elif not established:
                yield finding
            elif said.layer in VOUCHED and finding.confidence is Confidence.CONFIRMED:
                yield replace(finding, confidence=Confidence.SUSPECTED)
            else:
                continue
            told.append(said)
        for variant in variants.values():
            if all(variant.end <= said.start or said.end <= variant.start for said in told):
                yield self._finding(subject.text, variant)

    def _variants(self, text: str, site: SiteReader) -> Iterator[Suspect]:
        """Yield the rare variants of the site's usual phrases where a guess is allowed; few texts have any."""
        from checks.typos.masks import is_foreign, mask

        found = site.suspects(text, bytearray(len(text)))
        if found and not is_foreign(text):
            masked = mask(text, _own(self.dictionary).protected, quotations=self.skip_quotations)
            yield from (suspect for suspect in found if not any(masked[suspect.start : suspect.end]))

    def _finding(self, text: str, suspect: Suspect) -> Finding:
        from checks.typos.weighing import in_words

        rule = _rule(suspect)
        suspect = in_words(text, suspect)
        before, after = text[max(0, suspect.start - CONTEXT) : suspect.start], text[suspect.end : suspect.end + CONTEXT]
        sure = suspect.probability >= self.confirmed
        return Finding(
            rule=rule,
            url="",
            key=f"{before[-IDENTITY:]}[{suspect.wrong}→{suspect.right}]{after[:IDENTITY]}",
            params=_params(suspect),
            variant=_variant(rule, suspect),
            evidence=before + suspect.wrong + after,
            suggestion=suspect.right,
            confidence=Confidence.CONFIRMED if sure else Confidence.SUSPECTED,
            text=Excerpt(before, suspect.wrong, after, suspect.start),
        )


def _suspect(finding: Finding) -> Suspect:
    start = finding.text.start if finding.text else 0
    wrong, layer = str(finding.params["wrong"]), str(finding.params["layer"])
    return Suspect(start, wrong, finding.suggestion, layer, "", 0.0)


def _rule(suspect: Suspect) -> Rule:
    if suspect.severe:
        return SEVERE_TYPO
    return FORM_RULES.get(suspect.kind, TYPO) if suspect.layer == "form" else TYPO


def _variant(rule: Rule, suspect: Suspect) -> str:
    """Return the message for the kind of error; where nothing takes its place, one that says so."""
    if not isinstance(rule.message, Mapping):
        return ""
    kind = suspect.kind if suspect.kind in rule.message else ""
    names_right = kind in rule.message and "{right}" in rule.message[kind].zh
    return DELETED if names_right and not suspect.right and DELETED in rule.message else kind


def _params(suspect: Suspect) -> dict[str, object]:
    return {
        "wrong": suspect.wrong,
        "right": suspect.right,
        "layer": suspect.layer,
        "kind": suspect.kind,
        "probability": round(suspect.probability, 3),
    }


@lru_cache(maxsize=2)
def loaded(check: Typos) -> Engine:
    """Return the engine for these settings, loaded once a process."""
    from checks.typos.engine import Engine
    from checks.typos.lexicon.pairs import build
    from checks.typos.lexicon.phrases import packaged_phrases

    return Engine(
        build(_own(check.dictionary).pairs, style=check.style),
        packaged_phrases(),
        _own(check.dictionary),
        guessers(check, rivals=bool(check.llm)),
        opinions(check),
        skip_quotations=check.skip_quotations,
    )


def guessers(check: Typos, *, rivals: bool = False) -> tuple[Guesser, ...]:
    """Return the layers that need models, as far as these are installed; ``rivals`` as LanguageModel has it."""
    if not is_prepared(check.models):
        return ()
    from checks.typos.language_model import LanguageModel

    return (LanguageModel.load(Path(check.models), rivals=rivals),)


PREPARED = "prepared"
"""The file that says what made the language model's tables in the folder of the models."""


def is_prepared(folder: str) -> bool:
    """Return whether a folder holds the language model's tables as this version makes and reads them."""
    stamp = Path(folder, PREPARED)
    if not folder or not stamp.is_file():
        return False
    from checks.typos.lm.prepare import maker

    return stamp.read_text("ascii", errors="replace") == maker()


PACKAGED = "packaged"
PACKAGED_GGUF = "gemma-3-270m-q4_k_m.gguf"
"""The setting that stands for the installed weights, and their file in the folder of the models."""

GGUF = b"GGUF"
"""What such a file begins with."""


def opinions(check: Typos) -> tuple[SecondOpinion, ...]:
    """Return the second opinions that are asked for; raises ImportError or ValueError where one cannot be had."""
    asked: list[SecondOpinion] = []
    if check.llm:
        from checks.typos.opinions.llm import LlmOpinion

        asked.append(LlmOpinion(check.weights))
    if check.neural:
        from checks.typos.opinions.neural import NeuralOpinion

        asked.append(NeuralOpinion(Path(check.neural)))
    return tuple(asked)


def _refuse(weights: Path, hint: str) -> None:
    """Raise ValueError where a model cannot be had, before anything is inspected without it."""
    if find_spec("llama_cpp") is None:
        raise ValueError("llm: llama-cpp-python is not installed (docs/second-opinion.md)")
    if not weights.is_file():
        raise ValueError(f"llm: {weights} is not there{hint}")
    with weights.open("rb") as file:
        if file.read(len(GGUF)) != GGUF:
            raise ValueError(f"llm: {weights} is no GGUF file")


def models_version(folder: str) -> str:
    """Name the models in a folder by their files and sizes, without reading them, and say whether they are read."""
    files = sorted(Path(folder).glob("*")) if folder else []
    return repr((is_prepared(folder), [(file.name, file.stat().st_size) for file in files if file.is_file()]))


@lru_cache(maxsize=4)
def _own(path: str) -> OwnWords:
    from checks.typos.lexicon.own_words import OwnWords, parse

    return parse(Path(path).read_text("utf-8"), path) if path else OwnWords()
