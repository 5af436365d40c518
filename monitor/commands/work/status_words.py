"""Hold the rows of `sitehealth status`, and say them in the reader's language: keys and states of JSON stay English."""

from __future__ import annotations

from functools import lru_cache
from typing import TypedDict

from checks.model import Text
from monitor.commands.work.text_table import padded
from reports.safe import one_line

ROUND = Text(
    "{state}  {scope}  下次 {next}  上次 {last}  待整改 {open:<5} 逾期 {overdue:<5} 待复核 {to_verify:<5}  {site}",
    "{state}  {scope}  next {next}  last {last}  open {open:<5} overdue {overdue:<5} to verify {to_verify:<5}  {site}",
)
FUNCTION = "{state}  {kind}  {tried}  {site}  {detail}"
TRIED, UNTRIED = Text("试于 {tried}", "tried {tried}"), Text("还没有试过", "not tried yet")
MESSAGES = Text(
    "{kind}  待发 {waiting:<5} 已放弃 {given_up:<5}  {target}  （sitehealth notify outbox --failed）",
    "{kind}  waiting {waiting:<5} given up {given_up:<5}  {target}  (sitehealth notify outbox --failed)",
)
CHINESE = {
    "due": "到期待查",
    "waiting": "等待",
    "running": "检查中",
    "cut off": "中断",
    "retry": "重试",
    "homepage": "首页",
    "site": "全站",
    "never": "从未检查",
    "complete": "完成",
    "partial": "部分完成",
    "failed": "失败",
    "works": "正常",
    "fails": "不正常",
    "untried": "未试",
    "function": "功能",
    "messages": "通知",
}
"""What rows say in English, and the Chinese for it; ``retry`` has a number behind it."""


class SiteRow(TypedDict):
    """A site and scope: how it stands, and when what comes next. Times are ISO 8601 in China's time zone.

    ``open``, ``overdue`` and ``to_verify`` count entries of the site's ledger, whichever scope met them.
    """

    site: str
    scope: str
    state: str
    due: str | None
    next: str
    last: str
    last_ended: str | None
    run: int | None
    skipped: int
    missed: int
    retry: str | None
    open: int
    overdue: int
    to_verify: int


class UnsentRow(TypedDict):
    """Messages to a target that have not arrived: those that wait, and those that were given up in the last days."""

    target: str
    waiting: int
    given_up: int


class FunctionRow(TypedDict):
    """A function of a site, and what was found when it was last tried."""

    site: str
    probe: str
    state: str
    tried: str | None
    since: str | None
    seconds: float | None
    reason: str


class StatusWords:
    """The lines of `sitehealth status` in a language."""

    def __init__(self, language: str) -> None:
        self._language = language

    def round(self, row: SiteRow) -> str:
        """Return the line of a site and scope."""
        last = f"{self._word(row['last'], 0)} {row['last_ended'] or ''}".strip()
        shown = {"state": self._word(row["state"]), "scope": self._word(row["scope"]), "last": padded(last, 34)}
        return ROUND(self._language).format_map({**row, **shown, "next": row["retry"] or row["next"]})

    def function(self, row: FunctionRow) -> str:
        """Return the line of a function of a site."""
        tried = TRIED(self._language).format(tried=row["tried"]) if row["tried"] else UNTRIED(self._language)
        detail = row["reason"] or row["probe"]
        shown = {"state": self._word(row["state"]), "kind": self._word("function"), "tried": tried, "detail": detail}
        return FUNCTION.format_map({**row, **shown})

    def messages(self, row: UnsentRow) -> str:
        """Return the line of a target of messages."""
        shown = {"kind": self._word("messages"), "target": one_line(row["target"])}
        return MESSAGES(self._language).format_map({**row, **shown})

    def _word(self, english: str, columns: int = 8) -> str:
        return _word(self._language, english, columns)


@lru_cache(1_000)
def _word(language: str, english: str, columns: int) -> str:
    """Return a word of a row; remembered, for the rows of many sites say the same."""
    name, _, number = english.partition(" ") if english.startswith("retry ") else (english, "", "")
    chinese = f"{CHINESE.get(name, name)} {number}".strip()
    return padded(Text(chinese, english)(language), columns)
