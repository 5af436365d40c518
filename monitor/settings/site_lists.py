"""Name the settings of ``sites_from``: lists of sites that stand outside of config.yaml."""

from typing import Self

from pydantic import Field, model_validator

from monitor.settings import secret
from monitor.settings.complaints import SettingError
from monitor.settings.strict import Strict


class SiteListSettings(Strict):
    """A table of sites, with a row for each: a CSV file, or what a database answers to a query."""

    csv: str | None = Field(None, min_length=1, description="CSV file; from the folder of this file, or absolute.")
    database: secret.Url | None = Field(
        None, description="SQLAlchemy URL of a database that is asked: postgresql+psycopg://… or sqlite:///file."
    )
    query: str | None = Field(None, min_length=1, description="The SELECT that it is asked: a row for each site.")
    every: float = Field(10.0, ge=1, le=1440, description="Minutes between two looks of the daemon at a database.")

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if (self.csv is None) == (self.database is None) or (self.database is None) != (self.query is None):
            raise SettingError("csv，或者 database 加 query，只能给一种", "give either csv, or database and query")
        return self
