"""Vocabulary: the wordings that were called right: who said so, where and why, how often each hid something."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from checks.model import Text
from monitor.accounts.permissions import Action
from monitor.beijing import beijing_time
from monitor.console.actions.remembering import remember, seen_judgements
from monitor.console.visit import SignedIn
from reports.remediation.suppressions import WORD, Suppression, SuppressionKind

router = APIRouter()

LONGEST = 50
"""Characters of a wording."""


@router.get("/vocabulary")
def vocabulary(visit: SignedIn) -> Response:
    """Show the wordings, the newest first; ``site`` and ``q`` choose some."""
    visit.demand_somewhere(Action.SUPPRESSION_SEE)
    site, text = visit.field("site"), visit.field("q")
    words = [each for each in seen_judgements(visit) if each.kind is SuppressionKind.PAIR]
    known = [
        each for each in words if site in ("", each.site) and any(text in part for part in (each.wrong, each.reason))
    ]
    return visit.show(
        "vocabulary.html.jinja",
        known=sorted(known, key=lambda each: each.made, reverse=True),
        total=len(words),
        site=site,
        text=text,
        now=beijing_time(visit.parts.now()),
        names=visit.site_names,
        changeable=[(key, visit.site_names[key]) for key in visit.sites_for(Action.SUPPRESSION_CHANGE)],
        may_say_everywhere=visit.may(Action.SUPPRESSION_CHANGE),
        may_take_back=lambda each: not each.configured and visit.may(Action.SUPPRESSION_CHANGE, each.site or None),
        longest=LONGEST,
    )


@router.post("/vocabulary")
def add(visit: SignedIn) -> Response:
    """Call a wording right on a site, or everywhere: whatever is open of it is a false alarm from now on."""
    visit.demand_somewhere(Action.SUPPRESSION_CHANGE)
    word = visit.field("word")
    if not WORD.fullmatch(word) or len(word) > LONGEST:
        visit.refuse(
            Text(
                f"请填写 2 至 {LONGEST} 个汉字的词语",
                f"give a wording of 2 to {LONGEST} Chinese characters, and no more",
            )
        )
    site = visit.field("site")
    if site:
        visit.site(site)
    judgement = Suppression(
        kind=SuppressionKind.PAIR,
        author=visit.author,
        reason=visit.field("reason"),
        made=beijing_time(visit.parts.now()),
        site=site,
        wrong=word,
    )
    remember(visit, judgement)
    return visit.go("/vocabulary")
