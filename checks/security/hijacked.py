"""Find external links whose target is no longer what it was: the domain is parked, or fell into other hands.

A link to a partner's site stays on the page for years; when the partner lets the domain go, its next owner
is linked to by an official site. The title of the answer tells, and where its redirects end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from checks.late_pattern import late
from checks.model import Check, Finding, Kind, Link, Need, Rule, Severity, Text
from checks.security.hosts import familiar, host_of, registrable, same_site
from checks.security.injection.lexicon import read, trade_host

HIJACKED_LINK = Rule(
    id="hijacked-link",
    family="security",
    severity=Severity.CRITICAL,
    title=Text("外部链接已被他人占用", "Hijacked link"),
    message={
        "trade": Text(
            "链接 {url} 打开后是赌博、色情等违法网站（标题：{title}）",
            "The link {url} now opens a gambling, pornography or similar site, titled {title}",
        ),
        "redirected": Text(
            "链接 {url} 会跳转到疑似赌博、色情网站 {host}",
            "The link {url} leads on to {host}, whose name is that of a gambling or pornography site",
        ),
        "parked": Text(
            "链接 {url} 的域名已停放或正在出售（{title}）",
            "The domain of the link {url} is parked or for sale ({title})",
        ),
    },
    remedy=Text(
        "立即删除或替换该链接，并检查各页面是否还引用同一域名",
        "Delete or replace the link at once, and look for the domain on other pages",
    ),
    basis=Text(
        "国办秘函〔2019〕19号 单项否决“严重问题”（链接到反动、色情、赌博等网站）",
        "State Council General Office notice 2019 No. 19, veto on severe problems (links to illegal sites)",
    ),
    why=Text(
        "政府网站链接到违法网站属于单项否决情形，与链接当初指向谁无关",
        "A link from an official site to an illegal one vetoes the site, whatever it led to once",
    ),
)

PARKED_TITLE = late(
    r"域名(?:出售|转让|交易|停放|已过期|过期|到期|续费)|(?:此|该|本)域名(?:正在|已|可|出售|未)|米表|網域"
    r"|this domain|domain (?:is )?for sale|is for sale|buy this domain|parked (?:domain|page)|domain parking"
    r"|domain (?:has )?expired|hugedomains|sedo|afternic|dan\.com|godaddy|namecheap parking|お名前\.com",
    re.IGNORECASE,
)
PARKING_HOSTS = frozenset(
    "sedoparking.com sedo.com hugedomains.com dan.com afternic.com parkingcrew.net bodis.com above.com undeveloped.com "
    "domainmarket.com buydomains.com dynadot.com namebright.com epik.com uniregistry.com brandbucket.com 4.cn "
    "ename.com ename.net 22.cn juming.com 190.com jucha.com".split()
)
"""Registered names of marketplaces that domains for sale redirect to."""

TITLE = late(r"<title\b[^>]{0,200}>(.{0,2000}?)(?:</title|$)", re.IGNORECASE | re.DOTALL)


def title_of(head: str) -> str:
    """Return the title in the first characters of a document, "" where there is none."""
    match = TITLE.search(head)
    return " ".join(unescape(match[1]).split()) if match else ""


def telling(url: str, title: str) -> str:
    """Return which variant of the rule an answer's title gives away, "" for an ordinary one."""
    if not title:  # as of most links: the lexicon is read for those alone that have one
        return ""
    if not familiar(host_of(url)) and read(title).sells:
        return "trade"
    return "parked" if PARKED_TITLE.search(title) else ""


class HijackedLinks(Check[Link], frozen=True):
    """Judge external pages by their title and by where they redirect to.

    One finding per target with its referrers. A name that does not resolve is none here: it says that the link is dead,
    which is for the check on links, and nothing of who owns the domain.
    """

    id = "hijacked-links"
    label = Text("外链劫持", "Hijacked links")
    rules = (HIJACKED_LINK,)
    needs = frozenset({Need.TITLES})

    def inspect(self, subject: Link) -> Iterator[Finding]:
        """Yield at most one finding for an external link to a page."""
        if subject.internal or subject.kind not in {Kind.PAGE, Kind.FRAME} or subject.fragment is not None:
            return
        host, end = host_of(subject.url), host_of(subject.target.url)
        variant = telling(subject.target.url, subject.title)
        if variant == "trade":
            yield _finding(subject, variant, title=subject.title)
        elif trade_host(end) and not same_site(end, host):
            yield _finding(subject, "redirected", host=end)
        elif variant or (registrable(end) in PARKING_HOSTS and not same_site(end, host)):
            yield _finding(subject, "parked", title=subject.title or end)


SEVERITIES = {"parked": Severity.MAJOR}


def _finding(link: Link, variant: str, **params: object) -> Finding:
    return Finding(
        HIJACKED_LINK,
        link.referrers[0].url if link.referrers else link.url,
        key=link.url,
        params={"url": link.url, **params},
        variant=variant,
        evidence=link.title or link.target.url,
        severity=SEVERITIES.get(variant),
        target=link,
        placeless=True,
    )
