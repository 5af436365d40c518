"""Find what intruders leave in official pages: dark links (暗链), frames, scripts, redirects, stuffed titles.

Each alarm needs two signals that meet (``suspicion.COMBINATIONS``). A page without a single strange link or telling
script costs a few tens of microseconds; only the others have their styles and scripts read.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from html import unescape
from typing import Self

from msgspec.structs import replace

from checks.late_pattern import late
from checks.model import Check, Confidence, Finding, Need, Page, Text
from checks.security.hosts import host_of
from checks.security.injection import inline_scripts, link_evidence
from checks.security.injection.lexicon import read, trade_host
from checks.security.injection.link_evidence import EVIDENCE, Site
from checks.security.injection.rules import (
    INJECTED_FRAME,
    INJECTED_LINK,
    INJECTED_REDIRECT,
    INJECTED_SCRIPT,
    INJECTED_TITLE,
)
from checks.security.injection.signals import Signal, SuspectLink, explain, together
from checks.security.javascript import Conditional

REFRESH = "meta[http-equiv=refresh]"
"""The element that the parser names for a redirect in the page."""

MOVED = late(r"迁移|搬迁|新网址|新站|新域名|升级|改版|moved|跳转至|正在跳转")
HEAD_TITLE = re.compile(r"<title[^>]*>(.{1,4000}?)</title", re.IGNORECASE | re.DOTALL)
ENTITY = re.compile(r"&#[xX]?[0-9a-fA-F]+;?")


class InjectedLinks(Check[Page], frozen=True):
    """Judge links, frames, scripts, redirects and titles for what intruders leave.

    One finding per hiding place on a page, told apart by the first host it links to; the same injection in a template
    is one finding however many pages carry it. ``known_hosts`` are hosts that the site is known to link to: they are
    never strange, and any other hidden stranger then counts as never seen. So do strangers that no earlier inspection
    has met; where nothing else makes them an alarm, that is a suspicion.
    """

    id = "injected-links"
    label = Text("暗链", "Injected links")
    rules = (INJECTED_LINK, INJECTED_FRAME, INJECTED_SCRIPT, INJECTED_REDIRECT, INJECTED_TITLE)
    needs = frozenset({Need.KNOWN_HOSTS})
    handed_in = frozenset({"seen_hosts"})

    known_hosts: tuple[str, ...] = ()
    """Host names that this site links to for good reasons, as written in its links."""
    seen_hosts: frozenset[str] = frozenset()
    """Hosts that earlier inspections saw the site link to; empty where there were none. No setting."""

    def knowing(self, hosts: frozenset[str]) -> Self:
        """Return the same check, knowing the hosts that earlier inspections saw the site link to."""
        return replace(self, seen_hosts=hosts)

    def inspect(self, subject: Page) -> Iterator[Finding]:
        """Yield what intruders left in a page."""
        site = Site(host_of(subject.response.url), frozenset(self.known_hosts), self.seen_hosts)
        inline = inline_scripts.inline(subject.tree) if "<script" in subject.html or "<SCRIPT" in subject.html else []
        for look in (_titles, _redirects):
            yield from look(subject, site)
        yield from _scripts(subject, site, inline)
        suspects = list(link_evidence.suspects(subject, site, inline))
        yield from _links(subject, site, suspects)
        yield from _frames(subject, suspects)


def _links(page: Page, site: Site, suspects: list[SuspectLink]) -> Iterator[Finding]:
    links = together([suspect for suspect in suspects if Signal.FRAME not in suspect.signals])
    places: dict[object, list[SuspectLink]] = defaultdict(list)
    for suspect in links:
        if suspect.alarming:
            places[suspect.host if suspect.place is None else suspect.place].append(suspect)
    for found in places.values():
        first = found[0]
        signals = explain(found)
        yield Finding(
            INJECTED_LINK,
            page.url,
            key=first.host if site.external(first.host) else first.url,
            params={
                "count": len(found),
                "host": first.host,
                "hosts": list(dict.fromkeys(suspect.host for suspect in found))[:20],
                "texts": list(dict.fromkeys(suspect.text for suspect in found))[:20],
                "signals_zh": signals.zh,
                "signals_en": signals.en,
            },
            variant="visible" if first.place is None else "hidden",
            evidence=first.evidence,
            confidence=_confidence(found, site),
            placeless=True,
        )


def _confidence(found: list[SuspectLink], site: Site) -> Confidence:
    """Tell an alarm from a suspicion: its words and its hiding prove it, and a list of known hosts what is hidden."""
    listed = bool(site.known) and any(Signal.CONCEALED in suspect.signals for suspect in found)
    sure = listed or any(suspect.certain for suspect in found)
    return Confidence.CONFIRMED if sure else Confidence.SUSPECTED


def _frames(page: Page, suspects: list[SuspectLink]) -> Iterator[Finding]:
    for suspect in suspects:
        if Signal.FRAME in suspect.signals and suspect.alarming:
            signals = explain([suspect])
            yield Finding(
                INJECTED_FRAME,
                page.url,
                key=suspect.host,
                params={"host": suspect.host, "signals_zh": signals.zh, "signals_en": signals.en},
                evidence=suspect.evidence,
                placeless=True,
            )


def _scripts(page: Page, site: Site, inline: list[inline_scripts.InlineScript]) -> Iterator[Finding]:
    for script in inline:
        verdict = _script_verdict(script, site)
        if verdict is not None:
            variant, target = verdict
            yield Finding(
                INJECTED_SCRIPT,
                page.url,
                key=f"{variant} {target}",
                params={"host": target},
                variant=variant,
                evidence=script.source.strip()[:EVIDENCE],
                placeless=True,
            )


def _script_verdict(script: inline_scripts.InlineScript, site: Site) -> tuple[str, str] | None:
    """Return the variant of the rule and the host (or title) that a script gives itself away with."""
    moved = [host for move in script.moves for host in inline_scripts.hosts(move) if site.foreign(host)]
    loaded = [
        host
        for load in (*script.loads, *_script_sources(script))
        for host in inline_scripts.hosts(load)
        if site.foreign(host)
    ]
    for effect in script.conditional:
        asks = inline_scripts.singles_out(effect, script.asks)
        verdict = _conditional_verdict(effect, asks, script, site) if asks else None
        if verdict is not None:
            return verdict
    encoded = [host for host in (*moved, *loaded) if not script.spells(host)]
    if encoded:
        return "encoded", encoded[0]
    trade = [host for host in (*moved, *loaded) if trade_host(host)]
    return ("trade", trade[0]) if trade else None


def _conditional_verdict(
    effect: Conditional, asks: str, script: inline_scripts.InlineScript, site: Site
) -> tuple[str, str] | None:
    """Judge what a script does only for readers from a search engine, or only for its robots."""
    if effect.sort == "titles":
        return ("title", effect.text) if effect.text in script.titles else None
    if asks == "spider" and effect.sort == "loads":
        return None  # statistics and comments are spared robots everywhere
    done = "\n".join((*script.moves, *script.loads, script.written, *script.fragments))
    foreign = [host for host in inline_scripts.hosts(effect.text) if site.foreign(host)]
    used = [host for host in foreign if effect.sort != "value" or host in inline_scripts.hosts(done)]
    return (asks, used[0]) if used else None


def _script_sources(script: inline_scripts.InlineScript) -> list[str]:
    markup = "\n".join((script.written, *script.fragments))
    return re.findall(r"<script\b[^>]*\bsrc\s*=\s*[\"']?([^\"'\s>]+)", markup, re.IGNORECASE)


def _redirects(page: Page, site: Site) -> Iterator[Finding]:
    for reference in page.references:
        if reference.element == REFRESH:
            host = host_of(reference.url)
            if site.foreign(host) and not MOVED.search(page.html):
                yield Finding(
                    INJECTED_REDIRECT,
                    page.url,
                    key=host,
                    params={"host": host},
                    evidence=reference.href[:EVIDENCE],
                    placeless=True,
                )


PLACES: tuple[tuple[str, Text], ...] = (
    ("title", Text("标题", "title")),
    ("keywords", Text("关键词", "keywords")),
    ("description", Text("描述", "description")),
)


def _titles(page: Page, _site: Site) -> Iterator[Finding]:
    described = {name.lower(): value for name, value in page.meta if name.lower() in {"keywords", "description"}}
    named = {"title": page.title, **described}
    readings = {place: read(text) for place, text in named.items()}
    selling = [place for place, reading in readings.items() if reading.sells]
    title = readings["title"]
    if not selling and not (title.weak or title.strong):
        return
    encoded = _encoded_title(page.html)
    terms = list(dict.fromkeys(term for reading in readings.values() for term in (*reading.strong, *reading.weak)))
    piled = len(selling) > 1 and len(terms) > 1
    if not (piled or title.stuffed or (encoded and (selling or title.weak))):
        return
    wordings = [text for place, text in PLACES if place in selling] or [PLACES[0][1]]
    yield Finding(
        INJECTED_TITLE,
        page.url,
        params={
            "places_zh": "、".join(text.zh for text in wordings),
            "places_en": ", ".join(text.en for text in wordings),
            "terms": "、".join(terms[:8]),
            "encoded_zh": "，且标题经过编码伪装" if encoded else "",
            "encoded_en": "; the title is encoded to hide it" if encoded else "",
        },
        evidence=(named[selling[0]] if selling else page.title)[:EVIDENCE],
    )


def _encoded_title(html: str) -> bool:
    """Whether the whole title is written in character references while the rest of the page is not."""
    match = HEAD_TITLE.search(html)
    if match is None or match[1].count("&#") < 4:
        return False
    entities = ENTITY.findall(match[1])
    left = ENTITY.sub("", match[1]).strip()
    visible = len(unescape(match[1]).strip())
    elsewhere = html.count("&#") - len(entities)
    return len(entities) * 2 >= visible and len(left) * 2 <= visible and elsewhere <= 10 * len(entities)
