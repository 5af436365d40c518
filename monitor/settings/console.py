"""Name the settings of ``console``: where it listens, who may come from where, how long a session lasts."""

import ipaddress
import re
from typing import Annotated, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from checks.late_pattern import late
from monitor.settings.complaints import SettingError
from monitor.settings.oidc import OidcSettings
from monitor.settings.service import Listen
from monitor.settings.strict import Strict

HOST_NAME = late(r"(?!.*\.\.)[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
"""A host as it stands in a Host header, without port; names in Chinese are written as xn--…."""

ROOT = re.compile(r"(/[A-Za-z0-9._~-]+)+")
"""A path that a reverse proxy puts before ours."""

MEBIBYTE = 1024 * 1024


def _off_or_listen(value: object) -> object:
    return value or None


def _host(value: str) -> str:
    name = value.lower().rstrip(".")
    try:
        return str(ipaddress.ip_address(name.strip("[]")))
    except ValueError:
        pass
    if not HOST_NAME.fullmatch(name) or len(name) > 253:
        raise SettingError(
            "应为不带端口的主机名或 IP 地址，如 check.example.gov.cn",
            "must be a host name or an IP address without port, such as check.example.gov.cn",
        )
    return name


def _network(value: str) -> str:
    try:
        return str(ipaddress.ip_network(value))
    except ValueError:
        raise SettingError(
            "应为 IP 地址或网段，如 127.0.0.1 或 10.20.0.0/16",
            "must be an IP address or a network, such as 127.0.0.1 or 10.20.0.0/16",
        ) from None


def _root(value: str) -> str:
    if value and (not ROOT.fullmatch(value) or {".", ".."} & set(value.split("/"))):
        raise SettingError(
            "应为以斜杠开头、不以斜杠结尾的路径，如 /sitehealth",
            "must be a path with a slash at its beginning and none at its end, such as /sitehealth",
        )
    return value


OptionalListen = Annotated[Listen | None, BeforeValidator(_off_or_listen)]
HostName = Annotated[str, AfterValidator(_host)]
Network = Annotated[str, AfterValidator(_network)]
Root = Annotated[str, AfterValidator(_root)]


class ConsoleSettings(Strict):
    """The console in a browser and the API for programs; off unless ``listen`` is set."""

    listen: OptionalListen = Field(None, description="Address and port, such as 127.0.0.1:8460; empty: no console.")
    root: Root = Field("", description="Path under which a reverse proxy shows it, such as /sitehealth.")
    hosts: tuple[HostName, ...] = Field((), description="Names under which people open it; others are refused.")
    https: bool = Field(default=False, description="People come by https: cookies are sent that way alone.")
    trusted_proxies: tuple[Network, ...] = Field(
        (), description="Reverse proxies whose X-Forwarded headers count (IP addresses or networks)."
    )
    idle: float = Field(60.0, ge=1, le=1440, description="Minutes without a request after which a session ends.")
    lifetime: float = Field(12.0, ge=0.1, le=720, description="Hours after which a session ends in any case.")
    upload: int = Field(
        16 * MEBIBYTE, ge=MEBIBYTE, le=256 * MEBIBYTE, description="Bytes of one uploaded file at most."
    )
    groups: dict[str, tuple[str, ...]] = Field(
        default_factory=dict,
        description="Groups of sites by name, for the rights of users and for `notify`: ids of their sites.",
    )
    oidc: OidcSettings | None = Field(None, description="Single sign-on by OpenID Connect (extra `oidc`).")

    @model_validator(mode="after")
    def _idle_ends_first(self) -> Self:
        if self.idle > self.lifetime * 60:
            raise SettingError(
                "idle（分钟）不能长于 lifetime（小时）", "idle (minutes) must not be longer than lifetime (hours)"
            )
        return self

    @property
    def address(self) -> tuple[str, int] | None:
        """Host and port to listen on, None where there is to be no console."""
        if self.listen is None:
            return None
        host, _, port = self.listen.rpartition(":")
        return host.strip("[]"), int(port)

    def trusts(self, address: str) -> bool:
        """Return whether the headers of a proxy at an IP address count; what is no IP address is not trusted."""
        try:
            peer = ipaddress.ip_address(address)
        except ValueError:
            return False
        if isinstance(peer, ipaddress.IPv6Address) and peer.ipv4_mapped:
            peer = peer.ipv4_mapped
        return any(peer in ipaddress.ip_network(each) for each in self.trusted_proxies)
