"""Hold what a message says, apart from how it looks, and give it to the store and take it back as JSON."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One line of a list: how grave, what, what else there is to know. ``url`` is the page to open, "" without one."""

    label: str
    text: str
    remark: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class MessageSection:
    """A headed list. ``total`` is how many rows there are in all; those beyond ``rows`` are counted, not listed."""

    title: str
    rows: tuple[MessageRow, ...]
    total: int

    def cut(self, shown: int) -> MessageSection:
        """Return the section with so many rows at most; ``total`` stays."""
        return replace(self, rows=self.rows[:shown])


@dataclass(frozen=True, slots=True)
class MessageLink:
    """An address of ours that people open: a report, or the folder of all."""

    text: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What one message says, the most important first. ``key`` is the same in every repeat of it.

    ``figures`` are sentences with numbers, a site each. ``reports`` are numbers of the runs whose reports belong to it.
    ``changes`` are for programs: changes of states, a document each.
    All texts are plain; whatever of them comes from a page is made inert where a body is made.
    """

    key: str
    language: str
    subject: str
    figures: tuple[str, ...] = ()
    sections: tuple[MessageSection, ...] = ()
    links: tuple[MessageLink, ...] = ()
    reports: tuple[int, ...] = ()
    changes: tuple[Mapping[str, Any], ...] = ()

    @property
    def digest(self) -> str:
        """32 hex digits that are the same in every repeat of the message: its key for where only ASCII may stand."""
        return hashlib.blake2b(self.key.encode(), digest_size=16).hexdigest()

    @property
    def rows(self) -> int:
        """How many rows its sections list."""
        return sum(len(section.rows) for section in self.sections)

    def with_rows(self, shown: int) -> Message:
        """Return the message with its first rows only, so many over all sections; the others are counted."""
        left, sections = shown, []
        for section in self.sections:
            sections.append(section.cut(left))
            left -= len(sections[-1].rows)
        return replace(self, sections=tuple(sections))

    def with_figures(self, shown: int) -> Message:
        """Return the message with so many of its figures at most."""
        return replace(self, figures=self.figures[:shown])


def message_to_json(message: Message) -> dict[str, Any]:
    """Return a message as JSON; changes stand there where it has some."""
    changes = {"changes": [dict(change) for change in message.changes]} if message.changes else {}
    return changes | {
        "key": message.key,
        "language": message.language,
        "subject": message.subject,
        "figures": list(message.figures),
        "sections": [
            {
                "title": section.title,
                "total": section.total,
                "rows": [[row.label, row.text, row.remark, row.url] for row in section.rows],
            }
            for section in message.sections
        ],
        "links": [[link.text, link.url] for link in message.links],
        "reports": list(message.reports),
    }


def message_from_json(body: Mapping[str, Any]) -> Message:
    """Return a message again."""
    return Message(
        key=body["key"],
        language=body["language"],
        subject=body["subject"],
        figures=tuple(body["figures"]),
        sections=tuple(
            MessageSection(each["title"], tuple(MessageRow(*row) for row in each["rows"]), each["total"])
            for each in body["sections"]
        ),
        links=tuple(MessageLink(*link) for link in body["links"]),
        reports=tuple(body["reports"]),
        changes=tuple(body.get("changes", ())),
    )
