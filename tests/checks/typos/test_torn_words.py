"""What torn words prove: a stray character in a word, a look-alike that the language model never asks for."""

from __future__ import annotations

import pytest

from checks.typos import Typos
from checks.typos.candidate import LOOK_ALIKE, Basis, Suspect, Usage
from checks.typos.weighing import Setting, chance_of, groups

CONFIRMED, SUSPECTED = Typos().confirmed, Typos().suspected


def tier(text: str, suspect: Suspect) -> str:
    """Return the tier of the only change that is suspected."""
    (group,) = groups(text, [suspect])
    chance = chance_of(Setting(text), group, model_read=True)
    if chance >= CONFIRMED:
        return "confirmed"
    return "suspected" if chance >= SUSPECTED else ""


@pytest.mark.parametrize(
    ("text", "edit", "kind", "model", "usage", "expected"),
    [
        ("美方与巴方面展开进一步棠判，有关工作", ("棠", "谈"), "near-homophone", 0.967, Usage.UNKNOWN, "suspected"),
        ("美方与巴方面展开进一步棠判，有关工作", ("棠", "谈"), "near-homophone", 0.94, Usage.UNKNOWN, ""),
        ("两国传统友谊深对厚，双方愿加强合作", ("对", ""), "extra", 0.955, Usage.UNKNOWN, "suspected"),
        ("从区外进入的客商位于东区", ("商", "人"), "shape", 0.955, Usage.UNKNOWN, ""),
        ("代表们投了票，随后休会，次日继续开会", ("了", ""), "extra", 0.998, Usage.USUAL, "suspected"),
        ("中国驻澳大利一亚大使在采访中说", ("一", ""), "extra", 0.99, Usage.USUAL, "confirmed"),
        ("全市统一部署，各区抓好落实", ("一", ""), "extra", 0.99, Usage.USUAL, ""),
        ("金砖机制的成长有起有伏，各国面临挑战", ("有伏", "伏"), "extra", 0.868, Usage.USUAL, ""),
        ("关于南海问题，中在方在南海的权益", ("在方", "方"), "extra", 0.99, Usage.USUAL, "confirmed"),
        ("国家标准，初检机构为省食检院。", ("检院", "检察院"), "missing", 0.954, Usage.USUAL, ""),
        ("国家标准，起诉机关为人民检院。", ("检院", "检察院"), "missing", 0.954, Usage.USUAL, "confirmed"),
    ],
)
def test_less_of_the_language_model_will_do_where_a_word_is_torn(  # noqa: PLR0913, PLR0917
    text: str, edit: tuple[str, str], kind: str, model: float, usage: Usage, expected: str
) -> None:
    wrong, right = edit
    assert tier(text, Suspect(text.index(wrong), wrong, right, "language-model", kind, model, usage=usage)) == expected


@pytest.mark.parametrize(
    ("text", "edit", "kind", "basis", "expected"),
    [
        ("中方对此表祭强烈不满和坚决反对", ("表祭", "表示"), "shape", Basis.MINED, "confirmed"),
        ("三场专家视频连线交慌，双方认为", ("交慌", "交流"), "shape", Basis.MINED, "suspected"),
        ("花蕾清香俏丽，尤具鲜活滋润之情", ("尤具", "尤其"), "shape", Basis.MINED, ""),
        ("在心脏听诊区闻及金属瓣开闭音", ("瓣开", "避开"), "homophone", Basis.MINED, ""),
        ("要以踔励奋发的姿态投入新征程", ("踔励奋发", "踔厉奋发"), "homophone", Basis.REVIEWED, "suspected"),
        ("按照整体设计、分布实施的原则", ("分布实施", "分步实施"), "homophone", Basis.REVIEWED, "suspected"),
        ("获奖个人发出倡仪书，强调质量", ("倡仪书", "倡议书"), "homophone", Basis.REVIEWED, ""),
        ("成交日期以合同为准，请妥善保管", ("成交日期", "成文日期"), "shape", Basis.REVIEWED, ""),
    ],
)
def test_a_list_and_the_words_agree_on_what_the_language_model_never_asks_for(
    text: str, edit: tuple[str, str], kind: str, basis: Basis, expected: str
) -> None:
    wrong, right = edit
    assert tier(text, Suspect(text.index(wrong), wrong, right, LOOK_ALIKE, kind, 0.9, basis=basis)) == expected


@pytest.mark.parametrize(
    ("text", "edit", "kind"),
    [
        ("所持未上市非银机构股权合计超过一半", ("银机", "银行机"), "missing"),
        ("要认清时势，把握大局，奋发有为", ("时势", "事实"), "homophone"),
        ("按照规划要求预留地下管线管位；", ("位", "理"), "homophone"),
        ("关于西安市中心医院主院区保洁项目的公告", ("主", "住"), "homophone"),
    ],
)
def test_words_of_today_and_of_trades_are_no_slips(text: str, edit: tuple[str, str], kind: str) -> None:
    wrong, right = edit
    at = text.rindex(wrong)
    assert not tier(text, Suspect(at, wrong, right, "language-model", kind, 0.999, usage=Usage.MET))


def test_such_a_wording_that_the_text_has_again_is_meant() -> None:
    text = "表祭仪式之后，中方对此表祭强烈不满"
    assert not tier(text, Suspect(10, "表祭", "表示", LOOK_ALIKE, "shape", 0.9, basis=Basis.MINED))


def test_what_stands_twice_is_not_written_again_by_the_right_wording() -> None:
    setting = Setting("继续维护全面面协议，全面协议对各方有利")
    assert not setting.is_written_again((7, "面", ""))
    assert Setting("大熊猫面面面世，面面面世引人关注").is_written_again((5, "面", ""))
