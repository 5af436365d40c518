"""Judge a host's response headers and cookies by the standards that browsers follow.

Each module judges one thing and is named after the header or the protocol, as the Observatory's tests are, so that the
two can be compared; where they differ, ours is what a browser does. One finding per fault and host.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.model import Check, Finding, Host, Text
from checks.security.headers import (
    content_security_policy,
    cookies,
    cross_origin_policies,
    cross_origin_resource_sharing,
    error_pages,
    redirection,
    referrer_policy,
    strict_transport_security,
    subresource_integrity,
    x_content_type_options,
    x_frame_options,
)

MODULES = (
    cross_origin_resource_sharing,
    cookies,
    redirection,
    strict_transport_security,
    subresource_integrity,
    content_security_policy,
    x_frame_options,
    x_content_type_options,
    referrer_policy,
    cross_origin_policies,
    error_pages,
)
"""What is judged, the gravest first."""


class Headers(Check[Host], frozen=True):
    """Response headers and cookies: what browsers are told, and whether it protects the reader."""

    id = "headers"
    label = Text("安全响应头", "Security headers")
    rules = (
        cross_origin_resource_sharing.RULE,
        cookies.RULE,
        redirection.RULE,
        strict_transport_security.RULE,
        subresource_integrity.RULE,
        content_security_policy.RULE,
        x_frame_options.RULE,
        x_content_type_options.RULE,
        referrer_policy.RULE,
        *cross_origin_policies.RULES,
        error_pages.RULE,
    )

    def inspect(self, subject: Host) -> Iterator[Finding]:
        """Yield what is wrong with the headers and cookies of a host."""
        for module in MODULES:
            yield from module.judge(subject)
