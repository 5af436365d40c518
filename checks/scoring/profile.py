"""Read the official score sheets, and score a site by one.

Profiles are data (``profiles/*.yaml``). What a program cannot judge, or only suspects, costs nothing and is listed for
the person who decides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cache
from typing import Any

import yaml

from checks.model import Confidence, Text
from checks.packaged import packaged_text
from checks.scoring import profiles
from checks.scoring.measures import MEASURES, measure
from checks.scoring.sheet import Deduction, Line, Measured, Profile, Score, ScoredSite, Veto

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's parser takes a tenth of the time; it is missing where PyYAML was built without it."""


@cache
def load_profile(name: str) -> Profile:
    """Return a profile. KeyError, naming what there is, for one that does not exist."""
    if name not in profiles():
        raise KeyError(f"no profile {name!r}; there are {', '.join(profiles())}")
    data = yaml.load(packaged_text("checks.scoring", f"profiles/{name}.yaml"), Loader=_LOADER)  # noqa: S506 - a safe one either way
    return Profile(
        id=data["id"],
        title=Text(**data["title"]),
        points=data["points"],
        deductions=tuple(map(_line, data["deductions"])),
        vetoes=load_profile(data["vetoes_of"]).vetoes if "vetoes_of" in data else tuple(map(_line, data["vetoes"])),
        by_hand=tuple(Text(**each) for each in data["by_hand"]),
    )


def score(profile: Profile, site: ScoredSite) -> Score:
    """Return the score of a site; points never fall below zero."""
    measured = {line.id: measure(site, line.measure, line.settings) for line in (*profile.deductions, *profile.vetoes)}
    items = tuple(
        _deduction(line, measured[line.id], profile) for line in profile.deductions if measured[line.id].amount
    )
    vetoes = tuple(_veto(line, measured[line.id]) for line in profile.vetoes if measured[line.id].amount)
    unknown = tuple(dict.fromkeys(each.evidence for each in measured.values() if each.amount is None))
    return Score(
        profile=profile.id,
        points=round(max(0.0, profile.points + sum(item.points for item in items)), 1),
        veto=vetoes,
        items=items,
        unjudged=(*unknown, *_suspected(site), *profile.by_hand),
    )


def _line(data: Mapping[str, Any]) -> Line:
    if data["measure"] not in MEASURES:
        raise KeyError(f"no measure {data['measure']!r}; there are {', '.join(MEASURES)}")
    known = {"id", "title", "measure", "points", "most", "unverified"}
    return Line(
        id=data["id"],
        title=Text(**data["title"]),
        measure=data["measure"],
        points=data.get("points", 0.0),
        most=data.get("most"),
        settings={name: value for name, value in data.items() if name not in known},
        unverified=data.get("unverified", False),
    )


def _deduction(line: Line, measured: Measured, profile: Profile) -> Deduction:
    cost = line.points * (measured.amount or 0)
    if line.most is not None:
        cost = min(cost, line.most)
    return Deduction(
        id=line.id,
        title=line.title,
        points=-round(cost, 1),
        count=len(measured.behind),
        behind=measured.behind,
        evidence=measured.evidence,
        basis=profile.title,
        unverified=line.unverified,
    )


def _veto(line: Line, measured: Measured) -> Veto:
    return Veto(line.id, line.title, measured.evidence, measured.behind, line.unverified)


def _suspected(site: ScoredSite) -> tuple[Text, ...]:
    """List what was only suspected, by rule: a person decides whether it counts."""
    suspected = [finding.rule for finding in site.findings if finding.confidence is Confidence.SUSPECTED]
    counts = Counter(rule.id for rule in suspected)
    titles = {rule.id: rule.title for rule in suspected}
    return tuple(
        Text(f"疑似：{titles[rule].zh}（{count} 处）", f"suspected: {titles[rule].en} ({count})")
        for rule, count in counts.most_common()
    )
