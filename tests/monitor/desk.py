"""Work with the ledger of a small site from the command line, while the site changes under the eyes of its server."""

from __future__ import annotations

import json
from datetime import timedelta
from urllib.parse import urlsplit

from tests.monitor.official import Office, Served
from tests.monitor.web import serve
from tests.sites.pages import NOW

AFTERWARDS = timedelta(hours=3)
LATER = NOW + AFTERWARDS


class Desk:
    """Somebody at the command line, with a site that changes while it is served.

    ``now`` is when inspections begin; all other commands come three hours later.
    """

    def __init__(self, folder, site, checks, settings):
        self.office, self.site, self.checks, self.settings = Office(folder), site, checks, settings
        self.now = NOW
        self.office.configure(Served(site.url), exclude=[])

    def inspect(self, scope="site", when=None, **site_settings):
        served = Served(self.site.url)
        options = {"checks": self.checks, "settings": self.settings, "exclude": [], **site_settings}
        return self.office.inspect(served, scope=scope, when=when or self.now, **options)

    def change(self, **pages):
        for name, content in pages.items():
            self.site.routes[f"/{name.replace('_', '.')}" if name != "home" else "/"] = serve(content)

    def run(self, *command, code=0, when=None):
        sets = [f"--set={setting}" for setting in self.settings]
        done = self.office.run(
            *command, *sets, f"--config={self.office.config}", code=code, when=when or self.now + AFTERWARDS
        )
        return [json.loads(line) for line in done.output.splitlines() if line.startswith("{")]

    def entry(self, end="", rule="", number=None):
        """The entry whose target or page ends so, of a rule, or with a number."""
        found = self.run("ledger", "list", "--format=json")
        fitting = (each for each in found if (each["target"] or each["page"]).endswith(end) and rule in each["rule"])
        return next(each for each in fitting if number in {None, each["number"]})

    def recheck(self, *numbers, code=0, **options):
        self.site.requests.clear()
        return self.run("ledger", "recheck", *map(str, numbers), "--format=json", code=code, **options)

    def history(self, number):
        (entry,) = self.run("ledger", "show", str(number), "--format=json")
        return [
            (row["field"], row["after"], row["by"], row["run"]) for row in entry["history"] if row["cause"] == "recheck"
        ]

    @property
    def asked(self):
        """The paths that were asked for since the last recheck began."""
        return sorted({urlsplit(target).path for _, target, _ in self.site.requests})
