"""Read config.yaml strictly: every error names file, line, key, what was read and what is allowed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from checks import CLASSES, check_of
from monitor.masking import masked
from monitor.settings.checks import settings_of
from monitor.settings.listed_sites import Ask, ListedRow, ListedSites, refuse_to_ask
from monitor.settings.secret import file_reference, shown
from monitor.settings.site import SAME_NAME, Settings
from monitor.settings.site_rows import RowFaultError

Path_ = tuple[str | int, ...]
"""Where a setting stands: keys, and numbers of items."""

Document = dict[str, Any]
"""A configuration as YAML has it, before it is checked."""

MAX_BYTES = 16 * 1024 * 1024
"""13,000 sites with their names and columns take a few megabytes; more is a mistake."""


FAULTS_SHOWN = 50
"""Faults that are told at once: of a list with another separator every row is one."""


class ConfigError(ValueError):
    """The configuration cannot be used; the message has a line for each fault, ``files`` are what it was read from."""

    def __init__(self, message: str, files: tuple[Path, ...] = ()) -> None:
        super().__init__(message)
        self.files = files


_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's loader where PyYAML was built with it: eight times as fast, which 13,000 sites notice."""


class _Loader(_SafeLoader):  # type: ignore[misc] # chosen at run time
    """A safe loader that refuses a key given twice."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    seen = set()
    for key, _ in node.value:
        if key.value in seen:
            raise yaml.constructor.ConstructorError(None, None, f"key {key.value!r} is given twice", key.start_mark)
        seen.add(key.value)
    built: dict[Any, Any] = loader.construct_mapping(node, deep=True)
    return built


def _file(loader: _Loader, node: yaml.Node) -> str:
    if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
        raise yaml.constructor.ConstructorError(None, None, "!file takes the path of a file", node.start_mark)
    return file_reference(str(loader.construct_scalar(node)))


_Loader.add_constructor("!file", _file)
_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


@dataclass(frozen=True, slots=True)
class ConfigReading:
    """A configuration as it was read, before it is checked: of sites those of the file first, then those of lists.

    ``files`` are read beside the file itself. ``rows`` tells of each site of a list which row it was.
    """

    name: str
    text: str
    document: Document
    overrides: tuple[str, ...]
    files: tuple[Path, ...]
    rows: Mapping[int, ListedRow]

    def lines(self) -> dict[Path_, int]:
        """Return the line of every key and item of the file, by its path."""
        return _lines(self.text)

    def place(self, path: Path_, lines: Mapping[Path_, int]) -> str:
        """Return where a setting was read: an override, a row of a list, a line of the file."""
        key = ".".join(str(part) for part in path)
        override = next((item for item in self.overrides if item.split("=")[0].strip() == key), None)
        if override is not None:
            return f"--set {override}"
        if row := self.row_of(path):
            return row.place
        line = next((lines[path[:n]] for n in range(len(path), 0, -1) if path[:n] in lines), None)
        return f"{self.name}:{line}" if line else self.name

    def row_of(self, path: Path_) -> ListedRow | None:
        """Return the row of a list that a setting was read from, None where it was none."""
        return self.rows.get(int(path[1])) if path[:1] == ("sites",) and len(path) > 1 else None


def load(path: Path | None, overrides: Sequence[str] = (), ask: Ask = refuse_to_ask) -> Settings:
    """Return the settings of a file (None: the defaults) with ``KEY=VALUE`` overrides laid over it.

    ``ask`` asks the databases of ``sites_from``. Raises ConfigError.
    """
    return checked(read(path, overrides, ask))


def read(path: Path | None, overrides: Sequence[str] = (), ask: Ask = refuse_to_ask) -> ConfigReading:
    """Return a configuration with the sites of its lists, not yet checked. Raises ConfigError."""
    text, name = "", "defaults"
    if path is not None:
        text, name = _read(path), str(path)
    document = _document(text, name)
    for override in overrides:
        _lay_over(document, override)
    lists = ListedSites(path.parent if path else Path(), document.get("sites_from"))
    try:
        listed = lists.read(ask)
    except RowFaultError as error:
        raise ConfigError(_some(error.faults), lists.files) from None
    own = document.get("sites", [])
    rows: dict[int, ListedRow] = {}
    if listed and isinstance(own, list):
        rows = {len(own) + index: row for index, (row, _) in enumerate(listed)}
        document["sites"] = [*own, *(item for _, item in listed)]
    return ConfigReading(name, text, document, tuple(overrides), lists.files, rows)


def checked(reading: ConfigReading) -> Settings:
    """Return the settings of what was read. Raises ConfigError."""
    try:
        return Settings.model_validate(reading.document)
    except ValidationError as error:
        lines = reading.lines()
        faults = [_say(fault, reading, lines) for fault in error.errors()]
        raise ConfigError(_some(faults), reading.files) from None


def _some(faults: Sequence[str]) -> str:
    """Return faults as lines, of very many those at the beginning."""
    rest = len(faults) - FAULTS_SHOWN
    return "\n".join([*faults[:FAULTS_SHOWN], *([f"and {rest} more"] if rest > 0 else [])])


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ConfigError(f"{path}: larger than {MAX_BYTES} bytes; this is no configuration")
        return path.read_text("utf-8")
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: byte {error.start} is not UTF-8; save the file as UTF-8") from None


def _document(text: str, name: str) -> Document:
    try:
        document = yaml.load(text, Loader=_Loader)  # noqa: S506 - a SafeLoader with one more refusal
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ConfigError(f"{name}:{line}: not YAML: {error.problem}") from None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise ConfigError(f"{name}: not YAML: {error}") from None
    if document is None:
        return {}
    if not isinstance(document, dict):
        raise ConfigError(f"{name}:1: must be a mapping of sections, not {type(document).__name__}")
    return {section: value for section, value in document.items() if value is not None}


def _lines(text: str) -> dict[Path_, int]:
    """Return the line of every key and item, by its path."""
    found: dict[Path_, int] = {}

    def visit(node: yaml.Node, path: Path_) -> None:
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                found[(*path, key.value)] = key.start_mark.line + 1
                visit(value, (*path, key.value))
        elif isinstance(node, yaml.SequenceNode):
            for index, value in enumerate(node.value):
                found[(*path, index)] = value.start_mark.line + 1
                visit(value, (*path, index))

    root = yaml.compose(text, Loader=_SafeLoader)
    if root is not None:
        visit(root, ())
    return found


def _lay_over(document: Document, override: str) -> None:
    key, sign, value = override.partition("=")
    if not sign or not key.strip():
        raise ConfigError(f"--set {override}: must be KEY=VALUE, such as crawl.timeout=5")
    *sections, last = key.strip().split(".")
    place = document
    for section in sections:
        if place.get(section) is None:
            place[section] = {}
        place = place[section]
        if not isinstance(place, dict):
            raise ConfigError(f"--set {override}: {section} holds no settings")
    try:
        place[last] = yaml.safe_load(value)
    except yaml.YAMLError:
        place[last] = value


def _say(fault: Mapping[str, Any], reading: ConfigReading, lines: Mapping[Path_, int]) -> str:
    path: Path_ = fault["loc"]
    row = reading.row_of(path)
    key = ".".join(str(part) for part in path) or "configuration"
    if row:
        key = row.table.heading_of(path[2:] or ("url",))
    reason = _allowed(fault, path)
    if fault["type"] == SAME_NAME:
        reason += f" (the other: {reading.place(('sites', fault['ctx']['first']), lines)})"
    is_unread = fault["type"] in {"missing", "extra_forbidden", SAME_NAME}
    value = "" if is_unread else f" (read: {shown(fault['input'], path)})"
    return masked(f"{reading.place(path, lines)}: {key}: {reason}{value}")


def _allowed(fault: Mapping[str, Any], path: Path_) -> str:
    if fault["type"] != "extra_forbidden":
        message: str = fault["msg"]
        return message.removeprefix("Value error, ")
    known = _keys_at(path[:-1])
    meant = get_close_matches(str(path[-1]), known, n=1)
    return (
        "no such setting"
        + (f"; did you mean {meant[0]}?" if meant else "")
        + (f"; allowed here: {', '.join(known)}" if known else "")
    )


def _keys_at(path: Path_) -> list[str]:
    if path[:1] == ("checks",):
        return list(CLASSES) if len(path) == 1 else list(settings_of(check_of(str(path[1]))).model_fields)
    model: Any = Settings
    for part in path:
        if isinstance(part, int) or part not in model.model_fields:  # of a list, or of a mapping by names
            continue
        annotation = model.model_fields[part].annotation
        arguments = getattr(annotation, "__args__", (annotation,))
        model = arguments[-1] if getattr(annotation, "__origin__", None) is dict else arguments[0]
    return list(model.model_fields)
