"""Write findings and answers as JSON and read them back; what an older version stored reads as well as it can.

Nothing outside ``monitor/store`` sees this JSON: its methods take and return values.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from checks import RULES
from checks.model import (
    Confidence,
    ErrorKind,
    Excerpt,
    Finding,
    Kind,
    Link,
    Redirect,
    Referrer,
    Repair,
    RepairReason,
    Response,
    Rule,
    Severity,
    Text,
)

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
    if finding.placeless:
        body["placeless"] = True
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


def finding_from_json(body: Mapping[str, Any]) -> Finding:
    """Return the finding again. A rule that no longer exists reads as one that says so."""
    return Finding(
        rule=RULES.get(body["rule"]) or retired(body["rule"]),
        url=body["url"],
        key=body["key"],
        params=body["params"],
        variant=body.get("variant", ""),
        evidence=body.get("evidence", ""),
        suggestion=body.get("suggestion", ""),
        confidence=Confidence(body.get("confidence", "confirmed")),
        severity=Severity(body["severity"]) if "severity" in body else None,
        target=link_from_json(body["target"]) if "target" in body else None,
        text=Excerpt(*body["text"]) if "text" in body else None,
        column=body.get("column", ""),
        placeless=body.get("placeless", False),
        count=body.get("count", 1),
        pages=tuple(body.get("pages", ())),
        referrers=tuple(Referrer(*each) for each in body.get("referrers", ())),
        referrer_count=body.get("referrer_count", 0),
        repairs=tuple(Repair(url, RepairReason(reason)) for url, reason in body.get("repairs", ())),
    )


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
    return Response(
        url=body["url"],
        status=body["status"],
        error=_error(body.get("error")),
        detail=body.get("detail", ""),
        redirects=tuple(Redirect(*hop) for hop in body.get("redirects", ())),
        elapsed=body.get("elapsed", 0.0),
    )


def _error(name: str | None) -> ErrorKind | None:
    """Return the kind of error; one that only another version knows was, at any rate, no valid answer."""
    if name is None:
        return None
    return ErrorKind(name) if name in set(ErrorKind) else ErrorKind.PROTOCOL


def link_to_json(link: Link) -> Json:
    """Return a link with its referrers."""
    return {
        "url": link.url,
        "kind": link.kind.value,
        "internal": link.internal,
        "looks": [response_to_json(look) for look in link.looks],
        "referrers": [list(referrer) for referrer in link.referrers],
        "referrer_count": link.referrer_count,
        "href": link.href,
        "element": link.element,
        "fragment": link.fragment,
        "scripted": link.scripted,
        "soft_404": list(link.soft_404),
        "sniffed": link.sniffed,
        "wall": link.challenge,
        "title": link.title,
        "homepage": link.homepage,
        "others": list(link.others),
        "other_count": link.other_count,
    }


def link_from_json(body: Mapping[str, Any]) -> Link:
    """Return the link again."""
    fields = dict(body)
    fields["kind"] = Kind(body["kind"])
    fields["looks"] = tuple(response_from_json(look) for look in body["looks"])
    fields["referrers"] = tuple(Referrer(*referrer) for referrer in body["referrers"])
    fields["soft_404"] = tuple(body["soft_404"])
    fields["others"] = tuple(body.get("others", ()))
    fields["challenge"] = fields.pop("wall")
    return Link(**fields)
