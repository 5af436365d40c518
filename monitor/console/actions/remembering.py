"""Remember a judgement for more than one entry, and take it back."""

from __future__ import annotations

from checks.model import Text
from monitor.accounts.permissions import Action
from monitor.console.caller import Caller
from monitor.console.visit import Visit
from monitor.store.ledger.suppressions import SuppressionStore
from reports.remediation.states import past_end
from reports.remediation.suppressions import Suppression


def add_judgement(caller: Caller, judgement: Suppression) -> tuple[Suppression, int]:
    """Remember a judgement and apply it to what is open; return it with its number, and how many entries it hides now.

    Answers "forbidden" where the caller may not say so of the site, or of all sites, and refuses what is over already.
    """
    caller.demand(Action.SUPPRESSION_CHANGE, judgement.site or None)
    if (refused := past_end(judgement.until, caller.ledger.today)) is not None:
        caller.refuse(refused)
    kept, count = caller.ledger.suppress(judgement)
    what = f"suppression {kept.id}: {kept.subject}"
    caller.audit.add(caller.actor, "suppression.add", what, after=f"{kept.site or 'all sites'}; hides {count}")
    return kept, count


def remove_judgement(caller: Caller, number: int) -> int:
    """Take back a judgement that is remembered; return how many entries are open again. Raises KeyError without one."""
    count = caller.ledger.unsuppress(number, caller.author)
    what = f"suppression {number}"
    caller.audit.add(caller.actor, "suppression.remove", what, after=f"entries open again: {count}")
    return count


def seen_judgements(caller: Caller) -> list[Suppression]:
    """Return the judgements that concern sites the caller may see; one of every site concerns everybody."""
    known = SuppressionStore(caller.parts.reading.engine).load()
    return [each for each in known if not each.site or caller.may(Action.SUPPRESSION_SEE, each.site)]


def remember(visit: Visit, judgement: Suppression) -> None:
    """Remember a judgement and apply it to what is open; tell on the next page what it hides, and offer to undo it.

    Answers as ``add_judgement`` does.
    """
    visit.demand(Action.SUPPRESSION_CHANGE, judgement.site or None)
    if not judgement.reason:
        visit.refuse(Text("请填写理由", "a reason is needed"))
    kept, count = add_judgement(visit, judgement)
    undo = visit.notices.undoable(visit.user.name, suppression=kept.id)
    visit.tell(visit.say.count("remembering.done", count, subject=kept.subject), undo=undo)


def take_judgement_back(visit: Visit, number: int) -> int | None:
    """Take back a judgement that is remembered, and tell how many entries are open again; return one of them."""
    hidden = visit.ledger.entries.hidden_by(number)
    try:
        count = remove_judgement(visit, number)
    except KeyError:
        visit.tell(visit.say("changes.too_late"), is_error=True)
        return None
    visit.tell(visit.say.count("remembering.undone", count))
    return next(iter(hidden), None)
