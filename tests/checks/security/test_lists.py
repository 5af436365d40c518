"""The two lists that ship with packages: preloaded hosts and public suffixes. Both work without a network."""

import pytest

from checks.security.preload import is_preloaded
from checks.security.suffixes import registrable_domain


@pytest.mark.parametrize(
    ("name", "preloaded"),
    [
        ("app", True),
        ("portal.app", True),
        ("A.B.Portal.App", True),
        ("github.com", True),
        ("anything.github.com", True),
        ("www.gov.cn", False),
        ("www.site-a.example", False),
        ("127.0.0.1", False),
        ("[::1]", False),
        ("例子.公司", False),
        ("", False),
    ],
)
def test_preloaded(name, preloaded):
    assert is_preloaded(name) is preloaded


def test_more_names_can_be_known():
    known = frozenset({"gov.cn", "www.site-a.example"})
    assert is_preloaded("www.qinghe.gov.cn", known)
    assert is_preloaded("www.site-a.example", known)
    assert not is_preloaded("site-a.example", known)


@pytest.mark.parametrize(
    ("name", "domain"),
    [
        ("www.qinghe.gov.cn", "qinghe.gov.cn"),
        ("static.qinghe.gov.cn", "qinghe.gov.cn"),
        ("www.gov.cn", "www.gov.cn"),
        ("gov.cn", None),
        ("WWW.Example.COM.", "example.com"),
        ("a.bj.cn", "a.bj.cn"),
        ("xn--fsqu00a.xn--55qx5d.cn", "xn--fsqu00a.xn--55qx5d.cn"),
        ("www.nobody.unheard", "nobody.unheard"),
        ("a.b.github.io", "github.io"),
        ("localhost", None),
        ("10.0.0.1", None),
        ("[::1]", None),
        ("a..b", None),
        ("", None),
    ],
)
def test_registrable_domain(name, domain):
    assert registrable_domain(name) == domain


def test_suffixes_that_companies_run_count_on_request():
    assert registrable_domain("a.b.github.io", private=True) == "b.github.io"
