"""Keep how often a login failed, by what the attempts have in common, so that a restart forgives nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from sqlalchemy import Engine, and_, case, delete, func, select, update

from monitor.store.database import insert_missing
from monitor.store.schema import login_attempts

MOST = 20_000
"""Rows at most; of more, those whose wait is over longest go first."""

FORGOTTEN_AFTER = 24 * 3600.0
"""Seconds without a failure after which the failures before count no more."""

Delay = Callable[[int], float]
"""Failures in a row → seconds until the next attempt is looked at."""


class AttemptStore:
    """The table of failed attempts; keys are hashes."""

    def __init__(self, engine: Engine, most: int = MOST) -> None:
        self.engine, self.most = engine, most

    def begin(self, delays: Mapping[str, Delay], now: float) -> float:
        """Begin an attempt; return 0, or the seconds for which no attempt is looked at, in which case nothing counts.

        It counts as a failure until ``forgive`` is called: a thousand attempts at a time are no way around the limit.
        """
        column = login_attempts.c
        with self.engine.begin() as connection:
            rows = [{"key": key, "failures": 0, "last": now, "until": 0.0} for key in sorted(delays)]
            # Written first: in SQLite this takes the lock under which the counts are read.
            for each in rows:
                insert_missing(connection, login_attempts, [each], "key")
            known = select(login_attempts).where(column.key.in_(delays)).order_by(column.key).with_for_update()
            found = connection.execute(known).mappings().all()
            wait = max(row["until"] - now for row in found)
            if wait > 0:
                connection.execute(delete(login_attempts).where(column.key.in_(delays), column.failures == 0))
                return float(wait)
            for row in found:
                failures = 1 + (row["failures"] if now - row["last"] < FORGOTTEN_AFTER else 0)
                values = {"failures": failures, "last": now, "until": now + delays[row["key"]](failures)}
                connection.execute(update(login_attempts).where(column.key == row["key"]).values(values))
        self._keep_bound()
        return 0.0

    def _keep_bound(self) -> None:
        column = login_attempts.c
        with self.engine.connect() as connection:
            count = connection.execute(select(func.count()).select_from(login_attempts)).scalar_one()
        if count <= self.most:
            return
        oldest = select(column.key).order_by(column.until, column.last).limit(count - self.most + self.most // 10)
        with self.engine.begin() as connection:
            connection.execute(delete(login_attempts).where(column.key.in_(oldest.scalar_subquery())))

    def forgive(self, keys: Iterable[str], one_less: Iterable[str] = ()) -> None:
        """Forget the failures of some keys, and one failure of others: the attempt that was just begun succeeded."""
        column = login_attempts.c
        fewer = case((column.failures > 0, column.failures - 1), else_=0)
        with self.engine.begin() as connection:
            connection.execute(delete(login_attempts).where(column.key.in_(list(keys))))
            less = update(login_attempts).where(column.key.in_(list(one_less)))
            connection.execute(less.values(failures=fewer, until=0.0))

    def count(self, key: str, now: float, within: float) -> int:
        """Return the failures of a key whose last one is so many seconds old at most."""
        recent = and_(login_attempts.c.key == key, login_attempts.c.last > now - within)
        with self.engine.connect() as connection:
            return connection.execute(select(login_attempts.c.failures).where(recent)).scalar() or 0

    def forget(self, now: float) -> None:
        """Drop failures that count no more."""
        old = login_attempts.c.last < now - FORGOTTEN_AFTER, login_attempts.c.until < now
        with self.engine.begin() as connection:
            connection.execute(delete(login_attempts).where(*old))
