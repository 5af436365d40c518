"""Scores: what each fault costs, which vetoes are met, and what is left to the person who decides."""

from datetime import timedelta

import pytest

from checks.freshness import STALE_HOMEPAGE
from checks.link_rules import BROKEN
from checks.model import (
    Column,
    ColumnType,
    Confidence,
    Finding,
    Inventory,
    Item,
    Kind,
    Link,
    Listing,
    Response,
)
from checks.model import (
    Facts as PageFacts,
)
from checks.privacy import ID_NUMBER, PHONE
from checks.scoring import profiles
from checks.scoring.profile import load_profile, score
from checks.scoring.sheet import Availability, ScoredSite
from checks.services import GUIDE, LETTER
from reports.wording import words
from tests.sites.pages import NOW

HOME = "https://www.example.gov.cn/"
NAMES = ("市长信箱", "意见征集", "办事服务")
WEEK = Availability(probes=168, failed=0, days=7)


def column(kind, days, name=None, count=5):
    """Make a column whose newest item is so many days old; None makes it blank."""
    items = (
        ()
        if days is None
        else tuple(Item(f"{HOME}{at}", "信息", NOW - timedelta(days=days + at)) for at in range(count))
    )
    title = name or words("zh-CN").label("column_type", kind)
    return Column(f"{HOME}{title}/", title, ColumnType(kind), items, NOW)


def facts(*findings, columns=(), updates=12, availability=WEEK, names=NAMES):
    items = tuple(Item(f"{HOME}{at}", "信息", NOW - timedelta(days=1)) for at in range(updates))
    home = PageFacts(url=HOME, homepage=True, listing=Listing(items, "markup"))
    return ScoredSite(findings, Inventory(HOME, NOW, tuple(columns), home, names=names), availability)


def lines(subject, profile="census-2015"):
    return {item.id: item.points for item in score(load_profile(profile), subject).items}


def vetoes(subject):
    return [veto.id for veto in score(load_profile("gb-2019-19"), subject).veto]


def dead(at, *, kind=Kind.PAGE, homepage=False):
    url = f"{HOME}{at}.html"
    return Finding(
        BROKEN, HOME, key=url, target=Link(url, kind, internal=True, looks=(Response(url, 404),), homepage=homepage)
    )


def test_a_site_without_faults_keeps_its_points():
    for name in profiles():
        result = score(load_profile(name), facts())
        assert (result.points, result.items, result.veto) == (100, (), ())


COSTS = [
    (facts(availability=Availability(200, 7, 7)), {"homepage-availability": -15}),
    (facts(dead(1, homepage=True)), {"homepage-links": -1}),
    (facts(*(dead(at) for at in range(25))), {"other-links": -2.5}),
    (facts(dead(1, kind=Kind.ATTACHMENT)), {"attachments": -1}),
    (facts(dead(1, kind=Kind.ATTACHMENT, homepage=True)), {"homepage-links": -1}),
    (facts(updates=9), {"homepage-updates": -5}),
    (facts(columns=[column("news", 15)]), {"stale-news": -3}),
    (facts(columns=[column("notice", 200), column("policy", 200)]), {"stale-notices": -8}),
    (facts(columns=[column("personnel", 370), column("planning", 400)]), {"stale-personnel": -10}),
    (facts(columns=[column("finance", 400)]), {}),
    (facts(names=("意见征集", "办事服务")), {"consultation-closed": -5}),
    (facts(names=("市长信箱", "办事服务")), {"survey-closed": -5}),
    (facts(columns=[column("interaction", 400, "市长信箱")]), {"consultation-silent": -5}),
    (facts(columns=[column("interaction", 400, "意见征集")]), {"survey-silent": -5}),
    (facts(columns=[column("interaction", 10, "意见征集", count=2)]), {"survey-few": -3}),
    (facts(columns=[column("interaction", 10, "在线访谈", count=2)]), {"interview-few": -3}),
    (facts(columns=[column("interaction", 500, "在线访谈")]), {"interview-silent": -5}),
    (facts(Finding(GUIDE, HOME, params={"count": 3})), {"guide-elements": -6}),
]


@pytest.mark.parametrize(("subject", "expected"), COSTS)
def test_what_each_fault_costs(subject, expected):
    assert lines(subject) == expected


def test_points_do_not_fall_below_zero():
    assert score(load_profile("census-2015"), facts(*(dead(at, homepage=True) for at in range(150)))).points == 0


def test_deductions_name_what_is_behind_them():
    (item,) = score(load_profile("census-2015"), facts(columns=[column("news", 15)])).items
    assert (item.count, item.behind, item.evidence.zh) == (1, (f"{HOME}动态要闻/",), "动态要闻")
    many = facts(*(dead(at) for at in range(7)))
    (item,) = score(load_profile("census-2015"), many).items
    assert item.evidence.zh.endswith("等 7 个")
    assert len(item.behind) == 7


def test_deductions_that_nobody_verified_say_so():
    (item,) = score(load_profile("gb-2019-19"), facts(dead(1, homepage=True))).items
    assert item.unverified


VETOES = [
    (facts(availability=Availability(200, 10, 7)), ["V1"]),
    (facts(availability=Availability(200, 9, 7)), []),
    (facts(Finding(STALE_HOMEPAGE, HOME, variant="stale")), ["V2"]),
    (facts(Finding(STALE_HOMEPAGE, HOME, variant="warning")), []),
    (facts(columns=[column("news", 20, f"动态{at}") for at in range(3)] + [column("policy", 200)]), []),
    (facts(columns=[column("news", 20, f"动态{at}") for at in range(4)] + [column("policy", 200)]), ["V3"]),
    (facts(columns=[column("finance", 400, f"财政{at}") for at in range(9)]), []),
    (facts(columns=[column("finance", 400, f"财政{at}") for at in range(10)]), ["V3"]),
    (facts(columns=[column("finance", None, f"财政{at}") for at in range(5)]), ["V3"]),
    (facts(Finding(ID_NUMBER, HOME)), ["V4"]),
    (facts(Finding(PHONE, HOME, confidence=Confidence.SUSPECTED)), []),
    (facts(Finding(LETTER, HOME)), ["V5"]),
    (facts(names=("意见征集", "办事服务")), ["V5"]),
    (facts(names=("市长信箱",)), ["V6"]),
    (facts(*(Finding(GUIDE, f"{HOME}{at}", params={"count": 4}) for at in range(5))), ["V6"]),
    (facts(*(Finding(GUIDE, f"{HOME}{at}", params={"count": 3}) for at in range(9))), []),
]


@pytest.mark.parametrize(("subject", "expected"), VETOES)
def test_which_vetoes_are_met(subject, expected):
    assert vetoes(subject) == expected


def test_a_veto_shows_its_evidence():
    (veto,) = score(load_profile("gb-2019-19"), facts(availability=Availability(200, 10, 7))).veto
    assert veto.evidence.zh == "200 次探测中 10 次打不开（5.0%）"


def test_what_is_suspected_or_unknown_is_left_to_a_person():
    subject = facts(Finding(PHONE, HOME, confidence=Confidence.SUSPECTED), availability=None)
    said = [text.zh for text in score(load_profile("census-2015"), subject).unjudged]
    assert said[0] == "首页可用性：探测不足一周（每天至少 20 次）"
    assert "疑似：个人手机号外露（1 处）" in said
    assert any("答复是否有实质内容" in text for text in said)


def test_a_profile_that_does_not_exist_is_refused():
    with pytest.raises(KeyError, match="no profile 'x'; there are census-2015, gb-2019-19"):
        load_profile("x")


def test_every_line_has_its_wording_in_both_languages():
    for name in profiles():
        profile = load_profile(name)
        for line in (*profile.deductions, *profile.vetoes):
            assert line.title.zh
            assert line.title.en
        assert len({line.id for line in (*profile.deductions, *profile.vetoes)}) == len(profile.deductions) + len(
            profile.vetoes
        )
