"""Keep what a run learned beside its findings, as one value; its JSON stays in the column ``runs.facts``.

A part that another version wrote in another way reads as if the run had not learned it: figures of old runs are no
reason for a report or a scrape to fail.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NamedTuple, TypeVar

from msgspec import Struct, field, to_builtins
from msgspec.structs import asdict

from checks.model import ColumnStatus, ColumnType, Text
from checks.reading.own_network import NetworkFault
from checks.scoring.sheet import Deduction, Score, Veto
from monitor.store.codec import Json
from reports.model import ColumnSummary, Security, SecurityTest, Tally

T = TypeVar("T")


class TextRead(NamedTuple):
    """How many characters a check read in a run, and the seconds from asking to having its answers."""

    characters: int
    seconds: float


class PicturesRead(NamedTuple):
    """How many pictures and scanned pages a run read, how many files it did not, and the CPU seconds of reading."""

    read: int
    unread: int
    seconds: float


class Front(NamedTuple):
    """What the homepage lists, as a ``digest``, and when that last ``changed``.

    The time is in seconds since the epoch, None where no run saw it list anything else.
    """

    digest: str
    changed: float | None


class RunFacts(Struct, frozen=True):
    """What one run learned; every part is empty or None where nothing in the run looked for it.

    ``links`` counts the addresses that answered, by kind; ``text`` is by the id of a check. ``certificate_not_after``
    is when the certificate of the site's host ends, in seconds since the epoch. ``network_fault`` is what was wrong
    with our own network, so that hosts outside of the site were not judged. ``homepages`` are the addresses at which
    the homepage was: where it answered, its frames, where it sent its reader. ``unjudged`` counts the addresses on
    which this program failed. ``pictures`` is what came of reading pictures.
    """

    notices: tuple[Text, ...] = ()
    checks: tuple[Tally, ...] = ()
    links: Mapping[str, int] = field(default_factory=dict)
    text: Mapping[str, TextRead] = field(default_factory=dict)
    columns: tuple[ColumnSummary, ...] = ()
    front: Front | None = None
    score: Score | None = None
    security: Security | None = None
    certificate_not_after: float | None = None
    network_fault: NetworkFault | None = None
    homepages: tuple[str, ...] = ()
    unjudged: int = 0
    pictures: PicturesRead | None = None


def facts_to_json(facts: RunFacts) -> Json:
    """Return facts as plain JSON; what is empty is left out."""
    body: Json = {
        "notices": [list(notice) for notice in facts.notices],
        "checks": [asdict(tally) for tally in facts.checks],
        "links": dict(facts.links),
        "text": {check: list(read) for check, read in facts.text.items()},
        "columns": [_column_to_json(column) for column in facts.columns],
        "front": facts.front._asdict() if facts.front else None,
        "score": to_builtins(facts.score) if facts.score else None,
        "security": _security_to_json(facts.security) if facts.security else None,
        "certificate_not_after": facts.certificate_not_after,
        "network_fault": facts.network_fault.value if facts.network_fault else None,
        "homepages": list(facts.homepages),
        "unjudged": facts.unjudged or None,
        "pictures": list(facts.pictures) if facts.pictures else None,
    }
    return {name: value for name, value in body.items() if value not in (None, [], {})}


def facts_from_json(body: object) -> RunFacts:
    """Return the facts again, without what cannot be read."""
    if not isinstance(body, Mapping):
        return RunFacts()
    parts = {name: _read(read, body.get(name)) for name, read in _READERS.items()}
    known: Json = {name: value for name, value in parts.items() if value is not None}
    return RunFacts(**known)


def _read(read: Callable[[Any], T], value: object) -> T | None:
    if value is None:
        return None
    try:
        return read(value)
    except (LookupError, TypeError, ValueError, AttributeError):
        return None


def _text(pair: Any) -> Text:  # noqa: ANN401 - as JSON has it
    return Text(str(pair[0]), str(pair[1]))


def _links(body: Any) -> dict[str, int]:  # noqa: ANN401 - as JSON has it
    return {str(kind): int(count) for kind, count in body.items()}


def _text_read(body: Any) -> dict[str, TextRead]:  # noqa: ANN401 - as JSON has it
    return {str(check): TextRead(int(characters), float(seconds)) for check, (characters, seconds) in body.items()}


def _column_to_json(column: ColumnSummary) -> Json:
    return asdict(column) | {"newest": column.newest.isoformat() if column.newest else None}


def _column(body: Json) -> ColumnSummary:
    return ColumnSummary(
        name=body["name"],
        url=body["url"],
        type=ColumnType(body["type"]),
        items=body["items"],
        newest=date.fromisoformat(body["newest"]) if body["newest"] else None,
        limit_days=body["limit_days"],
        status=ColumnStatus(body["status"]),
        complete=body.get("complete", True),
        needs_rendering=body.get("needs_rendering", ""),
    )


def _score(body: Json) -> Score:
    return Score(
        profile=body["profile"],
        points=float(body["points"]),
        veto=tuple(Veto(**_line(each)) for each in body["veto"]),
        items=tuple(Deduction(**_line(each)) for each in body["items"]),
        unjudged=tuple(map(_text, body["unjudged"])),
    )


def _line(body: Json) -> Json:
    texts: Json = {name: _text(body[name]) for name in ("title", "evidence", "basis") if name in body}
    return body | texts | {"behind": tuple(body.get("behind", ()))}


def _security_to_json(security: Security) -> Json:
    tests = {
        name: {"result": test.result, "pass": test.passed, "modifier": test.modifier}
        for name, test in security.tests.items()
    }
    return {"score": security.score, "grade": security.grade, "tests": tests}


def _security(body: Json) -> Security:
    tests = {name: SecurityTest(test["result"], test["pass"], test["modifier"]) for name, test in body["tests"].items()}
    return Security(int(body["score"]), str(body["grade"]), tests)


_READERS: dict[str, Callable[[Any], object]] = {
    "notices": lambda body: tuple(map(_text, body)),
    "checks": lambda body: tuple(Tally(**tally | {"failed": tuple(tally.get("failed", ()))}) for tally in body),
    "links": _links,
    "text": _text_read,
    "columns": lambda body: tuple(map(_column, body)),
    "front": lambda body: Front(**body),
    "score": _score,
    "security": _security,
    "certificate_not_after": float,
    "network_fault": NetworkFault,
    "homepages": lambda body: tuple(map(str, body)),
    "unjudged": int,
    "pictures": lambda body: PicturesRead(int(body[0]), int(body[1]), float(body[2])),
}
"""Every part of RunFacts by its name, and what reads it."""
