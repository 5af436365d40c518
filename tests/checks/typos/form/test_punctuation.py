"""Punctuation that is doubled, half-width, astray or alone, and punctuation that is right."""

from __future__ import annotations

import pytest

from checks.reading import half_width
from checks.typos import form
from checks.typos.form.rule import DOUBTFUL, LIKELY
from tests.checks.typos.form.suspected import assert_suspected


@pytest.mark.parametrize(
    ("text", "kind", "wrong", "right"),
    [
        ("加强领导，。落实责任", "doubled", "，。", "，"),
        ("加强领导。。", "doubled", "。。", "。"),
        ("甲、、乙", "doubled", "、、", "、"),
        ("联系电话：：12345", "doubled", "：：", "："),
        ("加强领导，,落实责任", "doubled", "，,", "，"),
        ("加强领导.。落实责任", "doubled", ".。", "。"),
        ("怎么办理？。", "doubled", "？。", "？"),
        ("他说：“已经办好了。”。", "doubled", "”。", "”"),
        ("附件2(加盖公章）", "mixed", "(", "（"),
        ("附件2（加盖公章)", "mixed", ")", "）"),
        ("申请材料（，原件）", "stray", "（，", "（"),
        ("申请材料（原件、复印件、）", "stray", "、）", "）"),
        ("身份证、户口簿、等。", "stray", "、等", "等"),
        ("根据《》规定", "empty", "《》", ""),
        ("坚持“创新“发展理念", "turned", "“", "”"),
        ("坚持”创新“发展理念", "turned", "”", "“"),
        ("根据《条例》,现公告如下，请遵照执行。", "half-width", ",", "，"),
        ("办理时限:五个工作日，逾期不办的可以投诉。", "half-width", ":", "："),
        ("加强领导，落实责任.", "half-width", ".", "。"),
        ("关于印发《实施办法的通知", "unpaired", "《实施办法", "《实施办法》"),
        ("各县（市、区人民政府要高度重视。", "unpaired", "（市、区", "（市、区）"),
        ("展出书画、篆刻，摄影等作品", "enumeration", "书画、篆刻，摄影", "书画、篆刻、摄影"),
        (
            "成员：刘伟民、陈晓东，孙丽华、周志远。",
            "enumeration",
            "刘伟民、陈晓东，孙丽华、周志远",
            "刘伟民、陈晓东、孙丽华、周志远",
        ),
        ("见《通知》（教基（2024）3号）的要求", "document-number", "教基（2024）3号", "教基〔2024〕3号"),
        ("关于印发实施办法》的通知", "unpaired", "实施办法》", "《实施办法》"),
        ("依照《中华人民共和国安全生产法>第二十条处理。", "half-width", ">", "》"),
        ("依照<安全生产法》第二十条处理。", "half-width", "<", "《"),
        ("申请人应当提交身份证（原件和复印件。", "unpaired", "（原件和复印件", "（原件和复印件）"),
        ("详见《技术条件》（2017）》标准。", "unpaired", "》", ""),
        ("推进“放管服改革的各项措施，优化环境。", "unpaired", "“放管服改革", "“放管服改革”"),
        ('一些“占领中环"组织发表声明。', "half-width", '"', "”"),
        ("关于“共同而有区别的责任“的问题，“双边”磋商。", "turned", "“", "”"),
        ("《根据《人才入户管理办法》，可以申请。", "unpaired", "《根据", "根据"),
        ("贷款人应当妥善保管。）", "alone", "）", ""),
        ("（（七）其他滥用职权的行为。", "unpaired", "（", ""),
        ("坚持无核化的”双轨并行”思路。", "turned", "”", "“"),
        (
            "建成图书馆、体育馆、医院，学校、道路等",
            "enumeration",
            "体育馆、医院，学校、道路",
            "体育馆、医院、学校、道路",
        ),
        (
            "涉及教育、医疗，养老、住房、就业等领域。",
            "enumeration",
            "教育、医疗，养老、住房、就业",
            "教育、医疗、养老、住房、就业",
        ),
        ("北京、天津河北、山西、内蒙古等地有小雨。", "separator", "天津河北", "天津、河北"),
        ("北京上海、广东，共三个省市。", "separator", "北京上海", "北京、上海"),
        (
            "认真贯彻《关于印发《安全生产管理办法》的通知要求。",
            "unpaired",
            "《关于印发《安全生产管理办法》的通知",
            "《关于印发《安全生产管理办法》的通知》",
        ),
        (
            "按照关于印发《管理办法》的通知》要求，认真落实。",
            "unpaired",
            "关于印发《管理办法》的通知》",
            "《关于印发《管理办法》的通知》",
        ),
        ("要坚持高质量发展，认真贯彻落 实各项部署，全力推进重点项目建设，确保完成。", "space", "落 实", "落实"),
    ],
)
def test_finds(text: str, kind: str, wrong: str, right: str) -> None:
    assert_suspected(text, kind, wrong, right)


@pytest.mark.parametrize(
    "text",
    [
        "他说：“好的……”——大家都笑了。",
        "附件2（加盖公章）、附件3(复印件)",
        "（一)总则 (二）分则",
        "（A)类（3)项",
        "（1）申请；（2）受理。",
        "将“，”改为“。”。",
        "时间10:30，比例1:2，见https://www.example.gov.cn/a,b?c=1。",
        "总投资1,000万元，增长3.5%。",
        "使用Word,Excel等软件",
        "《办法》《规定》和《细则》的通知",
        "“好差评”制度和“一网通办”平台。",
        "依照前款规定办理。”",
        "”市民李先生说，“现在办事方便多了。”",
        "通 知",
        "张 三 李 四",
        "联系人:",
        "真的吗？！太好了！！",
        "关于印发《某某管理办法",
        "站点设置1）首站：前门2）末站：北站。",
        "）还存在疑问。",
        "请阅读第三章“什么是政府信息公开？”。",
        "当前位置:首页",
        "会议指出，“要坚持高质量发展，扎实做好各项工作。",
        "他说“要坚持高质量发展，扎实做好各项工作。",
        "提供咨询、辅导，组织培训、交流等服务。",
        "鼓励技术研究、推广，保护、增殖和合理利用。",
        "山西大同、河北张家口、内蒙古乌兰察布等地。",
        "根据《关于印发《管理办法》的通知》要求，现就有关事项通知如下。",
        "论坛、研讨会、座谈会，组织宣讲、咨询、展览等",
        "共和国总统福雷?埃索齐姆纳将来访",
    ],
)
def test_leaves_alone(text: str) -> None:
    assert not [one for one in form.suspects(text) if one.kind != "repeated"]


@pytest.mark.parametrize(
    ("text", "slips", "habits"),
    [
        ("各部门要结合实际,认真抓好落实，重大问题及时报告。", 1, 0),
        ("坚持问题导向,压实责任，细化措施，明确时限，加强督查,确保实效，年底前完成。", 1, 0),
        ("加强领导,落实责任,保障安全", 0, 2),
        ("请于每周二,携带身份证,到窗口办理,不收取费用。", 0, 3),
        ("办事指南:网上申请", 0, 0),
        ("请安装 apt 软件包,然后运行它，再重启。", 0, 0),
        ("这个“ ”目录里的文件,可以删除，不影响系统。", 0, 0),
        ("总投资1,000万元，占3:5，时间10:30。", 0, 0),
        ("共和国总统福雷?埃索齐姆纳将来访，双方将会谈。", 0, 0),
    ],
)
def test_tells_a_slip_from_a_habit(text: str, slips: int, habits: int) -> None:
    assert len([one for one in form.suspects(text) if one.kind == "half-width"]) == slips
    assert len(half_width.habitual(text)) == habits


@pytest.mark.parametrize(
    "text",
    [
        "init 程序的默认路径是 ” “，但可通过内核启动参数修改。",
        "消除 ” 文件中 “ ” 的注释。",
        "匹配以“ ”开始的文件名（见下文的 ），再重启。",
    ],
)
def test_gaps_of_code_samples_explain_marks(text: str) -> None:
    assert not list(form.suspects(text))


def test_marks_that_are_turned_are_only_suspected_and_told_once_where_all_are() -> None:
    (found,) = form.suspects("坚持“创新“、“协调“、“绿色“的理念，抓好落实。")
    assert (found.kind, found.probability) == ("turned", DOUBTFUL)
    beside_a_right_pair = form.suspects("坚持“创新“和“协调“的理念，用好“开放”政策。")
    assert [one.probability for one in beside_a_right_pair] == [DOUBTFUL, DOUBTFUL]


@pytest.mark.parametrize(
    ("text", "right", "chance"),
    [
        ("根据《办法的规定，予以公布。", "《办法》", LIKELY),
        ("（注1：本表所称所得额是指收入额减除费用。", "（注1）", DOUBTFUL),
        ("依照本表按月换算后计算应纳税额。）", "", DOUBTFUL),
        ("实施条例》已经审议通过，自公布之日起施行。", "《实施条例》", DOUBTFUL),
        ("按照实施条例》的规定，予以公布。", "《实施条例》", LIKELY),
    ],
)
def test_the_other_half_of_a_mark_at_the_edge_of_a_text_may_stand_in_another(
    text: str, right: str, chance: float
) -> None:
    (found,) = form.suspects(text)
    assert (found.right, found.probability) == (right, chance)


def test_the_half_width_half_of_a_pair_is_only_suspected() -> None:
    (found,) = form.suspects('名字是“外交部12308"，你能否介绍一下？')
    assert (found.right, found.probability) == ("”", DOUBTFUL)


def test_a_turned_mark_is_not_unpaired_as_well() -> None:
    (found,) = form.suspects("中俄“国家年“的记者会，请介绍情况。")
    assert (found.kind, found.right) == ("turned", "”")
