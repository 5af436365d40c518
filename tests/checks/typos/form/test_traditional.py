"""Traditional characters in simplified text."""

from __future__ import annotations

import pytest

from checks.typos.form.rule import DOUBTFUL, LIKELY
from checks.typos.form.traditional import suspects
from checks.typos.masks import is_foreign


@pytest.mark.parametrize(
    ("text", "wrong", "right", "chance"),
    [
        ("进一步加強领导，落实责任。", "強", "强", LIKELY),
        ("构建合作共贏的新型国际关系。", "贏", "赢", LIKELY),
        ("关于组织开展书法展覽的通知", "覽", "览", DOUBTFUL),
        ("现将有关事项通知如下，请認眞执行，并报送结果。", "認眞", "认真", LIKELY),
        ("各镇街要切实履行属地责仼，加强隐患排查。", "仼", "任", LIKELY),
        ("加快转型升级、提质増效的步伐，确保取得实效。", "増", "增", LIKELY),
        ("据《聯合报》报道，双方就此进行了沟通。", "聯", "联", DOUBTFUL),
        ("办公室主任李強指出，各单位要认真落实责任。", "強", "强", DOUBTFUL),
    ],
)
def test_what_simplified_writing_has_no_use_for_is_found(text: str, wrong: str, right: str, chance: float) -> None:
    assert not is_foreign(text)
    assert [(each.wrong, each.right, each.probability) for each in suspects(text)] == [(wrong, right, chance)]


@pytest.mark.parametrize(
    "text",
    [
        "各區人民政府，市政府各部門：現將有關事項通知如下。",
        "電子政務",
        "新聞",
        "繁體",
        "繁體｜English｜无障碍阅读｜关怀版｜网站支持IPv6",
        "请选择语言：简体中文、繁體中文，正體字版，或英文。",
        "昇腾生态适配中心和濛溪河遗址",
        "三塚博今天辞去了大藏大臣职务",
        "著作权、乾隆、慰藉和瞭望",
    ],
)
def test_traditional_text_and_names_are_left_alone(text: str) -> None:
    assert list(suspects(text)) == []


@pytest.mark.parametrize("text", ["本站新開通网上办事大厅，请各单位认真组织实施。", "加強领导，转变作风"])
def test_a_text_with_such_a_slip_is_still_read(text: str) -> None:
    assert not is_foreign(text)
