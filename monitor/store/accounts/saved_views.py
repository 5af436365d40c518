"""Keep the filters of the ledger that people gave names to: their own, and those that they share."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Engine, RowMapping, delete, func, insert, or_, select, update

from monitor.store.schema import saved_views, users

MOST = 50
"""Views of one user; what is saved beyond is refused."""


class TooManyViewsError(ValueError):
    """A user has as many views as are kept."""


class SavedView(NamedTuple):
    """A filter with its name; ``query`` is that of the address, ``owner`` the id of its user, ``author`` their name."""

    number: int
    owner: int
    author: str
    name: str
    query: str
    is_shared: bool


class SavedViewStore:
    """The table of saved views."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def save(self, owner: int, name: str, query: str, now: float, *, shared: bool) -> None:
        """Keep a filter of a user under a name, over what they called so before. Raises TooManyViewsError."""
        same = saved_views.c.user == owner, saved_views.c.name == name
        values = {"query": query, "shared": shared, "made": now}
        with self.engine.begin() as connection:
            if connection.execute(update(saved_views).where(*same).values(values)).rowcount:
                return
            count = select(func.count()).select_from(saved_views).where(saved_views.c.user == owner)
            if (connection.execute(count).scalar() or 0) >= MOST:
                raise TooManyViewsError(owner)
            connection.execute(insert(saved_views).values(values | {"user": owner, "name": name}))

    def load(self, user: int) -> list[SavedView]:
        """Return a user's own views by name, then those that others share."""
        seen = or_(saved_views.c.user == user, saved_views.c.shared)
        author = func.coalesce(func.nullif(users.c.full_name, ""), users.c.name).label("author")
        statement = select(saved_views, author).join(users, users.c.id == saved_views.c.user).where(seen)
        with self.engine.connect() as connection:
            found = map(_view, connection.execute(statement).mappings())
        return sorted(found, key=lambda view: (view.owner != user, view.name, view.number))

    def remove(self, number: int, owner: int | None) -> str | None:
        """Drop a view, with an owner only one of theirs; return its name, None where there was none."""
        same = [saved_views.c.id == number, *([] if owner is None else [saved_views.c.user == owner])]
        with self.engine.begin() as connection:
            name: str | None = connection.execute(select(saved_views.c.name).where(*same)).scalar()
            connection.execute(delete(saved_views).where(*same))
        return name


def _view(row: RowMapping) -> SavedView:
    return SavedView(row["id"], row["user"], row["author"], row["name"], row["query"], row["shared"])
