"""Keep filters of the ledger under names, and drop them: for pages and programs alike."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from checks.model import Text
from monitor.accounts.permissions import Action
from monitor.console.caller import Caller
from monitor.console.console_words import in_every_language
from monitor.console.queries.entry_lists import filter_of
from monitor.store.accounts.saved_views import MOST, SavedViewStore, TooManyViewsError

LONGEST = 40
"""Characters of a name."""


class ViewRefusedError(ValueError):
    """A view is not kept; ``reason`` says why, ``is_full`` that there are as many as are kept."""

    def __init__(self, reason: Text, *, is_full: bool = False) -> None:
        super().__init__(reason.en)
        self.reason, self.is_full = reason, is_full


def view_query(caller: Caller, typed: str) -> str:
    """Return the query of an address as it is kept: what makes no sense in it is left out."""
    wanted = filter_of(QueryParams(typed), caller.visible, caller.today, caller.settings.members).address()
    pairs = [
        (name, str(each))
        for name, value in wanted.items()
        for each in (value if isinstance(value, list) else [value])
        if each
    ]
    return urlencode(pairs)


def save_view(caller: Caller, owner: int, name: str, typed: str, *, shared: bool) -> str:
    """Keep a filter of the user with the id ``owner`` under a name; return its query. Raises ViewRefusedError."""
    if not name or not name.isprintable() or len(name) > LONGEST:
        raise ViewRefusedError(
            Text(f"请填写名称，最多 {LONGEST} 个字", f"give it a name of {LONGEST} characters at most")
        )
    query = view_query(caller, typed)
    try:
        SavedViewStore(caller.parts.store.engine).save(owner, name, query, caller.parts.now(), shared=shared)
    except TooManyViewsError:
        raise ViewRefusedError(in_every_language("views.too_many", n=MOST), is_full=True) from None
    caller.audit.add(caller.actor, "view.save", name, after=query)
    return query


def remove_view(caller: Caller, owner: int, number: int) -> str | None:
    """Drop a view of one's own, administrators those of others as well; return its name, None without one."""
    whose = None if caller.may(Action.USER_MANAGE) else owner
    name = SavedViewStore(caller.parts.store.engine).remove(number, whose)
    if name is not None:
        caller.audit.add(caller.actor, "view.remove", name)
    return name
