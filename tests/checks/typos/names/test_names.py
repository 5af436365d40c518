"""What is recognised as a name, and what only looks like one."""

from __future__ import annotations

import pytest

from checks.typos.names import NameKind, spans


def named(text: str) -> set[tuple[str, NameKind]]:
    return {(text[span.start : span.end], span.kind) for span in spans(text)}


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("拟录用人员：陈珺、赵昇、钱煜、孙玥。", "陈珺、赵昇、钱煜、孙玥", NameKind.PERSON),
        ("记者 王建社 报道", "王建社", NameKind.PERSON),
        ("决定任命陈翀为局长", "陈翀", NameKind.PERSON),
        ("综治委主任任建新在会上说", "任建新", NameKind.PERSON),
        ("调度室胡主任介绍", "胡", NameKind.PERSON),
        ("苏婷婷表示，办事很方便", "苏婷婷", NameKind.PERSON),
        ("奉献更好的精神产品。（天沛）", "天沛", NameKind.PERSON),
        ("芬兰总统尼尼斯托来访", "尼尼斯托", NameKind.FOREIGN),
        ("艾哈迈德·法赫德主持会议", "艾哈迈德·法赫德", NameKind.FOREIGN),
        ("福建省泉州市洛江区河市镇", "河市镇", NameKind.PLACE),
        ("位于洪塘镇三忠村村口", "三忠村", NameKind.PLACE),
        ("滠水河流域综合治理", "滠水河", NameKind.PLACE),
        ("（范屋路145、147号）", "范屋路", NameKind.PLACE),
        ("府山、塔山、蕺山范围内不得建房", "府山、塔山、蕺山", NameKind.PLACE),
        ("驻济高校毕业生", "济", NameKind.ABBREVIATION),
        ("赴沪参展企业", "沪", NameKind.ABBREVIATION),
        ("推广皖事通办平台", "皖事通办", NameKind.ABBREVIATION),
        ("深化中柬友好合作", "中柬", NameKind.ABBREVIATION),
        ("报国家卫生健康委备案", "国家卫生健康委", NameKind.ORGANISATION),
        ("查处龙山冠美美发用品有限公司案件", "龙山冠美美发用品有限公司", NameKind.ORGANISATION),
        ("根据《中华人民共和国职业教育法》有关规定", "中华人民共和国职业教育法", NameKind.TITLE),
    ],
)
def test_recognises(text: str, name: str, kind: NameKind) -> None:
    assert (name, kind) in named(text)


@pytest.mark.parametrize(
    "text",
    [
        "金融、石油、服务等行业要加强管理、提高效率。",
        "坚持扶优、扶大、扶强",
        "党和政府关心群众",
        "应外交部长邀请，全覆盖表示重视",
        "在村里、社区里走访",
        "沿着这条路3公里，走了弯路2次",
        "整治乱占河道、侵占湖面等行为",
        "走遍大街小巷，了解山上山下的情况",
        "关系两国人民福祉",
    ],
)
def test_recognises_nothing_in_prose(text: str) -> None:
    assert not named(text)


def test_a_long_place_hides_the_short_one_inside() -> None:
    assert "津市" not in {name for name, _ in named("天津市河西区")}


def test_spans_come_from_left_to_right() -> None:
    found = spans("北京市海淀区中关村，记者 王建社 报道《条例》")
    assert found == sorted(found)
    assert found
