"""Name every setting, its default and its bounds; ``monitor/settings/config_file.py`` reads them from the file."""

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any, Self, TypeVar

from pydantic import AfterValidator, Field, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from checks.model import ColumnType
from checks.scoring import profiles
from monitor.masking import masked
from monitor.pages.urls import MalformedError, host_of, normalise
from monitor.rounds import Calendar
from monitor.settings import secret
from monitor.settings.browser import BrowserSettings, Render
from monitor.settings.checks import Section, complete, validate
from monitor.settings.complaints import SettingError
from monitor.settings.console import ConsoleSettings
from monitor.settings.delivery import NotifySettings
from monitor.settings.media import MediaAccountSettings
from monitor.settings.ocr import Ocr, OcrSettings
from monitor.settings.paths import data_folder
from monitor.settings.pattern import Pattern
from monitor.settings.probes import ProbeSettings
from monitor.settings.remediation import RemediationSettings
from monitor.settings.report import ReportSettings, SiteReportSettings
from monitor.settings.secret import SecretUrl
from monitor.settings.service import (
    AvailabilitySettings,
    DaemonSettings,
    EngineSettings,
    ProbingSettings,
    RetentionSettings,
    ScheduleSettings,
    SiteScheduleSettings,
)
from monitor.settings.site_groups import Defaults, GroupPath, GroupSettings, OptionalGroupPath, levels, members
from monitor.settings.site_lists import SiteListSettings
from monitor.settings.strict import Strict, laid_over

Named = TypeVar("Named", ProbeSettings, MediaAccountSettings)

SAME_NAME = "same_name"
"""The kind of the fault that two sites are called alike; its ``first`` is the number of the other one."""


def _public(url: str) -> str:
    if masked(url) != url or "@" in url.partition("://")[2].partition("/")[0]:
        raise SettingError(
            "不能含有用户名、密码或令牌：报告和指标会显示它",
            "must hold no user, password or token: it is shown in reports and metrics",
        )
    return url


PublicUrl = Annotated[str, AfterValidator(_public)]
"""An address that everybody may see."""


class CrawlSettings(Strict):
    """How a crawl walks: politeness, scope, budgets."""

    concurrency: int = Field(4, ge=1, le=256, description="Requests at a time to the site itself.")
    delay: float = Field(0.1, ge=0, le=60, description="Seconds between two requests to one host.")
    external_concurrency: int = Field(2, ge=1, le=16, description="Requests at a time to any other host.")
    hosts_at_once: int = Field(32, ge=1, le=256, description="Other hosts that are asked at the same time.")
    timeout: float = Field(15.0, gt=0, le=120, description="Seconds for one request, redirects and body included.")
    retries: int = Field(2, ge=0, le=10, description="Repeats of a request that was answered 429 or 503.")
    patience: float = Field(60.0, ge=0, le=3600, description="Longest Retry-After that is waited for, in seconds.")
    second_look: bool = Field(
        default=True, description="Ask doubtful targets again at the end, before they are reported."
    )
    second_look_delay: float = Field(30.0, ge=0, le=3600, description="Seconds to wait before the second look.")
    canaries: tuple[str, ...] = Field(
        ("https://www.gov.cn/", "https://www.baidu.com/", "https://www.qq.com/"),
        description="Addresses that are always up: asked when hosts fail alike, to tell our network's faults.",
    )
    body: int = Field(4 * 1024 * 1024, ge=1024, description="Bytes of one body that are read; the rest is left.")
    max_pages: int = Field(200_000, ge=1, description="Pages after which a crawl stops and says so.")
    max_depth: int = Field(100, ge=0, description="Clicks from the homepage that are followed.")
    max_seconds: float = Field(12 * 3600, gt=0, description="Seconds after which a crawl stops and says so.")
    trap_pages: int = Field(20, ge=3, description="Pages without anything new after which an endless space is cut.")
    robots: bool = Field(default=True, description="Obey robots.txt; the owner of a site may switch it off.")
    sitemap: bool = Field(default=True, description="Read sitemap.xml and what robots.txt names.")
    referrers_kept: int = Field(20, ge=0, description="Pages listed under one target, 0 for all; the count is exact.")
    repairs: int = Field(50, ge=0, description="Broken links per run for which likely repairs are looked for; 0: none.")
    snapshots: int = Field(
        20, ge=0, le=1000, description="Pages with faults that a run keeps as they were fetched, worst first; 0: none."
    )
    resume_within: float = Field(24 * 3600, ge=0, description="Seconds after which a killed run is not resumed.")
    conditional: bool = Field(default=True, description="Ask If-None-Match / If-Modified-Since for pages seen before.")
    user_agent: str = Field(
        "Mozilla/5.0 (compatible; Sitehealth/{version}; +{contact})",
        min_length=1,
        description="The User-Agent; {version} and {contact} are filled in.",
    )
    contact: str = Field("https://example.gov.cn/sitehealth", min_length=1, description="Who runs this: URL, e-mail.")
    allow_private: bool = Field(
        default=False, description="Let links lead to loopback, private and link-local addresses."
    )
    allowed_networks: tuple[str, ...] = Field((), description="Networks that links may lead to all the same (CIDR).")

    @field_validator("user_agent", "contact")
    @classmethod
    def _one_line(cls, value: str) -> str:
        if not value.isprintable() or not value.isascii():
            raise SettingError(
                "应为一行可打印的 ASCII：它作为请求头发送",
                "must be printable ASCII on one line: it is sent as a header",
            )
        return value


class ColumnSettings(Strict):
    """What the inventory of columns says wrongly, or what is agreed about one of them."""

    url: PublicUrl = Field(min_length=1, description="The list page: absolute, or from the homepage.")
    name: str | None = Field(None, min_length=1, description="What the column is called.")
    type: ColumnType | None = Field(None, description="What it is for: news, notice, policy …")
    limit_days: int | None = Field(None, ge=1, le=3660, description="Days within which it has to be updated.")
    exempt: bool | None = Field(None, description="True: nobody expects it to grow (archives).")
    ignore: bool = Field(default=False, description="True: it is no column at all.")


class SiteSettings(Strict):
    """One site that is looked after."""

    url: PublicUrl = Field(min_length=1, description="The homepage.")
    id: str = Field(
        "", pattern=r"^[a-z0-9][a-z0-9.-]*$|^$", description="Its name in metrics and file names; default: its host."
    )
    name: str = Field("", description="The name that the office calls it by.")
    group: OptionalGroupPath = Field("", description="The group that it lies in, such as 广东省/深圳市.")
    hosts: tuple[str, ...] = Field((), description="Further hosts that belong to the site.")
    include: tuple[Pattern, ...] = Field((), description="If any are given, only URLs that match one are crawled.")
    exclude: tuple[Pattern, ...] = Field((), description="URLs that are neither crawled nor checked.")
    schedule: SiteScheduleSettings = Field(
        SiteScheduleSettings.model_construct(), description="What it does at another time."
    )
    columns: tuple[ColumnSettings, ...] = Field((), description="Corrections of what `sitehealth columns` shows.")
    report: SiteReportSettings = Field(
        SiteReportSettings.model_construct(), description="What is different in its reports."
    )
    render: Render = Field(
        Render.AUTO,
        description="Which pages a browser draws before they are judged (extra `browser`): never, auto (those whose"
        " content a script makes), always.",
    )
    render_pages: tuple[Pattern, ...] = Field((), description="With auto, URLs that are drawn in any case.")
    ocr: Ocr = Field(
        Ocr.AUTO, description="Whether the text of pictures and scanned PDFs is read (extra `ocr`): never, auto."
    )
    probes: tuple[ProbeSettings, ...] = Field(
        (), description="Functions that are tried with every inspection, and in between as `probes` says."
    )
    accounts: tuple[MediaAccountSettings, ...] = Field(
        (), description="Accounts of the office on new media, which are looked at with every inspection."
    )

    @field_validator("probes", "accounts")
    @classmethod
    def _own_names(cls, value: tuple[Named, ...], info: ValidationInfo) -> tuple[Named, ...]:
        names = [each.name for each in value]
        if len(set(names)) < len(names):
            raise SettingError(
                f"{info.field_name} 中每一项都要有自己的名称",
                f"every {str(info.field_name).removesuffix('s')} needs a name of its own",
            )
        return value

    @cached_property
    def key(self) -> str:
        """What the store, metrics and file names call the site."""
        return self.id or host_of(normalise(self.url))


class StoreSettings(Strict):
    """Where results are kept."""

    url: secret.Url = Field(
        default_factory=lambda: SecretUrl(f"sqlite:///{data_folder() / 'sitehealth.db'}"),
        description="SQLAlchemy URL: sqlite:///file or postgresql+psycopg://user@host/database.",
    )
    check_every: float = Field(
        30.0, ge=0.1, le=600, description="Seconds between two tries of the daemon whether it can be written."
    )
    retry_every: float = Field(2.0, ge=0.05, le=60, description="The same while it fails.")


class ScoreSettings(Strict):
    """By which official score sheet a site is scored."""

    profile: str = Field("census-2015", description="census-2015, gb-2019-19, or none.")

    @field_validator("profile")
    @classmethod
    def _known(cls, value: str) -> str:
        if value not in (*profiles(), "none"):
            raise SettingError(
                f"没有这个评分标准，可以是：{', '.join(profiles())}, none",
                f"unknown profile; allowed: {', '.join(profiles())}, none",
            )
        return value


class Settings(Strict):
    """Everything that config.yaml may say. ``checks`` has all settings of each check that it names, under its id."""

    crawl: CrawlSettings = CrawlSettings.model_construct()
    browser: BrowserSettings = BrowserSettings.model_construct()
    ocr: OcrSettings = OcrSettings.model_construct()
    store: StoreSettings = Field(
        default_factory=StoreSettings.model_construct
    )  # the environment says where, when it is asked
    report: ReportSettings = ReportSettings.model_construct()
    score: ScoreSettings = ScoreSettings.model_construct()
    schedule: ScheduleSettings = ScheduleSettings.model_construct()
    availability: AvailabilitySettings = AvailabilitySettings.model_construct()
    probes: ProbingSettings = ProbingSettings.model_construct()
    engine: EngineSettings = EngineSettings.model_construct()
    daemon: DaemonSettings = DaemonSettings.model_construct()
    console: ConsoleSettings = ConsoleSettings.model_construct()
    retention: RetentionSettings = RetentionSettings.model_construct()
    remediation: RemediationSettings = RemediationSettings.model_construct()
    groups: dict[GroupPath, GroupSettings] = Field(
        default_factory=dict, description="What is different for the sites of a group, by its name: 广东省/深圳市."
    )
    sites: tuple[SiteSettings, ...] = ()
    sites_from: tuple[SiteListSettings, ...] = Field((), description="Lists of further sites.")
    notify: NotifySettings = NotifySettings.model_construct()
    checks: dict[str, Section] = Field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return every setting, those of every check with them, as JSON has it; passwords are masked."""
        return self.model_copy(update={"checks": complete(self.checks)}).model_dump(mode="json")

    def calendars(self) -> Mapping[tuple[str, str], Calendar]:
        """Return the rounds of every site and scope; nobody changes them."""
        return self._calendars

    @cached_property
    def _calendars(self) -> dict[tuple[str, str], Calendar]:
        return {
            (site.key, scope): calendar
            for site in self.sites
            for scope, calendar in self.schedule.calendars(site.key, site.schedule).items()
        }

    def report_of(self, site: str) -> ReportSettings:
        """Return how the reports of a site are written: its own settings, then those of its group, then `report`."""
        return self.report.laid_over(*self._report_differences.get(site, ()))

    @cached_property
    def _report_differences(self) -> dict[str, list[SiteReportSettings]]:
        """What is different for a site; of two the later counts. The first group that names a site is its own."""
        found: dict[str, list[SiteReportSettings]] = {}
        for group in reversed(self.report.groups):
            found |= {site: [group] for site in group.sites}
        for site in self.sites:
            if site.report != SiteReportSettings.model_construct():
                found.setdefault(site.key, []).append(site.report)
        return found

    @field_validator("checks", mode="before")
    @classmethod
    def _checks(cls, value: object) -> dict[str, Section]:
        return validate(value)

    @cached_property
    def members(self) -> dict[str, tuple[str, ...]]:
        """The sites of every group: of `console.groups`, and of nested groups with all that lies below them."""
        return members(self.console.groups, self.sites)

    @cached_property
    def unmet_groups(self) -> tuple[str, ...]:
        """Groups that `groups` names and in which no site lies."""
        return tuple(path for path in self.groups if path not in self.members)

    @field_validator("sites")
    @classmethod
    def _distinct(cls, value: tuple[SiteSettings, ...], info: ValidationInfo) -> tuple[SiteSettings, ...]:
        """Refuse sites of one name, and give each what its groups say."""
        seen: dict[str, int] = {}
        faults: list[InitErrorDetails] = []
        for index, site in enumerate(value):
            name, fault = _named(site)
            if fault is None and name in seen:
                fault = PydanticCustomError(
                    SAME_NAME,
                    "two sites are called {name}; give each an id of its own",
                    {"name": repr(name), "first": seen[name]},
                )
            if fault is not None:
                faults.append(InitErrorDetails(type=fault, loc=(index,), input=site.url))
            seen.setdefault(name, index)
        if faults:
            raise ValidationError.from_exception_data("sites", faults)
        defaults = Defaults(info.data.get("groups", {}))
        return tuple(_with_defaults(site, defaults) for site in value)

    @model_validator(mode="after")
    def _shared_store(self) -> Self:
        if self.engine.kind != "local" and not self.store.url.get_secret_value().startswith("postgresql"):
            raise SettingError(
                "engine.kind: procrastinate 需要多台机器共用的数据库：store.url: postgresql+psycopg://…",
                "engine.kind: procrastinate needs a store that many machines share: store.url: postgresql+psycopg://…",
            )
        return self

    @model_validator(mode="after")
    def _known_in_groups(self) -> Self:
        known = {site.key for site in self.sites}
        unknown = [site for group in self.report.groups for site in group.sites if site not in known]
        if unknown:
            raise SettingError(
                f"report.groups：没有网站 {unknown[0]!r}", f"report.groups: no site is called {unknown[0]!r}"
            )
        nested = {level for site in self.sites for level in levels(site.group)}
        for name, sites in self.console.groups.items():
            if name in nested:
                raise SettingError(
                    f"console.groups：{name}：已经有同名的分组，网站就在其中",
                    f"console.groups: {name}: there is a group of that name already, which sites lie in",
                )
            if unknown := [site for site in sites if site not in known]:
                raise SettingError(
                    f"console.groups：{name}：没有网站 {unknown[0]!r}",
                    f"console.groups: {name}: no site is called {unknown[0]!r}",
                )
        for role in self.console.oidc.roles if self.console.oidc else ():
            if unknown := [site for site in role.sites if site not in known]:
                raise SettingError(
                    f"console.oidc.roles：{role.value}：没有网站 {unknown[0]!r}",
                    f"console.oidc.roles: {role.value}: no site is called {unknown[0]!r}",
                )
            if unknown := [group for group in role.groups if group not in self.members]:
                raise SettingError(
                    f"console.oidc.roles：{role.value}：没有分组 {unknown[0]!r}",
                    f"console.oidc.roles: {role.value}: there is no group {unknown[0]!r}",
                )
        return self

    @field_validator("notify")
    @classmethod
    def _known_sites(cls, value: NotifySettings, info: ValidationInfo) -> NotifySettings:
        if "sites" not in info.data or "console" not in info.data:  # they are at fault themselves
            return value
        sites = info.data["sites"]
        return value.resolved((site.key for site in sites), members(info.data["console"].groups, sites))


def _named(site: SiteSettings) -> tuple[str, PydanticCustomError | None]:
    """Return what a site is called, or what is wrong with its address."""
    try:
        return site.key, None
    except MalformedError:
        text = "{url} is not a URL; write it as https://www.example.gov.cn"
        return "", PydanticCustomError("no_url", text, {"url": repr(site.url)})


def _with_defaults(site: SiteSettings, defaults: Defaults) -> SiteSettings:
    """Return a site with what its groups say where it says nothing itself."""
    of_groups = defaults.of(site.group)
    if not of_groups.model_fields_set:
        return site
    given: dict[str, Any] = {name: getattr(of_groups, name) for name in of_groups.model_fields_set}
    for name in site.model_fields_set & given.keys():
        own = getattr(site, name)
        given[name] = laid_over(given[name], own) if isinstance(own, Strict) else own
    return site.model_copy(update=given)
