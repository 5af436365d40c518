"""Build the checks of a run from their settings: a check's fields are what config.yaml may say under its id.

Only what a configuration names is imported to read it, and only what a run wants is imported to build it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, TypeVar

from msgspec import NODEFAULT
from msgspec.structs import FieldInfo, fields
from pydantic import BaseModel, ConfigDict, Field, create_model

from checks import CLASSES, check_of
from checks.model import Check
from monitor.settings.complaints import SettingError
from monitor.settings.paths import data_folder
from monitor.typo_engine.load import with_lists

C = TypeVar("C", bound=Check[Any])

Section = dict[str, Any]
"""The settings of one check, by their names."""

FOLDERS: dict[str, dict[str, Callable[[], str]]] = {"typos": {"models": lambda: str(data_folder() / "models")}}
"""Settings that stand for a folder of ours when they are empty: checks know of no folders."""

FILES: dict[str, Callable[[Any], Any]] = {"typos": lambda check: with_lists(check, str(data_folder() / "cache"))}
"""Checks whose settings name files, and what reads them: checks open none. Raises ValueError and OSError."""

RUN = "run"
"""The key beside a check's own settings that switches it on or off for every run."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


def settings_of(check: type[Check[Any]]) -> type[BaseModel]:
    """Return the model of a check's settings: those of its fields that are, and ``run``."""
    own = check.settings()
    known: dict[str, Any] = {RUN: (bool, Field(check.default, description="Whether inspections run this check."))}
    known |= {field.name: (field.type, _default(field)) for field in fields(check) if field.name in own}
    return create_model(f"{check.__name__}Settings", __base__=_Strict, __doc__=check.__doc__, **known)


def _default(field: FieldInfo) -> Any:  # noqa: ANN401 - whatever the field holds
    if field.default_factory is not NODEFAULT:
        return Field(default_factory=field.default_factory)
    return field.default


@cache
def checks_model(names: tuple[str, ...] = tuple(CLASSES)) -> type[BaseModel]:
    """Return the model of the ``checks`` section, as far as it is about some checks; of all, it takes 0.1 s."""
    models = {name: settings_of(check_of(name)) for name in names}
    known: dict[str, Any] = {
        name.replace("-", "_"): (model, Field(default_factory=model, alias=name)) for name, model in models.items()
    }
    return create_model("Checks", __base__=_Strict, **known)


def validate(section: object) -> dict[str, Section]:
    """Check the ``checks`` section, and return of each check in it all settings; raises pydantic.ValidationError."""
    given = section or {}
    names = tuple(name for name in CLASSES if isinstance(given, Mapping) and name in given)
    model = checks_model(names).model_validate(given)
    return {name: getattr(model, name.replace("-", "_")).model_dump() for name in names}


def complete(sections: Mapping[str, Section]) -> dict[str, Section]:
    """Return the settings of every check: those that ``validate`` returned, and the defaults of who was not named."""
    return {name: sections.get(name) or settings_of(check_of(name))().model_dump() for name in CLASSES}


def build(sections: Mapping[str, Section], wanted: Iterable[str] | None = None) -> tuple[Check[Any], ...]:
    """Return the checks to run: those named, else those that are on.

    Raises ValueError, naming what there is, for a check that does not exist.
    """
    names = list(wanted) if wanted is not None else [name for name in CLASSES if _runs(name, sections.get(name, {}))]
    for name in names:
        if name not in CLASSES:
            raise SettingError(
                f"没有检查项 {name!r}，可以是：{', '.join(CLASSES)}",
                f"unknown check {name!r}; there are: {', '.join(CLASSES)}",
            )
    return tuple(build_one(check_of(name), sections.get(name, {})) for name in dict.fromkeys(names))


def _runs(name: str, section: Section) -> bool:
    """Return whether inspections run a check of whose settings some are given, or none."""
    return bool(section[RUN]) if RUN in section else check_of(name).default


def build_one(check: type[C], section: Section) -> C:
    """Return one check as its section of the settings has it; raises ValueError or OSError for what it cannot use."""
    made = check(**_own(check.id, section))
    read_files: Callable[[C], C] | None = FILES.get(check.id)
    return read_files(made) if read_files else made


def _own(name: str, section: Section) -> Section:
    given = {key: value for key, value in section.items() if key != RUN}
    return given | {key: folder() for key, folder in FOLDERS.get(name, {}).items() if not given.get(key)}
