"""Remember a judgement for more than one entry, and take it back."""

from __future__ import annotations

from checks.model import Text
from monitor.accounts.permissions import Action
from monitor.console.visit import Visit
from reports.remediation.suppressions import Suppression


def remember(visit: Visit, judgement: Suppression) -> None:
    """Remember a judgement and apply it to what is open; tell on the next page what it hides, and offer to undo it.

    Answers "forbidden" where the person may not say so of the site, or of all sites.
    """
    visit.demand(Action.SUPPRESSION_CHANGE, judgement.site or None)
    if not judgement.reason:
        visit.refuse(Text("请填写理由", "a reason is needed"))
    kept, count = visit.ledger.suppress(judgement)
    what = f"suppression {kept.id}: {kept.subject}"
    visit.audit.add(visit.actor, "suppression.add", what, after=f"{kept.site or 'all sites'}; hides {count}")
    undo = visit.notices.undoable(visit.user.name, suppression=kept.id)
    visit.tell(visit.say.count("remembering.done", count, subject=kept.subject), undo=undo)


def take_judgement_back(visit: Visit, number: int) -> int | None:
    """Take back a judgement that is remembered, and tell how many entries are open again; return one of them."""
    hidden = visit.ledger.entries.hidden_by(number)
    try:
        count = visit.ledger.unsuppress(number, visit.author)
    except KeyError:
        visit.tell(visit.say("changes.too_late"), is_error=True)
        return None
    visit.audit.add(visit.actor, "suppression.remove", f"suppression {number}", after=f"entries open again: {count}")
    visit.tell(visit.say.count("remembering.undone", count))
    return next(iter(hidden), None)
