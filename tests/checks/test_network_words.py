"""What libraries say of a connection that failed is said in Chinese; what nobody has translated stays as it is."""

import re

import pytest

from checks.links import Links
from checks.model import Kind, Link, Response
from checks.network_words import WORDS, in_chinese
from monitor.inspection.crawl_notices import why_unopened
from tests.factories import at

CHINESE = re.compile(r"[一-鿿]")


@pytest.mark.parametrize(
    ("detail", "chinese"),
    [
        ("certificate has expired", "证书已过期"),
        ("self-signed certificate", "证书是自签名的"),
        ("self signed certificate in certificate chain", "证书链中有自签名证书"),
        ("unable to get local issuer certificate", "找不到签发者的证书，可能缺少中间证书"),
        ("Hostname mismatch, certificate is not valid for 'a.gov.cn'.", "证书不是发给这个域名的"),
        ("IP address mismatch, certificate is not valid for '10.0.0.1'.", "证书不是发给这个域名的"),
        ("no shared cipher", "双方没有共同的加密算法"),
        ("sslv3 alert handshake failure", "服务器拒绝握手（没有浏览器可用的加密算法，或要求访问者出示数字证书）"),
        ("tlsv13 alert certificate required", "服务器要求访问者出示数字证书（如 UKey）"),
        ("sslv3 alert certificate expired", "服务器要求访问者出示数字证书（如 UKey）"),
        ("CA signature digest algorithm too weak", "密钥或签名算法太弱"),
        ("unsuitable certificate purpose", "证书不是发给网站用的"),
        ("wrong version number", "服务器不支持可用的 TLS 版本"),
        ("no such host: Name or service not known", "域名不存在"),
        ("temporary failure: Temporary failure in name resolution", "域名服务器暂时没有应答"),
        ("Connection reset by peer", "连接被中断"),
        ("words that nobody knows", "words that nobody knows"),
        ("", ""),
    ],
)
def test_words_of_libraries(detail, chinese):
    assert in_chinese(detail) == chinese


def test_every_pattern_has_a_chinese_of_its_own_kind():
    assert [chinese for _, chinese in WORDS if not CHINESE.search(chinese)] == []


def test_a_finding_is_said_in_chinese_with_what_the_library_said():
    answer = Response(at("/"), error="tls", detail="certificate has expired")
    (finding,) = Links().inspect(Link(at("/"), Kind.PAGE, looks=(answer,), internal=True))
    assert finding.rule.say(finding, "zh-CN") == "安全连接（HTTPS）失败：证书已过期"
    assert finding.rule.say(finding, "en") == "the secure connection fails: certificate has expired"


def test_why_a_homepage_does_not_open_is_said_in_chinese():
    said = why_unopened(Response(at("/"), error="dns", detail="no such host: Name or service not known"))
    assert said.zh == "首页打不开：域名解析失败（域名不存在）"
    assert said.en.endswith("name not found (no such host: Name or service not known)")
