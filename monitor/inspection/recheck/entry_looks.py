"""Say for an entry of the ledger where to look, step by step, and what the look tells: one class a kind of subject.

Every step is asked for only where the one before it does not tell: first the target of a link, then one page that had
it, then the others. What is gone is decided by the evidence of inspections (``reports/digest.py``).
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Protocol

from msgspec.structs import replace

from checks.link_rules import BROKEN, SOFT_404
from checks.links import Links
from checks.model import Confidence, Document, ErrorKind, Finding, Kind, Link, Reference, Text
from monitor.crawl.answers import is_dead, is_silent
from monitor.inspection.closing_evidence import not_found, not_linked, outcome_of
from monitor.inspection.comparison import OF_THE_WHOLE_SITE, TEXTS
from monitor.inspection.recheck.site_evidence import OUR_NETWORK, SiteEvidence
from monitor.inspection.site_probes import PROBES
from monitor.store.crawl.targets import TargetAnswer
from reports import facts
from reports.digest import OpenFault, all_verified, settle
from reports.remediation.entry import LedgerEntry
from reports.remediation.recheck_verdict import RecheckVerdict, at_place, cannot_tell, gone_since, still_there
from reports.wording import LANGUAGES

Step = tuple[Reference, ...]
"""Addresses that are asked for together."""

NOT_OPENING = frozenset({BROKEN.id, SOFT_404.id})
"""Rules by which a link does not open: what was 404 and is now a notice that answers 200 is not mended."""

WHOLE_SITE = Text(
    "要看整个网站才能判定，由下一次全站检查判定",
    "it takes the whole site to tell: the next round of the whole site will",
)
CANCELLED = Text("这个检查项已经取消", "there is no such check any more")
POSTED = Text(
    "新媒体信息由下一次检查读取订阅源时判定",
    "it was posted by an account: the next round that reads its feed will tell",
)
IN_A_PICTURE = Text(
    "图片中的文字由下一次检查重新识别后判定", "it was read from a picture: the next round that reads it will tell"
)
SCRIPTED_LIST = Text(
    "页面的列表由脚本加载，由下一次检查判定", "a script draws the list of its page: the next round will tell"
)


class EntryLook(Protocol):
    """What one entry needs: ``steps`` in the order of asking, and what the look tells after ``done`` of them."""

    entry: LedgerEntry
    steps: tuple[Step, ...]

    def verdict(self, seen: SiteEvidence, done: int, /) -> RecheckVerdict | None:
        """Return what is known, None where the next step has to tell."""


def page_reference(url: str) -> Reference:
    """Return a reference to a page, or to a style sheet, which points at pictures as pages do."""
    return Reference(url, url, Kind.STYLE if url.partition("?")[0].lower().endswith(".css") else Kind.PAGE)


def _one_by_one(urls: Iterable[str]) -> tuple[Step, ...]:
    """Return the first address as a step of its own, and the others as one: mostly the first one tells."""
    first, *others = map(page_reference, urls)
    return ((first,), tuple(others)) if others else ((first,),)


def _says(finding: Finding, place: str) -> Text:
    return at_place(Text(*(facts.message(finding, language) for language in LANGUAGES)), place)


def _linked_from(evidence: Text, pages: Sequence[str]) -> Text:
    """Return how a target is at fault, and the first page that still points at it, where there is one."""
    if not pages:
        return evidence
    return Text(f"{evidence.zh}，仍有链接：{pages[0]}", f"{evidence.en}, still linked from {pages[0]}")


def _is_sure(finding: Finding) -> bool:
    return finding.confidence is Confidence.CONFIRMED


@dataclass(slots=True)
class LinkLook:
    """A link: gone where its target shows no such fault any more, or no page that had it points there.

    ``faults`` are what each scope last saw of it, ``scripted`` the pages whose lists a script draws.
    """

    entry: LedgerEntry
    link: Link
    faults: tuple[OpenFault, ...]
    scripted: frozenset[str]
    steps: tuple[Step, ...] = ()

    def __post_init__(self) -> None:
        """Ask for the target first, where there is an address to ask for, then for the pages that had the link."""
        link = self.link
        target = () if self._is_no_address else (Reference(link.url, link.url, link.kind, element=link.element),)
        pages = _one_by_one(self.referrers) if self.referrers else ()
        self.steps = ((target,) if target else ()) + pages

    @property
    def _is_no_address(self) -> bool:
        return self.link.target.error is ErrorKind.MALFORMED

    @property
    def referrers(self) -> tuple[str, ...]:
        """The pages that are known to have pointed at the target."""
        return tuple(dict.fromkeys(chain.from_iterable(fault.referrers for fault in self.faults)))

    def verdict(self, seen: SiteEvidence, done: int, /) -> RecheckVerdict | None:
        """Return what is known: of the target, and where that is still at fault, of the pages that had the link."""
        if self._is_no_address:
            return self._of_pages(seen, done, _says(self.entry.finding, self.link.href or self.link.url), sure=True)
        answer = seen.answers.get(self.link.url)
        if answer is None:
            # Nobody lets us ask for the target. That no page points there any more can still be seen.
            return self._of_pages(seen, done, None, sure=False)
        today = self._today(answer)
        if not seen.network.judges(today) or seen.network.withholds(self.link.url):
            return cannot_tell(OUR_NETWORK)
        finding = self._fault(seen, today, answer)
        if finding is not None:
            return self._of_pages(seen, done, outcome_of(answer.last), sure=_is_sure(finding))
        if is_silent(answer) or not all_verified(self._at_target, seen.looked_at_file):
            return cannot_tell(seen.why_unseen(self.entry.check, [self.link.url]))
        return gone_since(at_place(outcome_of(answer.last), self.link.url))

    @property
    def _at_target(self) -> list[OpenFault]:
        return [replace(fault, referrers=(), all_referrers=False) for fault in self.faults]

    def _today(self, answer: TargetAnswer) -> Link:
        """Return the link with the answer of today in the place of that which the inspection got."""
        return replace(
            self.link,
            looks=answer.looks,
            soft_404=answer.soft_404,
            sniffed=answer.sniffed,
            challenge=answer.challenge,
            title=answer.title,
        )

    def _fault(self, seen: SiteEvidence, today: Link, answer: TargetAnswer) -> Finding | None:
        """Return the fault as it is today, None where the target does not show it."""
        if today.fragment is not None:
            lacks_place = seen.has_place(today) is False
            return self.entry.finding if lacks_place or (is_dead(answer) and not is_silent(answer)) else None
        found = [settle(each.finding, {self.entry.fingerprint}) for each in seen.judging.inspect(today)]
        same = (each for each in found if self._is_same(each))
        return next(same, None)

    def _is_same(self, finding: Finding) -> bool:
        """Return whether a finding is the fault of the entry, or as bad: no link is mended that does not open."""
        of_links = self.entry.finding.rule in Links.rules
        return finding.fingerprint == self.entry.fingerprint or (of_links and finding.rule.id in NOT_OPENING)

    def _of_pages(self, seen: SiteEvidence, done: int, evidence: Text | None, *, sure: bool) -> RecheckVerdict | None:
        """Return what the pages tell that had the link; ``evidence`` is how the target is at fault, None if not asked.

        A link that no page is known to have had, one of a sitemap for instance, is judged by its target alone.
        """
        pointing = seen.pages_pointing_at(self.link)
        if pointing and evidence is None:
            return cannot_tell(seen.why_unseen(self.entry.check, [self.link.url]))
        if evidence is not None and (pointing or not self.referrers):
            return still_there(_linked_from(evidence, pointing), sure=sure)
        if done < len(self.steps):
            return None
        return self._without_link(seen)

    def _without_link(self, seen: SiteEvidence) -> RecheckVerdict:
        """Return what it tells that none of the pages that were read points at the target."""
        unseen = [page for page in self.referrers if not all(seen.looked(fault, page) for fault in self.faults)]
        if unseen or not self.referrers:
            return cannot_tell(seen.why_unseen(self.entry.check, unseen or [self.link.url]))
        if self.scripted.intersection(self.referrers):
            return cannot_tell(SCRIPTED_LIST)
        if not all(fault.all_referrers for fault in self.faults) or self.link.other_count > len(self.link.others):
            known, count = len(self.referrers), facts.referrer_count(self.entry.finding)
            return cannot_tell(
                Text(
                    f"已知的 {known} 个引用页面都不再链接，其余共 {count} 个由下一次全站检查判定",
                    f"none of the {known} known pages links to it; the next round of the whole site tells of {count}",
                )
            )
        return gone_since(not_linked(self.referrers))


@dataclass(slots=True)
class PageLook:
    """A fault on one page, or a text on several: gone where each page that had it was read, or is gone itself."""

    entry: LedgerEntry
    faults: tuple[OpenFault, ...]
    steps: tuple[Step, ...] = ()

    def __post_init__(self) -> None:
        """Ask for the page of the finding first, then for the others on which it stood."""
        self.steps = _one_by_one(self.pages)

    @property
    def pages(self) -> tuple[str, ...]:
        """The pages on which the fault is known to have stood."""
        places = chain.from_iterable((fault.place, *fault.also_on) for fault in self.faults)
        return tuple(dict.fromkeys(places))

    def verdict(self, seen: SiteEvidence, done: int, /) -> RecheckVerdict | None:
        """Return what is known of the pages that were read."""
        finding = seen.findings.get(self.entry.fingerprint) or self._moved(seen)
        if finding is not None:
            return still_there(_says(finding, finding.url), sure=_is_sure(finding))
        if done < len(self.steps):
            return None
        unseen = [page for page in self.pages if not all(seen.looked(fault, page) for fault in self.faults)]
        if unseen or not all_verified(self.faults, seen.looked):
            return cannot_tell(seen.why_unseen(self.entry.check, unseen))
        return self._gone(seen)

    def _moved(self, seen: SiteEvidence) -> Finding | None:
        """Return the same fault on a page to which one of the pages is redirected."""
        known = self.entry.finding
        moved = {seen.answers[page].last.url for page in self.pages if page in seen.answers}
        same = (each for each in seen.findings.values() if (each.rule.id, each.key) == (known.rule.id, known.key))
        return next((each for each in same if each.url in moved), None)

    def _gone(self, seen: SiteEvidence) -> RecheckVerdict:
        known, count = len(self.pages), facts.page_count(self.entry.finding)
        if count > known:
            return cannot_tell(
                Text(
                    f"已知的 {known} 个页面上都没有了，其余共 {count} 个由下一次全站检查判定",
                    f"it is gone from the {known} known pages; the next round of the whole site tells of all {count}",
                )
            )
        first = self.pages[0]
        return gone_since(not_found(seen.answers[first], first))


@dataclass(slots=True)
class DocumentLook:
    """A fault in a file: gone where the file was read, or is gone itself."""

    entry: LedgerEntry
    faults: tuple[OpenFault, ...]
    steps: tuple[Step, ...] = ()

    def __post_init__(self) -> None:
        """Ask for the file."""
        url = self.entry.finding.url
        self.steps = ((Reference(url, url, Kind.ATTACHMENT),),)

    def verdict(self, seen: SiteEvidence, _done: int, /) -> RecheckVerdict | None:
        """Return what is known of the file."""
        url, finding = self.entry.finding.url, seen.findings.get(self.entry.fingerprint)
        if finding is not None:
            return still_there(_says(finding, url), sure=_is_sure(finding))
        if not all_verified(self.faults, seen.looked_at_file):
            return cannot_tell(seen.why_unseen(self.entry.check, [url]))
        return gone_since(not_found(seen.answers[url], url))


@dataclass(slots=True)
class ProbeLook:
    """A fault of the host, or of a function: gone where its probe got to see it and the check found none."""

    entry: LedgerEntry
    faults: tuple[OpenFault, ...]
    subject: type
    home: str
    steps: tuple[Step, ...] = ()

    def __post_init__(self) -> None:
        """Ask for the homepage, where probes begin."""
        self.steps = ((Reference(self.home, self.home, Kind.PAGE),),)

    def verdict(self, seen: SiteEvidence, _done: int, /) -> RecheckVerdict | None:
        """Return what the probe tells. A certificate that lets nobody in is seen without the homepage."""
        finding = seen.findings.get(self.entry.fingerprint)
        if finding is not None:
            return still_there(_says(finding, finding.url), sure=_is_sure(finding))
        unread = seen.why_homepage_unread()
        if unread is not None:
            return cannot_tell(unread)
        if not all_verified(self.faults, seen.looked_at_file):
            return cannot_tell(seen.why_unseen(self.entry.check, [self.home]))
        if not seen.has_made(self.entry.finding, self.subject):
            return cannot_tell(Text("这次没有探测到", "the probe did not get to see it"))
        place = self.entry.finding.url
        return gone_since(Text(f"重新探测，没有再发现：{place}", f"probed again and not found: {place}"))


@dataclass(slots=True)
class NoLook:
    """An entry that no look at a few places can tell of; ``reason`` says why."""

    entry: LedgerEntry
    reason: Text
    steps: tuple[Step, ...] = ()

    def verdict(self, _seen: SiteEvidence, _done: int, /) -> RecheckVerdict | None:
        """Return why nothing is known."""
        return cannot_tell(self.reason)


def why_no_look(finding: Finding, subject: type, accounts: Container[str]) -> Text | None:
    """Return why no look at a few places tells of a finding whose check reads a type of subject; None where one does.

    ``accounts`` are the names of the site's accounts on new media.
    """
    if subject in OF_THE_WHOLE_SITE:
        return WHOLE_SITE
    if finding.picture is not None:
        return IN_A_PICTURE
    return POSTED if subject in TEXTS and finding.column in accounts else None


def look_for(
    entry: LedgerEntry, subject: type, faults: tuple[OpenFault, ...], home: str, scripted: frozenset[str]
) -> EntryLook:
    """Return how to look for the fault of an entry whose check reads a type of subject, where a look can tell."""
    finding = entry.finding
    if subject is Link and finding.target is not None:
        return LinkLook(entry, finding.target, faults, scripted)
    if subject is Document:
        return DocumentLook(entry, faults)
    if subject in PROBES:
        return ProbeLook(entry, faults, subject, home)
    return PageLook(entry, faults)
