"""Inspect the demo site as it was over a quarter, so that trends, states and deliveries are there to be looked at.

``make_history`` makes a folder of its own: store, configuration, reports, and the messages that nobody gets. All of it
comes about as it does in a daemon: inspections, the ledger, the composer and the reports are the real ones. The time is
that of the past, which ``PastClock`` keeps. ``content/history.yaml`` has the story.
"""

from __future__ import annotations

import re
import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, time
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from checks.model import Check, Severity, WordedError
from monitor import __version__
from monitor.beijing import beijing_time
from monitor.delivery.composing import Composer
from monitor.demo.content_files import Content, read
from monitor.demo.edition import edition_of
from monitor.demo.past_clock import PastClock
from monitor.demo.server import PORT, Stage, opening
from monitor.fetch import Fetcher
from monitor.inspection.run import Inspection
from monitor.inspection.workers import Crew
from monitor.loop import run
from monitor.output.publish import publish
from monitor.output.report_list import list_reports
from monitor.remediation.configured_policy import policy_of
from monitor.remediation.ledger import Ledger, LedgerFilter
from monitor.rounds import Calendar
from monitor.settings.checks import build
from monitor.settings.config_file import load
from monitor.settings.site import Settings, SiteSettings
from monitor.store import Store
from monitor.store.outbox import MessageState, Outbox
from monitor.store.runs import RunRecord
from monitor.store.statistics import Statistics
from reports.messages.bodies import html_body
from reports.messages.message import message_from_json
from reports.remediation.changes import WantedChange
from reports.remediation.entry import LedgerEntry
from reports.remediation.states import State

ROUND = Calendar("Asia/Shanghai", 0, time(2))
"""When the rounds of the story fall: Mondays at two."""

HOUR, DAY, WEEK = 3_600.0, 86_400.0, 7 * 86_400.0

AT_WORK, WEEKLY = 8 * HOUR, 7 * HOUR
"""Seconds after the round: when people are at the ledger, and when the weekly messages go out (09:00)."""

MARK = ".sitehealth-demo"
"""The file by which a folder is known to be ours to replace; it says which version made it."""

ALL_FORMATS = ("html", "xlsx", "docx", "csv", "markdown", "json")
"""In which the last report is written; the others are pages only."""


class NotOursError(WordedError):
    """The folder holds something that the demo did not make; the reason says which."""


class UnderWayError(WordedError):
    """Another process makes the same history."""


@dataclass(frozen=True, slots=True)
class DemoHistory:
    """What was made. ``config`` is what every command takes as ``--config``; ``last`` is the number of the last run.

    ``quarter`` is the one that most rounds fall into, as ``report --quarter`` takes it.
    """

    folder: Path
    config: Path
    index: Path
    messages: Path
    site: str
    last: int
    quarter: str


class HistoryStep(NamedTuple):
    """How far it is: the run that has just ended, and how many there will be."""

    run: RunRecord
    of: int


def make_history(
    folder: Path,
    now: float,
    language: str = "zh-CN",
    port: int = PORT,
    show_step: Callable[[HistoryStep], None] = lambda _: None,
) -> DemoHistory:
    """Make the folder anew; ``now`` (seconds since the epoch) is when the story has just ended.

    The folder appears whole, in the place of the one that was made before, or not at all. Raises NotOursError,
    UnderWayError, and OSError.
    """
    folder = folder.absolute()
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MARK).is_file():
        raise NotOursError(f"{folder} 里有别的内容", f"{folder} holds something else")
    part = folder.with_name(f"{folder.name}.part")
    with _alone(folder):
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        try:
            (part / MARK).write_text(__version__, "utf-8")
            end = ROUND.latest(now)
            with opening(beijing_time(end).date(), port) as stage:
                made = _Past(part, folder, stage, end, language).make(show_step)
            shutil.rmtree(folder, ignore_errors=True)
            part.rename(folder)
        finally:
            shutil.rmtree(part, ignore_errors=True)
    return made


def ready_history(folder: Path) -> Path | None:
    """Return the configuration of a history that this version made; None where there is none."""
    config = folder.absolute() / "config.yaml"
    try:
        made_by = (folder / MARK).read_text("utf-8")
    except (OSError, UnicodeError):
        return None
    is_whole = config.is_file() and (folder / "store.db").is_file()
    return config if is_whole and made_by == __version__ else None


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold off others that make the same folder; the kernel lets go of a process that is killed."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_name(f"{folder.name}.lock").open("w") as lock:
        try:
            flock(lock, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            raise UnderWayError(f"另一个进程正在生成 {folder}", f"{folder} is being made by another process") from None
        yield


class OfflineFetcher(Fetcher):
    """Fetches from addresses only: no name of the story has one, and no resolver is asked for it."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - Fetcher's options
        super().__init__(**options | {"lookup": _nowhere})


async def _nowhere(name: str) -> list[str]:
    raise socket.gaierror(socket.EAI_NONAME, f"{name}: Name or service not known")


class _Crews:
    """The processes of the story, one for each check: its texts are few."""

    def __init__(self) -> None:
        self._crews: dict[tuple[Check[Any], str], Crew] = {}

    def of(self, check: Check[Any]) -> Crew:
        return self._crews.setdefault((check, check.version), Crew(check, 1, kept=DAY))

    def close(self) -> None:
        for crew in self._crews.values():
            crew.close()


class _Past:
    """One story while it is made in ``part``, to be found in ``folder``. ``end`` is when its last round begins."""

    def __init__(self, part: Path, folder: Path, stage: Stage, end: float, language: str) -> None:
        self._part, self._folder, self._stage, self._end = part, folder, stage, end
        self._story, self._language = read("history"), language
        self._clock = PastClock(end)
        (part / "config.yaml").write_text(self._configuration(part), "utf-8")
        self._settings = load(part / "config.yaml")
        self._site, self._neighbour = self._settings.sites
        self._crews = _Crews()

    def make(self, show_step: Callable[[HistoryStep], None]) -> DemoHistory:
        """Live through the story."""
        with Store(self._settings.store.url.get_secret_value()) as store:
            last = run(self._live(store, show_step))
            self._write_messages(store)
            sites = [(site.key, site.name) for site in self._settings.sites]
            list_reports(store, sites, self._part / "reports", self._language)
        (self._part / "config.yaml").write_text(self._configuration(self._folder), "utf-8")
        return DemoHistory(
            folder=self._folder,
            config=self._folder / "config.yaml",
            index=self._folder / "reports" / "index.html",
            messages=self._folder / "messages",
            site=self._site.key,
            last=last.id,
            quarter=self._quarter(),
        )

    def _configuration(self, root: Path) -> str:
        """Return config.yaml for a history that lies in ``root``."""
        site, own = self._stage.site, self._story["settings"]
        city = {"id": "donghu", "name": read("neighbour")["name"], "url": f"{site.neighbour}/"}
        bureau = {"id": "donghu-zjj", "name": site.bureau["name"], "url": f"{site.origin}/"}
        document = own | {
            "store": {"url": f"sqlite:///{root / 'store.db'}"},
            "report": own["report"] | {"language": self._language, "folder": str(root / "reports")},
            "daemon": {"reports": str(root / "reports")},
            "crawl": own["crawl"] | {"canaries": [f"{site.origin}/"]},
            "sites": [bureau | {"probes": self._story["probes"]}, city],
        }
        return yaml.safe_dump(document, allow_unicode=True, sort_keys=False)

    def _moment(self, week: int, day: int = 0) -> float:
        """Return when the round of a week begins, or so many days later; China sets its clocks never."""
        weeks: int = self._story["weeks"]
        return self._end - (weeks - week) * WEEK + day * DAY

    # ---- what happens ----------------------------------------------------------------------------

    async def _live(self, store: Store, show_step: Callable[[HistoryStep], None]) -> RunRecord:
        """Go through the weeks; return the last run of the bureau."""
        weeks = [self._due(week) for week in range(self._story["weeks"] + 1)]
        try:
            for week, due in enumerate(weeks):
                self._stage.show(edition_of(week))
                self._count_probes(store, week)
                for site, scope in due:
                    ended = await self._inspect(store, week, site, scope)
                    self._compose(store)
                    self._publish(store, ended)
                    show_step(HistoryStep(ended, sum(map(len, weeks))))
                self._clock.set(self._moment(week) + WEEKLY)
                self._compose(store)
                self._work(store, week)
        finally:
            self._crews.close()
        return ended

    def _due(self, week: int) -> list[tuple[SiteSettings, str]]:
        """Return the rounds of a week: which site, and what of it; that of the bureau is the last."""
        rounds = (self._neighbour, self._story["neighbour"]), (self._site, self._story["rounds"])
        return [(site, scope) for site, scopes in rounds for scope, weeks in scopes.items() if week in weeks]

    async def _inspect(self, store: Store, week: int, site: SiteSettings, scope: str) -> RunRecord:
        self._clock.set(self._moment(week))
        inspection = Inspection(
            store,
            self._settings.crawl,
            site,
            scope,
            build(self._settings.checks),
            scheduled_for=self._moment(week),
            profile=self._settings.score.profile,
            policy=policy_of(self._settings),
            fetch_with=OfflineFetcher,
            crew_of=self._crews.of,
            clock=self._clock,
        )
        return await inspection.run()

    def _publish(self, store: Store, ended: RunRecord) -> None:
        is_last = ended.scheduled_for == self._end
        names = ALL_FORMATS if is_last else self._settings.report.formats
        publish(store, ended.id, self._part / "reports", self._settings.report_of(ended.site), names)

    def _count_probes(self, store: Store, week: int) -> None:
        """Count how often the homepage opened in the week before a round."""
        statistics, probed = Statistics(store.engine), self._story["availability"]
        for ago in range(7):
            at = self._moment(week) - ago * DAY
            day, failures = beijing_time(at).date(), probed["failed"].get(round((self._end - at) / DAY), 0)
            statistics.add_probes(self._site.key, day.isoformat(), probed["a_day"], failures)
            statistics.add_probes(self._neighbour.key, day.isoformat(), probed["a_day"], 0)

    # ---- what people do --------------------------------------------------------------------------

    def _work(self, store: Store, week: int) -> None:
        """Do what people did to the ledger in a week, in their order."""
        ledger = Ledger(store, policy_of(self._settings), self._clock)
        for deed in sorted((each for each in self._story["people"] if each["week"] == week), key=lambda it: it["day"]):
            self._clock.set(self._moment(week, deed["day"]) + AT_WORK)
            ledger.end_terms()
            self._do(ledger, deed)

    def _do(self, ledger: Ledger, deed: Content) -> None:
        """Change the entries that a deed is about. Raises LookupError where there is none: the story has a hole."""
        numbers = [entry.number for entry in ledger.select(self._wanted(deed)) if self._is_meant(entry, deed)]
        if not numbers:
            raise LookupError(f"there is nothing to do: {deed}")
        ledger.change(numbers, self._change(deed), deed["by"])

    def _wanted(self, deed: Content) -> LedgerFilter:
        """Return what is asked of the ledger first: what is closed is nobody's work."""
        severities = (Severity(deed["severity"]),) if "severity" in deed else ()
        states = tuple(state for state in State if state is not State.CLOSED)
        rules = (deed["rule"],) if "rule" in deed else ()
        return LedgerFilter(site=self._site.key, states=states, rules=rules, severities=severities)

    def _is_meant(self, entry: LedgerEntry, deed: Content) -> bool:
        places = (("page", entry.page), ("target", entry.target))
        at_place = all(self._stage.site.place(deed[name]) == place for name, place in places if name in deed)
        return at_place and deed.get("family", entry.family) == entry.family

    def _change(self, deed: Content) -> WantedChange:
        until: date | None = None
        if "until" in deed:
            until = beijing_time(self._moment(deed["until"])).date()
        return WantedChange(state=State(deed["to"]), reason=deed.get("reason", ""), note=deed.get("note"), until=until)

    # ---- what is written -------------------------------------------------------------------------

    def _compose(self, store: Store) -> None:
        """Write into the outbox what is to be said by now, and take it for delivered: nobody of the story is there."""
        outbox = Outbox(store.engine)
        Composer(store, self._current, self._clock, lambda _: False).compose()
        for message in outbox.load([MessageState.WAITING], limit=1_000):
            outbox.mark_sent(message.id, self._clock())

    def _current(self) -> Settings:
        return self._settings

    def _write_messages(self, store: Store) -> None:
        """Leave every message as the page that it is in mail."""
        folder = self._part / "messages"
        folder.mkdir()
        for record in Outbox(store.engine).load(list(MessageState), limit=1_000):
            name = re.sub(r"[^\w.-]", "-", f"{record.id:03}-{record.occasion}-{record.target}")
            (folder / f"{name}.html").write_text(html_body(message_from_json(record.body)), "utf-8")

    def _quarter(self) -> str:
        """Return the quarter that most rounds fall into, the later of two that have as many."""
        days = [beijing_time(self._moment(week)).date() for week in range(self._story["weeks"] + 1)]
        names = [f"{day.year}Q{(day.month - 1) // 3 + 1}" for day in days]
        return max(names, key=lambda name: (names.count(name), name))
