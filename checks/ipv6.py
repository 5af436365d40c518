"""Judge whether a host can be read over IPv6, with the same content."""

from __future__ import annotations

from collections.abc import Iterator

from checks.model import Check, Confidence, DualStack, Finding, Rule, Severity, Text
from checks.reading.citations import IPV6_PLAN

IPV6 = Rule(
    id="ipv6-missing",
    family="availability",
    severity=Severity.MINOR,
    title=Text("不支持 IPv6 访问", "Not reachable over IPv6"),
    message={
        "no-address": Text("域名 {host} 没有 IPv6 地址（AAAA 记录）", "{host} has no IPv6 address (AAAA record)"),
        "unreachable": Text("域名 {host} 有 IPv6 地址，但打不开", "{host} has an IPv6 address but does not open there"),
        "different": Text("通过 IPv6 打开的 {host} 与 IPv4 的内容不一致", "{host} shows something else over IPv6"),
    },
    remedy=Text(
        "请网络服务单位为网站开通 IPv6，并与 IPv4 保持同一内容。",
        "Have the host reachable over IPv6 with the same content.",
    ),
    basis=IPV6_PLAN,
    why=Text("政府网站应当支持 IPv6 访问。", "Government websites must be reachable over IPv6."),
    unverified=True,
)


class Ipv6(Check[DualStack], frozen=True):
    """Judge what was seen of a host over IPv6; what was not tried is not judged."""

    id = "ipv6"
    label = Text("IPv6", "IPv6")
    rules = (IPV6,)

    def inspect(self, subject: DualStack) -> Iterator[Finding]:
        """Yield the finding of a host without IPv6; what one look over the network says is a suspicion."""
        params = {"host": subject.host}
        if not subject.addresses:
            yield Finding(IPV6, subject.url, params=params, variant="no-address")
        elif subject.response is not None and subject.response.status is None:
            yield Finding(IPV6, subject.url, params=params, variant="unreachable", confidence=Confidence.SUSPECTED)
        elif subject.same is False:
            yield Finding(IPV6, subject.url, params=params, variant="different", confidence=Confidence.SUSPECTED)
