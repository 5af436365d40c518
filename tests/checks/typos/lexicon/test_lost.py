"""What is left of a usual wording when a character is lost or two change places."""

from __future__ import annotations

import pytest

from checks.typos.candidate import Suspect
from checks.typos.lexicon.boundaries import packaged_words
from checks.typos.lexicon.character_runs import codes_of
from checks.typos.lexicon.pairs import packaged_mined


def found(text: str) -> list[Suspect]:
    return list(packaged_mined().suspects(text, codes_of(text), packaged_words(), bytearray(len(text))))


@pytest.mark.parametrize(
    ("text", "wrong", "right", "kind"),
    [
        ("维护人民群的利益", "人民群的", "人民群众的", "missing"),
        ("依法承担法律责。", "法律责。", "法律责任。", "missing"),
        ("需要的相材料", "相材料", "相关材料", "missing"),
        ("高度视重安全生产", "高度视重", "高度重视", "transposed"),
        ("需要的关相材料", "关相材料", "相关材料", "transposed"),
        ("国家统局发布数据", "国家统局", "国家统计局", "missing"),
        ("万国邮政盟的文件", "万国邮政盟", "万国邮政联盟", "missing"),
        ("推动科技果成转化", "科技果成转化", "科技成果转化", "transposed"),
        ("加强多边义和联合国作用", "多边义", "多边主义", "missing"),
        ("做好疾病防控制工作", "疾病防控制", "疾病预防控制", "missing"),
        ("现代化产业体，加快发展", "产业体，", "产业体系，", "missing"),
    ],
)
def test_finds(text: str, wrong: str, right: str, kind: str) -> None:
    assert (wrong, right, kind) in {(suspect.wrong, suspect.right, suspect.kind) for suspect in found(text)}


@pytest.mark.parametrize(
    "text",
    [
        "维护人民群众的利益",
        "依法承担法律责任。",
        "提交相关材料",
        "涉农部门、新型数字视盘、轻轨交通",
        "毕业就业",
        "人民政府令",
        "听取李强总理作的报告",
        "王瑞部长会见来宾",
    ],
)
def test_leaves_alone(text: str) -> None:
    assert not [suspect for suspect in found(text) if suspect.probability >= 0.5]
