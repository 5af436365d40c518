"""Say of each setting of a site what it is and where that comes from: the site, its groups, a section, or a default."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from monitor.settings.config_file import ConfigReading, Path_
from monitor.settings.site import Settings, SiteSettings
from monitor.settings.site_groups import levels

Key = tuple[str, ...]
"""The name of a setting of a site, and of what holds it."""

SHARED = ("schedule", "report")
"""Settings that are laid over a section of the same name, and have more in them."""


class SettingOrigin(NamedTuple):
    """A setting as it stands for a site. ``place`` is empty for a default."""

    key: str
    value: object
    place: str


def origins(reading: ConfigReading, settings: Settings, site: SiteSettings) -> Iterator[SettingOrigin]:
    """Yield every setting of a site, secrets masked."""
    index = next(number for number, each in enumerate(settings.sites) if each.key == site.key)
    chain = list(_chain(reading.document, settings, site, index))
    lines = reading.lines()
    for key, value in _values(settings, site):
        found = next((path for path in (root(key) for root in chain) if _is_given(reading.document, path)), ())
        place = reading.place(found, lines) if found else ""
        yield SettingOrigin(".".join(key), value, f"{found[1]}: {place}" if found[:1] == ("groups",) else place)


class _Root(NamedTuple):
    """Where settings may stand: the path of what holds them; ``section`` is the one they are all of, if any."""

    path: Path_
    section: str = ""

    def __call__(self, key: Key) -> Path_:
        """Return where a setting of a site stands here; an empty path where it cannot."""
        if not self.section:
            return (*self.path, *key)
        return (*self.path, *key[1:]) if key[0] == self.section and len(key) > 1 else ()


def _chain(document: Mapping[str, Any], settings: Settings, site: SiteSettings, index: int) -> Iterator[_Root]:
    """Yield where settings of a site may stand: what counts most first."""
    yield _Root(("sites", index))
    for level in reversed(list(levels(site.group))):
        yield _Root(("groups", level))
    listed = (number for number, group in enumerate(settings.report.groups) if site.key in group.sites)
    if (first := next(listed, None)) is not None:
        yield _Root(("report", "groups", first), "report")
    for section in SHARED:
        if section in document:
            yield _Root((section,), section)


def _values(settings: Settings, site: SiteSettings) -> Iterator[tuple[Key, object]]:
    """Yield the settings of a site as they are in force, by their names."""
    own = site.model_dump(mode="json", exclude={*SHARED})
    yield from (((name,), value) for name, value in own.items())
    schedule = settings.schedule.of(site.schedule)
    yield ("schedule", "timezone"), schedule.timezone
    for name in ("weekly", "quarterly"):
        for setting, value in getattr(schedule, name).model_dump(mode="json").items():
            yield ("schedule", name, setting), value
    report = settings.report_of(site.key).model_dump(mode="json", include={*type(site.report).model_fields})
    yield from ((("report", name), value) for name, value in report.items())


def _is_given(document: Mapping[str, Any], path: Path_) -> bool:
    place: Any = document
    for part in path:
        if isinstance(place, Mapping) and part not in place:
            return False
        if not isinstance(place, Mapping | list):
            return False
        place = place[part]  # type: ignore[index] # what stands in a list was found by its number
    return bool(path) and place is not None
