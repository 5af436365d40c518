"""Keep how sites write from one run to the next."""

from __future__ import annotations

from sqlalchemy import Engine, delete, select

from monitor.store.database import upsert
from monitor.store.schema import languages


class LanguageStore:
    """The language of one site, as checks/typos/site_language.py packs it, and of how many texts it is."""

    def __init__(self, engine: Engine, site: str) -> None:
        self.engine, self.site = engine, site

    def load(self) -> bytes | None:
        """Return the packed language, None where nothing is known of the site."""
        with self.engine.connect() as connection:
            body: bytes | None = connection.execute(
                select(languages.c.body).where(languages.c.site == self.site)
            ).scalar()
        return body

    def count_texts(self) -> int:
        """Return how many texts the language that is kept is of."""
        with self.engine.connect() as connection:
            return connection.execute(select(languages.c.texts).where(languages.c.site == self.site)).scalar() or 0

    def save(self, body: bytes, texts: int) -> None:
        """Keep a language, over the one that is there."""
        with self.engine.begin() as connection:
            upsert(connection, languages, [{"site": self.site, "body": body, "texts": texts}])

    def forget(self) -> None:
        """Drop the language."""
        with self.engine.begin() as connection:
            connection.execute(delete(languages).where(languages.c.site == self.site))
