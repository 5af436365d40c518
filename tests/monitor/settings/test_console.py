"""The console's settings: off by default, bounded, and each fault names what is allowed."""

from __future__ import annotations

import pytest

from monitor.settings.config_file import ConfigError, load

OIDC = "issuer: 'https://sso.example.cn', client_id: x, client_secret: y"


def read(tmp_path, text: str):
    path = tmp_path / "c.yaml"
    path.write_text(text, "utf-8")
    return load(path).console


def test_there_is_no_console_unless_it_listens(tmp_path):
    assert load(None).console.address is None
    assert read(tmp_path, "console: {listen: ''}").address is None
    assert read(tmp_path, "console: {listen: '127.0.0.1:8460'}").address == ("127.0.0.1", 8460)
    assert read(tmp_path, "console: {listen: '[::1]:8460'}").address == ("::1", 8460)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{listen: 'localhost:8460'}", "must be an IP address and a port"),
        ("{listen: '127.0.0.1:99999'}", "must be an IP address and a port"),
        ("{root: sitehealth}", "must be a path with a slash at its beginning"),
        ("{root: /sitehealth/}", "must be a path with a slash at its beginning"),
        ("{root: /a/../b}", "must be a path with a slash at its beginning"),
        ('{root: "/a b"}', "must be a path with a slash at its beginning"),
        ("{hosts: ['https://check.example.cn']}", "must be a host name or an IP address without port"),
        ("{hosts: ['check.example.cn:8460']}", "must be a host name or an IP address without port"),
        ("{hosts: ['*.example.cn']}", "must be a host name or an IP address without port"),
        ("{hosts: ['']}", "must be a host name or an IP address without port"),
        ("{trusted_proxies: [proxy.example.cn]}", "must be an IP address or a network"),
        ("{trusted_proxies: [10.20.1.1/16]}", "must be an IP address or a network"),
        ("{idle: 0}", "greater than or equal to 1"),
        ("{lifetime: 10000}", "less than or equal to 720"),
        ("{idle: 120, lifetime: 1}", "idle (minutes) must not be longer than lifetime (hours)"),
        ("{upload: 1}", "greater than or equal to 1048576"),
        ("{lissten: ''}", "did you mean listen?"),
        (
            "{oidc: {issuer: 'http://sso.example.cn', client_id: x, client_secret: y, roles: []}}",
            "must begin with https://",
        ),
        (
            "{oidc: {issuer: 'https://sso.example.cn/?x', client_id: x, client_secret: y, roles: []}}",
            "without query, fragment or user",
        ),
        (f"{{oidc: {{{OIDC}, roles: []}}}}", "at least 1 item"),
        (f"{{oidc: {{{OIDC}, roles: [{{value: a, role: owner}}]}}}}", "'viewer', 'department', 'editor' or 'admin'"),
        (f"{{oidc: {{{OIDC}, roles: [{{value: a, role: admin, sites: [x]}}]}}}}", "is one of all sites"),
        (f"{{oidc: {{{OIDC}, roles: [{{value: a, role: department}}]}}}}", "needs departments, or a department_claim"),
        (f"{{oidc: {{{OIDC}, roles: [{{value: a, role: viewer, sites: [x]}}]}}}}", "a: no site is called 'x'"),
        (f"{{oidc: {{{OIDC}, roles: [{{value: a, role: viewer, groups: [x]}}]}}}}", "a: there is no group 'x'"),
        ("{oidc: {issuer: 'https://a.cn', client_id: x, client_secret: [geheim]}}", "valid string (read: ***)"),
        ("{groups: {市直: [nobody]}}", "console.groups: 市直: no site is called 'nobody'"),
    ],
)
def test_a_fault_says_what_is_allowed(tmp_path, text, reason):
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, f"console: {text}")
    assert reason in str(caught.value)


def test_hosts_are_kept_as_headers_have_them(tmp_path):
    chosen = read(tmp_path, "console: {hosts: [Check.Example.CN., '[::1]', 10.0.0.1]}")
    assert chosen.hosts == ("check.example.cn", "::1", "10.0.0.1")


@pytest.mark.parametrize(
    ("address", "trusted"),
    [
        ("10.20.3.4", True),
        ("::ffff:10.20.3.4", True),
        ("10.21.3.4", False),
        ("127.0.0.1", True),
        ("127.0.0.2", False),
        ("fd00::1", True),
        ("unix:", False),
        ("", False),
    ],
)
def test_only_configured_proxies_are_believed(tmp_path, address, trusted):
    chosen = read(tmp_path, "console: {trusted_proxies: [10.20.0.0/16, 127.0.0.1, 'fd00::/8']}")
    assert chosen.trusts(address) is trusted


def test_groups_name_sites_that_there_are(tmp_path):
    text = "sites: [{url: 'http://a.cn', id: a}]\nconsole: {groups: {市直: [a]}}"
    assert read(tmp_path, text).groups == {"市直": ("a",)}
