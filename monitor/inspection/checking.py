"""Give subjects to the checks that want them, and keep count of what came of it, failures included."""

from __future__ import annotations

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from checks.model import Block, Check, Finding, Host, Need, Page, Subject, Versions, Viewing
from monitor.failure import Failure, failure_of
from monitor.inspection.child import LostWorkerError
from monitor.inspection.fence import Verdict, judge_all, judge_each
from monitor.inspection.helpers import Helpers, HelpOfOthers
from monitor.inspection.large_pages import LargePages
from monitor.inspection.site_language import SiteWording
from monitor.inspection.workers import Crew, Workers
from monitor.logs import tell
from monitor.pages.offload import weight
from monitor.pages.text_regions import region_of_evidence, region_of_text
from monitor.store.findings import CheckFinding
from monitor.store.memory.verdicts import VerdictStore
from monitor.store.run_facts import TextRead
from reports.model import Tally

NAMED = 5
"""Places at which a check failed that the report names; their number is exact."""


class Tallies(Struct):
    """Per check: subjects looked at, findings made, subjects it failed on, characters read, and seconds for it.

    ``failed`` are the addresses at which a check failed, in the order in which it did.
    """

    subjects: Counter[str] = field(default_factory=Counter)
    findings: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    failed: defaultdict[str, dict[str, None]] = field(default_factory=lambda: defaultdict(dict))
    characters: Counter[str] = field(default_factory=Counter)
    seconds: dict[str, float] = field(default_factory=dict)

    def of(self, checks: Iterable[Check[Any]]) -> tuple[Tally, ...]:
        """Return what each check did, in the order of the checks."""
        return tuple(
            Tally(
                id=check.id,
                subjects=self.subjects[check.id],
                findings=self.findings[check.id],
                errors=self.errors[check.id],
                failed=tuple(islice(self.failed[check.id], NAMED)),
            )
            for check in checks
        )

    def fail(self, check: str, place: str, failure: Failure) -> None:
        """Count, and log, that a check failed at a place."""
        self.errors[check] += 1
        self.failed[check][place] = None
        tell("error", "a check failed", check=check, at=place, error=failure.reason, exception=failure.frames)

    def read(self, check: str, blocks: Iterable[Block], seconds: float) -> None:
        """Note that a check read texts, and how long it took without the wait for its turn."""
        self.characters[check] += sum(len(block.text) for block in blocks)
        self.seconds[check] = self.seconds.get(check, 0.0) + seconds

    def text(self) -> dict[str, TextRead]:
        """Return what every check that read text read of it."""
        return {check: TextRead(count, round(self.seconds[check], 3)) for check, count in self.characters.items()}


class Judging:
    """The checks of one run. ``wording`` is how the site writes, where a check asks for it.

    ``crew_of`` returns the processes that run a check which costs CPU: the run's own unless the caller shares some.
    ``helpers`` are other machines that may do so too, and read files; ``help_of_others`` is what this run has of them.
    """

    def __init__(
        self,
        checks: tuple[Check[Any], ...],
        verdicts: VerdictStore,
        wording: SiteWording | None = None,
        crew_of: Callable[[Check[Any]], Crew] = Crew,
        helpers: Helpers | None = None,
    ) -> None:
        self.checks, self.verdicts, self.wording = checks, verdicts, wording
        self.tallies = Tallies()
        self._blocks = self.checks_of(Block)
        self._seen: set[bytes] = set()
        self._waiting: dict[bytes, asyncio.Event] = {}
        self._found: dict[bytes, list[CheckFinding]] = {}
        self.help_of_others = HelpOfOthers(helpers)
        self._workers = {
            check.id: Workers(crew_of(check), help_of_others=self.help_of_others)
            for check in self._blocks
            if check.cpu_bound
        }
        self.large_pages = LargePages()

    @property
    def waits_for_workers(self) -> bool:
        """Whether texts are read by other processes, while the crawl goes on."""
        return bool(self._workers)

    @property
    def helped_at_once(self) -> int:
        """How many pages may wait for other machines, beside those that wait for the processes of this one."""
        return self.help_of_others.at_once if self._workers else 0

    def needs(self, need: Need) -> bool:
        """Return whether any check asks for something."""
        return any(need in check.needs for check in self.checks)

    def checks_of(self, subject: type) -> tuple[Check[Any], ...]:
        """Return the checks for a type of subject."""
        return tuple(check for check in self.checks if check.subject is subject)

    def inspect(self, subject: Subject) -> list[CheckFinding]:
        """Return what the checks for a subject's type say of it."""
        checks = self.checks_of(type(subject))
        return self._taken(subject, checks, judge_all(checks, subject))

    async def inspect_aside(self, subject: Subject) -> list[CheckFinding]:
        """Return the same of a subject that may hold large documents, which are judged in another process.

        Raises LostWorkerError where that process was lost over it.
        """
        checks = self.checks_of(type(subject))
        if not checks:
            return []  # and nobody need weigh it
        return self._taken(subject, checks, await self.large_pages.run(weight_of(subject), judge_all, checks, subject))

    async def inspect_probed(self, subject: Subject) -> list[CheckFinding]:
        """Return the same of what a probe made; where the process was lost over it, its checks failed there."""
        try:
            return await self.inspect_aside(subject)
        except LostWorkerError as error:
            for check in self.checks_of(type(subject)):
                self.tallies.fail(check.id, subject.url, failure_of(error))
            return []

    def looks_at(self, subject: type) -> bool:
        """Return whether any check wants subjects of a type."""
        return bool(self.checks_of(subject))

    def count(self, subject: type, checks: Iterable[str]) -> None:
        """Note a subject that was judged from memory, and the checks behind what is wrong with it."""
        self.tallies.subjects.update(check.id for check in self.checks_of(subject))
        self.tallies.findings.update(checks)

    async def judge(self, page: Page) -> list[CheckFinding]:
        """Return what is wrong with a page and with its texts; a text that a page before it had is not judged again."""
        found = [_placed(each, page) for each in await self.inspect_aside(page)]
        return found + await self.judge_text(page)

    def judge_viewing(self, viewing: Viewing) -> list[CheckFinding]:
        """Return what is wrong with what a browser saw of a page."""
        return [found._replace(finding=replace(found.finding, drawn=True)) for found in self.inspect(viewing)]

    def is_judged(self, place: str) -> bool:
        """Return whether no check failed at a place."""
        return not any(place in places for places in self.tallies.failed.values())

    def _taken(self, subject: Subject, checks: Iterable[Check[Any]], verdicts: Iterable[Verdict]) -> list[CheckFinding]:
        """Count what each check said of a subject, and return what it found."""
        found = []
        for check, verdict in zip(checks, verdicts, strict=True):
            self.tallies.subjects[check.id] += 1
            if isinstance(verdict, Failure):
                self.tallies.fail(check.id, subject.url, verdict)
                continue
            self.tallies.findings[check.id] += len(verdict)
            found += [CheckFinding(check.id, finding) for finding in verdict]
        return found

    async def judge_text(self, page: Page) -> list[CheckFinding]:
        """Return what is wrong with the texts of a page; pages that share a text wait for the first to judge it.

        A page judges its own new texts before it waits for another's, so no two wait for each other.
        """
        if not self._blocks or not page.blocks:
            return []
        blocks, shared = self._new_blocks(page)
        judged = asyncio.Event()
        self._waiting |= dict.fromkeys(blocks, judged)
        try:
            on_page = await self._judge_new(page, blocks)
        finally:
            for key in blocks:
                del self._waiting[key]
            judged.set()
        return on_page + await self._known(page.url, shared)

    async def judge_read(self, page: Page, check_id: str) -> list[tuple[Block, Finding]]:
        """Return what a check says of texts that were read from a picture, each with its text.

        They teach nothing of how the site writes, since a reader of characters errs, and are no texts of a page.
        """
        blocks = {block.hash: block for block in page.blocks}
        found = []
        for check in self._blocks:
            if check.id != check_id:
                continue
            for key, verdict in (await self._verdicts(check, page.url, blocks)).items():
                block = blocks[key]
                found += [(block, finding) for finding in self._review(check, page, block, verdict)]
        return found

    async def _known(self, url: str, texts: Iterable[bytes]) -> list[CheckFinding]:
        """Return the findings of texts, by their hashes, that other pages have as well."""
        for key in texts:
            if key in self._waiting:
                await self._waiting[key].wait()
        found = (each for key in texts for each in self._found.get(key, ()))
        return [CheckFinding(check, replace(finding, url=url)) for check, finding in found]

    async def _judge_new(self, page: Page, blocks: dict[bytes, Block]) -> list[CheckFinding]:
        strange = self.wording.learn(blocks.values()) if self.wording is not None else frozenset[str]()
        on_page = []
        for check in self._blocks:
            self.tallies.subjects[check.id] += len(blocks)
            for key, verdict in (await self._verdicts(check, page.url, blocks)).items():
                block = blocks[key]
                found = self._review(check, page, block, verdict) if verdict or block.text in strange else []
                self.tallies.findings[check.id] += len(found)
                if found:
                    at = region_of_text(page, block.text)
                    placed = [
                        CheckFinding(check.id, replace(one, url=page.url, placeless=True, region=at, drawn=page.drawn))
                        for one in found
                    ]
                    self._found.setdefault(key, []).extend(placed)
                    on_page += placed
        return on_page

    def _review(self, check: Check[Any], page: Page, block: Block, found: list[Finding]) -> list[Finding]:
        """Return what stands of a verdict on this site; all of it where the check fails at telling."""
        if self.wording is None or Need.SITE_LANGUAGE not in check.needs:
            return found
        try:
            return self.wording.review(check, block, found, page)
        except Exception as error:  # noqa: BLE001 - whatever a check raises
            self.tallies.fail(check.id, page.url, failure_of(error))
            return found

    def _new_blocks(self, page: Page) -> tuple[dict[bytes, Block], list[bytes]]:
        """Return the texts that no page before had, by their hashes, and the hashes of the others."""
        fresh, shared = dict[bytes, Block](), dict[bytes, None]()
        for block in page.blocks:
            key = block.hash
            if key not in self._seen:
                self._seen.add(key)
                fresh[key] = block
            elif key not in fresh:
                shared[key] = None
        return fresh, list(shared)

    async def _verdicts(self, check: Check[Any], url: str, blocks: dict[bytes, Block]) -> dict[bytes, list[Finding]]:
        """Return what the check says of each text by itself, in their order; texts that it failed on are left out.

        What it failed on is not remembered: the next run asks again.
        """
        known = self.verdicts.load(check.id, check.version, blocks)
        wanted = {key: block for key, block in blocks.items() if key not in known}
        if wanted:
            verdicts = await self._judge(check, list(wanted.values()))
            fresh = {}
            for key, verdict in zip(wanted, verdicts, strict=True):
                if isinstance(verdict, Failure):
                    self.tallies.fail(check.id, url, verdict)
                else:
                    fresh[key] = verdict
            self.verdicts.save(check.id, check.version, fresh, time.time())
            known |= fresh
        return {key: known[key] for key in blocks if key in known}

    async def _judge(self, check: Check[Any], blocks: list[Block]) -> list[Verdict]:
        workers = self._workers.get(check.id)
        if workers is not None:
            verdicts = await workers.judge([block.text for block in blocks])
            self.tallies.read(check.id, blocks, workers.take_seconds())
            return verdicts
        began = time.monotonic()
        verdicts = judge_each(check, blocks)
        self.tallies.read(check.id, blocks, time.monotonic() - began)
        return verdicts

    def save_language(self) -> None:
        """Keep how the site writes, for the next run to judge by."""
        if self.wording is not None:
            self.wording.save()

    def close(self) -> None:
        """Leave the worker processes to other runs, or end them where there are none."""
        self.large_pages.close()
        for workers in self._workers.values():
            workers.close()


def _placed(found: CheckFinding, page: Page) -> CheckFinding:
    """Return a finding about a page with where on it that stands which the check quotes, and whether it was drawn."""
    finding = found.finding
    if finding.target is not None or finding.evidence in {"", page.title}:
        return found._replace(finding=replace(finding, drawn=True)) if page.drawn else found
    region = region_of_evidence(page, finding.evidence)
    return found._replace(finding=replace(finding, region=region, drawn=page.drawn))


def weight_of(subject: Subject) -> int:
    """Return what the documents of a subject weigh together; one without any costs next to nothing."""
    match subject:
        case Page():
            return weight(subject.html)
        case Versions():
            return weight(subject.plain.html) + weight(subject.dressed.html)
        case Host():
            return sum(weight(answer.body) for chain in (subject.http, subject.https) for answer in chain.answers)
    return 0
