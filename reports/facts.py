"""Read from a finding what every format shows: the message, the reason, what to do, where it points.

The formats differ in looks, never in facts, so the facts are made here once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checks.model import PASSING, Confidence, ErrorKind, PicturePlace, Region, Text
from checks.reading.likely_repairs import REASONS
from reports.safe import one_line, readable

if TYPE_CHECKING:
    from checks.model import Finding, Referrer, Response, Rule
    from reports.model import Entry, Run
    from reports.wording import Words

JUDGED = frozenset({ErrorKind.REDIRECT_BROKEN, ErrorKind.NOT_A_DOCUMENT, ErrorKind.EMPTY})
"""Reasons that a check reads out of an answer which, as HTTP goes, is fine."""

SUPERFLUOUS = Text("“{wrong}”多余，应删去", "“{wrong}” is superfluous; delete it")
"""What is said where nothing belongs in the place of a wording: “应为” has nothing to name."""

LIKELY = Text("可能应为 {url}（{reason}）", "probably {url} ({reason})")
"""How a likely repair is offered."""


def message(finding: Finding, language: str) -> str:
    """Return what is wrong, in a sentence; the rule's title where a stored finding no longer fits its rule's words."""
    try:
        if _names_nothing_to_write(finding):
            return SUPERFLUOUS(language).format(wrong=finding.params["wrong"])
        return finding.rule.say(finding, language)
    except (LookupError, ValueError):
        return finding.rule.title(language)


def _names_nothing_to_write(finding: Finding) -> bool:
    """Return whether the rule's words would name what to write where there is nothing; raises KeyError.

    A date that does not exist has no right form either, but its rule's words ask for none.
    """
    params = finding.params
    return bool(
        params.get("wrong") and params.get("right") == "" and "{right}" in finding.rule.message_of(finding.variant).zh
    )


def remedy(finding: Finding, language: str) -> str:
    """Return what to do: the finding's own suggestion, the addresses that answered, else what its rule advises."""
    return finding.suggestion or likely_repairs(finding, language) or advice(finding.rule, language)


def advice(rule: Rule, language: str) -> str:
    """Return what a rule advises on one line: with the settings that are a line each; the long ones are in the page."""
    if not rule.settings:
        return rule.remedy(language)
    colon = Text("：", ": ")(language)
    short = (f"{each.server(language)}{colon}{each.code}" for each in rule.settings if "\n" not in each.code)
    return Text("　", " ")(language).join((rule.remedy(language), *short))


def likely_repairs(finding: Finding, language: str) -> str:
    """Return the addresses that a broken link was probably meant to have, each with its reason, "" without any."""
    if not finding.repairs:
        return ""
    reasons = (REASONS[repair.reason](language) for repair in finding.repairs)
    offered = [
        LIKELY(language).format(url=readable(repair.url), reason=reason)
        for repair, reason in zip(finding.repairs, reasons, strict=True)
    ]
    return Text("；", "; ")(language).join(offered)


def error(finding: Finding) -> ErrorKind | None:
    """Return the kind of error of a link finding, as report.json has it: None where the target did answer."""
    if finding.target is None:
        return None
    answered = finding.target.target
    if answered.error is None and finding.variant in JUDGED:
        return ErrorKind(finding.variant)
    return answered.failure


def target_url(finding: Finding) -> str:
    """Return the address that pages point at: a link's, its fragment included, or that of the file a finding is in.

    An address that is none comes as it was written; findings about pages have none.
    """
    link = finding.target
    if link is None:
        return finding.url if finding.referrers else ""
    url = link.url or link.href
    return url if link.fragment is None or "#" in url else f"{url}#{link.fragment}"


def answer(finding: Finding, say: Words) -> str:
    """Return how the target answered, for a narrow column: ``404``, ``域名解析失败``, nothing for other findings."""
    if finding.target is None:
        return ""
    kind = error(finding)
    status = finding.target.target.status
    if status and kind in {None, ErrorKind.HTTP_4XX, ErrorKind.HTTP_5XX}:
        return str(status)
    return say.label("error", kind) if kind else ""


def seen(finding: Finding, say: Words) -> str:
    """Return what was seen, as evidence: each look at a target with its redirects and answer, a passage in full."""
    if finding.target is None:
        return one_line(finding.evidence) if finding.text else ""
    return "\n".join(dict.fromkeys(_look(look, say) for look in finding.target.looks))


def _look(look: Response, say: Words) -> str:
    hops = [f"{hop.url} → {hop.status}" for hop in look.redirects]
    outcome = say.label("error", look.failure) if look.status is None and look.failure else str(look.status or "")
    return " → ".join([*hops, f"{look.url} → {outcome}"])


def link_text(finding: Finding) -> str:
    """Return the words of the first link that points at the target."""
    return next((referrer.text for referrer in referrers(finding) if referrer.text.strip()), "")


def place(finding: Finding) -> str:
    """Return the page to open to see the fault: of a target's referrers the first, else the finding's own."""
    pages = referrers(finding)
    return pages[0].url if pages else finding.url


TEMPLATE_SHARE, TEMPLATE_PAGES = 0.8, 10
"""What stands on so many of so many pages stands in their template: header, menu or footer."""


def is_in_template(finding: Finding, run: Run) -> bool:
    """Return whether a link or a wording stands on nearly every page that was read."""
    count = referrer_count(finding) or page_count(finding)
    return run.pages >= TEMPLATE_PAGES and count >= TEMPLATE_SHARE * run.pages


def region(finding: Finding) -> Region:
    """Return where on its page a fault stands: a link where the first of its referrers has it."""
    pages = referrers(finding)
    return pages[0].region if pages else finding.region


def where(finding: Finding, run: Run, say: Words) -> str:
    """Return where on the page a fault stands, in words: ``页脚（模板）``, ``正文``; "" where nothing tells.

    Of a page that a browser drew it says so: who looks into the page's source does not find the fault there.
    """
    name = region(finding)
    known = say.label("region", name) if name else ""
    if is_in_template(finding, run):
        known = say("finding.of_template", region=known) if known else say("finding.template")
    if finding.picture is not None:
        return _in_picture(finding.picture, say)
    if not finding.drawn:
        return known
    return say("finding.drawn_at", region=known) if known else say("finding.drawn")


def _in_picture(place: PicturePlace, say: Words) -> str:
    """Return that a fault was read from a picture, and how sure the reading is: ``图片中的文字，识别把握 93%``."""
    sure = f"{place.certainty:.0%}"
    if place.box.page:
        return say("finding.in_scan", page=place.box.page, sure=sure)
    return say("finding.in_picture", sure=sure)


def wording(finding: Finding) -> str:
    """Return the faulty passage on one line, the wrong part in brackets: ``…前【错】后…``."""
    if finding.text is None:
        return one_line(finding.evidence)
    return one_line(f"{finding.text.before}【{finding.text.wrong}】{finding.text.after}")


def shown_target(finding: Finding) -> str:
    """Return the target as people read it."""
    return readable(target_url(finding))


def referrers(finding: Finding) -> tuple[Referrer, ...]:
    """Return the pages that point at the target, or at the file that a finding is in; they may be cut."""
    return finding.target.referrers if finding.target else finding.referrers


def referrer_count(finding: Finding) -> int:
    """Return how many pages point at the target or file; 0 for findings that have none."""
    return finding.target.referrer_count if finding.target else finding.referrer_count


def pages(finding: Finding) -> tuple[str, ...]:
    """Return the pages on which the fault itself stands; they may be cut."""
    return finding.pages or (finding.url,)


def page_count(finding: Finding) -> int:
    """Return on how many pages the fault itself stands."""
    return max(finding.count, len(finding.pages), 1)


ACCEPTABLE = frozenset({"typo", "severe-typo", "repeated-text"})
"""Rules whose wordings a person may know to be right; what is wrong by form is wrong everywhere."""


def runs_that_confirm(entry: Entry) -> int:
    """Return how many runs in a row saw a target fail in a way that may pass, 0 where one look is enough or it passed.

    Such a target is suspected when it is first seen so, and confirmed when the next run sees it (``digest.settle``).
    """
    finding = entry.finding
    passing = finding.target is not None and error(finding) in PASSING
    return entry.runs if passing and finding.confidence is Confidence.CONFIRMED and entry.runs > 1 else 0


def dictionary_entry(finding: Finding) -> str:
    """Return the lines that let a wording pass, to be copied into the operator's dictionary; else the empty text."""
    if finding.text is None or finding.rule.id not in ACCEPTABLE or len(finding.text.wrong) < len("两字"):
        return ""
    return f"[放行]\n{one_line(finding.text.wrong)}"
