"""Say in words what showed that a fault is gone: what answered, and where. The ledger's history keeps it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from checks.model import Link, Response, Text
from checks.network_words import in_chinese
from monitor.store.crawl.targets import TargetAnswer
from reports.digest import OpenFault
from reports.remediation.recheck_verdict import at_place
from reports.wording import LANGUAGES, words

OPENS = Text("现在能正常打开", "opens now")
NOT_FOUND = Text("重新检查，没有再发现", "looked at again, not found any more")


def evidence_of(
    fault: OpenFault, places: Sequence[str], subject: type | None, answers: Mapping[str, TargetAnswer]
) -> Text:
    """Return what showed a run that a fault is gone.

    ``places`` are those that it saw without the fault, ``subject`` is what the check of the fault reads, ``answers``
    have those places at which something was amiss: what is not among them answered as it should.
    """
    if fault.place not in places:
        return not_linked(places)
    if fault.place in answers:
        return not_found(answers[fault.place], fault.place)
    return at_place(OPENS if subject is Link else NOT_FOUND, fault.place)


def not_found(answer: TargetAnswer, place: str) -> Text:
    """Return how a place answered in which the fault was not found."""
    zh, en = outcome_of(answer.last)
    return at_place(Text(f"{zh}，没有再发现", f"{en}, not found any more"), place)


def not_linked(pages: Sequence[str]) -> Text:
    """Return that pages were read which pointed at a target and do not any more, and the first of them."""
    count = len(pages)
    return at_place(Text(f"{count} 个引用页面都不再链接到它", f"none of {count} pages links to it any more"), pages[0])


def outcome_of(response: Response) -> Text:
    """Return what became of a request, in words: a status, an error, and where redirects led."""
    zh = en = f"HTTP {response.status}"
    if response.error is not None:
        zh, en = (words(language).label("error", response.error) for language in LANGUAGES)
    if response.detail:
        detail = response.detail[:200]
        zh, en = f"{zh}（{in_chinese(detail)}）", f"{en} ({detail})"
    if response.redirects:
        zh, en = f"{zh}，跳转到 {response.url}", f"{en}, redirected to {response.url}"
    return Text(zh, en)
