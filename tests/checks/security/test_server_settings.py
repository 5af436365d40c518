"""What servers are told: whole, well-formed, for every server that our readers run."""

from __future__ import annotations

import re

import pytest
from lxml import etree

from checks import RULES
from checks.security.server_settings import APACHE, CMS, IIS, NGINX, TOMCAT, header_settings

RULES_WITH_SETTINGS = {rule.id: rule for rule in RULES.values() if rule.settings}
SETTINGS = [(rule.id, each) for rule in RULES_WITH_SETTINGS.values() for each in rule.settings]


def test_every_rule_on_what_a_server_sends_has_settings():
    assert set(RULES_WITH_SETTINGS) == {
        "content-security-policy",
        "cookies",
        "cross-origin-embedder-policy",
        "cross-origin-opener-policy",
        "cross-origin-resource-policy",
        "cross-origin-resource-sharing",
        "directory-listing",
        "headers-on-error-pages",
        "redirection",
        "referrer-policy",
        "strict-transport-security",
        "version-leak",
        "x-content-type-options",
        "x-frame-options",
    }


@pytest.mark.parametrize("rule", RULES_WITH_SETTINGS.values(), ids=RULES_WITH_SETTINGS)
def test_each_has_one_for_every_server(rule):
    servers = [each.server for each in rule.settings]
    assert {NGINX, APACHE, IIS, TOMCAT} <= set(servers)
    assert CMS in servers
    assert len(servers) == len(set(servers))


@pytest.mark.parametrize(("rule", "setting"), SETTINGS)
def test_each_says_where_it_goes_in_both_languages(rule, setting):
    assert setting.code.strip(), rule
    assert re.search("[一-鿿]", setting.where.zh)
    assert not re.search("[一-鿿]", setting.where.en)


@pytest.mark.parametrize(("rule", "setting"), [each for each in SETTINGS if each[1].code.startswith("<")])
def test_xml_is_well_formed(rule, setting):
    assert len(etree.fromstring(f"<all>{setting.code}</all>")) >= 1, rule


def test_a_header_is_named_with_its_value_everywhere():
    for each in header_settings("X-Sample", "a b"):
        assert "X-Sample" in each.code
        assert "a b" in each.code


def test_no_filter_of_tomcat_sends_an_hsts_that_nobody_asked_for():
    for rule in RULES_WITH_SETTINGS.values():
        (tomcat,) = [each.code for each in rule.settings if each.server == TOMCAT]
        if "HttpHeaderSecurityFilter" in tomcat:
            assert ("hstsEnabled" in tomcat) != (rule.id == "strict-transport-security")
