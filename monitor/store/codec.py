"""Write findings and answers as JSON and read them back; what an older version stored reads as well as it can.

Nothing outside ``monitor/store`` sees this JSON: its methods take and return values.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import NODEFAULT
from msgspec.structs import fields

from checks import rule_of
from checks.model import (
    Box,
    Confidence,
    ErrorKind,
    Excerpt,
    Finding,
    Kind,
    Link,
    PicturePlace,
    Redirect,
    Referrer,
    Region,
    Repair,
    RepairReason,
    Response,
    Rule,
    Severity,
    Text,
)
from monitor.store.json_text import JsonText, encode_json

Json = dict[str, Any]
"""An object of JSON, as it stands in a column."""


def finding_to_json(finding: Finding) -> Json:
    """Return a finding as plain JSON; fields at their defaults are left out."""
    body: Json = {"rule": finding.rule.id, "url": finding.url, "key": finding.key, "params": dict(finding.params)}
    for name in ("variant", "evidence", "suggestion", "column"):
        value = getattr(finding, name)
        if value:
            body[name] = value
    if finding.confidence is not Confidence.CONFIRMED:
        body["confidence"] = finding.confidence.value
    if finding.severity is not None:
        body["severity"] = finding.severity.value
    if finding.text is not None:
        body["text"] = list(finding.text)
    if finding.target is not None:
        body["target"] = link_to_json(finding.target)
    body |= {name: True for name in ("placeless", "drawn") if getattr(finding, name)}
    if finding.picture is not None:
        body["picture"] = [list(finding.picture.box), finding.picture.certainty]
    if finding.region:
        body["region"] = finding.region.value
    if finding.count > 1:
        body |= {"count": finding.count, "pages": list(finding.pages)}
    return body | _referrers_and_repairs(finding)


def _referrers_and_repairs(finding: Finding) -> Json:
    body: Json = {}
    if finding.referrers:
        body |= {"referrers": [list(each) for each in finding.referrers], "referrer_count": finding.referrer_count}
    if finding.repairs:
        body["repairs"] = [list(each) for each in finding.repairs]
    return body


def finding_body(finding: Finding) -> JsonText:
    """Return a finding as the text of its JSON, for all tables that hold it."""
    return encode_json(finding_to_json(finding))


def finding_from_json(body: Mapping[str, Any]) -> Finding:
    """Return the finding again. A rule that no longer exists reads as one that says so."""
    return Finding(**_fields(body, FINDING_READERS))


def retired(rule: str) -> Rule:
    """Return a stand-in for a rule that an older version had, so that its findings can still be read."""
    title = Text(f"规则 {rule} 已停用", f"rule {rule} is retired")
    return Rule(rule, "retired", Severity.MINOR, title, title, title, Text("", ""), title)


def response_to_json(response: Response) -> Json:
    """Return what matters of an answer later: its headers do not."""
    body: Json = {"url": response.url, "status": response.status, "elapsed": round(response.elapsed, 3)}
    if response.error is not None:
        body |= {"error": response.error, "detail": response.detail}
    if response.redirects:
        body["redirects"] = [list(hop) for hop in response.redirects]
    return body


def response_from_json(body: Mapping[str, Any]) -> Response:
    """Return the answer again, without headers."""
    return Response(**_fields(body, RESPONSE_READERS))


def _error(name: str | None) -> ErrorKind | None:
    """Return the kind of error; one that only another version knows was, at any rate, no valid answer."""
    if name is None:
        return None
    return ErrorKind(name) if name in set(ErrorKind) else ErrorKind.PROTOCOL


def link_to_json(link: Link) -> Json:
    """Return a link with its referrers; fields at their defaults are left out."""
    body: Json = {
        "url": link.url,
        "kind": link.kind.value,
        "internal": link.internal,
        "looks": [response_to_json(look) for look in link.looks],
    }
    for name, default in LINK_DEFAULTS.items():
        value = getattr(link, name)
        if value != default:
            body[name] = list(value) if isinstance(value, tuple) else value
    return body


def link_from_json(body: Mapping[str, Any]) -> Link:
    """Return the link again."""
    values = _fields(body, LINK_READERS)
    if "wall" in values:  # what an older version called it
        values["challenge"] = values.pop("wall")
    return Link(**values)


# ---- fields --------------------------------------------------------------------------------------

Reader = Callable[[Any], Any]
"""What makes the value of a field out of its JSON."""


def _fields(body: Mapping[str, Any], readers: Mapping[str, Reader]) -> dict[str, Any]:
    """Return the fields that JSON names, as arguments; those without a reader stand in it as they are."""
    values = dict(body)
    for name, read in readers.items():
        if name in values:
            values[name] = read(values[name])
    return values


def _rule(name: str) -> Rule:
    return rule_of(name) or retired(name)


def _excerpt(parts: Sequence[Any]) -> Excerpt:
    return Excerpt(*parts)


def _referrers(rows: Sequence[Sequence[str]]) -> tuple[Referrer, ...]:
    """Return referrers; those of an older version have no region."""
    return tuple([Referrer(url, text, _region(*rest)) for url, text, *rest in rows])


def _region(name: str = "") -> Region:
    """Return the region; one that only another version knows is none."""
    return REGIONS.get(name, Region.UNKNOWN)


def _picture(parts: Sequence[Any]) -> PicturePlace:
    box, certainty = parts
    return PicturePlace(Box(*box), certainty)


def _repairs(rows: Sequence[Sequence[str]]) -> tuple[Repair, ...]:
    return tuple([Repair(url, RepairReason(reason)) for url, reason in rows])


def _redirects(rows: Sequence[Sequence[Any]]) -> tuple[Redirect, ...]:
    return tuple([Redirect(*row) for row in rows])


def _looks(bodies: Sequence[Json]) -> tuple[Response, ...]:
    return tuple([response_from_json(body) for body in bodies])


LINK_DEFAULTS: Mapping[str, object] = {
    each.name: each.default for each in fields(Link) if each.default is not NODEFAULT
}

REGIONS = {region.value: region for region in Region}

RESPONSE_READERS: Mapping[str, Reader] = {"error": _error, "redirects": _redirects}

KINDS = {kind.value: kind for kind in Kind}
"""Looked up: calling an enumeration takes six times as long."""

LINK_READERS: Mapping[str, Reader] = {
    "kind": KINDS.__getitem__,
    "looks": _looks,
    "referrers": _referrers,
    "soft_404": tuple,
    "others": tuple,
}

FINDING_READERS: Mapping[str, Reader] = {
    "rule": _rule,
    "confidence": Confidence,
    "severity": Severity,
    "target": link_from_json,
    "text": _excerpt,
    "picture": _picture,
    "pages": tuple,
    "referrers": _referrers,
    "region": _region,
    "repairs": _repairs,
}
