"""Read config.yaml strictly: every error names file, line, key, what was read and what is allowed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml
from msgspec import Struct
from pydantic import ValidationError

from checks import CLASSES, check_of
from checks.model import Text, WordedError
from monitor.masking import masked
from monitor.os_errors import os_reason
from monitor.settings.checks import settings_of
from monitor.settings.complaints import complaint
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


class ConfigError(WordedError, ValueError):
    """The configuration cannot be used; the reason has a line for each fault, ``files`` are what it was read from."""

    def __init__(self, chinese: str, english: str, files: tuple[Path, ...] = ()) -> None:
        super().__init__(chinese, english)
        self.files = files


_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's loader where PyYAML was built with it: eight times as fast, which 13,000 sites notice."""


class _Loader(_SafeLoader):  # type: ignore[misc] # chosen at run time
    """A safe loader that refuses a key given twice."""


class _RefusedNodeError(yaml.constructor.ConstructorError):
    """What YAML allows, and a configuration does not; ``fault`` is why."""

    def __init__(self, fault: Text, mark: yaml.Mark) -> None:
        super().__init__(None, None, fault.en, mark)
        self.fault = fault


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    seen = set()
    for key, _ in node.value:
        if key.value in seen:
            given = repr(key.value)
            raise _RefusedNodeError(Text(f"{given} 写了两次", f"key {given} is given twice"), key.start_mark)
        seen.add(key.value)
    built: dict[Any, Any] = loader.construct_mapping(node, deep=True)
    return built


def _file(loader: _Loader, node: yaml.Node) -> str:
    if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
        fault = Text("!file 后面应写文件的路径", "!file takes the path of a file")
        raise _RefusedNodeError(fault, node.start_mark)
    return file_reference(str(loader.construct_scalar(node)))


_Loader.add_constructor("!file", _file)
_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


class ConfigReading(Struct, frozen=True):
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
        raise ConfigError(*_some(error.faults), lists.files) from None
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
        raise ConfigError(*_some(faults), reading.files) from None


def _some(faults: Sequence[Text]) -> Text:
    """Return faults as lines, of very many those at the beginning."""
    rest = len(faults) - FAULTS_SHOWN
    lines = [*faults[:FAULTS_SHOWN], *([Text(f"另有 {rest} 处", f"and {rest} more")] if rest > 0 else [])]
    return Text("\n".join(line.zh for line in lines), "\n".join(line.en for line in lines))


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ConfigError(
                f"{path}：超过 {MAX_BYTES} 字节，不像是配置文件",
                f"{path}: larger than {MAX_BYTES} bytes; this is no configuration",
            )
        return path.read_text("utf-8")
    except OSError as error:
        zh, en = os_reason(error)
        raise ConfigError(f"{path}：读不了：{zh}", f"{path}: cannot be read: {en}") from None
    except UnicodeDecodeError as error:
        at = error.start
        raise ConfigError(
            f"{path}：第 {at} 字节不是 UTF-8，请存为 UTF-8", f"{path}: byte {at} is not UTF-8; save the file as UTF-8"
        ) from None


def _document(text: str, name: str) -> Document:
    try:
        document = yaml.load(text, Loader=_Loader)  # noqa: S506 - a SafeLoader with one more refusal
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        problem = error.fault if isinstance(error, _RefusedNodeError) else Text(str(error.problem), str(error.problem))
        zh, en = f"不是 YAML：{problem.zh}", f"not YAML: {problem.en}"
        raise ConfigError(f"{name}:{line}：{zh}", f"{name}:{line}: {en}") from None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise ConfigError(f"{name}：不是 YAML：{error}", f"{name}: not YAML: {error}") from None
    if document is None:
        return {}
    if not isinstance(document, dict):
        kind = type(document).__name__
        raise ConfigError(
            f"{name}:1：应由“名称: 值”组成，而不是 {kind}", f"{name}:1: must be a mapping of sections, not {kind}"
        )
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
        raise ConfigError(
            f"--set {override}：应写成 KEY=VALUE，如 crawl.timeout=5",
            f"--set {override}: must be KEY=VALUE, such as crawl.timeout=5",
        )
    *sections, last = key.strip().split(".")
    place = document
    for section in sections:
        if place.get(section) is None:
            place[section] = {}
        place = place[section]
        if not isinstance(place, dict):
            raise ConfigError(
                f"--set {override}：{section} 不含其他设置", f"--set {override}: {section} holds no settings"
            )
    try:
        place[last] = yaml.safe_load(value)
    except yaml.YAMLError:
        place[last] = value


def _say(fault: Mapping[str, Any], reading: ConfigReading, lines: Mapping[Path_, int]) -> Text:
    path: Path_ = fault["loc"]
    row = reading.row_of(path)
    key = ".".join(str(part) for part in path) or "configuration"
    if row:
        key = row.table.heading_of(path[2:] or ("url",))
    zh, en = _allowed(path) if fault["type"] == "extra_forbidden" else complaint(fault)
    if fault["type"] == SAME_NAME:
        other = reading.place(("sites", fault["ctx"]["first"]), lines)
        zh, en = f"{zh}（另一个：{other}）", f"{en} (the other: {other})"
    elif fault["type"] not in {"missing", "extra_forbidden"}:
        read = shown(fault["input"], path)
        zh, en = f"{zh}（读到：{read.zh}）", f"{en} (read: {read.en})"
    place = reading.place(path, lines)
    return Text(masked(f"{place}: {key}: {zh}"), masked(f"{place}: {key}: {en}"))


def _allowed(path: Path_) -> Text:
    """Return that there is no such setting, the one that may be meant, and which there are."""
    known = _keys_at(path[:-1])
    meant = get_close_matches(str(path[-1]), known, n=1)
    zh, en = "没有这项设置", "no such setting"
    if meant:
        zh, en = f"{zh}（是不是 {meant[0]}？）", f"{en}; did you mean {meant[0]}?"
    if known:
        names = ", ".join(known)
        zh, en = f"{zh}，这里可以写：{names}", f"{en}; allowed here: {names}"
    return Text(zh, en)


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
