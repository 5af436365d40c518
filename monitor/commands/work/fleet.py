"""Show who leads a fleet, who works in it, and what waits."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Mapping
from typing import Any

import click

from monitor.commands.common import UNINSPECTED, Fault, language_of, worded
from monitor.commands.work.chosen_group import parts_of_group
from monitor.commands.work.text_table import spaced
from monitor.settings.site import Settings
from monitor.settings.site_groups import right_below
from monitor.store.database import connect
from monitor.store.fleet_tables import FleetTables
from monitor.store.job_store import JobStore
from monitor.store.outage import outage_of

HOUR, MINUTE = 3600.0, 60.0

UNGROUPED = "(others)"
"""What sites are counted under that are in no group."""

CHINESE = {
    "leader": "调度",
    "nobody leads": "没有调度进程",
    "worker": "检查进程",
    "version": "版本",
    "at once": "并行",
    "running": "进行中",
    "heard of": "上次联系",
    "queue": "队列",
    "waiting": "排队",
    "oldest": "最久等待",
    "retried": "重新执行",
    "broke down": "出错",
    "group": "网站分组",
    "takes nothing": "与调度进程不一致，不接任务",
    "silent": "已失去联系",
    "ago": "前",
    "recheck": "复核",
    "asked": "人工发起",
    "homepage": "首页",
    "site": "全站",
    "texts": "大型网站的文字",
    "(others)": "（未分组）",
}


def show_fleet(settings: Settings, form: str, group: str) -> None:
    """Print how the fleet stands, with what waits in the groups right below one, or in none ("").

    Exits with 1 where somebody has to look. Raises Fault where there is no fleet, or no such group.
    """
    if settings.engine.kind != "procrastinate":
        raise Fault(
            worded(
                "检查由守护进程进行（engine.kind: local），没有多机检查可显示",
                "inspections are made by the daemon (engine.kind: local); there is no fleet to show",
            )
        )
    if group:
        parts_of_group(settings, group)  # a slip of the pen is told before the store is asked
    engine = connect(settings.store.url.get_secret_value())
    try:
        is_made = FleetTables(engine).migrations() is not None
        facts = _facts(JobStore(engine, settings.engine.stalled_after), settings, group) if is_made else {}
    except Exception as error:
        if outage_of(error) is None:
            raise
        reason = getattr(error, "orig", None) or error
        raise Fault(worded(f"数据库读不出来：{reason}", f"the store cannot be read: {reason}"), UNINSPECTED) from None
    finally:
        engine.dispose()
    if not facts:
        raise Fault(
            worded(
                "还没有队列：第一次运行 sitehealth run 时建立",
                "there is no queue yet: the first `sitehealth run` makes it",
            ),
            UNINSPECTED,
        )
    if form == "json":
        click.echo(json.dumps(facts, ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(_lines(facts, CHINESE if language_of(settings).startswith("zh") else {})))
    if _wants_a_look(facts):
        sys.exit(1)


def _facts(jobs: JobStore, settings: Settings, group: str) -> dict[str, Any]:
    leader, is_led = jobs.leader(), jobs.is_led()
    parts = right_below(settings.members, group)
    group_of = {site: name for name, sites in parts.items() for site in sites}
    groups = dict[str, Counter[str]]()
    for job in jobs.active().values():
        counted = groups.setdefault(group_of.get(job.site, UNGROUPED), Counter())
        counted["running" if job.is_running else "waiting"] += 1
    return {
        "leader": {"owner": leader[0], "version": leader[1], "judge": leader[2]} if leader and is_led else None,
        "workers": [
            {
                "owner": worker.owner,
                "version": worker.version,
                "at_once": worker.concurrency,
                "queues": worker.queues.split(),
                "running": worker.running,
                "silent_seconds": round(worker.silent, 1),
                "is_silent": worker.silent > jobs.stalled_after,
                "takes_nothing": leader is not None and worker.judge != leader[2],
            }
            for worker in jobs.workers()
        ],
        "queues": [
            {
                "queue": count.queue,
                "waiting": count.waiting,
                "running": count.running,
                "oldest_waiting_seconds": round(count.oldest, 1),
                "retried": count.retried,
                "broke_down": count.failed,
            }
            for count in jobs.counts()
        ],
        "groups": [
            {"group": name, "waiting": counted["waiting"], "running": counted["running"]}
            for name, counted in sorted(groups.items())
        ],
    }


def _wants_a_look(facts: Mapping[str, Any]) -> bool:
    is_amiss = any(worker["is_silent"] or worker["takes_nothing"] for worker in facts["workers"])
    return facts["leader"] is None or is_amiss or any(queue["broke_down"] for queue in facts["queues"])


def _lines(facts: Mapping[str, Any], words: Mapping[str, str]) -> list[str]:
    def word(english: str) -> str:
        return words.get(english, english)

    leader = facts["leader"]
    lines = [f"{word('leader')}: {leader['owner']} {leader['version']}" if leader else word("nobody leads"), ""]
    lines += spaced(
        [word(name) for name in ("worker", "version", "at once", "running", "heard of", "")],
        [
            [
                worker["owner"],
                worker["version"],
                worker["at_once"],
                worker["running"],
                _span(worker["silent_seconds"]),
                word(_amiss(worker)),
            ]
            for worker in facts["workers"]
        ],
    )
    lines += spaced(
        [word(name) for name in ("queue", "waiting", "running", "oldest", "retried", "broke down")],
        [
            [
                word(queue["queue"]),
                queue["waiting"],
                queue["running"],
                _span(queue["oldest_waiting_seconds"]),
                queue["retried"],
                queue["broke_down"],
            ]
            for queue in facts["queues"]
        ],
    )
    lines += spaced(
        [word(name) for name in ("group", "waiting", "running")],
        [[word(group["group"]), group["waiting"], group["running"]] for group in facts["groups"]],
    )
    return lines[:-1]


def _amiss(worker: Mapping[str, Any]) -> str:
    """Return what somebody has to look at; empty where all is well."""
    if worker["is_silent"]:
        return "silent"
    return "takes nothing" if worker["takes_nothing"] else ""


def _span(seconds: float) -> str:
    if seconds < MINUTE:
        return f"{seconds:.0f} s"
    return f"{seconds / MINUTE:.0f} min" if seconds < HOUR else f"{seconds / HOUR:.1f} h"
