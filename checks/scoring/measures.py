"""Measure what the lines of a score sheet ask about. A line names its measure; its settings are the arguments.

Only what is confirmed costs points. A measure without facts says so instead of counting zero.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from checks.columns.limits import ColumnLimits, start_of
from checks.model import Column, ColumnStatus, Confidence, Finding, Text
from checks.reading.dates import CHINA
from checks.scoring.sheet import Measured, ScoredSite

STALE = frozenset({ColumnStatus.STALE})
SHOWN = 5
"""Names that are quoted as evidence."""


def findings(
    site: ScoredSite,
    rules: list[str],
    place: str = "",
    kinds: list[str] | None = None,
    variants: list[str] | None = None,
) -> Measured:
    """Count confirmed findings of some rules; ``place`` ``homepage`` or ``elsewhere`` is where a link stands.

    ``kinds`` are the kinds of target, ``variants`` those of the rule's message.
    """
    chosen = [
        finding
        for finding in _confirmed(site.findings)
        if finding.rule.id in rules
        and (kinds is None or (finding.target is not None and finding.target.kind in kinds))
        and (variants is None or finding.variant in variants)
        and (not place or _on_homepage(finding) is (place == "homepage"))
    ]
    counted = _counted([finding.fingerprint for finding in chosen], [_name(finding) for finding in chosen])
    return Measured(sum(map(_addresses, chosen)), counted.evidence, counted.behind)


def elements(site: ScoredSite, at_least: int = 1) -> Measured:
    """Count the element classes that guides lack, in guides that lack ``at_least`` so many."""
    guides = [
        each for each in _confirmed(site.findings) if each.rule.id == "incomplete-guide" and _missing(each) >= at_least
    ]
    counted = _counted([finding.fingerprint for finding in guides], [_name(finding) for finding in guides])
    return Measured(sum(map(_missing, guides)), counted.evidence, counted.behind)


def guides(site: ScoredSite, at_least: int) -> Measured:
    """Count the guides that lack ``at_least`` so many element classes."""
    chosen = [
        each for each in _confirmed(site.findings) if each.rule.id == "incomplete-guide" and _missing(each) >= at_least
    ]
    return _counted([finding.fingerprint for finding in chosen], [_name(finding) for finding in chosen])


def columns(site: ScoredSite, status: str, types: list[str] | None = None) -> Measured:
    """Count the columns that stand in some way, such as ``stale`` or ``blank``, of some types or of all."""
    clock = ColumnLimits()
    chosen = [
        column
        for column in site.columns
        if (types is None or column.type in types) and clock.stand(column).status == status and _is_known(column)
    ]
    return _named(chosen)


def availability(site: ScoredSite, percent: float = 1.0) -> Measured:
    """Measure how often the homepage failed, in units of ``percent``; only from probes of a whole week."""
    seen = site.availability
    if seen is None or seen.days < 7 or seen.probes < 20 * seen.days:
        return Measured(
            None,
            Text(
                "首页可用性：探测不足一周（每天至少 20 次）",
                "homepage availability: less than a week of probes (20 a day)",
            ),
        )
    share = 100 * seen.failed_share
    evidence = Text(
        f"{seen.probes} 次探测中 {seen.failed} 次打不开（{share:.1f}%）",
        f"{seen.failed} of {seen.probes} probes failed ({share:.1f} %)",
    )
    return Measured(int(round(share, 6) / percent), evidence, (site.inventory.url,) if seen.failed else ())


def few_updates(site: ScoredSite, span: str, at_least: int) -> Measured:
    """Return 1 if the homepage had fewer updates in a span than it must, else 0."""
    listing = site.inventory.homepage.listing if site.inventory.homepage else None
    if listing is None:
        return Measured(
            None,
            Text(
                "首页更新数量：首页没有可以读取的信息列表", "updates of the homepage: it has no list that can be read"
            ),
        )
    start = start_of(span, site.inventory.seen)
    count = sum(item.published is not None and start <= item.published <= site.inventory.seen for item in listing.items)
    evidence = Text(f"期内更新 {count} 条，要求 {at_least} 条", f"{count} updates, {at_least} are required")
    return Measured(int(count < at_least), evidence, (site.inventory.url,) if count < at_least else ())


def absent(site: ScoredSite, pattern: str, types: list[str] | None = None) -> Measured:
    """Return 1 if the site has no column of that name and nothing in its navigation is called so, else 0."""
    named = any(re.search(pattern, name) for name in site.inventory.names)
    typed = any(column.type in (types or ()) for column in site.columns)
    if site.inventory.homepage is None:
        return Measured(
            None, Text(f"是否开设“{pattern}”：没有读到首页", f"whether “{pattern}” exists: the homepage was not read")
        )
    missing = not named and not typed
    return Measured(
        int(missing), Text("没有找到相应栏目", "no such column was found"), (site.inventory.url,) if missing else ()
    )


def silent(site: ScoredSite, pattern: str, span: str = "1y", fewer_than: int = 1, at_least: int = 0) -> Measured:
    """Count the columns of a name that had fewer items in a span than ``fewer_than``, and ``at_least`` so many."""
    chosen, unread = [], []
    for column in site.columns:
        if not re.search(pattern, column.name):
            continue
        if column.needs_rendering or (not column.complete and not column.items):
            unread.append(column.name)
        elif at_least <= _since(column, start_of(span, column.seen)) < fewer_than:
            chosen.append(column)
    if unread and not chosen:
        names = "、".join(unread[:SHOWN])
        return Measured(None, Text(f"栏目由脚本生成，无法统计：{names}", f"drawn by a script and not counted: {names}"))
    return _named(chosen)


def any_of(site: ScoredSite, parts: list[Mapping[str, object]]) -> Measured:
    """Return the first of several measures that reaches its ``threshold`` (1 unless told): a veto with branches."""
    unjudged: list[Measured] = []
    for part in parts:
        settings = {name: value for name, value in part.items() if name not in {"measure", "threshold"}}
        measured = measure(site, str(part["measure"]), settings)
        if measured.amount is None:
            unjudged.append(measured)
        elif measured.amount >= _number(part.get("threshold", 1)):
            return measured
    return unjudged[0] if unjudged else Measured(0, Text("", ""))


def total(site: ScoredSite, parts: list[Mapping[str, object]]) -> Measured:
    """Add several measures up: columns that are stale by different limits."""
    measured = [
        measure(site, str(part["measure"]), {k: v for k, v in part.items() if k != "measure"}) for part in parts
    ]
    amount = sum(each.amount or 0 for each in measured)
    shown = [each.evidence for each in measured if each.amount]
    evidence = Text("；".join(text.zh for text in shown), "; ".join(text.en for text in shown))
    return Measured(amount, evidence, tuple(url for each in measured for url in each.behind))


MEASURES: dict[str, Callable[..., Measured]] = {
    "findings": findings,
    "elements": elements,
    "guides": guides,
    "columns": columns,
    "availability": availability,
    "few-updates": few_updates,
    "absent": absent,
    "silent": silent,
    "any-of": any_of,
    "total": total,
}
"""What the lines of a profile may measure."""


def measure(site: ScoredSite, name: str, settings: Mapping[str, object]) -> Measured:
    """Return what a measure of that name finds."""
    return MEASURES[name](site, **{key.replace("-", "_"): value for key, value in settings.items()})


def _confirmed(each: Iterable[Finding]) -> list[Finding]:
    return [finding for finding in each if finding.confidence is Confidence.CONFIRMED]


def _on_homepage(finding: Finding) -> bool:
    return finding.target is not None and finding.target.homepage


def _addresses(finding: Finding) -> int:
    """Return how many addresses a finding is about: all on a dead host, but one where only the homepage counts."""
    return 1 + finding.target.other_count if finding.target and not finding.target.homepage else 1


def _missing(finding: Finding) -> int:
    return int(_number(finding.params.get("count", 0)))


def _number(value: object) -> float:
    return float(value) if isinstance(value, (int, float, str)) else 0.0


def _name(finding: Finding) -> Text:
    """Return what a finding is called among others: its target, else what is wrong and where."""
    if finding.target:
        return Text(finding.target.url, finding.target.url)
    title = finding.rule.title
    return Text(f"{title.zh} {finding.url}", f"{title.en} {finding.url}")


def _is_known(column: Column) -> bool:
    """Return whether a verdict on a column is certain: one without any date, or that one sign makes, is a suspicion."""
    return column.certain and (not column.items or column.newest is not None)


def _since(column: Column, start: datetime) -> int:
    return sum(
        item.published is not None and start <= item.published.astimezone(CHINA) <= column.seen for item in column.items
    )


def _named(chosen: list[Column]) -> Measured:
    return _counted([column.url for column in chosen], [Text(column.name, column.name) for column in chosen])


def _counted(behind: list[str], names: list[Text]) -> Measured:
    more = len(names) - SHOWN
    zh = "、".join(name.zh for name in names[:SHOWN])
    en = ", ".join(name.en for name in names[:SHOWN])
    evidence = Text(f"{zh} 等 {len(names)} 个", f"{en} and {more} more") if more > 0 else Text(zh, en)
    return Measured(len(behind), evidence, tuple(behind))
