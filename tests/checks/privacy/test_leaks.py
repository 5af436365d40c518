"""Leaks: 200 generated ones are all found and masked, 2,000 look-alikes are all left alone."""

import random
from datetime import date, timedelta

import pytest

from checks.model import Document
from checks.privacy import DocumentPrivacy, Privacy, inspect_text
from checks.privacy.personal_numbers import is_card_number, is_id_number
from tests.sites.pages import NOW, document, page_of

TODAY = date(2026, 9, 10)
URL = "https://www.example.gov.cn/a.html"
AREAS = ("110105", "310104", "440106", "510107", "330102", "420106", "610113", "230103", "530102", "650102")
NAMES = ("张伟", "王芳", "李秀英", "刘洋", "陈静", "杨磊", "欧阳修远", "赵敏", "周杰", "黄志强", "林小红", "何丽")


def id_number(draw):
    """Make an ID number that passes GB 11643: any area, born 1930–2008."""
    birth = date(1930, 1, 1) + timedelta(days=draw.randrange(28_000))
    head = f"{draw.choice(AREAS)}{birth:%Y%m%d}{draw.randrange(1, 999):03d}"
    return head + check_character(head)


def check_character(head):
    return "10X98765432"[sum(int(digit) * (2 ** (17 - place) % 11) for place, digit in enumerate(head)) % 11]


def card_number(draw):
    """Make a UnionPay number of 16 or 19 digits that passes Luhn's sum."""
    head = f"62{draw.randrange(10**12, 10**13) if draw.random() < 0.5 else draw.randrange(10**15, 10**16)}"
    return next(head + digit for digit in "0123456789" if luhn(head + digit))


def luhn(number):
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(number)))
    return sum(each // 10 + each % 10 for each in doubled) % 10 == 0


def mobile(draw):
    return f"1{draw.choice('3456789')}{draw.randrange(10**9):09d}"


ID_CONTEXTS = (
    "姓名：{name}，身份证号：{number}，住址略",
    "{name}\n男\n{number}\n低保户",
    "当事人{name}（公民身份号码{number}）",
    "序号\n姓名\n证件号码\n1\n{name}\n{number}",
    "{number}",
    "身份证编号：{number}",
    "经办人员名单：{name}/{number}",
)
PHONE_CONTEXTS = (
    "姓名：{name}，手机：{number}",
    "{name}\n女\n{number}",
    "{name} {number}",
    "{name}（{number}）",
    "联系人：{name}，电话：{number}",
    "{number}（{name}）",
    "考生{name}，手机{number}",
    "监护人{name} 手机号{number}",
    "中签人{name}，联系手机{number}",
    "被保险人：{name}/{number}",
    "低保对象{name}/男/{number}",
)
CARD_CONTEXTS = (
    "户名：{name} 银行卡号：{number}",
    "{name}\n农村信用社\n{number}\n1200.00",
    "一卡通账号 {number}",
    "{name} {number}",
    "{name}/建设银行/{number}",
)


def positives():
    draw = random.Random(2026)
    makers = (("leaked-id-number", id_number, ID_CONTEXTS, 90), ("leaked-phone", mobile, PHONE_CONTEXTS, 60))
    for rule, make, contexts, count in (*makers, ("leaked-bank-card", card_number, CARD_CONTEXTS, 50)):
        for at in range(count):
            number = make(draw)
            yield rule, number, contexts[at % len(contexts)].format(name=draw.choice(NAMES), number=number)


POSITIVES = list(positives())


def test_there_are_two_hundred_leaks():
    assert len({text for _, _, text in POSITIVES}) == 200


@pytest.mark.parametrize(("rule", "number", "text"), POSITIVES, ids=range(len(POSITIVES)))
def test_every_leak_is_found_and_masked(rule, number, text):
    (finding,) = inspect_text(f"前文。\n{text}\n后文。", URL, TODAY)
    assert finding.rule.id == rule
    shown = f"{finding.evidence}{finding.params}{finding.text}{finding.rule.say(finding, 'zh-CN')}{finding.key}"
    assert number not in shown
    assert number[:3] in finding.params["masked"]
    assert "*" * 4 in finding.params["masked"]


def wrong_check(draw):
    number = id_number(draw)
    return number[:17] + draw.choice([mark for mark in "0123456789X" if mark != number[17]])


def wrong_luhn(draw):
    number = card_number(draw)
    return number[:-1] + str((int(number[-1]) + draw.randrange(1, 9)) % 10)


def credit_code(draw):
    """Make a unified social credit code in the shape of GB 32100, digits only half of the time."""
    organ = "".join(draw.choice("0123456789" if draw.random() < 0.9 else "ABCDEFGHJK") for _ in range(9))
    return f"{draw.choice(('91', '11', '12', '51'))}{draw.choice(AREAS)}{organ}{draw.choice('0123456789X')}"


LOOKALIKES = (
    lambda draw: f"订单号：{draw.choice((id_number, card_number, mobile))(draw)}",
    lambda draw: f"2026{draw.randrange(1, 13):02d}{draw.randrange(1, 29):02d}{draw.randrange(10**10):010d}",
    lambda draw: f"受理编号 {draw.randrange(10**17, 10**18)}",
    lambda draw: f"粤府办〔2026〕{draw.randrange(1, 999)}号",
    lambda draw: f"索引号：{draw.randrange(10**8, 10**9)}/2026-{draw.randrange(10**5):05d}",
    lambda draw: f"{draw.choice(NAMES)} 联系电话：0{draw.randrange(10, 999)}-{draw.randrange(10**7, 10**8)}",
    lambda draw: f"{draw.choice(NAMES)}，电话 0{draw.randrange(100, 999)}{draw.randrange(10**6, 10**7)}",
    lambda draw: f"值班{draw.choice(('电话', '手机'))}：{mobile(draw)}",
    lambda draw: f"举报热线 {mobile(draw)}",
    lambda draw: f"技术支持：某公司 {mobile(draw)} 粤ICP备12345678号",
    lambda draw: f"统一社会信用代码：{credit_code(draw)}",
    lambda draw: f"某某有限公司 {credit_code(draw)}",
    lambda draw: f"账号：{draw.choice(('6222', '6217', '6228'))} **** **** {draw.randrange(10**4):04d}",
    lambda draw: f"银行账号 {draw.choice('12345789')}{draw.randrange(10**16, 10**17)}",
    lambda draw: (
        "卡号示例：" + draw.choice(("6222000000000000", "6222 0000 0000 0000", "6212345678901234567", "62XX XXXX XXXX"))
    ),
    lambda draw: f"身份证号示例：{wrong_check(draw)}",
    lambda draw: f"{id_number(draw)[:6]}********{id_number(draw)[-4:]}",
    lambda draw: f"{draw.choice(NAMES)} {mobile(draw)[:3]}****{draw.randrange(10**4):04d}",
    lambda draw: f"卡号 {wrong_luhn(draw)}",
    lambda draw: f"https://www.example.gov.cn/art/{id_number(draw)}.html?id={mobile(draw)}",
    lambda draw: f"项目代码：2026-{draw.choice(AREAS)}-{draw.randrange(10, 99)}-01-{draw.randrange(10**6):06d}",
    lambda draw: f"金额 {draw.randrange(10**11, 10**12)}.{draw.randrange(10**6):06d} 元",
    lambda draw: f"公安备案 粤公网安备 {draw.choice(AREAS)}{draw.randrange(10**8):08d}号",
    lambda draw: f"标识码：{draw.choice(AREAS)}{draw.randrange(10**4):04d}",
    lambda draw: f"快递单号 {mobile(draw)}",
    lambda draw: f"总投资 {mobile(draw)} 元",
    lambda draw: f"邮编 510000 传真 {mobile(draw)}",
    lambda draw: f"ISBN {draw.choice(('978', '979'))}{draw.randrange(10**10):010d}",
    lambda draw: f"条形码 69{draw.randrange(10**11):011d}",
    lambda draw: f"坐标 113.{draw.randrange(10**14):014d}",
)


def lookalikes():
    draw = random.Random(2027)
    return list(dict.fromkeys(LOOKALIKES[at % len(LOOKALIKES)](draw) for at in range(3_600)))[:2_000]


def test_two_thousand_lookalikes_are_left_alone():
    texts = lookalikes()
    assert len(texts) == 2_000
    reported = [text for text in texts if list(inspect_text(f"前文。\n{text}\n后文。", URL, TODAY))]
    assert reported == []


def test_a_table_of_people_is_one_finding_a_rule():
    draw = random.Random(1)
    rows = "\n".join(f"{name}\n{id_number(draw)}\n{mobile(draw)}" for name in NAMES[:6])
    found = {finding.rule.id: finding.params["count"] for finding in inspect_text(rows, URL, TODAY)}
    assert found == {"leaked-id-number": 6, "leaked-phone": 6}


def test_other_numbers_in_the_quotation_are_masked_too():
    draw = random.Random(1)
    number, phone = id_number(draw), mobile(draw)
    for finding in inspect_text(f"{NAMES[0]} {number} {phone}", URL, TODAY):
        assert number not in finding.evidence + str(finding.text)
        assert phone not in finding.evidence + str(finding.text)


SPELLINGS = {
    "11010519491231002X": True,
    "11010519491231002x": True,
    "110105 1949 1231 002X": True,
    "110105-19491231-002X": True,
    "１１０１０５１９４９１２３１００２Ｘ": True,
    "110105194912310021": False,
    "990105194912310028": False,
    "A11010519491231002X": False,
    "11010519491231002X1": False,
}


@pytest.mark.parametrize(("number", "leaks"), SPELLINGS.items())
def test_spellings_of_an_id_number(number, leaks):
    assert bool(list(inspect_text(f"证件：{number}。", URL, TODAY))) is leaks


def test_the_proofs():
    assert is_id_number("11010519491231002X", TODAY)
    assert not is_id_number("11010519491331002X", TODAY)
    assert not is_id_number("110105202712310022", TODAY)
    assert is_card_number("6217003810026896707") is luhn("6217003810026896707")
    assert not is_card_number("4111111111111111"), "no Chinese bank issues it"
    assert not is_card_number("6200000000000005"), "a filler that passes Luhn's sum"


MOBILES = {
    "张伟 13812341234": True,
    "张伟：138-1234-1234": True,
    "张伟 138 1234 1234": True,
    "联系人：张伟 +86 13812341234": True,
    "张先生 13812341234": True,
    "李主任，13812341234": True,
    "张伟 １３８１２３４１２３４": True,
    "张伟电话13812341234": True,
    "张伟的联系方式:138 1234 1234": True,
    "张 伟 13812341234": True,
    "买买提·吐尔逊 13812341234": True,
    "手机号码为13812341234的机主刘强": True,
    "单位电话13812341234": False,
    "联系方 式 13812341234": False,
    "咨询电话：13812341234": False,
    "办公室 13812341234": False,
    "高新区 13812341234": False,
    "安徽 13812341234": False,
    "张伟 12812341234": False,
    "张伟 138123412345": False,
    "13812341234": False,
}


@pytest.mark.parametrize(("text", "leaks"), MOBILES.items())
def test_a_mobile_is_a_leak_beside_a_name(text, leaks):
    assert bool(list(inspect_text(text, URL, TODAY))) is leaks


MARKS = {
    "秘密★10年": "secret",
    "机密★": "secret",
    "绝密 ★ 长期": "secret",
    "秘密★1年\n某办发〔2026〕1号": "secret",
    "内部文件": "internal",
    "【内部资料】": "internal",
    "内部资料，注意保存": "internal",
    "（内部掌握，不得公开）": "internal",
    "内部情况通报，不得转载": "internal",
    "此件不宜公开": "internal",
    "内部资料，注意保存，不得外传": "internal",
    "内部文件 请妥善保管，严禁复制、禁止外传。": "internal",
    "内部使用，阅后销毁": "internal",
    "内部文件　不予公开": "internal",
    "（此件不公开）": "internal",
    "此件不予公开": "internal",
    "公开方式：不予公开": "internal",
    "仅供内部使用，严禁外传": "internal",
    "密级：机密": "secret",
    "密级:秘密★1年": "secret",
    "密级：绝密、机密、秘密": None,
    "商业秘密★保护指南": None,
    "（此件公开发布）": None,
    "（三）不予公开": None,
    "1.属于国家秘密的，不予公开。": None,
    "内部文件管理办法": None,
    "关于印发内部文件的通知": None,
    "应当标注“机密★30年”字样": None,
    "公开方式：主动公开": None,
    "公开方式：主动公开、依申请公开、不予公开": None,
    "五星级饭店 ★★★★★": None,
    "商业秘密不受侵犯": None,
}


@pytest.mark.parametrize(("text", "variant"), MARKS.items())
def test_a_mark_stands_by_itself(text, variant):
    found = [finding.variant for finding in inspect_text(f"标题\n{text}\n正文", URL, TODAY)]
    assert found == ([variant] if variant else [])


def test_pages_and_attachments_are_read_alike():
    page = page_of(document("<table><tr><td>张伟</td><td>11010519491231002X</td></tr></table>"), url=URL)
    attachment = Document(URL, "张伟\t11010519491231002X", NOW)
    (on_page,), (in_file,) = Privacy().inspect(page), DocumentPrivacy().inspect(attachment)
    assert (on_page.rule, on_page.params) == (in_file.rule, in_file.params)


@pytest.mark.parametrize("role", ["贫困户", "低保户", "慰问对象", "租户", "被继承人"])
def test_what_people_are_called_before_their_names_is_known(role):
    text = f"{role}张某某 {mobile(random.Random(5))}"
    assert [finding.rule.id for finding in inspect_text(text, URL, TODAY)] == ["leaked-phone"]


def test_the_account_of_an_office_is_there_to_be_paid_into():
    number = card_number(random.Random(5))
    for own in (f"缴款账号：{number}　户名：某县财政局", f"单位名称：某某技工学校\n银行账号：{number}"):
        assert list(inspect_text(own, URL, TODAY)) == []
    person = f"户名：张某某　账号：{number}"
    assert [finding.rule.id for finding in inspect_text(person, URL, TODAY)] == ["leaked-bank-card"]
