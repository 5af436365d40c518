"""Render pages: Jinja with our macros, words and addresses; whatever a site wrote is escaped and made visible."""

from __future__ import annotations

from datetime import date, datetime
from functools import cached_property
from types import CodeType
from urllib.parse import urlencode

from jinja2 import BytecodeCache, Environment, PackageLoader, StrictUndefined
from jinja2.bccache import Bucket

from monitor.accounts.permissions import Action
from monitor.beijing import beijing_time
from monitor.console.console_words import PACKAGE, console_words
from monitor.console.menu import menu_for
from monitor.console.static_files import StaticFiles
from reports import facts
from reports.html import quantity
from reports.html_page import shown
from reports.remediation.entry import FieldChange, named
from reports.remediation.reasons import in_words
from reports.remediation.states import STATES, State
from reports.safe import clip, one_line, readable, web_address
from reports.wording import LANGUAGES, Words

Query = dict[str, object]


class CompiledTemplates(BytecodeCache):
    """What templates were compiled to, kept in memory: the same for each language."""

    def __init__(self) -> None:
        self._kept: dict[str, CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Set the code of a template that was compiled before."""
        bucket.code = self._kept.get(bucket.key)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of a template."""
        if bucket.code is not None:
            self._kept[bucket.key] = bucket.code


_compiled = CompiledTemplates()


class Pages:
    """The templates. ``root`` is the path under which a proxy shows the console, "" for none."""

    def __init__(self, root: str, static: StaticFiles) -> None:
        self.root, self._static = root, static

    def render(self, template: str, language: str, view: dict[str, object]) -> str:
        """Return a page."""
        return self._environments[language].get_template(template).render(view)

    def address(self, path: str, query: Query | None = None, **more: object) -> str:
        """Return the address of a page of ours, with what is to stand in its query; None and "" are left out.

        A list is repeated: ``{"state": ["to-fix", "fixing"]}``.
        """
        values = {**(query or {}), **more}
        pairs = [
            (name, str(each))
            for name, value in values.items()
            for each in (value if isinstance(value, list | tuple) else (value,))
            if each is not None and each != ""
        ]
        return f"{self.root}{path}?{urlencode(pairs)}" if pairs else f"{self.root}{path}"

    def static(self, name: str) -> str:
        """Return the address of a file of ``static/``."""
        return f"{self.root}/static/{self._static.names[name]}"

    @cached_property
    def _environments(self) -> dict[str, Environment]:
        return {language: self._environment(language) for language in LANGUAGES}

    def _environment(self, language: str) -> Environment:
        made = Environment(
            loader=PackageLoader(PACKAGE),
            autoescape=True,
            undefined=StrictUndefined,
            finalize=shown,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            bytecode_cache=_compiled,
        )
        say = console_words(language)
        made.globals |= {
            "say": say,
            "language": language,
            "url": self.address,
            "static": self.static,
            "facts": facts,
            "STATES": STATES,
            "Action": Action,
            "changed": changed,
            "named": named,
            "reason": lambda why: in_words(why, language),
            "moment": moment,
            "menu": lambda visit: menu_for(visit.may_somewhere),
        }
        made.filters |= {
            "clip": clip,
            "one_line": one_line,
            "readable": readable,
            "href": web_address,
            "quantity": quantity,
            "number": lambda value: f"{value:,}",
            "day": say.day,
            "day_of": lambda seconds: say.day(beijing_time(seconds).date()),
            "time": lambda value: say.moment(moment(value)),
        }
        return made


def moment(value: datetime | date | float | None) -> datetime | None:
    """Return a time in China of seconds since the epoch, or as it is."""
    if isinstance(value, int | float):
        return beijing_time(value)
    return value if isinstance(value, datetime) else None


def changed(row: FieldChange, say: Words) -> str:
    """Return in words what a row of the history changed."""
    before, after = (_in_words(row.field, value, say) for value in (row.before, row.after))
    if not row.after:
        return say("field.cleared", before=before)
    return say("field.from_to", before=before, after=after) if row.before else say("field.set_to", after=after)


def _in_words(field: str, value: str, say: Words) -> str:
    match field:
        case "state":
            return STATES[State(value)].title(say.language) if value in set(State) else value
        case "severity" | "confidence":
            return say.label(field, value)
        case "recheck":
            return say.label("recheck_result", value)
    return value
