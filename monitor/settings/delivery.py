"""Name the settings of ``notify``: who is written to, about what, and by which channel."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import time
from difflib import get_close_matches
from enum import StrEnum
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, field_validator, model_validator

from checks.model import Severity, Text
from monitor.rounds import WEEKDAYS, Calendar
from monitor.settings.complaints import SettingError
from monitor.settings.message_schemes import APPRISE_SCHEMES, NATIVE_HOSTS, OWN_SCHEMES
from monitor.settings.secret import Reference, SecretReference, UnresolvedSecretError
from monitor.settings.service import Clock, Weekday
from monitor.settings.strict import Strict
from reports import FORMATS


class Occasion(StrEnum):
    """What a message may be about (``events``)."""

    RUN_FINISHED = "run-finished"
    """Rounds have ended: one digest of what is new, mended, open and overdue."""
    CRITICAL_AT_ONCE = "critical-at-once"
    """A run found something critical for the first time, or again."""
    RECOVERED = "recovered"
    """Something critical is verified to be gone."""
    OVERDUE = "overdue"
    """Once a week: what is late in the ledger."""
    WEEKLY_DIGEST = "weekly-digest"
    """Once a week: what was found and closed in the week before, what is open and overdue."""
    STATE_CHANGED = "state-changed"
    """The state of an entry was changed, by a person or a look: for programs (``kind: webhook``), each change."""
    DAEMON_TROUBLE = "daemon-trouble"
    """The store fails, or the rounds of a site fail and no retry is left."""


class Channel(StrEnum):
    """How a message goes out."""

    MAIL = "mail"
    DINGTALK = "dingtalk"
    WECOM = "wecom"
    FEISHU = "feishu"
    WEBHOOK = "webhook"
    APPRISE = "apprise"


SHORT = 4
"""Characters below which a name with one wrong may be half wrong."""


def _meant(name: object, known: Iterable[str]) -> Text:
    """Return the end of an error about a name that nobody knows."""
    names, wanted = list(known), str(name)
    # Of two characters, as names of groups have them, one that is right is half of the word.
    close = get_close_matches(wanted, names, n=1, cutoff=0.5 if len(wanted) < SHORT else 0.6)
    if close:
        return Text(f"，是不是 {close[0]}？", f"; did you mean {close[0]}?")
    return Text(f"，可以是：{', '.join(names)}", f"; there are: {', '.join(names)}")


def _occasion(value: object) -> object:
    known = [each.value for each in Occasion]
    if value not in known:
        hint = _meant(value, known)
        raise SettingError(f"没有事件 {value!r}{hint.zh}", f"no such event: {value!r}{hint.en}")
    return value


def _format(value: object) -> object:
    if value not in FORMATS:
        hint = _meant(value, FORMATS)
        raise SettingError(f"没有 {value!r} 格式{hint.zh}", f"unknown format {value!r}{hint.en}")
    return value


def channel_of(url: str) -> Channel:
    """Return the channel of an address. Raises ValueError, which quotes no more of it than the scheme."""
    scheme, sign, _ = url.partition("://")
    if not sign:
        raise SettingError(
            "应为带协议的地址，如 mailtos://… 或 dingtalk://…",
            "must be an address with a scheme, such as mailtos://… or dingtalk://…",
        )
    scheme = scheme.lower()
    if scheme in {"http", "https"}:
        host = urlsplit(url).hostname or ""
        if host not in NATIVE_HOSTS:
            raise SettingError(
                f"{scheme}://：请用 kind 说明那里是什么，普通的 webhook 请写 jsons://",
                f"{scheme}://: say what listens there by `kind`, or write jsons:// for a plain webhook",
            )
        return Channel(NATIVE_HOSTS[host])
    if scheme in OWN_SCHEMES:
        return Channel(OWN_SCHEMES[scheme])
    if scheme not in APPRISE_SCHEMES:
        close = get_close_matches(scheme, [*OWN_SCHEMES, *APPRISE_SCHEMES], n=1)
        zh = f"是不是 {close[0]}://？" if close else "常用的见 docs/operations.md"
        en = f"did you mean {close[0]}://?" if close else "docs/operations.md lists the usual ones"
        raise SettingError(f"没有 {scheme}:// 这种地址；{zh}", f"no such scheme: {scheme}://; {en}")
    return Channel.APPRISE


class TargetSettings(Strict):
    """Somebody who is written to, and about what. What is left empty (sites, departments) means all of them.

    Once a configuration is read, ``sites`` has those of its ``groups`` as well.
    """

    name: str = Field(min_length=1, max_length=64, description="What status, log and metrics call it.")
    url: Reference = Field(description="Address: mailtos://, dingtalk://, wecombot://, feishu://, or one of Apprise's.")
    secret: Reference = Field(
        SecretReference(""), description="What DingTalk, Feishu and webhooks have messages signed with."
    )
    kind: Literal["dingtalk", "wecom", "feishu", "webhook"] | None = Field(
        None, description="What listens at an http(s) address of your own: a gateway, or a program (webhook)."
    )
    sites: tuple[str, ...] = Field((), description="Ids of sites.")
    groups: tuple[str, ...] = Field((), description="Groups of sites, beside `sites`.")
    departments: tuple[str, ...] = Field((), description="Departments, as the ledger has them.")
    severity: Severity = Field(Severity.MINOR, description="The least that is told: critical, major, minor.")
    events: tuple[Annotated[Occasion, BeforeValidator(_occasion)], ...] = Field(
        min_length=1, description=f"{', '.join(Occasion)}."
    )
    only_new: bool = Field(default=True, description="False: also digests of rounds in which nothing changed.")
    attach: tuple[Annotated[str, BeforeValidator(_format)], ...] = Field(
        ("html",), description="Reports that a digest brings by mail."
    )
    language: Literal["zh-CN", "en"] | None = Field(None, description="Default: that of reports.")

    @field_validator("name")
    @classmethod
    def _one_line(cls, value: str) -> str:
        if not value.isprintable() or value.strip() != value:
            raise SettingError(
                "应为一行可打印的文字，前后没有空格", "must be printable, on one line, without spaces around it"
            )
        return value

    @model_validator(mode="after")
    def _address(self) -> Self:
        """Look at what can be resolved here and now; the rest is looked at where it is used."""
        try:
            self.channel()
        except UnresolvedSecretError:
            pass
        except SettingError as error:
            zh, en = error.reason
            raise SettingError(f"url：{zh}", f"url: {en}") from None
        if Occasion.STATE_CHANGED in self.events and self.kind != "webhook":
            raise SettingError(
                f"{Occasion.STATE_CHANGED} 是给程序的：要和 kind: webhook 一起用",
                f"{Occasion.STATE_CHANGED} is for programs: it goes with `kind: webhook`",
            )
        return self

    def channel(self) -> Channel:
        """Return how its messages go out. Raises ValueError, UnresolvedSecretError among them."""
        url = self.url.get_secret_value()
        if self.kind is None:
            return channel_of(url)
        if urlsplit(url).scheme not in {"http", "https"}:
            raise SettingError(f"kind {self.kind} 要用 http(s) 地址", f"kind {self.kind} goes with an http(s) address")
        return Channel(self.kind)

    def covers(self, site: str) -> bool:
        """Return whether it is written to about a site."""
        return not self.sites or site in self.sites


class NotifyWeeklySettings(Strict):
    """When the weekly digest and the reminders of what is overdue go out."""

    weekday: Weekday = Field("monday", description="The day, by name.")
    time: Clock = Field("09:00", description="The time of day, in quotes.")

    def calendar(self, zone: str) -> Calendar:
        """Return the moments."""
        return Calendar(zone, WEEKDAYS.index(self.weekday), time.fromisoformat(self.time))


class NotifySettings(Strict):
    """Messages to people: mail, chats, webhooks."""

    targets: tuple[TargetSettings, ...] = Field((), description="Who is written to.")
    weekly: NotifyWeeklySettings = Field(
        NotifyWeeklySettings.model_construct(), description="When the weekly ones go out."
    )
    gather: float = Field(
        30.0, ge=0, le=1440, description="Minutes without an end of a run after which rounds make one digest."
    )
    give_up_after: float = Field(24.0, ge=0.1, le=720, description="Hours after which a message is given up.")
    link: str = Field(
        "", pattern=r"^(https?://\S+)?$", description="Address under which people open the folder of reports."
    )

    @field_validator("targets")
    @classmethod
    def _own_names(cls, value: tuple[TargetSettings, ...]) -> tuple[TargetSettings, ...]:
        seen: set[str] = set()
        for target in value:
            if target.name in seen:
                raise SettingError(
                    f"有两个接收方都叫 {target.name!r}，请各起一个名称",
                    f"two targets are called {target.name!r}; give each a name of its own",
                )
            seen.add(target.name)
        return value

    def resolved(self, known: Iterable[str], groups: Mapping[str, tuple[str, ...]]) -> Self:
        """Return the settings with the sites of every target's groups beside its own.

        Raises ValueError where a target names a site or a group that is not configured, or groups without a site: it
        would be written to about all of them.
        """
        sites = list(known)
        return self.model_copy(update={"targets": tuple(_resolved(each, sites, groups) for each in self.targets)})


def _resolved(target: TargetSettings, sites: Sequence[str], groups: Mapping[str, tuple[str, ...]]) -> TargetSettings:
    for site in target.sites:
        if site not in sites:
            hint = _meant(site, sites)
            raise SettingError(
                f"接收方 {target.name!r}：没有网站 {site!r}{hint.zh}",
                f"target {target.name!r}: no such site: {site!r}{hint.en}",
            )
    for name in target.groups:
        if name not in groups:
            hint = _meant(name, groups) if groups else Text("，还没有分组", "; there are none")
            raise SettingError(
                f"接收方 {target.name!r}：没有分组 {name!r}{hint.zh}",
                f"target {target.name!r}: no such group: {name!r}{hint.en}",
            )
    of_groups = [site for name in target.groups for site in groups[name]]
    if target.groups and not (of_groups or target.sites):
        raise SettingError(
            f"接收方 {target.name!r}：{', '.join(target.groups)} 中没有网站",
            f"target {target.name!r}: no site is in {', '.join(target.groups)}",
        )
    return target.model_copy(update={"sites": tuple(dict.fromkeys((*target.sites, *of_groups)))})
