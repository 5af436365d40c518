"""Two versions of one page: what only some visitors get."""

import pytest
from msgspec.structs import replace

from checks.model import Redirect, Response, Severity, Versions
from checks.security.cloaking import Cloaking

URL = "https://www.qinghe.gov.cn/"
HOME = "<html><head><title>清河县人民政府</title></head><body><p>政务公开</p>{}</body></html>"
POISON = '<div style="display:none"><a href="http://www.example.com/">澳门新葡京</a></div>'


def judged(parsed, plain, dressed, end=URL):
    first, second = parsed(plain, URL), parsed(dressed, URL)
    hops = (Redirect(URL, 302, end),) if end != URL else ()
    second = replace(second, response=Response(end, 200, redirects=hops))
    return [(finding.variant, finding) for finding in Cloaking().inspect(Versions(URL, first, second))]


@pytest.mark.parametrize("home", [HOME.format(""), HOME.format(POISON)])
def test_two_versions_with_the_same_faults_are_no_cloaking(parsed, home):
    assert judged(parsed, home, home) == []


def test_a_mobile_edition_of_its_own_is_no_cloaking(parsed):
    mobile = HOME.format("<p>手机版</p>")
    assert judged(parsed, HOME.format(""), mobile, "https://m.qinghe.gov.cn/") == []
    assert judged(parsed, HOME.format(""), mobile, "https://www.hebei.gov.cn/m/") == []


def test_what_only_the_second_visitor_gets_is_found(parsed):
    ((variant, finding),) = judged(parsed, HOME.format(""), HOME.format(POISON))
    assert (variant, finding.weight) == ("content", Severity.CRITICAL)
    assert "澳门新葡京" in finding.evidence
    assert "www.example.com" in finding.rule.say(finding, "zh-CN")
    assert "www.example.com" in finding.rule.say(finding, "en")


def test_a_title_that_turns_is_found(parsed):
    turned = HOME.format("").replace("清河县人民政府", "澳门新葡京_真人百家乐_时时彩")
    assert [variant for variant, _ in judged(parsed, HOME.format(""), turned)] == ["content"]


def test_a_visitor_who_is_led_away_is_found(parsed):
    ((variant, finding),) = judged(parsed, HOME.format(""), "<p>x</p>", "http://www.example.com/")
    assert variant == "redirect"
    assert "www.example.com" in finding.rule.say(finding, "zh-CN")
