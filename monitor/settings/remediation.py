"""Name the settings of the remediation ledger: who mends what, until when, and what is called right."""

import re
from collections.abc import Iterator
from datetime import date
from difflib import get_close_matches
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from checks import CLASSES, check_of, rule_of
from checks.model import Rule
from monitor.settings.complaints import SettingError
from monitor.settings.strict import Strict


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise SettingError(f"不是正则表达式：{error}", f"not a regular expression: {error}") from None
    return text


def _known_rule(name: str) -> str:
    if name and rule_of(name) is None:
        meant = get_close_matches(name, (rule.id for rule in _rules()), n=1)
        raise SettingError(
            f"没有规则 {name!r}" + (f"，是不是 {meant[0]}？" if meant else ""),
            f"no such rule: {name!r}" + (f"; did you mean {meant[0]}?" if meant else ""),
        )
    return name


def _rules() -> Iterator[Rule]:
    return (rule for name in CLASSES for rule in check_of(name).rules)


def _known_family(name: str) -> str:
    families = sorted({rule.family for rule in _rules()})
    if name not in families:
        meant = get_close_matches(name, families, n=1)
        hint = f"did you mean {meant[0]}?" if meant else f"allowed: {', '.join(families)}"
        raise SettingError(f"没有大类 {name!r}；可以是：{', '.join(families)}", f"no such family: {name!r}; {hint}")
    return name


UrlPattern = Annotated[str, AfterValidator(_pattern)]
RuleId = Annotated[str, AfterValidator(_known_rule)]
Family = Annotated[str, AfterValidator(_known_family)]


class AssignSettings(Strict):
    """Who mends the faults that fit; every condition that is given has to."""

    department: str = Field("", description="The department.")
    owner: str = Field("", description="The person.")
    site: str = Field("", description="Id of a site.")
    rules: tuple[RuleId, ...] = Field((), description="Ids of rules (docs/rules.md).")
    families: tuple[Family, ...] = Field((), description="Families of rules.")
    column: str = Field("", description="Name of a column.")
    url: UrlPattern = Field("", description="Regular expression, searched for in the URL of the page.")

    @model_validator(mode="after")
    def _names_somebody(self) -> Self:
        if not self.department and not self.owner:
            raise SettingError("department 和 owner 至少要给一个", "name a department or an owner")
        return self


class DeadlineSettings(Strict):
    """Working days to mend a fault, by severity."""

    critical: int = Field(1, ge=1, le=250, description="严重.")
    major: int = Field(5, ge=1, le=250, description="一般.")
    minor: int = Field(20, ge=1, le=250, description="提示.")


class SuppressSettings(Strict):
    """One judgement for all findings of a kind: a wording, a target host, or a rule under a URL pattern."""

    site: str = Field("", description="Id of a site; empty: everywhere.")
    wrong: str = Field("", description="A wording that is right, as it was reported.")
    right: str = Field("", description="What was suggested for it.")
    host: str = Field("", description="Links to this host.")
    rule: RuleId = Field("", description="This rule …")
    url: UrlPattern = Field("", description="… on pages whose URL matches.")
    reason: str = Field(min_length=1, description="Why.")
    author: str = Field(min_length=1, description="Who says so.")
    until: date | None = Field(None, description="The last day.")

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        kinds = [bool(self.wrong and self.right), bool(self.host), bool(self.rule and self.url)]
        given = [self.wrong or self.right, self.host, self.rule or self.url]
        if sum(kinds) != 1 or sum(map(bool, given)) != 1:
            raise SettingError(
                "wrong 加 right、host、rule 加 url，只能给一种", "give either wrong and right, or host, or rule and url"
            )
        return self


class RemediationSettings(Strict):
    """The remediation ledger."""

    assign: tuple[AssignSettings, ...] = Field((), description="Who mends what; the first that fits.")
    deadlines: DeadlineSettings = Field(DeadlineSettings.model_construct(), description="Working days by severity.")
    workdays: dict[date, bool] = Field(
        default_factory=dict, description="Days that differ from the announced calendar: true is worked."
    )
    suppressions: tuple[SuppressSettings, ...] = Field((), description="What is called right.")
