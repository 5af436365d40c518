"""The dictionary finds what is wrong and leaves alone what merely looks like it."""

from __future__ import annotations

from functools import cache

import pytest

from checks.typos.lexicon import pairs
from checks.typos.lexicon.pair import Pair, Tier


@cache
def lexicon() -> pairs.Lexicon:
    return pairs.build()


def found(text: str, built: pairs.Lexicon | None = None) -> set[tuple[str, str]]:
    return {(suspect.wrong, suspect.right) for suspect in (built or lexicon()).suspects(text, bytearray(len(text)))}


@pytest.mark.parametrize(
    ("text", "wrong", "right"),
    [
        ("各单位要认真布署。", "布署", "部署"),
        ("人民共合国成立七十周年", "人民共合国", "人民共和国"),
        ("成立扫黑除恶领导小姐", "领导小姐", "领导小组"),
        ("焚烧秸杆污染环境", "秸杆", "秸秆"),
        ("我自已去办", "自已", "自己"),
        ("截止2024年底，全市共有", "截止", "截至"),
        ("绿水青山就是银山金山", "绿水青山就是银山金山", "绿水青山就是金山银山"),
        ("以“三个代表”重要理论为指导", "三个代表”重要理论", "“三个代表”重要思想"),
        ("办理营业职照需要的材料", "营业职照", "营业执照"),
        ("现引发给你们，请遵照执行", "引发给你们", "印发给你们"),
        ("发布政策解毒", "政策解毒", "政策解读"),
        ("切实得提高服务水平", "得", "地"),
        ("依法于以处罚", "于以", "予以"),
        ("上海市黄埔区卫生健康委", "上海市黄埔区", "上海市黄浦区"),
        ("广州市黄浦区卫生健康委", "广州市黄浦区", "广州市黄埔区"),
        ("国家税物总局公告", "国家税物总局", "国家税务总局"),
        ("普偏性问题", "普偏", "普遍"),
        ("森林复盖率稳步提高", "复盖", "覆盖"),
    ],
)
def test_finds(text: str, wrong: str, right: str) -> None:
    assert (wrong, right) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "自己经营的商店",  # 自己|经营
        "审核后恢复盖章的流程",  # 恢复|盖章
        "准备按照规定办理",  # 备按 is no word
        "敌军进攻府衙",  # an exception of 攻府
        "毕竟争取来的机会",  # 毕竟|争取
        "报名截止日期为6月30日",
        "截止2024年6月30日报名",
        "在军事训练中表现突出",
        "习近平新时代中国特色社会主义思想",
        "不能自己去办理",
        "主管部门负责人李建社",  # a name may be made of anything
        "切实得到提高",  # 得到
        "适用于以公告方式送达",  # 于以 after 适用
        "广州市黄埔区与上海市黄浦区",
        "西安微博平台",  # an exception of 安微
    ],
)
def test_leaves_alone(text: str) -> None:
    assert not {pair for pair in found(text) if pair[0] != "不能自己"}


def test_severe_pairs_are_marked() -> None:
    (suspect,) = (s for s in lexicon().suspects("中共人民共和国", bytearray(7)) if s.severe)
    assert (suspect.start, suspect.right, suspect.severe) == (0, "中华人民共和国", True)


def test_style_is_off_unless_asked_for() -> None:
    assert ("台帐", "台账") not in found("建立台帐制度")
    assert ("台帐", "台账") in found("建立台帐制度", pairs.build(style=True))


def test_the_operators_pairs_win_over_ours() -> None:
    own = pairs.build([Pair("布署", "布置", exceptions=("布署令",))])
    assert ("布署", "布置") in found("认真布署工作", own)
    assert ("布署", "布置") not in found("签发布署令", own)


def test_mined_pairs_keep_out_of_masked_text() -> None:
    text = "贯撤贯辙"
    masked = bytearray(b"\2" * len(text))
    layers = {suspect.probability for suspect in lexicon().suspects(text, masked)}
    assert not layers & set(pairs.MINED.values())


def test_every_packaged_pair_is_well_formed() -> None:
    """A pair that corrects to itself, or an exception that lacks its wording, would never be noticed otherwise."""
    packaged = pairs.packaged_pairs()
    assert len({pair.wrong for pair in packaged}) == len(packaged) > 1000
    for pair in packaged:
        assert pair.wrong != pair.right, pair
        assert len(pair.wrong) > 1, pair
        assert all(pair.wrong in exception != pair.wrong for exception in pair.exceptions), pair
        assert pair.wrong not in pair.right or pair.tier is not Tier.CONFIRMED, pair


def test_no_confirmed_right_wording_is_itself_wrong() -> None:
    """A correction must not lead to another one."""
    for pair in pairs.packaged_pairs():
        if pair.tier is Tier.CONFIRMED:
            again = {s.wrong for s in lexicon().suspects(pair.right, bytearray(len(pair.right))) if s.probability > 0.9}
            assert not again, pair
