"""Set phrases with one slip inside."""

from __future__ import annotations

import pytest

from checks.typos.lexicon.phrases import packaged_phrases


@pytest.mark.parametrize(
    ("text", "wrong", "right", "kind"),
    [
        ("弘扬社会主义核价值观", "社会主义核价值观", "社会主义核心价值观", "missing"),
        ("中华人民共共和国公民", "中华人民共共和国", "中华人民共和国", "extra"),
        ("依法追究行事责任。", "依法追究行事责任", "依法追究刑事责任", "set-phrase"),
        ("根据《中华人民共和国行政诉法》", "中华人民共和国行政诉法", "中华人民共和国行政诉讼法", "missing"),
        ("依据《优化营商环境环条例》", "优化营商环境环条例", "优化营商环境条例", "extra"),
        ("公务用车购置及运行维费", "公务用车购置及运行维费", "公务用车购置及运行维护费", "missing"),
        ("新疆维吾尔族自治区", "新疆维吾尔族自治区", "新疆维吾尔自治区", "extra"),
        ("广西状族自治区", "广西状族自治区", "广西壮族自治区", "set-phrase"),
        ("国家知识权产局发布", "国家知识权产局", "国家知识产权局", "transposed"),
        ("巩固拓展脱贫坚攻成果", "巩固拓展脱贫坚攻成果", "巩固拓展脱贫攻坚成果", "transposed"),
    ],
)
def test_finds_one_slip(text: str, wrong: str, right: str, kind: str) -> None:
    (suspect,) = packaged_phrases().suspects(text)
    assert (suspect.wrong, suspect.right, suspect.kind) == (wrong, right, kind)


@pytest.mark.parametrize(
    "text",
    [
        "社会主义核心价值观",
        "全面建设小康社会、全面建成小康社会",
        "社会主义核心价值体系",
        "住房城乡建设部、人力资源社会保障部",
        "中国特色社会主义法律体系",
        "事业单位的工作人员",
        "行业主管部门、本市行政区域内、按照相关规定",
        "《中华人民共和国水法》《中华人民共和国水土保持法》",
        "省委常委会议、国家级博物馆",
        "第十三届全国人民代表大会常务委员会",
    ],
)
def test_leaves_alone_what_clean_text_says(text: str) -> None:
    assert not list(packaged_phrases().suspects(text))
