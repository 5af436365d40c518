"""Which word is wrong beside what stands here, though both are words: its company decides."""

from __future__ import annotations

import pytest

from checks.typos.lexicon.collocations import Collocation, hits, packaged_collocations


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("台风“海葵”登录福建沿海", "登陆"),
        ("“海葵”登录浙江沿海", "登陆"),
        ("点击“积分服务”登录“人员管理信息系统”申报", ""),
        ("申请人登陆政务服务网办理", "登录"),
        ("部队在海岛登陆作战", ""),
        ("登录系统后填写信息", ""),
        ("向公证处申请保全公正", "公证"),
        ("依法公正处理案件", ""),
        ("申请人必需提交以下材料", "必须"),
        ("为生活所必需，不得扣减", ""),
        ("发放生活必须品", "必需"),
        ("群众反应的问题已经解决", "反映"),
        ("群众反应强烈的问题", ""),
        ("接种后出现不良反应的情况", ""),
        ("现发布招聘启示如下", "启事"),
        ("这一经验给我们的启示", ""),
        ("您所质询的问题已答复", "咨询"),
        ("人大代表有权提出质询", ""),
        ("名单公式期为五个工作日", "公示"),
        ("计算公式如下", ""),
        ("不服判决的，可以提起上述。", "上诉"),
        ("提出上述要求", ""),
        ("加快转变政府只能，", "职能"),
        ("本人只能申请一次", ""),
        ("克服侥幸心里。", "心理"),
        ("他心里很高兴", ""),
        ("发放创业担保货款", "贷款"),
        ("支付担保货款结算费用", ""),
        ("子女对父母的抚养义务", "赡养"),
        ("父母对子女的抚养义务", ""),
        ("有法定赡养义务的成年子女", ""),
        ("父母赡养未成年子女", "抚养"),
        ("公民权力的保障", "权利"),
        ("国家权力机关", ""),
        ("维护消费者合法权力。", "权利"),
        ("权力运行制约和监督体系", ""),
        ("防止过渡开发", "过度"),
        ("过渡安置费", ""),
        ("办理过度安置手续", "过渡"),
        ("当前安全生产形式严峻", "形势"),
        ("多种形式的活动", ""),
        ("是否复合申请条件", "符合"),
        ("复合材料", ""),
    ],
)
def test_company_tells_which_of_two_words_is_meant(text: str, found: str) -> None:
    assert {each.right for _, each in hits(text, packaged_collocations())} == ({found} if found else set())


def test_company_is_looked_for_within_a_line() -> None:
    assert not list(hits("台风\n登录", packaged_collocations()))
    assert list(hits("台风登录\n", packaged_collocations()))


def test_a_line_with_other_columns_is_refused() -> None:
    with pytest.raises(ValueError, match="unpack"):
        Collocation.of("登录\t登陆\t台风")
