"""Say what a recheck has seen of a site so far: what answered, what the checks found, which pages point where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from checks.model import ErrorKind, Exposure, Finding, Host, Link, MediaAccount, Probe, Response, Text
from monitor.crawl.answers import is_clean, is_silent
from monitor.crawl.crawler import Crawl
from monitor.inspection.checking import Judging
from monitor.inspection.closing_evidence import outcome_of
from monitor.inspection.comparison import LookedAt, RunEvidence, undrawn, without_browser, without_end
from monitor.inspection.crawl_notices import why_unread
from monitor.inspection.own_network import Network
from monitor.store.crawl.frontier import CrawlStore
from monitor.store.crawl.targets import TargetAnswer
from monitor.store.ledger.sightings import FaultStore
from reports.digest import OpenFault
from reports.remediation.recheck_verdict import at_place

EXCLUDED = Text("配置中的 exclude 不允许访问", "exclude of the configuration closes the address")
ROBOTS = Text("robots.txt 不允许访问", "robots.txt closes the address")
NOT_ASKED = Text("复核中断，还没有访问", "the recheck was cut short before it was asked for")
CHECK_FAILED = Text("检查项自身出错", "the check itself failed there")
UNREAD_FILE = Text("附件没有读出文字", "the file gave no text")
NOT_READ = Text("打开的不是可以检查的网页", "what opens is no page that can be checked")
BROKEN_OFF = Text("页面没有传完连接就断了", "the page broke off before its end")
NOT_DRAWN = Text("页面内容由脚本生成，没有渲染", "a script makes the page, and it was not drawn")
OUR_NETWORK = Text("本机网络有问题，外部链接无法判断", "our own network cannot judge external links")

Target = tuple[str, str]
"""What a page points at: an address and "", or a place in it; "" and what stands there, where that is no address."""


@dataclass(slots=True)
class SiteEvidence:
    """What one recheck knows of one site. ``take_stock`` reads anew what the crawl has learned since.

    ``refused`` are the addresses that were not asked for because the owner or robots.txt closes them, ``unread`` the
    files of which nothing was seen, ``made`` the subjects that probes made. ``pointing`` has the pages that point at a
    target.
    """

    crawl: Crawl
    judging: Judging
    network: Network
    refused: set[str] = field(default_factory=set)
    unread: set[str] = field(default_factory=set)
    made: list[object] = field(default_factory=list)
    findings: dict[str, Finding] = field(default_factory=dict)
    answers: dict[str, TargetAnswer] = field(default_factory=dict)
    read: set[str] = field(default_factory=set)
    pointing: dict[Target, set[str]] = field(default_factory=dict)
    _looked: RunEvidence = field(init=False)

    def __post_init__(self) -> None:
        """Begin with what is known before anything was asked: nothing."""
        self._looked = RunEvidence(self.judging, LookedAt(set(), set(), frozenset()), whole=False)

    def take_stock(self) -> None:
        """Read what answered, what was read, and what was found."""
        store = self.crawl.frontier.store
        amiss = {target.url: target.answer for target in store.load_amiss()}
        asked = [target.url for target, answered in store.load_targets() if answered]
        self.answers = {url: amiss.get(url) or TargetAnswer((Response(url, 200),)) for url in asked}
        self.read = FaultStore(store.engine, store.row.site, store.row.scope).read(store.run, asked)
        self.findings = {stored.fingerprint: stored.finding for chunk in store.findings.load() for stored in chunk}
        self.pointing = _pointing(store)
        silent = {url for url, answer in self.answers.items() if is_silent(answer)} | self.unread
        silent |= without_end(self.crawl) | undrawn(self.crawl)
        places = LookedAt(set(self.answers), self.read, frozenset(silent))
        whole, unlooked = not self.crawl.stopped, without_browser(self.crawl)
        self._looked = RunEvidence(self.judging, places, whole=whole, unlooked=unlooked)

    def looked(self, known: OpenFault, place: str, /) -> bool:
        """Return whether the check of a fault looked at a page: one that was read, or that is certainly gone.

        What opens and is no page any more may show the same fault in another form.
        """
        if not self._looked(known, place):
            return False
        answer = self.answers.get(place)
        return answer is None or place in self.read or not is_clean(answer)

    def looked_at_file(self, known: OpenFault, place: str, /) -> bool:
        """Return whether the check of a fault looked at a file or what a probe made, or it is certainly gone."""
        return self._looked(known, place)

    # ---- links -----------------------------------------------------------------------------------

    def pages_pointing_at(self, link: Link) -> list[str]:
        """Return the pages that were read and still point at the target of a link."""
        if link.target.error is ErrorKind.MALFORMED:
            targets = [("", link.href or link.url)]
        elif link.fragment is not None:
            targets = [(link.url, link.fragment)]
        else:
            targets = [(url, "") for url in (link.url, *link.others)]
        return sorted({page for target in targets for page in self.pointing.get(target, ())})

    def has_place(self, link: Link) -> bool | None:
        """Return whether the place that a link names is in its page; None where the page was not read to its end."""
        known = self.crawl.frontier.store.load_anchors([link.url]).get(link.url)
        return None if known is None else link.fragment in known[0]

    # ---- why nothing is known --------------------------------------------------------------------

    def why_unseen(self, check: str, places: Iterable[str]) -> Text:
        """Return why the first of some places that shows nothing does so."""
        for place in places:
            reason = self._why_unseen(check, place)
            if reason is not None:
                return at_place(reason, place)
        return NOT_READ

    def _why_unseen(self, check: str, place: str) -> Text | None:
        answer = self.answers.get(place)
        if place in self.refused:
            return EXCLUDED if self.crawl.scope.excluded(place) else ROBOTS
        if answer is None:
            return NOT_ASKED
        if place in self.judging.tallies.failed[check] or answer.unjudged:
            return CHECK_FAILED
        return self._why_silent(place, answer)

    def _why_silent(self, place: str, answer: TargetAnswer) -> Text | None:
        if answer.challenge:
            guard = answer.challenge
            return Text(f"被防火墙（{guard}）拦截", f"a firewall ({guard}) answered in its place")
        if is_silent(answer):
            return outcome_of(answer.last)
        if place in without_end(self.crawl):
            return BROKEN_OFF
        if place in undrawn(self.crawl):
            return NOT_DRAWN
        return UNREAD_FILE if place in self.unread else None

    def why_homepage_unread(self) -> Text | None:
        """Return why the homepage shows nothing, None where it was read."""
        if self.crawl.url in self.refused:
            return EXCLUDED
        if self.crawl.url not in self.answers:
            return NOT_ASKED
        return why_unread(self.crawl)

    def has_made(self, finding: Finding, subject: type) -> bool:
        """Return whether a probe got to see what a finding is about: a host, a function, an address."""
        return any(isinstance(each, subject) and _shows(each, finding) for each in self.made)


def _shows(made: object, finding: Finding) -> bool:
    if isinstance(made, Probe):
        return made.name == finding.key
    if isinstance(made, Exposure):
        return made.response.error is None and made.path == finding.key
    if isinstance(made, MediaAccount):
        return made.name == finding.key
    if isinstance(made, Host):
        return made.judged.final is not None
    return True


def _pointing(store: CrawlStore) -> dict[Target, set[str]]:
    """Return which of the pages that were read point where."""
    pointing = defaultdict[Target, set[str]](set)
    for page, references in store.load_references():
        for href, url, _, _, fragment, *_ in references.all():
            pointing[url, "" if url else href].add(page)
            if url and fragment:
                pointing[url, fragment].add(page)
    return dict(pointing)
