"""Say how the demo site was in a week of the past: what stood on its pages then, what answered, what was yet to come.

Pure: ``content/history.yaml`` has the story, and this module reads one week out of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from monitor.demo.content_files import Content, read

DAYS = 7


@dataclass(frozen=True, slots=True)
class Edition:
    """What is different from the site of today. Without anything, it is that site.

    ``age`` is how many days before today it is; what was published since is not there yet. ``added`` are articles of
    a column that today's does not list, ``changed`` those that had other properties, by their ids. ``replaced`` are
    texts of a page, by its path: today's, and the one that stood there. ``answers`` are those of a host, by path; None
    where nothing was there. ``headers`` came with the homepage.
    """

    age: int = 0
    added: Mapping[str, tuple[Content, ...]] = field(default_factory=dict)
    changed: Mapping[int, Content] = field(default_factory=dict)
    replaced: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    answers: Mapping[str, Mapping[str, Content | None]] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def articles(self, column: str, today: Iterable[Content]) -> list[Content]:
        """Return the articles of a column; what is dated in the future of today was so in the past as well."""
        ever = (each | self.changed.get(each["id"], {}) for each in (*today, *self.added.get(column, ())))
        return [each for each in ever if not 0 <= (each["age"] or -1) < self.age]


PRESENT = Edition()
"""The site of today."""


def edition_of(week: int) -> Edition:
    """Return the site of a week of the story, counted from its first, which is 0."""
    story = read("history")
    replaced: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for each in story["texts"]:
        if not is_in(week, each["weeks"]):
            replaced[each["page"]].append((each["text"], each["instead"]))
    answers: defaultdict[str, dict[str, Content | None]] = defaultdict(dict)
    for each in story["answers"]:
        held = is_in(week, each["weeks"])
        if "answer" in each and held:
            answers[each["host"]][each["path"]] = each["answer"]
        elif not held:
            answers[each["host"]].setdefault(each["path"], each.get("instead"))
    return Edition(
        age=(story["weeks"] - week) * DAYS,
        added={column: tuple(articles) for column, articles in story["articles"].items()},
        changed={each["id"]: each["to"] for each in story["changes"] if is_in(week, each["weeks"])},
        replaced={page: tuple(texts) for page, texts in replaced.items()},
        answers=answers,
        headers={each["name"]: each["value"] for each in story["headers"] if is_in(week, each["weeks"])},
    )


def is_in(week: int, weeks: str) -> bool:
    """Return whether a week is one of those that are listed as ``0-3 8-10``; "" lists none."""
    spans = (span.partition("-") for span in weeks.split())
    return any(int(first) <= week <= int(last or first) for first, _, last in spans)
