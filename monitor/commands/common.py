"""Share what several commands need: the configuration, the store, and how faults are told.

What needs packages is imported when it is called, so that help answers at once, and ``doctor`` where one is missing.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from monitor.settings.config_file import ConfigReading
    from monitor.settings.site import Settings
    from monitor.store import Store

USAGE, UNINSPECTED, INTERRUPTED = 2, 3, 130
"""Exit codes beside 0 (fine) and 1 (findings): wrong use or configuration, site not inspected, interrupted."""

SEVERITIES = ("critical", "major", "minor")
"""The worst first."""

PATIENCE, BETWEEN = 10.0, 0.5
"""Seconds for which a command waits for a database that does not answer, and between two tries."""

DEFAULT_CONFIG = "config.yaml"
DEFAULT_LANGUAGE = "zh-CN"
LANGUAGES = (DEFAULT_LANGUAGE, "en")

F = TypeVar("F", bound=Callable[..., Any])


class Fault(click.ClickException):
    """A fault that ends the command with its exit code and one clear message."""

    def __init__(self, message: str, exit_code: int = USAGE) -> None:
        super().__init__(message)
        self.exit_code = exit_code  # type: ignore[misc]  # click declares it on the class and reads it here

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the message, which is in the language of the reader."""
        click.echo(worded("错误：", "Error: ") + self.format_message(), file=file or sys.stderr)


def config_options(function: F) -> F:
    """Add ``--config`` and ``--set`` to a command."""
    overrides = click.option(
        "--set", "overrides", multiple=True, metavar="KEY=VALUE", help="Lay a setting over the file."
    )
    return click.option(
        "--config",
        "config",
        type=click.Path(dir_okay=False, path_type=Path),
        envvar="SITEHEALTH_CONFIG",
        help="Configuration file; default: config.yaml in the current folder, where there is one.",
    )(overrides(function))


def settings_from(config: Path | None, overrides: Sequence[str]) -> Settings:
    """Read the configuration. Raises Fault."""
    return read_configuration(config, overrides)[1]


def read_configuration(config: Path | None, overrides: Sequence[str]) -> tuple[ConfigReading, Settings]:
    """Return the configuration as its files have it, and checked. Raises Fault."""
    from monitor.settings.config_file import ConfigError, checked, read
    from monitor.settings.listed_sites import Answer

    def ask(url: str, query: str) -> Answer:
        from monitor.store.site_query import ask_sites  # SQLAlchemy takes a while, and few configurations have a query

        return ask_sites(url, query)

    if config is None and Path(DEFAULT_CONFIG).is_file():
        config = Path(DEFAULT_CONFIG)
    try:
        reading = read(config, overrides, ask)
        return reading, checked(reading)
    except ConfigError as error:
        raise Fault(error_text(error)) from None


@contextmanager
def opened(settings: Settings) -> Iterator[Store]:
    """Open the store for the length of a command, and make it where there is none. Raises Fault."""
    with _opened(settings.store.url.get_secret_value()) as store:
        yield store


@contextmanager
def opened_to_read(settings: Settings) -> Iterator[Store]:
    """Open the store for a command that only shows what it holds. Raises Fault.

    Where its file is not there, an empty one is shown, and nothing is made: a daemon whose file was moved away would
    take a new one for its store, and one that root made is closed to the daemon.
    """
    from monitor.store.file import file_missing_at

    url = settings.store.url.get_secret_value()
    missing = file_missing_at(url)
    if missing is not None:
        click.echo(no_store(missing), err=True)
    with _opened("sqlite://" if missing is not None else url) as store:
        yield store


@contextmanager
def _opened(url: str) -> Iterator[Store]:
    from monitor.store import StoreError
    from monitor.store.outage import outage_of

    try:
        store = _opened_soon(url)
    except StoreError as error:
        raise Fault(error_text(error)) from None
    with store:
        try:
            yield store
        except Exception as error:
            if (outage := outage_of(error)) is None:
                raise
            reason = str(getattr(outage, "orig", None) or outage).strip()
            raise Fault(
                worded(
                    f"数据库中断：{reason}。没有显示为已完成的，都没有做",
                    f"the store failed: {reason}; what was not reported as done was not done",
                ),
                UNINSPECTED,
            ) from None


def _opened_soon(url: str) -> Store:
    """Open the store; a server that does not answer just now, as while it is restarted, is waited for a while."""
    from monitor.store import Store, StoreAwayError

    end = time.monotonic() + PATIENCE
    is_said = False
    while True:
        try:
            return Store(url)
        except StoreAwayError as error:
            if time.monotonic() >= end:
                raise
            if not is_said:
                click.echo(f"{worded('等待数据库', 'waiting for the database')}: {error_text(error)}", err=True)
                is_said = True
            time.sleep(BETWEEN)


def reader_language() -> str:
    """Return the language in which wrong use of a command is told: that of ``language_of``, before settings are read.

    The configuration is the one that the command line names; one that cannot be read asks for no language.
    """
    return os.environ.get("SITEHEALTH_LANGUAGE") or _configured_language(tuple(sys.argv[1:]), Path.cwd())


@lru_cache(1)
def _configured_language(arguments: tuple[str, ...], _folder: Path) -> str:
    given = dict(pairwise(arguments)).get("--config") or next(
        (each.removeprefix("--config=") for each in arguments if each.startswith("--config=")), None
    )
    path = given or os.environ.get("SITEHEALTH_CONFIG")
    pairs = zip(("", *arguments), arguments, strict=False)
    given_here = [each for before, each in pairs if before == "--set"]
    given_here += [each.removeprefix("--set=") for each in arguments if each.startswith("--set=")]
    overrides = [each.partition("=")[2] for each in given_here if each.startswith("report.language=")]
    language = overrides[-1] if overrides else _language_in(Path(path or DEFAULT_CONFIG))
    return language if language in LANGUAGES else DEFAULT_LANGUAGE


def _language_in(config: Path) -> object:
    """Return what a configuration says for ``report.language``; for this word help need not wait for all settings."""
    if not config.is_file():
        return None
    import yaml

    try:
        document = yaml.load(config.read_text("utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - a safe one either way
    except (OSError, ValueError, RecursionError, yaml.YAMLError):
        return None
    section = document.get("report") if isinstance(document, dict) else None
    return section.get("language") if isinstance(section, dict) else None


def error_text(error: Exception, language: str = "") -> str:
    """Return an error in a language, or that of the reader, where it has words for people; else as it is."""
    reason = getattr(error, "reason", None)  # of a WordedError; to import its class would take what help needs not
    return str(reason(language or reader_language()) if callable(reason) else error)


def worded(chinese: str, english: str) -> str:
    """Return what wrong use of a command is told by, in the language of the reader."""
    return english if reader_language().startswith("en") else chinese


def unknown_format(name: str) -> str:
    """Return what is wrong with the name of a report's format, and which there are."""
    from reports import FORMATS

    known = ", ".join(FORMATS)
    return worded(
        f"--format：没有 {name} 格式，可以是：{known}", f"--format: unknown format {name!r}; allowed: {known}"
    )


def no_store(missing: object) -> str:
    """Return that there is no store where it should be."""
    return worded(
        f"{missing} 处没有数据库：还没有检查过，或者文件不见了",
        f"there is no store at {missing}: nothing was inspected yet, or its file is gone",
    )


def no_url(given: object) -> str:
    """Return that something is no URL; ``given`` is as it was typed, with its quotes."""
    return worded(
        f"{given} 不是网址，请写成 https://www.example.gov.cn",
        f"{given} is not a URL; write it as https://www.example.gov.cn",
    )


def cannot_listen(where: str, error: object) -> str:
    """Return that an address cannot be had."""
    return worded(f"不能监听 {where}：{error}", f"cannot listen on {where}: {error}")


def no_run(number: int) -> str:
    """Return that the store has no run of a number."""
    return worded(
        f"没有编号为 {number} 的检查，sitehealth runs 列出所有检查",
        f"there is no run {number}; `sitehealth runs` lists them",
    )


def language_of(settings: Settings) -> str:
    """Return the language of what is printed: the configured one, unless the environment asks for English."""
    return os.environ.get("SITEHEALTH_LANGUAGE") or settings.report.language
