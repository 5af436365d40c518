"""What was typed twice, and what Chinese says twice."""

from __future__ import annotations

import pytest

from checks.typos.candidate import Suspect
from checks.typos.form import repetition, stutter
from checks.typos.form.rule import DOUBTFUL
from checks.typos.form.stutter import HINT


def found(text: str) -> list[Suspect]:
    suspects = (*repetition.suspects(text), *stutter.suspects(text))
    return [suspect for suspect in suspects if suspect.probability > HINT]


@pytest.mark.parametrize(
    ("text", "wrong", "right", "sure"),
    [
        ("一般公共预算收入收入合计", "收入收入", "收入", True),
        ("现就申报申报工作通知如下", "申报申报", "申报", True),
        ("要继续进行进行整改", "进行进行", "进行", True),
        ("各单位不得不得擅自改变用途", "不得不得", "不得", True),
        ("向人民法院法院申请强制执行", "法院法院", "法院", True),
        ("市人民政府政府应当加强领导", "政府政府", "政府", True),
        ("关于开展关于开展安全检查的通知", "关于开展关于开展", "关于开展", False),
        ("坚持社会主义社会主义核心价值观，落实到位", "社会主义社会主义", "社会主义", True),
        ("进一步优化营商环境境，", "境境", "境", True),
        ("符合条件的的人员", "的的", "的", True),
        ("受理和和审查", "和和", "和", True),
        ("统筹筹安排", "筹筹", "筹", True),
        ("切实保保障供应", "保保", "保", False),
    ],
)
def test_finds(text: str, wrong: str, right: str, sure: bool) -> None:  # noqa: FBT001
    (suspect,) = found(text)
    assert (suspect.wrong, suspect.right) == (wrong, right)
    assert suspect.start == text.index(wrong)
    assert (suspect.probability > 0.65) is sure


@pytest.mark.parametrize(
    "text",
    [
        "研究研究再说，讨论讨论，大家活动活动",
        "一个一个地解决，一件一件地办，想着想着，很远很远",
        "根据根据地的经验，发展发展中国家",
        "市人民政府政府信息公开工作年度报告",
        "违反本规定规定的行为",
        "天天向上，纷纷表示，一次次、红彤彤、扎扎实实、高高兴兴",
        "财政司司长、宣传科科长",
        "基本本着，工作作风，人人有责，年年增长",
        "目的的确定、标的的交付、的的确确、参与与合作",
        "孙莉莉、王芳芳出席",
        "第二十二十三条",
        "给孩子把把脉，散散步",
        "他们维护维护她",
        "甜蜜蜜的、黑洞洞的",
        "东湖绿道二期工程PPP项目项目常务经理",
        "让他改改口，以减轻责任",
        "“十五五”时期经济社会发展，五五分成，二二〇工程，三三制",
        "学习习近平总书记重要讲话",
        "因此此项工作要抓紧",
        "开展体育育人和竞赛赛事管理，推进育繁推一体化",
        "推动地区局势缓和和稳定",
        "使中方不得不得出结论，首次面对面对话",
        "作为东道主主持会议，与与会各方会晤",
        "公交站站名和站牌",
        "日本内阁阁僚，旁遮普省省督",
        "埃塞俄比亚亚的斯亚贝巴",
        "某某医院办公家具采购采购公告",
        "以钉钉子精神抓落实，该船船体稳定",
        "外交部部领导出席",
        "实施吴淞江江苏段整治",
        "集装箱装箱作业现场检查员",
        "第二审审理期限",
        "新建、改建、扩建建（构）筑物",
        "取消侮辱国旗罪罪名",
        "聚醚醚酮产业化应用",
        "苹果手机我们也可以不用用了",
        "减收普通门诊诊查费",
    ],
)
def test_leaves_alone(text: str) -> None:
    assert not found(text)


def test_what_is_exclaimed_may_be_said_twice() -> None:
    (suspect,) = found("他谦逊地说：“不敢当不敢当！”")
    assert suspect.probability == DOUBTFUL


def test_a_noun_that_is_a_verb_as_well_leaves_doubt() -> None:
    for text in ("乘客建议建议线路延长", "使用预定义设置设置新工程。"):
        (suspect,) = found(text)
        assert suspect.probability == DOUBTFUL


def test_a_character_that_may_be_a_suffix_leaves_doubt() -> None:
    (suspect,) = found("保障农牧民工工资发放")
    assert suspect.probability == DOUBTFUL


def test_a_noun_that_goes_on_leaves_doubt() -> None:
    (suspect,) = found("保管保管物")
    assert suspect.probability == DOUBTFUL


@pytest.mark.parametrize(
    ("text", "explained"),
    [
        ("“十五五”时期", True),
        ("市市场监督管理部门", False),
        ("局势缓和和稳定", True),
        ("天天向上", True),
        ("全面面工作", False),
    ],
)
def test_tells_what_words_and_figures_explain(text: str, explained: bool) -> None:  # noqa: FBT001
    at = next(at for at in range(len(text)) if text[at] == text[at + 1])
    assert stutter.is_explained(text, at) is explained


def test_what_is_only_curious_seconds_another_layer() -> None:
    (suspect,) = stutter.suspects("深入入推进")
    assert (suspect.wrong, suspect.probability) == ("入入", HINT)
