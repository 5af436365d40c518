"""Whose host it is."""

import pytest

from checks.security.hosts import commonplace, familiar, host_of, inside, official, registrable, same_site


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://www.Example.com:8080/a", "www.example.com"),
        ("https://user:pw@a.cn/", "a.cn"),
        ("http://[2001:db8::1]:80/", "2001:db8::1"),
        ("http://a.cn.", "a.cn"),
        ("/a/b", ""),
        ("mailto:a@b.cn", ""),
        ("", ""),
    ],
)
def test_the_host_of_a_url(url, host):
    assert host_of(url) == host


def test_who_belongs_together():
    assert registrable("www.qinghe.gov.cn") == "qinghe.gov.cn"
    assert registrable("127.0.0.1") == "127.0.0.1"
    assert same_site("www.qinghe.gov.cn", "m.qinghe.gov.cn")
    assert not same_site("www.qinghe.gov.cn", "www.xinghe.gov.cn")


@pytest.mark.parametrize(
    ("host", "institution", "known"),
    [
        ("www.gov.cn", True, True),
        ("zfwzgl.www.gov.cn", True, True),
        ("a.xn--zfr164b", True, True),
        ("www.tsinghua.edu.cn", True, True),
        ("www.people.com.cn", False, True),
        ("mp.weixin.qq.com", False, True),
        ("hm.baidu.com", False, True),
        ("notgov.cn", False, False),
        ("www.gov.cn.example.com", False, False),
        ("www.example.com", False, False),
    ],
)
def test_institutions_and_those_that_everybody_links_to(host, institution, known):
    assert (official(host), familiar(host)) == (institution, known)


def test_addresses_of_internal_networks():
    assert [
        host for host in ("10.0.0.1", "172.31.0.1", "172.32.0.1", "192.168.1.1", "127.0.0.1", "a.cn") if inside(host)
    ] == [
        "10.0.0.1",
        "172.31.0.1",
        "192.168.1.1",
    ]


def test_the_list_of_commonplace_names_holds_names_only():
    assert [name for name in commonplace() if " " in name or "/" in name or name != name.lower()] == []
