"""Name the settings of ``console.oidc``: who vouches for users (OpenID Connect), and what their groups may do."""

import ipaddress
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator

from monitor.settings.complaints import SettingError
from monitor.settings.secret import Reference
from monitor.settings.strict import Strict


def _issuer(value: str) -> str:
    parts = urlsplit(value)
    if parts.query or parts.fragment or parts.username or not parts.hostname:
        raise SettingError(
            "应为不带参数、片段和用户名的地址，如 https://sso.example.gov.cn/realms/x",
            "must be an address without query, fragment or user, such as https://sso.example.gov.cn/realms/x",
        )
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_loopback(parts.hostname)):
        raise SettingError(
            "应以 https:// 开头（只有本机地址可以用 http://）", "must begin with https:// (http:// on loopback alone)"
        )
    return value.rstrip("/")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


Issuer = Annotated[str, AfterValidator(_issuer)]


class OidcRoleSettings(Strict):
    """What somebody may do who has a value among the claim of roles."""

    value: str = Field(min_length=1, description="The value, such as the name of a group.")
    role: Literal["viewer", "department", "editor", "admin"] = Field(description="What it makes of them.")
    sites: tuple[str, ...] = Field((), description="On these sites; with groups empty as well: on all.")
    groups: tuple[str, ...] = Field((), description="On the sites of these groups.")
    departments: tuple[str, ...] = Field((), description="Departments, for the role department.")

    @model_validator(mode="after")
    def _admin_is_of_all(self) -> Self:
        if self.role == "admin" and (self.sites or self.groups):
            raise SettingError("管理员管所有网站，不能限定网站或分组", "an administrator is one of all sites")
        return self


class OidcSettings(Strict):
    """Single sign-on by OpenID Connect (extra `oidc`)."""

    issuer: Issuer = Field(description="Address of the provider; its /.well-known/openid-configuration is read.")
    client_id: str = Field(min_length=1, description="What the provider calls the console.")
    client_secret: Reference = Field(description="What it shows the provider.")
    scopes: tuple[str, ...] = Field(("openid", "profile"), description="What is asked for; openid is among it.")
    name_claim: str = Field("preferred_username", min_length=1, description="Claim that is the user name.")
    roles_claim: str = Field("roles", min_length=1, description="Claim with roles or groups; a.b is b in a.")
    department_claim: str = Field("", description="Claim with the departments of the user, beside those of roles.")
    roles: tuple[OidcRoleSettings, ...] = Field(min_length=1, description="What each role or group may do.")

    @model_validator(mode="after")
    def _departments_are_named(self) -> Self:
        for each in self.roles:
            if each.role == "department" and not each.departments and not self.department_claim:
                raise SettingError(
                    f"roles：{each.value}：部门角色需要 departments，或者 department_claim",
                    f"roles: {each.value}: the department role needs departments, or a department_claim",
                )
        return self
