"""Remember which addresses a run has met, and collect what it learned until the store has it."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from checks.columns.codec import facts_to_json
from checks.model import Facts, Page, Reference
from monitor.crawl.answers import Answer
from monitor.crawl.traps import Traps
from monitor.store.codec import references_to_bytes
from monitor.store.crawl import Batch, CrawlStore
from monitor.store.schema import DONE, PENDING

FLUSH_ROWS, FLUSH_SECONDS = 64, 0.05
"""What a kill may cost: a batch is written when it has so many rows or is so old. A commit takes 1 ms."""


class Job(NamedTuple):
    """One address to ask for. ``attempt`` counts repeats after 429 and 503; ``look`` is 2 on the second look."""

    id: int
    url: str
    kind: str
    element: str
    depth: int
    attempt: int = 0
    look: int = 1
    looks: tuple[dict[str, Any], ...] = ()


@dataclass(slots=True)
class Counters:
    """What a run has done so far; ``findings`` are those that are certain before the end."""

    findings: int = 0
    pages: int = 0
    links: int = 0
    requests: int = 0
    bytes: int = 0


@dataclass(slots=True)
class Frontier:
    """The addresses of a run, in ``ids``, and the fingerprints ``found`` on its pages; rows follow in batches."""

    store: CrawlStore
    run: int
    site: str
    scope: str
    engine: str
    traps: Traps
    counters: Counters = field(default_factory=Counters)
    ids: dict[str, int] = field(default_factory=dict)
    batch: Batch = field(default_factory=Batch)
    found: set[str] = field(default_factory=set)
    flushed: float = 0.0

    def add(self, reference: Reference, depth: int, parent: int) -> Job:
        """Take a new address into the frontier."""
        number = len(self.ids)
        self.ids[reference.url] = number
        self.batch.found.append(
            {
                "run": self.run,
                "id": number,
                "url": reference.url,
                "kind": reference.kind,
                "element": reference.element[:64],
                "depth": depth,
                "parent": parent,
                "state": PENDING,
                "answer": None,
            }
        )
        return Job(number, reference.url, reference.kind, reference.element, depth)

    def settle(self, job: Job, answer: Answer) -> None:
        """Put down what a target answered."""
        self.counters.links += 1
        self.counters.findings += answer.dead
        self.batch.done.append({"b_run": self.run, "b_id": job.id, "b_answer": answer.to_json()})

    def keep(self, row: dict[str, Any], findings: Collection[dict[str, Any]] = ()) -> None:
        """Put down a page and what was found on it."""
        self.batch.pages.append(row)
        fresh = {row["fingerprint"] for row in findings} - self.found
        self.found |= fresh
        self.counters.findings += len(fresh)
        self.batch.findings.extend(findings)

    def row(
        self,
        page: Page,
        digest: bytes,
        references: Iterable[Reference],
        bodies: list[Any],
        facts: Facts | None = None,
    ) -> dict[str, Any]:
        """Return a page as the store keeps it."""
        distinct = {(item.url or item.href, item.fragment): item for item in reversed(tuple(references))}
        response = page.response
        return {
            "site": self.site,
            "scope": self.scope,
            "url": page.url,
            "run": self.run,
            "title": page.title[:500],
            "etag": response.header("etag"),
            "modified": response.header("last-modified"),
            "digest": digest,
            "engine": self.engine,
            "scripted": int(makes_anchors(page.html)),
            "anchors": "\n".join(page.anchors),
            "fragments": "\n".join(f"{item.url}#{item.fragment}" for item in distinct.values() if item.fragment),
            "references": references_to_bytes(reversed(distinct.values())),
            "findings": bodies,
            "facts": facts_to_json(facts) if facts else None,
            "continues": (facts and facts.continues) or None,
        }

    def flush(self, *, force: bool = False) -> None:
        """Write the batch when it is large enough."""
        rows = len(self.batch)
        due = rows >= FLUSH_ROWS or time.monotonic() - self.flushed > FLUSH_SECONDS
        if rows and (due or force):
            self.flushed = time.monotonic()
            counters = self.counters
            figures = {name: getattr(counters, name) for name in ("pages", "links", "requests", "bytes")}
            batch, self.batch = self.batch, Batch()
            self.store.save(_without_repeats(batch), figures | self._trapped())

    def _trapped(self) -> dict[str, Any]:
        if not self.traps.changed:
            return {}
        self.traps.changed = False
        return {"facts": {"traps": self.traps.state()}}

    def load(self) -> list[Job]:
        """Read back what a killed run had met; return what it had not finished."""
        pending, urls = [], []
        for number, url, kind, element, depth, parent, state in self.store.targets():
            urls.append(url)
            self.ids[url] = number
            self.traps.recall(url, urls[parent] if parent != number else "", waits=state != DONE)
            if state != DONE:
                pending.append(Job(number, url, kind, element, depth))
        self.traps.recalled(self.store.facts().get("traps", {}))
        return pending

    def doubtful(self) -> list[Job]:
        """Return the targets that want a second look: answered once, and in a way that may pass."""
        found = []
        for url, kind, element, answer in self.store.amiss():
            if answer["doubtful"] and len(answer["looks"]) == 1:
                looks = tuple(answer["looks"])
                found.append(Job(self.ids[url], url, kind, element, 0, look=2, looks=looks))
        return found


def makes_anchors(html: str) -> bool:
    """Return whether a script may make places that are not in the source: an application that draws its page itself."""
    return 'id="app"' in html or "data-reactroot" in html or "ng-app" in html or "<router-view" in html


def _without_repeats(batch: Batch) -> Batch:
    """Keep the last row of every key: one statement cannot write a row twice."""
    batch.pages = list({row["url"]: row for row in batch.pages}.values())
    batch.findings = list({row["fingerprint"]: row for row in batch.findings}.values())
    return batch
